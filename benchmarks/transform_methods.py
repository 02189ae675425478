"""The ways from documents to vectors that transform.py compares. It runs this script in the environment of each.

    python transform_methods.py SIDE FILE

FILE is a pickled dict: the documents as strings, the same cut into tokens, and words with their vectors. The script
answers what it is asked: its methods, what one of them takes, and what it returns.
"""

import pickle
import sys
import time
import types
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import chain, repeat
from pathlib import Path

import numpy as np
from processes import answer, peak_megabytes

C_MODULES = ("sk_w2v._lookup", "sk_w2v.text._words")
N_SINGLE = 500
N_REPEATS = 8


def clock(function):
    """Seconds, and seconds of processor time."""
    start = time.perf_counter(), time.process_time()
    function()
    return [time.perf_counter() - start[0], time.process_time() - start[1]]


def latency(function, documents):
    """Microseconds for one document: the median, and what one in a hundred exceeds."""
    seconds = [clock(partial(function, [document])) for document in documents[:N_SINGLE]]
    return (1e6 * np.percentile(np.array(seconds), [50, 99], axis=0)).ravel().tolist()


def in_threads(n_threads, transform, documents):
    """Transform each half several times, so that threads work for much longer than they take to start."""
    middle = len(documents) // 2
    halves = documents[:middle], documents[middle:]
    with ThreadPoolExecutor(n_threads) as pool:
        for _ in pool.map(transform, halves * N_REPEATS):
            pass


# ---- sk_w2v, this version or one before ----


def sk_w2v(name, is_compiled, poolings, given):
    if not is_compiled:
        sys.modules.update(dict.fromkeys(C_MODULES))  # whose import fails then
    from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

    source = PretrainedVectors.from_arrays(given["words"], given["vectors"])
    params = {"output": "pretrained", "fallback_size": None}
    fitted = {
        pooling: PretrainedWord2VecTransformer(source, pooling=pooling, **params).fit(given["strings"][::2])
        for pooling in poolings
    }
    transform, ending = fitted["mean"].transform, "" if is_compiled else ", without C"
    transform(["a word, ein Wörtchen"])  # which makes tables that are made once
    transform([["a", "word"]])
    found = {
        kind: {f"{name}, {pooling}{ending}": partial(w2v.transform, given[kind]) for pooling, w2v in fitted.items()}
        for kind in ("strings", "tokens")
    }
    if name == "sk_w2v" and is_compiled:
        found["threads"] = {f"{n} threads": partial(in_threads, n, transform, given["strings"]) for n in (1, 2)}
    found["latency"] = {f"{name}, mean{ending}": transform}
    return found


# ---- scikit-learn, gensim, and loops, in the same environment ----


def floor(vocabulary, vectors, documents):
    """Look up, multiply: nothing is checked, nothing divided."""
    from scipy.sparse import csr_array

    columns = np.fromiter(map(vocabulary.get, chain.from_iterable(documents), repeat(len(vectors))), np.int32)
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int32, len(documents)))])
    shape = (len(documents), len(vectors) + 1)
    counts = csr_array((np.ones(len(columns), np.float32), columns, starts), shape=shape)
    return counts @ np.vstack([vectors, np.zeros((1, vectors.shape[1]), np.float32)])


def count_vectorizer(vectorizer, vectors, documents):
    counts = vectorizer.transform(documents)
    return counts @ vectors / np.maximum(counts.sum(axis=1), 1)


def loop(keyed_vectors, documents):
    """What blog posts show."""
    nothing = [np.zeros(keyed_vectors.vector_size, np.float32)]
    known = ([keyed_vectors[token] for token in document if token in keyed_vectors] for document in documents)
    return np.array([np.mean(rows or nothing, axis=0) for rows in known])


def gensim_means(keyed_vectors, documents):
    nothing = np.zeros(keyed_vectors.vector_size, np.float32)
    mean = partial(keyed_vectors.get_mean_vector, pre_normalize=False)
    return np.array([mean(document) if document else nothing for document in documents])


def keyed_vectors_of(words, vectors):
    from gensim.models import KeyedVectors

    keyed_vectors = KeyedVectors(vectors.shape[1])
    keyed_vectors.add_vectors(words, vectors)
    for rank, word in enumerate(words):
        keyed_vectors.set_vecattr(word, "count", len(words) - rank)
    return keyed_vectors


