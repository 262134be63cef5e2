"""What is written to files and read back: checkpoints, `tf.train.Saver`; `GraphDef`s, meta graphs, `SavedModel`s, `tf.graph_util`."""
