"""Words with their vectors → a map of them in two dimensions."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

from .._checks import check, import_extra, listed_words, whole
from ..fitted._moves import most_moved
from ..fitted._words import Pairs, fitted_words
from ._given import Vectors, given_pairs, given_rows, some
from ._labels import MAX_LABELS, draw_labels
from ._projection import METHOD, Method, project
from ._style import FONT_SIZE, Options, background, ink, open_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# The most frequent words that are taken for function words.
N_COMMON = 100
# A word that occurs less often is not worth a look: what it learned depends on few places.
MIN_COUNT = 10
# Points of each arrow that keep labels away.
N_STEPS = 10
ARROW = {"width": 0.0018, "headwidth": 7, "headlength": 10, "headaxislength": 9, "alpha": 0.4, "zorder": 1}

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]


class WordMapDisplay:
    """Map of words in two dimensions, before and after tuning.

    One projection is fitted on the vectors before and after together. An arrow goes from the place of each word before
    tuning to its place after. Words that had no vector before are marked, and have no arrow.

    Create a display with :meth:`from_estimator` or :meth:`from_vectors`, which also draw it. This needs matplotlib, the
    extra ``plot``. Colours follow matplotlib's style in use. A word has no label where there is no room for it.

    Parameters
    ----------
    words : sequence of str
        The words.
    before : ndarray of shape (n_words, 2), dtype float64
        Places of the words before tuning. NaN for words that had no vector.
    after : ndarray of shape (n_words, 2), dtype float64, or None, default=None
        Places of the words after tuning. None draws a map without arrows.
    explained_variance_ratio : ndarray of shape (2,), dtype float64, or None, default=None
        Share of the variance that each dimension explains, for the labels of the axes.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes of the map.
    figure_ : matplotlib Figure
        Figure of the map.
    points_ : matplotlib PathCollection
        The words. If there is an ``after``, those that had a vector before, at their places after.
    origins_ : matplotlib PathCollection or None
        The same words at their places before. None if there is no ``after``.
    arrows_ : matplotlib Quiver or None
        The arrows. None if there is no ``after``.
    new_points_ : matplotlib PathCollection or None
        The words that had no vector before. None if there are none.
    labels_ : list of matplotlib Annotation
        The labels that have room.

    See Also
    --------
    WordMovesDisplay : How much each word moved, against how often it occurs.
    PretrainedWord2VecTransformer.moved_words : The numbers behind the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import WordMapDisplay
    >>> before = np.array([[0, 1, 2], [2, 1, 0], [1, 1, 1]])
    >>> display = WordMapDisplay.from_vectors(["tea", "cup", "pot"], before, before + [0.5, 0, 0])
    >>> [label.get_text() for label in display.labels_]
    ['tea', 'cup', 'pot']
    >>> display.figure_.savefig("words.svg")  # doctest: +SKIP
    """

    def __init__(
        self,
        *,
        words: Sequence[str],
        before: Numbers,
        after: Numbers | None = None,
        explained_variance_ratio: Numbers | None = None,
    ) -> None:
        self.words = words
        self.before = before
        self.after = after
        self.explained_variance_ratio = explained_variance_ratio

    @classmethod
    def from_estimator(
        cls,
        fitted: Any,
        words: Iterable[str] | None = None,
        *,
        n_words: int = 40,
        method: Method = "pca",
        ax: "Axes | None" = None,
        **options: Any,
    ) -> Self:
        """Draw words of a fitted transformer, before and after tuning.

        Parameters
        ----------
        fitted : PretrainedWord2VecTransformer or Pipeline
            A fitted transformer that has pretrained and tuned vectors, or a fitted pipeline with one.
        words : iterable of str or None, default=None
            The words to draw. None chooses ``n_words`` words: those that moved most of the words that occur at least 10
            times in the documents and are not among their 100 most frequent words, which are mostly function words. If
            there are fewer such words, the other words that moved most follow.
        n_words : int, default=40
            Number of words to choose if ``words`` is None.
        method : "pca" or transformer, default="pca"
            How to find two dimensions: scikit-learn's ``PCA``, or an object whose ``fit_transform`` returns two
            columns, such as ``sklearn.manifold.TSNE``.
        ax : matplotlib Axes or None, default=None
            Axes to draw on. None creates a figure.
        **options
            Keyword arguments of :meth:`plot`.

        Returns
        -------
        WordMapDisplay
            The display, drawn.

        Raises
        ------
        TypeError
            If ``fitted`` is no transformer of this package, and no pipeline with one.
        sklearn.exceptions.NotFittedError
            If it is not fitted.
        KeyError
            If words have no vector. The message names all of them.
        ValueError
            If a parameter is out of its range, or there is nothing to compare or to draw.
        ImportError
            If matplotlib is missing.
        """
        caller = "WordMapDisplay.from_estimator"
        import_extra("matplotlib", "plot", caller)
        check(n_words, "n_words", whole(1), caller)
        check(method, "method", METHOD, caller)
        pairs = fitted_words(fitted, caller).pairs(caller, words)
        display = cls._of_pairs(pairs if words is not None else _worth_a_look(pairs, n_words), method)
        return display.plot(ax, **options)

    @classmethod
    def from_vectors(
        cls,
        words: Iterable[str],
        before: Vectors,
        after: Vectors | None = None,
        *,
        method: Method = "pca",
        ax: "Axes | None" = None,
        **options: Any,
    ) -> Self:
        """Draw any words and vectors.

        Parameters
        ----------
        words : iterable of str
            The words to draw.
        before : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors
            Vectors of the words: one row a word, NaN where a word has none, or gensim's ``KeyedVectors``.
        after : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors, or None, default=None
            Later vectors of the words. Each word must have one. None draws a map of ``before``.
        method, ax
            As for :meth:`from_estimator`.
        **options
            Keyword arguments of :meth:`plot`.

        Returns
        -------
        WordMapDisplay
            The display, drawn.

        Raises
        ------
        KeyError
            If words have no vector in ``KeyedVectors``. The message names all of them.
        ValueError
            If the arrays do not fit the words or each other, or there is nothing to draw.
        ImportError
            If matplotlib is missing.
        """
        caller = "WordMapDisplay.from_vectors"
        import_extra("matplotlib", "plot", caller)
        check(method, "method", METHOD, caller)
        words = some(listed_words(words))
        if after is None:
            places, ratio = project(given_rows(words, before, "before"), method)
            display = cls(words=words, before=places, explained_variance_ratio=ratio)
        else:
            display = cls._of_pairs(given_pairs(words, before, after), method)
        return display.plot(ax, **options)

    @classmethod
    def _of_pairs(cls, pairs: Pairs, method: Method) -> Self:
        """Find places of words before and after, by one projection."""
        n_words = len(some(pairs.words))
        places, ratio = project(np.concatenate([pairs.after, pairs.before[pairs.has_before]]), method)
        before = np.full((n_words, 2), np.nan)
        before[pairs.has_before] = places[n_words:]
        return cls(words=pairs.words, before=before, after=places[:n_words], explained_variance_ratio=ratio)

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        scatter_kwargs: Options = None,
        arrow_kwargs: Options = None,
        text_kwargs: Options = None,
    ) -> Self:
        """Draw the map.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on. None creates a figure.
        scatter_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.scatter`` for ``points_``.
        arrow_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.quiver``.
        text_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.annotate`` for the labels.

        Returns
        -------
        WordMapDisplay
            The display itself, with its artists.

        Raises
        ------
        ImportError
            If matplotlib is missing.
        """
        self.ax_ = ax = open_axes(ax, "WordMapDisplay.plot")
        self.figure_ = ax.figure
        places = self.before if self.after is None else self.after
        is_new = np.isnan(self.before[:, 0])
        self._draw_arrows(places - self.before, ~is_new, arrow_kwargs)
        self._draw_points(places, is_new, scatter_kwargs)
        _finish(ax, self.explained_variance_ratio)
        steps = np.linspace(0, 1, N_STEPS)[:, np.newaxis, np.newaxis]
        on_arrows = (places + steps * (self.before - places))[:, ~is_new].reshape(-1, 2)
        self.labels_ = draw_labels(ax, self.words, places, places, on_arrows, text_kwargs)
        return self

    def _draw_arrows(self, ways: Numbers, is_old: Flags, options: Options) -> None:
        from matplotlib.quiver import Quiver

        self.arrows_ = self.origins_ = None
        if self.after is None:
            return
        starts, style = self.before[is_old].T, styled(ARROW | {"color": ink(self.ax_)}, options, Quiver)
        self.arrows_ = self.ax_.quiver(*starts, *ways[is_old].T, angles="xy", scale_units="xy", scale=1, **style)
        hollow = {"facecolor": background(self.ax_), "edgecolor": (ink(self.ax_), 0.6), "linewidth": 0.8}
        self.origins_ = self.ax_.scatter(*starts, s=18, zorder=2, label="before", **hollow)

    def _draw_points(self, places: Numbers, is_new: Flags, options: Options) -> None:
        from matplotlib.collections import PathCollection

        style = styled({"s": 22, "color": "C0", "zorder": 3, "label": "after"}, options, PathCollection)
        self.points_ = self.ax_.scatter(*places[~is_new].T, **style)
        self.new_points_ = None
        if is_new.any():
            new = {"s": 30, "color": "C1", "marker": "D", "zorder": 3, "label": "no vector before"}
            self.new_points_ = self.ax_.scatter(*places[is_new].T, **new)
        if self.after is not None:
            self.ax_.legend(loc="best" if len(places) <= MAX_LABELS else "upper right", fontsize=FONT_SIZE)


def _finish(ax: Any, ratio: Numbers | None) -> None:
    """Give the axes room, equal units, and labels."""
    ax.margins(0.08)
    is_shared = len(ax.get_shared_x_axes().get_siblings(ax)) > 1 or len(ax.get_shared_y_axes().get_siblings(ax)) > 1
    ax.set_aspect("equal", adjustable="box" if is_shared else "datalim")
    name = "Dimension" if ratio is None else "Component"
    shares = ["", ""] if ratio is None else [f" ({share:.0%} of the variance)" for share in ratio]
    ax.set(xlabel=f"{name} 1{shares[0]}", ylabel=f"{name} 2{shares[1]}")


def _worth_a_look(pairs: Pairs, n_words: int) -> Pairs:
    """Take the words that moved most: first frequent words that are no function words, then the others."""
    cosine, order = most_moved(pairs)
    is_telling = pairs.counts >= MIN_COUNT
    is_telling[np.argsort(-pairs.counts, kind="stable")[:N_COMMON]] = False
    order = order[np.isfinite(cosine[order])]
    return pairs.take(order[np.argsort(~is_telling[order], kind="stable")][:n_words])
