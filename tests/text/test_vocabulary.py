"""Which words are counted, and which of them are kept, against plain recounts."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.text._vocabulary import by_count, count_words, keep_words, ordered_words

from helpers import estimator, whole

KNOWN = ["tea", "cup", "pot", "jug", "lid"]
SOURCE = PretrainedVectors.from_arrays(KNOWN, np.arange(15).reshape(5, 3) / 16)
DOCUMENTS = [["the", "pot", "of", "tea"], [], ["tea", "tea", "or", "the", "cup"]]

WORDS = st.sampled_from([*KNOWN, "a", "b", "c", "d"])
TOKEN_LISTS = st.lists(st.lists(WORDS, max_size=8), min_size=1, max_size=8)
SOME_TOKENS = TOKEN_LISTS.filter(any)


@settings(deadline=None)
@given(SOME_TOKENS)
def test_words_are_counted_in_the_order_in_which_they_first_occur(documents):
    corpus = count_words(iter(documents))
    flat = [token for document in documents for token in document]
    assert list(corpus.counts) == list(dict.fromkeys(flat))
    assert corpus.counts == {word: flat.count(word) for word in flat}
    assert (corpus.n_documents, corpus.n_tokens) == (len(documents), len(flat))


@settings(deadline=None)
@given(SOME_TOKENS, st.sets(WORDS))
def test_words_outside_a_fixed_vocabulary_are_not_counted(documents, vocabulary):
    inside = [[token for token in document if token in vocabulary] for document in documents]
    assume(any(inside))
    assert list(count_words(documents, fixed=vocabulary).counts.items()) == list(count_words(inside).counts.items())


def test_a_chunk_is_10000_tokens_and_an_empty_document_is_one():
    n_chunks = {0: 1, 1: 1, 9_999: 1, 10_000: 1, 10_001: 2, 20_000: 2, 20_001: 3}
    assert {size: count_words([["a"] * size, ["a"]]).n_chunks - 1 for size in n_chunks} == n_chunks
    assert count_words(["a"] * size for size in n_chunks).n_chunks == sum(n_chunks.values())


@settings(deadline=None)
@given(SOME_TOKENS)
def test_frequent_words_come_first_and_ties_as_they_first_occur(documents):
    corpus = count_words(documents)
    first_seen = list(corpus.counts)
    expected = sorted(corpus.counts, key=lambda word: (-corpus.counts[word], first_seen.index(word)))
    assert by_count(corpus, corpus.counts) == expected


@settings(deadline=None, max_examples=50)
@given(TOKEN_LISTS, st.integers(1, 4), st.sampled_from(["tuned", "both"]))
def test_rare_words_are_kept_if_they_have_a_pretrained_vector(documents, min_count, output):
    documents = [["tea"] * 8, *documents]
    fitted = estimator(SOURCE, min_count=min_count, output=output, fallback_size=0).fit(documents)
    counts = Counter(token for document in documents for token in document)
    expected = {word: count for word, count in counts.items() if count >= min_count or word in KNOWN}
    assert dict(zip(fitted.vocabulary_, fitted.counts_.tolist(), strict=True)) == expected
    assert fitted.counts_.tolist() == sorted(expected.values(), reverse=True)


def test_no_word_that_is_frequent_enough_is_an_error():
    message = "Empty vocabulary: no word occurs min_count=4 times, or has a pretrained vector."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(None, min_count=4).fit(DOCUMENTS)


@pytest.mark.parametrize("documents", [[""], ["", "a . b"], [[], ()]], ids=str)
@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_documents_without_words_are_an_error(documents, pretrained):
    message = (
        f"Empty vocabulary: no word of the {len(documents)} documents is left by the analyzer. analyzer='word' "
        "keeps only runs of two or more letters or digits. Pass a function as analyzer to keep other tokens."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(pretrained).fit(documents)


@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
def test_documents_without_words_of_the_vocabulary_are_an_error(pretrained):
    message = (
        "Empty vocabulary: no word of the documents is in the vocabulary. The documents have 'tea', 'the' and 'pot', "
        "the vocabulary has 'lid' and 'Tea'. Spell and split them alike. Strings are "
        "lowercased unless lowercase=False."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(pretrained, vocabulary=["lid", "Tea"]).fit(DOCUMENTS)


CAPITALS = (
    "The documents have no capitals, but {} of the vocabulary's words have some, such as {}, and never occur. "
    "Lowercase the vocabulary, or keep the case of the documents, by lowercase=False or in the tokens."
)


@pytest.mark.parametrize("pretrained", [SOURCE, None], ids=["source", "scratch"])
@pytest.mark.parametrize("documents", [["The pot of Tea"], [["the", "pot", "of", "tea"]]], ids=["strings", "tokens"])
def test_capitals_of_the_vocabulary_that_the_documents_lack_are_told(pretrained, documents):
    with pytest.warns(UserWarning, match=whole(CAPITALS.format(2, "'Tea' and 'THE'"))) as record:
        estimator(pretrained, vocabulary=["Tea", "pot", "THE", "Lid"]).fit(documents)
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize(
    ("documents", "params"),
    [
        (["The Pot of tea, Tea"], {"lowercase": False}),
        (["The pot of tea"], {"lowercase": False}),
        ([["The", "pot", "tea"]], {}),
        ([["Tea", "pot", "tea"]], {}),
        (["the pot and no more"], {}),
    ],
    ids=str,
)
def test_capitals_that_may_occur_in_other_documents_are_not_told(documents, params):
    estimator(None, vocabulary=["Tea", "pot"], **params).fit(documents)


def test_a_vocabulary_that_has_the_words_in_both_cases_loses_none():
    estimator(SOURCE, vocabulary=["Tea", "tea", "pot"]).fit(["Tea, pot"])


@pytest.mark.parametrize("limit", [1, 2])
def test_a_limit_that_leaves_no_word_is_an_error(limit):
    message = (
        f"max_final_vocab={limit} leaves no word, since more words than that occur equally often. Use a larger one."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator(SOURCE, word2vec_params={"max_final_vocab": limit}).fit([["tea", "cup", "pot"]])


def test_counts_are_those_of_a_counter(documents, tokens, keyed_vectors):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit(documents)
    counts = Counter(token for document in tokens for token in document)
    words = list(fitted.vocabulary_)[: len(fitted.counts_)]
    assert dict(zip(words, fitted.counts_.tolist(), strict=True)) == counts
    assert (fitted.counts_.dtype, fitted.counts_.shape) == (np.int64, (len(counts),))
    assert (np.diff(fitted.counts_) <= 0).all()


@settings(deadline=None)
@given(TOKEN_LISTS, st.sets(WORDS), st.integers(1, 4), st.none() | st.integers(1, 9))
def test_of_the_words_that_are_kept_none_is_as_rare_as_the_first_beyond_the_limit(documents, known, min_count, limit):
    corpus = count_words([["tea"] * 40, *documents])
    left = {word: count for word, count in corpus.counts.items() if count >= min_count or word in known}
    kept = keep_words(corpus, known, min_count, limit)
    if limit is not None and limit < len(left):
        first_beyond = sorted(left.values())[-limit - 1]
        left = {word: count for word, count in left.items() if count > first_beyond}
    assert list(kept.counts.items()) == list(left.items())
    assert (kept.n_documents, kept.n_chunks) == (corpus.n_documents, corpus.n_chunks)


@pytest.mark.parametrize(
    ("vocabulary", "order"),
    [
        (None, None),
        (("the", "tea", "lid"), ["the", "tea", "lid"]),
        (np.array(["the", "lid"]), ["the", "lid"]),
        ({"the", "lid", "tea"}, ["lid", "tea", "the"]),
        ({"the": 20, "lid": -3, "tea": 7}, ["lid", "tea", "the"]),
        ({"the": 20, "lid": -3}.keys(), ["lid", "the"]),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_vocabulary_has_its_own_order_or_that_of_its_numbers_or_of_the_alphabet(vocabulary, order):
    assert ordered_words(vocabulary) == order
