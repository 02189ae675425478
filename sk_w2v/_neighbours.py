"""Arrays of vectors → how near their rows are: row by row, and to their nearest neighbours."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

N_NEIGHBOURS = 10
ROW_BLOCK = 2**16
"""Numbers of each array that are compared row by row at a time: they have to fit into a processor's cache."""
BLOCK = 2**22
"""Similarities that are held at a time: 16 MB."""
DECIMALS = 6
"""Products in single precision differ beyond them between blocks and machines; equal vectors have to tie."""

Rows = NDArray[np.float32]
Numbers = NDArray[np.float64]


def cosines(before: NDArray[Any], after: NDArray[Any]) -> Numbers:
    r"""Cosine of each row of one array to the same row of another.

    .. math:: c_i = \frac{b_i \cdot a_i}{\lVert b_i \rVert \lVert a_i \rVert}

    Parameters
    ----------
    before : ndarray of shape (n_rows, vector_size) or (1, vector_size), dtype float32
        One vector a row, or one for all.
    after : ndarray of shape (n_rows, vector_size), dtype float32
        One vector a row.

    Returns
    -------
    ndarray of shape (n_rows,), dtype float64
        Numbers from -1 to 1, exactly 1 where the rows are equal; NaN where one of them is all zeros.
    """
    result = np.full(len(after), np.nan)
    before = np.broadcast_to(before, after.shape)
    n_rows = max(1, ROW_BLOCK // max(1, after.shape[1]))
    for start in range(0, len(after), n_rows):
        block = slice(start, start + n_rows)
        b, a = before[block].astype(np.float64), after[block].astype(np.float64)
        norms = np.sqrt(_dot(b, b) * _dot(a, a))  # of equal rows exactly their product with themselves
        np.divide(_dot(b, a), norms, out=result[block], where=norms > 0)
    result.clip(-1, 1, out=result)
    return result


def _dot(left: Numbers, right: Numbers) -> Numbers:
    product: Numbers = np.einsum("ij,ij->i", left, right)
    return product


def unit_rows(vectors: NDArray[Any]) -> Rows:
    """Return rows scaled to length 1; rows of zeros stay."""
    norms = np.sqrt(np.einsum("ij,ij->i", vectors, vectors, dtype=np.float64))
    scale = np.where(norms > 0, norms, 1)[:, np.newaxis]
    scaled: Rows = np.divide(vectors, scale).astype(np.float32)
    return scaled


def neighbours_kept(
    queries: tuple[Rows, Rows], candidates: tuple[Rows, Rows], own: NDArray[np.intp], n_neighbours: int = N_NEIGHBOURS
) -> Numbers:
    r"""Share of each query's nearest neighbours, by cosine, that are the same before and after.

    .. math:: s_q = \frac{|B_q \cap A_q|}{k}

    with B and A the k nearest candidates of q before and after, without q itself. Of candidates that are equally near,
    the first count. k is ``n_neighbours``, or all candidates but one if those are fewer.

    Parameters
    ----------
    queries : tuple of two ndarrays of shape (n_queries, vector_size), dtype float32
        Vectors before and after.
    candidates : tuple of two ndarrays of shape (n_candidates, vector_size), dtype float32
        Vectors before and after.
    own : ndarray of shape (n_queries,), dtype int
        Which candidate the query itself is, or -1.
    n_neighbours : int, default=10
        How many neighbours to compare.

    Returns
    -------
    ndarray of shape (n_queries,), dtype float64
        Shares from 0 to 1; NaN where there is no candidate but the query.
    """
    n_candidates = len(candidates[0])
    n_neighbours = min(n_neighbours, n_candidates - 1)
    kept = np.full(len(own), np.nan)
    if n_neighbours < 1:
        return kept
    directions = [unit_rows(vectors) for vectors in candidates]
    n_rows = max(1, BLOCK // n_candidates)
    for start in range(0, len(own), n_rows):
        block = slice(start, start + n_rows)
        before, after = (
            nearest(unit_rows(vectors[block]) @ others.T, own[block], n_neighbours)
            for vectors, others in zip(queries, directions, strict=True)
        )
        kept[block] = (before & after).sum(axis=1) / n_neighbours
    return kept


def nearest(similarities: Rows, own: NDArray[np.intp], n_neighbours: int) -> NDArray[np.bool_]:
    """Mark the largest numbers of each row but its own; of equal ones the first. The array is changed."""
    np.round(similarities, DECIMALS, out=similarities)
    has_own = np.flatnonzero(own >= 0)
    similarities[has_own, own[has_own]] = -np.inf
    thresholds = np.partition(similarities, -n_neighbours, axis=1)[:, -n_neighbours]
    is_near: NDArray[np.bool_] = similarities >= thresholds[:, np.newaxis]
    for row in np.flatnonzero(is_near.sum(axis=1) > n_neighbours):
        n_above = int((similarities[row] > thresholds[row]).sum())
        ties = np.flatnonzero(similarities[row] == thresholds[row])
        is_near[row, ties[n_neighbours - n_above :]] = False
    return is_near
