"""Which module exports which public names (`NAMES`) and declares which ops (`OPS`).

tools/index_names.py writes this file.
"""

NAMES = {
    "contrib.eager.differentiation": (
        "contrib.eager.gradients_function contrib.eager.implicit_gradients "
        "contrib.eager.implicit_value_and_gradients contrib.eager.value_and_gradients_function"
    ),
    "core.collections": "GraphKeys add_to_collection add_to_collections get_collection get_collection_ref",
    "core.context": (
        "contrib.eager.executing_eagerly contrib.eager.in_eager_mode eager_mode executing_eagerly graph_mode"
    ),
    "core.convert": (
        "constant contrib.framework.is_tensor convert_to_tensor is_tensor register_tensor_conversion_function"
    ),
    "core.custom_gradient": (
        "contrib.eager.custom_gradient contrib.layers.recompute_grad custom_gradient recompute_grad"
    ),
    "core.device": "DeviceSpec",
    "core.dtypes": (
        "DType QUANTIZED_DTYPES as_dtype bfloat16 bool complex128 complex64 double dtypes.DType "
        "dtypes.QUANTIZED_DTYPES dtypes.as_dtype dtypes.bfloat16 dtypes.bool dtypes.complex128 "
        "dtypes.complex64 dtypes.double dtypes.float16 dtypes.float32 dtypes.float64 dtypes.half dtypes.int16 "
        "dtypes.int32 dtypes.int64 dtypes.int8 dtypes.qint16 dtypes.qint32 dtypes.qint8 dtypes.quint16 "
        "dtypes.quint8 dtypes.resource dtypes.string dtypes.uint16 dtypes.uint32 dtypes.uint64 dtypes.uint8 "
        "dtypes.variant float16 float32 float64 half int16 int32 int64 int8 qint16 qint32 qint8 quint16 "
        "quint8 resource string uint16 uint32 uint64 uint8 variant"
    ),
    "core.errors": (
        "OpError errors.ABORTED errors.ALREADY_EXISTS errors.AbortedError errors.AlreadyExistsError "
        "errors.CANCELLED errors.CancelledError errors.DATA_LOSS errors.DEADLINE_EXCEEDED "
        "errors.DataLossError errors.DeadlineExceededError errors.FAILED_PRECONDITION "
        "errors.FailedPreconditionError errors.INTERNAL errors.INVALID_ARGUMENT errors.InternalError "
        "errors.InvalidArgumentError errors.NOT_FOUND errors.NotFoundError errors.NotYetError errors.OK "
        "errors.OUT_OF_RANGE errors.OpError errors.OutOfRangeError errors.PERMISSION_DENIED "
        "errors.PermissionDeniedError errors.RESOURCE_EXHAUSTED errors.ResourceExhaustedError "
        "errors.UNAUTHENTICATED errors.UNAVAILABLE errors.UNIMPLEMENTED errors.UNKNOWN "
        "errors.UnauthenticatedError errors.UnavailableError errors.UnimplementedError errors.UnknownError "
        "errors.error_code_from_exception_type errors.exception_type_from_error_code "
        "errors.raise_exception_on_not_ok_status"
    ),
    "core.gradient_registry": "NoGradient NotDifferentiable RegisterGradient no_gradient",
    "core.gradient_tape": "GradientTape contrib.eager.GradientTape",
    "core.graph": (
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER Graph "
        "get_default_graph reset_default_graph version.GRAPH_DEF_VERSION "
        "version.GRAPH_DEF_VERSION_MIN_CONSUMER version.GRAPH_DEF_VERSION_MIN_PRODUCER"
    ),
    "core.graph_gradients": "AggregationMethod UnconnectedGradients gradients",
    "core.indexed_slices": "IndexedSlices IndexedSlicesValue",
    "core.nest": (
        "contrib.framework.nest.assert_same_structure contrib.framework.nest.assert_shallow_structure "
        "contrib.framework.nest.flatten contrib.framework.nest.flatten_dict_items "
        "contrib.framework.nest.flatten_up_to contrib.framework.nest.flatten_with_joined_string_paths "
        "contrib.framework.nest.flatten_with_tuple_paths "
        "contrib.framework.nest.flatten_with_tuple_paths_up_to "
        "contrib.framework.nest.get_traverse_shallow_structure contrib.framework.nest.is_nested "
        "contrib.framework.nest.is_sequence contrib.framework.nest.is_sequence_or_composite "
        "contrib.framework.nest.map_structure contrib.framework.nest.map_structure_up_to "
        "contrib.framework.nest.map_structure_with_paths "
        "contrib.framework.nest.map_structure_with_tuple_paths "
        "contrib.framework.nest.map_structure_with_tuple_paths_up_to contrib.framework.nest.pack_sequence_as "
        "contrib.framework.nest.yield_flat_paths nest.assert_same_structure nest.flatten nest.is_nested "
        "nest.map_structure nest.pack_sequence_as python.util.nest.assert_same_structure "
        "python.util.nest.assert_shallow_structure python.util.nest.flatten "
        "python.util.nest.flatten_dict_items python.util.nest.flatten_up_to "
        "python.util.nest.flatten_with_joined_string_paths python.util.nest.flatten_with_tuple_paths "
        "python.util.nest.flatten_with_tuple_paths_up_to python.util.nest.get_traverse_shallow_structure "
        "python.util.nest.is_nested python.util.nest.is_sequence python.util.nest.is_sequence_or_composite "
        "python.util.nest.map_structure python.util.nest.map_structure_up_to "
        "python.util.nest.map_structure_with_paths python.util.nest.map_structure_with_tuple_paths "
        "python.util.nest.map_structure_with_tuple_paths_up_to python.util.nest.pack_sequence_as "
        "python.util.nest.yield_flat_paths"
    ),
    "core.operation": "Operation",
    "core.scopes": (
        "colocate_with container contrib.eager.enable_eager_execution control_dependencies device "
        "disable_eager_execution enable_eager_execution get_default_session init_scope "
        "keras.backend.name_scope name_scope op_scope"
    ),
    "core.seeds": "get_seed random.get_seed random.set_random_seed set_random_seed",
    "core.shape": "Dimension TensorShape",
    "core.sparse_tensor": (
        "SparseTensor SparseTensorValue convert_to_tensor_or_sparse_tensor sparse.SparseTensor "
        "sparse.SparseTensorValue"
    ),
    "core.tensor": "Tensor",
    "ops.arithmetic": "add add_n math.add math.add_n math.multiply math.subtract multiply subtract",
    "ops.cond": "case cond",
    "ops.filling": "fill range",
    "ops.flow": "contrib.framework.with_dependencies group no_op python.ops.control_flow_ops.with_dependencies tuple",
    "ops.passing": "identity",
    "ops.printing": "Assert Print debugging.Assert print",
    "ops.reduce": "math.reduce_sum reduce_sum",
    "ops.shaping": "broadcast_to manip.reshape reshape shape",
    "ops.sources": "placeholder placeholder_with_default",
    "ops.unary": "math.negative math.square negative square",
    "ops.while_loop": "while_loop",
    "run.session": "InteractiveSession Session",
}

OPS = {
    "ops.arithmetic": "Add AddN AddV2 Mul Sub",
    "ops.cond": "If",
    "ops.filling": "Fill Range ZerosLike",
    "ops.flow": "NoOp",
    "ops.passing": "Identity",
    "ops.printing": "Assert Print PrintV2 StringFormat",
    "ops.reduce": "EagleKeptShape Sum",
    "ops.shaping": "BroadcastGradientArgs BroadcastTo EagleSumLike Rank Reshape Shape ShapeN Size",
    "ops.sources": "Const Placeholder PlaceholderWithDefault",
    "ops.unary": "Neg Square",
    "ops.while_loop": "EagleCountTurns EagleSingleTurn EagleTurn While",
}
