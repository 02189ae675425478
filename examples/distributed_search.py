"""Search lockf and epochs on a dask cluster: two processes here, or the cluster of a scheduler that runs already.

    pip install "sk-w2v[demo,distributed]"
    python examples/distributed_search.py
    python examples/distributed_search.py --scheduler tcp://10.0.0.5:8786 --folder /shared

The documents are those of quickstart.py, docstrings of four packages; GloVe is written once, as text, to a folder that
all machines must see. What travels is its path: each worker reads the file once. The scores are bit for bit those of a
search without a cluster, as long as the machines have the same kind of processor. It uses no network but the cluster's.

On a cluster of ray it is the same search: call ``ray.util.joblib.register_ray()``, give GridSearchCV its ``n_jobs``,
and fit it under ``joblib.parallel_config("ray")``.

It takes about a minute on one machine, and prints the accuracy in cross-validation, for example:

    lockf=0.0        epochs=2   0.637
    lockf=1.0        epochs=2   0.657
    lockf=frequency  epochs=2   0.654
    lockf=0.0        epochs=10  0.662
    lockf=1.0        epochs=10  0.742
    lockf=frequency  epochs=10  0.747
"""

import argparse
import tempfile
from contextlib import nullcontext
from pathlib import Path

import joblib
from distributed import Client, LocalCluster
from docstrings import open_glove, read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline

from sk_w2v import PretrainedWord2VecTransformer

GRID = {"w2v__lockf": [0.0, 1.0, "frequency"], "w2v__epochs": [2, 10]}


def write_glove(path, n_words=100_000):
    source = open_glove()
    words = source.words[:n_words]
    with path.open("w", encoding="utf-8") as file:
        for word, row in zip(words, source.rows(words).tolist(), strict=True):
            file.write(f"{word} {' '.join(f'{number:.5g}' for number in row)}\n")
    return str(path)


def build_search(path):
    w2v = PretrainedWord2VecTransformer(path, random_state=0)
    pipeline = Pipeline([("w2v", w2v), ("classifier", LogisticRegression(C=10, max_iter=1000))])
    return GridSearchCV(pipeline, GRID, cv=3, error_score="raise")


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scheduler", help="its address; without one, two processes are started here")
    parser.add_argument("--folder", help="where GloVe is written; a temporary folder unless given")
    parser.add_argument("--documents", type=int, default=250, help="of each package")
    arguments = parser.parse_args(arguments)
    documents, labels = read_documents(arguments.documents)
    with nullcontext(arguments.folder) if arguments.folder else tempfile.TemporaryDirectory() as folder:
        search = build_search(write_glove(Path(folder, "glove.txt")))
        two = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0", "local_directory": folder}
        started = nullcontext(arguments.scheduler) if arguments.scheduler else LocalCluster(**two)
        with started as cluster, Client(cluster), joblib.parallel_config("dask"):
            search.fit(documents, labels)
    for params, score in zip(search.cv_results_["params"], search.cv_results_["mean_test_score"], strict=True):
        print(f"lockf={params['w2v__lockf']!s:<10} epochs={params['w2v__epochs']:<3} {score:.3f}")


if __name__ == "__main__":
    main()
