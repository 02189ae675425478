"""Every format against a hand-made table."""

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors

from .vector_files import FORMATS, LEAVE_OUT, TABLE, WORDS, all_rows, binary, header, opened, problem, text


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_table(path, content):
    source = opened(path, content)
    assert (list(source.words), len(source), source.vector_size) == (WORDS, len(WORDS), 3)
    np.testing.assert_array_equal(source.rows(WORDS), TABLE)
    assert source.rows(WORDS).dtype == np.float32
    assert "of" in source
    assert "oof" not in source


@pytest.mark.parametrize("binary_format", [True, False])
def test_files_that_gensim_writes_are_read_as_gensim_reads_them(path, glove, binary_format):
    words, vectors = glove[0][:3000], glove[1][:3000]
    gensim = KeyedVectors(50)
    gensim.add_vectors(words, vectors)
    gensim.save_word2vec_format(str(path), binary=binary_format)
    np.testing.assert_array_equal(PretrainedVectors.open(path).rows(words), vectors)


def test_words_with_spaces_are_words(path):
    """As a few in glove.840B: ". . .", "at name@domain.com"."""
    content = "the 1 2\n. . . 3 4\nat name@domain.com 5 6\nof 7 8\n"
    source = opened(path, content.encode())
    assert list(source.words) == ["the", ". . .", "at name@domain.com", "of"]
    np.testing.assert_array_equal(source.rows(["at name@domain.com", "of"]), [[5, 6], [7, 8]])


