"""Analyzers that cannot be copied or stored: clones keep them, and who stores one is told what to pass instead."""

import copy
import pickle
import re
import threading

import cloudpickle
import joblib
import numpy as np
import pytest
from joblib import Parallel, delayed, parallel_config
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedWord2VecTransformer

from helpers import NAME, estimator, whole

DOCUMENTS = ["tea cup", "pot of tea", "a new pot", "the cup"]


class Cutter:
    """Cuts text, and holds a lock as the tokenizers of jieba do."""

    def __init__(self):
        self.lock = threading.RLock()

    def cut(self, text):
        with self.lock:
            return text.split()

    __call__ = cut

    def __repr__(self):
        return "Cutter()"


class Raises:
    """Cuts text, and raises an error without a message when it is stored."""

    def __call__(self, text):
        return text.split()

    def __reduce__(self):
        raise NotImplementedError

    def __repr__(self):
        return "Raises()"


def local():
    def cut(text):
        return text.split()

    return cut


def cut(text):
    return text.split()


UNSTORABLE = {
    "method": (Cutter().cut, "cannot pickle '_thread.RLock' object"),
    "object": (Cutter(), "cannot pickle '_thread.RLock' object"),
    "local function": (local(), "Can't (pickle|get) local object 'local.<locals>.cut'.*"),
    "odd object": (Raises(), r"NotImplementedError\(\)"),
}
STORE = {
    "pickle": lambda fitted, path: pickle.dumps(fitted),
    "pickle, protocol 0": lambda fitted, path: pickle.dumps(fitted, 0),
    "joblib": joblib.dump,
    "pipeline": lambda fitted, path: joblib.dump(make_pipeline(fitted), path),
    "skops": lambda fitted, path: pytest.importorskip("skops.io").dump(fitted, path),
}


def pattern(analyzer, reason):
    """The whole message about an analyzer, with a pattern for the reason."""
    start = f"The 'analyzer' parameter of {NAME} cannot be stored: {analyzer!r:.60} ("
    end = "). Pass a function that is defined in a module instead, such as def split(text): return text.split()."
    return f"^{re.escape(start)}{reason}{re.escape(end)}\\Z"


@pytest.mark.parametrize("kind", UNSTORABLE)
@pytest.mark.parametrize("is_fitted", [True, False])
def test_copies_keep_the_callable(kind, is_fitted):
    analyzer = UNSTORABLE[kind][0]
    w2v = estimator(analyzer=analyzer)
    if is_fitted:
        w2v.fit(DOCUMENTS)
    for copied in (clone(w2v), clone(make_pipeline(w2v))[0], copy.copy(w2v), copy.deepcopy(w2v)):
        assert copied.analyzer is analyzer
        assert type(copied) is PretrainedWord2VecTransformer
        np.testing.assert_array_equal(copied.fit_transform(DOCUMENTS), w2v.fit_transform(DOCUMENTS))


def test_a_clone_is_otherwise_that_of_scikit_learn():
    w2v = estimator(analyzer=cut, lockf={"tea": 0.5}).set_output(transform="pandas").fit(DOCUMENTS)
    copied = clone(w2v)
    assert copied.lockf == w2v.lockf
    assert copied.lockf is not w2v.lockf
    assert list(copied.fit_transform(DOCUMENTS).columns) == list(w2v.get_feature_names_out())
    assert w2v.analyzer is cut
    assert not hasattr(clone(w2v), "vocabulary_")


@pytest.mark.parametrize("kind", UNSTORABLE)
@pytest.mark.parametrize("is_fitted", [True, False])
@pytest.mark.parametrize("how", STORE)
def test_storing_one_names_the_parameter_and_what_to_pass(how, is_fitted, kind, tmp_path):
    analyzer, reason = UNSTORABLE[kind]
    w2v = estimator(analyzer=analyzer)
    if is_fitted:
        w2v.fit(DOCUMENTS)
    with pytest.raises(pickle.PicklingError, match=pattern(analyzer, reason)):
        STORE[how](w2v, tmp_path / "fitted")


