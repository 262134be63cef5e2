"""How the layers of `tf.layers` are declared: as those of Keras, with other defaults, and as functions."""

import inspect

from .base import Layer

_P = inspect.Parameter


def as_legacy(name, keras_class, drop=(), required=(), keywords=("trainable", "name"), call=None, **defaults):
    """A class of `tf.layers` for a layer of Keras.

    Args:
      name: the name of the class.
      keras_class: the layer.
      drop: arguments that the class does not take.
      required: arguments that must be given.
      keywords: arguments at the end: of `trainable` (True by default) and `name`.
      call: the method `call`, if it is another one.
      **defaults: argument -> its default here.
    """
    taken = [p for p in inspect.signature(keras_class.__init__).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD]
    known = {p.name for p in taken}
    taken += [_P(k, _P.POSITIONAL_OR_KEYWORD, default=True if k == "trainable" else None) for k in keywords if k not in known]
    parameters = []
    for p in taken:
        if p.name in required:
            p = p.replace(default=p.empty)
        elif p.name in defaults:
            p = p.replace(default=defaults[p.name])
        if p.name not in drop:
            parameters.append(p)
    signature = inspect.Signature([*parameters, _P("kwargs", _P.VAR_KEYWORD)])

    def __init__(self, *args, **kwargs):
        bound = signature.bind(self, *args, **kwargs)
        bound.apply_defaults()
        arguments = bound.arguments
        del arguments["self"]
        more = arguments.pop("kwargs")
        for required_name in required:
            if arguments[required_name] is None and required_name == "strides":
                raise ValueError("Argument `strides` must not be None.")
        super(made, self).__init__(**arguments, **more)

    __init__.__signature__ = signature
    body = {"__init__": __init__, "__module__": __name__, "__doc__": keras_class.__doc__, "__qualname__": name}
    if call is not None:
        body["call"] = call
    made = type(name, (keras_class, Layer), body)
    return made


def as_function(name, layer, call=None, order=None):
    """The function of `tf.layers` that makes a layer and calls it.

    Args:
      name: the name of the function.
      layer: the class.
      call: arguments of the layer's `call`, with their defaults.
      order: the names of all arguments behind `inputs` in order, if it is not that of the class with `reuse` behind; without
        `reuse` in it no variable scope is opened.
    """
    taken = {p.name: p for p in inspect.signature(layer.__init__).parameters.values() if p.kind is p.POSITIONAL_OR_KEYWORD}
    del taken["self"]
    call = call or {}
    added = {n: _P(n, _P.POSITIONAL_OR_KEYWORD, default=d) for n, d in {**call, "reuse": None}.items()}
    order = order or [*taken, "reuse"]
    placed = [_P("inputs", _P.POSITIONAL_OR_KEYWORD), *(taken.get(n) or added[n] for n in order)]
    signature = inspect.Signature(placed)
    has_scope = "reuse" in order

    def function(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        arguments = bound.arguments
        inputs = arguments.pop("inputs")
        options = {n: arguments.pop(n) for n in call}
        if has_scope:
            arguments["_reuse"] = arguments.pop("reuse")
            arguments["_scope"] = arguments["name"]
        return layer(**arguments)(inputs, **options)

    function.__name__ = function.__qualname__ = name
    function.__signature__ = signature
    function.__doc__ = "Makes a layer `tf.layers.%s` and calls it with `inputs`; the other arguments are the layer's%s.\n\n%s" % (
        layer.__name__,
        ", and `reuse`: whether to share the variables of the scope `name`" if has_scope else "",
        layer.__doc__,
    )
    return function
