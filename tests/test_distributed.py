"""A search on a cluster of dask: the scores of one process, one read of the vectors a worker, and what goes wrong."""

import importlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

import joblib
import numpy as np
import pytest
import sklearn

from sk_w2v import PretrainedWord2VecTransformer

from helpers import PATIENCE

distributed = pytest.importorskip("distributed")
pytest.importorskip("dask.bag")

SEARCH_IN_WHICH_A_WORKER_DIES = """
import faulthandler, os, signal, sys, tempfile
from pathlib import Path

import joblib
import numpy as np
from distributed import Client, LocalCluster
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import PretrainedWord2VecTransformer

glove, documents = sys.argv[1], Path(sys.argv[2]).read_text().splitlines() * int(sys.argv[3])
main_process = os.getpid()


class Deadly:
    # Ends the first worker that splits the 250th document of its life. The environment outlives what is pickled.
    def __init__(self, folder):
        self.folder = folder

    def __call__(self, document):
        if os.getpid() != main_process:
            n_documents = os.environ["N_DOCUMENTS"] = str(1 + int(os.environ.get("N_DOCUMENTS", 0)))
            if n_documents == "250":
                try:
                    Path(self.folder, "died").touch(exist_ok=False)
                except FileExistsError:
                    return document.split()
                os.kill(os.getpid(), signal.SIGKILL)
        return document.split()


def scores(folder):
    w2v = PretrainedWord2VecTransformer(glove, random_state=0, analyzer=Deadly(folder))
    pipeline = Pipeline([("w2v", w2v), ("clf", LogisticRegression(max_iter=1000))])
    grid = {"w2v__lockf": [0.0, 1.0], "w2v__epochs": [1, 3]}
    search = GridSearchCV(pipeline, grid, cv=2, refit=False, error_score="raise")
    search.fit(documents, [number % 3 > 0 for number in range(len(documents))])
    return search.cv_results_["mean_test_score"]


with tempfile.TemporaryDirectory() as folder:
    expected = scores(folder)
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "local_directory": folder}
    with LocalCluster(**options) as cluster, Client(cluster) as client, joblib.parallel_config("dask"):
        faulthandler.dump_traceback_later(300, exit=True)  # a hang
        try:
            outcome = "right" if np.array_equal(scores(folder), expected) else "wrong"
        except Exception as error:
            outcome = f"error {type(error).__name__}"
        print(outcome if Path(folder, "died").exists() else "nobody died", flush=True)
        os._exit(0)  # to close a cluster whose worker is gone takes dask some seconds, and is its own matter
"""


@pytest.fixture(scope="module")
def client(tmp_path_factory):
    options = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"}
    folder = str(tmp_path_factory.mktemp("dask"))
    with distributed.LocalCluster(**options, local_directory=folder) as cluster, distributed.Client(cluster) as client:
        yield client


@pytest.fixture(scope="module")
def short_documents(documents):
    """The beginnings of documents, since what takes time here is to start processes."""
    return [document[:300] for document in documents]


@pytest.fixture
def build_search(monkeypatch):
    """The example's function: path → GridSearchCV."""
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "examples")
    return importlib.import_module("distributed_search").build_search


def count_passes():
    """Have this process count how often it goes through a vector file from its beginning."""
    from sk_w2v.sources._files import VectorFile

    read_through, VectorFile.n_passes = VectorFile._read_through, 0

    def counting(*args, **kwargs):
        VectorFile.n_passes += 1
        return read_through(*args, **kwargs)

    VectorFile._read_through = counting


def n_passes():
    from sk_w2v.sources._files import VectorFile

    return VectorFile.n_passes


def test_scores_are_those_of_one_process_and_each_worker_reads_the_vectors_once(
    client, build_search, glove_path, short_documents, labels
):
    client.run(count_passes)
    with joblib.parallel_config("dask"):
        search = build_search(str(glove_path)).fit(short_documents, labels)
    serial = build_search(str(glove_path)).fit(short_documents, labels)
    for split in range(3):
        name = f"split{split}_test_score"
        np.testing.assert_array_equal(search.cv_results_[name], serial.cv_results_[name])
    assert list(client.run(n_passes).values()) == [1, 1]
    vectors = (found.best_estimator_[:-1].transform(short_documents) for found in (search, serial))
    np.testing.assert_array_equal(*vectors)
    # The classifier's arrays may lie elsewhere in memory, for which the BLAS of older versions add in another order.
    is_exact = tuple(map(int, sklearn.__version__.split(".")[:2])) >= (1, 9)
    together = search.predict_proba(short_documents), serial.predict_proba(short_documents)
    np.testing.assert_allclose(*together, rtol=0 if is_exact else 1e-5)


def test_extra_documents_reach_every_worker(client, build_search, glove_path, short_documents, labels):
    own, extra = short_documents[:57], short_documents[57:]
    searches = [build_search(str(glove_path)) for _ in range(2)]
    with joblib.parallel_config("dask"):
        searches[0].fit(own, labels[:57], w2v__extra_documents=extra)
    searches[1].fit(own, labels[:57], w2v__extra_documents=extra)
    together, serial = (search.cv_results_["mean_test_score"] for search in searches)
    np.testing.assert_array_equal(together, serial)
    vectors, expected = (search.best_estimator_["w2v"].vectors_ for search in searches)
    np.testing.assert_array_equal(vectors, expected)
    alone = build_search(str(glove_path)).estimator["w2v"].set_params(epochs=2).fit(own)
    assert len(expected) > len(alone.vectors_)


def test_a_vector_file_that_one_worker_lacks_is_an_error_that_says_where(
    client, build_search, glove_path, short_documents, labels, tmp_path
):
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir(), there.mkdir()
    shutil.copy(glove_path, here / "vectors.txt")
    for folder, worker in zip((here, there), client.run(os.getcwd), strict=True):
        client.run(os.chdir, str(folder), workers=[worker])
    search = build_search("vectors.txt").set_params(error_score="raise")
    with joblib.parallel_config("dask"), pytest.raises(FileNotFoundError) as raised:
        search.fit(short_documents, labels)
    assert str(raised.value).partition("\n")[0] == (
        f"There is no file of word vectors at {str(there / 'vectors.txt')!r}. Check the path: the current folder is "
        f"{str(there)!r}."
    )


def test_a_bag_is_transformed_in_parts(client, glove_path, short_documents):
    import dask.bag

    fitted = PretrainedWord2VecTransformer(str(glove_path), epochs=1, random_state=0).fit(short_documents)
    bag = dask.bag.from_sequence(short_documents, npartitions=3)
    parts = bag.map_partitions(lambda part: [fitted.transform(part)]).compute()
    assert len(parts) == 3
    np.testing.assert_array_equal(np.vstack(parts), fitted.transform(short_documents))


@pytest.mark.parametrize("times", [1, 4], ids=["recomputed", "dask has lost what it had sent"])
def test_a_worker_that_is_killed_ends_a_search_right_or_in_an_error(glove_path, short_documents, tmp_path, times):
    path = tmp_path / "documents.txt"
    path.write_text("\n".join(short_documents))
    command = [sys.executable, "-c", SEARCH_IN_WHICH_A_WORKER_DIES, str(glove_path), str(path), str(times)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=2 * PATIENCE)
    assert done.stdout.strip() in ("right", "error FutureCancelledError", "error KilledWorker"), done.stderr
