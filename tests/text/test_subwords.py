"""The vectors that character n-grams give, against gensim's own."""

import numpy as np
import pytest
from gensim.models import FastText
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.text._ngrams import NGrams
from sk_w2v.text._subwords import SubwordRows

from helpers import whole


@pytest.fixture(scope="module")
def model():
    return FastText([["tea", "cup", "pot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=50, workers=1).wv


@pytest.fixture(scope="module")
def subwords(model):
    return NGrams(model.vectors_ngrams, model.min_n, model.max_n)


@settings(deadline=None)
@given(st.text("teacup pöt日", min_size=1, max_size=12))
def test_an_unknown_word_has_the_vector_that_gensim_gives_it(model, subwords, word):
    if word not in model.key_to_index:
        assert subwords.has(word)
        np.testing.assert_allclose(subwords.vectors([word])[1][0], model[word], rtol=1e-6)


def test_a_word_too_short_for_an_n_gram_has_none(model):
    subwords = NGrams(model.vectors_ngrams, 5, 6)
    assert [subwords.has(word) for word in ("a", "ab", "abc", "")] == [False, False, True, False]
    assert not subwords.has(5)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1.1e6])
def test_a_vector_that_gensim_could_not_train_is_an_error_that_names_the_word(number):
    message = "the vector of 'tea' has NaN, infinity or a number beyond ±1e+06"
    with pytest.raises(ValueError, match=whole(message)):
        NGrams(np.full((5, 3), number, np.float32), 3, 6).vectors(["tea"])


def test_each_word_gets_a_row_the_first_time_that_it_is_looked_up(subwords):
    rows = SubwordRows(subwords)
    assert rows.rows().shape == (0, 4)
    assert rows.rows_of(["teapot", "cups", "teapot"]).tolist() == [0, 1, 0]
    assert rows.rows_of(["cups", "pots"]).tolist() == [1, 2]
    assert len(rows) == 3
    np.testing.assert_array_equal(rows.rows(), subwords.vectors(["teapot", "cups", "pots"])[1])


def test_a_word_without_n_grams_gets_no_row(model):
    rows = SubwordRows(NGrams(model.vectors_ngrams, 5, 6))
    assert rows.rows_of(["a", "abc", "b"]).tolist() == [-1, 0, -1]
    assert len(rows) == 1


def test_a_lone_surrogate_is_as_a_question_mark(subwords):
    has_vector, rows = subwords.vectors(["te\ud800a", "te?a", "\ud800"])
    assert has_vector.tolist() == [True, True, subwords.has("?")]
    np.testing.assert_array_equal(rows[0], rows[1])
    assert subwords.has("te\ud800a")
