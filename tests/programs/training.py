"""What optimizers, learning rates and moving averages do to variables over several steps, in both modes."""

import numpy as np

_START = np.linspace(-1.0, 1.2, 12).reshape(4, 3)
_GRADIENT = np.array([[0.1, -0.2, 0.3], [1.5, 0.0, -0.7], [0.01, 2.0, -0.4], [-0.9, 0.6, 0.2]])


def _optimizers(tf, step=None):
    train = tf.train
    made = {
        "descent": train.GradientDescentOptimizer(0.3),
        "momentum": train.MomentumOptimizer(0.1, 0.9),
        "nesterov": train.MomentumOptimizer(0.1, 0.9, use_nesterov=True),
        "adam": train.AdamOptimizer(0.1),
        "adagrad": train.AdagradOptimizer(0.2),
        "rmsprop": train.RMSPropOptimizer(0.1, momentum=0.5),
        "centered": train.RMSPropOptimizer(0.1, momentum=0.5, centered=True),
        "adadelta": train.AdadeltaOptimizer(10.0),
        "ftrl": train.FtrlOptimizer(0.3, l1_regularization_strength=0.1, l2_regularization_strength=0.2),
        "ftrl power": train.FtrlOptimizer(0.3, learning_rate_power=-0.7, l2_shrinkage_regularization_strength=0.1),
        "proximal": train.ProximalGradientDescentOptimizer(0.2, 0.1, 0.2),
        "proximal adagrad": train.ProximalAdagradOptimizer(0.2, l1_regularization_strength=0.1, l2_regularization_strength=0.1),
    }
    if step is not None:
        made["dual averaging"] = train.AdagradDAOptimizer(0.3, step, l1_regularization_strength=0.01)
    return made


def _in_a_graph(tf, use_resource, dtype, sparse=False):
    step = tf.train.get_or_create_global_step()
    optimizers, variables, trains = _optimizers(tf, step), {}, []
    for name, optimizer in optimizers.items():
        v = variables[name] = tf.Variable(_START.astype(dtype), use_resource=use_resource)
        gradient = tf.constant(_GRADIENT.astype(dtype))
        if sparse:
            gradient = tf.IndexedSlices(tf.concat([gradient[:2], gradient[:1]], 0), tf.constant([3, 1, 3]), tf.constant([4, 3]))
        trains.append(optimizer.apply_gradients([(gradient, v)]))
    if sparse:
        variables.pop("dual averaging")  # 0 / 0 where no gradient came yet
    added = tf.assign_add(step, 1)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(trains)
            sess.run(added.op if hasattr(added, "op") else added)
        return sess.run(variables)


def ref_variables(tf):
    return _in_a_graph(tf, False, np.float32)


def resource_variables(tf):
    return _in_a_graph(tf, True, np.float32)


def ref_variables_of_doubles(tf):
    return _in_a_graph_of_doubles(tf, False)


def resource_variables_of_doubles(tf):
    return _in_a_graph_of_doubles(tf, True)


def _in_a_graph_of_doubles(tf, use_resource):
    names = "descent", "momentum", "nesterov", "adam", "adagrad", "rmsprop", "centered", "adadelta", "ftrl", "ftrl power"
    optimizers = _optimizers(tf)
    variables = {n: tf.Variable(_START, use_resource=use_resource) for n in names}
    trains = [optimizers[n].apply_gradients([(tf.constant(_GRADIENT), v)]) for n, v in variables.items()]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(trains)
        return sess.run(variables)


def slices_on_ref_variables(tf):
    return _in_a_graph(tf, False, np.float32, sparse=True)


def slices_on_resource_variables(tf):
    return _in_a_graph(tf, True, np.float32, sparse=True)


def eager_variables(tf):
    found = {}
    for name, optimizer in _optimizers(tf).items():
        v = tf.Variable(_START.astype(np.float32))
        for _ in range(3):
            optimizer.minimize(lambda v=v: tf.reduce_sum(v * v * _GRADIENT.astype(np.float32)))
        found[name] = v.numpy()
        found[name + " slots"] = [optimizer.get_slot(v, s).numpy() for s in optimizer.get_slot_names()]
    return found


def eager_slices(tf):
    found = {}
    for name, optimizer in _optimizers(tf).items():
        v = tf.Variable(_START.astype(np.float32))
        for _ in range(3):
            optimizer.minimize(lambda v=v: tf.reduce_sum(tf.gather(v, [3, 1, 3]) ** 2))
        found[name] = v.numpy()
    return found


