"""Regular expressions: `tf.strings.regex_full_match` and `regex_replace`.

TensorFlow's are those of the library RE2; `_Translation` writes them as Python's.  Text is matched by its characters in UTF-8;
bytes that spell none stand for themselves (as Python's surrogate escapes), and no class or dot matches them.
"""

import functools
import re
import sys
import unicodedata

import numpy as np

from ..core import shape as shapes
from ..core.compat import forward_compatible
from ..core.dtypes import object_array
from ..core.errors import NotYetError, invalid
from ..core.export import export
from ..core.op import op
from ..core.versions import versioned
from .text import each, from_each, same_shape

_STRAY = "\udc80-\udcff"  # bytes that spell no character
_POSIX = {
    "alnum": "0-9A-Za-z", "alpha": "A-Za-z", "ascii": r"\x00-\x7F", "blank": r"\t ", "cntrl": r"\x00-\x1F\x7F", "digit": "0-9",
    "graph": "!-~", "lower": "a-z", "print": " -~", "punct": r"!-/:-@\[-`{-~", "space": r"\t\n\v\f\r ", "upper": "A-Z",
    "word": "0-9A-Za-z_", "xdigit": "0-9A-Fa-f",
}  # fmt: skip
_PERL = {"d": "0-9", "s": r"\t\n\f\r ", "w": "0-9A-Za-z_"}
_ANCHORS = {"A": r"\A", "z": r"\Z", "b": r"\b", "B": r"\B"}
_ESCAPED = {"a": r"\x07", "f": r"\f", "t": r"\t", "n": r"\n", "r": r"\r", "v": r"\v"}
_COUNTED = re.compile(r"\{(\d+)(,(\d*))?\}")
_GROUP = re.compile(r"\(\?(?:P<(\w+)>|([imsU]*)(?:-([imsU]+))?([:)]))")
_RANGE_BACKSLASH = re.compile(r"\\(?:[pP]\{?\^?\w+\}?|x\{[0-9A-Fa-f]+\}|x[0-9A-Fa-f]{2}|[0-7]{3}|.)", re.S)
_MOST = 1000  # repetitions


class _Bad(ValueError):
    """What is wrong with a pattern, in RE2's words."""


@functools.cache
def _category(name):
    """The characters of a Unicode category (`Lu`, `N`) as the inside of a class."""
    runs, begin = [], None
    for code in range(sys.maxunicode + 2):
        inside = code <= sys.maxunicode and unicodedata.category(chr(code)).startswith(name)
        if inside and begin is None:
            begin = code
        elif not inside and begin is not None:
            runs.append("\\U%08x-\\U%08x" % (begin, code - 1))
            begin = None
    return "".join(runs)


def _complement(inside):
    """The inside of a class of all the characters that another one leaves out, stray bytes aside."""
    members = re.compile("[%s%s]" % (inside, _STRAY))
    runs, begin = [], None
    for code in range(sys.maxunicode + 2):
        outside = code <= sys.maxunicode and not members.match(chr(code))
        if outside and begin is None:
            begin = code
        elif not outside and begin is not None:
            runs.append("\\U%08x-\\U%08x" % (begin, code - 1))
            begin = None
    return "".join(runs)


_complement = functools.cache(_complement)


