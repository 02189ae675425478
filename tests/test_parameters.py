"""What each parameter may be, and what fit says of all else."""

import os
import re
from fractions import Fraction
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest
from gensim.models import KeyedVectors
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v._parameters import n_epochs

SOURCE = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot"]
HUGE = 10**400
NAN, INF = float("nan"), float("inf")


def estimator(pretrained=SOURCE, **params):
    return PretrainedWord2VecTransformer(pretrained, **{"epochs": 1, "random_state": 0, **params})


def whole(message):
    return f"^{re.escape(message)}\\Z"


def each(rows):
    return [pytest.param(name, value, id=f"{name}-{value!r:.30}") for name, *values in rows for value in values]


def keyed_tea():
    vectors = KeyedVectors(100)
    vectors.add_vectors(["tea"], np.ones((1, 100)))
    return vectors


EXPECTED = {
    "lockf": "a float in the range [0, 1000], 'frequency' or a dict of word to such a float",
    "epochs": "an int in the range [1, inf) or 'auto'",
    "sg": "0 (CBOW) or 1 (skip-gram)",
    "window": "an int in the range [1, 10000]",
    "alpha": "a float in the range (0, 1]",
    "min_count": "an int in the range [1, inf)",
    "vector_size": "an int in the range [1, 100000]",
    "vocabulary": "None, or one or more distinct str: a list, a set or a dict to distinct int",
    "analyzer": "'word' or a callable",
    "output": "'tuned', 'pretrained' or 'both'",
    "fallback_size": "an int in the range [0, inf) or None",
    "n_jobs": "None or an int but 0",
    "random_state": "None, an int in the range [0, 2**32 - 1] or a numpy.random.RandomState",
    "verbose": "an int in the range [0, inf)",
    "word2vec_params": "None or a dict of arguments of gensim.models.Word2Vec",
}
WRONG = [
    ("lockf", -0.1, 1000.1, NAN, INF, HUGE, 1j, True, None, "Frequency", "1", b"frequency", [1.0], np.array(1.0)),
    ("lockf", {"tea": -1}, {"tea": NAN}, {"tea": "frequency"}, {"tea": True}, {"tea": HUGE}, {1: 1.0}),
    ("epochs", 0, -1, 5.0, np.float32(5), NAN, INF, True, np.True_, None, "5", "Auto", b"auto", [5], np.array(5)),
    ("sg", 2, -1, 1.0, np.True_, None, "1", "sg", [1]),
    ("window", 0, -1, 10_001, HUGE, 5.0, True, None, "5", (2, 3)),
    ("alpha", 0, -0.1, 1.1, NAN, INF, HUGE, 1j, True, None, "auto", [0.1]),
    ("min_count", 0, -1, 1.0, 0.1, INF, True, None, "1"),
    ("vector_size", 0, -1, 100_001, HUGE, 10.0, True, None, "10"),
    ("vocabulary", "tea", b"tea", 5, True, [], {}, set(), iter(["tea"]), (word for word in ["tea"]), np.array("tea")),
    ("vocabulary", ["tea", "cup", "tea"], ["tea", 1], ["tea", None], [["tea"]], {1: 0}, [b"tea"], np.array([["tea"]])),
    ("vocabulary", {"tea": None, "cup": None}, {"tea": 0, "cup": "1"}, {"tea": 0, "cup": 0}),
    ("analyzer", "char", "Word", b"word", None, 5, ["word"]),
    ("output", "tune", "Both", "", b"tuned", None, 5, ["tuned"], ("both",)),
    ("fallback_size", -1, 1.0, NAN, INF, True, "all", [5]),
    ("n_jobs", 0, 1.0, INF, True, "1", [1]),
    ("random_state", -1, 2**32, HUGE, 1.0, True, np.True_, "0", [0], np.random.default_rng(0), np.random.RandomState),
    ("verbose", -1, 1.0, np.True_, None, "1"),
    ("word2vec_params", "hs", 5, True, {"hs"}, [("hs", 1)]),
]
RIGHT = [
    ("pretrained", None, keyed_tea()),
    ("lockf", 0, 1000, np.float32(0.5), np.int8(1), Fraction(1, 3), "frequency", np.str_("frequency")),
    ("lockf", {}, {"tea": np.float32(0)}, {"nowhere": 0.0}, MappingProxyType({"tea": 1})),
    ("epochs", np.int64(1), np.uint8(2), "auto", np.str_("auto")),
    ("sg", 0, 1, True, False, np.int8(0)),
    ("window", 1, np.int32(1), 10_000),
    ("alpha", 1, 1e-12, np.float32(0.01), Fraction(1, 40)),
    ("min_count", np.int64(1), 10**9, HUGE),
    ("vector_size", np.int64(7), 1),
    ("vocabulary", ["tea"], ("tea", "of"), {"tea"}, frozenset({"tea"}), {"tea": 9, "of": 3}, {"tea": 0}.keys()),
    ("vocabulary", {"tea": np.int64(3), "of": np.uint8(0)}),
    (
        "vocabulary",
        np.array(["tea", "of"]),
        pd.Index(["tea"]),
        pd.Series(["of", "tea"]),
        ["tea", "nowhere"],
        ["tea", ""],
    ),
    ("analyzer", str.split, partial(str.split, sep=" "), np.str_("word")),
    ("output", "tuned", "pretrained", "both", np.str_("both")),
    ("fallback_size", 0, None, np.int64(1), 10**12),
    ("n_jobs", None, 1, 2, -1, -1000, np.int64(1)),
    ("random_state", None, 0, 2**32 - 1, np.int64(3), np.random, np.random.RandomState(0)),
    ("verbose", 0, 2, False, True, np.int64(0)),
    ("word2vec_params", None, {}, MappingProxyType({"negative": 3}), {"negative": np.int64(1)}),
    ("word2vec_params", {"hs": 1, "negative": 0}, {"hs": True}, {"cbow_mean": 0}, {"batch_words": 1}),
    ("word2vec_params", {"sample": 0}, {"sample": 10}, {"sample": np.float32(1e-3)}, {"min_alpha": 0}),
    ("word2vec_params", {"ns_exponent": 0}, {"ns_exponent": -1}, {"max_final_vocab": None}, {"max_final_vocab": 3}),
    ("word2vec_params", {"shrink_windows": False}, {"compute_loss": True}, {"comment": "a"}, {"hashfxn": hash}),
]

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
    ("hs", 2, -1, 1.0, None, "1", np.True_),
    ("cbow_mean", 2, -1, 1.0, None, "1", np.True_),
    ("sample", -1e-3, 1.1e12, NAN, INF, HUGE, True, None, "0"),
    ("ns_exponent", -10.1, 10.1, NAN, INF, True, None, "0.75"),
    ("min_alpha", -1e-4, 1.1, NAN, True, None, "0"),
    ("batch_words", 0, 10_001, HUGE, 100.0, True, None),
    ("max_final_vocab", 0, -1, 5.0, True, "5"),
]


