"""What poolings learn from the documents that fit sees."""

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._pooling import Batch, Block, Vectors, nearest, weighted_mean
from ._weights import idf, sif, usif

DEFAULTS = {"a": 1e-3, "m": 5, "k": 10}
"""The papers' constants: a of SIF, the number of directions of uSIF, and that of the centres of VLAD for words."""


def check_centres(k: int, n_words: int) -> None:
    if k > n_words:
        raise ValueError(
            f"pooling='vlad' needs a word with a vector for each of its k={k} centres, and there are only "
            f"{n_words} words. Set a smaller 'k' in pooling_params."
        )


def learn_blocks(
    names: Iterable[tuple[str, str]],
    counts: NDArray[np.int64],
    other_counts: Iterable[int],
    n_documents: int,
    batches: Iterable[Batch],
    constants: Mapping[str, Any],
) -> list[Block]:
    """Learn weights and directions: reads the documents once more if an idf, a sif or a usif is among the names.

    Parameters
    ----------
    names : iterable of tuple of str
        Output and pooling of each block.
    counts : ndarray of shape (n_words,), dtype int64
        How often each word of the corpus occurs that has a row.
    other_counts : iterable of int
        How often the others occur, which are tokens too.
    n_documents : int
        How many documents the batches have.
    batches : iterable of Batch
        The documents.
    constants : dict
        The constants, as in ``DEFAULTS``.

    Returns
    -------
    list of Block
        One for each name.
    """
    blocks = [Block(output, pooling, {}) for output, pooling in names]
    if not {"idf", "sif", "usif"} & {block.pooling for block in blocks}:
        return blocks
    all_counts = np.append(counts, np.fromiter(other_counts, np.int64))
    weights = {"sif": sif(all_counts, constants["a"]), "usif": usif(all_counts, n_documents)}
    weights = {pooling: own._replace(weights=own.weights[: len(counts)]) for pooling, own in weights.items()}
    grams: dict[tuple[str, str], Any] = {block.key: 0.0 for block in blocks if block.pooling in weights}
    n_with = np.zeros(len(counts), np.int64)
    for batch in batches:
        n_with += _n_documents_with(batch.counts)
        for output, pooling in grams:
            rows = weighted_mean(batch.corpus[output], batch.untuned, *weights[pooling]).astype(float)
            grams[output, pooling] += rows.T @ rows
    weights["idf"] = idf(n_with, n_documents)
    n_directions = {"sif": 1, "usif": constants["m"]}
    for block in blocks:
        if block.pooling in weights:
            block.learned.update(weights[block.pooling]._asdict())
        if block.key in grams:
            block.learned["directions"] = principal_directions(grams[block.key], n_directions[block.pooling])
    return blocks


def learn_centres(
    vectors: Vectors, has_vector: NDArray[np.bool_], others: Vectors, k: int, seed: int
) -> dict[str, Any]:
    """The k-means centres of the words that have a vector, and the nearest one of each word, and of others."""
    # MiniBatchKMeans adds in one order whatever the number of threads, as KMeans does not, so that results repeat.
    from sklearn.cluster import MiniBatchKMeans  # here, since it takes longer to import than all the rest

    centres = MiniBatchKMeans(k, n_init=3, random_state=seed).fit(vectors[has_vector]).cluster_centers_
    centres = np.asarray(centres, np.float32)
    return {"centres": centres, "labels": [nearest(vectors, centres), nearest(others, centres)]}


def _n_documents_with(counts: sp.csr_array) -> NDArray[np.int64]:
    """How many documents have each word."""
    distinct = counts.copy()
    distinct.sum_duplicates()
    return np.bincount(distinct.indices, minlength=counts.shape[1])


def principal_directions(gram: NDArray[np.float64], n_directions: int) -> Vectors:
    """The first right singular vectors of the rows X whose X^T X is given, each as long as the root of its share."""
    squares, columns = np.linalg.eigh(gram)
    squares = np.maximum(squares[::-1][:n_directions], 0)
    if not squares.any():
        return np.zeros((0, len(gram)), np.float32)
    return np.asarray(columns.T[::-1][:n_directions] * np.sqrt(squares / squares.sum())[:, np.newaxis], np.float32)