class _Translation:
    """Writes a pattern of RE2's as one of Python's."""

    def __init__(self, pattern):
        self.pattern, self.at, self.out = pattern, 0, []
        self.flags = frozenset()
        self.groups = []  # for each open group: the flags outside, how many groups to close besides it
        self.extra = 0
        self.extra_open = []  # the heads of those groups, for the next alternative
        self.can_repeat = self.has_repeated = False
        self.repeated_from = 0

    def run(self):
        while self.at < len(self.pattern):
            self._step()
        if self.groups:
            raise _Bad("missing ): %s" % self.pattern)
        return "".join(self.out) + ")" * self.extra

    def _take(self, text, length=1, repeats=True):
        self.out.append(text)
        self.at += length
        self.can_repeat, self.has_repeated = repeats, False

    def _step(self):
        c = self.pattern[self.at]
        if c in "*+?":
            self._repeat(self.pattern[self.at : self.at + 2] if self.pattern[self.at + 1 : self.at + 2] == "?" else c)
        elif c == "{" and _COUNTED.match(self.pattern, self.at):
            self._repeat_counted(_COUNTED.match(self.pattern, self.at))
        elif c == "(":
            self._open()
        elif c == ")":
            self._close()
        elif c == "|":
            self._take(")" * self.extra + "|" + "".join(self.extra_open), repeats=False)
        elif c == "[":
            text, end = self._class(self.at)
            self._take(text, end - self.at)
        elif c == ".":
            self._take("[^%s]" % _STRAY if "s" in self.flags else r"[^\n%s]" % _STRAY)
        elif c == "^":
            self._take("(?m:^)" if "m" in self.flags else r"\A")
        elif c == "$":
            self._take("(?m:$)" if "m" in self.flags else r"\Z")
        elif c == "\\":
            self._backslash()
        else:
            self._take(re.escape(c))

    # -------------------------------------------------------------------------------------------------------- repetition

    def _repeat(self, mark):
        if not self.can_repeat:
            raise _Bad("no argument for repetition operator: %s" % mark)
        if self.has_repeated:
            raise _Bad("bad repetition operator: %s" % self.pattern[self.repeated_from : self.at + len(mark)])
        self.repeated_from = self.at
        if "U" in self.flags:
            mark = mark[0] if mark[1:] else mark + "?"
            self._take(mark, len(mark) - 1 if mark[1:] else 2)
        else:
            self._take(mark, len(mark))
        self.has_repeated = True

    def _repeat_counted(self, found):
        low, comma, high = found.groups()
        if not self.can_repeat:
            raise _Bad("no argument for repetition operator: %s" % found.group())
        if int(low) > _MOST or high and (int(high) > _MOST or int(high) < int(low)):
            raise _Bad("invalid repetition size: %s" % found.group())
        if self.has_repeated:
            raise _Bad("bad repetition operator: %s" % self.pattern[self.repeated_from : found.end()])
        mark, end = found.group(), found.end()
        is_lazy = self.pattern[end : end + 1] == "?"
        self.repeated_from = self.at
        self._take(mark + ("?" if is_lazy != ("U" in self.flags) else ""), len(mark) + is_lazy)
        self.has_repeated = True

    # ------------------------------------------------------------------------------------------------------------- groups

    def _open(self):
        if not self.pattern.startswith("(?", self.at):
            return self._begin_group("(", 1, self.flags)
        found = _GROUP.match(self.pattern, self.at)
        if found is None:
            rest = self.pattern[self.at :]
            operator = re.match(r"\(\?P?<?[imsU-]*.?", rest, re.S).group()
            raise _Bad(("invalid named capture group: %s" if rest.startswith("(?P<") else "invalid perl operator: %s") % operator)
        name, on, off, tail = found.groups()
        if name is not None:
            return self._begin_group("(?P<%s>" % name, len(found.group()), self.flags)
        flags = (self.flags | set(on)) - set(off or "")
        head = ("(?i:" if "i" in on else "(?-i:" if off and "i" in off else "(?:") if tail == ":" else ""
        if tail == ":":
            return self._begin_group(head, len(found.group()), flags)
        self.flags = flags
        if "i" in on or off and "i" in off:  # from here to the end of the group
            head = "(?i:" if "i" in on else "(?-i:"
            self.extra += 1
            self.extra_open.append(head)
        self._take(head, len(found.group()), repeats=False)

    def _begin_group(self, head, length, flags):
        self.groups.append((self.flags, self.extra, self.extra_open))
        self.flags, self.extra, self.extra_open = flags, 0, []
        self._take(head, length, repeats=False)

    def _close(self):
        if not self.groups:
            raise _Bad("missing ): %s" % self.pattern)
        closing = ")" * (self.extra + 1)
        self.flags, self.extra, self.extra_open = self.groups.pop()
        self._take(closing)

    # ------------------------------------------------------------------------------------------- escapes and classes

    def _backslash(self):
        rest = self.pattern[self.at :]
        if len(rest) == 1:
            raise _Bad("trailing \\")
        if rest[1] == "Q":
            end = rest.find(r"\E")
            literal = rest[2:] if end < 0 else rest[2:end]
            return self._take(re.escape(literal), len(rest) if end < 0 else end + 2)
        if rest[1] in _ANCHORS:
            return self._take(_ANCHORS[rest[1]], 2)
        if rest[1] == "C":
            raise NotYetError(r"regular expressions with \C")
        inside, length = self._member(self.at)
        self._take("[%s]" % inside, length)

    def _member(self, at):
        """What a backslash at a place stands for, as the inside of a class, and how many characters spell it."""
        text = _RANGE_BACKSLASH.match(self.pattern, at).group()
        kind = text[1]
        if kind.lower() in _PERL:
            inside = _PERL[kind.lower()]
            return (_complement(inside) if kind.isupper() else inside), len(text)
        if kind in "pP":
            return self._of_category(text), len(text)
        if kind == "x" and len(text) > 2:
            return re.escape(chr(int(text[2:].strip("{}"), 16))), len(text)
        if kind in "01234567" and (len(text) == 4 or kind == "0"):
            return re.escape(chr(int(text[1:], 8))), len(text)
        if kind in _ESCAPED:
            return _ESCAPED[kind], 2
        if kind.isalnum():
            raise _Bad("invalid escape sequence: %s" % text)
        return re.escape(kind), 2

    def _of_category(self, text):
        is_negated, name = text[1] == "P", text[2:].strip("{}")
        if not name:
            raise _Bad("invalid character class range: %s" % text)
        if text[2] != "{":
            name = text[2]
        if name.startswith("^"):
            is_negated, name = not is_negated, name[1:]
        if len(name) > 2:
            raise NotYetError("regular expressions with %s: of scripts" % text)
        inside = _category(name)
        if not inside:
            raise _Bad("invalid character class range: %s" % text)
        return _complement(inside) if is_negated else inside

    def _class(self, begin):
        """The class that begins at a place, and where it ends."""
        pattern, at, parts = self.pattern, begin + 1, []
        is_negated = pattern[at : at + 1] == "^"
        at += is_negated
        first = True
        while first or pattern[at : at + 1] != "]":
            if at >= len(pattern):
                raise _Bad("missing ]: %s" % pattern[begin:])
            first = False
            if pattern.startswith("[:", at) and ":]" in pattern[at:]:
                end = pattern.index(":]", at) + 2
                name = pattern[at + 2 : end - 2]
                if name.lstrip("^") not in _POSIX:
                    raise _Bad("invalid character class range: %s" % pattern[at:end])
                inside = _POSIX[name.lstrip("^")]
                parts.append(_complement(inside) if name.startswith("^") else inside)
                at = end
                continue
            low, length = self._class_member(at)
            after = at + length
            if pattern[after : after + 1] == "-" and pattern[after + 1 : after + 2] not in ("]", ""):
                high, more = self._class_member(after + 1)
                whole = pattern[at : after + 1 + more]
                try:
                    re.compile("[%s-%s]" % (low, high))
                except re.error:
                    raise _Bad("invalid character class range: %s" % whole) from None
                parts.append("%s-%s" % (low, high))
                at = after + 1 + more
            else:
                parts.append(low)
                at = after
        inside = "".join(parts)
        return ("[^%s%s]" % (inside, _STRAY) if is_negated else "[%s]" % inside), at + 1

    def _class_member(self, at):
        if self.pattern[at] != "\\":
            return re.escape(self.pattern[at]), 1
        if at + 1 == len(self.pattern):
            raise _Bad("trailing \\")
        return self._member(at)


