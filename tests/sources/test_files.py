"""What is read of a file, and how often."""

import gzip
import re
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from .vector_files import COMPRESS, FORMATS, TABLE, WORDS, all_rows, opened, text


@pytest.mark.parametrize("content", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("n_first", [0, 2, 7, 100, None])
def test_rows_are_the_same_in_whatever_order_they_are_asked_for(path, content, n_first):
    source = opened(path, content)
    np.testing.assert_array_equal(source.rows(["5", "of"]), TABLE[[4, 1]])
    answer = source._ask(["of"], n_first)
    assert list(answer.first_row_of.items()) == [(word, row) for row, word in enumerate(WORDS[:n_first])]
    np.testing.assert_array_equal(answer.first_rows, TABLE[:n_first])
    np.testing.assert_array_equal(answer.rows, TABLE[[1]])
    np.testing.assert_array_equal(source.rows(["日本", "the", "of", "."]), TABLE[[3, 0, 1, 6]])


def test_a_broken_row_that_nobody_asks_for_does_no_harm(path):
    source = opened(path, b"a 1 2\nb 1 x\nc 5 6\n")
    np.testing.assert_array_equal(source.rows(["a", "c"]), [[1, 2], [5, 6]])


def test_a_broken_row_of_a_repeated_word_is_told(tmp_path):
    (tmp_path / "v").write_bytes(b"a 1 2\nb 3 4\na x 5\nc 5 6\n")
    with pytest.warns(UserWarning, match=r"1 pretrained words repeat"):
        len(source := PretrainedVectors.open(tmp_path / "v"))
    with pytest.raises(ValueError, match=r"the row of 'a' is not 2 numbers"):
        source._ask([], None)


def test_of_repeated_words_the_first_is_used_with_a_warning(path):
    with pytest.warns(UserWarning, match=r"^2 pretrained words repeat\. The first vector of each is used\.$"):
        source = all_rows(path, b"a 1\nb 2\na 3\nc 4\nb 5\n")
    assert list(source.words) == ["a", "b", "c"]
    np.testing.assert_array_equal(source.rows(["c", "b", "a"]), [[4], [2], [1]])
    answer = source._ask([], 3)
    assert (answer.first_row_of, answer.first_rows.ravel().tolist()) == ({"a": 0, "b": 1, "c": 2}, [1, 2, 4])


def test_a_limit_takes_the_first_words_and_reads_no_further(path):
    source = opened(path, b"a 1\nb 2\nc 3\nbroken\n", limit=2)
    assert list(source.words) == ["a", "b"]
    assert source._ask([], None).first_rows.tolist() == [[1], [2]]


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


def test_many_threads_may_read_at_once(path, glove):
    words, vectors = glove[0][:2000], glove[1][:2000]
    source = opened(path, text(words, vectors).encode())

    def rows(start):
        return source.rows(words[start::16])

    with ThreadPoolExecutor(16) as pool:
        for start, got in enumerate(pool.map(rows, range(16))):
            np.testing.assert_array_equal(got, vectors[start::16])


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_long_read_says_how_far_it_is_if_verbose_asks(contents, tmp_path, capsys, monkeypatch, ending):
    monkeypatch.setattr("sk_w2v.sources._files.PROGRESS_SECONDS", 0)
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(COMPRESS.get(ending, bytes)(contents["GloVe"]))
    for verbose in (0, 1):
        PretrainedVectors.open(path)._ask(["the"], verbose=verbose)
        path.touch()
        lines = capsys.readouterr().out.splitlines()
        assert (len(lines) > 0) == verbose
    assert lines[-1] == f"[PretrainedWord2VecTransformer] reading {path}: 100%"


@pytest.fixture
def opens(path, monkeypatch):
    """The calls that open the file."""
    calls = []
    real_open = open

    def counting_open(name, *arguments):
        if str(name) == str(path):
            calls.append(name)
        return real_open(name, *arguments)

    monkeypatch.setattr("builtins.open", counting_open)
    return calls


@pytest.mark.parametrize("ending", ["", *COMPRESS])
def test_a_first_question_reads_a_file_once(path, contents, opens, ending):
    source = opened(path, COMPRESS.get(ending, bytes)(contents["text"]))
    opens.clear()
    answer = source._ask(["the", "of", "nowhere"], 100)
    assert (answer.words, len(answer.first_row_of), len(opens)) == (["the", "of"], 100, 1)
    source._ask(["of"], 50), source.rows(["the"]), len(source), source.words, "tea" in source
    assert len(opens) == 1


@pytest.mark.parametrize("ending", ["", *COMPRESS])
def test_single_words_beforehand_cost_one_pass_and_the_rest_one_more(path, glove, contents, opens, ending):
    words, vectors = glove[0][:3000], glove[1][:3000]
    source = opened(path, COMPRESS.get(ending, bytes)(contents["GloVe"]))
    opens.clear()
    assert words[2500] in source
    np.testing.assert_array_equal(source.rows(words[2500:2501]), vectors[2500:2501])
    assert (len(source), "nowhere" in source, len(opens)) == (3000, False, 1)
    answer = source._ask(words[::-3], 500)
    np.testing.assert_array_equal(answer.rows, vectors[::-3])
    np.testing.assert_array_equal(answer.first_rows, vectors[:500])
    assert len(opens) == 2
    source._ask(words[::-3], 500)
    source._ask(words[2500:2501], 100)
    assert len(opens) == 2


@pytest.mark.filterwarnings("ignore:2 pretrained words repeat")
@pytest.mark.parametrize("order", [[0, 1, 2, 3, 4, 5, 6, 7], [0, 1, 0, 2, 3, 4, 2, 5, 6, 7]], ids=["plain", "repeats"])
@pytest.mark.parametrize("compress", [bytes, gzip.compress], ids=["plain", "gzip"])
@given(st.lists(st.tuples(st.lists(st.integers(0, 7), max_size=6), st.integers(0, 9) | st.none()), max_size=6))
@settings(deadline=None, max_examples=100)
def test_questions_in_any_order_are_answered_alike(tmp_path_factory, compress, order, questions):
    words, rows = [f"word{number}" for number in range(8)], np.arange(2 * len(order), dtype=np.float32).reshape(-1, 2)
    content = text([words[number] for number in order], rows).encode()
    source = opened(tmp_path_factory.mktemp("questions") / "vectors", compress(content))
    table = rows[[order.index(number) for number in range(8)]]
    for numbers, n_first in questions:
        answer = source._ask([words[number] for number in numbers], n_first)
        np.testing.assert_array_equal(answer.rows, table[numbers])
        np.testing.assert_array_equal(answer.first_rows, table[:n_first])
        assert list(answer.first_row_of) == words[:n_first]


def test_first_rows_that_were_asked_for_as_words_are_the_first_rows(path):
    source = opened(path, FORMATS["GloVe"])
    source.rows(WORDS[:3])
    np.testing.assert_array_equal(source._ask([], 3).first_rows, TABLE[:3])


def test_the_first_rows_are_shared_and_read_only(path):
    source = opened(path, FORMATS["GloVe"])
    first, again = source._ask(["the"], 3), PretrainedVectors.open(path)._ask(["of"], 3)
    assert np.shares_memory(first.first_rows, again.first_rows)
    assert first.first_row_of is again.first_row_of
    with pytest.raises(ValueError, match="read-only"):
        first.first_rows[0] = 0
    first.rows[:] = 7
    np.testing.assert_array_equal(source.rows(["the"]), TABLE[:1])


def test_a_file_has_neither_an_output_layer_nor_subwords(path):
    answer = opened(path, FORMATS["word2vec text"])._ask(["the"], skip_gram=True)
    assert (answer.output_layer, answer.subwords) == (None, None)


def test_a_word_that_is_asked_for_twice_has_two_rows(path):
    answer = opened(path, FORMATS["GloVe"])._ask(["of", "the", "of"])
    assert answer.words == ["of", "the", "of"]
    np.testing.assert_array_equal(answer.rows, TABLE[[1, 0, 1]])


@pytest.mark.parametrize("value", [5, None, b"the", 1.5, ("the",), ["the"]], ids=repr)
def test_what_is_no_word_is_not_in_a_file(path, value):
    assert value not in opened(path, FORMATS["GloVe"])


def test_two_dots_behind_a_link_mean_what_the_system_says(tmp_path, monkeypatch):
    (tmp_path / "other" / "folder").mkdir(parents=True)
    (tmp_path / "here").mkdir()
    (tmp_path / "other" / "a.txt").write_text("tea 1 2\n")
    (tmp_path / "here" / "a.txt").write_text("tea 9 9\n")
    (tmp_path / "here" / "link").symlink_to(tmp_path / "other" / "folder")
    monkeypatch.chdir(tmp_path / "here")
    assert PretrainedVectors.open("link/../a.txt").rows(["tea"]).tolist() == [[1, 2]]
    assert PretrainedVectors.open("../here/./a.txt").rows(["tea"]).tolist() == [[9, 9]]


def test_a_binary_file_of_zeros_behind_its_header_is_an_error_and_can_be_shown(tmp_path):
    path = tmp_path / "half.bin"
    path.write_bytes(b"3000000 300\n" + bytes(100_000))
    source = PretrainedVectors.open(path)
    assert str(path) in repr(source)
    message = (
        f"{str(path)!r} is not a usable file of word vectors: it ends in row 1 of the 3000000 that its header says."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}"):
        PretrainedWord2VecTransformer(path).fit(["tea"])
