"""`tf.contrib.learn`: texts as numbers, and configurations."""

import numpy as np

import eagle as tf

learn = tf.contrib.learn


def test_texts_as_numbers(tmp_path):
    texts = ["I'm a well-known cat", "A cat sat on a mat and a DNAtest", "cat"]
    processor = learn.preprocessing.VocabularyProcessor(4)
    found = np.array(list(processor.fit_transform(texts)))
    assert found.tolist() == [[1, 2, 3, 4], [5, 4, 6, 7], [4, 0, 0, 0]]
    assert list(processor.reverse(found[1:])) == ["A cat sat on", "cat <UNK> <UNK> <UNK>"]
    processor.save(str(tmp_path / "words"))
    restored = learn.preprocessing.VocabularyProcessor.restore(str(tmp_path / "words"))
    assert np.array(list(restored.transform(["a dog"]))).tolist() == [[2, 0, 0, 0]] and len(restored.vocabulary_) == 12
    frequent = learn.preprocessing.VocabularyProcessor(3, min_frequency=1)
    assert np.array(list(frequent.fit_transform(texts))).tolist() == [[0, 1, 0], [0, 2, 0], [2, 0, 0]]
    assert list(learn.preprocessing.ByteProcessor(3).reverse(learn.preprocessing.ByteProcessor(3).transform(["ab", "cdef"]))) == [
        "ab", "cde"]  # fmt: skip


def test_configurations(tmp_path):
    config = learn.RunConfig(model_dir=str(tmp_path), save_checkpoints_steps=5, gpu_memory_fraction=0.5)
    assert (config.model_dir, config.save_checkpoints_steps, config.save_checkpoints_secs) == (str(tmp_path), 5, None)
    assert config.tf_config.gpu_options.per_process_gpu_memory_fraction == 0.5 and learn.ModeKeys.INFER == "infer"
