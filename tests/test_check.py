"""`eagle check`: names in programs, and whether Eagle has them."""

import json

import pytest

from eagle.legacy import check, cli, lookup

PROGRAM = """
import numpy as np
import tensorflow as tf
import tensorflow.nosuch.module as inner
from tensorflow.python.framework import ops as tf_ops
from tensorflow.python.ops.math_ops import reduce_sum, no_such_op
from other import something

nn = tf.nn

def f(x):
    y = tf.nn.relu(tf.matmul(x, x)).eval()
    return nn.softmax(y), tf_ops.convert_to_tensor(x), tf.float32.size, tf.no_such_name(tf.nn.relu), np.nn.relu

class Model(tf.Module, something.tf):
    kind: tf.no_such_type = tf.GraphKeys.LOSSES, tf.GraphKeys.NO_SUCH_KEY
"""


def test_names_with_lines():
    found = check.names_in(PROGRAM)
    assert found["nn.relu"] == [12, 13] and found["matmul"] == [12] and found["float32.size"] == [13]
    assert found["nn.softmax"] == [13] and found["python.framework.ops.convert_to_tensor"] == [13]
    assert found["nosuch.module"] == [4] and found["python.ops.math_ops.no_such_op"] == [6]
    assert found["no_such_type"] == [16] and not any("something" in name or "numpy" in name for name in found)


@pytest.mark.parametrize(
    "name",
    "nn.relu nn Session.run float32.size compat.v1.nn.relu compat.v1 python.framework python.framework.ops __version__ "
    "python.framework.ops.convert_to_tensor python.ops.math_ops.reduce_sum GraphKeys.LOSSES app.flags.FLAGS.anything "
    "core.framework.graph_pb2 core.framework.graph_pb2.GraphDef contrib contrib.eager".split(),
)
def test_there(name):
    assert lookup.has(name)


@pytest.mark.parametrize(
    "name", ["no_such_name", "nn.no_such_name", "no.such.module", "python.ops.math_ops.no_such_op", "GraphKeys.NO_SUCH_KEY",
             "core.framework.graph_pb2.NoSuchMessage", "contrib.no_such_family.f", "Session.no_such_method"]
)  # fmt: skip
def test_not_there(name):
    assert not lookup.has(name)


def test_command(tmp_path, capsys):
    (tmp_path / "good.py").write_text("import tensorflow as tf\nprint(tf.constant(1))\n")
    (tmp_path / "plain.py").write_text("print(1)\n")
    assert cli.main(["check", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ("%s/good.py: 1 names, 0 missing\ntotal: 1 files, 1 names, 1 there, 0 missing\n" % tmp_path)
    (tmp_path / "inner").mkdir()
    (tmp_path / "inner" / "bad.py").write_text("import tensorflow as tf\ntf.no_such_name(1)\ntf.no_such_name(2)\n")
    (tmp_path / "old.py").write_text("import tensorflow as tf\nprint tf\n")
    assert cli.main(["check", str(tmp_path / "old.py")]) == 2
    assert "can't be read: line 2" in capsys.readouterr().out
    assert cli.main(["check", "--json", str(tmp_path)]) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["total"] == {"files": 3, "unreadable": 1, "names": 2, "present": 1, "missing": {"tf.no_such_name": 1}}
    assert told["files"][2] == {"file": str(tmp_path / "inner" / "bad.py"), "present": {}, "missing": {"tf.no_such_name": [2, 3]}}
    with pytest.raises(SystemExit):
        cli.main(["check", str(tmp_path / "absent.py")])
