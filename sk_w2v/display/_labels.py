"""Words and their places in axes → labels beside them, as many as can be read."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .._checks import warn
from ._style import FONT_SIZE, Options, background, ink, styled

# The first words, which alone may have a label.
MAX_LABELS = 300
MAX_LENGTH = 30
SIDES = (1, 0.5, 0, -0.5, -1)
# From a point to the centre of its label, right above first.
DIRECTIONS = np.array([(x, y) for x in SIDES for y in SIDES if 1 in (abs(x), abs(y))])
# From a point to the edge of its label, in heights of the label. Farther labels would need a line to their points.
DISTANCES = np.array([[[0.35]], [[0.8]], [[1.4]]])
# Beside and above each label, in heights of the label.
MARGIN = np.array([0.3, 0.05])
# Around each point, in heights of the label.
CLEARANCE = 0.3
# A label goes to the next distance only if it covers less of the crowd there.
COST_OF_DISTANCE = 0.5
# Points of arrows that a label covers rather than the point of a word.
WEIGHT = 3
# A label that would cover more of a crowd is left out.
MAX_COVERED = 6

Points = NDArray[np.float64]


def draw_labels(
    ax: Any, words: Sequence[str], places: Points, points: Points, ways: Points, options: Options
) -> list[Any]:
    """Write words beside their places, one after the other. A word without room has no label.

    Parameters
    ----------
    ax : matplotlib Axes
        Axes that are complete but for the labels.
    words : sequence of str
        The words, the most important first.
    places : ndarray of shape (n_words, 2), dtype float64
        Their places, in the units of the data.
    points : ndarray of shape (n_points, 2), dtype float64
        Points that labels had better not cover.
    ways : ndarray of shape (n_steps, 2), dtype float64
        Points of arrows, which matter less.
    options : mapping or None
        Keyword arguments that users pass for the labels.

    Returns
    -------
    list of matplotlib Annotation
        The labels that have room.
    """
    labels = _with_glyphs(_annotate(ax, words[:MAX_LABELS], places, options))
    ax.figure.canvas.figure.draw_without_rendering()  # lays the whole figure out; ax.figure may be a part of it
    legend, to_pixels = ax.get_legend(), ax.transData.transform
    taken = [] if legend is None else [legend.get_window_extent().get_points()]
    placed, crowd = [], to_pixels(np.concatenate([np.repeat(points, WEIGHT, axis=0), ways]))
    for label in labels:
        box = label.get_window_extent().get_points()
        centre = _free_place(to_pixels(label.xy), np.ptp(box, axis=0), crowd, taken, ax.bbox.get_points())
        if centre is None:
            label.remove()
            continue
        shift = centre - box.mean(axis=0)
        label.set_position(shift * 72 / ax.figure.dpi)
        taken.append(box + shift)
        placed.append(label)
    return placed


def _annotate(ax: Any, words: Sequence[str], places: Points, options: Options) -> list[Any]:
    """Write words on their places."""
    from matplotlib.patheffects import withStroke
    from matplotlib.text import Text

    halo = [withStroke(linewidth=2, foreground=background(ax))]
    looks = {"color": ink(ax), "fontsize": FONT_SIZE, "path_effects": halo, "parse_math": False, "zorder": 6}
    layout = {"horizontalalignment": "center", "verticalalignment": "center", "in_layout": False}
    style = styled(looks | layout, options, Text)
    names = [word if len(word) <= MAX_LENGTH else word[: MAX_LENGTH - 1] + "…" for word in words]
    pairs = zip(names, places, strict=False)
    return [ax.annotate(name, place, (0, 0), textcoords="offset points", **style) for name, place in pairs]


def _with_glyphs(labels: list[Any]) -> list[Any]:
    """Remove labels that their font cannot write. matplotlib would draw boxes, and warn of each character."""
    characters = _characters(labels[0]) if labels else set()
    lacking = [label for label in labels if not characters.issuperset(label.get_text())]
    for label in lacking:
        label.remove()
    if lacking:
        font = lacking[0].get_fontname()
        shown = ", ".join([repr(label.get_text()) for label in lacking[:3]] + ["…"] * (len(lacking) > 3))
        warn(
            f"The font {font!r} cannot write {len(lacking)} of {len(labels)} words, so they have no label: {shown}. "
            "Name a font that can before you draw, such as 'Noto Sans CJK SC' or 'SimHei' for Chinese: "
            f"matplotlib.rcParams['font.family'] = [{font!r}, 'Noto Sans CJK SC']"
        )
    return [label for label in labels if label not in lacking]


def _characters(label: Any) -> set[str]:
    """Return the characters that the fonts of a label have."""
    from matplotlib.font_manager import findfont, get_font

    fonts = [label.get_fontproperties().copy() for _ in label.get_fontfamily()]
    for font, family in zip(fonts, label.get_fontfamily(), strict=True):
        font.set_family(family)
    return {"\n"}.union(*(map(chr, get_font(findfont(font)).get_charmap()) for font in fonts))


def _free_place(point: Points, size: Points, crowd: Points, taken: list[Points], frame: Points) -> Points | None:
    """Return the centre of a free box near a point that covers few of a crowd, or None. All are in pixels."""
    height, half = size[1], size / 2 + MARGIN * size[1]
    centres = (point + DIRECTIONS * (half + height * DISTANCES)).reshape(-1, 2)
    boxes = np.reshape(taken, (-1, 2, 2))
    is_free = ((centres - half >= frame[0]) & (centres + half <= frame[1])).all(axis=1)
    is_free &= _n_covered(centres, half + np.ptp(boxes, axis=1) / 2, boxes.mean(axis=1)) == 0
    is_near = np.logical_and(*(np.abs(crowd - point) < 2 * half + height * (DISTANCES.max() + CLEARANCE)).T)
    n_covered = _n_covered(centres, half + CLEARANCE * height, crowd[is_near])
    cost = n_covered + COST_OF_DISTANCE * np.repeat(np.arange(len(DISTANCES)), len(DIRECTIONS))
    cost[~is_free | (n_covered > MAX_COVERED)] = np.inf
    return centres[cost.argmin()] if np.isfinite(cost).any() else None


def _n_covered(centres: Points, halves: Points, others: Points) -> NDArray[np.intp]:
    """Count for each centre the other places that are nearer to it than the halves of a box."""
    is_near = np.abs(centres[:, np.newaxis] - others) < halves
    counts: NDArray[np.intp] = (is_near[..., 0] & is_near[..., 1]).sum(axis=1)  # much faster than all(axis=2)
    return counts
