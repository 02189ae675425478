"""What poolings learn in fit: weights of words, directions of documents, centres of vectors."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from .._checks import NONE, Kind, either, real, whole
from ..text._chunks import check_passes
from ..text._documents import Tokens
from ..text._token_counts import TokenCounts
from ._batches import Batch, Vectors, Words, count_batches
from ._poolings import POOLINGS, ROUNDING, Block, Scaling, nearest_centres, weighted_mean

# The papers' constants: a of SIF, the number of directions of uSIF, the number of centres of VLAD for words.
DEFAULTS = {"sif_a": 1e-3, "usif_m": 5, "vlad_k": 10}

# Rows that differ by less are alike: to scale them would overflow float32.
TINY = 1e-60

_CONSTANTS = {"sif_a": real(0, 1e6, above=True), "usif_m": whole(0), "vlad_k": whole(1)}


def _is_pooling(value: Any) -> bool:
    names = value if isinstance(value, tuple | list) else (value,)
    is_known = bool(names) and all(isinstance(name, str) and name in POOLINGS for name in names)
    return is_known and len(set(names)) == len(names)


def _are_constants(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        name in _CONSTANTS and _CONSTANTS[name].is_valid(constant) for name, constant in value.items()
    )


POOLING = Kind(f"one of {[*POOLINGS]}, or a tuple of several of them", _is_pooling)
POOLING_PARAMS = either(
    NONE,
    Kind(f"a dict of {', '.join(f'{name!r} ({kind.expected})' for name, kind in _CONSTANTS.items())}", _are_constants),
)


class WordWeights(NamedTuple):
    """What each word of the documents weighs, and any other word."""

    of_corpus: NDArray[np.float32]
    of_fallback: float


def check_centres(k: int, n_words: int) -> None:
    """Raise ValueError if there are more centres than words to find them among."""
    if k > n_words:
        raise ValueError(
            f"pooling='vlad' needs a word with a vector for each of its vlad_k={k} centres, and there are only "
            f"{n_words} words. Set a smaller 'vlad_k' in pooling_params."
        )


class Counts(NamedTuple):
    """How often words occur in the documents given to fit."""

    # Those that have a row: shape (n_words,).
    of_corpus: NDArray[np.int64]
    # The others, which are tokens too.
    of_others: NDArray[np.int64]
    n_documents: int


def learn(
    names: Iterable[tuple[str, str]],
    words: Words,
    documents: Iterable[Tokens],
    counts: Counts,
    constants: Mapping[str, Any],
    seed: int,
    *,
    scale: bool = False,
) -> list[Block]:
    """Return the blocks of the output with what their poolings have learned.

    Parameters
    ----------
    names : iterable of tuple of str
        Output and pooling of each block.
    words : Words
        The words, their counts and vectors.
    documents : iterable of sequences of str
        Token lists; read once if there is an idf, a sif or a usif, and once if blocks are scaled.
    counts : Counts
        How often words occur in them.
    constants : dict
        The constants, as in ``DEFAULTS``.
    seed : int
        The seed of k-means.
    scale : bool, default=False
        Whether to centre the blocks, and to make them equally long, all together rows with a mean squared length of 1.

    Returns
    -------
    list of Block
        One for each name.
    """
    blocks = [Block(output, pooling, {}) for output, pooling in names]
    if readers := [block for block in blocks if block.pooling in ("idf", "sif", "usif")]:
        batches = count_batches(documents, words, {block.output for block in readers})
        _learn_from_documents(readers, counts, batches, constants)
    if with_centres := [block for block in blocks if block.pooling == "vlad"]:
        _learn_centres(with_centres, words, constants["vlad_k"], seed)
    if not scale:
        return blocks
    return _scaled(blocks, count_batches(documents, words, {block.output for block in blocks}), counts.n_documents)


def _scaled(blocks: Sequence[Block], batches: Iterable[Batch], n_documents: int) -> list[Block]:
    r"""Return the blocks with the mean :math:`\mu` of their rows, and the factor that these are multiplied by then.

    Rows are of the documents that have a known word. Each of n blocks becomes :math:`(d - \mu) / (s \sqrt n)` with
    :math:`s^2 = \mathrm{mean} \lVert d - \mu \rVert^2`, so that the squared length of a whole row is 1 on average.
    """
    sums: list[Any] = [0.0] * len(blocks)
    squares, n_known, n_seen = [0.0] * len(blocks), [0] * len(blocks), 0
    for batch in batches:
        n_seen += batch.counts.n_documents
        for at, block in enumerate(blocks):
            rows = block.pool(batch).astype(float)
            sums[at] = sums[at] + rows.sum(axis=0)
            squares[at] += float(np.square(rows).sum())
            n_known[at] += int(block.is_known(batch).sum())
    check_passes(n_documents, n_seen)
    scaled = []
    for block, total, square, n in zip(blocks, sums, squares, n_known, strict=True):
        centre = total / max(n, 1)
        variance = square / max(n, 1) - float(centre @ centre)
        factor = (variance * len(blocks)) ** -0.5 if variance > max(ROUNDING**2 * square / max(n, 1), TINY) else 1.0
        scaled.append(block._replace(scaling=Scaling(centre.astype(np.float32), factor)))
    return scaled


def _learn_from_documents(
    blocks: Sequence[Block], counts: Counts, batches: Iterable[Batch], constants: Mapping[str, Any]
) -> None:
    """Put weights, and of SIF and uSIF directions, into the blocks; reads the documents once."""
    weights = _weights_of_counts({block.pooling for block in blocks}, counts, constants)
    grams: dict[tuple[str, str], Any] = {block[:2]: 0.0 for block in blocks if block.pooling in weights}
    n_with, n_documents = np.zeros(len(counts.of_corpus), np.int64), 0
    for batch in batches:
        n_documents += batch.counts.n_documents
        n_with += _n_documents_with(batch.counts)
        for output, pooling in grams:
            rows = weighted_mean(batch.corpus[output], batch.fallback, *weights[pooling]).astype(float)
            grams[output, pooling] += rows.T @ rows
    check_passes(counts.n_documents, n_documents)
    weights["idf"] = idf_weights(n_with, counts.n_documents)
    n_directions = {"sif": 1, "usif": constants["usif_m"]}
    for block in blocks:
        if block.pooling in weights:
            block.learned.update(weights[block.pooling]._asdict())
        if block[:2] in grams:
            block.learned["directions"] = principal_directions(grams[block[:2]], n_directions[block.pooling])


def _weights_of_counts(poolings: set[str], counts: Counts, constants: Mapping[str, Any]) -> dict[str, WordWeights]:
    """The weights that follow from counts alone, of the words that have a row."""
    all_counts = np.append(counts.of_corpus, counts.of_others)
    weights = {}
    if "sif" in poolings:
        weights["sif"] = sif_weights(all_counts, constants["sif_a"])
    if "usif" in poolings:
        weights["usif"] = usif_weights(all_counts, counts.n_documents)
    n_words = len(counts.of_corpus)
    return {pooling: own._replace(of_corpus=own.of_corpus[:n_words]) for pooling, own in weights.items()}


def _learn_centres(blocks: Iterable[Block], words: Words, k: int, seed: int) -> None:
    """Put the k-means centres of the words that have a vector, and the nearest one of each, into VLAD's blocks."""
    # MiniBatchKMeans adds in one order whatever the number of threads, as KMeans does not, so that results repeat.
    from sklearn.cluster import MiniBatchKMeans  # here, since it takes longer to import than all the rest

    for block in blocks:
        vectors, has_vector = words.tables[block.output]
        k_means = MiniBatchKMeans(k, n_init=3, random_state=seed).fit(vectors[has_vector])
        centres = np.asarray(k_means.cluster_centers_, np.float32)
        labels = [nearest_centres(vectors, centres), nearest_centres(words.fallback_rows, centres)]
        block.learned.update(centres=centres, labels=labels)


