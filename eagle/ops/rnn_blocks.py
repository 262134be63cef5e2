"""Whole LSTMs and GRUs as ops: `BlockLSTM`, `LSTMBlockCell`, `GRUBlockCell`."""

import numpy as np

from ..core import shape as shapes
from ..core.errors import invalid
from ..core.op import Host, op
from .bias import _bias_add_grad as bias_add_grad
from .joining import concat
from .matmul import matmul
from .slicing import slice_

_ICFO, _IFCO = ("i", "c", "f", "o"), ("i", "f", "c", "o")  # the order of the gates in the weights


def _sigmoid(xp, x):
    return 1 / (1 + xp.exp(-x))


def _check_sizes(batch_size, input_size, cs_prev, h_prev, w, b):
    cell_size = cs_prev.shape[1]
    wanted = [
        ("cs_prev.dims(0) != batch_size", cs_prev.shape[0], batch_size),
        ("h_prev.dims(0) != batch_size", h_prev.shape[0], batch_size),
        ("h_prev.dims(1) != cell_size", h_prev.shape[1], cell_size),
        ("w.dim_size(0) != input_size + cell_size", w.shape[0], input_size + cell_size),
        ("w.dim_size(1) != cell_size * 4", w.shape[1], cell_size * 4),
        ("b.dim_size(0) != cell_size * 4", b.shape[0], cell_size * 4),
    ]
    for text, have, want in wanted:
        if have != want:
            raise invalid("%s: %d vs. %d", text, have, want)


def _step(xp, x, cs_prev, h_prev, w, wci, wcf, wco, b, forget_bias, cell_clip, use_peephole, order=_ICFO):
    """A step of an LSTM: `(i, cs, f, o, ci, co, h)`."""
    size = cs_prev.shape[1]
    gates = xp.concatenate([x, h_prev], 1) @ w + b
    part = {gate: gates[:, n * size : (n + 1) * size] for n, gate in enumerate(order)}
    forget = part["f"] + xp.asarray(forget_bias, x.dtype)
    i = _sigmoid(xp, part["i"] + cs_prev * wci if use_peephole else part["i"])
    ci = xp.tanh(part["c"])
    f = _sigmoid(xp, forget + cs_prev * wcf if use_peephole else forget)
    cs = i * ci + f * cs_prev
    if cell_clip > 0:
        cs = xp.clip(cs, -xp.asarray(cell_clip, x.dtype), xp.asarray(cell_clip, x.dtype))
    co = xp.tanh(cs)
    o = _sigmoid(xp, part["o"] + cs * wco if use_peephole else part["o"])
    return i, cs, f, o, ci, co, o * co


def _step_back(xp, cs_prev, wci, wcf, wco, i, cs, f, o, ci, co, cs_grad, h_grad, use_peephole, order=_ICFO):
    """The gradients of a step: those of the state before and of the gates, and by name those of each gate."""
    d = {"o": o * (1 - o) * h_grad * co}
    dcs = (1 - co * co) * h_grad * o + cs_grad
    if use_peephole:
        dcs = dcs + d["o"] * wco
    d["c"] = (1 - ci * ci) * dcs * i
    d["f"] = f * (1 - f) * dcs * cs_prev
    d["i"] = i * (1 - i) * dcs * ci
    before = dcs * f
    if use_peephole:
        before = before + d["i"] * wci + d["f"] * wcf
    return before, xp.concatenate([d[gate] for gate in order], 1), d


def _peephole_gradients(xp, d, cs_prev, cs):
    return (d["i"] * cs_prev).sum(0), (d["f"] * cs_prev).sum(0), (d["o"] * cs).sum(0)


# ---------------------------------------------------------------------------------------------------------------- one step


@op("LSTMBlockCell")
def _lstm_cell(xp, x, cs_prev, h_prev, w, wci, wcf, wco, b, *, forget_bias=1.0, cell_clip=3.0, use_peephole=False):
    _check_sizes(*x.shape, cs_prev, h_prev, w, b)
    return _step(xp, x, cs_prev, h_prev, w, wci, wcf, wco, b, forget_bias, cell_clip, use_peephole)


