"""What is counted of the words of documents, strings and token lists, with the C code and without it."""

from collections import namedtuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import KINDS

from sk_w2v.text import _columns, _sums
from sk_w2v.text._columns import columns_of
from sk_w2v.text._ngrams import NGrams
from sk_w2v.text._subwords import SubwordRows
from sk_w2v.text._token_counts import BATCH_TOKENS, PART_DOCUMENTS, count_tokens, split_in_batches

from helpers import estimator


class Reversed(list):
    """A list that iterates in its own way."""

    def __iter__(self):
        return iter(self[::-1])


@pytest.fixture(params=[kind.id for kind in KINDS])
def fitted(request, monkeypatch):
    if request.param == "dict":
        monkeypatch.setattr(_columns, "_words", None)
        monkeypatch.setattr(_sums, "_words", None)
    return estimator(output="pretrained").fit([["tea", "pot", "jug", "tea"]])


def test_vectors_are_the_same_with_and_without_a_compiler(fitted):
    expected = np.array([[2, 0, 1], [0, 3, 0], [0, 0, 0], [3, 0, 0]]) / 3
    documents = [["tea", "pot", "jug", "tea"], ("cup",), [], ["kettle", "tea"]]
    np.testing.assert_allclose(fitted.transform(documents), expected, rtol=1e-6)
    with pytest.raises(TypeError, match=r"Document 1 must be a str or a list of str\. Got the token 3"):
        fitted.transform([["tea"], ["cup", 3]])


def test_strings_are_cut_as_they_are_looked_up_also_among_token_lists(fitted):
    texts = ["Tea, pot; jug TEA", "a cup", "", "kettle... tea"]
    tokens = [["tea", "pot", "jug", "tea"], ("cup",), [], ["kettle", "tea"]]
    expected = fitted.transform(tokens)
    np.testing.assert_array_equal(fitted.transform(texts), expected)
    np.testing.assert_array_equal(fitted.transform([texts[0], tokens[1], tokens[2], texts[3]]), expected)
    np.testing.assert_array_equal(fitted.transform(np.array(texts)), expected)


@pytest.mark.parametrize("has_subwords", [False, True])
def test_strings_and_their_tokens_are_counted_alike(has_subwords):
    texts = ["Tea and a teapot", "jugs", "tea"]
    tokens = [["tea", "and", "teapot"], ["jugs"], ["tea"]]
    results = []
    for documents in (texts, tokens, [texts[0], *tokens[1:]]):
        rows = SubwordRows(NGrams(np.arange(20, dtype=np.float32).reshape(10, 2), 3, 5)) if has_subwords else None
        counts, n_tokens = count_tokens(documents, columns_of(["tea", "jug"]), (2,), subword_rows=rows)
        assert n_tokens == 5
        results.append([own.matrix().toarray().tolist() for own in counts] + [rows and rows.rows().tolist()])
    assert results[0] == results[1] == results[2]


def test_lists_of_other_kinds_are_taken_as_they_iterate(fitted):
    documents = [Reversed(["tea", "cup"]), namedtuple("Pair", "first second")("pot", "pot"), Reversed()]
    np.testing.assert_allclose(fitted.transform(documents), [[0.5, 0.5, 0], [0, 0, 1], [0, 0, 0]])
    with pytest.raises(TypeError, match=r"Document 1 must be a str or a list of str\. Got the token None"):
        fitted.transform([["tea"], Reversed([None, "tea"])])


OF_CORPUS, OF_FALLBACK = ["the", "tea", "cup"], ["tea", "pot", "jug"]


def test_batches_stay_small_also_where_long_documents_follow_short_ones():
    documents = [*[["tea"]] * 100, *[["tea"] * 10_000] * 1000]
    sizes = [sum(map(len, batch)) for batch in split_in_batches(iter(documents))]
    assert sum(sizes) == 10_000_100
    assert max(sizes) < BATCH_TOKENS + PART_DOCUMENTS * 10_000


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([*OF_CORPUS, *OF_FALLBACK, "x", "y"]), max_size=20), max_size=6))
def test_tokens_are_counted_as_words_of_the_documents_or_else_of_the_source(documents):
    (in_fallback, in_corpus), _ = count_tokens(documents, columns_of([*OF_FALLBACK, *OF_CORPUS]), (3, 3))
    own = [[document.count(word) for word in OF_CORPUS] for document in documents]
    others = [[document.count(word) * (word not in OF_CORPUS) for word in OF_FALLBACK] for document in documents]
    np.testing.assert_array_equal(in_corpus.matrix().toarray(), np.reshape(own, (-1, 3)))
    np.testing.assert_array_equal(in_fallback.matrix().toarray(), np.reshape(others, (-1, 3)))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["tea", "pot", "jug", "teapot", "", "x"]), max_size=20), max_size=6))
def test_words_that_no_table_has_get_a_row_each_by_their_subwords(documents):
    subwords = NGrams(np.arange(20, dtype=np.float32).reshape(10, 2), 3, 5)
    rows = SubwordRows(subwords)
    (in_table, by_subwords), _ = count_tokens(documents, columns_of(["tea", "jug"]), (2,), subword_rows=rows)
    new = list(dict.fromkeys(token for document in documents for token in document if token in ("pot", "teapot", "x")))
    assert in_table.matrix().shape == (len(documents), 2)
    expected = [[document.count(word) for word in new] for document in documents]
    np.testing.assert_array_equal(by_subwords.matrix().toarray(), np.reshape(expected, (len(documents), len(new))))
    np.testing.assert_array_equal(rows.rows(), subwords.vectors(new)[1])


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(OF_CORPUS), max_size=9), max_size=5), st.tuples(*[st.booleans()] * 3))
def test_tokens_of_words_without_a_vector_are_left_out(documents, has_vector):
    (counts,), _ = count_tokens(documents, columns_of(OF_CORPUS), (3,))
    expected = counts.matrix().toarray() * np.array(has_vector)
    np.testing.assert_array_equal(counts.having(np.array(has_vector)).matrix().toarray(), expected)


@settings(deadline=None)
@given(st.integers(0, 25), st.integers(1, 9))
def test_batches_of_a_given_size_are_full_but_for_the_last(n_documents, size):
    documents = [[str(number)] for number in range(n_documents)]
    batches = list(split_in_batches(iter(documents), size))
    assert batches == [documents[start : start + size] for start in range(0, n_documents, size)]
