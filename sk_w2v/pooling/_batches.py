"""Tokens + the words of a fitted transformer → counted tokens, as every pooling takes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from typing import NamedTuple, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from .._checks import check_map
from ..text._documents import check_tokens
from ..text._subwords import SubwordRows, Subwords
from ..text._token_counts import Columns, Tokens, count_tokens, cut_in_batches, with_vector

# Beyond so many tokens single precision loses digits when they are added one by one: equal words are counted first.
LONG_DOCUMENT = 2000

# How many rows are gathered at once for an extreme.
TOKENS_AT_ONCE = 1 << 16

Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Words(Protocol):
    """The words of a fitted transformer, as far as poolings look tokens up in them."""

    # One row a word that stands in for words that fit did not see.
    fallback_rows: Vectors
    subwords: Subwords | None

    @property
    def tables(self) -> Mapping[str, tuple[Vectors, Flags]]:
        """Output → one row a word of the documents given to fit, and which words have one."""
        ...

    @property
    def columns(self) -> Columns:
        """Word → row of the fallback or, behind the fallback's rows, row of the tables."""
        ...


class Counted(NamedTuple):
    """The tokens of documents, counted, and the vectors of their words, each of which has one."""

    # Shape (n_documents, n_words), dtype float32.
    counts: sp.csr_array
    # Shape (n_words, vector_size).
    vectors: Vectors

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        """How many tokens each document has."""
        lengths: NDArray[np.int32] = np.diff(self.counts.indptr)
        return lengths

    def total(self, weights: NDArray[np.float32] | None = None) -> Vectors:
        """Add up the (weighted) vectors of each document's tokens."""
        total: Vectors = _weighted(self.counts, weights) @ self.vectors
        long = np.flatnonzero(self.n_tokens > LONG_DOCUMENT)
        if len(long):
            words = self.counts[long].astype(np.float64)  # in which any count is exact
            words.sum_duplicates()
            total[long] = _weighted(words.astype(np.float32), weights) @ self.vectors
        return total

    def extreme(self, extreme: np.ufunc, nothing: float) -> Vectors:
        """Take the extreme of each column over a document's tokens; ``nothing`` where there are none."""
        found = np.full((self.counts.shape[0], self.vectors.shape[1]), nothing, np.float32)
        for tokens, documents, starts in _pieces(self.counts.indptr):
            of_piece = extreme.reduceat(self.vectors[self.counts.indices[tokens]], starts, axis=0)
            found[documents] = extreme(found[documents], of_piece)
        return found


class Fallback:
    """The tokens of words that fit did not see. What several blocks of the output need of them is made once."""

    def __init__(self, parts: Sequence[Counted]) -> None:
        self.parts = parts
        self._made: dict[str, Vectors] = {}

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        return reduce(np.add, (part.n_tokens for part in self.parts))

    def total(self) -> Vectors:
        if "total" not in self._made:
            self._made["total"] = reduce(np.add, (part.total() for part in self.parts))
        return self._made["total"]

    def extreme(self, extreme: np.ufunc, nothing: float) -> Vectors:
        if extreme.__name__ not in self._made:
            parts = (part.extreme(extreme, nothing) for part in self.parts)
            self._made[extreme.__name__] = reduce(extreme, parts)
        return self._made[extreme.__name__]


class Batch(NamedTuple):
    """Some documents, as every pooling takes them."""

    # All tokens of words that fit saw.
    counts: sp.csr_array
    # Output → those of them that have a vector there.
    corpus: Mapping[str, Counted]
    fallback: Fallback


def count_batches(
    documents: Iterable[Tokens], words: Words, outputs: Collection[str], batch_size: int | None = None
) -> Iterator[Batch]:
    """Look up and count the tokens of some documents at a time.

    Raises
    ------
    TypeError
        If a token is not a string; it names the document.
    """
    n_done = 0
    for batch in cut_in_batches(documents, batch_size):
        try:
            counted = _count(batch, words, outputs)
        except TypeError:
            check_tokens(batch, n_done)
            raise
        n_done += len(batch)
        batch.clear()  # or the next ones would be read while these are held
        yield counted


def _count(documents: Sequence[Tokens], words: Words, outputs: Collection[str]) -> Batch:
    tables = {output: words.tables[output] for output in outputs}
    for vectors in (words.fallback_rows, *(vectors for vectors, _ in tables.values())):
        check_map(vectors)
    subword_rows = None if words.subwords is None else SubwordRows(words.subwords)
    n_words = len(next(iter(words.tables.values()))[0])
    sizes = len(words.fallback_rows), n_words
    in_fallback, counts, *others = count_tokens(documents, words.columns, sizes, subword_rows)
    fallback = [Counted(in_fallback, words.fallback_rows)]
    if subword_rows is not None:
        fallback += [Counted(matrix, subword_rows.rows()) for matrix in others]
    corpus = {output: Counted(with_vector(counts, known), vectors) for output, (vectors, known) in tables.items()}
    return Batch(counts, corpus, Fallback(fallback))


def _weighted(counts: sp.csr_array, weights: NDArray[np.float32] | None) -> sp.csr_array:
    if weights is None:
        return counts
    return sp.csr_array((counts.data * weights[counts.indices], counts.indices, counts.indptr), shape=counts.shape)


def _pieces(ends: NDArray[np.int32]) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64]]]:
    """Cut tokens in pieces: which they are, the documents in a piece, and where these begin in it."""
    for start in range(0, int(ends[-1]), TOKENS_AT_ONCE):
        stop = min(start + TOKENS_AT_ONCE, int(ends[-1]))
        first, last = np.searchsorted(ends, [start, stop - 1], "right") - 1
        documents = np.arange(first, last + 1)
        documents = documents[ends[documents + 1] > ends[documents]]
        yield slice(start, stop), documents, np.maximum(ends[documents], start) - start
