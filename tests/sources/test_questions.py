"""What a source is asked for hints: which of many words it knows, and some of its own."""

import numpy as np
import pytest

from sk_w2v import PretrainedVectors

from .vector_files import FORMATS, TABLE, WORDS, opened


@pytest.fixture(params=["file", "arrays"])
def source(request, path):
    if request.param == "file":
        return opened(path, FORMATS["word2vec text"])
    return PretrainedVectors.from_arrays(WORDS, TABLE)


def test_many_words_are_asked_for_at_once(source):
    words = ["the", "nowhere", "日本", "", "The", ".", "the"]
    assert list(source._known(words)) == [word for word in words if word in source]
    assert list(source._known([])) == []


def test_words_that_n_grams_give_a_vector_are_known(fasttext):
    source = PretrainedVectors.from_keyed_vectors(fasttext)
    words = ["cat", "cats", "", "xyzzy"]
    assert list(source._known(words)) == [word for word in words if word in source] == ["cat", "cats", "xyzzy"]


@pytest.mark.parametrize("n", [1, 2, 3, 7, 100])
def test_some_words_come_from_all_parts(source, n):
    words = source._some_words(n)
    assert words == [word for word in WORDS if word in words]
    assert words[0] == WORDS[0]
    assert len(words) <= n
    assert n < 7 or words == WORDS


def test_of_many_words_as_many_as_are_asked_for_come(glove):
    words = PretrainedVectors.from_arrays(*glove)._some_words(2000)
    assert 1000 < len(words) <= 2000
    assert np.all(np.diff([glove[0].index(word) for word in words[:50]]) > 1)


def test_some_words_of_a_file_with_repeats_are_different_ones(path):
    with pytest.warns(UserWarning, match="repeat"):
        assert opened(path, b"a 1\nb 2\na 3\nc 4\n")._some_words(10) == ["a", "b", "c"]
