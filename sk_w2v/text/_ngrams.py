"""The character n-grams of a fastText model."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from gensim.models.fasttext import ft_ngram_hashes
from numpy.typing import NDArray

from .._checks import check_map, check_rows

Rows = NDArray[np.float32]
Flags = NDArray[np.bool_]


class NGrams(NamedTuple):
    """The table of n-grams of a fastText model."""

    # One row a hash of an n-gram: shape (n_buckets, vector_size).
    table: NDArray[Any]
    min_n: int
    max_n: int

    @property
    def n_rows(self) -> int:
        return len(self.table)

    @property
    def vector_size(self) -> int:
        return int(self.table.shape[1])

    def has(self, word: object) -> bool:
        return isinstance(word, str) and len(self._hashes(word)) > 0

    def vectors(self, words: Sequence[str]) -> tuple[Flags, Rows]:
        """Return the mean of the rows of each word's n-grams, as gensim takes it."""
        check_map(self.table)
        hashes = [self._hashes(word) for word in words]
        has_vector = np.array(list(map(bool, hashes)), np.bool_)
        rows = np.empty((np.count_nonzero(has_vector), self.vector_size), np.float32)
        for row, of_word in zip(rows, filter(None, hashes), strict=True):
            row[:] = np.asarray(self.table[of_word], np.float32).sum(axis=0) / np.float32(len(of_word))
        found = np.flatnonzero(has_vector)
        return has_vector, check_rows(rows, lambda row: words[found[row]])

    def to_plain(self) -> tuple[Any, ...]:
        return "n-grams", *self

    def _hashes(self, word: str) -> list[int]:
        try:
            return list(ft_ngram_hashes(word, self.min_n, self.max_n, len(self.table)))
        except UnicodeEncodeError:  # of lone surrogates
            return self._hashes(word.encode("utf-8", "replace").decode())
