"""Words as one string, to be stored: dicts of equal strings do not give equal bytes when they are pickled."""

from collections.abc import Iterable
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray


def pack_words(words: Iterable[str]) -> tuple[str, NDArray[np.uint32]]:
    """Return the words as one string, and the length of each."""
    words = list(words)
    return "".join(words), np.fromiter(map(len, words), np.uint32, len(words))


def unpack_words(text: str, lengths: NDArray[np.uint32]) -> dict[str, int]:
    """Return word → row of what :func:`pack_words` gave.

    Raises
    ------
    ValueError
        If the lengths are not those of the text, or a word repeats.
    """
    if len(text) != lengths.sum():
        raise ValueError(f"words of {lengths.sum()} characters in a text of {len(text)}")
    ends = list(accumulate(lengths.tolist(), initial=0))
    row_of = {text[start:end]: row for row, (start, end) in enumerate(pairwise(ends))}
    if len(row_of) < len(lengths):
        raise ValueError("a word repeats")
    return row_of
