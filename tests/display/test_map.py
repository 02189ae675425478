"""What a map shows: the artists' data."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from matplotlib import pyplot
from matplotlib.colors import to_rgba
from sklearn.decomposition import PCA
from sklearn.exceptions import NotFittedError
from sklearn.manifold import TSNE
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, WordMapDisplay

from .pictures import AFTER, BEFORE, DOCUMENTS, FORMATS, WORDS, saved, texts
from helpers import estimator, key_error, must_be, whole


def test_a_map_shows_one_pca_of_the_vectors_before_and_after():
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER)
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
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER)
    np.testing.assert_allclose([label.xy for label in display.labels_], display.after)


def test_words_without_a_vector_before_are_marked_and_have_no_arrow():
    before = BEFORE.copy()
    before[[1, 3]] = np.nan
    display = WordMapDisplay.from_vectors(WORDS, before, AFTER)
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
    display = WordMapDisplay.from_vectors(WORDS, BEFORE)
    np.testing.assert_allclose(display.points_.get_offsets(), PCA(2).fit_transform(BEFORE))
    assert display.arrows_ is display.origins_ is display.after is None
    assert display.ax_.get_legend() is None
    assert texts(display) == WORDS


def test_a_map_of_an_estimator_shows_its_vectors(fitted, glove):
    words = ["government", "fire", "australia", "the"]
    display = WordMapDisplay.from_estimator(fitted, words)
    before = [glove[1][glove[0].index(word)] for word in words]
    after = fitted.vectors_[[fitted.vocabulary_[word] for word in words]]
    expected = WordMapDisplay.from_vectors(words, before, after)
    np.testing.assert_allclose(display.before, expected.before, atol=1e-5)
    np.testing.assert_allclose(display.after, expected.after, atol=1e-5)


def test_a_map_of_a_fitted_pipeline_shows_its_transformer():
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    pipeline = make_pipeline(estimator(source), StandardScaler()).fit(DOCUMENTS)
    display = WordMapDisplay.from_estimator(pipeline, ["pot", "tea"])
    np.testing.assert_array_equal(display.after, WordMapDisplay.from_estimator(pipeline[0], ["pot", "tea"]).after)


def test_a_map_shows_frequent_words_that_are_no_function_words_and_moved_most(fitted):
    moved = fitted.moved_words(n=None)
    count_of = dict(zip(moved.word, moved.count, strict=True))
    hundredth = sorted(count_of.values())[-100]
    has_both = moved.word[np.isfinite(moved.cosine)]
    expected = [word for word in has_both if 10 <= count_of[word] < hundredth]
    shown = WordMapDisplay.from_estimator(fitted, n_words=12).words
    assert len(shown) == 12
    assert not {"the", "to", "of", "and", "in"}.intersection(shown)
    assert all(10 <= count_of[word] <= hundredth for word in shown)
    rarer = [word for word in shown if count_of[word] < hundredth]  # of words as frequent as it some are shown
    assert rarer == expected[: len(rarer)]
    assert len(WordMapDisplay.from_estimator(fitted).words) == 40


def test_words_of_few_documents_are_shown_although_none_is_frequent():
    words = ["tea", "cup", "pot", "jug"]
    w2v = estimator(PretrainedVectors.from_arrays(words, np.eye(4)), epochs=3).fit(DOCUMENTS)
    display = WordMapDisplay.from_estimator(w2v)
    moved = w2v.moved_words(n=None)
    assert list(display.words) == moved.word[np.isfinite(moved.cosine)].tolist()


def test_a_word_of_the_estimator_without_a_pretrained_vector_is_marked_if_it_is_named():
    w2v = estimator(PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3)), epochs=2).fit(DOCUMENTS)
    display = WordMapDisplay.from_estimator(w2v, ["tea", "of"])
    assert len(display.new_points_.get_offsets()) == 1
    assert WordMapDisplay.from_estimator(w2v).new_points_ is None


def test_keyed_vectors_are_asked_for_the_words():
    before, after = KeyedVectors(4), KeyedVectors(4)
    before.add_vectors(WORDS[:4], BEFORE[:4])
    after.add_vectors(WORDS[::-1], AFTER[::-1])
    display = WordMapDisplay.from_vectors(WORDS, before, after)
    expected = WordMapDisplay.from_vectors(WORDS, np.vstack([BEFORE[:4], [[np.nan] * 4]]), AFTER)
    np.testing.assert_allclose(display.before, expected.before, atol=1e-5)
    np.testing.assert_allclose(display.after, expected.after, atol=1e-5)


def test_another_method_than_pca_has_no_variance_in_its_labels():
    method = TSNE(perplexity=2, random_state=0, init="random")
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, method=method)
    assert (display.ax_.get_xlabel(), display.ax_.get_ylabel()) == ("Dimension 1", "Dimension 2")
    assert display.after.shape == (5, 2)
    assert not hasattr(method, "embedding_")


@pytest.mark.parametrize("n_words", [1, 2])
@pytest.mark.parametrize("file_format", FORMATS)
def test_one_or_two_words_make_a_map(n_words, file_format):
    display = WordMapDisplay.from_vectors(WORDS[:n_words], BEFORE[:n_words], AFTER[:n_words])
    assert texts(display) == WORDS[:n_words]
    assert len(saved(display, file_format)) > 1000


def test_identical_vectors_make_a_map_of_one_point():
    display = WordMapDisplay.from_vectors(WORDS, np.ones((5, 4)), np.ones((5, 4)))
    assert not display.after.any()
    assert not display.before.any()
    assert display.ax_.get_xlabel() == "Component 1 (0% of the variance)"
    assert len(texts(display)) == 5
    saved(display)


def test_a_word_that_is_new_and_alone_makes_a_map():
    display = WordMapDisplay.from_vectors(["tea"], [[np.nan, np.nan]], [[1, 2]])
    assert display.new_points_.get_offsets().tolist() == [[0, 0]]
    saved(display)


def test_a_map_goes_into_axes_that_are_given():
    figure, axes = pyplot.subplots(1, 2)
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes[1])
    assert display.ax_ is axes[1]
    assert display.figure_ is figure
    saved(display)


def test_axes_may_be_shared_or_in_a_subfigure():
    _, axes = pyplot.subplots(1, 2, sharex=True, sharey=True)
    saved(WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes[0]))
    axes = pyplot.figure().subfigures(1, 2)[0].subplots()
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, ax=axes)
    assert display.figure_ is axes.figure
    assert texts(display) == WORDS


def test_plot_draws_again():
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER)
    ax = pyplot.figure().subplots()
    assert display.plot(ax) is display
    assert display.ax_ is ax
    np.testing.assert_array_equal(display.points_.get_offsets(), display.after)
    assert display.plot().ax_ is not ax


def test_nothing_is_drawn_before_plot():
    display = WordMapDisplay(words=["tea"], before=np.zeros((1, 2)))
    assert not hasattr(display, "ax_")
    assert texts(display.plot()) == ["tea"]


@pytest.mark.parametrize("color", ["c", "color", "facecolor", "fc"])
def test_points_arrows_and_labels_are_drawn_as_users_want_them(color):
    display = WordMapDisplay.from_vectors(
        WORDS,
        BEFORE,
        AFTER,
        scatter_kwargs={color: "red", "s": 5, "label": "now"},
        arrow_kwargs={"color": "green", "lw": 2},
        text_kwargs={"size": 14, "c": "blue"},
    )
    np.testing.assert_array_equal(display.points_.get_facecolor(), [to_rgba("red")])
    assert display.points_.get_sizes().tolist() == [5]
    assert display.ax_.get_legend().get_texts()[1].get_text() == "now"
    np.testing.assert_array_equal(display.arrows_.get_facecolor(), [to_rgba("green", 0.4)])
    assert display.arrows_.get_linewidth().tolist() == [2]
    assert {(label.get_fontsize(), label.get_color()) for label in display.labels_} == {(14, "blue")}


def test_points_may_have_a_colour_each():
    display = WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, scatter_kwargs={"c": range(5), "cmap": "viridis"})
    saved(display)
    assert len({tuple(colour) for colour in display.points_.get_facecolor()}) == 5


@pytest.mark.parametrize("name", ["points", "line_kwargs"])
def test_an_unknown_option_is_refused(name):
    with pytest.raises(TypeError, match=rf"WordMapDisplay.plot\(\) got an unexpected keyword argument '{name}'"):
        WordMapDisplay.from_vectors(WORDS, BEFORE, AFTER, **{name: {}})


def test_a_map_of_thousands_of_words_labels_those_that_have_room():
    rng = np.random.default_rng(0)
    before = rng.normal(size=(3000, 5))
    display = WordMapDisplay.from_vectors([f"word{i}" for i in range(3000)], before, before + 0.1)
    assert len(display.points_.get_offsets()) == 3000
    assert 0 < len(display.labels_) <= 300


VECTORS = WordMapDisplay.from_vectors
METHODS = "'pca' or an object with fit_transform"
WRONG = [
    (lambda: VECTORS([], np.empty((0, 4))), ValueError, "There are no words to draw."),
    (lambda: VECTORS([], np.empty((0, 4)), np.empty((0, 4))), ValueError, "There are no words to draw."),
    (lambda: VECTORS("tea", [[1]]), TypeError, "Expected an iterable of words. Got the str 'tea' instead."),
    (lambda: VECTORS([1], [[1]]), TypeError, "Expected words, each a str. Got 1 instead."),
    (
        lambda: VECTORS(WORDS, BEFORE, method="tsne"),
        ValueError,
        must_be("method", "WordMapDisplay.from_vectors", METHODS, "tsne"),
    ),
    (
        lambda: WordMapDisplay.from_estimator(None, method=PCA),  # the class
        ValueError,
        must_be("method", "WordMapDisplay.from_estimator", METHODS, PCA),
    ),
    (
        lambda: WordMapDisplay.from_estimator(PCA()),
        TypeError,
        "WordMapDisplay.from_estimator needs a fitted PretrainedWord2VecTransformer, or a pipeline with one such step. "
        "Got PCA() instead.",
    ),
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_what_cannot_be_drawn_is_refused(call, error, message):
    with pytest.raises(error, match=whole(message)):
        call()


REFUSED = [
    ({"words": []}, ValueError, whole("There are no words to draw.")),
    (
        {"words": ["teaa", "cups", "tea"]},
        KeyError,
        key_error("2 of 3 words have no tuned vector: 'teaa' (did you mean 'tea'?), 'cups' (did you mean 'cup'?)."),
    ),
    *(
        ({"n_words": n}, ValueError, whole(must_be("n_words", "WordMapDisplay.from_estimator", range_, n)))
        for n in (0, True, 1.5)
        for range_ in ["an int in the range [1, inf)"]
    ),
]


@pytest.mark.parametrize(("arguments", "error", "pattern"), REFUSED)
def test_what_an_estimator_does_not_have_is_refused(arguments, error, pattern):
    w2v = estimator(PretrainedVectors.from_arrays(["tea", "cup", "pot", "jug"], np.eye(4))).fit(DOCUMENTS)
    with pytest.raises(error, match=pattern):
        WordMapDisplay.from_estimator(w2v, **arguments)


def test_an_estimator_that_has_nothing_to_compare_is_refused():
    w2v = PretrainedWord2VecTransformer(vector_size=4, epochs=1, random_state=0).fit(DOCUMENTS)
    message = (
        "WordMapDisplay.from_estimator needs pretrained vectors. This transformer has none, since it was fitted with "
        "pretrained=None."
    )
    with pytest.raises(ValueError, match=whole(message)):
        WordMapDisplay.from_estimator(w2v)
    with pytest.raises(NotFittedError):
        WordMapDisplay.from_estimator(PretrainedWord2VecTransformer())
