"""Programs that use what Python and its libraries have dropped since TensorFlow 1 run through `eagle run`."""

import subprocess
import sys

from google.protobuf import descriptor_pb2

NAMES = """
import collections, inspect, time
import numpy as np
import tensorflow as tf
from PIL import Image

assert Image.ANTIALIAS == Image.LANCZOS
assert (np.float, np.int, np.object, np.float_) == (float, int, object, np.float64)
assert np.product([2, 3]) == 6 and np.asscalar(np.array([2])) == 2 and np.NINF == -np.inf
assert np.reshape(np.arange(4), newshape=(2, 2)).shape == np.reshape(np.arange(4), (2, 2)).shape == (2, 2)
assert np.asfarray([1]).dtype == np.float64 and np.asfarray([1], np.float32).dtype == np.float32
assert type(np.meshgrid([1, 2], [3])) is list and np.meshgrid([1, 2], [3], indexing="ij")[0].shape == (2, 1)
assert isinstance([], collections.Iterable) and time.clock() >= 0
assert inspect.getargspec(lambda a, b=1, *c, **d: 0) == (["a", "b"], "c", "d", (1,))
print("fine")
"""

GENERATED = """
import sys
_b = sys.version_info[0] < 3 and (lambda x: x) or (lambda x: x.encode('latin1'))
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from google.protobuf import reflection as _reflection

DESCRIPTOR = _descriptor.FileDescriptor(name='point.proto', package='', syntax='proto3', serialized_pb=%s)
_POINT = _descriptor.Descriptor(name='Point', full_name='Point', filename=None, file=DESCRIPTOR, containing_type=None, fields=[
    _descriptor.FieldDescriptor(name='x', full_name='Point.x', index=0, number=1, type=5, cpp_type=1, label=1, default_value=0,
                                has_default_value=False, message_type=None, enum_type=None, containing_type=None,
                                is_extension=False, extension_scope=None)])
Point = _reflection.GeneratedProtocolMessageType('Point', (_message.Message,), dict(DESCRIPTOR=_POINT, __module__='point_pb2'))
"""


def run(folder, program):
    path = folder / "program.py"
    path.write_text(program)
    done = subprocess.run([sys.executable, "-m", "eagle", "run", str(path)], capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_dropped_names(tmp_path):
    assert run(tmp_path, NAMES) == "fine\n"


def test_messages_of_old_generated_modules(tmp_path):
    file = descriptor_pb2.FileDescriptorProto(name="point.proto", syntax="proto3")
    field = descriptor_pb2.FieldDescriptorProto(name="x", number=1, type=5, label=1)
    file.message_type.add(name="Point").field.append(field)
    serialized = file.SerializeToString()
    use = "import point_pb2\nprint(point_pb2.Point(x=3).x, point_pb2.DESCRIPTOR.name, point_pb2.Point.__module__)\n"
    for text in ("_b(%r)" % serialized.decode("latin1"), repr(serialized)):
        (tmp_path / "point_pb2.py").write_text(GENERATED % text)
        assert run(tmp_path, use) == "3 point.proto point_pb2\n"


SCIPY_MISC = """
import os, tempfile
import numpy as np
import scipy.misc
from scipy import misc

picture = np.arange(4 * 6 * 3).reshape(4, 6, 3)
assert misc.bytescale(np.array([0.0, 1.0, 2.0])).tolist() == [0, 128, 255]
assert scipy.misc.imresize(picture.astype(np.uint8), (8, 3)).shape == (8, 3, 3)
assert misc.imresize(picture, 50).shape == (2, 3, 3) and misc.imresize(picture, 2.0, "nearest").shape == (8, 12, 3)
path = os.path.join(tempfile.mkdtemp(), "picture.png")
scipy.misc.imsave(path, picture)
again = scipy.misc.imread(path)
assert again.shape == (4, 6, 3) and again.min() == 0 and again.max() == 255
assert misc.imread(path, mode="L").shape == (4, 6) and misc.imread(path, flatten=True).dtype == np.float32
assert misc.toimage(np.eye(2)).mode == "L" and misc.toimage(np.moveaxis(picture, 2, 0)).size == (6, 4)
assert misc.imrotate(again, 90).shape == (4, 6, 3)
try:
    misc.toimage(np.zeros(3))
except ValueError as e:
    print(e)
"""


def test_images_of_scipy(tmp_path):
    assert run(tmp_path, SCIPY_MISC) == "'arr' does not have a suitable array shape for any mode.\n"
