"""Tokens of a table, and sums of its rows, by the C code and by what stands in for it."""

from itertools import pairwise

import numpy as np
import pytest
from kinds import compiled

from sk_w2v.text import _sums
from sk_w2v.text._sums import choose_tokens, sum_rows


@pytest.fixture(params=[pytest.param(True, marks=compiled), False], ids=["C", "Python"])
def _either(request, monkeypatch):
    if not request.param:
        monkeypatch.setattr(_sums, "_words", None)


# ---- tokens of a range ----


@pytest.mark.usefixtures("_either")
@pytest.mark.parametrize("lengths", [[], [0], [1], [2, 0, 31, 7], [0, 3000, 0, 5]])
@pytest.mark.parametrize(("first", "stop"), [(0, 9), (0, 0), (3, 3), (2, 5), (5, 100), (0, 2**31 - 1)])
@pytest.mark.parametrize("share", [None, 0.0, 0.5, 1.0])
def test_tokens_of_wanted_columns_in_a_range_are_chosen(lengths, first, stop, share):
    rng = np.random.default_rng(0)
    columns, starts = rng.integers(-1, 9, sum(lengths), np.int32), np.cumsum([0, *lengths], dtype=np.int32)
    wanted = None if share is None or stop > 100 else rng.random(stop - first) < share
    chosen, chosen_starts = choose_tokens(columns, starts, first, stop, wanted)
    expected = [
        [place for column in columns[start:end].tolist() if 0 <= (place := column - first) < stop - first]
        for start, end in pairwise(starts.tolist())
    ]
    if wanted is not None:
        expected = [[place for place in places if wanted[place]] for places in expected]
    assert (chosen.dtype, chosen_starts.dtype) == (np.int32, np.int32)
    assert [chosen[start:end].tolist() for start, end in pairwise(chosen_starts.tolist())] == expected
    assert chosen_starts[-1] == len(chosen)


@compiled
@pytest.mark.parametrize(
    ("starts", "first", "stop", "wanted"),
    [
        ([], 0, 2, None),
        ([0, 4], 0, 2, None),
        ([0, -1], 0, 2, None),
        ([-1, 1], 0, 2, None),
        ([0, 2, 1], 0, 2, None),
        ([0, 3], -1, 2, None),
        ([0, 3], 2, 1, None),
        ([0, 3], 0, 2**31, None),
        ([0, 3], 0, 2, [True]),
        ([0, 3], 0, 2, [True] * 3),
    ],
)
def test_nothing_beyond_tokens_and_wanted_columns_is_touched(starts, first, stop, wanted):
    wanted = [] if wanted is None else [np.array(wanted)]
    with pytest.raises(ValueError, match=r"(starts|wanted) must"):
        _sums._words.choose_tokens(np.int32([0, 1, 0]), np.array(starts, np.int32), first, stop, *wanted)


# ---- sums ----


@pytest.mark.parametrize("width", [1, 2, 3, 4, 15, 16, 17, 36, 50, 300])
@pytest.mark.parametrize("lengths", [[], [0], [1], [2, 0, 31, 32, 33, 64, 65], [0, 3000, 0]])
def test_sums_are_those_of_a_sparse_matrix_bit_for_bit(width, lengths, monkeypatch):
    rng = np.random.default_rng(0)
    rows, starts = rng.normal(size=(100, width)).astype(np.float32), np.cumsum([0, *lengths], dtype=np.int32)
    rows[:3, 0] = np.inf, np.nan, -0.0
    columns = rng.integers(0, 100, sum(lengths), np.int32)
    sums = sum_rows(rows, columns, starts)
    assert (sums.dtype, sums.shape) == (np.float32, (len(lengths), width))
    unaligned = np.frombuffer(b"x" + rows.tobytes(), np.float32, offset=1).reshape(rows.shape)
    for same in (rows.astype(">f4").astype(np.float32), np.asfortranarray(rows), unaligned):
        np.testing.assert_array_equal(sum_rows(same, columns, starts).view(np.int32), sums.view(np.int32))
    monkeypatch.setattr(_sums, "_words", None)
    np.testing.assert_array_equal(sum_rows(rows, columns, starts).view(np.int32), sums.view(np.int32))


def test_nothing_is_added_up_of_no_rows():
    nothing = np.empty((0, 5), np.float32)
    assert sum_rows(nothing, np.empty(0, np.int32), np.zeros(3, np.int32)).tolist() == [[0] * 5] * 2


@compiled
@pytest.mark.parametrize(
    ("n_rows", "width", "columns", "starts", "n_sums"),
    [
        (2, 3, [2], [0, 1], 3),
        (2, 3, [-1], [0, 1], 3),
        (2, 3, [-(2**31)], [0, 1], 3),
        (2, 3, [0, 1], [0, 3], 3),
        (2, 3, [0, 1], [-1, 1], 3),
        (2, 3, [0, 1], [0, -1], 3),
        (2, 3, [0, 1], [0, 2, 1], 6),
        (2, 3, [0, 1], [], 0),
        (2, 3, [0, 1], [0, 2], 2),
        (2, 3, [0, 1], [0, 2], 4),
        (2, 3, [0, 1], [0, 2], 6),
        (2, 0, [0, 1], [0, 2], 0),
        (2, -3, [0, 1], [0, 2], 3),
        (0, 3, [0], [0, 1], 3),
    ],
)
def test_nothing_beyond_rows_tokens_and_sums_is_touched(n_rows, width, columns, starts, n_sums):
    rows, sums = np.ones(n_rows * max(width, 1), np.float32), np.zeros(n_sums, np.float32)
    with pytest.raises(ValueError, match="columns must name rows"):
        _sums._words.add_rows(rows, width, np.array(columns, np.int32), np.array(starts, np.int32), sums)


@compiled
def test_sums_go_into_what_can_be_written_alone():
    with pytest.raises((TypeError, BufferError)):
        _sums._words.add_rows(np.ones(1, np.float32), 1, np.zeros(1, np.int32), np.int32([0, 1]), bytes(4))
