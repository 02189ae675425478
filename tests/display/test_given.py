"""Words and vectors that users pass are checked, and errors name what is wrong."""

import numpy as np
import pytest
from gensim.models import FastText, KeyedVectors

from sk_w2v.display._given import given_pairs, given_rows

from .pictures import AFTER, BEFORE, COUNTS, WORDS
from helpers import key_error, whole


def keyed(words, rows):
    vectors = KeyedVectors(len(rows[0]))
    vectors.add_vectors(words, rows)
    return vectors


def test_arrays_are_taken_as_they_are():
    pairs = given_pairs(WORDS, BEFORE.tolist(), AFTER, COUNTS)
    np.testing.assert_array_equal(pairs.before, BEFORE)
    np.testing.assert_array_equal(pairs.after, AFTER)
    assert pairs.counts.tolist() == COUNTS
    assert pairs.has_before.all()


def test_the_arrays_of_users_do_not_change():
    before = BEFORE.copy()
    before[0] = np.nan
    kept = before.copy()
    given_pairs(WORDS, before, AFTER)
    np.testing.assert_array_equal(before, kept)


@pytest.mark.parametrize("before", [[[np.nan] * 2] * 2, keyed(["tea"], [[1.0, 2.0]])])
def test_words_that_all_lack_a_vector_before_have_zeros(before):
    pairs = given_pairs(["cup", "pot"], before, [[1, 2], [3, 4]])
    assert not pairs.has_before.any()
    assert pairs.before.tolist() == [[0, 0], [0, 0]]
    assert pairs.counts.tolist() == [0, 0]


WRONG = [
    (
        lambda: given_pairs(WORDS, BEFORE[:2], AFTER),
        "The array 'before' must have one row for each of the 5 words. Got the shape (2, 4).",
    ),
    (
        lambda: given_pairs(WORDS, BEFORE, AFTER[0]),
        "The array 'after' must have one row for each of the 5 words. Got the shape (4,).",
    ),
    (
        lambda: given_pairs(WORDS, BEFORE, AFTER[:, :3]),
        "Vectors before and after must have equally many numbers a word. Got 4 and 3.",
    ),
    (
        lambda: given_rows(["tea"], [[1, np.nan]], "before"),
        "The 'before' vector of 'tea' has NaN or infinity among its numbers.",
    ),
    (
        lambda: given_pairs(["tea"], [[1, 2]], [[1, np.inf]]),
        "The 'after' vector of 'tea' has NaN or infinity among its numbers.",
    ),
    (
        lambda: given_pairs(["tea"], [[1]], [[np.nan]]),
        "The 'after' vector of 'tea' is NaN. Leave out the words that have none.",
    ),
    (
        lambda: given_rows(["tea"], [[np.nan]], "before"),
        "The 'before' vector of 'tea' is NaN. Leave out the words that have none.",
    ),
    (
        lambda: given_pairs(WORDS, BEFORE, AFTER, [1, 2]),
        "'counts' must be one int for each of the 5 words. Got int64 of shape (2,).",
    ),
    (
        lambda: given_pairs(["tea"], [[1]], [[1]], [True]),
        "'counts' must be one int for each of the 1 words. Got bool of shape (1,).",
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_arrays_that_do_not_fit_are_refused(call, message):
    with pytest.raises(ValueError, match=whole(message)):
        call()


def test_words_that_a_model_lacks_are_named():
    message = "1 of 2 words have no before vector: 'cuup' (did you mean 'cup'?)."
    with pytest.raises(KeyError, match=key_error(message)):
        given_rows(["tea", "cuup"], keyed(["tea", "cup"], [[1], [2]]), "before")
    with pytest.raises(KeyError, match=key_error("1 of 2 words have no after vector: 'cup'.")):
        given_pairs(["tea", "cup"], keyed(["tea"], [[1]]), keyed(["tea"], [[1]]))


def test_words_that_fasttext_makes_of_their_parts_have_no_count():
    model = FastText([["teacup", "teapot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=100)
    pairs = given_pairs(["teacup", "teapots"], model.wv, model.wv)
    assert pairs.counts.tolist() == [5, 0]
