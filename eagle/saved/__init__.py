"""What is written to files and read back: checkpoints and `tf.train.Saver`, graphs, meta graphs, `SavedModel`s, `tf.graph_util`."""
