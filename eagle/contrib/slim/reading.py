"""Data as slim reads it: datasets of files, readers side by side, decoders of examples, queues filled ahead."""

from ...core import dtypes
from ...core.export import export, public as tf
from ...core.scopes import name_scope
from ...core.sparse_tensor import SparseTensor as CoreSparseTensor


def _names(module, name):
    return "contrib.slim.%s.%s" % (module, name), "contrib.slim.python.slim.data.%s.%s" % (module, name)


@export(*_names("dataset", "Dataset"))
class Dataset:
    """What a dataset consists of.

    Args:
      data_sources: files, a list or a pattern.
      reader: the class of what reads records.
      decoder: a `DataDecoder`.
      num_samples: how many examples there are.
      items_to_descriptions: a dictionary from names to descriptions.
      **kwargs: more attributes.
    """

    def __init__(self, data_sources, reader, decoder, num_samples, items_to_descriptions, **kwargs):
        self.data_sources = data_sources
        self.reader = reader
        self.decoder = decoder
        self.num_samples = num_samples
        self.items_to_descriptions = items_to_descriptions
        self.__dict__.update(kwargs)


@export(*_names("data_provider", "DataProvider"))
class DataProvider:
    """The base of what gives the tensors of an example by names.

    Args:
      items_to_tensors: a dictionary from names to tensors.
      num_samples: how many examples there are.
    """

    def __init__(self, items_to_tensors, num_samples):
        self._items_to_tensors = items_to_tensors
        self._num_samples = num_samples

    def get(self, items):
        """The tensors of some names, a list; raises ValueError if one is not known."""
        if not isinstance(items, list | tuple):
            raise ValueError("items must be a list or tuple")
        for item in items:
            if item not in self.list_items():
                raise ValueError("Item [%s] is invalid. Valid entries include: %s" % (item, self.list_items()))
        return [self._items_to_tensors[item] for item in items]

    def list_items(self):
        """The names."""
        return self._items_to_tensors.keys()

    def num_samples(self):
        """How many examples there are."""
        return self._num_samples


@export(*_names("dataset_data_provider", "DatasetDataProvider"))
class DatasetDataProvider(DataProvider):
    """Gives the tensors of the examples of a dataset.

    Args:
      dataset: a `Dataset`.
      num_readers, reader_kwargs, shuffle, num_epochs, common_queue_capacity, common_queue_min, seed, scope: as of `parallel_read`.
      record_key: the name of the record's key among the items.

    Raises:
      ValueError: the dataset has an item of that name.
    """

    def __init__(self, dataset, num_readers=1, reader_kwargs=None, shuffle=True, num_epochs=None, common_queue_capacity=256,
                 common_queue_min=128, record_key="record_key", seed=None, scope=None):  # fmt: skip
        key, data = parallel_read(
            dataset.data_sources, reader_class=dataset.reader, num_epochs=num_epochs, num_readers=num_readers,
            reader_kwargs=reader_kwargs, shuffle=shuffle, capacity=common_queue_capacity, min_after_dequeue=common_queue_min,
            seed=seed, scope=scope,
        )  # fmt: skip
        items = dataset.decoder.list_items()
        tensors = dict(zip(items, dataset.decoder.decode(data, items)))
        if record_key in tensors:
            raise ValueError("The item name used for `record_key` cannot also be used for a dataset item: %s", record_key)
        tensors[record_key] = key
        super().__init__(items_to_tensors=tensors, num_samples=dataset.num_samples)


# ------------------------------------------------------------------------------------------------------------------ readers


@export(*_names("parallel_reader", "ParallelReader"))
class ParallelReader:
    """Readers side by side that fill one queue.

    Args:
      reader_class: the class of the readers.
      common_queue: the queue, of pairs of strings.
      num_readers: how many readers there are.
      reader_kwargs: their arguments.

    Raises:
      TypeError: the queue holds something else.
    """

    def __init__(self, reader_class, common_queue, num_readers=4, reader_kwargs=None):
        if len(common_queue.dtypes) != 2 or not all(d.is_compatible_with(dtypes.string) for d in common_queue.dtypes):
            raise TypeError("common_queue.dtypes must be [tf.string, tf.string]")
        self._readers = [reader_class(**(reader_kwargs or {})) for _ in range(num_readers)]
        self._common_queue = common_queue

    @property
    def num_readers(self):
        return len(self._readers)

    @property
    def common_queue(self):
        return self._common_queue

    def read(self, queue, name=None):
        """The next pair of key and value of the files that come from a queue."""
        self._fill_from(queue)
        return self._common_queue.dequeue(name=name)

    def read_up_to(self, queue, num_records, name=None):
        """The next pairs, at most `num_records`."""
        self._fill_from(queue)
        return self._common_queue.dequeue_up_to(num_records, name)

    def _fill_from(self, queue):
        operations = [self._common_queue.enqueue(reader.read(queue)) for reader in self._readers]
        tf.train.add_queue_runner(tf.train.QueueRunner(self._common_queue, operations))

    def num_records_produced(self, name=None):
        """How many records have been read."""
        return tf.add_n([r.num_records_produced() for r in self._readers], name=name)

    def num_work_units_completed(self, name=None):
        """How many files have been read."""
        return tf.add_n([r.num_work_units_completed() for r in self._readers], name=name)


