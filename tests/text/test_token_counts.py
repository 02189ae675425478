"""Tokens → columns, by the table in C and by the dict that stands in for it; and what is counted of them."""

import sys
import threading
from collections import namedtuple
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v.text import _token_counts
from sk_w2v.text._subwords import SubwordRows, Subwords
from sk_w2v.text._token_counts import (
    BATCH_TOKENS,
    PART_DOCUMENTS,
    DictColumns,
    TableColumns,
    columns_of,
    count_tokens,
    cut_in_batches,
    with_vector,
)

from helpers import estimator

KINDS = [pytest.param(DictColumns, id="dict")]
if _token_counts._lookup is not None:
    KINDS.append(pytest.param(TableColumns, id="table"))

each_kind = pytest.mark.parametrize("kind", KINDS)
compiled = pytest.mark.skipif(_token_counts._lookup is None, reason="installed without a C compiler")

WORDS = st.text(st.characters() | st.sampled_from("aé中😀\x00\ud800"), max_size=5)  # all widths that str has


class Word(str):
    """A str that is no plain one."""


class Reversed(list):
    """A list that iterates in its own way."""

    def __iter__(self):
        return iter(self[::-1])


def found(kind, words, documents):
    return kind(list(words)).look_up(documents, sum(map(len, documents))).tolist()


@each_kind
@settings(deadline=None)
@given(words=st.lists(WORDS, max_size=60), documents=st.lists(st.lists(WORDS, max_size=40), max_size=8), data=st.data())
def test_a_word_has_the_column_of_its_last_place(kind, words, documents, data):
    known = data.draw(st.lists(st.sampled_from(words), max_size=100)) if words else []
    column_of = {word: column for column, word in enumerate(words)}
    documents = [*documents, tuple("".join(map(str, word)) for word in known), []]  # equal strings, not the same ones
    assert found(kind, words, documents) == [column_of.get(word, -1) for document in documents for word in document]


@each_kind
@pytest.mark.parametrize("n_words", [0, 1, 2, 3, 4, 100, 128, 50_000])
def test_a_table_of_any_size_finds_its_words_and_no_others(kind, n_words):
    words = [f"word{number}" for number in range(n_words)]
    documents = [["other", *(f"word{number}" for number in range(n_words))], ["word", "", "word-1"], []]
    assert found(kind, words, documents) == [-1, *range(n_words), -1, -1, -1]


@each_kind
def test_words_whose_hashes_begin_alike_are_told_apart(kind):
    alike = [word for number in range(200_000) if hash(word := f"w{number}") & 0x3FFF == 0]
    words, others = alike[::2], alike[1::2]
    assert len(words) >= 3
    assert found(kind, words, [words, others]) == [*range(len(words)), *[-1] * len(others)]


@each_kind
@pytest.mark.parametrize("lengths", [[0], [1], [15, 1], [16], [17], [5, 0, 31, 32, 33, 1], [100_000]])
def test_documents_of_any_length_follow_each_other(kind, lengths):
    words = [f"word{number}" for number in range(100)]
    numbers = np.random.default_rng(0).integers(-20, 100, sum(lengths))
    tokens = [f"word{number}" for number in numbers.tolist()]
    ends = np.cumsum([0, *lengths])
    documents = [tokens[start:stop] for start, stop in pairwise(ends.tolist())]
    assert found(kind, words, documents) == np.maximum(numbers, -1).tolist()


@each_kind
def test_a_subclass_of_str_is_the_characters_that_it_holds(kind):
    words = [Word("tea"), "cup", np.str_("pot")]
    documents = [["tea", "cup"], (Word("pot"), np.str_("tea")), [Word("jug"), np.str_("cup")]]
    assert found(kind, words, documents) == [0, 1, 2, 0, -1, 1]


@each_kind
@pytest.mark.parametrize("bad", [None, 1, 1.5, b"tea", ["tea"], np.nan])
@pytest.mark.parametrize("place", [0, 20, 49])
def test_a_token_that_is_no_string_is_an_error(kind, bad, place):
    document = ["tea"] * 50
    document[place] = bad
    with pytest.raises(TypeError):
        found(kind, ["tea"], [["tea"], document])


@each_kind
@pytest.mark.parametrize(("n_tokens", "message"), [(1, "Documents have grown"), (3, "shrunk|too short")])
def test_documents_that_change_while_they_are_read_are_an_error(kind, n_tokens, message):
    with pytest.raises(ValueError, match=message):
        kind(["tea"]).look_up([["tea"], ["cup"]], n_tokens)


@compiled
@pytest.mark.parametrize("n_slots", [0, 3, 4, 6])
def test_a_table_that_is_too_small_for_its_words_is_refused(n_slots):
    slots = np.empty((n_slots, 2), np.int32)
    for use in (
        lambda: _token_counts._lookup.enter(list("abcd"), slots),
        lambda: _token_counts._lookup.places([["a"]], list("abcd"), slots, np.empty(1, np.int32)),
    ):
        with pytest.raises(ValueError, match="slots must be a power of two, and more than the words"):
            use()


@compiled
def test_a_table_keeps_no_token_and_no_document():
    token, document, bad = "".join(["te", "a"]), ["".join(["cu", "p"])], ["tea", None]
    columns = TableColumns(["tea", "cup"])
    watched = [token, document, document[0], bad]
    before = [sys.getrefcount(each) for each in watched]
    for documents in ([[token], document], [[token], document, bad]) * 100:
        try:
            columns.look_up(documents, sum(map(len, documents)))
        except TypeError:
            assert documents[-1] is bad
    del documents
    assert [sys.getrefcount(each) for each in watched] == before


