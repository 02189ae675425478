"""Labels can be read: they cover nothing, and need no character that their font lacks."""

import warnings

import numpy as np
import pytest
from matplotlib import pyplot

from sk_w2v import WordMapDisplay, WordMovesDisplay
from sk_w2v.display._labels import draw_labels

from .pictures import AFTER, BEFORE, FORMATS, boxes, saved, texts
from helpers import whole

NOWHERE = np.empty((0, 2))


@pytest.mark.parametrize("display_class", [WordMapDisplay, WordMovesDisplay])
@pytest.mark.parametrize("dpi", [72, 100, 200])
def test_labels_of_real_words_cover_neither_each_other_nor_the_legend_nor_the_frame(fitted, display_class, dpi):
    display = display_class.from_estimator(fitted)
    display.figure_.set_dpi(dpi)
    labels = boxes(display)
    assert len(labels) > (30 if display_class is WordMapDisplay else 15)
    frame, legend = display.ax_.get_window_extent().padded(1), display.ax_.get_legend().get_window_extent()
    for number, box in enumerate(labels):
        assert box.count_overlaps([*labels[:number], legend]) == 0
        assert frame.containsx(box.x0)
        assert frame.containsx(box.x1)
        assert frame.containsy(box.y0)
        assert frame.containsy(box.y1)


def test_labels_of_a_map_cover_no_word(fitted):
    display = WordMapDisplay.from_estimator(fitted)
    points = display.ax_.transData.transform(display.after)
    assert sum(box.count_contains(points) for box in boxes(display)) == 0


def test_labels_without_room_are_left_out():
    ax = pyplot.figure(figsize=(1, 1)).add_axes((0, 0, 1, 1))
    words = [f"word{number}" for number in range(50)]
    labels = draw_labels(ax, words, np.full((50, 2), 0.5), NOWHERE, NOWHERE, None)
    assert 1 < len(labels) < 50
    assert labels[0].get_text() == "word0"
    assert list(ax.texts) == labels


def test_labels_stay_away_from_crowds():
    ax = pyplot.figure().add_axes((0, 0, 1, 1))
    below = np.random.default_rng(0).uniform((0.3, 0.3), (0.7, 0.5), size=(2000, 2))
    (label,) = draw_labels(ax, ["word"], np.array([[0.5, 0.52]]), below, NOWHERE, None)
    assert label.get_window_extent().count_contains(ax.transData.transform(below)) == 0


def test_a_label_in_the_middle_of_a_crowd_is_left_out():
    ax = pyplot.figure().add_axes((0, 0, 1, 1))
    crowd = np.random.default_rng(0).uniform(size=(9000, 2))
    assert draw_labels(ax, ["word"], np.array([[0.5, 0.5]]), crowd, NOWHERE, None) == []
    assert len(ax.texts) == 0


@pytest.mark.parametrize("word", ["$5$", "$", r"\alpha", "_x", "%", "two\nlines", "a" * 1000])
@pytest.mark.parametrize("file_format", FORMATS)
def test_odd_words_are_drawn_as_they_are(word, file_format):
    display = WordMapDisplay.from_vectors([word, "tea"], BEFORE[:2], AFTER[:2])
    saved(display, file_format)
    assert texts(display)[0] == (word if len(word) < 31 else "a" * 29 + "…")


def test_words_that_the_font_lacks_are_told_once_and_have_no_label():
    words = [*"中国美国日本北京", "tea"]
    rng = np.random.default_rng(0)
    message = (
        "The font 'DejaVu Sans' cannot write 8 of 9 words, so they have no label: '中', '国', '美', …. Name a font "
        "that can before you draw, such as 'Noto Sans CJK SC' or 'SimHei' for Chinese: "
        "matplotlib.rcParams['font.family'] = ['DejaVu Sans', 'Noto Sans CJK SC']"
    )
    with pytest.warns(UserWarning, match=whole(message)) as told:
        display = WordMapDisplay.from_vectors(words, rng.normal(size=(9, 4)))
    assert len(told) == 1
    assert told[0].filename == __file__
    assert texts(display) == ["tea"]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        saved(display)


def test_a_second_font_writes_what_the_first_lacks():
    words, places = ["ωmega", "tea"], np.array([[0.2, 0.2], [0.5, 0.5]])
    ax = pyplot.figure().add_axes((0, 0, 1, 1))
    with pytest.warns(UserWarning, match=r"The font 'cmr10' cannot write 1 of 2 words.*: 'ωmega'\. Name"):
        labels = draw_labels(ax, words, places, NOWHERE, NOWHERE, {"family": "cmr10"})
    assert [label.get_text() for label in labels] == ["tea"]
    labels = draw_labels(ax, words, places, NOWHERE, NOWHERE, {"family": ["cmr10", "DejaVu Sans"]})
    assert [label.get_text() for label in labels] == words