@_lstm_cell.shape
def _(x, cs_prev, h_prev, w, wci, wcf, wco, b):
    return [(shapes.with_rank(x, 2)[0], shapes.with_rank(cs_prev, 2)[1])] * 7


@_lstm_cell.grad
def _(d_i, d_cs, d_f, d_o, d_ci, d_co, d_h, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, *, use_peephole):
    batch_size, input_size, cell_size = x._shape[0], x._shape[1], cs_prev._shape[1]
    if input_size is None:
        raise ValueError("input_size from `x` should not be None.")
    if cell_size is None:
        raise ValueError("cell_size from `cs_prev` should not be None.")
    rows = -1 if batch_size is None else batch_size
    before, gates, d_wci, d_wcf, d_wco = _lstm_cell_grad(
        x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, d_cs, d_h, use_peephole=use_peephole)  # fmt: skip
    joined = matmul(gates, w, transpose_b=True)
    d_x, d_h_prev = slice_(joined, (0, 0), (rows, input_size)), slice_(joined, (0, input_size), (rows, cell_size))
    d_w = matmul(concat([x, h_prev], 1), gates, transpose_a=True)
    return d_x, before, d_h_prev, d_w, d_wci, d_wcf, d_wco, bias_add_grad(gates)


@op("LSTMBlockCellGrad")
def _lstm_cell_grad(xp, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, cs_grad, h_grad, *, use_peephole):
    before, gates, d = _step_back(xp, cs_prev, wci, wcf, wco, i, cs, f, o, ci, co, cs_grad, h_grad, use_peephole)
    zero = xp.zeros_like(wci)
    return (before, gates, *(_peephole_gradients(xp, d, cs_prev, cs) if use_peephole else (zero, zero, zero)))


@_lstm_cell_grad.shape
def _(x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, cs_grad, h_grad):
    batch_size, size = shapes.with_rank(x, 2)[0], shapes.with_rank(cs_prev, 2)[1]
    return [(batch_size, size), (batch_size, None if size is None else 4 * size), (size,), (size,), (size,)]


_lstm_cell_grad.not_differentiable()


def _lstm_inputs(make):
    """The inputs of a step of two rows, with three inputs and two units."""
    return make(2, 3), make(2, 2), make(2, 2), make(5, 8), make(2), make(2), make(2), make(8)


@_lstm_cell.samples
def _(make):
    inputs = _lstm_inputs(make)
    yield *inputs, dict(cell_clip=-1.0)
    yield *inputs, dict(forget_bias=0.5, cell_clip=20.0, use_peephole=True)


@_lstm_cell_grad.samples
def _(make):
    for peephole in (False, True):
        yield (
            *_lstm_inputs(make),
            *(make.between(0.1, 0.9, 2, 2) for _ in range(6)),
            make(2, 2),
            make(2, 2),
            dict(use_peephole=peephole),
        )


# --------------------------------------------------------------------------------------------------------------- all steps


def _run(xp, steps, x, cs_prev, h_prev, w, wci, wcf, wco, b, forget_bias, cell_clip, use_peephole, order):
    _check_sizes(*x.shape[1:], cs_prev, h_prev, w, b)
    found = []
    for t in range(min(steps, x.shape[0])):
        found.append(_step(xp, x[t], cs_prev, h_prev, w, wci, wcf, wco, b, forget_bias, cell_clip, use_peephole, order))
        cs_prev, h_prev = found[-1][1], found[-1][6]
    nothing = xp.zeros_like(cs_prev)
    found += [[nothing] * 7] * (x.shape[0] - len(found))
    if not found:
        return tuple(xp.zeros((0, *cs_prev.shape), x.dtype) for _ in range(7))
    return tuple(xp.stack(column) for column in zip(*found))


