"""Words and vectors → pictures of what tuning did."""

from collections.abc import Iterable, Sequence
from typing import Any, Self

from numpy.typing import ArrayLike

from ._extras import import_extra
from ._fitted_words import FittedWords, check_int, listed_words
from ._pictures import (
    check_kind,
    check_method,
    drift_picture,
    first_moved,
    given_pairs,
    moved_map,
    single_map,
)
from ._plots import draw_drift, draw_map

SIZE = (8, 6)
"""Inches of a new figure."""
OPTIONAL_ARTISTS = ("new_points_", "origins_", "arrows_", "named_points_", "median_", "range_")


class WordVectorsDisplay:
    r"""Picture of word vectors before and after tuning.

    ``kind="map"`` draws words in two dimensions: a projection that is fitted once, on the vectors before and after
    together, and an arrow from each word's pretrained vector to its tuned one. Words without a pretrained vector are
    marked, and have no arrow. ``kind="drift"`` draws, for every word, the cosine of the two vectors against how often
    the word occurs, with the median and the range of 90 % of the words that occur about as often. If all words are
    at 1, training was too timid to change anything: raise ``epochs`` or ``lockf``. If most are near 0, little is left
    of the pretrained vectors: lower ``epochs`` or ``lockf``.

    Make one with :meth:`from_estimator` or :meth:`from_vectors`, which also draw it. It needs matplotlib, the extra
    ``plot``. A word's label is left out where there is no room for it.

    Parameters
    ----------
    words : sequence of str
        The words.
    kind : {"map", "drift"}, default="map"
        What to draw.
    before : ndarray of shape (n_words, 2), dtype float64, or None, default=None
        For a map the words' places before; NaN for words without a vector.
    after : ndarray of shape (n_words, 2), dtype float64, or None, default=None
        For a map their places after, if there is an after.
    explained_variance_ratio : ndarray of shape (2,), dtype float64, or None, default=None
        The share of the variance that each of the two dimensions explains.
    counts : ndarray of shape (n_words,), dtype int64, or None, default=None
        For drift how often each word occurs, 1 or more.
    cosine : ndarray of shape (n_words,), dtype float64, or None, default=None
        For drift the cosine of each word's vectors before and after.
    named : sequence of str or None, default=None
        For drift the words to mark and to label. None labels the first of ``words``.
    n_labels : int, default=40
        For drift how many of the first words to label, at most, where no words are named. A map labels all, up to 300.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes of the picture.
    figure_ : matplotlib Figure
        Figure of the picture.
    points_ : matplotlib PathCollection
        The words: after tuning, in a map; before, if there is no after.
    new_points_ : matplotlib PathCollection or None
        In a map the words without a vector before.
    origins_ : matplotlib PathCollection or None
        In a map the words before tuning.
    arrows_ : matplotlib Quiver or None
        In a map the way from before to after.
    named_points_ : matplotlib PathCollection or None
        In a drift picture the words that were named.
    median_ : matplotlib Line2D or None
        In a drift picture the median.
    range_ : matplotlib FillBetweenPolyCollection or None
        In a drift picture the range of 90 % of the words.
    labels_ : list of matplotlib Annotation
        The labels that have room.

    See Also
    --------
    PretrainedWord2VecTransformer.drift : The numbers behind the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import WordVectorsDisplay
    >>> before = np.array([[0, 1, 2], [2, 1, 0], [1, 1, 1]])
    >>> display = WordVectorsDisplay.from_vectors(["tea", "cup", "pot"], before, before + [0.5, 0, 0])
    >>> [label.get_text() for label in display.labels_]
    ['tea', 'cup', 'pot']
    >>> display.figure_.savefig("words.svg")  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        words: Sequence[str],
        kind: str = "map",
        before: Any = None,
        after: Any = None,
        explained_variance_ratio: Any = None,
        counts: Any = None,
        cosine: Any = None,
        named: Sequence[str] | None = None,
        n_labels: int = 40,
    ) -> None:
        self.words = words
        self.kind = kind
        self.before = before
        self.after = after
        self.explained_variance_ratio = explained_variance_ratio
        self.counts = counts
        self.cosine = cosine
        self.named = named
        self.n_labels = n_labels

    @classmethod
    def from_estimator(
        cls,
        fitted: Any,
        words: Iterable[str] | None = None,
        *,
        n_words: int = 40,
        method: Any = "pca",
        kind: str = "map",
        ax: Any = None,
    ) -> Self:
        """Draw words of a fitted transformer, before and after tuning.

        Parameters
        ----------
        fitted : PretrainedWord2VecTransformer
            A fitted transformer that has both vectors.
        words : iterable of str or None, default=None
            For a map the words to draw, for drift those to mark. None takes the ``n_words`` that moved most.
        n_words : int, default=40
            How many words to take where ``words`` is None.
        method : "pca" or transformer, default="pca"
            How a map finds two dimensions: scikit-learn's ``PCA``, or an object with a ``fit_transform`` to two
            columns, as ``sklearn.manifold.TSNE``.
        kind : {"map", "drift"}, default="map"
            What to draw. Drift always draws all words that occur and have a pretrained vector.
        ax : matplotlib Axes or None, default=None
            Where to draw. None makes a new figure.

        Returns
        -------
        WordVectorsDisplay
            The display, drawn.

        Raises
        ------
        KeyError
            If words have no vector; it names them all.
        ValueError
            If there is nothing to compare, or nothing to draw.
        ImportError
            If matplotlib is missing.
        """
        _check(kind, method, "WordVectorsDisplay.from_estimator")
        n_words = check_int(n_words, "n_words", "WordVectorsDisplay.from_estimator")
        state = FittedWords.of(fitted)
        everything = state.pairs("WordVectorsDisplay")
        chosen = None if words is None else state.pairs("WordVectorsDisplay", words)
        if kind == "drift":
            named = None if chosen is None else chosen.words
            return cls(kind=kind, n_labels=n_words, **drift_picture(everything, named)).plot(ax)
        return cls(**moved_map(chosen or first_moved(everything, n_words), method)).plot(ax)

    @classmethod
    def from_vectors(
        cls,
        words: Iterable[str],
        before: Any,
        after: Any = None,
        *,
        counts: ArrayLike | None = None,
        n_words: int = 40,
        method: Any = "pca",
        kind: str = "map",
        ax: Any = None,
    ) -> Self:
        """Draw any words and vectors.

        Parameters
        ----------
        words : iterable of str
            The words to draw.
        before : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors
            Their vectors: one row a word, NaN where a word has none; or gensim's ``KeyedVectors``.
        after : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors, or None, default=None
            Their vectors later, which no word may lack.
        counts : array-like of shape (n_words,), dtype int, or None, default=None
            How often each word occurs, which drift needs; None asks the ``KeyedVectors`` of ``after``.
        n_words : int, default=40
            How many of the words that moved most drift labels.
        method : "pca" or transformer, default="pca"
            As for :meth:`from_estimator`.
        kind : {"map", "drift"}, default="map"
            What to draw. Drift leaves out words that have no vector before, or a count of 0.
        ax : matplotlib Axes or None, default=None
            Where to draw. None makes a new figure.

        Returns
        -------
        WordVectorsDisplay
            The display, drawn.

        Raises
        ------
        KeyError
            If words have no vector; it names them all.
        ValueError
            If the arrays do not belong to the words or to each other, or there is nothing to draw.
        ImportError
            If matplotlib is missing.
        """
        _check(kind, method, "WordVectorsDisplay.from_vectors")
        n_words = check_int(n_words, "n_words", "WordVectorsDisplay.from_vectors")
        words = listed_words(words)
        if after is None and kind == "map":
            return cls(**single_map(words, before, method)).plot(ax)
        pairs = given_pairs(words, before, after, counts)
        if kind == "map":
            return cls(**moved_map(pairs, method)).plot(ax)
        return cls(kind=kind, n_labels=n_words, **drift_picture(pairs, None)).plot(ax)

    def plot(self, ax: Any = None) -> Self:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Where to draw. None makes a new figure.

        Returns
        -------
        WordVectorsDisplay
            The display itself, with its artists.

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        check_kind(self.kind)
        pyplot = import_extra("matplotlib.pyplot", "plot", "WordVectorsDisplay.plot")
        if ax is None:
            _, ax = pyplot.subplots(figsize=SIZE, layout="constrained")
        self.ax_, self.figure_ = ax, ax.figure
        self.__dict__.update(dict.fromkeys(OPTIONAL_ARTISTS))
        if self.kind == "drift":
            artists = draw_drift(ax, self.words, self.counts, self.cosine, self.named, self.n_labels)
        else:
            artists = draw_map(ax, self.words, self.before, self.after, self.explained_variance_ratio)
        self.__dict__.update(artists)
        return self


def _check(kind: object, method: object, caller: str) -> None:
    """Refuse what cannot be drawn, before anything is computed."""
    check_kind(kind)
    check_method(method)
    import_extra("matplotlib", "plot", caller)
