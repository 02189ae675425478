"""Columns of tokens → those of one table → sums of its rows, in C (``_words.c``), or by NumPy and SciPy."""

from itertools import pairwise
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._columns import Numbers

try:
    from . import _words
except ImportError:  # installed where there was no C compiler
    _words = None  # type: ignore[assignment]

# Up to so many documents, of up to so many tokens, are added up without a sparse matrix.
FEW_DOCUMENTS = 4
FEW_TOKENS = 2000


def choose_tokens(
    columns: Numbers, starts: Numbers, first: int, stop: int, wanted: NDArray[np.bool_] | None = None
) -> tuple[Numbers, Numbers]:
    """Choose the tokens whose column is in a range.

    Parameters
    ----------
    columns : ndarray of shape (n_tokens,), dtype int32
        The column of each token, document after document.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.
    first, stop : int
        The range; ``stop`` is behind it.
    wanted : ndarray of shape (stop - first,), dtype bool, or None, default=None
        Which columns of the range are chosen. None: all of them.

    Returns
    -------
    columns : ndarray of shape (n_chosen,), dtype int32
        The place of each chosen token's column in the range.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.
    """
    if _words is None:
        return _chosen_by_flags(columns, starts, first, stop, wanted)
    given = () if wanted is None else (wanted,)
    chosen, chosen_starts = _words.choose_tokens(columns, starts, first, stop, *given)
    return np.frombuffer(chosen, np.int32), np.frombuffer(chosen_starts, np.int32)


def _chosen_by_flags(
    columns: Numbers, starts: Numbers, first: int, stop: int, wanted: NDArray[np.bool_] | None
) -> tuple[Numbers, Numbers]:
    chosen = (columns >= first) & (columns < stop)
    if wanted is not None:
        chosen[chosen] = wanted[columns[chosen] - first]
    return columns[chosen] - np.int32(first), sums_before(chosen)[starts]


def sums_before(numbers: NDArray[Any]) -> Numbers:
    """Return the sum of the first 0, 1, 2 ... numbers."""
    sums = np.zeros(len(numbers) + 1, np.int32)
    np.add.accumulate(numbers, dtype=np.int32, out=sums[1:])
    return sums


def sum_rows(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    """Add up the rows that the columns of each document name, one after the other.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width), dtype float32
        What is added up.
    columns : ndarray of shape (n_tokens,), dtype int32
        The row of each token, document after document.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.

    Returns
    -------
    ndarray of shape (n_documents, width), dtype float32
        The sums, the same bit for bit with the C code and without it.
    """
    if _words is None or rows.dtype != np.float32 or not (rows.flags.c_contiguous and rows.flags.aligned and rows.size):
        return _sums_by_matrix(rows, columns, starts)
    sums = np.empty((len(starts) - 1, rows.shape[1]), np.float32)
    _words.add_rows(rows, rows.shape[1], columns, starts, sums)
    return sums


def _sums_by_matrix(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    n_documents, (n_rows, width) = len(starts) - 1, rows.shape
    if n_documents <= FEW_DOCUMENTS and len(columns) <= FEW_TOKENS and width > 1:
        return _sums_of_few(rows, columns, starts)  # a column alone would be added up pairwise, hence in another order
    ones = np.ones(len(columns), np.float32)
    sums: NDArray[np.float32] = sp.csr_array((ones, columns, starts), shape=(n_documents, n_rows)) @ rows
    return sums


def _sums_of_few(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    """Add up as a sparse matrix does, in the same order, without making one, which takes longer than to add."""
    if not len(columns):
        return np.zeros((len(starts) - 1, rows.shape[1]), np.float32)
    chosen = rows[columns]
    sums = [np.add.reduce(chosen[start:end], axis=0, initial=0.0) for start, end in pairwise(starts.tolist())]
    return np.array(sums, np.float32).reshape(len(sums), rows.shape[1])