@pytest.mark.parametrize(("name", "value"), each(WRONG))
@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_a_wrong_parameter_is_kept_by_init_and_refused_by_fit(pretrained, name, value):
    w2v = PretrainedWord2VecTransformer(pretrained, **{name: value})
    assert w2v.get_params()[name] is value
    message = (
        f"The {name!r} parameter of PretrainedWord2VecTransformer must be {EXPECTED[name]}. Got {value!r:.100} instead."
    )
    with pytest.raises(ValueError, match=whole(message)):
        w2v.fit(DOCUMENTS)
    with pytest.raises(ValueError, match=whole(message)):
        w2v.fit_transform(DOCUMENTS)


@pytest.mark.parametrize(("name", "value"), each(WRONG_OF_WORD2VEC))
def test_a_wrong_argument_of_word2vec_is_refused(name, value):
    message = (
        "The 'word2vec_params' parameter of PretrainedWord2VecTransformer must be a dict in which "
        f"{name!r} is {EXPECTED_OF_WORD2VEC[name]}. Got {value!r:.100} instead."
    )
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


def test_hs_needs_two_words():
    message = "Hierarchical softmax (hs=1) needs at least two words, the documents have one. Use hs=0."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params={"hs": 1}).fit(["tea", "tea tea"])


def test_untuned_vectors_need_a_source():
    message = (
        "The 'output' parameter of PretrainedWord2VecTransformer must be 'tuned' or 'both' where pretrained is None, "
        "since there are no untuned vectors. Got 'pretrained' instead."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(None, output="pretrained").fit(DOCUMENTS)


def test_of_both_outputs_there_are_tuned_vectors_alone_without_a_source():
    w2v = estimator(None, output="both", random_state=0)
    vectors = w2v.fit_transform(DOCUMENTS)
    np.testing.assert_array_equal(vectors, estimator(None, output="tuned", random_state=0).fit_transform(DOCUMENTS))
    assert {name.rstrip("0123456789") for name in w2v.get_feature_names_out()} == {"tuned_mean"}


@pytest.mark.parametrize("pretrained", [5, True, b"glove.txt", ["tea"], {"tea": [1.0]}, np.eye(3), object()], ids=repr)
def test_what_is_no_source_is_refused(pretrained):
    message = (
        "The 'pretrained' parameter of PretrainedWord2VecTransformer must be None, a path, a PretrainedVectors, or "
        f"gensim's KeyedVectors or Word2Vec. Got {pretrained!r:.100} instead."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(pretrained).fit(DOCUMENTS)


def test_a_fitted_transformer_is_no_source_but_the_error_says_how_to_make_it_one():
    fitted = estimator().fit(DOCUMENTS)
    message = (
        "The 'pretrained' parameter of PretrainedWord2VecTransformer must be None, a path, a PretrainedVectors, or "
        f"gensim's KeyedVectors or Word2Vec. Got {fitted!r:.100} instead. To go on from a fitted transformer, pass "
        "PretrainedVectors.from_transformer(fitted)."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(fitted).fit(DOCUMENTS)
    assert estimator(PretrainedVectors.from_transformer(fitted)).fit_transform(DOCUMENTS).shape == (3, 6)


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "Path"])
def test_a_path_without_a_file_is_refused(tmp_path, kind):
    path = tmp_path / "glove.txt"
    message = (
        f"There is no file of word vectors at {str(path)!r}. Check the path: the current folder is {os.getcwd()!r}."
    )
    with pytest.raises(FileNotFoundError, match=whole(message)):
        estimator(kind(path)).fit(DOCUMENTS)


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "Path"])
def test_a_folder_is_refused(tmp_path, kind):
    message = f"{str(tmp_path)!r} is a folder. Give the path of a file of word vectors in it."
    with pytest.raises(IsADirectoryError, match=whole(message)):
        estimator(kind(tmp_path)).fit(DOCUMENTS)


