"""What a picture of moves shows: the artists' data."""

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec
from matplotlib import pyplot
from matplotlib.colors import to_rgba
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedVectors, WordMovesDisplay

from .pictures import AFTER, BEFORE, COUNTS, DOCUMENTS, FORMATS, WORDS, saved, texts
from helpers import estimator, key_error, must_be, whole

SOURCE = PretrainedVectors.from_arrays(["tea", "cup", "pot", "jug"], np.eye(4))


def test_a_picture_shows_cosine_against_count_of_all_words_that_have_both(fitted):
    display = WordMovesDisplay.from_estimator(fitted, n_labels=5)
    moved = fitted.moved_words(n=None)
    n_known = np.isfinite(moved.cosine).sum()
    expected = np.column_stack([moved.count, moved.cosine])[:n_known]
    np.testing.assert_allclose(display.points_.get_offsets(), expected)
    assert list(display.words) == moved.word[:n_known].tolist()
    assert set(texts(display)) <= set(moved.word[:5])
    assert display.ax_.get_xscale() == "log"
    assert display.ax_.get_ylim()[0] < 0
    assert display.ax_.get_ylim()[1] == 1.02
    assert display.marked_points_ is None


def test_a_picture_shows_the_median_of_words_that_occur_about_as_often(fitted):
    display = WordMovesDisplay.from_estimator(fitted)
    once = display.cosine[display.counts == 1]
    twice = display.cosine[(display.counts == 2) | (display.counts == 3)]
    line = display.median_.get_data()
    assert line[0][0] == 1
    np.testing.assert_allclose(line[1][:2], [np.median(once), np.median(twice)])
    edges = display.range_.get_paths()[0].vertices
    at_one = edges[edges[:, 0] == 1][:, 1]
    np.testing.assert_allclose([at_one.min(), at_one.max()], np.quantile(once, [0.05, 0.95]))


def test_words_that_are_named_are_marked_and_labelled_even_in_a_crowd(fitted):
    words = ["government", "the", "australia"]
    display = WordMovesDisplay.from_estimator(fitted, words)
    assert texts(display) == words
    moved = fitted.moved_words(words=words)
    expected = dict(zip(moved.word, zip(moved.count, moved.cosine, strict=True), strict=True))
    np.testing.assert_array_equal(display.marked_points_.get_offsets(), [expected[word] for word in words])


def test_a_picture_of_a_fitted_pipeline_shows_its_transformer():
    pipeline = make_pipeline(estimator(SOURCE), StandardScaler()).fit(DOCUMENTS)
    display = WordMovesDisplay.from_estimator(pipeline)
    np.testing.assert_array_equal(display.cosine, WordMovesDisplay.from_estimator(pipeline[0]).cosine)


def test_few_words_have_no_median():
    display = WordMovesDisplay.from_vectors(WORDS, BEFORE, AFTER, counts=[1, 2, 3, 4, 0])
    assert display.median_ is display.range_ is None
    assert sorted(display.words) == ["cup", "jug", "pot", "tea"]


def test_a_model_is_asked_for_the_counts():
    before = KeyedVectors(4)
    before.add_vectors(WORDS[:4], BEFORE[:4])
    model = Word2Vec([["tea", "cup"], ["tea", "pot"]], vector_size=4, min_count=1, epochs=1, workers=1)
    for after in (model, model.wv):
        display = WordMovesDisplay.from_vectors(["cup", "tea"], before, after)
        assert dict(zip(display.words, display.counts.tolist(), strict=True)) == {"cup": 1, "tea": 2}


@pytest.mark.parametrize("n_words", [1, 2])
@pytest.mark.parametrize("file_format", FORMATS)
def test_one_or_two_words_make_a_picture(n_words, file_format):
    display = WordMovesDisplay.from_vectors(WORDS[:n_words], BEFORE[:n_words], AFTER[:n_words], counts=COUNTS[:n_words])
    assert sorted(texts(display)) == sorted(WORDS[:n_words])
    assert len(saved(display, file_format)) > 1000


