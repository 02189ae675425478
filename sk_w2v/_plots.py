"""The numbers of a picture → matplotlib's artists."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ._extras import import_extra
from ._labels import DISTANCES, N_NEAR, Obstacles, place_labels

# of Okabe and Ito's colours, which the colour-blind can tell apart; shapes differ too
BLUE, ORANGE, GREY, DARK, BLACK = "#0072B2", "#D55E00", "#999999", "#555555", "#000000"
FONT_SIZE = 8.5
MAX_LABELS = 300
"""Of more words only the first are labelled, and only where there is plenty of room."""
MAX_LENGTH = 30
MAX_VECTOR_POINTS = 5000
"""More points than these are drawn as pixels in an SVG."""
MAX_OBSTACLES = 20_000
POINT_WEIGHT = 6.0
"""So many points of arrows are covered rather than the point of a word."""
MIN_IN_BIN = 10
RANGE = (0.05, 0.5, 0.95)
ARROW = {"width": 0.0018, "headwidth": 7, "headlength": 10, "headaxislength": 9, "color": GREY, "alpha": 0.7}

Numbers = NDArray[np.float64]


def draw_map(
    ax: Any,
    words: Sequence[str],
    before: Numbers,
    after: Numbers | None,
    ratio: Numbers | None,
) -> dict[str, Any]:
    """Draw words in two dimensions; return the artists by their names."""
    if after is None:
        artists, places, ways = {"points_": ax.scatter(*before.T, s=22, color=BLUE)}, before, before[:0]
    else:
        artists, places, ways = _draw_moves(ax, before, after), after, _points_between(before, after)
        ax.legend(loc="best" if len(words) <= MAX_LABELS else "upper right", fontsize=FONT_SIZE)  # best is slow
    ax.margins(0.08)
    is_shared = len(ax.get_shared_x_axes().get_siblings(ax)) > 1 or len(ax.get_shared_y_axes().get_siblings(ax)) > 1
    ax.set_aspect("equal", adjustable="box" if is_shared else "datalim")
    ax.set(xlabel=_dimension(1, ratio), ylabel=_dimension(2, ratio))
    labels = draw_labels(ax, words, places, [places, ways], near=len(words) > MAX_LABELS)
    return artists | {"labels_": labels}


def _draw_moves(ax: Any, before: Numbers, after: Numbers) -> dict[str, Any]:
    """Draw where words were and are, arrows between, and words that were nowhere."""
    is_new = np.isnan(before[:, 0])
    old, now = before[~is_new], after[~is_new]
    arrows = ax.quiver(*old.T, *(now - old).T, angles="xy", scale_units="xy", scale=1, zorder=1, **ARROW)
    origins = ax.scatter(*old.T, s=18, facecolors="white", edgecolors=GREY, zorder=2, label="before")
    points = ax.scatter(*now.T, s=22, color=BLUE, zorder=3, label="after")
    artists = {"arrows_": arrows, "origins_": origins, "points_": points}
    if is_new.any():
        label = "no vector before"
        artists["new_points_"] = ax.scatter(*after[is_new].T, s=30, color=ORANGE, marker="D", zorder=3, label=label)
    return artists


def _points_between(before: Numbers, after: Numbers, n_steps: int = 10) -> Numbers:
    """Points on the arrows."""
    is_old = np.isfinite(before[:, 0])
    steps = np.arange(n_steps)[:, np.newaxis, np.newaxis] / n_steps
    points: Numbers = (before[is_old] + steps * (after - before)[is_old]).reshape(-1, 2)
    return points


def _dimension(number: int, ratio: Numbers | None) -> str:
    return f"Dimension {number}" if ratio is None else f"Component {number} ({ratio[number - 1]:.0%} of the variance)"


def draw_drift(
    ax: Any,
    words: Sequence[str],
    counts: NDArray[np.int64],
    cosine: Numbers,
    named: Sequence[str] | None,
    n_labels: int,
) -> dict[str, Any]:
    """Draw cosine against count; return the artists by their names."""
    points = ax.scatter(
        counts, cosine, s=9, color=BLUE, alpha=0.35, linewidths=0, zorder=3, label=f"{len(words):,} words"
    )
    points.set_rasterized(len(words) > MAX_VECTOR_POINTS)
    ax.set_xscale("log")
    ax.xaxis.set_major_formatter("{x:,.0f}")
    # the same range wherever possible, so that pictures can be compared
    ax.set_ylim(min(-0.02, float(cosine.min()) - 0.05), 1.02)
    ax.grid(axis="y", alpha=0.3)
    ax.set(xlabel="Count: how often the word occurs", ylabel="Cosine of its vectors before and after (1: unchanged)")
    artists = {"points_": points, **_draw_median(ax, counts, cosine)}
    ax.legend(loc="lower right", fontsize=FONT_SIZE)
    places = np.column_stack([counts, cosine]).astype(np.float64)
    others = [places, places[:0]]
    if named is None:
        labels = draw_labels(ax, words[:n_labels], places[:n_labels], others, near=True)
        return artists | {"labels_": labels}
    row_of = {word: row for row, word in enumerate(words)}
    chosen = places[[row_of[word] for word in named]]
    artists["named_points_"] = ax.scatter(*chosen.T, s=30, color=ORANGE, marker="D", zorder=5)
    labels = draw_labels(ax, named, chosen, others)
    for label in labels:
        label.set_zorder(6)  # to be read among the points
    return artists | {"labels_": labels}


def _draw_median(ax: Any, counts: NDArray[np.int64], cosine: Numbers) -> dict[str, Any]:
    """Draw the median, and the range of 90 %, of words whose counts have equally many binary digits."""
    bins = np.floor(np.log2(counts))
    full = [number for number in np.unique(bins) if (bins == number).sum() >= MIN_IN_BIN]
    if len(full) < 2:
        return {}
    middle = [float(np.exp(np.log(counts[bins == number]).mean())) for number in full]
    low, median, high = np.transpose([np.quantile(cosine[bins == number], RANGE) for number in full])
    (line,) = ax.plot(middle, median, color=BLACK, linewidth=1.5, zorder=4, label="median")
    band = ax.fill_between(middle, low, high, color=BLACK, alpha=0.12, linewidth=0, label="90% of the words")
    return {"median_": line, "range_": band}


def draw_labels(
    ax: Any, words: Sequence[str], places: Numbers, others: Sequence[Numbers], *, near: bool = False
) -> list[Any]:
    """Write words beside their places where there is room, so that they cover few others and few ways."""
    names, places = [_shortened(word) for word in words[:MAX_LABELS]], places[:MAX_LABELS]
    ax.figure.canvas.figure.draw_without_rendering()  # lays the figure out, of which ax.figure may be a part
    points = ax.transData.transform(places)
    obstacles = _obstacles(*map(ax.transData.transform, others))
    sizes = np.array([_size(ax, name) for name in names]).reshape(-1, 2)
    taken = np.array([ax.get_legend().get_window_extent().get_points()] if ax.get_legend() else []).reshape(-1, 2, 2)
    offsets = place_labels(points, sizes, obstacles, ax.bbox.get_points(), taken, near=near) - points
    is_far = (np.abs(offsets) - sizes / 2).max(axis=1) > DISTANCES[N_NEAR - 1] * sizes[:, 1] + 1
    has_place = np.flatnonzero(np.isfinite(offsets[:, 0]))
    offsets *= 72 / ax.figure.dpi
    return [_annotate(ax, names[i], places[i], offsets[i], is_far[i]) for i in has_place.tolist()]


def _obstacles(points: Numbers, ways: Numbers) -> Obstacles:
    """Points and arrows; of very many, some stand for all, since placing labels would take minutes."""
    obstacles = np.concatenate([points, ways])
    weights = np.repeat([POINT_WEIGHT, 1.0], [len(points), len(ways)])
    step = 1 + len(obstacles) // MAX_OBSTACLES
    return Obstacles(obstacles[::step], weights[::step])


def _size(ax: Any, word: str) -> tuple[float, float]:
    text = ax.text(0, 0, word, fontsize=FONT_SIZE, parse_math=False)
    box = text.get_window_extent()
    text.remove()
    return box.width, box.height


def _annotate(ax: Any, word: str, place: Numbers, offset: Numbers, is_far: bool) -> Any:
    effects = import_extra("matplotlib.patheffects", "plot", "WordVectorsDisplay.plot")
    line = {"arrowstyle": "-", "color": DARK, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 2} if is_far else None
    position = {"xy": place, "xytext": offset, "textcoords": "offset points", "ha": "center", "va": "center"}
    label = ax.annotate(word, **position, fontsize=FONT_SIZE, arrowprops=line, zorder=2.5, parse_math=False)
    label.set_path_effects([effects.withStroke(linewidth=2, foreground="white")])
    label.set_in_layout(False)
    return label


def _shortened(word: str) -> str:
    return word if len(word) <= MAX_LENGTH else word[: MAX_LENGTH - 1] + "…"
