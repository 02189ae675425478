"""The handle on pretrained rows, wherever they are."""

import os
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, NamedTuple, Self

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike, NDArray

from ._files import FileOptions, VectorFile, open_file
from ._rows import First, Index, Rows, check_rows, index_words


class Arrays:
    """Words and rows in memory or in a memory map: never copied as a whole, never changed."""

    def __init__(self, words: Sequence[str | None], vectors: NDArray[Any]) -> None:
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
        self._vectors = vectors
        self._index = index_words(words)
        self._firsts: dict[int, First] = {}

    def index(self, wanted: Collection[str] = (), n_first: int | None = 0) -> Index:
        return self._index

    def read(self, positions: Sequence[int]) -> Rows:
        return _take(self._vectors, positions, lambda row: _word_at(self._index, positions[row]))

    def first(self, n_first: int | None) -> First:
        positions = list(self._index.values())[:n_first]
        if len(positions) not in self._firsts:
            self._firsts = {len(positions): First.of(self._index, self.read(positions))}
        return self._firsts[len(positions)]

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_firsts": {}}

    def __repr__(self) -> str:
        return f"{len(self._index)} words of {self.vector_size} numbers in memory"


class PretrainedVectors:
    """Pretrained word vectors: an immutable handle on a file or on arrays.

    Make one with :meth:`open`, :meth:`from_arrays`, :meth:`from_keyed_vectors`, :meth:`from_word2vec` or
    :meth:`from_transformer`. Rows are read when they are asked for, and only those. ``clone`` and ``copy.deepcopy``
    return the handle itself, so that a grid search does not multiply it. A handle on a file is pickled as the path
    and a fingerprint of the content, which is compared when the rows are first needed elsewhere; a handle on arrays
    is pickled with them.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import PretrainedVectors
    >>> source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    >>> len(source), source.vector_size, "tea" in source
    (2, 2, True)
    >>> source.rows(["cup"])
    array([[0., 1.]], dtype=float32)
    """

    def __init__(self, source: Arrays | FileOptions, *, fingerprint: str = "", output_layer: Any = None) -> None:
        self._source = source
        self._fingerprint = fingerprint
        self._output_layer: _OutputLayer | None = output_layer
        self._file: VectorFile | None = None

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        limit: int | None = None,
        encoding: str = "utf-8",
        errors: str = "strict",
    ) -> Self:
        """Open a file of word vectors; its format is recognised from its content.

        Known are GloVe text (a word and its numbers a line), word2vec text (the same below a header of two numbers)
        and word2vec binary. Opening reads the first lines only.

        Parameters
        ----------
        path : str or path-like
            The file. It must stay where it is, unchanged, as long as rows are read.
        limit : int, default=None
            Use only this many of the file's first words. Files put the most frequent words first.
        encoding : str, default="utf-8"
            Encoding of the words; one in which a space and a line end are single bytes, as in ASCII.
        errors : str, default="strict"
            What to do with words that are not valid in ``encoding``, as for :meth:`bytes.decode`.

        Returns
        -------
        PretrainedVectors
            A handle on the file.

        Raises
        ------
        FileNotFoundError, IsADirectoryError, PermissionError
            If there is no such file, or it cannot be read.
        ValueError
            If the content is not word vectors.
        """
        handle = cls(FileOptions(os.path.abspath(os.fspath(path)), limit, encoding, errors))
        handle._rows_source()
        return handle

    @classmethod
    def from_arrays(cls, words: Iterable[str], vectors: ArrayLike) -> Self:
        """Wrap words and vectors that are already in memory, or in a memory map.

        Parameters
        ----------
        words : iterable of str
            The words, the most frequent first. Where one repeats, its first row counts.
        vectors : array-like of shape (n_words, vector_size), dtype float or int
            One row a word. Not copied, never changed; rows are converted to float32 as they are read. A
            ``numpy.memmap`` stays on the disk but for the rows that are needed.

        Returns
        -------
        PretrainedVectors
            A handle on the arrays.

        Raises
        ------
        TypeError
            If a word is not a string.
        ValueError
            If there is not one row of numbers for each word.
        """
        return cls(Arrays(list(words), np.asanyarray(vectors)))

    @classmethod
    def from_keyed_vectors(cls, keyed_vectors: KeyedVectors) -> Self:
        """Wrap gensim's ``KeyedVectors``. Nothing is copied.

        Parameters
        ----------
        keyed_vectors : gensim.models.KeyedVectors
            Word vectors.

        Returns
        -------
        PretrainedVectors
            A handle on its arrays.
        """
        return cls(Arrays(keyed_vectors.index_to_key, keyed_vectors.vectors))

    @classmethod
    def from_word2vec(cls, model: Word2Vec) -> Self:
        """Wrap a full gensim ``Word2Vec`` with its output layer, if it was trained with negative sampling.

        Parameters
        ----------
        model : gensim.models.Word2Vec
            A model with word vectors. It is not changed.

        Returns
        -------
        PretrainedVectors
            A handle on its arrays.
        """
        weights = getattr(model, "syn1neg", None)
        arrays = Arrays(model.wv.index_to_key, model.wv.vectors)
        if weights is None or weights.shape != model.wv.vectors.shape:
            return cls(arrays)
        return cls(arrays, output_layer=_OutputLayer(bool(model.sg), weights))

    @classmethod
    def from_transformer(cls, fitted: Any) -> Self:
        """Go on from the vectors of a fitted :class:`PretrainedWord2VecTransformer`: tuned ones, then the fallback's.

        Parameters
        ----------
        fitted : PretrainedWord2VecTransformer
            A fitted transformer.

        Returns
        -------
        PretrainedVectors
            A handle on a copy of its vectors.
        """
        return cls.from_arrays(fitted.vocabulary_, fitted.vectors_)

    @property
    def words(self) -> Sequence[str]:
        """The words, a tuple of str in the order of the source, without repetitions."""
        return tuple(self._rows_source().index())

    @property
    def vector_size(self) -> int:
        """Numbers a word."""
        return self._rows_source().vector_size

    def __len__(self) -> int:
        return len(self._rows_source().index())

    def __contains__(self, word: object) -> bool:
        return word in self._rows_source().index()

    def rows(self, words: Iterable[str]) -> Rows:
        """Return the vectors of words.

        Parameters
        ----------
        words : iterable of str
            Words of this source.

        Returns
        -------
        ndarray of shape (n_words, vector_size), dtype float32
            One row a word, in the order of ``words``.

        Raises
        ------
        KeyError
            If some words are not in this source; it names ten of them.
        ValueError
            If a row is broken, or holds NaN, infinity or a number beyond a million.
        """
        words = list(words)
        index = self._rows_source().index(words)
        if missing := [word for word in words if word not in index]:
            raise KeyError(f"{len(missing)} of {len(words)} words have no pretrained vector: {missing[:10]}")
        return self._rows_source().read([index[word] for word in words])

    def find(self, words: Iterable[str], n_first: int | None = 0) -> tuple[list[str], Rows]:
        """Return those of the words that this source has, and their rows.

        ``n_first`` is what :meth:`first` will be asked for, so that a file is read once for both.
        """
        words = list(words)
        index = self._rows_source().index(words, n_first)
        known = [word for word in words if word in index]
        return known, self._rows_source().read([index[word] for word in known])

    def first(self, n_first: int | None) -> First:
        """Return the first words and their rows (None: all), read once a process and shared."""
        return self._rows_source().first(n_first)

    def output_rows(self, words: Iterable[str], *, skip_gram: bool) -> Rows | None:
        """Return the output layer's rows of words of this source, if it has one that was trained in the same mode."""
        layer = self._output_layer
        if layer is None or layer.skip_gram != skip_gram:
            return None
        words, index = list(words), self._rows_source().index()
        return _take(layer.weights, [index[word] for word in words], words.__getitem__)

    def _rows_source(self) -> Arrays | VectorFile:
        if isinstance(self._source, Arrays):
            return self._source
        if self._file is None:
            file = open_file(self._source)
            if self._fingerprint not in ("", file.fingerprint):
                raise ValueError(
                    f"The file {self._source.path!r} is not the one that was opened: its content has changed, or this "
                    "machine has another one. Open it anew with PretrainedVectors.open."
                )
            self._file, self._fingerprint = file, file.fingerprint
        return self._file

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __sklearn_clone__(self) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        return self.__dict__ | {"_file": None}

    def __repr__(self) -> str:
        what = self._source if isinstance(self._source, Arrays) else self._source.path
        return f"<PretrainedVectors: {what}>"


class _OutputLayer(NamedTuple):
    """The output weights of a word2vec model with negative sampling, a row for each of its words."""

    skip_gram: bool
    weights: NDArray[Any]


def _take(vectors: NDArray[Any], positions: Sequence[int], word_of: Callable[[int], str]) -> Rows:
    with np.errstate(over="ignore"):  # what overflows float32 is told by check_rows, with its word
        rows = np.array(vectors[np.asarray(positions, np.intp)], np.float32, order="C")
    return check_rows(rows, word_of)


def _word_at(index: Index, position: int) -> str:
    return next(word for word, at in index.items() if at == position)
