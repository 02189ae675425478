"""What tuning moved, and what is near a word: cosines and nearest neighbours, before and after."""

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Bunch

from .._checks import NONE, check, either, import_extra, whole
from ._unknown_words import unknown_message
from ._words import FittedWords, Pairs

# The most moved words whose neighbours are compared when no words are named.
MAX_SHARES = 1000
N_NEIGHBOURS = 10
# The most frequent words, among which neighbours are looked for.
N_CANDIDATES = 20_000

N_WORDS = either(NONE, whole(1))

Rows = NDArray[np.float32]
Indices = NDArray[np.intp]
Numbers = NDArray[np.float64]


class MissingWords(Bunch):
    """Words without a pretrained vector."""

    word: NDArray[np.object_]
    count: NDArray[np.int64]


class MovedWords(Bunch):
    """Words, and how far tuning moved them."""

    word: NDArray[np.object_]
    count: NDArray[np.int64]
    cosine: Numbers
    neighbours_kept: Numbers


def missing_words(fitted: FittedWords, n: int | None) -> MissingWords:
    """Return what ``PretrainedWord2VecTransformer.missing_words`` returns."""
    check(n, "n", N_WORDS, "missing_words")
    missing = fitted.missing[:n]
    words, counts = [word for word, _ in missing], [count for _, count in missing]
    return MissingWords(word=np.array(words, object), count=np.array(counts, np.int64))


def moved_words(fitted: FittedWords, n: int | None, words: Iterable[str] | None) -> MovedWords:
    """Return what ``PretrainedWord2VecTransformer.moved_words`` returns."""
    caller = "moved_words"
    check(n, "n", N_WORDS, caller)
    pairs = fitted.pairs(caller, words)
    cosine, order = most_moved(pairs)
    if words is None:
        order = order[:n]
    chosen = order[: None if words is not None else MAX_SHARES]
    everything = pairs if words is None else fitted.pairs(caller)
    shares = _shares(pairs, chosen[np.isfinite(cosine[chosen])], everything)
    return MovedWords(
        word=np.array(pairs.words, object)[order],
        count=pairs.counts[order],
        cosine=cosine[order],
        neighbours_kept=shares[order],
    )


def table_maker(as_frame: bool, caller: str) -> Callable[[Bunch], Any]:
    """Return what makes a pandas ``DataFrame`` of columns, or leaves them as they are."""
    if not as_frame:
        return lambda columns: columns
    pandas = import_extra("pandas", "pandas", f"{caller}(as_frame=True)")
    return lambda columns: pandas.DataFrame({name: pandas.Series(it, dtype=it.dtype) for name, it in columns.items()})


def most_moved(pairs: Pairs) -> tuple[Numbers, Indices]:
    """Return each word's cosine to its pretrained vector, NaN where it has none; and the words' order, NaN last."""
    cosine = np.where(pairs.has_before, cosines(pairs.before, pairs.after), np.nan)
    return cosine, np.argsort(cosine, kind="stable")


def _shares(pairs: Pairs, chosen: Indices, all_pairs: Pairs) -> Numbers:
    """Share of neighbours kept of the chosen words, NaN for the others."""
    near = _candidates(all_pairs)
    place_of = {all_pairs.words[row]: place for place, row in enumerate(near.tolist())}
    own = np.array([place_of.get(pairs.words[row], -1) for row in chosen.tolist()], np.intp)
    queries = pairs.before[chosen], pairs.after[chosen]
    shares = np.full(len(pairs.words), np.nan)
    shares[chosen] = neighbours_kept(queries, (all_pairs.before[near], all_pairs.after[near]), own)
    return shares


def _candidates(pairs: Pairs) -> Indices:
    """Rows of the most frequent words that have a direction before and after."""
    usable = np.flatnonzero(pairs.has_before & pairs.before.any(axis=1) & pairs.after.any(axis=1))
    return usable[np.argsort(-pairs.counts[usable], kind="stable")[:N_CANDIDATES]]