def _run_back(xp, steps, x, cs_prev, h_prev, w, wci, wcf, wco, i, cs, f, o, ci, co, h, cs_grad, h_grad, use_peephole, order):
    size, inputs = cs_prev.shape[1], x.shape[2]
    d_cs, d_h = xp.zeros_like(cs_prev), xp.zeros_like(h_prev)
    d_w, d_b = xp.zeros_like(w), xp.zeros(4 * size, x.dtype)
    peepholes = [xp.zeros_like(wci)] * 3
    rows = [xp.zeros(x.shape[1:], x.dtype)] * (x.shape[0] - steps)  # from the last to the first
    for t in range(steps - 1, -1, -1):
        c_before, h_before = (cs[t - 1], h[t - 1]) if t else (cs_prev, h_prev)
        d_cs, gates, d = _step_back(xp, c_before, wci, wcf, wco, i[t], cs[t], f[t], o[t], ci[t], co[t], cs_grad[t] + d_cs,
                                    h_grad[t] + d_h, use_peephole, order)  # fmt: skip
        joined = gates @ w.T
        rows.append(joined[:, :inputs])
        d_h = joined[:, inputs:]
        d_w = d_w + xp.concatenate([x[t], h_before], 1).T @ gates
        d_b = d_b + gates.sum(0)
        if use_peephole:
            peepholes = [p + g for p, g in zip(peepholes, _peephole_gradients(xp, d, c_before, cs[t]))]
    d_x = xp.stack(rows[::-1]) if rows else xp.zeros_like(x)
    return (d_x, d_cs, d_h, d_w, *peepholes, d_b)


