"""Words → columns, by the tables in C and by the dict that stands in for them."""

import signal
import sys
import threading
import time
from itertools import pairwise

import fuzz_words
import numpy as np
import plain
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from kinds import TEXTS, compiled, each_kind

from sk_w2v.text import _columns
from sk_w2v.text._analyzer import characters
from sk_w2v.text._columns import TableColumns, number_words, token_lists, tokens_at

WORDS = st.text(st.characters() | st.sampled_from("aé中😀\x00\ud800"), max_size=20)  # all widths that str has
NOT_STRINGS = [None, 1, 1.5, b"tea", ["tea"], np.nan]


class Word(str):
    """A str that is no plain one."""


class Reversed(list):
    """A list that iterates in its own way."""

    def __iter__(self):
        return iter(self[::-1])


def found(kind, words, documents):
    columns, lengths = kind(words).look_up(documents)
    assert lengths.tolist() == list(map(len, documents))
    return columns.tolist()


# ---- token lists ----


@each_kind
@settings(deadline=None)
@given(words=st.lists(WORDS, max_size=60), documents=st.lists(st.lists(WORDS, max_size=40), max_size=8), data=st.data())
def test_a_token_has_the_column_of_its_last_place(kind, words, documents, data):
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
@pytest.mark.parametrize("lengths", [[0], [1], [31, 1], [32], [33], [5, 0, 63, 64, 65, 1], [100_000]])
def test_documents_of_any_length_follow_each_other(kind, lengths):
    words = [f"word{number}" for number in range(100)]
    numbers = np.random.default_rng(0).integers(-20, 100, sum(lengths))
    tokens = [f"word{number}".replace("-", "_") for number in numbers.tolist()]
    ends = np.cumsum([0, *lengths])
    documents = [tokens[start:stop] for start, stop in pairwise(ends.tolist())]
    assert found(kind, words, documents) == np.maximum(numbers, -1).tolist()
    columns, n_tokens = kind(words).look_up_text(list(map(" ".join, documents)))
    assert columns.tolist() == np.maximum(numbers, -1).tolist()
    assert n_tokens.tolist() == lengths


@each_kind
def test_a_token_of_a_subclass_of_str_is_the_characters_that_it_holds(kind):
    words = [Word("tea"), "cup", np.str_("pot")]
    documents = [["tea", "cup"], (Word("pot"), np.str_("tea")), [Word("jug"), np.str_("cup")]]
    assert found(kind, words, documents) == [0, 1, 2, 0, -1, 1]
    assert kind(words).look_up_text([Word("Tea JUG cup"), np.str_("POT")]).columns.tolist() == [0, -1, 1, 2]


@each_kind
@pytest.mark.parametrize("bad", NOT_STRINGS)
@pytest.mark.parametrize("place", [0, 40, 99])
def test_a_token_that_is_no_string_is_an_error(kind, bad, place):
    document = ["tea"] * 100
    document[place] = bad
    with pytest.raises(TypeError):
        found(kind, ["tea"], [["tea"], document])


def test_tokens_are_found_again_by_their_places():
    documents = [["a", "b"], [], ("c",), [], ["d", "e", "f"]]
    assert tokens_at(documents, np.array([0, 2, 3, 5])) == ["a", "c", "d", "f"]
    assert tokens_at([], np.array([], np.int64)) == []


@compiled
def test_the_table_takes_lists_and_tuples_alone():
    with pytest.raises(TypeError, match="documents must be lists or tuples"):
        found(TableColumns, ["tea"], [["tea"], Reversed(["tea"])])


# ---- strings ----


