"""The rows of a file whose numbers were parsed."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from ._bad_lines import BadLineError, BadLines
from ._formats import Layout, RawRows
from ._source import Rows
from ._words import Growing, Positions

NUMBERS_AT_ONCE = 50_000


class ParsedRows(NamedTuple):
    """Rows by their position in the file."""

    # The rows of the first positions, without a gap.
    first: Rows
    # Other positions whose rows were parsed too, ascending. All are behind the first ones.
    others: NDArray[np.int64]
    other_rows: Rows

    def missing(self, positions: Positions, n_first: int) -> NDArray[np.int64]:
        """Return those of the positions, and of the first ones, that were not parsed: ascending, each once."""
        behind = positions[positions >= len(self.first)]
        wanted = np.sort(np.concatenate([behind, np.arange(len(self.first), n_first)]))
        # NumPy's setdiff1d takes twenty times as long.
        is_missing = np.searchsorted(self.others, wanted) == np.searchsorted(self.others, wanted, "right")
        return np.asarray(wanted[is_missing & (np.diff(wanted, prepend=-1) > 0)])

    def with_rows(self, positions: NDArray[np.int64], rows: Rows, n_first: int) -> Self:
        """Add rows at positions that were missing. Then the first ``n_first`` are there without a gap."""
        if len(self.others):
            places = np.searchsorted(self.others, positions)
            positions = np.insert(self.others, places, positions)
            rows = np.insert(self.other_rows, places, rows, axis=0)
        n_new = max(n_first - len(self.first), 0)
        first = np.concatenate([self.first, rows[:n_new]]) if len(self.first) and n_new else self.first
        return self._replace(
            first=first if len(self.first) else rows[:n_new], others=positions[n_new:], other_rows=rows[n_new:]
        )

    def at(self, positions: Positions) -> Rows:
        """Return the rows at positions that were parsed."""
        is_first = positions < len(self.first)
        others = self.other_rows[np.searchsorted(self.others, positions[~is_first])]
        if len(others) == len(positions):
            return others
        rows = self.first.take(np.minimum(positions, len(self.first) - 1), axis=0)
        rows[~is_first] = others
        return rows


def no_rows(vector_size: int) -> ParsedRows:
    nothing = np.empty((0, vector_size), np.float32)
    return ParsedRows(nothing, np.empty(0, np.int64), nothing)


class RowParser:
    """Parses some hundred rows at a time, which is several times as fast as one by one.

    Parameters
    ----------
    layout : Layout
        What a row looks like.
    word_at : callable
        Gives the word at a position, for an error.
    bad : BadLines
        Whether a row that is no numbers is an error. If it is left out it is NaN.
    """

    def __init__(self, layout: Layout, word_at: Callable[[int], str], bad: BadLines) -> None:
        self._layout = layout
        self._word_at = word_at
        self._bad = bad
        self._rows_at_once = max(1, NUMBERS_AT_ONCE // layout.vector_size)
        self._positions: list[int] = []
        self._numbers: list[bytes] = []
        self._rows = Growing(np.float32, layout.vector_size)

    def add(self, start: int, rows: Sequence[int], raw: RawRows) -> None:
        """Add some of the rows that begin at a position."""
        self._positions += [start + row for row in rows]
        self._numbers += raw.numbers(rows)
        while len(self._numbers) >= self._rows_at_once:
            self._parse_some()

    def finish(self) -> tuple[NDArray[np.int64], Rows]:
        """Return the positions and the rows that were added."""
        while self._numbers:
            self._parse_some()
        return np.fromiter(self._positions, np.int64, len(self._positions)), self._rows.finish()

    def _parse_some(self) -> None:
        numbers, self._numbers = self._numbers[: self._rows_at_once], self._numbers[self._rows_at_once :]
        n_done = len(self._rows)
        try:
            rows = self._parse(numbers)
        except ValueError:
            each = map(self._parse_one, self._positions[n_done:], numbers)
            rows = np.concatenate(list(each))
        self._rows.add(rows)

    def _parse(self, numbers: list[bytes]) -> Rows:
        return self._layout.format.parse(numbers, self._layout.vector_size)

    def _parse_one(self, position: int, numbers: bytes) -> Rows:
        try:
            return self._parse([numbers])
        except ValueError as error:
            if self._bad.are_left_out:
                return np.full((1, self._layout.vector_size), np.nan, np.float32)
            what = f"is not {self._layout.vector_size} numbers: {numbers.strip()[:60]!r}"
            raise BadLineError(f"the row of {self._word_at(position)!r} {what}") from error