@functools.lru_cache(512)
def _compiled(pattern):
    """A pattern of RE2's, bytes, as Python's."""
    text = pattern.decode("utf-8", "surrogateescape")
    try:
        return re.compile(_Translation(text).run(), re.ASCII)
    except (_Bad, re.error) as e:
        raise invalid("Invalid pattern: %s, error: %s", text, e) from None


def _text(s):
    return s.decode("utf-8", "surrogateescape")


# ------------------------------------------------------------------------------------------------------------- full match


def _full_match(input, pattern):
    match = _compiled(pattern).fullmatch
    return from_each(lambda s: match(_text(s)) is not None, input, np.bool_)


def _scalar(value, what):
    """The one string of a scalar input."""
    if value.ndim:
        raise invalid("%s must be scalar, but received %s", what, shapes.to_brackets(value.shape))
    return np.asarray(value).item()


@op("RegexFullMatch", host=True)
def _regex_full_match(xp, input, pattern):
    return _full_match(input, _scalar(pattern, "Pattern"))


@_regex_full_match.shape
def _(input, pattern):
    shapes.with_rank(pattern, 0)
    return input


@op("StaticRegexFullMatch", host=True)
def _static_regex_full_match(xp, input, *, pattern):
    return _full_match(input, pattern.encode())


_static_regex_full_match.shape(same_shape)


def _strings(*texts):
    return object_array([t.encode() for t in texts])


_PATTERNS = [
    "a*", "(?i)B.|c", "[[:alpha:]]+", r"\d+|\pL+", r"[^\n]*", "(?P<x>a|b)+c?", "", "a$", r"x{2}|\Qa.b\E", "[^a-c]+", r"\W*",
    r"[\w.-]+", r"[\x{1F600}\]^]", "a(?i)B|C", "(a|b(?-i)c)", r"(?m)^b$", r"(?s).+", "[[:^digit:]]{1,3}?",
]  # fmt: skip
_TEXTS = ("aaa", "bX", "a\n", "a.b", "12", "caf\u00e9", "a\nb", "-a-", "\U0001f600", "x\nb\nabc", "AbC")


@_regex_full_match.samples
def _(make):
    yield _strings(*_TEXTS), np.array(b"[a-c.]+", object)


