"""Programs that build the networks of tf.contrib.slim; test_slim.py compares their nodes with those of TensorFlow 1.15."""

import importlib


def _nets(tf):
    return importlib.import_module(("tensorflow" if tf.__name__.startswith("tensorflow") else tf.__name__) + ".contrib.slim.nets")


def vgg(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.vgg.vgg_arg_scope()):
        nets.vgg.vgg_a(tf.placeholder(tf.float32, [1, 224, 224, 3]), 10, spatial_squeeze=False)


def alexnet(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.alexnet.alexnet_v2_arg_scope()):
        nets.alexnet.alexnet_v2(tf.placeholder(tf.float32, [1, 224, 224, 3]), 10)


def overfeat(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.overfeat.overfeat_arg_scope()):
        nets.overfeat.overfeat(tf.placeholder(tf.float32, [1, 231, 231, 3]), 10, is_training=False)


def residual(tf):
    nets = _nets(tf)
    blocks = [nets.resnet_v1.resnet_v1_block("block1", 4, 2, 2), nets.resnet_v1.resnet_v1_block("block2", 8, 2, 1)]
    with tf.contrib.slim.arg_scope(nets.resnet_utils.resnet_arg_scope()):
        nets.resnet_v1.resnet_v1(tf.placeholder(tf.float32, [2, 32, 32, 3]), blocks, 10)
    blocks = [nets.resnet_v2.resnet_v2_block("block1", 4, 2, 2), nets.resnet_v2.resnet_v2_block("block2", 8, 2, 2)]
    with tf.contrib.slim.arg_scope(nets.resnet_utils.resnet_arg_scope()):
        nets.resnet_v2.resnet_v2(tf.placeholder(tf.float32, [2, 32, 32, 3]), blocks, 10, output_stride=8, is_training=False)


def inception_v1(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.inception.inception_v1_arg_scope()):
        nets.inception.inception_v1(tf.placeholder(tf.float32, [1, 224, 224, 3]), 10)


def inception_v2(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.inception.inception_v2_arg_scope()):
        nets.inception.inception_v2(tf.placeholder(tf.float32, [1, 224, 224, 3]), 10, is_training=False, depth_multiplier=0.5)


def inception_v3(tf):
    nets = _nets(tf)
    with tf.contrib.slim.arg_scope(nets.inception.inception_v3_arg_scope()):
        nets.inception.inception_v3(tf.placeholder(tf.float32, [1, 299, 299, 3]), 10, is_training=False)
