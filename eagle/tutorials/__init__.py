"""Modules of TensorFlow's tutorials that programs import: `tensorflow.examples.tutorials.mnist.input_data`."""
