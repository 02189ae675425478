"""The handle on pretrained rows, wherever they are."""

import codecs
import os
from collections.abc import Iterable, Sequence
from numbers import Integral
from typing import Any, Self

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike

from ._arrays import Arrays
from ._files import FileOptions, OpenFile, VectorFile, open_file
from ._gensim import arrays_of_model, arrays_of_vectors, is_dataset_name
from ._rows import First, Rows, Subwords, listed


class PretrainedVectors:
    """Pretrained word vectors: an immutable handle on a file or on arrays.

    Make one with :meth:`open`, :meth:`from_arrays`, :meth:`from_keyed_vectors`, :meth:`from_word2vec` or
    :meth:`from_transformer`. Rows are read when they are asked for, and only those. ``clone`` and ``copy.deepcopy``
    return the handle itself, so that a grid search does not multiply it. A handle on a file, or on a memory map, is
    pickled as the path and a fingerprint of the content, which is compared when rows are first needed elsewhere; a
    handle on arrays in memory is pickled with them. The fingerprint is the size and a hash of the first, the last and
    64 other blocks of 64 KB: a change of a few bytes in a large file can escape it.

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

    def __init__(self, source: Arrays | FileOptions) -> None:
        if not isinstance(source, Arrays | FileOptions):
            raise TypeError("Make PretrainedVectors with one of its class methods, as PretrainedVectors.open(path).")
        self._source = source
        self._fingerprint = ""
        self._file: OpenFile | None = None

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

        Known are GloVe text (a word and its numbers a line), word2vec text (the same below a header of two numbers, as
        fastText's ``.vec``) and word2vec binary, each also compressed by gzip, bzip2 or xz or in a zip archive; and,
        through gensim, gensim's own ``KeyedVectors`` and ``Word2Vec`` files and fastText models. **gensim's own files
        are pickles, which run code when they are opened**; the others do not. Opening a file that is no model of
        gensim's reads its first lines and a fingerprint only.

        Parameters
        ----------
        path : str or path-like
            The file. It must stay where it is, unchanged, as long as rows are read. A member of a zip archive is named
            behind it, ``"glove.6B.zip/glove.6B.50d.txt"``, unless it is the only one. Where there is no such file, a
            name of gensim-data, as ``"glove-wiki-gigaword-50"``: taken from gensim's folder, or downloaded there.
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
        LookupError
            If Python does not know the encoding, or what to do with errors.
        """
        if limit is not None and (not isinstance(limit, Integral) or limit < 1):
            raise ValueError(
                f"The 'limit' of PretrainedVectors.open must be None or an int of 1 or more. Got {limit!r}."
            )
        codecs.lookup(encoding)
        codecs.lookup_error(errors)
        path = os.fspath(path)
        handle = cls(FileOptions(path if is_dataset_name(path) else os.path.abspath(path), limit, encoding, errors))
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
            ``numpy.memmap``, as from ``numpy.load(path, mmap_mode="r")``, stays on the disk but for the rows that are
            needed, and is pickled as its path and a fingerprint.

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
        return cls(Arrays(listed(words), np.asanyarray(vectors)))

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
        if not isinstance(keyed_vectors, KeyedVectors):
            raise TypeError(f"Expected gensim's KeyedVectors. Got {keyed_vectors!r:.100} instead.")
        return cls(arrays_of_vectors(keyed_vectors))

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
        if not isinstance(model, Word2Vec):
            raise TypeError(f"Expected gensim's Word2Vec. Got {model!r:.100} instead.")
        return cls(arrays_of_model(model))

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
            A handle on a copy of its vectors; with those of a fastText model and ``fallback_size=None`` also on its
            n-grams.
        """
        if not (hasattr(fitted, "vocabulary_") and hasattr(fitted, "vectors_")):
            raise TypeError(f"Expected a fitted PretrainedWord2VecTransformer. Got {fitted!r:.100} instead.")
        has_vector = np.ones(len(fitted.vectors_), np.bool_)
        has_vector[: len(fitted.counts_)] = fitted._tables[fitted._blocks[0].output][1]
        words = [word for word, row in fitted.vocabulary_.items() if has_vector[row]]
        return cls(Arrays(words, fitted.vectors_[has_vector], subwords=fitted._subwords))

    @property
    def words(self) -> Sequence[str]:
        """The words, a tuple of str in the order of the source, without repetitions."""
        return tuple(self._rows_source().words())

    @property
    def vector_size(self) -> int:
        """Numbers a word."""
        return self._rows_source().vector_size

    def __len__(self) -> int:
        return self._rows_source().n_words()

    def __contains__(self, word: object) -> bool:
        if not isinstance(word, str):
            return False
        source = self._rows_source()
        return bool(source.find([word])[0]) or (source.subwords is not None and source.subwords.has(word))

    def rows(self, words: Iterable[str]) -> Rows:
        """Return the vectors of words.

        Parameters
        ----------
        words : iterable of str
            Words of this source; of a fastText model, any that have a character n-gram.

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
        words = listed(words)
        known, rows = self.find(words)
        if len(known) < len(words):
            missing = sorted(set(words).difference(known), key=words.index)
            raise KeyError(f"{len(missing)} of {len(words)} words have no pretrained vector: {missing[:10]}")
        return rows

    def find(self, words: Iterable[str], n_first: int | None = 0, verbose: int = 0) -> tuple[list[str], Rows]:
        """Return those of the words that this source has, and their rows.

        ``n_first`` is what :meth:`first` will be asked for, so that a file is read once for both.
        """
        words, source = list(words), self._rows_source()
        known, positions = source.find(words, n_first, verbose)
        rows = source.read(positions)
        if source.subwords is None or len(known) == len(words):
            return known, rows
        return _with_subwords(words, known, rows, source.subwords)

    def first(self, n_first: int | None) -> First:
        """Return the first words and their rows (None: all), read once a process and shared."""
        return self._rows_source().first(n_first)

    def output_rows(self, words: Sequence[str], *, skip_gram: bool) -> Rows | None:
        """Return the output layer's rows of words of this source, if it has one that was trained in the same mode."""
        return self._rows_source().output_rows(words, skip_gram=skip_gram)

    @property
    def subwords(self) -> Subwords | None:
        """Of a fastText model: what gives vectors to words that are not in its list."""
        return self._rows_source().subwords

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
        return self._file.source

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __sklearn_clone__(self) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        source = tuple(self._source) if isinstance(self._source, FileOptions) else self._source.__getstate__()
        return self.__dict__ | {"_source": source, "_file": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        try:
            source, fingerprint = _source_of_state(state["_source"]), state["_fingerprint"]
        except (KeyError, TypeError, ValueError) as error:
            raise ValueError(f"Expected a stored state of PretrainedVectors. Got {state!r:.60} instead.") from error
        self._source, self._fingerprint, self._file = source, fingerprint, None

    def __repr__(self) -> str:
        what = self._source if isinstance(self._source, Arrays) else self._source.path
        return f"<PretrainedVectors: {what}>"


def _source_of_state(stored: Any) -> Arrays | FileOptions:
    if isinstance(stored, Arrays):  # as it was stored before it was plain
        return stored
    return Arrays.of_state(stored) if isinstance(stored, dict) else FileOptions(*stored)


def _with_subwords(
    words: Sequence[str], known: Sequence[str], rows: Rows, subwords: Subwords
) -> tuple[list[str], Rows]:
    row_of = dict(zip(known, rows, strict=True))
    for word in words:
        if word not in row_of and subwords.has(word):
            row_of[word] = subwords.vector(word)
    found = [word for word in words if word in row_of]
    return found, np.array([row_of[word] for word in found], np.float32).reshape(len(found), -1)
