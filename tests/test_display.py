"""What the pictures show: the artists' data."""

import io
import re
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec
from matplotlib import pyplot
from matplotlib.text import Text
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.manifold import TSNE

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, WordVectorsDisplay
from sk_w2v._labels import Obstacles, place_labels

matplotlib.use("agg")

WORDS = ["tea", "cup", "pot", "jug", "lid"]
BEFORE = np.random.default_rng(0).normal(size=(5, 4))
AFTER = BEFORE + np.random.default_rng(1).normal(size=(5, 4)) / 4
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot", "tea"]
FORMATS = ["png", "svg"]


def whole(message):
    return f"^{re.escape(message)}\\Z"


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def fitted(keyed_vectors, documents):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=5, random_state=0).fit(documents)


def saved(display, file_format="png"):
    file = io.BytesIO()
    display.figure_.savefig(file, format=file_format)
    return file.getvalue()


def texts(display):
    return [label.get_text() for label in display.labels_]


def boxes(display):
    """Where the labels are once all is drawn."""
    display.figure_.canvas.draw()
    return [Text.get_window_extent(label) for label in display.labels_]  # an Annotation's has its line too


def test_a_map_shows_one_pca_of_the_vectors_before_and_after():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER)
    pca = PCA(2)
    places = pca.fit_transform(np.concatenate([AFTER, BEFORE]))
    np.testing.assert_allclose(display.points_.get_offsets(), places[:5])
    np.testing.assert_allclose(display.origins_.get_offsets(), places[5:])
    np.testing.assert_allclose(np.column_stack([display.arrows_.U, display.arrows_.V]), places[:5] - places[5:])
    np.testing.assert_allclose(display.arrows_.get_offsets(), places[5:])
    np.testing.assert_allclose(display.explained_variance_ratio, pca.explained_variance_ratio_)
    shares = [f"{share:.0%}" for share in pca.explained_variance_ratio_]
    assert display.ax_.get_xlabel() == f"Component 1 ({shares[0]} of the variance)"
    assert display.ax_.get_ylabel() == f"Component 2 ({shares[1]} of the variance)"
    assert display.ax_.get_aspect() == 1
    assert texts(display) == WORDS
    assert display.new_points_ is None


def test_labels_belong_to_their_points():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER)
    np.testing.assert_allclose([label.xy for label in display.labels_], display.after)


def test_words_without_a_vector_before_are_marked_and_have_no_arrow():
    before = BEFORE.copy()
    before[[1, 3]] = np.nan
    display = WordVectorsDisplay.from_vectors(WORDS, before, AFTER)
    assert np.isnan(display.before[[1, 3]]).all()
    np.testing.assert_array_equal(display.new_points_.get_offsets(), display.after[[1, 3]])
    np.testing.assert_array_equal(display.points_.get_offsets(), display.after[[0, 2, 4]])
    assert len(display.arrows_.U) == len(display.origins_.get_offsets()) == 3
    legend = [text.get_text() for text in display.ax_.get_legend().get_texts()]
    assert legend == ["before", "after", "no vector before"]
    colours = [tuple(points.get_facecolor()[0]) for points in (display.points_, display.new_points_)]
    paths = [points.get_paths()[0].vertices.tolist() for points in (display.points_, display.new_points_)]
    assert colours[0] != colours[1]
    assert paths[0] != paths[1]


def test_a_map_of_one_set_of_vectors_has_points_and_no_arrows():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE)
    np.testing.assert_allclose(display.points_.get_offsets(), PCA(2).fit_transform(BEFORE))
    assert display.arrows_ is display.origins_ is display.after is None
    assert display.ax_.get_legend() is None


def test_a_map_of_an_estimator_shows_its_vectors(fitted, glove):
    words = ["government", "fire", "australia", "the"]
    display = WordVectorsDisplay.from_estimator(fitted, words)
    before = [glove[1][glove[0].index(word)] for word in words]
    expected = WordVectorsDisplay.from_vectors(words, before, fitted.vectors_[[fitted.vocabulary_[w] for w in words]])
    np.testing.assert_allclose(display.before, expected.before, atol=1e-5)
    np.testing.assert_allclose(display.after, expected.after, atol=1e-5)


