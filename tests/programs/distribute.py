"""Strategies of distribution: what replicas compute, what variables become, how optimizers train."""

import numpy as np

TWO = ["/cpu:0", "/cpu:1"]


def _session(tf):
    session = tf.Session(config=tf.ConfigProto(device_count={"CPU": 2}))
    session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
    return session


def _strategies(tf):
    yield "one", tf.distribute.OneDeviceStrategy("/cpu:0")
    yield "mirrored", tf.distribute.MirroredStrategy()
    yield "two", tf.distribute.MirroredStrategy(TWO)
    yield "central", tf.distribute.experimental.CentralStorageStrategy()


def _error(function):
    try:
        function()
    except Exception as e:
        return "%s: %s" % (type(e).__name__, str(e).split("<")[0].split(" object at")[0])
    return "fine"


def contexts(tf):
    """Which strategy is in force, and who speaks for whom."""
    d, out = tf.distribute, {}

    def state():
        replica = d.get_replica_context()
        return [d.has_strategy(), d.in_cross_replica_context(), replica is None, type(d.get_strategy()).__name__[-16:]]

    def inner():
        return [d.has_strategy(), d.in_cross_replica_context(), d.get_replica_context().num_replicas_in_sync]

    default = d.get_strategy()
    out["default"] = inner()
    for name, s in _strategies(tf):
        seen = []
        with s.scope():
            out[name + " scope"] = state()[:3]
            s.experimental_run_v2(lambda: seen.append(inner()))
            with s.scope():
                out[name + " again"] = state()[:3]
        out[name + " inside"] = seen
        out[name + " after"] = inner()
        out[name + " devices"] = list(s.extended.worker_devices), list(s.extended.parameter_devices)
        out[name + " flags"] = [s.num_replicas_in_sync, s.extended.experimental_between_graph, s.extended.should_checkpoint,
                                s.extended.should_save_summary, s.extended.experimental_should_init]  # fmt: skip
    one, other = d.OneDeviceStrategy("/cpu:0"), d.MirroredStrategy()
    with one.scope():
        out["mixing"] = _error(other.scope().__enter__)
        out["replica in cross"] = _error(lambda: default.extended.call_for_each_replica(lambda: 1))
    d.experimental_set_strategy(one)
    out["set"] = d.get_strategy() is one
    d.experimental_set_strategy(None)
    out["unset"] = d.has_strategy()
    out["merge outside"] = d.get_replica_context().merge_call(lambda s, x: [d.in_cross_replica_context(), x], args=(3,))
    return out


def context_of_input(tf):
    made = tf.distribute.InputContext(2, 1, 4)
    return {
        "values": [
            made.num_input_pipelines,
            made.input_pipeline_id,
            made.num_replicas_in_sync,
            made.get_per_replica_batch_size(12),
        ],
        "odd": _error(lambda: made.get_per_replica_batch_size(10)),
    }


def values_of_replicas(tf):
    """What runs for each replica, sums and means of it, and calls that bring replicas together."""
    out = {}
    for name, s in _strategies(tf):
        with tf.Graph().as_default(), s.scope():

            def replica(x):
                c = tf.distribute.get_replica_context()
                mine = x + tf.cast(c.replica_id_in_sync_group, tf.float32)
                total = c.all_reduce("sum", {"a": mine, "b": [2 * mine]})
                merged = c.merge_call(lambda strategy, v: strategy.reduce("mean", v), args=(mine,))
                rows = tf.stack([mine, mine + 1.0])
                return {"mine": mine, "total": total, "merged": merged, "same": x, "rows": rows}

            found = s.experimental_run_v2(replica, args=(tf.constant(1.5),))
            local = {k: [list(s.experimental_local_results(v)) for v in tf.nest.flatten(found[k])] for k in sorted(found)}
            ways = [("SUM", None), ("SUM", 0), ("MEAN", None)] + ([] if name == "two" else [("MEAN", 0)])
            reduced = [s.reduce(op, found["rows"], axis=axis) for op, axis in ways]
            session = _session(tf)
            for k, v in local.items():
                out["%s %s" % (name, k)] = session.run(v)
            out[name + " reduced"] = session.run(reduced)
            out[name + " group"] = session.run(s.group(found["mine"])) is None
    return out


def variables(tf):
    """What variables are made, how they are read and changed."""
    out, sync, agg = {}, tf.VariableSynchronization, tf.VariableAggregation
    for name, s in _strategies(tf):
        with tf.Graph().as_default(), s.scope():
            v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
            mean = tf.Variable(1.0, name="mean", aggregation=agg.MEAN)
            first = tf.Variable(1.0, name="first", aggregation=agg.ONLY_FIRST_REPLICA)
            local = tf.Variable(1.0, name="local", synchronization=sync.ON_READ, aggregation=agg.SUM, trainable=False)
            none = tf.Variable(1.0, name="none", trainable=False)

            def replica():
                x = tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, tf.float32) + 1.0
                w = tf.get_variable("w", initializer=3.0)
                u = tf.Variable(2.0, name="u")
                changes = [mean.assign_add(x), first.assign_sub(x), local.assign_add(x)]
                return changes, v * x, w, u, w + u

            changes, product, w, u, total = s.experimental_run_v2(replica)
            out[name + " names"] = [i.name for i in tf.global_variables()]
            out[name + " shapes"] = [[str(i.shape), i.dtype.name, i.aggregation.name] for i in (v, mean, first, local, w, u)]
            out[name + " owned"] = [s.extended.variable_created_in_scope(i) for i in (v, w)]
            if name in ("mirrored", "two"):
                out[name + " none"] = _error(lambda: s.experimental_run_v2(lambda: none.assign(2.0)))[:60]
            if name == "two":
                out[name + " sum"] = _error(lambda: local.assign_add(1.0))
            session = _session(tf)
            out[name + " changes"] = [session.run(list(s.experimental_local_results(c))) for c in changes[:2]]
            session.run(list(s.experimental_local_results(changes[2])))
            out[name + " values"] = session.run([v, mean, first])
            out[name + " total"] = session.run(list(s.experimental_local_results(total)))
            out[name + " product"] = session.run(list(s.experimental_local_results(product)))
            out[name + " local"] = session.run(s.extended.read_var(local))
            session.run(s.group(s.extended.update(v, lambda c, x: c.assign_add(x), args=([1.0, 2.0],))))
            out[name + " updated"] = session.run([s.extended.read_var(v), v.read_value() if name == "one" else tf.identity(v)])
    return out


