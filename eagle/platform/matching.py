"""Files by patterns with `*`, `?` and `[...]`, as TensorFlow finds them: from the folder that the pattern begins with on."""

import os
import re

_SPECIAL = re.compile(r"[*?\[\\]")


def _component(pattern):
    """One component of a pattern as a regular expression."""
    out, at = "", 0
    while at < len(pattern):
        c = pattern[at]
        at += 1
        if c == "*":
            out += ".*"
        elif c == "?":
            out += "."
        elif c == "\\" and at < len(pattern):
            out += re.escape(pattern[at])
            at += 1
        elif c == "[" and "]" in pattern[at + 1 + pattern.startswith(("!", "^"), at) :]:
            begin = at + pattern.startswith(("!", "^"), at)
            end = pattern.index("]", begin + 1)
            inside = pattern[begin:end].replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]").replace("^", "\\^")
            out += "[%s%s]" % ("^" if begin > at else "", inside)
            at = end + 1
        else:
            out += re.escape(c)
    return re.compile(out, re.S)


def matching_paths(pattern):
    """The paths that match a pattern, sorted.

    Raises:
      OSError: the folder that the pattern begins with is none.
    """
    if not pattern:
        return []
    found = _SPECIAL.search(pattern)
    fixed = pattern[: found.start()] if found else pattern
    root, slash, _ = fixed.rpartition("/")
    if not slash:
        root, rest = ".", pattern
    else:
        root, rest = root or "/", pattern[len(root) + 1 :]
    folders = [root]
    components = rest.split("/")
    for i, component in enumerate(components):
        matches = _component(component).fullmatch
        paths = []
        for folder in folders:
            names = os.listdir(folder) if folder == root else _names(folder)
            paths += [os.path.join(folder, name) for name in names if matches(name)]
        folders = paths if i == len(components) - 1 else [p for p in paths if os.path.isdir(p)]
    return sorted(folders)


def _names(folder):
    try:
        return os.listdir(folder)
    except OSError:
        return []
