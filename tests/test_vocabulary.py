"""Which words are counted, kept and given a row, against plain recounts."""

import re
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import CountVectorizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v._vocabulary import by_count, count_words

KNOWN = ["tea", "cup", "pot", "jug", "lid"]
ROWS = np.arange(15, dtype=np.float32).reshape(5, 3) / 16
SOURCE = PretrainedVectors.from_arrays(KNOWN, ROWS)
DOCUMENTS = [["the", "pot", "of", "tea"], [], ["tea", "tea", "or", "the", "cup"]]

WORDS = st.sampled_from([*KNOWN, "a", "b", "c", "d"])
TOKEN_LISTS = st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=8)


def estimator(pretrained=SOURCE, **params):
    return PretrainedWord2VecTransformer(pretrained, **{"epochs": 1, "random_state": 0, "lockf": 0.5, **params})


def whole(message):
    return f"^{re.escape(message)}\\Z"


@pytest.fixture(scope="module")
def tokens(documents):
    analyze = CountVectorizer().build_analyzer()
    return [analyze(document) for document in documents]


@settings(deadline=None)
@given(TOKEN_LISTS)
def test_words_are_counted_in_the_order_in_which_they_first_occur(documents):
    corpus = count_words(iter(documents))
    flat = [token for document in documents for token in document]
    assert list(corpus.counts) == list(dict.fromkeys(flat))
    assert corpus.counts == {word: flat.count(word) for word in flat}
    assert (corpus.n_documents, corpus.n_tokens) == (len(documents), len(flat))


@settings(deadline=None)
@given(TOKEN_LISTS, st.sets(WORDS))
def test_words_outside_a_fixed_vocabulary_are_not_counted(documents, vocabulary):
    inside = [[token for token in document if token in vocabulary] for document in documents]
    assert list(count_words(documents, vocabulary).counts.items()) == list(count_words(inside).counts.items())


def test_a_chunk_is_10000_tokens_and_an_empty_document_is_one():
    n_chunks = {0: 1, 1: 1, 9_999: 1, 10_000: 1, 10_001: 2, 20_000: 2, 20_001: 3}
    assert {size: count_words([["a"] * size]).n_chunks for size in n_chunks} == n_chunks
    assert count_words(["a"] * size for size in n_chunks).n_chunks == sum(n_chunks.values())


@settings(deadline=None)
@given(TOKEN_LISTS)
def test_frequent_words_come_first_and_ties_as_they_first_occur(documents):
    corpus = count_words(documents)
    first_seen = list(corpus.counts)
    expected = sorted(corpus.counts, key=lambda word: (-corpus.counts[word], first_seen.index(word)))
    assert by_count(corpus, corpus.counts) == expected


@settings(deadline=None, max_examples=50)
@given(TOKEN_LISTS, st.integers(1, 4), st.sampled_from(["tuned", "both"]))
def test_rare_words_are_kept_if_they_have_a_pretrained_vector(documents, min_count, output):
    documents = [["tea"] * 8, *documents]
    fitted = estimator(min_count=min_count, output=output, fallback_size=0).fit(documents)
    counts = Counter(token for document in documents for token in document)
    expected = {word: count for word, count in counts.items() if count >= min_count or word in KNOWN}
    assert dict(zip(fitted.vocabulary_, fitted.counts_.tolist(), strict=True)) == expected
    assert fitted.counts_.tolist() == sorted(expected.values(), reverse=True)


@settings(deadline=None, max_examples=50)
@given(TOKEN_LISTS)
def test_untuned_words_are_those_with_a_pretrained_vector_in_the_order_of_their_counts(documents):
    documents = [["tea"] * 8, *documents]
    fitted = estimator(output="pretrained", min_count=9, fallback_size=0).fit(documents)
    counts = Counter(token for document in documents for token in document if token in KNOWN)
    assert list(zip(fitted.vocabulary_, fitted.counts_.tolist(), strict=True)) == counts.most_common()
    np.testing.assert_array_equal(fitted.vectors_, [ROWS[KNOWN.index(word)] for word in fitted.vocabulary_])


