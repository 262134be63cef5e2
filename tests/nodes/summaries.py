"""Programs whose graphs must be TensorFlow's node for node: summaries."""


def scalars(tf):
    x = tf.placeholder(tf.float32, [])
    tf.summary.scalar("loss", x)
    tf.summary.scalar("loss", x, family="training")
    tf.summary.scalar("a name/with: spaces", 3, collections=["mine"])
    with tf.name_scope("outer"):
        tf.summary.scalar("/loss", x, family="other family")
    tf.summary.merge_all()
    tf.summary.merge_all("mine", name="my merge")


def values(tf):
    x = tf.placeholder(tf.float32, [None, 4, 4, 3])
    tf.summary.histogram("weights", x)
    tf.summary.histogram("numbers", [1, 2, 3], family="f")
    tf.summary.image("images", x, max_outputs=2)
    tf.summary.image("image", tf.cast(x, tf.uint8))
    sound = tf.placeholder(tf.float32, [None, 100])
    tf.summary.audio("sound", sound, 22050)
    tf.summary.audio("sound", sound, tf.constant(8000.0), max_outputs=1, family="f")
    tf.summary.text("text", tf.constant(["a", "b"]))
    tf.summary.tensor_summary("tensor", x, summary_description="what it is", display_name="T")
    tf.summary.tensor_summary("tensor", x, family="f")
    tf.summary.merge([tf.summary.scalar("s", 1.0), tf.summary.scalar("t", 2.0)], collections=["merged"])
    tf.summary.merge_all(scope="weights")


def written_at_once(tf):
    summary = tf.contrib.summary
    writer = summary.create_file_writer("/tmp/logs", max_queue=3)
    x = tf.placeholder(tf.float32, [])
    summary.scalar("no writer", x)
    with writer.as_default():
        summary.scalar("not recorded", x, step=1)
        with summary.always_record_summaries():
            summary.generic("tensor", tf.constant([1, 2]), step=tf.constant(3, tf.int64))
            summary.generic("tensor", x, metadata=tf.SummaryMetadata(display_name="T"), family="f", step=3)
            with tf.name_scope("outer"):
                summary.scalar("scalar", x, family="f", step=1)
                summary.histogram("histogram", [1.0, 2.0], step=1)
            summary.image("image", tf.zeros([1, 2, 2, 1]), max_images=1, step=1)
            summary.audio("audio", tf.zeros([1, 5]), 100.0, 2, step=1)
            summary.scalar("global step", x)
        summary.graph(tf.placeholder(tf.string), step=0)
        summary.import_event(tf.placeholder(tf.string))
        summary.flush()
    writer.init()
    writer.close()
