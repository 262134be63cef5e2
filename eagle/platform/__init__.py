"""What surrounds a program: logging, flags, `tf.app.run`, files, versions."""
