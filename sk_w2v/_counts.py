"""Tokens → sparse counts of the words of several tables."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._columns import Columns, tokens_at

PART_DOCUMENTS = 100
BATCH_DOCUMENTS = 20_000
BATCH_TOKENS = 1 << 19


def cut_in_batches(documents: Iterable[Sequence[str]], size: int | None = None) -> Iterator[list[Sequence[str]]]:
    """Yield ``size`` documents at a time; else as many as let what is made of them stay small, or a part more.

    The first batch is one part, so that what is wrong with all documents is soon told.
    """
    remaining, n_tokens, n_documents = iter(documents), 0, PART_DOCUMENTS
    batch: list[Sequence[str]] = []
    while part := list(islice(remaining, size or PART_DOCUMENTS)):
        batch += part
        n_tokens += sum(map(len, part))
        if size or n_tokens >= BATCH_TOKENS or len(batch) >= n_documents:
            yield batch
            batch, n_tokens, n_documents = [], 0, BATCH_DOCUMENTS
    if batch:
        yield batch


class Table(Protocol):
    """What tells a word's column, and may learn it only now."""

    def get(self, word: str, default: int, /) -> int: ...
    def __len__(self) -> int: ...


def count_tokens(
    documents: Sequence[Sequence[str]], columns: Columns, sizes: Sequence[int], unseen: Table | None = None
) -> list[sp.csr_array]:
    """Look every token up, and count how often each document has each word.

    Parameters
    ----------
    documents : sequence of sequences of str
        Token lists.
    columns : Columns
        Word → column, of all tables side by side.
    sizes : sequence of int
        How many columns each table has.
    unseen : object with ``get(word, default)`` and ``len``, or None, default=None
        One more table, for the words that have no column.

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
    found = columns.find(documents, int(lengths.sum()))
    if unseen is not None:
        start, places = sum(sizes), np.flatnonzero(found < 0)
        others = (unseen.get(token, -1) for token in tokens_at(documents, places))
        found[places] = [start + column if column >= 0 else -1 for column in others]
        sizes = [*sizes, len(unseen)]
    return [_matrix(found, ends, start, stop) for start, stop in pairwise(accumulate(sizes, initial=0))]


def _ends_among(chosen: NDArray[np.bool_], ends: NDArray[np.int32]) -> NDArray[np.int32]:
    """Where each document ends when only the chosen tokens are left."""
    return _from_zero(np.cumsum(chosen, dtype=np.int32))[ends]


def _from_zero(ends: NDArray[np.int32]) -> NDArray[np.int32]:
    return np.concatenate([np.zeros(1, np.int32), ends])


def _matrix(columns: NDArray[np.int32], ends: NDArray[np.int32], start: int, stop: int) -> sp.csr_array:
    """The tokens whose columns are in a range, each of which counts 1."""
    chosen = (columns >= start) & (columns < stop)
    return _counted(columns[chosen] - np.int32(start), _ends_among(chosen, ends), stop - start)


def _counted(columns: NDArray[np.int32], ends: NDArray[np.int32], n_columns: int) -> sp.csr_array:
    return sp.csr_array((np.ones(len(columns), np.float32), columns, _from_zero(ends)), shape=(len(ends), n_columns))


def having(counts: sp.csr_array, has_vector: NDArray[np.bool_]) -> sp.csr_array:
    """Leave out the tokens of words that have no vector."""
    if has_vector.all():
        return counts
    chosen = has_vector[counts.indices]
    return _counted(counts.indices[chosen], _ends_among(chosen, counts.indptr[1:]), counts.shape[1])
