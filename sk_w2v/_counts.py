"""Tokens → sparse counts of the words of one table after the other."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice, repeat
from typing import Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

FIRST_BATCH = 100
BATCH_DOCUMENTS = 10_000
BATCH_TOKENS = 1 << 18


def cut_in_batches(documents: Iterable[Sequence[str]], size: int | None = None) -> Iterator[list[Sequence[str]]]:
    """Yield ``size`` documents at a time; else as many as let what is made of them stay small."""
    remaining, n_documents = iter(documents), size or FIRST_BATCH
    while batch := list(islice(remaining, n_documents)):
        if size is None:
            n_tokens = sum(map(len, batch)) // len(batch) + 1
            n_documents = min(max(BATCH_TOKENS // n_tokens, 1), BATCH_DOCUMENTS)
        yield batch


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
    tokens = list(chain.from_iterable(documents))
    counts = []
    for table in tables:
        columns = np.fromiter(map(table.get, tokens, repeat(-1)), np.int32, len(tokens))
        is_known = columns >= 0
        known_ends = _ends_among(is_known, ends)
        counts.append(_matrix(columns[is_known], known_ends, len(table)))
        tokens = [tokens[place] for place in np.flatnonzero(~is_known).tolist()]
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


def having(counts: sp.csr_array, has_vector: NDArray[np.bool_]) -> sp.csr_array:
    """Leave out the tokens of words that have no vector."""
    if has_vector.all():
        return counts
    chosen = has_vector[counts.indices]
    ends = _ends_among(chosen, counts.indptr[1:])
    return _matrix(counts.indices[chosen], ends, counts.shape[1])
