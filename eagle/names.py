"""Which module exports which public names (`NAMES`) and declares which ops (`OPS`).

tools/index_names.py writes this file.
"""

NAMES = {
    "autograph.api": (
        "autograph.experimental.Feature autograph.experimental.do_not_convert "
        "autograph.experimental.set_loop_options autograph.set_verbosity autograph.to_code autograph.to_graph "
        "autograph.trace contrib.autograph.Feature contrib.autograph.convert contrib.autograph.converted_call "
        "contrib.autograph.do_not_convert contrib.autograph.set_element_type "
        "contrib.autograph.set_loop_options contrib.autograph.stack contrib.autograph.to_code "
        "contrib.autograph.to_graph python.autograph.core.converter.Feature "
        "python.autograph.impl.api.ConversionError python.autograph.impl.api.convert "
        "python.autograph.impl.api.converted_call python.autograph.impl.api.do_not_convert"
    ),
    "contrib.checkpoint.dependencies": (
        "contrib.checkpoint.CheckpointableObjectGraph contrib.checkpoint.UniqueNameTracker "
        "contrib.checkpoint.dot_graph_from_checkpoint contrib.checkpoint.split_dependency"
    ),
    "contrib.crf.chains": (
        "contrib.crf.CrfDecodeBackwardRnnCell contrib.crf.CrfDecodeForwardRnnCell "
        "contrib.crf.CrfForwardRnnCell contrib.crf.crf_binary_score contrib.crf.crf_decode "
        "contrib.crf.crf_log_likelihood contrib.crf.crf_log_norm contrib.crf.crf_multitag_sequence_score "
        "contrib.crf.crf_sequence_score contrib.crf.crf_unary_score "
        "contrib.crf.python.ops.crf.CrfDecodeBackwardRnnCell "
        "contrib.crf.python.ops.crf.CrfDecodeForwardRnnCell contrib.crf.python.ops.crf.CrfForwardRnnCell "
        "contrib.crf.python.ops.crf.crf_binary_score contrib.crf.python.ops.crf.crf_decode "
        "contrib.crf.python.ops.crf.crf_log_likelihood contrib.crf.python.ops.crf.crf_log_norm "
        "contrib.crf.python.ops.crf.crf_multitag_sequence_score contrib.crf.python.ops.crf.crf_sequence_score "
        "contrib.crf.python.ops.crf.crf_unary_score contrib.crf.python.ops.crf.viterbi_decode "
        "contrib.crf.viterbi_decode"
    ),
    "contrib.cudnn_rnn.compatible": (
        "contrib.cudnn_rnn.CudnnCompatibleGRUCell contrib.cudnn_rnn.CudnnCompatibleLSTMCell"
    ),
    "contrib.distribute.steps": (
        "contrib.distribute.DistributeConfig contrib.distribute.Monitor contrib.distribute.StandardInputStep "
        "contrib.distribute.StandardSingleLossStep contrib.distribute.Step "
        "contrib.distribute.initialize_tpu_system contrib.distribute.run_standard_tensorflow_server"
    ),
    "contrib.distributions.bijectors.composed": (
        "contrib.distributions.bijectors.Chain contrib.distributions.bijectors.Inline "
        "contrib.distributions.bijectors.Invert contrib.distributions.bijectors.ScaleTriL "
        "contrib.distributions.bijectors.TransformDiagonal"
    ),
    "contrib.distributions.bijectors.matrices": (
        "contrib.distributions.bijectors.CholeskyOuterProduct contrib.distributions.bijectors.FillTriangular "
        "contrib.distributions.bijectors.MatrixInverseTriL contrib.distributions.fill_triangular "
        "contrib.distributions.fill_triangular_inverse python.ops.distributions.util.fill_triangular "
        "python.ops.distributions.util.fill_triangular_inverse"
    ),
    "contrib.distributions.bijectors.scalars": (
        "contrib.distributions.bijectors.AbsoluteValue contrib.distributions.bijectors.AffineScalar "
        "contrib.distributions.bijectors.Exp contrib.distributions.bijectors.Gumbel "
        "contrib.distributions.bijectors.Kumaraswamy contrib.distributions.bijectors.PowerTransform "
        "contrib.distributions.bijectors.Sigmoid contrib.distributions.bijectors.SinhArcsinh "
        "contrib.distributions.bijectors.Softplus contrib.distributions.bijectors.Softsign "
        "contrib.distributions.bijectors.Square contrib.distributions.python.ops.bijectors.weibull.Weibull"
    ),
    "contrib.distributions.bijectors.vectors": (
        "contrib.distributions.bijectors.Affine contrib.distributions.bijectors.AffineLinearOperator "
        "contrib.distributions.bijectors.Ordered contrib.distributions.bijectors.Permute "
        "contrib.distributions.bijectors.Reshape contrib.distributions.bijectors.SoftmaxCentered"
    ),
    "contrib.distributions.counts": (
        "contrib.distributions.Binomial contrib.distributions.Geometric "
        "contrib.distributions.NegativeBinomial contrib.distributions.Poisson"
    ),
    "contrib.distributions.joint": (
        "contrib.distributions.Independent contrib.distributions.MixtureSameFamily "
        "contrib.distributions.OneHotCategorical"
    ),
    "contrib.distributions.multivariate_normal": (
        "contrib.distributions.MultivariateNormalDiag contrib.distributions.MultivariateNormalDiagPlusLowRank "
        "contrib.distributions.MultivariateNormalDiagWithSoftplusScale "
        "contrib.distributions.MultivariateNormalFullCovariance "
        "contrib.distributions.MultivariateNormalLinearOperator contrib.distributions.MultivariateNormalTriL"
    ),
    "contrib.distributions.scales": (
        "contrib.distributions.python.ops.distribution_util.make_diag_scale "
        "contrib.distributions.python.ops.distribution_util.make_tril_scale "
        "contrib.distributions.python.ops.distribution_util.shapes_from_loc_and_scale"
    ),
    "contrib.distributions.statistics": "contrib.distributions.percentile",
    "contrib.distributions.univariate": (
        "contrib.distributions.Cauchy contrib.distributions.Chi2 contrib.distributions.Chi2WithAbsDf "
        "contrib.distributions.Deterministic contrib.distributions.HalfNormal "
        "contrib.distributions.InverseGamma contrib.distributions.InverseGammaWithSoftplusConcentrationRate "
        "contrib.distributions.Logistic contrib.distributions.VectorDeterministic"
    ),
    "contrib.eager.callbacks": (
        "contrib.eager.ExecutionCallback contrib.eager.add_execution_callback "
        "contrib.eager.clear_execution_callbacks contrib.eager.errstate contrib.eager.inf_callback "
        "contrib.eager.inf_nan_callback contrib.eager.nan_callback contrib.eager.seterr "
        "python.eager.execution_callbacks.InfOrNanError"
    ),
    "contrib.eager.datasets": "contrib.eager.Iterator contrib.eager.python.datasets.Iterator",
    "contrib.eager.differentiation": (
        "contrib.eager.gradients_function contrib.eager.implicit_gradients "
        "contrib.eager.implicit_value_and_gradients contrib.eager.value_and_gradients_function"
    ),
    "contrib.eager.execution": (
        "contrib.eager.ASYNC contrib.eager.DEVICE_PLACEMENT_EXPLICIT contrib.eager.DEVICE_PLACEMENT_SILENT "
        "contrib.eager.DEVICE_PLACEMENT_WARN contrib.eager.SYNC contrib.eager.async_clear_error "
        "contrib.eager.async_wait contrib.eager.execution_mode contrib.eager.get_optimizer_variables "
        "contrib.eager.run contrib.eager.set_execution_mode"
    ),
    "contrib.eager.metrics": (
        "contrib.eager.metrics.Accuracy contrib.eager.metrics.BinaryAccuracy "
        "contrib.eager.metrics.CategoricalAccuracy contrib.eager.metrics.Mean contrib.eager.metrics.Metric "
        "contrib.eager.metrics.SparseAccuracy contrib.eager.python.metrics.Accuracy "
        "contrib.eager.python.metrics.BinaryAccuracy contrib.eager.python.metrics.CategoricalAccuracy "
        "contrib.eager.python.metrics.Mean contrib.eager.python.metrics.Metric "
        "contrib.eager.python.metrics.SparseAccuracy"
    ),
    "contrib.eager.network": "contrib.eager.Network contrib.eager.Sequential",
    "contrib.eager.network_checkpoints": (
        "contrib.eager.restore_network_checkpoint contrib.eager.save_network_checkpoint"
    ),
    "contrib.eager.saver": "contrib.eager.Saver contrib.eager.restore_variables_on_create",
    "contrib.factorization.clustering": (
        "contrib.factorization.CLUSTERS_VAR_NAME contrib.factorization.COSINE_DISTANCE "
        "contrib.factorization.KMC2_INIT contrib.factorization.KMEANS_PLUS_PLUS_INIT "
        "contrib.factorization.KMeans contrib.factorization.RANDOM_INIT "
        "contrib.factorization.SQUARED_EUCLIDEAN_DISTANCE contrib.factorization.kmc2_chain_initialization "
        "contrib.factorization.kmeans_plus_plus_initialization contrib.factorization.nearest_neighbors "
        "contrib.factorization.python.ops.clustering_ops.CLUSTERS_VAR_NAME "
        "contrib.factorization.python.ops.clustering_ops.COSINE_DISTANCE "
        "contrib.factorization.python.ops.clustering_ops.KMC2_INIT "
        "contrib.factorization.python.ops.clustering_ops.KMEANS_PLUS_PLUS_INIT "
        "contrib.factorization.python.ops.clustering_ops.KMeans "
        "contrib.factorization.python.ops.clustering_ops.RANDOM_INIT "
        "contrib.factorization.python.ops.clustering_ops.SQUARED_EUCLIDEAN_DISTANCE "
        "contrib.factorization.python.ops.clustering_ops.kmc2_chain_initialization "
        "contrib.factorization.python.ops.clustering_ops.kmeans_plus_plus_initialization "
        "contrib.factorization.python.ops.clustering_ops.nearest_neighbors"
    ),
    "contrib.factorization.kmeans": (
        "contrib.factorization.KMeansClustering contrib.factorization.python.ops.kmeans.KMeansClustering"
    ),
    "contrib.framework.arg_scopes": (
        "contrib.framework.add_arg_scope contrib.framework.arg_scope contrib.framework.arg_scope_func_key "
        "contrib.framework.arg_scoped_arguments contrib.framework.current_arg_scope "
        "contrib.framework.has_arg_scope contrib.framework.python.ops.arg_scope.add_arg_scope "
        "contrib.framework.python.ops.arg_scope.arg_scope "
        "contrib.framework.python.ops.arg_scope.arg_scope_func_key "
        "contrib.framework.python.ops.arg_scope.arg_scoped_arguments "
        "contrib.framework.python.ops.arg_scope.current_arg_scope "
        "contrib.framework.python.ops.arg_scope.has_arg_scope contrib.slim.add_arg_scope "
        "contrib.slim.arg_scope contrib.slim.arg_scope_func_key contrib.slim.arg_scoped_arguments "
        "contrib.slim.current_arg_scope contrib.slim.has_arg_scope"
    ),
    "contrib.framework.assigning": (
        "contrib.framework.assign_from_checkpoint contrib.framework.assign_from_checkpoint_fn "
        "contrib.framework.assign_from_values contrib.framework.assign_from_values_fn "
        "contrib.framework.get_variable_full_name contrib.slim.assign_from_checkpoint "
        "contrib.slim.assign_from_checkpoint_fn contrib.slim.assign_from_values "
        "contrib.slim.assign_from_values_fn contrib.slim.get_variable_full_name"
    ),
    "contrib.framework.checking": (
        "contrib.framework.assert_scalar contrib.framework.assert_scalar_int "
        "contrib.framework.get_graph_from_inputs contrib.framework.get_name_scope "
        "contrib.framework.python.framework.tensor_util.assert_scalar_int "
        "contrib.framework.python.framework.tensor_util.reduce_sum_n "
        "contrib.framework.python.framework.tensor_util.with_same_shape "
        "contrib.framework.python.framework.tensor_util.with_shape contrib.framework.reduce_sum_n "
        "contrib.framework.with_same_shape contrib.framework.with_shape"
    ),
    "contrib.framework.variables": (
        "contrib.framework.VariableDeviceChooser contrib.framework.add_model_variable "
        "contrib.framework.assert_global_step contrib.framework.assert_or_get_global_step "
        "contrib.framework.create_global_step contrib.framework.filter_variables "
        "contrib.framework.get_global_step contrib.framework.get_local_variables "
        "contrib.framework.get_model_variables contrib.framework.get_or_create_global_step "
        "contrib.framework.get_trainable_variables contrib.framework.get_unique_variable "
        "contrib.framework.get_variables contrib.framework.get_variables_by_name "
        "contrib.framework.get_variables_by_suffix contrib.framework.get_variables_to_restore "
        "contrib.framework.global_variable contrib.framework.local_variable contrib.framework.model_variable "
        "contrib.framework.python.ops.variables.VariableDeviceChooser "
        "contrib.framework.python.ops.variables.add_model_variable "
        "contrib.framework.python.ops.variables.assert_global_step "
        "contrib.framework.python.ops.variables.assert_or_get_global_step "
        "contrib.framework.python.ops.variables.create_global_step "
        "contrib.framework.python.ops.variables.filter_variables "
        "contrib.framework.python.ops.variables.get_global_step "
        "contrib.framework.python.ops.variables.get_local_variables "
        "contrib.framework.python.ops.variables.get_model_variables "
        "contrib.framework.python.ops.variables.get_or_create_global_step "
        "contrib.framework.python.ops.variables.get_trainable_variables "
        "contrib.framework.python.ops.variables.get_unique_variable "
        "contrib.framework.python.ops.variables.get_variables "
        "contrib.framework.python.ops.variables.get_variables_by_name "
        "contrib.framework.python.ops.variables.get_variables_by_suffix "
        "contrib.framework.python.ops.variables.get_variables_to_restore "
        "contrib.framework.python.ops.variables.global_variable "
        "contrib.framework.python.ops.variables.local_variable "
        "contrib.framework.python.ops.variables.model_variable "
        "contrib.framework.python.ops.variables.variable "
        "contrib.framework.python.ops.variables.zero_initializer contrib.framework.variable "
        "contrib.framework.zero_initializer contrib.slim.VariableDeviceChooser "
        "contrib.slim.add_model_variable contrib.slim.assert_global_step "
        "contrib.slim.assert_or_get_global_step contrib.slim.create_global_step contrib.slim.filter_variables "
        "contrib.slim.get_global_step contrib.slim.get_local_variables contrib.slim.get_model_variables "
        "contrib.slim.get_or_create_global_step contrib.slim.get_trainable_variables "
        "contrib.slim.get_unique_variable contrib.slim.get_variables contrib.slim.get_variables_by_name "
        "contrib.slim.get_variables_by_suffix contrib.slim.get_variables_to_restore "
        "contrib.slim.global_variable contrib.slim.local_variable contrib.slim.model_variable "
        "contrib.slim.variable contrib.slim.zero_initializer"
    ),
    "contrib.graph_editing": (
        "contrib.graph_editor.ControlOutputs contrib.graph_editor.SubGraphView "
        "contrib.graph_editor.add_control_inputs contrib.graph_editor.copy "
        "contrib.graph_editor.copy_with_input_replacements contrib.graph_editor.filter_ops "
        "contrib.graph_editor.filter_ops_from_regex contrib.graph_editor.filter_ts "
        "contrib.graph_editor.filter_ts_from_regex contrib.graph_editor.get_backward_walk_ops "
        "contrib.graph_editor.get_consuming_ops contrib.graph_editor.get_forward_walk_ops "
        "contrib.graph_editor.get_generating_ops contrib.graph_editor.get_name_scope_ops "
        "contrib.graph_editor.get_tensors contrib.graph_editor.get_walks_intersection_ops "
        "contrib.graph_editor.graph_replace contrib.graph_editor.make_list_of_op "
        "contrib.graph_editor.make_list_of_t contrib.graph_editor.make_view "
        "contrib.graph_editor.make_view_from_scope contrib.graph_editor.reroute.add_control_inputs "
        "contrib.graph_editor.reroute.reroute_ts contrib.graph_editor.reroute.swap_ts "
        "contrib.graph_editor.reroute_ts contrib.graph_editor.select.filter_ops "
        "contrib.graph_editor.select.filter_ops_from_regex contrib.graph_editor.select.filter_ts "
        "contrib.graph_editor.select.filter_ts_from_regex contrib.graph_editor.select.get_backward_walk_ops "
        "contrib.graph_editor.select.get_forward_walk_ops contrib.graph_editor.select.get_name_scope_ops "
        "contrib.graph_editor.select.get_walks_intersection_ops contrib.graph_editor.select.select_ops "
        "contrib.graph_editor.select.select_ops_and_ts contrib.graph_editor.select.select_ts "
        "contrib.graph_editor.select_ops contrib.graph_editor.select_ops_and_ts "
        "contrib.graph_editor.select_ts contrib.graph_editor.sgv contrib.graph_editor.sgv_scope "
        "contrib.graph_editor.subgraph.SubGraphView contrib.graph_editor.subgraph.make_view "
        "contrib.graph_editor.subgraph.make_view_from_scope contrib.graph_editor.subgraph.sgv "
        "contrib.graph_editor.subgraph.sgv_scope contrib.graph_editor.swap_ts "
        "contrib.graph_editor.transform.copy contrib.graph_editor.transform.copy_with_input_replacements "
        "contrib.graph_editor.transform.graph_replace contrib.graph_editor.util.ControlOutputs "
        "contrib.graph_editor.util.get_consuming_ops contrib.graph_editor.util.get_generating_ops "
        "contrib.graph_editor.util.get_tensors contrib.graph_editor.util.make_list_of_op "
        "contrib.graph_editor.util.make_list_of_t"
    ),
    "contrib.image.transforms": (
        "contrib.image.angles_to_projective_transforms contrib.image.compose_transforms "
        "contrib.image.flat_transforms_to_matrices contrib.image.matrices_to_flat_transforms "
        "contrib.image.rotate contrib.image.transform contrib.image.translate "
        "contrib.image.translations_to_projective_transforms"
    ),
    "contrib.layers.column_inputs": (
        "contrib.layers.check_feature_columns contrib.layers.infer_real_valued_columns "
        "contrib.layers.input_from_feature_columns contrib.layers.joint_weighted_sum_from_feature_columns "
        "contrib.layers.parse_feature_columns_from_examples "
        "contrib.layers.parse_feature_columns_from_sequence_examples "
        "contrib.layers.python.layers.feature_column_ops._Transformer "
        "contrib.layers.python.layers.feature_column_ops.check_feature_columns "
        "contrib.layers.python.layers.feature_column_ops.infer_real_valued_columns "
        "contrib.layers.python.layers.feature_column_ops.input_from_feature_columns "
        "contrib.layers.python.layers.feature_column_ops.joint_weighted_sum_from_feature_columns "
        "contrib.layers.python.layers.feature_column_ops.parse_feature_columns_from_examples "
        "contrib.layers.python.layers.feature_column_ops.parse_feature_columns_from_sequence_examples "
        "contrib.layers.python.layers.feature_column_ops.sequence_input_from_feature_columns "
        "contrib.layers.python.layers.feature_column_ops.transform_features "
        "contrib.layers.python.layers.feature_column_ops.weighted_sum_from_feature_columns "
        "contrib.layers.sequence_input_from_feature_columns contrib.layers.transform_features "
        "contrib.layers.weighted_sum_from_feature_columns contrib.slim.infer_real_valued_columns "
        "contrib.slim.input_from_feature_columns contrib.slim.joint_weighted_sum_from_feature_columns "
        "contrib.slim.parse_feature_columns_from_examples "
        "contrib.slim.parse_feature_columns_from_sequence_examples "
        "contrib.slim.sequence_input_from_feature_columns contrib.slim.transform_features "
        "contrib.slim.weighted_sum_from_feature_columns"
    ),
    "contrib.layers.convolutions": (
        "contrib.layers.bias_add contrib.layers.conv1d contrib.layers.conv2d contrib.layers.conv2d_in_plane "
        "contrib.layers.conv2d_transpose contrib.layers.conv3d contrib.layers.conv3d_transpose "
        "contrib.layers.convolution contrib.layers.convolution1d contrib.layers.convolution2d "
        "contrib.layers.convolution2d_in_plane contrib.layers.convolution2d_transpose "
        "contrib.layers.convolution3d contrib.layers.convolution3d_transpose contrib.layers.elu "
        "contrib.layers.fully_connected contrib.layers.legacy_fully_connected contrib.layers.legacy_linear "
        "contrib.layers.legacy_relu contrib.layers.linear contrib.layers.python.layers.layers.bias_add "
        "contrib.layers.python.layers.layers.conv1d contrib.layers.python.layers.layers.conv2d "
        "contrib.layers.python.layers.layers.conv2d_in_plane "
        "contrib.layers.python.layers.layers.conv2d_transpose contrib.layers.python.layers.layers.conv3d "
        "contrib.layers.python.layers.layers.conv3d_transpose contrib.layers.python.layers.layers.convolution "
        "contrib.layers.python.layers.layers.convolution1d contrib.layers.python.layers.layers.convolution2d "
        "contrib.layers.python.layers.layers.convolution2d_in_plane "
        "contrib.layers.python.layers.layers.convolution2d_transpose "
        "contrib.layers.python.layers.layers.convolution3d "
        "contrib.layers.python.layers.layers.convolution3d_transpose contrib.layers.python.layers.layers.elu "
        "contrib.layers.python.layers.layers.fully_connected "
        "contrib.layers.python.layers.layers.legacy_fully_connected "
        "contrib.layers.python.layers.layers.legacy_linear contrib.layers.python.layers.layers.legacy_relu "
        "contrib.layers.python.layers.layers.linear contrib.layers.python.layers.layers.relu "
        "contrib.layers.python.layers.layers.relu6 contrib.layers.python.layers.layers.separable_conv2d "
        "contrib.layers.python.layers.layers.separable_convolution2d contrib.layers.relu contrib.layers.relu6 "
        "contrib.layers.separable_conv2d contrib.layers.separable_convolution2d contrib.slim.bias_add "
        "contrib.slim.conv1d contrib.slim.conv2d contrib.slim.conv2d_in_plane contrib.slim.conv2d_transpose "
        "contrib.slim.conv3d contrib.slim.conv3d_transpose contrib.slim.convolution "
        "contrib.slim.convolution1d contrib.slim.convolution2d contrib.slim.convolution2d_in_plane "
        "contrib.slim.convolution2d_transpose contrib.slim.convolution3d contrib.slim.convolution3d_transpose "
        "contrib.slim.elu contrib.slim.fully_connected contrib.slim.legacy_fully_connected "
        "contrib.slim.legacy_linear contrib.slim.legacy_relu contrib.slim.linear contrib.slim.relu "
        "contrib.slim.relu6 contrib.slim.separable_conv2d contrib.slim.separable_convolution2d"
    ),
    "contrib.layers.dense_columns": (
        "contrib.layers.bucketized_column contrib.layers.crossed_column contrib.layers.embedding_column "
        "contrib.layers.one_hot_column "
        "contrib.layers.python.layers.feature_column._real_valued_var_len_column "
        "contrib.layers.python.layers.feature_column.bucketized_column "
        "contrib.layers.python.layers.feature_column.crossed_column "
        "contrib.layers.python.layers.feature_column.embedding_column "
        "contrib.layers.python.layers.feature_column.one_hot_column "
        "contrib.layers.python.layers.feature_column.real_valued_column "
        "contrib.layers.python.layers.feature_column.scattered_embedding_column "
        "contrib.layers.python.layers.feature_column.shared_embedding_columns "
        "contrib.layers.real_valued_column contrib.layers.scattered_embedding_column "
        "contrib.layers.shared_embedding_columns contrib.slim.bucketized_column contrib.slim.crossed_column "
        "contrib.slim.embedding_column contrib.slim.one_hot_column contrib.slim.real_valued_column "
        "contrib.slim.scattered_embedding_column contrib.slim.shared_embedding_columns"
    ),
    "contrib.layers.embeddings": (
        "contrib.layers.python.layers.embedding_ops._sampled_scattered_embedding_lookup "
        "contrib.layers.python.layers.embedding_ops._sampled_scattered_embedding_lookup_sparse "
        "contrib.layers.python.layers.embedding_ops.embedding_lookup_sparse_with_distributed_aggregation "
        "contrib.layers.python.layers.embedding_ops.scattered_embedding_lookup "
        "contrib.layers.python.layers.embedding_ops.scattered_embedding_lookup_sparse "
        "contrib.slim.embedding_lookup_sparse_with_distributed_aggregation "
        "contrib.slim.scattered_embedding_lookup contrib.slim.scattered_embedding_lookup_sparse"
    ),
    "contrib.layers.encoding": (
        "contrib.layers.bow_encoder contrib.layers.embed_sequence contrib.layers.embedding_lookup_unique "
        "contrib.layers.python.layers.embedding_ops.embedding_lookup_unique "
        "contrib.layers.python.layers.embedding_ops.safe_embedding_lookup_sparse "
        "contrib.layers.python.layers.encoders.bow_encoder "
        "contrib.layers.python.layers.encoders.embed_sequence contrib.layers.safe_embedding_lookup_sparse "
        "contrib.slim.bow_encoder contrib.slim.embed_sequence contrib.slim.embedding_lookup_unique "
        "contrib.slim.safe_embedding_lookup_sparse"
    ),
    "contrib.layers.normalizing": (
        "contrib.layers.batch_norm contrib.layers.group_norm contrib.layers.instance_norm "
        "contrib.layers.layer_norm contrib.layers.python.layers.layers.batch_norm "
        "contrib.layers.python.layers.layers.layer_norm contrib.layers.python.layers.normalization.group_norm "
        "contrib.layers.python.layers.normalization.instance_norm contrib.slim.batch_norm "
        "contrib.slim.group_norm contrib.slim.instance_norm contrib.slim.layer_norm"
    ),
    "contrib.layers.optimizing": (
        "contrib.layers.OPTIMIZER_CLS_NAMES contrib.layers.OPTIMIZER_SUMMARIES "
        "contrib.layers.adaptive_clipping_fn contrib.layers.optimize_loss "
        "contrib.layers.python.layers.optimizers.OPTIMIZER_CLS_NAMES "
        "contrib.layers.python.layers.optimizers.OPTIMIZER_SUMMARIES "
        "contrib.layers.python.layers.optimizers.adaptive_clipping_fn "
        "contrib.layers.python.layers.optimizers.optimize_loss"
    ),
    "contrib.layers.regularizing": (
        "contrib.layers.apply_regularization contrib.layers.l1_l2_regularizer contrib.layers.l1_regularizer "
        "contrib.layers.l2_regularizer contrib.layers.python.layers.regularizers.apply_regularization "
        "contrib.layers.python.layers.regularizers.l1_l2_regularizer "
        "contrib.layers.python.layers.regularizers.l1_regularizer "
        "contrib.layers.python.layers.regularizers.l2_regularizer "
        "contrib.layers.python.layers.regularizers.sum_regularizer contrib.layers.sum_regularizer "
        "contrib.slim.apply_regularization contrib.slim.l1_l2_regularizer contrib.slim.l1_regularizer "
        "contrib.slim.l2_regularizer contrib.slim.sum_regularizer"
    ),
    "contrib.layers.shaping": (
        "contrib.layers.avg_pool2d contrib.layers.avg_pool3d contrib.layers.dense_to_sparse "
        "contrib.layers.dropout contrib.layers.flatten contrib.layers.images_to_sequence "
        "contrib.layers.max_pool2d contrib.layers.max_pool3d contrib.layers.maxout "
        "contrib.layers.one_hot_encoding contrib.layers.poincare_normalize contrib.layers.pool "
        "contrib.layers.python.layers.layers._inner_flatten contrib.layers.python.layers.layers.avg_pool2d "
        "contrib.layers.python.layers.layers.avg_pool3d contrib.layers.python.layers.layers.dense_to_sparse "
        "contrib.layers.python.layers.layers.dropout contrib.layers.python.layers.layers.flatten "
        "contrib.layers.python.layers.layers.images_to_sequence "
        "contrib.layers.python.layers.layers.max_pool2d contrib.layers.python.layers.layers.max_pool3d "
        "contrib.layers.python.layers.layers.maxout contrib.layers.python.layers.layers.one_hot_encoding "
        "contrib.layers.python.layers.layers.poincare_normalize contrib.layers.python.layers.layers.pool "
        "contrib.layers.python.layers.layers.repeat contrib.layers.python.layers.layers.scale_gradient "
        "contrib.layers.python.layers.layers.sequence_to_images contrib.layers.python.layers.layers.softmax "
        "contrib.layers.python.layers.layers.spatial_softmax contrib.layers.python.layers.layers.stack "
        "contrib.layers.python.layers.layers.unit_norm contrib.layers.repeat contrib.layers.scale_gradient "
        "contrib.layers.sequence_to_images contrib.layers.softmax contrib.layers.spatial_softmax "
        "contrib.layers.stack contrib.layers.unit_norm contrib.slim.avg_pool2d contrib.slim.avg_pool3d "
        "contrib.slim.dense_to_sparse contrib.slim.dropout contrib.slim.flatten "
        "contrib.slim.images_to_sequence contrib.slim.max_pool2d contrib.slim.max_pool3d contrib.slim.maxout "
        "contrib.slim.one_hot_encoding contrib.slim.poincare_normalize contrib.slim.pool contrib.slim.repeat "
        "contrib.slim.scale_gradient contrib.slim.sequence_to_images contrib.slim.softmax "
        "contrib.slim.spatial_softmax contrib.slim.stack contrib.slim.unit_norm"
    ),
    "contrib.layers.sparse": (
        "contrib.layers.python.ops.bucketization_op.bucketize "
        "contrib.layers.python.ops.sparse_ops.dense_to_sparse_tensor "
        "contrib.layers.python.ops.sparse_ops.indicators_to_sparse_ids "
        "contrib.layers.python.ops.sparse_ops.sparse_row_envelope"
    ),
    "contrib.layers.sparse_columns": (
        "contrib.layers.create_feature_spec_for_parsing "
        "contrib.layers.make_place_holder_tensors_for_base_features "
        "contrib.layers.python.layers.feature_column._SparseIdLookupConfig "
        "contrib.layers.python.layers.feature_column._create_sequence_feature_spec_for_parsing "
        "contrib.layers.python.layers.feature_column.create_feature_spec_for_parsing "
        "contrib.layers.python.layers.feature_column.make_place_holder_tensors_for_base_features "
        "contrib.layers.python.layers.feature_column.sparse_column_with_hash_bucket "
        "contrib.layers.python.layers.feature_column.sparse_column_with_integerized_feature "
        "contrib.layers.python.layers.feature_column.sparse_column_with_keys "
        "contrib.layers.python.layers.feature_column.sparse_column_with_vocabulary_file "
        "contrib.layers.python.layers.feature_column.weighted_sparse_column "
        "contrib.layers.sparse_column_with_hash_bucket contrib.layers.sparse_column_with_integerized_feature "
        "contrib.layers.sparse_column_with_keys contrib.layers.sparse_column_with_vocabulary_file "
        "contrib.layers.weighted_sparse_column contrib.slim.create_feature_spec_for_parsing "
        "contrib.slim.make_place_holder_tensors_for_base_features contrib.slim.sparse_column_with_hash_bucket "
        "contrib.slim.sparse_column_with_integerized_feature contrib.slim.sparse_column_with_keys "
        "contrib.slim.sparse_column_with_vocabulary_file contrib.slim.weighted_sparse_column"
    ),
    "contrib.layers.summarizing": (
        "contrib.layers.python.layers.summaries.summarize_activation "
        "contrib.layers.python.layers.summaries.summarize_activations "
        "contrib.layers.python.layers.summaries.summarize_biases "
        "contrib.layers.python.layers.summaries.summarize_collection "
        "contrib.layers.python.layers.summaries.summarize_tensor "
        "contrib.layers.python.layers.summaries.summarize_tensors "
        "contrib.layers.python.layers.summaries.summarize_variables "
        "contrib.layers.python.layers.summaries.summarize_weights "
        "contrib.layers.summaries.summarize_activation contrib.layers.summaries.summarize_activations "
        "contrib.layers.summaries.summarize_biases contrib.layers.summaries.summarize_collection "
        "contrib.layers.summaries.summarize_tensor contrib.layers.summaries.summarize_tensors "
        "contrib.layers.summaries.summarize_variables contrib.layers.summaries.summarize_weights "
        "contrib.layers.summarize_activation contrib.layers.summarize_activations "
        "contrib.layers.summarize_biases contrib.layers.summarize_collection contrib.layers.summarize_tensor "
        "contrib.layers.summarize_tensors contrib.layers.summarize_variables contrib.layers.summarize_weights"
    ),
    "contrib.layers.utilities": (
        "contrib.layers.python.layers.utils.NamedOutputs "
        "contrib.layers.python.layers.utils.append_tensor_alias "
        "contrib.layers.python.layers.utils.channel_dimension "
        "contrib.layers.python.layers.utils.collect_named_outputs "
        "contrib.layers.python.layers.utils.constant_value "
        "contrib.layers.python.layers.utils.convert_collection_to_dict "
        "contrib.layers.python.layers.utils.gather_tensors_aliases "
        "contrib.layers.python.layers.utils.get_tensor_aliases "
        "contrib.layers.python.layers.utils.get_variable_collections "
        "contrib.layers.python.layers.utils.last_dimension "
        "contrib.layers.python.layers.utils.n_positive_integers contrib.layers.python.layers.utils.smart_cond "
        "contrib.layers.python.layers.utils.static_cond contrib.layers.python.layers.utils.two_element_tuple "
        "contrib.layers.utils.NamedOutputs contrib.layers.utils.append_tensor_alias "
        "contrib.layers.utils.channel_dimension contrib.layers.utils.collect_named_outputs "
        "contrib.layers.utils.constant_value contrib.layers.utils.convert_collection_to_dict "
        "contrib.layers.utils.gather_tensors_aliases contrib.layers.utils.get_tensor_aliases "
        "contrib.layers.utils.get_variable_collections contrib.layers.utils.last_dimension "
        "contrib.layers.utils.n_positive_integers contrib.layers.utils.smart_cond "
        "contrib.layers.utils.static_cond contrib.layers.utils.two_element_tuple "
        "contrib.slim.utils.NamedOutputs contrib.slim.utils.append_tensor_alias "
        "contrib.slim.utils.channel_dimension contrib.slim.utils.collect_named_outputs "
        "contrib.slim.utils.constant_value contrib.slim.utils.convert_collection_to_dict "
        "contrib.slim.utils.gather_tensors_aliases contrib.slim.utils.get_tensor_aliases "
        "contrib.slim.utils.get_variable_collections contrib.slim.utils.last_dimension "
        "contrib.slim.utils.n_positive_integers contrib.slim.utils.smart_cond contrib.slim.utils.static_cond "
        "contrib.slim.utils.two_element_tuple"
    ),
    "contrib.learn.estimator": (
        "contrib.learn.Estimator contrib.learn.NotFittedError contrib.learn.SKCompat "
        "contrib.learn.infer_real_valued_columns_from_input "
        "contrib.learn.infer_real_valued_columns_from_input_fn "
        "contrib.learn.python.learn.estimators._sklearn.NotFittedError "
        "contrib.learn.python.learn.estimators.estimator.Estimator "
        "contrib.learn.python.learn.estimators.estimator.SKCompat "
        "contrib.learn.python.learn.estimators.estimator.infer_real_valued_columns_from_input "
        "contrib.learn.python.learn.estimators.estimator.infer_real_valued_columns_from_input_fn"
    ),
    "contrib.learn.experiment": (
        "contrib.learn.Experiment contrib.learn.ExportStrategy contrib.learn.learn_runner.run "
        "contrib.learn.learn_runner.tune contrib.learn.python.learn.experiment.Experiment "
        "contrib.learn.python.learn.export_strategy.ExportStrategy "
        "contrib.learn.python.learn.learn_runner.run contrib.learn.python.learn.learn_runner.tune"
    ),
    "contrib.learn.feeding": (
        "contrib.learn.extract_pandas_data contrib.learn.extract_pandas_labels "
        "contrib.learn.extract_pandas_matrix "
        "contrib.learn.python.learn.learn_io.pandas_io.extract_pandas_data "
        "contrib.learn.python.learn.learn_io.pandas_io.extract_pandas_labels "
        "contrib.learn.python.learn.learn_io.pandas_io.extract_pandas_matrix"
    ),
    "contrib.learn.metric_spec": "contrib.learn.MetricSpec contrib.learn.python.learn.metric_spec.MetricSpec",
    "contrib.learn.model_fn": (
        "contrib.learn.ModelFnOps contrib.learn.ProblemType "
        "contrib.learn.python.learn.estimators.constants.ProblemType "
        "contrib.learn.python.learn.estimators.model_fn.ModelFnOps"
    ),
    "contrib.learn.monitors": (
        "contrib.learn.monitors.BaseMonitor contrib.learn.monitors.EveryN contrib.learn.monitors.PrintTensor "
        "contrib.learn.monitors.RunHookAdapterForMonitors contrib.learn.monitors.ValidationMonitor "
        "contrib.learn.monitors.replace_monitors_with_hooks contrib.learn.python.learn.monitors.BaseMonitor "
        "contrib.learn.python.learn.monitors.EveryN contrib.learn.python.learn.monitors.PrintTensor "
        "contrib.learn.python.learn.monitors.RunHookAdapterForMonitors "
        "contrib.learn.python.learn.monitors.ValidationMonitor "
        "contrib.learn.python.learn.monitors.replace_monitors_with_hooks"
    ),
    "contrib.learn.running": (
        "contrib.learn.ModeKeys contrib.learn.RunConfig "
        "contrib.learn.python.learn.estimators.model_fn.ModeKeys "
        "contrib.learn.python.learn.estimators.run_config.RunConfig"
    ),
    "contrib.learn.vocabulary": (
        "contrib.learn.preprocessing.ByteProcessor contrib.learn.preprocessing.CategoricalVocabulary "
        "contrib.learn.preprocessing.VocabularyProcessor contrib.learn.preprocessing.tokenizer "
        "contrib.learn.python.learn.preprocessing.categorical_vocabulary.CategoricalVocabulary "
        "contrib.learn.python.learn.preprocessing.text.ByteProcessor "
        "contrib.learn.python.learn.preprocessing.text.VocabularyProcessor "
        "contrib.learn.python.learn.preprocessing.text.tokenizer"
    ),
    "contrib.legacy_seq2seq.decoders": (
        "contrib.legacy_seq2seq.attention_decoder contrib.legacy_seq2seq.embedding_attention_decoder "
        "contrib.legacy_seq2seq.embedding_rnn_decoder "
        "contrib.legacy_seq2seq.python.ops.seq2seq._extract_argmax_and_embed "
        "contrib.legacy_seq2seq.rnn_decoder"
    ),
    "contrib.legacy_seq2seq.losses": (
        "contrib.legacy_seq2seq.model_with_buckets contrib.legacy_seq2seq.sequence_loss "
        "contrib.legacy_seq2seq.sequence_loss_by_example"
    ),
    "contrib.legacy_seq2seq.models": (
        "contrib.legacy_seq2seq.basic_rnn_seq2seq contrib.legacy_seq2seq.embedding_attention_seq2seq "
        "contrib.legacy_seq2seq.embedding_rnn_seq2seq contrib.legacy_seq2seq.embedding_tied_rnn_seq2seq "
        "contrib.legacy_seq2seq.one2many_rnn_seq2seq contrib.legacy_seq2seq.tied_rnn_seq2seq"
    ),
    "contrib.losses.batch_losses": (
        "contrib.losses.absolute_difference contrib.losses.add_loss contrib.losses.compute_weighted_loss "
        "contrib.losses.cosine_distance contrib.losses.get_total_loss contrib.losses.hinge_loss "
        "contrib.losses.log_loss contrib.losses.mean_pairwise_squared_error contrib.losses.mean_squared_error "
        "contrib.losses.sigmoid_cross_entropy contrib.losses.softmax_cross_entropy "
        "contrib.losses.sparse_softmax_cross_entropy"
    ),
    "contrib.losses.metric_learning": (
        "contrib.losses.metric_learning.contrastive_loss contrib.losses.metric_learning.lifted_struct_loss "
        "contrib.losses.metric_learning.npairs_loss contrib.losses.metric_learning.npairs_loss_multilabel "
        "contrib.losses.metric_learning.triplet_semihard_loss"
    ),
    "contrib.metrics.areas": (
        "contrib.metrics.auc_using_histogram contrib.metrics.auc_with_confidence_intervals "
        "contrib.metrics.streaming_dynamic_auc"
    ),
    "contrib.metrics.classification": "contrib.metrics.accuracy contrib.metrics.f1_score",
    "contrib.metrics.gathering": (
        "contrib.metrics.aggregate_metric_map contrib.metrics.aggregate_metrics contrib.metrics.cohen_kappa "
        "contrib.metrics.count contrib.metrics.sparse_recall_at_top_k contrib.metrics.streaming_concat "
        "contrib.metrics.streaming_covariance contrib.metrics.streaming_pearson_correlation "
        "contrib.metrics.streaming_recall_at_k contrib.metrics.streaming_sparse_average_precision_at_top_k "
        "contrib.metrics.streaming_sparse_precision_at_top_k"
    ),
    "contrib.metrics.renamed": (
        "contrib.metrics.confusion_matrix contrib.metrics.set_difference contrib.metrics.set_intersection "
        "contrib.metrics.set_size contrib.metrics.set_union contrib.metrics.streaming_accuracy "
        "contrib.metrics.streaming_auc contrib.metrics.streaming_false_negatives "
        "contrib.metrics.streaming_false_positives contrib.metrics.streaming_mean "
        "contrib.metrics.streaming_mean_absolute_error contrib.metrics.streaming_mean_cosine_distance "
        "contrib.metrics.streaming_mean_iou contrib.metrics.streaming_mean_relative_error "
        "contrib.metrics.streaming_mean_squared_error contrib.metrics.streaming_mean_tensor "
        "contrib.metrics.streaming_percentage_less contrib.metrics.streaming_precision "
        "contrib.metrics.streaming_precision_at_thresholds contrib.metrics.streaming_recall "
        "contrib.metrics.streaming_recall_at_thresholds contrib.metrics.streaming_root_mean_squared_error "
        "contrib.metrics.streaming_sensitivity_at_specificity "
        "contrib.metrics.streaming_sparse_average_precision_at_k "
        "contrib.metrics.streaming_sparse_precision_at_k contrib.metrics.streaming_sparse_recall_at_k "
        "contrib.metrics.streaming_specificity_at_sensitivity contrib.metrics.streaming_true_negatives "
        "contrib.metrics.streaming_true_positives"
    ),
    "contrib.metrics.thresholds": (
        "contrib.metrics.precision_at_recall contrib.metrics.precision_recall_at_equal_thresholds "
        "contrib.metrics.recall_at_precision contrib.metrics.streaming_curve_points "
        "contrib.metrics.streaming_false_negative_rate "
        "contrib.metrics.streaming_false_negative_rate_at_thresholds "
        "contrib.metrics.streaming_false_negatives_at_thresholds "
        "contrib.metrics.streaming_false_positive_rate "
        "contrib.metrics.streaming_false_positive_rate_at_thresholds "
        "contrib.metrics.streaming_false_positives_at_thresholds "
        "contrib.metrics.streaming_true_negatives_at_thresholds "
        "contrib.metrics.streaming_true_positives_at_thresholds"
    ),
    "contrib.nn.dropping": "contrib.nn.alpha_dropout",
    "contrib.nn.flipped": (
        "contrib.nn.deprecated_flipped_sigmoid_cross_entropy_with_logits "
        "contrib.nn.deprecated_flipped_softmax_cross_entropy_with_logits "
        "contrib.nn.deprecated_flipped_sparse_softmax_cross_entropy_with_logits"
    ),
    "contrib.nn.gradients": "contrib.nn.python.ops.fwd_gradients.fwd_gradients contrib.nn.scaled_softplus",
    "contrib.nn.sampling": "contrib.nn.rank_sampled_softmax_loss contrib.nn.sampled_sparse_softmax_loss",
    "contrib.old_paths": (
        "contrib.framework.python.ops.add_arg_scope contrib.framework.python.ops.add_model_variable "
        "contrib.framework.python.ops.arg_scope contrib.framework.python.ops.get_or_create_global_step "
        "contrib.framework.python.ops.get_variables contrib.framework.python.ops.model_variable "
        "contrib.keras.activations contrib.keras.api.keras.activations contrib.keras.api.keras.backend "
        "contrib.keras.api.keras.callbacks contrib.keras.api.keras.constraints "
        "contrib.keras.api.keras.datasets contrib.keras.api.keras.initializers contrib.keras.api.keras.layers "
        "contrib.keras.api.keras.losses contrib.keras.api.keras.metrics contrib.keras.api.keras.models "
        "contrib.keras.api.keras.optimizers contrib.keras.api.keras.preprocessing "
        "contrib.keras.api.keras.regularizers contrib.keras.api.keras.utils contrib.keras.backend "
        "contrib.keras.callbacks contrib.keras.constraints contrib.keras.datasets contrib.keras.initializers "
        "contrib.keras.layers contrib.keras.losses contrib.keras.metrics contrib.keras.models "
        "contrib.keras.optimizers contrib.keras.preprocessing contrib.keras.regularizers contrib.keras.utils "
        "contrib.layers.python.layers.avg_pool2d contrib.layers.python.layers.batch_norm "
        "contrib.layers.python.layers.conv2d contrib.layers.python.layers.dropout "
        "contrib.layers.python.layers.flatten contrib.layers.python.layers.fully_connected "
        "contrib.layers.python.layers.initializers.variance_scaling_initializer "
        "contrib.layers.python.layers.initializers.xavier_initializer "
        "contrib.layers.python.layers.initializers.xavier_initializer_conv2d "
        "contrib.layers.python.layers.l2_regularizer contrib.layers.python.layers.layer_norm "
        "contrib.layers.python.layers.max_pool2d contrib.layers.python.layers.optimize_loss "
        "contrib.layers.python.layers.variance_scaling_initializer "
        "contrib.layers.python.layers.xavier_initializer"
    ),
    "contrib.opt.adams": (
        "contrib.opt.AdaMaxOptimizer contrib.opt.AdamGSOptimizer contrib.opt.LazyAdamGSOptimizer "
        "contrib.opt.NadamOptimizer contrib.opt.python.training.adam_gs_optimizer.AdamGSOptimizer "
        "contrib.opt.python.training.adamax.AdaMaxOptimizer "
        "contrib.opt.python.training.lazy_adam_gs_optimizer.LazyAdamGSOptimizer "
        "contrib.opt.python.training.nadam_optimizer.NadamOptimizer"
    ),
    "contrib.opt.external": (
        "contrib.opt.ExternalOptimizerInterface contrib.opt.ScipyOptimizerInterface "
        "contrib.opt.python.training.external_optimizer.ExternalOptimizerInterface "
        "contrib.opt.python.training.external_optimizer.ScipyOptimizerInterface"
    ),
    "contrib.opt.layerwise": (
        "contrib.opt.LARSOptimizer contrib.opt.RegAdagradOptimizer "
        "contrib.opt.python.training.lars_optimizer.LARSOptimizer "
        "contrib.opt.python.training.reg_adagrad_optimizer.RegAdagradOptimizer"
    ),
    "contrib.opt.lazy_adam": "contrib.opt.LazyAdamOptimizer",
    "contrib.opt.moving_average": "contrib.opt.MovingAverageOptimizer",
    "contrib.opt.shampoo": "contrib.opt.ShampooOptimizer",
    "contrib.opt.signs": (
        "contrib.opt.AddSignOptimizer contrib.opt.PowerSignOptimizer "
        "contrib.opt.python.training.addsign.AddSignOptimizer "
        "contrib.opt.python.training.powersign.PowerSignOptimizer "
        "contrib.opt.python.training.sign_decay.get_cosine_decay_fn "
        "contrib.opt.python.training.sign_decay.get_linear_decay_fn "
        "contrib.opt.python.training.sign_decay.get_restart_decay_fn"
    ),
    "contrib.opt.weight_decay": (
        "contrib.opt.AdamWOptimizer contrib.opt.DecoupledWeightDecayExtension contrib.opt.MomentumWOptimizer "
        "contrib.opt.extend_with_decoupled_weight_decay"
    ),
    "contrib.opt.wrappers": (
        "contrib.opt.MultitaskOptimizerWrapper contrib.opt.VariableClippingOptimizer "
        "contrib.opt.clip_gradients_by_global_norm "
        "contrib.opt.python.training.multitask_optimizer_wrapper.MultitaskOptimizerWrapper "
        "contrib.opt.python.training.multitask_optimizer_wrapper.clip_gradients_by_global_norm "
        "contrib.opt.python.training.variable_clipping_optimizer.VariableClippingOptimizer"
    ),
    "contrib.recurrent": (
        "contrib.recurrent.python.ops.functional_rnn.bidirectional_functional_rnn "
        "contrib.recurrent.python.ops.functional_rnn.functional_rnn"
    ),
    "contrib.rnn.around": "contrib.rnn.AttentionCellWrapper contrib.rnn.CompiledWrapper contrib.rnn.HighwayWrapper",
    "contrib.rnn.blocks": (
        "contrib.rnn.GRUBlockCell contrib.rnn.GRUBlockCellV2 contrib.rnn.LSTMBlockCell "
        "contrib.rnn.LSTMBlockFusedCell contrib.rnn.LSTMBlockWrapper"
    ),
    "contrib.rnn.convolutional": (
        "contrib.rnn.Conv1DLSTMCell contrib.rnn.Conv2DLSTMCell contrib.rnn.Conv3DLSTMCell "
        "contrib.rnn.ConvLSTMCell"
    ),
    "contrib.rnn.fused": "contrib.rnn.FusedRNNCell contrib.rnn.FusedRNNCellAdaptor contrib.rnn.TimeReversedFusedRNN",
    "contrib.rnn.grids": "contrib.rnn.BidirectionalGridLSTMCell contrib.rnn.GridLSTMCell contrib.rnn.TimeFreqLSTMCell",
    "contrib.rnn.linear": "contrib.rnn.python.ops.core_rnn_cell._Linear contrib.rnn.python.ops.core_rnn_cell._linear",
    "contrib.rnn.lstms": (
        "contrib.rnn.CoupledInputForgetGateLSTMCell contrib.rnn.GLSTMCell contrib.rnn.LayerNormBasicLSTMCell "
        "contrib.rnn.PhasedLSTMCell contrib.rnn.python.ops.rnn_cell.LayerNormLSTMCell "
        "contrib.rnn.python.ops.rnn_cell.WeightNormLSTMCell"
    ),
    "contrib.rnn.projections": (
        "contrib.rnn.EmbeddingWrapper contrib.rnn.InputProjectionWrapper contrib.rnn.OutputProjectionWrapper"
    ),
    "contrib.rnn.simple": (
        "contrib.rnn.IndRNNCell contrib.rnn.IndyGRUCell contrib.rnn.IndyLSTMCell "
        "contrib.rnn.IntersectionRNNCell contrib.rnn.NASCell contrib.rnn.SRUCell contrib.rnn.UGRNNCell "
        "contrib.rnn.python.ops.rnn_cell.CFNCell contrib.rnn.python.ops.rnn_cell.MinimalRNNCell"
    ),
    "contrib.rnn.stacked": "contrib.rnn.stack_bidirectional_dynamic_rnn contrib.rnn.stack_bidirectional_rnn",
    "contrib.seq2seq.attention": "contrib.seq2seq.AttentionWrapper contrib.seq2seq.AttentionWrapperState",
    "contrib.seq2seq.beam_search": (
        "contrib.seq2seq.BeamSearchDecoder contrib.seq2seq.BeamSearchDecoderOutput "
        "contrib.seq2seq.BeamSearchDecoderState contrib.seq2seq.FinalBeamSearchDecoderOutput"
    ),
    "contrib.seq2seq.beams": (
        "contrib.seq2seq.python.ops.beam_search_decoder.gather_tree_from_array contrib.seq2seq.tile_batch"
    ),
    "contrib.seq2seq.decoder": (
        "contrib.seq2seq.BasicDecoder contrib.seq2seq.BasicDecoderOutput contrib.seq2seq.Decoder "
        "contrib.seq2seq.dynamic_decode"
    ),
    "contrib.seq2seq.helper": (
        "contrib.seq2seq.CustomHelper contrib.seq2seq.GreedyEmbeddingHelper contrib.seq2seq.Helper "
        "contrib.seq2seq.InferenceHelper contrib.seq2seq.SampleEmbeddingHelper contrib.seq2seq.TrainingHelper"
    ),
    "contrib.seq2seq.loss": "contrib.seq2seq.sequence_loss",
    "contrib.seq2seq.mechanisms": (
        "contrib.seq2seq.BahdanauAttention contrib.seq2seq.BahdanauMonotonicAttention "
        "contrib.seq2seq.LuongAttention contrib.seq2seq.LuongMonotonicAttention "
        "contrib.seq2seq.monotonic_attention contrib.seq2seq.safe_cumprod"
    ),
    "contrib.seq2seq.memory": "contrib.seq2seq.AttentionMechanism contrib.seq2seq.hardmax",
    "contrib.seq2seq.scheduled": (
        "contrib.seq2seq.ScheduledEmbeddingTrainingHelper contrib.seq2seq.ScheduledOutputTrainingHelper"
    ),
    "contrib.slim.aliases": (
        "contrib.slim.init_ops.constant_initializer contrib.slim.init_ops.ones_initializer "
        "contrib.slim.init_ops.random_normal_initializer contrib.slim.init_ops.random_uniform_initializer "
        "contrib.slim.init_ops.truncated_normal_initializer contrib.slim.init_ops.zeros_initializer "
        "contrib.slim.losses contrib.slim.metrics"
    ),
    "contrib.slim.describing": (
        "contrib.slim.model_analyzer.analyze_ops contrib.slim.model_analyzer.analyze_vars "
        "contrib.slim.model_analyzer.tensor_description contrib.slim.python.slim.model_analyzer.analyze_ops "
        "contrib.slim.python.slim.model_analyzer.analyze_vars "
        "contrib.slim.python.slim.model_analyzer.tensor_description "
        "contrib.slim.python.slim.summaries.add_histogram_summaries "
        "contrib.slim.python.slim.summaries.add_histogram_summary "
        "contrib.slim.python.slim.summaries.add_image_summaries "
        "contrib.slim.python.slim.summaries.add_image_summary "
        "contrib.slim.python.slim.summaries.add_scalar_summaries "
        "contrib.slim.python.slim.summaries.add_scalar_summary "
        "contrib.slim.python.slim.summaries.add_zero_fraction_summaries "
        "contrib.slim.python.slim.summaries.add_zero_fraction_summary "
        "contrib.slim.summaries.add_histogram_summaries contrib.slim.summaries.add_histogram_summary "
        "contrib.slim.summaries.add_image_summaries contrib.slim.summaries.add_image_summary "
        "contrib.slim.summaries.add_scalar_summaries contrib.slim.summaries.add_scalar_summary "
        "contrib.slim.summaries.add_zero_fraction_summaries contrib.slim.summaries.add_zero_fraction_summary"
    ),
    "contrib.slim.nets.alexnet": (
        "contrib.slim.nets.alexnet.alexnet_v2 contrib.slim.nets.alexnet.alexnet_v2_arg_scope "
        "contrib.slim.python.slim.nets.alexnet.alexnet_v2 "
        "contrib.slim.python.slim.nets.alexnet.alexnet_v2_arg_scope"
    ),
    "contrib.slim.nets.inception_v1": (
        "contrib.slim.nets.inception.inception_v1 contrib.slim.nets.inception.inception_v1_arg_scope "
        "contrib.slim.nets.inception.inception_v1_base contrib.slim.nets.inception_v1.inception_v1 "
        "contrib.slim.nets.inception_v1.inception_v1_arg_scope "
        "contrib.slim.nets.inception_v1.inception_v1_base "
        "contrib.slim.python.slim.nets.inception.inception_v1 "
        "contrib.slim.python.slim.nets.inception.inception_v1_arg_scope "
        "contrib.slim.python.slim.nets.inception.inception_v1_base "
        "contrib.slim.python.slim.nets.inception_v1.inception_v1 "
        "contrib.slim.python.slim.nets.inception_v1.inception_v1_arg_scope "
        "contrib.slim.python.slim.nets.inception_v1.inception_v1_base"
    ),
    "contrib.slim.nets.inception_v2": (
        "contrib.slim.nets.inception.inception_v2 contrib.slim.nets.inception.inception_v2_arg_scope "
        "contrib.slim.nets.inception.inception_v2_base contrib.slim.nets.inception_v2.inception_v2 "
        "contrib.slim.nets.inception_v2.inception_v2_arg_scope "
        "contrib.slim.nets.inception_v2.inception_v2_base "
        "contrib.slim.python.slim.nets.inception.inception_v2 "
        "contrib.slim.python.slim.nets.inception.inception_v2_arg_scope "
        "contrib.slim.python.slim.nets.inception.inception_v2_base "
        "contrib.slim.python.slim.nets.inception_v2.inception_v2 "
        "contrib.slim.python.slim.nets.inception_v2.inception_v2_arg_scope "
        "contrib.slim.python.slim.nets.inception_v2.inception_v2_base"
    ),
    "contrib.slim.nets.inception_v3": (
        "contrib.slim.nets.inception.inception_v3 contrib.slim.nets.inception.inception_v3_arg_scope "
        "contrib.slim.nets.inception.inception_v3_base contrib.slim.nets.inception_v3.inception_v3 "
        "contrib.slim.nets.inception_v3.inception_v3_arg_scope "
        "contrib.slim.nets.inception_v3.inception_v3_base "
        "contrib.slim.python.slim.nets.inception.inception_v3 "
        "contrib.slim.python.slim.nets.inception.inception_v3_arg_scope "
        "contrib.slim.python.slim.nets.inception.inception_v3_base "
        "contrib.slim.python.slim.nets.inception_v3.inception_v3 "
        "contrib.slim.python.slim.nets.inception_v3.inception_v3_arg_scope "
        "contrib.slim.python.slim.nets.inception_v3.inception_v3_base"
    ),
    "contrib.slim.nets.overfeat": (
        "contrib.slim.nets.overfeat.overfeat contrib.slim.nets.overfeat.overfeat_arg_scope "
        "contrib.slim.python.slim.nets.overfeat.overfeat "
        "contrib.slim.python.slim.nets.overfeat.overfeat_arg_scope"
    ),
    "contrib.slim.nets.resnet_utils": (
        "contrib.slim.nets.resnet_utils.Block contrib.slim.nets.resnet_utils.conv2d_same "
        "contrib.slim.nets.resnet_utils.resnet_arg_scope contrib.slim.nets.resnet_utils.stack_blocks_dense "
        "contrib.slim.nets.resnet_utils.subsample contrib.slim.nets.resnet_v1.resnet_arg_scope "
        "contrib.slim.nets.resnet_v2.resnet_arg_scope contrib.slim.python.slim.nets.resnet_utils.Block "
        "contrib.slim.python.slim.nets.resnet_utils.conv2d_same "
        "contrib.slim.python.slim.nets.resnet_utils.resnet_arg_scope "
        "contrib.slim.python.slim.nets.resnet_utils.stack_blocks_dense "
        "contrib.slim.python.slim.nets.resnet_utils.subsample "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_arg_scope "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_arg_scope"
    ),
    "contrib.slim.nets.resnet_v1": (
        "contrib.slim.nets.resnet_v1.bottleneck contrib.slim.nets.resnet_v1.resnet_v1 "
        "contrib.slim.nets.resnet_v1.resnet_v1_101 contrib.slim.nets.resnet_v1.resnet_v1_152 "
        "contrib.slim.nets.resnet_v1.resnet_v1_200 contrib.slim.nets.resnet_v1.resnet_v1_50 "
        "contrib.slim.nets.resnet_v1.resnet_v1_block contrib.slim.python.slim.nets.resnet_v1.bottleneck "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1 "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1_101 "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1_152 "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1_200 "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1_50 "
        "contrib.slim.python.slim.nets.resnet_v1.resnet_v1_block"
    ),
    "contrib.slim.nets.resnet_v2": (
        "contrib.slim.nets.resnet_v2.bottleneck contrib.slim.nets.resnet_v2.resnet_v2 "
        "contrib.slim.nets.resnet_v2.resnet_v2_101 contrib.slim.nets.resnet_v2.resnet_v2_152 "
        "contrib.slim.nets.resnet_v2.resnet_v2_200 contrib.slim.nets.resnet_v2.resnet_v2_50 "
        "contrib.slim.nets.resnet_v2.resnet_v2_block contrib.slim.python.slim.nets.resnet_v2.bottleneck "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2 "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2_101 "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2_152 "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2_200 "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2_50 "
        "contrib.slim.python.slim.nets.resnet_v2.resnet_v2_block"
    ),
    "contrib.slim.nets.vgg": (
        "contrib.slim.nets.vgg.vgg_16 contrib.slim.nets.vgg.vgg_19 contrib.slim.nets.vgg.vgg_a "
        "contrib.slim.nets.vgg.vgg_arg_scope contrib.slim.nets.vgg.vgg_d contrib.slim.nets.vgg.vgg_e "
        "contrib.slim.python.slim.nets.vgg.vgg_16 contrib.slim.python.slim.nets.vgg.vgg_19 "
        "contrib.slim.python.slim.nets.vgg.vgg_a contrib.slim.python.slim.nets.vgg.vgg_arg_scope "
        "contrib.slim.python.slim.nets.vgg.vgg_d contrib.slim.python.slim.nets.vgg.vgg_e"
    ),
    "contrib.slim.reading": (
        "contrib.slim.data_decoder.DataDecoder contrib.slim.data_provider.DataProvider "
        "contrib.slim.dataset.Dataset contrib.slim.dataset_data_provider.DatasetDataProvider "
        "contrib.slim.parallel_reader.ParallelReader contrib.slim.parallel_reader.get_data_files "
        "contrib.slim.parallel_reader.parallel_read contrib.slim.parallel_reader.single_pass_read "
        "contrib.slim.prefetch_queue.prefetch_queue contrib.slim.python.slim.data.data_decoder.DataDecoder "
        "contrib.slim.python.slim.data.data_provider.DataProvider "
        "contrib.slim.python.slim.data.dataset.Dataset "
        "contrib.slim.python.slim.data.dataset_data_provider.DatasetDataProvider "
        "contrib.slim.python.slim.data.parallel_reader.ParallelReader "
        "contrib.slim.python.slim.data.parallel_reader.get_data_files "
        "contrib.slim.python.slim.data.parallel_reader.parallel_read "
        "contrib.slim.python.slim.data.parallel_reader.single_pass_read "
        "contrib.slim.python.slim.data.prefetch_queue.prefetch_queue "
        "contrib.slim.python.slim.data.tfexample_decoder.BackupHandler "
        "contrib.slim.python.slim.data.tfexample_decoder.BoundingBox "
        "contrib.slim.python.slim.data.tfexample_decoder.Image "
        "contrib.slim.python.slim.data.tfexample_decoder.ItemHandler "
        "contrib.slim.python.slim.data.tfexample_decoder.ItemHandlerCallback "
        "contrib.slim.python.slim.data.tfexample_decoder.LookupTensor "
        "contrib.slim.python.slim.data.tfexample_decoder.SparseTensor "
        "contrib.slim.python.slim.data.tfexample_decoder.TFExampleDecoder "
        "contrib.slim.python.slim.data.tfexample_decoder.Tensor contrib.slim.tfexample_decoder.BackupHandler "
        "contrib.slim.tfexample_decoder.BoundingBox contrib.slim.tfexample_decoder.Image "
        "contrib.slim.tfexample_decoder.ItemHandler contrib.slim.tfexample_decoder.ItemHandlerCallback "
        "contrib.slim.tfexample_decoder.LookupTensor contrib.slim.tfexample_decoder.SparseTensor "
        "contrib.slim.tfexample_decoder.TFExampleDecoder contrib.slim.tfexample_decoder.Tensor"
    ),
    "contrib.slim.training": (
        "contrib.slim.evaluation.checkpoints_iterator contrib.slim.evaluation.evaluate_once "
        "contrib.slim.evaluation.evaluation_loop contrib.slim.evaluation.wait_for_new_checkpoint "
        "contrib.slim.learning.add_gradients_summaries contrib.slim.learning.clip_gradient_norms "
        "contrib.slim.learning.create_train_op contrib.slim.learning.multiply_gradients "
        "contrib.slim.learning.train contrib.slim.learning.train_step "
        "contrib.slim.python.slim.evaluation.checkpoints_iterator "
        "contrib.slim.python.slim.evaluation.evaluate_once "
        "contrib.slim.python.slim.evaluation.evaluation_loop "
        "contrib.slim.python.slim.evaluation.wait_for_new_checkpoint "
        "contrib.slim.python.slim.learning.add_gradients_summaries "
        "contrib.slim.python.slim.learning.clip_gradient_norms "
        "contrib.slim.python.slim.learning.create_train_op "
        "contrib.slim.python.slim.learning.multiply_gradients contrib.slim.python.slim.learning.train "
        "contrib.slim.python.slim.learning.train_step contrib.slim.python.slim.queues.NestedQueueRunnerError "
        "contrib.slim.python.slim.queues.QueueRunners contrib.slim.queues.NestedQueueRunnerError "
        "contrib.slim.queues.QueueRunners contrib.training.add_gradients_summaries "
        "contrib.training.clip_gradient_norms contrib.training.create_train_op "
        "contrib.training.multiply_gradients"
    ),
    "contrib.sparsemax.sparse": (
        "contrib.sparsemax.python.ops.sparsemax.sparsemax "
        "contrib.sparsemax.python.ops.sparsemax_loss.sparsemax_loss contrib.sparsemax.sparsemax "
        "contrib.sparsemax.sparsemax_loss"
    ),
    "contrib.tensor_forest.forests": (
        "contrib.tensor_forest.python.tensor_forest.ForestVariables "
        "contrib.tensor_forest.python.tensor_forest.RandomForestGraphs "
        "contrib.tensor_forest.python.tensor_forest.RandomTreeGraphs "
        "contrib.tensor_forest.python.tensor_forest.get_epoch_variable"
    ),
    "contrib.tensor_forest.inputs": (
        "contrib.tensor_forest.python.ops.data_ops.CastToFloat "
        "contrib.tensor_forest.python.ops.data_ops.DATA_CATEGORICAL "
        "contrib.tensor_forest.python.ops.data_ops.DATA_FLOAT "
        "contrib.tensor_forest.python.ops.data_ops.DTYPE_TO_FTYPE "
        "contrib.tensor_forest.python.ops.data_ops.DataColumn "
        "contrib.tensor_forest.python.ops.data_ops.DataColumnCollection "
        "contrib.tensor_forest.python.ops.data_ops.GetColumnName "
        "contrib.tensor_forest.python.ops.data_ops.ParseDataTensorOrDict "
        "contrib.tensor_forest.python.ops.data_ops.ParseLabelTensorOrDict "
        "contrib.tensor_forest.python.ops.data_ops.TensorForestDataSpec"
    ),
    "contrib.tensor_forest.parameters": (
        "contrib.tensor_forest.python.tensor_forest.CLASSIFICATION_LEAF_MODEL_TYPES "
        "contrib.tensor_forest.python.tensor_forest.FINISH_TYPES "
        "contrib.tensor_forest.python.tensor_forest.ForestHParams "
        "contrib.tensor_forest.python.tensor_forest.PRUNING_TYPES "
        "contrib.tensor_forest.python.tensor_forest.REGRESSION_MODEL_TYPE "
        "contrib.tensor_forest.python.tensor_forest.SPLIT_TYPES "
        "contrib.tensor_forest.python.tensor_forest.build_params_proto "
        "contrib.tensor_forest.python.tensor_forest.parse_number_or_string_to_proto"
    ),
    "contrib.tensor_forest.trees": (
        "contrib.tensor_forest.python.ops.model_ops.tree_variable "
        "contrib.tensor_forest.python.ops.stats_ops.fertile_stats_variable "
        "contrib.tensor_forest.python.tensor_forest.TreeVariables"
    ),
    "contrib.tensorboard.projector": (
        "contrib.tensorboard.plugins.projector.EmbeddingInfo "
        "contrib.tensorboard.plugins.projector.ProjectorConfig "
        "contrib.tensorboard.plugins.projector.SpriteMetadata "
        "contrib.tensorboard.plugins.projector.visualize_embeddings"
    ),
    "contrib.testing.fake_summary_writer": (
        "contrib.testing.FakeSummaryWriter "
        "contrib.testing.python.framework.fake_summary_writer.FakeSummaryWriter"
    ),
    "contrib.training.buckets": "contrib.training.bucket contrib.training.bucket_by_sequence_length",
    "contrib.training.hparam": (
        "contrib.training.HParams contrib.training.parse_values "
        "contrib.training.python.training.hparam.HParams"
    ),
    "contrib.training.loops": (
        "contrib.training.SummaryAtEndHook contrib.training.clip_gradient_norms_fn "
        "contrib.training.evaluate_repeatedly contrib.training.train"
    ),
    "contrib.training.resample": "contrib.training.resample_at_rate contrib.training.weighted_resample",
    "contrib.training.sampling": (
        "contrib.training.python.training.sampling_ops._calculate_acceptance_probabilities "
        "contrib.training.python.training.sampling_ops.rejection_sample "
        "contrib.training.python.training.sampling_ops.stratified_sample contrib.training.rejection_sample "
        "contrib.training.stratified_sample"
    ),
    "contrib.training.sequence_batches": (
        "contrib.training.batch_sequences_with_states "
        "contrib.training.python.training.sequence_queueing_state_saver._padding"
    ),
    "contrib.training.sequence_states": (
        "contrib.training.NextQueuedSequenceBatch contrib.training.SequenceQueueingStateSaver"
    ),
    "core.collections": (
        "GraphKeys add_to_collection add_to_collections get_collection get_collection_ref "
        "python.framework.ops.get_collection_proto_type python.framework.ops.get_from_proto_function "
        "python.framework.ops.get_to_proto_function python.framework.ops.register_proto_function"
    ),
    "core.compat": (
        "compat.as_bytes compat.as_str compat.as_str_any compat.as_text compat.bytes_or_text_types "
        "compat.complex_types compat.dimension_at_index compat.dimension_value "
        "compat.forward_compatibility_horizon compat.forward_compatible compat.integral_types "
        "compat.path_to_str compat.real_types dimension_at_index dimension_value python.util.compat.as_bytes "
        "python.util.compat.as_str python.util.compat.as_str_any python.util.compat.as_text "
        "python.util.compat.bytes_or_text_types python.util.compat.complex_types "
        "python.util.compat.integral_types python.util.compat.path_to_str python.util.compat.real_types"
    ),
    "core.context": (
        "contrib.eager.executing_eagerly contrib.eager.in_eager_mode eager_mode executing_eagerly graph_mode"
    ),
    "core.convert": (
        "constant contrib.framework.is_tensor convert_to_tensor is_tensor register_tensor_conversion_function"
    ),
    "core.custom_gradient": (
        "contrib.eager.custom_gradient contrib.layers.recompute_grad custom_gradient grad_pass_through "
        "recompute_grad"
    ),
    "core.device": (
        "DeviceSpec compat.v2.DeviceSpec python.framework.device.canonical_name "
        "python.framework.device.check_valid python.framework.device.is_device_spec "
        "python.framework.device.merge_device python.framework.device_spec.DeviceSpecV1 "
        "python.framework.device_spec.DeviceSpecV2"
    ),
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
        "errors.raise_exception_on_not_ok_status python.framework.errors.InaccessibleTensorError "
        "python.framework.errors.OperatorNotAllowedInGraphError "
        "python.framework.errors_impl.InaccessibleTensorError "
        "python.framework.errors_impl.OperatorNotAllowedInGraphError"
    ),
    "core.gradient_registry": "NoGradient NotDifferentiable RegisterGradient no_gradient",
    "core.graph": (
        "GRAPH_DEF_VERSION GRAPH_DEF_VERSION_MIN_CONSUMER GRAPH_DEF_VERSION_MIN_PRODUCER Graph "
        "get_default_graph reset_default_graph version.GRAPH_DEF_VERSION "
        "version.GRAPH_DEF_VERSION_MIN_CONSUMER version.GRAPH_DEF_VERSION_MIN_PRODUCER"
    ),
    "core.graph_gradients": "AggregationMethod UnconnectedGradients gradients",
    "core.indexed_slices": "IndexedSlices IndexedSlicesSpec IndexedSlicesValue convert_to_tensor_or_indexed_slices",
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
    "core.proto_names": (
        "AttrValue ConfigProto Event GPUOptions GraphDef GraphOptions HistogramProto LogMessage MetaGraphDef "
        "NameAttrList NodeDef OptimizerOptions RunMetadata RunOptions SessionLog Summary SummaryMetadata "
        "TensorInfo profiler.AdviceProto profiler.GraphNodeProto profiler.MultiGraphNodeProto "
        "profiler.OpLogProto summary.Event summary.SessionLog summary.Summary summary.SummaryDescription "
        "summary.TaggedRunMetadata train.BytesList train.ClusterDef train.Example train.Feature "
        "train.FeatureList train.FeatureLists train.Features train.FloatList train.Int64List train.JobDef "
        "train.SaverDef train.SequenceExample train.ServerDef"
    ),
    "core.scopes": (
        "colocate_with container contrib.eager.enable_eager_execution control_dependencies device "
        "disable_eager_execution enable_eager_execution get_default_session init_scope "
        "keras.backend.name_scope name_scope op_scope"
    ),
    "core.seeds": "get_seed random.get_seed random.set_random_seed set_random_seed",
    "core.shape": (
        "Dimension TensorShape disable_v2_tensorshape enable_v2_tensorshape "
        "python.framework.tensor_shape.as_dimension python.framework.tensor_shape.as_shape "
        "python.framework.tensor_shape.matrix python.framework.tensor_shape.scalar "
        "python.framework.tensor_shape.unknown_shape python.framework.tensor_shape.vector"
    ),
    "core.sparse_tensor": (
        "SparseTensor SparseTensorSpec SparseTensorValue convert_to_tensor_or_sparse_tensor "
        "sparse.SparseTensor sparse.SparseTensorValue"
    ),
    "core.static_values": (
        "contrib.util.constant_value contrib.util.make_ndarray contrib.util.make_tensor_proto "
        "get_static_value make_ndarray make_tensor_proto python.framework.tensor_util.MakeNdarray "
        "python.framework.tensor_util.ShapeEquals python.framework.tensor_util.constant_value_as_shape "
        "python.framework.tensor_util.shape_tensor"
    ),
    "core.tensor": "Tensor",
    "core.tensor_spec": (
        "TensorSpec contrib.eager.TensorSpec contrib.framework.BoundedTensorSpec "
        "python.framework.tensor_spec.BoundedTensorSpec"
    ),
    "core.trackable": (
        "contrib.checkpoint.CheckpointableBase python.training.checkpointable.base.Checkpointable "
        "python.training.checkpointable.base.CheckpointableBase "
        "python.training.checkpointable.base.CheckpointableReference "
        "python.training.checkpointable.base.Trackable python.training.saving.saveable_object.SaveSpec "
        "python.training.saving.saveable_object.SaveableObject "
        "python.training.tracking.base.CheckpointInitialValue "
        "python.training.tracking.base.OBJECT_CONFIG_JSON_KEY "
        "python.training.tracking.base.OBJECT_GRAPH_PROTO_KEY python.training.tracking.base.Trackable "
        "python.training.tracking.base.TrackableReference python.training.tracking.base.VARIABLE_VALUE_KEY "
        "python.training.tracking.base.no_automatic_dependency_tracking "
        "python.training.tracking.base.no_automatic_dependency_tracking_scope "
        "python.training.tracking.base.no_manual_dependency_tracking_scope"
    ),
    "core.type_spec": "TypeSpec data.experimental.Structure",
    "data.arrays": "TensorArraySpec data.experimental.TensorArrayStructure",
    "data.dataset": (
        "compat.v2.data.Dataset data.experimental.from_variant data.experimental.to_variant "
        "python.data.ops.dataset_ops.DatasetV2"
    ),
    "data.dataset_v1": (
        "data.Dataset python.data.ops.dataset_ops.Dataset python.data.ops.dataset_ops.DatasetV1 "
        "python.data.ops.dataset_ops.DatasetV1Adapter"
    ),
    "data.devices": (
        "contrib.data.make_saveable_from_iterator contrib.data.python.ops.threadpool.PrivateThreadPool "
        "contrib.data.python.ops.threadpool.override_threadpool data.experimental.make_saveable_from_iterator "
        "python.data.devices.IteratorSaveable python.data.experimental.ops.threadpool.PrivateThreadPool "
        "python.data.experimental.ops.threadpool.override_threadpool "
        "python.data.ops.multi_device_iterator_ops.MultiDeviceIterator"
    ),
    "data.examples": "contrib.data.parse_example_dataset data.experimental.parse_example_dataset",
    "data.grouping": (
        "contrib.data.Reducer contrib.data.bucket_by_sequence_length contrib.data.group_by_reducer "
        "contrib.data.group_by_window contrib.data.reduce_dataset data.experimental.Reducer "
        "data.experimental.bucket_by_sequence_length data.experimental.group_by_reducer "
        "data.experimental.group_by_window"
    ),
    "data.iterator": (
        "data.Iterator data.make_initializable_iterator data.make_one_shot_iterator "
        "python.data.ops.dataset_ops.make_initializable_iterator "
        "python.data.ops.dataset_ops.make_one_shot_iterator python.data.ops.iterator_ops.EagerIterator "
        "python.data.ops.iterator_ops.GET_NEXT_CALL_WARNING_MESSAGE "
        "python.data.ops.iterator_ops.GET_NEXT_CALL_WARNING_THRESHOLD python.data.ops.iterator_ops.Iterator "
        "python.data.ops.iterator_ops.IteratorV2 python.data.ops.iterator_ops.initializable "
        "python.data.ops.iterator_ops.one_shot"
    ),
    "data.loops": "python.data.loops.autograph_for",
    "data.nested": "data.DatasetSpec data.experimental.DatasetStructure",
    "data.optional": (
        "OptionalSpec contrib.data.Optional contrib.data.get_next_as_optional data.experimental.Optional "
        "data.experimental.OptionalStructure data.experimental.get_next_as_optional "
        "python.data.ops.optional_ops._OptionalImpl"
    ),
    "data.options": (
        "data.Options data.experimental.DistributeOptions data.experimental.MapVectorizationOptions "
        "data.experimental.OptimizationOptions data.experimental.StatsOptions "
        "data.experimental.ThreadingOptions python.data.util.options.OptionsBase "
        "python.data.util.options.create_option python.data.util.options.merge_options"
    ),
    "data.readers": (
        "compat.v2.data.FixedLengthRecordDataset compat.v2.data.TFRecordDataset "
        "compat.v2.data.TextLineDataset data.FixedLengthRecordDataset data.TFRecordDataset "
        "data.TextLineDataset python.data.ops.readers.FixedLengthRecordDataset "
        "python.data.ops.readers.FixedLengthRecordDatasetV1 "
        "python.data.ops.readers.FixedLengthRecordDatasetV2 python.data.ops.readers.TFRecordDataset "
        "python.data.ops.readers.TFRecordDatasetV1 python.data.ops.readers.TFRecordDatasetV2 "
        "python.data.ops.readers.TextLineDataset python.data.ops.readers.TextLineDatasetV1 "
        "python.data.ops.readers.TextLineDatasetV2"
    ),
    "data.reducing": "python.data.reducing.reduce",
    "data.resampling": "contrib.data.rejection_resample data.experimental.rejection_resample",
    "data.seeds": "python.data.util.random_seed.get_seed",
    "data.specs": (
        "data.experimental.SparseTensorStructure data.experimental.TensorStructure "
        "data.experimental.get_structure data.get_output_classes data.get_output_shapes data.get_output_types "
        "python.data.ops.dataset_ops.get_legacy_output_classes "
        "python.data.ops.dataset_ops.get_legacy_output_shapes "
        "python.data.ops.dataset_ops.get_legacy_output_types python.data.ops.dataset_ops.get_structure"
    ),
    "data.stats": (
        "compat.v2.data.experimental.StatsAggregator contrib.data.StatsAggregator contrib.data.latency_stats "
        "contrib.data.set_stats_aggregator data.experimental.StatsAggregator "
        "data.experimental.bytes_produced_stats data.experimental.latency_stats"
    ),
    "data.structures": (
        "python.data.util.nest.assert_same_structure python.data.util.nest.assert_shallow_structure "
        "python.data.util.nest.flatten python.data.util.nest.flatten_up_to python.data.util.nest.is_sequence "
        "python.data.util.nest.map_structure python.data.util.nest.map_structure_up_to "
        "python.data.util.nest.pack_sequence_as"
    ),
    "data.tables": (
        "compat.v2.data.experimental.CsvDataset compat.v2.data.experimental.SqlDataset "
        "compat.v2.data.experimental.make_batched_features_dataset "
        "compat.v2.data.experimental.make_csv_dataset contrib.data.CsvDataset contrib.data.LMDBDataset "
        "contrib.data.SqlDataset contrib.data.make_batched_features_dataset contrib.data.make_csv_dataset "
        "contrib.data.read_batch_features data.experimental.CsvDataset data.experimental.SqlDataset "
        "data.experimental.make_batched_features_dataset data.experimental.make_csv_dataset "
        "python.data.experimental.ops.readers.CsvDatasetV1 python.data.experimental.ops.readers.CsvDatasetV2 "
        "python.data.experimental.ops.readers.make_tf_record_dataset"
    ),
    "data.transformations": (
        "compat.v2.data.experimental.Counter compat.v2.data.experimental.choose_from_datasets "
        "compat.v2.data.experimental.sample_from_datasets contrib.data.Counter contrib.data.RandomDataset "
        "contrib.data.TFRecordWriter contrib.data.assert_element_shape contrib.data.batch_and_drop_remainder "
        "contrib.data.choose_from_datasets contrib.data.copy_to_device contrib.data.dense_to_sparse_batch "
        "contrib.data.enumerate_dataset contrib.data.get_single_element contrib.data.ignore_errors "
        "contrib.data.map_and_batch contrib.data.padded_batch_and_drop_remainder "
        "contrib.data.parallel_interleave contrib.data.prefetch_to_device contrib.data.sample_from_datasets "
        "contrib.data.scan contrib.data.shuffle_and_repeat contrib.data.sliding_window_batch "
        "contrib.data.sloppy_interleave contrib.data.unbatch contrib.data.unique data.experimental.Counter "
        "data.experimental.INFINITE_CARDINALITY data.experimental.RandomDataset "
        "data.experimental.TFRecordWriter data.experimental.UNKNOWN_CARDINALITY data.experimental.cardinality "
        "data.experimental.choose_from_datasets data.experimental.copy_to_device "
        "data.experimental.dense_to_sparse_batch data.experimental.enumerate_dataset "
        "data.experimental.get_single_element data.experimental.ignore_errors data.experimental.map_and_batch "
        "data.experimental.map_and_batch_with_legacy_function data.experimental.parallel_interleave "
        "data.experimental.prefetch_to_device data.experimental.sample_from_datasets data.experimental.scan "
        "data.experimental.shuffle_and_repeat data.experimental.take_while data.experimental.unbatch "
        "data.experimental.unique"
    ),
    "data.transforming": "contrib.data.AUTOTUNE data.experimental.AUTOTUNE",
    "distribute.central_storage": (
        "compat.v2.distribute.experimental.CentralStorageStrategy "
        "compat.v2.distribute.experimental.ParameterServerStrategy contrib.distribute.ParameterServerStrategy "
        "distribute.experimental.CentralStorageStrategy distribute.experimental.ParameterServerStrategy"
    ),
    "distribute.cluster_resolvers": (
        "contrib.cluster_resolver.ClusterResolver contrib.cluster_resolver.GCEClusterResolver "
        "contrib.cluster_resolver.KubernetesClusterResolver contrib.cluster_resolver.SimpleClusterResolver "
        "contrib.cluster_resolver.SlurmClusterResolver contrib.cluster_resolver.TFConfigClusterResolver "
        "contrib.cluster_resolver.UnionClusterResolver distribute.cluster_resolver.ClusterResolver "
        "distribute.cluster_resolver.GCEClusterResolver distribute.cluster_resolver.KubernetesClusterResolver "
        "distribute.cluster_resolver.SimpleClusterResolver distribute.cluster_resolver.SlurmClusterResolver "
        "distribute.cluster_resolver.TFConfigClusterResolver distribute.cluster_resolver.UnionResolver"
    ),
    "distribute.context": (
        "contrib.distribute.UpdateContext contrib.distribute.get_cross_replica_context "
        "contrib.distribute.get_distribution_strategy contrib.distribute.get_replica_context "
        "contrib.distribute.get_strategy contrib.distribute.has_distribution_strategy "
        "contrib.distribute.has_strategy contrib.distribute.in_cross_replica_context "
        "contrib.distribute.require_replica_context distribute.experimental_set_strategy "
        "distribute.get_replica_context distribute.get_strategy distribute.has_strategy "
        "distribute.in_cross_replica_context "
        "python.distribute.distribution_strategy_context.get_replica_context "
        "python.distribute.distribution_strategy_context.get_strategy "
        "python.distribute.distribution_strategy_context.has_strategy "
        "python.distribute.distribution_strategy_context.in_cross_replica_context"
    ),
    "distribute.cross_device": (
        "compat.v2.distribute.experimental.CollectiveCommunication contrib.distribute.AllReduceCrossDeviceOps "
        "contrib.distribute.CrossDeviceOps contrib.distribute.MultiWorkerAllReduce "
        "contrib.distribute.ReductionToOneDeviceCrossDeviceOps distribute.CrossDeviceOps "
        "distribute.HierarchicalCopyAllReduce distribute.NcclAllReduce distribute.ReductionToOneDevice "
        "distribute.experimental.CollectiveCommunication"
    ),
    "distribute.default": (
        "contrib.distribute.get_loss_reduction distribute.get_loss_reduction "
        "python.distribute.distribution_strategy_context._default_mode"
    ),
    "distribute.devices": "contrib.distribute.python.mirrored_strategy.all_local_devices",
    "distribute.inputs": (
        "distribute.InputContext distribute.InputReplicationMode "
        "python.distribute.input_lib.DistributedDataset python.distribute.input_lib.DistributedIterator "
        "python.distribute.input_lib.MultiStepContext"
    ),
    "distribute.mirrored": "compat.v2.distribute.MirroredStrategy distribute.MirroredStrategy",
    "distribute.multi_worker": (
        "compat.v2.distribute.experimental.MultiWorkerMirroredStrategy "
        "compat.v2.distribute.experimental.TPUStrategy contrib.distribute.CollectiveAllReduceStrategy "
        "contrib.distribute.MirroredStrategy contrib.distribute.TPUStrategy "
        "distribute.experimental.MultiWorkerMirroredStrategy distribute.experimental.TPUStrategy"
    ),
    "distribute.one_device": (
        "compat.v2.distribute.OneDeviceStrategy contrib.distribute.OneDeviceStrategy "
        "distribute.OneDeviceStrategy"
    ),
    "distribute.reducing": "distribute.ReduceOp",
    "distribute.server": (
        "compat.v2.distribute.Server compat.v2.train.ClusterSpec distribute.Server train.ClusterSpec "
        "train.Server"
    ),
    "distribute.strategy": (
        "compat.v2.distribute.Strategy compat.v2.distribute.StrategyExtended "
        "contrib.distribute.DistributionStrategy contrib.distribute.DistributionStrategyExtended "
        "contrib.distribute.ReplicaContext distribute.ReplicaContext distribute.Strategy "
        "distribute.StrategyExtended"
    ),
    "distribute.values": (
        "python.distribute.values.DistributedValues python.distribute.values.Mirrored "
        "python.distribute.values.PerReplica python.distribute.values.regroup "
        "python.distribute.values.select_replica"
    ),
    "distribute.variables": (
        "python.distribute.values.AggregatingVariable python.distribute.values.DistributedVariable "
        "python.distribute.values.MirroredVariable python.distribute.values.SyncOnReadVariable"
    ),
    "distributions.base": (
        "contrib.distributions.Distribution contrib.distributions.FULLY_REPARAMETERIZED "
        "contrib.distributions.NOT_REPARAMETERIZED contrib.distributions.ReparameterizationType "
        "distributions.Distribution distributions.FULLY_REPARAMETERIZED distributions.NOT_REPARAMETERIZED "
        "distributions.ReparameterizationType"
    ),
    "distributions.bijector": (
        "contrib.distributions.bijectors.Bijector contrib.distributions.bijectors.Identity "
        "python.ops.distributions.bijector.Bijector python.ops.distributions.bijector_impl.Bijector "
        "python.ops.distributions.identity_bijector.Identity"
    ),
    "distributions.checks": (
        "contrib.distributions.softplus_inverse python.ops.distributions.util.get_logits_and_probs "
        "python.ops.distributions.util.softplus_inverse"
    ),
    "distributions.classes": (
        "contrib.distributions.Bernoulli contrib.distributions.BernoulliWithSigmoidProbs "
        "contrib.distributions.Categorical distributions.Bernoulli distributions.Categorical"
    ),
    "distributions.counts": (
        "contrib.distributions.Dirichlet contrib.distributions.DirichletMultinomial "
        "contrib.distributions.Multinomial distributions.Dirichlet distributions.DirichletMultinomial "
        "distributions.Multinomial"
    ),
    "distributions.divergence": (
        "contrib.distributions.RegisterKL contrib.distributions.kl_divergence distributions.RegisterKL "
        "distributions.kl_divergence python.ops.distributions.kullback_leibler.cross_entropy"
    ),
    "distributions.location_scale": (
        "contrib.distributions.Laplace contrib.distributions.LaplaceWithSoftplusScale "
        "contrib.distributions.Normal contrib.distributions.NormalWithSoftplusScale "
        "contrib.distributions.StudentT contrib.distributions.StudentTWithAbsDfSoftplusScale "
        "contrib.distributions.Uniform distributions.Laplace distributions.Normal distributions.StudentT "
        "distributions.Uniform"
    ),
    "distributions.positive": (
        "contrib.distributions.Beta contrib.distributions.BetaWithSoftplusConcentration "
        "contrib.distributions.Exponential contrib.distributions.ExponentialWithSoftplusRate "
        "contrib.distributions.Gamma contrib.distributions.GammaWithSoftplusConcentrationRate "
        "distributions.Beta distributions.Exponential distributions.Gamma"
    ),
    "distributions.special": (
        "python.ops.distributions.special_math.erfinv python.ops.distributions.special_math.log_cdf_laplace "
        "python.ops.distributions.special_math.log_ndtr python.ops.distributions.special_math.ndtr "
        "python.ops.distributions.special_math.ndtri"
    ),
    "distributions.transformed": (
        "contrib.distributions.TransformedDistribution "
        "python.ops.distributions.transformed_distribution.TransformedDistribution"
    ),
    "estimator.baseline": (
        "contrib.estimator.BaselineEstimator estimator.BaselineClassifier estimator.BaselineEstimator "
        "estimator.BaselineRegressor"
    ),
    "estimator.canned": (
        "contrib.estimator.DNNEstimator contrib.estimator.LinearEstimator estimator.DNNClassifier "
        "estimator.DNNEstimator estimator.DNNRegressor estimator.LinearClassifier estimator.LinearEstimator "
        "estimator.LinearRegressor"
    ),
    "estimator.combined": (
        "contrib.estimator.DNNLinearCombinedEstimator estimator.DNNLinearCombinedClassifier "
        "estimator.DNNLinearCombinedEstimator estimator.DNNLinearCombinedRegressor"
    ),
    "estimator.estimator": "estimator.Estimator",
    "estimator.exporters": (
        "estimator.BestExporter estimator.Exporter estimator.FinalExporter estimator.LatestExporter"
    ),
    "estimator.extending": (
        "contrib.estimator.add_metrics contrib.estimator.clip_gradients_by_norm "
        "contrib.estimator.forward_features estimator.add_metrics estimator.classifier_parse_example_spec "
        "estimator.regressor_parse_example_spec"
    ),
    "estimator.heads": (
        "contrib.estimator.binary_classification_head contrib.estimator.multi_class_head "
        "contrib.estimator.regression_head"
    ),
    "estimator.inputs": "estimator.inputs.numpy_input_fn estimator.inputs.pandas_input_fn",
    "estimator.modes": "estimator.ModeKeys",
    "estimator.outputs": (
        "estimator.export.ClassificationOutput estimator.export.EvalOutput estimator.export.ExportOutput "
        "estimator.export.PredictOutput estimator.export.RegressionOutput estimator.export.TrainOutput"
    ),
    "estimator.receivers": (
        "contrib.estimator.build_raw_supervised_input_receiver_fn "
        "contrib.estimator.build_supervised_input_receiver_fn_from_input_fn "
        "estimator.experimental.build_raw_supervised_input_receiver_fn estimator.export.ServingInputReceiver "
        "estimator.export.TensorServingInputReceiver estimator.export.build_parsing_serving_input_receiver_fn "
        "estimator.export.build_raw_serving_input_receiver_fn"
    ),
    "estimator.run_config": "estimator.RunConfig",
    "estimator.spec": "estimator.EstimatorSpec estimator.experimental.call_logit_fn",
    "estimator.stopping": (
        "contrib.estimator.InMemoryEvaluatorHook contrib.estimator.make_early_stopping_hook "
        "contrib.estimator.make_stop_at_checkpoint_step_hook contrib.estimator.read_eval_metrics "
        "contrib.estimator.stop_if_higher_hook contrib.estimator.stop_if_lower_hook "
        "contrib.estimator.stop_if_no_decrease_hook contrib.estimator.stop_if_no_increase_hook "
        "estimator.experimental.InMemoryEvaluatorHook estimator.experimental.make_early_stopping_hook "
        "estimator.experimental.make_stop_at_checkpoint_step_hook estimator.experimental.read_eval_metrics "
        "estimator.experimental.stop_if_higher_hook estimator.experimental.stop_if_lower_hook "
        "estimator.experimental.stop_if_no_decrease_hook estimator.experimental.stop_if_no_increase_hook"
    ),
    "estimator.tpu.cluster": (
        "contrib.cluster_resolver.TPUClusterResolver distribute.cluster_resolver.TPUClusterResolver"
    ),
    "estimator.tpu.config": (
        "contrib.tpu.InputPipelineConfig contrib.tpu.RunConfig contrib.tpu.TPUConfig "
        "contrib.tpu.python.tpu.tpu_config.InputPipelineConfig contrib.tpu.python.tpu.tpu_config.RunConfig "
        "contrib.tpu.python.tpu.tpu_config.TPUConfig contrib.tpu.python.tpu.util.check_positive_integer "
        "estimator.tpu.InputPipelineConfig estimator.tpu.RunConfig estimator.tpu.TPUConfig"
    ),
    "estimator.tpu.estimator": (
        "contrib.tpu.TPUEstimator contrib.tpu.python.tpu.tpu_estimator.BatchConfig "
        "contrib.tpu.python.tpu.tpu_estimator.ExportSavedModelApiVersion "
        "contrib.tpu.python.tpu.tpu_estimator.TPUEstimator estimator.tpu.TPUEstimator"
    ),
    "estimator.tpu.spec": (
        "contrib.tpu.TPUEstimatorSpec contrib.tpu.python.tpu.tpu_estimator.TPUEstimatorSpec "
        "estimator.tpu.TPUEstimatorSpec"
    ),
    "estimator.training": "estimator.EvalSpec estimator.TrainSpec estimator.train_and_evaluate",
    "estimator.warm_starts": "estimator.WarmStartSettings",
    "feature_column.base": (
        "feature_column.make_parse_example_spec python.feature_column.feature_column._CategoricalColumn "
        "python.feature_column.feature_column._DenseColumn "
        "python.feature_column.feature_column._FeatureColumn "
        "python.feature_column.feature_column._LazyBuilder "
        "python.feature_column.feature_column_v2.CategoricalColumn "
        "python.feature_column.feature_column_v2.DenseColumn "
        "python.feature_column.feature_column_v2.FeatureColumn"
    ),
    "feature_column.categorical": (
        "feature_column.categorical_column_with_hash_bucket feature_column.categorical_column_with_identity "
        "feature_column.categorical_column_with_vocabulary_file "
        "feature_column.categorical_column_with_vocabulary_list feature_column.crossed_column "
        "feature_column.weighted_categorical_column"
    ),
    "feature_column.embedding": (
        "feature_column.embedding_column feature_column.indicator_column "
        "feature_column.shared_embedding_columns"
    ),
    "feature_column.layers": (
        "keras.experimental.SequenceFeatures keras.layers.DenseFeatures "
        "python.feature_column.dense_features.DenseFeatures "
        "python.feature_column.sequence_feature_column.SequenceFeatures"
    ),
    "feature_column.models": "feature_column.input_layer feature_column.linear_model",
    "feature_column.numeric": "feature_column.bucketized_column feature_column.numeric_column",
    "feature_column.sequence": (
        "feature_column.sequence_categorical_column_with_hash_bucket "
        "feature_column.sequence_categorical_column_with_identity "
        "feature_column.sequence_categorical_column_with_vocabulary_file "
        "feature_column.sequence_categorical_column_with_vocabulary_list "
        "feature_column.sequence_numeric_column"
    ),
    "functions.defun": "contrib.eager.defun python.eager.function.defun python.eager.function.defun_with_attributes",
    "functions.lifting": "python.eager.lift_to_graph.UnliftableError python.ops.op_selector.UnliftableError",
    "functions.once": (
        "config.experimental_run_functions_eagerly contrib.eager.function function "
        "python.eager.def_function.function"
    ),
    "functions.tracing": "python.framework.func_graph.FuncGraph",
    "functions.wrapped": "wrap_function",
    "functions.xla": (
        "contrib.compiler.jit.experimental_jit_scope contrib.compiler.xla.compile xla.experimental.compile "
        "xla.experimental.jit_scope"
    ),
    "keras.activations": (
        "keras.activations.deserialize keras.activations.elu keras.activations.exponential "
        "keras.activations.get keras.activations.hard_sigmoid keras.activations.linear keras.activations.relu "
        "keras.activations.selu keras.activations.serialize keras.activations.sigmoid "
        "keras.activations.softmax keras.activations.softplus keras.activations.softsign "
        "keras.activations.tanh"
    ),
    "keras.applications.densenet": (
        "keras.applications.DenseNet121 keras.applications.DenseNet169 keras.applications.DenseNet201 "
        "keras.applications.densenet.DenseNet121 keras.applications.densenet.DenseNet169 "
        "keras.applications.densenet.DenseNet201"
    ),
    "keras.applications.images": (
        "keras.applications.densenet.decode_predictions keras.applications.densenet.preprocess_input "
        "keras.applications.imagenet_utils.decode_predictions "
        "keras.applications.imagenet_utils.preprocess_input "
        "keras.applications.inception_resnet_v2.decode_predictions "
        "keras.applications.inception_resnet_v2.preprocess_input "
        "keras.applications.inception_v3.decode_predictions keras.applications.inception_v3.preprocess_input "
        "keras.applications.mobilenet.decode_predictions keras.applications.mobilenet.preprocess_input "
        "keras.applications.mobilenet_v2.decode_predictions keras.applications.mobilenet_v2.preprocess_input "
        "keras.applications.nasnet.decode_predictions keras.applications.nasnet.preprocess_input "
        "keras.applications.resnet.decode_predictions keras.applications.resnet.preprocess_input "
        "keras.applications.resnet50.decode_predictions keras.applications.resnet50.preprocess_input "
        "keras.applications.resnet_v2.decode_predictions keras.applications.resnet_v2.preprocess_input "
        "keras.applications.vgg16.decode_predictions keras.applications.vgg16.preprocess_input "
        "keras.applications.vgg19.decode_predictions keras.applications.vgg19.preprocess_input "
        "keras.applications.xception.decode_predictions keras.applications.xception.preprocess_input"
    ),
    "keras.applications.inception": (
        "keras.applications.InceptionResNetV2 keras.applications.InceptionV3 "
        "keras.applications.inception_resnet_v2.InceptionResNetV2 keras.applications.inception_v3.InceptionV3"
    ),
    "keras.applications.mobilenet": (
        "keras.applications.MobileNet keras.applications.MobileNetV2 keras.applications.mobilenet.MobileNet "
        "keras.applications.mobilenet_v2.MobileNetV2"
    ),
    "keras.applications.nasnet": (
        "keras.applications.NASNetLarge keras.applications.NASNetMobile keras.applications.nasnet.NASNetLarge "
        "keras.applications.nasnet.NASNetMobile"
    ),
    "keras.applications.resnet": (
        "keras.applications.ResNet101 keras.applications.ResNet101V2 keras.applications.ResNet152 "
        "keras.applications.ResNet152V2 keras.applications.ResNet50 keras.applications.ResNet50V2 "
        "keras.applications.resnet.ResNet101 keras.applications.resnet.ResNet152 "
        "keras.applications.resnet.ResNet50 keras.applications.resnet50.ResNet50 "
        "keras.applications.resnet_v2.ResNet101V2 keras.applications.resnet_v2.ResNet152V2 "
        "keras.applications.resnet_v2.ResNet50V2"
    ),
    "keras.applications.vgg": (
        "keras.applications.VGG16 keras.applications.VGG19 keras.applications.vgg16.VGG16 "
        "keras.applications.vgg19.VGG19"
    ),
    "keras.applications.xception": "keras.applications.Xception keras.applications.xception.Xception",
    "keras.backend.execution": "keras.backend.function",
    "keras.backend.functions": (
        "keras.backend.bias_add keras.backend.cast_to_floatx keras.backend.constant "
        "keras.backend.conv2d_transpose keras.backend.depthwise_conv2d keras.backend.elu "
        "keras.backend.hard_sigmoid keras.backend.pool2d keras.backend.pool3d keras.backend.relu"
    ),
    "keras.backend.networks": (
        "keras.backend.batch_normalization keras.backend.binary_crossentropy "
        "keras.backend.categorical_crossentropy keras.backend.conv1d keras.backend.conv2d "
        "keras.backend.conv3d keras.backend.ctc_batch_cost keras.backend.ctc_decode "
        "keras.backend.ctc_label_dense_to_sparse keras.backend.dropout keras.backend.gradients "
        "keras.backend.in_test_phase keras.backend.in_train_phase keras.backend.moving_average_update "
        "keras.backend.normalize_batch_in_training keras.backend.separable_conv2d "
        "keras.backend.sparse_categorical_crossentropy keras.backend.stop_gradient keras.backend.switch"
    ),
    "keras.backend.recurrence": "keras.backend.rnn",
    "keras.backend.settings": (
        "keras.backend.clear_session keras.backend.epsilon keras.backend.floatx keras.backend.get_session "
        "keras.backend.get_uid keras.backend.image_data_format keras.backend.learning_phase "
        "keras.backend.learning_phase_scope keras.backend.reset_uids keras.backend.set_epsilon "
        "keras.backend.set_floatx keras.backend.set_image_data_format keras.backend.set_learning_phase "
        "keras.backend.set_session python.keras.backend.get_graph python.keras.backend.track_variable "
        "python.keras.backend.unique_object_name"
    ),
    "keras.backend.tensors": (
        "keras.backend.abs keras.backend.all keras.backend.any keras.backend.arange keras.backend.argmax "
        "keras.backend.argmin keras.backend.backend keras.backend.batch_dot keras.backend.batch_flatten "
        "keras.backend.cast keras.backend.clip keras.backend.concatenate keras.backend.cos "
        "keras.backend.count_params keras.backend.cumprod keras.backend.cumsum keras.backend.dot "
        "keras.backend.dtype keras.backend.equal keras.backend.eval keras.backend.exp "
        "keras.backend.expand_dims keras.backend.eye keras.backend.flatten keras.backend.foldl "
        "keras.backend.foldr keras.backend.gather keras.backend.greater keras.backend.greater_equal "
        "keras.backend.in_top_k keras.backend.int_shape keras.backend.is_keras_tensor keras.backend.is_sparse "
        "keras.backend.l2_normalize keras.backend.less keras.backend.less_equal keras.backend.log "
        "keras.backend.manual_variable_initialization keras.backend.map_fn keras.backend.max "
        "keras.backend.maximum keras.backend.mean keras.backend.min keras.backend.minimum keras.backend.ndim "
        "keras.backend.not_equal keras.backend.one_hot keras.backend.ones keras.backend.ones_like "
        "keras.backend.permute_dimensions keras.backend.placeholder keras.backend.pow "
        "keras.backend.print_tensor keras.backend.prod keras.backend.random_binomial "
        "keras.backend.random_normal keras.backend.random_normal_variable keras.backend.random_uniform "
        "keras.backend.random_uniform_variable keras.backend.repeat keras.backend.repeat_elements "
        "keras.backend.reshape keras.backend.resize_images keras.backend.resize_volumes keras.backend.reverse "
        "keras.backend.round keras.backend.shape keras.backend.sigmoid keras.backend.sign keras.backend.sin "
        "keras.backend.softmax keras.backend.softplus keras.backend.softsign keras.backend.spatial_2d_padding "
        "keras.backend.spatial_3d_padding keras.backend.sqrt keras.backend.square keras.backend.squeeze "
        "keras.backend.stack keras.backend.std keras.backend.sum keras.backend.tanh "
        "keras.backend.temporal_padding keras.backend.tile keras.backend.to_dense keras.backend.transpose "
        "keras.backend.truncated_normal keras.backend.update keras.backend.update_add "
        "keras.backend.update_sub keras.backend.var keras.backend.variable keras.backend.zeros "
        "keras.backend.zeros_like"
    ),
    "keras.backend.values": (
        "keras.backend.batch_get_value keras.backend.batch_set_value keras.backend.get_value "
        "keras.backend.set_value"
    ),
    "keras.callbacks": (
        "keras.callbacks.BaseLogger keras.callbacks.CSVLogger keras.callbacks.Callback "
        "keras.callbacks.EarlyStopping keras.callbacks.History keras.callbacks.LambdaCallback "
        "keras.callbacks.LearningRateScheduler keras.callbacks.ModelCheckpoint keras.callbacks.ProgbarLogger "
        "keras.callbacks.ReduceLROnPlateau keras.callbacks.RemoteMonitor keras.callbacks.TensorBoard "
        "keras.callbacks.TerminateOnNaN python.keras.callbacks.CallbackList "
        "python.keras.callbacks.configure_callbacks"
    ),
    "keras.constraints": (
        "keras.constraints.Constraint keras.constraints.MaxNorm keras.constraints.MinMaxNorm "
        "keras.constraints.NonNeg keras.constraints.RadialConstraint keras.constraints.UnitNorm "
        "keras.constraints.deserialize keras.constraints.get keras.constraints.max_norm "
        "keras.constraints.min_max_norm keras.constraints.non_neg keras.constraints.radial_constraint "
        "keras.constraints.serialize keras.constraints.unit_norm"
    ),
    "keras.data_sets": (
        "keras.datasets.boston_housing.load_data keras.datasets.cifar10.load_data "
        "keras.datasets.cifar100.load_data keras.datasets.fashion_mnist.load_data "
        "keras.datasets.imdb.get_word_index keras.datasets.imdb.load_data keras.datasets.mnist.load_data "
        "keras.datasets.reuters.get_word_index keras.datasets.reuters.load_data"
    ),
    "keras.engine.base_layer": (
        "keras.layers.Layer python.keras.engine.base_layer.InputSpec python.keras.engine.base_layer.Layer"
    ),
    "keras.engine.endpoints": "python.keras.engine.training_utils.ModelInputs",
    "keras.engine.input_layer": "keras.Input keras.layers.Input keras.layers.InputLayer",
    "keras.engine.input_spec": "keras.layers.InputSpec layers.InputSpec python.layers.base.InputSpec",
    "keras.engine.loops": "python.keras.engine.training_utils.batch_shuffle",
    "keras.engine.network": "python.keras.engine.network.Network",
    "keras.engine.op_layers": (
        "python.keras.engine.base_layer.AddLoss python.keras.engine.base_layer.AddMetric "
        "python.keras.engine.base_layer.TensorFlowOpLayer "
        "python.keras.engine.base_layer_utils.create_keras_history"
    ),
    "keras.engine.sequential": (
        "keras.Sequential keras.models.Sequential keras.utils.get_source_inputs "
        "python.keras.engine.sequential.Sequential"
    ),
    "keras.engine.standardizing": "python.keras.engine.training_utils.standardize_weights",
    "keras.engine.training": "keras.Model keras.models.Model python.keras.engine.training.Model",
    "keras.initializers": (
        "keras.initializers.RandomNormal keras.initializers.RandomUniform keras.initializers.TruncatedNormal "
        "keras.initializers.deserialize keras.initializers.get keras.initializers.normal "
        "keras.initializers.random_normal keras.initializers.random_uniform keras.initializers.serialize "
        "keras.initializers.truncated_normal keras.initializers.uniform"
    ),
    "keras.layers.activating": (
        "keras.layers.AlphaDropout keras.layers.ELU keras.layers.GaussianDropout keras.layers.GaussianNoise "
        "keras.layers.LeakyReLU keras.layers.PReLU keras.layers.ReLU keras.layers.Softmax "
        "keras.layers.ThresholdedReLU"
    ),
    "keras.layers.attention": "keras.layers.AdditiveAttention keras.layers.Attention",
    "keras.layers.convolutional": (
        "keras.layers.Conv1D keras.layers.Conv2D keras.layers.Conv2DTranspose keras.layers.Conv3D "
        "keras.layers.Conv3DTranspose keras.layers.Convolution1D keras.layers.Convolution2D "
        "keras.layers.Convolution2DTranspose keras.layers.Convolution3D keras.layers.Convolution3DTranspose "
        "keras.layers.DepthwiseConv2D keras.layers.SeparableConv1D keras.layers.SeparableConv2D "
        "keras.layers.SeparableConvolution1D keras.layers.SeparableConvolution2D"
    ),
    "keras.layers.convolutional_recurrent": "keras.layers.ConvLSTM2D",
    "keras.layers.core": (
        "keras.layers.Dense keras.layers.Dropout keras.layers.Flatten keras.layers.SpatialDropout1D "
        "keras.layers.SpatialDropout2D keras.layers.SpatialDropout3D"
    ),
    "keras.layers.finding": "keras.layers.deserialize keras.layers.serialize",
    "keras.layers.local": (
        "keras.backend.local_conv1d keras.backend.local_conv2d keras.layers.LocallyConnected1D "
        "keras.layers.LocallyConnected2D"
    ),
    "keras.layers.merging": (
        "keras.layers.Add keras.layers.Average keras.layers.Concatenate keras.layers.Dot keras.layers.Maximum "
        "keras.layers.Minimum keras.layers.Multiply keras.layers.Subtract keras.layers.add "
        "keras.layers.average keras.layers.concatenate keras.layers.dot keras.layers.maximum "
        "keras.layers.minimum keras.layers.multiply keras.layers.subtract"
    ),
    "keras.layers.normalization": (
        "compat.v2.keras.layers.BatchNormalization keras.layers.BatchNormalization "
        "keras.layers.LayerNormalization python.keras.layers.normalization_v2.BatchNormalization"
    ),
    "keras.layers.pooling": (
        "keras.layers.AveragePooling1D keras.layers.AveragePooling2D keras.layers.AveragePooling3D "
        "keras.layers.AvgPool1D keras.layers.AvgPool2D keras.layers.AvgPool3D "
        "keras.layers.GlobalAveragePooling1D keras.layers.GlobalAveragePooling2D "
        "keras.layers.GlobalAveragePooling3D keras.layers.GlobalAvgPool1D keras.layers.GlobalAvgPool2D "
        "keras.layers.GlobalAvgPool3D keras.layers.GlobalMaxPool1D keras.layers.GlobalMaxPool2D "
        "keras.layers.GlobalMaxPool3D keras.layers.GlobalMaxPooling1D keras.layers.GlobalMaxPooling2D "
        "keras.layers.GlobalMaxPooling3D keras.layers.MaxPool1D keras.layers.MaxPool2D keras.layers.MaxPool3D "
        "keras.layers.MaxPooling1D keras.layers.MaxPooling2D keras.layers.MaxPooling3D"
    ),
    "keras.layers.recurrent": "keras.layers.AbstractRNNCell keras.layers.RNN keras.layers.StackedRNNCells",
    "keras.layers.recurrent_cells": (
        "keras.experimental.PeepholeLSTMCell keras.layers.GRU keras.layers.GRUCell keras.layers.LSTM "
        "keras.layers.LSTMCell keras.layers.SimpleRNN keras.layers.SimpleRNNCell"
    ),
    "keras.layers.recurrent_cudnn": "keras.layers.CuDNNGRU keras.layers.CuDNNLSTM",
    "keras.layers.recurrent_v2": (
        "compat.v2.keras.layers.GRU compat.v2.keras.layers.GRUCell compat.v2.keras.layers.LSTM "
        "compat.v2.keras.layers.LSTMCell"
    ),
    "keras.layers.reshaping": (
        "keras.layers.Activation keras.layers.ActivityRegularization keras.layers.Cropping1D "
        "keras.layers.Cropping2D keras.layers.Cropping3D keras.layers.Embedding keras.layers.Lambda "
        "keras.layers.Masking keras.layers.Permute keras.layers.RepeatVector keras.layers.Reshape "
        "keras.layers.UpSampling1D keras.layers.UpSampling2D keras.layers.UpSampling3D "
        "keras.layers.ZeroPadding1D keras.layers.ZeroPadding2D keras.layers.ZeroPadding3D"
    ),
    "keras.layers.wrappers": "keras.layers.Bidirectional keras.layers.TimeDistributed keras.layers.Wrapper",
    "keras.losses": (
        "keras.losses.BinaryCrossentropy keras.losses.CategoricalCrossentropy keras.losses.CategoricalHinge "
        "keras.losses.CosineSimilarity keras.losses.Hinge keras.losses.Huber keras.losses.KLD "
        "keras.losses.KLDivergence keras.losses.LogCosh keras.losses.Loss keras.losses.MAE keras.losses.MAPE "
        "keras.losses.MSE keras.losses.MSLE keras.losses.MeanAbsoluteError "
        "keras.losses.MeanAbsolutePercentageError keras.losses.MeanSquaredError "
        "keras.losses.MeanSquaredLogarithmicError keras.losses.Poisson keras.losses.Reduction "
        "keras.losses.SparseCategoricalCrossentropy keras.losses.SquaredHinge "
        "keras.losses.binary_crossentropy keras.losses.categorical_crossentropy "
        "keras.losses.categorical_hinge keras.losses.cosine keras.losses.cosine_proximity "
        "keras.losses.cosine_similarity keras.losses.deserialize keras.losses.get keras.losses.hinge "
        "keras.losses.kld keras.losses.kullback_leibler_divergence keras.losses.logcosh keras.losses.mae "
        "keras.losses.mape keras.losses.mean_absolute_error keras.losses.mean_absolute_percentage_error "
        "keras.losses.mean_squared_error keras.losses.mean_squared_logarithmic_error keras.losses.mse "
        "keras.losses.msle keras.losses.poisson keras.losses.serialize "
        "keras.losses.sparse_categorical_crossentropy keras.losses.squared_hinge keras.metrics.KLD "
        "keras.metrics.MAE keras.metrics.MAPE keras.metrics.MSE keras.metrics.MSLE "
        "keras.metrics.binary_crossentropy keras.metrics.categorical_crossentropy keras.metrics.cosine "
        "keras.metrics.cosine_proximity keras.metrics.hinge keras.metrics.kld "
        "keras.metrics.kullback_leibler_divergence keras.metrics.mae keras.metrics.mape "
        "keras.metrics.mean_absolute_error keras.metrics.mean_absolute_percentage_error "
        "keras.metrics.mean_squared_error keras.metrics.mean_squared_logarithmic_error keras.metrics.mse "
        "keras.metrics.msle keras.metrics.poisson keras.metrics.sparse_categorical_crossentropy "
        "keras.metrics.squared_hinge python.keras.losses.LossFunctionWrapper "
        "python.keras.utils.losses_utils.ReductionV2 python.keras.utils.losses_utils.compute_weighted_loss "
        "python.ops.losses.loss_reduction.ReductionV2"
    ),
    "keras.metrics.base": "keras.metrics.Metric",
    "keras.metrics.kinds": (
        "keras.metrics.AUC keras.metrics.Accuracy keras.metrics.BinaryAccuracy "
        "keras.metrics.BinaryCrossentropy keras.metrics.CategoricalAccuracy "
        "keras.metrics.CategoricalCrossentropy keras.metrics.CategoricalHinge keras.metrics.CosineSimilarity "
        "keras.metrics.FalseNegatives keras.metrics.FalsePositives keras.metrics.Hinge "
        "keras.metrics.KLDivergence keras.metrics.LogCoshError keras.metrics.Mean "
        "keras.metrics.MeanAbsoluteError keras.metrics.MeanAbsolutePercentageError keras.metrics.MeanIoU "
        "keras.metrics.MeanRelativeError keras.metrics.MeanSquaredError "
        "keras.metrics.MeanSquaredLogarithmicError keras.metrics.MeanTensor keras.metrics.Poisson "
        "keras.metrics.Precision keras.metrics.Recall keras.metrics.RootMeanSquaredError "
        "keras.metrics.SensitivityAtSpecificity keras.metrics.SparseCategoricalAccuracy "
        "keras.metrics.SparseCategoricalCrossentropy keras.metrics.SparseTopKCategoricalAccuracy "
        "keras.metrics.SpecificityAtSensitivity keras.metrics.SquaredHinge keras.metrics.Sum "
        "keras.metrics.TopKCategoricalAccuracy keras.metrics.TrueNegatives keras.metrics.TruePositives "
        "keras.metrics.binary_accuracy keras.metrics.categorical_accuracy keras.metrics.deserialize "
        "keras.metrics.get keras.metrics.serialize keras.metrics.sparse_categorical_accuracy "
        "keras.metrics.sparse_top_k_categorical_accuracy keras.metrics.top_k_categorical_accuracy"
    ),
    "keras.mixed_precision.graph_rewrite": (
        "train.experimental.disable_mixed_precision_graph_rewrite "
        "train.experimental.enable_mixed_precision_graph_rewrite"
    ),
    "keras.mixed_precision.loss_scale_optimizer": "keras.mixed_precision.experimental.LossScaleOptimizer",
    "keras.mixed_precision.policy": (
        "keras.mixed_precision.experimental.Policy keras.mixed_precision.experimental.global_policy "
        "keras.mixed_precision.experimental.set_policy "
        "python.keras.mixed_precision.experimental.policy.Policy"
    ),
    "keras.optimizers.base": "keras.optimizers.Optimizer python.keras.optimizer_v2.optimizer_v2.OptimizerV2",
    "keras.optimizers.finding": (
        "keras.optimizers.deserialize keras.optimizers.get keras.optimizers.schedules.deserialize "
        "keras.optimizers.schedules.serialize keras.optimizers.serialize python.keras.optimizers.TFOptimizer "
        "python.keras.optimizers.get"
    ),
    "keras.optimizers.methods": (
        "keras.optimizers.Adadelta keras.optimizers.Adagrad keras.optimizers.Adam keras.optimizers.Adamax "
        "keras.optimizers.Ftrl keras.optimizers.Nadam keras.optimizers.RMSprop keras.optimizers.SGD "
        "python.keras.optimizer_v2.adadelta.Adadelta python.keras.optimizer_v2.adagrad.Adagrad "
        "python.keras.optimizer_v2.adam.Adam python.keras.optimizer_v2.adamax.Adamax "
        "python.keras.optimizer_v2.ftrl.Ftrl python.keras.optimizer_v2.gradient_descent.SGD "
        "python.keras.optimizer_v2.nadam.Nadam python.keras.optimizer_v2.rmsprop.RMSprop"
    ),
    "keras.premade.linear": "keras.experimental.LinearModel",
    "keras.premade.wide_deep": "keras.experimental.WideDeepModel",
    "keras.preprocessing.image_batches": (
        "keras.preprocessing.image.DirectoryIterator keras.preprocessing.image.Iterator "
        "keras.preprocessing.image.NumpyArrayIterator"
    ),
    "keras.preprocessing.image_changes": (
        "keras.preprocessing.image.apply_affine_transform keras.preprocessing.image.apply_brightness_shift "
        "keras.preprocessing.image.apply_channel_shift keras.preprocessing.image.random_brightness "
        "keras.preprocessing.image.random_channel_shift keras.preprocessing.image.random_rotation "
        "keras.preprocessing.image.random_shear keras.preprocessing.image.random_shift "
        "keras.preprocessing.image.random_zoom"
    ),
    "keras.preprocessing.image_files": (
        "keras.preprocessing.image.array_to_img keras.preprocessing.image.img_to_array "
        "keras.preprocessing.image.load_img keras.preprocessing.image.save_img"
    ),
    "keras.preprocessing.image_generator": "keras.preprocessing.image.ImageDataGenerator",
    "keras.preprocessing.series": (
        "keras.preprocessing.sequence.TimeseriesGenerator keras.preprocessing.sequence.make_sampling_table "
        "keras.preprocessing.sequence.pad_sequences keras.preprocessing.sequence.skipgrams"
    ),
    "keras.preprocessing.texts": (
        "keras.preprocessing.text.Tokenizer keras.preprocessing.text.hashing_trick "
        "keras.preprocessing.text.one_hot keras.preprocessing.text.text_to_word_sequence "
        "keras.preprocessing.text.tokenizer_from_json"
    ),
    "keras.regularizers": (
        "keras.regularizers.L1L2 keras.regularizers.Regularizer keras.regularizers.deserialize "
        "keras.regularizers.get keras.regularizers.l1 keras.regularizers.l1_l2 keras.regularizers.l2 "
        "keras.regularizers.serialize"
    ),
    "keras.saving.hdf5": (
        "python.keras.saving.hdf5_format.load_attributes_from_hdf5_group "
        "python.keras.saving.hdf5_format.load_weights_from_hdf5_group "
        "python.keras.saving.hdf5_format.load_weights_from_hdf5_group_by_name "
        "python.keras.saving.hdf5_format.preprocess_weights_for_loading "
        "python.keras.saving.hdf5_format.save_attributes_to_hdf5_group "
        "python.keras.saving.hdf5_format.save_weights_to_hdf5_group"
    ),
    "keras.saving.models": (
        "keras.experimental.export_saved_model_to_hdf5 keras.models.clone_model keras.models.load_model "
        "keras.models.model_from_config keras.models.model_from_json keras.models.model_from_yaml "
        "keras.models.save_model python.keras.saving.load_weights python.keras.saving.save_weights"
    ),
    "keras.saving.saved_models": (
        "contrib.saved_model.load_keras_model contrib.saved_model.save_keras_model "
        "keras.experimental.export_saved_model keras.experimental.load_from_saved_model"
    ),
    "keras.scikit_learn": "keras.wrappers.scikit_learn.KerasClassifier keras.wrappers.scikit_learn.KerasRegressor",
    "keras.shared_losses": "nn.compute_average_loss nn.scale_regularization_loss",
    "keras.tensorboard": "compat.v2.keras.callbacks.TensorBoard",
    "keras.utils.drawing": "keras.utils.model_to_dot keras.utils.plot_model python.keras.utils.vis_utils.plot_model",
    "keras.utils.enqueuers": (
        "keras.experimental.terminate_keras_multiprocessing_pools keras.utils.GeneratorEnqueuer "
        "keras.utils.OrderedEnqueuer keras.utils.SequenceEnqueuer"
    ),
    "keras.utils.files": "keras.utils.HDF5Matrix keras.utils.get_file",
    "keras.utils.progress": (
        "keras.utils.Progbar python.keras.utils.generic_utils.Progbar "
        "python.keras.utils.generic_utils.make_batches python.keras.utils.generic_utils.slice_arrays"
    ),
    "keras.utils.replicas": "keras.utils.convert_all_kernels_in_model keras.utils.multi_gpu_model",
    "keras.utils.sequences": (
        "keras.utils.Sequence keras.utils.normalize keras.utils.to_categorical "
        "python.keras.utils.np_utils.normalize python.keras.utils.np_utils.to_categorical"
    ),
    "keras.utils.serialization": (
        "keras.utils.CustomObjectScope keras.utils.custom_object_scope keras.utils.deserialize_keras_object "
        "keras.utils.get_custom_objects keras.utils.serialize_keras_object"
    ),
    "keras.utils.summaries": (
        "python.keras.utils.layer_utils.count_params python.keras.utils.layer_utils.print_summary"
    ),
    "layers.base": (
        "layers.Layer layers.experimental.keras_style_scope layers.experimental.set_keras_style "
        "python.layers.base.Layer python.layers.base.keras_style_scope python.layers.base.set_keras_style"
    ),
    "layers.core": (
        "layers.AveragePooling1D layers.AveragePooling2D layers.AveragePooling3D layers.BatchNormalization "
        "layers.Conv1D layers.Conv2D layers.Conv2DTranspose layers.Conv3D layers.Conv3DTranspose layers.Dense "
        "layers.Dropout layers.Flatten layers.MaxPooling1D layers.MaxPooling2D layers.MaxPooling3D "
        "layers.SeparableConv1D layers.SeparableConv2D layers.average_pooling1d layers.average_pooling2d "
        "layers.average_pooling3d layers.batch_normalization layers.conv1d layers.conv2d "
        "layers.conv2d_transpose layers.conv3d layers.conv3d_transpose layers.dense layers.dropout "
        "layers.flatten layers.max_pooling1d layers.max_pooling2d layers.max_pooling3d "
        "layers.separable_conv1d layers.separable_conv2d python.layers.convolutional.Conv1D "
        "python.layers.convolutional.Conv2D python.layers.convolutional.Conv2DTranspose "
        "python.layers.convolutional.Conv3D python.layers.convolutional.Conv3DTranspose "
        "python.layers.convolutional.SeparableConv1D python.layers.convolutional.SeparableConv2D "
        "python.layers.convolutional.conv1d python.layers.convolutional.conv2d "
        "python.layers.convolutional.conv2d_transpose python.layers.convolutional.conv3d "
        "python.layers.convolutional.conv3d_transpose python.layers.convolutional.separable_conv1d "
        "python.layers.convolutional.separable_conv2d python.layers.core.Dense python.layers.core.Dropout "
        "python.layers.core.Flatten python.layers.core.dense python.layers.core.dropout "
        "python.layers.core.flatten python.layers.normalization.BatchNormalization "
        "python.layers.normalization.batch_normalization python.layers.pooling.AveragePooling1D "
        "python.layers.pooling.AveragePooling2D python.layers.pooling.AveragePooling3D "
        "python.layers.pooling.MaxPooling1D python.layers.pooling.MaxPooling2D "
        "python.layers.pooling.MaxPooling3D python.layers.pooling.average_pooling1d "
        "python.layers.pooling.average_pooling2d python.layers.pooling.average_pooling3d "
        "python.layers.pooling.max_pooling1d python.layers.pooling.max_pooling2d "
        "python.layers.pooling.max_pooling3d"
    ),
    "legacy.behavior": (
        "disable_tensor_equality disable_v2_behavior enable_tensor_equality enable_v2_behavior "
        "experimental.function_executor_type experimental.output_all_intermediates python.tf2.enabled"
    ),
    "legacy.inner_names": (
        "python.eager.context.EAGER_MODE python.eager.context.GRAPH_MODE "
        "python.eager.context.default_execution_mode python.eager.context.in_graph_mode "
        "python.framework.common_shapes.unknown_shape python.framework.dtypes.bfloat16_ref "
        "python.framework.dtypes.bool_ref python.framework.dtypes.complex128_ref "
        "python.framework.dtypes.complex64_ref python.framework.dtypes.float16_ref "
        "python.framework.dtypes.float32_ref python.framework.dtypes.float64_ref "
        "python.framework.dtypes.int16_ref python.framework.dtypes.int32_ref "
        "python.framework.dtypes.int64_ref python.framework.dtypes.int8_ref "
        "python.framework.dtypes.qint16_ref python.framework.dtypes.qint32_ref "
        "python.framework.dtypes.qint8_ref python.framework.dtypes.quint16_ref "
        "python.framework.dtypes.quint8_ref python.framework.dtypes.resource_ref "
        "python.framework.dtypes.string_ref python.framework.dtypes.uint16_ref "
        "python.framework.dtypes.uint32_ref python.framework.dtypes.uint64_ref "
        "python.framework.dtypes.uint8_ref python.framework.dtypes.variant_ref "
        "python.framework.op_def_registry.get_registered_ops python.framework.ops.RegisterShape "
        "python.framework.ops.convert_to_tensor_v2 python.framework.ops.internal_convert_to_tensor "
        "python.framework.ops.prepend_name_scope python.framework.ops.register_dense_tensor_like_type "
        "python.framework.ops.set_shape_and_handle_data_for_outputs "
        "python.framework.ops.set_shapes_for_outputs python.framework.ops.strip_name_scope "
        "python.framework.ops.uid python.framework.tensor_util.TensorShapeProtoToList"
    ),
    "linear_operators.algebra": (
        "python.ops.linalg.linear_operator_algebra.RegisterAdjoint "
        "python.ops.linalg.linear_operator_algebra.RegisterCholesky "
        "python.ops.linalg.linear_operator_algebra.RegisterInverse "
        "python.ops.linalg.linear_operator_algebra.RegisterMatmul "
        "python.ops.linalg.linear_operator_algebra.RegisterSolve"
    ),
    "linear_operators.base": "linalg.LinearOperator",
    "linear_operators.circulant": (
        "linalg.LinearOperatorCirculant linalg.LinearOperatorCirculant2D linalg.LinearOperatorCirculant3D "
        "linalg.LinearOperatorToeplitz"
    ),
    "linear_operators.combined": "linalg.LinearOperatorBlockDiag linalg.LinearOperatorComposition",
    "linear_operators.dense": "linalg.LinearOperatorFullMatrix linalg.LinearOperatorLowerTriangular",
    "linear_operators.derived": "linalg.LinearOperatorAdjoint linalg.LinearOperatorInversion",
    "linear_operators.diag": "linalg.LinearOperatorDiag",
    "linear_operators.householder": "linalg.LinearOperatorHouseholder",
    "linear_operators.identity": "linalg.LinearOperatorIdentity linalg.LinearOperatorScaledIdentity",
    "linear_operators.kronecker": "linalg.LinearOperatorKronecker",
    "linear_operators.low_rank": "linalg.LinearOperatorLowRankUpdate",
    "linear_operators.util": (
        "python.ops.linalg.linear_operator_util.assert_compatible_matrix_dimensions "
        "python.ops.linalg.linear_operator_util.assert_no_entries_with_modulus_zero "
        "python.ops.linalg.linear_operator_util.assert_not_ref_type "
        "python.ops.linalg.linear_operator_util.assert_zero_imag_part "
        "python.ops.linalg.linear_operator_util.broadcast_matrix_batch_dims "
        "python.ops.linalg.linear_operator_util.cholesky_solve_with_broadcast "
        "python.ops.linalg.linear_operator_util.is_ref "
        "python.ops.linalg.linear_operator_util.matrix_solve_with_broadcast "
        "python.ops.linalg.linear_operator_util.matrix_triangular_solve_with_broadcast "
        "python.ops.linalg.linear_operator_util.shape_tensor "
        "python.ops.linalg.linear_operator_util.use_operator_or_provided_hint_unless_contradicting"
    ),
    "linear_operators.zeros": "linalg.LinearOperatorZeros",
    "lookup.initializing": (
        "contrib.lookup.KeyValueTensorInitializer contrib.lookup.TableInitializerBase "
        "contrib.lookup.TextFileIdTableInitializer contrib.lookup.TextFileIndex "
        "contrib.lookup.TextFileInitializer contrib.lookup.TextFileStringTableInitializer "
        "initialize_all_tables initializers.tables_initializer lookup.KeyValueTensorInitializer "
        "lookup.TextFileIndex lookup.TextFileInitializer python.ops.lookup_ops.TableInitializerBase "
        "tables_initializer"
    ),
    "lookup.tables": (
        "compat.v2.lookup.StaticHashTable contrib.lookup.HashTable "
        "contrib.lookup.InitializableLookupTableBase contrib.lookup.LookupInterface "
        "contrib.lookup.MutableDenseHashTable contrib.lookup.MutableHashTable lookup.StaticHashTable "
        "lookup.experimental.DenseHashTable python.ops.lookup_ops.DenseHashTable "
        "python.ops.lookup_ops.HashTable python.ops.lookup_ops.InitializableLookupTableBase "
        "python.ops.lookup_ops.LookupInterface python.ops.lookup_ops.MutableHashTable"
    ),
    "lookup.vocabularies": (
        "compat.v2.lookup.StaticVocabularyTable contrib.lookup.FastHashSpec contrib.lookup.HasherSpec "
        "contrib.lookup.IdTableWithHashBuckets contrib.lookup.StrongHashSpec "
        "contrib.lookup.index_table_from_file contrib.lookup.index_table_from_tensor "
        "contrib.lookup.index_to_string contrib.lookup.index_to_string_table_from_file "
        "contrib.lookup.index_to_string_table_from_tensor contrib.lookup.string_to_index "
        "contrib.lookup.string_to_index_table_from_file contrib.lookup.string_to_index_table_from_tensor "
        "lookup.StaticVocabularyTable python.ops.lookup_ops.FastHashSpec python.ops.lookup_ops.HasherSpec "
        "python.ops.lookup_ops.IdTableWithHashBuckets python.ops.lookup_ops.StrongHashSpec "
        "python.ops.lookup_ops.index_table_from_file python.ops.lookup_ops.index_table_from_tensor "
        "python.ops.lookup_ops.index_to_string_table_from_file "
        "python.ops.lookup_ops.index_to_string_table_from_tensor"
    ),
    "losses.collecting": (
        "contrib.losses.get_losses contrib.losses.get_regularization_losses losses.add_loss losses.get_losses "
        "losses.get_regularization_loss losses.get_regularization_losses losses.get_total_loss"
    ),
    "losses.weighted": (
        "losses.Reduction losses.absolute_difference losses.compute_weighted_loss losses.cosine_distance "
        "losses.hinge_loss losses.huber_loss losses.log_loss losses.mean_pairwise_squared_error "
        "losses.mean_squared_error losses.sigmoid_cross_entropy losses.softmax_cross_entropy "
        "losses.sparse_softmax_cross_entropy"
    ),
    "metrics.base": "python.ops.metrics_impl.metric_variable",
    "metrics.counts": (
        "metrics.false_negatives metrics.false_negatives_at_thresholds metrics.false_positives "
        "metrics.false_positives_at_thresholds metrics.precision metrics.precision_at_thresholds "
        "metrics.recall metrics.recall_at_thresholds metrics.true_negatives "
        "metrics.true_negatives_at_thresholds metrics.true_positives metrics.true_positives_at_thresholds"
    ),
    "metrics.curves": "metrics.auc metrics.sensitivity_at_specificity metrics.specificity_at_sensitivity",
    "metrics.means": (
        "metrics.accuracy metrics.mean metrics.mean_absolute_error metrics.mean_cosine_distance "
        "metrics.mean_iou metrics.mean_per_class_accuracy metrics.mean_relative_error "
        "metrics.mean_squared_error metrics.mean_tensor metrics.percentage_below "
        "metrics.root_mean_squared_error python.ops.metrics_impl._streaming_confusion_matrix"
    ),
    "metrics.ranked": (
        "metrics.average_precision_at_k metrics.precision_at_k metrics.precision_at_top_k metrics.recall_at_k "
        "metrics.recall_at_top_k metrics.sparse_average_precision_at_k metrics.sparse_precision_at_k"
    ),
    "ops.accumulators": (
        "ConditionalAccumulator ConditionalAccumulatorBase SparseConditionalAccumulator "
        "sparse.SparseConditionalAccumulator"
    ),
    "ops.activation": (
        "math.softplus math.softsign nn.crelu nn.elu nn.leaky_relu nn.relu nn.relu6 nn.selu nn.softplus "
        "nn.softsign"
    ),
    "ops.arg_extremes": "arg_max arg_min argmax argmin math.argmax math.argmin",
    "ops.arithmetic": "add math.add math.multiply math.subtract multiply subtract",
    "ops.assertions": (
        "assert_equal assert_greater assert_greater_equal assert_integer assert_less assert_less_equal "
        "assert_near assert_negative assert_non_negative assert_non_positive assert_none_equal "
        "assert_positive assert_proper_iterable assert_rank assert_rank_at_least assert_rank_in "
        "assert_same_float_dtype assert_scalar assert_type contrib.framework.assert_same_float_dtype "
        "debugging.assert_equal debugging.assert_greater debugging.assert_greater_equal "
        "debugging.assert_integer debugging.assert_less debugging.assert_less_equal debugging.assert_near "
        "debugging.assert_negative debugging.assert_non_negative debugging.assert_non_positive "
        "debugging.assert_none_equal debugging.assert_positive debugging.assert_proper_iterable "
        "debugging.assert_rank debugging.assert_rank_at_least debugging.assert_rank_in "
        "debugging.assert_same_float_dtype debugging.assert_scalar debugging.assert_shapes "
        "debugging.assert_type debugging.is_non_decreasing debugging.is_numeric_tensor "
        "debugging.is_strictly_increasing is_non_decreasing is_numeric_tensor is_strictly_increasing "
        "math.is_non_decreasing math.is_strictly_increasing"
    ),
    "ops.atrous": (
        "nn.atrous_conv2d nn.atrous_conv2d_transpose nn.convolution nn.pool nn.with_space_to_batch "
        "python.ops.nn_ops.Convolution"
    ),
    "ops.audio": (
        "audio.decode_wav audio.encode_wav contrib.framework.python.ops.audio_ops.audio_spectrogram "
        "contrib.framework.python.ops.audio_ops.decode_wav contrib.framework.python.ops.audio_ops.encode_wav "
        "contrib.framework.python.ops.audio_ops.mfcc"
    ),
    "ops.barriers": "python.ops.data_flow_ops.Barrier",
    "ops.bias": "nn.bias_add",
    "ops.binary": (
        "atan2 math.atan2 math.maximum math.minimum math.multiply_no_nan math.nextafter math.pow "
        "math.squared_difference math.xlogy maximum minimum pow squared_difference"
    ),
    "ops.bitwise": (
        "bitwise.bitwise_and bitwise.bitwise_or bitwise.bitwise_xor bitwise.invert bitwise.left_shift "
        "bitwise.right_shift"
    ),
    "ops.blocks": (
        "batch_to_space batch_to_space_nd depth_to_space manip.batch_to_space_nd manip.space_to_batch_nd "
        "nn.depth_to_space nn.space_to_batch nn.space_to_depth required_space_to_batch_paddings "
        "space_to_batch space_to_batch_nd space_to_depth"
    ),
    "ops.candidate_sampling": (
        "nn.all_candidate_sampler nn.compute_accidental_hits nn.fixed_unigram_candidate_sampler "
        "nn.learned_unigram_candidate_sampler nn.log_uniform_candidate_sampler nn.uniform_candidate_sampler "
        "random.all_candidate_sampler random.fixed_unigram_candidate_sampler "
        "random.learned_unigram_candidate_sampler random.log_uniform_candidate_sampler "
        "random.uniform_candidate_sampler"
    ),
    "ops.case": (
        "case contrib.framework.smart_case contrib.framework.smart_cond "
        "contrib.framework.smart_constant_value python.framework.smart_cond.smart_case "
        "python.framework.smart_cond.smart_cond python.framework.smart_cond.smart_constant_value "
        "python.layers.utils.constant_value python.layers.utils.smart_cond switch_case"
    ),
    "ops.cast": (
        "bitcast cast dtypes.cast dtypes.saturate_cast saturate_cast to_bfloat16 to_complex128 to_complex64 "
        "to_double to_float to_int32 to_int64"
    ),
    "ops.clip": "clip_by_average_norm clip_by_global_norm clip_by_norm clip_by_value global_norm linalg.global_norm",
    "ops.clock": "timestamp",
    "ops.comparison": (
        "equal greater greater_equal less less_equal logical_and logical_not logical_or logical_xor "
        "math.equal math.greater math.greater_equal math.less math.less_equal math.logical_and "
        "math.logical_not math.logical_or math.logical_xor math.not_equal not_equal"
    ),
    "ops.complex": "angle complex conj dtypes.complex imag math.angle math.conj math.imag math.real real",
    "ops.cond": "cond",
    "ops.confusion": "confusion_matrix contrib.framework.remove_squeezable_dimensions math.confusion_matrix",
    "ops.contraction": (
        "cross einsum linalg.cross linalg.einsum linalg.tensordot linalg.trace math.polyval tensordot trace"
    ),
    "ops.control_flow_version": "control_flow_v2_enabled disable_control_flow_v2 enable_control_flow_v2",
    "ops.conv_functions": (
        "contrib.nn.conv1d_transpose nn.conv1d nn.conv1d_transpose nn.conv2d nn.conv2d_backprop_filter "
        "nn.conv2d_backprop_input nn.conv2d_transpose nn.conv3d nn.conv3d_backprop_filter "
        "nn.conv3d_backprop_filter_v2 nn.conv3d_transpose nn.conv_transpose"
    ),
    "ops.counting": "bincount histogram_fixed_width histogram_fixed_width_bins math.bincount",
    "ops.critical_section": (
        "CriticalSection contrib.framework.CriticalSection python.ops.critical_section_ops.CRITICAL_SECTIONS "
        "python.ops.critical_section_ops.CRITICAL_SECTION_EXECUTIONS"
    ),
    "ops.cross_entropy": (
        "math.log_softmax math.softmax nn.log_poisson_loss nn.log_softmax "
        "nn.sigmoid_cross_entropy_with_logits nn.softmax nn.softmax_cross_entropy_with_logits "
        "nn.softmax_cross_entropy_with_logits_v2 nn.sparse_softmax_cross_entropy_with_logits "
        "nn.weighted_cross_entropy_with_logits"
    ),
    "ops.ctc": "compat.v2.nn.ctc_loss nn.collapse_repeated nn.ctc_loss nn.ctc_loss_v2 nn.ctc_unique_labels",
    "ops.ctc_decoders": (
        "compat.v2.nn.ctc_beam_search_decoder nn.ctc_beam_search_decoder nn.ctc_beam_search_decoder_v2 "
        "nn.ctc_greedy_decoder"
    ),
    "ops.cumulative": "cumprod cumsum math.cumprod math.cumsum math.cumulative_logsumexp",
    "ops.data_format": "python.ops.nn_ops.data_format_dim_map python.ops.nn_ops.data_format_vec_permute",
    "ops.decoding": (
        "compat.v2.io.decode_raw decode_compressed decode_csv decode_json_example decode_raw "
        "io.decode_compressed io.decode_csv io.decode_json_example io.decode_raw io.parse_tensor "
        "io.serialize_tensor parse_tensor serialize_tensor"
    ),
    "ops.decompositions": (
        "linalg.eigh linalg.eigvalsh linalg.logm linalg.lu linalg.qr linalg.sqrtm linalg.svd "
        "matrix_square_root qr self_adjoint_eig self_adjoint_eigvals svd"
    ),
    "ops.dense": "math.zero_fraction nn.relu_layer nn.swish nn.xw_plus_b nn.zero_fraction",
    "ops.depthwise": (
        "nn.depthwise_conv2d nn.depthwise_conv2d_backprop_filter nn.depthwise_conv2d_backprop_input "
        "nn.depthwise_conv2d_native nn.depthwise_conv2d_native_backprop_filter "
        "nn.depthwise_conv2d_native_backprop_input nn.separable_conv2d"
    ),
    "ops.distinct": "dynamic_partition dynamic_stitch setdiff1d unique unique_with_counts",
    "ops.division": (
        "div div_no_nan divide floor_div floordiv floormod math.divide math.divide_no_nan math.floordiv "
        "math.floormod math.mod math.truediv math.xdivy mod realdiv truediv truncatediv truncatemod"
    ),
    "ops.dropout": "nn.dropout",
    "ops.fact": "user_ops.my_fact",
    "ops.fake_quant": (
        "fake_quant_with_min_max_args fake_quant_with_min_max_args_gradient fake_quant_with_min_max_vars "
        "fake_quant_with_min_max_vars_gradient fake_quant_with_min_max_vars_per_channel "
        "fake_quant_with_min_max_vars_per_channel_gradient quantization.fake_quant_with_min_max_args "
        "quantization.fake_quant_with_min_max_args_gradient quantization.fake_quant_with_min_max_vars "
        "quantization.fake_quant_with_min_max_vars_gradient "
        "quantization.fake_quant_with_min_max_vars_per_channel "
        "quantization.fake_quant_with_min_max_vars_per_channel_gradient"
    ),
    "ops.farmhash": "fingerprint",
    "ops.features": (
        "FixedLenFeature FixedLenSequenceFeature SparseFeature VarLenFeature io.FixedLenFeature "
        "io.FixedLenSequenceFeature io.SparseFeature io.VarLenFeature"
    ),
    "ops.fft": (
        "fft fft2d fft3d ifft ifft2d ifft3d signal.fft signal.fft2d signal.fft3d signal.fftshift signal.ifft "
        "signal.ifft2d signal.ifft3d signal.ifftshift signal.irfft signal.irfft2d signal.irfft3d signal.rfft "
        "signal.rfft2d signal.rfft3d spectral.fft spectral.fft2d spectral.fft3d spectral.ifft spectral.ifft2d "
        "spectral.ifft3d spectral.irfft spectral.irfft2d spectral.irfft3d spectral.rfft spectral.rfft2d "
        "spectral.rfft3d"
    ),
    "ops.files": "io.matching_files io.read_file io.write_file matching_files read_file write_file",
    "ops.filling": "fill ones ones_like range zeros zeros_like",
    "ops.flow": "contrib.framework.with_dependencies group no_op python.ops.control_flow_ops.with_dependencies tuple",
    "ops.fractional_pool": "nn.fractional_avg_pool nn.fractional_max_pool",
    "ops.functional": "foldl foldr map_fn scan vectorized_map",
    "ops.gather_tree": "contrib.seq2seq.gather_tree",
    "ops.gathering": "batch_gather gather gather_nd manip.gather_nd",
    "ops.glimpses": "image.extract_glimpse",
    "ops.image_adjusting": (
        "image.adjust_brightness image.adjust_contrast image.adjust_gamma image.adjust_hue "
        "image.adjust_jpeg_quality image.adjust_saturation image.grayscale_to_rgb "
        "image.per_image_standardization image.random_brightness image.random_contrast image.random_hue "
        "image.random_jpeg_quality image.random_saturation image.rgb_to_grayscale image.rgb_to_yiq "
        "image.rgb_to_yuv image.yiq_to_rgb image.yuv_to_rgb"
    ),
    "ops.image_color": "image.hsv_to_rgb image.rgb_to_hsv",
    "ops.image_crops": "image.crop_and_resize",
    "ops.image_detection": (
        "image.combined_non_max_suppression image.draw_bounding_boxes image.non_max_suppression "
        "image.non_max_suppression_overlaps image.non_max_suppression_padded "
        "image.non_max_suppression_with_scores image.sample_distorted_bounding_box"
    ),
    "ops.image_dtypes": "image.convert_image_dtype",
    "ops.image_files": (
        "image.decode_and_crop_jpeg image.decode_bmp image.decode_gif image.decode_image image.decode_jpeg "
        "image.decode_png image.encode_jpeg image.encode_png image.extract_jpeg_shape image.is_jpeg "
        "io.decode_and_crop_jpeg io.decode_bmp io.decode_gif io.decode_image io.decode_jpeg io.decode_png "
        "io.encode_jpeg io.extract_jpeg_shape io.is_jpeg"
    ),
    "ops.image_layout": (
        "image.central_crop image.crop_to_bounding_box image.flip_left_right image.flip_up_down "
        "image.pad_to_bounding_box image.random_flip_left_right image.random_flip_up_down "
        "image.resize_image_with_crop_or_pad image.resize_with_crop_or_pad image.rot90 image.transpose "
        "image.transpose_image"
    ),
    "ops.image_quality": (
        "image.image_gradients image.psnr image.sobel_edges image.ssim image.ssim_multiscale "
        "image.total_variation"
    ),
    "ops.image_resizing": "image.resize_area image.resize_bicubic image.resize_bilinear image.resize_nearest_neighbor",
    "ops.image_sampling": "python.ops.image_ops.scale_and_translate",
    "ops.image_scaling": "image.ResizeMethod image.resize image.resize_image_with_pad image.resize_images",
    "ops.indexing": "edit_distance repeat sparse.mask sparse_mask unravel_index",
    "ops.initializers": (
        "constant_initializer contrib.layers.variance_scaling_initializer contrib.layers.xavier_initializer "
        "contrib.layers.xavier_initializer_conv2d contrib.slim.initializers.variance_scaling_initializer "
        "contrib.slim.initializers.xavier_initializer contrib.slim.variance_scaling_initializer "
        "contrib.slim.xavier_initializer contrib.slim.xavier_initializer_conv2d glorot_normal_initializer "
        "glorot_uniform_initializer initializers.constant initializers.glorot_normal "
        "initializers.glorot_uniform initializers.he_normal initializers.he_uniform initializers.lecun_normal "
        "initializers.lecun_uniform initializers.ones initializers.random_normal initializers.random_uniform "
        "initializers.truncated_normal initializers.uniform_unit_scaling initializers.variance_scaling "
        "initializers.zeros keras.initializers.Constant keras.initializers.Initializer "
        "keras.initializers.Ones keras.initializers.VarianceScaling keras.initializers.Zeros "
        "keras.initializers.constant keras.initializers.glorot_normal keras.initializers.glorot_uniform "
        "keras.initializers.he_normal keras.initializers.he_uniform keras.initializers.lecun_normal "
        "keras.initializers.lecun_uniform keras.initializers.ones keras.initializers.zeros ones_initializer "
        "python.ops.init_ops.Initializer python.ops.init_ops._assert_float_dtype random_normal_initializer "
        "random_uniform_initializer truncated_normal_initializer uniform_unit_scaling_initializer "
        "variance_scaling_initializer zeros_initializer"
    ),
    "ops.initializers_v2": (
        "compat.v2.constant_initializer compat.v2.initializers.Constant compat.v2.initializers.GlorotNormal "
        "compat.v2.initializers.GlorotUniform compat.v2.initializers.Identity compat.v2.initializers.Ones "
        "compat.v2.initializers.Orthogonal compat.v2.initializers.RandomNormal "
        "compat.v2.initializers.RandomUniform compat.v2.initializers.TruncatedNormal "
        "compat.v2.initializers.VarianceScaling compat.v2.initializers.Zeros compat.v2.initializers.constant "
        "compat.v2.initializers.glorot_normal compat.v2.initializers.glorot_uniform "
        "compat.v2.initializers.he_normal compat.v2.initializers.he_uniform compat.v2.initializers.identity "
        "compat.v2.initializers.lecun_normal compat.v2.initializers.lecun_uniform "
        "compat.v2.initializers.normal compat.v2.initializers.ones compat.v2.initializers.orthogonal "
        "compat.v2.initializers.random_normal compat.v2.initializers.random_uniform "
        "compat.v2.initializers.truncated_normal compat.v2.initializers.uniform compat.v2.initializers.zeros "
        "compat.v2.keras.initializers.Constant compat.v2.keras.initializers.GlorotNormal "
        "compat.v2.keras.initializers.GlorotUniform compat.v2.keras.initializers.Identity "
        "compat.v2.keras.initializers.Ones compat.v2.keras.initializers.Orthogonal "
        "compat.v2.keras.initializers.RandomNormal compat.v2.keras.initializers.RandomUniform "
        "compat.v2.keras.initializers.TruncatedNormal compat.v2.keras.initializers.VarianceScaling "
        "compat.v2.keras.initializers.Zeros compat.v2.keras.initializers.constant "
        "compat.v2.keras.initializers.glorot_normal compat.v2.keras.initializers.glorot_uniform "
        "compat.v2.keras.initializers.he_normal compat.v2.keras.initializers.he_uniform "
        "compat.v2.keras.initializers.identity compat.v2.keras.initializers.lecun_normal "
        "compat.v2.keras.initializers.lecun_uniform compat.v2.keras.initializers.normal "
        "compat.v2.keras.initializers.ones compat.v2.keras.initializers.orthogonal "
        "compat.v2.keras.initializers.random_normal compat.v2.keras.initializers.random_uniform "
        "compat.v2.keras.initializers.truncated_normal compat.v2.keras.initializers.uniform "
        "compat.v2.keras.initializers.zeros compat.v2.ones_initializer compat.v2.random_normal_initializer "
        "compat.v2.random_uniform_initializer compat.v2.zeros_initializer"
    ),
    "ops.jacobian": "GradientTape contrib.eager.GradientTape hessians",
    "ops.joining": "concat parallel_stack stack",
    "ops.linalg": (
        "cholesky cholesky_solve linalg.adjoint linalg.cholesky linalg.cholesky_solve linalg.det linalg.inv "
        "linalg.logdet linalg.lstsq linalg.slogdet linalg.solve linalg.triangular_solve matrix_determinant "
        "matrix_inverse matrix_solve matrix_solve_ls matrix_triangular_solve"
    ),
    "ops.list_functions": (
        "python.ops.list_ops._build_element_shape python.ops.list_ops.empty_tensor_list "
        "python.ops.list_ops.tensor_list_concat python.ops.list_ops.tensor_list_concat_lists "
        "python.ops.list_ops.tensor_list_element_shape python.ops.list_ops.tensor_list_from_tensor "
        "python.ops.list_ops.tensor_list_gather python.ops.list_ops.tensor_list_get_item "
        "python.ops.list_ops.tensor_list_length python.ops.list_ops.tensor_list_pop_back "
        "python.ops.list_ops.tensor_list_push_back python.ops.list_ops.tensor_list_push_back_batch "
        "python.ops.list_ops.tensor_list_reserve python.ops.list_ops.tensor_list_resize "
        "python.ops.list_ops.tensor_list_scatter python.ops.list_ops.tensor_list_set_item "
        "python.ops.list_ops.tensor_list_split python.ops.list_ops.tensor_list_stack"
    ),
    "ops.matmul": "linalg.matmul linalg.matvec matmul sparse_matmul",
    "ops.matrices": (
        "diag diag_part eye linalg.band_part linalg.diag linalg.diag_part linalg.eye linalg.set_diag "
        "linalg.tensor_diag linalg.tensor_diag_part matrix_band_part matrix_diag matrix_diag_part "
        "matrix_set_diag"
    ),
    "ops.matrix_functions": "linalg.expm linalg.matrix_rank linalg.pinv",
    "ops.morphology": "nn.dilation2d nn.erosion2d",
    "ops.nn_v2": (
        "compat.v2.nn.avg_pool compat.v2.nn.batch_norm_with_global_normalization compat.v2.nn.conv1d "
        "compat.v2.nn.conv2d compat.v2.nn.conv2d_transpose compat.v2.nn.conv3d compat.v2.nn.conv3d_transpose "
        "compat.v2.nn.convolution compat.v2.nn.crelu compat.v2.nn.depthwise_conv2d compat.v2.nn.dilation2d "
        "compat.v2.nn.dropout compat.v2.nn.erosion2d compat.v2.nn.fractional_avg_pool "
        "compat.v2.nn.fractional_max_pool compat.v2.nn.in_top_k compat.v2.nn.max_pool "
        "compat.v2.nn.max_pool_with_argmax compat.v2.nn.moments compat.v2.nn.pool "
        "compat.v2.nn.separable_conv2d compat.v2.nn.sigmoid_cross_entropy_with_logits "
        "compat.v2.nn.softmax_cross_entropy_with_logits compat.v2.nn.sparse_softmax_cross_entropy_with_logits "
        "compat.v2.nn.sufficient_statistics compat.v2.nn.weighted_cross_entropy_with_logits "
        "compat.v2.nn.weighted_moments"
    ),
    "ops.normalization": (
        "linalg.l2_normalize linalg.normalize math.l2_normalize nn.batch_norm_with_global_normalization "
        "nn.batch_normalization nn.fused_batch_norm nn.l2_loss nn.l2_normalize "
        "nn.local_response_normalization nn.lrn nn.moments nn.normalize_moments nn.sufficient_statistics "
        "nn.weighted_moments"
    ),
    "ops.numerics": "add_check_numerics_ops debugging.assert_all_finite verify_tensor_all_finite",
    "ops.orthogonal_initializers": (
        "contrib.framework.convolutional_delta_orthogonal contrib.framework.convolutional_orthogonal_1d "
        "contrib.framework.convolutional_orthogonal_2d contrib.framework.convolutional_orthogonal_3d "
        "initializers.identity initializers.orthogonal keras.initializers.Identity "
        "keras.initializers.Orthogonal keras.initializers.identity keras.initializers.orthogonal "
        "orthogonal_initializer"
    ),
    "ops.padding": "pad",
    "ops.parsing": (
        "io.parse_example io.parse_sequence_example io.parse_single_example io.parse_single_sequence_example "
        "parse_example parse_single_example parse_single_sequence_example"
    ),
    "ops.passing": (
        "check_numerics debugging.check_numerics ensure_shape guarantee_const identity identity_n "
        "stop_gradient"
    ),
    "ops.patches": "extract_image_patches extract_volume_patches image.extract_image_patches image.extract_patches",
    "ops.pool_functions": (
        "nn.avg_pool nn.avg_pool1d nn.avg_pool2d nn.avg_pool3d nn.avg_pool_v2 nn.max_pool nn.max_pool1d "
        "nn.max_pool2d nn.max_pool3d nn.max_pool_v2 nn.max_pool_with_argmax"
    ),
    "ops.printing": "Assert Print debugging.Assert print strings.format",
    "ops.quantizing": (
        "dequantize quantization.dequantize quantization.quantize quantization.quantize_and_dequantize "
        "quantization.quantized_concat quantize quantize_v2 quantized_concat"
    ),
    "ops.queues": (
        "FIFOQueue PaddingFIFOQueue PriorityQueue QueueBase RandomShuffleQueue io.PaddingFIFOQueue "
        "io.PriorityQueue io.QueueBase io.RandomShuffleQueue queue.FIFOQueue queue.PaddingFIFOQueue "
        "queue.PriorityQueue queue.QueueBase queue.RandomShuffleQueue"
    ),
    "ops.random": "random.normal random.truncated_normal random.uniform random_normal random_uniform truncated_normal",
    "ops.random_sampling": (
        "contrib.stateless.stateless_multinomial multinomial random.categorical random.gamma "
        "random.multinomial random.poisson random.stateless_categorical random.stateless_multinomial "
        "random_gamma random_poisson"
    ),
    "ops.random_shuffle": "image.random_crop random.shuffle random_crop random_shuffle",
    "ops.ranking": (
        "argsort contrib.framework.argsort contrib.framework.sort contrib.nn.nth_element math.in_top_k "
        "math.top_k nn.in_top_k nn.top_k searchsorted sort"
    ),
    "ops.readers": (
        "FixedLengthRecordReader IdentityReader LMDBReader ReaderBase TFRecordReader TextLineReader "
        "WholeFileReader"
    ),
    "ops.rearranging": "manip.reverse manip.roll manip.tile reverse reverse_sequence reverse_v2 roll tile",
    "ops.reduce": (
        "math.reduce_all math.reduce_any math.reduce_euclidean_norm math.reduce_max math.reduce_mean "
        "math.reduce_min math.reduce_prod math.reduce_sum reduce_all reduce_any reduce_max reduce_mean "
        "reduce_min reduce_prod reduce_sum"
    ),
    "ops.regex": "regex_replace strings.regex_full_match strings.regex_replace",
    "ops.replicas": (
        "contrib.tpu.cross_replica_sum contrib.tpu.ops.cross_replica_sum "
        "contrib.tpu.python.ops.tpu_ops.cross_replica_sum tpu.cross_replica_sum"
    ),
    "ops.scattering": (
        "manip.scatter_nd scatter_nd tensor_scatter_add tensor_scatter_nd_add tensor_scatter_nd_sub "
        "tensor_scatter_nd_update tensor_scatter_sub tensor_scatter_update"
    ),
    "ops.script": "contrib.eager.py_func numpy_function py_func py_function",
    "ops.segment": (
        "math.segment_max math.segment_mean math.segment_min math.segment_prod math.segment_sum "
        "math.unsorted_segment_max math.unsorted_segment_mean math.unsorted_segment_min "
        "math.unsorted_segment_prod math.unsorted_segment_sqrt_n math.unsorted_segment_sum segment_max "
        "segment_mean segment_min segment_prod segment_sum sparse.segment_mean sparse.segment_sqrt_n "
        "sparse.segment_sum sparse_segment_mean sparse_segment_sqrt_n sparse_segment_sum unsorted_segment_max "
        "unsorted_segment_mean unsorted_segment_min unsorted_segment_prod unsorted_segment_sqrt_n "
        "unsorted_segment_sum"
    ),
    "ops.sequences": "lin_space linspace meshgrid one_hot sequence_mask",
    "ops.session_tensors": (
        "delete_session_tensor get_session_handle get_session_tensor "
        "python.ops.session_ops.delete_session_tensor python.ops.session_ops.get_session_handle "
        "python.ops.session_ops.get_session_tensor"
    ),
    "ops.sets": (
        "sets.difference sets.intersection sets.set_difference sets.set_intersection sets.set_size "
        "sets.set_union sets.size sets.union"
    ),
    "ops.shaping": (
        "broadcast_dynamic_shape broadcast_static_shape broadcast_to expand_dims manip.reshape rank reshape "
        "shape shape_n size squeeze"
    ),
    "ops.signal": "contrib.signal.frame contrib.signal.overlap_and_add signal.frame signal.overlap_and_add",
    "ops.slicing": "newaxis slice strided_slice",
    "ops.sources": "placeholder placeholder_with_default sparse.placeholder sparse_placeholder",
    "ops.sparse": (
        "python.ops.sparse_ops.sparse_dense_cwise_add sparse.add sparse.concat sparse.expand_dims sparse.eye "
        "sparse.fill_empty_rows sparse.from_dense sparse.matmul sparse.maximum sparse.merge sparse.minimum "
        "sparse.reduce_max sparse.reduce_max_sparse sparse.reduce_sum sparse.reduce_sum_sparse sparse.reorder "
        "sparse.reset_shape sparse.reshape sparse.retain sparse.slice sparse.softmax "
        "sparse.sparse_dense_matmul sparse.split sparse.to_dense sparse.to_indicator sparse.transpose "
        "sparse_add sparse_concat sparse_fill_empty_rows sparse_maximum sparse_merge sparse_minimum "
        "sparse_reduce_max sparse_reduce_max_sparse sparse_reduce_sum sparse_reduce_sum_sparse sparse_reorder "
        "sparse_reset_shape sparse_reshape sparse_retain sparse_slice sparse_softmax sparse_split "
        "sparse_tensor_dense_matmul sparse_tensor_to_dense sparse_to_indicator sparse_transpose"
    ),
    "ops.sparse_crossing": (
        "contrib.layers.SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY "
        "contrib.layers.python.ops.sparse_feature_cross_op.SPARSE_FEATURE_CROSS_DEFAULT_HASH_KEY "
        "contrib.layers.python.ops.sparse_feature_cross_op.sparse_feature_cross "
        "contrib.slim.sparse_feature_cross sparse.cross sparse.cross_hashed"
    ),
    "ops.sparse_serializing": (
        "deserialize_many_sparse io.deserialize_many_sparse io.serialize_many_sparse io.serialize_sparse "
        "python.ops.sparse_ops.deserialize_sparse serialize_many_sparse serialize_sparse"
    ),
    "ops.sparse_to_dense": "sparse_to_dense",
    "ops.special": (
        "betainc digamma erf erfc igamma igammac lbeta lgamma math.bessel_i0 math.bessel_i0e math.bessel_i1 "
        "math.bessel_i1e math.betainc math.digamma math.erf math.erfc math.igamma math.igammac math.lbeta "
        "math.lgamma math.polygamma math.zeta polygamma zeta"
    ),
    "ops.spectrograms": (
        "contrib.signal.hamming_window contrib.signal.hann_window contrib.signal.inverse_stft "
        "contrib.signal.inverse_stft_window_fn contrib.signal.linear_to_mel_weight_matrix "
        "contrib.signal.mfccs_from_log_mel_spectrograms contrib.signal.stft signal.dct signal.hamming_window "
        "signal.hann_window signal.idct signal.inverse_stft signal.inverse_stft_window_fn "
        "signal.linear_to_mel_weight_matrix signal.mfccs_from_log_mel_spectrograms signal.stft spectral.dct "
        "spectral.idct"
    ),
    "ops.splitting": "split unstack",
    "ops.staging": (
        "contrib.staging.StagingArea python.ops.data_flow_ops.MapStagingArea "
        "python.ops.data_flow_ops.StagingArea"
    ),
    "ops.stateless_random": (
        "contrib.stateless.stateless_random_normal contrib.stateless.stateless_random_uniform "
        "contrib.stateless.stateless_truncated_normal random.stateless_normal "
        "random.stateless_truncated_normal random.stateless_uniform"
    ),
    "ops.statistics": (
        "count_nonzero linalg.norm math.count_nonzero math.reduce_logsumexp math.reduce_std "
        "math.reduce_variance norm reduce_logsumexp"
    ),
    "ops.strings": "string_join strings.join",
    "ops.sums": "accumulate_n add_n math.accumulate_n math.add_n math.scalar_mul scalar_mul",
    "ops.switching": "python.ops.control_flow_ops.merge python.ops.control_flow_ops.switch",
    "ops.tensor_arrays": "TensorArray",
    "ops.text": (
        "decode_base64 encode_base64 io.decode_base64 io.encode_base64 string_strip strings.length "
        "strings.lower strings.strip strings.substr strings.upper substr"
    ),
    "ops.text_numbers": (
        "as_string dtypes.as_string string_to_hash_bucket string_to_hash_bucket_fast "
        "string_to_hash_bucket_strong string_to_number strings.as_string strings.to_hash_bucket "
        "strings.to_hash_bucket_fast strings.to_hash_bucket_strong strings.to_number"
    ),
    "ops.text_pieces": "reduce_join strings.reduce_join strings.unsorted_segment_join",
    "ops.transposing": (
        "invert_permutation linalg.matrix_transpose linalg.transpose math.invert_permutation matrix_transpose "
        "transpose"
    ),
    "ops.tridiagonal": "linalg.tridiagonal_matmul linalg.tridiagonal_solve",
    "ops.unary": (
        "abs acos acosh asin asinh atan atanh ceil cos cosh debugging.is_finite debugging.is_inf "
        "debugging.is_nan exp expm1 floor is_finite is_inf is_nan log log1p log_sigmoid math.abs math.acos "
        "math.acosh math.asin math.asinh math.atan math.atanh math.ceil math.cos math.cosh math.exp "
        "math.expm1 math.floor math.is_finite math.is_inf math.is_nan math.log math.log1p math.log_sigmoid "
        "math.negative math.reciprocal math.reciprocal_no_nan math.rint math.round math.rsqrt math.sigmoid "
        "math.sign math.sin math.sinh math.sqrt math.square math.tan math.tanh negative nn.sigmoid nn.tanh "
        "reciprocal rint round rsqrt sigmoid sign sin sinh sqrt square tan tanh"
    ),
    "ops.unicode": "strings.unicode_script strings.unicode_transcode",
    "ops.weights": (
        "python.ops.weights_broadcast_ops.assert_broadcastable "
        "python.ops.weights_broadcast_ops.broadcast_weights"
    ),
    "ops.where": "boolean_mask where where_v2",
    "ops.while_loop": "while_loop",
    "platform.config": (
        "config.experimental.get_device_policy config.experimental.get_memory_growth "
        "config.experimental.get_synchronous_execution config.experimental.get_virtual_device_configuration "
        "config.experimental.get_visible_devices config.experimental.list_logical_devices "
        "config.experimental.list_physical_devices config.experimental.set_device_policy "
        "config.experimental.set_memory_growth config.experimental.set_synchronous_execution "
        "config.experimental.set_virtual_device_configuration config.experimental.set_visible_devices "
        "config.experimental_connect_to_cluster config.experimental_connect_to_host "
        "config.experimental_list_devices config.get_soft_device_placement "
        "config.optimizer.get_experimental_options config.optimizer.get_jit "
        "config.optimizer.set_experimental_options config.optimizer.set_jit config.set_soft_device_placement "
        "config.threading.get_inter_op_parallelism_threads config.threading.get_intra_op_parallelism_threads "
        "config.threading.set_inter_op_parallelism_threads config.threading.set_intra_op_parallelism_threads "
        "contrib.eager.connect_to_remote_host contrib.eager.enable_remote_eager_execution "
        "contrib.eager.list_devices contrib.eager.num_gpus contrib.eager.set_server_def "
        "debugging.get_log_device_placement debugging.set_log_device_placement"
    ),
    "platform.decorators": (
        "flags.tf_decorator.TFDecorator flags.tf_decorator.make_decorator flags.tf_decorator.rewrap "
        "flags.tf_decorator.unwrap python.util.all_util.make_all python.util.all_util.remove_undocumented "
        "python.util.function_utils.fn_args python.util.function_utils.get_func_code "
        "python.util.function_utils.get_func_name python.util.function_utils.has_kwargs "
        "python.util.tf_contextlib.contextmanager python.util.tf_decorator.TFDecorator "
        "python.util.tf_decorator.make_decorator python.util.tf_decorator.rewrap "
        "python.util.tf_decorator.unwrap python.util.tf_inspect.ArgSpec python.util.tf_inspect.FullArgSpec "
        "python.util.tf_inspect.currentframe python.util.tf_inspect.getargspec "
        "python.util.tf_inspect.getcallargs python.util.tf_inspect.getdoc python.util.tf_inspect.getfile "
        "python.util.tf_inspect.getframeinfo python.util.tf_inspect.getfullargspec "
        "python.util.tf_inspect.getmembers python.util.tf_inspect.getmodule python.util.tf_inspect.getmro "
        "python.util.tf_inspect.getsource python.util.tf_inspect.getsourcefile "
        "python.util.tf_inspect.getsourcelines python.util.tf_inspect.isbuiltin "
        "python.util.tf_inspect.isclass python.util.tf_inspect.isframe python.util.tf_inspect.isfunction "
        "python.util.tf_inspect.isgenerator python.util.tf_inspect.isgeneratorfunction "
        "python.util.tf_inspect.ismethod python.util.tf_inspect.ismodule python.util.tf_inspect.isroutine "
        "python.util.tf_inspect.stack"
    ),
    "platform.deprecation": (
        "contrib.framework.deprecated contrib.framework.deprecated_arg_values "
        "contrib.framework.deprecated_args contrib.framework.experimental "
        "contrib.framework.python.framework.experimental.experimental python.util.deprecation.deprecated "
        "python.util.deprecation.deprecated_arg_values python.util.deprecation.deprecated_args "
        "python.util.deprecation.deprecated_argument_lookup "
        "python.util.deprecation.rewrite_argument_docstring python.util.deprecation.silence"
    ),
    "platform.devices": (
        "config.experimental.VirtualDeviceConfiguration python.client.device_lib.list_local_devices "
        "python.eager.context.LogicalDevice python.eager.context.PhysicalDevice "
        "python.eager.context.VirtualDeviceConfiguration test.gpu_device_name test.is_built_with_cuda "
        "test.is_built_with_gpu_support test.is_built_with_rocm test.is_gpu_available"
    ),
    "platform.file_io": (
        "python.lib.io.file_io.atomic_write_string_to_file python.lib.io.file_io.copy "
        "python.lib.io.file_io.copy_v2 python.lib.io.file_io.create_dir python.lib.io.file_io.create_dir_v2 "
        "python.lib.io.file_io.delete_file python.lib.io.file_io.delete_file_v2 "
        "python.lib.io.file_io.delete_recursively python.lib.io.file_io.delete_recursively_v2 "
        "python.lib.io.file_io.file_crc32 python.lib.io.file_io.file_exists "
        "python.lib.io.file_io.file_exists_v2 python.lib.io.file_io.filecmp "
        "python.lib.io.file_io.get_matching_files python.lib.io.file_io.get_matching_files_v2 "
        "python.lib.io.file_io.is_directory python.lib.io.file_io.is_directory_v2 "
        "python.lib.io.file_io.list_directory python.lib.io.file_io.list_directory_v2 "
        "python.lib.io.file_io.read_file_to_string python.lib.io.file_io.recursive_create_dir "
        "python.lib.io.file_io.recursive_create_dir_v2 python.lib.io.file_io.rename "
        "python.lib.io.file_io.rename_v2 python.lib.io.file_io.stat python.lib.io.file_io.stat_v2 "
        "python.lib.io.file_io.walk python.lib.io.file_io.walk_v2 python.lib.io.file_io.write_string_to_file"
    ),
    "platform.flags": (
        "app.flags.ArgumentParser app.flags.ArgumentSerializer app.flags.BaseListParser app.flags.BooleanFlag "
        "app.flags.BooleanParser app.flags.CantOpenFlagFileError app.flags.CsvListSerializer app.flags.DEFINE "
        "app.flags.DEFINE_alias app.flags.DEFINE_bool app.flags.DEFINE_boolean app.flags.DEFINE_enum "
        "app.flags.DEFINE_enum_class app.flags.DEFINE_flag app.flags.DEFINE_float app.flags.DEFINE_integer "
        "app.flags.DEFINE_list app.flags.DEFINE_multi app.flags.DEFINE_multi_enum "
        "app.flags.DEFINE_multi_enum_class app.flags.DEFINE_multi_float app.flags.DEFINE_multi_integer "
        "app.flags.DEFINE_multi_string app.flags.DEFINE_spaceseplist app.flags.DEFINE_string "
        "app.flags.DuplicateFlagError app.flags.EnumClassFlag app.flags.EnumClassListSerializer "
        "app.flags.EnumClassParser app.flags.EnumClassSerializer app.flags.EnumFlag app.flags.EnumParser "
        "app.flags.Error app.flags.FLAGS app.flags.Flag app.flags.FlagHolder "
        "app.flags.FlagNameConflictsWithMethodError app.flags.FlagValues app.flags.FloatParser "
        "app.flags.IllegalFlagValueError app.flags.IntegerParser app.flags.ListParser "
        "app.flags.ListSerializer app.flags.MultiEnumClassFlag app.flags.MultiFlag "
        "app.flags.UnparsedFlagAccessError app.flags.UnrecognizedFlagError app.flags.ValidationError "
        "app.flags.WhitespaceSeparatedListParser app.flags.adopt_module_key_flags app.flags.declare_key_flag "
        "app.flags.disclaim_key_flags app.flags.doc_to_help app.flags.flag_dict_to_args "
        "app.flags.get_help_width app.flags.mark_bool_flags_as_mutual_exclusive "
        "app.flags.mark_flag_as_required app.flags.mark_flags_as_mutual_exclusive "
        "app.flags.mark_flags_as_required app.flags.multi_flags_validator app.flags.override_value "
        "app.flags.register_multi_flags_validator app.flags.register_validator app.flags.set_default "
        "app.flags.text_wrap app.flags.validator app.run flags.ArgumentParser flags.ArgumentSerializer "
        "flags.BaseListParser flags.BooleanFlag flags.BooleanParser flags.CantOpenFlagFileError "
        "flags.CsvListSerializer flags.DEFINE flags.DEFINE_alias flags.DEFINE_bool flags.DEFINE_boolean "
        "flags.DEFINE_enum flags.DEFINE_enum_class flags.DEFINE_flag flags.DEFINE_float flags.DEFINE_integer "
        "flags.DEFINE_list flags.DEFINE_multi flags.DEFINE_multi_enum flags.DEFINE_multi_enum_class "
        "flags.DEFINE_multi_float flags.DEFINE_multi_integer flags.DEFINE_multi_string "
        "flags.DEFINE_spaceseplist flags.DEFINE_string flags.DuplicateFlagError flags.EnumClassFlag "
        "flags.EnumClassListSerializer flags.EnumClassParser flags.EnumClassSerializer flags.EnumFlag "
        "flags.EnumParser flags.Error flags.FLAGS flags.Flag flags.FlagHolder "
        "flags.FlagNameConflictsWithMethodError flags.FlagValues flags.FloatParser "
        "flags.IllegalFlagValueError flags.IntegerParser flags.ListParser flags.ListSerializer "
        "flags.MultiEnumClassFlag flags.MultiFlag flags.UnparsedFlagAccessError flags.UnrecognizedFlagError "
        "flags.ValidationError flags.WhitespaceSeparatedListParser flags.adopt_module_key_flags "
        "flags.declare_key_flag flags.disclaim_key_flags flags.doc_to_help flags.flag_dict_to_args "
        "flags.get_help_width flags.mark_bool_flags_as_mutual_exclusive flags.mark_flag_as_required "
        "flags.mark_flags_as_mutual_exclusive flags.mark_flags_as_required flags.multi_flags_validator "
        "flags.override_value flags.register_multi_flags_validator flags.register_validator flags.set_default "
        "flags.text_wrap flags.validator python.platform.app.run python.platform.flags.ArgumentParser "
        "python.platform.flags.ArgumentSerializer python.platform.flags.BaseListParser "
        "python.platform.flags.BooleanFlag python.platform.flags.BooleanParser "
        "python.platform.flags.CantOpenFlagFileError python.platform.flags.CsvListSerializer "
        "python.platform.flags.DEFINE python.platform.flags.DEFINE_alias python.platform.flags.DEFINE_bool "
        "python.platform.flags.DEFINE_boolean python.platform.flags.DEFINE_enum "
        "python.platform.flags.DEFINE_enum_class python.platform.flags.DEFINE_flag "
        "python.platform.flags.DEFINE_float python.platform.flags.DEFINE_integer "
        "python.platform.flags.DEFINE_list python.platform.flags.DEFINE_multi "
        "python.platform.flags.DEFINE_multi_enum python.platform.flags.DEFINE_multi_enum_class "
        "python.platform.flags.DEFINE_multi_float python.platform.flags.DEFINE_multi_integer "
        "python.platform.flags.DEFINE_multi_string python.platform.flags.DEFINE_spaceseplist "
        "python.platform.flags.DEFINE_string python.platform.flags.DuplicateFlagError "
        "python.platform.flags.EnumClassFlag python.platform.flags.EnumClassListSerializer "
        "python.platform.flags.EnumClassParser python.platform.flags.EnumClassSerializer "
        "python.platform.flags.EnumFlag python.platform.flags.EnumParser python.platform.flags.Error "
        "python.platform.flags.FLAGS python.platform.flags.Flag python.platform.flags.FlagHolder "
        "python.platform.flags.FlagNameConflictsWithMethodError python.platform.flags.FlagValues "
        "python.platform.flags.FloatParser python.platform.flags.IllegalFlagValueError "
        "python.platform.flags.IntegerParser python.platform.flags.ListParser "
        "python.platform.flags.ListSerializer python.platform.flags.MultiEnumClassFlag "
        "python.platform.flags.MultiFlag python.platform.flags.UnparsedFlagAccessError "
        "python.platform.flags.UnrecognizedFlagError python.platform.flags.ValidationError "
        "python.platform.flags.WhitespaceSeparatedListParser python.platform.flags.adopt_module_key_flags "
        "python.platform.flags.declare_key_flag python.platform.flags.disclaim_key_flags "
        "python.platform.flags.doc_to_help python.platform.flags.flag_dict_to_args "
        "python.platform.flags.get_help_width python.platform.flags.mark_bool_flags_as_mutual_exclusive "
        "python.platform.flags.mark_flag_as_required python.platform.flags.mark_flags_as_mutual_exclusive "
        "python.platform.flags.mark_flags_as_required python.platform.flags.multi_flags_validator "
        "python.platform.flags.override_value python.platform.flags.register_multi_flags_validator "
        "python.platform.flags.register_validator python.platform.flags.set_default "
        "python.platform.flags.text_wrap python.platform.flags.validator"
    ),
    "platform.gfile": (
        "gfile.Copy gfile.DeleteRecursively gfile.Exists gfile.FastGFile gfile.GFile gfile.Glob "
        "gfile.IsDirectory gfile.ListDirectory gfile.MakeDirs gfile.MkDir gfile.Open gfile.Remove "
        "gfile.Rename gfile.Stat gfile.Walk io.gfile.GFile io.gfile.copy io.gfile.exists io.gfile.glob "
        "io.gfile.isdir io.gfile.listdir io.gfile.makedirs io.gfile.mkdir io.gfile.remove io.gfile.rename "
        "io.gfile.rmtree io.gfile.stat io.gfile.walk python.lib.io.file_io.FileIO"
    ),
    "platform.lite": (
        "lite.Interpreter lite.OpHint lite.OpsSet lite.Optimize lite.RepresentativeDataset "
        "lite.TFLiteConverter lite.TargetSpec lite.TocoConverter lite.constants.FLOAT lite.constants.FLOAT16 "
        "lite.constants.GRAPHVIZ_DOT lite.constants.INT32 lite.constants.INT64 lite.constants.INT8 "
        "lite.constants.QUANTIZED_UINT8 lite.constants.STRING lite.constants.TFLITE "
        "lite.experimental.convert_op_hints_to_stubs lite.experimental.get_potentially_supported_ops "
        "lite.experimental.load_delegate lite.experimental.nn.TFLiteLSTMCell "
        "lite.experimental.nn.TfLiteRNNCell lite.experimental.nn.dynamic_rnn lite.toco_convert"
    ),
    "platform.profile_options": (
        "profiler.ProfileOptionBuilder profiler.Profiler profiler.advise profiler.profile "
        "profiler.write_op_log"
    ),
    "platform.tf_logging": (
        "get_logger logging.DEBUG logging.ERROR logging.FATAL logging.INFO logging.TaskLevelStatusMessage "
        "logging.WARN logging.debug logging.error logging.fatal logging.flush logging.get_verbosity "
        "logging.info logging.log logging.log_every_n logging.log_first_n logging.log_if "
        "logging.set_verbosity logging.vlog logging.warn logging.warning python.platform.tf_logging.DEBUG "
        "python.platform.tf_logging.ERROR python.platform.tf_logging.FATAL python.platform.tf_logging.INFO "
        "python.platform.tf_logging.TaskLevelStatusMessage python.platform.tf_logging.WARN "
        "python.platform.tf_logging.debug python.platform.tf_logging.error python.platform.tf_logging.fatal "
        "python.platform.tf_logging.flush python.platform.tf_logging.get_logger "
        "python.platform.tf_logging.get_verbosity python.platform.tf_logging.info "
        "python.platform.tf_logging.log python.platform.tf_logging.log_every_n "
        "python.platform.tf_logging.log_first_n python.platform.tf_logging.log_if "
        "python.platform.tf_logging.set_verbosity python.platform.tf_logging.vlog "
        "python.platform.tf_logging.warn python.platform.tf_logging.warning"
    ),
    "platform.tf_record": (
        "io.TFRecordCompressionType io.TFRecordOptions io.TFRecordWriter io.tf_record_iterator "
        "python.lib.io.tf_record.TFRecordCompressionType python.lib.io.tf_record.TFRecordOptions "
        "python.lib.io.tf_record.TFRecordWriter python.lib.io.tf_record.tf_record_iterator "
        "python_io.TFRecordCompressionType python_io.TFRecordOptions python_io.TFRecordWriter "
        "python_io.tf_record_iterator"
    ),
    "platform.versions": (
        "COMPILER_VERSION CXX11_ABI_FLAG GIT_VERSION MONOLITHIC_BUILD VERSION "
        "contrib.util.loader.load_op_library load_file_system_library load_library load_op_library "
        "resource_loader.get_data_files_path resource_loader.get_path_to_datafile "
        "resource_loader.get_root_dir_with_all_resources resource_loader.load_resource "
        "resource_loader.readahead_file_path sysconfig.CXX11_ABI_FLAG sysconfig.MONOLITHIC_BUILD "
        "sysconfig.get_compile_flags sysconfig.get_include sysconfig.get_lib sysconfig.get_link_flags "
        "version.COMPILER_VERSION version.GIT_VERSION version.VERSION"
    ),
    "ragged.elements": "data.experimental.RaggedTensorStructure",
    "ragged.factories": "ragged.constant ragged.constant_value ragged.placeholder",
    "ragged.joining": "ragged.stack",
    "ragged.masking": "ragged.boolean_mask ragged.stack_dynamic_partitions",
    "ragged.ranges": "ragged.map_flat_values ragged.range",
    "ragged.rows": "ragged.row_splits_to_segment_ids ragged.segment_ids_to_row_splits",
    "ragged.spec": "RaggedTensorSpec",
    "ragged.strings": (
        "compat.v2.strings.split string_split strings.bytes_split strings.ngrams strings.split "
        "strings.unicode_decode strings.unicode_decode_with_offsets strings.unicode_encode "
        "strings.unicode_split strings.unicode_split_with_offsets"
    ),
    "ragged.tensor": "RaggedTensor",
    "ragged.value": "ragged.RaggedTensorValue",
    "rnn.cell": (
        "contrib.rnn.LayerRNNCell contrib.rnn.RNNCell nn.rnn_cell.RNNCell "
        "python.ops.rnn_cell_impl.ASSERT_LIKE_RNNCELL_ERROR_REGEXP python.ops.rnn_cell_impl.LayerRNNCell "
        "python.ops.rnn_cell_impl._concat python.ops.rnn_cell_impl._zero_state_tensors "
        "python.ops.rnn_cell_impl.assert_like_rnncell"
    ),
    "rnn.cells": (
        "contrib.rnn.BasicLSTMCell contrib.rnn.BasicRNNCell contrib.rnn.GRUCell contrib.rnn.LSTMCell "
        "contrib.rnn.LSTMStateTuple contrib.rnn.MultiRNNCell nn.rnn_cell.BasicLSTMCell "
        "nn.rnn_cell.BasicRNNCell nn.rnn_cell.GRUCell nn.rnn_cell.LSTMCell nn.rnn_cell.LSTMStateTuple "
        "nn.rnn_cell.MultiRNNCell python.ops.rnn_cell_impl._BIAS_VARIABLE_NAME "
        "python.ops.rnn_cell_impl._WEIGHTS_VARIABLE_NAME"
    ),
    "rnn.dynamic": "nn.bidirectional_dynamic_rnn nn.dynamic_rnn nn.raw_rnn",
    "rnn.static": (
        "contrib.rnn.static_bidirectional_rnn contrib.rnn.static_rnn contrib.rnn.static_state_saving_rnn "
        "nn.static_bidirectional_rnn nn.static_rnn nn.static_state_saving_rnn"
    ),
    "rnn.stepping": (
        "contrib.rnn.best_effort_input_batch_size contrib.rnn.transpose_batch_time "
        "python.ops.rnn._best_effort_input_batch_size python.ops.rnn._transpose_batch_time"
    ),
    "rnn.wrappers": (
        "contrib.rnn.DeviceWrapper contrib.rnn.DropoutWrapper contrib.rnn.ResidualWrapper "
        "nn.rnn_cell.DeviceWrapper nn.rnn_cell.DropoutWrapper nn.rnn_cell.ResidualWrapper"
    ),
    "rnn.wrappers_v2": (
        "compat.v2.nn.RNNCellDeviceWrapper compat.v2.nn.RNNCellDropoutWrapper "
        "compat.v2.nn.RNNCellResidualWrapper"
    ),
    "run.fetches": "python.client.session.register_session_run_conversion_functions",
    "run.session": "InteractiveSession Session python.client.session.SessionInterface",
    "run.timeline": (
        "python.client.timeline.AllocationMaximum python.client.timeline.StepStatsAnalysis "
        "python.client.timeline.Timeline"
    ),
    "saved.checkpoint": (
        "compat.v2.train.Checkpoint contrib.checkpoint.object_metadata contrib.eager.Checkpoint "
        "contrib.eager.CheckpointableSaver python.training.tracking.util.CheckpointV1 "
        "python.training.tracking.util.TrackableSaver python.training.tracking.util._default_getter "
        "python.training.tracking.util.add_variable python.training.tracking.util.frozen_saver "
        "python.training.tracking.util.object_metadata python.training.tracking.util.saver_with_op_caching "
        "train.Checkpoint"
    ),
    "saved.checkpoint_manager": (
        "contrib.checkpoint.CheckpointManager python.training.checkpoint_management.CheckpointManager "
        "train.CheckpointManager"
    ),
    "saved.checkpoint_reader": (
        "python.pywrap_tensorflow.CheckpointReader python.pywrap_tensorflow.NewCheckpointReader "
        "train.NewCheckpointReader"
    ),
    "saved.checkpoint_state": (
        "contrib.framework.latest_checkpoint python.training.checkpoint_management.checkpoint_exists_internal "
        "python.training.checkpoint_management.meta_graph_filename "
        "python.training.checkpoint_management.update_checkpoint_state_internal train.checkpoint_exists "
        "train.generate_checkpoint_state_proto train.get_checkpoint_mtimes train.get_checkpoint_state "
        "train.latest_checkpoint train.remove_checkpoint train.update_checkpoint_state"
    ),
    "saved.checkpoint_utils": (
        "contrib.framework.init_from_checkpoint contrib.framework.list_variables "
        "contrib.framework.load_checkpoint contrib.framework.load_variable "
        "contrib.training.checkpoints_iterator contrib.training.wait_for_new_checkpoint "
        "python.training.checkpoint_utils.wait_for_new_checkpoint train.checkpoints_iterator "
        "train.init_from_checkpoint train.list_variables train.load_checkpoint train.load_variable"
    ),
    "saved.defined_functions": (
        "python.framework.function.Defun python.framework.function._DefinedFunction "
        "python.framework.function._OverloadedFunction python.framework.function.get_extra_args "
        "python.framework.function.get_extra_inputs python.framework.function.get_extra_vars"
    ),
    "saved.device_saver": (
        "python.training.saving.functional_saver.MultiDeviceSaver "
        "python.training.saving.functional_saver._SingleDeviceSaver"
    ),
    "saved.freeze_tool": (
        "python.tools.freeze_graph.freeze_graph python.tools.freeze_graph.freeze_graph_with_def_protos "
        "python.tools.freeze_graph.main python.tools.freeze_graph.run_main"
    ),
    "saved.functions": "python.framework.function._from_library python.framework.function.from_library",
    "saved.graph_util": (
        "contrib.framework.fuse_op contrib.framework.get_placeholders "
        "graph_util.convert_variables_to_constants graph_util.extract_sub_graph graph_util.must_run_on_cpu "
        "graph_util.remove_training_nodes graph_util.tensor_shape_from_node_def_name io.write_graph "
        "python.framework.graph_util_impl._bfs_for_reachable_nodes "
        "python.framework.graph_util_impl._extract_graph_summary train.write_graph"
    ),
    "saved.importing": "graph_util.import_graph_def import_graph_def python.framework.importer.import_graph_def",
    "saved.meta_graph": (
        "contrib.util.ops_used_by_graph_def contrib.util.stripped_op_list_for_graph "
        "python.framework.meta_graph._find_extraneous_saver_nodes "
        "python.framework.meta_graph.add_collection_def python.framework.meta_graph.copy_scoped_meta_graph "
        "python.framework.meta_graph.create_meta_graph_def "
        "python.framework.meta_graph.export_scoped_meta_graph "
        "python.framework.meta_graph.import_scoped_meta_graph "
        "python.framework.meta_graph.import_scoped_meta_graph_with_return_elements "
        "python.framework.meta_graph.ops_used_by_graph_def python.framework.meta_graph.read_meta_graph_file "
        "python.framework.meta_graph.strip_graph_default_valued_attrs "
        "python.framework.meta_graph.stripped_op_list_for_graph train.export_meta_graph"
    ),
    "saved.object_graph": (
        "contrib.checkpoint.list_objects python.training.tracking.graph_view.ObjectGraphView "
        "python.training.tracking.util.gather_initializers python.training.tracking.util.list_objects"
    ),
    "saved.object_loading": "compat.v2.saved_model.load saved_model.load_v2",
    "saved.object_restore": (
        "python.training.tracking.base.CheckpointPosition "
        "python.training.tracking.util._CheckpointRestoreCoordinator "
        "python.training.tracking.util._NameBasedRestoreCoordinator"
    ),
    "saved.object_saving": "saved_model.experimental.save saved_model.save",
    "saved.object_status": (
        "python.training.tracking.util.CheckpointLoadStatus "
        "python.training.tracking.util.InitializationOnlyStatus "
        "python.training.tracking.util.NameBasedSaverStatus python.training.tracking.util._LoadStatus "
        "python.training.tracking.util.get_session python.training.tracking.util.streaming_restore"
    ),
    "saved.remapping": (
        "contrib.framework.load_and_remap_matrix contrib.framework.load_and_remap_matrix_initializer "
        "contrib.framework.load_embedding_initializer "
        "contrib.framework.load_linear_multiclass_bias_initializer "
        "contrib.framework.load_variable_slot_initializer "
        "python.training.checkpoint_ops._load_and_remap_matrix "
        "python.training.checkpoint_ops._load_and_remap_matrix_initializer "
        "python.training.checkpoint_ops._load_embedding_initializer"
    ),
    "saved.saved_model_builder": (
        "python.saved_model.builder.SavedModelBuilder python.saved_model.builder._SavedModelBuilder "
        "python.saved_model.builder_impl.SavedModelBuilder python.saved_model.builder_impl._SavedModelBuilder "
        "python.saved_model.builder_impl.get_asset_filename_to_add python.saved_model.main_op.main_op "
        "python.saved_model.main_op_impl.main_op python.saved_model.main_op_impl.main_op_with_restore "
        "python.saved_model.simple_save.simple_save saved_model.Builder saved_model.builder.SavedModelBuilder "
        "saved_model.main_op.main_op saved_model.main_op.main_op_with_restore "
        "saved_model.main_op_with_restore saved_model.simple_save"
    ),
    "saved.saved_model_loader": (
        "python.saved_model.loader.SavedModelLoader python.saved_model.loader.load "
        "python.saved_model.loader.maybe_saved_model_directory "
        "python.saved_model.loader_impl.SavedModelLoader python.saved_model.loader_impl._parse_saved_model "
        "python.saved_model.loader_impl.get_asset_tensors python.saved_model.loader_impl.get_init_op "
        "python.saved_model.loader_impl.get_train_op python.saved_model.loader_impl.load "
        "python.saved_model.loader_impl.maybe_saved_model_directory "
        "python.saved_model.loader_impl.parse_saved_model saved_model.contains_saved_model saved_model.load "
        "saved_model.loader.load saved_model.loader.maybe_saved_model_directory "
        "saved_model.maybe_saved_model_directory"
    ),
    "saved.saved_model_names": (
        "python.saved_model.constants.ASSETS_DIRECTORY python.saved_model.constants.ASSETS_KEY "
        "python.saved_model.constants.EXTRA_ASSETS_DIRECTORY "
        "python.saved_model.constants.INIT_OP_SIGNATURE_KEY python.saved_model.constants.LEGACY_INIT_OP_KEY "
        "python.saved_model.constants.MAIN_OP_KEY python.saved_model.constants.SAVED_MODEL_FILENAME_PB "
        "python.saved_model.constants.SAVED_MODEL_FILENAME_PBTXT "
        "python.saved_model.constants.SAVED_MODEL_SCHEMA_VERSION python.saved_model.constants.TRAIN_OP_KEY "
        "python.saved_model.constants.TRAIN_OP_SIGNATURE_KEY python.saved_model.constants.VARIABLES_DIRECTORY "
        "python.saved_model.constants.VARIABLES_FILENAME "
        "python.saved_model.signature_constants.CLASSIFY_INPUTS "
        "python.saved_model.signature_constants.CLASSIFY_METHOD_NAME "
        "python.saved_model.signature_constants.CLASSIFY_OUTPUT_CLASSES "
        "python.saved_model.signature_constants.CLASSIFY_OUTPUT_SCORES "
        "python.saved_model.signature_constants.DEFAULT_EVAL_SIGNATURE_DEF_KEY "
        "python.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY "
        "python.saved_model.signature_constants.DEFAULT_TRAIN_SIGNATURE_DEF_KEY "
        "python.saved_model.signature_constants.PREDICT_INPUTS "
        "python.saved_model.signature_constants.PREDICT_METHOD_NAME "
        "python.saved_model.signature_constants.PREDICT_OUTPUTS "
        "python.saved_model.signature_constants.REGRESS_INPUTS "
        "python.saved_model.signature_constants.REGRESS_METHOD_NAME "
        "python.saved_model.signature_constants.REGRESS_OUTPUTS "
        "python.saved_model.signature_constants.SUPERVISED_EVAL_METHOD_NAME "
        "python.saved_model.signature_constants.SUPERVISED_TRAIN_METHOD_NAME "
        "python.saved_model.tag_constants.EVAL python.saved_model.tag_constants.GPU "
        "python.saved_model.tag_constants.SERVING python.saved_model.tag_constants.TPU "
        "python.saved_model.tag_constants.TRAINING saved_model.ASSETS_DIRECTORY saved_model.ASSETS_KEY "
        "saved_model.CLASSIFY_INPUTS saved_model.CLASSIFY_METHOD_NAME saved_model.CLASSIFY_OUTPUT_CLASSES "
        "saved_model.CLASSIFY_OUTPUT_SCORES saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY saved_model.GPU "
        "saved_model.LEGACY_INIT_OP_KEY saved_model.MAIN_OP_KEY saved_model.PREDICT_INPUTS "
        "saved_model.PREDICT_METHOD_NAME saved_model.PREDICT_OUTPUTS saved_model.REGRESS_INPUTS "
        "saved_model.REGRESS_METHOD_NAME saved_model.REGRESS_OUTPUTS saved_model.SAVED_MODEL_FILENAME_PB "
        "saved_model.SAVED_MODEL_FILENAME_PBTXT saved_model.SAVED_MODEL_SCHEMA_VERSION saved_model.SERVING "
        "saved_model.TPU saved_model.TRAINING saved_model.VARIABLES_DIRECTORY saved_model.VARIABLES_FILENAME "
        "saved_model.constants.ASSETS_DIRECTORY saved_model.constants.ASSETS_KEY "
        "saved_model.constants.LEGACY_INIT_OP_KEY saved_model.constants.MAIN_OP_KEY "
        "saved_model.constants.SAVED_MODEL_FILENAME_PB saved_model.constants.SAVED_MODEL_FILENAME_PBTXT "
        "saved_model.constants.SAVED_MODEL_SCHEMA_VERSION saved_model.constants.VARIABLES_DIRECTORY "
        "saved_model.constants.VARIABLES_FILENAME saved_model.signature_constants.CLASSIFY_INPUTS "
        "saved_model.signature_constants.CLASSIFY_METHOD_NAME "
        "saved_model.signature_constants.CLASSIFY_OUTPUT_CLASSES "
        "saved_model.signature_constants.CLASSIFY_OUTPUT_SCORES "
        "saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY "
        "saved_model.signature_constants.PREDICT_INPUTS saved_model.signature_constants.PREDICT_METHOD_NAME "
        "saved_model.signature_constants.PREDICT_OUTPUTS saved_model.signature_constants.REGRESS_INPUTS "
        "saved_model.signature_constants.REGRESS_METHOD_NAME saved_model.signature_constants.REGRESS_OUTPUTS "
        "saved_model.tag_constants.GPU saved_model.tag_constants.SERVING saved_model.tag_constants.TPU "
        "saved_model.tag_constants.TRAINING"
    ),
    "saved.saver": (
        "python.ops.variables._all_saveable_objects "
        "python.training.saver._create_saver_from_imported_meta_graph "
        "python.training.saver._get_saver_or_default "
        "python.training.saver._import_meta_graph_with_return_elements "
        "python.training.saver.object_graph_key_mapping "
        "python.training.saver.saver_from_object_based_checkpoint train.Saver train.import_meta_graph"
    ),
    "saved.saver_builder": "python.training.saver.BaseSaverBuilder python.training.saver.BulkSaverBuilder",
    "saved.saver_saveables": (
        "python.training.saving.saveable_object_util.ReferenceVariableSaveable "
        "python.training.saving.saveable_object_util.ResourceVariableSaveable "
        "python.training.saving.saveable_object_util.op_list_to_dict "
        "python.training.saving.saveable_object_util.saveable_objects_for_op "
        "python.training.saving.saveable_object_util.validate_and_slice_inputs"
    ),
    "saved.signatures": (
        "python.saved_model.signature_def_utils.build_signature_def "
        "python.saved_model.signature_def_utils.classification_signature_def "
        "python.saved_model.signature_def_utils.is_valid_signature "
        "python.saved_model.signature_def_utils.load_op_from_signature_def "
        "python.saved_model.signature_def_utils.op_signature_def "
        "python.saved_model.signature_def_utils.predict_signature_def "
        "python.saved_model.signature_def_utils.regression_signature_def "
        "python.saved_model.signature_def_utils.supervised_eval_signature_def "
        "python.saved_model.signature_def_utils.supervised_train_signature_def "
        "python.saved_model.signature_def_utils_impl.build_signature_def "
        "python.saved_model.signature_def_utils_impl.classification_signature_def "
        "python.saved_model.signature_def_utils_impl.is_valid_signature "
        "python.saved_model.signature_def_utils_impl.load_op_from_signature_def "
        "python.saved_model.signature_def_utils_impl.op_signature_def "
        "python.saved_model.signature_def_utils_impl.predict_signature_def "
        "python.saved_model.signature_def_utils_impl.regression_signature_def "
        "python.saved_model.signature_def_utils_impl.supervised_eval_signature_def "
        "python.saved_model.signature_def_utils_impl.supervised_train_signature_def "
        "python.saved_model.utils.build_tensor_info python.saved_model.utils.build_tensor_info_from_op "
        "python.saved_model.utils.get_element_from_tensor_info "
        "python.saved_model.utils.get_tensor_from_tensor_info python.saved_model.utils_impl.build_tensor_info "
        "python.saved_model.utils_impl.build_tensor_info_from_op "
        "python.saved_model.utils_impl.get_element_from_tensor_info "
        "python.saved_model.utils_impl.get_tensor_from_tensor_info saved_model.build_signature_def "
        "saved_model.build_tensor_info saved_model.classification_signature_def "
        "saved_model.get_tensor_from_tensor_info saved_model.is_valid_signature "
        "saved_model.predict_signature_def saved_model.regression_signature_def "
        "saved_model.signature_def_utils.build_signature_def "
        "saved_model.signature_def_utils.classification_signature_def "
        "saved_model.signature_def_utils.is_valid_signature "
        "saved_model.signature_def_utils.predict_signature_def "
        "saved_model.signature_def_utils.regression_signature_def saved_model.utils.build_tensor_info "
        "saved_model.utils.get_tensor_from_tensor_info"
    ),
    "saved.structured_values": "python.saved_model.nested_structure_coder.NotEncodableError",
    "saved.warm_start": (
        "compat.v2.estimator.VocabInfo estimator.VocabInfo "
        "python.training.warm_starting_util._get_grouped_variables "
        "python.training.warm_starting_util._get_var_info python.training.warm_starting_util._infer_var_name "
        "python.training.warm_starting_util._warm_start_var_with_vocab train.VocabInfo train.warm_start"
    ),
    "sessions.device_setter": (
        "contrib.training.GreedyLoadBalancingStrategy contrib.training.RandomStrategy "
        "contrib.training.byte_size_load_fn python.training.device_setter.STANDARD_PS_OPS "
        "python.training.device_setter._RoundRobinStrategy train.replica_device_setter"
    ),
    "sessions.evaluation": (
        "contrib.training.StopAfterNEvalsHook contrib.training.evaluate_once "
        "contrib.training.get_or_create_eval_step python.training.evaluation._MultiStepStopAfterNEvalsHook "
        "python.training.evaluation._StopAfterNEvalsHook python.training.evaluation._evaluate_once "
        "python.training.evaluation._get_latest_eval_step_value "
        "python.training.evaluation._get_or_create_eval_step"
    ),
    "sessions.input_hook": "contrib.data.CheckpointInputPipelineHook data.experimental.CheckpointInputPipelineHook",
    "sessions.monitored_session": (
        "python.training.monitored_session.USE_DEFAULT python.training.monitored_session._CoordinatedSession "
        "python.training.monitored_session._HookedSession python.training.monitored_session._MonitoredSession "
        "python.training.monitored_session._RecoverableSession "
        "python.training.monitored_session._WrappedSession train.MonitoredSession "
        "train.MonitoredTrainingSession train.SingularMonitoredSession"
    ),
    "sessions.resources": (
        "python.ops.resources.initialize_resources python.ops.resources.local_resources "
        "python.ops.resources.register_resource python.ops.resources.report_uninitialized_resources "
        "python.ops.resources.shared_resources"
    ),
    "sessions.saving_hooks": (
        "compat.v2.estimator.CheckpointSaverHook compat.v2.estimator.CheckpointSaverListener "
        "compat.v2.estimator.ProfilerHook compat.v2.estimator.SummarySaverHook estimator.CheckpointSaverHook "
        "estimator.CheckpointSaverListener estimator.ProfilerHook estimator.SummarySaverHook "
        "train.CheckpointSaverHook train.CheckpointSaverListener train.ProfilerHook train.SummarySaverHook"
    ),
    "sessions.scaffold": "train.ChiefSessionCreator train.Scaffold train.SessionCreator train.WorkerSessionCreator",
    "sessions.session_manager": "python.training.session_manager.SessionManager train.SessionManager",
    "sessions.session_run_hook": (
        "compat.v2.estimator.SessionRunArgs compat.v2.estimator.SessionRunContext "
        "compat.v2.estimator.SessionRunHook compat.v2.estimator.SessionRunValues estimator.SessionRunArgs "
        "estimator.SessionRunContext estimator.SessionRunHook estimator.SessionRunValues train.SessionRunArgs "
        "train.SessionRunContext train.SessionRunHook train.SessionRunValues"
    ),
    "sessions.step_hooks": (
        "compat.v2.estimator.FeedFnHook compat.v2.estimator.FinalOpsHook "
        "compat.v2.estimator.GlobalStepWaiterHook compat.v2.estimator.SecondOrStepTimer "
        "compat.v2.estimator.StepCounterHook compat.v2.estimator.StopAtStepHook estimator.FeedFnHook "
        "estimator.FinalOpsHook estimator.GlobalStepWaiterHook estimator.SecondOrStepTimer "
        "estimator.StepCounterHook estimator.StopAtStepHook "
        "python.training.basic_session_run_hooks.NeverTriggerTimer "
        "python.training.basic_session_run_hooks._MultiStepStopAtStepHook "
        "python.training.basic_session_run_hooks.get_or_create_steps_per_run_variable train.FeedFnHook "
        "train.FinalOpsHook train.GlobalStepWaiterHook train.SecondOrStepTimer train.StepCounterHook "
        "train.StopAtStepHook"
    ),
    "sessions.supervisor": (
        "python.training.supervisor.SVStepCounterThread python.training.supervisor.SVSummaryThread "
        "python.training.supervisor.SVTimerCheckpointThread train.Supervisor train.basic_train_loop"
    ),
    "sessions.sync_replicas": (
        "python.training.sync_replicas_optimizer._SyncReplicasOptimizerHook train.SyncReplicasOptimizer"
    ),
    "sessions.watching_hooks": (
        "compat.v2.estimator.LoggingTensorHook compat.v2.estimator.NanLossDuringTrainingError "
        "compat.v2.estimator.NanTensorHook estimator.LoggingTensorHook estimator.NanLossDuringTrainingError "
        "estimator.NanTensorHook train.LoggingTensorHook train.NanLossDuringTrainingError train.NanTensorHook"
    ),
    "summary.events": (
        "python.pywrap_tensorflow.EventsWriter python.summary.summary_iterator.summary_iterator "
        "python.summary.writer.event_file_writer.EventFileWriter pywrap_tensorflow.EventsWriter "
        "train.summary_iterator"
    ),
    "summary.graph_summaries": (
        "python.ops.summary_op_util.clean_tag python.ops.summary_op_util.collect "
        "python.ops.summary_op_util.summary_scope python.summary.summary.audio "
        "python.summary.summary.histogram python.summary.summary.image python.summary.summary.merge "
        "python.summary.summary.merge_all python.summary.summary.scalar python.summary.summary.tensor_summary "
        "summary.audio summary.get_summary_description summary.histogram summary.image summary.merge "
        "summary.merge_all summary.scalar summary.tensor_summary summary.text"
    ),
    "summary.plugin_asset": (
        "python.summary.plugin_asset.PluginAsset python.summary.plugin_asset.get_all_plugin_assets "
        "python.summary.plugin_asset.get_plugin_asset"
    ),
    "summary.step_summaries": (
        "compat.v2.summary.SummaryWriter compat.v2.summary.create_file_writer "
        "compat.v2.summary.create_noop_writer compat.v2.summary.experimental.get_step "
        "compat.v2.summary.experimental.set_step compat.v2.summary.experimental.summary_scope "
        "compat.v2.summary.experimental.write_raw_pb compat.v2.summary.flush compat.v2.summary.record_if "
        "compat.v2.summary.write contrib.summary.SummaryWriter contrib.summary.all_summary_ops "
        "contrib.summary.always_record_summaries contrib.summary.audio contrib.summary.create_db_writer "
        "contrib.summary.create_file_writer contrib.summary.create_summary_file_writer "
        "contrib.summary.eval_dir contrib.summary.flush contrib.summary.generic contrib.summary.graph "
        "contrib.summary.histogram contrib.summary.image contrib.summary.import_event "
        "contrib.summary.initialize contrib.summary.never_record_summaries "
        "contrib.summary.record_summaries_every_n_global_steps contrib.summary.scalar "
        "contrib.summary.should_record_summaries contrib.summary.summary.SummaryWriter "
        "contrib.summary.summary.all_summary_ops contrib.summary.summary.always_record_summaries "
        "contrib.summary.summary.audio contrib.summary.summary.create_db_writer "
        "contrib.summary.summary.create_file_writer contrib.summary.summary.create_summary_file_writer "
        "contrib.summary.summary.eval_dir contrib.summary.summary.flush contrib.summary.summary.generic "
        "contrib.summary.summary.graph contrib.summary.summary.histogram contrib.summary.summary.image "
        "contrib.summary.summary.import_event contrib.summary.summary.initialize "
        "contrib.summary.summary.never_record_summaries "
        "contrib.summary.summary.record_summaries_every_n_global_steps contrib.summary.summary.scalar "
        "contrib.summary.summary.should_record_summaries "
        "contrib.summary.summary.summary_writer_initializer_op contrib.summary.summary_writer_initializer_op "
        "python.ops.summary_ops_v2.NoopSummaryWriter python.ops.summary_ops_v2.ResourceSummaryWriter "
        "python.ops.summary_ops_v2.SummaryWriter python.ops.summary_ops_v2.all_summary_ops "
        "python.ops.summary_ops_v2.all_v2_summary_ops python.ops.summary_ops_v2.always_record_summaries "
        "python.ops.summary_ops_v2.audio python.ops.summary_ops_v2.create_db_writer "
        "python.ops.summary_ops_v2.create_file_writer python.ops.summary_ops_v2.create_file_writer_v2 "
        "python.ops.summary_ops_v2.create_noop_writer python.ops.summary_ops_v2.create_summary_file_writer "
        "python.ops.summary_ops_v2.eval_dir python.ops.summary_ops_v2.flush python.ops.summary_ops_v2.generic "
        "python.ops.summary_ops_v2.get_step python.ops.summary_ops_v2.graph "
        "python.ops.summary_ops_v2.histogram python.ops.summary_ops_v2.image "
        "python.ops.summary_ops_v2.import_event python.ops.summary_ops_v2.initialize "
        "python.ops.summary_ops_v2.keras_model python.ops.summary_ops_v2.never_record_summaries "
        "python.ops.summary_ops_v2.record_if python.ops.summary_ops_v2.record_summaries_every_n_global_steps "
        "python.ops.summary_ops_v2.run_metadata python.ops.summary_ops_v2.run_metadata_graphs "
        "python.ops.summary_ops_v2.scalar python.ops.summary_ops_v2.set_step "
        "python.ops.summary_ops_v2.should_record_summaries python.ops.summary_ops_v2.summary_scope "
        "python.ops.summary_ops_v2.summary_writer_function "
        "python.ops.summary_ops_v2.summary_writer_initializer_op python.ops.summary_ops_v2.write "
        "python.ops.summary_ops_v2.write_raw_pb python.summary.writer.event_file_writer_v2.EventFileWriterV2 "
        "summary.all_v2_summary_ops summary.initialize"
    ),
    "summary.writer": (
        "python.summary.summary.FileWriter python.summary.summary.FileWriterCache "
        "python.summary.writer.writer.FileWriter python.summary.writer.writer.SummaryToEventTransformer "
        "python.summary.writer.writer_cache.FileWriterCache summary.FileWriter summary.FileWriterCache"
    ),
    "testing.benchmark": (
        "python.platform.benchmark.Benchmark python.platform.benchmark.TensorFlowBenchmark "
        "python.platform.benchmark.benchmark_config python.platform.googletest.Benchmark test.Benchmark "
        "test.benchmark_config"
    ),
    "testing.gradient_checker": "compat.v2.test.compute_gradient test.compute_gradient test.compute_gradient_error",
    "testing.graph_defs": (
        "compat.v2.test.assert_equal_graph_def python.framework.test_util.assert_equal_graph_def "
        "python.framework.test_util.assert_equal_graph_def_v1 "
        "python.framework.test_util.assert_equal_graph_def_v2 "
        "python.framework.test_util.assert_meta_graph_protos_equal "
        "python.framework.test_util.assert_ops_in_graph python.framework.test_util.get_node_def_from_graph "
        "python.framework.test_util.set_producer_version test.assert_equal_graph_def"
    ),
    "testing.leaks": (
        "python.framework.test_util.assert_no_garbage_created "
        "python.framework.test_util.assert_no_new_pyobjects_executing_eagerly "
        "python.framework.test_util.assert_no_new_tensors"
    ),
    "testing.modes": (
        "contrib.eager.run_all_tests_in_graph_and_eager_modes contrib.eager.run_test_in_graph_and_eager_modes "
        "python.framework.test_util.also_run_as_tf_function "
        "python.framework.test_util.build_as_function_and_v1_graph "
        "python.framework.test_util.deprecated_graph_mode_only python.framework.test_util.disable_all_xla "
        "python.framework.test_util.disable_control_flow_v2 python.framework.test_util.disable_xla "
        "python.framework.test_util.enable_all_xla python.framework.test_util.enable_c_shapes "
        "python.framework.test_util.enable_control_flow_v2 "
        "python.framework.test_util.enable_output_all_intermediates "
        "python.framework.test_util.enable_tf_xla_constant_folding "
        "python.framework.test_util.for_all_test_methods "
        "python.framework.test_util.generate_combinations_with_testcase_name "
        "python.framework.test_util.no_xla_auto_jit "
        "python.framework.test_util.run_all_in_deprecated_graph_mode_only "
        "python.framework.test_util.run_all_in_graph_and_eager_modes python.framework.test_util.run_cuda_only "
        "python.framework.test_util.run_deprecated_v1 python.framework.test_util.run_gpu_only "
        "python.framework.test_util.run_in_graph_and_eager_modes python.framework.test_util.run_v1_only "
        "python.framework.test_util.run_v2_only python.framework.test_util.skip_if "
        "python.framework.test_util.use_deterministic_cudnn python.framework.test_util.with_c_shapes "
        "python.framework.test_util.with_control_flow_v2 python.framework.test_util.xla_allow_fallback"
    ),
    "testing.runner": (
        "python.eager.test.main python.platform.googletest.GetTempDir "
        "python.platform.googletest.StatefulSessionAvailable python.platform.googletest.StubOutForTesting "
        "python.platform.googletest.TestLoader python.platform.googletest.TestSuite "
        "python.platform.googletest.expectedFailure python.platform.googletest.main "
        "python.platform.googletest.mock python.platform.googletest.skip python.platform.googletest.skipIf "
        "python.platform.googletest.skipUnless python.platform.googletest.test_src_dir_path "
        "test.StubOutForTesting test.get_temp_dir test.main test.mock test.test_src_dir_path"
    ),
    "testing.test_case": (
        "python.framework.test_util.CapturedWrites python.framework.test_util.EagerSessionWarner "
        "python.framework.test_util.ErrorLoggingSession python.framework.test_util.FakeEagerSession "
        "python.framework.test_util.TensorFlowTestCase test.TestCase"
    ),
    "testing.test_util": (
        "python.framework.test_util.GpuSupportsHalfMatMulAndConv "
        "python.framework.test_util.InstallStackTraceHandler python.framework.test_util.IsBuiltWithROCm "
        "python.framework.test_util.IsGoogleCudaEnabled python.framework.test_util.IsMklEnabled "
        "python.framework.test_util.NCHWToNHWC python.framework.test_util.NCHW_VECT_CToNHWC "
        "python.framework.test_util.NHWCToNCHW python.framework.test_util.NHWCToNCHW_VECT_C "
        "python.framework.test_util.create_local_cluster python.framework.test_util.device "
        "python.framework.test_util.force_cpu python.framework.test_util.force_gpu "
        "python.framework.test_util.gpu_device_name python.framework.test_util.is_xla_enabled "
        "python.framework.test_util.py_func_if_in_function python.framework.test_util.use_gpu "
        "test.create_local_cluster"
    ),
    "training.adagrad": (
        "train.AdadeltaOptimizer train.AdagradDAOptimizer train.AdagradOptimizer "
        "train.ProximalAdagradOptimizer train.RMSPropOptimizer"
    ),
    "training.adam": "train.AdamOptimizer",
    "training.batching": (
        "train.batch train.batch_join train.maybe_batch train.maybe_batch_join train.maybe_shuffle_batch "
        "train.maybe_shuffle_batch_join train.shuffle_batch train.shuffle_batch_join"
    ),
    "training.coordinator": "train.Coordinator train.LooperThread",
    "training.cross_shard": (
        "contrib.tpu.CrossShardOptimizer contrib.tpu.python.tpu.tpu_optimizer.CrossShardOptimizer "
        "tpu.CrossShardOptimizer"
    ),
    "training.ftrl": "train.FtrlOptimizer",
    "training.global_step": (
        "python.training.training_util._get_or_create_global_step_read "
        "python.training.training_util._increment_global_step train.assert_global_step "
        "train.create_global_step train.get_global_step train.get_or_create_global_step train.global_step"
    ),
    "training.gradient_descent": (
        "train.GradientDescentOptimizer train.MomentumOptimizer train.ProximalGradientDescentOptimizer"
    ),
    "training.input_producers": (
        "io.match_filenames_once train.input_producer train.limit_epochs train.match_filenames_once "
        "train.range_input_producer train.slice_input_producer train.string_input_producer"
    ),
    "training.loss_scale": (
        "compat.v2.train.experimental.DynamicLossScale compat.v2.train.experimental.FixedLossScale "
        "compat.v2.train.experimental.LossScale python.training.experimental.loss_scale.get "
        "train.experimental.DynamicLossScale train.experimental.FixedLossScale train.experimental.LossScale "
        "train.experimental.MixedPrecisionLossScaleOptimizer"
    ),
    "training.moving_averages": (
        "python.training.moving_averages.assign_moving_average "
        "python.training.moving_averages.weighted_moving_average train.ExponentialMovingAverage"
    ),
    "training.optimizer": "train.Optimizer",
    "training.queue_runner": (
        "train.QueueRunner train.add_queue_runner train.queue_runner.QueueRunner "
        "train.queue_runner.add_queue_runner train.queue_runner.start_queue_runners train.start_queue_runners"
    ),
    "training.schedules": (
        "keras.experimental.CosineDecay keras.experimental.CosineDecayRestarts "
        "keras.experimental.LinearCosineDecay keras.experimental.NoisyLinearCosineDecay "
        "keras.optimizers.schedules.ExponentialDecay keras.optimizers.schedules.InverseTimeDecay "
        "keras.optimizers.schedules.LearningRateSchedule keras.optimizers.schedules.PiecewiseConstantDecay "
        "keras.optimizers.schedules.PolynomialDecay train.cosine_decay train.cosine_decay_restarts "
        "train.exponential_decay train.inverse_time_decay train.linear_cosine_decay train.natural_exp_decay "
        "train.noisy_linear_cosine_decay train.piecewise_constant train.piecewise_constant_decay "
        "train.polynomial_decay"
    ),
    "tutorials.mnist": (
        "contrib.learn.datasets.base.Datasets contrib.learn.datasets.mnist.DEFAULT_SOURCE_URL "
        "contrib.learn.datasets.mnist.DataSet contrib.learn.datasets.mnist.dense_to_one_hot "
        "contrib.learn.datasets.mnist.extract_images contrib.learn.datasets.mnist.extract_labels "
        "contrib.learn.datasets.mnist.load_mnist contrib.learn.datasets.mnist.read_data_sets "
        "contrib.learn.python.learn.datasets.base.Datasets "
        "contrib.learn.python.learn.datasets.mnist.DEFAULT_SOURCE_URL "
        "contrib.learn.python.learn.datasets.mnist.DataSet "
        "contrib.learn.python.learn.datasets.mnist.dense_to_one_hot "
        "contrib.learn.python.learn.datasets.mnist.extract_images "
        "contrib.learn.python.learn.datasets.mnist.extract_labels "
        "contrib.learn.python.learn.datasets.mnist.load_mnist "
        "contrib.learn.python.learn.datasets.mnist.read_data_sets "
        "examples.tutorials.mnist.input_data.DEFAULT_SOURCE_URL examples.tutorials.mnist.input_data.DataSet "
        "examples.tutorials.mnist.input_data.dense_to_one_hot "
        "examples.tutorials.mnist.input_data.extract_images "
        "examples.tutorials.mnist.input_data.extract_labels examples.tutorials.mnist.input_data.load_mnist "
        "examples.tutorials.mnist.input_data.read_data_sets"
    ),
    "tutorials.tables": (
        "contrib.learn.datasets.base.Dataset contrib.learn.datasets.base.load_csv_with_header "
        "contrib.learn.datasets.base.load_csv_without_header contrib.learn.datasets.load_dataset "
        "contrib.learn.python.learn.datasets.base.Dataset "
        "contrib.learn.python.learn.datasets.base.load_csv_with_header "
        "contrib.learn.python.learn.datasets.base.load_csv_without_header "
        "contrib.learn.python.learn.datasets.load_dataset"
    ),
    "variables.assigning": (
        "assign assign_add assign_sub batch_scatter_update count_up_to scatter_add scatter_div scatter_max "
        "scatter_min scatter_mul scatter_nd_add scatter_nd_sub scatter_nd_update scatter_sub scatter_update"
    ),
    "variables.base": "VariableAggregation VariableSynchronization python.ops.variables.VariableV1",
    "variables.bfloat16": "contrib.tpu.bfloat16_scope tpu.bfloat16_scope",
    "variables.embedding": "nn.embedding_lookup nn.embedding_lookup_sparse nn.safe_embedding_lookup_sparse",
    "variables.listing": (
        "all_variables assert_variables_initialized global_variables global_variables_initializer "
        "initialize_all_variables initialize_local_variables initialize_variables "
        "initializers.global_variables initializers.local_variables initializers.variables "
        "is_variable_initialized local_variables local_variables_initializer model_variables "
        "moving_average_variables report_uninitialized_variables trainable_variables variables_initializer"
    ),
    "variables.module": "Module",
    "variables.nn_v2": (
        "compat.v2.nn.embedding_lookup compat.v2.nn.embedding_lookup_sparse compat.v2.nn.nce_loss "
        "compat.v2.nn.safe_embedding_lookup_sparse compat.v2.nn.sampled_softmax_loss"
    ),
    "variables.partitioned": (
        "fixed_size_partitioner min_max_variable_partitioner python.ops.variables.PartitionedVariable "
        "variable_axis_size_partitioner"
    ),
    "variables.random_generator": (
        "random.experimental.Generator random.experimental.create_rng_state "
        "random.experimental.get_global_generator random.experimental.set_global_generator"
    ),
    "variables.ref": "python.ops.variables.RefVariable",
    "variables.resource": (
        "contrib.eager.Variable contrib.framework.is_resource_variable "
        "python.ops.resource_variable_ops.BaseResourceVariable "
        "python.ops.resource_variable_ops.ResourceVariable"
    ),
    "variables.sampled_losses": "nn.nce_loss nn.sampled_softmax_loss",
    "variables.scope": (
        "Variable VariableScope compat.v2.Variable contrib.eager.EagerVariableStore "
        "create_partitioned_variables disable_resource_variables enable_resource_variables get_local_variable "
        "get_variable get_variable_scope no_regularizer python.ops.variable_scope.EagerVariableStore "
        "resource_variables_enabled variable_creator_scope variable_op_scope variable_scope"
    ),
    "variables.store": "AUTO_REUSE",
    "variables.structures": (
        "contrib.checkpoint.NoDependency python.training.tracking.data_structures.TrackableDataStructure "
        "python.training.tracking.data_structures._wrap_or_unwrap "
        "python.training.tracking.data_structures.sticky_attribute_assignment "
        "python.training.tracking.layer_utils.filter_empty_layer_containers "
        "python.training.tracking.layer_utils.gather_non_trainable_weights "
        "python.training.tracking.layer_utils.gather_trainable_weights "
        "python.training.tracking.layer_utils.has_weights python.training.tracking.layer_utils.is_layer"
    ),
    "variables.structures_dicts": (
        "contrib.checkpoint.Mapping python.training.tracking.data_structures.Mapping "
        "python.training.tracking.data_structures._DictWrapper"
    ),
    "variables.structures_lists": (
        "contrib.checkpoint.List python.training.tracking.data_structures.List "
        "python.training.tracking.data_structures.ListWrapper "
        "python.training.tracking.data_structures._set_list_item"
    ),
    "variables.template": "contrib.eager.make_template make_template",
    "variables.tracking": (
        "compat.v2.train.experimental.PythonState contrib.checkpoint.Checkpointable "
        "contrib.checkpoint.NumpyState contrib.checkpoint.PythonStateWrapper "
        "contrib.checkpoint.capture_dependencies contrib.checkpoint.python.python_state.NumpyState "
        "contrib.eager.Checkpointable python.training.tracking.base.NoRestoreSaveable "
        "python.training.tracking.base.PythonStateSaveable "
        "python.training.tracking.base.PythonStringStateSaveable "
        "python.training.tracking.python_state.PythonState python.training.tracking.tracking.AutoTrackable "
        "python.training.tracking.tracking.CapturableResource "
        "python.training.tracking.tracking.CapturableResourceDeleter "
        "python.training.tracking.tracking.Checkpointable python.training.tracking.tracking.NotTrackable "
        "python.training.tracking.tracking.ResourceTracker python.training.tracking.tracking.TrackableAsset "
        "python.training.tracking.tracking.TrackableResource "
        "python.training.tracking.tracking.delete_tracking "
        "python.training.tracking.tracking.resource_tracker_scope "
        "python.training.tracking.util.capture_dependencies train.experimental.PythonState"
    ),
}

