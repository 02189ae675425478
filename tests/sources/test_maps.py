"""Memory maps of vectors."""

import pickle
import re

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec

from sk_w2v import PretrainedVectors


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_memory_map_is_pickled_as_its_path(glove, tmp_path, order):
    words, vectors = glove
    np.save(tmp_path / "v.npy", np.asarray(vectors, order=order))
    source = PretrainedVectors.from_arrays(words, np.load(tmp_path / "v.npy", mmap_mode="r"))
    stored = pickle.dumps(source)
    assert len(stored) < vectors.nbytes / 8
    np.testing.assert_array_equal(pickle.loads(stored).rows(words[5:9]), vectors[5:9])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(pickle.loads(stored))).rows(words[:2]), vectors[:2])
    np.save(tmp_path / "v.npy", np.asarray(vectors + 1, order=order))
    with pytest.raises(
        ValueError, match=r"behind a memory map of word vectors has changed\. Make PretrainedVectors anew\.$"
    ):
        pickle.loads(stored).rows(["the"])
    (tmp_path / "v.npy").unlink()
    with pytest.raises(FileNotFoundError, match=r"behind a memory map of word vectors is gone\.$"):
        pickle.loads(pickle.dumps(source)).rows(["the"])


def test_a_part_of_a_memory_map_is_pickled_by_value(glove, tmp_path):
    np.save(tmp_path / "v.npy", glove[1])
    part = np.load(tmp_path / "v.npy", mmap_mode="r")[100:200]
    stored = pickle.dumps(PretrainedVectors.from_arrays(glove[0][100:200], part))
    np.testing.assert_array_equal(pickle.loads(stored).rows(glove[0][150:160]), glove[1][150:160])


def test_a_memory_map_whose_changes_stay_in_memory_is_pickled_by_value(tmp_path):
    np.save(tmp_path / "v.npy", np.ones((2, 3), np.float32))
    private = np.load(tmp_path / "v.npy", mmap_mode="c")
    private[:] = 7
    source = pickle.loads(pickle.dumps(PretrainedVectors.from_arrays(["a", "b"], private)))
    assert source.rows(["a"]).tolist() == [[7, 7, 7]]


def test_a_map_of_a_file_that_was_cut_is_an_error_and_does_not_end_the_process(glove, tmp_path):
    path = tmp_path / "v.npy"
    np.save(path, glove[1])
    source = PretrainedVectors.from_arrays(glove[0], np.load(path, mmap_mode="r"))
    with path.open("r+b") as file:
        file.truncate(1000)
    message = (
        f"The file {str(path)!r} behind a memory map of word vectors has been truncated since it was opened. Open it "
        "again once it is whole."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        source.rows(glove[0][-1:])


@pytest.mark.parametrize("what", ["a part", "of gensim's"])
def test_to_pickle_what_is_mapped_of_a_file_that_was_cut_is_an_error_too(tmp_path, what):
    path, words = tmp_path / "v.npy", [f"word{number}" for number in range(10_000)]
    np.save(path, np.ones((20_000, 50), np.float32))
    if what == "a part":
        source = PretrainedVectors.from_arrays(words, np.load(path, mmap_mode="r")[:10_000])
    else:
        model = Word2Vec([words], vector_size=50, min_count=1)
        model.syn1neg = np.load(path, mmap_mode="r")[:10_000]
        source = PretrainedVectors.from_word2vec(model)
    with path.open("r+b") as file:
        file.truncate(5000)
    with pytest.raises(ValueError, match=r"has been truncated since it was opened\. Open it again once it is whole\.$"):
        pickle.dumps(source)


def test_gensims_vectors_that_are_mapped_are_pickled_as_their_path(keyed_vectors, tmp_path):
    keyed_vectors.save(str(tmp_path / "kv"), separately=["vectors"])
    source = PretrainedVectors.from_keyed_vectors(KeyedVectors.load(str(tmp_path / "kv"), mmap="r"))
    stored = pickle.dumps(source)
    assert len(stored) < keyed_vectors.vectors.nbytes / 8
    words = keyed_vectors.index_to_key[:5]
    np.testing.assert_array_equal(pickle.loads(stored).rows(words), keyed_vectors[words])
