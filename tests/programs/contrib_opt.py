"""What optimizers of tf.contrib.opt make of variables."""

import importlib

import weighted_networks as networks

GRADIENTS = [networks.ramp([4, 2], start) for start in (0.1, 0.8, 2.0)]


def _steps(tf, make, sparse=True):
    """The variables after steps of an optimizer with dense gradients, and with slices if it takes them."""
    found = {}
    for resource in (False, True):
        with tf.Graph().as_default(), tf.Session() as session:
            step = tf.train.get_or_create_global_step()
            v = tf.Variable(networks.ramp([4, 2], 0.4), use_resource=resource)
            w = tf.Variable(networks.ramp([4, 2], 0.5), use_resource=resource)
            dense, rows = tf.placeholder(tf.float32, [4, 2]), tf.placeholder(tf.float32, [2, 2])
            slices = tf.IndexedSlices(rows, tf.constant([1, 3]), tf.constant([4, 2]))
            pairs = [(dense, v), (slices, w)] if sparse else [(dense, v)]
            optimizer = make(tf, step, v, w)
            update = optimizer.apply_gradients(pairs, global_step=step)
            session.run(tf.global_variables_initializer())
            for g in GRADIENTS:
                session.run(update, {dense: g, rows: g[:2]})
            slots = [optimizer.get_slot(v, n) for n in optimizer.get_slot_names()]
            found["resource" if resource else "ref"] = session.run([v, w, *[s for s in slots if s is not None]])
    return found


def adams(tf):
    opt, found = tf.contrib.opt, {}
    makers = {
        "max": lambda tf, step, v, w: opt.AdaMaxOptimizer(0.1),
        "nesterov": lambda tf, step, v, w: opt.NadamOptimizer(0.1),
        "global": lambda tf, step, v, w: opt.AdamGSOptimizer(step, 0.1),
        "global, lazy": lambda tf, step, v, w: opt.LazyAdamGSOptimizer(step, 0.1),
    }
    for name, make in makers.items():
        found.update({"%s %s" % (name, kind): value for kind, value in _steps(tf, make).items()})
    return found


def signs(tf):
    opt, found = tf.contrib.opt, {}
    try:
        sign_decay = opt.python.training.sign_decay
    except AttributeError:  # TensorFlow hides the module from those who come by way of `tf`
        sign_decay = importlib.import_module("tensorflow.contrib.opt.python.training.sign_decay")
    decays = [
        None,
        sign_decay.get_linear_decay_fn(5),
        sign_decay.get_cosine_decay_fn(5, zero_after=2),
        sign_decay.get_restart_decay_fn(3),
    ]
    for i, decay in enumerate(decays):
        for kind in (opt.AddSignOptimizer, opt.PowerSignOptimizer):
            results = _steps(tf, lambda tf, step, v, w: kind(0.1, sign_decay_fn=decay), sparse=False)
            found.update({"%s %d %s" % (kind.__name__, i, k): value for k, value in results.items()})
    return found


def others(tf):
    opt, found = tf.contrib.opt, {}
    makers = {
        "lars": lambda tf, step, v, w: opt.LARSOptimizer(0.5, eeta=0.1, use_nesterov=True),
        "skipped": lambda tf, step, v, w: opt.LARSOptimizer(0.5, skip_list=["Variable"]),
        "adagrad": lambda tf, step, v, w: opt.RegAdagradOptimizer(0.5),
        "clipped": lambda tf, step, v, w: opt.VariableClippingOptimizer(tf.train.AdagradOptimizer(0.5), {v: [1], w: [1]}, 0.7),
    }
    for name, make in makers.items():
        found.update({"%s %s" % (name, kind): value for kind, value in _steps(tf, make).items()})
    return found


def tasks(tf):
    opt = tf.contrib.opt
    v, w = tf.Variable([1.0, 2.0]), tf.Variable([3.0])
    optimizer = opt.MultitaskOptimizerWrapper(tf.train.MomentumOptimizer(0.5, 0.9))
    g = tf.placeholder(tf.float32, [2])
    pairs, norm = opt.clip_gradients_by_global_norm([(g, v), (tf.constant([0.5]), w)], 0.6)
    update = optimizer.apply_gradients(pairs)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        norms = [session.run([norm, update], {g: values})[0] for values in ([1.0, 2.0], [0.0, 0.0], [0.0, 0.1])]
        return {"norms": norms, "variables": session.run([v, w])}


for _program in (adams, signs, others, tasks):
    _program.rtol = 1e-5
