"""tf.keras.preprocessing.image: changes of images, batches of arrays and of files; what networks of ImageNet want."""

import contextlib
import io
import os
import tempfile

import numpy as np

X = np.random.RandomState(0).randint(0, 256, (5, 4, 4, 3)).astype("float32")


def affine(tf):
    image = tf.keras.preprocessing.image
    found = {}
    for mode in ("nearest", "constant", "reflect", "wrap"):
        found[mode] = image.apply_affine_transform(X[0], 20, 1, -2, 10, 1.1, 0.8, fill_mode=mode, cval=3.0)
    for axis in (0, 2):
        for name, amounts in (("rotation", (30,)), ("shift", (0.3, 0.2)), ("shear", (20,)), ("zoom", ((0.7, 1.3),))):
            np.random.seed(7)
            x = X[1].transpose(2, 0, 1) if axis == 0 else X[1]
            found["%s %d" % (name, axis)] = getattr(image, "random_" + name)(x, *amounts, channel_axis=axis)
    return found


affine.rtol = 1e-4


def colors(tf):
    image = tf.keras.preprocessing.image
    np.random.seed(7)
    return {
        "brightness": image.apply_brightness_shift(X[0], 0.5), "channels": image.apply_channel_shift(X[0], 30.0, 2),
        "random brightness": image.random_brightness(X[1], (0.3, 1.5)),
        "random channels": image.random_channel_shift(X[1], 40.0, channel_axis=2),
    }  # fmt: skip


colors.rtol = 1e-5
_GENERATORS = {
    "all": dict(rotation_range=20, width_shift_range=0.2, height_shift_range=0.2, shear_range=10, zoom_range=0.2,
                horizontal_flip=True, vertical_flip=True, channel_shift_range=20.0, brightness_range=(0.5, 1.5)),
    "normal": dict(featurewise_center=True, featurewise_std_normalization=True, rescale=1 / 255.0),
    "sample": dict(samplewise_center=True, samplewise_std_normalization=True, width_shift_range=2,
                   height_shift_range=[-1, 1, 2], fill_mode="constant", cval=1.0),
    "first": dict(data_format="channels_first", rotation_range=40, zoom_range=(0.5, 1.5), preprocessing_function=lambda v: v * 2),
}  # fmt: skip


def generators(tf):
    found = {}
    for name, options in _GENERATORS.items():
        made = tf.keras.preprocessing.image.ImageDataGenerator(**options)
        x = X.transpose(0, 3, 1, 2) if name == "first" else X
        if name == "normal":
            made.fit(x, seed=1)
        np.random.seed(3)
        flow = made.flow((x, np.arange(5.0)), np.arange(5), batch_size=2, seed=11, sample_weight=np.arange(5) * 0.5)
        for i in range(4):
            (images, others), targets, weights = next(flow)
            found["%s %d" % (name, i)] = [images, others, targets, weights]
        found[name + " by number"] = [len(flow), flow[1][0][0]]
        if name in ("all", "normal"):
            made.fit(x, augment=True, rounds=2, seed=5)
            found[name + " mean"] = made.mean
        changes = made.get_random_transform((8, 6, 3), seed=3)
        found[name + " changes"] = {k: None if v is None else float(v) for k, v in sorted(changes.items())}
    made = tf.keras.preprocessing.image.ImageDataGenerator(validation_split=0.4)
    for subset in ("training", "validation"):
        found[subset] = list(next(made.flow(X, shuffle=False, subset=subset)))
    return found


generators.rtol = 1e-4


def _files(image, folder):
    for name in "ab":
        os.mkdir(os.path.join(folder, name))
        for i in range(3):
            x = np.random.RandomState(i).randint(0, 256, (7, 9, 3 if name == "a" else 4)).astype("float32")
            image.save_img(os.path.join(folder, name, "%d.png" % i), x)
    with open(os.path.join(folder, "a", "no.txt"), "w"):
        os.mkdir(os.path.join(folder, "b", "deep"))
    image.save_img(os.path.join(folder, "b", "deep", "z.bmp"), np.arange(60.0).reshape(4, 5, 3))


def directories(tf):
    image = tf.keras.preprocessing.image
    found = {}
    with tempfile.TemporaryDirectory() as folder, contextlib.redirect_stdout(io.StringIO()) as printed:
        _files(image, folder)
        made = image.ImageDataGenerator(validation_split=0.4)
        for classes in ("categorical", "binary", "sparse", "input", None):
            for mode in ("rgb", "rgba", "grayscale"):
                flow = made.flow_from_directory(
                    folder, target_size=(3, 4), color_mode=mode, class_mode=classes, batch_size=2, seed=2, interpolation="bilinear",
                    subset=None if mode == "rgb" else "training",
                )  # fmt: skip
                found["%s %s" % (classes, mode)] = [next(flow), flow.filenames, flow.classes, len(flow), flow.class_indices]
        for kind in ("nearest", "bilinear", "bicubic", "lanczos", "box", "hamming"):
            loaded = image.load_img(os.path.join(folder, "a", "1.png"), target_size=(5, 3), interpolation=kind)
            found[kind] = image.img_to_array(loaded)
    found["printed"] = printed.getvalue()
    return found


directories.rtol = 1e-5


def networks_inputs(tf):
    found = {}
    for mode in ("caffe", "tf", "torch"):
        for shape in ((2, 2, 3), (1, 2, 2, 3)):
            x = X.ravel()[: np.prod(shape)].reshape(shape)
            found["%s %d" % (mode, len(shape))] = tf.keras.applications.imagenet_utils.preprocess_input(x.copy(), mode=mode)
    first = X[:1, :3, :2, :2].copy()
    found["first"] = tf.keras.applications.imagenet_utils.preprocess_input(first, data_format="channels_first")
    for name in ("vgg16", "resnet_v2", "densenet", "nasnet", "mobilenet_v2"):
        found[name] = getattr(tf.keras.applications, name).preprocess_input(np.arange(12).reshape(2, 2, 3))
    with tf.Session() as sess:
        found["tensor"] = sess.run(tf.keras.applications.resnet50.preprocess_input(tf.constant(X[:1, :2, :2])))
    return found


networks_inputs.rtol = 1e-5