def test_a_function_of_a_module_is_stored(tmp_path):
    fitted = estimator(analyzer=cut).fit(DOCUMENTS)
    joblib.dump(fitted, tmp_path / "fitted.joblib")
    loaded = joblib.load(tmp_path / "fitted.joblib")
    assert loaded.analyzer is cut
    np.testing.assert_array_equal(loaded.transform(DOCUMENTS), fitted.transform(DOCUMENTS))


@pytest.mark.parametrize("kind", ["method", "local function"])
def test_a_search_in_threads_uses_the_callable(kind):
    model = make_pipeline(estimator(analyzer=UNSTORABLE[kind][0]), LogisticRegression())
    search = GridSearchCV(model, {f"{NAME.lower()}__lockf": [0.5, 1.0]}, cv=2, error_score="raise", n_jobs=2)
    with parallel_config("threading"):
        search.fit(DOCUMENTS * 2, [0, 1] * 4)
    assert search.best_estimator_[0].analyzer is UNSTORABLE[kind][0]


def test_a_search_in_processes_chooses_among_functions_that_cut():
    jieba = pytest.importorskip("jieba")

    def words(text):
        return jieba.lcut(text)

    reviews, labels = ["我喜欢这部电影", "我不喜欢这部电影", "演员很好", "演员很差"] * 3, [1, 0] * 6
    model = make_pipeline(estimator(None, vector_size=4), LogisticRegression())
    grid = {f"{NAME.lower()}__analyzer": [words, list]}
    search = GridSearchCV(model, grid, cv=2, error_score="raise", n_jobs=2).fit(reviews, labels)
    assert search.best_estimator_[0].analyzer in (words, list)
    assert len(set(search.best_estimator_[0].vocabulary_) & {"我", "不", "很"}) == 3


def test_jiebas_own_method_serves_a_search_in_this_process_and_is_named_where_it_is_stored():
    jieba = pytest.importorskip("jieba")
    model = make_pipeline(estimator(None, analyzer=jieba.lcut, vector_size=4), LogisticRegression())
    search = GridSearchCV(model, {f"{NAME.lower()}__alpha": [0.1, 0.2]}, cv=2, error_score="raise")
    search.fit(["我喜欢这部电影", "演员很差"] * 4, [1, 0] * 4)
    assert search.best_estimator_[0].analyzer == jieba.lcut
    with pytest.raises(pickle.PicklingError, match=pattern(jieba.lcut, "cannot pickle '_thread.RLock' object")):
        pickle.dumps(search.best_estimator_)


def test_what_is_sent_to_a_process_by_value_may_be_a_local_function():
    """joblib's, dask's and ray's processes get functions by value, as cloudpickle stores them."""
    loaded = pickle.loads(cloudpickle.dumps(estimator(analyzer=local()).fit(DOCUMENTS)))
    assert loaded.analyzer("tea cup") == ["tea", "cup"]
    np.testing.assert_array_equal(loaded.transform(["tea"]), estimator(analyzer=cut).fit(DOCUMENTS).transform(["tea"]))


@pytest.mark.parametrize("kind", ["method", "object"])
def test_what_cannot_be_sent_even_so_is_named(kind):
    analyzer, reason = UNSTORABLE[kind]
    with pytest.raises(pickle.PicklingError, match=pattern(analyzer, reason)):
        cloudpickle.dumps(estimator(analyzer=analyzer))
    with pytest.raises(
        pickle.PicklingError, match=whole("Could not pickle the task to send it to the workers.")
    ) as raised:
        Parallel(2)(delayed(len)([estimator(analyzer=analyzer)]) for _ in range(2))
    assert f"The 'analyzer' parameter of {NAME} cannot be stored" in str(raised.value.__cause__)
