"""Texts as words and numbers."""

import collections
import hashlib
import json
import warnings

import numpy as np

from ...core.export import export

_FILTERS = '!"#$%&()*+,-./:;<=>?@[\\]^_`{|}~\t\n'


@export("keras.preprocessing.text.text_to_word_sequence")
def text_to_word_sequence(text, filters=_FILTERS, lower=True, split=" "):
    """The words of a text, a list.

    Args:
      text: the text.
      filters: characters that are left out.
      lower: whether all is made lower case.
      split: what separates words.
    """
    text = (text.lower() if lower else text).translate(str.maketrans(dict.fromkeys(filters, split)))
    return [word for word in text.split(split) if word]


@export("keras.preprocessing.text.one_hot")
def one_hot(text, n, filters=_FILTERS, lower=True, split=" "):
    """The words of a text as numbers below `n` by Python's hash; arguments as of `text_to_word_sequence`."""
    return hashing_trick(text, n, hash, filters, lower, split)


@export("keras.preprocessing.text.hashing_trick")
def hashing_trick(text, n, hash_function=None, filters=_FILTERS, lower=True, split=" "):
    """The words of a text as numbers by a hash.

    Args:
      text: the text.
      n: the numbers are between 1 and this.
      hash_function: a function of words, "md5", or None for Python's.
      filters, lower, split: as of `text_to_word_sequence`.
    """
    if hash_function is None:
        hash_function = hash
    elif hash_function == "md5":

        def hash_function(word):
            return int(hashlib.md5(word.encode()).hexdigest(), 16)

    return [hash_function(word) % (n - 1) + 1 for word in text_to_word_sequence(text, filters, lower, split)]


