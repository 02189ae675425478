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
from sklearn.exceptions import NotFittedError

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import (
    DOCUMENTS,
    NAME,
    NOT_FITTED,
    SOURCE,
    BreaksInTraining,
    BrokenError,
    each,
    estimator,
    must_be,
    shown,
    whole,
)

HUGE = 10**400
NAN, INF = float("nan"), float("inf")


def keyed_tea():
    vectors = KeyedVectors(100)
    vectors.add_vectors(["tea"], np.ones((1, 100)))
    return vectors


EXPECTED = {
    "lockf": "a float in the range [0, 1], 'frequency' or a dict of word to such a float",
    "epochs": "an int in the range [1, inf) or 'auto'",
    "sg": "0 (CBOW) or 1 (skip-gram)",
    "window": "an int in the range [1, 10000] or 'auto'",
    "alpha": "a float in the range (0, 1] or 'auto'",
    "sample": "a float in the range [0, 1e12] or 'auto'",
    "lowercase": "a bool",
    "scale": "a bool",
    "min_count": "an int in the range [1, inf)",
    "vector_size": "None or an int in the range [1, 100000]",
    "vocabulary": "None or one or more distinct str: a list, a set or a dict to distinct int",
    "analyzer": "'word' or a callable",
    "output": "'auto', 'tuned', 'pretrained' or 'both'",
    "fallback_size": "an int in the range [0, inf) or None",
    "n_jobs": "None, an int in the range [-10000, -1] or an int in the range [1, 10000]",
    "random_state": "None, an int in the range [0, 4294967295] or a numpy.random.RandomState",
    "verbose": "an int in the range [0, inf) or a bool",
    "word2vec_params": "None or a dict of arguments of gensim.models.Word2Vec",
}
WRONG = [
    ("lockf", -0.1, 1.1, NAN, INF, HUGE, 1j, True, None, "Frequency", "1", b"frequency", [1.0], np.array(1.0)),
    ("lockf", {"tea": -1}, {"tea": NAN}, {"tea": "frequency"}, {"tea": True}, {"tea": HUGE}, {1: 1.0}),
    ("epochs", 0, -1, 5.0, np.float32(5), NAN, INF, True, np.True_, None, "5", "Auto", b"auto", [5], np.array(5)),
    ("sg", 2, -1, 1.0, True, False, np.True_, None, "1", "sg", [1]),
    ("window", 0, -1, 10_001, HUGE, 5.0, True, None, "5", (2, 3)),
    ("alpha", 0, -0.1, 1.1, NAN, INF, HUGE, 1j, True, None, "Auto", [0.1]),
    ("sample", -1e-3, 1.1e12, NAN, INF, HUGE, True, None, "0", [1e-3]),
    ("lowercase", 0, 1, None, "no", np.True_),
    ("scale", 0, 1, None, "block", np.True_),
    ("min_count", 0, -1, 1.0, 0.1, INF, True, None, "1"),
    ("vector_size", 0, -1, 100_001, HUGE, 10.0, True, "10"),
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
    ("lockf", 0, 1, np.float32(0.5), np.int8(1), Fraction(1, 3), "frequency", np.str_("frequency")),
    ("lockf", {}, {"tea": np.float32(0)}, {"tea": 0.5, "nowhere": 0.0}, MappingProxyType({"tea": 1})),
    ("epochs", np.int64(1), np.uint8(2), "auto", np.str_("auto")),
    ("sg", 0, 1, np.int8(0)),
    ("window", 1, np.int32(1), 10_000, "auto"),
    ("alpha", 1, 1e-12, np.float32(0.01), Fraction(1, 40), "auto", np.str_("auto")),
    ("sample", 0, 10, np.float32(1e-3), Fraction(1, 1000), "auto"),
    ("lowercase", True, False),
    ("scale", True, False),
    ("min_count", np.int64(1), 10**9, HUGE),
    ("vector_size", np.int64(3), 3, None),
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
    ("output", "auto", "tuned", "pretrained", "both", np.str_("both")),
    ("fallback_size", 0, None, np.int64(1), 10**12),
    ("n_jobs", None, 1, 2, -1, -1000, np.int64(1)),
    ("random_state", None, 0, 2**32 - 1, np.int64(3), np.random, np.random.RandomState(0)),
    ("verbose", 0, 2, False, True, np.int64(0)),
    ("word2vec_params", None, {}, MappingProxyType({"negative": 3}), {"negative": np.int64(1)}),
    ("word2vec_params", {"hs": 1, "negative": 0}, {"hs": np.int8(1)}, {"cbow_mean": 0}, {"batch_words": 1}),
    ("word2vec_params", {"min_alpha": 0}),
    ("word2vec_params", {"ns_exponent": 0}, {"ns_exponent": -1}, {"max_final_vocab": None}, {"max_final_vocab": 3}),
    ("word2vec_params", {"shrink_windows": False}, {"compute_loss": True}, {"comment": "a"}, {"hashfxn": hash}),
]


