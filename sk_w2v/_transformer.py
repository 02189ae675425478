"""The estimator: checks its parameters, then calls the stages in their order."""

import copy
import os
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence, Set
from numbers import Integral
from typing import Any, NamedTuple, Self

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from ._cached import cached_property
from ._callbacks import CallbackSupportMixin, Tasks, with_callbacks
from ._counts import cut_in_batches
from ._documents import Tokens, build_analyzer, check_tokens, tokenize
from ._drift import drift, most_similar
from ._export import (
    add_subwords,
    build_keyed_vectors,
    build_word2vec,
    check_filling,
    choose_table,
    fill_matrix,
    known_rows,
    read_word_index,
    write_word2vec_format,
)
from ._fitted_words import FittedWords, check_int
from ._learning import DEFAULTS, check_centres, learn_blocks, learn_centres
from ._parameters import check_parameters, n_epochs, n_threads, ordered_words, output_names, seed
from ._pooling import Batch, Block, Lookup, stack
from ._pretrained import PretrainedVectors
from ._rows import First, Subwords, WordRows, place_rows
from ._state import pack, unpack
from ._vocabulary import (
    Corpus,
    by_count,
    check_coverage,
    check_passes,
    count_words,
    coverage,
    cut,
    limit,
    without_vector,
)
from ._warm_start import Training, check_locks, lock_factors, train

MISSING_KEPT = 1000
"""How many of the most frequent words without a pretrained vector are remembered."""
PUT_TOGETHER = ("vocabulary_", "vectors_")
"""Attributes that are made when they are first asked for, and not pickled."""

Vectors = NDArray[np.float32]


class _Begun(NamedTuple):
    """What fit knows before it trains."""

    documents: Iterable[Tokens]
    source: PretrainedVectors | None
    fixed: Sequence[str] | None
    corpus: Corpus
    start: WordRows
    fallback: First
    shares: dict[str, float]
    missing: list[tuple[str, int]]


