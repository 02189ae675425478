"""The words of a file, in some 25 bytes each: strings of many words, and sorted hashes to find a word by.

A list and a dict of them would take over four times as much, in every process that reads the file.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from ._formats import RawRows

Positions = NDArray[np.signedinteger[Any]]


class Growing:
    """An array that grows, in one piece: many small ones leave holes in the memory, which the process keeps."""

    def __init__(self, dtype: DTypeLike, *shape: int) -> None:
        self._room = np.empty((0, *shape), dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, values: NDArray[Any]) -> None:
        length = len(self) + len(values)
        if length > len(self._room):
            self._room.resize((length + length // 8, *self._room.shape[1:]), refcheck=False)  # nobody else has seen it
        self._room[len(self) : length] = values
        self._length = length

    def finish(self) -> NDArray[Any]:
        """Return what was added, without the room that is left. Nothing can be added any more."""
        room: NDArray[Any] = self.__dict__.pop("_room")
        room.resize((len(self), *room.shape[1:]), refcheck=False)
        return room


class CollectedWords:
    """The words of a file, and where their numbers are, while it is read."""

    def __init__(self, offset: int) -> None:
        self.offset = offset
        self.texts: list[str] = []
        self.starts: list[int] = []
        self.ends, self.number_lengths = Growing(np.int32), Growing(np.int32)
        self.hashes, self.number_starts = Growing(np.int64), Growing(np.int64)

    def __len__(self) -> int:
        return len(self.hashes)

    def add(self, words: Sequence[str], raw: RawRows) -> None:
        """Add the words of rows that follow those before."""
        self.texts.append("".join(words))
        self.starts.append(len(self))
        self.ends.add(np.cumsum(np.fromiter(map(len, words), np.int32)))
        self.hashes.add(_hashes(words))
        self.number_starts.add(raw.word_ends + (self.offset + 1))
        self.number_lengths.add(raw.row_ends - raw.word_ends - 1)
        self.offset += raw.n_bytes


class Words:
    """The words of a file. A word's position is the number of its row, from 0. Immutable.

    Parameters
    ----------
    collected : CollectedWords
        All words. Nothing can be added to them any more.
    """

    def __init__(self, collected: CollectedWords) -> None:
        self._texts = collected.texts
        self._starts = np.array(collected.starts)
        """The position of each text's first word."""
        self._ends: NDArray[np.int32] = collected.ends.finish()
        self.number_starts: NDArray[np.int64] = collected.number_starts.finish()
        """Where the numbers at each position begin, in bytes from the beginning of the decompressed file."""
        self.number_lengths: NDArray[np.int32] = collected.number_lengths.finish()
        """How many bytes they are."""
        hashes: NDArray[np.int64] = collected.hashes.finish()
        self._positions: Positions = np.argsort(hashes).astype(np.int32 if len(hashes) < 1 << 31 else np.int64)
        self._hashes = hashes[self._positions]
        if (is_equal := self._hashes[1:] == self._hashes[:-1]).any():
            self._leave_out_repeats(np.flatnonzero(np.append(is_equal, False) | np.append(False, is_equal)))

    def _leave_out_repeats(self, places: NDArray[np.int64]) -> None:
        """Keep the first of equal words, which have equal hashes."""
        first: dict[str, int] = {}
        places = places[np.argsort(self._positions[places])]
        for place, word in zip(places.tolist(), self.at(self._positions[places]), strict=True):
            first.setdefault(word, place)
        is_kept = np.ones(len(self), np.bool_)
        is_kept[places] = False
        is_kept[list(first.values())] = True
        self._positions, self._hashes = self._positions[is_kept], self._hashes[is_kept]

    def __len__(self) -> int:
        """Return how many different words there are."""
        return len(self._positions)

    @property
    def n_repeats(self) -> int:
        return len(self._ends) - len(self)

    def first_positions(self, n: int | None) -> Positions:
        """Return the positions of the first n different words; None means all."""
        n = len(self) if n is None else min(n, len(self))
        return np.sort(self._positions)[:n] if self.n_repeats else np.arange(n)

    def has(self, word: str) -> bool:
        """Return whether a word is there, for one word much faster than :meth:`positions_of`."""
        value = hash(word)
        place = int(self._hashes.searchsorted(value))
        while place < len(self) and self._hashes[place] == value:
            position = int(self._positions[place])
            number = int(self._starts.searchsorted(position, "right")) - 1
            start = 0 if position == self._starts[number] else int(self._ends[position - 1])
            if self._texts[number][start : self._ends[position]] == word:
                return True
            place += 1  # behind may be another word of the same hash
        return False

    def at(self, positions: ArrayLike) -> list[str]:
        """Return the words at positions."""
        numbers, starts, ends = self._spans(np.asarray(positions, np.int64))
        places = zip(map(self._texts.__getitem__, numbers.tolist()), starts.tolist(), ends.tolist(), strict=True)
        return [text[start:end] for text, start, end in places]

    def word_at(self, position: int) -> str:
        return self.at([position])[0]

    def positions_of(self, words: Sequence[str]) -> NDArray[np.int64]:
        """Return the position of each word; -1 where the file does not have it."""
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
        """Return for each position whether its word is there."""
        numbers, starts, ends = self._spans(positions)
        texts = map(self._texts.__getitem__, numbers.tolist())
        begin_there = np.fromiter(map(str.startswith, texts, words, starts.tolist()), np.bool_, len(words))
        end_there = np.fromiter(map(len, words), np.int64, len(words)) == ends - starts
        return np.asarray(begin_there & end_there)

    def _spans(self, positions: Positions) -> tuple[NDArray[np.int64], NDArray[np.int32], NDArray[np.int32]]:
        """Return the number of the text that each word is in, and where in it the word begins and ends."""
        numbers = np.searchsorted(self._starts, positions, "right") - 1
        starts = np.where(positions == self._starts[numbers], np.int32(0), self._ends[positions - 1])
        return numbers, starts, self._ends[positions]


def _hashes(words: Sequence[str]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, words), np.int64, len(words))