@_static_regex_full_match.samples
def _(make):
    for pattern in _PATTERNS:
        yield _strings(*_TEXTS), dict(pattern=pattern)


@export("strings.regex_full_match")
@versioned
def regex_full_match(input, pattern, name=None):
    """Whether a regular expression matches whole strings.

    Args:
      input: a string tensor.
      pattern: the expression in RE2's syntax: text, or a scalar string tensor.
      name: the name of the node.

    Returns:
      A bool tensor of the same shape.

    Raises:
      InvalidArgumentError: it is no regular expression.
    """
    if isinstance(pattern, str | bytes) and forward_compatible(2018, 11, 10):
        return _static_regex_full_match(input, pattern=pattern, name=name)
    return _regex_full_match(input, pattern, name=name)


# ---------------------------------------------------------------------------------------------------------------- replace

_REWRITE = re.compile(r"\\([0-9\\])|([^\\]+)")


def _rewriter(rewrite):
    """A function from a match to the text that replaces it, and whether it is whole (TensorFlow's stops at what it can't read)."""
    parts, at = [], 0
    while at < len(rewrite):
        found = _REWRITE.match(rewrite, at)
        if found is None:
            break
        escaped, literal = found.groups()
        parts.append(literal if literal else "\\" if escaped == "\\" else int(escaped))
        at = found.end()

    def replace(match):
        out = ""
        for part in parts:
            if type(part) is int:
                part = match.group(part) or "" if part <= match.re.groups else ""
            out += part
        return out, at == len(rewrite)

    return replace


def _replaced(text, pattern, replace, everywhere):
    if not everywhere:
        match = pattern.search(text)
        new, is_whole = replace(match) if match else ("", False)
        return text[: match.start()] + new + text[match.end() :] if is_whole else text
    out, at, last = [], 0, -1
    while at <= len(text):
        match = pattern.search(text, at)
        if match is None:
            break
        out.append(text[at : match.start()])
        if match.end() == match.start() == last:  # nothing, right behind the last match: goes on with the next character
            out.append(text[last : last + 1])
            at, last = last + 1, -1
            continue
        out.append(replace(match)[0])
        at = last = match.end()
    return "".join(out) + text[at:]


def _replace(input, pattern, rewrite, everywhere):
    compiled, replace = _compiled(pattern), _rewriter(_text(rewrite))
    return each(lambda s: _replaced(_text(s), compiled, replace, everywhere).encode("utf-8", "surrogateescape"), input)


@op("RegexReplace", host=True)
def _regex_replace(xp, input, pattern, rewrite, *, replace_global=True):
    return _replace(input, _scalar(pattern, "Pattern"), _scalar(rewrite, "Rewrite"), replace_global)


@_regex_replace.shape
def _(input, pattern, rewrite):
    shapes.with_rank(pattern, 0)
    shapes.with_rank(rewrite, 0)
    return input


_regex_replace.not_differentiable()


@op("StaticRegexReplace", host=True)
def _static_regex_replace(xp, input, *, pattern, rewrite, replace_global=True):
    return _replace(input, pattern.encode(), rewrite.encode(), replace_global)


_static_regex_replace.shape(same_shape)


@_regex_replace.samples
def _(make):
    pattern, rewrite = np.array(b"([a-c])(b?)", object), np.array(rb"[\2\\\1]", object)
    yield _strings(*_TEXTS), pattern, rewrite
    yield _strings(*_TEXTS), pattern, rewrite, dict(replace_global=False)
    yield _strings(*_TEXTS), pattern, np.array(rb"<\3>", object)


@_static_regex_replace.samples
def _(make):
    for pattern in _PATTERNS:
        yield _strings(*_TEXTS), dict(pattern=pattern, rewrite=r"<\0>")
    yield _strings(*_TEXTS), dict(pattern="a", rewrite=r"x\q")


@export("strings.regex_replace", "regex_replace")
@versioned
def regex_replace(input, pattern, rewrite, replace_global=True, name=None):
    """Replaces what a regular expression matches in strings.

    Args:
      input: a string tensor.
      pattern: the expression in RE2's syntax: text, or a scalar string tensor.
      rewrite: the replacement, text or a scalar string tensor; `\\1` to `\\9` stand for groups, `\\0` for the whole match.
      replace_global: whether all matches are replaced, not only the first.
      name: the name of the node.

    Returns:
      A string tensor of the same shape.

    Raises:
      InvalidArgumentError: it is no regular expression.
    """
    if isinstance(pattern, str | bytes) and isinstance(rewrite, str | bytes):
        return _static_regex_replace(input, pattern=pattern, rewrite=rewrite, replace_global=replace_global, name=name)
    return _regex_replace(input, pattern, rewrite, replace_global=replace_global, name=name)