@compiled
def test_threads_share_a_table():
    words = [f"word{number}" for number in range(5_000)]
    columns, answers = TableColumns(words), {}

    def ask(seed):
        numbers = np.random.default_rng(seed).integers(0, 5_000, 50_000)
        documents = [[f"word{number}" for number in part] for part in numbers.reshape(100, -1).tolist()]
        answers[seed] = all((columns.look_up(documents, 50_000) == numbers).all() for _ in range(5))

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == dict.fromkeys(range(8), True)


@compiled
def test_the_table_takes_lists_and_tuples_alone():
    with pytest.raises(TypeError, match="documents must be lists or tuples"):
        found(TableColumns, ["tea"], [["tea"], Reversed(["tea"])])


@pytest.fixture(params=[kind.id for kind in KINDS])
def fitted(request, monkeypatch):
    if request.param == "dict":
        monkeypatch.setattr(_token_counts, "_lookup", None)
    return estimator(output="pretrained").fit([["tea", "pot", "jug", "tea"]])


def test_vectors_are_the_same_with_and_without_a_compiler(fitted):
    expected = np.array([[2, 0, 1], [0, 3, 0], [0, 0, 0], [3, 0, 0]]) / 3
    documents = [["tea", "pot", "jug", "tea"], ("cup",), [], ["kettle", "tea"]]
    np.testing.assert_allclose(fitted.transform(documents), expected, rtol=1e-6)
    with pytest.raises(TypeError, match=r"Document 1 must be a str or a list of str\. Got the token 3"):
        fitted.transform([["tea"], ["cup", 3]])


def test_lists_of_other_kinds_are_taken_as_they_iterate(fitted):
    documents = [Reversed(["tea", "cup"]), namedtuple("Pair", "first second")("pot", "pot"), Reversed()]
    np.testing.assert_allclose(fitted.transform(documents), [[0.5, 0.5, 0], [0, 0, 1], [0, 0, 0]])
    with pytest.raises(TypeError, match=r"Document 1 must be a str or a list of str\. Got the token None"):
        fitted.transform([["tea"], Reversed([None, "tea"])])


OF_CORPUS, OF_FALLBACK = ["the", "tea", "cup"], ["tea", "pot", "jug"]


def test_batches_stay_small_also_where_long_documents_follow_short_ones():
    documents = [*[["tea"]] * 100, *[["tea"] * 10_000] * 1000]
    sizes = [sum(map(len, batch)) for batch in cut_in_batches(iter(documents))]
    assert sum(sizes) == 10_000_100
    assert max(sizes) < BATCH_TOKENS + PART_DOCUMENTS * 10_000


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from([*OF_CORPUS, *OF_FALLBACK, "x", "y"]), max_size=20), max_size=6))
def test_tokens_are_counted_as_words_of_the_documents_or_else_of_the_source(documents):
    in_fallback, in_corpus = count_tokens(documents, columns_of([*OF_FALLBACK, *OF_CORPUS]), (3, 3))
    own = [[document.count(word) for word in OF_CORPUS] for document in documents]
    others = [[document.count(word) * (word not in OF_CORPUS) for word in OF_FALLBACK] for document in documents]
    np.testing.assert_array_equal(in_corpus.toarray(), np.reshape(own, (-1, 3)))
    np.testing.assert_array_equal(in_fallback.toarray(), np.reshape(others, (-1, 3)))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(["tea", "pot", "jug", "teapot", "", "x"]), max_size=20), max_size=6))
def test_words_that_no_table_has_get_a_row_each_by_their_subwords(documents):
    subwords = Subwords(np.arange(20, dtype=np.float32).reshape(10, 2), 3, 5)
    rows = SubwordRows(subwords)
    in_table, by_subwords = count_tokens(documents, columns_of(["tea", "jug"]), (2,), rows)
    new = list(dict.fromkeys(token for document in documents for token in document if token in ("pot", "teapot", "x")))
    assert in_table.shape == (len(documents), 2)
    expected = [[document.count(word) for word in new] for document in documents]
    np.testing.assert_array_equal(by_subwords.toarray(), np.reshape(expected, (len(documents), len(new))))
    np.testing.assert_array_equal(rows.rows(), np.array([subwords.vector(word) for word in new]).reshape(-1, 2))


@settings(deadline=None)
@given(st.lists(st.lists(st.sampled_from(OF_CORPUS), max_size=9), max_size=5), st.tuples(*[st.booleans()] * 3))
def test_tokens_of_words_without_a_vector_are_left_out(documents, has_vector):
    (counts,) = count_tokens(documents, columns_of(OF_CORPUS), (3,))
    expected = counts.toarray() * np.array(has_vector)
    np.testing.assert_array_equal(with_vector(counts, np.array(has_vector)).toarray(), expected)


@settings(deadline=None)
@given(st.integers(0, 25), st.integers(1, 9))
def test_batches_of_a_given_size_are_full_but_for_the_last(n_documents, size):
    documents = [[str(number)] for number in range(n_documents)]
    batches = list(cut_in_batches(iter(documents), size))
    assert batches == [documents[start : start + size] for start in range(0, n_documents, size)]
