"""The portable kernels of convolution and pooling, which are their specification, against oneDNN's and XLA's."""

import concurrent.futures
import functools
import itertools
import time

import numpy as np
import pytest

from eagle.onednn import library
from eagle.ops import convolving, pooling, windows

needs_onednn = pytest.mark.skipif(not library.available(), reason="there is no oneDNN")
ENGINES = [pytest.param("onednn", marks=needs_onednn), "xla"]

# Spatial sizes, window, strides, dilations, padding, explicit paddings of the spatial dimensions.
GEOMETRIES = [
    ((7, 6), (3, 3), (1, 1), (1, 1), "SAME", None),
    ((7, 6), (3, 2), (2, 2), (1, 1), "SAME", None),
    ((7, 6), (2, 3), (2, 1), (1, 1), "VALID", None),
    ((8, 7), (1, 1), (2, 3), (1, 1), "SAME", None),
    ((9, 8), (3, 2), (1, 1), (2, 3), "SAME", None),
    ((9, 8), (2, 2), (1, 2), (3, 2), "VALID", None),
    ((5, 6), (2, 3), (1, 1), (1, 1), "EXPLICIT", ((1, 2), (0, 3))),
    ((4, 5, 6), (2, 3, 1), (1, 2, 1), (1, 1, 1), "SAME", None),
    ((4, 5, 6), (2, 2, 2), (2, 1, 2), (1, 1, 1), "VALID", None),
]
# Input channels, output channels, groups.
CHANNELS = [(3, 4, 1), (16, 32, 1), (1, 8, 1), (6, 4, 2), (5, 10, 5), (16, 16, 16)]


def make_plan(geometry, channels, data_format, batch=2):
    sizes, window, strides, dilations, padding, explicit = geometry
    inputs, outputs, groups = channels
    letters = "DHW"[-len(sizes) :]
    data_format = data_format.replace("*", letters)
    of = lambda values, edge: windows.assemble(edge, values, edge, data_format)
    pads = ()
    if explicit:
        pads = tuple(n for pair in windows.assemble((0, 0), explicit, (0, 0), data_format) for n in pair)
    return convolving.plan(
        windows.assemble(batch, sizes, inputs, data_format), (*window, inputs // groups, outputs), of(strides, 1), padding, pads,
        data_format, of(dilations, 1),
    )  # fmt: skip


def operands(plan, dtype=np.float32):
    rng = np.random.RandomState(7)
    shapes = plan.input_shape, plan.filter_shape, plan.output_shape
    return [rng.standard_normal(s).astype(dtype) for s in shapes]


def by_definition(plan, x, f):
    """The convolution of channels-last arrays, element by element."""
    x = windows.pad(windows.channels_last(x, plan.data_format).astype(float), plan.before, plan.after)
    out = np.zeros((x.shape[0], *plan.counts, plan.filter_shape[-1]))
    inputs, outputs = plan.filter_shape[-2], plan.filter_shape[-1] // plan.groups
    for place in np.ndindex(*plan.counts):
        for offset in np.ndindex(*plan.filter_shape[:-2]):
            at = tuple(p * s + o * d for p, s, o, d in zip(place, plan.strides, offset, plan.dilations))
            for g in range(plan.groups):
                pixel = x[(slice(None), *at, slice(g * inputs, (g + 1) * inputs))]
                out[(slice(None), *place, slice(g * outputs, (g + 1) * outputs))] += (
                    pixel @ f[(*offset, slice(None), slice(g * outputs, (g + 1) * outputs))]
                )
    return windows.channels_back(out, plan.data_format)


@pytest.mark.parametrize("geometry,channels", list(itertools.product(GEOMETRIES, CHANNELS[:1] + CHANNELS[3:5])))
def test_portable_convolution_is_the_definition(geometry, channels):
    plan = make_plan(geometry, channels, "N*C")
    x, f, g = operands(plan, np.float64)
    out = convolving.portable_forward(plan, x, f)
    np.testing.assert_allclose(out, by_definition(plan, x, f), rtol=1e-9, atol=1e-9)
    # The gradients are transposes: <y, conv(x)> is linear in x and f.
    np.testing.assert_allclose((convolving.portable_input_gradient(plan, f, g) * x).sum(), (out * g).sum(), rtol=1e-9)
    np.testing.assert_allclose((convolving.portable_filter_gradient(plan, x, g) * f).sum(), (out * g).sum(), rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("data_format", ["N*C", "NC*"])
@pytest.mark.parametrize("geometry,channels", list(itertools.product(GEOMETRIES, CHANNELS)))
def test_convolution_engines_agree(engine, data_format, geometry, channels):
    if engine == "xla" and channels not in (CHANNELS[0], CHANNELS[3]):
        pytest.skip("XLA takes its time to compile")
    plan = make_plan(geometry, channels, data_format)
    x, f, g = operands(plan)
    for name, arrays in (("forward", (x, f)), ("input_gradient", (f, g)), ("filter_gradient", (x, g))):
        expected = getattr(convolving, "portable_" + name)(plan, *arrays)
        if engine == "onednn":
            got = getattr(plan, name)(*arrays)
        else:
            got = np.asarray(getattr(convolving, "xla_" + name)(plan, *arrays))
        assert got.shape == expected.shape and got.dtype == expected.dtype
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-4)


@needs_onednn
def test_onednn_does_what_is_asked_of_it():
    """None of these silently falls back to NumPy."""
    for geometry, channels, data_format in itertools.product(GEOMETRIES, CHANNELS, ["N*C", "NC*"]):
        plan = make_plan(geometry, channels, data_format)
        for direction in ("forward", "data", "weights"):
            assert plan._make_primitive(direction), (geometry, channels, data_format, direction)


@pytest.mark.parametrize("dtype", [np.float16, "bfloat16"])
def test_types_of_two_bytes_are_summed_in_single_precision(dtype):
    import ml_dtypes

    dtype = np.dtype(ml_dtypes.bfloat16) if dtype == "bfloat16" else np.dtype(dtype)
    plan = make_plan(GEOMETRIES[0], (64, 8, 1), "N*C")
    x, f, _ = operands(plan, dtype)
    exact = convolving.portable_forward(plan, x.astype(np.float64), f.astype(np.float64))
    for got in (plan.forward(x, f), convolving.portable_forward(plan, x, f)):
        assert got.dtype == dtype
        np.testing.assert_array_equal(got, exact.astype(np.float32).astype(dtype))


def test_empty_arrays():
    plan = make_plan(GEOMETRIES[0], CHANNELS[0], "N*C", batch=0)
    x, f, g = operands(plan)
    assert plan.forward(x, f).shape == (0, 7, 6, 4) and plan.input_gradient(f, g).shape == (0, 7, 6, 3)
    assert not plan.filter_gradient(x, g).any()


POOLS = [((7, 6), (2, 2), (2, 2)), ((7, 6), (3, 2), (1, 2)), ((8, 8), (2, 3), (3, 1)), ((4, 5, 6), (2, 2, 3), (2, 1, 2))]


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("padding,data_format", list(itertools.product(["SAME", "VALID"], ["N*C", "NC*"])))
@pytest.mark.parametrize("sizes,window,strides", POOLS)
def test_pooling_engines_agree(engine, padding, data_format, sizes, window, strides):
    data_format = data_format.replace("*", "DHW"[-len(sizes) :])
    plan = pooling.plan(windows.assemble(2, sizes, 5, data_format), window, strides, padding, data_format)
    rng = np.random.RandomState(5)
    x, g = rng.standard_normal(plan.input_shape).astype("f"), rng.standard_normal(plan.output_shape).astype("f")
    for name, arrays in (("maximum", (x,)), ("average", (x,)), ("maximum_gradient", (x, g)), ("average_gradient", (g,))):
        expected = getattr(pooling, "portable_" + name)(plan, *arrays)
        if engine == "onednn":
            assert plan.primitive(name.replace("maximum", "max").replace("_", " "), np.dtype("f"))
            got = getattr(pooling, name)(np, plan, *arrays)
        else:
            got = np.asarray(getattr(pooling, "xla_" + name)(plan, *arrays))
        assert got.shape == expected.shape and got.dtype == expected.dtype
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)


