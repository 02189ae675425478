"""The handle on pretrained rows, wherever they are."""

import codecs
import os
from collections.abc import Iterable, Sequence
from typing import Any, Self
from weakref import WeakSet

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike

from .._checks import NONE, check, either, listed_words, whole
from ._arrays import Arrays
from ._datasets import is_dataset_name
from ._files import FileOptions, file_lock
from ._gensim import arrays_of_model, arrays_of_vectors
from ._open_files import OpenFile, forget_files, open_file
from ._source import Answer, Rows, Source

TRANSFORMER = "PretrainedWord2VecTransformer"


class PretrainedVectors:
    """Pretrained word vectors: an immutable handle on a file or on arrays.

    Make one with :meth:`open`, :meth:`from_arrays`, :meth:`from_keyed_vectors`, :meth:`from_word2vec` or
    :meth:`from_transformer`. A handle reads only the rows that are needed, when they are needed. ``clone`` and
    ``copy.deepcopy`` return the handle itself, so that a grid search does not multiply it.

    A process reads a file once. It keeps the rows that were needed until :meth:`clear_cache` lets them go.

    A handle on a file or on a memory map is pickled as its path and a fingerprint of its content. The fingerprint is
    compared when rows are first needed after loading. It is the size and a hash of 66 samples of 64 KB from head to
    tail: it can miss a change of a few bytes in a large file. A handle on arrays in memory is pickled with them.

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
        """Open a file of word vectors. The format is recognised from the content.

        These formats are known:

        - GloVe text: a word and its numbers a line;
        - word2vec text: the same below a header of two numbers, as in fastText's ``.vec``;
        - word2vec binary;
        - each of these compressed by gzip, bzip2 or xz, or in a zip archive;
        - fastText models (``.bin``), and gensim's own ``KeyedVectors`` and ``Word2Vec`` files.

        **gensim's own files are pickles, which run code when they are opened.** Other files do not. Opening a file
        reads its first lines and the samples of its fingerprint; a fastText model and gensim's own files are loaded.

        Parameters
        ----------
        path : str or path-like
            The file. It must stay where it is, unchanged, as long as rows are read. If a zip archive has several
            members, add the name of one: ``"glove.6B.zip/glove.6B.50d.txt"``. If there is no such file, this is the
            name of a gensim-data set, as ``"glove-wiki-gigaword-50"``: found in gensim's folder, or downloaded to it.
        limit : int, default=None
            Use only so many words from the top of the file. Most files have the most frequent words there.
        encoding : str, default="utf-8"
            Encoding of the words. A space and a line end must be single bytes in it, as in ASCII.
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
            If the content is not word vectors, or ``limit`` is not an int of 1 or more.
        LookupError
            If Python does not know ``encoding`` or ``errors``.
        """
        check(limit, "limit", either(NONE, whole(1)), "PretrainedVectors.open")
        codecs.lookup(encoding)
        codecs.lookup_error(errors)
        path, limit = os.fspath(path), None if limit is None else int(limit)
        handle = cls(FileOptions(path if is_dataset_name(path) else os.path.abspath(path), limit, encoding, errors))
        handle._reader()
        return handle

    @classmethod
    def from_arrays(cls, words: Iterable[str], vectors: ArrayLike) -> Self:
        """Wrap words and vectors that are in memory or in a memory map.

        Parameters
        ----------
        words : iterable of str
            The words, the most frequent first. If a word repeats, its first row counts.
        vectors : array-like of shape (n_words, vector_size), dtype float or int
            One row a word. They are not copied and never changed; rows are converted to float32 when they are read. A
            ``numpy.memmap``, as from ``numpy.load(path, mmap_mode="r")``, stays on the disk. It is pickled as its path
            and a fingerprint.

        Returns
        -------
        PretrainedVectors
            A handle on the arrays.

        Raises
        ------
        TypeError
            If a word is not a str.
        ValueError
            If there is not one row of numbers for each word.
        """
        return cls(Arrays.of(listed_words(words), np.asanyarray(vectors)))

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
        """Wrap the vectors of a fitted :class:`PretrainedWord2VecTransformer`, to go on from them.

        Parameters
        ----------
        fitted : PretrainedWord2VecTransformer
            A fitted transformer.

        Returns
        -------
        PretrainedVectors
            A handle on the vectors that it transforms with: those of the documents' words, then the fallback's. With
            ``fallback_size=None`` and a fastText model also on the n-grams.

        Raises
        ------
        TypeError
            If it is no fitted transformer.
        """
        try:
            fitted_words = fitted._fitted_words()
        except AttributeError as error:  # scikit-learn's NotFittedError is one
            raise TypeError(f"Expected a fitted {TRANSFORMER}. Got {fitted!r:.100} instead.") from error
        words, rows, subwords = fitted_words.as_source()
        return cls(Arrays.of(words, rows, subwords=subwords))

    @staticmethod
    def clear_cache() -> None:
        """Let go of all that this process has read of files.

        Handles stay usable: they read their file again when they are asked again, and raise ValueError if its content
        has changed. Fitted transformers keep the rows that they hold. Arrays of ``from_arrays``,
        ``from_keyed_vectors``, ``from_word2vec`` and ``from_transformer`` are kept as long as their handle.
        """
        with file_lock():
            for handle in _holding_files:
                handle._file = None
            _holding_files.clear()
            forget_files()

    @property
    def words(self) -> Sequence[str]:
        """The words, a tuple of str in the order of the source, each once."""
        return tuple(self._reader().words())

    @property
    def vector_size(self) -> int:
        """Numbers in a vector."""
        return self._reader().vector_size

    def __len__(self) -> int:
        return self._reader().n_words()

    def __contains__(self, word: object) -> bool:
        return isinstance(word, str) and self._reader().has(word)

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
        TypeError
            If ``words`` is a str, or a word is not a str.
        KeyError
            If words are not in this source. It names up to ten of them.
        ValueError
            If a row is broken, or has NaN, infinity or a number beyond a million.
        """
        words = listed_words(words)
        answer = self._ask(words)
        if len(answer.words) < len(words):
            known = set(answer.words)
            missing = list(dict.fromkeys(word for word in words if word not in known))
            raise KeyError(f"{len(missing)} of {len(words)} words have no pretrained vector: {missing[:10]}")
        return answer.rows

    def _ask(
        self, words: Sequence[str], n_first: int | None = 0, *, skip_gram: bool | None = None, verbose: int = 0
    ) -> Answer:
        """Return all that a fit needs, as :meth:`Source.ask` does, in at most one pass over a file."""
        return self._reader().ask(words, n_first, skip_gram=skip_gram, verbose=verbose)

    def _reader(self) -> Source:
        if isinstance(self._source, Arrays):
            return self._source
        file = self._file
        if file is None:
            file = open_file(self._source)
            if self._fingerprint not in ("", file.fingerprint):
                raise ValueError(
                    f"The file {self._source.path!r} is not the one that was opened: its content has changed, or this "
                    "machine has another one. Open it anew with PretrainedVectors.open."
                )
            with file_lock():
                self._file, self._fingerprint = file, file.fingerprint
                _holding_files.add(self)
        return file.source

    def __copy__(self) -> Self:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __sklearn_clone__(self) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        source = tuple(self._source) if isinstance(self._source, FileOptions) else self._source.state()
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