def optimizers(tf):
    """Training in replicas: with each optimizer, with a step, with sparse gradients."""
    out = {}
    makers = {
        "sgd": lambda: tf.train.GradientDescentOptimizer(0.1),
        "momentum": lambda: tf.train.MomentumOptimizer(0.1, 0.9),
        "adam": lambda: tf.train.AdamOptimizer(0.1),
        "adagrad": lambda: tf.train.AdagradOptimizer(0.1),
    }
    for name, s in _strategies(tf):
        for kind, make in makers.items():
            with tf.Graph().as_default(), s.scope():
                v = tf.get_variable("v", initializer=[1.0, 2.0])
                table = tf.get_variable("table", initializer=np.arange(6.0).reshape(3, 2).astype("f"))
                step = tf.train.get_or_create_global_step()
                optimizer = make()

                def replica():
                    x = tf.cast(tf.distribute.get_replica_context().replica_id_in_sync_group, tf.float32) + 1.0
                    rows = tf.nn.embedding_lookup(table, [0, 2])
                    loss = tf.reduce_sum(tf.square(v - x)) + tf.reduce_sum(tf.square(rows))
                    with tf.control_dependencies([optimizer.minimize(loss, global_step=step)]):
                        return tf.identity(loss)

                losses = s.experimental_run_v2(replica)
                session = _session(tf)
                for _ in range(3):
                    session.run(list(s.experimental_local_results(losses)))
                out["%s %s" % (name, kind)] = session.run([s.extended.read_var(i) for i in (v, table, step)])
                out["%s %s names" % (name, kind)] = sorted(i.name for i in tf.global_variables())
    return out


def shared_losses(tf):
    """Losses of replicas whose sum is that of all examples together."""
    out, nn = {}, tf.nn
    for name, s in _strategies(tf):
        with tf.Graph().as_default(), s.scope():

            def replica():
                losses = tf.constant([1.0, 2.0, 4.0])
                averages = [nn.compute_average_loss(losses), nn.compute_average_loss(losses, [[0.5], [1.0], [2.0]]),
                            nn.compute_average_loss(losses, global_batch_size=12.0)]  # fmt: skip
                return averages, nn.scale_regularization_loss([1.0, 3.0])

            averages, regularization = s.experimental_run_v2(replica)
            session = _session(tf)
            out[name] = session.run([list(s.experimental_local_results(v)) for v in (*averages, regularization)])
            out[name + " errors"] = [_error(lambda: nn.compute_average_loss([1.0])),
                                     _error(lambda: nn.scale_regularization_loss([1.0])),
                                     _error(lambda: nn.compute_average_loss(tf.constant(1.0)))[:80]]  # fmt: skip
    return out


def datasets(tf):
    """How the elements of datasets are dealt out."""
    out = {}
    for name, s in _strategies(tf):
        with tf.Graph().as_default(), s.scope():
            data = tf.data.Dataset.range(16).map(lambda i: {"i": i, "x": tf.cast(i, tf.float32)}).batch(4)
            iterator = s.make_dataset_iterator(data)
            element = iterator.get_next()
            other = s.make_input_fn_iterator(lambda c: data.map(lambda e: e["i"] + c.num_replicas_in_sync))
            from_function = other.get_next()
            total = s.experimental_run_v2(lambda e: tf.reduce_sum(e["x"]), args=(element,))
            session = _session(tf)
            session.run([iterator.initialize(), other.initialize()])
            values = [[list(s.experimental_local_results(v)) for v in (element["i"], from_function)], s.reduce("SUM", total)]
            out[name] = [session.run(values) for _ in range(2)]
    return out


def eager_training(tf):
    """The same without graphs, on one device."""
    out = {}
    for name, s in [("one", tf.distribute.OneDeviceStrategy("/cpu:0")), ("mirrored", tf.distribute.MirroredStrategy())]:
        with s.scope():
            v = tf.Variable([1.0, 2.0])
            optimizer = tf.train.MomentumOptimizer(0.1, 0.9)
            data = tf.data.Dataset.range(6).map(lambda i: tf.cast(i, tf.float32)).batch(2)

            def replica(x):
                with tf.GradientTape() as tape:
                    loss = tf.reduce_sum(tf.square(v - x))
                optimizer.apply_gradients([(tape.gradient(loss, v), v)])
                return loss

            losses = [
                s.reduce("SUM", s.experimental_run_v2(replica, args=(x,))).numpy() for x in s.experimental_distribute_dataset(data)
            ]
            out[name] = losses, v.numpy()
            rows = s.experimental_make_numpy_dataset(np.arange(3.0).astype("f"))
            out[name + " rows"] = [r.numpy() for r in rows]
            function = tf.function(lambda x: s.experimental_run_v2(lambda y: y * v, args=(x,)))
            out[name + " function"] = function(tf.constant(2.0)).numpy()
    return out


optimizers.rtol = variables.rtol = 1e-5
eager_training.rtol = 1e-5
