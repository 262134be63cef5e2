"""A module that is saved as objects; TensorFlow 1.15 saved it in the folder `model` (tools/record_saved_objects.py)."""

import pathlib

MODEL = pathlib.Path(__file__).resolve().parent / "model"


def make(tf):
    """The module, with traces of its functions."""

    class Part(tf.Module):
        def __init__(self, value):
            super().__init__()
            self.w = tf.Variable(value, name="w")

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def scaled(self, x):
            return {"y": x * self.w}

    class Model(tf.Module):
        def __init__(self):
            super().__init__()
            self.v = tf.Variable([1.0, 2.0], name="v")
            self.frozen = tf.Variable(7.0, trainable=False)
            self.parts = [Part(2.0), Part(3.0)]
            self.by_name = {"a": tf.Variable(3.0)}
            self.constant = tf.constant([10.0, 20.0])
            self.itself = self

        @tf.function(input_signature=[tf.TensorSpec([None], tf.float32)])
        def serve(self, x):
            return {"y": x * self.v + self.constant}

        @tf.function(input_signature=[tf.RaggedTensorSpec([None, None], tf.float32)])
        def ragged(self, rt):
            return rt * self.by_name["a"]

        @tf.function
        def times(self, x, k=2):
            return x * k

        @tf.function
        def power(self, n, x):
            i = tf.constant(0)
            while i < n:
                x = x * self.by_name["a"]
                i = i + 1
            if x > 100.0:
                x = -x
            return x

        @tf.function
        def pair(self, x, y):
            return [x + y, (x - y, {"p": x * y})]

        @tf.function
        def __call__(self, x):
            return x + self.frozen

    model = Model()
    model.times(tf.constant(3.0))
    model.times(tf.constant(3.0), k=5)
    model.power(tf.constant(3), tf.constant(2.0))
    model.pair(tf.constant(3.0), tf.constant(2.0))
    model(tf.constant(1.0))
    return model


def told(tf, model):
    """What a module that was read back does."""

    def tried(function):
        try:
            return function().numpy().tolist()
        except ValueError as e:
            return str(e).split("\n")[0]

    x, pair = tf.constant([1.0, 2.0]), model.pair(tf.constant(3.0), tf.constant(2.0))
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(model.serve(x)["y"])
    serving = model.signatures["serving_default"]
    found = {
        "variables": [v.numpy().tolist() for v in (model.v, model.frozen, model.parts[0].w, model.parts[1].w, model.by_name["a"])],
        "names": [model.v.name, model.parts[0].w.name], "trainable": [model.v.trainable, model.frozen.trainable],
        "itself": model.itself is model, "parts": len(model.parts), "serve": model.serve(x)["y"].numpy().tolist(),
        "list": model.serve([1.0, 1.0])["y"].numpy().tolist(), "scaled": model.parts[1].scaled(x)["y"].numpy().tolist(),
        "ragged": model.ragged(tf.ragged.constant([[1.0], [2.0, 3.0]])).to_list(),
        "times": [tried(lambda: model.times(tf.constant(3.0))), tried(lambda: model.times(tf.constant(3.0), k=5)),
                  tried(lambda: model.times(tf.constant(4.0), 2)), tried(lambda: model.times(tf.constant([3.0]))),
                  tried(lambda: model.times(tf.constant(4.0), 3))],
        "power": [model.power(tf.constant(n), tf.constant(1.0)).numpy().tolist() for n in (2, 9)],
        "pair": [pair[0].numpy().tolist(), pair[1][0].numpy().tolist(), pair[1][1]["p"].numpy().tolist()],
        "call": model(tf.constant(1.0)).numpy().tolist(), "gradient": tape.gradient(y, model.v).numpy().tolist(),
        "signatures": list(model.signatures), "serving": serving(x=x)["y"].numpy().tolist(),
        "signature": str(model.serve.get_concrete_function().structured_input_signature),
    }  # fmt: skip
    model.v.assign([5.0, 6.0])
    found["changed"] = model.serve(x)["y"].numpy().tolist()
    return found