# The handles that hold what was read of a file.
_holding_files: WeakSet[PretrainedVectors] = WeakSet()


def _source_of_state(stored: Any) -> Arrays | FileOptions:
    return Arrays.of_state(stored) if isinstance(stored, dict) else FileOptions(*stored)


def as_source(pretrained: Any) -> PretrainedVectors | None:
    """Return the handle that the ``pretrained`` parameter of the transformer means; None for None.

    Raises
    ------
    ValueError
        If it is nothing that can be a source.
    FileNotFoundError, IsADirectoryError, PermissionError
        If it is a path of no file, or the file cannot be read.
    """
    if pretrained is None or isinstance(pretrained, PretrainedVectors):
        return pretrained
    if isinstance(pretrained, str | os.PathLike):
        return PretrainedVectors.open(pretrained)
    if isinstance(pretrained, Word2Vec):
        return PretrainedVectors.from_word2vec(pretrained)
    if isinstance(pretrained, KeyedVectors):
        return PretrainedVectors.from_keyed_vectors(pretrained)
    is_transformer = hasattr(pretrained, "transform") and TRANSFORMER in [
        kind.__name__ for kind in type(pretrained).__mro__
    ]
    # clone() would unfit a transformer, so that a search would fail or train from nothing.
    hint = " To go on from a fitted transformer, pass PretrainedVectors.from_transformer(fitted)."
    raise ValueError(
        f"The 'pretrained' parameter of {TRANSFORMER} must be None, a path, a PretrainedVectors, or gensim's "
        f"KeyedVectors or Word2Vec. Got {pretrained!r:.100} instead.{hint if is_transformer else ''}"
    )
