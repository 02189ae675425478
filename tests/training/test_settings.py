"""What the parameters come to, and which arguments of gensim may be set."""

import joblib
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.training._settings import draw_seed, n_epochs, n_threads

from helpers import DOCUMENTS, each, estimator, must_be, whole

HUGE = 10**400
NAN, INF = float("nan"), float("inf")

EXPECTED_OF_WORD2VEC = {
    "negative": "an int in the range [0, 10000]",
    "hs": "0 or 1",
    "cbow_mean": "0 or 1",
    "sample": "a float in the range [0, 1e12]",
    "ns_exponent": "a float in the range [-10, 10]",
    "min_alpha": "a float in the range [0, 1]",
    "batch_words": "an int in the range [1, 10000]",
    "max_final_vocab": "None or an int in the range [1, inf)",
}


WRONG_OF_WORD2VEC = [
    ("negative", -1, 10_001, HUGE, 5.0, True, None, "5"),
    ("hs", 2, -1, 1.0, True, False, None, "1", np.True_),
    ("cbow_mean", 2, -1, 1.0, True, None, "1", np.True_),
    ("sample", -1e-3, 1.1e12, NAN, INF, HUGE, True, None, "0"),
    ("ns_exponent", -10.1, 10.1, NAN, INF, True, None, "0.75"),
    ("min_alpha", -1e-4, 1.1, NAN, True, None, "0"),
    ("batch_words", 0, 10_001, HUGE, 100.0, True, None),
    ("max_final_vocab", 0, -1, 5.0, True, "5"),
]


@pytest.mark.parametrize(("name", "value"), each(WRONG_OF_WORD2VEC))
def test_a_wrong_argument_of_word2vec_is_refused(name, value):
    message = must_be(name, "word2vec_params", EXPECTED_OF_WORD2VEC[name], value)
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params={"shrink_windows": True, name: value}).fit(DOCUMENTS)


HINTS = {
    **dict.fromkeys(
        ("vector_size", "window", "alpha", "min_count", "sg", "epochs"),
        "It is a parameter of PretrainedWord2VecTransformer itself",
    ),
    "sentences": "It cannot be set: pass the documents to fit",
    "corpus_file": "It cannot be set: pass the documents to fit",
    "workers": "It cannot be set: use n_jobs",
    "seed": "It cannot be set: use random_state",
    "callbacks": "It cannot be set: use verbose",
    "sorted_vocab": "It cannot be set: the order of the words is part of the result",
    "trim_rule": "It cannot be set: use min_count or vocabulary",
    "max_vocab_size": "It cannot be set: use min_count or vocabulary",
    "null_word": "It cannot be set: it would be trained as a word of the documents",
    "negativ": "gensim's Word2Vec has no such argument; did you mean 'negative'?",
    "subsample": "gensim's Word2Vec has no such argument; did you mean 'sample'?",
    "qwertz": "gensim's Word2Vec has no such argument",
    "self": "gensim's Word2Vec has no such argument",
    5: "gensim's Word2Vec has no such argument",
}


@pytest.mark.parametrize(("name", "hint"), HINTS.items(), ids=map(str, HINTS))
def test_a_name_that_is_none_of_word2vecs_own_is_refused_with_a_hint(name, hint):
    message = f"The 'word2vec_params' parameter of PretrainedWord2VecTransformer must not name {name!r}. {hint}."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params={"negative": 5, name: None}).fit(DOCUMENTS)


@pytest.mark.parametrize("params", [{"negative": 0}, {"hs": 0, "negative": 0}], ids=str)
def test_no_hs_and_no_negative_would_train_nothing(params):
    message = (
        "The 'word2vec_params' parameter of PretrainedWord2VecTransformer must be a dict with negative or hs above 0, "
        f"since nothing would be trained. Got {params} instead."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params=params).fit(DOCUMENTS)


@pytest.mark.parametrize(
    ("n_tokens", "expected"),
    [(1, 50), (98_999, 50), (100_000, 50), (200_000, 25), (1_000_000, 5), (1_100_000, 5), (10**12, 5)],
)
def test_auto_means_five_million_tokens_in_5_to_50_epochs(n_tokens, expected):
    epochs = n_epochs("auto", n_tokens)
    assert (epochs, type(epochs)) == (expected, int)


@settings(deadline=None)
@given(st.integers(1, 10**7))
def test_auto_is_the_rounded_quotient_within_its_limits(n_tokens):
    epochs = n_epochs("auto", n_tokens)
    assert epochs in range(5, 51)
    if 5 < epochs < 50:
        assert abs(5_000_000 - epochs * n_tokens) <= n_tokens / 2


@settings(deadline=None)
@given(st.integers(1, 10**4), st.integers(1, 10**9))
def test_an_int_of_epochs_is_what_it_is(epochs, n_tokens):
    assert n_epochs(np.int64(epochs), n_tokens) == epochs


@pytest.mark.parametrize(("output", "n_iter"), [("tuned", 50), ("both", 50), ("pretrained", 0)])
def test_n_iter_is_the_number_of_epochs(output, n_iter):
    fitted = estimator(epochs="auto", output=output).fit(DOCUMENTS)
    assert (fitted.n_iter_, type(fitted.n_iter_)) == (n_iter, int)


@pytest.mark.parametrize("params", [{"min_count": 2}, {"vocabulary": ["tea", "cup"]}], ids=str)
def test_auto_counts_the_tokens_of_the_words_that_are_left(params):
    once = [f"word{number}" for number in range(120_000)]
    assert estimator(None, vector_size=1, epochs="auto", **params).fit([["tea", "cup"] * 9, once]).n_iter_ == 50


def test_any_whole_number_of_numpy_is_the_seed_that_it_equals():
    first, second = (estimator(None, random_state=state).fit_transform(DOCUMENTS) for state in (3, np.uint32(3)))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("params", [{"negative": 3}, {"sample": 0}], ids=str)
def test_the_dict_of_the_caller_is_not_changed(params):
    before = dict(params)
    estimator(word2vec_params=params).fit(DOCUMENTS)
    assert params == before


@pytest.mark.parametrize(
    ("n_jobs", "expected"),
    [
        (None, 1),
        (1, 1),
        (np.int64(3), 3),
        (-1, joblib.cpu_count()),
        (-2, max(1, joblib.cpu_count() - 1)),
        (-1000, 1),
    ],
)
def test_threads_are_counted_as_joblib_counts_jobs(n_jobs, expected):
    assert (n_threads(n_jobs), type(n_threads(n_jobs))) == (expected, int)
    if n_jobs is not None:
        assert joblib.effective_n_jobs(n_jobs) == expected


def test_an_int_is_the_seed_and_a_random_state_draws_it():
    assert [draw_seed(3), draw_seed(np.uint32(3)), type(draw_seed(np.uint32(3)))] == [3, 3, int]
    drawn = np.random.RandomState(8).randint(np.iinfo(np.int32).max)
    state = np.random.RandomState(8)
    assert draw_seed(state) == drawn != draw_seed(state)


def test_without_a_random_state_numpys_global_one_draws_the_seed():
    before = np.random.get_state()
    try:
        np.random.set_state(np.random.RandomState(8).get_state())
        assert draw_seed(None) == draw_seed(np.random.RandomState(8)) != draw_seed(None)
    finally:
        np.random.set_state(before)