def _declare_lstm(name, order, second):
    """Declares the op of an LSTM and that of its gradient.

    Args:
      name: the op's name.
      order: the order of the gates in the weights.
      second: the suffix of the gradient's name.
    """
    if order is _ICFO:

        @op(name)
        def forward(xp, seq_len_max: Host, x, cs_prev, h_prev, w, wci, wcf, wco, b, *, forget_bias=1.0, cell_clip=3.0,
                    use_peephole=False):  # fmt: skip
            return _run(xp, seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, forget_bias, cell_clip, use_peephole, order)

    else:

        @op(name)
        def forward(xp, seq_len_max: Host, x, cs_prev, h_prev, w, wci, wcf, wco, b, *, cell_clip=0.0, use_peephole=False):
            return _run(xp, seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, 0.0, cell_clip, use_peephole, order)

    @op("BlockLSTMGrad" + second)
    def backward(xp, seq_len_max: Host, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, h, cs_grad, h_grad, *,
                 use_peephole):  # fmt: skip
        steps = min(seq_len_max, x.shape[0])
        return _run_back(xp, steps, x, cs_prev, h_prev, w, wci, wcf, wco, i, cs, f, o, ci, co, h, cs_grad, h_grad, use_peephole,
                         order)  # fmt: skip

    @forward.shape
    def _(seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b):
        steps, batch_size, _ = shapes.with_rank(x, 3)
        size = shapes.with_rank(b, 1)[0]
        return [(steps, batch_size, None if size is None else size // 4)] * 7

    @forward.grad
    def _(d_i, d_cs, d_f, d_o, d_ci, d_co, d_h, seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, h, *,
          use_peephole):  # fmt: skip
        return (None, *backward(seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, h, d_cs, d_h,
                                use_peephole=use_peephole))  # fmt: skip

    @backward.shape
    def _(seq_len_max, x, cs_prev, h_prev, w, wci, wcf, wco, b, i, cs, f, o, ci, co, h, cs_grad, h_grad):
        ranks = zip((x, cs_prev, h_prev, w, wci, wcf, wco, b), (3, 2, 2, 2, 1, 1, 1, 1))
        return [s if s is None else shapes.with_rank(s, r) for s, r in ranks]

    backward.not_differentiable()

    @forward.samples
    def _(make):
        x, *others = _lstm_inputs(make)
        x = np.stack([x, -x, x])
        yield np.int64(3), x, *others, dict(cell_clip=-1.0)
        yield np.int64(3), x, *others, dict(cell_clip=20.0, use_peephole=True)

    @backward.samples
    def _(make):
        x, *others = _lstm_inputs(make)
        x = np.stack([x, -x, x])
        for peephole in (False, True):
            yield (np.int64(2), x, *others, *(make.between(0.1, 0.9, 3, 2, 2) for _ in range(7)), make(3, 2, 2), make(3, 2, 2),
                   dict(use_peephole=peephole))  # fmt: skip

    return forward


block_lstm = _declare_lstm("BlockLSTM", _ICFO, "")
block_lstm_v2 = _declare_lstm("BlockLSTMV2", _IFCO, "V2")
lstm_block_cell = _lstm_cell


# --------------------------------------------------------------------------------------------------------------------- GRU


@op("GRUBlockCell")
def _gru_cell(xp, x, h_prev, w_ru, w_c, b_ru, b_c):
    size = h_prev.shape[1]
    _check_gru(*x.shape, size, h_prev, w_ru, w_c, b_ru, b_c)
    gates = xp.concatenate([x, h_prev], 1) @ w_ru + b_ru
    r, u = _sigmoid(xp, gates[:, :size]), _sigmoid(xp, gates[:, size:])
    c = xp.tanh(xp.concatenate([x, h_prev * r], 1) @ w_c + b_c)
    return r, u, c, u * (h_prev - c) + c


def _check_gru(batch_size, input_size, size, h_prev, w_ru, w_c, b_ru, b_c):
    wanted = [
        ("h_prev.dims(0) != batch_size", h_prev.shape[0], batch_size),
        ("w_ru.dim_size(0) != input_size + cell_size", w_ru.shape[0], input_size + size),
        ("w_ru.dim_size(1) != cell_size * 2", w_ru.shape[1], size * 2),
        ("w_c.dim_size(0) != input_size + cell_size", w_c.shape[0], input_size + size),
        ("w_c.dim_size(1) != cell_size", w_c.shape[1], size),
        ("b_ru.dim_size(0) != cell_size * 2", b_ru.shape[0], size * 2),
        ("b_c.dim_size(0) != cell_size", b_c.shape[0], size),
    ]
    for text, have, want in wanted:
        if have != want:
            raise invalid("%s: %d vs. %d", text, have, want)


@_gru_cell.shape
def _(x, h_prev, w_ru, w_c, b_ru, b_c):
    return [(shapes.with_rank(x, 2)[0], shapes.with_rank(h_prev, 2)[1])] * 4


@_gru_cell.grad
def _(d_r, d_u, d_c, d_h, x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c):
    d_x, d_h_prev, d_candidate, d_gates = _gru_cell_grad(x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c, d_h)
    d_w_ru = matmul(concat([x, h_prev], 1), d_gates, transpose_a=True)
    d_w_c = matmul(concat([x, h_prev * r], 1), d_candidate, transpose_a=True)
    return d_x, d_h_prev, d_w_ru, d_w_c, bias_add_grad(d_gates), bias_add_grad(d_candidate)


@op("GRUBlockCellGrad")
def _gru_cell_grad(xp, x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c, d_h):
    inputs = x.shape[1]
    d_candidate = d_h * (1 - u) * (1 - c * c)
    d_u = d_h * (h_prev - c) * u * (1 - u)
    second = d_candidate @ w_c.T
    d_hr = second[:, inputs:]
    d_gates = xp.concatenate([d_hr * h_prev * r * (1 - r), d_u], 1)
    first = d_gates @ w_ru.T
    return (first + second)[:, :inputs], first[:, inputs:] + d_hr * r + d_h * u, d_candidate, d_gates


@_gru_cell_grad.shape
def _(x, h_prev, w_ru, w_c, b_ru, b_c, r, u, c, d_h):
    x, w_ru = shapes.with_rank(x, 2), shapes.with_rank(w_ru, 2)
    inner = x[0], shapes.with_rank(h_prev, 2)[1]
    return [x, inner, inner, (x[0], w_ru[1])]


_gru_cell_grad.not_differentiable()
gru_block_cell = _gru_cell


def _gru_inputs(make):
    return make(2, 3), make(2, 2), make(5, 4), make(5, 2), make(4), make(2)


@_gru_cell.samples
def _(make):
    yield _gru_inputs(make)


@_gru_cell_grad.samples
def _(make):
    yield *_gru_inputs(make), *(make.between(0.1, 0.9, 2, 2) for _ in range(3)), make(2, 2)