def test_no_word_that_is_frequent_enough_is_an_error():
    message = "Empty vocabulary: no word occurs min_count=4 times, or has a pretrained vector."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(None, min_count=4).fit(DOCUMENTS)


@pytest.mark.parametrize("documents", [[""], ["", "a . b"], [[], ()]], ids=str)
@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_documents_without_words_are_an_error(documents, pretrained):
    message = f"Empty vocabulary: no word of the {len(documents)} documents is left by the analyzer."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(pretrained).fit(documents)


@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_documents_without_words_of_the_vocabulary_are_an_error(pretrained):
    message = "Empty vocabulary: no word of the 3 documents is in the vocabulary."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(pretrained, vocabulary=["lid", "Tea"]).fit(DOCUMENTS)


@pytest.mark.parametrize("limit", [1, 2])
def test_a_limit_that_leaves_no_word_is_an_error(limit):
    message = (
        f"max_final_vocab={limit} leaves no word, since more words than that occur equally often. Use a larger one."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params={"max_final_vocab": limit}).fit([["tea", "cup", "pot"]])


@pytest.mark.parametrize(
    ("vocabulary", "order"),
    [
        (["the", "lid", "tea", "new"], ["the", "lid", "tea", "new"]),
        (("the", "tea", "lid", "new"), ["the", "tea", "lid", "new"]),
        (np.array(["lid", "tea", "the", "new"]), ["lid", "tea", "the", "new"]),
        ({"the", "lid", "tea", "new"}, ["lid", "new", "tea", "the"]),
        (frozenset({"the", "lid", "tea", "new"}), ["lid", "new", "tea", "the"]),
        ({"the": 2, "lid": 3, "tea": 0, "new": 1}, ["tea", "new", "the", "lid"]),
    ],
    ids=["list", "tuple", "array", "set", "frozenset", "dict"],
)
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_a_fixed_vocabulary_decides_words_and_rows(vocabulary, order, output):
    fitted = estimator(vocabulary=vocabulary, output=output, fallback_size=0, min_count=9).fit(DOCUMENTS)
    assert list(fitted.vocabulary_.items()) == [(word, row) for row, word in enumerate(order)]
    assert fitted.counts_.tolist() == [{"the": 2, "tea": 3}.get(word, 0) for word in order]
    np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_["lid"]], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_["new"]], np.zeros(3))


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_words_that_the_documents_lack_keep_their_vector_or_count_for_nothing(output):
    fitted = estimator(vocabulary=["tea", "lid", "new"], output=output, fallback_size=0).fit(DOCUMENTS)
    tea, lid, new, both, all_three = fitted.transform(
        [["tea"], ["lid"], ["new"], ["tea", "lid"], ["tea", "lid", "new"]]
    )
    np.testing.assert_array_equal(lid[-3:], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(lid[:3], ROWS[KNOWN.index("lid")])
    np.testing.assert_array_equal(new, np.zeros_like(tea))
    np.testing.assert_allclose(both, (tea + lid) / 2, rtol=1e-6)
    np.testing.assert_array_equal(all_three, both)


def test_words_without_a_pretrained_vector_count_for_nothing_untuned():
    fitted = estimator(output="both").fit(DOCUMENTS)
    tea, tea_the, the = fitted.transform([["tea"], ["tea", "the"], ["the"]])
    np.testing.assert_array_equal(tea_the[3:], tea[3:])
    np.testing.assert_array_equal(the[3:], np.zeros(3))
    np.testing.assert_allclose(tea_the[:3], (tea[:3] + the[:3]) / 2, rtol=1e-6)


@pytest.mark.parametrize("output", ["tuned", "pretrained"])
@pytest.mark.parametrize("min_count", [1, 5])
def test_coverage_is_the_share_of_tokens_and_of_words_with_a_pretrained_vector(tokens, glove, output, min_count):
    fitted = PretrainedWord2VecTransformer(
        PretrainedVectors.from_arrays(*glove), output=output, epochs=1, min_count=min_count
    ).fit(tokens)
    known, n_known, n_tokens = set(glove[0]), 0, 0
    words, known_words = set(), set()
    for document in tokens:
        for token in document:
            n_tokens += 1
            words.add(token)
            if token in known:
                n_known += 1
                known_words.add(token)
    assert fitted.coverage_ == {"tokens": n_known / n_tokens, "words": len(known_words) / len(words)}
    assert 0.5 < fitted.coverage_["words"] < fitted.coverage_["tokens"] < 1


def test_coverage_is_of_the_words_in_the_vocabulary_where_one_is_given():
    coverage = estimator(vocabulary=["tea", "the", "lid", "new"]).fit(DOCUMENTS).coverage_
    assert coverage == {"tokens": 3 / 5, "words": 1 / 2}


def test_coverage_without_a_source_is_none():
    assert estimator(None).fit(DOCUMENTS).coverage_ == {"tokens": 0, "words": 0}


def test_counts_are_those_of_a_counter(documents, tokens, keyed_vectors):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit(documents)
    counts = Counter(token for document in tokens for token in document)
    words = list(fitted.vocabulary_)[: len(fitted.counts_)]
    assert dict(zip(words, fitted.counts_.tolist(), strict=True)) == counts
    assert (fitted.counts_.dtype, fitted.counts_.shape) == (np.int64, (len(counts),))
    assert (np.diff(fitted.counts_) <= 0).all()


@pytest.mark.parametrize("fallback_size", [0, 1, 2, np.int64(4), 5, 6, None])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
@pytest.mark.parametrize("vocabulary", [None, ["the", "jug", "tea"]], ids=["free", "fixed"])
def test_the_first_words_of_the_source_follow_those_of_the_documents_untuned(fallback_size, output, vocabulary):
    fitted = estimator(fallback_size=fallback_size, output=output, vocabulary=vocabulary).fit(DOCUMENTS)
    own = list(fitted.vocabulary_)[: len(fitted.counts_)]
    expected = [*own, *(word for word in KNOWN[:fallback_size] if word not in own)]
    assert list(fitted.vocabulary_.items()) == [(word, row) for row, word in enumerate(expected)]
    assert (fitted.vectors_.shape, fitted.vectors_.dtype) == ((len(expected), 3), np.float32)
    for word in expected[len(own) :]:
        np.testing.assert_array_equal(fitted.vectors_[fitted.vocabulary_[word]], ROWS[KNOWN.index(word)])
        np.testing.assert_array_equal(fitted.transform([[word]])[0, -3:], ROWS[KNOWN.index(word)])
    assert not fitted.transform([[word for word in KNOWN if word not in expected]]).any()


def test_of_words_with_two_vectors_the_tuned_one_counts():
    fitted = estimator(epochs=20).fit(DOCUMENTS)
    tea = fitted.vectors_[fitted.vocabulary_["tea"]]
    assert (tea != ROWS[KNOWN.index("tea")]).any()
    np.testing.assert_array_equal(fitted.transform([["tea"]])[0, :3], tea)


def test_the_vocabulary_is_that_of_the_last_fit():
    fitted = estimator(None).fit([["a", "b", "a"]])
    assert fitted.vocabulary_ == {"a": 0, "b": 1}
    assert fitted.fit([["c"]]).vocabulary_ == {"c": 0}


@pytest.mark.parametrize("name", ["vocabulary_", "vectors_", "counts_", "coverage_", "n_iter_", "vector_size_"])
def test_there_is_no_vocabulary_before_fit(name):
    assert not hasattr(estimator(), name)
    assert hasattr(estimator().fit(DOCUMENTS), name)


def test_a_limit_holds_for_untuned_output_too():
    documents = [["tea", "tea", "tea", "cup", "cup", "pot"]]
    fitted = estimator(output="pretrained", fallback_size=0, word2vec_params={"max_final_vocab": 2}).fit(documents)
    assert fitted.vocabulary_ == {"tea": 0, "cup": 1}
