"""How tests are run: `tf.test.main`, temporary directories, stubs."""

import atexit
import inspect
import os
import shutil
import sys
import tempfile
import unittest.mock

from absl.testing import absltest

from ..core.export import export
from ..core.scopes import enable_eager_execution
from ..platform import flags, tf_logging
from .benchmark import run_if_asked

export("test.mock", "python.platform.googletest.mock")(unittest.mock)
for _name in ("skip", "skipIf", "skipUnless", "expectedFailure", "TestLoader", "TestSuite"):
    export("python.platform.googletest." + _name)(getattr(unittest, _name))


@export("test.main", "python.platform.googletest.main")
def main(argv=None):
    """Runs the tests of the main module, or with `--benchmarks=REGEX` the benchmarks whose names match; ends the process.

    Args:
      argv: the command line; by default `sys.argv`.
    """
    run_if_asked(lambda: flags.run(main=lambda rest: absltest.main(argv=rest), argv=sys.argv if argv is None else argv))


@export("python.eager.test.main")
def main_eagerly(argv=None):
    """`main` with eager execution."""
    enable_eager_execution()
    main(argv)


_temp_dir = []


@export("test.get_temp_dir", "python.platform.googletest.GetTempDir")
def get_temp_dir():
    """A directory for temporary files, the same for the whole process; it is deleted at its end."""
    if not _temp_dir:
        prefix = os.environ.get("TEST_TMPDIR")
        if not prefix:
            program = os.path.basename(inspect.stack()[-1].filename)
            prefix = os.path.join(tempfile.gettempdir(), program.removesuffix(".py"))
        _temp_dir.append(tempfile.mkdtemp(prefix=prefix))
        atexit.register(_delete, _temp_dir[0])
    return _temp_dir[0]


def _delete(directory):
    try:
        shutil.rmtree(directory)
    except OSError as e:
        tf_logging.error("Error removing %s: %s", directory, e)


@export("test.test_src_dir_path", "python.platform.googletest.test_src_dir_path")
def test_src_dir_path(relative_path):
    """The path of a data file of TensorFlow's tests.

    Args:
      relative_path: the path below TensorFlow's root.

    Raises:
      KeyError: the variable TEST_SRCDIR of the environment is not set.
    """
    return os.path.join(os.environ["TEST_SRCDIR"], "org_tensorflow/tensorflow", relative_path)


test_src_dir_path.__test__ = False  # pytest takes its name for a test's


@export("python.platform.googletest.StatefulSessionAvailable")
def StatefulSessionAvailable():
    """Whether sessions keep state between tests: no."""
    return False


def _as_kept(holder, name, value):
    """An attribute's value as it must be set again: of a static method the static method, not the function."""
    return staticmethod(value) if isinstance(vars(holder).get(name), staticmethod) else value


@export("test.StubOutForTesting", "python.platform.googletest.StubOutForTesting")
class StubOutForTesting:
    """Replaces attributes for the time of a test; also a context manager."""

    def __init__(self):
        self._set = []
        self._smartly_set = []

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.CleanUp()

    def __del__(self):
        self.CleanUp()

    def CleanUp(self):
        """Brings back everything that was replaced."""
        self.SmartUnsetAll()
        self.UnsetAll()

    def SmartSet(self, obj, attr_name, new_attr):
        """Replaces an attribute where it is defined: of an object that inherits it, in its class.

        Args:
          obj: a module, class or object.
          attr_name: the attribute's name.
          new_attr: its new value.

        Raises:
          AttributeError: there is no such attribute.
        """
        holder = obj
        if not inspect.ismodule(obj) and (isinstance(obj, type) or attr_name not in vars(obj)):
            classes = obj.__mro__ if isinstance(obj, type) else type(obj).__mro__
            holder = classes[0]
            if not hasattr(holder, attr_name):
                raise AttributeError("Attribute not found.")
        before = getattr(obj, attr_name)
        if holder is not obj and not isinstance(before, type) and inspect.ismethod(before):
            before = before.__func__ if before.__self__ is obj else before
        self._smartly_set.append((holder, attr_name, _as_kept(holder, attr_name, before)))
        setattr(holder, attr_name, new_attr)

    def SmartUnsetAll(self):
        """Brings back what `SmartSet` replaced."""
        _restore(self._smartly_set)

    def Set(self, parent, child_name, new_child):
        """Replaces an attribute.

        Args:
          parent: a module, class or object.
          child_name: the attribute's name.
          new_child: its new value.
        """
        self._set.append((parent, child_name, _as_kept(parent, child_name, getattr(parent, child_name))))
        setattr(parent, child_name, new_child)

    def UnsetAll(self):
        """Brings back what `Set` replaced."""
        _restore(self._set)


def _restore(replaced):
    """Sets attributes to the values from before, the last one first, so that one replaced twice gets its first value."""
    while replaced:
        setattr(*replaced.pop())