@pytest.mark.parametrize(("name", "value"), each(RIGHT))
def test_an_unusual_parameter_works(name, value):
    w2v = estimator(**{name: value})
    vectors = w2v.fit_transform(DOCUMENTS)
    n_features = w2v.vector_size_ * (2 if w2v.output == "both" and w2v.pretrained is not None else 1)
    assert (vectors.shape, vectors.dtype) == ((3, n_features), np.float32)
    assert np.isfinite(vectors).all()
    assert w2v.get_params()[name] is value


def test_vector_size_counts_where_there_is_no_source():
    assert estimator(None, vector_size=np.int64(7)).fit_transform(DOCUMENTS).shape == (3, 7)
    assert estimator(vector_size=7).fit_transform(DOCUMENTS).shape == (3, 6)


def test_any_whole_number_of_numpy_is_the_seed_that_it_equals():
    first, second = (estimator(None, random_state=state).fit_transform(DOCUMENTS) for state in (3, np.uint32(3)))
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("params", [{"negative": 3}, {"sample": 0}], ids=str)
def test_the_dict_of_the_caller_is_not_changed(params):
    before = dict(params)
    estimator(word2vec_params=params).fit(DOCUMENTS)
    assert params == before


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


class BrokenError(Exception):
    pass


class BreaksInTraining:
    """Documents that can be counted, but break when they are read again to train."""

    n_passes = 0

    def __iter__(self):
        self.n_passes += 1
        yield from DOCUMENTS
        if self.n_passes > 1:
            raise BrokenError("on purpose")


FAILURES = [
    pytest.param({"epochs": 0}, DOCUMENTS, ValueError, "'epochs'", id="parameter"),
    pytest.param({"word2vec_params": {"hs": 2}}, DOCUMENTS, ValueError, "'hs'", id="word2vec_params"),
    pytest.param({"pretrained": "nowhere"}, DOCUMENTS, FileNotFoundError, "nowhere", id="path"),
    pytest.param({}, [], ValueError, "0 sample", id="no documents"),
    pytest.param({}, ["tea", None], TypeError, "Document 1", id="document"),
    pytest.param({}, [["tea"], [1]], TypeError, "Document 1", id="token"),
    pytest.param({}, ["coffee"], ValueError, "No word", id="coverage"),
    pytest.param({"word2vec_params": {"hs": 1}}, ["tea"], ValueError, "hs=1", id="one word"),
    pytest.param({"output": "both"}, BreaksInTraining(), BrokenError, "on purpose", id="training"),
]


