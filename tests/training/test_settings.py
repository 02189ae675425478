"""What the parameters come to, and which arguments of gensim may be set."""

from fractions import Fraction
from itertools import combinations

import joblib
import numpy as np
import pytest
from gensim.models import Word2Vec
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.text._vocabulary import Corpus
from sk_w2v.training._settings import _n_kept, choose_settings, draw_seed, n_threads

from helpers import DOCUMENTS, GENSIM, each, estimator, must_be, whole

HUGE = 10**400
NAN, INF = float("nan"), float("inf")

EXPECTED_OF_WORD2VEC = {
    "negative": "an int in the range [0, 10000]",
    "hs": "0 or 1",
    "cbow_mean": "0 or 1",
    "ns_exponent": "a float in the range [-10, 10]",
    "min_alpha": "a float in the range [0, 1]",
    "batch_words": "an int in the range [1, 10000]",
    "max_final_vocab": "None or an int in the range [1, inf)",
}


WRONG_OF_WORD2VEC = [
    ("negative", -1, 10_001, HUGE, 5.0, True, None, "5"),
    ("hs", 2, -1, 1.0, True, False, None, "1", np.True_),
    ("cbow_mean", 2, -1, 1.0, True, None, "1", np.True_),
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
        ("vector_size", "window", "alpha", "sample", "min_count", "sg", "epochs"),
        "It is a parameter of PretrainedWord2VecTransformer itself",
    ),
    "sentences": "It cannot be set: pass the documents to fit",
    "corpus_file": "It cannot be set: pass the documents to fit",
    "workers": "It cannot be set: use n_jobs",
    "seed": "It cannot be set: use random_state",
    "callbacks": "It cannot be set: use verbose, or set_callbacks of scikit-learn 1.9",
    "sorted_vocab": "It cannot be set: the order of the words is part of the result",
    "trim_rule": "It cannot be set: use min_count or vocabulary",
    "max_vocab_size": "It cannot be set: use min_count or vocabulary",
    "null_word": "It cannot be set: it would be trained as a word of the documents",
    "negativ": "gensim's Word2Vec has no such argument (did you mean 'negative'?)",
    "shrink_window": "gensim's Word2Vec has no such argument (did you mean 'shrink_windows'?)",
    "subsample": "gensim's Word2Vec has no such argument",
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


WORDS = [f"word{number}" for number in range(40_000)]