@export(*_names("parallel_reader", "parallel_read"))
def parallel_read(data_sources, reader_class, num_epochs=None, num_readers=4, reader_kwargs=None, shuffle=True, dtypes=None,
                  capacity=256, min_after_dequeue=128, seed=None, scope=None):  # fmt: skip
    """The key and the value of the next record, from several readers.

    Args:
      data_sources: files, a list or a pattern.
      reader_class, reader_kwargs: what reads records, and its arguments.
      num_epochs: how many times to read all; None for ever.
      num_readers: how many readers there are.
      shuffle: whether files and records are mixed.
      dtypes: the types of key and value, strings by default.
      capacity, min_after_dequeue: of the queue.
      seed: the seed.
      scope: the name scope.
    """
    files = get_data_files(data_sources)
    with name_scope(scope, "parallel_read"):
        names = tf.train.string_input_producer(files, num_epochs=num_epochs, shuffle=shuffle, seed=seed, name="filenames")
        types = dtypes or [tf.string, tf.string]
        if shuffle:
            queue = tf.RandomShuffleQueue(capacity=capacity, min_after_dequeue=min_after_dequeue, dtypes=types, seed=seed,
                                          name="common_queue")  # fmt: skip
        else:
            queue = tf.FIFOQueue(capacity=capacity, dtypes=types, name="common_queue")
        _summarize_fill(queue, capacity)
        return ParallelReader(reader_class, queue, num_readers=num_readers, reader_kwargs=reader_kwargs).read(names)


def _summarize_fill(queue, capacity):
    tf.summary.scalar("fraction_of_%d_full" % capacity, tf.cast(queue.size(), dtypes.float32) * (1.0 / capacity))


@export(*_names("parallel_reader", "single_pass_read"))
def single_pass_read(data_sources, reader_class, reader_kwargs=None, scope=None):
    """The key and the value of the next record, each once and in order; arguments as of `parallel_read`."""
    files = get_data_files(data_sources)
    with name_scope(scope, "single_pass_read"):
        names = tf.train.string_input_producer(files, num_epochs=1, shuffle=False, capacity=1, name="filenames")
        return reader_class(**(reader_kwargs or {})).read(names)


@export(*_names("parallel_reader", "get_data_files"))
def get_data_files(data_sources):
    """The files that a list or a pattern stands for; raises ValueError if there are none."""
    if isinstance(data_sources, list | tuple):
        files = [f for source in data_sources for f in get_data_files(source)]
    elif any(c in data_sources for c in "*?["):
        files = tf.gfile.Glob(data_sources)
    else:
        files = [data_sources]
    if not files:
        raise ValueError("No data files found in %s" % (data_sources,))
    return files


@export(*_names("prefetch_queue", "prefetch_queue"))
def prefetch_queue(tensors, capacity=8, num_threads=1, dynamic_pad=False, shared_name=None, name=None):
    """A queue that is filled ahead with tensors.

    Args:
      tensors: a list of tensors, or a dictionary.
      capacity: how many of them the queue holds.
      num_threads: how many threads fill it.
      dynamic_pad: whether tensors may have other sizes, and are padded.
      shared_name: the name by which sessions share it.
      name: the name scope.
    """
    names = sorted(tensors) if isinstance(tensors, dict) else None
    flat = [tensors[n] for n in names] if names is not None else tensors
    with name_scope(name, "prefetch_queue", flat):
        kind = tf.PaddingFIFOQueue if dynamic_pad else tf.FIFOQueue
        queue = kind(capacity=capacity, dtypes=[t.dtype for t in flat], shapes=[t.get_shape() for t in flat], names=names,
                     shared_name=shared_name)  # fmt: skip
        operation = queue.enqueue(tensors)
        tf.train.add_queue_runner(tf.train.QueueRunner(queue, [operation] * num_threads))
        _summarize_fill(queue, capacity)
        return queue


# ----------------------------------------------------------------------------------------------------------------- decoders


@export(*_names("data_decoder", "DataDecoder"))
class DataDecoder:
    """The base of what makes items of data."""

    def decode(self, data, items):
        """The tensors of some items, a list."""
        raise NotImplementedError

    def list_items(self):
        """The names of the items."""
        raise NotImplementedError


