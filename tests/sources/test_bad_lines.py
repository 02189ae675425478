"""Lines that cannot be right: an error, or left out and told."""

import bz2
import gzip
import pickle
import re

import numpy as np
import pytest

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from .vector_files import TABLE, WORDS, binary, opened

# Lines 2, 4, 5, 7 and 8 are bad; line 6 is empty.
BAD = b"a 1 2\nb 3\nc 5 6\nd 7 8 9\ne\n\nf x 1 2 3\n \xc3\xa9 5\ng 9 10\n\n"
WARNING = (
    "5 lines of {!r} are left out: its line 2 is not a word with 2 numbers: b'b 3'; its line 4 is not a word with 2 "
    "numbers: b'd 7 8 9'; its line 5 is not a word with 2 numbers: b'e'; …."
)


def told(path, text):
    return f"^{re.escape(text.format(str(path)))}$"


def test_bad_lines_are_left_out_and_told(path):
    source = opened(path, BAD, on_bad_lines="warn")
    with pytest.warns(UserWarning, match=told(path, WARNING)):
        assert source.words == ("a", "c", "g")
    np.testing.assert_array_equal(source.rows(["g", "a", "c"]), [[9, 10], [1, 2], [5, 6]])


@pytest.mark.parametrize("compress", [bytes, gzip.compress, bz2.compress])
@pytest.mark.parametrize("ask_first", [[], ["a"], ["c", "g"]])
def test_bad_lines_are_skipped_in_silence_wherever_the_rows_are_read(path, compress, ask_first):
    source = opened(path, compress(BAD), on_bad_lines="skip")
    assert source._ask(ask_first).words == ask_first
    np.testing.assert_array_equal(source.rows(["g", "a", "c"]), [[9, 10], [1, 2], [5, 6]])
    assert source._ask([], 2).first_row_of == {"a": 0, "c": 1}
    assert source._ask([], None).first_rows.tolist() == [[1, 2], [5, 6], [9, 10]]


def test_a_limit_counts_lines(path):
    assert opened(path, BAD, on_bad_lines="skip", limit=3).words == ("a", "c")


def test_many_good_lines_around_bad_ones_are_all_read(path):
    lines = [f"w{number} {number} 1" if number % 1000 else f"w{number} {number}" for number in range(1, 60_001)]
    source = opened(path, "\n".join(lines).encode(), on_bad_lines="skip")
    assert len(source) == 59_940
    np.testing.assert_array_equal(source.rows(["w59999", "w1001", "w1"]), [[59_999, 1], [1001, 1], [1, 1]])


@pytest.mark.parametrize(
    ("content", "what", "n_words"),
    [
        (b"3 2\na 1 2\nb 3 4\n", "its header says 3 rows, it has 2", 2),
        (b"1 2\na 1 2\nb 3 4\n", "its header says 1 rows, it has 2", 2),
        (binary()[:-5], "it ends in row 7 of the 7 that its header says", 6),
        (binary().replace(b"7 3", b"6 3"), "it goes on behind the 6 rows that its header says", 6),
        (binary().replace(b"7 3", b"999999999999 3"), "it ends in row 8 of the 999999999999 that its header says", 7),
    ],
)
def test_a_header_that_counts_wrongly_is_told(path, content, what, n_words):
    with pytest.warns(UserWarning, match=told(path, "{!r} is read as far as it can be: " + what + ".")):
        assert len(opened(path, content, on_bad_lines="warn")) == n_words
    PretrainedVectors.clear_cache()
    assert len(opened(path, content, on_bad_lines="skip")) == n_words


NUMBERS = b"a 1 2\nb nan 4\nc 5 x\nd 1e9 1\ne 9 10\n"


