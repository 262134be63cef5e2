"""`slim.model_analyzer` and `slim.summaries`: lists of operations and variables, and summaries with names."""

from ...core.export import export, public as tf


def _names(name, module):
    return "contrib.slim.%s.%s" % (module, name), "contrib.slim.python.slim.%s.%s" % (module, name)


@export(*_names("tensor_description", "model_analyzer"))
def tensor_description(var):
    """The type and the shape of a tensor or variable: "(float32 2x3)"."""
    return "(%s %s)" % (var.dtype.name, "x".join(str(size) for size in var.get_shape()))


@export(*_names("analyze_ops", "model_analyzer"))
def analyze_ops(graph, print_info=False):
    """How many elements the outputs of all operations of a graph have; perhaps prints them."""
    if print_info:
        print("---------\nOperations: name -> (type shapes) [size]\n---------")
    total = 0
    for op in graph.get_operations():
        size = sum(t.get_shape().num_elements() or 0 for t in op.outputs)
        if print_info:
            shapes = ", ".join(tensor_description(t) for t in op.outputs if t.get_shape())
            print(op.name, "\t->", shapes, "[%d]" % size)
        total += size
    return total


@export(*_names("analyze_vars", "model_analyzer"))
def analyze_vars(variables, print_info=False):
    """How many elements and bytes variables have, a pair; perhaps prints them."""
    if print_info:
        print("---------\nVariables: name (type shape) [size]\n---------")
    total = total_bytes = 0
    for v in variables:
        size = v.get_shape().num_elements() or 0
        total += size
        total_bytes += size * v.dtype.size
        if print_info:
            print(v.name, tensor_description(v), "[%d, bytes: %d]" % (size, size * v.dtype.size))
    if print_info:
        print("Total size of variables: %d" % total)
        print("Total bytes of variables: %d" % total_bytes)
    return total, total_bytes


# --------------------------------------------------------------------------------------------------------------- summaries


def _name(tensor, name=None, prefix=None, postfix=None):
    name = name or tensor.op.name
    name = "%s/%s" % (prefix, name) if prefix else name
    return "%s/%s" % (name, postfix) if postfix else name


@export(*_names("add_histogram_summary", "summaries"))
def add_histogram_summary(tensor, name=None, prefix=None):
    """A histogram of a tensor; its name is by default the tensor's, behind `prefix`."""
    return tf.summary.histogram(_name(tensor, name, prefix), tensor)


def _printed(kind, tensor, name, print_summary):
    op = kind(name=name, tensor=tensor, collections=[] if print_summary else None)
    if print_summary:
        op = tf.Print(op, [tensor], name)
        tf.add_to_collection("summaries", op)
    return op


@export(*_names("add_image_summary", "summaries"))
def add_image_summary(tensor, name=None, prefix=None, print_summary=False):
    """An image summary; with `print_summary` the tensor is printed, too."""
    return _printed(tf.summary.image, tensor, _name(tensor, name, prefix), print_summary)


@export(*_names("add_scalar_summary", "summaries"))
def add_scalar_summary(tensor, name=None, prefix=None, print_summary=False):
    """A scalar summary; with `print_summary` the tensor is printed, too."""
    return _printed(tf.summary.scalar, tensor, _name(tensor, name, prefix), print_summary)


@export(*_names("add_zero_fraction_summary", "summaries"))
def add_zero_fraction_summary(tensor, name=None, prefix=None, print_summary=False):
    """A scalar summary of which part of a tensor is 0."""
    name = _name(tensor, name, prefix, "Fraction_of_Zero_Values")
    return add_scalar_summary(tf.nn.zero_fraction(tensor), name, print_summary=print_summary)


@export(*_names("add_histogram_summaries", "summaries"))
def add_histogram_summaries(tensors, prefix=None):
    """Histograms of some tensors, a list."""
    return [add_histogram_summary(t, prefix=prefix) for t in tensors]


@export(*_names("add_image_summaries", "summaries"))
def add_image_summaries(tensors, prefix=None):
    """Image summaries of some tensors, a list."""
    return [add_image_summary(t, prefix=prefix) for t in tensors]


@export(*_names("add_scalar_summaries", "summaries"))
def add_scalar_summaries(tensors, prefix=None, print_summary=False):
    """Scalar summaries of some tensors, a list."""
    return [add_scalar_summary(t, prefix=prefix, print_summary=print_summary) for t in tensors]


@export(*_names("add_zero_fraction_summaries", "summaries"))
def add_zero_fraction_summaries(tensors, prefix=None):
    """Summaries of which parts of some tensors are 0, a list."""
    return [add_zero_fraction_summary(t, prefix=prefix) for t in tensors]
