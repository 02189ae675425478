"""Words and their rows: how they are indexed, checked, laid out and packed."""

import mmap
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from itertools import accumulate, compress, islice, pairwise
from typing import Any, NamedTuple, Self

import numpy as np
from gensim.models.fasttext import ft_ngram_hashes
from numpy.typing import NDArray

from ._warnings import warn

MAX_MAGNITUDE = 1e6
"""Larger numbers overflow in gensim's training, and the NaN that follows ends the process (SIGSEGV)."""

Rows = NDArray[np.float32]
Index = dict[str, int]


class First(NamedTuple):
    """The first words of a source and their rows, one each."""

    row_of: dict[str, int]
    """In the order of the rows."""
    rows: Rows

    @classmethod
    def of(cls, words: Iterable[str], rows: Rows) -> Self:
        rows.flags.writeable = False  # many estimators share them
        return cls({word: row for row, word in enumerate(islice(words, len(rows)))}, rows)

    def new_to(self, known: Container[str]) -> tuple[list[str], NDArray[np.bool_]]:
        """The words that are not among the known ones, and which rows are theirs."""
        is_new = np.array([word not in known for word in self.row_of], np.bool_)
        return list(compress(self.row_of, is_new.tolist())), is_new


class Subwords(NamedTuple):
    """The character n-grams of a fastText model, which give a vector to words that are not in its list."""

    table: NDArray[Any]
    """One row a hash of an n-gram: shape (n_buckets, vector_size)."""
    min_n: int
    max_n: int

    def has(self, word: object) -> bool:
        return isinstance(word, str) and len(self._hashes(word)) > 0

    def vector(self, word: str) -> Rows:
        """The mean of the rows of a word's n-grams, as gensim takes it."""
        hashes = self._hashes(word)
        check_map(self.table)
        row: Rows = np.asarray(self.table[hashes], np.float32).sum(axis=0) / np.float32(len(hashes))
        check_rows(row[np.newaxis], lambda _: word)
        return row

    def _hashes(self, word: str) -> list[int]:
        return list(ft_ngram_hashes(word, self.min_n, self.max_n, len(self.table)))


class SubwordRows:
    """Word → row of words that are met on the way, as far as subwords give them a vector."""

    def __init__(self, subwords: Subwords, vector_size: int) -> None:
        self._subwords = subwords
        self._row_of: Index = {}
        self._rows = [np.empty((0, vector_size), np.float32)]

    def get(self, word: str, default: int, /) -> int:
        if word not in self._row_of:
            if not self._subwords.has(word):
                return default
            self._row_of[word] = len(self._row_of)
            self._rows.append(self._subwords.vector(word)[np.newaxis])
        return self._row_of[word]

    def __len__(self) -> int:
        return len(self._row_of)

    def rows(self) -> Rows:
        return np.concatenate(self._rows)


class WordRows(NamedTuple):
    """Words and their vectors, one row each; of a whole word2vec model also the output layer's rows."""

    words: Sequence[str]
    vectors: Rows
    output_layer: Rows | None = None


def listed(words: Iterable[str]) -> list[str]:
    """Return words as a list, or raise TypeError for a str, which is no collection of words."""
    if isinstance(words, str):
        raise TypeError(f"Expected an iterable of words. Got the str {words!r:.60} instead.")
    return list(words)


def index_words(words: Sequence[str | None]) -> Index:
    """Return word → position. The first of equal words wins, with a warning; None is left out."""
    index: dict[str, int] = dict(zip(words, range(len(words)), strict=True))  # type: ignore[arg-type]
    if len(index) < len(words):
        index = {}
        for position, word in enumerate(words):
            index.setdefault(word, position)  # type: ignore[arg-type]
    n_none = words.count(None) if index.pop(None, None) is not None else 0  # type: ignore[call-overload]
    if n_repeats := len(words) - len(index) - n_none:
        warn_of_repeats(n_repeats)
    return index


def warn_of_repeats(n_repeats: int) -> None:
    warn(f"{n_repeats} pretrained words repeat. The first vector of each is used.")


def word_at(index: Index, position: int) -> str:
    return next((word for word, at in index.items() if at == position), "a repeated word")


def check_rows(rows: Rows, word_of: Callable[[int], str]) -> Rows:
    """Return the rows, unless gensim could not be trusted with them; ``word_of`` tells the word of a row.

    Raises
    ------
    ValueError
        If a row holds NaN, infinity or a number beyond a million.
    """
    if not rows.size or -MAX_MAGNITUDE <= rows.min() <= rows.max() <= MAX_MAGNITUDE:  # false where there is NaN
        return rows
    is_good = (np.abs(rows) <= MAX_MAGNITUDE).all(axis=1)
    raise ValueError(
        f"the vector of {word_of(int(is_good.argmin()))!r} has NaN, infinity or a number beyond ±{MAX_MAGNITUDE:.0e}"
    )


def check_map(vectors: NDArray[Any]) -> None:
    """Raise if the file behind a memory map has become shorter than the map: to read there ends the process (SIGBUS).

    Only a file that is cut at the very moment of reading still does.
    """
    while isinstance(vectors.base, np.ndarray):
        vectors = vectors.base
    if not isinstance(vectors, np.memmap) or not isinstance(vectors.base, mmap.mmap):
        return
    if vectors.base.size() < vectors.offset + vectors.nbytes:
        raise ValueError(
            f"The file {str(vectors.filename)!r} behind a memory map of word vectors has been cut off since it was "
            "opened. Open it again once it is whole."
        )


def place_rows(row_of: Mapping[str, int], parts: Sequence[WordRows]) -> tuple[Rows, NDArray[np.bool_]]:
    """Lay rows out in the order of the index, a later part over an earlier one; and which words have one."""
    vectors = np.zeros((len(row_of), parts[0].vectors.shape[1]), np.float32)
    has_vector = np.zeros(len(row_of), np.bool_)
    for part in parts:
        chosen = [row for row, word in enumerate(part.words) if word in row_of]
        places = [row_of[part.words[row]] for row in chosen]
        vectors[places] = part.vectors[chosen]
        has_vector[places] = True
    return vectors, has_vector


def pack_words(words: Iterable[str]) -> tuple[str, NDArray[np.uint32]]:
    """Words as one string: equal dicts of str do not give equal bytes when pickled."""
    words = list(words)
    return "".join(words), np.fromiter(map(len, words), np.uint32, len(words))


def unpack_words(text: str, lengths: NDArray[np.uint32]) -> dict[str, int]:
    ends = list(accumulate(lengths.tolist(), initial=0))
    row_of = {text[start:end]: row for row, (start, end) in enumerate(pairwise(ends))}
    if len(row_of) < len(lengths):
        raise ValueError(f"{len(lengths) - len(row_of)} of the words repeats another")
    return row_of
