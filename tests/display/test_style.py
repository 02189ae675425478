"""Pictures fit in with the style of matplotlib that is in use."""

import numpy as np
import pytest
from matplotlib import pyplot, style
from matplotlib.colors import same_color, to_rgb

from sk_w2v import WordMapDisplay, WordMovesDisplay
from sk_w2v.display._style import background, styled

from .pictures import AFTER, BEFORE, WORDS

MANY = np.random.default_rng(0).normal(size=(40, 4))


def luminance(colour):
    """As the Web Content Accessibility Guidelines define it."""
    shares = np.array(to_rgb(colour))
    return np.where(shares <= 0.03928, shares / 12.92, ((shares + 0.055) / 1.055) ** 2.4) @ [0.2126, 0.7152, 0.0722]


def contrast(*colours):
    dark, light = sorted(map(luminance, colours))
    return (light + 0.05) / (dark + 0.05)


def moves():
    words = [f"word{number}" for number in range(40)]
    return WordMovesDisplay.from_vectors(words, MANY, MANY[::-1], counts=[1, 2] * 20)


@pytest.mark.parametrize("name", ["default", *style.available])
def test_labels_and_median_can_be_read_in_every_style(name):
    with style.context(name):
        displays = [WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER), moves()]
    behind = [background(display.ax_) for display in displays]
    for display, colour in zip(displays, behind, strict=True):
        assert len(display.labels_) > 0
        assert all(contrast(label.get_color(), colour) > 3.5 for label in display.labels_)
        halos = [label.get_path_effects()[0]._gc["foreground"] for label in display.labels_]
        assert all(same_color(halo, colour) for halo in halos)
    assert contrast(displays[1].median_.get_color(), behind[1]) > 3.5
    assert same_color(displays[0].origins_.get_facecolor()[0], behind[0])


def test_points_have_the_first_colours_of_the_style():
    before = BEFORE.copy()
    before[0] = np.nan
    with style.context({"axes.prop_cycle": pyplot.cycler(color=["red", "lime"])}):
        display = WordMapDisplay.from_vectors(WORDS, before, AFTER)
    assert same_color(display.points_.get_facecolor()[0], "red")
    assert same_color(display.new_points_.get_facecolor()[0], "lime")


def test_labels_fit_axes_of_another_style():
    with style.context("dark_background"):
        ax = pyplot.figure().subplots()
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=ax)
    assert all(contrast(label.get_color(), background(ax)) > 15 for label in display.labels_)


def test_behind_transparent_axes_is_the_figure():
    ax = pyplot.figure(facecolor="navy").subplots()
    ax.set_facecolor("none")
    assert same_color(background(ax), "navy")
    ax.set_facecolor("white")
    assert same_color(background(ax), "white")


def test_figures_and_letters_are_as_large_as_the_style_has_them():
    with style.context({"figure.figsize": (4, 2), "font.size": 20}):
        display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER)
    assert display.figure_.get_size_inches().tolist() == [5, 2.5]
    assert {label.get_fontsize() for label in display.labels_} == {20 * 0.833}


def test_what_users_pass_replaces_defaults_by_any_alias():
    defaults = {"color": "C0", "linewidth": 1, "zorder": 3}
    assert styled(defaults, {"lw": 2, "c": "red"}, pyplot.Line2D) == {"color": "red", "linewidth": 2, "zorder": 3}
    assert styled(defaults, None, pyplot.Line2D) == defaults


def test_two_aliases_at_once_are_refused():
    with pytest.raises(TypeError, match=r"Got both '(lw|linewidth)' and '(lw|linewidth)', which are aliases"):
        styled({}, {"lw": 2, "linewidth": 1}, pyplot.Line2D)