def failed(w2v, params, X, error, text):
    """The estimator after a fit that fails with other parameters, which are put back."""
    before = w2v.get_params(deep=False)
    with pytest.raises(error, match=re.escape(text)):
        w2v.set_params(**params).fit(X)
    return w2v.set_params(**before)


@pytest.mark.parametrize(("params", "X", "error", "text"), FAILURES)
def test_a_failed_fit_leaves_an_unfitted_estimator_unfitted(params, X, error, text):
    w2v = failed(estimator(), params, X, error, text)
    assert vars(w2v) == vars(estimator())
    message = (
        "This PretrainedWord2VecTransformer instance is not fitted yet. Call 'fit' with appropriate arguments before "
        "using this estimator."
    )
    with pytest.raises(NotFittedError, match=whole(message)):
        w2v.transform(DOCUMENTS)


@pytest.mark.parametrize(("params", "X", "error", "text"), FAILURES)
def test_a_failed_fit_leaves_a_fitted_estimator_as_it_was(params, X, error, text):
    fitted = estimator().fit(DOCUMENTS)
    vectors, words, state = fitted.transform(DOCUMENTS), dict(fitted.vocabulary_), dict(vars(fitted))
    failed(fitted, params, X, error, text)
    assert vars(fitted).keys() == state.keys()
    assert [name for name, value in vars(fitted).items() if value is not state[name]] == []
    assert fitted.vocabulary_ == words
    np.testing.assert_array_equal(fitted.transform(DOCUMENTS), vectors)


NOT_THE_SAME_LANGUAGE = "Check that the language and the case of its words are those of the documents' tokens."
LOW_COVERAGE = (
    "Only 3.2% of the documents' tokens have a vector in <PretrainedVectors: 3 words of 3 numbers in memory>; the "
    f"others have nothing to start from. {NOT_THE_SAME_LANGUAGE}"
)
ALL_HELD = (
    "Every word has a pretrained vector and lockf=0 holds it there, so that 'epochs' changes nothing. Use a larger "
    "lockf, or output='pretrained', which does not train."
)


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "both", "pretrained"])
def test_a_coverage_of_less_than_a_tenth_is_one_warning(method, output):
    with pytest.warns(UserWarning, match=whole(LOW_COVERAGE)) as record:
        getattr(estimator(output=output), method)([["tea"], ["coffee"] * 30])
    assert len(record) == 1


def test_a_coverage_of_a_tenth_is_no_warning():
    assert estimator().fit([["tea"], ["coffee"] * 9]).coverage_["tokens"] == 0.1


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "pretrained"])
def test_a_coverage_of_nothing_is_an_error(method, output):
    message = (
        "No word of the documents has a vector in <PretrainedVectors: 3 words of 3 numbers in memory>. "
        f"{NOT_THE_SAME_LANGUAGE}"
    )
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(output=output), method)(["Tee", "Tasse"])


def test_an_error_of_coverage_names_the_file(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("tea 1 0\ncup 0 1\n")
    message = f"No word of the documents has a vector in <PretrainedVectors: {path}>. {NOT_THE_SAME_LANGUAGE}"
    with pytest.raises(ValueError, match=whole(message)):
        estimator(path).fit(["Tee", "Tasse"])


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "both"])
@pytest.mark.parametrize("lockf", [0, 0.0, {"tea": 0, "cup": 0.0, "pot": 0}], ids=str)
def test_holding_every_word_is_one_warning(method, output, lockf):
    with pytest.warns(UserWarning, match=whole(ALL_HELD)) as record:
        getattr(estimator(lockf=lockf, output=output), method)(["tea cup", "pot"])
    assert len(record) == 1


@pytest.mark.parametrize(
    "params", [{"lockf": 0, "output": "pretrained"}, {"lockf": {"tea": 0}}, {"lockf": "frequency"}], ids=str
)
def test_holding_some_words_or_training_none_is_no_warning(params):
    estimator(**params).fit(["tea cup", "pot"])


def test_lockf_0_with_words_that_can_move_is_no_warning():
    estimator(lockf=0).fit(["tea cup", "teapot"])


@pytest.mark.parametrize(
    ("lockf", "documents", "message"), [(1, [["tea"], ["coffee"] * 30], LOW_COVERAGE), (0, ["tea"], ALL_HELD)]
)
def test_warnings_point_to_the_line_that_calls_fit(lockf, documents, message):
    with pytest.warns(UserWarning, match=whole(message)) as record:
        estimator(lockf=lockf).fit(documents)
    assert record[0].filename == __file__
