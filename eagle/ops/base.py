"""Loads the ops without which tensors are not whole: those behind their operators and the conversions to tensors."""

from . import (  # noqa: F401
    arithmetic,
    binary,
    cast,
    comparison,
    division,
    filling,
    joining,
    matmul,
    passing,
    reduce,
    shaping,
    slicing,
    sources,
    unary,
)
