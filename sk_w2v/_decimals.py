"""The numbers of text rows → float32, several times faster than one at a time.

A number of up to fifteen digits is a whole number below 2**53 divided by a power of ten: both are exact in double
precision, so that the quotient is the double nearest to what the text says, as ``float`` gives it. The rare others
(exponents, more digits) go to ``float`` itself.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MAX_DIGITS = 15
NUMBER = re.compile(rb"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)

_POWERS_OF_TEN = 10.0 ** np.arange(MAX_DIGITS + 2)
_ZERO, _DOT, _MINUS, _SPACE = b"0.- "
_IS_BLANK = np.isin(np.arange(256), list(b" \t\n\v\f\r"))


_Digits = tuple[NDArray[np.int64], NDArray[np.int8], NDArray[np.int8], NDArray[np.int8]]


def parse_decimals(rows: Sequence[bytes], n_numbers: int) -> NDArray[np.float32]:
    """Parse rows of numbers that are set apart by white space.

    Parameters
    ----------
    rows : sequence of bytes
        The rows, in ASCII.
    n_numbers : int
        How many numbers each of them must have.

    Returns
    -------
    ndarray of shape (len(rows), n_numbers), dtype float32
        The numbers, rounded to double precision and then to single, as gensim does.

    Raises
    ------
    ValueError
        If a row is anything else than its numbers.
    """
    text = b"\n".join([*rows, b""])
    starts, lengths = _fields(np.frombuffer(text, np.uint8))
    row_ends = np.cumsum([len(row) + 1 for row in rows])
    if (np.searchsorted(starts, row_ends) != np.arange(1, len(rows) + 1) * n_numbers).any():
        raise ValueError(f"not every row has {n_numbers} numbers")
    return _parse(text, starts, lengths).reshape(len(rows), n_numbers)


def _parse(text: bytes, starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.float32]:
    characters = np.frombuffer(text, np.uint8)
    is_negative = characters[starts] == _MINUS
    n_left = lengths - is_negative
    whole, n_digits, n_decimals, n_dots = _digits(characters, starts + is_negative, n_left)
    numbers = whole / _POWERS_OF_TEN[n_decimals]
    np.negative(numbers, out=numbers, where=is_negative)
    is_plain = (n_digits + n_dots == n_left) & (n_dots <= 1) & (n_digits > 0) & (n_digits <= MAX_DIGITS)
    for at in np.flatnonzero(~is_plain):
        numbers[at] = _parse_one(text[starts[at] : starts[at] + lengths[at]])
    with np.errstate(over="ignore"):  # infinity is told, with its word, when the rows are checked
        return numbers.astype(np.float32)


def _fields(characters: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Where the fields begin, and how long they are; the last character is a blank."""
    blanks = np.flatnonzero(characters <= _SPACE)
    if not _IS_BLANK[characters[blanks]].all():
        raise ValueError("there are control characters")
    starts = np.empty_like(blanks)
    starts[:1] = 0
    starts[1:] = blanks[:-1] + 1
    is_field = blanks > starts
    return starts[is_field], (blanks - starts)[is_field]


def _digits(characters: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> _Digits:
    """Each field's digits as a whole number; how many digits, decimals and dots it has."""
    whole = np.zeros(len(starts), np.int64)
    n_digits, n_decimals, n_dots = (np.zeros(len(starts), np.int8) for _ in range(3))
    for column in range(min(int(lengths.max(initial=0)), MAX_DIGITS + 1)):
        character = characters.take(starts + column, mode="clip")
        is_inside = column < lengths
        digit = character - np.uint8(_ZERO)  # wraps around for what comes before "0"
        is_digit = (digit < 10) & is_inside
        whole = np.where(is_digit, whole * 10 + digit, whole)
        n_digits += is_digit
        n_decimals += is_digit & (n_dots > 0)
        n_dots += (character == _DOT) & is_inside
    return whole, n_digits, n_decimals, n_dots


def _parse_one(field: bytes) -> float:
    if NUMBER.fullmatch(field) is None:
        raise ValueError(f"{field[:40]!r} is not a number")
    return float(field)
