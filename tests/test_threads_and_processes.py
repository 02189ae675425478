"""One fitted transformer, or one source, in many threads and processes at once: each gets what one alone gets."""

import multiprocessing
import threading
from concurrent.futures import ProcessPoolExecutor

import joblib
import numpy as np
import pytest
from gensim.models import FastText
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import PATIENCE, at_once

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

N_THREADS = 16
METHODS = [method for method in ("fork", "spawn") if method in multiprocessing.get_all_start_methods()]

_inherited = []
"""What a forked process finds in its memory; a spawned one finds nothing."""


@pytest.fixture(scope="module")
def fitted(glove_path, documents):
    return PretrainedWord2VecTransformer(str(glove_path), epochs=1, output="both", random_state=0).fit(documents)


def test_sixteen_threads_transform_with_one_transformer(fitted, documents):
    expected = fitted.transform(documents)
    for vectors in at_once(lambda _: fitted.transform(documents)):
        np.testing.assert_array_equal(vectors, expected)


def test_threads_that_transform_different_documents_do_not_mix_them_up(fitted, documents):
    expected = fitted.transform(documents)
    results = at_once(lambda thread: [fitted.transform(documents[thread::N_THREADS]) for _ in range(5)])
    for thread, repeated in enumerate(results):
        for vectors in repeated:
            np.testing.assert_array_equal(vectors, expected[thread::N_THREADS])


def test_threads_that_transform_words_by_their_subwords_do_not_mix_them_up():
    model = FastText([["tea", "cup", "pot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=500, workers=1)
    fitted = PretrainedWord2VecTransformer(model.wv, output="pretrained", fallback_size=None).fit([["tea"]])
    tokens = [[f"teapot{number}", f"cup{number % 7}"] for number in range(200)]
    expected = fitted.transform(tokens)
    for vectors in at_once(lambda _: fitted.transform(tokens)):
        np.testing.assert_array_equal(vectors, expected)


def test_attributes_that_are_made_on_demand_are_right_for_all_who_ask_at_once(glove_path, documents):
    fitted = PretrainedWord2VecTransformer(str(glove_path), epochs=1, random_state=0).fit(documents)
    results = at_once(lambda _: (fitted.vocabulary_, fitted.vectors_))
    for vocabulary, vectors in results:
        assert vocabulary == results[0][0]
        np.testing.assert_array_equal(vectors, results[0][1])


def test_threads_that_fit_from_one_source_get_what_one_alone_gets(glove_path, documents):
    expected = PretrainedWord2VecTransformer(str(glove_path), epochs=1, random_state=0).fit_transform(documents)
    w2v = PretrainedWord2VecTransformer(PretrainedVectors.open(glove_path), epochs=1, random_state=0)
    for vectors in at_once(lambda _: clone(w2v).fit_transform(documents), 6):
        np.testing.assert_array_equal(vectors, expected)


def transform_inherited(documents):
    return _inherited[0].transform(documents)


@pytest.mark.parametrize("method", METHODS)
def test_processes_transform_with_a_fitted_transformer_and_fit_from_sources_that_were_open_before(
    fitted, glove_path, glove, documents, method
):
    sources = [str(glove_path), PretrainedVectors.open(glove_path), PretrainedVectors.from_arrays(*glove)]
    made = [PretrainedWord2VecTransformer(source, epochs=1, random_state=0) for source in sources]
    expected = [fitted.transform(documents)] * 2 + [clone(w2v).fit_transform(documents) for w2v in made]
    with ProcessPoolExecutor(2, multiprocessing.get_context(method)) as processes:
        running = [processes.submit(fitted.transform, documents) for _ in range(2)]
        running += [processes.submit(w2v.fit_transform, documents) for w2v in made]
        for future, vectors in zip(running, expected, strict=True):
            np.testing.assert_array_equal(future.result(timeout=PATIENCE), vectors)


@pytest.mark.skipif("fork" not in METHODS, reason="there is no fork on this system")
def test_a_fork_while_other_threads_fit_and_transform_waits_for_nobody(fitted, glove_path, documents):
    stop = threading.Event()

    def work():
        while not stop.is_set():
            fitted.transform(documents[:10])
            source = PretrainedVectors.open(glove_path, limit=1000)
            PretrainedWord2VecTransformer(source, output="pretrained").fit(documents[:10])

    threads = [threading.Thread(target=work) for _ in range(3)]
    _inherited[:] = [fitted]
    try:
        for thread in threads:
            thread.start()
        for _ in range(3):
            with ProcessPoolExecutor(1, multiprocessing.get_context("fork")) as processes:
                vectors = processes.submit(transform_inherited, documents).result(timeout=PATIENCE)
                np.testing.assert_array_equal(vectors, fitted.transform(documents))
    finally:
        stop.set()
        for thread in threads:
            thread.join(timeout=PATIENCE)
        _inherited.clear()


@pytest.mark.parametrize("backend", ["threading", "multiprocessing"])
def test_a_search_gives_the_same_scores_with_each_of_joblibs_other_backends(glove_path, documents, labels, backend):
    model = make_pipeline(
        PretrainedWord2VecTransformer(str(glove_path), random_state=0), LogisticRegression(max_iter=1000)
    )
    search = GridSearchCV(model, {"pretrainedword2vectransformer__epochs": [1, 2]}, cv=2, error_score="raise", n_jobs=2)
    with joblib.parallel_config(backend):
        search.fit(documents, labels)
    serial = clone(search).set_params(n_jobs=1).fit(documents, labels)
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], serial.cv_results_["mean_test_score"])
