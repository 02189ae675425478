"""The numbers of text rows → float32, all at once.

A number of up to fifteen digits is a whole number below 2**53 divided by a power of ten. Both are exact in double
precision, so that the quotient is the double that ``float`` gives. This takes a third of the time of
``numpy.fromstring`` or ``numpy.loadtxt``. Other numbers (exponents, more digits) go to ``float`` itself.
"""

import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

MAX_DIGITS = 15
# Possessive (++), so that a long run of digits that ends in another character is gone through once.
NUMBER = re.compile(rb"[-+]?(?:(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][-+]?\d++)?|nan|inf(?:inity)?)", re.IGNORECASE)

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
        If a row is not ``n_numbers`` numbers.
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
    if b"_" in text:
        raise ValueError("there is an underscore, which float would take")
    odd = np.flatnonzero(~is_plain)
    spans = zip(starts[odd].tolist(), (starts + lengths)[odd].tolist(), strict=True)
    numbers[odd] = [float(text[start:end]) for start, end in spans]
    with np.errstate(over="ignore"):  # check_rows tells of infinity, with its word
        return numbers.astype(np.float32)


def _fields(characters: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return where the fields begin, and how long they are. The last character is a blank."""
    blanks = np.flatnonzero(characters <= _SPACE)
    if not _IS_BLANK[characters[blanks]].all():
        raise ValueError("there are control characters")
    starts = np.empty_like(blanks)
    starts[:1] = 0
    starts[1:] = blanks[:-1] + 1
    is_field = blanks > starts
    return starts[is_field], (blanks - starts)[is_field]


def _digits(characters: NDArray[np.uint8], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> _Digits:
    """Return the digits of each field as a whole number, and how many digits, decimals and dots it has."""
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
