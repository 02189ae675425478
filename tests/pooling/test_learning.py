"""What poolings learn in fit, against scikit-learn and plain definitions."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedVectors
from sk_w2v.pooling._learning import idf_weights, principal_directions, sif_weights, usif_weights
from sk_w2v.pooling._poolings import nearest_centres

from helpers import NAME, Streamed, estimator, must_be, whole

WORDS = ["tea", "cup", "leaf", "pot", "jug"]
SOURCE = PretrainedVectors.from_arrays(WORDS, np.random.default_rng(0).normal(size=(5, 4)))
CORPUS = [["the", "cup", "of", "tea"], ["tea", "of", "leaf", "tea"], ["x"], [], ["pot", "tea"]]
COUNTS = st.lists(st.integers(1, 1000), min_size=1, max_size=30).map(np.array)


def transformer(**params):
    return estimator(SOURCE, **({"pooling_params": {"vlad_k": 2}, "epochs": 5} | params))


def test_inverse_document_frequencies_are_scikit_learns(tokens):
    tfidf = TfidfVectorizer(analyzer=lambda document: document).fit(tokens)
    n_with = Counter(word for document in tokens for word in set(document))
    weights, of_others = idf_weights(np.array([n_with[word] for word in tfidf.vocabulary_]), len(tokens))
    np.testing.assert_allclose(weights, [tfidf.idf_[row] for row in tfidf.vocabulary_.values()], rtol=1e-6)
    assert of_others == pytest.approx(math.log(1 + len(tokens)) + 1)
    assert (weights <= of_others).all()


@settings(deadline=None)
@given(COUNTS, st.sampled_from([1e-6, 1e-3, 1, 10.0]))
def test_smooth_inverse_frequency_falls_from_one_with_the_share_of_tokens(counts, a):
    weights, of_others = sif_weights(counts, a)
    np.testing.assert_allclose(weights, [a / (a + count / counts.sum()) for count in counts.tolist()], rtol=1e-6)
    assert (weights.dtype, of_others) == (np.float32, 1)


@settings(deadline=None)
@given(COUNTS, st.integers(1, 500))
def test_usif_derives_its_constant_from_the_corpus(counts, n_documents):
    weights, of_others = usif_weights(counts, n_documents)
    n_words, shares = len(counts), [count / counts.sum() for count in counts.tolist()]
    length = max(counts.sum() / n_documents, 1)
    n_frequent = min(sum(share > 1 - (1 - 1 / n_words) ** length for share in shares), n_words - 1)
    if n_frequent:
        alpha = n_frequent / n_words
        a = (1 - alpha) / (alpha * n_words / 2)
        np.testing.assert_allclose(weights, [a / (a / 2 + share) for share in shares], rtol=1e-6)
    else:
        np.testing.assert_array_equal(weights, 2)
    assert (weights.dtype, of_others) == (np.float32, 2)


@pytest.mark.parametrize(("counts", "n_documents"), [([1, 1], 1), ([3], 1), ([7, 7, 7], 1)])
def test_usif_without_frequent_words_weighs_all_the_same(counts, n_documents):
    weights, of_others = usif_weights(np.array(counts), n_documents)
    assert (weights.tolist(), of_others) == ([2] * len(counts), 2)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 9), st.integers(0, 6))
def test_directions_are_singular_vectors_as_long_as_the_root_of_their_share(seed, n_rows, n_directions):
    rows = np.random.default_rng(seed).normal(size=(n_rows, 4))
    directions = principal_directions(rows.T @ rows, n_directions).astype(float)
    _, values, vectors = np.linalg.svd(rows, full_matrices=False)
    squares = values[:n_directions] ** 2
    expected = (vectors[:n_directions].T * squares) @ vectors[:n_directions] / (squares.sum() or 1)
    np.testing.assert_allclose(directions.T @ directions, expected, atol=1e-5)


def test_rows_of_zeros_have_no_direction():
    assert principal_directions(np.zeros((4, 4)), 3).shape == (0, 4)


def test_the_first_direction_is_gone_from_the_documents_of_fit_and_no_other(documents, keyed_vectors):
    vectors = estimator(keyed_vectors, output="pretrained", pooling="sif").fit_transform(documents)
    singular_values = np.linalg.svd(vectors, compute_uv=False)
    assert singular_values[48] > 1e-3 * singular_values[0]
    assert singular_values[49] < 1e-5 * singular_values[0]


def test_directions_come_from_fit_and_not_from_the_batch():
    fitted = transformer(pooling=("sif", "usif")).fit(CORPUS)
    documents = [["tea", "cup"], ["pot"], ["leaf", "of"]]
    alone = np.concatenate([fitted.transform([document]) for document in documents])
    np.testing.assert_allclose(fitted.transform(documents), alone, rtol=1e-6, atol=1e-7)


def test_centres_are_means_of_the_words_that_are_nearest_to_them(documents, keyed_vectors):
    fitted = estimator(keyed_vectors, output="pretrained", pooling="vlad", fallback_size=0).fit(documents)
    has_vector = fitted.transform([[word] for word in fitted.vocabulary_]).any(axis=1)
    vectors = fitted.vectors_[has_vector]
    centres = fitted._blocks[0].learned["centres"]
    labels = nearest_centres(vectors, centres)
    distances = [np.linalg.norm(vector - centre) for vector in vectors[:200] for centre in centres]
    np.testing.assert_array_equal(labels[:200], np.reshape(distances, (200, 10)).argmin(axis=1))
    means = np.array([vectors[labels == label].mean(axis=0) for label in range(10)])
    spread = np.linalg.norm(vectors - vectors.mean(axis=0), axis=1).mean()
    assert np.linalg.norm(centres - means, axis=1).max() < 0.2 * spread


def test_vlad_repeats():
    same = [transformer(pooling="vlad").fit_transform(CORPUS) for _ in range(2)]
    np.testing.assert_array_equal(*same)


TOO_MANY = (
    "pooling='vlad' needs a word with a vector for each of its vlad_k={} centres, and there are only {} words. Set a "
    "smaller 'vlad_k' in pooling_params."
)


@pytest.mark.parametrize(("output", "n_words"), [("tuned", 7), ("pretrained", 4), ("both", 4)])
def test_vlad_takes_no_more_centres_than_words(output, n_words):
    params = {"output": output, "pooling": ("mean", "vlad")}
    with pytest.raises(ValueError, match=whole(TOO_MANY.format(n_words + 1, n_words))):
        transformer(**params, pooling_params={"vlad_k": n_words + 1}).fit(CORPUS)
    fitted = transformer(**params, pooling_params={"vlad_k": n_words}).fit(CORPUS)
    assert np.isfinite(fitted.transform(CORPUS)).all()


def test_a_fit_that_fails_leaves_the_fit_before_as_it_was():
    w2v = transformer(pooling="mean").fit(CORPUS)
    before = w2v.transform(CORPUS)
    w2v.set_params(pooling="vlad", pooling_params={"vlad_k": 9})
    with pytest.raises(ValueError, match=whole(TOO_MANY.format(9, 1))):
        w2v.fit([["leaf"]])
    np.testing.assert_array_equal(w2v.transform(CORPUS), before)


@pytest.mark.parametrize("pooling", ["idf", "sif", "usif"])
def test_documents_that_change_before_the_poolings_learn_from_them_are_an_error(pooling):
    message = (
        "There were 5 documents (of up to 10000 tokens) in the first pass and 4 in a later one. Pass X and "
        "extra_documents as iterables that can be read again from the beginning, or as lists."
    )
    with pytest.raises(ValueError, match=whole(message)):
        transformer(pooling=pooling).fit(Streamed(*[CORPUS] * 6, CORPUS[:-1]))


@pytest.mark.parametrize("pooling", ["mean", "max", "min", "vlad"])
def test_what_learns_nothing_from_documents_does_not_read_them_again(pooling):
    transformer(pooling=pooling).fit(Streamed(*[CORPUS] * 6, CORPUS[:-1]))


WRONG = ["median", "Mean", (), ("mean", "middle"), ("mean", "mean"), None, 5, {"mean"}]


@pytest.mark.parametrize("pooling", WRONG, ids=repr)
def test_a_wrong_pooling_is_an_error(pooling):
    expected = "one of ['mean', 'idf', 'sif', 'usif', 'max', 'min', 'vlad'], or a tuple of several of them"
    with pytest.raises(ValueError, match=whole(must_be("pooling", NAME, expected, pooling))):
        transformer(pooling=pooling).fit(CORPUS)


@pytest.mark.parametrize(
    "params",
    [
        1,
        "vlad_k",
        ["vlad_k"],
        {"k": 1},
        *({"sif_a": value} for value in (0, -1, 1.1e6, float("nan"), True, None, "1")),
        *({"usif_m": value} for value in (-1, 2.0, True, None)),
        *({"vlad_k": value} for value in (0, 2.0, True, None)),
    ],
    ids=repr,
)
def test_wrong_constants_are_an_error(params):
    expected = (
        "None or a dict of 'sif_a' (a float in the range (0, 1e6]), 'usif_m' (an int in the range [0, inf)), "
        "'vlad_k' (an int in the range [1, inf))"
    )
    with pytest.raises(ValueError, match=whole(must_be("pooling_params", NAME, expected, params))):
        transformer(pooling_params=params).fit(CORPUS)


@pytest.mark.parametrize("params", [None, {}, {"sif_a": 1}, {"vlad_k": np.int64(2), "usif_m": 0}], ids=repr)
def test_constants_may_be_left_out(params):
    assert np.isfinite(transformer(pooling=("sif", "usif"), pooling_params=params).fit_transform(CORPUS)).all()


@pytest.mark.parametrize("pooling", ["sif", "usif"])
def test_the_same_block_weighs_the_same_beside_others(pooling):
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2, dtype=np.float32) + 1)
    documents = ["tea of the cup", "the tea of tea", "cup the of"]
    w2v = estimator(source, pooling=pooling)
    both, alone = (clone(w2v).set_params(output=output).fit(documents) for output in ("both", "pretrained"))
    np.testing.assert_allclose(both.transform(documents)[:, 2:], alone.transform(documents), atol=1e-6)
