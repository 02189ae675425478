"""Counted tokens → one vector a document."""

import inspect
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .._checks import check_array, check_maps
from ._batches import Batch, Counted, Fallback, Vectors

Weights = NDArray[np.float32]
Labels = NDArray[np.int32]

# What is left of a row of float32 when its direction is taken out of it.
ROUNDING = 1e-6


class Scaling(NamedTuple):
    """What is taken from the rows of a block, and what they are multiplied by then."""

    centre: Vectors
    factor: float


class Block(NamedTuple):
    """Neighbouring columns of the output, and what fit has learned for them."""

    output: str
    pooling: str
    learned: dict[str, Any]
    scaling: Scaling | None = None

    def pool(self, batch: Batch) -> Vectors:
        """Return this block of the vectors of some documents."""
        self.check_maps()
        rows = POOLINGS[self.pooling](batch.corpus[self.output], batch.fallback, **self.learned)
        if self.scaling is None:
            return rows
        rows = np.asarray((rows - self.scaling.centre) * np.float32(self.scaling.factor), np.float32)
        rows[~self.is_known(batch)] = 0
        return rows

    def is_known(self, batch: Batch) -> NDArray[np.bool_]:
        """Return which documents have a word with a vector."""
        return np.asarray(batch.corpus[self.output].n_tokens + batch.fallback.n_tokens > 0)

    def check_maps(self) -> None:
        """Raise ValueError if a file that arrays are mapped from has been truncated."""
        check_maps([*self.learned.values(), *self.learned.get("labels", ()), *(self.scaling or ())])

    def width(self, vector_size: int) -> int:
        """Return the number of columns."""
        return vector_size * (len(self.learned["centres"]) if "centres" in self.learned else 1)

    def check(self, n_words: int, n_fallback: int, vector_size: int) -> None:
        """Raise if what was learned is not what this pooling takes, of words and vectors of these numbers.

        Raises
        ------
        ValueError, TypeError, KeyError, AttributeError
            Whatever a stored state has in place of the arrays.
        """
        learned, (_, _, *expected) = self.learned, inspect.signature(POOLINGS[self.pooling]).parameters
        if sorted(learned) != sorted(expected):
            raise ValueError(f"{self.pooling!r} with {sorted(learned)} instead of {sorted(expected)}")
        if "of_corpus" in learned:
            check_array(learned["of_corpus"], (n_words,), np.float32)
            float(learned["of_fallback"])
        for name in {"directions", "centres"} & learned.keys():
            check_array(learned[name], (len(learned[name]), vector_size), np.float32)
        if "labels" in learned:
            of_corpus, of_fallback = learned["labels"]
            check_array(of_corpus, (n_words,), np.int32)
            check_array(of_fallback, (n_fallback,), np.int32)
            if not np.isin(np.concatenate([of_corpus, of_fallback]), np.arange(len(learned["centres"]))).all():
                raise ValueError("a word without its centre")
        if self.scaling is not None:
            check_array(self.scaling.centre, (self.width(vector_size),), np.float32)
            if not np.isfinite(self.scaling.factor):
                raise ValueError("a factor that is no number")


def pool(batches: Iterable[Batch], blocks: Sequence[Block]) -> Iterable[Vectors]:
    """Return the vectors of documents, a batch at a time, block beside block."""
    if len(blocks) == 1:
        return map(blocks[0].pool, batches)
    return (np.hstack([block.pool(batch) for block in blocks]) for batch in batches)


