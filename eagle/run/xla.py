"""JAX, the engine of hot graphs: loaded when it is first needed."""

import contextlib
import functools
import logging
import os
import threading

import numpy as np

from ..core import dtypes, tracing
from ..core.dispatch import host_value
from ..core.tracing import NotCompilable, Trace, is_traced
from . import leaving

_MOST_ON_DISK = 1 << 30  # bytes


@functools.cache
def jax():
    """The JAX module."""
    import jax

    tracing.use_jax(jax)
    leaving.watch()
    engine = logging.getLogger("jax")
    if not engine.level:  # what it tells about devices and programs is news to nobody who runs a graph
        engine.setLevel(logging.WARNING)
    _cache_on_disk(jax.config)
    return jax


def _cache_on_disk(config):
    """Lets JAX keep compiled programs on disk, unless the user has a say in that: a second start of a program is a warm one."""
    folder = os.environ.get("EAGLE_CACHE") or os.path.join(os.path.expanduser("~"), ".cache", "eagle", "xla")
    if folder == "off" or config.jax_compilation_cache_dir or not config.jax_enable_compilation_cache:
        return
    config.update("jax_compilation_cache_dir", folder)
    config.update("jax_persistent_cache_min_compile_time_secs", 0.1)
    _prune(folder)


def _prune(folder):
    """Deletes the files of a folder that have not been used for longest, until the others are not too large."""
    try:
        found = [(entry.path, entry.stat()) for entry in os.scandir(folder)]
    except OSError:
        return
    room = _MOST_ON_DISK
    for path, status in sorted(found, key=lambda item: max(item[1].st_atime, item[1].st_mtime), reverse=True):
        room -= status.st_size
        if room < 0:
            with contextlib.suppress(OSError):
                os.unlink(path)


def with_64_bits():
    """A context manager in which JAX has 64-bit types, as TensorFlow does; other users of JAX in the process keep theirs."""
    return jax().enable_x64(True)


def compiled(lowered):
    """A lowered program compiled by XLA."""
    return lowered.compile(compiler_options=_options())


@functools.cache
def _options():
    """What XLA is told about every program.

    On processors its schedule for as much as possible at once makes what follows wait for other threads: a step of a small network
    takes a sixth longer, on two cores, than operation by operation, each of which several threads may share.
    """
    options = {"xla_cpu_scheduler_type": "CPU_SCHEDULER_TYPE_MEMORY_OPTIMIZED", "xla_cpu_prefer_vector_width": 512}
    if jax().default_backend() != "cpu":
        return None
    try:
        jax().jit(lambda: 0).lower().compile(compiler_options=options)
    except Exception:  # this version of XLA has no such option
        return None
    return options


def kernel(op):
    """An op's kernel bound to `jax.numpy`, casting where NumPy's rules differ from TensorFlow's."""
    import jax.numpy as jnp

    function = functools.partial(op.kernels.get("xla", op.kernel), jnp)
    if not op.promotes:
        return function
    return lambda *args, **attrs: function(*args, **attrs).astype(args[0].dtype)


@functools.lru_cache(maxsize=4096)
def traced_kernel(op, types):
    """An op's kernel for traced programs: NumPy's if all inputs are known, else that for `jax.numpy`.

    Args:
      op: the `Op`.
      types: the NumPy types that its outputs have.
    """
    compiled = None

    def call(*args, **attrs):
        nonlocal compiled
        if not threading.main_thread().is_alive():  # nobody waits for the program any more
            raise NotCompilable("the process is about to end")
        if not is_traced(args) and not op.compiles:
            return op.numpy(*args, **attrs)
        if compiled is None:
            compiled = kernel(op)
        result = compiled(*args, **attrs)
        if op.single:
            return _typed(result, types[0])
        return [_typed(r, t) for r, t in zip(op.flatten(result), types)]

    call.__name__ = op.name
    return call


def _typed(value, dtype):
    """A value with the type that its tensor has."""
    have = getattr(value, "dtype", None)
    return value if have is None or have == dtype or not isinstance(dtype, np.dtype) else value.astype(dtype)


def evaluate(op, args, attrs):
    """The outputs of an op computed by a program of its own, compiled by XLA; a flat list of arrays."""
    host = {i: host_value(a) if k != "k" else a for i, (a, k) in enumerate(zip(args, op.rule_kinds)) if k in "hsvk"}
    traced = [a for i, a in enumerate(args) if i not in host]
    named = {n: v for n, v in attrs.items() if n in op.attr_names}
    for a, value in zip(op.definition.inputs, args):
        if a.type_attr in op.inferred_attrs and not a.is_list:
            named[a.type_attr] = dtypes.FROM_NUMPY[value.dtype]

    def program(*given):
        values = iter(given)
        with Trace() as trace:
            result = kernel(op)(*[host[i] if i in host else next(values) for i in range(len(args))], **named)
        return result, trace.passed()

    with with_64_bits():
        result, passed = jax().jit(program)(*traced)
    if not passed:
        op.numpy(*args, **named)  # says what is wrong
    return op.flatten(result)
