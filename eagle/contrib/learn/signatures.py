"""Types and shapes of an estimator's first input, with which others must agree."""

import collections

from ...core.export import public as tf
from ...core.sparse_tensor import SparseTensor

_Signature = collections.namedtuple("TensorSignature", ["dtype", "shape", "is_sparse"])


def _one(tensor):
    if isinstance(tensor, SparseTensor):
        return _Signature(tensor.values.dtype, None, True)
    return _Signature(tensor.dtype, tensor.shape, False)


def signatures(tensors):
    """The signature of a tensor, or a dict of signatures; None for None."""
    if isinstance(tensors, dict):
        return {key: _one(tensor) for key, tensor in tensors.items()}
    return None if tensors is None else _one(tensors)


def _agree(tensor, signature):
    own = _one(tensor)
    if own.is_sparse != signature.is_sparse or not own.dtype.is_compatible_with(signature.dtype):
        return False
    if own.is_sparse or own.shape.ndims is None or signature.shape.ndims is None:
        return True
    return own.shape.ndims == signature.shape.ndims and own.shape[1:].is_compatible_with(signature.shape[1:])


def compatible(tensors, known):
    """Whether tensors agree with signatures in all but the number of examples."""
    if tensors is None or known is None:
        return tensors is known
    if isinstance(tensors, dict):
        return isinstance(known, dict) and all(key in tensors and _agree(tensors[key], own) for key, own in known.items())
    return not isinstance(known, dict) and _agree(tensors, known)


def _placeholder(signature):
    if signature.is_sparse:
        return tf.sparse_placeholder(signature.dtype)
    return tf.placeholder(signature.dtype, shape=[None, *signature.shape[1:]])


def placeholders(known):
    """Placeholders for what has signatures."""
    if isinstance(known, dict):
        return {key: _placeholder(signature) for key, signature in known.items()}
    return None if known is None else _placeholder(known)
