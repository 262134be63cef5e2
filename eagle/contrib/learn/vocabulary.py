"""`tf.contrib.learn.preprocessing`: texts as numbers of words."""

import collections
import pickle
import re

import numpy as np

from ...core.export import export
from ...platform import gfile

_TOKEN = re.compile(r"[A-Z]{2,}(?![a-z])|[A-Z][a-z]+(?=[A-Z])|[\'\w\-]+", re.UNICODE)


def _export(name, module="text"):
    return export("contrib.learn.preprocessing." + name, "contrib.learn.python.learn.preprocessing.%s.%s" % (module, name))


@_export("tokenizer")
def tokenizer(iterator):
    """The words of each of some texts, as lists."""
    for value in iterator:
        yield _TOKEN.findall(value)


@_export("ByteProcessor")
class ByteProcessor:
    """Texts as their bytes.

    Args:
      max_document_length: how many bytes of each text; shorter texts are filled up with zeros.
    """

    def __init__(self, max_document_length):
        self.max_document_length = max_document_length

    def fit(self, x):
        """Does nothing: there is nothing to learn."""

    def fit_transform(self, x):
        """The same as `transform`."""
        return self.transform(x)

    def reverse(self, x):
        """The texts of arrays of bytes."""
        for data in x:
            document = np.trim_zeros(data.astype(np.int8), trim="b").tobytes()
            try:
                yield document.decode("utf-8")
            except UnicodeDecodeError:
                yield ""

    def transform(self, x):
        """Arrays of bytes."""
        for document in x:
            document = document.encode("utf-8") if isinstance(document, str) else document
            data = np.frombuffer(document[: self.max_document_length], dtype=np.uint8)
            yield np.pad(data, (0, self.max_document_length - len(data)), "constant")


@export("contrib.learn.python.learn.preprocessing.categorical_vocabulary.CategoricalVocabulary",
        "contrib.learn.preprocessing.CategoricalVocabulary")  # fmt: skip
class CategoricalVocabulary:
    """Numbers of words, in the order in which they come; 0 is any other word.

    Args:
      unknown_token: the word that stands for other words.
      support_reverse: whether numbers can be turned into words.
    """

    def __init__(self, unknown_token="<UNK>", support_reverse=True):
        self._unknown_token, self._support_reverse = unknown_token, support_reverse
        self._forget()
        self._freq = collections.defaultdict(int)
        self._freeze = False

    def _forget(self):
        self._mapping, self._reverse_mapping = {self._unknown_token: 0}, [self._unknown_token]

    def _learn(self, category):
        self._mapping[category] = len(self._mapping)
        self._reverse_mapping.append(category)

    def __len__(self):
        return len(self._mapping)

    def freeze(self, freeze=True):
        """Whether new words are unknown words from now on."""
        self._freeze = freeze

    def get(self, category):
        """The number of a word, which gets one if it has none."""
        if category not in self._mapping:
            if self._freeze:
                return 0
            self._learn(category)
        return self._mapping[category]

    def add(self, category, count=1):
        """Counts a word."""
        if self.get(category) > 0:
            self._freq[category] += count

    def trim(self, min_frequency, max_frequency=-1):
        """Keeps words that occur more than `min_frequency` and less than `max_frequency` times, the most frequent first."""
        by_name = sorted(self._freq.items(), key=lambda item: (isinstance(item[0], str), item[0]))
        by_count = sorted(by_name, key=lambda item: item[1], reverse=True)
        self._forget()
        for category, count in by_count:
            if count <= min_frequency:
                break
            if max_frequency <= 0 or count < max_frequency:
                self._learn(category)
        self._freq = dict(by_count[: len(self._mapping) - 1])

    def reverse(self, class_id):
        """The word with a number; raises ValueError if the vocabulary does not support it."""
        if not self._support_reverse:
            raise ValueError("This vocabulary wasn't initialized with support_reverse to support reverse() function.")
        return self._reverse_mapping[class_id]


@_export("VocabularyProcessor")
class VocabularyProcessor:
    """Texts as arrays of numbers of words.

    Args:
      max_document_length: how many words of each text; shorter texts are filled up with zeros.
      min_frequency: words that don't occur more often are unknown words.
      vocabulary: a `CategoricalVocabulary`.
      tokenizer_fn: a function from texts to lists of words.
    """

    def __init__(self, max_document_length, min_frequency=0, vocabulary=None, tokenizer_fn=None):
        self.max_document_length, self.min_frequency = max_document_length, min_frequency
        self.vocabulary_ = vocabulary or CategoricalVocabulary()
        self._tokenizer = tokenizer_fn or tokenizer

    def fit(self, raw_documents, unused_y=None):
        """Learns the words of texts."""
        for tokens in self._tokenizer(raw_documents):
            for token in tokens:
                self.vocabulary_.add(token)
        if self.min_frequency > 0:
            self.vocabulary_.trim(self.min_frequency)
        self.vocabulary_.freeze()
        return self

    def fit_transform(self, raw_documents, unused_y=None):
        """Learns the words of texts, and gives their arrays."""
        return self.fit(raw_documents).transform(raw_documents)

    def transform(self, raw_documents):
        """The arrays of texts, one after the other."""
        for tokens in self._tokenizer(raw_documents):
            ids = np.zeros(self.max_document_length, np.int64)
            for i, token in enumerate(tokens[: self.max_document_length]):
                ids[i] = self.vocabulary_.get(token)
            yield ids

    def reverse(self, documents):
        """The texts of arrays."""
        for item in documents:
            yield " ".join(self.vocabulary_.reverse(i) for i in item)

    def save(self, filename):
        """Writes this processor, as a pickle."""
        with gfile.GFile(filename, "wb") as f:
            f.write(pickle.dumps(self))

    @classmethod
    def restore(cls, filename):
        """Reads a processor that was written; run no files from people you don't trust: it is a pickle."""
        with gfile.GFile(filename, "rb") as f:
            return pickle.loads(f.read())
