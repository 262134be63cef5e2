"""Training: `tf.train.Optimizer` and the optimizers, learning rates, moving averages, the global step."""
