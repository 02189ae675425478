"""Searches that go wrong: a bad candidate, a vector file that goes away, Ctrl-C."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import NAME, PATIENCE, must_be, whole

SEARCH_FOR_LONG = """
import sys
import numpy as np
from gensim.models import KeyedVectors
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sk_w2v import PretrainedWord2VecTransformer

class Telling:
    def __call__(self, document):
        open(sys.argv[1], "w").close()
        return document.split()

keyed_vectors = KeyedVectors(50)
keyed_vectors.add_vectors([f"w{row}" for row in range(10_000)], np.ones((10_000, 50), np.float32))
w2v = PretrainedWord2VecTransformer(keyed_vectors, epochs=1000, analyzer=Telling())
pipeline = Pipeline([("w2v", w2v), ("clf", LogisticRegression())])
documents = [" ".join(f"w{number * step % 9973}" for number in range(1, 500)) for step in range(1, 201)]
search = GridSearchCV(pipeline, {"w2v__lockf": [0.5, 1.0]}, cv=2, n_jobs=2, error_score="raise")
search.fit(documents, [0, 1] * 100)
"""


def build_search(pretrained, grid, **params):
    w2v = PretrainedWord2VecTransformer(pretrained, epochs=1, random_state=0)
    pipeline = Pipeline([("w2v", w2v), ("clf", LogisticRegression(max_iter=1000))])
    return GridSearchCV(pipeline, grid, **{"cv": 2, "error_score": "raise", **params})


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_bad_candidate_is_an_error_that_names_its_parameter(glove_path, documents, labels, n_jobs):
    message = must_be("epochs", NAME, "an int in the range [1, inf) or 'auto'", 0)
    search = build_search(str(glove_path), {"w2v__epochs": [1, 0]}, n_jobs=n_jobs)
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        search.fit(documents, labels)


@pytest.mark.filterwarnings("ignore::sklearn.exceptions.FitFailedWarning")
@pytest.mark.filterwarnings("ignore:One or more of the test scores are non-finite:UserWarning")
def test_a_bad_candidate_costs_only_its_own_score_where_the_search_says_so(glove_path, documents, labels):
    search = build_search(str(glove_path), {"w2v__epochs": [1, 0]}, error_score=np.nan).fit(documents, labels)
    assert np.isfinite(search.cv_results_["mean_test_score"]).tolist() == [True, False]


def removing(path):
    """A scorer after whose first use the vector file is gone."""

    def score_and_remove(estimator, X, y):
        path.unlink(missing_ok=True)
        return estimator.score(X, y)

    return score_and_remove


def test_a_vector_file_that_goes_away_between_two_candidates_is_an_error(glove_path, documents, labels, tmp_path):
    path = Path(shutil.copy(glove_path, tmp_path))
    search = build_search(str(path), {"w2v__lockf": [0.5, 1.0]}, scoring=removing(path))
    message = (
        f"There is no file of word vectors at {str(path)!r}. Check the path: the current folder is {os.getcwd()!r}. "
        "GloVe is at https://nlp.stanford.edu/projects/glove/."
    )
    with pytest.raises(FileNotFoundError, match=whole(message)):
        search.fit(documents, labels)


def test_with_a_handle_it_is_an_error_where_rows_are_missing(glove_path, documents, labels, tmp_path):
    path = Path(shutil.copy(glove_path, tmp_path))
    grid = {"w2v__lockf": [0.5, 1.0], "w2v__fallback_size": [0]}
    search = build_search(PretrainedVectors.open(path), grid, scoring=removing(path))
    with pytest.raises(FileNotFoundError, match=re.escape(repr(str(path)))):
        search.fit(documents, labels)


def test_with_a_handle_that_has_read_all_rows_it_does_not_matter(glove_path, documents, labels, tmp_path):
    path = Path(shutil.copy(glove_path, tmp_path))
    grid = {"w2v__lockf": [0.5, 1.0]}
    search = build_search(PretrainedVectors.open(path), grid, scoring=removing(path)).fit(documents, labels)
    expected = build_search(str(glove_path), grid).fit(documents, labels)
    assert not path.exists()
    np.testing.assert_array_equal(search.cv_results_["mean_test_score"], expected.cv_results_["mean_test_score"])


def processes_of(session):
    """The processes of a session that still run, from /proc."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            _, _, rest = stat.read_text().rpartition(")")
        except OSError:
            continue  # it has just ended
        state, _, _, its_session = rest.split()[:4]
        if int(its_session) == session and state != "Z":
            found.append(stat.parent.name)
    return found


def wait_until(is_true, seconds=PATIENCE):
    deadline = time.monotonic() + seconds
    while not is_true() and time.monotonic() < deadline:
        time.sleep(0.1)
    return is_true()


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="it looks at the processes in /proc")
def test_ctrl_c_in_a_search_leaves_no_processes_and_no_temporary_files(tmp_path):
    temporary, begun = tmp_path / "temporary", tmp_path / "begun"
    temporary.mkdir()
    environment = os.environ | {"JOBLIB_TEMP_FOLDER": str(temporary), "TMPDIR": str(temporary)}
    command = [sys.executable, "-c", SEARCH_FOR_LONG, str(begun)]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, start_new_session=True)
    try:
        assert wait_until(begun.exists)
        assert len(processes_of(process.pid)) > 2
        assert any(temporary.rglob("*.pkl"))  # the vectors, mapped by both workers
        os.killpg(process.pid, signal.SIGINT)  # to all, as a terminal does
        assert process.communicate(timeout=PATIENCE)[1].rstrip().endswith("KeyboardInterrupt")
        assert wait_until(lambda: not processes_of(process.pid))
        assert wait_until(lambda: not any(path.is_file() for path in temporary.rglob("*")))
    finally:
        for pid in processes_of(process.pid):
            os.kill(int(pid), signal.SIGKILL)
        process.communicate()