def test_numbers_that_cannot_be_trained_are_left_out_when_they_are_needed(path):
    source = opened(path, NUMBERS, on_bad_lines="warn")
    message = (
        "3 lines of {!r} are left out: the vector of 'd' has NaN, infinity or a number beyond ±1e+06; the vector of "
        "'b' has NaN, infinity or a number beyond ±1e+06; the vector of 'c' has NaN, infinity or a number beyond "
        "±1e+06."
    )
    with pytest.warns(UserWarning, match=told(path, message)):
        answer = source._ask(["d", "a", "b", "c"])
    assert (answer.words, answer.rows.tolist()) == (["a"], [[1, 2]])
    assert opened(path, NUMBERS, on_bad_lines="skip")._ask(["b", "e"]).words == ["e"]


def test_a_row_of_nan_hurts_only_who_asks_for_its_word(path):
    content = b"<unk> nan nan\na 1 2\nb 3 4\n"
    source = opened(path, content)
    message = (
        "1 of the first pretrained words are left out, since a vector has NaN, infinity or a number beyond ±1e+06: "
        "['<unk>']"
    )
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$"):
        fitted = PretrainedWord2VecTransformer(source, output="pretrained").fit([["a"]])
    assert fitted.transform([["b"], ["<unk>"]]).tolist() == [[3, 4], [0, 0]]
    assert source._ask([], None).first_row_of == {"a": 0, "b": 1}
    with pytest.raises(ValueError, match=r"the vector of '<unk>' has NaN"):
        source.rows(["<unk>"])
    assert opened(path, content, on_bad_lines="skip")._ask(["<unk>"], None).first_row_of == {"a": 0, "b": 1}


def test_a_word_may_end_in_a_number_where_a_header_settles_how_many_numbers_there_are(path):
    source = opened(path, b"2 2\na 1 2\nNew York 5 3 4\n")
    assert source.rows(["New York 5"]).tolist() == [[3, 4]]


@pytest.mark.parametrize("first", [b"no 5 1 2", b"no 5 6 7 1 2"])
def test_that_word_may_be_the_first_one(path, first):
    word, numbers = first.rsplit(b" ", 2)[0].decode(), [[1, 2]]
    assert opened(path, b"2 2\n" + first + b"\nNew York 3 4\n").rows([word]).tolist() == numbers


@pytest.mark.parametrize("head", [b"", b"4 2\n"])
@pytest.mark.parametrize("first", [b"tea 1", b"tea", b"# made by hand", b""])
def test_the_first_line_may_be_bad(path, head, first):
    content = head + first + b"\ncup 3 4\nbad\npot 5 6\n"
    source = opened(path, content, on_bad_lines="skip")
    assert (source.words, source.vector_size) == (("cup", "pot"), 2)
    assert source.rows(["pot"]).tolist() == [[5, 6]]
    PretrainedVectors.clear_cache()
    with pytest.raises(ValueError, match=r"is not a usable file of word vectors: its (first )?line "):
        len(opened(path, content))


def test_one_bad_line_is_told_as_one(path):
    source = opened(path, b"a 1 2\nb 3\nc 5 6\n", on_bad_lines="warn")
    message = "1 line of {!r} is left out: its line 2 is not a word with 2 numbers: b'b 3'."
    with pytest.warns(UserWarning, match=told(path, message)):
        assert source.words == ("a", "c")


def test_the_option_is_pickled_with_the_handle(path):
    source = pickle.loads(pickle.dumps(opened(path, BAD, on_bad_lines="skip")))
    assert source.words == ("a", "c", "g")


@pytest.mark.parametrize("value", ["raise", None, True, ["skip"]])
def test_another_value_is_an_error(path, value):
    message = (
        "The 'on_bad_lines' parameter of PretrainedVectors.open must be 'error', 'warn' or 'skip'. Got "
        f"{value!r} instead."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        opened(path, BAD, on_bad_lines=value)


@pytest.mark.parametrize("content", [b"just prose\n", b"", b"\n"])
def test_a_file_of_which_no_line_is_right_stays_an_error(path, content):
    with pytest.raises(ValueError, match=r"is not a usable file of word vectors"):
        opened(path, content, on_bad_lines="skip")


def test_good_files_are_read_alike_whatever_the_option(path):
    for on_bad_lines in ("error", "warn", "skip"):
        np.testing.assert_array_equal(opened(path, binary(), on_bad_lines=on_bad_lines).rows(WORDS), TABLE)
