"""Tokens → sparse counts. Tokens are looked up in C (``_lookup.c``), or by a dict where that was not compiled."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, chain, islice, pairwise, repeat
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._subwords import SubwordRows

try:
    from . import _lookup
except ImportError:  # installed where there was no C compiler
    _lookup = None  # type: ignore[assignment]

PART_DOCUMENTS = 100
BATCH_DOCUMENTS = 20_000
BATCH_TOKENS = 1 << 19

Tokens = Sequence[str]


class Columns(Protocol):
    """Word → column, which is the word's place in a list of words; of equal words the last.

    Words are equal if they hold the same characters: a subclass of str must not say otherwise.
    """

    def look_up(self, documents: Sequence[Tokens], n_tokens: int) -> NDArray[np.int32]:
        """Look up every token.

        Parameters
        ----------
        documents : sequence of lists or tuples of str
            Token lists.
        n_tokens : int
            How many tokens they have.

        Returns
        -------
        ndarray of shape (n_tokens,), dtype int32
            The column of each token; -1 for a token that is none of the words.

        Raises
        ------
        TypeError
            If a token is not a string.
        """
        ...


def columns_of(words: list[str]) -> Columns:
    """Index words by the faster means that there is."""
    return DictColumns(words) if _lookup is None else TableColumns(words)


class TableColumns:
    """A hash table for many tokens at once. It takes a fifth of the time of a dict, which waits for memory."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._slots = np.empty((1 << (2 * len(words)).bit_length(), 2), np.int32)
        _lookup.enter(words, self._slots)

    def look_up(self, documents: Sequence[Tokens], n_tokens: int) -> NDArray[np.int32]:
        columns = np.empty(n_tokens, np.int32)
        _lookup.places(list(documents), self._words, self._slots, columns)
        return columns


class DictColumns:
    """A dict, which needs no compiler."""

    def __init__(self, words: list[str]) -> None:
        self._column_of = {word: column for column, word in enumerate(words)}

    def look_up(self, documents: Sequence[Tokens], n_tokens: int) -> NDArray[np.int32]:
        found = map(self._column_of.get, chain.from_iterable(documents), repeat(-1))
        columns = np.fromiter(found, np.int32, n_tokens)
        if next(found, None) is not None:
            raise ValueError("Documents have grown while they were read.")
        "".join(_tokens_at(documents, np.flatnonzero(columns < 0)))  # raises unless they are strings
        return columns


def cut_in_batches(documents: Iterable[Tokens], size: int | None = None) -> Iterator[list[Tokens]]:
    """Yield ``size`` documents at a time; without a size, as many as keep small what is made of them.

    The first batch is small, so that what is wrong with all documents is soon told.
    """
    remaining, n_tokens, n_documents = iter(documents), 0, PART_DOCUMENTS
    batch: list[Tokens] = []
    while part := list(islice(remaining, size or PART_DOCUMENTS)):
        batch += part
        n_tokens += sum(map(len, part))
        if size or n_tokens >= BATCH_TOKENS or len(batch) >= n_documents:
            yield batch
            batch, n_tokens, n_documents = [], 0, BATCH_DOCUMENTS
    if batch:
        yield batch


def count_tokens(
    documents: Sequence[Tokens], columns: Columns, sizes: Sequence[int], subword_rows: SubwordRows | None = None
) -> list[sp.csr_array]:
    """Look up every token, and count how often each document has each word.

    Parameters
    ----------
    documents : sequence of lists or tuples of str
        Token lists.
    columns : Columns
        Word → column, of all tables side by side.
    sizes : sequence of int
        How many columns each table has.
    subword_rows : SubwordRows or None, default=None
        One more table, which grows with the words that have no column.

    Returns
    -------
    list of csr_array of shape (n_documents, size), dtype float32
        One for each table.

    Raises
    ------
    TypeError
        If a token is not a string.
    """
    lengths = np.fromiter(map(len, documents), np.int32, len(documents))
    ends = np.cumsum(lengths, dtype=np.int32)
    found = columns.look_up(documents, int(lengths.sum()))
    if subword_rows is not None:
        start, places = sum(sizes), np.flatnonzero(found < 0)
        rows = (subword_rows.row_of(token) for token in _tokens_at(documents, places))
        found[places] = [-1 if row is None else start + row for row in rows]
        sizes = [*sizes, len(subword_rows)]
    return [_matrix(found, ends, start, stop) for start, stop in pairwise(accumulate(sizes, initial=0))]


def with_vector(counts: sp.csr_array, has_vector: NDArray[np.bool_]) -> sp.csr_array:
    """Leave out the tokens of words that have no vector."""
    if has_vector.all():
        return counts
    chosen = has_vector[counts.indices]
    return _counted(counts.indices[chosen], _ends_among(chosen, counts.indptr[1:]), counts.shape[1])


def _tokens_at(documents: Sequence[Tokens], places: NDArray[np.int64]) -> list[str]:
    """The tokens at some places among all tokens of all documents."""
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int64, len(documents)))])
    numbers = np.searchsorted(starts, places, "right") - 1
    within = places - starts[numbers]
    return [documents[number][place] for number, place in zip(numbers.tolist(), within.tolist(), strict=True)]


def _matrix(columns: NDArray[np.int32], ends: NDArray[np.int32], start: int, stop: int) -> sp.csr_array:
    """The tokens whose columns are in a range, each of which counts 1."""
    chosen = (columns >= start) & (columns < stop)
    return _counted(columns[chosen] - np.int32(start), _ends_among(chosen, ends), stop - start)


def _counted(columns: NDArray[np.int32], ends: NDArray[np.int32], n_columns: int) -> sp.csr_array:
    return sp.csr_array((np.ones(len(columns), np.float32), columns, _from_zero(ends)), shape=(len(ends), n_columns))


def _ends_among(chosen: NDArray[np.bool_], ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where each document ends when only the chosen tokens are left."""
    return _from_zero(np.cumsum(chosen, dtype=np.int32))[ends]


def _from_zero(ends: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(1, np.int32), ends])
