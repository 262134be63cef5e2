import importlib
import pathlib
import sys

import pytest

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import eagle as tf  # noqa: E402


def load_everything():
    """Loads every module of Eagle, so that the registry is complete."""
    home = pathlib.Path(tf.__file__).parent
    for path in sorted(home.rglob("*.py")):
        parts = path.relative_to(home.parent).with_suffix("").parts
        if parts[-1] != "__main__":
            importlib.import_module(".".join(parts[:-1] if parts[-1] == "__init__" else parts))


load_everything()


@pytest.fixture(autouse=True)
def fresh():
    """Every test begins in graph mode with an empty default graph."""
    tf.disable_eager_execution()
    tf.reset_default_graph()
    yield
    tf.disable_eager_execution()


@pytest.fixture
def eager():
    tf.enable_eager_execution()
    yield
    tf.disable_eager_execution()
