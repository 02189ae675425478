"""Words and vectors in memory."""

import re

import numpy as np
import pytest

from sk_w2v import PretrainedVectors

from helpers import whole


@pytest.fixture
def source():
    return PretrainedVectors.from_arrays(["tea", "cup", "pot"], [[1, 2], [3, 4], [5, 6]])


def test_words_that_are_there_come_back_in_the_order_asked(source):
    answer = source._ask(["pot", "nowhere", "tea", "pot"], 2)
    assert (answer.words, answer.rows.tolist()) == (["pot", "tea", "pot"], [[5, 6], [1, 2], [5, 6]])
    assert (answer.first_row_of, answer.first_rows.tolist()) == ({"tea": 0, "cup": 1}, [[1, 2], [3, 4]])
    assert (answer.output_layer, answer.subwords) == (None, None)
    assert answer.rows.dtype == answer.first_rows.dtype == np.float32


@pytest.mark.parametrize(("n_first", "n_expected"), [(0, 0), (1, 1), (3, 3), (99, 3), (None, 3)])
def test_no_word_asked_for_and_any_number_of_first_ones(source, n_first, n_expected):
    answer = source._ask([], n_first)
    assert (answer.words, answer.rows.shape, answer.first_rows.shape) == ([], (0, 2), (n_expected, 2))


def test_the_first_rows_are_shared_and_read_only_and_the_callers_array_stays():
    vectors = np.eye(2, dtype=np.float32)
    source = PretrainedVectors.from_arrays(["tea", "cup"], vectors)
    first = source._ask([], 2).first_rows
    source._ask(["tea"]), source.rows(["cup"])
    assert source._ask([], 2).first_rows is first
    with pytest.raises(ValueError, match="read-only"):
        first[0] = 0
    source.rows(["tea"])[:] = 7
    assert vectors.tolist() == [[1, 0], [0, 1]]


def test_subwords_give_vectors_in_the_order_asked(fasttext):
    source = PretrainedVectors.from_keyed_vectors(fasttext)
    words = ["catty", "the", "", "dogged", "the", "catty"]
    answer = source._ask(words, 1)
    assert answer.words == ["catty", "the", "dogged", "the", "catty"]
    np.testing.assert_array_equal(answer.rows, [fasttext.get_vector(word) for word in answer.words])
    assert ("catty" in source, "" in source) == (True, False)
    np.testing.assert_array_equal(answer.subwords.vectors(["dogged"])[1][0], fasttext.get_vector("dogged"))


def test_of_repeated_words_the_first_counts_with_a_warning():
    with pytest.warns(UserWarning, match=r"^1 pretrained words repeat\. The first vector of each is used\.$"):
        source = PretrainedVectors.from_arrays(["a", "b", "a", "c"], [[1], [2], [3], [4]])
    assert (list(source.words), source.rows(["c", "a"]).tolist()) == (["a", "b", "c"], [[4], [1]])
    assert source._ask([], 3).first_rows.tolist() == [[1], [2], [4]]


@pytest.mark.parametrize("value", [np.nan, np.inf, -np.inf, 1.1e6, 1e300])
def test_a_row_that_gensim_cannot_train_is_an_error_if_it_is_needed(value):
    source = PretrainedVectors.from_arrays(["good", "bad"], [[1.0, 2], [3, value]])
    assert source.rows(["good"]).tolist() == [[1, 2]]
    message = re.escape("the vector of 'bad' has NaN, infinity or a number beyond ±1e+06")
    with pytest.raises(ValueError, match=f"^{message}$"):
        source.rows(["good", "bad"])


def test_the_first_words_leave_out_a_row_that_gensim_cannot_train_with_a_warning():
    source = PretrainedVectors.from_arrays(["good", "bad", "tea"], [[1.0, 2], [3, np.nan], [5, 6]])
    message = (
        "1 of the first pretrained words are left out, since a vector has NaN, infinity or a number beyond ±1e+06: "
        "['bad']"
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$"):
        answer = source._ask(["good"], None)
    assert (answer.first_row_of, answer.first_rows.tolist()) == ({"good": 0, "tea": 1}, [[1, 2], [5, 6]])


@pytest.mark.parametrize(
    ("vectors", "message"),
    [
        (
            np.eye(2),
            "The vectors must be an array of shape (n_words, vector_size) with a row for each of 1 words. Got shape "
            "(2, 2) instead.",
        ),
        (np.empty((1, 0)), "There must be at least one word and one number. Got shape (1, 0) instead."),
        ([["x"]], "The vectors must be real numbers. Got dtype <U1 instead."),
        ([[1j]], "The vectors must be real numbers. Got dtype complex128 instead."),
        ([[True]], "The vectors must be real numbers. Got dtype bool instead."),
    ],
    ids=str,
)
def test_vectors_that_are_not_a_row_of_numbers_for_each_word_are_an_error(vectors, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.from_arrays(["a"], vectors)


def test_a_mask_is_refused():
    vectors = np.ma.masked_array([[1.0, 99]], mask=[[False, True]])
    message = "The vectors must have no mask. Pass what stands for masked numbers: vectors.filled(0)."
    with pytest.raises(ValueError, match=whole(message)):
        PretrainedVectors.from_arrays(["tea"], vectors)


def test_more_first_words_than_python_counts_are_all():
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    assert len(source._ask([], 10**30).first_row_of) == 2