def idf_weights(n_documents_with: NDArray[np.int64], n_documents: int) -> WordWeights:
    r"""Inverse document frequency, smoothed as scikit-learn does.

    .. math:: w(t) = \ln \frac{1 + n}{1 + n_t} + 1

    with n_t of the n documents having the word t.

    Parameters
    ----------
    n_documents_with : ndarray of shape (n_words,), dtype int64
        How many documents have each word.
    n_documents : int
        How many documents there are.

    Returns
    -------
    WordWeights
        Those of words that no document has are ln(1 + n) + 1.
    """
    words = np.log((1 + n_documents) / (1 + n_documents_with)) + 1
    return WordWeights(words.astype(np.float32), float(np.log(1 + n_documents) + 1))


def sif_weights(counts: NDArray[np.int64], a: float) -> WordWeights:
    r"""Smooth inverse frequency (Arora, Liang, Ma 2017).

    .. math:: w(t) = \frac{a}{a + p(t)}

    with p(t) the word's share of the tokens.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), dtype int64
        How often each word occurs.
    a : float
        The share of tokens at which a word weighs half.

    Returns
    -------
    WordWeights
        Those of words that do not occur are 1.
    """
    return WordWeights((a / (a + counts / counts.sum())).astype(np.float32), 1.0)


def usif_weights(counts: NDArray[np.int64], n_documents: int) -> WordWeights:
    r"""Unsupervised smoothed inverse frequency (Ethayarajh 2018): the constant of SIF follows from the corpus.

    .. math::

        w(t) = \frac{a}{a / 2 + p(t)}, \quad a = \frac{1 - \alpha}{\alpha |V| / 2}, \quad
        \alpha = \frac{1}{|V|} \left| \left\{ t: p(t) > 1 - (1 - 1 / |V|)^n \right\} \right|

    with p(t) the word's share of the tokens, V the words and n the average number of tokens of a document.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), dtype int64
        How often each word occurs.
    n_documents : int
        How many documents there are.

    Returns
    -------
    WordWeights
        Those of words that do not occur are 2, and of all words where alpha is 0.
    """
    share = counts / counts.sum()
    n_words, length = len(counts), max(counts.sum() / n_documents, 1)
    n_frequent = min(int(np.sum(share > 1 - (1 - 1 / n_words) ** length)), n_words - 1)
    if not n_frequent:  # a is infinite
        return WordWeights(np.full(n_words, 2, np.float32), 2.0)
    alpha = n_frequent / n_words
    a = (1 - alpha) / (alpha * n_words / 2)
    return WordWeights((a / (a / 2 + share)).astype(np.float32), 2.0)


def _n_documents_with(counts: TokenCounts) -> NDArray[np.int64]:
    """How many documents have each word."""
    distinct = counts.matrix().copy()  # the matrix shares its indices with the counts
    distinct.sum_duplicates()
    return np.bincount(distinct.indices, minlength=counts.n_columns)


def principal_directions(gram: NDArray[np.float64], n_directions: int) -> Vectors:
    """Return the first right singular vectors of the rows X whose X^T X is given.

    Each is as long as the root of its share of the squared singular values.
    """
    squares, columns = np.linalg.eigh(gram)
    squares = np.maximum(squares[::-1][:n_directions], 0)
    if not squares.any():
        return np.zeros((0, len(gram)), np.float32)
    return np.asarray(columns.T[::-1][:n_directions] * np.sqrt(squares / squares.sum())[:, np.newaxis], np.float32)