def others(given):
    from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

    words, vectors, documents, tokens = given["words"], given["vectors"], given["strings"], given["tokens"]
    vectorizer, keyed_vectors = CountVectorizer(vocabulary=words, dtype=np.float32), keyed_vectors_of(words, vectors)
    by_matrix, tfidf = partial(count_vectorizer, vectorizer, vectors), TfidfVectorizer().fit(documents[::2])
    vocabulary = {word: row for row, word in enumerate(words)}
    return {
        "strings": {"CountVectorizer, times a matrix": partial(by_matrix, documents)},
        "tokens": {
            "floor": partial(floor, vocabulary, vectors, tokens),
            "loop over KeyedVectors": partial(loop, keyed_vectors, tokens),
            "gensim get_mean_vector": partial(gensim_means, keyed_vectors, tokens),
        },
        "latency": {"CountVectorizer, times a matrix": by_matrix, "TfidfVectorizer": tfidf.transform},
    }


# ---- model2vec, embetter, fse and zeugma, in an environment of their own ----


def static_model(words, vectors):
    """Give model2vec the same words, cut in the same way, and the same vectors."""
    from model2vec import StaticModel
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers

    tokenizer = Tokenizer(models.WordLevel({word: row for row, word in enumerate([*words, "[UNK]"])}, "[UNK]"))
    tokenizer.normalizer = normalizers.Lowercase()
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"\w\w+"), "removed", invert=True)
    vectors = np.vstack([vectors, np.zeros((1, vectors.shape[1]), np.float32)])
    return StaticModel(vectors, tokenizer, normalize=False)


def stand_in_for_tensorflow():
    package = "tensorflow.keras.preprocessing"
    for name in ("tensorflow", "tensorflow.keras", package, f"{package}.sequence", f"{package}.text"):
        sys.modules[name] = types.ModuleType(name)
    sys.modules[f"{package}.sequence"].pad_sequences = None
    sys.modules[f"{package}.text"].Tokenizer = type("Tokenizer", (), {})


def infer(model, cut, documents):
    return model.infer([(cut(document), number) for number, document in enumerate(documents)])


def cut_and_join(cut, transform, documents):
    """For what cuts by spaces alone."""
    return transform([" ".join(cut(document)) for document in documents])


def peers(given):
    words, vectors, strings, tokens = given["words"], np.array(given["vectors"]), given["strings"], given["tokens"]
    from embetter.text import TextEncoder
    from fse import SIF, Average, IndexedList, uSIF
    from sklearn.feature_extraction.text import CountVectorizer

    stand_in_for_tensorflow()
    from zeugma.embeddings import EmbeddingTransformer

    keyed_vectors, static = keyed_vectors_of(words, vectors), static_model(words, vectors)
    encode, cut = partial(static.encode, max_length=None, use_multiprocessing=False), CountVectorizer().build_analyzer()
    cut_already, numbered = list(map(" ".join, tokens)), [(document, n) for n, document in enumerate(tokens)]
    zeugma = EmbeddingTransformer(keyed_vectors).transform
    models = {kind.__name__: kind(keyed_vectors) for kind in (Average, SIF, uSIF)}
    for model in models.values():
        model.train(IndexedList(tokens[::2]))
    return {
        "strings": {
            "model2vec": partial(encode, strings),
            "embetter": partial(TextEncoder(static).transform, strings),
            "fse, Average": partial(infer, models["Average"], cut, strings),
            "fse, Average, cut already": partial(infer, models["Average"], str.split, cut_already),
            "zeugma": partial(cut_and_join, cut, zeugma, strings),
            "zeugma, cut already": partial(zeugma, cut_already),
        },
        "tokens": {f"fse, {name}": partial(model.infer, numbered) for name, model in models.items()},
        "latency": {"model2vec": encode},
    }


SIDES = {
    "now": partial(sk_w2v, "sk_w2v", True, ("mean", "idf", "sif", "usif", "max", "vlad")),
    "now, mean": partial(sk_w2v, "sk_w2v", True, ("mean",)),
    "now, without C": partial(sk_w2v, "sk_w2v", False, ("mean",)),
    "before": partial(sk_w2v, "before", True, ("mean",)),
    "before, without C": partial(sk_w2v, "before", False, ("mean",)),
    "others": others,
    "peers": peers,
}


class Side:
    """What the script is asked."""

    def __init__(self, name, path):
        self.given = pickle.loads(Path(path).read_bytes())
        self.found = SIDES[name](self.given)

    def names(self, table):
        return list(self.found.get(table, ()))

    def clock(self, table, name):
        function = self.found[table][name]
        return latency(function, self.given["strings"]) if table == "latency" else clock(function)

    def memory(self, table, name):
        return [peak_megabytes(self.found[table][name])]

    def save(self, table, name, path):
        np.save(path, self.found[table][name]())


if __name__ == "__main__":
    side = Side(*sys.argv[1:])
    answer(lambda question, *arguments: getattr(side, question)(*arguments))
