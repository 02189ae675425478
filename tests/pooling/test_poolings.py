"""Every pooling against its plain definition, one token at a time."""

import math
from collections import Counter
from functools import partial

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.pooling._batches import TOKENS_AT_ONCE
from sk_w2v.pooling._poolings import POOLINGS

from helpers import estimator

NAMES = tuple(POOLINGS)
TUNED, FALLBACK, NEW, UNKNOWN = ["tea", "cup", "leaf"], ["pot", "jug"], ["the", "of"], ["x", "y"]
KNOWN = TUNED + FALLBACK
ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
CORPUS = [["the", "cup", "of", "tea"], ["tea", "of", "leaf", "tea"], ["x"], [], ["pot", "tea"]]
CORPUS_WORDS = Counter(token for document in CORPUS for token in document)
DOCUMENT = st.lists(st.sampled_from(KNOWN + NEW + UNKNOWN + ["never"]), max_size=12)
DOCUMENTS = st.lists(DOCUMENT, max_size=5)


def transformer(**params):
    defaults = {"output": "both", "pooling": NAMES, "pooling_params": {"vlad_k": 2}, "epochs": 5}
    return estimator(PretrainedVectors.from_arrays(KNOWN, ROWS), **(defaults | params))


@pytest.fixture(scope="module")
def fitted():
    return transformer().fit(CORPUS)


@pytest.fixture(scope="module")
def plain():
    return transformer(output="tuned", pooling=("mean", "idf", "max", "min")).fit(CORPUS)


def tables(fitted):
    """Word → vector in float64, of each output."""
    tuned = dict(zip(fitted.vocabulary_, fitted.vectors_.astype(float), strict=True))
    return {"tuned": tuned, "pretrained": dict(zip(KNOWN, ROWS.astype(float), strict=True))}


def idf(word):
    return math.log((1 + len(CORPUS)) / (1 + sum(word in document for document in CORPUS))) + 1


def sif(word, a):
    return a / (a + CORPUS_WORDS[word] / CORPUS_WORDS.total())


def usif_weight(word):
    shares = {word: count / CORPUS_WORDS.total() for word, count in CORPUS_WORDS.items()}
    n_words, length = len(shares), CORPUS_WORDS.total() / len(CORPUS)
    alpha = sum(share > 1 - (1 - 1 / n_words) ** length for share in shares.values()) / n_words
    a = (1 - alpha) / (alpha * n_words / 2)
    return a / (a / 2 + shares.get(word, 0))


def weighted(document, table, weight, *, by_weight=False):
    known = [token for token in document if token in table]
    total = sum((weight(token) * table[token] for token in known), np.zeros(4))
    return total / (sum(map(weight, known)) if by_weight else len(known)) if known else total


def without(vectors, rows, n_directions):
    """Less the first right singular vectors of the rows, each by its share of the squared singular values."""
    _, values, directions = np.linalg.svd(rows, full_matrices=False)
    shares = values[:n_directions] ** 2 / (values[:n_directions] ** 2).sum()
    for share, direction in zip(shares, directions, strict=False):
        vectors = vectors - share * np.outer(vectors @ direction, direction)
    return vectors


def extreme(document, table, largest):
    known = [table[token] for token in document if token in table]
    return largest(known, axis=0) if known else np.zeros(4)


def vlad(document, table, centres):
    residuals = np.zeros_like(centres, float)
    for token in document:
        if token in table:
            nearest = np.argmin([np.linalg.norm(table[token] - centre) for centre in centres])
            residuals[nearest] += table[token] - centres[nearest]
    length = np.linalg.norm(residuals)
    return residuals.ravel() / length if length else residuals.ravel()


def pooled(documents, table, pooling, centres, a=1e-3, m=5):
    if pooling in ("sif", "usif"):
        weight, n_directions = (partial(sif, a=a), 1) if pooling == "sif" else (usif_weight, m)
        rows = np.array([weighted(document, table, weight) for document in CORPUS])
        vectors = np.array([weighted(document, table, weight) for document in documents]).reshape(-1, 4)
        return without(vectors, rows, n_directions)
    function = {
        "mean": lambda document: weighted(document, table, lambda word: 1),
        "idf": lambda document: weighted(document, table, idf, by_weight=True),
        "max": lambda document: extreme(document, table, np.max),
        "min": lambda document: extreme(document, table, np.min),
        "vlad": lambda document: vlad(document, table, centres),
    }[pooling]
    width = centres.size if pooling == "vlad" else 4
    return np.array([function(document) for document in documents]).reshape(-1, width)


