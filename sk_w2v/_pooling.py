"""Tokens + word tables + vectors → one vector a document."""

from collections.abc import Iterable, Sequence
from itertools import chain, compress, repeat
from typing import Any, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

LONG_DOCUMENT = 2000
"""Beyond so many tokens single precision loses digits when they are added one by one: equal words are counted first."""

Vectors = NDArray[np.float32]


class Table(Protocol):
    """What tells a word's column: a dict, or anything with the two methods."""

    def get(self, word: str, default: int, /) -> int: ...
    def __len__(self) -> int: ...


def count_tokens(documents: Sequence[Sequence[str]], *tables: Table) -> list[sp.csr_array]:
    """Look every token up in one table after the other, until one has it.

    Parameters
    ----------
    documents : sequence of sequences of str
        Token lists.
    *tables : dict of str to int, or the like
        Word → column.

    Returns
    -------
    list of csr_array of shape (n_documents, len(table)), dtype float32
        For each table how often each document has each of its words.

    Raises
    ------
    TypeError
        If a token is not a string.
    """
    ends = np.cumsum(np.fromiter(map(len, documents), np.int32, len(documents)), dtype=np.int32)
    tokens: Iterable[str] = chain.from_iterable(documents)
    counts = []
    for table in tables:
        columns = np.fromiter(map(table.get, tokens, repeat(-1)), np.int32)
        is_known = columns >= 0
        known_ends = _ends_among(is_known, ends)
        counts.append(_matrix(columns[is_known], known_ends, len(table)))
        all_tokens = tokens if len(counts) > 1 else chain.from_iterable(documents)
        tokens = list(compress(all_tokens, (~is_known).tobytes()))
        ends = ends - known_ends
    "".join(tokens)  # raises unless the unknown tokens are strings
    return counts


def _ends_among(chosen: NDArray[np.bool_], ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where each document ends when only the chosen tokens are left."""
    n_chosen_before = np.zeros(len(chosen) + 1, np.int32)
    np.cumsum(chosen, out=n_chosen_before[1:])
    return n_chosen_before[ends]


def _matrix(columns: NDArray[np.int32], ends: NDArray[np.int32], n_columns: int) -> sp.csr_array:
    starts = np.concatenate([np.zeros(1, np.int32), ends])
    return sp.csr_array((np.ones(len(columns), np.float32), columns, starts), shape=(len(ends), n_columns))


def _weighted_sum(counts: sp.csr_array, vectors: Vectors) -> Vectors:
    total: Vectors = counts @ vectors
    long = np.flatnonzero(np.diff(counts.indptr) > LONG_DOCUMENT)
    if len(long):
        words = counts[long].astype(np.float64)  # in which any count is exact
        words.sum_duplicates()
        total[long] = words.astype(np.float32) @ vectors
    return total


def _n_known(counts: sp.csr_array, has_vector: NDArray[np.bool_]) -> NDArray[Any]:
    """How many tokens of each document have a vector; exact, as single precision is not beyond 16 million."""
    return np.diff(counts.indptr) if has_vector.all() else counts @ has_vector.astype(np.float64)


def sum_untuned(counts: Sequence[sp.csr_array], tables: Sequence[Vectors]) -> tuple[Vectors, NDArray[np.int32]]:
    """Sum of the vectors of words that fit did not see, in each document, and how many of them there are."""
    sums = [_weighted_sum(matrix, vectors) for matrix, vectors in zip(counts, tables, strict=True)]
    return np.sum(sums, axis=0), np.sum([np.diff(matrix.indptr) for matrix in counts], axis=0)


def mean(
    counts: sp.csr_array, vectors: Vectors, has_vector: NDArray[np.bool_], untuned: tuple[Vectors, NDArray[np.int32]]
) -> Vectors:
    r"""Mean of the known words' vectors.

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    with K the tokens of the document, repeated ones as often as they occur, that have a vector v; zeros where K is
    empty.

    Parameters
    ----------
    counts : csr_array of shape (n_documents, n_corpus_words), dtype float32
        How often each document has each of the corpus's words.
    vectors : ndarray of shape (n_corpus_words, vector_size), dtype float32
        Rows of the corpus's words, zeros where a word has no vector.
    has_vector : ndarray of shape (n_corpus_words,), dtype bool
        Whether a word has a vector.
    untuned : tuple
        Sum and number of each document's other known words, from :func:`sum_untuned`.

    Returns
    -------
    ndarray of shape (n_documents, vector_size), dtype float32
        One row a document.
    """
    total = _weighted_sum(counts, vectors) + untuned[0]
    n_known = _n_known(counts, has_vector) + untuned[1]
    total /= np.maximum(n_known, 1)[:, np.newaxis]
    return total
