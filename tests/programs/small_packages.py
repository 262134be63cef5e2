"""Options of profiles, constants of `tf.lite`, scopes of `tf.xla.experimental`."""


def profile_options(tf):
    b = tf.profiler.ProfileOptionBuilder
    made = b(b.time_and_memory(min_micros=5)).with_max_depth(3).with_step(2).select(["params"]).order_by("name")
    out = {"default": b().build(), "variables": b.trainable_variables_parameter(), "operations": b.float_operation()}
    out["time"] = b.time_and_memory()
    out["made"] = made.with_pprof_output("x").build()
    out["changed"] = made.with_timeline_output("y").with_accounted_types(["a"]).with_node_names(["n"], ["s"], ["h"], ["t"]).build()
    made = made.with_min_execution_time(1, 2, 3).with_min_memory(1, 2, 3, 4).with_min_occurrence(5).with_min_parameters(6)
    out["more"] = made.with_min_float_operations(7).account_displayed_op_only(False).with_file_output("z").build()
    out["silent"] = made.with_empty_output().build()["output"], made.with_stdout_output().build()["output"]
    return {k: {n: v[n] for n in sorted(v)} if isinstance(v, dict) else v for k, v in out.items()}


def lite(tf):
    c, target = tf.lite.constants, tf.lite.TargetSpec()
    names = ("FLOAT", "FLOAT16", "INT8", "INT32", "INT64", "QUANTIZED_UINT8", "STRING")
    return {
        "types": [getattr(c, n).name for n in names], "formats": [c.TFLITE, c.GRAPHVIZ_DOT],
        "optimize": [str(o) for o in tf.lite.Optimize], "sets": tf.lite.OpsSet.get_options(),
        "target": [[str(s) for s in target.supported_ops], target.supported_types],
    }  # fmt: skip


def xla(tf):
    out = {}

    def attributes(op):
        return {k: str(v).strip() for k, v in sorted(op.node_def.attr.items()) if k.startswith("_Xla")}

    with tf.xla.experimental.jit_scope():
        out["scope"] = attributes(tf.constant(1.0).op)
        with tf.xla.experimental.jit_scope(False):
            out["inner"] = attributes(tf.constant(1.0).op)
    with tf.xla.experimental.jit_scope(lambda node: node.op == "Const", True):
        out["function"] = attributes(tf.constant(1.0).op), attributes(tf.no_op())
    x = tf.constant(2.0)
    one = tf.xla.experimental.compile(lambda a: a + 1.0, [x])
    many = tf.xla.experimental.compile(lambda a, b: (a * b, [a, {"k": b}]), [x, 3.0])
    none = tf.xla.experimental.compile(lambda: None)
    out["kinds"] = type(one).__name__, type(many).__name__, none.type
    with tf.Session() as session:
        out["values"] = session.run([one, many])
    return out
