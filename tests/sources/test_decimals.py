"""Numbers of text against ``float``, one at a time."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sk_w2v.sources._decimals import NUMBER, parse_decimals

SHOWN = [repr, str, "{:.5g}".format, "{:.9g}".format, "{:.4f}".format, "{:.15f}".format, "{:e}".format, "{:+}".format]


@given(st.lists(st.tuples(st.floats(-1e6, 1e6), st.sampled_from(SHOWN)), min_size=1, max_size=30))
def test_numbers_are_those_of_float_to_the_bit(numbers):
    texts = [shown(number) for number, shown in numbers]
    expected = np.array([[float(text) for text in texts]]).astype(np.float32)
    got = parse_decimals([" ".join(texts).encode()], len(texts))
    np.testing.assert_array_equal(got.view(np.int32), expected.view(np.int32))


@given(st.lists(st.text("0123456789.-+eE_ naif\t", max_size=7), min_size=1, max_size=4))
def test_what_is_no_number_to_float_is_an_error(fields):
    row = " ".join(fields)
    try:
        expected = [float(field) for field in row.split()]
    except ValueError:
        expected = None
    if expected is None or "_" in row:
        with pytest.raises(ValueError, match=r"."):
            parse_decimals([row.encode()], len(row.split()))
    else:
        got = parse_decimals([row.encode()], len(expected))
        with np.errstate(over="ignore"):
            np.testing.assert_array_equal(got, np.array([expected]).astype(np.float32))


@pytest.mark.parametrize("row", ["1 2 3_0", "1 2 x", "1 2", "1 2 3 4", "1 2 3\x00", "1 2 \x1c3", "0x1 2 3", "1,2 3 4"])
def test_a_row_that_is_not_three_numbers_is_an_error(row):
    with pytest.raises(ValueError, match=r"."):
        parse_decimals([b"1 2 3", row.encode()], 3)


@pytest.mark.parametrize("start", ["", "-", "1.", ".", "1e", "1.5e-"])
def test_a_long_run_of_digits_is_gone_through_once(start):
    digits = start.encode() + b"1" * 1_000_000
    assert NUMBER.fullmatch(digits)
    assert not NUMBER.fullmatch(digits + b"x")