@each_kind
@settings(deadline=None, max_examples=200)
@given(texts=st.lists(TEXTS, max_size=5), words=st.lists(WORDS, max_size=10), lowercase=st.booleans(), data=st.data())
def test_a_word_of_a_string_has_the_column_of_its_last_place(kind, texts, words, lowercase, data):
    tokens = [plain.words(text, lowercase) for text in texts]
    seen = sorted({token for document in tokens for token in document})
    words = [*words, *(data.draw(st.lists(st.sampled_from(seen), max_size=20)) if seen else [])]
    column_of = {word: column for column, word in enumerate(words)}
    columns, others = kind(words), kind(words).new_words()
    expected = [column_of.get(token, -1) for document in tokens for token in document]
    plainly, added = columns.look_up_text(texts, lowercase), columns.look_up_text(texts, lowercase, others)
    assert plainly.columns.tolist() == expected
    assert plainly.lengths.tolist() == added.lengths.tolist() == list(map(len, tokens))
    names = [*words, *others.words()]
    assert [names[column] for column in added.columns] == [token for document in tokens for token in document]
    assert (np.where(added.columns < len(words), added.columns, -1) == plainly.columns).all()


@each_kind
def test_new_words_are_numbered_as_they_come_over_many_calls(kind):
    columns = kind(["tea", "tea"])
    others = columns.new_words()
    assert columns.look_up_text(["a Pot of tea", "of"], True, others).columns.tolist() == [2, 3, 1, 3]
    assert columns.look_up_text(["tea of jugs: ÖL"], True, others).columns.tolist() == [1, 3, 4, 5]
    assert (len(others), others.words()) == (4, ["pot", "of", "jugs", "öl"])


@each_kind
@pytest.mark.parametrize("size", [1, 7, 8, 9, 15, 16, 17, 255, 10_000, 1_000_000])
@pytest.mark.parametrize("letter", ["A", "É", "Ⱥ", "\u212a", "𐐀", "我"])
def test_words_of_any_length_are_found(kind, size, letter):
    word = "x" + letter * size
    columns = kind(["other", word.lower()])
    others = columns.new_words()
    assert columns.look_up_text([word, f"{word} {word}y, {word}"], True, others).columns.tolist() == [1, 1, 2, 1]
    assert others.words() == [f"{word}y".lower()]


@each_kind
def test_words_that_differ_in_one_character_are_told_apart(kind):
    base = "abcdefghijklmnopqrstuvwxyz"
    words = [base[:size][:place] + "_" + base[:size][place + 1 :] for size in range(2, 26) for place in range(size)]
    columns = kind(words)
    assert columns.look_up_text([" ".join(words)]).columns.tolist() == list(range(len(words)))
    assert set(columns.look_up_text([" ".join(f"{word}0" for word in words)]).columns.tolist()) == {-1}


@pytest.mark.parametrize("character", [*map(chr, range(128)), "é", "\u0301", "我", "\ud800", "😀"])
def test_a_character_at_any_place_of_a_block_is_what_it_is_elsewhere(character):
    before, behind = ["", "A", "Ab", "AbAbAbA", "AbAbAbAb"], ["", "cD", "cDcDcDcDc"]
    starts = [*range(9), *range(54, 66)]  # 8 and 64 characters are looked at together
    texts = [" " * start + one + character + other for start in starts for one in before for other in behind]
    assert number_words(texts).token_lists() == list(map(plain.words, texts))


@pytest.mark.parametrize("size", range(1, 20))
def test_words_are_found_wherever_they_begin_and_the_text_ends(size):
    texts = [" " * start + "x" * size + end for start in range(130) for end in ("", " ", " y", " yz", "_ " + "-" * 70)]
    assert number_words(texts).token_lists() == list(map(plain.words, texts))


@each_kind
def test_empty_documents_have_no_words(kind):
    columns = kind(["tea"])
    for found in (columns.look_up_text([]), columns.look_up([]), columns.look_up([[], ()])):
        assert not found.columns.size
        assert not found.lengths.any()
    assert columns.look_up_text(["", " ", "\x00", "é", "😀"]).lengths.tolist() == [0] * 5
    assert kind([""]).look_up_text(["", "tea"]).columns.tolist() == [-1]