class PretrainedWord2VecTransformer(
    CallbackSupportMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator
):
    r"""Average of word vectors that start from pretrained ones and are tuned on the documents.

    The vector of a document with known tokens K is

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    where v_t is the vector of the word t: tuned, for a word of the documents given to ``fit``; the untuned pretrained
    one for another word (see ``fallback_size``). Words without either are ignored. A document without known words is
    all zeros.

    **What fit trains.** A gensim ``Word2Vec`` [1]_ [2]_ over the words of the documents and nothing else. Words with
    a pretrained vector start from it, the others at random. ``lockf`` says how far the former may move.

    **What is kept.** The words, their counts, their tuned and untuned vectors, and the fallback's words and vectors:
    a fitted transformer is complete and never opens its source again. No gensim object is kept, nor the output layer
    of the model. A ``pretrained`` that is itself in memory (``KeyedVectors``, ``Word2Vec``,
    ``PretrainedVectors.from_arrays``) is a parameter like any other: it is pickled along, and copied by ``clone``
    unless it is a ``PretrainedVectors``. A path costs nothing there, so prefer it.

    **When results repeat.** With an int ``random_state`` and ``n_jobs`` None or 1, bit for bit, on machines with the
    same kind of processor; the pickles too are equal then, byte for byte, if the source is a path, None or a
    ``PretrainedVectors`` of a file, and ``vocabulary`` is not a set.

    Parameters
    ----------
    pretrained : path, PretrainedVectors, KeyedVectors, Word2Vec or None, default=None
        Where pretrained vectors come from. A path is that of GloVe text, word2vec text or binary, or whatever else
        :meth:`PretrainedVectors.open` recognises, including names of gensim-data. Of a full gensim ``Word2Vec`` trained
        with negative sampling, the output layer is taken over too where ``sg`` is the same. None trains from random
        vectors. The source is never changed.

    lockf : float, "frequency" or dict of str to float, default=1.0
        Lock factor: by how much of gensim's update, 0 to 1000, the pretrained vectors move. 0 holds them exactly
        where they are, 1 moves them like any other. ``"frequency"`` is count / (count + 5), which holds rare words
        near their origin. A dict maps words to factors; those it lacks get 1.0. Words without a pretrained vector
        always have 1.0. With 500 labels on four data sets (``benchmarks/quality.py``) ``"frequency"`` was within 0.7
        points of 1, 0.1 lost 0.5 to 2.5 points of accuracy, and 0 lost 0.6 to 3.9.

    epochs : int or "auto", default="auto"
        Passes over the documents. ``"auto"`` is ``clip(round(5e6 / n_tokens), 5, 50)``: about five million tokens of
        training. Against that, with 500 labels, 1 pass lost 0.6 to 3.7 points of accuracy, 5 lost 0.5 to 3.0, and 20
        were 0.7 below to 0.4 above. What general words mean to each other (WordSim-353) lost nothing in 10 passes and
        3 points in 30, so set 10 where words matter more to you than documents.

    sg : {0, 1}, default=1
        1 for skip-gram, 0 for CBOW, which with 500 labels was 3.6 points of accuracy below to 0.2 above it.

    window : int, default=5
        How many tokens to each side of a word count as its context, at most. With 500 labels, 2 lost up to 1.9
        points, and 10 was 0.2 below to 1.7 above 5, most on 20 newsgroups.

    alpha : float, default=0.025
        Learning rate at the beginning; it falls in a line to ``min_alpha`` of ``word2vec_params``, 0.0001 if unset.
        With 500 labels, 0.01 lost up to 1.5 points, and 0.05 and 0.1 were 0.7 below to 1.1 above.

    min_count : int, default=1
        Words that occur less often are ignored, unless they have a pretrained vector. With 500 labels, 2 and 5 were
        0.7 points below to 0.2 above 1; on large corpora they save memory.

    word2vec_params : dict or None, default=None
        Other arguments of ``gensim.models.Word2Vec``: ``negative``, ``sample``, ``hs``, ``ns_exponent``,
        ``cbow_mean``, ``min_alpha``, ``batch_words`` and so on.

    vector_size : int, default=100
        Numbers a word where ``pretrained`` is None; otherwise the source decides.

    vocabulary : list, set or dict of str, or None, default=None
        The words to tune, as for ``CountVectorizer``: others are ignored by ``fit``, ``min_count`` does not apply, and
        rows come in this order (that of its values for a dict, sorted for a set). Words that the documents lack keep
        their pretrained vector, or are unknown if they have none.

    analyzer : "word" or callable, default="word"
        How a string document is split. ``"word"`` is ``CountVectorizer``'s default: lowercased runs of two or more
        word characters. A callable takes a string and returns its tokens; for cased vectors
        ``CountVectorizer(lowercase=False).build_analyzer()``. Documents that are lists of tokens are taken as they
        are.

    output : {"tuned", "pretrained", "both"}, default="both"
        Which vectors to pool. ``"both"`` puts the two results side by side; where ``pretrained`` is None, the tuned
        ones stand alone. ``"pretrained"`` trains nothing. Both together were never far below the better of the two,
        mostly above it (``benchmarks/quality.py``); with thousands of labels ``"tuned"`` may do, at half the columns.

    pooling : {"mean", "idf", "sif", "usif", "max", "min", "vlad"} or tuple of them, default="mean"
        How the vectors of a document's words become one:

        - ``"mean"``, as above;
        - ``"idf"``: weighted by scikit-learn's smoothed inverse document frequency;
        - ``"sif"``: weighted by a / (a + p), with p the word's share of the tokens, less the first principal
          direction of the documents [3]_;
        - ``"usif"``: the same with an a that follows from the documents, less m principal directions, each in
          proportion to its share of the variance [4]_;
        - ``"max"``, ``"min"``: the extreme of each column;
        - ``"vlad"``: the residuals to the nearest of k centres, summed centre by centre, the whole scaled to length 1
          [5]_; k times as many columns.

        A tuple puts several side by side. The mean is hard to beat: ``"sif"`` and ``"usif"`` were within 2 points of
        it, ``"idf"`` gained on news and lost up to 4 on reviews, ``"max"`` and ``"min"`` lost much, and
        ``("mean", "vlad")`` gained up to 7 with eleven times the columns.

        What poolings learn, they learn in ``fit``; for ``"idf"``, ``"sif"`` and ``"usif"`` it reads the documents once
        more. The formulas count repeated tokens as often as they occur, and words without a vector not at all; a
        document without known words is all zeros.

    pooling_params : dict or None, default=None
        Constants of poolings, of which those that are not in use are ignored: ``{"a": 1e-3, "m": 5, "k": 10}``, the
        defaults, are those of the papers.

    fallback_size : int or None, default=100_000
        How many of the source's first words, which in most files are its most frequent, stand in with their untuned
        vectors for words that ``fit`` did not see: the largest single gain where labels are few. 0 ignores such
        words, which cost up to 7 points of accuracy with 100 labels and up to 3 with 500; 20,000 cost up to 2; None
        takes all, which gained nothing more. They are kept, 4 bytes a number, and pickled: 20 MB for 100,000 words of
        50 numbers. Of a fastText model None also keeps the table of n-grams, 2 GB for two million of 300 numbers, and
        gives every unseen word a vector.

    n_jobs : int or None, default=None
        Threads that train; None is 1, -1 all processors. Above 1 results differ from run to run.

    random_state : int, RandomState instance or None, default=None
        An int is gensim's ``seed``; a ``RandomState``, or NumPy's global one for None, draws it. Pass an int for
        results that repeat.

    verbose : int, default=0
        Above 0, a line is printed after every epoch and, for long files, on how far reading is.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Word → row in ``vectors_``: words of the documents, the most frequent first or in the order of ``vocabulary``,
        then those of the fallback. With ``output="pretrained"`` words without a vector are left out.

    vectors_ : ndarray of shape (n_words, vector_size_), dtype float32
        One row a word: tuned (untuned with ``output="pretrained"``), then the fallback's untuned rows. Read-only; put
        together when it is first asked for.

    counts_ : ndarray of shape (n_corpus_words,), dtype int64
        How often the first words of ``vocabulary_`` occur in the documents.

    coverage_ : dict
        The share, 0 to 1, of the documents' ``"tokens"``, and of their distinct ``"words"``, that have a pretrained
        vector; with a fixed ``vocabulary``, of those that are in it.

    n_iter_ : int
        Epochs that were run; fewer than ``epochs`` if a callback ended training.

    vector_size_ : int
        Numbers a word.

    Raises
    ------
    ValueError
        By ``fit``, if a parameter or the source is not what it must be, if no word has a pretrained vector, or if the
        documents have no words.
    TypeError
        By ``fit`` and ``transform``, if a document is neither a string nor a list of strings; it names the document.

    Warns
    -----
    UserWarning
        If less than a tenth of the documents' tokens have a pretrained vector, or if ``lockf`` holds every word.

    See Also
    --------
    PretrainedVectors : Sources that are more than a path.
    sklearn.feature_extraction.text.TfidfVectorizer : The other half of a good pipeline for documents.

    Notes
    -----
    ``HalvingGridSearchCV`` with ``resource="w2v__epochs"`` needs ``max_resources``, the largest number of epochs,
    since it cannot derive it from the number of documents.

    **Callbacks.** From scikit-learn 1.9 on, ``set_callbacks`` takes callbacks such as
    :class:`sklearn.callback.ProgressBar`. Epochs are tasks below the fit; a callback is given the documents as lists of
    tokens, and ends training after an epoch if its ``on_fit_task_end`` returns true.

    **Storing.** joblib and pickle files run code when they are loaded: load only your own. skops files run none, and
    name the classes that they need::

        import skops.io as sio
        sio.dump(w2v, "w2v.skops")
        w2v = sio.load("w2v.skops", trusted=[PretrainedVectors, PretrainedWord2VecTransformer])

    ``joblib.load(path, mmap_mode="r")`` leaves the vectors in the file, of which many processes share one copy. Never
    write over such a file, which they read: put a new one in its place by ``os.replace``. A file of an older sk_w2v can
    be loaded; one of a newer version warns, or says that it cannot.

    References
    ----------
    .. [1] T. Mikolov, K. Chen, G. Corrado, J. Dean, "Efficient Estimation of Word Representations in Vector Space",
       2013, https://arxiv.org/abs/1301.3781
    .. [2] T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of Words and Phrases
       and their Compositionality", 2013, https://arxiv.org/abs/1310.4546
    .. [3] S. Arora, Y. Liang, T. Ma, "A Simple but Tough-to-Beat Baseline for Sentence Embeddings", 2017,
       https://openreview.net/forum?id=SyK00v5xx
    .. [4] K. Ethayarajh, "Unsupervised Random Walk Sentence Embeddings: A Strong but Simple Baseline", 2018,
       https://aclanthology.org/W18-3012
    .. [5] R. Ionescu, A. Butnaru, "Vector of Locally-Aggregated Word Embeddings (VLAWE)", 2019,
       https://aclanthology.org/N19-1033

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
    >>> source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    >>> documents = ["a cup of tea", "the pot of tea", "a new pot"]
    >>> w2v = PretrainedWord2VecTransformer(source, lockf=0.5, epochs=3, random_state=0)
    >>> w2v.fit_transform(documents).shape
    (3, 6)
    >>> w2v.coverage_["words"]
    0.5
    >>> w2v.get_feature_names_out()[2:4].tolist()
    ['tuned_mean2', 'pretrained_mean0']
    """

    def __init__(
        self,
        pretrained: Any = None,
        *,
        lockf: float | str | Mapping[str, float] = 1.0,
        epochs: int | str = "auto",
        sg: int = 1,
        window: int = 5,
        alpha: float = 0.025,
        min_count: int = 1,
        word2vec_params: Mapping[str, Any] | None = None,
        vector_size: int = 100,
        vocabulary: Any = None,
        analyzer: Any = "word",
        output: str = "both",
        pooling: str | Sequence[str] = "mean",
        pooling_params: Mapping[str, Any] | None = None,
        fallback_size: int | None = 100_000,
        n_jobs: int | None = None,
        random_state: Any = None,
        verbose: int = 0,
    ) -> None:
        self.pretrained = pretrained
        self.lockf = lockf
        self.epochs = epochs
        self.sg = sg
        self.window = window
        self.alpha = alpha
        self.min_count = min_count
        self.word2vec_params = word2vec_params
        self.vector_size = vector_size
        self.vocabulary = vocabulary
        self.analyzer = analyzer
        self.output = output
        self.pooling = pooling
        self.pooling_params = pooling_params
        self.fallback_size = fallback_size
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

    @with_callbacks
    def fit(self, X: Iterable[Any], y: Any = None) -> Self:
        """Count the documents' words, read their pretrained rows and train on the documents.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents: strings, which ``analyzer`` splits, or lists of tokens, which are taken as they are.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        self : PretrainedWord2VecTransformer
            The fitted transformer.
        """
        self._fit(X, y)
        return self

    @with_callbacks
    def fit_transform(self, X: Iterable[Any], y: Any = None) -> Vectors:
        """Fit to documents and return their vectors; each document of a list is tokenised once.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents, as for :meth:`fit`.
        y : Ignored
            Not used, present here for API consistency by convention.

        Returns
        -------
        X_new : ndarray of shape (n_documents, n_features), dtype float32
            The document vectors.
        """
        documents, n_documents = self._fit(X, y)
        vectors = self._pool(documents)
        check_passes(n_documents, len(vectors))
        return vectors

    def transform(self, X: Iterable[Any]) -> Vectors:
        """Return the vectors of documents, pooled over the words that have one; zeros where none has.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents, as for :meth:`fit`.

        Returns
        -------
        X_new : ndarray of shape (n_documents, n_features), dtype float32
            The document vectors.
        """
        check_is_fitted(self)
        return self._pool(self._read(X, fitting=False))

    def transform_batches(self, X: Iterable[Any], batch_size: int = 1000) -> Iterator[Vectors]:
        """Yield what :meth:`transform` returns in parts, for more documents than their vectors fit in memory.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents, as for :meth:`fit`; read as the parts are asked for, and not held.
        batch_size : int, default=1000
            Documents a part; the last one may have fewer.

        Yields
        ------
        X_new : ndarray of shape (n_batch_documents, n_features), dtype float32
            The vectors of the next documents, an array whatever ``set_output`` says.

        Raises
        ------
        ValueError
            If ``batch_size`` is no int of 1 or more.

        Examples
        --------
        >>> from sk_w2v import PretrainedWord2VecTransformer
        >>> w2v = PretrainedWord2VecTransformer(vector_size=5, epochs=1).fit(["a cup of tea"])
        >>> many = (f"cup {number}" for number in range(2500))
        >>> [vectors.shape for vectors in w2v.transform_batches(many)]
        [(1000, 5), (1000, 5), (500, 5)]
        """
        check_is_fitted(self)
        if not isinstance(batch_size, Integral) or batch_size < 1:
            raise ValueError(
                "The 'batch_size' of PretrainedWord2VecTransformer.transform_batches must be an int of 1 or more. "
                f"Got {batch_size!r:.100}."
            )
        return self._pool_batches(self._read(X, fitting=False), int(batch_size))

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Return the names of the output's columns: output, pooling and index, as in ``tuned_mean0``.

        Parameters
        ----------
        input_features : array-like of str or None, default=None
            Only checked, as scikit-learn does.

        Returns
        -------
        names : ndarray of shape (n_features,), dtype object
            The names.
        """
        super().get_feature_names_out(input_features)
        widths = [(f"{block.output}_{block.pooling}", block.width(self.vector_size_)) for block in self._blocks]
        return np.asarray([f"{name}{index}" for name, width in widths for index in range(width)], object)

    def missing_words(self, n: int = 20) -> list[tuple[str, int]]:
        """Return the most frequent words of the documents given to ``fit`` that have no pretrained vector.

        Parameters
        ----------
        n : int, default=20
            How many, at most; no more than 1,000 are remembered.

        Returns
        -------
        words : list of tuple of (str, int)
            Words and how often they occur, the most frequent first, before ``min_count`` drops any.

        Raises
        ------
        ValueError
            If ``n`` is no int of 1 or more.
        """
        check_is_fitted(self)
        return self._missing[: check_int(n, "n", "missing_words")]

    def to_keyed_vectors(self, which: str = "tuned", *, fallback: bool = True) -> KeyedVectors:
        """Return the words and their vectors as gensim's ``KeyedVectors``, for ``most_similar`` and the like.

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
        known = self._known_rows(which, fallback=fallback)
        return build_keyed_vectors(known, dict(zip(self._row_of, self.counts_.tolist(), strict=True)))

    def to_word2vec(self) -> Word2Vec:
        """Return a full gensim ``Word2Vec`` of the documents' words, which trains on with gensim's own ``train``.

        It holds the words that the documents had, with their counts, tuned vectors and lock factors
        (``wv.vectors_lockf``, of full length; assign 1 to train all words alike), and the parameters of this
        transformer, ``n_jobs`` as ``workers`` and ``random_state`` as ``seed`` among them (drawn anew unless that is an
        int). Subsampling and the table of negative samples are those of ``fit``. **The output layer starts at zeros**,
        since ``fit`` does not keep it, and so the first tokens hardly move the vectors. Words of the fallback, and
        those of a fixed ``vocabulary`` that the documents lacked, are not in it: they have no counts.
        :meth:`to_keyed_vectors` has them.

        For documents with new words fit another transformer on ``PretrainedVectors.from_transformer(fitted)``,
        since ``build_vocab(update=True)`` spoils counts and subsampling.

        Returns
        -------
        gensim.models.Word2Vec
            With copies of the vectors, dtype float32.

        Raises
        ------
        ValueError
            If there are no tuned vectors, with ``output="pretrained"``.
        """
        check_is_fitted(self)
        vectors, _ = choose_table(self._tables, "tuned")
        words, factors = list(self._row_of), np.ones(len(self._row_of))
        if "pretrained" in self._tables:
            rows = np.flatnonzero(self._tables["pretrained"][1])
            factors[rows] = lock_factors(self.lockf, [words[row] for row in rows], self.counts_[rows])
        params = {
            **self._training_params(self.vector_size_),
            "epochs": self.n_iter_,
            "workers": n_threads(self.n_jobs),
        }
        return build_word2vec(words, self.counts_, self._n_documents, vectors, factors, params)

    def save_word2vec_format(
        self, path: str | os.PathLike[str], binary: bool = False, *, which: str = "tuned", fallback: bool = True
    ) -> None:
        """Write the words and their vectors to a file that other programs read, in the format of word2vec.

        ``PretrainedVectors.open`` and gensim's ``KeyedVectors.load_word2vec_format`` read back each vector bit for
        bit. An old file of this name is replaced when all is written, and stays whole if anything fails before.

        Parameters
        ----------
        path : str or path-like
            The file. One that ends in ``.gz``, ``.bz2`` or ``.xz`` is compressed, as gensim expects of it.
        binary : bool, default=False
            Whether the numbers are 4 bytes each, instead of text.
        which : {"tuned", "pretrained"}, default="tuned"
            Which vectors, as for :meth:`to_keyed_vectors`.
        fallback : bool, default=True
            Whether to include the words that ``fit`` did not see.

        Raises
        ------
        ValueError
            If words are empty, hold a space, a tab or a line end, or are not valid UTF-8, for which the format has no
            room; it names ten of them. Or if there are no such vectors.
        FileNotFoundError, FileExistsError
            If there is no such folder, or the path is that of a folder or a device.
        """
        write_word2vec_format(path, self._known_rows(which, fallback=fallback), binary)

    def embedding_matrix(
        self,
        word_index: Mapping[str, int] | Iterable[str],
        oov: str = "zeros",
        *,
        which: str = "tuned",
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
            ``StringLookup.get_vocabulary()`` or ``TextVectorization.get_vocabulary()``. Rows to which no word leads are
            zero. Words of a list may repeat, as ``"[UNK]"`` does there; each row gets its word's vector.
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
        matrix : ndarray of shape (n_rows, vector_size_), dtype float32
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
        check_filling(oov, padding_row)
        words, rows = read_word_index(word_index)
        known = self._known_rows(which)
        if self._subwords:
            known = add_subwords(known, np.array(words, object)[rows != padding_row], self._subwords)
        matrix, is_filled = fill_matrix(words, rows, known, oov, padding_row, self.random_state)
        if self.verbose:
            filled = f"{is_filled.sum()} of {len(matrix)} rows filled ({is_filled.mean():.1%})"
            print(f"[PretrainedWord2VecTransformer] {filled}")
        return (matrix, is_filled) if return_filled else matrix

    def _known_rows(self, which: str, *, fallback: bool = True) -> WordRows:
        check_is_fitted(self)
        return known_rows(self._row_of, choose_table(self._tables, which), self._fallback if fallback else None)

    def drift(self, words: Iterable[str] | None = None, *, n_candidates: int = 20_000, as_frame: bool = False) -> Any:
        r"""Return how far tuning moved words from their pretrained vectors, what moved most first.

        For a word with the vectors b before and a after, the cosine is :math:`b \cdot a / (\lVert b \rVert \lVert a
        \rVert)`, and the share of neighbours kept :math:`|B \cap A| / k`, where B and A are the k = 10 words that are
        nearest to it by cosine, among the pretrained vectors and among the tuned ones. Where there are fewer than
        eleven candidates, k is all but one.

        Parameters
        ----------
        words : iterable of str or None, default=None
            Words to look at, each listed once; those that the documents lack have not moved. None lists all words of
            the documents, and compares the neighbours of the 1,000 that moved most.
        n_candidates : int, default=20_000
            Neighbours are looked for among so many of the documents' most frequent words with a pretrained vector.
        as_frame : bool, default=False
            Whether to return a pandas ``DataFrame``, which needs the extra ``pandas``.

        Returns
        -------
        Bunch or DataFrame
            One row a word, in the order of ``cosine``. Words without a pretrained vector come last.

            word : ndarray of shape (n_words,), dtype object
                The words.
            count : ndarray of shape (n_words,), dtype int64
                How often they occur in the documents.
            cosine : ndarray of shape (n_words,), dtype float64
                Cosine to the pretrained vector; 1 has not turned. NaN where there is none, or one is all zeros.
            neighbours_kept : ndarray of shape (n_words,), dtype float64
                Share, 0 to 1; NaN where the cosine is NaN and where neighbours were not compared.

        Raises
        ------
        KeyError
            If words have no vector; it names them all.
        ValueError
            If the transformer was fitted with ``pretrained=None`` or ``output="pretrained"``, so that there is nothing
            to compare.
        ImportError
            If pandas is asked for and missing.

        Examples
        --------
        >>> import numpy as np
        >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
        >>> source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
        >>> w2v = PretrainedWord2VecTransformer(source, lockf={"tea": 0}, epochs=3, random_state=0)
        >>> w2v = w2v.fit(["a cup of tea", "the pot of tea"] * 100)
        >>> moved = w2v.drift()
        >>> moved.word.tolist()[2:], moved.cosine[2:].tolist()
        (['tea', 'of', 'the'], [1.0, nan, nan])
        """
        return drift(FittedWords.of(self), words, n_candidates, as_frame)

    def most_similar(self, word: str, n: int = 10, which: str = "tuned") -> list[tuple[str, float]]:
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
        return most_similar(FittedWords.of(self), word, n, which)

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """Word → row of ``vectors_``: the corpus's words, then the fallback's."""
        check_is_fitted(self)
        new_words, _ = self._fallback.new_to(self._row_of)
        return self._row_of | {word: row for row, word in enumerate(new_words, len(self._row_of))}

    @cached_property
    def vectors_(self) -> Vectors:
        """The row of each word of ``vocabulary_``, read-only."""
        check_is_fitted(self)
        _, is_new = self._fallback.new_to(self._row_of)
        vectors = np.concatenate([self._tables[self._blocks[0].output][0], self._fallback.rows[is_new]])
        vectors.flags.writeable = False
        return vectors

    @property
    def _n_features_out(self) -> int:
        return int(sum(block.width(self.vector_size_) for block in self._blocks))

    def _read(self, X: Iterable[Any], *, fitting: bool) -> Iterable[Tokens]:
        """Turn X into token lists; every X comes through here."""
        documents = tokenize(X, build_analyzer(self.analyzer))
        return documents.held() if fitting else documents

    def _fit(self, X: Iterable[Any], y: Any) -> tuple[Iterable[Tokens], int]:
        """Fit to X and return its documents, tokenised, and how many they are."""
        check_parameters(self.get_params(deep=False))
        source = _as_source(self.pretrained)
        fixed = ordered_words(self.vocabulary)
        documents = self._read(X, fitting=True)
        corpus = _count(documents, fixed)
        start, fallback = self._find_rows(source, fixed or list(corpus.counts))
        shares, missing = coverage(corpus, start.words), without_vector(corpus, start.words, MISSING_KEPT)
        if source is not None:
            check_coverage(shares, missing, source, source.__contains__)
        corpus = cut(corpus, start.words, 1 if fixed else self.min_count)
        corpus = limit(corpus, (self.word2vec_params or {}).get("max_final_vocab"))
        if "vlad" in self._pooling_names:
            check_centres(self._constants["k"], self._n_known(set(fixed or corpus.counts), corpus, start))
        begun = _Begun(documents, source, fixed, corpus, start, fallback, shares, missing)
        n_iter = 0 if self.output == "pretrained" else n_epochs(self.epochs, corpus.n_tokens)
        tasks = Tasks(self, n_iter, documents, y)
        self._keep(begun, *self._train(begun, n_iter, tasks))
        tasks.end()
        return documents, corpus.n_documents

    def _find_rows(self, source: PretrainedVectors | None, words: Sequence[str]) -> tuple[WordRows, First]:
        """The pretrained rows of the words, and those that stand in for words that fit does not see."""
        if source is None:
            nothing = np.empty((0, int(self.vector_size)), np.float32)
            return WordRows([], nothing), First({}, nothing)
        known, rows = source.find(words, self.fallback_size, self.verbose)
        output_layer = source.output_rows(known, skip_gram=bool(self.sg))
        return WordRows(known, rows, output_layer), source.first(self.fallback_size)

    def _train(self, begun: _Begun, n_iter: int, tasks: Tasks) -> tuple[WordRows | None, int]:
        """Train for up to n_iter epochs, and return the tuned rows and how many epochs it were."""
        if not n_iter:
            return None, 0
        corpus, start = begun.corpus, begun.start
        check_locks(corpus, start, self.lockf)
        params = self._training_params(start.vectors.shape[1])

        def report(epoch: int, tuned: WordRows) -> bool:
            if self.verbose:
                print(f"[PretrainedWord2VecTransformer] epoch {epoch} of {n_iter}")
            return tasks.end_epoch(lambda: vars(copy.copy(self)._keep(begun, tuned, epoch)))

        threads = n_threads(self.n_jobs)
        return train(
            begun.documents, corpus, start, Training(n_iter, self.lockf, threads, params, tasks.begin_epoch, report)
        )

    def _training_params(self, vector_size: int) -> dict[str, Any]:
        """The arguments of gensim's Word2Vec."""
        return {
            **(self.word2vec_params or {}),
            "vector_size": vector_size,
            "sg": int(self.sg),
            "window": int(self.window),
            "alpha": float(self.alpha),
            "seed": seed(self.random_state),
        }

    def _learn(self, begun: _Begun, lookup: Lookup, counts: NDArray[np.int64]) -> list[Block]:
        """What the poolings learn of the documents and of the words' vectors."""
        outputs, n_documents = self._outputs, begun.corpus.n_documents
        names = [(output, pooling) for output in outputs for pooling in self._pooling_names]
        others = (count for word, count in begun.corpus.counts.items() if word not in lookup.row_of)
        batches = _batches(cut_in_batches(begun.documents), lookup, outputs, n_documents)
        blocks = learn_blocks(names, counts, others, n_documents, batches, self._constants)
        for block in blocks:
            if block.pooling == "vlad":
                table, k = lookup.tables[block.output], self._constants["k"]
                block.learned.update(learn_centres(*table, lookup.fallback.rows, k, seed(self.random_state)))
        return blocks

    def _keep(self, begun: _Begun, tuned: WordRows | None, n_iter: int) -> Self:
        """Set the fitted state, in one go: words, counts and arrays."""
        parts = {} if begun.source is None else {"pretrained": [begun.start]}
        if tuned is not None:
            parts["tuned"] = [begun.start, tuned]
        words = begun.fixed or by_count(begun.corpus, parts[self._outputs[0]][-1].words)
        subwords = begun.source.subwords if begun.source is not None and self.fallback_size is None else None
        lookup = _laid_out(words, parts, begun.fallback, subwords)
        counts = np.array([begun.corpus.counts.get(word, 0) for word in words], np.int64)
        self._blocks = self._learn(begun, lookup, counts)
        self._row_of, self._tables, self._fallback = lookup.row_of, lookup.tables, lookup.fallback
        self._subwords, self._lookup = subwords, lookup
        self.counts_, self.vector_size_ = counts, begun.fallback.rows.shape[1]
        self.n_iter_, self.coverage_, self._missing = n_iter, begun.shares, begun.missing
        self._n_documents = begun.corpus.n_documents
        for name in PUT_TOGETHER:
            self.__dict__.pop(name, None)
        return self

    def _pool(self, documents: Iterable[Tokens]) -> Vectors:
        return stack(self._pool_batches(documents), self._n_features_out)

    def _pool_batches(self, documents: Iterable[Tokens], batch_size: int | None = None) -> Iterator[Vectors]:
        """The vectors of documents, a batch at a time."""
        outputs = {block.output for block in self._blocks}
        for batch in _batches(cut_in_batches(documents, batch_size), self._lookup, outputs):
            yield np.hstack([block.pool(batch) for block in self._blocks])

    @property
    def _outputs(self) -> tuple[str, ...]:
        return output_names(self.output, self.pretrained)

    @property
    def _pooling_names(self) -> tuple[str, ...]:
        return (self.pooling,) if isinstance(self.pooling, str) else tuple(self.pooling)

    @property
    def _constants(self) -> dict[str, Any]:
        return DEFAULTS | dict(self.pooling_params or {})

    def _n_known(self, words: Set[str], corpus: Corpus, start: WordRows) -> int:
        """How many of the words have a vector in each output, at least."""
        n_known = {"tuned": len(words & {*corpus.counts, *start.words}), "pretrained": len(words & {*start.words})}
        return min(n_known[output] for output in self._outputs)

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        for name in (*PUT_TOGETHER, "_lookup"):
            state.pop(name, None)
        return pack(state)

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(unpack(state, type(self)))
        if "_row_of" in self.__dict__:
            self._lookup = Lookup(self._row_of, self._tables, self._fallback, self._subwords)

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """What notebooks show: scikit-learn's picture, below a line about the fit."""
        made = [name for name in PUT_TOGETHER if name not in self.__dict__]
        bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        for name in made:  # the picture asks for every attribute, and these are large
            self.__dict__.pop(name, None)
        if "text/html" in bundle and "_row_of" in self.__dict__:
            bundle["text/html"] = f"<p>{self._summary()}</p>{bundle['text/html']}"
        return bundle

    def _summary(self) -> str:
        n_words, n_fallback = len(self._row_of), len(self._fallback.row_of)
        return (
            f"{n_words:,} words, {self.n_iter_} epochs; {self.coverage_['tokens']:.1%} of the tokens and "
            f"{self.coverage_['words']:.1%} of the words have a pretrained vector; {n_fallback:,} words of the source "
            "stand in for unseen ones."
        )

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags


def _as_source(pretrained: Any) -> PretrainedVectors | None:
    if pretrained is None or isinstance(pretrained, PretrainedVectors):
        return pretrained
    if isinstance(pretrained, str | os.PathLike):
        return PretrainedVectors.open(pretrained)
    if isinstance(pretrained, Word2Vec):
        return PretrainedVectors.from_word2vec(pretrained)
    if isinstance(pretrained, KeyedVectors):
        return PretrainedVectors.from_keyed_vectors(pretrained)
    hint = ""
    if isinstance(pretrained, PretrainedWord2VecTransformer):
        # clone() would unfit it, so that a search would fail or train from nothing
        hint = " To go on from a fitted transformer, pass PretrainedVectors.from_transformer(fitted)."
    raise ValueError(
        "The 'pretrained' parameter of PretrainedWord2VecTransformer must be None, a path, a PretrainedVectors, or "
        f"gensim's KeyedVectors or Word2Vec. Got {pretrained!r:.100} instead.{hint}"
    )


def _laid_out(
    words: Sequence[str], parts: Mapping[str, Sequence[WordRows]], fallback: First, subwords: Subwords | None
) -> Lookup:
    row_of = {word: row for row, word in enumerate(words)}
    return Lookup(row_of, {output: place_rows(row_of, rows) for output, rows in parts.items()}, fallback, subwords)


def _batches(
    batches: Iterable[list[Tokens]], lookup: Lookup, outputs: Collection[str], n_expected: int | None = None
) -> Iterator[Batch]:
    """Count the tokens of some documents at a time."""
    n_done = 0
    for documents in batches:
        try:
            batch = lookup.count(documents, outputs)
        except TypeError:
            check_tokens(documents, n_done)
            raise
        n_done += len(documents)
        documents.clear()  # or the next ones would be read while these are held
        yield batch
    if n_expected is not None:
        check_passes(n_expected, n_done)


def _count(documents: Iterable[Tokens], fixed: Sequence[str] | None) -> Corpus:
    try:
        corpus = count_words(documents, fixed)
    except TypeError:
        check_tokens(documents)
        raise
    if not corpus.n_documents:
        raise ValueError(
            "Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required by "
            "PretrainedWord2VecTransformer."
        )
    if not corpus.counts:
        where = "is in the vocabulary" if fixed else "is left by the analyzer"
        raise ValueError(f"Empty vocabulary: no word of the {corpus.n_documents} documents {where}.")
    return corpus
