"""Peers that start from the same vectors: Mittens, fastText on labels; and WordLlama's table as a source for ours.

Its table beside GloVe is a FeatureUnion of two transformers, or one transformer of a source that has both.
"""

import itertools
import tempfile
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import scipy.sparse as sp
from classify import beside, standardised
from data import documents_of, glove, read, source
from methods import halves, rows, vectors
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.model_selection import StratifiedKFold

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

# Mittens works on a dense matrix: the most frequent words of the documents, the others keep their vectors.
MAX_WORDS = 4000
WINDOW = 10
SETTINGS = [{"lr": lr, "epoch": epoch} for lr, epoch in itertools.product((0.1, 0.5), (10, 50))]

cut = CountVectorizer().build_analyzer()


def cooccurrences(texts, row_of):
    """How often two words stand within the window, each time divided by their distance, as GloVe counts."""
    total = sp.csr_array((len(row_of), len(row_of)))
    for text in texts:
        known = np.array([row_of[token] for token in cut(text) if token in row_of], int)
        for distance in range(1, min(WINDOW + 1, len(known))):
            pairs = known[:-distance], known[distance:]
            total += sp.coo_array((np.full(len(pairs[0]), 1 / distance), pairs), shape=total.shape).tocsr()
    return (total + total.T).toarray()


def mittens(plan, case, labelled):
    """Yield documents' vectors of GloVe tuned by Mittens, and what its default of ours makes."""
    from mittens import Mittens

    documents = documents_of(plan, case)
    words, vectors_of_words = glove()
    counts = Counter(token for text in documents.texts for token in cut(text))
    row_of = {word: row for row, (word, _) in enumerate(counts.most_common(MAX_WORDS))}
    start = {word: vector for word, vector in zip(words, vectors_of_words, strict=True) if word in row_of}
    np.random.seed(case.draw)
    tuned = Mittens(n=50, max_iter=200, display_progress=10**9).fit(
        cooccurrences(documents.texts, row_of), vocab=list(row_of), initial_embedding_dict=start
    )
    moved = dict(zip(row_of, tuned.astype(np.float32), strict=True))
    changed = [moved.pop(word, vector) for word, vector in zip(words, vectors_of_words, strict=True)]
    source = PretrainedVectors.from_arrays([*words, *moved], np.array([*changed, *moved.values()]))
    w2v = PretrainedWord2VecTransformer(source, output="pretrained").fit(documents.texts)
    train, test = w2v.transform(documents.texts), w2v.transform(documents.test)
    yield "Mittens", [(1, standardised(train[labelled], test))], {}


def write_lines(path, texts, y):
    lines = (f"__label__{label} {' '.join(cut(text))}\n" for text, label in zip(texts, y, strict=True))
    path.write_text("".join(lines), encoding="utf-8")


def write_vectors(path, texts):
    """The vectors of all words that occur: of GloVe, or at random in the range in which fastText begins.

    With one thread fastText leaves nine tenths of the rows that are not in the file as they are in memory, so that its
    training ends with NaN if there is one.
    """
    vector_of, random = dict(zip(*glove(), strict=True)), np.random.default_rng(0)
    words = sorted({token for text in texts for token in cut(text)})
    rows = [vector_of.get(word, random.uniform(-1 / 50, 1 / 50, 50)) for word in words]
    lines = (f"{word} {' '.join(map(str, row.tolist()))}\n" for word, row in zip(words, rows, strict=True))
    path.write_text(f"{len(words)} 50\n{''.join(lines)}", encoding="utf-8")


def train_and_test(folder, setting, train, test):
    """Accuracy of fastText on documents and labels, trained on others."""
    from fasttext import train_supervised

    for name, (texts, y) in {"train": train, "test": test}.items():
        write_lines(folder / f"{name}.txt", texts, y)
    given = {"dim": 50, "pretrainedVectors": str(folder / "glove.vec"), "minCount": 1, "thread": 1, "verbose": 0}
    model = train_supervised(str(folder / "train.txt"), **given, **setting)
    return model.test(str(folder / "test.txt"))[1]


def fasttext(plan, case, labelled):
    """Yield the accuracy of fastText with the setting that does best in five folds."""
    documents, y = documents_of(plan, case), documents_of(plan, case).y
    texts = np.array([documents.texts[row] for row in labelled], object)
    folds = [*StratifiedKFold(5, shuffle=True, random_state=0).split(texts, y)]
    numbers = {label: number for number, label in enumerate(np.unique(y))}
    y, y_test = ([numbers.get(label, -1) for label in labels] for labels in (y, documents.y_test))
    y = np.array(y)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write_vectors(folder / "glove.vec", [*texts, *documents.test])
        inner = [
            np.mean([train_and_test(folder, s, (texts[a], y[a]), (texts[b], y[b])) for a, b in folds]) for s in SETTINGS
        ]
        best = np.argmax(inner)
        accuracy = train_and_test(folder, SETTINGS[best], (texts, y), (documents.test, y_test))
    yield "fastText, supervised", None, {"accuracy": accuracy, "inner": inner[best], "setting": str(SETTINGS[best])}


@cache
def llama():
    return PretrainedVectors.open("wordllama")


@cache
def side_by_side(plan, name):
    """One source of GloVe and WordLlama for the words of a set, each as long as the other; zeros where one lacks it."""
    texts, _, test, _ = read(plan, name)
    words = sorted({token for text in [*texts, *test] for token in cut(text)})
    return PretrainedVectors.from_arrays(words, np.hstack([rows_of(part, words) for part in (source(), llama())]))


def rows_of(part, words):
    known = [row for row, word in enumerate(words) if word in part]
    found = part.rows([words[row] for row in known])
    table = np.zeros((len(words), part.vector_size), np.float32)
    table[known] = found / np.linalg.norm(found, axis=1).mean()
    return table


def wordllama(plan, case, labelled):
    """Yield ours with the table of WordLlama in place of GloVe, and beside it."""
    found = vectors(plan, case, pretrained=llama(), output="both")
    for name, block in halves(found, labelled).items():
        yield f"WordLlama, {name}", [(1, block)], found.facts
    fits = {
        "default": vectors(plan, case, scale=True),
        "WordLlama, default": vectors(plan, case, pretrained=llama(), scale=True),
        "GloVe and WordLlama in one source": vectors(plan, case, pretrained=side_by_side(plan, case.name), scale=True),
    }
    for name, fit in fits.items():
        yield name, [(1, standardised(*rows(fit, labelled)))], fit.facts
    blocks = (rows(fits[name], labelled) for name in ("default", "WordLlama, default"))
    yield "FeatureUnion of GloVe and WordLlama", [(1, standardised(*beside(*blocks)))], {}
