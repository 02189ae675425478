"""Tokens + word tables + vectors → one vector a document."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain, compress, repeat
from typing import NamedTuple

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

LONG_DOCUMENT = 2000
"""Beyond so many tokens single precision loses digits when they are added one by one: equal words are counted first."""

Vectors = NDArray[np.float32]


class Counts(NamedTuple):
    """How often each document has each word, float32: words of the corpus, and words of the fallback."""

    corpus: sp.csr_array
    fallback: sp.csr_array


def count_tokens(documents: Sequence[Sequence[str]], corpus: Mapping[str, int], fallback: Mapping[str, int]) -> Counts:
    """Look every token up, first among the corpus's words, then among the fallback's.

    Parameters
    ----------
    documents : sequence of sequences of str
        Token lists.
    corpus, fallback : mapping of str to int
        Word → column.

    Returns
    -------
    Counts
        Two matrices of shapes (n_documents, len(corpus)) and (n_documents, len(fallback)).

    Raises
    ------
    TypeError
        If a token is not a string.
    """
    ends = np.cumsum(np.fromiter(map(len, documents), np.int32, len(documents)), dtype=np.int32)
    columns = _columns(chain.from_iterable(documents), corpus)
    is_new = columns < 0
    if not is_new.any():
        nothing = sp.csr_array((len(documents), len(fallback)), dtype=np.float32)
        return Counts(_matrix(columns, ends, len(corpus)), nothing)
    new_tokens = list(compress(chain.from_iterable(documents), is_new.tobytes()))
    new_columns = _columns(new_tokens, fallback)
    "".join(compress(new_tokens, (new_columns < 0).tobytes()))  # raises unless the unknown tokens are strings
    new_ends = _ends_among(is_new, ends)
    known_new = new_columns >= 0
    return Counts(
        _matrix(columns[~is_new], ends - new_ends, len(corpus)),
        _matrix(new_columns[known_new], _ends_among(known_new, new_ends), len(fallback)),
    )


def _columns(tokens: Iterable[str], words: Mapping[str, int]) -> NDArray[np.int32]:
    return np.fromiter(map(words.get, tokens, repeat(-1)), np.int32)


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
        words = counts[long]
        words.sum_duplicates()
        total[long] = words @ vectors
    return total


def sum_fallback(counts: Counts, vectors: Vectors) -> tuple[Vectors, NDArray[np.int32]]:
    """Sum of the fallback words' vectors in each document, and how many of them there are."""
    return _weighted_sum(counts.fallback, vectors), np.diff(counts.fallback.indptr)


def mean(
    counts: Counts, vectors: Vectors, has_vector: NDArray[np.bool_], fallback: tuple[Vectors, NDArray[np.int32]]
) -> Vectors:
    r"""Mean of the known words' vectors.

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    with K the tokens of the document, repeated ones as often as they occur, that have a vector v; zeros where K is
    empty.

    Parameters
    ----------
    counts : Counts
        Of the documents.
    vectors : ndarray of shape (n_corpus_words, vector_size), dtype float32
        Rows of the corpus's words, zeros where a word has no vector.
    has_vector : ndarray of shape (n_corpus_words,), dtype bool
        Whether a word has a vector.
    fallback : tuple
        From :func:`sum_fallback`.

    Returns
    -------
    ndarray of shape (n_documents, vector_size), dtype float32
        One row a document.
    """
    total = _weighted_sum(counts.corpus, vectors) + fallback[0]
    n_known = counts.corpus @ has_vector.astype(np.float32) + fallback[1]
    total /= np.maximum(n_known, 1)[:, np.newaxis]
    return total