def test_a_map_shows_the_words_that_moved_most(fitted):
    display = WordVectorsDisplay.from_estimator(fitted, n_words=12)
    assert list(display.words) == fitted.drift().word[:12].tolist()
    assert len(WordVectorsDisplay.from_estimator(fitted).words) == 40


def test_a_word_of_the_estimator_without_a_pretrained_vector_is_marked():
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    w2v = PretrainedWord2VecTransformer(source, epochs=2, random_state=0).fit(DOCUMENTS)
    display = WordVectorsDisplay.from_estimator(w2v, ["tea", "of"])
    assert len(display.new_points_.get_offsets()) == 1
    assert WordVectorsDisplay.from_estimator(w2v).new_points_ is None


def test_drift_shows_cosine_against_count_of_all_words_that_have_both(fitted):
    display = WordVectorsDisplay.from_estimator(fitted, kind="drift", n_words=5)
    moved = fitted.drift()
    n_known = np.isfinite(moved.cosine).sum()
    expected = np.column_stack([moved.count, moved.cosine])[:n_known]
    np.testing.assert_allclose(display.points_.get_offsets(), expected)
    assert set(texts(display)) <= set(moved.word[:5])
    assert display.ax_.get_xscale() == "log"
    assert display.ax_.get_ylim()[0] < 0
    assert display.ax_.get_ylim()[1] == 1.02


def test_drift_shows_the_median_of_words_that_occur_about_as_often(fitted):
    display = WordVectorsDisplay.from_estimator(fitted, kind="drift")
    once = display.cosine[display.counts == 1]
    twice = display.cosine[(display.counts == 2) | (display.counts == 3)]
    line = display.median_.get_data()
    assert line[0][0] == 1
    np.testing.assert_allclose(line[1][:2], [np.median(once), np.median(twice)])
    edges = display.range_.get_paths()[0].vertices
    at_one = edges[edges[:, 0] == 1][:, 1]
    np.testing.assert_allclose([at_one.min(), at_one.max()], np.quantile(once, [0.05, 0.95]))


def test_drift_marks_and_labels_the_words_that_were_asked_for(fitted):
    display = WordVectorsDisplay.from_estimator(fitted, ["government"], kind="drift")
    assert texts(display) == ["government"]
    moved = fitted.drift(["government"])
    np.testing.assert_array_equal(display.named_points_.get_offsets(), [[moved.count[0], moved.cosine[0]]])


def test_drift_of_few_words_has_no_median():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, counts=[1, 2, 3, 4, 0], kind="drift")
    assert display.median_ is display.range_ is None
    assert sorted(display.words) == ["cup", "jug", "pot", "tea"]


def test_keyed_vectors_are_asked_for_the_words_and_their_counts():
    before, after = KeyedVectors(4), KeyedVectors(4)
    before.add_vectors(WORDS[:4], BEFORE[:4])
    after.add_vectors(WORDS[::-1], AFTER[::-1])
    display = WordVectorsDisplay.from_vectors(WORDS, before, after)
    expected = WordVectorsDisplay.from_vectors(WORDS, np.vstack([BEFORE[:4], [[np.nan] * 4]]), AFTER)
    np.testing.assert_allclose(display.before, expected.before, atol=1e-5)
    np.testing.assert_allclose(display.after, expected.after, atol=1e-5)
    model = Word2Vec([["tea", "cup"], ["tea", "pot"]], vector_size=4, min_count=1, epochs=1, workers=1)
    display = WordVectorsDisplay.from_vectors(["cup", "tea"], before, model, kind="drift")
    assert dict(zip(display.words, display.counts.tolist(), strict=True)) == {"cup": 1, "tea": 2}


def test_another_method_than_pca_has_no_variance_in_its_labels():
    method = TSNE(perplexity=2, random_state=0, init="random")
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, method=method)
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("Dimension 1", "Dimension 2")
    assert display.after.shape == (5, 2)
    assert not hasattr(method, "embedding_")


