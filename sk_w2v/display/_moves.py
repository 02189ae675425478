"""Words with their counts and cosines → a picture of how much each moved."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .._checks import check, import_extra, listed_words, whole
from ..fitted._moves import most_moved
from ..fitted._words import Pairs, fitted_words
from ._given import Vectors, given_pairs, some
from ._labels import draw_labels
from ._style import FONT_SIZE, Options, ink, open_axes, styled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# More points than these are drawn as pixels in an SVG.
MAX_VECTOR_POINTS = 5000
# The median of fewer words says little.
MIN_IN_BIN = 10
RANGE = (0.05, 0.5, 0.95)

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]


class WordMovesDisplay:
    r"""How much each word moved by tuning, against how often it occurs.

    The height of a word is the cosine of its vectors :math:`b` before and :math:`a` after tuning,

    .. math:: \frac{b \cdot a}{\lVert b \rVert \lVert a \rVert}

    A line shows the median of words that occur about as often, and a band the range of 90 % of them. If all words are
    at 1, training changed nothing: raise ``epochs`` or ``lockf``. If most words are near 0, little is left of the
    pretrained vectors: lower ``epochs`` or ``lockf``.

    Create a display with :meth:`from_estimator` or :meth:`from_vectors`, which also draw it. This needs matplotlib, the
    extra ``plot``. Colours follow matplotlib's style in use. A word has no label where there is no room for it.

    Parameters
    ----------
    words : sequence of str
        The words. The first of them get labels.
    counts : ndarray of shape (n_words,), dtype int64
        How often each word occurs, 1 or more.
    cosine : ndarray of shape (n_words,), dtype float64
        Cosine of the vectors of each word before and after.
    marked : sequence of str or None, default=None
        Words to mark and to label instead of the first words.

    Attributes
    ----------
    ax_ : matplotlib Axes
        Axes of the picture.
    figure_ : matplotlib Figure
        Figure of the picture.
    points_ : matplotlib PathCollection
        The words.
    marked_points_ : matplotlib PathCollection or None
        The marked words. None if no words are marked.
    median_ : matplotlib Line2D or None
        The median. None if there are too few words.
    range_ : matplotlib FillBetweenPolyCollection or None
        The range of 90 % of the words. None if there are too few words.
    labels_ : list of matplotlib Annotation
        The labels that have room.

    See Also
    --------
    WordMapDisplay : Where words moved.
    PretrainedWord2VecTransformer.moved_words : The numbers behind the picture.

    Examples
    --------
    >>> import numpy as np
    >>> from sk_w2v import WordMovesDisplay
    >>> before = np.array([[0, 1, 2], [2, 1, 0], [1, 1, 1]])
    >>> after = before + [0.5, 0, 0]
    >>> display = WordMovesDisplay.from_vectors(["tea", "cup", "pot"], before, after, counts=[5, 2, 9])
    >>> list(display.words)
    ['tea', 'pot', 'cup']
    >>> display.cosine.round(3)
    array([0.976, 0.98 , 0.997])
    >>> display.figure_.savefig("moves.svg")  # doctest: +SKIP
    """

    def __init__(
        self, *, words: Sequence[str], counts: Counts, cosine: Numbers, marked: Sequence[str] | None = None
    ) -> None:
        self.words = words
        self.counts = counts
        self.cosine = cosine
        self.marked = marked

    @classmethod
    def from_estimator(
        cls,
        fitted: Any,
        words: Iterable[str] | None = None,
        *,
        ax: "Axes | None" = None,
        **options: Any,
    ) -> Self:
        """Draw all words of a fitted transformer that occur in the documents and have a pretrained vector.

        Parameters
        ----------
        fitted : PretrainedWord2VecTransformer or Pipeline
            A fitted transformer that has pretrained and tuned vectors, or a fitted pipeline with one.
        words : iterable of str or None, default=None
            Words to mark and to label. None labels the words that moved most.
        ax : matplotlib Axes or None, default=None
            Axes to draw on. None creates a figure.
        **options
            Keyword arguments of :meth:`plot`.

        Returns
        -------
        WordMovesDisplay
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
        caller = "WordMovesDisplay.from_estimator"
        import_extra("matplotlib", "plot", caller)
        state = fitted_words(fitted, caller)
        marked = None if words is None else some(state.pairs(caller, words).words)
        display = cls._of_pairs(state.pairs(caller), marked)
        return display.plot(ax, **options)

    @classmethod
    def from_vectors(
        cls,
        words: Iterable[str],
        before: Vectors,
        after: Vectors,
        *,
        counts: ArrayLike | None = None,
        ax: "Axes | None" = None,
        **options: Any,
    ) -> Self:
        """Draw any words and vectors.

        Parameters
        ----------
        words : iterable of str
            The words. Those that had no vector before or do not occur are left out.
        before : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors
            Vectors of the words: one row a word, NaN where a word has none, or gensim's ``KeyedVectors``.
        after : array-like of shape (n_words, vector_size), dtype float, or KeyedVectors
            Later vectors of the words. Each word must have one.
        counts : array-like of shape (n_words,), dtype int, or None, default=None
            How often each word occurs. None reads it from the ``KeyedVectors`` of ``after``.
        ax : matplotlib Axes or None, default=None
            Axes to draw on. None creates a figure.
        **options
            Keyword arguments of :meth:`plot`.

        Returns
        -------
        WordMovesDisplay
            The display, drawn.

        Raises
        ------
        KeyError
            If words have no vector in the ``KeyedVectors`` of ``after``. The message names all of them.
        ValueError
            If the arrays do not fit the words or each other, or there is nothing to draw.
        ImportError
            If matplotlib is missing.
        """
        caller = "WordMovesDisplay.from_vectors"
        import_extra("matplotlib", "plot", caller)
        pairs = given_pairs(some(listed_words(words)), before, after, counts)
        return cls._of_pairs(pairs).plot(ax, **options)

    @classmethod
    def _of_pairs(cls, pairs: Pairs, marked: Sequence[str] | None = None) -> Self:
        """Compare words that have both vectors, those that moved most first."""
        if not pairs.counts.any():
            raise ValueError("WordMovesDisplay needs how often the words occur. Pass 'counts'.")
        cosine, order = most_moved(pairs)
        drawn = order[np.isfinite(cosine[order]) & (pairs.counts[order] > 0)]
        words = some([pairs.words[row] for row in drawn.tolist()])
        return cls(words=words, counts=pairs.counts[drawn], cosine=cosine[drawn], marked=marked)

    def plot(
        self,
        ax: "Axes | None" = None,
        *,
        n_labels: int = 40,
        scatter_kwargs: Options = None,
        line_kwargs: Options = None,
        text_kwargs: Options = None,
    ) -> Self:
        """Draw the picture.

        Parameters
        ----------
        ax : matplotlib Axes or None, default=None
            Axes to draw on. None creates a figure.
        n_labels : int, default=40
            Number of words to label at most if none are marked.
        scatter_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.scatter`` for ``points_``.
        line_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.plot`` for the median.
        text_kwargs : mapping or None, default=None
            Keyword arguments of ``Axes.annotate`` for the labels.

        Returns
        -------
        WordMovesDisplay
            The display itself, with its artists.

        Raises
        ------
        ValueError
            If ``n_labels`` is out of its range, or a marked word is not among the words.
        ImportError
            If matplotlib is missing.
        """
        check(n_labels, "n_labels", whole(1), "WordMovesDisplay.plot")
        rows = np.arange(len(self.words))[:n_labels] if self.marked is None else self._rows_of(self.marked)
        self.ax_ = ax = open_axes(ax, "WordMovesDisplay.plot")
        self.figure_ = ax.figure
        self._draw_points(scatter_kwargs)
        self._draw_median(line_kwargs)
        ax.legend(loc="lower right", fontsize=FONT_SIZE)
        crowd = np.column_stack([self.counts, self.cosine]).astype(np.float64)
        places = crowd[rows]
        self.marked_points_ = None
        if self.marked is not None:
            crowd = places  # marked words are to have labels among all the others
            self.marked_points_ = ax.scatter(places[:, 0], places[:, 1], s=30, color="C1", marker="D", zorder=5)
        names = [self.words[row] for row in rows.tolist()]
        self.labels_ = draw_labels(ax, names, places, crowd, places[:0], text_kwargs)
        return self

    def _rows_of(self, words: Sequence[str]) -> NDArray[np.intp]:
        row_of = {word: row for row, word in enumerate(self.words)}
        if lacking := [word for word in words if word not in row_of]:
            raise ValueError(
                f"{len(lacking)} of {len(words)} words have no place in a WordMovesDisplay, since they do not occur in "
                f"the documents or had no vector before: {', '.join(map(repr, lacking))}. Leave them out."
            )
        return np.array([row_of[word] for word in words], np.intp)

    def _draw_points(self, options: Options) -> None:
        from matplotlib.collections import PathCollection

        n_words = len(self.words)
        defaults = {"s": 9, "color": "C0", "alpha": 0.45, "linewidth": 0, "zorder": 3, "label": f"{n_words:,} words"}
        defaults["rasterized"] = n_words > MAX_VECTOR_POINTS
        self.points_ = self.ax_.scatter(self.counts, self.cosine, **styled(defaults, options, PathCollection))
        self.ax_.set_xscale("log")
        self.ax_.xaxis.set_major_formatter("{x:,.0f}")
        # the same range wherever possible, so that pictures can be compared
        self.ax_.set_ylim(min(-0.02, float(self.cosine.min()) - 0.05), 1.02)
        self.ax_.grid(axis="y", alpha=0.3)
        ylabel = "Cosine of its vectors before and after (1: unchanged)"
        self.ax_.set(xlabel="Count: how often the word occurs", ylabel=ylabel)

    def _draw_median(self, options: Options) -> None:
        """Draw the median, and the range of 90 %, of words whose counts have equally many binary digits."""
        from matplotlib.lines import Line2D

        self.median_ = self.range_ = None
        bins = np.floor(np.log2(self.counts))
        full = [bins == number for number in np.unique(bins) if (bins == number).sum() >= MIN_IN_BIN]
        if len(full) < 2:
            return
        middle = [float(np.exp(np.log(self.counts[rows]).mean())) for rows in full]
        low, median, high = np.transpose([np.quantile(self.cosine[rows], RANGE) for rows in full])
        colour = ink(self.ax_)
        style = styled({"color": colour, "linewidth": 1.5, "zorder": 4, "label": "median"}, options, Line2D)
        (self.median_,) = self.ax_.plot(middle, median, **style)
        band = {"color": colour, "alpha": 0.12, "linewidth": 0, "label": "90% of the words"}
        self.range_ = self.ax_.fill_between(middle, low, high, **band)
