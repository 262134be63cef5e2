"""Images: functions on them, files, boxes."""

import numpy as np


def _run(tf, tensors):
    with tf.Session() as sess:
        return sess.run(tensors)


def _image(*shape):
    return np.random.RandomState(0).uniform(0, 1, shape).astype(np.float32)


def _bytes(*shape):
    return np.random.RandomState(0).randint(0, 256, shape).astype(np.uint8)


def layouts(tf):
    image, batch = tf.constant(_bytes(3, 4, 3)), tf.constant(_bytes(2, 3, 4, 1))
    found = {}
    for key, x in (("image", image), ("batch", batch)):
        for name in ("flip_left_right", "flip_up_down", "transpose_image"):
            found[key + name] = _run(tf, getattr(tf.image, name)(x))
        for k in range(4):
            found["%s rot90 %d" % (key, k)] = _run(tf, tf.image.rot90(x, k))
        found[key + "central"] = _run(tf, tf.image.central_crop(x, 0.6))
        found[key + "crop"] = _run(tf, tf.image.crop_to_bounding_box(x, 1, 0, 2, 3))
        found[key + "pad"] = _run(tf, tf.image.pad_to_bounding_box(x, 1, 2, 5, 6))
        found[key + "fit"] = _run(tf, tf.image.resize_image_with_crop_or_pad(x, 5, 3))
        for seed in range(4):
            found["%s random %d" % (key, seed)] = _run(tf, tf.image.random_flip_left_right(x, seed=seed))
    return found


def dynamic_layouts(tf):
    x = tf.placeholder(tf.uint8, [None, None, 3])
    size = tf.placeholder(tf.int32, [])
    made = {
        "central": tf.image.central_crop(x, 0.6), "crop": tf.image.crop_to_bounding_box(x, 1, 0, size - 1, size),
        "fit": tf.image.resize_with_crop_or_pad(x, size, 5), "flip": tf.image.flip_left_right(x),
        "turn": tf.image.rot90(x),
    }  # fmt: skip
    with tf.Session() as sess:
        return sess.run(made, {x: _bytes(3, 4, 3), size: 3})


def sizes(tf):
    image, batch = tf.constant(_bytes(3, 4, 3)), tf.constant(_image(2, 5, 4, 1))
    found = {}
    for method in range(4):
        for align in (False, True):
            key = "%d %s" % (method, align)
            found["image " + key] = _run(tf, tf.image.resize_images(image, [4, 7], method, align))
            found["batch " + key] = _run(tf, tf.image.resize_images(batch, [3, 3], method, align))
        found["fitting %d" % method] = _run(tf, tf.image.resize_images(image, [5, 6], method, preserve_aspect_ratio=True))
        found["padded %d" % method] = _run(tf, tf.image.resize_image_with_pad(image, 4, 8, method))
    found["same"] = _run(tf, tf.image.resize_images(image, [3, 4]))
    return found


sizes.rtol = 1e-5


def colors(tf):
    found = {}
    for key, x in (("floats", tf.constant(_image(3, 4, 3))), ("bytes", tf.constant(_bytes(3, 4, 3)))):
        made = {
            "standard": tf.image.per_image_standardization(x), "bright": tf.image.adjust_brightness(x, 0.2),
            "contrast": tf.image.adjust_contrast(x, 1.5), "gamma": tf.image.adjust_gamma(x, 2.0, 0.9),
            "hue": tf.image.adjust_hue(x, 0.3), "saturation": tf.image.adjust_saturation(x, 0.4),
            "gray": tf.image.rgb_to_grayscale(x), "random bright": tf.image.random_brightness(x, 0.3, seed=1),
            "random contrast": tf.image.random_contrast(x, 0.3, 0.9, seed=2),
            "random hue": tf.image.random_hue(x, 0.3, seed=3),
            "random saturation": tf.image.random_saturation(x, 0.3, 0.9, seed=4),
        }  # fmt: skip
        found.update({key + " " + k: v for k, v in _run(tf, made).items()})
    return found


colors.rtol = 2e-5


def other_colors(tf):
    x = tf.constant(_image(2, 3, 4, 3))
    names = ("rgb_to_hsv", "hsv_to_rgb", "rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb")
    found = {n: _run(tf, getattr(tf.image, n)(x)) for n in names}
    found["gradient"] = _run(tf, tf.gradients(tf.image.rgb_to_hsv(x), x)[0])
    return found


other_colors.rtol = 1e-4


def types(tf):
    found = {}
    kinds = (tf.uint8, tf.int32, tf.uint16, tf.float32, tf.float16, tf.float64)
    for have in kinds:
        values = np.array([0, 0.3, 1]) * (1 if have.is_floating else have.max)
        for wanted in kinds:
            key = "%s %s" % (have.name, wanted.name)
            found[key] = _run(tf, tf.image.convert_image_dtype(tf.constant(values.astype(have.as_numpy_dtype)), wanted))
    for wanted in (tf.uint8, tf.int32):
        x = tf.constant(np.array([-1.0, 0.5, 2.0], np.float32))
        found["saturated " + wanted.name] = _run(tf, tf.image.convert_image_dtype(x, wanted, saturate=True))
    return found


