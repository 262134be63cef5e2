"""`tf.contrib.crf` against sums over all sequences of tags."""

import itertools

import numpy as np

import eagle as tf

crf = tf.contrib.crf


def _score(x, tags, transitions):
    return sum(x[i, t] for i, t in enumerate(tags)) + sum(transitions[a, b] for a, b in zip(tags, tags[1:]))


def test_sums_and_best_sequences():
    rng = np.random.RandomState(0)
    for length in (1, 4):
        x, transitions = rng.randn(3, length, 3).astype(np.float32), rng.randn(3, 3).astype(np.float32)
        lengths = np.array([length, max(length - 2, 1), length], np.int32)
        tags = rng.randint(0, 3, (3, length)).astype(np.int32)
        with tf.Graph().as_default(), tf.Session() as session:
            inputs = tf.placeholder(tf.float32, [None, None, 3])
            given, parameters = tf.placeholder(tf.int32, [None, None]), tf.constant(transitions)
            fetches = [crf.crf_log_likelihood(inputs, given, lengths, parameters)[0], *crf.crf_decode(inputs, parameters, lengths)]
            likelihood, decoded, best = session.run(fetches, {inputs: x, given: tags})
        for i, n in enumerate(lengths):
            scores = {t: _score(x[i], t, transitions) for t in itertools.product(range(3), repeat=int(n))}
            norm = np.log(np.sum(np.exp(list(scores.values()))))
            assert np.isclose(likelihood[i], scores[tuple(tags[i, :n])] - norm, atol=1e-4)
            assert np.isclose(best[i], max(scores.values()), atol=1e-4)
            assert tuple(decoded[i, :n]) == max(scores, key=scores.get)
            assert crf.viterbi_decode(x[i, :n], transitions)[0] == list(decoded[i, :n])
