"""The words of a file: found as a dict finds them, in a fraction of its memory."""

import tracemalloc
from itertools import chain

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import sk_w2v.sources._words
from sk_w2v import PretrainedVectors
from sk_w2v.sources._formats import RawRows
from sk_w2v.sources._words import CollectedWords, Words

WORDS = st.text("ab日 \n", max_size=3)


def read(parts):
    """Read words some at a time; their rows are empty."""
    collected = CollectedWords(0)
    for words in parts:
        ends = np.zeros(len(words), np.int64)
        collected.add(words, RawRows(b"", ends, ends, ends, int(ends.max(initial=0))))
    return Words(collected)


@pytest.mark.parametrize("n_hashes", [1, 3, 2**60])
@given(st.lists(st.lists(WORDS, max_size=5), min_size=1, max_size=5), st.lists(WORDS, max_size=9), st.integers(0, 9))
def test_words_are_found_where_a_dict_finds_them_whatever_their_hashes(n_hashes, parts, wanted, n):
    every = list(chain.from_iterable(parts))
    expected = {word: every.index(word) for word in every}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sk_w2v.sources._words, "hash", lambda word: hash(word) % n_hashes, raising=False)
        words = read(parts)
        assert words.positions_of(wanted).tolist() == [expected.get(word, -1) for word in wanted]
        assert [words.has(word) for word in wanted] == [word in expected for word in wanted]
        assert all(map(words.has, every))
        assert words.positions_of(every).tolist() == [expected[word] for word in every]
    assert words.at(range(len(every))) == every
    assert words.first_positions(n).tolist() == list(expected.values())[:n]
    assert (len(words), words.n_repeats) == (len(expected), len(every) - len(expected))


def test_rows_are_those_of_the_words_where_all_hashes_are_equal(tmp_path, monkeypatch):
    monkeypatch.setattr("sk_w2v.sources._words.hash", lambda word: 0, raising=False)
    (tmp_path / "vectors.txt").write_text("".join(f"word{row} {row}\n" for row in range(100)))
    source = PretrainedVectors.open(tmp_path / "vectors.txt")
    assert source._ask(["word7", "word70", "nothing"]).words == ["word7", "word70"]
    assert ("word99" in source, "nothing" in source) == (True, False)
    np.testing.assert_array_equal(source.rows(["word99", "word0", "word50"]), [[99], [0], [50]])


def test_a_file_that_was_asked_for_other_words_holds_40_bytes_a_word(tmp_path):
    path, n_words = tmp_path / "vectors.txt", 50_000
    path.write_text("".join(f"word{row} 1 2\n" for row in range(n_words)))
    tracemalloc.start()
    source = PretrainedVectors.open(path)
    for start in range(0, 1000, 100):
        source.rows([f"word{row}" for row in range(start, start + 100)])
    assert tracemalloc.get_traced_memory()[0] < 40 * n_words
    tracemalloc.stop()
