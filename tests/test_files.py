"""Vector files: every format against a hand-made table, and against a slow and plain reader."""

import os
import pickle
import re
import struct
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context

import numpy as np
import pytest
from gensim.models import KeyedVectors
from hypothesis import example, given, settings
from hypothesis import strategies as st
from sklearn.base import clone

from sk_w2v import PretrainedVectors

WORDS = ["the", "of", "naïve", "日本", "5", "a_b", "."]
TABLE = np.array([[0.5, -1, 2e-5], [1, 2, 3], [-0.1, 0, 0.25], [7, 8, 9], [4, 4, 4], [1e5, -0.001, 1], [0, 0, 0]], "f4")


def text(words=WORDS, table=TABLE, separator=" ", end="\n"):
    return end.join(separator.join([word, *map(repr, row)]) for word, row in zip(words, table.tolist(), strict=True))


def binary(words=WORDS, table=TABLE, end=b"\n"):
    rows = (word.encode() + b" " + row.tobytes() for word, row in zip(words, table.astype("<f4"), strict=True))
    return header(table).encode() + end.join([*rows, b""])


def header(table=TABLE):
    return f"{len(table)} {table.shape[1]}\n"


FORMATS = {
    "GloVe": text().encode() + b"\n",
    "GloVe without a last line end": text().encode(),
    "word2vec text": (header() + text() + "\n").encode(),
    "word2vec text as the C program writes it": (header() + text(end=" \n") + " \n").encode(),
    "word2vec binary": binary(),
    "word2vec binary without line ends": binary(end=b""),
    "CRLF": (header() + text(end="\r\n") + "\r\n").replace("3\n", "3\r\n", 1).encode(),
    "C program and CRLF": text(end=" \r\n").encode() + b" \r\n",
    "tabs": text(separator="\t").encode(),
    "a tab behind the word": text().replace(" ", "\t", 1).encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + text().encode(),
    "a byte-order mark and a header": b"\xef\xbb\xbf" + (header() + text()).encode(),
    "blank lines at the end": text().encode() + b"\n\n \r\n\n",
    "two spaces in a row": text().replace("1.0 2.0", "1.0  2.0").encode(),
}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.file"


def opened(path, content, **options):
    path.write_bytes(content)
    return PretrainedVectors.open(path, **options)


