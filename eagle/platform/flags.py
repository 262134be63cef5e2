"""`tf.flags` and `tf.app`: absl's flags, parsed when one is first read, and `tf.app.run`."""

import errno
import sys

from absl import flags as absl_flags
from absl.app import run as absl_run

from ..core.export import export
from .tf_logging import get_logger


class _FlagValues:
    """absl's `FLAGS`, which parses the command line on the first reading of a flag; unknown flags are left alone."""

    def __init__(self, flags):
        self.__dict__["__wrapped"] = flags

    def __getattribute__(self, name):
        if name == "__dict__":
            return super().__getattribute__(name)
        return self.__dict__["__wrapped"].__getattribute__(name)

    def __getattr__(self, name):
        wrapped = self.__dict__["__wrapped"]
        if not wrapped.is_parsed():
            wrapped(sys.argv, known_only=True)
        return wrapped.__getattr__(name)

    def __setattr__(self, name, value):
        return self.__dict__["__wrapped"].__setattr__(name, value)

    def __delattr__(self, name):
        return self.__dict__["__wrapped"].__delattr__(name)

    def __dir__(self):
        return self.__dict__["__wrapped"].__dir__()

    def __getitem__(self, name):
        return self.__dict__["__wrapped"].__getitem__(name)

    def __setitem__(self, name, flag):
        return self.__dict__["__wrapped"].__setitem__(name, flag)

    def __len__(self):
        return self.__dict__["__wrapped"].__len__()

    def __iter__(self):
        return self.__dict__["__wrapped"].__iter__()

    def __contains__(self, name):
        return name in self.__dict__["__wrapped"]

    def __str__(self):
        return self.__dict__["__wrapped"].__str__()

    def __call__(self, *args, **kwargs):
        return self.__dict__["__wrapped"].__call__(*args, **kwargs)


FLAGS = _FlagValues(absl_flags.FLAGS)

# Functions that TensorFlow lets be called with its own old keyword names, old -> absl's.
_OLD_KEYWORDS = {"flag_name": "name", "default_value": "default", "docstring": "help"}


def _with_old_keywords(define):
    def wrapper(*args, **kwargs):
        if _OLD_KEYWORDS.keys() & kwargs.keys():
            kwargs = {_OLD_KEYWORDS.get(k, k): v for k, v in kwargs.items()}
        return define(*args, **kwargs)

    wrapper.__name__, wrapper.__doc__ = define.__name__, define.__doc__
    return wrapper


def _publish():
    """Exports what absl's module has, under `tf.flags` and `tf.app.flags`."""
    wrapped = {"DEFINE_bool", "DEFINE_boolean", "DEFINE_float", "DEFINE_integer", "DEFINE_string"}
    for name in dir(absl_flags):
        if name.startswith("_") or name in ("FLAGS", "tf_decorator"):
            continue
        thing = getattr(absl_flags, name)
        if getattr(thing, "__module__", "").startswith("absl") or name.startswith(("DEFINE", "Unparsed")):
            thing = _with_old_keywords(thing) if name in wrapped else thing
            export("flags." + name, "app.flags." + name, "python.platform.flags." + name)(thing)
    export("flags.FLAGS", "app.flags.FLAGS", "python.platform.flags.FLAGS")(FLAGS)


absl_flags.disclaim_key_flags()  # flags are those of the module that calls these functions: `--help` tells the program's
_publish()


@export("app.run", "python.platform.app.run")
def run(main=None, argv=None):
    """Runs a program: parses flags and calls `main(argv)`; ends the process.

    Args:
      main: the function; by default `main` of the main module.
      argv: the command line; by default `sys.argv`.
    """
    main = main or sys.modules["__main__"].main
    get_logger()  # absl is about to give the root logger a handler, which is not to write TensorFlow's lines
    absl_run(main=main, argv=argv, flags_parser=_parse_known)


def _parse_known(argv):
    """Parses the flags that are defined and leaves the rest to the program."""
    try:
        return absl_flags.FLAGS(argv if argv is not None else sys.argv, known_only=True)
    except absl_flags.Error as e:
        sys.stderr.write("FATAL Flags parsing error: %s\nPass --helpshort or --helpfull to see help on flags.\n" % e)
        sys.exit(errno.EPERM)
