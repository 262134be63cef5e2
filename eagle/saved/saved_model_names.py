"""The names in `SavedModel`s: of files, collections, signatures and tags."""

from ..core.export import export


def _constant(name, value, where, public=True):
    inner = "python.saved_model.%s.%s" % (where, name)
    export(*["saved_model." + name, "saved_model.%s.%s" % (where, name)] * public, inner)(value)
    return value


def _file(name, value, public=True):
    return _constant(name, value, "constants", public)


def _signature(name, value, public=True):
    return _constant(name, value, "signature_constants", public)


ASSETS_DIRECTORY = _file("ASSETS_DIRECTORY", "assets")
EXTRA_ASSETS_DIRECTORY = _file("EXTRA_ASSETS_DIRECTORY", "assets.extra", False)
ASSETS_KEY = _file("ASSETS_KEY", "saved_model_assets")
LEGACY_INIT_OP_KEY = _file("LEGACY_INIT_OP_KEY", "legacy_init_op")
MAIN_OP_KEY = _file("MAIN_OP_KEY", "saved_model_main_op")
TRAIN_OP_KEY = _file("TRAIN_OP_KEY", "saved_model_train_op", False)
SCHEMA_VERSION = _file("SAVED_MODEL_SCHEMA_VERSION", 1)
FILENAME_PB = _file("SAVED_MODEL_FILENAME_PB", "saved_model.pb")
FILENAME_PBTXT = _file("SAVED_MODEL_FILENAME_PBTXT", "saved_model.pbtxt")
VARIABLES_DIRECTORY = _file("VARIABLES_DIRECTORY", "variables")
VARIABLES_FILENAME = _file("VARIABLES_FILENAME", "variables")
INIT_OP_SIGNATURE_KEY = _file("INIT_OP_SIGNATURE_KEY", "__saved_model_init_op", False)
TRAIN_OP_SIGNATURE_KEY = _file("TRAIN_OP_SIGNATURE_KEY", "__saved_model_train_op", False)

DEFAULT_SERVING = _signature("DEFAULT_SERVING_SIGNATURE_DEF_KEY", "serving_default")
CLASSIFY_INPUTS = _signature("CLASSIFY_INPUTS", "inputs")
CLASSIFY_METHOD_NAME = _signature("CLASSIFY_METHOD_NAME", "tensorflow/serving/classify")
CLASSIFY_OUTPUT_CLASSES = _signature("CLASSIFY_OUTPUT_CLASSES", "classes")
CLASSIFY_OUTPUT_SCORES = _signature("CLASSIFY_OUTPUT_SCORES", "scores")
PREDICT_INPUTS = _signature("PREDICT_INPUTS", "inputs")
PREDICT_METHOD_NAME = _signature("PREDICT_METHOD_NAME", "tensorflow/serving/predict")
PREDICT_OUTPUTS = _signature("PREDICT_OUTPUTS", "outputs")
REGRESS_INPUTS = _signature("REGRESS_INPUTS", "inputs")
REGRESS_METHOD_NAME = _signature("REGRESS_METHOD_NAME", "tensorflow/serving/regress")
REGRESS_OUTPUTS = _signature("REGRESS_OUTPUTS", "outputs")
DEFAULT_TRAIN = _signature("DEFAULT_TRAIN_SIGNATURE_DEF_KEY", "train", False)
DEFAULT_EVAL = _signature("DEFAULT_EVAL_SIGNATURE_DEF_KEY", "eval", False)
SUPERVISED_TRAIN_METHOD_NAME = _signature("SUPERVISED_TRAIN_METHOD_NAME", "tensorflow/supervised/training", False)
SUPERVISED_EVAL_METHOD_NAME = _signature("SUPERVISED_EVAL_METHOD_NAME", "tensorflow/supervised/eval", False)

SERVING = _constant("SERVING", "serve", "tag_constants")
TRAINING = _constant("TRAINING", "train", "tag_constants")
EVAL = _constant("EVAL", "eval", "tag_constants", False)
GPU = _constant("GPU", "gpu", "tag_constants")
TPU = _constant("TPU", "tpu", "tag_constants")
