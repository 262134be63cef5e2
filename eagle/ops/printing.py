"""What programs say while they run: `tf.Assert`, `tf.Print`, `tf.print`."""

import datetime
import os
import pprint
import random
import sys

import numpy as np

from ..core import dtypes, nest
from ..core.constant import strings
from ..core.context import here
from ..core.convert import convert, is_tensor
from ..core.errors import InvalidArgumentError, invalid
from ..core.export import export
from ..core.op import op
from ..core.scopes import name_scope
from ..core.sparse_tensor import SparseTensor
from ..core.tensor import Tensor
from ..core.tracing import require


def summarize_value(value, count):
    """The first elements of an array as TensorFlow's kernels print them: `[1 2 3...]`, `[[1 2][3...]...]`.

    Args:
      value: an array.
      count: how many elements to show; all if it is negative.
    """
    value = np.asarray(value)
    if not value.size:
        return ""
    if count < 0:
        count = value.size
    if not value.ndim:
        return _element(value[()])
    if value.ndim == 1:
        shown = " ".join(_element(v) for v in value[:count])
        return shown + ("..." if count < value.size else "")
    text, _ = _rows(value, count)
    return text


def _rows(value, left):
    """The text of the rows of an array of rank 2 or more, as far as `left` elements go, and how many are left over."""
    text = ""
    for row in value:
        if left <= 0:
            return text + "...", 0
        if row.ndim == 1:
            shown = row[:left]
            text += "[%s%s]" % (" ".join(_element(v) for v in shown), "..." if left < row.size else "")
            left -= shown.size
        else:
            inner, left = _rows(row, left)
            text += "[%s]" % inner
    return text, left


def _element(v, quote=""):
    if isinstance(v, bytes):
        return quote + c_escape(v) + quote
    if isinstance(v, bool | np.bool_):
        return "1" if v else "0"
    if isinstance(v, np.complexfloating):
        return "?"
    if isinstance(v, np.float64):
        return _shortest(v, 15, 17, np.float64)
    if isinstance(v, np.integer):
        return str(int(v))
    return _shortest(np.float32(v), 6, 9, np.float32)


_ESCAPED = {ord(c): "\\" + e for c, e in (("\n", "n"), ("\r", "r"), ("\t", "t"), ('"', '"'), ("'", "'"), ("\\", "\\"))}


def c_escape(data):
    """Bytes as they are written in a literal of C."""
    return "".join(_ESCAPED.get(b) or (chr(b) if 32 <= b < 127 else "\\%03o" % b) for b in data)


def _shortest(v, few, many, kind):
    """A float with few digits if they say it exactly, else with many."""
    text = "%.*g" % (few, v)
    return text if not np.isfinite(v) or kind(text) == v else "%.*g" % (many, v)


def describe(values, count, separator=" "):
    """Several arrays in brackets, as failed assertions and `tf.Print` show them."""
    return separator.join("[%s]" % summarize_value(v, count) for v in values)


# ------------------------------------------------------------------------------------------------------------------ Assert


@op("Assert", host=True, unseen=("data",))
def _assert(xp, condition, data, *, summarize=3):
    if not condition:
        raise invalid("assertion failed: %s", describe(data, summarize))
    return ()


@_assert.emits("xla")
def _(program, node):
    """A check; what it would show is computed only if it fails, when the run is done again on NumPy."""
    check = program.bind("check", _check)
    program.statement(node, "%s(%s)" % (check, program.value(node._inputs[0])))


def _check(condition):
    require(condition, lambda: invalid("assertion failed"))


_assert.not_differentiable()


@_assert.samples
def _(make):
    yield np.True_, [make(2, 3)]


@export("Assert", "debugging.Assert")
def Assert(condition, data, summarize=None, name=None):
    """Raises if a condition is false when the program gets there.

    Args:
      condition: a boolean scalar.
      data: a list of tensors to show if it is false.
      summarize: how many elements of each to show; by default 3.
      name: the name of the operation.

    Returns:
      The operation, which must be made to run (with `tf.control_dependencies`); eagerly None.

    Raises:
      InvalidArgumentError: eagerly, the condition is false.
    """
    if here.eager:
        if not condition:
            shown = "\n".join(_eager_text(d, 3 if summarize is None else summarize) for d in data)
            raise InvalidArgumentError(None, None, "Expected '%s' to be true. Summarized data: %s" % (condition, shown))
        return None
    with name_scope(name, "Assert", [condition, *data]) as scope:
        tensors = [convert(d) for d in data]
        summarize = 3 if summarize is None else summarize
        if all(t.dtype in (dtypes.string, dtypes.int32) for t in tensors):
            return _assert(condition, data, summarize=summarize, name="Assert")  # converts once more, as TensorFlow does
        return _assert(convert(condition, name="Condition"), tensors, summarize=summarize, name=scope)


