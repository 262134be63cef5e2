"""`tf.assign`, `tf.scatter_add` and their kin: functions that change a variable of either kind."""

from ..core.convert import convert
from ..core.dispatch import registry
from ..core.export import export, resolve
from ..core.scopes import name_scope


def _is_ref(ref):
    return ref.dtype._is_ref_dtype


@export("assign")
def assign(ref, value, validate_shape=None, use_locking=None, name=None):
    """Gives a variable a new value.

    Args:
      ref: a variable.
      value: a tensor or a value to make one of.
      validate_shape: whether the value must have the variable's shape (of ref variables; by default so).
      use_locking: has no meaning here: changes by several threads never mix.
      name: the name of the operation.

    Returns:
      Something to read the new value from, which also is the operation to run.
    """
    if _is_ref(ref):
        options = {} if validate_shape is None else dict(validate_shape=validate_shape)
        return registry["Assign"](ref, value, name=name, **options, **_locking(use_locking))
    return ref.assign(value, name=name)


def _locking(use_locking):
    return {} if use_locking is None else dict(use_locking=use_locking)


@export("assign_add")
def assign_add(ref, value, use_locking=None, name=None):
    """Adds to a variable; see `assign`."""
    if _is_ref(ref):
        return registry["AssignAdd"](ref, value, name=name, **_locking(use_locking))
    return ref.assign_add(value)


@export("assign_sub")
def assign_sub(ref, value, use_locking=None, name=None):
    """Subtracts from a variable; see `assign`."""
    if _is_ref(ref):
        return registry["AssignSub"](ref, value, name=name, **_locking(use_locking))
    return ref.assign_sub(value)


@export("count_up_to")
def count_up_to(ref, limit, name=None):
    """A tensor with the value of an integer variable, to which 1 is added, until `limit` is reached: then `OutOfRangeError`."""
    if _is_ref(ref):
        return registry["CountUpTo"](ref, limit=limit, name=name)
    return registry["ResourceCountUpTo"](ref.handle, limit=limit, T=ref.dtype, name=name)


def _scatter(way, verb, by_default):
    def scatter(ref, indices, updates, use_locking=by_default, name=None):
        if _is_ref(ref):
            return registry["Scatter" + way](ref, indices, updates, use_locking=use_locking, name=name)
        return ref._scatter_rows(way, indices, updates, name)

    scatter.__name__ = "scatter_" + way.lower()
    scatter.__doc__ = (
        """%s slices of a variable along its first dimension.

    Args:
      ref: a variable.
      indices: an int tensor: which slices.
      updates: a tensor of shape `indices.shape + ref.shape[1:]`, or a scalar.
      use_locking: has no meaning here: changes by several threads never mix.
      name: the name of the operation.

    Returns:
      Something to read the new value from, which also is the operation to run.
    """
        % verb
    )
    export(scatter.__name__)(scatter)


def _scatter_nd(way, verb, by_default):
    def scatter(ref, indices, updates, use_locking=by_default, name=None):
        if _is_ref(ref):
            return registry["ScatterNd" + way](ref, indices, updates, use_locking=use_locking, name=name)
        return ref._scatter_nd(way, indices, updates, name)

    scatter.__name__ = "scatter_nd_" + way.lower()
    scatter.__doc__ = (
        """%s elements or slices of a variable.

    Args:
      ref: a variable.
      indices: an int tensor whose last dimension holds the indices of an element or slice.
      updates: a tensor of shape `indices.shape[:-1] + ref.shape[indices.shape[-1]:]`.
      use_locking: has no meaning here: changes by several threads never mix.
      name: the name of the operation.

    Returns:
      Something to read the new value from, which also is the operation to run.
    """
        % verb
    )
    export(scatter.__name__)(scatter)


for _way, _verb in (("Update", "Replaces"), ("Add", "Adds to"), ("Sub", "Subtracts from"), ("Mul", "Multiplies"),
                    ("Div", "Divides"), ("Min", "Takes the minimum of"), ("Max", "Takes the maximum of")):  # fmt: skip
    _scatter(_way, _verb, _way == "Update")
    if _way in ("Update", "Add", "Sub"):
        _scatter_nd(_way, _verb, _way == "Update")


@export("batch_scatter_update")
def batch_scatter_update(ref, indices, updates, use_locking=True, name=None):
    """Replaces slices of every example of a batch: `ref[i, indices[i, j]] = updates[i, j]`.

    Args:
      ref: a variable.
      indices: an int tensor; all its dimensions but the last are those of the batch.
      updates: a tensor of shape `indices.shape + ref.shape[indices.rank:]`.
      use_locking: has no meaning here.
      name: the name scope.

    Raises:
      ValueError: the rank of `indices` is not known.
    """
    with name_scope(name):
        indices = convert(indices, None, "indices")
        sizes = resolve("shape")(indices)
        rank = indices.shape.ndims
        if rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        last = resolve("expand_dims")(indices, axis=-1)
        parts = []
        for i in range(rank - 1):
            shape = [1] * (rank + 1)
            shape[i] = size = sizes[i]
            numbers = resolve("reshape")(registry["Range"](0, size, 1), shape)
            if numbers.dtype.base_dtype != last.dtype:
                numbers = registry["Cast"](numbers, DstT=last.dtype)
            parts.append(numbers * resolve("ones_like")(last))
        places = resolve("concat")([*parts, last], axis=-1)
        return resolve("scatter_nd_update")(ref, places, updates, use_locking=use_locking)
