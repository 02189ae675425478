"""The fitted vectors in the row order of a tokenizer, for the embedding layers of Keras and PyTorch."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from .._checks import NONE, check, choice, either, warn, whole
from ..text._coverage import LOW_COVERAGE
from ._words import FittedWords, Flags, Rows

MAX_ROWS = 2**31
# How many words an error names.
NAMED = 10

OOV = choice("zeros", "mean", "random")
PADDING_ROW = either(NONE, whole(0, MAX_ROWS - 1))

_WORD_INDEX = "The word index must be a dict of str to int, or a list of str in the order of their rows."


def embedding_matrix(
    fitted: FittedWords, word_index: Any, oov: str, which: str, padding_row: int | None, random_state: Any
) -> tuple[Rows, Flags]:
    """Return the matrix that has each word's vector in its row, and which rows hold one."""
    caller = "embedding_matrix"
    check(oov, "oov", OOV, caller)
    check(padding_row, "padding_row", PADDING_ROW, caller)
    words, rows = read_word_index(word_index)
    fitted.table(which, caller)
    vectors, is_known = fitted.vectors_of(words, which)
    if fitted.subwords is not None:  # n-grams give even "[PAD]" a vector
        is_known &= (rows != padding_row) | np.array([word in fitted.vocabulary for word in words])
    _check_filled(int(is_known.sum()), len(words))
    n_rows = max(int(rows.max()), padding_row or 0) + 1
    matrix, is_filled = np.zeros((n_rows, fitted.vector_size), np.float32), np.zeros(n_rows, np.bool_)
    matrix[rows[is_known]] = vectors[is_known]
    is_filled[rows[is_known]] = True
    unknown = np.sort(rows[~is_known])
    if padding_row is not None:
        unknown = unknown[unknown != padding_row]
    _fill(matrix, is_filled, unknown, oov, random_state)
    return matrix, is_filled


def _fill(matrix: Rows, is_filled: Flags, unknown: NDArray[np.int64], oov: str, random_state: Any) -> None:
    """Fill the rows of unknown words from those that are filled; rows without a word stay zero."""
    if oov == "mean":
        matrix[unknown] = matrix[is_filled].mean(axis=0, dtype=np.float64)
    elif oov == "random":
        scale = np.sqrt(np.square(matrix[is_filled], dtype=np.float64).mean())
        matrix[unknown] = check_random_state(random_state).normal(0.0, scale, (len(unknown), matrix.shape[1]))


def _check_filled(n_filled: int, n_words: int) -> None:
    """Raise where no word of a word index has a vector; warn where few have."""
    hint = "Check that its language and the case of its words are those of the documents' tokens."
    if not n_filled:
        raise ValueError(f"None of the {n_words} words of the word index has a vector. {hint}")
    if n_filled < LOW_COVERAGE * n_words:
        warn(f"Only {n_filled} of the {n_words} words of the word index have a vector. {hint}")


def read_word_index(word_index: Any) -> tuple[list[str], NDArray[np.int64]]:
    """Return the words of a tokenizer's word index and the row of each.

    Raises
    ------
    TypeError
        If it is neither a dict nor a list, a word is no str, or a row no int.
    ValueError
        If it is empty, or a row is negative, too large, or that of two words.
    """
    if isinstance(word_index, str | bytes | set | frozenset) or not isinstance(word_index, Iterable):
        raise TypeError(f"{_WORD_INDEX} Got {word_index!r:.100} instead.")
    words = list(word_index)
    if not words:
        raise ValueError("The word index is empty.")
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{_WORD_INDEX} Got the word {word!r:.60} instead.")
    if not isinstance(word_index, Mapping):
        return words, np.arange(len(words))
    rows = [word_index[word] for word in words]
    _check_rows(words, rows)
    return words, np.array(rows, np.int64)


def _check_rows(words: Sequence[str], rows: Sequence[Any]) -> None:
    row_of = dict(zip(words, rows, strict=True))
    for word, row in row_of.items():
        if not whole(-math.inf).is_valid(row):
            raise TypeError(f"{_WORD_INDEX} Got the row {row!r:.60} of {word!r:.60} instead.")
    outside = {word: row for word, row in row_of.items() if not 0 <= row < MAX_ROWS}
    if outside:
        raise ValueError(
            f"The rows of a word index must be in the range [0, {MAX_ROWS}). Got {_some(outside)} instead."
        )
    times = Counter(rows)
    shared = {word: row for word, row in row_of.items() if times[row] > 1}
    if shared:
        raise ValueError(f"Each word of a word index must have a row of its own. Got {_some(shared)} instead.")


def _some(row_of: Mapping[str, Any]) -> str:
    shown = ", ".join(f"{word!r}: {row}" for word, row in list(row_of.items())[:NAMED])
    return f"{{{shown}{', …' if len(row_of) > NAMED else ''}}}"