@pytest.mark.parametrize(("name", "value"), each(WRONG))
@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_a_wrong_parameter_is_kept_by_init_and_refused_by_fit(pretrained, name, value):
    w2v = PretrainedWord2VecTransformer(pretrained, **{name: value})
    assert w2v.get_params()[name] is value
    message = must_be(name, NAME, EXPECTED[name], value)
    with pytest.raises(ValueError, match=whole(message)):
        w2v.fit(DOCUMENTS)
    with pytest.raises(ValueError, match=whole(message)):
        w2v.fit_transform(DOCUMENTS)


def test_untuned_vectors_need_a_source():
    expected = "'auto', 'tuned' or 'both' where pretrained is None, since there are no untuned vectors"
    message = must_be("output", NAME, expected, "pretrained")
    with pytest.raises(ValueError, match=whole(message)):
        estimator(None, output="pretrained").fit(DOCUMENTS)


def test_of_both_outputs_there_are_tuned_vectors_alone_without_a_source():
    w2v = estimator(None, output="both", random_state=0)
    vectors = w2v.fit_transform(DOCUMENTS)
    np.testing.assert_array_equal(vectors, estimator(None, output="tuned", random_state=0).fit_transform(DOCUMENTS))
    assert {name.rstrip("0123456789") for name in w2v.get_feature_names_out()} == {"tuned_mean"}


A_SOURCE = "None, a path, a PretrainedVectors, or gensim's KeyedVectors or Word2Vec"


@pytest.mark.parametrize("pretrained", [5, True, b"glove.txt", ["tea"], {"tea": [1.0]}, np.eye(3), object()], ids=shown)
def test_what_is_no_source_is_refused(pretrained):
    with pytest.raises(ValueError, match=whole(must_be("pretrained", NAME, A_SOURCE, pretrained))):
        estimator(pretrained).fit(DOCUMENTS)


def test_a_fitted_transformer_is_no_source_but_the_error_says_how_to_make_it_one():
    fitted = estimator().fit(DOCUMENTS)
    message = (
        f"{must_be('pretrained', NAME, A_SOURCE, fitted)} To go on from a fitted transformer, pass "
        "PretrainedVectors.from_transformer(fitted)."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(fitted).fit(DOCUMENTS)
    assert estimator(PretrainedVectors.from_transformer(fitted)).fit_transform(DOCUMENTS).shape == (3, 6)


@pytest.mark.parametrize("kind", [str, lambda path: path], ids=["str", "Path"])
def test_a_path_without_a_file_is_refused(tmp_path, kind):
    path = tmp_path / "glove.txt"
    message = (
        f"There is no file of word vectors at {str(path)!r}. Check the path: the current folder is {os.getcwd()!r}. "
        "GloVe is at https://nlp.stanford.edu/projects/glove/."
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
    n_features = w2v.vector_size_ * (2 if w2v.output_ == "both" else 1)
    assert (vectors.shape, vectors.dtype) == ((3, n_features), np.float32)
    assert np.isfinite(vectors).all()
    assert w2v.get_params()[name] is value


def test_vector_size_is_that_of_the_source_or_100_where_there_is_none():
    assert estimator(None).fit_transform(DOCUMENTS).shape == (3, 100)
    assert estimator(None, vector_size=np.int64(7)).fit_transform(DOCUMENTS).shape == (3, 7)
    assert estimator(vector_size=3).fit(DOCUMENTS).vector_size_ == estimator().fit(DOCUMENTS).vector_size_ == 3


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("size", [1, 2, 300, np.int64(7)])
def test_another_vector_size_than_that_of_the_source_is_refused(method, size):
    message = must_be("vector_size", NAME, f"None or 3, as {SOURCE} has", size)
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(vector_size=size), method)(DOCUMENTS)


FAILURES = [
    pytest.param({"epochs": 0}, DOCUMENTS, ValueError, "'epochs'", id="parameter"),
    pytest.param({"word2vec_params": {"hs": 2}}, DOCUMENTS, ValueError, "'hs'", id="word2vec_params"),
    pytest.param({"pretrained": "nowhere"}, DOCUMENTS, FileNotFoundError, "nowhere", id="path"),
    pytest.param({}, [], ValueError, "0 sample", id="no documents"),
    pytest.param({}, ["tea", None], TypeError, "Document 1", id="document"),
    pytest.param({}, [["tea"], [1]], TypeError, "Document 1", id="token"),
    pytest.param({}, ["coffee"], ValueError, "No word", id="coverage"),
    pytest.param({"word2vec_params": {"hs": 1}}, ["tea"], ValueError, "hs=1", id="one word"),
    pytest.param({"output": "both"}, BreaksInTraining(DOCUMENTS), BrokenError, "on purpose", id="training"),
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
    with pytest.raises(NotFittedError, match=whole(NOT_FITTED)):
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