def all_rows(path, content):
    source = opened(path, content)
    source.rows(source.words)
    return source


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
def test_every_format_gives_the_same_table(path, content):
    source = opened(path, content)
    assert (list(source.words), len(source), source.vector_size) == (WORDS, len(WORDS), 3)
    np.testing.assert_array_equal(source.rows(WORDS), TABLE)
    assert source.rows(WORDS).dtype == np.float32
    assert "of" in source
    assert "oof" not in source


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("n_first", [0, 2, 7, 100, None])
def test_rows_are_the_same_in_whatever_order_they_are_asked_for(path, content, n_first):
    source = opened(path, content)
    np.testing.assert_array_equal(source.rows(["5", "of"]), TABLE[[4, 1]])
    first = source.first(n_first)
    assert list(first.row_of) == WORDS[:n_first]
    np.testing.assert_array_equal(first.rows, TABLE[:n_first])
    np.testing.assert_array_equal(source.rows(["日本", "the", "of", "."]), TABLE[[3, 0, 1, 6]])


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
    ("content", "problem"),
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
        (b"3 3\na 1 2 3\nb 1 2 3\n", "its header says 3 rows, it has 2"),
        (b"1 3\na 1 2 3\nb 1 2 3\n", "its header says 1 rows, it has 2"),
        (b"1000000000000 3\na 1 2 3\n", "its header says 1000000000000 rows, it has 1"),
        (b"2 4\na 1 2 3\nb 1 2 3\n", "its header says 4 numbers a row, its line 2 has 3"),
        (b"a 1 2 3\nb 1 2\n", "its line 2 is not a word with 3 numbers: b'b 1 2'"),
        (b"a 1 2 3\nb 1 2 3 4\n", "its line 2 is not a word with 3 numbers: b'b 1 2 3 4'"),
        (b"a 1 2 3\nb 1 x 3\n", "the row of 'b' is not 3 numbers: b'1 x 3'"),
        (b"a 1 2 3\nb 1 2_0 3\n", "the row of 'b' is not 3 numbers: b'1 2_0 3'"),
        (b"a 1 2 3\nb 1 2 3\x00\n", "the row of 'b' is not 3 numbers: b'1 2 3\\x00'"),
        (b"a 1 2 3\n\nb 1 2 3\n", "its line 2 is empty"),
        (b"a 1 2 3\nb 1 2 nan\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (b"a 1 2 3\nb 1 -inf 3\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (b"a 1 2 3\nb 1 1e40 3\n", "the vector of 'b' has NaN, infinity or a number beyond ±1e+06"),
        (
            b"a 1 2 3\n\xff 1 2 3\n",
            "the word of its row 2 is not valid utf-8: b'\\xff'. Give its encoding, or errors='replace', to "
            "PretrainedVectors.open",
        ),
        (binary()[:-5], "it ends in row 7 of the 7 that its header says"),
        (binary()[:18], "it ends in row 1 of the 7 that its header says"),
        (binary().replace(b"7 3", b"6 3"), "it goes on behind the 6 rows that its header says"),
        (binary().replace(b"7 3", b"8 3"), "it ends in row 8 of the 8 that its header says"),
        (binary().replace(b"7 3", b"999999999999 3"), "it ends in row 8 of the 999999999999 that its header says"),
        (binary().replace(b"7 3", b"7 999999999999"), "it ends in row 1 of the 7 that its header says"),
        (
            binary(table=np.where(TABLE == 7, np.nan, TABLE)),
            "the vector of '日本' has NaN, infinity or a number beyond ±1e+06",
        ),
    ],
    ids=lambda value: repr(value[:30]),
)
def test_a_broken_file_is_an_error_that_says_where(path, content, problem):
    message = f"{str(path)!r} is not a usable file of word vectors: {problem}."
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        all_rows(path, content)


def test_a_broken_row_that_nobody_asks_for_does_no_harm(path):
    source = opened(path, b"a 1 2\nb 1 x\nc 5 6\n")
    np.testing.assert_array_equal(source.rows(["a", "c"]), [[1, 2], [5, 6]])


def test_of_repeated_words_the_first_is_used_with_a_warning(path):
    with pytest.warns(UserWarning, match=r"^2 pretrained words repeat\. The first vector of each is used\.$"):
        source = all_rows(path, b"a 1\nb 2\na 3\nc 4\nb 5\n")
    assert list(source.words) == ["a", "b", "c"]
    np.testing.assert_array_equal(source.rows(["c", "b", "a"]), [[4], [2], [1]])
    first = source.first(3)
    assert (list(first.row_of), first.rows.ravel().tolist()) == (["a", "b", "c"], [1, 2, 4])


def test_a_limit_takes_the_first_words_and_reads_no_further(path):
    source = opened(path, b"a 1\nb 2\nc 3\nbroken\n", limit=2)
    assert list(source.words) == ["a", "b"]
    assert source.first(None).rows.tolist() == [[1], [2]]


def test_another_encoding_is_taken_at_its_word(path):
    content = "früh 1 2\nspät 3 4\n".encode("latin-1")
    assert list(opened(path, content, encoding="latin-1").words) == ["früh", "spät"]
    assert list(opened(path, content, errors="replace").words) == ["fr\ufffdh", "sp\ufffdt"]


def test_missing_words_are_named_in_a_key_error(path):
    source = opened(path, FORMATS["GloVe"])
    with pytest.raises(KeyError, match=re.escape("2 of 3 words have no pretrained vector: ['x', 'y']")):
        source.rows(["the", "x", "y"])


