"""The one value for the fitted words: which rows they get, how they are looked up, what is made of them on demand."""

import threading
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.fitted._words import FittedWords, Table, fitted_words
from sk_w2v.text._ngrams import NGrams

import helpers
from helpers import NAME, BrokenError, at_once, key_error, whole

KNOWN = ["tea", "cup", "pot", "jug", "lid"]
ROWS = np.arange(15, dtype=np.float32).reshape(5, 3) / 16
SOURCE = PretrainedVectors.from_arrays(KNOWN, ROWS)
DOCUMENTS = [["the", "pot", "of", "tea"], [], ["tea", "tea", "or", "the", "cup"]]

WORDS = st.sampled_from([*KNOWN, "a", "b", "c", "d"])
TOKEN_LISTS = st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=8)
PARTS = st.lists(st.tuples(st.lists(WORDS, unique=True), st.integers(0, 9)), min_size=1, max_size=3)


def estimator(pretrained=SOURCE, **params):
    return helpers.estimator(pretrained, **{"lockf": 0.5, **params})


def small_words(subwords=None):
    """Three words of the documents, of which "new" has no pretrained vector and "cup" none at all; "tea" is in both."""
    tuned = Table(np.float32([[1, 1], [2, 2], [0, 0]]), np.array([True, True, False]))
    pretrained = Table(np.float32([[9, 9], [0, 0], [0, 0]]), np.array([True, False, False]))
    counts, fallback = np.array([5, 4, 3]), {"tea": 0, "jug": 1}
    return FittedWords(
        {"tea": 0, "new": 1, "cup": 2},
        counts,
        {"tuned": tuned, "pretrained": pretrained},
        fallback,
        np.float32([[9, 9], [7, 7]]),
        subwords,
        [("new", 4)],
    )


@settings(deadline=None)
@given(st.lists(WORDS, unique=True), PARTS)
def test_rows_are_laid_out_in_the_order_of_the_words_a_later_part_over_an_earlier_one(order, parts):
    row_of = {word: row for row, word in enumerate(order)}
    rows = [(words, np.arange(2 * len(words), dtype=np.float32).reshape(-1, 2) + number) for words, number in parts]
    table = Table.laid_out(row_of, *rows)
    vector_of = {}
    for words, vectors in rows:
        vector_of |= dict(zip(words, vectors.tolist(), strict=True))
    assert table.rows.tolist() == [vector_of.get(word, [0, 0]) for word in order]
    assert table.has_vector.tolist() == [word in vector_of for word in order]


def test_what_the_fallback_adds_stands_behind_the_words_of_the_documents():
    words = small_words()
    assert words.vocabulary == {"tea": 0, "new": 1, "cup": 2, "jug": 3}
    assert words.added[0] == ["jug"]
    assert words.all_rows("tuned").tolist() == [[1, 1], [2, 2], [0, 0], [7, 7]]
    assert words.all_rows("pretrained").tolist() == [[9, 9], [0, 0], [0, 0], [7, 7]]


@pytest.mark.parametrize(
    ("which", "fallback", "expected"),
    [
        ("tuned", True, {"tea": [1, 1], "new": [2, 2], "jug": [7, 7]}),
        ("tuned", False, {"tea": [1, 1], "new": [2, 2]}),
        ("pretrained", True, {"tea": [9, 9], "jug": [7, 7]}),
        ("pretrained", False, {"tea": [9, 9]}),
    ],
)
def test_known_words_are_those_that_have_a_vector(which, fallback, expected):
    words, rows = small_words().known(which, "a test", fallback=fallback)
    assert dict(zip(words, rows.tolist(), strict=True)) == expected
    assert list(expected) == words


def test_words_are_looked_up_in_the_table_then_in_the_fallback_then_by_subwords():
    subwords = NGrams(np.ones((5, 2), np.float32), 3, 6)
    words = ["jug", "cup", "tea", "new", "other", "jug"]
    vectors, has_vector = small_words(subwords).vectors_of(words, "tuned")
    assert vectors.tolist() == [[7, 7], [0, 0], [1, 1], [2, 2], [1, 1], [7, 7]]
    assert has_vector.tolist() == [True, False, True, True, True, True]
    vectors, has_vector = small_words().vectors_of(words, "pretrained")
    assert vectors.tolist() == [[7, 7], [0, 0], [9, 9], [0, 0], [0, 0], [7, 7]]
    assert has_vector.tolist() == [True, False, True, False, False, True]
    assert [array.shape for array in small_words().vectors_of([], "tuned")] == [(0, 2), (0,)]


