"""Programs whose graphs must be TensorFlow's node for node: critical sections."""


def sections(tf):
    section = tf.CriticalSection(name="s")
    v = tf.get_variable("v", [], use_resource=True)
    x = section.execute(lambda: v + 1.0, name="first")
    section.execute(lambda: (x * 2.0, [v.assign_add(1.0)]))
    tf.CriticalSection(shared_name="t").execute(tf.no_op)
    tf.tuple([x, 2.0, tf.constant(1)])
