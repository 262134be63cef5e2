"""Programs whose graphs must be TensorFlow's node for node: images."""


def flips(tf):
    image = tf.placeholder(tf.float32, [4, 6, 3], name="image")
    batch = tf.placeholder(tf.uint8, [2, 4, 6, 3], name="batch")
    unknown = tf.placeholder(tf.float32, name="unknown")
    for x in (image, unknown):
        tf.image.flip_left_right(x)
        tf.image.flip_up_down(x)
        tf.image.transpose_image(x)
    for x in (batch,):
        tf.image.flip_left_right(x)
        tf.image.transpose(x, name="t")
    tf.image.random_flip_up_down(tf.placeholder(tf.float32, [None, 4, 6, 3]))


def crops(tf):
    image = tf.placeholder(tf.float32, [4, 6, 3], name="image")
    half_known = tf.placeholder(tf.float32, [None, None, 3], name="half_known")
    batch = tf.placeholder(tf.float32, [None, None, None, 3], name="batch")
    for x in (image, half_known, batch):
        tf.image.central_crop(x, 0.5)
        tf.image.resize_image_with_crop_or_pad(x, 5, 5)
        tf.image.crop_to_bounding_box(x, 1, 1, 2, 3)
        tf.image.pad_to_bounding_box(x, 1, 1, 8, 9)
    size = tf.placeholder(tf.int32, [], name="size")
    tf.image.resize_with_crop_or_pad(image, size, 5)
    tf.image.crop_to_bounding_box(image, size, 0, size, 2)
    tf.image.random_crop(image, [2, 2, 3], seed=1)


def resizing(tf):
    image = tf.placeholder(tf.float32, [4, 6, 3], name="image")
    batch = tf.placeholder(tf.uint8, [None, None, None, 3], name="batch")
    size = tf.placeholder(tf.int32, [2], name="size")
    for method in range(4):
        tf.image.resize_images(image, [5, 5], method)
        tf.image.resize_images(batch, size, method, align_corners=True)
    tf.image.resize_images(image, [4, 6])
    tf.image.resize(image, tf.stack([size[0], 3]), name="r")
    tf.image.resize_images(batch, [5, 7], preserve_aspect_ratio=True)
    tf.image.resize_images(image, [5, 7], preserve_aspect_ratio=True)
    tf.image.resize_image_with_pad(image, 5, 9)
    tf.image.resize_image_with_pad(batch, 5, 9)
    tf.image.crop_and_resize(tf.cast(batch, tf.float32), [[0.0, 0.0, 1.0, 1.0]], [0], [2, 2])
    x = tf.placeholder(tf.float32, [2, 4, 6, 3], name="x")
    outputs = [tf.image.resize_bilinear(x, [3, 3]), tf.image.resize_nearest_neighbor(x, [3, 3]),
               tf.image.resize_bicubic(x, [3, 3]),
               tf.image.crop_and_resize(x, [[0.0, 0.0, 1.0, 1.0]], [0], [2, 2])]  # fmt: skip
    for y in outputs:
        tf.gradients(y, x)


def colors(tf):
    image = tf.placeholder(tf.float32, [4, 6, 3], name="image")
    bytes_ = tf.placeholder(tf.uint8, [None, None, 3], name="bytes")
    for x in (image, bytes_):
        tf.image.per_image_standardization(x)
        tf.image.adjust_brightness(x, 0.1)
        tf.image.adjust_contrast(x, 0.5)
        tf.image.adjust_gamma(x, 2, 3)
        tf.image.adjust_hue(x, 0.1)
        tf.image.adjust_saturation(x, 0.5, name="s")
        tf.image.random_brightness(x, 0.2, seed=1)
        tf.image.random_contrast(x, 0.2, 0.8, seed=1)
        tf.image.random_hue(x, 0.2)
        tf.image.random_saturation(x, 0.2, 0.8)
        tf.image.rgb_to_grayscale(x)
        tf.image.adjust_jpeg_quality(x, 50)
        tf.image.random_jpeg_quality(x, 20, 80)
    tf.image.grayscale_to_rgb(tf.placeholder(tf.float32, [4, 6, 1]))
    tf.image.grayscale_to_rgb(tf.placeholder(tf.float32))
    for name in ("rgb_to_yiq", "yiq_to_rgb", "rgb_to_yuv", "yuv_to_rgb", "rgb_to_hsv", "hsv_to_rgb"):
        getattr(tf.image, name)(image)


