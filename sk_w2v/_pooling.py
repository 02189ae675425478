"""Counted tokens + vectors → one vector a document."""

import pickle
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._cached import cached_property
from ._columns import Columns, columns_of
from ._counts import count_tokens, having
from ._rows import First, SubwordRows, Subwords, check_map

LONG_DOCUMENT = 2000
"""Beyond so many tokens single precision loses digits when they are added one by one: equal words are counted first."""

TOKENS_AT_ONCE = 1 << 16
"""How many rows are gathered at once for an extreme."""

Vectors = NDArray[np.float32]
Labels = NDArray[np.int32]
Weights = NDArray[np.float32]


class Counted(NamedTuple):
    """Tokens of documents, counted, and the vectors of their words, each of which has one."""

    counts: sp.csr_array
    """Shape (n_documents, n_words), dtype float32."""
    vectors: Vectors
    """Shape (n_words, vector_size)."""

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        lengths: NDArray[np.int32] = np.diff(self.counts.indptr)
        return lengths


class Untuned:
    """The tokens of words that fit did not see; what several blocks of the output need of them is made once."""

    def __init__(self, parts: Sequence[Counted]) -> None:
        self.parts = parts

    @cached_property
    def n_tokens(self) -> NDArray[np.int32]:
        return reduce(np.add, (part.n_tokens for part in self.parts))

    @cached_property
    def total(self) -> Vectors:
        return reduce(np.add, map(_total, self.parts))

    @cached_property
    def highest(self) -> Vectors:
        return reduce(np.maximum, (_extremes(part, np.maximum, -np.inf) for part in self.parts))

    @cached_property
    def lowest(self) -> Vectors:
        return reduce(np.minimum, (_extremes(part, np.minimum, np.inf) for part in self.parts))


class Batch(NamedTuple):
    """Some documents, as every pooling takes them."""

    counts: sp.csr_array
    """All tokens of words that fit saw."""
    corpus: Mapping[str, Counted]
    """Those of them that have a tuned, and those that have a pretrained vector."""
    untuned: Untuned


class Lookup:
    """Where the vectors of words are found.

    Parameters
    ----------
    row_of : dict of str to int
        Word → row of the tables, for the words of the corpus.
    tables : dict of str to tuple of ndarray
        Output → its vectors, and which words have one.
    fallback : First
        Words that stand in for those that the corpus does not have, and their vectors.
    subwords : Subwords or None
        What gives further words a vector.
    """

    def __init__(
        self,
        row_of: dict[str, int],
        tables: dict[str, tuple[Vectors, NDArray[np.bool_]]],
        fallback: First,
        subwords: Subwords | None,
    ) -> None:
        self.row_of, self.tables, self.fallback, self.subwords = row_of, tables, fallback, subwords

    @cached_property
    def columns(self) -> Columns:
        """Word → row of the fallback, or beyond these its row of the tables, so that a token is looked up once.

        To look a word up is to wait for memory. New strings lie beside each other, the most frequent words first, and
        are found sooner.
        """
        return columns_of([*self.fallback.row_of, *pickle.loads(pickle.dumps(list(self.row_of)))])

    def count(self, documents: Sequence[Sequence[str]], outputs: Iterable[str]) -> Batch:
        """Look the tokens of some documents up, for these outputs."""
        rows, subwords = self.fallback.rows, self.subwords
        tables = {output: self.tables[output] for output in outputs}
        for vectors in (rows, *(vectors for vectors, _ in tables.values())):
            check_map(vectors)
        unseen = None if subwords is None else SubwordRows(subwords, rows.shape[1])
        sizes = len(rows), len(self.row_of)
        in_fallback, counts, *others = count_tokens(documents, self.columns, sizes, unseen)
        untuned = [Counted(in_fallback, rows)]
        if unseen is not None:
            untuned += [Counted(matrix, unseen.rows()) for matrix in others]
        corpus = {output: Counted(having(counts, known), vectors) for output, (vectors, known) in tables.items()}
        return Batch(counts, corpus, Untuned(untuned))


