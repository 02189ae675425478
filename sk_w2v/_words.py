"""The words of a file, in some 25 bytes each: one string a block, and sorted hashes to find them by.

A list and a dict of them would take over four times as much, in every process that reads the file.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from ._growing import Growing

Positions = NDArray[np.signedinteger[Any]]


class WordBlocks:
    """Words as they are read."""

    def __init__(self) -> None:
        self._texts: list[str] = []
        self._starts: list[int] = []
        self._ends = Growing(np.int32)
        self._hashes = Growing(np.int64)

    def __len__(self) -> int:
        return len(self._hashes)

    def add(self, words: Sequence[str]) -> None:
        self._texts.append("".join(words))
        self._starts.append(len(self))
        self._ends.add(np.cumsum(np.fromiter(map(len, words), np.int32)))
        self._hashes.add(_hashes(words))

    def finish(self) -> "Words":
        """The words that were added; nothing can be added any more."""
        return Words(self._texts, np.array(self._starts), self._ends.finish(), self._hashes.finish())


class Words:
    """The words of a file in the order of its rows. A word's position is that of its row. Immutable."""

    def __init__(
        self, texts: Sequence[str], starts: NDArray[np.int64], ends: NDArray[np.int32], hashes: NDArray[np.int64]
    ) -> None:
        self._texts = texts
        self._starts = starts
        """The position of each text's first word."""
        self._ends = ends
        self._positions: Positions = np.argsort(hashes).astype(np.int32 if len(hashes) < 1 << 31 else np.int64)
        self._hashes = hashes[self._positions]
        if (is_equal := self._hashes[1:] == self._hashes[:-1]).any():
            self._leave_out_repeats(np.flatnonzero(np.append(is_equal, False) | np.append(False, is_equal)))

    def _leave_out_repeats(self, places: NDArray[np.int64]) -> None:
        """Of equal words, which have equal hashes, keep the first one."""
        first: dict[str, int] = {}
        places = places[np.argsort(self._positions[places])]
        for place, word in zip(places.tolist(), self.at(self._positions[places]), strict=True):
            first.setdefault(word, place)
        is_kept = np.ones(len(self), np.bool_)
        is_kept[places] = False
        is_kept[list(first.values())] = True
        self._positions, self._hashes = self._positions[is_kept], self._hashes[is_kept]

    def __len__(self) -> int:
        """How many different words there are."""
        return len(self._positions)

    @property
    def n_repeats(self) -> int:
        return len(self._ends) - len(self)

    def first(self, n: int) -> Positions:
        """The positions of the first n different words."""
        return np.sort(self._positions)[:n] if self.n_repeats else np.arange(min(n, len(self)))

    def at(self, positions: ArrayLike) -> list[str]:
        numbers, starts, ends = self._spans(np.asarray(positions, np.int64))
        places = zip(map(self._texts.__getitem__, numbers.tolist()), starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end] for text, start, end in places]

    def find(self, words: Sequence[str]) -> NDArray[np.int64]:
        """The position of each of some words; -1 where there is none."""
        found = np.full(len(words), -1, np.int64)
        hashes = _hashes(words)
        left = np.argsort(hashes)  # so that one search begins where the last one ended
        places = np.searchsorted(self._hashes, hashes[left])
        while len(left):
            may_be = places < len(self)
            may_be[may_be] = self._hashes[places[may_be]] == hashes[left[may_be]]
            left, places = left[may_be], places[may_be]
            in_order = np.argsort(self._positions[places])  # neighbours in the file are neighbours in memory
            left, places = left[in_order], places[in_order]
            positions = self._positions[places]
            is_it = self._are_at(positions, [words[number] for number in left.tolist()])
            found[left[is_it]] = positions[is_it]
            left, places = left[~is_it], places[~is_it] + 1  # behind may be another word of the same hash
        return found

    def _are_at(self, positions: Positions, words: Sequence[str]) -> NDArray[np.bool_]:
        """Whether these are the words at some positions."""
        numbers, starts, ends = self._spans(positions)
        texts = map(self._texts.__getitem__, numbers.tolist())
        begin_there = np.fromiter(map(str.startswith, texts, words, starts.tolist()), np.bool_, len(words))
        end_there = np.fromiter(map(len, words), np.int64, len(words)) == ends - starts
        return np.asarray(begin_there & end_there)

    def _spans(self, positions: Positions) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """In which text each word is, where it begins there and where it ends."""
        numbers = np.searchsorted(self._starts, positions, "right") - 1
        starts = np.where(positions == self._starts[numbers], np.int32(0), self._ends[positions - 1])
        return numbers, starts, self._ends[positions]


def _hashes(words: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, words), np.int64, len(words))