def chosen(n_tokens, n_documents, *, n_words=40_000, skip_gram=False, pretrained="vectors.txt", **given):
    """What choose_settings makes of so much text, whose words occur equally often."""
    settings = dict.fromkeys(("epochs", "alpha", "sample", "window"), "auto") | {"pretrained": pretrained} | given
    n_words = min(n_tokens, n_words)
    counts = dict.fromkeys(WORDS[:n_words], n_tokens // n_words)
    counts[WORDS[0]] += n_tokens % n_words
    return choose_settings(settings, Corpus(counts, 1, n_documents, n_documents), skip_gram=skip_gram)


@pytest.mark.parametrize(
    ("n_tokens", "expected"),
    [(1, 50), (198_999, 50), (200_000, 50), (400_000, 25), (2_000_000, 5), (2_200_000, 5), (10**12, 5)],
)
def test_auto_means_ten_million_tokens_in_5_to_50_epochs(n_tokens, expected):
    epochs = chosen(n_tokens, n_documents=n_tokens).epochs
    assert (epochs, type(epochs)) == (expected, int)


@settings(deadline=None)
@given(st.integers(1, 10**7))
def test_auto_is_the_rounded_quotient_within_its_limits(n_tokens):
    epochs = chosen(n_tokens, n_documents=n_tokens).epochs
    assert epochs in range(5, 51)
    if 5 < epochs < 50:
        assert abs(10_000_000 - epochs * n_tokens) <= n_tokens / 2


@settings(deadline=None)
@given(st.integers(1, 10**4), st.integers(1, 10**9))
def test_an_int_of_epochs_is_what_it_is(epochs, n_tokens):
    assert chosen(n_tokens, 100, epochs=np.int64(epochs)).epochs == epochs


LONG = 100, 0.05, 3e-5, 40
OTHERS = 50, 0.07, 1e-5, 20
SHORT = 50, 0.05, 1e-3, 10


@pytest.mark.parametrize(
    ("n_tokens", "n_documents", "expected"),
    [
        (40_000, 200, LONG),
        (39_999, 200, OTHERS),
        (200, 1, LONG),
        (199, 1, SHORT),
        (19_999, 99, LONG),
        (24_000, 2_000, OTHERS),
        (23_999, 2_000, SHORT),
        (20_000, 200, OTHERS),
        (19_999, 200, SHORT),
        (1, 1, SHORT),
    ],
)
def test_settings_follow_from_the_mean_length_and_the_number_of_tokens(n_tokens, n_documents, expected):
    assert chosen(n_tokens, n_documents) == expected


@pytest.mark.parametrize(
    ("n_tokens", "n_documents", "n_words", "tuned", "from_scratch"),
    [
        (400_000, 20_000, 40_000, 1e-5, 1e-5),
        (400_000, 20_000, 5_000, 1e-5, 3e-5),
        (400_000, 20_000, 4_000, 3e-5, 3e-5),
        (400_000, 20_000, 2_000, 3e-5, 1e-4),
        (400_000, 20_000, 10, 1e-3, 1e-3),
        (400_000, 4_000, 1_000, 1e-5, 1e-5),
        (400_000, 4_000, 50, 1e-4, 3e-4),
        (400_000, 2_000, 1_000, 3e-5, 3e-5),
        (400_000, 2_000, 20, 3e-5, 1e-4),
        (200_000, 20_000, 40_000, 1e-3, 1e-3),
    ],
)
def test_so_much_is_sampled_that_a_document_keeps_five_tokens_or_eight(
    n_tokens, n_documents, n_words, tuned, from_scratch
):
    assert chosen(n_tokens, n_documents, n_words=n_words).sample == tuned
    assert chosen(n_tokens, n_documents, n_words=n_words, pretrained=None).sample == from_scratch
    assert chosen(n_tokens, n_documents, n_words=n_words, sample=1e-5).sample == 1e-5


@pytest.mark.parametrize("sample", [1e-5, 1e-4, 1e-3])
def test_what_is_said_to_be_kept_is_what_gensim_keeps(sample):
    counts = np.arange(1, 300, 7)
    model = Word2Vec(sample=sample, min_count=1)
    model.build_vocab_from_freq({f"word{count}": int(count) for count in counts})
    limits = [model.wv.get_vecattr(f"word{count}", "sample_int") for count in counts]
    assert _n_kept(counts.astype(float), sample) == pytest.approx(counts @ np.array(limits) / 2**32, rel=1e-6)


@pytest.mark.parametrize(
    ("n_tokens", "n_epochs"), [(200_000, 100), (2_000_000, 10), (10**9, 10), (400_000, 50), (600_000, 34)]
)
def test_long_documents_are_passed_over_twice_as_often(n_tokens, n_epochs):
    assert chosen(n_tokens, n_tokens // 200).epochs == n_epochs


@settings(deadline=None)
@given(st.integers(1, 10**8), st.integers(1, 10**6))
def test_skip_gram_learns_at_its_own_rate_and_is_else_as_cbow(n_tokens, n_documents):
    cbow, skip_gram = (chosen(n_tokens, n_documents, skip_gram=skip_gram) for skip_gram in (False, True))
    assert skip_gram == cbow._replace(alpha={LONG[1:]: 0.05, SHORT[1:]: 0.025, OTHERS[1:]: 0.05}[cbow[1:]])


GIVEN = {"epochs": 7, "alpha": 0.3, "sample": 0.5, "window": 3}
AS_NUMPY_HAS_IT = {"epochs": np.uint8(7), "alpha": np.float32(0.3), "sample": Fraction(1, 2), "window": np.int64(3)}


@pytest.mark.parametrize("skip_gram", [False, True])
@pytest.mark.parametrize("names", [*map(set, combinations(GIVEN, 1)), *map(set, combinations(GIVEN, 3)), set(GIVEN)])
@pytest.mark.parametrize("given", [GIVEN, AS_NUMPY_HAS_IT], ids=["plain", "numpy"])
def test_a_given_setting_is_kept_and_the_others_follow_as_before(given, names, skip_gram):
    for n_tokens, n_documents in ((40_000, 200), (39_999, 200), (23_999, 2_000)):
        auto = chosen(n_tokens, n_documents, skip_gram=skip_gram)
        got = chosen(n_tokens, n_documents, skip_gram=skip_gram, **{name: given[name] for name in names})
        assert got == auto._replace(**{name: given[name] for name in names})
        assert [type(value) for value in got] == [int, float, float, int]


@pytest.mark.parametrize(("sg", "alpha"), [(0, 0.05), (1, 0.025)])
def test_fitted_settings_are_plain_numbers_that_were_trained_with(sg, alpha):
    fitted = estimator(sg=sg).fit(DOCUMENTS)
    explicit = estimator(sg=sg, alpha=alpha, sample=1e-3, window=10).fit(DOCUMENTS)
    for w2v in (fitted, explicit):
        got = w2v.alpha_, w2v.sample_, w2v.window_
        assert got == (alpha, 1e-3, 10)
        assert [type(value) for value in got] == [float, float, int]
    np.testing.assert_array_equal(fitted.vectors_, explicit.vectors_)


@pytest.mark.parametrize(("name", "value"), [("alpha", 0.9), ("sample", 1e-6), ("window", 1), ("epochs", 2)])
def test_a_given_setting_trains_other_vectors(name, value):
    auto, given = (
        estimator(None, vector_size=5, **params).fit([[f"word{number}" for number in range(50)]] * 100)
        for params in ({}, {name: value})
    )
    assert getattr(given, "n_iter_" if name == "epochs" else f"{name}_") == value
    assert (given.vectors_ != auto.vectors_).any()


def test_what_the_documents_are_like_tells_how_they_are_trained():
    long, short = [WORDS[:200]] * 100, [["tea", "cup"] * 3] * 100
    fits = [estimator(None, vector_size=1).fit(X) for X in (long, short)]
    assert [(w2v.alpha_, w2v.sample_, w2v.window_) for w2v in fits] == [LONG[1:], SHORT[1:]]


def test_extra_documents_count_for_the_settings():
    long, short = [WORDS[:200]] * 100, [["tea"]] * 10
    fitted = estimator(None, vector_size=1).fit(short, extra_documents=long)
    assert (fitted.alpha_, fitted.sample_, fitted.window_) == OTHERS[1:]


@pytest.mark.parametrize(("n_extra", "n_missing"), [(None, 1), (1, 1), (500, 1), (None, 0), (1, 0), (500, 0)])
def test_auto_gives_both_outputs_below_so_many_tokens_and_tuned_ones_from_there_on(n_extra, n_missing):
    extra = None if n_extra is None else ["tea cup " * 25] * n_extra
    X = ["tea cup " * 25] * (999 - (n_extra or 0)) + ["tea " * (50 - n_missing)]
    w2v = estimator(**GENSIM)
    vectors = w2v.fit_transform(X, extra_documents=extra)
    assert w2v.output_ == ("both" if n_missing else "tuned")
    explicit = estimator(output=w2v.output_, **GENSIM)
    np.testing.assert_array_equal(vectors, explicit.fit_transform(X, extra_documents=extra))
    assert vectors.shape == (len(X), 6 if n_missing else 3)
    assert len(w2v.get_feature_names_out()) == vectors.shape[1]


@pytest.mark.parametrize("n_tokens", [49_999, 50_000])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_an_output_that_is_given_does_not_depend_on_the_number_of_tokens(output, n_tokens):
    assert estimator(output=output).fit(["tea " * n_tokens]).output_ == output


@pytest.mark.parametrize("n_tokens", [3, 49_999, 50_000])
@pytest.mark.parametrize("output", ["auto", "tuned", "both"])
def test_without_a_source_the_output_is_tuned(output, n_tokens):
    w2v = estimator(None, output=output, vector_size=2)
    assert w2v.fit_transform(["tea " * n_tokens] * 2).shape == (2, 2)
    assert w2v.output_ == "tuned"


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


@pytest.mark.parametrize("params", [{"negative": 3}, {"min_alpha": 0}], ids=str)
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
