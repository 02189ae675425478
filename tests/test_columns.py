"""Words → columns, by the table in C and by the dict that stands in for it."""

import sys
import threading
from collections import namedtuple
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, _columns
from sk_w2v._columns import DictColumns, TableColumns, tokens_at

KINDS = [pytest.param(DictColumns, id="dict")]
if _columns._lookup is not None:
    KINDS.append(pytest.param(TableColumns, id="table"))

each_kind = pytest.mark.parametrize("kind", KINDS)
compiled = pytest.mark.skipif(_columns._lookup is None, reason="installed without a C compiler")

WORDS = st.text(st.characters() | st.sampled_from("aé中😀\x00\ud800"), max_size=5)  # all widths that str has


class Word(str):
    """A str that is no plain one."""


class Reversed(list):
    """A list that iterates in its own way."""

    def __iter__(self):
        return iter(self[::-1])


def found(kind, words, documents):
    return kind(list(words)).find(documents, sum(map(len, documents))).tolist()


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
        kind(["tea"]).find([["tea"], ["cup"]], n_tokens)


def test_tokens_are_found_again_by_their_places():
    documents = [["a", "b"], [], ("c",), [], ["d", "e", "f"]]
    assert tokens_at(documents, np.array([0, 2, 3, 5])) == ["a", "c", "d", "f"]
    assert tokens_at([], np.array([], np.int64)) == []


@compiled
@pytest.mark.parametrize("n_slots", [0, 3, 4, 6])
def test_a_table_that_is_too_small_for_its_words_is_refused(n_slots):
    slots = np.empty((n_slots, 2), np.int32)
    for use in (
        lambda: _columns._lookup.enter(list("abcd"), slots),
        lambda: _columns._lookup.places([["a"]], list("abcd"), slots, np.empty(1, np.int32)),
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
            columns.find(documents, sum(map(len, documents)))
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
        answers[seed] = all((columns.find(documents, 50_000) == numbers).all() for _ in range(5))

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
        monkeypatch.setattr(_columns, "_lookup", None)
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    return PretrainedWord2VecTransformer(source, output="pretrained").fit([["tea", "pot", "jug", "tea"]])


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
