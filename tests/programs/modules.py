"""Modules: what they find among their attributes, their names and scopes."""

import collections


def _classes(tf):
    class Dense(tf.Module):
        def __init__(self, n, name=None):
            super().__init__(name=name)
            with self.name_scope:
                self.w = tf.Variable(tf.ones([n]), name="w")
                self.b = tf.Variable(tf.zeros([n]), name="b", trainable=False)

        @tf.Module.with_name_scope
        def scope(self):
            return tf.get_default_graph().get_name_scope()

    class TwoLayers(tf.Module):
        def __init__(self, name=None):
            super().__init__(name=name)
            with self.name_scope:
                self.layers = [Dense(2), Dense(3)]
                self.again = self.layers[0]
                self.named = {"b": tf.Variable(1.0, name="first"), "a": (tf.Variable(2.0, name="second"), "text")}
                self.pair = collections.namedtuple("Pair", "x, y")(Dense(1, name="inner"), 3)

    return Dense, TwoLayers


def _names(things):
    return [t.name for t in things]


def _found(tf):
    _, TwoLayers = _classes(tf)
    first, second = TwoLayers(), TwoLayers(name="other")

    def known(thing):
        return isinstance(thing, (tf.Variable, tf.Module))

    return {
        "names": [first.name, second.name, second.layers[1].name],
        "variables": _names(first.variables), "trainable": _names(first.trainable_variables),
        "of second": _names(second.variables), "submodules": _names(first.submodules),
        "paths": [[str(p) for p in path] for path, _ in first._flatten(predicate=known, with_path=True)],
        "not below": _names(first._flatten(recursive=False, predicate=known)),
        "backwards": _names(first._flatten(predicate=known, attribute_traversal_key=lambda n: -ord(n[0]))),
    }  # fmt: skip


def found(tf):
    return _found(tf)


def eager_found(tf):
    return _found(tf)


def scopes(tf):
    Dense, TwoLayers = _classes(tf)
    with tf.name_scope("outside"):
        model = TwoLayers()
    return {"model": model.name_scope.name, "layers": [m.scope() for m in model.layers], "inner": model.pair.x.scope(),
            "doc": Dense.scope.__name__}  # fmt: skip


def names(tf):
    kinds = ["ABCDef", "HTMLParser", "A1B2", "XYz", "fooBAR9Baz"]
    good = [type(k, (tf.Module,), {})().name for k in kinds]
    bad = []
    for name in ("a b", "", "1a", "a/b", "é", "_ok"):
        try:
            bad.append(tf.Module(name=name).name)
        except ValueError as e:
            bad.append(str(e))
    return {"good": good, "bad": bad}
