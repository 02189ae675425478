"""Words → columns: tokens are looked up in C (``_lookup.c``), or by a dict where that was not compiled."""

from collections.abc import Sequence
from itertools import chain, repeat
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

try:
    from . import _lookup
except ImportError:  # installed where there was no C compiler
    _lookup = None  # type: ignore[assignment]

Documents = Sequence[Sequence[str]]


class Columns(Protocol):
    """The column of a word is its place in a list of words; of equal words the last.

    Words are equal if they hold the same characters: a subclass of str must not say otherwise.
    """

    def find(self, documents: Documents, n_tokens: int) -> NDArray[np.int32]:
        """Look every token up.

        Parameters
        ----------
        documents : sequence of lists or tuples of str
            Token lists.
        n_tokens : int
            How many tokens these have.

        Returns
        -------
        ndarray of shape (n_tokens,), dtype int32
            Its column; -1 for a token that is none of the words.

        Raises
        ------
        TypeError
            If a token is not a string.
        """
        ...


def columns_of(words: list[str]) -> Columns:
    """Index words by the faster means that there is."""
    return DictColumns(words) if _lookup is None else TableColumns(words)


class TableColumns:
    """A hash table that is asked for many tokens at once: a fifth of the time of a dict, which waits for memory."""

    def __init__(self, words: list[str]) -> None:
        self._words = words
        self._slots = np.empty((1 << (2 * len(words)).bit_length(), 2), np.int32)
        _lookup.enter(words, self._slots)

    def find(self, documents: Documents, n_tokens: int) -> NDArray[np.int32]:
        columns = np.empty(n_tokens, np.int32)
        _lookup.places(list(documents), self._words, self._slots, columns)
        return columns


class DictColumns:
    """A dict, which needs no compiler."""

    def __init__(self, words: list[str]) -> None:
        self._column_of = {word: column for column, word in enumerate(words)}

    def find(self, documents: Documents, n_tokens: int) -> NDArray[np.int32]:
        found = map(self._column_of.get, chain.from_iterable(documents), repeat(-1))
        columns = np.fromiter(found, np.int32, n_tokens)
        if next(found, None) is not None:
            raise ValueError("Documents have grown while they were read.")
        "".join(tokens_at(documents, np.flatnonzero(columns < 0)))  # raises unless they are strings
        return columns


def tokens_at(documents: Documents, places: NDArray[np.int64]) -> list[str]:
    """The tokens at some places among all of all documents."""
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int64, len(documents)))])
    numbers = np.searchsorted(starts, places, "right") - 1
    within = places - starts[numbers]
    return [documents[number][place] for number, place in zip(numbers.tolist(), within.tolist(), strict=True)]
