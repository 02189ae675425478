"""Documents → sparse counts of the words of several tables."""

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate, islice, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._analyzer import build_analyzer
from ._columns import Columns, Found, tokens_at
from ._subwords import SubwordRows
from ._sums import choose_tokens, sum_rows, sums_before

PART_DOCUMENTS = 100
# The arrays of larger batches leave the processor's cache, and are given back to the system. Then it must clear memory
# anew for the next ones, and it makes threads wait for each other to do so.
BATCH_DOCUMENTS = 4000
BATCH_TOKENS = 1 << 17
# Characters that a token and what stands behind it take, on average.
CHARACTERS_A_TOKEN = 6

Tokens = Sequence[str]


class TokenCounts(NamedTuple):
    """Tokens of documents by the columns of one table: a sparse matrix of ones, of which equal ones add up."""

    # The column of each token, document after document: shape (n_tokens,).
    indices: NDArray[np.int32]
    # Where each document begins among them, and the end of the last: shape (n_documents + 1,).
    indptr: NDArray[np.int32]
    n_columns: int

    @property
    def n_documents(self) -> int:
        return len(self.indptr) - 1

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        """How many tokens each document has: shape (n_documents,)."""
        return self.indptr[1:] - self.indptr[:-1]  # np.diff takes ten times as long for one document

    def matrix(self, weights: NDArray[np.float32] | None = None) -> sp.csr_array:
        """Return the matrix of shape (n_documents, n_columns), dtype float32, in which each token counts its weight."""
        data = np.ones(len(self.indices), np.float32) if weights is None else weights[self.indices]
        return sp.csr_array((data, self.indices, self.indptr), shape=(self.n_documents, self.n_columns))

    def sums(self, rows: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return the product of the matrix and rows, bit for bit."""
        return sum_rows(rows, self.indices, self.indptr)

    def having(self, has_vector: NDArray[np.bool_]) -> Self:
        """Leave out the tokens of words that have no vector."""
        if has_vector.all():
            return self
        indices, indptr = choose_tokens(self.indices, self.indptr, 0, self.n_columns, has_vector)
        return self._replace(indices=indices, indptr=indptr)


def split_in_batches(documents: Iterable[Any], size: int | None = None) -> Iterator[list[Any]]:
    """Yield ``size`` documents at a time; without a size, as many as keep small what is made of them.

    The first batch is small, so that what is wrong with all documents is soon told.
    """
    remaining, n_tokens, n_documents = iter(documents), 0, PART_DOCUMENTS
    batch: list[Any] = []
    while part := list(islice(remaining, min(size or PART_DOCUMENTS, sys.maxsize))):
        batch += part
        n_tokens += sum(map(len, part)) // (CHARACTERS_A_TOKEN if isinstance(part[0], str) else 1)
        if size or n_tokens >= BATCH_TOKENS or len(batch) >= n_documents:
            yield batch
            batch, n_tokens, n_documents = [], 0, BATCH_DOCUMENTS
    if batch:
        yield batch


def count_tokens(
    documents: Sequence[Any],
    columns: Columns,
    sizes: Sequence[int],
    *,
    lowercase: bool = True,
    subword_rows: SubwordRows | None = None,
) -> tuple[list[TokenCounts], int]:
    """Look up every token, and count how often each document has each word.

    Parameters
    ----------
    documents : sequence of str or of list of str
        Documents; strings are split into words.
    columns : Columns
        Word → column, of all tables side by side.
    sizes : sequence of int
        How many columns each table has.
    lowercase : bool, default=True
        Whether the words of strings are lowercased.
    subword_rows : SubwordRows or None, default=None
        One more table, which grows with the words that have no column.

    Returns
    -------
    counts : list of TokenCounts
        One for each table.
    n_tokens : int
        How many tokens there are, with those that no table has.

    Raises
    ------
    TypeError
        If a token is not a string.
    """
    n_columns = sum(sizes)
    found, new_words = _look_up(documents, columns, n_columns, lowercase, with_new=subword_rows is not None)
    if subword_rows is not None:
        is_new = found.columns >= n_columns
        rows = subword_rows.rows_of(new_words)[found.columns[is_new] - n_columns]
        found.columns[is_new] = np.where(rows < 0, -1, n_columns + rows)
        sizes = [*sizes, len(subword_rows)]
    starts = sums_before(found.lengths)
    spans = pairwise(accumulate(sizes, initial=0))
    chosen = [choose_tokens(found.columns, starts, first, stop) for first, stop in spans]
    counts = [TokenCounts(*of_table, size) for of_table, size in zip(chosen, sizes, strict=True)]
    return counts, len(found.columns)


def _look_up(
    documents: Sequence[Any], columns: Columns, n_columns: int, lowercase: bool, *, with_new: bool
) -> tuple[Found, list[str]]:
    """The column of each token, and the new words, whose columns follow those of the known ones."""
    if all(issubclass(kind, str) for kind in set(map(type, documents))):
        new = columns.new_words() if with_new else None
        found = columns.look_up_text(documents, lowercase, new)
        return found, [] if new is None else new.words()
    split = build_analyzer(lowercase)
    documents = [split(document) if isinstance(document, str) else document for document in documents]
    found = columns.look_up(documents)
    number_of: dict[str, int] = {}
    if with_new:
        places = np.flatnonzero(found.columns < 0)
        numbers = (number_of.setdefault(token, len(number_of)) for token in tokens_at(documents, places))
        found.columns[places] = n_columns + np.fromiter(numbers, np.int32, len(places))
    return found, list(number_of)
