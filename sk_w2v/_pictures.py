"""Words with their vectors before and after → the numbers that a picture shows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike, NDArray
from sklearn.base import clone

from ._drift import most_moved
from ._fitted_words import Pairs, unknown_message

KINDS = ("map", "drift")

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


def check_kind(kind: object) -> None:
    if kind not in KINDS:
        raise ValueError(f"The 'kind' of WordVectorsDisplay must be 'map' or 'drift'. Got {kind!r:.60} instead.")


def check_method(method: object) -> None:
    if method != "pca" and not hasattr(method, "fit_transform"):
        expected = "'pca' or an object with fit_transform"
        raise ValueError(f"The 'method' of WordVectorsDisplay must be {expected}. Got {method!r:.60} instead.")


def given_pairs(words: Sequence[str], before: Any, after: Any, counts: ArrayLike | None) -> Pairs:
    """Words with the vectors that were given for them, as arrays or in gensim's models."""
    if after is None:
        raise ValueError("kind='drift' compares vectors before and after, and 'after' is None.")
    has_before, rows_before = _given(_some(words), before, "before")
    has_after, rows_after = _given(words, after, "after")
    if not has_after.all():
        if isinstance(after, KeyedVectors | Word2Vec):
            raise KeyError(unknown_message(words, has_after, list(_vectors(after).key_to_index), "after"))
        raise ValueError(f"The 'after' vector of {words[int(has_after.argmin())]!r} is NaN.")
    if rows_before.shape != rows_after.shape:
        sizes = f"{rows_before.shape[1]} and {rows_after.shape[1]}"
        raise ValueError(f"Vectors before and after must have equally many numbers a word. Got {sizes}.")
    return Pairs(words, _counts(words, after, counts), rows_before, has_before, rows_after)


def _given(words: Sequence[str], vectors: Any, name: str) -> tuple[Flags, Numbers]:
    """Which words have a vector, and the vectors, zeros for the others."""
    if isinstance(vectors, KeyedVectors | Word2Vec):
        table = _vectors(vectors)
        has_vector = np.array([word in table for word in words], np.bool_)
        rows = np.zeros((len(words), table.vector_size))
        rows[has_vector] = [table[word] for word, has in zip(words, has_vector, strict=True) if has]
        return has_vector, rows
    rows = np.array(vectors, np.float64)
    if rows.ndim != 2 or len(rows) != len(words):
        raise ValueError(
            f"The array {name!r} must have one row for each of the {len(words)} words. Got the shape {rows.shape}."
        )
    has_vector = ~np.isnan(rows).all(axis=1)
    rows[~has_vector] = 0
    if not np.isfinite(rows).all():
        word = words[int(np.isfinite(rows).all(axis=1).argmin())]
        raise ValueError(f"The {name!r} vector of {word!r} has NaN or infinity among its numbers.")
    return has_vector, rows


def _vectors(source: KeyedVectors | Word2Vec) -> Any:
    return source.wv if isinstance(source, Word2Vec) else source


def _counts(words: Sequence[str], after: Any, counts: ArrayLike | None) -> NDArray[np.int64]:
    """How often words occur; zeros if nothing tells."""
    if counts is not None:
        given = np.asarray(counts)
        if given.shape != (len(words),) or not np.issubdtype(given.dtype, np.integer):
            what = f"{given.dtype} of shape {given.shape}"
            raise ValueError(f"'counts' must be one int for each of the {len(words)} words. Got {what}.")
        return given.astype(np.int64)
    if isinstance(after, KeyedVectors | Word2Vec) and "count" in _vectors(after).expandos:
        return np.array([_vectors(after).get_vecattr(word, "count") for word in words], np.int64)
    return np.zeros(len(words), np.int64)


def _some(words: Sequence[str]) -> Sequence[str]:
    if not words:
        raise ValueError("There are no words to draw.")
    return words


def single_map(words: Sequence[str], vectors: Any, method: Any) -> dict[str, Any]:
    """Places of words that have one vector each."""
    has_vector, rows = _given(_some(words), vectors, "before")
    if not has_vector.all():
        if isinstance(vectors, KeyedVectors | Word2Vec):
            raise KeyError(unknown_message(words, has_vector, list(_vectors(vectors).key_to_index), "before"))
        raise ValueError(f"The 'before' vector of {words[int(has_vector.argmin())]!r} is NaN, and there is no after.")
    places, ratio = project(rows, method)
    return {"words": words, "before": places, "explained_variance_ratio": ratio}


def moved_map(pairs: Pairs, method: Any) -> dict[str, Any]:
    """Places of words before and after, by one projection."""
    n_words = len(_some(pairs.words))
    places, ratio = project(np.concatenate([pairs.after, pairs.before[pairs.has_before]]), method)
    before = np.full((n_words, 2), np.nan)
    before[pairs.has_before] = places[n_words:]
    return {"words": pairs.words, "before": before, "after": places[:n_words], "explained_variance_ratio": ratio}


def project(vectors: NDArray[Any], method: Any) -> tuple[Numbers, Numbers | None]:
    """Two dimensions of vectors; of PCA also the share of the variance that each explains."""
    if method == "pca":
        return _principal_components(vectors)
    places = np.asarray(clone(method, safe=False).fit_transform(vectors), np.float64)
    if places.shape != (len(vectors), 2):
        raise ValueError(f"The 'method' {method!r:.60} must give two columns. Got the shape {places.shape}.")
    return places, None


def _principal_components(vectors: NDArray[Any]) -> tuple[Numbers, Numbers]:
    from sklearn.decomposition import PCA  # importing it takes time

    places, ratio = np.zeros((len(vectors), 2)), np.zeros(2)
    if np.ptp(vectors, axis=0).any():  # else there is no variance to divide by
        n_components = min(2, vectors.shape[1])
        pca = PCA(n_components, random_state=0)
        places[:, :n_components] = pca.fit_transform(vectors.astype(np.float64))
        ratio[:n_components] = pca.explained_variance_ratio_
    return places, ratio


def first_moved(pairs: Pairs, n_words: int) -> Pairs:
    """The words that moved most, of those that can have moved."""
    cosine, order = most_moved(pairs)
    return pairs.take(order[np.isfinite(cosine[order])][:n_words])


def drift_picture(pairs: Pairs, named: Sequence[str] | None) -> dict[str, Any]:
    """Cosine and count of the words that have both, what moved most first; the named ones have to be among them."""
    if not pairs.counts.any():
        raise ValueError("kind='drift' needs how often the words occur: pass 'counts'.")
    cosine, order = most_moved(pairs)
    drawn = order[np.isfinite(cosine[order]) & (pairs.counts[order] > 0)]
    words = _some([pairs.words[row] for row in drawn.tolist()])
    known = set(words)
    if lacking := [word for word in named or () if word not in known]:
        raise ValueError(
            f"{len(lacking)} of {len(named or ())} words have no place in kind='drift', since they do not occur in "
            f"the documents or have no vector before: {', '.join(map(repr, lacking))}."
        )
    return {"words": words, "counts": pairs.counts[drawn], "cosine": cosine[drawn], "named": named}