@pytest.mark.parametrize(
    ("content", "words", "rows"),
    [
        (b"a 1\nb 2\n", ["a", "b"], [[1], [2]]),
        (b"2 1\na 1\nb 2\n", ["a", "b"], [[1], [2]]),
        (b"2 1\n5 3\n", ["2", "5"], [[1], [3]]),
        (b"7 1\na 1\nb 2\n", ["7", "a", "b"], [[1], [1], [2]]),
        (b"one 1 2 3", ["one"], [[1, 2, 3]]),
        (b"1 3\none 1 2 3", ["one"], [[1, 2, 3]]),
        (b"1 2 3\n4 5 6\n", ["1", "4"], [[2, 3], [5, 6]]),
        (b" 1 2\nb 3 4\n", ["", "b"], [[1, 2], [3, 4]]),
        (b"a +1. .5\nb 1E3 -1e-3\n", ["a", "b"], [[1, 0.5], [1e3, -1e-3]]),
    ],
    ids=str,
)
def test_small_and_odd_files_are_right(path, content, words, rows):
    source = opened(path, content)
    assert list(source.words) == words
    np.testing.assert_array_equal(source.rows(words), np.array(rows, np.float32))


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"", "it is empty"),
        (b"\n", "its first line is not a word with numbers: b'\\n'"),
        (
            b"just some prose, no numbers\n",
            "its first line is not a word with numbers: b'just some prose, no numbers\\n'",
        ),
        (b"\x89PNG\r\n\x1a\n" + bytes(100), "its first line is not a word with numbers: b'\\x89PNG\\r\\n'"),
        (bytes(2 << 20), "it has no line end in its first 1048576 bytes"),
        (b"0 3\na 1 2 3\n", "its header says 0 rows of 3 numbers"),
        (b"2 3\n", "it ends after its header, which says 2 rows"),
        (b"2 4\na 1 2 3\nb 1 2 3\n", "its header says 4 numbers a row, its line 2 has 3"),
        (
            b"a 1 2 3\n\xff 1 2 3\n",
            "the word of its row 2 is not valid utf-8: b'\\xff'. Give its encoding, or errors='replace', to "
            "PretrainedVectors.open",
        ),
        (binary()[:18], "it ends in row 1 of the 7 that its header says"),
        (binary().replace(b"7 3", b"7 999999999999"), "it ends in row 1 of the 7 that its header says"),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_broken_file_is_an_error_that_says_where(path, content, what):
    with pytest.raises(ValueError, match=problem(path, what)):
        all_rows(path, content)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"3 3\na 1 2 3\nb 1 2 3\n", "its header says 3 rows, it has 2"),
        (b"1 3\na 1 2 3\nb 1 2 3\n", "its header says 1 rows, it has 2"),
        (b"1000000000000 3\na 1 2 3\n", "its header says 1000000000000 rows, it has 1"),
        (b"a 1 2 3\nb 1 2\n", "its line 2 is not a word with 3 numbers: b'b 1 2'"),
        (b"a 1 2 3\nb 1 2 3 4\n", "its line 2 is not a word with 3 numbers: b'b 1 2 3 4'"),
        (b"a 1 2 3\nb 1 x 3\n", "the row of 'b' is not 3 numbers: b'1 x 3'"),
        (b"a 1 2 3\nb 1 2_0 3\n", "the row of 'b' is not 3 numbers: b'1 2_0 3'"),
        (b"a 1 2 3\nb 1 2 3\x00\n", "the row of 'b' is not 3 numbers: b'1 2 3\\x00'"),
        (b"a 1 2 3\n\nb 1 2 3\n", "its line 2 is empty"),
        (b"a 1 2 3\nb 1 2 nan\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (b"a 1 2 3\nb 1 -inf 3\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (b"a 1 2 3\nb 1 1e40 3\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (binary()[:-5], "it ends in row 7 of the 7 that its header says"),
        (binary().replace(b"7 3", b"6 3"), "it goes on behind the 6 rows that its header says"),
        (binary().replace(b"7 3", b"8 3"), "it ends in row 8 of the 8 that its header says"),
        (binary().replace(b"7 3", b"999999999999 3"), "it ends in row 8 of the 999999999999 that its header says"),
        (
            binary(table=np.where(TABLE == 7, np.nan, TABLE)),
            "the vector of '日本' has NaN, infinity or a number beyond ±1e+06",
        ),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_bad_line_is_an_error_that_says_where_and_how_to_leave_it_out(path, content, what):
    with pytest.raises(ValueError, match=problem(path, what, LEAVE_OUT)):
        all_rows(path, content)
    source = PretrainedVectors.open(path, on_bad_lines="skip")
    assert 1 <= len(source._ask(source.words, None).words) == len(source._ask([], None).first_row_of) <= 7


def test_another_encoding_is_taken_at_its_word(path):
    content = "früh 1 2\nspät 3 4\n".encode("latin-1")
    assert list(opened(path, content, encoding="latin-1").words) == ["früh", "spät"]
    assert list(opened(path, content, errors="replace").words) == ["fr\ufffdh", "sp\ufffdt"]


def test_a_row_longer_than_what_is_read_at_once_is_read(path):
    table = np.round(np.random.default_rng(0).normal(size=(5, 50_000)), 4).astype(np.float32)
    assert len(text(WORDS[:5], table)) > 1 << 20
    np.testing.assert_array_equal(opened(path, text(WORDS[:5], table).encode()).rows(WORDS[:5]), table)


words = st.text(st.characters(exclude_categories=("Cc", "Cs", "Zs", "Zl", "Zp")), min_size=1, max_size=8)


numbers = st.floats(-1e6, 1e6, width=32)


@st.composite
def tables(draw):
    chosen = draw(st.lists(words, min_size=1, max_size=20, unique=True))
    size = draw(st.integers(2, 6))
    rows = draw(st.lists(st.lists(numbers, min_size=size, max_size=size), min_size=len(chosen), max_size=len(chosen)))
    return chosen, np.array(rows, np.float32)


@settings(deadline=None, max_examples=300)
@example((["0", "1"], np.array([[721059, 0], [0, 0]], np.float32)), "binary")  # begins as the line "0 0" would
@given(tables(), st.sampled_from(["GloVe", "text", "C text", "binary", "binary without ends"]))
def test_any_table_comes_back_exactly(tmp_path_factory, table, kind):
    chosen, rows = table
    content = {
        "GloVe": text(chosen, rows).encode(),
        "text": (header(rows) + text(chosen, rows)).encode(),
        "C text": (header(rows) + text(chosen, rows, end=" \n") + " \n").encode(),
        "binary": binary(chosen, rows),
        "binary without ends": binary(chosen, rows, end=b""),
    }[kind]
    path = tmp_path_factory.mktemp("table") / "vectors"
    source = opened(path, content)
    assert list(source.words) == chosen
    np.testing.assert_array_equal(source.rows(chosen), rows)
