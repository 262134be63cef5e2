"""The commands: `eagle run SCRIPT [ARGS]`, `eagle run -m MODULE [ARGS]`, `eagle check PATH...`; `python -m eagle` is the same."""

import argparse
import os
import runpy
import sys

from . import alias, check, dropped, generated, scipy_misc


def main(argv=None):
    """The entry point of the command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="eagle", description="Runs TensorFlow 1.x programs.")
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="run a program that says `import tensorflow`")
    run.add_argument("-m", dest="module", action="store_true", help="SCRIPT is the name of a module")
    run.add_argument("script", metavar="SCRIPT", help="the program's file, or with -m its module")
    run.add_argument("args", metavar="ARGS", nargs=argparse.REMAINDER, help="the program's arguments")
    check_command = commands.add_parser("check", help="tell which of TensorFlow's names programs use that Eagle lacks")
    check_command.add_argument("paths", metavar="PATH", nargs="+", help="a Python file, or a folder of them")
    check_command.add_argument("--json", action="store_true", help="print all names and lines as JSON")
    options = parser.parse_args(argv)
    if options.command == "check":
        try:
            return check.run(options.paths, options.json)
        except FileNotFoundError as e:
            parser.error(str(e))
    return _run(options, parser)


def _run(options, parser):
    alias.install()
    dropped.give_back()
    generated.install()
    scipy_misc.install()
    sys.argv = [options.script] + options.args
    if options.module:
        sys.path.insert(0, os.getcwd())
        runpy.run_module(options.script, run_name="__main__", alter_sys=True)
        return 0
    if not os.path.exists(options.script):
        parser.error("no such file: %s" % options.script)
    sys.path[0] = os.path.dirname(os.path.abspath(options.script))
    runpy.run_path(options.script, run_name="__main__")
    return 0
