"""The public names of TensorFlow's protocol buffers: `tf.ConfigProto`, `tf.train.Example`, ..."""

from .. import protos
from .export import export

_ROOT = (
    "AttrValue ConfigProto Event GPUOptions GraphDef GraphOptions HistogramProto LogMessage MetaGraphDef NameAttrList NodeDef "
    "OptimizerOptions RunMetadata RunOptions SessionLog Summary SummaryMetadata TensorInfo"
)
_TRAIN = (
    "BytesList ClusterDef Example Feature FeatureList FeatureLists Features FloatList Int64List JobDef SaverDef SequenceExample "
    "ServerDef"
)
_SUMMARY = "Event SessionLog Summary SummaryDescription TaggedRunMetadata"
_PROFILER = "AdviceProto GraphNodeProto MultiGraphNodeProto OpLogProto"


def _publish(namespace, names):
    for name in names.split():
        export(namespace + name)(protos.message(name))


_publish("", _ROOT)
_publish("train.", _TRAIN)
_publish("summary.", _SUMMARY)
_publish("profiler.", _PROFILER)