def test_pairs_are_words_with_a_tuned_vector_and_what_they_had_before():
    pairs = small_words().pairs("a test")
    assert pairs.words == ["tea", "new"]
    assert pairs.counts.tolist() == [5, 4]
    assert (pairs.before.tolist(), pairs.has_before.tolist()) == ([[9, 9], [0, 0]], [True, False])
    assert pairs.after.tolist() == [[1, 1], [2, 2]]
    named = small_words().pairs("a test", ["jug", "tea", "jug"])
    assert (named.words, named.counts.tolist()) == (["jug", "tea"], [0, 5])
    assert named.before.tolist() == [[7, 7], [9, 9]]
    assert named.after.tolist() == [[7, 7], [1, 1]]
    assert named.take(np.array([1])).words == ["tea"]


def test_pairs_of_words_without_a_vector_are_an_error_that_names_them_all():
    message = "2 of 3 words have no tuned vector: 'Tea' (did you mean 'tea'?), 'cup'."
    with pytest.raises(KeyError, match=key_error(message)):
        small_words().pairs("a test", ["Tea", "cup", "jug"])


def test_the_plain_form_gives_the_value_back():
    words = small_words(NGrams(np.ones((5, 2), np.float32), 3, 6))
    again = FittedWords.from_plain(words.to_plain())
    assert list(again.vocabulary.items()) == list(words.vocabulary.items())
    assert (again.missing, again.subwords[1:]) == (words.missing, (3, 6))
    np.testing.assert_array_equal(again.counts, words.counts)
    for which in ("tuned", "pretrained"):
        for ours, theirs in zip(again.known(which, ""), words.known(which, ""), strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_what_is_made_on_demand_is_made_once_and_is_read_only():
    words = small_words()
    for make in (lambda: words.columns, lambda: words.added, lambda: words.vocabulary, lambda: words.all_rows("tuned")):
        assert make() is make()
    assert not words.all_rows("tuned").flags.writeable


def test_what_is_made_while_forgetting_is_let_go_and_nothing_else():
    words = small_words()
    before = words.vocabulary
    with words.forgetting():
        rows = words.all_rows("tuned")
    assert words.vocabulary is before
    assert words.all_rows("tuned") is not rows


def test_threads_that_ask_at_once_get_one_and_the_same_value():
    for _ in range(20):
        words = small_words()
        results = at_once(lambda _, words=words: (words.vocabulary, words.all_rows("tuned")))
        assert all(found[0] is results[0][0] and found[1] is results[0][1] for found in results)


def test_a_value_that_is_made_while_another_thread_forgets_is_not_lost():
    words = small_words()

    def make():
        with words.forgetting():
            pass
        return "made"

    assert words._once("name", make) == "made"


def test_what_is_made_is_let_go_also_after_an_error():
    words, made = small_words(), []

    def break_after(rows):
        with words.forgetting():
            made.append(rows())
            raise BrokenError

    with pytest.raises(BrokenError):
        break_after(lambda: words.all_rows("tuned"))
    assert words.all_rows("tuned") is not made[0]


def test_no_thread_waits_for_a_value_that_another_one_makes():
    """A child that is forked meanwhile would wait for ever."""
    words, entered, leave = small_words(), threading.Event(), threading.Event()

    class Waiting(dict):
        def __contains__(self, word):
            if threading.current_thread() is thread:
                entered.set()
                assert leave.wait(60)
            return super().__contains__(word)

    words.row_of = Waiting(words.row_of)
    thread = threading.Thread(target=lambda: words.added)
    thread.start()
    try:
        assert entered.wait(60)
        mine = []
        other = threading.Thread(target=lambda: mine.append(words.added))
        other.start()
        other.join(60)
        assert mine[0][0] == ["jug"]
    finally:
        leave.set()
        thread.join(60)
    assert words.added is mine[0]


def test_the_words_of_a_fitted_transformer_are_found_in_a_pipeline_too():
    w2v = estimator()
    model = make_pipeline(w2v, LogisticRegression()).fit(DOCUMENTS, [0, 1, 0])
    assert fitted_words(w2v, "a test") is fitted_words(model, "a test") is fitted_words(model[:1], "a test")


OTHERS = [lambda: 5, lambda: None, LogisticRegression, lambda: make_pipeline(LogisticRegression())]


@pytest.mark.parametrize("make", OTHERS)
def test_what_has_no_fitted_words_is_refused(make):
    message = f"A test needs a fitted {NAME}, or a pipeline with one such step. Got {make()!r:.100} instead."
    with pytest.raises(TypeError, match=whole(message)):
        fitted_words(make(), "A test")


def test_of_two_steps_with_fitted_words_none_is_chosen():
    model = make_pipeline(estimator(), PretrainedWord2VecTransformer())
    with pytest.raises(TypeError, match=r"^A test needs a fitted .*, or a pipeline with one such step\."):
        fitted_words(model, "A test")


@settings(deadline=None, max_examples=50)
@given(TOKEN_LISTS)
def test_untuned_words_are_those_with_a_pretrained_vector_in_the_order_of_their_counts(documents):
    documents = [["tea"] * 8, *documents]
    fitted = estimator(output="pretrained", min_count=9, fallback_size=0).fit(documents)
    counts = Counter(token for document in documents for token in document if token in KNOWN)
    assert list(zip(fitted.vocabulary_, fitted.counts_.tolist(), strict=True)) == counts.most_common()
    np.testing.assert_array_equal(fitted.vectors_, [ROWS[KNOWN.index(word)] for word in fitted.vocabulary_])


@pytest.mark.parametrize(
    ("vocabulary", "order"),
    [
        (["the", "lid", "tea", "new"], ["the", "lid", "tea", "new"]),
        (("the", "tea", "lid", "new"), ["the", "tea", "lid", "new"]),
        (np.array(["lid", "tea", "the", "new"]), ["lid", "tea", "the", "new"]),
        ({"the", "lid", "tea", "new"}, ["lid", "new", "tea", "the"]),
        (frozenset({"the", "lid", "tea", "new"}), ["lid", "new", "tea", "the"]),
        ({"the": 2, "lid": 3, "tea": 0, "new": 1}, ["tea", "new", "the", "lid"]),
    ],
    ids=["list", "tuple", "array", "set", "frozenset", "dict"],
)
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_a_fixed_vocabulary_decides_words_and_rows(vocabulary, order, output):
    fitted = estimator(vocabulary=vocabulary, output=output, fallback_size=0, min_count=9).fit(DOCUMENTS)
    assert list(fitted.vocabulary_.items()) == [(word, row) for row, word in enumerate(order)]
    assert fitted.counts_.tolist() == [{"the": 2, "tea": 3}.get(word, 0) for word in order]
    np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_["lid"]], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_["new"]], np.zeros(3))


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_words_that_the_documents_lack_keep_their_vector_or_count_for_nothing(output):
    fitted = estimator(vocabulary=["tea", "lid", "new"], output=output, fallback_size=0).fit(DOCUMENTS)
    tea, lid, new, both, all_three = fitted.transform(
        [["tea"], ["lid"], ["new"], ["tea", "lid"], ["tea", "lid", "new"]]
    )
    np.testing.assert_array_equal(lid[-3:], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(lid[:3], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(new, np.zeros_like(tea))
    np.testing.assert_allclose(both, (tea + lid) / 2, rtol=1e-6)
    np.testing.assert_array_equal(all_three, both)


def test_words_without_a_pretrained_vector_count_for_nothing_untuned():
    fitted = estimator(output="both").fit(DOCUMENTS)
    tea, tea_the, the = fitted.transform([["tea"], ["tea", "the"], ["the"]])
    np.testing.assert_array_equal(tea_the[3:], tea[3:])
    np.testing.assert_array_equal(the[3:], np.zeros(3))
    np.testing.assert_allclose(tea_the[:3], (tea[:3] + the[:3]) / 2, rtol=1e-6)


@pytest.mark.parametrize("fallback_size", [0, 1, 2, np.int64(4), 5, 6, None])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
@pytest.mark.parametrize("vocabulary", [None, ["the", "jug", "tea"]], ids=["free", "fixed"])
def test_the_first_words_of_the_source_follow_those_of_the_documents_untuned(fallback_size, output, vocabulary):
    fitted = estimator(fallback_size=fallback_size, output=output, vocabulary=vocabulary).fit(DOCUMENTS)
    own = list(fitted.vocabulary_)[: len(fitted.counts_)]
    expected = [*own, *(word for word in KNOWN[:fallback_size] if word not in own)]
    assert list(fitted.vocabulary_.items()) == [(word, row) for row, word in enumerate(expected)]
    assert (fitted.vectors_.shape, fitted.vectors_.dtype) == ((len(expected), 3), np.float32)
    for word in expected[len(own) :]:
        np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_[word]], ROWS[KNOWN.index(word)])
        np.testing.assert_array_equal(fitted.transform([[word]])[0, -3:], ROWS[KNOWN.index(word)])
    assert not fitted.transform([[word for word in KNOWN if word not in expected]]).any()


def test_of_words_with_two_vectors_the_tuned_one_counts():
    fitted = estimator(epochs=20).fit(DOCUMENTS)
    tea = fitted.vectors_[fitted.vocabulary_["tea"]]
    assert (tea != ROWS[KNOWN.index("tea")]).any()
    np.testing.assert_array_equal(fitted.transform([["tea"]])[0, :3], tea)


def test_the_vocabulary_is_that_of_the_last_fit():
    fitted = estimator(None).fit([["a", "b", "a"]])
    assert fitted.vocabulary_ == {"a": 0, "b": 1}
    assert fitted.fit([["c"]]).vocabulary_ == {"c": 0}


def test_a_limit_holds_for_untuned_output_too():
    documents = [["tea", "tea", "tea", "cup", "cup", "pot"]]
    fitted = estimator(output="pretrained", fallback_size=0, word2vec_params={"max_final_vocab": 2}).fit(documents)
    assert fitted.vocabulary_ == {"tea": 0, "cup": 1}