@export("keras.preprocessing.text.Tokenizer")
class Tokenizer:
    """Numbers for the words of texts, the most frequent first.

    Args:
      num_words: only smaller numbers are used; None for all.
      filters, lower, split: as of `text_to_word_sequence`.
      char_level: whether characters are the words.
      oov_token: the word for those that are not known.
      document_count: how many texts were seen already.
    """

    def __init__(self, num_words=None, filters=_FILTERS, lower=True, split=" ", char_level=False, oov_token=None, document_count=0,
                 **kwargs):  # fmt: skip
        if "nb_words" in kwargs:
            warnings.warn("The `nb_words` argument in `Tokenizer` has been renamed `num_words`.", stacklevel=2)
            num_words = kwargs.pop("nb_words")
        if kwargs:
            raise TypeError("Unrecognized keyword arguments: " + str(kwargs))
        self.num_words, self.filters, self.lower, self.split = num_words, filters, lower, split
        self.char_level, self.oov_token, self.document_count = char_level, oov_token, document_count
        self.word_counts = collections.OrderedDict()
        self.word_docs, self.index_docs = collections.defaultdict(int), collections.defaultdict(int)
        self.word_index, self.index_word = {}, {}

    def _words(self, text):
        if self.char_level or isinstance(text, list):
            if not self.lower:
                return text
            return [word.lower() for word in text] if isinstance(text, list) else text.lower()
        return text_to_word_sequence(text, self.filters, self.lower, self.split)

    def fit_on_texts(self, texts):
        """Gives the words of texts numbers."""
        for text in texts:
            self.document_count += 1
            words = self._words(text)
            for word in words:
                self.word_counts[word] = self.word_counts.get(word, 0) + 1
            for word in set(words):
                self.word_docs[word] += 1
        counts = sorted(self.word_counts.items(), key=lambda pair: pair[1], reverse=True)
        words = ([] if self.oov_token is None else [self.oov_token]) + [word for word, _ in counts]
        self.word_index = dict(zip(words, range(1, len(words) + 1)))
        self.index_word = {i: word for word, i in self.word_index.items()}
        for word, count in self.word_docs.items():
            self.index_docs[self.word_index[word]] = count

    def fit_on_sequences(self, sequences):
        """Counts the numbers of texts that are sequences already."""
        self.document_count += len(sequences)
        for sequence in sequences:
            for i in set(sequence):
                self.index_docs[i] += 1

    def texts_to_sequences(self, texts):
        """Texts as lists of numbers."""
        return list(self.texts_to_sequences_generator(texts))

    def texts_to_sequences_generator(self, texts):
        """Texts as lists of numbers, one after the other."""
        unknown = self.word_index.get(self.oov_token)
        for text in texts:
            found = []
            for word in self._words(text):
                i = self.word_index.get(word)
                if i is not None and not (self.num_words and i >= self.num_words):
                    found.append(i)
                elif i is None and self.oov_token is not None or i is not None and unknown is not None:
                    found.append(unknown)
            yield found

    def sequences_to_texts(self, sequences):
        """Lists of numbers as texts."""
        return list(self.sequences_to_texts_generator(sequences))

    def sequences_to_texts_generator(self, sequences):
        """Lists of numbers as texts, one after the other."""
        unknown = self.word_index.get(self.oov_token)
        for sequence in sequences:
            found = []
            for i in sequence:
                word = self.index_word.get(i)
                if word is not None and not (self.num_words and i >= self.num_words):
                    found.append(word)
                elif word is None and self.oov_token is not None or word is not None and unknown is not None:
                    found.append(self.index_word[unknown])
            yield " ".join(found)

    def texts_to_matrix(self, texts, mode="binary"):
        """Texts as rows of a matrix; `mode` as of `sequences_to_matrix`."""
        return self.sequences_to_matrix(self.texts_to_sequences(texts), mode=mode)

    def sequences_to_matrix(self, sequences, mode="binary"):
        """Lists of numbers as rows of a matrix with a column for each word.

        Args:
          sequences: the lists.
          mode: "binary", "count", "freq" or "tfidf".

        Raises:
          ValueError: how many words there are is not known, or the mode.
        """
        if not self.num_words and not self.word_index:
            raise ValueError("Specify a dimension (`num_words` argument), or fit on some text data first.")
        width = self.num_words or len(self.word_index) + 1
        if mode == "tfidf" and not self.document_count:
            raise ValueError("Fit the Tokenizer on some data before using tfidf mode.")
        found = np.zeros((len(sequences), width))
        for row, sequence in zip(found, sequences):
            for j, count in collections.Counter(i for i in sequence if i < width).items():
                if mode == "count":
                    row[j] = count
                elif mode == "freq":
                    row[j] = count / len(sequence)
                elif mode == "binary":
                    row[j] = 1
                elif mode == "tfidf":
                    row[j] = (1 + np.log(count)) * np.log(1 + self.document_count / (1 + self.index_docs.get(j, 0)))
                else:
                    raise ValueError("Unknown vectorization mode:", mode)
        return found

    def get_config(self):
        """The arguments and what was counted, as JSON."""
        names = ("num_words", "filters", "lower", "split", "char_level", "oov_token", "document_count")
        counted = ("word_counts", "word_docs", "index_docs", "index_word", "word_index")
        return {**{n: getattr(self, n) for n in names}, **{n: json.dumps(getattr(self, n)) for n in counted}}

    def to_json(self, **kwargs):
        """The configuration as a string; `kwargs` go to `json.dumps`."""
        return json.dumps({"class_name": type(self).__name__, "config": self.get_config()}, **kwargs)


@export("keras.preprocessing.text.tokenizer_from_json")
def tokenizer_from_json(json_string):
    """A `Tokenizer` from what `to_json` gave."""
    config = json.loads(json_string)["config"]
    counted = {n: json.loads(config.pop(n)) for n in ("word_counts", "word_docs", "index_docs", "index_word", "word_index")}
    tokenizer = Tokenizer(**config)
    for name, values in counted.items():
        setattr(tokenizer, name, {int(i): v for i, v in values.items()} if name.startswith("index_") else values)
    return tokenizer