def _eager_text(value, count):
    """A value as an eager assertion shows it."""
    if isinstance(value, Tensor):
        value = value.numpy()
    if isinstance(value, str):
        value = value.encode()
    array = np.asarray(value)
    if count < 0 or array.size <= count:
        return str(value if not array.ndim else ", ".join(str(v) for v in array.ravel()))
    return "%s, ..." % ", ".join(str(v) for v in array.ravel()[:count])


# ------------------------------------------------------------------------------------------------------------------- Print


@op("Print", host=True, ignores=("U",))
def _print(xp, input, data, *, message="", first_n=-1, summarize=3, state):
    count = state.slot(("Print", message), _Counter)
    if first_n < 0 or count.next() <= first_n:
        sys.stderr.write(message + describe(data, summarize, "") + "\n")
        sys.stderr.flush()
    return input


class _Counter:
    """How often an operation has printed."""

    def __init__(self):
        self.value = 0

    def next(self):
        self.value += 1
        return self.value


@_print.shape
def _(input, data):
    return input


@_print.grad
def _(g, data):
    return g, [None] * len(data)


@_print.samples
def _(make):
    yield make(2, 3), [make(2)], dict(message="seen ")


@export("Print")
def Print(input_, data, message=None, first_n=None, summarize=None, name=None):
    """Prints tensors to standard error when the result is computed.

    Args:
      input_: a tensor.
      data: a list of tensors to print.
      message: text before them.
      first_n: how many times to print at most; by default always.
      summarize: how many elements of each tensor to show; by default 3.
      name: the name of the node.

    Returns:
      A tensor with the value of `input_`.
    """
    attrs = {"message": message, "first_n": first_n, "summarize": summarize}
    return _print(input_, data, name=name, **{n: v for n, v in attrs.items() if v is not None})


@op("StringFormat", host=True, ignores=("T",))
def _string_format(xp, inputs, *, template="%s", placeholder="%s", summarize=3):
    pieces = template.split(placeholder)
    out = pieces[0]
    for value, piece in zip(inputs, pieces[1:]):
        out += format_value(value, summarize) + piece
    return strings(out)


@_string_format.shape
def _(inputs):
    return ()


_string_format.not_differentiable()


@_string_format.samples
def _(make):
    yield [make(2, 3)], dict(template="x: {}", placeholder="{}")
    yield [make(10), make()], dict(template="{} and {}", placeholder="{}", summarize=2)


@export("strings.format")
def string_format(template, inputs, placeholder="{}", summarize=3, name=None):
    """A text in which tensors take the places of placeholders.

    Args:
      template: the text.
      inputs: a tensor, or a list of as many as there are placeholders.
      placeholder: what they are written as.
      summarize: how many elements to show at either end of each dimension; all if it is -1.
      name: the name of the node.

    Returns:
      A scalar string tensor.

    Raises:
      ValueError: there are more or fewer tensors than placeholders.
    """
    inputs = [inputs] if isinstance(inputs, Tensor) or is_tensor(inputs) else inputs
    if template.count(placeholder) != len(inputs):
        raise ValueError("%s placeholder(s) in template does not match %s tensor(s) provided as input"
                         % (template.count(placeholder), len(inputs)))  # fmt: skip
    return _string_format(inputs, template=template, placeholder=placeholder, summarize=summarize, name=name)


def format_value(value, count):
    """An array as `tf.print` shows it: the first and last elements of each dimension."""
    value = np.asarray(value)
    if value.dtype.kind == "c":
        shown = value.size if count < 0 else min(count, value.size)
        return "[%s%s]" % (" ".join("?" * shown), "..." * (shown < value.size))
    if not value.ndim:
        return _element(value[()], '"')
    if count < 0 or value.shape[0] <= 2 * count:
        shown = [format_value(v, count) for v in value]
    else:
        ends = [value[i] for i in range(count)] + [value[i] for i in range(-count, 0)]
        shown = [format_value(v, count) for v in ends]
        shown.insert(count, "...")
    separator = " " if value.ndim == 1 else "\n" * (value.ndim - 1) + " "
    inner = separator.join(s.replace("\n", "\n ") if value.ndim > 1 else s for s in shown)
    return "[%s]" % inner