@settings(deadline=None)
@given(DOCUMENTS)
def test_every_pooling_is_its_definition(fitted, documents):
    assert_pooled(fitted, documents)


@pytest.mark.parametrize(
    ("params", "constants"),
    [
        ({"sif_a": 1}, {"a": 1}),
        ({"sif_a": 1e-6, "usif_m": 0}, {"a": 1e-6, "m": 0}),
        ({"usif_m": 2}, {"m": 2}),
        ({"usif_m": 100, "vlad_k": 4}, {"m": 100}),
    ],
    ids=str,
)
def test_every_pooling_takes_the_constants_that_it_is_given(params, constants):
    fitted = transformer(pooling_params={"vlad_k": 2} | params).fit(CORPUS)
    assert_pooled(fitted, [*CORPUS, ["jug", "the", "never"]], **constants)
    n_columns = {name.rstrip("0123456789"): 0 for name in fitted.get_feature_names_out()}
    assert fitted.transform([]).shape[1] == 4 * (len(n_columns) + 2 * params.get("vlad_k", 2) - 2)


def assert_pooled(fitted, documents, **constants):
    """Each block of columns is what its definition says, of centres that are given."""
    vectors = fitted.transform(documents)
    blocks = np.array([name.rstrip("0123456789") for name in fitted.get_feature_names_out()])
    for output, pooling, learned, _ in fitted._blocks:
        expected = pooled(documents, tables(fitted)[output], pooling, learned.get("centres"), **constants)
        columns = vectors[:, blocks == f"{output}_{pooling}"]
        np.testing.assert_allclose(columns, expected, rtol=1e-4, atol=1e-5, err_msg=f"{output} {pooling}")


def test_real_documents_pool_as_their_definitions_say(documents, keyed_vectors):
    w2v = PretrainedWord2VecTransformer(
        keyed_vectors, output="pretrained", pooling=("idf", "max", "min"), fallback_size=0
    )
    vectors = w2v.fit_transform(documents)
    tfidf = TfidfVectorizer(norm=None, vocabulary=w2v.vocabulary_)
    weights = tfidf.fit_transform(documents)
    expected = weights @ w2v.vectors_ / weights.sum(axis=1)
    np.testing.assert_allclose(vectors[:, :50], expected, rtol=1e-4, atol=1e-5)
    for row in (0, 50, 99):
        tokens = tfidf.build_analyzer()(documents[row])
        known = w2v.vectors_[[w2v.vocabulary_[token] for token in tokens if token in w2v.vocabulary_]]
        np.testing.assert_array_equal(vectors[row, 50:100], known.max(axis=0))
        np.testing.assert_array_equal(vectors[row, 100:150], known.min(axis=0))


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
@pytest.mark.parametrize("pooling", [*NAMES, NAMES, ("max", "mean")])
def test_blocks_stand_side_by_side_under_their_names(output, pooling):
    w2v = transformer(output=output, pooling=pooling)
    at_once = w2v.fit_transform(CORPUS)
    names = w2v.get_feature_names_out().tolist()
    outputs = ["tuned", "pretrained"] if output == "both" else [output]
    poolings = [pooling] if isinstance(pooling, str) else pooling
    assert names == [
        f"{output}_{pooling}{index}"
        for output in outputs
        for pooling in poolings
        for index in range(8 if pooling == "vlad" else 4)
    ]
    assert at_once.shape == (5, len(names))
    assert at_once.flags.c_contiguous
    np.testing.assert_array_equal(at_once, w2v.transform(CORPUS))
    np.testing.assert_array_equal(at_once, w2v.fit_transform(iter(CORPUS)))
    columns = [transformer(output=output, pooling=pooling).fit_transform(CORPUS) for pooling in poolings]
    if output != "both":
        np.testing.assert_array_equal(at_once, np.hstack(columns))


@pytest.mark.parametrize("output", ["tuned", "pretrained"])
@pytest.mark.parametrize("pooling", NAMES)
def test_documents_without_known_words_are_zeros(output, pooling):
    vectors = transformer(output=output, pooling=pooling).fit(CORPUS).transform([["never"], [], "", ["tea"]])
    assert not vectors[:3].any()
    assert np.isfinite(vectors).all()
    assert len(transformer(output=output, pooling=pooling).fit(CORPUS).transform([])) == 0