OPS = {
    "data.arrays": "EagleTensorAsVariant EagleVariantAsTensor",
    "data.buffering": (
        "CacheDataset ExperimentalRandomDataset PrefetchDataset RandomDataset ShuffleAndRepeatDataset "
        "ShuffleDataset"
    ),
    "data.choosing": (
        "DenseToSparseBatchDataset DirectedInterleaveDataset ExperimentalDenseToSparseBatchDataset "
        "ExperimentalDirectedInterleaveDataset ExperimentalIgnoreErrorsDataset ExperimentalSleepDataset "
        "ExperimentalSlidingWindowDataset ExperimentalUniqueDataset IgnoreErrorsDataset SleepDataset "
        "SlidingWindowDataset UniqueDataset"
    ),
    "data.csv": "CSVDataset ExperimentalCSVDataset",
    "data.devices": (
        "EagleIteratorPosition EagleSetIteratorPosition ExperimentalThreadPoolDataset ThreadPoolDataset "
        "ThreadPoolHandle"
    ),
    "data.examples": "ExperimentalParseExampleDataset ParseExampleDataset",
    "data.files": (
        "DatasetToTFRecord ExperimentalMatchingFilesDataset FixedLengthRecordDataset "
        "FixedLengthRecordDatasetV2 MatchingFilesDataset TFRecordDataset TextLineDataset"
    ),
    "data.flow": (
        "BatchDataset BatchDatasetV2 ConcatenateDataset ExperimentalUnbatchDataset PaddedBatchDataset "
        "PaddedBatchDatasetV2 RepeatDataset ShardDataset SkipDataset TakeDataset UnbatchDataset WindowDataset "
        "ZipDataset"
    ),
    "data.identities": (
        "ExperimentalMaxIntraOpParallelismDataset ExperimentalNonSerializableDataset "
        "ExperimentalPrivateThreadPoolDataset MaxIntraOpParallelismDataset ModelDataset "
        "NonSerializableDataset OptimizeDataset PrivateThreadPoolDataset"
    ),
    "data.iterator_ops": (
        "AnonymousIterator AnonymousIteratorV2 DatasetCardinality DatasetToSingleElement DeleteIterator "
        "ExperimentalDatasetCardinality Iterator IteratorFromStringHandle IteratorFromStringHandleV2 "
        "IteratorGetDevice IteratorGetNext IteratorGetNextSync IteratorToStringHandle IteratorV2 MakeIterator "
        "OneShotIterator ReduceDataset"
    ),
    "data.mapping": (
        "ExperimentalGroupByReducerDataset ExperimentalGroupByWindowDataset ExperimentalMapAndBatchDataset "
        "ExperimentalMapDataset ExperimentalParallelInterleaveDataset ExperimentalScanDataset "
        "ExperimentalTakeWhileDataset FilterByLastComponentDataset FilterDataset FlatMapDataset "
        "GroupByReducerDataset GroupByWindowDataset InterleaveDataset MapAndBatchDataset MapDataset "
        "ParallelInterleaveDataset ParallelInterleaveDatasetV2 ParallelMapDataset ScanDataset "
        "TakeWhileDataset"
    ),
    "data.optional": "IteratorGetNextAsOptional OptionalFromValue OptionalGetValue OptionalHasValue OptionalNone",
    "data.sources": (
        "GeneratorDataset RangeDataset SparseTensorSliceDataset TensorDataset TensorSliceDataset "
        "UnwrapDatasetVariant WrapDatasetVariant"
    ),
    "data.sql": "ExperimentalSqlDataset SqlDataset",
    "ops.accumulator_ops": (
        "AccumulatorApplyGradient AccumulatorNumAccumulated AccumulatorSetGlobalStep AccumulatorTakeGradient "
        "ConditionalAccumulator ResourceAccumulatorApplyGradient ResourceAccumulatorNumAccumulated "
        "ResourceAccumulatorSetGlobalStep ResourceAccumulatorTakeGradient ResourceConditionalAccumulator "
        "SparseAccumulatorApplyGradient SparseAccumulatorTakeGradient SparseConditionalAccumulator"
    ),
    "ops.activation": (
        "Elu EluGrad LeakyRelu LeakyReluGrad Relu Relu6 Relu6Grad ReluGrad Selu SeluGrad Softplus "
        "SoftplusGrad Softsign SoftsignGrad"
    ),
    "ops.arg_extremes": "ArgMax ArgMin",
    "ops.arithmetic": "Add AddV2 Mul Sub",
    "ops.audio": "AudioSpectrogram DecodeWav EncodeWav Mfcc",
    "ops.barriers": "Barrier BarrierClose BarrierIncompleteSize BarrierInsertMany BarrierReadySize BarrierTakeMany",
    "ops.batch_norm": (
        "FusedBatchNorm FusedBatchNormGrad FusedBatchNormGradV2 FusedBatchNormGradV3 FusedBatchNormV2 "
        "FusedBatchNormV3"
    ),
    "ops.bias": "BiasAdd BiasAddGrad BiasAddV1 EagleSpreadBias",
    "ops.binary": "Atan2 Maximum Minimum MulNoNan NextAfter Pow SquaredDifference Xlogy",
    "ops.bitwise": "BitwiseAnd BitwiseOr BitwiseXor Invert LeftShift PopulationCount RightShift",
    "ops.blocks": "BatchToSpace BatchToSpaceND DepthToSpace SpaceToBatch SpaceToBatchND SpaceToDepth",
    "ops.branches": "Case If StatelessIf",
    "ops.candidate_sampling": (
        "AllCandidateSampler ComputeAccidentalHits FixedUnigramCandidateSampler "
        "LearnedUnigramCandidateSampler LogUniformCandidateSampler ThreadUnsafeUnigramCandidateSampler "
        "UniformCandidateSampler"
    ),
    "ops.cast": "Bitcast Cast",
    "ops.clip": "ClipByValue",
    "ops.clock": "Timestamp",
    "ops.clustering": "KMC2ChainInitialization KmeansPlusPlusInitialization NearestNeighbors",
    "ops.comparison": (
        "ApproximateEqual Equal Greater GreaterEqual Less LessEqual LogicalAnd LogicalNot LogicalOr NotEqual"
    ),
    "ops.complex": "Angle Complex ComplexAbs Conj Imag Real",
    "ops.contraction": "Cross",
    "ops.conv": (
        "Conv2D Conv2DBackpropFilter Conv2DBackpropInput Conv3D Conv3DBackpropFilterV2 Conv3DBackpropInputV2 "
        "DepthwiseConv2dNative DepthwiseConv2dNativeBackpropFilter DepthwiseConv2dNativeBackpropInput"
    ),
    "ops.counting": "Bincount Bucketize HistogramFixedWidth",
    "ops.ctc": "CTCLoss EagleCTCLossDense",
    "ops.ctc_decoders": "CTCBeamSearchDecoder CTCGreedyDecoder",
    "ops.cumulative": "Cumprod Cumsum CumulativeLogsumexp",
    "ops.data_format": "DataFormatDimMap DataFormatVecPermute",
    "ops.decoding": (
        "DecodeCSV DecodeCompressed DecodeJSONExample DecodePaddedRaw DecodeRaw ParseTensor SerializeTensor"
    ),
    "ops.decompositions": "Lu MatrixLogarithm MatrixSquareRoot Qr SelfAdjointEigV2 Svd",
    "ops.distinct": (
        "DynamicPartition DynamicStitch EaglePartitionGrad ListDiff ParallelDynamicStitch Unique UniqueV2 "
        "UniqueWithCounts UniqueWithCountsV2"
    ),
    "ops.division": "Div DivNoNan FloorDiv FloorMod Mod RealDiv TruncateDiv TruncateMod Xdivy",
    "ops.einsum": "Einsum",
    "ops.examples": "ParseExample ParseSingleExample",
    "ops.fact": "Fact",
    "ops.fake_quant": (
        "FakeQuantWithMinMaxArgs FakeQuantWithMinMaxArgsGradient FakeQuantWithMinMaxVars "
        "FakeQuantWithMinMaxVarsGradient FakeQuantWithMinMaxVarsPerChannel "
        "FakeQuantWithMinMaxVarsPerChannelGradient"
    ),
    "ops.farmhash": "Fingerprint",
    "ops.fft": (
        "EagleIRFFTGrad EagleRFFTGrad FFT FFT2D FFT3D IFFT IFFT2D IFFT3D IRFFT IRFFT2D IRFFT3D RFFT RFFT2D "
        "RFFT3D"
    ),
    "ops.files": "MatchingFiles ReadFile WriteFile",
    "ops.filling": "Fill OnesLike Range ZerosLike",
    "ops.flow": "ControlTrigger NoOp",
    "ops.forest": (
        "CreateFertileStatsVariable CreateTreeVariable DecisionTreeResourceHandleOp FeatureUsageCounts "
        "FertileStatsDeserialize FertileStatsIsInitializedOp FertileStatsResourceHandleOp "
        "FertileStatsSerialize GrowTreeV4 ProcessInputV4 TraverseTreeV4 TreeDeserialize TreeIsInitializedOp "
        "TreePredictionsV4 TreeSerialize TreeSize UpdateModelV4"
    ),
    "ops.fractional_pool": "FractionalAvgPool FractionalAvgPoolGrad FractionalMaxPool FractionalMaxPoolGrad",
    "ops.gather_tree": "GatherTree",
    "ops.gathering": "EagleGatherGrad Gather GatherNd GatherV2",
    "ops.glimpses": "ExtractGlimpse",
    "ops.image_boxes": "DrawBoundingBoxes DrawBoundingBoxesV2 SampleDistortedBoundingBox SampleDistortedBoundingBoxV2",
    "ops.image_codecs": (
        "DecodeAndCropJpeg DecodeBmp DecodeGif DecodeJpeg DecodePng EncodeJpeg EncodeJpegVariableQuality "
        "EncodePng ExtractJpegShape"
    ),
    "ops.image_color": "AdjustContrast AdjustContrastv2 AdjustHue AdjustSaturation HSVToRGB RGBToHSV",
    "ops.image_crops": "CropAndResize CropAndResizeGradBoxes CropAndResizeGradImage",
    "ops.image_resizing": (
        "ResizeArea ResizeBicubic ResizeBicubicGrad ResizeBilinear ResizeBilinearGrad ResizeNearestNeighbor "
        "ResizeNearestNeighborGrad"
    ),
    "ops.image_sampling": "ScaleAndTranslate ScaleAndTranslateGrad",
    "ops.image_suppression": (
        "CombinedNonMaxSuppression NonMaxSuppression NonMaxSuppressionV2 NonMaxSuppressionV3 "
        "NonMaxSuppressionV4 NonMaxSuppressionV5 NonMaxSuppressionWithOverlaps"
    ),
    "ops.indexing": "EditDistance UnravelIndex",
    "ops.joining": "Concat ConcatOffset ConcatV2 Pack ParallelConcat",
    "ops.linalg": (
        "Cholesky CholeskyGrad LogMatrixDeterminant MatrixDeterminant MatrixInverse MatrixSolve MatrixSolveLs "
        "MatrixTriangularSolve"
    ),
    "ops.lookup_ops": (
        "HashTableV2 InitializeTableFromTextFileV2 InitializeTableV2 LookupTableExportV2 LookupTableFindV2 "
        "LookupTableImportV2 LookupTableInsertV2 LookupTableRemoveV2 LookupTableSizeV2 "
        "MutableDenseHashTableV2 MutableHashTableOfTensorsV2 MutableHashTableV2"
    ),
    "ops.matmul": "BatchMatMul BatchMatMulV2 MatMul",
    "ops.matrices": (
        "Diag DiagPart MatrixBandPart MatrixDiag MatrixDiagPart MatrixDiagPartV2 MatrixDiagV2 MatrixSetDiag "
        "MatrixSetDiagV2"
    ),
    "ops.morphology": "Dilation2D Dilation2DBackpropFilter Dilation2DBackpropInput",
    "ops.mutexes": "ConsumeMutexLock MutexLock MutexV2",
    "ops.normalization": "L2Loss LRN LRNGrad",
    "ops.padding": "MirrorPad MirrorPadGrad Pad PadV2",
    "ops.parameterized_truncated_normal": "ParameterizedTruncatedNormal",
    "ops.passing": "CheckNumerics EnsureShape GuaranteeConst Identity IdentityN PreventGradient Snapshot StopGradient",
    "ops.patches": "EagleImagePatchesGrad EagleVolumePatchesGrad ExtractImagePatches ExtractVolumePatches",
    "ops.pool": (
        "AvgPool AvgPool3D AvgPool3DGrad AvgPoolGrad MaxPool MaxPool3D MaxPool3DGrad MaxPool3DGradGrad "
        "MaxPoolGrad MaxPoolGradGrad MaxPoolGradGradV2 MaxPoolGradGradWithArgmax MaxPoolGradV2 "
        "MaxPoolGradWithArgmax MaxPoolV2 MaxPoolWithArgmax"
    ),
    "ops.printing": "Assert Print PrintV2 StringFormat",
    "ops.projective": "ImageProjectiveTransformV2",
    "ops.quantizing": (
        "Dequantize QuantizeAndDequantize QuantizeAndDequantizeV2 QuantizeAndDequantizeV3 QuantizeV2 "
        "QuantizedConcat QuantizedReshape"
    ),
    "ops.queue_ops": (
        "FIFOQueue FIFOQueueV2 PaddingFIFOQueue PaddingFIFOQueueV2 PriorityQueue PriorityQueueV2 QueueClose "
        "QueueCloseV2 QueueDequeue QueueDequeueMany QueueDequeueManyV2 QueueDequeueUpTo QueueDequeueUpToV2 "
        "QueueDequeueV2 QueueEnqueue QueueEnqueueMany QueueEnqueueManyV2 QueueEnqueueV2 QueueIsClosed "
        "QueueIsClosedV2 QueueSize QueueSizeV2 RandomShuffleQueue RandomShuffleQueueV2"
    ),
    "ops.ragged": "RaggedGather RaggedRange RaggedTensorToSparse",
    "ops.ragged_variants": "RaggedTensorFromVariant RaggedTensorToVariant",
    "ops.random": "RandomStandardNormal RandomUniform RandomUniformInt TruncatedNormal",
    "ops.random_sampling": (
        "Multinomial RandomGamma RandomGammaGrad RandomPoisson RandomPoissonV2 StatelessMultinomial"
    ),
    "ops.random_shuffle": "RandomCrop RandomShuffle",
    "ops.ranking": "InTopK InTopKV2 LowerBound NthElement TopK TopKV2 UpperBound",
    "ops.reader_ops": (
        "FakeQueue FixedLengthRecordReader FixedLengthRecordReaderV2 IdentityReader IdentityReaderV2 "
        "LMDBReader ReaderNumRecordsProduced ReaderNumRecordsProducedV2 ReaderNumWorkUnitsCompleted "
        "ReaderNumWorkUnitsCompletedV2 ReaderRead ReaderReadUpTo ReaderReadUpToV2 ReaderReadV2 ReaderReset "
        "ReaderResetV2 ReaderRestoreState ReaderRestoreStateV2 ReaderSerializeState ReaderSerializeStateV2 "
        "TFRecordReader TFRecordReaderV2 TextLineReader TextLineReaderV2 WholeFileReader WholeFileReaderV2"
    ),
    "ops.rearranging": "Reverse ReverseSequence ReverseV2 Roll Tile",
    "ops.reduce": "All Any EagleAxesFirst EagleKeptShape EuclideanNorm Max Mean Min Prod Sum",
    "ops.regex": "RegexFullMatch RegexReplace StaticRegexFullMatch StaticRegexReplace",
    "ops.replicas": "CrossReplicaSum",
    "ops.rnn_blocks": (
        "BlockLSTM BlockLSTMGrad BlockLSTMGradV2 BlockLSTMV2 GRUBlockCell GRUBlockCellGrad LSTMBlockCell "
        "LSTMBlockCellGrad"
    ),
    "ops.scatter_updates": (
        "ResourceScatterAdd ResourceScatterDiv ResourceScatterMax ResourceScatterMin ResourceScatterMul "
        "ResourceScatterNdAdd ResourceScatterNdSub ResourceScatterNdUpdate ResourceScatterSub "
        "ResourceScatterUpdate ResourceStridedSliceAssign ScatterAdd ScatterDiv ScatterMax ScatterMin "
        "ScatterMul ScatterNdAdd ScatterNdSub ScatterNdUpdate ScatterSub ScatterUpdate StridedSliceAssign"
    ),
    "ops.scattering": "ScatterNd ScatterNdNonAliasingAdd TensorScatterAdd TensorScatterSub TensorScatterUpdate",
    "ops.script": "EagerPyFunc PyFunc PyFuncStateless",
    "ops.segment": (
        "SegmentMax SegmentMean SegmentMin SegmentProd SegmentSum SparseSegmentMean SparseSegmentMeanGrad "
        "SparseSegmentMeanWithNumSegments SparseSegmentSqrtN SparseSegmentSqrtNGrad "
        "SparseSegmentSqrtNWithNumSegments SparseSegmentSum SparseSegmentSumWithNumSegments "
        "UnsortedSegmentMax UnsortedSegmentMin UnsortedSegmentProd UnsortedSegmentSum"
    ),
    "ops.sequence_examples": "ParseSequenceExample ParseSingleSequenceExample",
    "ops.sequences": "LinSpace OneHot",
    "ops.session_tensors": "DeleteSessionTensor GetSessionHandle GetSessionTensor",
    "ops.sets": "DenseToDenseSetOperation DenseToSparseSetOperation SetSize SparseToSparseSetOperation",
    "ops.shaping": (
        "BroadcastArgs BroadcastGradientArgs BroadcastTo EagleSumLike ExpandDims Rank Reshape Shape ShapeN "
        "Size Squeeze"
    ),
    "ops.slicing": "Slice StridedSlice StridedSliceGrad TensorStridedSliceUpdate",
    "ops.softmax": "LogSoftmax Softmax SoftmaxCrossEntropyWithLogits SparseSoftmaxCrossEntropyWithLogits",
    "ops.sources": "Const Placeholder PlaceholderWithDefault",
    "ops.sparse_arithmetic": (
        "SparseAdd SparseAddGrad SparseDenseCwiseAdd SparseDenseCwiseDiv SparseDenseCwiseMul SparseSoftmax "
        "SparseSparseMaximum SparseSparseMinimum SparseTensorDenseAdd"
    ),
    "ops.sparse_crossing": "SparseCross SparseFeatureCross SparseFeatureCrossV2",
    "ops.sparse_maps": "AddManySparseToTensorsMap AddSparseToTensorsMap TakeManySparseFromTensorsMap",
    "ops.sparse_matmul": "SparseMatMul SparseTensorDenseMatMul",
    "ops.sparse_reducing": "SparseReduceMax SparseReduceMaxSparse SparseReduceSum SparseReduceSumSparse",
    "ops.sparse_serializing": "DeserializeManySparse DeserializeSparse SerializeManySparse SerializeSparse",
    "ops.sparse_shaping": (
        "SparseConcat SparseFillEmptyRows SparseFillEmptyRowsGrad SparseReorder SparseReshape SparseSlice "
        "SparseSliceGrad SparseSplit"
    ),
    "ops.sparse_to_dense": "SparseToDense",
    "ops.special": "BesselI0e BesselI1e Betainc Digamma Erf Erfc Igamma IgammaGradA Igammac Lgamma Polygamma Zeta",
    "ops.splitting": "Split SplitV Unpack",
    "ops.stacks": "StackCloseV2 StackPopV2 StackPushV2 StackV2",
    "ops.staging_ops": (
        "MapClear MapIncompleteSize MapPeek MapSize MapStage MapUnstage MapUnstageNoKey OrderedMapClear "
        "OrderedMapIncompleteSize OrderedMapPeek OrderedMapSize OrderedMapStage OrderedMapUnstage "
        "OrderedMapUnstageNoKey Stage StageClear StagePeek StageSize Unstage"
    ),
    "ops.state": (
        "Assign AssignAdd AssignAddVariableOp AssignSub AssignSubVariableOp AssignVariableOp CountUpTo "
        "DestroyResourceOp DestroyTemporaryVariable IsVariableInitialized ReadVariableOp ResourceCountUpTo "
        "ResourceGather ResourceGatherNd TemporaryVariable VarHandleOp VarIsInitializedOp Variable "
        "VariableShape VariableV2"
    ),
    "ops.stateful_random": (
        "NonDeterministicInts RngSkip StatefulRandomBinomial StatefulStandardNormal StatefulStandardNormalV2 "
        "StatefulTruncatedNormal StatefulUniform StatefulUniformFullInt StatefulUniformInt"
    ),
    "ops.stateless_random": (
        "StatelessRandomNormal StatelessRandomUniform StatelessRandomUniformInt StatelessTruncatedNormal"
    ),
    "ops.strings": "StringJoin",
    "ops.summaries": (
        "AudioSummary AudioSummaryV2 HistogramSummary ImageSummary MergeSummary ScalarSummary TensorSummary "
        "TensorSummaryV2"
    ),
    "ops.sums": "AccumulateNV2 AddN",
    "ops.tensor_array": (
        "EagleElement EagleGatheredElements EagleJoinedElements EagleScatteredElements EagleSingleElement "
        "EagleSplitElements TensorArrayCloseV3 TensorArrayConcatV3 TensorArrayGatherV3 TensorArrayGradV3 "
        "TensorArrayReadV3 TensorArrayScatterV3 TensorArraySizeV3 TensorArraySplitV3 TensorArrayV3 "
        "TensorArrayWriteV3"
    ),
    "ops.tensor_lists": (
        "EmptyTensorList TensorListConcat TensorListConcatLists TensorListConcatV2 TensorListElementShape "
        "TensorListFromTensor TensorListGather TensorListGetItem TensorListLength TensorListPopBack "
        "TensorListPushBack TensorListPushBackBatch TensorListReserve TensorListResize TensorListScatter "
        "TensorListScatterIntoExistingList TensorListScatterV2 TensorListSetItem TensorListSplit "
        "TensorListStack"
    ),
    "ops.text": "DecodeBase64 EncodeBase64 StringLength StringLower StringStrip StringUpper Substr",
    "ops.text_numbers": "AsString StringToHashBucket StringToHashBucketFast StringToHashBucketStrong StringToNumber",
    "ops.text_pieces": "ReduceJoin StringNGrams StringSplit StringSplitV2 UnsortedSegmentJoin",
    "ops.training_ops": (
        "ApplyAdaMax ApplyAdadelta ApplyAdagrad ApplyAdagradDA ApplyAdagradV2 ApplyAdam ApplyAddSign "
        "ApplyCenteredRMSProp ApplyFtrl ApplyFtrlV2 ApplyGradientDescent ApplyMomentum ApplyPowerSign "
        "ApplyProximalAdagrad ApplyProximalGradientDescent ApplyRMSProp ResourceApplyAdaMax "
        "ResourceApplyAdadelta ResourceApplyAdagrad ResourceApplyAdagradDA ResourceApplyAdagradV2 "
        "ResourceApplyAdam ResourceApplyAdamWithAmsgrad ResourceApplyAddSign ResourceApplyCenteredRMSProp "
        "ResourceApplyFtrl ResourceApplyFtrlV2 ResourceApplyGradientDescent ResourceApplyKerasMomentum "
        "ResourceApplyMomentum ResourceApplyPowerSign ResourceApplyProximalAdagrad "
        "ResourceApplyProximalGradientDescent ResourceApplyRMSProp ResourceSparseApplyAdadelta "
        "ResourceSparseApplyAdagrad ResourceSparseApplyAdagradDA ResourceSparseApplyAdagradV2 "
        "ResourceSparseApplyCenteredRMSProp ResourceSparseApplyFtrl ResourceSparseApplyFtrlV2 "
        "ResourceSparseApplyKerasMomentum ResourceSparseApplyMomentum ResourceSparseApplyProximalAdagrad "
        "ResourceSparseApplyProximalGradientDescent ResourceSparseApplyRMSProp SparseApplyAdadelta "
        "SparseApplyAdagrad SparseApplyAdagradDA SparseApplyAdagradV2 SparseApplyCenteredRMSProp "
        "SparseApplyFtrl SparseApplyFtrlV2 SparseApplyMomentum SparseApplyProximalAdagrad "
        "SparseApplyProximalGradientDescent SparseApplyRMSProp"
    ),
    "ops.transposing": "ConjugateTranspose InvertPermutation Transpose",
    "ops.tridiagonal": "TridiagonalMatMul TridiagonalSolve",
    "ops.turns": "EagleCountTurns EagleSingleTurn EagleTurn EagleTurnLike",
    "ops.unary": (
        "Abs Acos Acosh Asin Asinh Atan Atanh Ceil Cos Cosh Exp Expm1 Floor Inv InvGrad IsFinite IsInf IsNan "
        "Log Log1p Neg Reciprocal ReciprocalGrad Rint Round Rsqrt RsqrtGrad Sigmoid SigmoidGrad Sign Sin Sinh "
        "Sqrt SqrtGrad Square Tan Tanh TanhGrad"
    ),
    "ops.unicode": "UnicodeDecode UnicodeDecodeWithOffsets UnicodeEncode UnicodeScript UnicodeTranscode",
    "ops.where": "Select SelectV2 Where",
    "ops.while_loop": "StatelessWhile While",
    "run.function": "PartitionedCall StatefulPartitionedCall",
    "saved.bundle_ops": (
        "MergeV2Checkpoints Restore RestoreSlice RestoreV2 Save SaveSlices SaveV2 ShardedFilename "
        "ShardedFilespec"
    ),
    "saved.remapping": "GenerateVocabRemapping LoadAndRemapMatrix",
    "summary.writer_ops": (
        "CloseSummaryWriter CreateSummaryDbWriter CreateSummaryFileWriter FlushSummaryWriter ImportEvent "
        "SummaryWriter WriteAudioSummary WriteGraphSummary WriteHistogramSummary WriteImageSummary "
        "WriteRawProtoSummary WriteScalarSummary WriteSummary"
    ),
}
