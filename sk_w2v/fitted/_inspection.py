"""What a fitted transformer tells of its words: tables, neighbours, exports."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Literal, overload

import numpy as np
from gensim.models import KeyedVectors
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from ._embedding import embedding_matrix
from ._export import to_keyed_vectors
from ._moves import MissingWords, MovedWords, missing_words, most_similar, moved_words, table_maker
from ._words import FittedWords, Flags, Rows

if TYPE_CHECKING:
    from pandas import DataFrame

Which = Literal["tuned", "pretrained"]
Filling = Literal["zeros", "mean", "random"]


class FittedWordsMixin:
    """The methods and attributes of an estimator that need no more than the words that ``fit`` kept in ``_words``."""

    _words: FittedWords
    _blocks: list[Any]
    random_state: Any
    verbose: int

    @property
    def vocabulary_(self) -> dict[str, int]:
        """Word → row of ``vectors_``."""
        return self._fitted_words().vocabulary

    @property
    def vectors_(self) -> Rows:
        """The row of each word of ``vocabulary_``, read-only."""
        return self._fitted_words().all_rows(self._blocks[0].output)

    @property
    def counts_(self) -> NDArray[np.int64]:
        """How often the first words of ``vocabulary_`` occur in the documents."""
        return self._fitted_words().counts

    @property
    def vector_size_(self) -> int:
        """Numbers a word."""
        return self._fitted_words().vector_size

    @overload
    def missing_words(self, n: int | None = ..., *, as_frame: Literal[False] = ...) -> MissingWords: ...
    @overload
    def missing_words(self, n: int | None = ..., *, as_frame: Literal[True]) -> "DataFrame": ...
    def missing_words(self, n: int | None = 20, *, as_frame: bool = False) -> Any:
        """Return the most frequent words of the documents given to ``fit`` that have no pretrained vector.

        Parameters
        ----------
        n : int or None, default=20
            How many words to return, at most. None returns all that are remembered: the 1,000 most frequent ones.
        as_frame : bool, default=False
            Whether to return a pandas ``DataFrame``, which needs the extra ``pandas``.

        Returns
        -------
        words : :class:`~sklearn.utils.Bunch` or DataFrame
            One row a word, the most frequent first, before ``min_count`` drops any.

            word : ndarray of shape (n_words,), dtype object
                The words.
            count : ndarray of shape (n_words,), dtype int64
                How often they occur in the documents.

        Raises
        ------
        ValueError
            If ``n`` is no int of 1 or more, nor None.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
        >>> source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
        >>> w2v = PretrainedWord2VecTransformer(source, epochs=1).fit(["a cup of tea", "a pot of tea"])
        >>> w2v.missing_words().word.tolist()
        ['of', 'pot']
        """
        table = table_maker(as_frame, "missing_words")
        return table(missing_words(self._fitted_words(), n))

    @overload
    def moved_words(
        self,
        n: int | None = ...,
        *,
        words: Iterable[str] | None = ...,
        as_frame: Literal[False] = ...,
    ) -> MovedWords: ...
    @overload
    def moved_words(
        self,
        n: int | None = ...,
        *,
        words: Iterable[str] | None = ...,
        as_frame: Literal[True],
    ) -> "DataFrame": ...
    def moved_words(
        self,
        n: int | None = 20,
        *,
        words: Iterable[str] | None = None,
        as_frame: bool = False,
    ) -> Any:
        r"""Return how far tuning moved words from their pretrained vectors, what moved most first.

        For a word with the vectors b before and a after, the cosine is :math:`b \cdot a / (\lVert b \rVert \lVert a
        \rVert)`. The share of neighbours kept is :math:`|B \cap A| / k`. B and A are the k = 10 words that are nearest
        to the word by cosine, among the pretrained and among the tuned vectors of the documents' 20,000 most frequent
        words that have both.

        Parameters
        ----------
        n : int or None, default=20
            How many words to return, at most. None returns all.
        words : iterable of str or None, default=None
            The words to look at, each listed once, whatever ``n`` is. Words that the documents lack have not moved.
            None looks at all words of the documents.
        as_frame : bool, default=False
            Whether to return a pandas ``DataFrame``, which needs the extra ``pandas``.

        Returns
        -------
        moved : :class:`~sklearn.utils.Bunch` or DataFrame
            One row a word. Words without a pretrained vector come last.

            word : ndarray of shape (n_words,), dtype object
                The words.
            count : ndarray of shape (n_words,), dtype int64
                How often they occur in the documents.
            cosine : ndarray of shape (n_words,), dtype float64
                Cosine to the pretrained vector; 1 has not turned. NaN where there is none, or one is all zeros.
            neighbours_kept : ndarray of shape (n_words,), dtype float64
                Share, 0 to 1. NaN where the cosine is NaN, and beyond the first 1,000 words unless words are named.

        Raises
        ------
        KeyError
            If words have no vector; it names them all.
        ValueError
            If the transformer has no pretrained or no tuned vectors to compare.
        ImportError
            If pandas is asked for and missing.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
        >>> source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
        >>> w2v = PretrainedWord2VecTransformer(source, lockf={"tea": 0}, epochs=3, random_state=0)
        >>> w2v = w2v.fit(["a cup of tea", "the pot of tea"] * 100)
        >>> moved = w2v.moved_words()
        >>> moved.word.tolist()[2:], moved.cosine[2:].tolist()
        (['tea', 'of', 'the'], [1.0, nan, nan])
        """
        table = table_maker(as_frame, "moved_words")
        return table(moved_words(self._fitted_words(), n, words))

    def most_similar(self, word: str, n: int = 10, which: Which = "tuned") -> list[tuple[str, float]]:
        """Return the words that are nearest to a word by cosine, before or after tuning.

        Parameters
        ----------
        word : str
            A word of ``vocabulary_``; with subwords of a fastText model, any that has a character n-gram.
        n : int, default=10
            How many words to return; fewer if there are no more.
        which : {"tuned", "pretrained"}, default="tuned"
            The vectors to look among: the tuned ones or those before tuning, of the words of the documents, and the
            fallback's untuned ones beside either.

        Returns
        -------
        list of (str, float)
            Words and cosines, the nearest first. Words whose vector is all zeros are left out.

        Raises
        ------
        KeyError
            If the word has no such vector; it names words that are spelt alike.
        ValueError
            If the transformer has no such vectors.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
        >>> source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], [[1, 0], [0.8, 0.6], [0, 1]])
        >>> w2v = PretrainedWord2VecTransformer(source, lockf=0.5, epochs=1, random_state=0).fit(["a cup of tea"])
        >>> w2v.most_similar("tea", n=1, which="pretrained")[0][0]
        'cup'
        """
        return most_similar(self._fitted_words(), word, n, which)

    def to_keyed_vectors(self, which: Which = "tuned", *, fallback: bool = True) -> KeyedVectors:
        """Return the words and their vectors as gensim's ``KeyedVectors``, which ``save_word2vec_format`` writes.

        The words are those of ``vocabulary_`` that have a vector, in its order. Their attribute ``"count"``
        (``get_vecattr(word, "count")``) is how often the documents had them, 0 for those of the fallback.

        Parameters
        ----------
        which : {"tuned", "pretrained"}, default="tuned"
            Which vectors of the documents' words. The fallback's are untuned in either case, as in ``vectors_``.
        fallback : bool, default=True
            Whether to include the words that ``fit`` did not see.

        Returns
        -------
        gensim.models.KeyedVectors
            With copies of the vectors, dtype float32.

        Raises
        ------
        ValueError
            If there are no such vectors: tuned ones with ``output="pretrained"``, untuned ones with
            ``pretrained=None``.
        """
        return to_keyed_vectors(self._fitted_words(), which, fallback=fallback)

    @overload
    def embedding_matrix(
        self,
        word_index: Mapping[str, int] | Iterable[str],
        oov: Filling = ...,
        *,
        which: Which = ...,
        padding_row: int | None = ...,
        return_filled: Literal[False] = ...,
    ) -> Rows: ...
    @overload
    def embedding_matrix(
        self,
        word_index: Mapping[str, int] | Iterable[str],
        oov: Filling = ...,
        *,
        which: Which = ...,
        padding_row: int | None = ...,
        return_filled: Literal[True],
    ) -> tuple[Rows, Flags]: ...
    def embedding_matrix(
        self,
        word_index: Mapping[str, int] | Iterable[str],
        oov: Filling = "zeros",
        *,
        which: Which = "tuned",
        padding_row: int | None = 0,
        return_filled: bool = False,
    ) -> Any:
        """Return the vectors in the row order of a tokenizer's word index, for a Keras or PyTorch embedding layer.

        Words are looked up as ``transform`` looks tokens up: among those of the documents, then in the fallback. Where
        fewer than a tenth have a vector, as when the case differs, there is a warning, and an error where none has.

        Parameters
        ----------
        word_index : dict of str to int, or list of str
            Word → row, as Keras's ``Tokenizer.word_index``; or the words in the order of their rows, as Keras's
            ``TextVectorization.get_vocabulary()``. Rows to which no word leads are zero. Words of a list may repeat, as
            ``"[UNK]"`` does there; each row gets its word's vector.
        oov : {"zeros", "mean", "random"}, default="zeros"
            What words without a vector get: zeros, the mean of the filled rows, or normal numbers of mean 0 and of the
            root mean square of the filled rows' numbers, drawn from ``random_state``.
        which : {"tuned", "pretrained"}, default="tuned"
            Which vectors, as for :meth:`to_keyed_vectors`.
        padding_row : int or None, default=0
            This row stays zero whatever ``oov`` is, unless its word has a vector. None if no row is for padding, as
            with Keras's ``StringLookup`` without a ``mask_token``, whose row 0 is ``"[UNK]"``.
        return_filled : bool, default=False
            Whether to return also which rows are filled. ``verbose`` above 0 prints their share.

        Returns
        -------
        matrix : ndarray of shape (n_rows, vector_size), dtype float32
            One row a word; ``n_rows`` is the last row + 1.
        is_filled : ndarray of shape (n_rows,), dtype bool
            Which rows hold a word's own vector, with ``return_filled=True``: ``is_filled.mean()`` is their share.

        Raises
        ------
        TypeError
            If the word index is neither a dict of str to int nor a list of str.
        ValueError
            If it is empty, a row is negative or that of two words, no word has a vector, or there are no such vectors.

        Examples
        --------
        >>> from sk_w2v import PretrainedWord2VecTransformer
        >>> w2v = PretrainedWord2VecTransformer(vector_size=5, epochs=1, random_state=0).fit(["a cup of tea"])
        >>> matrix, is_filled = w2v.embedding_matrix(["", "[UNK]", "tea", "cup"], return_filled=True)
        >>> matrix.shape, is_filled
        ((4, 5), array([False, False,  True,  True]))
        """
        fitted = self._fitted_words()
        matrix, is_filled = embedding_matrix(fitted, word_index, oov, which, padding_row, self.random_state)
        if self.verbose:
            print(f"[{type(self).__name__}] {is_filled.sum()} of {len(matrix)} rows filled ({is_filled.mean():.1%})")
        return (matrix, is_filled) if return_filled else matrix

    def _check_is_fitted(self) -> None:
        if "_words" not in vars(self):
            check_is_fitted(self)  # raises; it takes a third of the time of one short document

    def _fitted_words(self) -> FittedWords:
        self._check_is_fitted()
        self._words.check_maps()
        return self._words