@each_kind
@pytest.mark.parametrize("bad", NOT_STRINGS)
@pytest.mark.parametrize("place", [0, 50, 2999])
def test_a_document_that_is_no_string_is_an_error(kind, bad, place):
    documents = ["tea für zwei"] * 3000
    documents[place] = bad
    with pytest.raises(TypeError):
        kind(["tea"]).look_up_text(documents)


@each_kind
def test_a_word_that_is_no_string_is_an_error(kind):
    with pytest.raises(TypeError):
        kind(["tea", None]).look_up_text(["tea", 3])
    with pytest.raises(TypeError):
        kind(["tea", None]).look_up([["tea", 3]])


def test_random_documents_and_tables_are_found_alike():
    pytest.importorskip("sk_w2v.text._words")
    fuzz_words.fuzz(2000, seed=0)


# ---- fit's side ----


@pytest.fixture(params=["compiled", "not compiled"])
def _either(request, monkeypatch):
    if request.param == "not compiled":
        monkeypatch.setattr(_columns, "_words", None)


@pytest.mark.usefixtures("_either")
def test_documents_are_counted_and_share_their_strings():
    documents = ["One tea, two TEA", "", "two cups: café, Café"]
    words, numbers, lengths = numbered = number_words(iter(documents))
    assert words == ["one", "tea", "two", "cups", "café"]
    assert (numbers.tolist(), lengths.tolist()) == ([0, 1, 2, 1, 2, 3, 4, 4], [4, 0, 4])
    assert list(numbered.counts().items()) == [("one", 1), ("tea", 2), ("two", 2), ("cups", 1), ("café", 2)]
    tokens = numbered.token_lists()
    assert tokens == list(map(plain.words, documents))
    assert all(token is words[words.index(token)] for document in tokens for token in document)
    assert number_words(documents, lowercase=False).words[:3] == ["One", "tea", "two"]


@pytest.mark.usefixtures("_either")
def test_no_documents_have_no_words():
    numbered = number_words([])
    assert (numbered.words, numbered.counts(), numbered.token_lists()) == ([], {}, [])
    assert (numbered.numbers.dtype, numbered.lengths.dtype) == (np.int32, np.int32)


@pytest.mark.usefixtures("_either")
def test_documents_are_numbered_batch_by_batch(monkeypatch):
    monkeypatch.setattr(_columns, "BATCH_DOCUMENTS", 3)
    documents = [f"word{number % 7} and word{number}" for number in range(20)]
    assert number_words(documents).token_lists() == list(map(plain.words, documents))


@compiled
@pytest.mark.parametrize(
    ("numbers", "lengths", "error"),
    [([2], [1], IndexError), ([-1], [1], IndexError), ([0], [2], ValueError), ([0], [-1], ValueError)],
)
def test_numbers_that_name_no_word_are_an_error(numbers, lengths, error):
    with pytest.raises(error):
        token_lists(["a", "b"], np.array(numbers, np.int32), np.array(lengths, np.int32))


# ---- the C code's manners ----


@compiled
def test_nothing_is_kept_of_documents_and_tokens():
    texts = ["tea " * 5, "Tee für zwei", "ΟΔΥΣΣΕΥΣ", "x\ud800y", Word("Öl")]
    bad, document = ["tea", None], ["".join(["cu", "p"])]
    watched = [*texts, bad, document, document[0]]
    columns = TableColumns(["tea", "cup"])
    others = columns.new_words()
    counts, sizes = list(map(sys.getrefcount, watched)), list(map(sys.getsizeof, texts))
    for _ in range(100):
        columns.look_up_text(texts, True, others)
        columns.look_up([document])
        with pytest.raises(TypeError):
            columns.look_up_text([*texts, None])
        with pytest.raises(TypeError):
            columns.look_up([document, bad])
    assert list(map(sys.getrefcount, watched)) == counts
    assert list(map(sys.getsizeof, texts)) == sizes  # a kept copy in UTF-8 would count


