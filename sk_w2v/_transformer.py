"""The estimator: checks its parameters, then calls the stages in their order."""

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import islice
from numbers import Integral
from typing import Any, Self

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from ._documents import Tokens, build_analyzer, check_tokens, tokenize
from ._parameters import OUTPUTS, check_parameters, n_epochs, n_threads, ordered_words, seed
from ._pooling import count_tokens, mean, sum_untuned
from ._pretrained import PretrainedVectors
from ._rows import First, SubwordRows, WordRows, pack_words, place_rows, unpack_words
from ._vocabulary import Corpus, by_count, check_coverage, check_passes, count_words, coverage, cut, limit
from ._warm_start import Training, check_locks, train

BATCH_DOCUMENTS = 1000
PUT_TOGETHER = ("vocabulary_", "vectors_")
"""Attributes that are made when they are first asked for, and not pickled."""

Vectors = NDArray[np.float32]


class PretrainedWord2VecTransformer(ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator):
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
    ``PretrainedVectors`` of a file, and ``vocabulary`` is no set.

    Parameters
    ----------
    pretrained : path, PretrainedVectors, KeyedVectors, Word2Vec or None, default=None
        Where pretrained vectors come from. A path is that of GloVe text, word2vec text or binary, or whatever else
        :meth:`PretrainedVectors.open` recognises, names of gensim-data among it. Of a full gensim ``Word2Vec`` trained
        with negative sampling, the output layer is taken over too where ``sg`` is the same. None trains from random
        vectors. The source is never changed.

    lockf : float, "frequency" or dict of str to float, default=1.0
        Lock factor: by how much of gensim's update, 0 to 1000, the pretrained vectors move. 0 holds them exactly
        where they are, 1 moves them like any other. ``"frequency"`` is count / (count + 5), which holds rare words
        near their origin. A dict gives a factor a word, and those it lacks get 1.0. Words without a pretrained vector
        always have 1.0.

    epochs : int or "auto", default="auto"
        Passes over the documents. ``"auto"`` is ``clip(round(5e6 / n_tokens), 5, 50)``: about five million tokens of
        training. One pass changes next to nothing.

    sg : {0, 1}, default=1
        1 for skip-gram, 0 for CBOW.

    window : int, default=5
        How many tokens to each side of a word count as its context, at most.

    alpha : float, default=0.025
        Learning rate at the beginning; it falls in a line to ``min_alpha`` of ``word2vec_params``, 0.0001 if unset.

    min_count : int, default=1
        Words that occur less often are ignored, unless they have a pretrained vector.

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

    output : {"tuned", "pretrained", "both"}, default="tuned"
        Which vectors to average. ``"pretrained"`` trains nothing; ``"both"`` puts the two averages side by side.

    fallback_size : int or None, default=100_000
        How many of the source's first words, which in most files are its most frequent, stand in with their untuned
        vectors for words that ``fit`` did not see. 0 ignores such words, None takes all. They are kept, 4 bytes a
        number, and pickled: 20 MB for 100,000 words of 50 numbers. Of a fastText model None also keeps the table of
        n-grams, 2 GB for two million of 300 numbers, and gives every unseen word a vector.

    n_jobs : int or None, default=None
        Threads that train; None is 1, -1 all processors. Above 1 results differ from run to run.

    random_state : int, RandomState instance or None, default=None
        An int is gensim's ``seed``; a ``RandomState``, or NumPy's global one for None, draws it. Pass an int for
        results that repeat.

    verbose : int, default=0
        Above 0, a line is printed after every epoch.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Word → row in ``vectors_``: words of the documents, the most frequent first, then those of the fallback.

    vectors_ : ndarray of shape (n_words, vector_size_), dtype float32
        One row a word: tuned (untuned with ``output="pretrained"``), then the fallback's untuned rows. Read-only; put
        together when it is first asked for.

    counts_ : ndarray of shape (n_corpus_words,), dtype int64
        How often the first words of ``vocabulary_`` occur in the documents.

    coverage_ : dict
        The share, 0 to 1, of the documents' ``"tokens"``, and of their distinct ``"words"``, that have a pretrained
        vector; with a fixed ``vocabulary``, of those that are in it.

    n_iter_ : int
        Epochs that were run.

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

    References
    ----------
    .. [1] T. Mikolov, K. Chen, G. Corrado, J. Dean, "Efficient Estimation of Word Representations in Vector Space",
       2013, https://arxiv.org/abs/1301.3781
    .. [2] T. Mikolov, I. Sutskever, K. Chen, G. Corrado, J. Dean, "Distributed Representations of Words and Phrases
       and their Compositionality", 2013, https://arxiv.org/abs/1310.4546

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
    >>> source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    >>> documents = ["a cup of tea", "the pot of tea", "a new pot"]
    >>> w2v = PretrainedWord2VecTransformer(source, lockf=0.5, epochs=3, random_state=0)
    >>> w2v.fit_transform(documents).shape
    (3, 3)
    >>> w2v.coverage_["words"]
    0.5
    >>> w2v.get_feature_names_out()
    array(['tuned_mean0', 'tuned_mean1', 'tuned_mean2'], dtype=object)
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
        output: str = "tuned",
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
        self.fallback_size = fallback_size
        self.n_jobs = n_jobs
        self.random_state = random_state
        self.verbose = verbose

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
        self._fit(X)
        return self

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
        documents, n_documents = self._fit(X)
        vectors = self._pool(documents)
        check_passes(n_documents, len(vectors))
        return vectors

    def transform(self, X: Iterable[Any]) -> Vectors:
        """Return the vectors of documents: the mean over the words that have one, zeros where none has.

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

    def transform_batches(self, X: Iterable[Any], batch_size: int = BATCH_DOCUMENTS) -> Iterator[Vectors]:
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
        names = [f"{output}_mean{index}" for output in self._outputs for index in range(self.vector_size_)]
        return np.asarray(names, object)

    @cached_property
    def vocabulary_(self) -> dict[str, int]:
        """Word → row of ``vectors_``: the corpus's words, then the fallback's."""
        check_is_fitted(self)
        new_words = (word for word in self._fallback.row_of if word not in self._row_of)
        return self._row_of | {word: row for row, word in enumerate(new_words, len(self._row_of))}

    @cached_property
    def vectors_(self) -> Vectors:
        """The row of each word of ``vocabulary_``, read-only."""
        check_is_fitted(self)
        is_new = [word not in self._row_of for word in self._fallback.row_of]
        vectors = np.concatenate([self._tables[self._outputs[0]][0], self._fallback.rows[is_new]])
        vectors.flags.writeable = False
        return vectors

    @property
    def _n_features_out(self) -> int:
        return int(self.vector_size_ * len(self._outputs))

    def _read(self, X: Iterable[Any], *, fitting: bool) -> Iterable[Tokens]:
        """Turn X into token lists; every X comes through here."""
        documents = tokenize(X, build_analyzer(self.analyzer))
        return documents.held() if fitting else documents

    def _fit(self, X: Iterable[Any]) -> tuple[Iterable[Tokens], int]:
        """Fit to X and return its documents, tokenised, and how many they are."""
        check_parameters(self.get_params(deep=False))
        source = _as_source(self.pretrained)
        fixed = ordered_words(self.vocabulary)
        documents = self._read(X, fitting=True)
        corpus = _count(documents, fixed)
        start, fallback = self._find_rows(source, fixed or list(corpus.counts))
        shares = coverage(corpus, start.words)
        if source is not None:
            check_coverage(shares, source)
        corpus = cut(corpus, start.words, 1 if fixed else self.min_count)
        corpus = limit(corpus, (self.word2vec_params or {}).get("max_final_vocab"))
        parts = {} if source is None else {"pretrained": [start]}
        n_iter = 0
        if self.output != "pretrained":
            n_iter = n_epochs(self.epochs, corpus.n_tokens)
            parts["tuned"] = [start, self._train(documents, corpus, start, n_iter)]
        words = fixed or by_count(corpus, parts[OUTPUTS[self.output][0]][-1].words)
        self._keep(words, parts, fallback, corpus)
        self._subwords = source.subwords if source is not None and self.fallback_size is None else None
        self.n_iter_, self.coverage_ = n_iter, shares
        return documents, corpus.n_documents

    def _find_rows(self, source: PretrainedVectors | None, words: Sequence[str]) -> tuple[WordRows, First]:
        """The pretrained rows of the words, and those that stand in for words that fit does not see."""
        if source is None:
            nothing = np.empty((0, int(self.vector_size)), np.float32)
            return WordRows([], nothing), First({}, nothing)
        known, rows = source.find(words, self.fallback_size, self.verbose)
        output_layer = source.output_rows(known, skip_gram=bool(self.sg))
        return WordRows(known, rows, output_layer), source.first(self.fallback_size)

    def _train(self, documents: Iterable[Tokens], corpus: Corpus, start: WordRows, n_iter: int) -> WordRows:
        check_locks(corpus, start, self.lockf)
        params = {
            **(self.word2vec_params or {}),
            "vector_size": start.vectors.shape[1],
            "sg": int(self.sg),
            "window": int(self.window),
            "alpha": float(self.alpha),
            "seed": seed(self.random_state),
        }

        def report(epoch: int) -> None:
            if self.verbose:
                print(f"[PretrainedWord2VecTransformer] epoch {epoch} of {n_iter}")

        return train(documents, corpus, start, Training(n_iter, self.lockf, n_threads(self.n_jobs), params, report))

    def _keep(
        self, words: Sequence[str], parts: Mapping[str, Sequence[WordRows]], fallback: First, corpus: Corpus
    ) -> None:
        """Set the fitted state, in one go: words, counts and arrays."""
        row_of = {word: row for row, word in enumerate(words)}
        tables = {output: place_rows(row_of, rows) for output, rows in parts.items()}
        counts = np.array([corpus.counts.get(word, 0) for word in words], np.int64)
        self._row_of, self._tables, self._fallback, self.counts_ = row_of, tables, fallback, counts
        self._outputs = OUTPUTS[self.output]
        self.vector_size_ = fallback.rows.shape[1]
        for name in PUT_TOGETHER:
            self.__dict__.pop(name, None)

    def _pool(self, documents: Iterable[Tokens]) -> Vectors:
        """The vectors of documents, a batch at a time."""
        blocks = [np.empty((0, self._n_features_out), np.float32)]
        remaining, n_done = iter(documents), 0
        while batch := list(islice(remaining, BATCH_DOCUMENTS)):
            blocks.append(self._pool_batch(batch, n_done))
            n_done += len(batch)
        return np.concatenate(blocks)

    def _pool_batches(self, documents: Iterable[Tokens], batch_size: int) -> Iterator[Vectors]:
        remaining, n_done = iter(documents), 0
        while batch := list(islice(remaining, batch_size)):
            vectors = self._pool_batch(batch, n_done)
            n_done += len(batch)
            batch.clear()  # or the next one would be read while this one is held
            yield vectors

    def _pool_batch(self, documents: Sequence[Tokens], first_number: int) -> Vectors:
        unseen = [SubwordRows(self._subwords, self.vector_size_)] if self._subwords else []
        try:
            corpus, *others = count_tokens(documents, self._row_of, self._fallback.row_of, *unseen)
        except TypeError:
            check_tokens(documents, first_number)
            raise
        untuned = sum_untuned(others, [self._fallback.rows, *(table.rows() for table in unseen)])
        return np.hstack([mean(corpus, *self._tables[output], untuned) for output in self._outputs])

    def __getstate__(self) -> dict[str, Any]:
        state = dict(super().__getstate__())
        for name in PUT_TOGETHER:
            state.pop(name, None)
        if "_row_of" in state:
            state["_row_of"] = pack_words(self._row_of)
            state["_fallback"] = pack_words(self._fallback.row_of), self._fallback.rows
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        if "_row_of" in state:
            words, rows = state["_fallback"]
            state = state | {"_row_of": unpack_words(*state["_row_of"]), "_fallback": First(unpack_words(*words), rows)}
        super().__setstate__(state)

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
