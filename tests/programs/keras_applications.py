"""The layers of the networks of tf.keras.applications: kinds, names, shapes, how they are connected, configurations, variables."""

import hashlib
import json


def _plain(x):
    if isinstance(x, (list, tuple)):
        return [_plain(v) for v in x]
    if isinstance(x, dict):
        return {k: _plain(v) for k, v in x.items()}
    if hasattr(x, "as_list"):
        return x.as_list()
    if hasattr(x, "item"):
        x = x.item()
    return float("%.6g" % x) if isinstance(x, float) else x


def _described(layer):
    config = _plain(layer.get_config())
    if type(layer).__name__ == "Lambda":  # the text of a function is its author's
        config = {k: v for k, v in config.items() if k not in ("function", "module", "output_shape_module")}
    before = []
    for node in layer._inbound_nodes if type(layer).__name__ != "InputLayer" else ():
        tensors = node.input_tensors if isinstance(node.input_tensors, (list, tuple)) else [node.input_tensors]
        before.append([x._keras_history[0].name for x in tensors])
    variables = [[w.name, w.shape.as_list()] for w in layer.weights]
    return [type(layer).__name__, layer.name, _plain(layer.output_shape), before, config, variables]


def _brief(model):
    layers = [_described(layer) for layer in model.layers]
    weights = [w.name for w in model.weights]
    text = json.dumps([layers, weights], sort_keys=True)
    return [model.name, len(layers), model.count_params(), len(model.trainable_weights), hashlib.sha1(text.encode()).hexdigest()]


def _networks(tf, *calls):
    found = {}
    for name, options in calls:
        with tf.Graph().as_default():
            key = "%s %s" % (name, json.dumps(options, sort_keys=True))
            found[key] = _brief(getattr(tf.keras.applications, name)(weights=None, **options))
    return found


_NO_TOP = dict(include_top=False, pooling="avg")


def vgg(tf):
    return _networks(tf, ("VGG16", {}), ("VGG16", dict(_NO_TOP, input_shape=(64, 64, 3))), ("VGG19", dict(include_top=False)))


def resnet(tf):
    small = dict(_NO_TOP, input_shape=(64, 64, 3))
    return _networks(tf, ("ResNet50", {}), ("ResNet50", small), ("ResNet50", dict(classes=7)), ("ResNet101", small),
                     ("ResNet152", small))  # fmt: skip


def resnet_v2(tf):
    small = dict(include_top=False, pooling="max")
    return _networks(tf, ("ResNet50V2", {}), ("ResNet50V2", small), ("ResNet101V2", small), ("ResNet152V2", small))


def inception(tf):
    return _networks(tf, ("InceptionV3", {}), ("InceptionV3", dict(_NO_TOP, input_shape=(139, 139, 3))), ("InceptionResNetV2", {}),
                     ("InceptionResNetV2", dict(include_top=False, pooling="max", input_shape=(150, 150, 3))))  # fmt: skip


def xception(tf):
    return _networks(tf, ("Xception", {}), ("Xception", _NO_TOP))


def mobilenet(tf):
    narrow = dict(_NO_TOP, alpha=0.5, depth_multiplier=2, dropout=0.2, input_shape=(96, 96, 3))
    return _networks(tf, ("MobileNet", {}), ("MobileNet", narrow),
                     ("MobileNet", dict(alpha=0.25, classes=5, input_shape=(128, 128, 3))))  # fmt: skip


def mobilenet_v2(tf):
    return _networks(tf, ("MobileNetV2", {}), ("MobileNetV2", dict(_NO_TOP, alpha=0.35, input_shape=(96, 96, 3))),
                     ("MobileNetV2", dict(alpha=1.4, classes=5)))  # fmt: skip


def densenet(tf):
    return _networks(tf, ("DenseNet121", {}), ("DenseNet121", _NO_TOP), ("DenseNet169", dict(include_top=False)),
                     ("DenseNet201", dict(include_top=False)))  # fmt: skip


def nasnet(tf):
    return _networks(tf, ("NASNetMobile", {}), ("NASNetMobile", _NO_TOP), ("NASNetLarge", dict(include_top=False)))
