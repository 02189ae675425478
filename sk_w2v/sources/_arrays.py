"""Words and vectors in memory or in a memory map."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import compress, islice
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from .._checks import check_array, check_map, check_maps, check_rows
from ..text._packed import pack_words, unpack_words
from ..text._subwords import Subwords, subwords_of
from ._maps import Mapped
from ._source import SAMPLE, Answer, FirstWords, Rows, first_words, warn_of_repeats


class OutputLayer(NamedTuple):
    """The output weights of a word2vec model with negative sampling, a row for each of its words."""

    skip_gram: bool
    weights: NDArray[Any]


class Arrays:
    """A source in memory. Its arrays are never copied as a whole, and never changed."""

    def __init__(
        self,
        position_of: dict[str, int],
        vectors: NDArray[Any] | None,
        mapped: Mapped | None = None,
        subwords: Subwords | None = None,
        output_layer: OutputLayer | None = None,
    ) -> None:
        self._position_of = position_of
        self._loaded = vectors  # None until a map is opened
        self._mapped = mapped
        self._output_layer = output_layer
        self.subwords = subwords
        self.vector_size: int = (vectors if mapped is None else mapped).shape[1]  # type: ignore[union-attr]
        self._shared: tuple[int, FirstWords] = 0, ({}, np.empty((0, self.vector_size), np.float32))

    @classmethod
    def of(
        cls,
        words: Sequence[str | None],
        vectors: NDArray[Any],
        *,
        subwords: Subwords | None = None,
        output_layer: OutputLayer | None = None,
    ) -> Self:
        """Wrap words and one row for each; a row whose word is None is left out.

        Raises
        ------
        ValueError
            If there is not one row of numbers for each word.
        """
        _check_vectors(vectors, len(words))
        return cls(_index(words), vectors, Mapped.of(vectors), subwords, output_layer)

    def ask(
        self, words: Sequence[str], n_first: int | None = 0, *, skip_gram: bool | None = None, verbose: int = 0
    ) -> Answer:
        known = [word for word in words if word in self._position_of]
        rows, layer = self._checked(self._vectors, known), self._output_layer
        output_rows = self._checked(layer.weights, known) if layer and layer.skip_gram == skip_gram else None
        if self.subwords is not None and len(known) < len(words):
            known, rows = _with_subwords(words, known, rows, self.subwords)
        return Answer(known, rows, output_rows, *self._first(n_first), self.subwords)

    def words(self) -> Iterable[str]:
        return self._position_of

    def n_words(self) -> int:
        return len(self._position_of)

    def has(self, word: str) -> bool:
        return word in self._position_of or (self.subwords is not None and self.subwords.has(word))

    def known(self, words: Sequence[str]) -> Iterable[str]:
        return filter(self.has, words)

    def sample(self, n: int) -> list[str]:
        return list(islice(self._position_of, 0, None, (self.n_words() + n - 1) // n or 1))

    def told(self) -> tuple[int, list[str]]:
        return self.n_words(), self.sample(SAMPLE)

    def _first(self, n_first: int | None) -> FirstWords:
        words = list(islice(self._position_of, None if n_first is None else min(n_first, self.n_words())))
        n_words, shared = self._shared
        if n_words != len(words):
            shared = first_words(words, self._take(self._vectors, words))
            if words:
                self._shared = len(words), shared  # another thread may have put another one here
        return shared

    def _checked(self, vectors: NDArray[Any], words: Sequence[str]) -> Rows:
        return check_rows(self._take(vectors, words), words.__getitem__)

    def _take(self, vectors: NDArray[Any], words: Sequence[str]) -> Rows:
        check_map(vectors)
        positions = np.fromiter(map(self._position_of.__getitem__, words), np.int64, len(words))
        with np.errstate(over="ignore"):  # what overflows float32 is told with its word
            return np.array(vectors[positions], np.float32, order="C")

    @property
    def _vectors(self) -> NDArray[Any]:
        if self._loaded is None and self._mapped is not None:
            self._loaded = self._mapped.open()
        assert self._loaded is not None
        return self._loaded

    def state(self) -> dict[str, Any]:
        """Return what is stored: plain values and arrays, and a memory map as where it is."""
        vectors = self._vectors if self._mapped is None else None
        subwords = None if self.subwords is None else self.subwords.to_plain()
        output_layer = self._output_layer and tuple(self._output_layer)
        check_maps([vectors, *(subwords or ()), *(output_layer or ())])
        return {
            "words": pack_words(self._position_of),
            "positions": np.fromiter(self._position_of.values(), np.int64, len(self._position_of)),
            "vectors": vectors,
            "mapped": self._mapped and tuple(self._mapped),
            "subwords": subwords,
            "output_layer": output_layer,
        }

    @classmethod
    def of_state(cls, state: Mapping[str, Any]) -> Self:
        """Make arrays of what :meth:`state` returned."""
        words, positions, vectors = unpack_words(*state["words"]), state["positions"], state["vectors"]
        mapped = state["mapped"] and Mapped(*state["mapped"])
        n_rows, _ = (mapped or vectors).shape
        check_array(positions, (len(words),), np.int64)
        if not ((positions >= 0) & (positions < n_rows)).all():
            raise ValueError(f"positions of words beyond {n_rows} rows")
        return cls(
            dict(zip(words, positions.tolist(), strict=True)),
            vectors,
            mapped,
            subwords_of(state["subwords"]),
            state["output_layer"] and OutputLayer(*state["output_layer"]),
        )

    @property
    def path(self) -> str | None:
        """The file of a memory map."""
        return self._mapped and self._mapped.path


def _check_vectors(vectors: NDArray[Any], n_words: int) -> None:
    if isinstance(vectors, np.ma.MaskedArray):
        raise ValueError("The vectors must have no mask. Pass what stands for masked numbers: vectors.filled(0).")
    if vectors.ndim != 2 or len(vectors) != n_words:
        raise ValueError(
            f"The vectors must be an array of shape (n_words, vector_size) with a row for each of {n_words} words. "
            f"Got shape {vectors.shape} instead."
        )
    if not vectors.size:
        raise ValueError(f"There must be at least one word and one number. Got shape {vectors.shape} instead.")
    if vectors.dtype.kind not in "fiu":
        raise ValueError(f"The vectors must be real numbers. Got dtype {vectors.dtype} instead.")


def _index(words: Sequence[str | None]) -> dict[str, int]:
    """Return word → position. The first of equal words counts, with a warning; None is left out."""
    index = dict(zip(words, range(len(words)), strict=True))
    if len(index) < len(words):
        index = {}
        for position, word in enumerate(words):
            index.setdefault(word, position)
    n_none = words.count(None) if index.pop(None, None) is not None else 0
    if n_repeats := len(words) - len(index) - n_none:
        warn_of_repeats(n_repeats)
    return index  # type: ignore[return-value]


def _with_subwords(
    words: Sequence[str], known: Sequence[str], rows: Rows, subwords: Subwords
) -> tuple[list[str], Rows]:
    """Add the rows that subwords give to words, in the order of the words."""
    row_of = dict(zip(known, rows, strict=True))
    others = [word for word in dict.fromkeys(words) if word not in row_of]
    has_vector, vectors = subwords.vectors(others)
    row_of |= zip(compress(others, has_vector.tolist()), vectors, strict=True)
    found = [word for word in words if word in row_of]
    return found, np.array([row_of[word] for word in found], np.float32).reshape(len(found), rows.shape[1])
