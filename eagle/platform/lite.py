"""`tf.lite`: its constants.  Models for TensorFlow Lite can't be made or run by Eagle: what would do it raises `NotYetError`."""

import enum

from ..core import dtypes
from ..core.errors import NotYetError
from ..core.export import export

for _name, _value in {
    "FLOAT": dtypes.float32, "FLOAT16": dtypes.float16, "INT8": dtypes.int8, "INT32": dtypes.int32, "INT64": dtypes.int64,
    "QUANTIZED_UINT8": dtypes.uint8, "STRING": dtypes.string, "TFLITE": 2, "GRAPHVIZ_DOT": 3,
}.items():  # fmt: skip
    export("lite.constants." + _name)(_value)


@export("lite.OpsSet")
class OpsSet(enum.Enum):
    """Which operations a model for TensorFlow Lite may have."""

    TFLITE_BUILTINS = "TFLITE_BUILTINS"
    SELECT_TF_OPS = "SELECT_TF_OPS"
    TFLITE_BUILTINS_INT8 = "TFLITE_BUILTINS_INT8"

    def __str__(self):
        return self.value

    @staticmethod
    def get_options():
        """The names of all."""
        return [str(option) for option in list(OpsSet)]


@export("lite.Optimize")
class Optimize(enum.Enum):
    """What a model for TensorFlow Lite is to be optimized for."""

    DEFAULT = "DEFAULT"
    OPTIMIZE_FOR_SIZE = "OPTIMIZE_FOR_SIZE"
    OPTIMIZE_FOR_LATENCY = "OPTIMIZE_FOR_LATENCY"

    def __str__(self):
        return self.value


@export("lite.RepresentativeDataset")
class RepresentativeDataset:
    """Examples by which the numbers of a model are quantized.

    Args:
      input_gen: a function that gives a generator of lists of inputs.
    """

    def __init__(self, input_gen):
        self.input_gen = input_gen


@export("lite.TargetSpec")
class TargetSpec:
    """What runs a model for TensorFlow Lite.

    Args:
      supported_ops: `OpsSet`s; by default the operations of TensorFlow Lite.
      supported_types: types of constants that may be shortened to.
    """

    def __init__(self, supported_ops=None, supported_types=None):
        self.supported_ops = {OpsSet.TFLITE_BUILTINS} if supported_ops is None else supported_ops
        self.supported_types = [] if supported_types is None else supported_types


def _refuse(name):
    def refuse(*unused, **also_unused):
        raise NotYetError("tf.lite.%s: models for TensorFlow Lite" % name)

    return refuse


_DOC = "Models for TensorFlow Lite can't be made or run: raises NotYetError."

for _name in ("Interpreter", "OpHint", "experimental.nn.TFLiteLSTMCell", "experimental.nn.TfLiteRNNCell"):
    _members = {"__init__": _refuse(_name), "__doc__": _DOC, "__module__": __name__}
    export("lite." + _name)(type(_name.rpartition(".")[2], (), _members))
for _name in ("TFLiteConverter", "TocoConverter"):
    _members = {m: classmethod(_refuse("%s.%s" % (_name, m))) for m in (
        "from_session", "from_frozen_graph", "from_saved_model", "from_keras_model_file")}  # fmt: skip
    export("lite." + _name)(type(_name, (), {"__init__": _refuse(_name), "__doc__": _DOC, "__module__": __name__, **_members}))
for _name in ("toco_convert", "experimental.convert_op_hints_to_stubs", "experimental.get_potentially_supported_ops",
              "experimental.load_delegate", "experimental.nn.dynamic_rnn"):  # fmt: skip
    _made = _refuse(_name)
    _made.__name__, _made.__doc__ = _name.rpartition(".")[2], _DOC
    export("lite." + _name)(_made)