def quality(tf):
    a, b = _image(2, 12, 13, 3), _image(2, 12, 13, 3)[::-1].copy()
    found = {
        "psnr": tf.image.psnr(a, b, 1.0), "ssim": tf.image.ssim(tf.constant(a), tf.constant(b), 1.0),
        "variation": tf.image.total_variation(tf.constant(a)), "gradients": tf.image.image_gradients(tf.constant(a[:, :3, :3])),
        "sobel": tf.image.sobel_edges(tf.constant(a[:, :3, :3])),
        "bytes": tf.image.psnr(tf.constant(_bytes(3, 3, 1)), tf.constant(_bytes(3, 3, 1)) // 2, 255),
        "scales": tf.image.ssim_multiscale(tf.constant(_image(1, 50, 51, 1)), tf.constant(_image(1, 50, 51, 1) ** 1.5), 1.0,
                                           power_factors=(0.5, 0.5), filter_size=5),
    }  # fmt: skip
    return _run(tf, found)


quality.rtol = 1e-4


def files(tf):
    x = _bytes(5, 6, 3)
    png, jpeg = tf.image.encode_png(x), tf.image.encode_jpeg(x, quality=80)
    found = {
        "png": tf.image.decode_png(png), "gray": tf.image.decode_png(png, channels=1), "jpeg bytes": jpeg, "png bytes": png,
        "any": tf.image.decode_image(png), "wide": tf.image.decode_png(png, dtype=tf.uint16),
        "float": tf.image.decode_image(png, dtype=tf.float32),
        "shape": tf.image.extract_jpeg_shape(jpeg), "is": [tf.image.is_jpeg(jpeg), tf.image.is_jpeg(png)],
        "jpeg": tf.image.decode_jpeg(jpeg, dct_method="INTEGER_ACCURATE"),
        "part": tf.image.decode_and_crop_jpeg(jpeg, [1, 2, 3, 3], dct_method="INTEGER_ACCURATE"),
    }  # fmt: skip
    return _run(tf, found)


def boxes(tf):
    some = tf.constant([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, -0.1, 1, 0.9], [0, 10, 1, 11]], tf.float32)
    scores = tf.constant([0.9, 0.75, 0.6, 0.95])
    cut = tf.image.sample_distorted_bounding_box([40, 50, 3], some[None, :1] * 0.5 + 0.2, seed=1, seed2=2)
    found = {
        "plain": tf.image.non_max_suppression(some, scores, 3),
        "soft": tf.image.non_max_suppression_with_scores(some, scores, 4, soft_nms_sigma=0.5),
        "padded": tf.image.non_max_suppression_padded(some, scores, 4, pad_to_max_output_size=True),
        "combined": tf.image.combined_non_max_suppression(some[None, :, None] / 11, scores[None, :, None], 3, 5),
        "drawn": tf.image.draw_bounding_boxes(_image(1, 5, 5, 3), some[None]),
        "cut": cut, "crops": tf.image.crop_and_resize(_image(1, 5, 5, 1), some[:2], [0, 0], [2, 3]),
    }  # fmt: skip
    return _run(tf, found)


boxes.rtol = 1e-5


def transforms(tf):
    image = tf.contrib.image
    x, batch = tf.constant(_image(4, 5, 2)), tf.constant(_image(2, 4, 5, 1))
    skewed = [0.8, -0.3, 1.2, 0.2, 0.9, -0.5, 0.01, 0.02]
    found = {
        "rotated": image.rotate(x, 0.5), "each": image.rotate(batch, [0.5, 1.0], "BILINEAR"),
        "moved": image.translate(batch, [1.0, -1.5], "BILINEAR"), "flat": image.translate(x[:, :, 0], [1, 2]),
        "skewed": image.transform(batch, skewed, "BILINEAR", output_shape=[3, 4]),
        "composed": image.compose_transforms(tf.constant(skewed), tf.constant(skewed)),
        "gradient": tf.gradients(image.transform(batch, skewed, "BILINEAR"), batch)[0],
    }  # fmt: skip
    return _run(tf, found)


transforms.rtol = 1e-4


def eager_images(tf):
    x = tf.constant(_image(3, 4, 3))
    return {
        "flip": tf.image.flip_left_right(x), "turn": tf.image.rot90(x, 3),
        "fit": tf.image.resize_image_with_crop_or_pad(x, 5, 3), "size": tf.image.resize(x, [3, 4]),
        "crop": tf.image.central_crop(x, 0.5), "any": tf.image.decode_image(tf.image.encode_png(_bytes(2, 2, 3))),
    }  # fmt: skip