def most_similar(fitted: FittedWords, word: str, n: int, which: str) -> list[tuple[str, float]]:
    """Return what ``PretrainedWord2VecTransformer.most_similar`` returns."""
    check(n, "n", whole(1), "most_similar")
    if not isinstance(word, str):
        raise TypeError(f"Expected a word, a str. Got {word!r:.60} instead.")
    known, rows = fitted.known(which, "most_similar")
    vector, has_vector = fitted.vectors_of([word], which)
    if not has_vector[0]:
        raise KeyError(unknown_message([word], has_vector, known, which))
    has_direction = rows.any(axis=1) & vector.any()
    similarities = np.where(has_direction, _unit_rows(rows) @ _unit_rows(vector)[0], np.nan)
    order = np.argsort(-similarities, kind="stable")[: n + 1]  # NaN comes last
    order = order[np.isfinite(similarities[order])]
    return [(known[row], float(similarities[row])) for row in order.tolist() if known[row] != word][:n]


def cosines(before: NDArray[Any], after: NDArray[Any]) -> Numbers:
    r"""Cosine of each row of one array to the same row of another.

    .. math:: c_i = \frac{b_i \cdot a_i}{\lVert b_i \rVert \lVert a_i \rVert}

    Parameters
    ----------
    before : ndarray of shape (n_rows, vector_size), dtype float
        One vector a row.
    after : ndarray of shape (n_rows, vector_size), dtype float
        One vector a row.

    Returns
    -------
    ndarray of shape (n_rows,), dtype float64
        Numbers from -1 to 1, exactly 1 where the rows are equal; NaN where one of them is all zeros.
    """
    from sklearn.metrics.pairwise import paired_cosine_distances  # importing it takes time

    has_direction = before.any(axis=1) & after.any(axis=1)
    result = np.full(len(after), np.nan)
    if has_direction.any():
        distances = paired_cosine_distances(_unit_rows(before[has_direction]), _unit_rows(after[has_direction]))
        result[has_direction] = np.clip(1 - distances, -1, 1)
    return result


def neighbours_kept(
    queries: tuple[Rows, Rows], candidates: tuple[Rows, Rows], own: Indices, n_neighbours: int = N_NEIGHBOURS
) -> Numbers:
    r"""Share of each query's nearest neighbours, by cosine, that are the same before and after.

    .. math:: s_q = \frac{|B_q \cap A_q|}{k}

    with B and A the k nearest candidates of q before and after, without q itself. k is ``n_neighbours``, or all
    candidates but one if those are fewer.

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
    n_neighbours = min(n_neighbours, len(candidates[0]) - 1)
    if n_neighbours < 1 or not len(own):
        return np.full(len(own), np.nan)
    before, after = (
        _nearest(vectors, others, own, n_neighbours) for vectors, others in zip(queries, candidates, strict=True)
    )
    return np.array([len(b & a) / n_neighbours for b, a in zip(before, after, strict=True)])


def _nearest(queries: Rows, candidates: Rows, own: Indices, n_neighbours: int) -> list[set[int]]:
    """The nearest candidates of each query but its own."""
    from sklearn.neighbors import NearestNeighbors  # importing it takes time

    index = NearestNeighbors(n_neighbors=n_neighbours + 1, metric="cosine", algorithm="brute").fit(
        _unit_rows(candidates)
    )
    near = index.kneighbors(_unit_rows(queries), return_distance=False).tolist()
    others = ([row for row in rows if row != itself] for rows, itself in zip(near, own.tolist(), strict=True))
    return [set(rows[:n_neighbours]) for rows in others]


def _unit_rows(vectors: NDArray[Any]) -> Numbers:
    """Rows scaled to length 1, however short, which scikit-learn takes for zeros below 1e-15; rows of zeros stay."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=1, keepdims=True)
    scaled: Numbers = np.divide(vectors, lengths, out=np.zeros(vectors.shape), where=lengths > 0)
    return scaled