@export(*_names("tfexample_decoder", "ItemHandler"))
class ItemHandler:
    """The base of what makes an item of features.

    Args:
      keys: the names of the features, one or a list.
    """

    def __init__(self, keys):
        self._keys = keys if isinstance(keys, tuple | list) else [keys]

    @property
    def keys(self):
        """The names of the features."""
        return self._keys

    def tensors_to_item(self, keys_to_tensors):
        """The item, from a dictionary of the features."""
        raise NotImplementedError


@export(*_names("tfexample_decoder", "ItemHandlerCallback"))
class ItemHandlerCallback(ItemHandler):
    """An item that a function makes.

    Args:
      keys: the names of the features.
      func: a function of a dictionary of them.
    """

    def __init__(self, keys, func):
        super().__init__(keys)
        self._func = func

    def tensors_to_item(self, keys_to_tensors):
        return self._func(keys_to_tensors)


@export(*_names("tfexample_decoder", "BoundingBox"))
class BoundingBox(ItemHandler):
    """Boxes, a matrix with four columns.

    Args:
      keys: the names of the four sides.
      prefix: what stands before each.

    Raises:
      ValueError: there are not four.
    """

    def __init__(self, keys=None, prefix=""):
        keys = ["ymin", "xmin", "ymax", "xmax"] if keys is None else keys
        if len(keys) != 4:
            raise ValueError("BoundingBox expects 4 keys but got %d" % len(keys))
        super().__init__([prefix + k for k in keys])

    def tensors_to_item(self, keys_to_tensors):
        sides = [keys_to_tensors[key] for key in self._keys]
        sides = [tf.expand_dims(s.values if isinstance(s, CoreSparseTensor) else s, 0) for s in sides]
        return tf.transpose(tf.concat(sides, 0))


@export(*_names("tfexample_decoder", "Tensor"))
class Tensor(ItemHandler):
    """A feature as a tensor.

    Args:
      tensor_key: the name of the feature.
      shape_keys: the names of features that tell the shape, or None.
      shape: the shape, or None.
      default_value: what stands where a sparse feature has nothing.

    Raises:
      ValueError: both forms of a shape are given.
    """

    def __init__(self, tensor_key, shape_keys=None, shape=None, default_value=0):
        if shape_keys and shape is not None:
            raise ValueError("Cannot specify both shape_keys and shape parameters.")
        if shape_keys and not isinstance(shape_keys, list):
            shape_keys = [shape_keys]
        self._tensor_key = tensor_key
        self._shape_keys = shape_keys
        self._shape = shape
        self._default_value = default_value
        super().__init__([tensor_key, *(shape_keys or ())])

    def tensors_to_item(self, keys_to_tensors):
        tensor, shape = keys_to_tensors[self._tensor_key], self._shape
        if self._shape_keys:
            sizes = [keys_to_tensors[k] for k in self._shape_keys]
            sizes = [tf.sparse.to_dense(s) if isinstance(s, CoreSparseTensor) else s for s in sizes]
            shape = tf.reshape(tf.stack(sizes), [-1])
        if isinstance(tensor, CoreSparseTensor):
            if shape is not None:
                tensor = tf.sparse.reshape(tensor, shape)
            return tf.sparse.to_dense(tensor, self._default_value)
        return tensor if shape is None else tf.reshape(tensor, shape)


@export(*_names("tfexample_decoder", "LookupTensor"))
class LookupTensor(Tensor):
    """As `Tensor`, looked up in a table."""

    def __init__(self, tensor_key, table, shape_keys=None, shape=None, default_value=""):
        self._table = table
        super().__init__(tensor_key, shape_keys, shape, default_value)

    def tensors_to_item(self, keys_to_tensors):
        return self._table.lookup(super().tensors_to_item(keys_to_tensors))


@export(*_names("tfexample_decoder", "BackupHandler"))
class BackupHandler(ItemHandler):
    """An item that one handler makes, or another one if it is empty.

    Args:
      handler, backup: the two.

    Raises:
      ValueError: one is no `ItemHandler`.
    """

    def __init__(self, handler, backup):
        for name, thing in (("Primary", handler), ("Backup", backup)):
            if not isinstance(thing, ItemHandler):
                raise ValueError("%s handler is of type %s instead of ItemHandler" % (name, type(thing)))
        self._handler, self._backup = handler, backup
        super().__init__(handler.keys + backup.keys)

    def tensors_to_item(self, keys_to_tensors):
        item = self._handler.tensors_to_item(keys_to_tensors)
        return tf.cond(
            tf.equal(tf.reduce_prod(tf.shape(item)), 0), true_fn=lambda: self._backup.tensors_to_item(keys_to_tensors),
            false_fn=lambda: item,
        )  # fmt: skip