def test_a_file_that_changes_after_it_was_opened_is_an_error(path):
    source = opened(path, FORMATS["GloVe"])
    source.rows(["the"])
    path.write_bytes(b"x 1 2 3\ny 4 5 6\n")
    message = (
        f"The file {str(path)!r} has changed since it was opened. Open it again, with PretrainedVectors.open, to use "
        "its new content."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        source.rows(["."])
    np.testing.assert_array_equal(source.rows(["the"]), TABLE[:1])  # what was read stays
    assert len(PretrainedVectors.open(path)) == 2


def test_a_replaced_file_is_read_anew_by_path_and_noticed_by_an_old_handle(path):
    old = pickle.dumps(opened(path, b"a 1 2\n"))
    assert opened(path, b"a 1 3\n").rows(["a"]).tolist() == [[1, 3]]
    handle = pickle.loads(old)
    with pytest.raises(ValueError, match=r"is not the one that was opened: its content has changed"):
        handle.rows(["a"])


def test_a_handle_is_its_own_clone_and_travels_as_path_and_fingerprint(path):
    source = opened(path, FORMATS["GloVe"])
    assert clone(source, safe=False) is source
    source.rows(WORDS)
    stored = pickle.dumps(source)
    assert len(stored) < 1000
    np.testing.assert_array_equal(pickle.loads(stored).rows(WORDS), TABLE)
    path.unlink()
    missing = pickle.loads(stored)  # loading a model does not need the file
    with pytest.raises(FileNotFoundError, match=re.escape(f"There is no file of word vectors at {str(path)!r}.")):
        missing.rows(["the"])


def test_a_file_is_read_once_a_process(path, monkeypatch):
    n_opened = 0
    real_open = open

    def counting_open(*arguments):
        nonlocal n_opened
        n_opened += 1
        return real_open(*arguments)

    first = opened(path, FORMATS["GloVe"])
    monkeypatch.setattr("builtins.open", counting_open)
    for source in (first, PretrainedVectors.open(path), pickle.loads(pickle.dumps(first))):
        source.rows(WORDS)
    assert n_opened == 1


def test_many_threads_may_read_at_once(path, glove):
    words, vectors = glove[0][:2000], glove[1][:2000]
    source = opened(path, text(words, vectors).encode())

    def rows(start):
        return source.rows(words[start::16])

    with ThreadPoolExecutor(16) as pool:
        for start, got in enumerate(pool.map(rows, range(16))):
            np.testing.assert_array_equal(got, vectors[start::16])


def read_in_child(source, words, answers):
    answers.put(source.rows(words))


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_handle_works_in_a_child_process(path, method):
    source = opened(path, FORMATS["word2vec binary"])
    source.rows(["the"])
    context = get_context(method)
    answers = context.SimpleQueue()
    process = context.Process(target=read_in_child, args=(source, WORDS, answers))
    process.start()
    np.testing.assert_array_equal(answers.get(), TABLE)
    process.join(30)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read anything")
def test_a_file_without_read_permission_is_the_systems_error(path):
    path.write_bytes(FORMATS["GloVe"])
    path.chmod(0)
    with pytest.raises(PermissionError):
        PretrainedVectors.open(path)


def test_a_row_longer_than_a_block_is_read(path):
    table = np.round(np.random.default_rng(0).normal(size=(5, 50_000)), 4).astype(np.float32)
    assert len(text(WORDS[:5], table)) > 1 << 20
    np.testing.assert_array_equal(opened(path, text(WORDS[:5], table).encode()).rows(WORDS[:5]), table)


def plain_words_and_rows(content):
    """The slow and plain reader: one line, or one binary row, after the other."""
    first_line = content.split(b"\n")[0].split()
    if len(first_line) == 2 and all(field.isdigit() for field in first_line):
        n_rows, size = map(int, first_line)
        rest = content[content.index(b"\n") + 1 :]
        if any(byte < 9 or byte > 126 for byte in rest[:200]):
            return plain_binary(rest, n_rows, size)
        return plain_text(rest)
    return plain_text(content)


def plain_text(content):
    fields = [line.split() for line in content.decode().split("\n") if line.strip()]
    return {row[0]: np.array(row[1:], float).astype(np.float32) for row in fields}


def plain_binary(content, n_rows, size):
    table = {}
    for _ in range(n_rows):
        word, content = content.lstrip(b"\n").split(b" ", 1)
        table[word.decode()] = np.array(struct.unpack(f"<{size}f", content[: 4 * size]), np.float32)
        content = content[4 * size :]
    return table


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
