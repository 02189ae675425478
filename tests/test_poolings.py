"""Every pooling against its plain definition, one token at a time."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v._pooling import POOLINGS, TOKENS_AT_ONCE
from sk_w2v._weights import usif

NAMES = tuple(POOLINGS)
TUNED, FALLBACK, NEW, UNKNOWN = ["tea", "cup", "leaf"], ["pot", "jug"], ["the", "of"], ["x", "y"]
KNOWN = TUNED + FALLBACK
ROWS = np.random.default_rng(0).normal(size=(5, 4)).astype(np.float32)
CORPUS = [["the", "cup", "of", "tea"], ["tea", "of", "leaf", "tea"], ["x"], [], ["pot", "tea"]]
CORPUS_WORDS = Counter(token for document in CORPUS for token in document)
DOCUMENTS = st.lists(st.lists(st.sampled_from(KNOWN + NEW + UNKNOWN + ["never"]), max_size=12), max_size=5)


def transformer(**params):
    source = PretrainedVectors.from_arrays(KNOWN, ROWS)
    defaults = {"output": "both", "pooling": NAMES, "pooling_params": {"k": 2}, "epochs": 5, "random_state": 0}
    return PretrainedWord2VecTransformer(source, **(defaults | params))


@pytest.fixture(scope="module")
def fitted():
    return transformer().fit(CORPUS)


def tables(fitted):
    """Word → vector in float64, of each output."""
    tuned = dict(zip(fitted.vocabulary_, fitted.vectors_.astype(float), strict=True))
    return {"tuned": tuned, "pretrained": dict(zip(KNOWN, ROWS.astype(float), strict=True))}


def idf(word):
    return math.log((1 + len(CORPUS)) / (1 + sum(word in document for document in CORPUS))) + 1


def sif(word, a=1e-3):
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


def pooled(documents, table, pooling, centres):
    if pooling in ("sif", "usif"):
        weight, n_directions = (sif, 1) if pooling == "sif" else (usif_weight, 5)
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
    vectors = fitted.transform(documents)
    blocks = np.array([name.rstrip("0123456789") for name in fitted.get_feature_names_out()])
    for block in fitted._blocks:
        expected = pooled(documents, tables(fitted)[block.output], block.pooling, block.learned.get("centres"))
        columns = vectors[:, blocks == f"{block.output}_{block.pooling}"]
        np.testing.assert_allclose(columns, expected, rtol=1e-4, atol=1e-5, err_msg=str(block.key))


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


def test_directions_come_from_fit_and_not_from_the_batch(fitted):
    together = fitted.transform([["tea", "cup"], ["pot"], ["leaf", "of"]])
    alone = np.concatenate([fitted.transform([document]) for document in [["tea", "cup"], ["pot"], ["leaf", "of"]]])
    np.testing.assert_allclose(together, alone, rtol=1e-6, atol=1e-7)


def test_the_first_direction_is_gone_from_the_documents_of_fit():
    w2v = transformer(output="tuned", pooling="sif")
    vectors = w2v.fit_transform(CORPUS)
    np.testing.assert_allclose(vectors @ w2v._blocks[0].learned["directions"].T, 0, atol=1e-6)


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


def test_constants_are_used():
    weights = [
        transformer(pooling="sif", pooling_params={"a": a}).fit(CORPUS)._blocks[0].learned["weights"] for a in (1e-3, 1)
    ]
    assert (weights[0] < weights[1]).all()
    assert len(transformer(pooling="usif", pooling_params={"m": 2}).fit(CORPUS)._blocks[0].learned["directions"]) == 2
    assert len(transformer(pooling="usif", pooling_params={"m": 0}).fit(CORPUS)._blocks[0].learned["directions"]) == 0
    w2v = transformer(pooling="vlad", output="tuned", pooling_params={"k": 3}).fit(CORPUS)
    assert len(w2v.get_feature_names_out()) == 12


def test_usif_without_frequent_words_weighs_all_the_same():
    weights, others = usif(np.array([1, 1]), 1)
    assert (weights.tolist(), others) == ([2, 2], 2)
    assert usif(np.array([3]), 1).weights.tolist() == [2]


def test_vlad_repeats_and_takes_no_more_centres_than_words():
    same = [transformer(pooling="vlad").fit_transform(CORPUS) for _ in range(2)]
    np.testing.assert_array_equal(*same)
    message = (
        r"^pooling='vlad' needs a word with a vector for each of its k=9 centres, and there are only 4 words\. "
        r"Set a smaller 'k' in pooling_params\.$"
    )
    with pytest.raises(ValueError, match=message):
        transformer(pooling="vlad", pooling_params={"k": 9}).fit(CORPUS)


def test_a_fit_that_fails_leaves_the_fit_before_as_it_was():
    w2v = transformer(pooling="mean").fit(CORPUS)
    before = w2v.transform(CORPUS)
    w2v.set_params(pooling="vlad", pooling_params={"k": 9})
    with pytest.raises(ValueError, match="Set a smaller 'k'"):
        w2v.fit([["leaf"]])
    np.testing.assert_array_equal(w2v.transform(CORPUS), before)


class Changing:
    """Documents of which there is one less in the pass after the last one of training."""

    def __init__(self, n_passes):
        self.n_passes = n_passes

    def __iter__(self):
        self.n_passes -= 1
        return iter(CORPUS if self.n_passes >= 0 else CORPUS[:-1])


def test_documents_that_change_before_the_poolings_learn_from_them_are_an_error():
    with pytest.raises(ValueError, match=r"X gave 5 documents .* in its first pass and 4 in a later one"):
        transformer(pooling="sif").fit(Changing(n_passes=6))


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"pooling": "median"}, "The 'pooling' parameter of PretrainedWord2VecTransformer must be one of"),
        ({"pooling": ("mean", "middle")}, r"or a tuple of several of them. Got \('mean', 'middle'\) instead"),
        ({"pooling": ()}, r"Got \(\) instead"),
        ({"pooling": ("mean", "mean")}, r"Got \('mean', 'mean'\) instead"),
        ({"pooling": None}, "Got None instead"),
        ({"pooling_params": {"b": 1}}, r"The 'pooling_params' parameter .* Got \{'b': 1\} instead"),
        ({"pooling_params": {"a": 0}}, r"'a' \(sif\) a float above 0.* Got \{'a': 0\} instead"),
        ({"pooling_params": {"k": 2.0}}, r"Got \{'k': 2.0\} instead"),
        ({"pooling_params": {"m": -1}}, r"Got \{'m': -1\} instead"),
        ({"pooling_params": 1}, "Got 1 instead"),
    ],
)
def test_a_wrong_pooling_is_an_error(params, message):
    with pytest.raises(ValueError, match=message):
        transformer(**params).fit(CORPUS)


def test_missing_words_are_the_most_frequent_ones_without_a_pretrained_vector():
    for output in ("tuned", "pretrained", "both"):
        w2v = transformer(output=output, pooling="mean", min_count=2).fit(CORPUS)
        assert w2v.missing_words() == [("of", 2), ("the", 1), ("x", 1)]
        assert w2v.missing_words(1) == [("of", 2)]
    scratch = PretrainedWord2VecTransformer(epochs=1, random_state=0).fit(CORPUS)
    assert scratch.missing_words(1) == [("tea", 4)]


GENERAL = "Check that the language and the case of its words are those of the documents' tokens."


@pytest.mark.parametrize(
    ("document", "reason"),
    [
        (["Tea", "CUP", "zz"], "67% have one when they are lowercased"),
        (["tea,", "(cup)", "zz"], "67% have one when they are stripped of punctuation"),
        (["Tea.", "cup!", "Leaf"], "100% have one when they are lowercased and stripped of punctuation"),
        (["zz", "yy", "Tea"], GENERAL),
    ],
)
def test_low_coverage_is_explained_by_case_or_punctuation(document, reason):
    with pytest.raises(ValueError, match="No word of the documents has a vector") as error:
        transformer().fit([document])
    assert reason in str(error.value)
    with pytest.warns(UserWarning, match=r"of the documents' tokens have a vector") as warnings:
        transformer(pooling="mean").fit([[*document * 10, "tea"]])
    assert reason in str(warnings[0].message)


@pytest.mark.parametrize(("words", "reason"), [(["Tea"], "capitalised"), (["TEA"], "in upper case")])
def test_low_coverage_of_a_cased_source_is_explained(words, reason):
    with pytest.raises(ValueError, match=f"100% have one when they are {reason}"):
        PretrainedWord2VecTransformer(PretrainedVectors.from_arrays(words, np.eye(1))).fit([["tea"]])


@pytest.mark.parametrize("pooling", ["sif", "usif"])
def test_the_same_block_weighs_the_same_beside_others(pooling):
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2, dtype=np.float32) + 1)
    documents = ["tea of the cup", "the tea of tea", "cup the of"]
    both, alone = (
        PretrainedWord2VecTransformer(source, output=output, pooling=pooling, epochs=1, random_state=0).fit(documents)
        for output in ("both", "pretrained")
    )
    np.testing.assert_allclose(both.transform(documents)[:, 2:], alone.transform(documents), atol=1e-6)


@pytest.mark.parametrize("n", [-1, 0, 1.5, True])
def test_a_number_of_missing_words_that_is_none_is_refused(n):
    fitted = PretrainedWord2VecTransformer(vector_size=2, epochs=1).fit(["a cup of tea"])
    with pytest.raises(ValueError, match=r"'n' of missing_words must be an int"):
        fitted.missing_words(n)
