"""Words and rows in memory or in a memory map."""

import mmap
import os
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ._rows import First, Index, Rows, Subwords, check_map, check_rows, index_words, pack_words, unpack_words, word_at
from ._streams import fingerprint


class OutputLayer(NamedTuple):
    """The output weights of a word2vec model with negative sampling, a row for each of its words."""

    skip_gram: bool
    weights: NDArray[Any]


class Mapped(NamedTuple):
    """Where a memory map is on the disk, which is pickled in its place."""

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    fingerprint: str

    @classmethod
    def of(cls, vectors: NDArray[Any]) -> "Mapped | None":
        """Describe a map of a file; None for anything else, views of such maps among it."""
        if not isinstance(vectors, np.memmap) or not isinstance(vectors.base, mmap.mmap):
            return None
        if vectors.filename is None or vectors.mode == "c":  # of which changes are in memory only
            return None
        path = os.path.abspath(vectors.filename)
        order: Literal["C", "F"] = "C" if vectors.flags.c_contiguous else "F"
        return cls(path, vectors.offset, vectors.dtype.str, vectors.shape, order, fingerprint(path))

    def open(self) -> NDArray[Any]:
        if not os.path.exists(self.path):
            raise FileNotFoundError(f"The file {self.path!r} behind a memory map of word vectors is gone.")
        if fingerprint(self.path) != self.fingerprint:
            raise ValueError(
                f"The file {self.path!r} behind a memory map of word vectors has changed. Make PretrainedVectors anew."
            )
        return np.memmap(self.path, self.dtype, "r", self.offset, self.shape, self.order)


_TUPLES = {"subwords": Subwords, "output_layer": OutputLayer, "_mapped": Mapped, "_loaded": Mapped}
"""Attributes that are stored as plain tuples."""


class Arrays:
    """Words and their rows: never copied as a whole, never changed."""

    def __init__(self, words: Sequence[str | None], vectors: NDArray[Any], *, subwords: Subwords | None = None) -> None:
        if vectors.ndim != 2 or len(vectors) != len(words):
            raise ValueError(
                f"The vectors must be an array of shape (n_words, vector_size) with a row for each of {len(words)} "
                f"words. Got shape {vectors.shape} instead."
            )
        if not vectors.size:
            raise ValueError(f"There must be at least one word and one number. Got shape {vectors.shape} instead.")
        if vectors.dtype.kind not in "fiu":
            raise ValueError(f"The vectors must be real numbers. Got dtype {vectors.dtype} instead.")
        self.vector_size: int = vectors.shape[1]
        self.subwords = subwords
        self.output_layer: OutputLayer | None = None
        self._loaded: NDArray[Any] | Mapped = vectors
        self._mapped = Mapped.of(vectors)
        self._index = index_words(words)
        _check_words(self._index)
        self._firsts: dict[int, First] = {}

    def find(
        self, words: Sequence[str], n_first: int | None = 0, verbose: int = 0
    ) -> tuple[list[str], NDArray[np.int64]]:
        known = [word for word in words if word in self._index]
        return known, np.fromiter(map(self._index.__getitem__, known), np.int64, len(known))

    def words(self) -> Iterable[str]:
        return self._index

    def n_words(self) -> int:
        return len(self._index)

    def read(self, positions: NDArray[np.int64]) -> Rows:
        return _take(self._vectors, positions, lambda row: word_at(self._index, positions[row]))

    def first(self, n_first: int | None) -> First:
        positions = np.fromiter(self._index.values(), np.int64, len(self._index))[:n_first]
        first = self._firsts.get(len(positions))
        if first is None:
            first = First.of(self._index, self.read(positions))
            self._firsts = {len(positions): first}  # another thread may have put another one here
        return first

    def output_rows(self, words: Sequence[str], *, skip_gram: bool) -> Rows | None:
        """The output layer's rows of words of this source, if it has one that was trained in the same mode."""
        layer = self.output_layer
        if layer is None or layer.skip_gram != skip_gram:
            return None
        return _take(layer.weights, self.find(words)[1], words.__getitem__)

    @property
    def _vectors(self) -> NDArray[Any]:
        if isinstance(self._loaded, Mapped):
            self._loaded = self._loaded.open()
        return self._loaded

    def __getstate__(self) -> dict[str, Any]:
        index = pack_words(self._index), np.fromiter(self._index.values(), np.int64, len(self._index))
        state = self.__dict__ | {"_firsts": {}, "_index": index, "_loaded": self._mapped or self._loaded}
        return {name: tuple(value) if isinstance(value, tuple) else value for name, value in state.items()}

    def __setstate__(self, state: dict[str, Any]) -> None:
        (text, lengths), positions = state["_index"]
        self.__dict__.update(state, _index=dict(zip(unpack_words(text, lengths), positions.tolist(), strict=True)))
        for name, kind in _TUPLES.items():
            if isinstance(state[name], tuple):
                self.__dict__[name] = kind(*state[name])

    @classmethod
    def of_state(cls, state: dict[str, Any]) -> Self:
        arrays = cls.__new__(cls)
        arrays.__setstate__(state)
        return arrays

    def __repr__(self) -> str:
        where = "in memory" if self._mapped is None else f"in {self._mapped.path!r}"
        return f"{len(self._index)} words of {self.vector_size} numbers {where}"


def _take(vectors: NDArray[Any], positions: NDArray[np.int64], word_of: Callable[[int], str]) -> Rows:
    check_map(vectors)
    with np.errstate(over="ignore"):  # what overflows float32 is told by check_rows, with its word
        rows = np.array(vectors[positions], np.float32, order="C")
    return check_rows(rows, word_of)


def _check_words(index: Index) -> None:
    try:
        "".join(index)
    except TypeError:
        word = next(word for word in index if not isinstance(word, str))
        raise TypeError(f"Pretrained words must be str. Got {word!r:.60} at position {index[word]} instead.") from None
