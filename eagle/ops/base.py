"""Loads the ops without which tensors are not whole: those behind their operators and the conversions to tensors."""

from . import arithmetic, binary, cast, comparison, division, filling, matmul, passing, reduce, shaping, sources, unary  # noqa: F401
