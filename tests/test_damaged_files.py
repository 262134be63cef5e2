"""Thousands of damaged files of all formats: refused by the right error or read as far as they are sound (see tools/damage.py)."""

import resource
import time

import damage
import pytest

import eagle as tf

COUNT, SECONDS, KILOBYTES = 60, 5, 200 << 10


@pytest.mark.parametrize("kind", damage.FORMATS, ids=[f.name for f in damage.FORMATS])
def test_damaged(kind, tmp_path):
    before, faults = tf.logging.get_verbosity(), []
    tf.logging.set_verbosity(tf.logging.FATAL)
    try:
        sound = kind(tf, tmp_path)
        original = sound.read()
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for seed in range(COUNT):
            began = time.process_time()
            found = damage.attempt(sound, original, seed)
            if found.fault:
                faults.append((seed, found.fault, found.kind, found.message[:200]))
            assert time.process_time() - began < SECONDS, seed
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss < most + KILOBYTES
    finally:
        tf.logging.set_verbosity(before)
    assert not faults
    assert damage.same(sound.read(), original)  # nothing of a damaged file is left
