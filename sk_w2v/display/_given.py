"""Words and vectors that users pass, as arrays or in gensim's models → pairs of vectors, or an error."""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike, NDArray

from ..fitted._unknown_words import unknown_message
from ..fitted._words import Pairs

Vectors: TypeAlias = ArrayLike | KeyedVectors | Word2Vec


def given_pairs(words: Sequence[str], before: Vectors, after: Vectors, counts: ArrayLike | None = None) -> Pairs:
    """Return words with their vectors before, which some may lack, and after; counts are 0 if nothing tells them."""
    rows_before, has_before = _rows(words, before, "before")
    rows_after = given_rows(words, after, "after")
    if rows_before.shape != rows_after.shape:
        sizes = f"{rows_before.shape[1]} and {rows_after.shape[1]}"
        raise ValueError(f"Vectors before and after must have equally many numbers a word. Got {sizes}.")
    return Pairs(words, _counts(words, after, counts), rows_before, has_before, rows_after)


def given_rows(words: Sequence[str], vectors: Vectors, name: str) -> NDArray[np.float64]:
    """Return the vectors of words, all of which must have one."""
    rows, has_vector = _rows(words, vectors, name)
    if has_vector.all():
        return rows
    if isinstance(vectors, KeyedVectors | Word2Vec):
        raise KeyError(unknown_message(words, has_vector, list(_keyed(vectors).key_to_index), name))
    word = words[int(has_vector.argmin())]
    raise ValueError(f"The {name!r} vector of {word!r} is NaN. Leave out the words that have none.")


def _rows(words: Sequence[str], vectors: Vectors, name: str) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return the vectors of words, zeros where a word has none, and which of them have one."""
    if isinstance(vectors, KeyedVectors | Word2Vec):
        table = _keyed(vectors)
        has_vector = np.array([word in table for word in words], np.bool_)
        nothing = np.zeros(table.vector_size)
        found = [table[word] if has else nothing for word, has in zip(words, has_vector.tolist(), strict=True)]
        return np.array(found, np.float64), has_vector
    rows = np.array(vectors, np.float64)
    if rows.ndim != 2 or len(rows) != len(words):
        raise ValueError(
            f"The array {name!r} must have one row for each of the {len(words)} words. Got the shape {rows.shape}."
        )
    has_vector = np.asarray(~np.isnan(rows).all(axis=1), np.bool_)
    rows[~has_vector] = 0
    if not np.isfinite(rows).all():
        word = words[int(np.isfinite(rows).all(axis=1).argmin())]
        raise ValueError(f"The {name!r} vector of {word!r} has NaN or infinity among its numbers.")
    return rows, has_vector


def _keyed(source: KeyedVectors | Word2Vec) -> Any:
    return source.wv if isinstance(source, Word2Vec) else source


def _counts(words: Sequence[str], after: Vectors, counts: ArrayLike | None) -> NDArray[np.int64]:
    if counts is not None:
        given = np.asarray(counts)
        if given.shape != (len(words),) or not np.issubdtype(given.dtype, np.integer):
            what = f"{given.dtype} of shape {given.shape}"
            raise ValueError(f"'counts' must be one int for each of the {len(words)} words. Got {what}.")
        return given.astype(np.int64)
    if isinstance(after, KeyedVectors | Word2Vec) and "count" in (keyed := _keyed(after)).expandos:
        is_counted = keyed.key_to_index  # not the words that fastText makes of n-grams
        return np.array([keyed.get_vecattr(word, "count") if word in is_counted else 0 for word in words], np.int64)
    return np.zeros(len(words), np.int64)


def some(words: Sequence[str]) -> Sequence[str]:
    """Return the words, or raise ValueError if there are none."""
    if not words:
        raise ValueError("There are no words to draw.")
    return words
