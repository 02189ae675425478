"""How near rows are, against plain loops over words."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import _neighbours
from sk_w2v._neighbours import cosines, neighbours_kept, unit_rows

SEEDS = st.integers(0, 2**32 - 1)


def cosine_of(before, after):
    """One pair, in plain Python."""
    dot = norm_before = norm_after = 0.0
    for b, a in zip(before.tolist(), after.tolist(), strict=True):
        dot, norm_before, norm_after = dot + b * a, norm_before + b * b, norm_after + a * a
    return dot / (norm_before * norm_after) ** 0.5 if norm_before and norm_after else float("nan")


def nearest_of(query, candidates, own, n):
    """Sort all candidates, those that are equally near in their order, and take the first."""
    near = [(-round(cosine_of(query, other), 6), row) for row, other in enumerate(candidates) if row != own]
    return {row for _, row in sorted(near)[:n]}


def kept_of(queries, candidates, own, n):
    n = min(n, len(candidates[0]) - 1)
    shares = []
    for before, after, place in zip(*queries, own, strict=True):
        kept = nearest_of(before, candidates[0], place, n) & nearest_of(after, candidates[1], place, n)
        shares.append(len(kept) / n if n else float("nan"))
    return shares


def vectors(rng, n_rows, size=4):
    """Signs times a length, so that many directions repeat, and cosines are exact: a tie is one in any precision."""
    return (rng.choice([-1, 1], (n_rows, size)) * rng.integers(1, 4, (n_rows, 1))).astype(np.float32)


@settings(deadline=None)
@given(SEEDS, st.integers(0, 20))
def test_cosines_are_those_of_a_plain_loop(seed, n_rows):
    rng = np.random.default_rng(seed)
    before, after = (rng.normal(size=(n_rows, 5)).astype(np.float32) for _ in range(2))
    expected = [cosine_of(b, a) for b, a in zip(before, after, strict=True)]
    np.testing.assert_allclose(cosines(before, after), expected, rtol=1e-12, atol=1e-15)


def test_cosines_do_not_depend_on_the_size_of_a_block(monkeypatch):
    rng = np.random.default_rng(0)
    before, after = (rng.normal(size=(50, 5)).astype(np.float32) for _ in range(2))
    whole = cosines(before, after)
    monkeypatch.setattr(_neighbours, "ROW_BLOCK", 35)
    np.testing.assert_array_equal(cosines(before, after), whole)


@pytest.mark.parametrize("scale", [1e-30, 1, 1e6])
def test_the_cosine_of_equal_rows_is_exactly_one(scale):
    rows = (np.random.default_rng(0).normal(size=(1000, 50)) * scale).astype(np.float32)
    np.testing.assert_array_equal(cosines(rows, rows), 1)
    np.testing.assert_allclose(cosines(rows, -2 * rows), -1)
    assert cosines(rows, -2 * rows).min() >= -1


def test_zeros_have_no_cosine():
    rows = np.array([[0, 0], [1, 0], [0, 0]], np.float32)
    np.testing.assert_array_equal(cosines(rows, rows[[1, 1, 0]]), [np.nan, 1, np.nan])


def test_one_vector_is_compared_with_all_rows():
    rows = np.array([[2, 0], [1, 1], [0, 3]], np.float32)
    np.testing.assert_allclose(cosines(rows[:1], rows), [1, 0.5**0.5, 0])


def test_rows_get_length_one_but_zeros_stay():
    rows = np.array([[3, 4], [0, 0], [1e-30, 0]], np.float32)
    np.testing.assert_array_equal(unit_rows(rows), np.array([[0.6, 0.8], [0, 0], [1, 0]], np.float32))


@settings(deadline=None)
@given(SEEDS, st.integers(1, 25), st.integers(1, 6), st.integers(1, 12))
def test_shares_of_neighbours_are_those_of_a_plain_double_loop(seed, n_candidates, n_queries, n_neighbours):
    rng = np.random.default_rng(seed)
    candidates = vectors(rng, n_candidates), vectors(rng, n_candidates)
    own = rng.integers(-1, n_candidates, n_queries)
    queries = tuple(np.where(own[:, None] >= 0, rows[own], vectors(rng, n_queries)) for rows in candidates)
    kept = neighbours_kept(queries, candidates, own, n_neighbours)
    np.testing.assert_allclose(kept, kept_of(queries, candidates, own.tolist(), n_neighbours))


def test_shares_on_real_vectors_do_not_depend_on_the_size_of_a_block(glove, monkeypatch):
    before = glove[1][:300]
    after = before + np.random.default_rng(0).normal(scale=0.3, size=before.shape).astype(np.float32)
    own = np.arange(20)
    shares = neighbours_kept((before[:20], after[:20]), (before, after), own)
    np.testing.assert_allclose(shares, kept_of((before[:20], after[:20]), (before, after), own.tolist(), 10))
    monkeypatch.setattr(_neighbours, "BLOCK", 1000)
    np.testing.assert_array_equal(neighbours_kept((before[:20], after[:20]), (before, after), own), shares)
    assert 0 < shares.min() < shares.max() < 1


def test_equal_vectors_keep_their_neighbours():
    before = np.tile(np.float32([0.1, 0.2, 0.3]), (40, 1))
    assert neighbours_kept((before, before * 7), (before, before * 7), np.arange(40)).tolist() == [1] * 40


def test_a_word_alone_has_no_neighbours():
    one = np.ones((1, 3), np.float32)
    np.testing.assert_array_equal(neighbours_kept((one, one), (one, one), np.array([0])), [np.nan])


def test_two_words_are_each_others_neighbours():
    two = np.eye(2, 3, dtype=np.float32)
    assert neighbours_kept((two, -two), (two, -two), np.arange(2)).tolist() == [1, 1]