@op("PrintV2", host=True)
def _print_v2(xp, input, *, output_stream="stderr", end="\n"):
    text = np.asarray(input)[()].decode("utf-8", "replace") + end
    if output_stream.startswith("file://"):
        with open(output_stream[7:], "a", encoding="utf-8") as f:
            f.write(text)
        return ()
    stream = sys.stdout if output_stream == "stdout" else sys.stderr
    if output_stream.startswith("log("):
        text = _logged(output_stream[4:-1], text)
    stream.write(text)
    stream.flush()
    return ()


def _logged(level, text):
    """A text as a line of the runtime's log; none if TF_CPP_MIN_LOG_LEVEL says that such are not wanted."""
    number = _LEVELS.index(level)
    wanted = os.environ.get("TF_CPP_MIN_LOG_LEVEL", "0")
    if wanted.isdigit() and number < int(wanted):
        return ""
    now = datetime.datetime.now().isoformat(" ", "microseconds")
    return "%s: %s tensorflow/core/kernels/logging_ops.cc] %s\n" % (now, level[0].upper(), text.removesuffix("\n"))


_LEVELS = ("info", "warning", "error")


_print_v2.not_differentiable()


@_print_v2.samples
def _(make):
    yield strings("text"), dict(output_stream="stderr", end="\n")


@export("print")
def print_(*inputs, **kwargs):
    """Prints tensors and other values.

    Args:
      *inputs: tensors, other values, or structures of them.
      **kwargs: `output_stream` (`sys.stdout`, `sys.stderr` (the default), `tf.logging.info` and its kin, or "file://path"),
        `summarize` (how many elements at both ends of each dimension; by default 3, -1 for all), `sep` (by default a space),
        `end` (by default a newline) and `name`.

    Returns:
      In a graph the operation that prints, which must be made to run; eagerly None.

    Raises:
      ValueError: an unknown keyword or output stream is given.
    """
    options = {"output_stream": sys.stderr, "summarize": 3, "sep": " ", "end": "\n", "name": None}
    unknown = [k for k in kwargs if k not in options]
    if unknown:
        raise ValueError("Unrecognized keyword arguments for tf.print: %s" % unknown)
    options.update(kwargs)
    stream, name = _stream_name(options["output_stream"]), options["name"]
    if len(inputs) == 1 and isinstance(inputs[0], Tensor) and inputs[0].dtype is dtypes.string and inputs[0]._shape == ():
        text = inputs[0]
    else:
        template, placeholder, tensors = _template(inputs, options["sep"])
        text = _string_format(
            tensors, template=template, placeholder=placeholder, summarize=options["summarize"], name=name and name + "_format"
        )
    return _print_v2(text, output_stream=stream, end=options["end"], name=name)


def _stream_name(stream):
    names = {id(sys.stdout): "stdout", id(sys.stderr): "stderr"}
    if id(stream) in names:
        return names[id(stream)]
    if isinstance(stream, str) and stream.startswith("file://"):
        return stream
    known = {"info": "log(info)", "warning": "log(warning)", "warn": "log(warning)", "error": "log(error)"}
    name = known.get(getattr(stream, "__name__", None)) or (stream if stream in ("stdout", "stderr") else None)
    if name is None:
        raise ValueError(
            "Unsupported output stream, logging level, or file. %s. Supported streams are sys.stdout, sys.stderr, "
            "tf.logging.info, tf.logging.warning, tf.logging.error. File needs to be in the form of 'file://<filepath>'."
            % (stream,)
        )
    return name


def _template(inputs, separator):
    """A text with a placeholder for each tensor among some things, the placeholder, and the tensors."""
    tensors = []
    plain = nest.map_structure(lambda x: "" if _is_dense(x) else x, list(inputs))
    placeholder = _placeholder(" ".join(map(pprint.pformat, plain)))

    def mark(x):
        if isinstance(x, SparseTensor):
            tensors.extend([x.indices, x.values, x.dense_shape])
            return "SparseTensor(indices=%s, values=%s, shape=%s)" % (placeholder, placeholder, placeholder)
        if _is_dense(x):
            tensors.append(convert(x))
            return placeholder
        return x

    texts = [x if isinstance(x, str) else pprint.pformat(nest.map_structure(mark, x)) for x in inputs]
    return separator.join(texts).replace("'%s'" % placeholder, placeholder), placeholder, tensors


def _is_dense(x):
    return is_tensor(x) and nest.items(x, expand_composites=True) is None


def _placeholder(text):
    """`{}`, with digits behind it if need be, so that it is not found in a text."""
    found, digits = "{}", random.Random(5)
    while found in text:
        found += str(digits.randint(0, 9))
    return found
