"""`tf.linalg.LinearOperator` and its kin: matrices that need not be written out."""