for _program in (ref_variables, resource_variables, slices_on_ref_variables, slices_on_resource_variables, eager_variables,
                 eager_slices):  # fmt: skip
    _program.rtol = 1e-5
for _program in (ref_variables_of_doubles, resource_variables_of_doubles):
    _program.rtol = 1e-6  # the numbers given as Python floats are single precision in TensorFlow


def learning_rates(tf):
    found = {}
    step = tf.placeholder(tf.int32, [])
    train = tf.train
    rates = {
        "exponential": train.exponential_decay(0.5, step, 4, 0.8),
        "staircase": train.exponential_decay(0.5, step, 4, 0.8, staircase=True),
        "natural": train.natural_exp_decay(0.5, step, 4, 0.8),
        "inverse": train.inverse_time_decay(0.5, step, 4, 0.8),
        "inverse staircase": train.inverse_time_decay(0.5, step, 4, 0.8, staircase=True),
        "polynomial": train.polynomial_decay(0.5, step, 6, 0.1, power=2.0),
        "cycle": train.polynomial_decay(0.5, step, 6, 0.1, cycle=True),
        "cosine": train.cosine_decay(0.5, step, 6, alpha=0.1),
        "restarts": train.cosine_decay_restarts(0.5, step, 3, t_mul=2.0, m_mul=0.9, alpha=0.1),
        "even restarts": train.cosine_decay_restarts(0.5, step, 3, t_mul=1.0),
        "linear cosine": train.linear_cosine_decay(0.5, step, 6),
        "piecewise": train.piecewise_constant(step, [2, 5], [1.0, 0.5, 0.1]),
    }
    with tf.Session() as sess:
        for s in (0, 1, 2, 3, 5, 6, 7, 13):
            found[str(s)] = sess.run(rates, {step: s})
    return found


def eager_learning_rate(tf):
    step = tf.Variable(0)
    rate = tf.train.exponential_decay(0.5, step, 4, 0.8)
    found = [rate()]
    step.assign_add(3)
    return {"rates": [*found, rate()]}


learning_rates.rtol = eager_learning_rate.rtol = 1e-5


def moving_averages(tf):
    v = tf.Variable([1.0, 2.0])
    t = v * 2.0
    plain = tf.train.ExponentialMovingAverage(0.9)
    warm = tf.train.ExponentialMovingAverage(0.9, num_updates=3, name="warm")
    debiased = tf.train.ExponentialMovingAverage(0.9, zero_debias=True, name="debiased")
    updates = [plain.apply([v, t]), warm.apply([v]), debiased.apply([t])]
    shadows = [plain.average(v), plain.average(t), warm.average(v), debiased.average(t)]
    names = [plain.average_name(v), plain.average_name(t), sorted(plain.variables_to_restore())]
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        found = []
        for _ in range(3):
            sess.run(updates)
            found.append(sess.run(shadows))
            sess.run(v.assign_add([1.0, -1.0]))
    return {"names": names, "averages": found}


def eager_moving_average(tf):
    v = tf.Variable([1.0, 2.0], name="v")
    average = tf.train.ExponentialMovingAverage(0.5)
    average.apply([v])
    v.assign([3.0, 3.0])
    average.apply([v])
    return {"average": average.average(v).numpy()}


moving_averages.rtol = 1e-6


def constraints(tf):
    found = {}
    for use_resource in (False, True):
        v = tf.Variable([1.0, 2.0], use_resource=use_resource, constraint=lambda x: tf.maximum(x, 0.5))
        train = tf.train.GradientDescentOptimizer(1.0).minimize(tf.reduce_sum(v * v))
        with tf.Session() as sess:
            sess.run(v.initializer)
            sess.run(train)
            found[str(use_resource)] = sess.run(v)
    return found


def names_of_slots(tf):
    with tf.variable_scope("model"):
        v = tf.get_variable("v", initializer=[1.0])
        w = tf.get_variable("w", initializer=[1.0], use_resource=True)
    found = {}
    for name, optimizer in _optimizers(tf, tf.train.get_or_create_global_step()).items():
        optimizer.apply_gradients([(tf.constant([1.0]), v), (tf.constant([1.0]), w)])
        found[name] = [x.name for x in optimizer.variables()] + optimizer.get_slot_names()
    found["all"] = [x.name for x in tf.global_variables()]
    return found


def eager_names_of_slots(tf):
    v = tf.Variable([1.0], name="v")
    found = {}
    for name, optimizer in _optimizers(tf).items():
        optimizer.apply_gradients([(tf.constant([1.0]), v)])
        found[name] = [x.name for x in optimizer.variables()] + optimizer.get_slot_names()
    return found