@pytest.mark.parametrize("n_words", [1, 2])
@pytest.mark.parametrize("kind", ["map", "drift"])
@pytest.mark.parametrize("file_format", FORMATS)
def test_one_or_two_words_make_a_picture(n_words, kind, file_format):
    counts = np.arange(1, n_words + 1)
    display = WordVectorsDisplay.from_vectors(
        WORDS[:n_words], BEFORE[:n_words], AFTER[:n_words], counts=counts, kind=kind
    )
    assert sorted(texts(display)) == sorted(WORDS[:n_words])
    assert len(saved(display, file_format)) > 1000


def test_identical_vectors_make_a_map_of_one_point():
    display = WordVectorsDisplay.from_vectors(WORDS, np.ones((5, 4)), np.ones((5, 4)))
    assert not display.after.any()
    assert not display.before.any()
    assert display.ax_.get_xlabel() == "Component 1 (0% of the variance)"
    assert len(texts(display)) == 5
    saved(display)


def test_vectors_of_one_number_lie_on_a_line():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE[:, :1], AFTER[:, :1])
    assert not display.after[:, 1].any()
    assert display.ax_.get_xlabel() == "Component 1 (100% of the variance)"


def test_a_word_that_is_new_and_alone_makes_a_map():
    display = WordVectorsDisplay.from_vectors(["tea"], [[np.nan, np.nan]], [[1, 2]])
    assert display.new_points_.get_offsets().tolist() == [[0, 0]]
    saved(display)


@pytest.mark.parametrize("kind", ["map", "drift"])
@pytest.mark.parametrize("dpi", [72, 100, 200])
def test_labels_of_real_words_cover_neither_each_other_nor_the_legend_nor_the_frame(fitted, kind, dpi):
    display = WordVectorsDisplay.from_estimator(fitted, kind=kind)
    display.figure_.set_dpi(dpi)
    labels = boxes(display)
    assert len(labels) > (35 if kind == "map" else 15)
    frame, legend = display.ax_.get_window_extent(), display.ax_.get_legend().get_window_extent()
    for number, box in enumerate(labels):
        assert not any(box.overlaps(other) for other in [*labels[:number], legend])
        assert frame.padded(1).containsx(box.x0)
        assert frame.padded(1).containsx(box.x1)
        assert frame.padded(1).containsy(box.y0)
        assert frame.padded(1).containsy(box.y1)


def test_labels_without_room_are_left_out():
    points = np.zeros((200, 2))
    sizes, bounds = np.tile([40.0, 10.0], (200, 1)), np.array([[-99.0, -99.0], [99.0, 99.0]])
    centres = place_labels(points, sizes, Obstacles(points, np.ones(200)), bounds, np.empty((0, 2, 2)))
    placed = centres[np.isfinite(centres[:, 0])]
    assert 10 < len(placed) < 200
    gaps = np.abs(placed[:, np.newaxis] - placed) - [40, 10]
    np.fill_diagonal(gaps[..., 0], 1)
    assert (gaps.max(axis=2) >= 0).all()
    assert (np.abs(placed) + sizes[0] / 2 <= 99).all()


@pytest.mark.parametrize("word", ["$5$", "$", r"\alpha", "_x", "%", "a" * 1000])
@pytest.mark.parametrize("file_format", FORMATS)
def test_odd_words_are_drawn_as_they_are(word, file_format):
    display = WordVectorsDisplay.from_vectors([word, "tea"], BEFORE[:2], AFTER[:2])
    saved(display, file_format)
    assert texts(display)[0] == (word if len(word) < 31 else "a" * 29 + "…")


def test_a_picture_goes_into_axes_that_are_given():
    figure, axes = pyplot.subplots(1, 2)
    first = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes[0])
    second = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, counts=range(1, 6), kind="drift", ax=axes[1])
    assert first.ax_ is axes[0]
    assert second.ax_ is axes[1]
    assert first.figure_ is second.figure_ is figure
    saved(first)


