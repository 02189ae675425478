"""Document vectors against a plain double loop, and the laws of the mean."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, _counts
from sk_w2v._columns import columns_of
from sk_w2v._counts import count_tokens, cut_in_batches

OUTPUTS = ["tuned", "pretrained", "both"]
TUNED, FALLBACK, NEW, UNKNOWN = ["tea", "cup"], ["pot", "jug"], ["the", "of"], ["x", "y"]
KNOWN = TUNED + FALLBACK
ROWS = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)

TOKENS = st.lists(st.sampled_from(TUNED + FALLBACK + NEW + UNKNOWN), max_size=20)
DOCUMENTS = st.lists(TOKENS, max_size=6)


@pytest.fixture(scope="module")
def small():
    """Fitted so that there are words of each kind: tuned, untuned, without a pretrained vector, unknown."""
    w2v = PretrainedWord2VecTransformer(
        PretrainedVectors.from_arrays(KNOWN, ROWS), output="both", epochs=5, random_state=0
    )
    return w2v.fit([["the", "cup", "of", "tea"], ["tea", "of"]])


def vectors_of(fitted, output):
    """Word → vector in float64."""
    if output == "tuned":
        return dict(zip(fitted.vocabulary_, fitted.vectors_.astype(float), strict=True))
    return {word: row.astype(float) for word, row in zip(KNOWN, ROWS, strict=True)}


def mean(document, vectors, size):
    total, n_known = np.zeros(size), 0
    for token in document:
        if token in vectors:
            total += vectors[token]
            n_known += 1
    return total / n_known if n_known else total


@pytest.fixture(scope="module")
def tokens(documents):
    analyze = CountVectorizer().build_analyzer()
    return [analyze(document) for document in documents]


@pytest.mark.parametrize("output", OUTPUTS)
@pytest.mark.parametrize("fallback_size", [0, 1_000, None])
def test_vectors_are_the_mean_of_the_known_words(documents, tokens, keyed_vectors, output, fallback_size):
    fitted = PretrainedWord2VecTransformer(
        keyed_vectors, output=output, fallback_size=fallback_size, epochs=1, random_state=0
    ).fit(documents[:100])
    vectors = fitted.vectors_.astype(float)
    first = {word: vectors[row] for word, row in fitted.vocabulary_.items()}
    untuned = {word: keyed_vectors[word].astype(float) for word in first if word in keyed_vectors}
    tables = {"tuned": [first], "pretrained": [first], "both": [first, untuned]}[output]
    expected = [np.concatenate([mean(document, table, 50) for table in tables]) for document in tokens[90:130]]
    np.testing.assert_allclose(fitted.transform(documents[90:130]), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("output", OUTPUTS)
def test_fit_transform_is_fit_and_transform(documents, keyed_vectors, output):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, output=output, epochs=1, random_state=0)
    at_once = w2v.fit_transform(documents[:50])
    np.testing.assert_array_equal(at_once, w2v.fit(documents[:50]).transform(documents[:50]))
    np.testing.assert_array_equal(at_once, w2v.fit_transform(iter(documents[:50])))


def test_several_batches_give_what_documents_give_one_by_one(small, monkeypatch):
    monkeypatch.setattr(_counts, "BATCH_DOCUMENTS", 1000)
    rng = np.random.default_rng(0)
    documents = [rng.choice(KNOWN + NEW + UNKNOWN, size).tolist() for size in rng.integers(0, 8, 2500)]
    one_by_one = np.concatenate([small.transform([document]) for document in documents])
    np.testing.assert_array_equal(small.transform(documents), one_by_one)
    np.testing.assert_array_equal(small.transform(iter(documents)), one_by_one)


@pytest.mark.parametrize("n_documents", [999, 1000, 1001, 2000])
def test_the_edges_of_batches_lose_no_document(small, n_documents, monkeypatch):
    monkeypatch.setattr(_counts, "BATCH_DOCUMENTS", 1000)
    documents = [["tea"], ["cup", "pot"], [], ["x"]] * 500
    np.testing.assert_array_equal(
        small.transform(documents[:n_documents]), np.tile(small.transform(documents[:4]), (500, 1))[:n_documents]
    )


def test_batches_stay_small_also_where_long_documents_follow_short_ones():
    documents = [*[["tea"]] * 100, *[["tea"] * 10_000] * 1000]
    sizes = [sum(map(len, batch)) for batch in cut_in_batches(iter(documents))]
    assert sum(sizes) == 10_000_100
    assert max(sizes) < _counts.BATCH_TOKENS + _counts.PART_DOCUMENTS * 10_000


@settings(deadline=None)
@given(DOCUMENTS)
def test_the_mean_is_that_of_a_double_loop(small, documents):
    expected = np.empty((len(documents), 10))
    for row, document in enumerate(documents):
        expected[row, :5] = mean(document, vectors_of(small, "tuned"), 5)
        expected[row, 5:] = mean(document, vectors_of(small, "pretrained"), 5)
    np.testing.assert_allclose(small.transform(documents), expected, rtol=1e-5, atol=1e-6)


@settings(deadline=None)
@given(st.data(), TOKENS)
def test_the_order_of_tokens_does_not_matter(small, data, document):
    shuffled = data.draw(st.permutations(document))
    np.testing.assert_allclose(*small.transform([document, shuffled]), rtol=1e-5, atol=1e-6)


@settings(deadline=None)
@given(TOKENS, st.integers(1, 50))
def test_a_document_repeated_is_the_same_document(small, document, n_times):
    np.testing.assert_allclose(*small.transform([document, document * n_times]), rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("word", ["tea", "pot", "of"])
def test_the_mean_of_one_word_is_its_vector_however_long_the_document_is(small, word):
    once, often = small.transform([[word], [word] * 200_000])
    np.testing.assert_allclose(often, once, rtol=1e-5)


@settings(deadline=None)
@given(st.lists(st.sampled_from(UNKNOWN)))
def test_a_document_without_known_words_is_all_zeros(small, document):
    np.testing.assert_array_equal(small.transform([document, "", ["tea"]])[:2], np.zeros((2, 10)))


@settings(deadline=None)
@given(st.lists(st.sampled_from(KNOWN), min_size=1, max_size=20))
def test_the_mean_lies_between_its_words(small, document):
    words = small.transform([[token] for token in document])
    (vector,) = small.transform([document])
    assert (words.min(axis=0) - 1e-6 <= vector).all()
    assert (vector <= words.max(axis=0) + 1e-6).all()


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_documents_do_not_influence_each_other(small, some, others):
    apart = np.concatenate([small.transform(some), small.transform(others)])
    np.testing.assert_array_equal(small.transform(some + others), apart)


@settings(deadline=None)
@given(TOKENS, TOKENS)
def test_unknown_tokens_change_nothing(small, document, more):
    known = [token for token in document + more if token not in UNKNOWN]
    np.testing.assert_array_equal(*small.transform([document + more, known]))


@settings(deadline=None)
@given(DOCUMENTS)
def test_vectors_are_contiguous_float32(small, documents):
    vectors = small.transform(documents)
    assert (vectors.shape, vectors.dtype) == ((len(documents), 10), np.float32)
    assert vectors.flags.c_contiguous
    assert vectors.flags.writeable


def test_what_is_done_to_vectors_does_not_reach_the_estimator(small):
    before = small.transform([["tea", "pot"]])
    small.transform([["tea"], ["pot"]])[:] = 9
    assert not small.vectors_.flags.writeable
    np.testing.assert_array_equal(small.transform([["tea", "pot"]]), before)


@pytest.mark.parametrize("output", OUTPUTS)
def test_there_is_a_name_for_each_feature(output):
    w2v = PretrainedWord2VecTransformer(PretrainedVectors.from_arrays(KNOWN, ROWS), output=output, epochs=1)
    n_features = w2v.fit_transform([["tea", "the"]]).shape[1]
    halves = {"both": ["tuned", "pretrained"]}.get(output, [output])
    expected = [f"{half}_mean{index}" for half in halves for index in range(5)]
    names = w2v.get_feature_names_out()
    assert (names.tolist(), names.dtype, len(names)) == (expected, object, n_features)


@settings(deadline=None)
@given(DOCUMENTS)
def test_tokens_are_counted_as_words_of_the_documents_or_else_of_the_source(documents):
    corpus, fallback = {"the": 0, "tea": 1, "cup": 2}, {"tea": 0, "pot": 1, "jug": 2}
    in_fallback, in_corpus = count_tokens(documents, columns_of([*fallback, *corpus]), (3, 3))
    own = [[document.count(word) for word in corpus] for document in documents]
    others = [[document.count(word) * (word not in corpus) for word in fallback] for document in documents]
    np.testing.assert_array_equal(in_corpus.toarray(), np.reshape(own, (-1, 3)))
    np.testing.assert_array_equal(in_fallback.toarray(), np.reshape(others, (-1, 3)))