class Block(NamedTuple):
    """Neighbouring columns of the output, and what its pooling has learned in fit."""

    output: str
    pooling: str
    learned: dict[str, Any]

    @property
    def key(self) -> tuple[str, str]:
        return self.output, self.pooling

    def pool(self, batch: Batch) -> Vectors:
        return POOLINGS[self.pooling](batch.corpus[self.output], batch.untuned, **self.learned)

    def width(self, vector_size: int) -> int:
        return vector_size * len(self.learned.get("centres", "1"))


def mean(corpus: Counted, untuned: Untuned) -> Vectors:
    r"""Mean of the known words' vectors.

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    with K the tokens of the document, repeated ones as often as they occur, that have a vector v; zeros where K is
    empty, as for every other pooling.

    Parameters
    ----------
    corpus : Counted
        Tokens of words that fit saw.
    untuned : Untuned
        Other tokens.

    Returns
    -------
    ndarray of shape (n_documents, vector_size), dtype float32
        One row a document.
    """
    return _divided(_total(corpus) + untuned.total, corpus.n_tokens + untuned.n_tokens)


def idf(corpus: Counted, untuned: Untuned, weights: Weights, others: float) -> Vectors:
    r"""Mean weighted by inverse document frequency.

    .. math:: d = \frac{\sum_{t \in K} w(t) v_t}{\sum_{t \in K} w(t)}

    with the weights of :func:`sk_w2v._weights.idf`.
    """
    total = _total(corpus, weights) + np.float32(others) * untuned.total
    return _divided(total, corpus.counts @ weights.astype(float) + others * untuned.n_tokens)


def sif(corpus: Counted, untuned: Untuned, weights: Weights, others: float, directions: Vectors) -> Vectors:
    r"""Mean weighted by smooth inverse frequency, without what the documents of fit have in common.

    .. math:: d = m - \sum_i u_i u_i^T m, \quad m = \frac{1}{|K|} \sum_{t \in K} w(t) v_t

    with weights of :func:`sk_w2v._weights.sif` and one direction u, the first right singular vector of the rows m of
    the documents given to fit (Arora, Liang, Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017);
    or with those of :func:`sk_w2v._weights.usif` and several directions, each of them as long as the root of its share
    of their squared singular values (Ethayarajh, "Unsupervised Random Walk Sentence Embeddings", 2018).
    """
    vectors = weighted_mean(corpus, untuned, weights, others)
    vectors -= vectors @ directions.T @ directions
    return vectors


def weighted_mean(corpus: Counted, untuned: Untuned, weights: Weights, others: float) -> Vectors:
    """The m of :func:`sif`."""
    total = _total(corpus, weights) + np.float32(others) * untuned.total
    return _divided(total, corpus.n_tokens + untuned.n_tokens)


def highest(corpus: Counted, untuned: Untuned) -> Vectors:
    r"""The largest number in each column: :math:`d_i = \max_{t \in K} v_{t,i}`."""
    return _finite(np.maximum(_extremes(corpus, np.maximum, -np.inf), untuned.highest))


def lowest(corpus: Counted, untuned: Untuned) -> Vectors:
    r"""The smallest number in each column: :math:`d_i = \min_{t \in K} v_{t,i}`."""
    return _finite(np.minimum(_extremes(corpus, np.minimum, np.inf), untuned.lowest))


