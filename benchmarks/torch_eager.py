"""The same rows in PyTorch, eager."""

import json
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from timing import best, clock

t0 = clock()
import torch
import torch.nn.functional as F

rows = {"import_s": clock() - t0}
torch.set_num_threads(2)
torch.manual_seed(0)
only = os.environ.get("ROWS", "").split(",") if os.environ.get("ROWS") else None


def row(name):
    def run(make):
        if not only or name in only:
            rows[name] = best(make())

    return run


@row("add_2x2")
def _():
    a, b = torch.ones(2, 2), torch.ones(2, 2)
    return lambda: a + b


@row("matmul_2x2")
def _():
    a, b = torch.ones(2, 2), torch.ones(2, 2)
    return lambda: a @ b


@row("small_chain_10_ops")
def _():
    x, w, b = torch.ones(8, 8), torch.ones(8, 8), torch.ones(8)

    def f():
        h = torch.tanh(x @ w + b)
        h = torch.relu(h @ w + b)
        return (torch.square(h - x) * 0.5).sum()

    return f


@row("scalar_gradient")
def _():
    def f():
        x = torch.tensor(2.0, requires_grad=True)
        return torch.autograd.grad(x * x + 2 * x + 4.0, x)

    return f


@row("implicit_linear_regression")
def _():
    w, b = torch.tensor(1.0, requires_grad=True), torch.tensor(0.0, requires_grad=True)
    x = torch.randn(32)
    y = 3 * x + 2

    def f():
        loss = torch.mean(torch.square(x * w + b - y))
        return loss, torch.autograd.grad(loss, (w, b))

    return f


def step(params, opt, loss):
    def f():
        opt.zero_grad()
        loss().backward()
        opt.step()

    return f


P = lambda *s: (torch.randn(*s) * 0.05).requires_grad_()


@row("minimize_mlp_adam_b100")
def _():
    x, y = torch.randn(100, 784), torch.randint(0, 10, (100,))
    w1, b1, w2, b2 = P(784, 128), torch.zeros(128, requires_grad=True), P(128, 10), torch.zeros(10, requires_grad=True)
    ps = [w1, b1, w2, b2]
    return step(ps, torch.optim.Adam(ps, 1e-3), lambda: F.cross_entropy(torch.relu(x @ w1 + b1) @ w2 + b2, y))


@row("minimize_cnn_b32")
def _():
    x, y = torch.randn(32, 1, 28, 28), torch.randint(0, 10, (32,))
    k1, k2, w1, w2 = P(32, 1, 5, 5), P(64, 32, 5, 5), P(7 * 7 * 64, 256), P(256, 10)
    ps = [k1, k2, w1, w2]

    def loss():
        h = F.max_pool2d(torch.relu(F.conv2d(x, k1, padding=2)), 2)
        h = F.max_pool2d(torch.relu(F.conv2d(h, k2, padding=2)), 2)
        return F.cross_entropy(torch.relu(h.reshape(-1, 7 * 7 * 64) @ w1) @ w2, y)

    return step(ps, torch.optim.SGD(ps, 1e-2), loss)


@row("minimize_lstm_t20_b32_h64")
def _():
    xs = [torch.randn(32, 64) for _ in range(20)]
    w, b = P(128, 256), torch.zeros(256, requires_grad=True)

    def loss():
        h = c = torch.zeros(32, 64)
        for x in xs:
            i, j, f, o = torch.split(torch.cat([x, h], 1) @ w + b, 64, 1)
            c = c * torch.sigmoid(f) + torch.sigmoid(i) * torch.tanh(j)
            h = torch.tanh(c) * torch.sigmoid(o)
        return torch.sum(torch.square(h))

    return step([w, b], torch.optim.SGD([w, b], 1e-2), loss)


@row("elementwise_1m_chain")
def _():
    x = torch.randn(1024, 1024)
    return lambda: (torch.tanh(x * 2.0 + 1.0) * torch.exp(-x * x)).sum()


@row("conv_fwd_64x28x28x32_5x5x64")
def _():
    x = torch.randn(64, 32, 28, 28).to(memory_format=torch.channels_last)
    k = torch.randn(64, 32, 5, 5).to(memory_format=torch.channels_last)
    return lambda: F.conv2d(x, k, padding=2)


@row("conv_grads_64x28x28x32_5x5x64")
def _():
    x = torch.randn(64, 32, 28, 28).to(memory_format=torch.channels_last).requires_grad_()
    k = torch.randn(64, 32, 5, 5).to(memory_format=torch.channels_last).requires_grad_()
    return lambda: torch.autograd.grad(F.conv2d(x, k, padding=2).sum(), (x, k))


@row("python_loop_100_tiny_steps")
def _():
    one, half = torch.tensor(1.0), torch.tensor(0.5)

    def f():
        x = torch.tensor(10.0)
        for _ in range(100):
            x = x * half if x > one else x + one
        return x

    return f


print(json.dumps(rows))
