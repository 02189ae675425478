"""Words with their vectors before and after tuning → what moved; one word → what is near it."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import Bunch

from ._extras import import_extra
from ._fitted_words import FittedWords, Pairs, check_int, unknown_message
from ._neighbours import cosines, neighbours_kept

MAX_SHARES = 1000
"""For so many of the most moved words neighbours are compared when no words are named."""

Indices = NDArray[np.intp]
Numbers = NDArray[np.float64]


def drift(fitted: FittedWords, words: Iterable[str] | None, n_candidates: int, as_frame: bool) -> Any:
    """What ``PretrainedWord2VecTransformer.drift`` returns."""
    n_candidates = check_int(n_candidates, "n_candidates", "drift")
    pandas = import_extra("pandas", "pandas", "drift(as_frame=True)") if as_frame else None
    pairs = fitted.pairs("drift", words)
    cosine, order = most_moved(pairs)
    chosen = order[: None if words is not None else MAX_SHARES]
    everything = pairs if words is None else fitted.pairs("drift")
    shares = _shares(pairs, chosen[np.isfinite(cosine[chosen])], everything, n_candidates)
    columns = {
        "word": np.array([*pairs.words, None], object)[order],
        "count": pairs.counts[order],
        "cosine": cosine[order],
        "neighbours_kept": shares[order],
    }
    return Bunch(**columns) if pandas is None else pandas.DataFrame(columns)


def most_moved(pairs: Pairs) -> tuple[Numbers, Indices]:
    """Cosine of each word to its pretrained vector, NaN where it has none; and the words' order, NaN last."""
    cosine = np.where(pairs.has_before, cosines(pairs.before, pairs.after), np.nan)
    return cosine, np.argsort(cosine, kind="stable")


def _shares(pairs: Pairs, chosen: Indices, all_pairs: Pairs, n_candidates: int) -> Numbers:
    """Share of neighbours kept of the chosen words, NaN for the others."""
    near = _candidates(all_pairs, n_candidates)
    place_of = {all_pairs.words[row]: place for place, row in enumerate(near.tolist())}
    own = np.array([place_of.get(pairs.words[row], -1) for row in chosen.tolist()], np.intp)
    queries = pairs.before[chosen], pairs.after[chosen]
    shares = np.full(len(pairs.words), np.nan)
    shares[chosen] = neighbours_kept(queries, (all_pairs.before[near], all_pairs.after[near]), own)
    return shares


def _candidates(pairs: Pairs, n_candidates: int) -> Indices:
    """Rows of the most frequent words that have a direction before and after."""
    usable = np.flatnonzero(pairs.has_before & pairs.before.any(axis=1) & pairs.after.any(axis=1))
    return usable[np.argsort(-pairs.counts[usable], kind="stable")[:n_candidates]]


def most_similar(fitted: FittedWords, word: str, n: int, which: str) -> list[tuple[str, float]]:
    """What ``PretrainedWord2VecTransformer.most_similar`` returns."""
    if which not in ("tuned", "pretrained"):
        raise ValueError(f"The 'which' of most_similar must be 'tuned' or 'pretrained'. Got {which!r:.60} instead.")
    if not isinstance(word, str):
        raise TypeError(f"Expected a word, a str. Got {word!r:.60} instead.")
    n = check_int(n, "n", "most_similar")
    fitted.check_has(which, caller=f"most_similar(which={which!r})")
    vector, has_vector = fitted.find([word], which)
    known = list(fitted.known(which))
    if not has_vector[0]:
        raise KeyError(unknown_message([word], has_vector, known, which))
    similarities = _similarities(fitted, vector, which)
    order = np.argsort(-similarities, kind="stable")[: n + 1]  # NaN comes last
    order = order[np.isfinite(similarities[order])]
    return [(known[row], float(similarities[row])) for row in order.tolist() if known[row] != word][:n]


def _similarities(fitted: FittedWords, vector: NDArray[np.float32], which: str) -> Numbers:
    """Cosine of a vector to the words of ``FittedWords.known``."""
    vectors, has_vector = fitted.tables[which]
    _, is_new = fitted.fallback.new_to(fitted.row_of)
    return np.concatenate([cosines(vector, vectors)[has_vector], cosines(vector, fitted.fallback.rows)[is_new]])