def vlad(corpus: Counted, untuned: Untuned, centres: Vectors, labels: Sequence[Labels]) -> Vectors:
    r"""Vector of locally aggregated descriptors: residuals to the nearest of k centres, side by side.

    .. math:: d = \frac{r}{\lVert r \rVert}, \quad r = (r_1, \dots, r_k), \quad
              r_i = \sum_{t \in K: c(t) = i} (v_t - \mu_i)

    with c(t) the centre nearest to v_t (Jégou, Douze, Schmid, Pérez, "Aggregating local descriptors into a compact
    image representation", 2010; for words Ionescu, Butnaru, "Vector of Locally-Aggregated Word Embeddings", 2019).

    Parameters
    ----------
    corpus : Counted
        Tokens of words that fit saw.
    untuned : Untuned
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
    parts = [corpus, *untuned.parts]
    labels = [*labels, *(nearest(part.vectors, centres) for part in parts[len(labels) :])]
    residuals: Any = sum(_residuals(part, centres, own) for part, own in zip(parts, labels, strict=True))
    rows = residuals.reshape(corpus.counts.shape[0], -1)
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


def stack(blocks: Iterable[Vectors], n_columns: int) -> Vectors:
    """Put blocks of rows below each other in one array that grows: to concatenate a list takes their memory twice."""
    rows, n_done = np.empty((0, n_columns), np.float32), 0
    for block in blocks:
        n_rows = n_done + len(block)
        if n_rows > len(rows):
            rows.resize((n_rows + n_rows // 8, n_columns), refcheck=False)  # nobody else has seen it yet
        rows[n_done:n_rows] = block
        n_done = n_rows
    rows.resize((n_done, n_columns), refcheck=False)
    return rows


def nearest(vectors: Vectors, centres: Vectors) -> Labels:
    """The row of the nearest centre, for each vector."""
    distances = np.square(centres).sum(axis=1) - 2 * (vectors @ centres.T)
    return np.asarray(distances.argmin(axis=1), np.int32)


def _total(part: Counted, weights: Weights | None = None) -> Vectors:
    """The sum of the (weighted) vectors of each document's words."""
    counts, vectors = part
    total: Vectors = _weighted(counts, weights) @ vectors
    long = np.flatnonzero(np.diff(counts.indptr) > LONG_DOCUMENT)
    if len(long):
        words = counts[long].astype(np.float64)  # in which any count is exact
        words.sum_duplicates()
        total[long] = _weighted(words.astype(np.float32), weights) @ vectors
    return total


def _weighted(counts: sp.csr_array, weights: Weights | None) -> sp.csr_array:
    if weights is None:
        return counts
    return sp.csr_array((counts.data * weights[counts.indices], counts.indices, counts.indptr), shape=counts.shape)


def _divided(rows: Vectors, by: NDArray[Any]) -> Vectors:
    """Each row divided by its number; a row of zeros by none."""
    rows /= np.where(by, by, 1).astype(np.float32, copy=False)[:, np.newaxis]
    return rows


def _extremes(part: Counted, largest: np.ufunc, nothing: float) -> Vectors:
    """The extreme of each column over a document's words, some tokens at a time."""
    counts, vectors = part
    extremes = np.full((counts.shape[0], vectors.shape[1]), nothing, np.float32)
    for tokens, documents, starts in _pieces(counts.indptr):
        found = largest.reduceat(vectors[counts.indices[tokens]], starts, axis=0)
        extremes[documents] = largest(extremes[documents], found)
    return extremes


def _pieces(ends: NDArray[np.int32]) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64]]]:
    """Cut tokens in pieces: which they are, the documents in a piece, and where these begin in it."""
    for start in range(0, int(ends[-1]), TOKENS_AT_ONCE):
        stop = min(start + TOKENS_AT_ONCE, int(ends[-1]))
        first, last = np.searchsorted(ends, [start, stop - 1], "right") - 1
        documents = np.arange(first, last + 1)
        documents = documents[ends[documents + 1] > ends[documents]]
        yield slice(start, stop), documents, np.maximum(ends[documents], start) - start


def _finite(vectors: Vectors) -> Vectors:
    """Zeros in place of the infinity that documents without known words have."""
    vectors[np.isinf(vectors[:, 0])] = 0
    return vectors


def _residuals(part: Counted, centres: Vectors, labels: Labels) -> Vectors:
    """The sum of residuals of each document at each centre: shape (n_documents * k, vector_size)."""
    counts, vectors = part
    k = len(centres)
    documents = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    rows = documents * k + labels[counts.indices]
    words, columns = _distinct(counts.indices, counts.shape[1])  # few of all, of which a table may have millions
    shape = (counts.shape[0] * k, len(words))
    by_centre = sp.coo_array((counts.data, (rows, columns)), shape=shape).tocsr()
    return np.asarray(by_centre @ (vectors[words] - centres[labels[words]]))


def _distinct(numbers: NDArray[np.int32], n: int) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Which of the numbers below n occur, and for each of the given ones which of those it is."""
    occurs = np.zeros(n, np.bool_)
    occurs[numbers] = True
    place = np.cumsum(occurs, dtype=np.int32) - np.int32(1)
    return np.flatnonzero(occurs), place[numbers]
