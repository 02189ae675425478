"""The estimator: its parameters, and the walk of a fit through the rooms."""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Sized
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags
from sklearn.utils.validation import check_is_fitted

from ._checks import NONE, Kind, check, choice, either, instance, whole
from .fitted._export import to_word2vec
from .fitted._inspection import FittedWordsMixin
from .fitted._state import pack, unpack
from .fitted._words import FittedWords, Table
from .pooling._batches import count_batches
from .pooling._learning import DEFAULTS, POOLING, POOLING_PARAMS, Counts, check_centres, learn
from .pooling._poolings import pool, stack
from .sources._pretrained import as_source
from .sources._source import Answer
from .text._coverage import Coverage, check_coverage, coverage_of
from .text._documents import EXTRA, Tokens, build_analyzer, join, tokenize
from .text._vocabulary import Corpus, by_count, check_passes, count_words, keep_words, ordered_words
from .training._callbacks import CallbackSupportMixin, Tasks, with_callbacks
from .training._settings import ALPHA, LOCKF, WINDOW, check_word2vec_params, draw_seed, n_epochs, n_threads
from .training._warm_start import Start, Tuned, lock_factors, train

NAME = "PretrainedWord2VecTransformer"
OUTPUTS = {"tuned": ("tuned",), "pretrained": ("pretrained",), "both": ("tuned", "pretrained")}

Vectors = NDArray[np.float32]
Pooling = Literal["mean", "idf", "sif", "usif", "max", "min", "vlad"]


def _is_vocabulary(value: Any) -> bool:
    if isinstance(value, str | bytes) or not isinstance(value, Sized) or not isinstance(value, Iterable):
        return False
    if isinstance(value, Mapping):
        rows = list(value.values())
        if not all(map(whole(-np.inf).is_valid, rows)) or len(set(rows)) < len(rows):
            return False
    words = [] if getattr(value, "shape", None) == () else list(value)
    return bool(words) and all(isinstance(word, str) for word in words) and len(set(words)) == len(words)


def _is_random_state(value: Any) -> bool:
    return value is np.random or isinstance(value, np.random.RandomState)


VOCABULARY = Kind("one or more distinct str: a list, a set or a dict to distinct int", _is_vocabulary)
KINDS = {
    "lockf": LOCKF,
    "epochs": either(whole(1), choice("auto")),
    "sg": Kind("0 (CBOW) or 1 (skip-gram)", choice(0, 1).is_valid),
    "window": WINDOW,
    "alpha": ALPHA,
    "min_count": whole(1),
    "vector_size": whole(1, 10**5),
    "vocabulary": either(NONE, VOCABULARY),
    "analyzer": either(choice("word"), Kind("a callable", callable)),
    "output": choice(*OUTPUTS),
    "pooling": POOLING,
    "pooling_params": POOLING_PARAMS,
    "fallback_size": either(whole(0), NONE),
    "n_jobs": either(NONE, Kind("an int but 0", lambda value: whole(-np.inf).is_valid(value) and value != 0)),
    "random_state": either(NONE, whole(0, 2**32 - 1), Kind("a numpy.random.RandomState", _is_random_state)),
    "verbose": either(whole(0), instance(bool, "a bool")),
    "word2vec_params": either(NONE, instance(Mapping, "a dict of arguments of gensim.models.Word2Vec")),
}

OUTPUT_WITHOUT_SOURCE = choice("tuned", "both")._replace(
    expected="'tuned' or 'both' where pretrained is None, since there are no untuned vectors"
)


class _Begun(NamedTuple):
    """What fit knows before it trains."""

    # The documents of X, and all that are tuned on.
    own: Iterable[Tokens]
    documents: Iterable[Tokens]
    corpus: Corpus
    found: Answer
    # The words of a fixed vocabulary, in the order of their rows.
    order: Sequence[str] | None
    coverage: Coverage
    seed: int


