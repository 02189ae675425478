"""Documents in batches: the sums and extremes of each batch, and that nobody sees where one ends."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors
from sk_w2v.pooling import _batches
from sk_w2v.pooling._batches import Counted, Fallback
from sk_w2v.text import _sums, _token_counts
from sk_w2v.text._token_counts import TokenCounts

from helpers import estimator, whole

TUNED, FALLBACK, NEW, UNKNOWN = ["tea", "cup"], ["pot", "jug"], ["the", "of"], ["x", "y"]
KNOWN = TUNED + FALLBACK
ROWS = np.random.default_rng(0).normal(size=(4, 5)).astype(np.float32)

TOKENS = st.lists(st.sampled_from(KNOWN + NEW + UNKNOWN), max_size=20)
DOCUMENTS = st.lists(TOKENS, max_size=6)
NUMBERS = st.lists(st.lists(st.integers(0, 3), max_size=9), max_size=6)


@pytest.fixture(scope="module")
def small():
    """Fitted so that there are words of each kind: tuned, untuned, without a pretrained vector, unknown."""
    w2v = estimator(PretrainedVectors.from_arrays(KNOWN, ROWS), output="both", epochs=5)
    return w2v.fit([["the", "cup", "of", "tea"], ["tea", "of"]])


def counted(documents):
    """Documents of word numbers as poolings take them, one token beside the other."""
    numbers = [number for document in documents for number in document]
    ends = np.cumsum([0, *map(len, documents)], dtype=np.int32)
    return Counted(TokenCounts(np.array(numbers, np.int32), ends, 4), ROWS)


@settings(deadline=None)
@given(NUMBERS, st.none() | st.just(np.float32([0.5, 2, 0, 3])))
def test_a_total_is_the_sum_over_tokens(documents, weights):
    weight = np.ones(4) if weights is None else weights
    expected = [sum((weight[number] * ROWS[number] for number in document), np.zeros(5)) for document in documents]
    np.testing.assert_allclose(counted(documents).total(weights), np.reshape(expected, (-1, 5)), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("is_compiled", [True, False])
@settings(deadline=None)
@given(NUMBERS, st.integers(1, 5))
def test_few_documents_have_bit_for_bit_the_totals_that_they_have_among_many(is_compiled, documents, size):
    with pytest.MonkeyPatch.context() as patched:
        if not is_compiled:
            patched.setattr(_sums, "_words", None)
        alone = [counted([document])._replace(vectors=ROWS[:, :size]).total() for document in documents]
    together = np.asarray(counted(documents).counts.matrix() @ ROWS[:, :size])
    assert b"".join(total.tobytes() for total in alone) == together.tobytes()


@settings(deadline=None)
@given(NUMBERS, st.integers(1, 7))
def test_an_extreme_is_that_of_the_tokens_wherever_they_are_cut_in_pieces(documents, tokens_at_once):
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(_batches, "TOKENS_AT_ONCE", tokens_at_once)
        found = counted(documents).extreme(np.maximum, -np.inf)
    expected = [ROWS[document].max(axis=0, initial=-np.inf) for document in documents]
    np.testing.assert_array_equal(found, np.reshape(expected, (-1, 5)))


@settings(deadline=None)
@given(NUMBERS, NUMBERS)
def test_the_parts_of_the_fallback_count_as_one(some, others):
    n = min(len(some), len(others))
    fallback = Fallback([counted(some[:n]), counted(others[:n])])
    together = counted([[*left, *right] for left, right in zip(some, others, strict=False)])
    for _ in range(2):
        np.testing.assert_array_equal(fallback.n_tokens, together.n_tokens)
        np.testing.assert_allclose(fallback.total(), together.total(), rtol=1e-5, atol=1e-6)
        np.testing.assert_array_equal(fallback.extreme(np.minimum, np.inf), together.extreme(np.minimum, np.inf))
        np.testing.assert_array_equal(fallback.extreme(np.maximum, -np.inf), together.extreme(np.maximum, -np.inf))


@pytest.mark.parametrize("number", [0, 150, 2500])
def test_a_token_that_is_no_string_is_named_by_the_number_of_its_document_among_all(small, number, monkeypatch):
    monkeypatch.setattr(_token_counts, "BATCH_DOCUMENTS", 1000)
    message = f"Document {number} must be a str or a list of str. Got the token 5."
    with pytest.raises(TypeError, match=whole(message)):
        small.transform([*[["tea"]] * number, ["cup", 5]])


def test_several_batches_give_what_documents_give_one_by_one(small, monkeypatch):
    monkeypatch.setattr(_token_counts, "BATCH_DOCUMENTS", 1000)
    rng = np.random.default_rng(0)
    documents = [rng.choice(KNOWN + NEW + UNKNOWN, size).tolist() for size in rng.integers(0, 8, 2500)]
    one_by_one = np.concatenate([small.transform([document]) for document in documents])
    np.testing.assert_array_equal(small.transform(documents), one_by_one)
    np.testing.assert_array_equal(small.transform(iter(documents)), one_by_one)


@pytest.mark.parametrize("n_documents", [999, 1000, 1001, 2000])
def test_the_edges_of_batches_lose_no_document(small, n_documents, monkeypatch):
    monkeypatch.setattr(_token_counts, "BATCH_DOCUMENTS", 1000)
    documents = [["tea"], ["cup", "pot"], [], ["x"]] * 500
    np.testing.assert_array_equal(
        small.transform(documents[:n_documents]), np.tile(small.transform(documents[:4]), (500, 1))[:n_documents]
    )


@pytest.mark.parametrize("word", ["tea", "pot", "of"])
def test_the_mean_of_one_word_is_its_vector_however_long_the_document_is(small, word):
    once, often = small.transform([[word], [word] * 200_000])
    np.testing.assert_allclose(often, once, rtol=1e-5)


@settings(deadline=None)
@given(DOCUMENTS, DOCUMENTS)
def test_documents_do_not_influence_each_other(small, some, others):
    apart = np.concatenate([small.transform(some), small.transform(others)])
    np.testing.assert_array_equal(small.transform(some + others), apart)


@settings(deadline=None)
@given(DOCUMENTS)
def test_vectors_are_contiguous_float32(small, documents):
    vectors = small.transform(documents)
    assert (vectors.shape, vectors.dtype) == ((len(documents), 10), np.float32)
    assert vectors.flags.c_contiguous
    assert vectors.flags.writeable
