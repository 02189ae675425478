"""What gives a vector to words that no list has: the character n-grams of fastText, the pieces of a static model."""

from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from ._ngrams import NGrams
from ._pieces import Pieces

Rows = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Subwords(Protocol):
    """A table of parts of words."""

    @property
    def n_rows(self) -> int:
        """Rows of the table."""
        ...

    @property
    def vector_size(self) -> int: ...

    def has(self, word: object) -> bool:
        """Return whether a word has a part in the table."""
        ...

    def vectors(self, words: Sequence[str]) -> tuple[Flags, Rows]:
        """Return which of the words have a vector, and these vectors.

        Raises
        ------
        ValueError
            If one has NaN, infinity or a number beyond a million.
        """
        ...

    def to_plain(self) -> tuple[Any, ...]:
        """Return the kind and the parts as plain values and arrays, for :func:`subwords_of`."""
        ...


def subwords_of(plain: tuple[Any, ...] | None) -> Subwords | None:
    """Make subwords of what their ``to_plain`` gave; None of None."""
    if plain is None:
        return None
    kind, *parts = plain
    return NGrams(*parts) if kind == "n-grams" else Pieces(*parts)


def within(subwords: Subwords | None, n_rows: int | None) -> Subwords | None:
    """Return the subwords if their table has no more rows than these; None means any number."""
    return subwords if subwords is not None and (n_rows is None or subwords.n_rows <= n_rows) else None


class SubwordRows:
    """Word → row, a table that grows with the words that are looked up in it."""

    def __init__(self, subwords: Subwords) -> None:
        self._subwords = subwords
        self._row_of: dict[str, int] = {}
        self._n_rows = 0
        self._rows = [np.empty((0, subwords.vector_size), np.float32)]

    def __len__(self) -> int:
        return self._n_rows

    def rows_of(self, words: Sequence[str]) -> NDArray[np.int32]:
        """Return the row of each word, a new one if need be; -1 for a word that no part gives a vector."""
        new = [word for word in dict.fromkeys(words) if word not in self._row_of]
        if new:
            has_vector, rows = self._subwords.vectors(new)
            numbers = np.where(has_vector, self._n_rows - 1 + np.cumsum(has_vector), -1)
            self._row_of |= dict(zip(new, numbers.tolist(), strict=True))
            self._rows.append(rows)
            self._n_rows += len(rows)
        return np.fromiter(map(self._row_of.__getitem__, words), np.int32, len(words))

    def rows(self) -> Rows:
        """Return the vectors: shape (n_words, vector_size), dtype float32."""
        self._rows = [np.concatenate(self._rows)]
        return self._rows[0]