class PretrainedWord2VecTransformer(
    FittedWordsMixin, CallbackSupportMixin, ClassNamePrefixFeaturesOutMixin, TransformerMixin, BaseEstimator
):
    r"""Average of word vectors that start from pretrained ones and are tuned on the documents.

    The vector of a document with known tokens K is

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    where v_t is the vector of the word t: tuned, for a word of the documents given to ``fit``; the untuned pretrained
    one for another word (see ``fallback_size``). Words without either are ignored. A document without known words is
    all zeros.

    **What fit trains.** A gensim ``Word2Vec`` [1]_ [2]_ over the words of the documents and nothing else. Words with
    a pretrained vector start from it, the others at random. ``lockf`` says how far the former may move.

    **What is kept.** The words, their counts, their tuned and untuned vectors, and the fallback's words and vectors.
    A fitted transformer is complete and never opens its source again. It keeps no gensim object, nor the output layer
    of the model. A path as ``pretrained`` costs nothing. Vectors in memory are a parameter like any other: they are
    pickled along, and copied by ``clone`` unless they are a :class:`PretrainedVectors`.

    **When results repeat.** With an int ``random_state`` and ``n_jobs`` None or 1, bit for bit, on machines with the
    same kind of processor. The pickles too are equal then, byte for byte, if the source is a path, None or a
    ``PretrainedVectors`` of a file, and ``vocabulary`` is not a set.

    Parameters
    ----------
    pretrained : path, PretrainedVectors, KeyedVectors, Word2Vec or None, default=None
        Where pretrained vectors come from. A path is that of a GloVe, word2vec or fastText file, or whatever else
        :meth:`PretrainedVectors.open` recognises. A gensim ``Word2Vec`` trained with the same ``sg`` gives its output
        layer too. None trains from random vectors. The source is never changed.

    lockf : float, "frequency" or dict of str to float, default=1.0
        Lock factor, 0 to 1000: how far training moves pretrained vectors. 0 holds them where they are, 1 moves them
        like any other. ``"frequency"`` is count / (count + 5) and holds rare words near their origin. A dict gives
        factors to its words, 1.0 to others. Words without a pretrained vector always have 1.0.

    epochs : int or "auto", default="auto"
        Passes over the documents. ``"auto"`` is ``clip(round(5e6 / n_tokens), 5, 50)``. Fewer keep more of what general
        words mean to each other.

    sg : {0, 1}, default=1
        1 for skip-gram, 0 for CBOW, which trains three times as fast.

    window : int, default=5
        How many tokens to each side of a word count as its context, at most.

    alpha : float, default=0.025
        Learning rate at the beginning. It falls in a line to ``min_alpha`` of ``word2vec_params``, 0.0001 if unset.

    min_count : int, default=1
        Words without a pretrained vector are ignored if they occur less often. On large corpora 2 or 5 save memory.

    word2vec_params : dict or None, default=None
        Other arguments of ``gensim.models.Word2Vec``: ``negative``, ``sample``, ``hs``, ``ns_exponent``,
        ``cbow_mean``, ``min_alpha``, ``batch_words`` and so on.

    vector_size : int, default=100
        Numbers a word where ``pretrained`` is None; otherwise the source decides.

    vocabulary : list, set or dict of str, or None, default=None
        The words to tune, as for ``CountVectorizer``: ``fit`` ignores others, and ``min_count`` does not apply. Rows
        come in this order (that of its values for a dict, sorted for a set). Words that the documents lack keep their
        pretrained vector, or are unknown if they have none.

    analyzer : "word" or callable, default="word"
        How a string document is split. ``"word"`` is ``CountVectorizer``'s default: lowercased runs of two or more
        word characters. A callable takes a string and returns its tokens; for cased vectors
        ``CountVectorizer(lowercase=False).build_analyzer()``. Lists of tokens are taken as they are.

    output : {"tuned", "pretrained", "both"}, default="both"
        Which vectors to pool. ``"both"`` puts the two results side by side; where ``pretrained`` is None, the tuned
        ones stand alone. ``"pretrained"`` trains nothing.

    pooling : {"mean", "idf", "sif", "usif", "max", "min", "vlad"} or tuple of them, default="mean"
        How the vectors of a document's words become one. A tuple puts several side by side. What they learn, they learn
        in ``fit``; ``"idf"``, ``"sif"`` and ``"usif"`` read the documents once more.

        - ``"mean"``, as above;
        - ``"idf"``: weighted by scikit-learn's smoothed inverse document frequency;
        - ``"sif"``: weighted by a / (a + p), with p the word's share of the tokens, less the first principal
          direction of the documents [3]_;
        - ``"usif"``: the same with an a that follows from the documents, less m principal directions, each in
          proportion to its share of the variance [4]_;
        - ``"max"``, ``"min"``: the extreme of each column;
        - ``"vlad"``: the residuals to the nearest of k centres, summed centre by centre, the whole scaled to length 1
          [5]_; k times as many columns.

    pooling_params : dict or None, default=None
        Constants of poolings: ``{"sif_a": 1e-3, "usif_m": 5, "vlad_k": 10}``, the defaults, are those of the papers.

    fallback_size : int or None, default=100_000
        How many of the source's first words, which in most files are its most frequent, stand in with their untuned
        vectors for words that ``fit`` did not see. It matters most where documents are few. They are kept and pickled,
        4 bytes a number. None takes all; of a fastText model also its n-grams, which give every word a vector.

    n_jobs : int or None, default=None
        Threads that train; None is 1, -1 all processors. Above 1 results differ from run to run.

    random_state : int, RandomState instance or None, default=None
        An int is gensim's ``seed``; a ``RandomState``, or NumPy's global one for None, draws it. Pass an int for
        results that repeat.

    verbose : int or bool, default=0
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
    :class:`sklearn.callback.ProgressBar`. Epochs are tasks below the fit. A callback is given the documents as lists of
    tokens, and ends training after an epoch if its ``on_fit_task_end`` returns true.

    **Storing.** joblib and pickle files run code when they are loaded: load only your own. skops files run none, and
    name the classes that they need::

        import skops.io as sio
        sio.dump(w2v, "w2v.skops")
        w2v = sio.load("w2v.skops", trusted=[PretrainedVectors, PretrainedWord2VecTransformer])

    ``joblib.load(path, mmap_mode="r")`` leaves the vectors in the file, and many processes share one copy of them.
    Never write over such a file: put a new one in its place by ``os.replace``. A file of a newer sk_w2v warns, or says
    that it cannot be loaded.

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
        lockf: float | Literal["frequency"] | Mapping[str, float] = 1.0,
        epochs: int | Literal["auto"] = "auto",
        sg: Literal[0, 1] = 1,
        window: int = 5,
        alpha: float = 0.025,
        min_count: int = 1,
        word2vec_params: Mapping[str, Any] | None = None,
        vector_size: int = 100,
        vocabulary: Any = None,
        analyzer: Any = "word",
        output: Literal["tuned", "pretrained", "both"] = "both",
        pooling: Pooling | Sequence[Pooling] = "mean",
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
    def fit(self, X: Iterable[Any], y: Any = None, *, extra_documents: Iterable[Any] | None = None) -> Self:
        """Count the documents' words, read their pretrained rows and tune them on the documents.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents: strings, which ``analyzer`` splits, or lists of tokens, which are taken as they are.
        y : Ignored
            Not used, present here for API consistency by convention.
        extra_documents : iterable of str or of list of str, or None, default=None
            More documents to tune on, such as those without labels. ``fit(X, extra_documents=D)`` is
            ``fit([*X, *D])``. In a pipeline they are ``w2v__extra_documents``, or requested by ``set_fit_request``.
            scikit-learn cuts a list as long as X to the fold in a search: see the user guide.

        Returns
        -------
        self : PretrainedWord2VecTransformer
            The fitted transformer.
        """
        self._fit(X, y, extra_documents)
        return self

    @with_callbacks
    def fit_transform(
        self, X: Iterable[Any], y: Any = None, *, extra_documents: Iterable[Any] | None = None
    ) -> Vectors:
        """Fit to documents and return the vectors of X; each document of a list is tokenised once.

        Parameters
        ----------
        X : iterable of str or of list of str
            Documents, as for :meth:`fit`.
        y : Ignored
            Not used, present here for API consistency by convention.
        extra_documents : iterable of str or of list of str, or None, default=None
            More documents to tune on, as for :meth:`fit`. Their vectors are not computed.

        Returns
        -------
        X_new : ndarray of shape (n_documents, n_features), dtype float32
            The document vectors.
        """
        begun = self._fit(X, y, extra_documents)
        vectors = stack(self._pool(begun.own), self._n_features_out)
        check_passes(begun.corpus.n_own, len(vectors))
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
        return stack(self._pool(self._read(X, fitting=False)), self._n_features_out)

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
        check(batch_size, "batch_size", whole(1), f"{NAME}.transform_batches")
        return iter(self._pool(self._read(X, fitting=False), int(batch_size)))

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

    def to_word2vec(self) -> Word2Vec:
        """Return a full gensim ``Word2Vec`` of the documents' words, which gensim's own ``train`` trains on.

        It holds the words that the documents had, with their counts, tuned vectors and lock factors
        (``wv.vectors_lockf``, of full length; assign 1 to train all words alike). It has the parameters of this
        transformer, with ``n_jobs`` as ``workers`` and ``random_state`` as ``seed``, which is drawn anew unless it is
        an int. Words of the fallback, and words of a fixed ``vocabulary`` that the documents lacked, are not in it,
        since they have no counts. **The output layer starts at zeros**, since ``fit`` does not keep it: the first
        tokens hardly move the vectors.

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
        fitted = self._fitted_words()
        factors = np.ones(len(fitted))
        if "pretrained" in fitted.tables:
            rows = np.flatnonzero(fitted.tables["pretrained"].has_vector)
            words = list(fitted.row_of)
            factors[rows] = lock_factors(self.lockf, [words[row] for row in rows], fitted.counts[rows])
        params = self._training_params(fitted.vector_size, draw_seed(self.random_state))
        return to_word2vec(fitted, factors, self._n_documents, params | {"epochs": self.n_iter_})

    @property
    def _n_features_out(self) -> int:
        return sum(block.width(self.vector_size_) for block in self._blocks)

    def _fit(self, X: Iterable[Any], y: Any, extra_documents: Iterable[Any] | None) -> _Begun:
        """Walk through a fit: begin, train, learn, keep."""
        begun = self._begin(X, extra_documents)
        n_iter = 0 if self.output == "pretrained" else n_epochs(self.epochs, begun.corpus.n_tokens)
        tasks = Tasks(self, n_iter, begun.documents, y, lambda tuned: self._learn(begun, tuned))
        tuned = self._train(begun, n_iter, tasks) if n_iter else None
        self.__dict__.update(self._learn(begun, tuned))
        tasks.end()
        return begun

    def _read(self, X: Iterable[Any], *, fitting: bool, where: str = "") -> Iterable[Tokens]:
        """Turn X into token lists; every X comes through here."""
        documents = tokenize(X, build_analyzer(self.analyzer), where)
        return documents.held() if fitting else documents

    def _begin(self, X: Iterable[Any], extra_documents: Iterable[Any] | None) -> _Begun:
        """Check, count and look up all that training needs."""
        for name, kind in KINDS.items():
            check(getattr(self, name), name, kind, NAME)
        params = self.word2vec_params or {}
        check_word2vec_params(params, NAME)
        source = as_source(self.pretrained)
        if source is None:
            check(self.output, "output", OUTPUT_WITHOUT_SOURCE, NAME)
        order = ordered_words(self.vocabulary)
        own, extra = self._read(X, fitting=True), None
        if extra_documents is not None:
            extra = self._read(extra_documents, fitting=True, where=EXTRA)
        corpus = count_words(own, extra, order)
        found = Answer.nothing(int(self.vector_size))
        if source is not None:
            words = order or list(corpus.counts)
            found = source._ask(words, self.fallback_size, skip_gram=bool(self.sg), verbose=int(self.verbose))
        coverage = coverage_of(corpus, found.words)
        if source is not None:
            check_coverage(coverage, source, source.__contains__)
        corpus = keep_words(corpus, found.words, 1 if order else self.min_count, params.get("max_final_vocab"))
        begun = _Begun(own, join(own, extra), corpus, found, order, coverage, draw_seed(self.random_state))
        if "vlad" in self._poolings:
            check_centres(self._constants["vlad_k"], self._n_known(begun))
        return begun

    def _n_known(self, begun: _Begun) -> int:
        """How many words have a vector in each output, at least."""
        words = set(begun.order or begun.corpus.counts)
        pretrained = words.intersection(begun.found.words)
        tuned = pretrained | words.intersection(begun.corpus.counts)
        return min(len(pretrained if output == "pretrained" else tuned) for output in self._outputs)

    def _train(self, begun: _Begun, n_iter: int, tasks: Tasks) -> Tuned:
        """Tune the rows for up to ``n_iter`` epochs."""
        found = begun.found
        start = Start(found.words, found.rows, found.output_layer, self.lockf)
        params = self._training_params(found.rows.shape[1], begun.seed)
        return train(begun.documents, begun.corpus, start, params, n_iter, tasks)

    def _training_params(self, vector_size: int, seed: int) -> dict[str, Any]:
        """The arguments of gensim's Word2Vec."""
        return {
            **(self.word2vec_params or {}),
            "vector_size": vector_size,
            "sg": int(self.sg),
            "window": int(self.window),
            "alpha": float(self.alpha),
            "seed": seed,
            "workers": n_threads(self.n_jobs),
        }

    def _learn(self, begun: _Begun, tuned: Tuned | None) -> dict[str, Any]:
        """Lay out the words, let the poolings learn, and return all fitted attributes."""
        found, corpus = begun.found, begun.corpus
        parts: dict[str, list[tuple[Sequence[str], Vectors]]] = {}
        if self.pretrained is not None:
            parts["pretrained"] = [(found.words, found.rows)]
        if tuned is not None:
            parts["tuned"] = [(found.words, found.rows), (tuned.words, tuned.rows)]
        order = begun.order or by_count(corpus, parts[self._outputs[0]][-1][0])
        row_of = {word: row for row, word in enumerate(order)}
        words = FittedWords(
            row_of,
            np.array([corpus.counts.get(word, 0) for word in order], np.int64),
            {which: Table.laid_out(row_of, *rows) for which, rows in parts.items()},
            found.first_row_of,
            found.first_rows,
            found.subwords if self.fallback_size is None else None,
            begun.coverage.missing,
        )
        others = [count for word, count in corpus.counts.items() if word not in row_of]
        counts = Counts(words.counts, np.array(others, np.int64), corpus.n_documents)
        names = [(output, pooling) for output in self._outputs for pooling in self._poolings]
        return {
            "_words": words,
            "_blocks": learn(names, words, begun.documents, counts, self._constants, begun.seed),
            "_n_documents": corpus.n_documents,
            "coverage_": begun.coverage.shares,
            "n_iter_": 0 if tuned is None else tuned.n_epochs,
        }

    def _pool(self, documents: Iterable[Tokens], batch_size: int | None = None) -> Iterable[Vectors]:
        """The vectors of documents, a batch at a time."""
        outputs = {block.output for block in self._blocks}
        return pool(count_batches(documents, self._words, outputs, batch_size), self._blocks)

    @property
    def _outputs(self) -> tuple[str, ...]:
        """The outputs that go side by side: without pretrained vectors the tuned ones alone."""
        return ("tuned",) if self.pretrained is None else OUTPUTS[self.output]

    @property
    def _poolings(self) -> tuple[str, ...]:
        return (self.pooling,) if isinstance(self.pooling, str) else tuple(self.pooling)

    @property
    def _constants(self) -> dict[str, Any]:
        return DEFAULTS | dict(self.pooling_params or {})

    def __getstate__(self) -> dict[str, Any]:
        return pack(super().__getstate__())

    def __setstate__(self, state: dict[str, Any]) -> None:
        super().__setstate__(unpack(state, type(self)))

    def _repr_mimebundle_(self, **kwargs: Any) -> dict[str, Any]:
        """What notebooks show: scikit-learn's picture, below a line about the fit."""
        if "_words" not in self.__dict__:
            return dict(super()._repr_mimebundle_(**kwargs))
        with self._words.forgetting():  # the picture asks for every attribute, and some are large
            bundle: dict[str, Any] = super()._repr_mimebundle_(**kwargs)
        if "text/html" in bundle:
            bundle["text/html"] = f"<p>{self._summary()}</p>{bundle['text/html']}"
        return bundle

    def _summary(self) -> str:
        n_words, n_fallback = len(self._words), len(self._words.fallback_row_of)
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