@compiled
def test_threads_share_a_table_and_the_interpreter():
    words = [f"wörd{number}" for number in range(5_000)]
    columns, answers = TableColumns(words), {}

    def ask(seed):
        numbers = np.random.default_rng(seed).integers(0, 5_000, 50_000)
        documents = [[f"wörd{number}" for number in part] for part in numbers.reshape(100, -1).tolist()]
        texts = list(map(" ".join, documents))
        answers[seed] = all(
            (columns.look_up(documents).columns == numbers).all()
            and (columns.look_up_text(texts).columns == numbers).all()
            for _ in range(5)
        )

    threads = [threading.Thread(target=ask, args=(seed,)) for seed in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == dict.fromkeys(range(8), True)


@compiled
@pytest.mark.parametrize("text", ["some Words ", "einige Wörter "])
def test_other_threads_run_while_documents_are_cut(text):
    columns = TableColumns(["words"])
    columns.look_up_text(["ä"])
    thread = threading.Thread(target=columns.look_up_text, args=([text * 3_000_000],))
    thread.start()
    n_turns = 0
    while thread.is_alive():
        n_turns += 1
        time.sleep(0.001)
    thread.join()
    assert n_turns > 10


@compiled
@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="no timer")
def test_a_long_batch_can_be_interrupted():
    def interrupt(number, frame):
        raise KeyboardInterrupt

    columns, text, former = TableColumns(["words"]), "some Words " * 100_000, signal.signal(signal.SIGALRM, interrupt)
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.1)
        start = time.monotonic()
        with pytest.raises(KeyboardInterrupt):
            columns.look_up_text([text] * 5000)
        assert time.monotonic() - start < 5
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


@compiled
def test_a_document_of_100_megabytes_is_cut():
    text = "tea, POT and jug of x " * (100_000_000 // 22)
    columns, lengths = TableColumns(["tea", "pot", "of"]).look_up_text([text, "tea"])
    assert (columns[-6:].tolist(), lengths.tolist()) == ([0, 1, -1, -1, 2, 0], [5 * (100_000_000 // 22), 1])


@compiled
def test_a_table_that_grows_is_not_used_meanwhile():
    columns = TableColumns([])
    columns.look_up_text([])
    others = columns.new_words()

    def get_characters():
        for use in (
            lambda: columns.look_up_text(["tea"], True, others),
            lambda: _columns._words.find_words(others.table, ["tea"], True, characters),
            others.words,
        ):
            with pytest.raises(RuntimeError, match=r"A table that words are added to is in use already\."):
                use()
        return characters()

    _columns._words.find_words(columns._of_text, ["tea", "Öl"], True, get_characters, others.table)
    assert others.words() == ["tea", "öl"]
    with pytest.raises(RuntimeError, match=r"A table that words are added to is in use already\."):
        _columns._words.find_words(others.table, ["tea"], True, characters, others.table)


@compiled
@pytest.mark.parametrize(
    ("given", "error", "message"),
    [
        (None, TypeError, "get_characters must return a tuple"),
        ((b"", b"", "Σ"), TypeError, "bytes-like object"),
        ((b"", b"", b""), ValueError, "kinds must have a byte for each code point"),
    ],
)
def test_what_is_said_of_characters_is_checked(given, error, message):
    table = _columns._words.WordTable(["tea"])
    with pytest.raises(error, match=message):
        _columns._words.find_words(table, ["tea", "ä"], True, lambda: given)
    assert np.frombuffer(_columns._words.find_words(table, ["tea"], True, lambda: given)[0], np.int32).tolist() == [0]
    with pytest.raises(ZeroDivisionError):
        _columns._words.find_words(table, ["tea", "ä"], True, lambda: 1 / 0)
    with pytest.raises(TypeError, match="others must be a WordTable or None"):
        _columns._words.find_words(table, ["tea"], True, characters, {})