def test_the_first_of_equal_maxima_gets_the_gradient():
    plan = pooling.plan((1, 4, 4, 1), (2, 2), (2, 2), "VALID", "NHWC")
    x, g = np.zeros(plan.input_shape, "f"), np.ones(plan.output_shape, "f")
    expected = np.zeros((4, 4), "f")
    expected[::2, ::2] = 1
    for gradient in (pooling.portable_maximum_gradient(plan, x, g), pooling.maximum_gradient(np, plan, x, g)):
        np.testing.assert_array_equal(gradient[0, :, :, 0], expected)


@needs_onednn
def test_one_primitive_serves_many_threads():
    plan = make_plan(GEOMETRIES[0], (16, 32, 1), "N*C")
    rng = np.random.RandomState(1)
    pairs = [
        (rng.standard_normal(plan.input_shape).astype("f"), rng.standard_normal(plan.filter_shape).astype("f")) for _ in range(40)
    ]
    with concurrent.futures.ThreadPoolExecutor(4) as threads:
        results = list(threads.map(lambda pair: plan.forward(*pair), pairs))
    for (x, f), got in zip(pairs, results):
        np.testing.assert_allclose(got, convolving.portable_forward(plan, x, f), rtol=1e-4, atol=1e-4)


def test_without_onednn_one_note_says_what_to_install(monkeypatch):
    monkeypatch.setattr(library, "_candidates", lambda: ["/nowhere/libdnnl.so.3"])
    monkeypatch.delenv("EAGLE_ONEDNN", raising=False)
    with pytest.warns(RuntimeWarning, match="pip install onednn-cpu-gomp"):
        assert library.load.__wrapped__() is None


@needs_onednn
def test_threads_that_are_the_first_to_use_onednn_share_its_engine(monkeypatch):
    made = []

    def slowly(name, *args):
        time.sleep(0.05)
        made.append(object())
        return made[-1]

    monkeypatch.setattr(library, "create", slowly)
    monkeypatch.setattr(library, "_engines", [])
    monkeypatch.setattr(library, "engine", functools.cache(library.engine.__wrapped__))
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        found = list(pool.map(lambda unused: library.engine(), range(4)))
    assert len(made) == 1 and found == made * 4