def stack(batches: Iterable[Vectors], n_columns: int, n_expected: int = 0) -> Vectors:
    """Put batches below each other in one array: to concatenate a list takes their memory twice.

    The array grows if there are more rows than expected. What grows is filled with zeros first.
    """
    rows, n_done = np.empty((n_expected, n_columns), np.float32), 0
    for batch in batches:
        n_rows = n_done + len(batch)
        if n_rows > len(rows):
            rows.resize((n_rows + n_rows // 8, n_columns), refcheck=False)  # nobody else has seen it yet
        rows[n_done:n_rows] = batch
        n_done = n_rows
    rows.resize((n_done, n_columns), refcheck=False)
    return rows


def mean(corpus: Counted, fallback: Fallback) -> Vectors:
    r"""Mean of the known words' vectors.

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    with K the tokens of the document, repeated ones as often as they occur, that have a vector v. The vector is zeros
    where K is empty, as it is for every other pooling.

    Parameters
    ----------
    corpus : Counted
        Tokens of words that fit saw.
    fallback : Fallback
        Other tokens.

    Returns
    -------
    ndarray of shape (n_documents, vector_size), dtype float32
        One row a document.
    """
    return _divided(corpus.total() + fallback.total(), corpus.n_tokens + fallback.n_tokens)


def idf(corpus: Counted, fallback: Fallback, of_corpus: Weights, of_fallback: float) -> Vectors:
    r"""Mean weighted by inverse document frequency.

    .. math:: d = \frac{\sum_{t \in K} w(t) v_t}{\sum_{t \in K} w(t)}

    with the weights of :func:`sk_w2v.pooling._learning.idf_weights`.
    """
    total = _weighted_total(corpus, fallback, of_corpus, of_fallback)
    return _divided(total, corpus.counts.matrix() @ of_corpus.astype(float) + of_fallback * fallback.n_tokens)


def sif(corpus: Counted, fallback: Fallback, of_corpus: Weights, of_fallback: float, directions: Vectors) -> Vectors:
    r"""Mean weighted by smooth inverse frequency, without what the documents of fit have in common.

    .. math:: d = m - \sum_i u_i u_i^T m, \quad m = \frac{1}{|K|} \sum_{t \in K} w(t) v_t

    with weights of :func:`sk_w2v.pooling._learning.sif_weights` and one direction u, the first right singular vector
    of the rows m of the documents given to fit (Arora, Liang, Ma, "A Simple but Tough-to-Beat Baseline for Sentence
    Embeddings", 2017); or with those of :func:`sk_w2v.pooling._learning.usif_weights` and several directions, each as
    long as the root of its share of their squared singular values (Ethayarajh, "Unsupervised Random Walk Sentence
    Embeddings", 2018).
    """
    vectors = weighted_mean(corpus, fallback, of_corpus, of_fallback)
    rounding = ROUNDING * np.linalg.norm(vectors, axis=1)
    vectors -= vectors @ directions.T @ directions
    vectors[np.linalg.norm(vectors, axis=1) <= rounding] = 0
    return vectors


def weighted_mean(corpus: Counted, fallback: Fallback, of_corpus: Weights, of_fallback: float) -> Vectors:
    """The m of :func:`sif`."""
    total = _weighted_total(corpus, fallback, of_corpus, of_fallback)
    return _divided(total, corpus.n_tokens + fallback.n_tokens)


def _weighted_total(corpus: Counted, fallback: Fallback, of_corpus: Weights, of_fallback: float) -> Vectors:
    return corpus.total(of_corpus) + np.float32(of_fallback) * fallback.total()


def highest(corpus: Counted, fallback: Fallback) -> Vectors:
    r"""The largest number in each column: :math:`d_i = \max_{t \in K} v_{t,i}`."""
    return _extreme(corpus, fallback, np.maximum, -np.inf)


def lowest(corpus: Counted, fallback: Fallback) -> Vectors:
    r"""The smallest number in each column: :math:`d_i = \min_{t \in K} v_{t,i}`."""
    return _extreme(corpus, fallback, np.minimum, np.inf)


def vlad(corpus: Counted, fallback: Fallback, centres: Vectors, labels: Sequence[Labels]) -> Vectors:
    r"""Vector of locally aggregated descriptors: residuals to the nearest of k centres, side by side.

    .. math:: d = \frac{r}{\lVert r \rVert}, \quad r = (r_1, \dots, r_k), \quad
              r_i = \sum_{t \in K: c(t) = i} (v_t - \mu_i)

    with c(t) the centre nearest to v_t (Jégou, Douze, Schmid, Pérez, "Aggregating local descriptors into a compact
    image representation", 2010; for words Ionescu, Butnaru, "Vector of Locally-Aggregated Word Embeddings", 2019).

    Parameters
    ----------
    corpus : Counted
        Tokens of words that fit saw.
    fallback : Fallback
        Other tokens.
    centres : ndarray of shape (k, vector_size), dtype float32
        The centres.
    labels : sequence of ndarray of shape (n_words,), dtype int32
        The nearest centre of each word of the corpus and of the fallback; those of further words are found here.

    Returns
    -------
    ndarray of shape (n_documents, k * vector_size), dtype float32
        One row a document.
    """
    parts = [corpus, *fallback.parts]
    labels = [*labels, *(nearest_centres(part.vectors, centres) for part in parts[len(labels) :])]
    residuals: Any = sum(_residuals(part, centres, own) for part, own in zip(parts, labels, strict=True))
    rows = residuals.reshape(corpus.counts.n_documents, -1)
    return _divided(rows, np.linalg.norm(rows, axis=1))


POOLINGS: dict[str, Callable[..., Vectors]] = {
    "mean": mean,
    "idf": idf,
    "sif": sif,
    "usif": sif,
    "max": highest,
    "min": lowest,
    "vlad": vlad,
}


def nearest_centres(vectors: Vectors, centres: Vectors) -> Labels:
    """Return the row of the nearest centre, for each vector."""
    distances = np.square(centres).sum(axis=1) - 2 * (vectors @ centres.T)
    return np.asarray(distances.argmin(axis=1), np.int32)


def _divided(rows: Vectors, by: NDArray[Any]) -> Vectors:
    """Each row divided by its number; a row of zeros by none."""
    by = by.astype(np.float32)
    by[by == 0] = 1
    rows /= by[:, np.newaxis]
    return rows


def _extreme(corpus: Counted, fallback: Fallback, extreme: np.ufunc, nothing: float) -> Vectors:
    vectors: Vectors = extreme(corpus.extreme(extreme, nothing), fallback.extreme(extreme, nothing))
    vectors[np.isinf(vectors[:, 0])] = 0  # of documents without known words
    return vectors


def _residuals(part: Counted, centres: Vectors, labels: Labels) -> Vectors:
    """The sum of residuals of each document at each centre: shape (n_documents * k, vector_size)."""
    counts, vectors = part
    k = len(centres)
    documents = np.repeat(np.arange(counts.n_documents), counts.n_tokens)
    rows = documents * k + labels[counts.indices]
    words, columns = _distinct(counts.indices, counts.n_columns)  # few of all, of which a table may have millions
    shape = (counts.n_documents * k, len(words))
    by_centre = sp.coo_array((np.ones(len(rows), np.float32), (rows, columns)), shape=shape).tocsr()
    return np.asarray(by_centre @ (vectors[words] - centres[labels[words]]))


def _distinct(numbers: NDArray[np.int32], n: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Which of the numbers below n occur, and for each of the given ones which of those it is."""
    occurs = np.zeros(n, np.bool_)
    occurs[numbers] = True
    place = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(occurs), place[numbers]
