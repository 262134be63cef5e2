"""What input functions give, and the queue of `numpy_input_fn` and `pandas_input_fn` with the threads that fill it."""

import collections
import random
import threading

import numpy as np

from ..core import dtypes
from ..core.errors import CancelledError, OutOfRangeError
from ..core.export import public as tf
from ..core.scopes import name_scope
from ..data.dataset import DatasetV2
from ..data.iterator import make_initializable_iterator
from ..platform import tf_logging as logging
from ..sessions.session_run_hook import SessionRunHook
from ..training.queue_runner import QueueRunner, add_queue_runner


class DatasetInitializerHook(SessionRunHook):
    """Initializes the iterator of a data set when the session has been made."""

    def __init__(self, iterator):
        self._iterator = iterator

    def begin(self):
        self._initializer = self._iterator.initializer

    def after_create_session(self, session, coord):
        session.run(self._initializer)


def parse_input_fn_result(result):
    """Features, labels and hooks of what an input function gave: a data set, a pair, or only features.

    Raises:
      ValueError: it is a list or tuple of another length.
    """
    hooks = []
    if isinstance(result, DatasetV2):
        iterator = make_initializable_iterator(result)
        hooks.append(DatasetInitializerHook(iterator))
        result = iterator.get_next()
    if not isinstance(result, list | tuple):
        return result, None, hooks
    if len(result) != 2:
        raise ValueError("input_fn should return (features, labels) as a len 2 tuple.")
    return result[0], result[1], hooks


class _FeedingQueueRunner(QueueRunner):
    """A `QueueRunner` whose operations get what functions give."""

    def __init__(self, queue, enqueue_ops, feed_fns):
        super().__init__(queue, enqueue_ops, queue_closed_exception_types=(OutOfRangeError, CancelledError))
        self._feeds = dict(zip(enqueue_ops, feed_fns))

    def _run(self, sess, enqueue_op, coord=None):
        if coord:
            coord.register_thread(threading.current_thread())
        super()._run(_Feeding(sess, self._feeds[enqueue_op]), enqueue_op, coord)

    def to_proto(self, export_scope=None):
        raise NotImplementedError("%s does not support serialization to proto." % type(self).__name__)


class _Feeding:
    """A session whose callables feed what a function gives; to a `QueueRunner` it counts as the session itself."""

    def __init__(self, session, feed):
        self._session, self._feed = session, feed

    def make_callable(self, op):
        return lambda: self._session.run(op, feed_dict=self._feed())

    def run(self, *args):
        return self._session.run(*args)

    def __eq__(self, other):
        return other is self._session or (isinstance(other, _Feeding) and other._session is self._session)

    def __hash__(self):
        return hash(self._session)


class _Batches:
    """Gives the feeds of one batch of rows after the other, round and round.

    Args:
      placeholders: one for the rows' numbers and one for each column.
      columns: a list of arrays.
      index: what stands for the rows' numbers; None for the numbers.
      batch_size: how many rows.
      random_start: whether to begin anywhere.
      seed: for that.
      num_epochs: how many rounds; None for no end.
    """

    def __init__(self, placeholders, columns, index, batch_size, random_start, seed, num_epochs):
        self._placeholders, self._columns, self._index = placeholders, columns, index
        self._length = len(columns[0]) if columns else len(index)
        if any(len(c) != self._length for c in columns):
            raise ValueError("Array lengths must match.")
        self._batch_size, self._num_epochs, self._epoch = batch_size, num_epochs, 0
        random.seed(seed)
        self._next = random.randrange(self._length) if random_start else 0
        self._last = (self._next - 1) % self._length

    def __call__(self):
        rows = self._rows()
        self._next = (rows[-1] + 1) % self._length
        values = [rows if self._index is None else self._index[rows]] + [c[rows] for c in self._columns]
        return dict(zip(self._placeholders, values))

    def _rows(self):
        if self._num_epochs is not None and self._epoch >= self._num_epochs:
            raise OutOfRangeError(None, None, "Already emitted %s epochs." % self._epoch)
        rows = [j % self._length for j in range(self._next, self._next + self._batch_size)]
        ends = [i for i, row in enumerate(rows) if row == self._last]
        self._epoch += len(ends)
        if self._num_epochs is not None and self._epoch >= self._num_epochs:
            rows = rows[: ends[-(self._epoch - self._num_epochs + 1)] + 1]
            self._epoch = self._num_epochs
        return rows


def _parts(data):
    """The types and shapes of the queue's parts, the columns and what stands for the rows' numbers."""
    if isinstance(data, collections.OrderedDict):
        columns = list(data.values())
        return [dtypes.int64, *[dtypes.as_dtype(c.dtype) for c in columns]], [(), *[c.shape[1:] for c in columns]], columns, None
    columns = [data[name].values for name in data.columns]
    types = [dtypes.as_dtype(t) if isinstance(t, np.dtype) else dtypes.string for t in [data.index.dtype, *data.dtypes]]
    return types, [() for _ in types], columns, data.index.values


def enqueue_data(data, capacity, shuffle, num_threads, enqueue_size, num_epochs, min_after_dequeue=None, seed=None):
    """A queue of rows that threads fill.

    Args:
      data: an ordered dictionary of arrays, or a data frame.
      capacity: how many rows the queue has room for.
      shuffle: whether they come in random order.
      num_threads: how many threads fill it.
      enqueue_size: how many rows at once.
      num_epochs: how many rounds; None for no end.
      min_after_dequeue: how many rows must be there to choose from.
      seed: for the order.
    """
    with name_scope("enqueue_input"):
        types, shapes, columns, index = _parts(data)
        if num_threads > 1 and num_epochs is not None:
            logging.warning("enqueue_data was called with num_epochs and num_threads > 1. num_epochs is applied per thread, so "
                            "this will produce more epochs than you probably intend. If you want to limit epochs, use one "
                            "thread.")  # fmt: skip
        if shuffle:
            min_after_dequeue = int(capacity / 4 if min_after_dequeue is None else min_after_dequeue)
            queue = tf.queue.RandomShuffleQueue(capacity, min_after_dequeue, dtypes=types, shapes=shapes, seed=seed)
        else:
            min_after_dequeue = 0
            queue = tf.queue.FIFOQueue(capacity, dtypes=types, shapes=shapes)
        enqueue_ops, feeds = [], []
        for i in range(num_threads):
            placeholders = [tf.placeholder(t) for t in types]
            enqueue_ops.append(queue.enqueue_many(placeholders))
            its_seed = None if seed is None else (i + 1) * seed
            feeds.append(_Batches(placeholders, columns, index, enqueue_size, shuffle, its_seed, num_epochs))
        add_queue_runner(_FeedingQueueRunner(queue, enqueue_ops, feeds))
        room = capacity - min_after_dequeue
        full = tf.cast(tf.maximum(0, queue.size() - min_after_dequeue), dtypes.float32) * (1.0 / room)
        tf.summary.scalar("queue/%sfraction_over_%d_of_%d_full" % (queue.name, min_after_dequeue, room), full)
        return queue