@pytest.mark.parametrize("pooling", NAMES)
def test_one_document_is_enough_to_fit(pooling):
    vectors = transformer(pooling=pooling).fit([["tea", "cup"]]).transform([["tea", "cup"], ["pot"]])
    assert np.isfinite(vectors).all()


def test_one_document_has_nothing_but_its_common_direction():
    vectors = transformer(output="tuned", pooling="sif").fit_transform([["tea", "cup"]])
    np.testing.assert_allclose(vectors, 0, atol=1e-6)


def test_a_document_of_more_tokens_than_fit_in_one_piece_has_its_extremes(fitted):
    words = ["tea", "cup", "the", "pot"]
    document = np.random.default_rng(0).choice(words, 2 * TOKENS_AT_ONCE + 7).tolist()
    w2v = transformer(pooling=("max", "min")).fit(CORPUS)
    long, short, empty = w2v.transform([document, words, []])
    np.testing.assert_array_equal(long, short)
    assert not empty.any()


@pytest.mark.parametrize("pooling", NAMES)
def test_a_word_a_hundred_thousand_times_is_the_word_once(fitted, pooling):
    w2v = transformer(pooling=pooling).fit(CORPUS)
    once, often = w2v.transform([["tea"], ["tea"] * 100_000])
    np.testing.assert_allclose(often, once, rtol=1e-4, atol=1e-6)


@settings(deadline=None)
@given(st.data(), DOCUMENT)
def test_the_order_of_tokens_does_not_matter(fitted, data, document):
    shuffled = data.draw(st.permutations(document))
    np.testing.assert_allclose(*fitted.transform([document, shuffled]), rtol=1e-4, atol=1e-5)


@pytest.mark.filterwarnings("ignore:Only .* of the word tokens have a vector")
@settings(deadline=None)
@given(DOCUMENT, st.integers(1, 50))
def test_a_document_repeated_is_the_same_document(fitted, document, n_times):
    np.testing.assert_allclose(*fitted.transform([document, document * n_times]), rtol=1e-4, atol=1e-5)


@settings(deadline=None)
@given(DOCUMENT, DOCUMENT)
def test_unknown_tokens_change_nothing(fitted, document, more):
    known = [token for token in document + more if token not in ("never", "y")]
    np.testing.assert_array_equal(*fitted.transform([document + more, known]))


@settings(deadline=None)
@given(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=20))
def test_means_lie_between_their_words_and_extremes_are_their_limits(plain, document):
    w2v = plain.transform
    words, (vector,) = w2v([[token] for token in document]), w2v([document])
    low, high = words.min(axis=0), words.max(axis=0)
    for start in (0, 4):  # mean and idf
        assert (low[start : start + 4] - 1e-6 <= vector[start : start + 4]).all()
        assert (vector[start : start + 4] <= high[start : start + 4] + 1e-6).all()
    np.testing.assert_array_equal(vector[8:12], high[8:12])
    np.testing.assert_array_equal(vector[12:], low[12:])


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
@pytest.mark.parametrize("fallback_size", [0, 1_000, None])
def test_vectors_are_the_mean_of_the_known_words(documents, tokens, keyed_vectors, output, fallback_size):
    fitted = PretrainedWord2VecTransformer(
        keyed_vectors, output=output, fallback_size=fallback_size, epochs=1, random_state=0
    ).fit(documents[:90])
    vectors = fitted.vectors_.astype(float)
    first = {word: vectors[row] for word, row in fitted.vocabulary_.items()}
    untuned = {word: keyed_vectors[word].astype(float) for word in first if word in keyed_vectors}
    tables = {"tuned": [first], "pretrained": [first], "both": [first, untuned]}[output]
    expected = [
        np.concatenate([np.mean([table[token] for token in document if token in table], axis=0) for table in tables])
        for document in tokens[80:]
    ]
    np.testing.assert_allclose(fitted.transform(documents[80:]), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_fit_transform_is_fit_and_transform(documents, keyed_vectors, output):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, output=output, epochs=1, random_state=0)
    at_once = w2v.fit_transform(documents[:50])
    np.testing.assert_array_equal(at_once, w2v.fit(documents[:50]).transform(documents[:50]))
    np.testing.assert_array_equal(at_once, w2v.fit_transform(iter(documents[:50])))


def test_what_is_done_to_vectors_does_not_reach_the_estimator(fitted):
    before = fitted.transform([["tea", "pot"]])
    fitted.transform([["tea"], ["pot"]])[:] = 9
    assert not fitted.vectors_.flags.writeable
    np.testing.assert_array_equal(fitted.transform([["tea", "pot"]]), before)
