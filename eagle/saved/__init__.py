"""Saving and restoring: checkpoint files, `tf.train.Saver`, object-based checkpoints."""
