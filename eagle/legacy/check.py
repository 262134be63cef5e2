"""`eagle check`: which of TensorFlow's names programs use, and which of them Eagle has; the programs are read, not run."""

import ast
import collections
import json
import os
import sys
import warnings

from . import lookup

_ROOTS = ("tensorflow", "tensorflow_core")


class _Names(ast.NodeVisitor):
    """Collects the dotted names below `tensorflow.` that a module uses.

    Attributes:
      used: dotted name -> the lines where it stands.
      bound: Python name -> the dotted name that it stands for ("" for tensorflow itself).
    """

    def __init__(self):
        self.used = collections.defaultdict(list)
        self.bound = {}

    def visit_Import(self, node):
        for alias in node.names:
            top, _, rest = alias.name.partition(".")
            if top in _ROOTS:
                if rest:
                    self.used[rest].append(node.lineno)
                self.bound[alias.asname or top] = rest if alias.asname else ""

    def visit_ImportFrom(self, node):
        top, _, rest = (node.module or "").partition(".")
        if node.level or top not in _ROOTS:
            return
        for alias in node.names:
            if alias.name == "*":
                if rest:
                    self.used[rest].append(node.lineno)
                continue
            dotted = "%s.%s" % (rest, alias.name) if rest else alias.name
            if top != "tensorflow" or alias.name != "__future__":
                self.used[dotted].append(node.lineno)
                self.bound[alias.asname or alias.name] = dotted

    def visit_Assign(self, node):
        """`slim = tf.contrib.slim` makes `slim` stand for it."""
        dotted = self._dotted(node.value)
        if dotted and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
            self.bound.setdefault(node.targets[0].id, dotted)
        self.generic_visit(node)

    def visit_Attribute(self, node):
        dotted = self._dotted(node)
        if dotted is None:
            self.generic_visit(node)
        elif dotted:
            self.used[dotted].append(node.lineno)

    def _dotted(self, node):
        """The dotted name that an expression is, "" for tensorflow itself; None if it is none."""
        parts = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name) or node.id not in self.bound:
            return None
        start = self.bound[node.id]
        return ".".join(([start] if start else []) + parts[::-1])


def names_in(source):
    """The dotted names below `tensorflow.` that a program uses: name -> its lines in order.

    Raises:
      SyntaxError: it is no Python 3.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # invalid escapes in the program's strings
        tree = ast.parse(source)
    names = _Names()
    for node in ast.walk(tree):  # imports come first, wherever they stand
        if isinstance(node, ast.Import | ast.ImportFrom):
            names.visit(node)
    names.used.clear()
    names.visit(tree)
    return {name: sorted(set(lines)) for name, lines in sorted(names.used.items())}


def python_files(paths):
    """The Python files among paths and below those that are folders, in order.

    Raises:
      FileNotFoundError: a path does not exist.
    """
    found = []
    for path in paths:
        if os.path.isdir(path):
            for folder, folders, files in os.walk(path):
                folders[:] = sorted(f for f in folders if not f.startswith("."))
                found += [os.path.join(folder, f) for f in sorted(files) if f.endswith(".py")]
        elif os.path.exists(path):
            found.append(path)
        else:
            raise FileNotFoundError("no such file: %s" % path)
    return found


class _Progress:
    """A line on the terminal that tells how far the check is; nothing if standard error is no terminal."""

    def __init__(self, total):
        self._total = total
        self._shown = sys.stderr.isatty()

    def show(self, done, path):
        if self._shown:
            width = os.get_terminal_size(sys.stderr.fileno()).columns - 1
            sys.stderr.write("\r\x1b[K" + ("%d/%d %s" % (done, self._total, path))[:width])
            sys.stderr.flush()

    def clear(self):
        if self._shown:
            sys.stderr.write("\r\x1b[K")


def check(paths):
    """Reads programs.

    Args:
      paths: files and folders.

    Returns:
      A list with a dict for each file that uses TensorFlow or can't be read: `file`, and either `error`, or `present` and
      `missing`, dicts from names (`tf.nn.relu`) to lines.
    """
    files = python_files(paths)
    progress, known, reports = _Progress(len(files)), {}, []
    for i, path in enumerate(files, 1):
        progress.show(i, path)
        try:
            with open(path, "rb") as f:
                names = names_in(f.read())
        except (SyntaxError, ValueError, RecursionError) as e:
            reports.append({"file": path, "error": "line %s: %s" % (getattr(e, "lineno", "?"), getattr(e, "msg", e))})
            continue
        if names:
            report = {"file": path, "present": {}, "missing": {}}
            for name, lines in names.items():
                if name not in known:
                    known[name] = lookup.has(name)
                report["present" if known[name] else "missing"]["tf." + name] = lines
            reports.append(report)
    progress.clear()
    return reports


def totals(reports):
    """What all files together use: the numbers of files and names, and the missing ones with the number of their files."""
    present, missing = set(), collections.Counter()
    for report in reports:
        present.update(report.get("present", ()))
        missing.update(report.get("missing", {}).keys())
    return {
        "files": len(reports),
        "unreadable": sum("error" in r for r in reports),
        "names": len(present) + len(missing),
        "present": len(present),
        "missing": dict(sorted(missing.items(), key=lambda item: (-item[1], item[0]))),
    }


def _print_text(reports, total, write):
    for report in reports:
        if "error" in report:
            write("%s: can't be read: %s\n" % (report["file"], report["error"]))
            continue
        names = len(report["present"]) + len(report["missing"])
        write("%s: %d names, %d missing\n" % (report["file"], names, len(report["missing"])))
        for name, lines in report["missing"].items():
            shown = ", ".join(map(str, lines[:10])) + (", ..." if len(lines) > 10 else "")
            write("  %s  (line %s)\n" % (name, shown))
    write("total: %(files)d files, %(names)d names, %(present)d there, " % total + "%d missing\n" % len(total["missing"]))
    if len(reports) > 1:
        for name, count in total["missing"].items():
            write("  %s  (%d file%s)\n" % (name, count, "s" * (count > 1)))


def run(paths, as_json=False):
    """The command `eagle check`; returns the exit status, 1 if names are missing, 2 if a file can't be read, else 0."""
    reports = check(paths)
    total = totals(reports)
    if as_json:
        json.dump({"files": reports, "total": total}, sys.stdout, indent=2)
        sys.stdout.write("\n")
    else:
        _print_text(reports, total, sys.stdout.write)
    return 1 if total["missing"] else 2 if total["unreadable"] else 0