def test_axes_may_be_shared_or_in_a_subfigure():
    _, axes = pyplot.subplots(1, 2, sharex=True, sharey=True)
    saved(WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes[0]))
    axes = pyplot.figure().subfigures(1, 2)[0].subplots()
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes)
    assert display.figure_ is axes.figure
    assert texts(display) == WORDS


def test_plot_draws_again():
    display = WordVectorsDisplay.from_vectors(WORDS, BEFORE, AFTER)
    ax = pyplot.figure().subplots()
    assert display.plot(ax) is display
    assert display.ax_ is ax
    np.testing.assert_array_equal(display.points_.get_offsets(), display.after)
    assert display.plot().ax_ is not ax


def test_nothing_is_drawn_before_plot():
    display = WordVectorsDisplay(words=["tea"], before=np.zeros((1, 2)))
    assert not hasattr(display, "ax_")
    assert texts(display.plot()) == ["tea"]


def keyed(words, rows):
    vectors = KeyedVectors(len(rows[0]))
    vectors.add_vectors(words, rows)
    return vectors


VECTORS = WordVectorsDisplay.from_vectors
WRONG = [
    (lambda: VECTORS([], np.empty((0, 4))), ValueError, "There are no words to draw."),
    (lambda: VECTORS([], np.empty((0, 4)), np.empty((0, 4))), ValueError, "There are no words to draw."),
    (lambda: VECTORS("tea", [[1]]), TypeError, "Expected an iterable of words. Got the str 'tea' instead."),
    (lambda: VECTORS([1], [[1]]), TypeError, "Expected words, each a str. Got 1 instead."),
    (
        lambda: VECTORS(WORDS, BEFORE[:2]),
        ValueError,
        "The array 'before' must have one row for each of the 5 words. Got the shape (2, 4).",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER[0]),
        ValueError,
        "The array 'after' must have one row for each of the 5 words. Got the shape (4,).",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER[:, :3]),
        ValueError,
        "Vectors before and after must have equally many numbers a word. Got 4 and 3.",
    ),
    (
        lambda: VECTORS(["tea"], [[1, np.nan]]),
        ValueError,
        "The 'before' vector of 'tea' has NaN or infinity among its numbers.",
    ),
    (
        lambda: VECTORS(["tea"], [[1, 2]], [[1, np.inf]]),
        ValueError,
        "The 'after' vector of 'tea' has NaN or infinity among its numbers.",
    ),
    (lambda: VECTORS(["tea"], [[1]], [[np.nan]]), ValueError, "The 'after' vector of 'tea' is NaN."),
    (
        lambda: VECTORS(["tea"], [[np.nan]]),
        ValueError,
        "The 'before' vector of 'tea' is NaN, and there is no after.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, kind="drift"),
        ValueError,
        "kind='drift' compares vectors before and after, and 'after' is None.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER, kind="drift"),
        ValueError,
        "kind='drift' needs how often the words occur: pass 'counts'.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, AFTER, counts=[1, 2]),
        ValueError,
        "'counts' must be one int for each of the 5 words. Got int64 of shape (2,).",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, kind="heat"),
        ValueError,
        "The 'kind' of WordVectorsDisplay must be 'map' or 'drift'. Got 'heat' instead.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, method="tsne"),
        ValueError,
        "The 'method' of WordVectorsDisplay must be 'pca' or an object with fit_transform. Got 'tsne' instead.",
    ),
    (
        lambda: VECTORS(WORDS, BEFORE, method=PCA(3)),
        ValueError,
        "The 'method' PCA(n_components=3) must give two columns. Got the shape (5, 3).",
    ),
    (
        lambda: VECTORS(["tea", "cuup"], keyed(["tea", "cup"], [[1], [2]])),
        KeyError,
        "1 of 2 words have no before vector: 'cuup' (did you mean 'cup'?).",
    ),
    (
        lambda: VECTORS(["tea", "cup"], keyed(["tea"], [[1]]), keyed(["tea"], [[1]])),
        KeyError,
        "1 of 2 words have no after vector: 'cup'.",
    ),
    (
        lambda: WordVectorsDisplay.from_estimator(PCA()),
        TypeError,
        "Expected a fitted PretrainedWord2VecTransformer. Got PCA() instead.",
    ),
    (
        lambda: WordVectorsDisplay(words=["tea"], kind=None).plot(),
        ValueError,
        "The 'kind' of WordVectorsDisplay must be 'map' or 'drift'. Got None instead.",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_what_cannot_be_drawn_is_refused(call, error, message):
    with pytest.raises(error, match=whole(repr(message) if error is KeyError else message)):
        call()


SOURCE = PretrainedVectors.from_arrays(["tea", "cup", "pot", "jug"], np.eye(4))
REFUSED = [
    ({"words": []}, ValueError, "There are no words to draw."),
    (
        {"words": ["teaa", "cups", "tea"]},
        KeyError,
        "2 of 3 words have no tuned vector: 'teaa' (did you mean 'tea'?), 'cups' (did you mean 'cup'?).",
    ),
    (
        {"n_words": 0},
        ValueError,
        "The 'n_words' of WordVectorsDisplay.from_estimator must be an int in the range [1, inf). Got 0 instead.",
    ),
    (
        {"words": ["tea", "of", "jug"], "kind": "drift"},
        ValueError,
        "2 of 3 words have no place in kind='drift', since they do not occur in the documents or have no vector "
        "before: 'of', 'jug'.",
    ),
]


@pytest.mark.parametrize(("arguments", "error", "message"), REFUSED)
def test_what_an_estimator_does_not_have_is_refused(arguments, error, message):
    w2v = PretrainedWord2VecTransformer(SOURCE, epochs=1, random_state=0).fit(DOCUMENTS)
    with pytest.raises(error, match=whole(repr(message) if error is KeyError else message)):
        WordVectorsDisplay.from_estimator(w2v, **arguments)


def test_an_estimator_that_has_nothing_to_compare_is_refused():
    w2v = PretrainedWord2VecTransformer(vector_size=4, epochs=1, random_state=0).fit(DOCUMENTS)
    message = (
        "WordVectorsDisplay needs pretrained vectors, and this transformer has none: it was fitted with "
        "pretrained=None, from random vectors."
    )
    with pytest.raises(ValueError, match=whole(message)):
        WordVectorsDisplay.from_estimator(w2v)
    with pytest.raises(NotFittedError):
        WordVectorsDisplay.from_estimator(PretrainedWord2VecTransformer())


WITHOUT_MATPLOTLIB = """
import sys
sys.modules["matplotlib"] = None
from sk_w2v import PretrainedWord2VecTransformer, WordVectorsDisplay
for call in (
    lambda: WordVectorsDisplay.from_vectors(["tea"], [[1, 2]]),
    lambda: WordVectorsDisplay.from_estimator(None),
    lambda: WordVectorsDisplay(words=["tea"], before=None).plot(),
):
    try:
        call()
    except ImportError as error:
        print(error)
"""


def test_without_matplotlib_the_extra_is_named():
    run = subprocess.run([sys.executable, "-W", "error", "-c", WITHOUT_MATPLOTLIB], capture_output=True, text=True)
    install = 'needs matplotlib. Install it with: pip install "sk-w2v[plot]"'
    assert run.stderr == ""
    assert run.stdout.splitlines() == [
        f"WordVectorsDisplay.{method} {install}" for method in ("from_vectors", "from_estimator", "plot")
    ]


def test_importing_the_package_imports_nothing_that_only_pictures_need():
    code = "import sys, sk_w2v; print([n for n in ('matplotlib', 'sklearn.decomposition') if n in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n"


def test_a_map_of_thousands_of_words_labels_those_that_have_room():
    rng = np.random.default_rng(0)
    before = rng.normal(size=(3000, 5))
    display = WordVectorsDisplay.from_vectors([f"word{i}" for i in range(3000)], before, before + 0.1)
    assert len(display.points_.get_offsets()) == 3000
    assert 0 < len(display.labels_) <= 300
