"""`tf.feature_column.input_layer` and `linear_model`: tensors of columns, and their weighted sums."""

from ..core.collections import GraphKeys, get_collection
from ..core.export import export, public as tf
from ..core.scopes import name_scope
from ..variables.scope import get_variable, get_variable_scope, variable_scope
from .base import Builder, CategoricalColumn, DenseColumn, check_batch_sizes, checked_columns


def _collections(given):
    given = list(given or [])
    return given + [key for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.MODEL_VARIABLES) if key not in given]


def _flat(column, tensor):
    return tf.reshape(tensor, shape=(tf.shape(tensor)[0], column._variable_shape.num_elements()))


@export("feature_column.input_layer")
def input_layer(features, feature_columns, weight_collections=None, trainable=True, cols_to_vars=None, cols_to_output_tensors=None):
    """The tensors of columns side by side, in the order of the columns' names.

    Args:
      features: a dict from names to tensors.
      feature_columns: the columns, all dense.
      weight_collections: further collections for variables.
      trainable: whether variables are trained.
      cols_to_vars: a dict that gets the variables of the columns.
      cols_to_output_tensors: a dict that gets their tensors.

    Raises:
      ValueError: a column is not dense, or has another batch size.
    """
    columns = checked_columns(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn):
            raise ValueError("Items of feature_columns must be a _DenseColumn. You can wrap a categorical column with an "
                             "embedding_column or indicator_column. Given: %s" % (column,))  # fmt: skip
    weight_collections = _collections(weight_collections)
    with variable_scope(None, default_name="input_layer", values=features.values()):
        builder, outputs = Builder(features), []
        columns = sorted(columns, key=lambda c: c.name)
        for column in columns:
            with variable_scope(None, default_name=column._var_scope_name):
                tensor = column._get_dense_tensor(builder, weight_collections=weight_collections, trainable=trainable)
                outputs.append(_flat(column, tensor))
                if cols_to_vars is not None:
                    cols_to_vars[column] = get_collection(GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name)
                if cols_to_output_tensors is not None:
                    cols_to_output_tensors[column] = outputs[-1]
        check_batch_sizes(outputs, columns)
        return tf.concat(outputs, 1)


def _weighted_sum(column, builder, units, combiner, weight_collections, trainable):
    def weights(rows):
        return get_variable("weights", shape=[rows, units], initializer=tf.zeros_initializer(), trainable=trainable,
                            collections=weight_collections, use_resource=True)  # fmt: skip

    if not isinstance(column, CategoricalColumn):
        matrix = weights(column._variable_shape.num_elements())
        tensor = column._get_dense_tensor(builder, weight_collections=weight_collections, trainable=trainable)
        return tf.matmul(_flat(column, tensor), matrix, name="weighted_sum")
    matrix = weights(column._num_buckets)
    ids, factors = column._get_sparse_tensors(builder, weight_collections=weight_collections, trainable=trainable)
    ids = tf.sparse_reshape(ids, [tf.shape(ids)[0], -1])
    if factors is not None:
        factors = tf.sparse_reshape(factors, [tf.shape(factors)[0], -1])
    return tf.nn.safe_embedding_lookup_sparse(matrix, ids, sparse_weights=factors, combiner=combiner, name="weighted_sum")


def _unused_name(name):
    """The last part of the name of a variable scope that is not used yet; counts as used from here on."""
    with variable_scope(None, default_name=name) as scope:
        return scope.name.rsplit("/", 1)[-1]


@export("feature_column.linear_model")
def linear_model(features, feature_columns, units=1, sparse_combiner="sum", weight_collections=None, trainable=True,
                 cols_to_vars=None):  # fmt: skip
    """The weighted sum of columns.

    Args:
      features: a dict from names to tensors.
      feature_columns: the columns.
      units: how many sums.
      sparse_combiner: how several classes of an example are joined: `"sum"`, `"mean"` or `"sqrtn"`.
      weight_collections: further collections for variables.
      trainable: whether variables are trained.
      cols_to_vars: a dict that gets the variables of the columns and, as `"bias"`, those of the bias.

    Returns:
      A tensor (batch, units).

    Raises:
      ValueError: a column is neither dense nor of classes, or has another batch size.
    """
    columns = checked_columns(feature_columns)
    for column in columns:
        if not isinstance(column, DenseColumn | CategoricalColumn):
            raise ValueError("Items of feature_columns must be either a _DenseColumn or _CategoricalColumn. Given: %s" % (column,))
    weight_collections, columns = _collections(weight_collections), sorted(columns, key=lambda c: c.name)
    scope, *names = [_unused_name(n) for n in ("linear_model", *(c._var_scope_name for c in columns))]
    with name_scope(scope), variable_scope(scope):
        builder, sums, found = Builder(features), [], {}
        for name, column in sorted(zip(names, columns), key=lambda item: item[0]):
            with variable_scope(name):
                sums.append(_weighted_sum(column, builder, units, sparse_combiner, weight_collections, trainable))
                found[column] = get_collection(GraphKeys.GLOBAL_VARIABLES, scope=get_variable_scope().name)
        check_batch_sizes(sums, columns)
        total = tf.add_n(sums, name="weighted_sum_no_bias")
        bias = get_variable("bias_weights", shape=[units], initializer=tf.zeros_initializer(), trainable=trainable,
                            collections=weight_collections, use_resource=True)  # fmt: skip
        found["bias"] = list(bias) if not hasattr(bias, "initializer") else [bias]
        if cols_to_vars is not None:
            cols_to_vars.update(found)
        return tf.nn.bias_add(total, bias, name="weighted_sum")