def types(tf):
    for have in (tf.uint8, tf.int32, tf.float32, tf.float64):
        x = tf.placeholder(have, [2, 2, 3])
        for wanted in (tf.uint8, tf.int32, tf.float32, tf.float16):
            tf.image.convert_image_dtype(x, wanted)
            tf.image.convert_image_dtype(x, wanted, saturate=True, name="named")


def files(tf):
    file = tf.placeholder(tf.string, [], name="file")
    tf.image.decode_jpeg(file, channels=3, dct_method="INTEGER_ACCURATE")
    tf.image.decode_png(file, dtype=tf.uint16)
    tf.image.decode_gif(file)
    tf.io.decode_bmp(file)
    tf.image.decode_and_crop_jpeg(file, [0, 0, 2, 2], channels=3)
    tf.image.extract_jpeg_shape(file)
    tf.image.is_jpeg(file)
    tf.image.encode_jpeg(tf.zeros([4, 4, 3], tf.uint8), quality=50)
    tf.image.encode_png(tf.zeros([4, 4, 3], tf.uint8))


def boxes(tf):
    some, scores = tf.zeros([1, 4]), tf.zeros([1])
    tf.image.non_max_suppression(some, scores, 3)
    tf.image.non_max_suppression_with_scores(some, scores, 3, soft_nms_sigma=0.5)
    tf.image.non_max_suppression_padded(some, scores, 3, pad_to_max_output_size=True)
    tf.image.non_max_suppression_overlaps(tf.zeros([1, 1]), scores, 3)
    tf.image.combined_non_max_suppression(tf.zeros([1, 1, 1, 4]), tf.zeros([1, 1, 2]), 3, 3)
    tf.image.draw_bounding_boxes(tf.zeros([1, 4, 4, 3]), tf.zeros([1, 1, 4]))
    tf.image.draw_bounding_boxes(tf.zeros([1, 4, 4, 3]), tf.zeros([1, 1, 4]), colors=[[1.0, 0.0, 0.0]])
    tf.image.sample_distorted_bounding_box([4, 4, 3], tf.zeros([1, 1, 4]), area_range=[0.2, 1.0])
    tf.image.sample_distorted_bounding_box([4, 4, 3], tf.zeros([1, 1, 4]), seed=3, seed2=4, max_attempts=5, name="s")


def quality(tf):
    a, b = tf.placeholder(tf.float32, [2, 12, 12, 3], name="a"), tf.placeholder(tf.uint8, [12, 12, 3], name="b")
    tf.image.psnr(a, a, 1.0)
    tf.image.psnr(b, b, 255, name="p")
    tf.image.total_variation(a)
    tf.image.image_gradients(a)
    tf.image.sobel_edges(a)


def transforms(tf):
    image = tf.contrib.image
    x = tf.placeholder(tf.float32, [4, 5, 2], name="x")
    batch = tf.placeholder(tf.float32, [None, None, None, 1], name="batch")
    image.rotate(x, 0.5)
    image.rotate(batch, [0.5, 1.0], "BILINEAR", name="turned")
    image.translate(batch, [1.0, -1.5])
    image.transform(x, [0.8, -0.3, 1.2, 0.2, 0.9, -0.5, 0.01, 0.02], output_shape=[3, 4])
    image.compose_transforms(tf.zeros([8]), tf.zeros([8]))
