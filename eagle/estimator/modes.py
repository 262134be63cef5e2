"""`tf.estimator.ModeKeys`."""

from ..core.export import export


@export("estimator.ModeKeys")
class ModeKeys:
    """What a model is built for: training, evaluation or prediction."""

    TRAIN = "train"
    EVAL = "eval"
    PREDICT = "infer"
