"""Variables: `tf.Variable` of both kinds, `tf.get_variable` and its scopes."""
