"""The character n-grams of words, which give a vector to words that no list has."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from gensim.models.fasttext import ft_ngram_hashes
from numpy.typing import NDArray

from .._checks import check_map, check_rows

Rows = NDArray[np.float32]


class Subwords(NamedTuple):
    """The table of n-grams of a fastText model."""

    # One row a hash of an n-gram: shape (n_buckets, vector_size).
    table: NDArray[Any]
    min_n: int
    max_n: int

    def has(self, word: object) -> bool:
        return isinstance(word, str) and len(self._hashes(word)) > 0

    def vector(self, word: str) -> Rows:
        """Return the mean of the rows of a word's n-grams, as gensim takes it: shape (vector_size,), dtype float32.

        Raises
        ------
        ValueError
            If it has NaN, infinity or a number beyond a million.
        """
        hashes = self._hashes(word)
        check_map(self.table)
        row: Rows = np.asarray(self.table[hashes], np.float32).sum(axis=0) / np.float32(len(hashes))
        check_rows(row[np.newaxis], lambda _: word)
        return row

    def rows(self, words: Iterable[str]) -> dict[str, Rows]:
        """Return the vectors of those of the words that have an n-gram."""
        return {word: self.vector(word) for word in words if self.has(word)}

    def _hashes(self, word: str) -> list[int]:
        return list(ft_ngram_hashes(word, self.min_n, self.max_n, len(self.table)))


class SubwordRows:
    """Word → row, a table that grows with the words that are looked up in it."""

    def __init__(self, subwords: Subwords) -> None:
        self._subwords = subwords
        self._row_of: dict[str, int] = {}
        self._rows = [np.empty((0, subwords.table.shape[1]), np.float32)]

    def __len__(self) -> int:
        return len(self._row_of)

    def row_of(self, word: str) -> int | None:
        """Return the row of a word, a new one if need be; None for a word without n-grams."""
        if word not in self._row_of:
            if not self._subwords.has(word):
                return None
            self._row_of[word] = len(self._row_of)
            self._rows.append(self._subwords.vector(word)[np.newaxis])
        return self._row_of[word]

    def rows(self) -> Rows:
        """Return the vectors: shape (n_words, vector_size), dtype float32."""
        return np.concatenate(self._rows)