@export(*_names("tfexample_decoder", "SparseTensor"))
class SparseTensor(ItemHandler):
    """A sparse tensor whose last indices are one feature and whose values are another.

    Args:
      indices_key, values_key, shape_key: the names of the features.
      shape: the shape, if it is no feature.
      densify: whether to make it dense.
      default_value: what stands where it has nothing.
    """

    def __init__(self, indices_key=None, values_key=None, shape_key=None, shape=None, densify=False, default_value=0):
        self._indices_key, self._values_key = indices_key or "indices", values_key or "values"
        self._shape_key = shape_key
        self._shape = shape
        self._densify = densify
        self._default_value = default_value
        super().__init__([self._indices_key, self._values_key] + ([shape_key] if shape_key else []))

    def tensors_to_item(self, keys_to_tensors):
        indices, values = keys_to_tensors[self._indices_key], keys_to_tensors[self._values_key]
        shape = indices.dense_shape
        if self._shape_key:
            shape = keys_to_tensors[self._shape_key]
            if isinstance(shape, CoreSparseTensor):
                shape = tf.sparse.to_dense(shape)
        elif self._shape:
            shape = self._shape
        rank = tf.shape(indices.indices)[1]
        ids = tf.cast(indices.values, dtypes.int64)
        kept = tf.slice(indices.indices, [0, 0], tf.stack([-1, rank - 1]))
        tensor = CoreSparseTensor(tf.concat([kept, tf.reshape(ids, [-1, 1])], 1), values.values, shape)
        return tf.sparse.to_dense(tensor, self._default_value) if self._densify else tensor


@export(*_names("tfexample_decoder", "Image"))
class Image(ItemHandler):
    """An image, decoded.

    Args:
      image_key, format_key: the names of the features of the image and its format, by default "image/encoded", "image/format".
      shape: the shape, or None.
      channels: how many channels there are.
      dtype: the type of the pixels.
      repeated: whether there are several images.
      dct_method: how JPEG images are decoded.
    """

    def __init__(self, image_key=None, format_key=None, shape=None, channels=3, dtype=dtypes.uint8, repeated=False,
                 dct_method=""):  # fmt: skip
        self._image_key, self._format_key = image_key or "image/encoded", format_key or "image/format"
        super().__init__([self._image_key, self._format_key])
        self._shape = shape
        self._channels = channels
        self._dtype = dtype
        self._repeated = repeated
        self._dct_method = dct_method

    def tensors_to_item(self, keys_to_tensors):
        data, kind = keys_to_tensors[self._image_key], keys_to_tensors[self._format_key]
        if self._repeated:
            return tf.map_fn(lambda x: self._decode(x, kind), data, dtype=self._dtype)
        return self._decode(data, kind)

    def _decode(self, data, kind):
        def jpeg():
            return tf.cast(tf.image.decode_jpeg(data, channels=self._channels, dct_method=self._dct_method), self._dtype)

        def any_kind():
            return tf.cast(tf.image.decode_image(data, channels=self._channels), self._dtype)

        is_raw = tf.logical_or(tf.equal(kind, "raw"), tf.equal(kind, "RAW"))
        image = tf.case(
            [(is_raw, lambda: tf.decode_raw(data, out_type=self._dtype))],
            default=lambda: tf.cond(tf.image.is_jpeg(data), jpeg, any_kind, name="cond_jpeg"), exclusive=True,
        )  # fmt: skip
        image.set_shape([None, None, self._channels])
        return image if self._shape is None else tf.reshape(image, self._shape)


@export(*_names("tfexample_decoder", "TFExampleDecoder"))
class TFExampleDecoder(DataDecoder):
    """Items of serialized `tf.train.Example`s.

    Args:
      keys_to_features: a dictionary from names of features to their kinds, as of `tf.parse_single_example`.
      items_to_handlers: a dictionary from names of items to `ItemHandler`s.
    """

    def __init__(self, keys_to_features, items_to_handlers):
        self._keys_to_features = keys_to_features
        self._items_to_handlers = items_to_handlers

    def list_items(self):
        """The names of the items."""
        return list(self._items_to_handlers)

    def decode(self, serialized_example, items=None):
        """The tensors of some items, by default all, a list."""
        example = tf.parse_single_example(serialized_example, self._keys_to_features)
        for key in sorted(self._keys_to_features):
            feature = self._keys_to_features[key]
            if isinstance(feature, tf.FixedLenFeature):
                example[key] = tf.reshape(example[key], feature.shape)
        handlers = [self._items_to_handlers[item] for item in items or self._items_to_handlers]
        return [h.tensors_to_item({key: example[key] for key in h.keys}) for h in handlers]