def test_a_picture_goes_into_axes_that_are_given():
    figure, axes = pyplot.subplots(1, 2)
    display = WordMovesDisplay.from_vectors(WORDS, BEFORE, AFTER, counts=COUNTS, ax=axes[1])
    assert display.ax_ is axes[1]
    assert display.figure_ is figure
    saved(display)


def test_plot_draws_the_data_of_the_constructor():
    display = WordMovesDisplay(words=["tea", "cup"], counts=np.array([1, 9]), cosine=np.array([-0.5, 1.0]))
    assert not hasattr(display, "ax_")
    assert display.plot(n_labels=1) is display
    assert texts(display) == ["tea"]
    assert display.ax_.get_ylim()[0] == pytest.approx(-0.55)
    assert texts(display.plot()) == ["tea", "cup"]


def test_points_median_and_labels_are_drawn_as_users_want_them():
    rng = np.random.default_rng(0)
    words, before = [f"word{i}" for i in range(40)], rng.normal(size=(40, 4))
    display = WordMovesDisplay.from_vectors(
        words,
        before,
        before + rng.normal(size=(40, 4)),
        counts=[1, 2] * 20,
        scatter_kwargs={"color": "red", "alpha": 1},
        line_kwargs={"c": "green", "ls": "--"},
        text_kwargs={"color": "blue"},
    )
    np.testing.assert_array_equal(display.points_.get_facecolor(), [to_rgba("red")])
    assert (display.median_.get_color(), display.median_.get_linestyle()) == ("green", "--")
    assert {label.get_color() for label in display.labels_} == {"blue"}


VECTORS = WordMovesDisplay.from_vectors
POSITIVE = "an int in the range [1, inf)"
WRONG = [
    (lambda: VECTORS([], np.empty((0, 4)), np.empty((0, 4))), "There are no words to draw."),
    (lambda: VECTORS(["tea"], [[np.nan]], [[1]], counts=[1]), "There are no words to draw."),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER),
        "WordMovesDisplay needs how often the words occur. Pass 'counts'.",
    ),
    (
        lambda: WordMovesDisplay(words=WORDS, counts=COUNTS, cosine=BEFORE[:, 0], marked=["mug"]).plot(),
        "1 of 1 words have no place in a WordMovesDisplay, since they do not occur in the documents or had no vector "
        "before: 'mug'. Leave them out.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER, counts=COUNTS, n_labels=0),
        must_be("n_labels", "WordMovesDisplay.plot", POSITIVE, 0),
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER, counts=COUNTS, n_labels=True),
        must_be("n_labels", "WordMovesDisplay.plot", POSITIVE, True),
    ),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_cannot_be_drawn_is_refused(call, message):
    with pytest.raises(ValueError, match=whole(message)):
        call()


REFUSED = [
    ([], ValueError, whole("There are no words to draw.")),
    (["teaa"], KeyError, key_error("1 of 1 words have no tuned vector: 'teaa' (did you mean 'tea'?).")),
    (
        ["tea", "of", "jug"],
        ValueError,
        whole(
            "2 of 3 words have no place in a WordMovesDisplay, since they do not occur in the documents or had no "
            "vector before: 'of', 'jug'. Leave them out."
        ),
    ),
]


@pytest.mark.parametrize(("words", "error", "pattern"), REFUSED)
def test_what_an_estimator_does_not_have_is_refused(words, error, pattern):
    w2v = estimator(SOURCE).fit(DOCUMENTS)
    with pytest.raises(error, match=pattern):
        WordMovesDisplay.from_estimator(w2v, words)


def test_an_estimator_that_has_nothing_to_compare_is_refused():
    w2v = estimator(SOURCE, output="pretrained").fit(DOCUMENTS)
    message = (
        "WordMovesDisplay.from_estimator needs tuned vectors. This transformer has none, since it was fitted with "
        "output='pretrained', which tunes nothing."
    )
    with pytest.raises(ValueError, match=whole(message)):
        WordMovesDisplay.from_estimator(w2v)
