"""A file of word vectors: read once, its rows parsed when they are needed.

A file is read, never mapped into memory, since one that shrinks under a map ends the process (SIGBUS). Only gensim maps
the arrays that it has stored apart from its own files.
"""

import os
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import compress, islice
from typing import BinaryIO, NamedTuple

import numpy as np

from .._checks import UNUSABLE, are_usable
from ..text._subwords import Subwords
from ._bad_lines import BadLineError, BadLines, OnBadLines
from ._formats import RawRows, decode_words
from ._parsed import RowParser, no_rows
from ._recognition import recognise
from ._source import SAMPLE, Answer, FirstWords, Rows, first_words, warn_of_repeats
from ._streams import Location, identity, open_stream
from ._words import CollectedWords, Positions, Words

ROWS_AT_ONCE = 1000
PROGRESS_SECONDS = 2.0

_PROBLEM = "{!r} is not a usable file of word vectors: "
_LEAVE_OUT = " Give on_bad_lines='skip' to PretrainedVectors.open to leave out what is wrong."
_lock = threading.RLock()


def file_lock() -> threading.RLock:
    """Return the one lock of all files. It guards work in Python, which threads cannot share anyway."""
    return _lock


def _renew_lock() -> None:
    """In a forked child the lock may belong to a thread that was not forked."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


class FileOptions(NamedTuple):
    """What to read of which file."""

    path: str
    limit: int | None = None
    encoding: str = "utf-8"
    errors: str = "strict"
    on_bad_lines: OnBadLines = "error"


class VectorFile:
    """A source in a file. The first question reads it through; rows that later ones need are parsed then.

    Each attribute is replaced as a whole, and under the lock, so that no thread sees half of a change.
    """

    def __init__(self, location: Location, options: FileOptions) -> None:
        self._location = location
        self._options = options
        self._identity = identity(os.stat(location.path))
        with self._opened() as (stream, _):
            self._layout = recognise(stream, bad_lines=options.on_bad_lines != "error")
        self.vector_size = self._layout.vector_size
        self.subwords: Subwords | None = None
        self._words: Words | None = None
        self._parsed = no_rows(self.vector_size)
        self._shared: tuple[int, FirstWords] = 0, ({}, self._parsed.first)

    def ask(
        self, words: Sequence[str], n_first: int | None = 0, *, skip_gram: bool | None = None, verbose: int = 0
    ) -> Answer:
        with _lock:
            all_words = self._words or self._read_through(words, n_first, verbose)
            positions = all_words.positions_of(words)
            is_known = positions >= 0
            positions = positions[is_known]
            first_positions = all_words.first_positions(n_first)
            self._parse_missing(all_words, positions, int(first_positions.max(initial=-1)) + 1, verbose)
            parsed, first = self._parsed, self._first(all_words, first_positions)
        return Answer(*self._usable(list(compress(words, is_known)), parsed.at(positions)), None, *first, None)

    def _usable(self, words: list[str], rows: Rows) -> tuple[list[str], Rows]:
        """Return words with their rows; those without numbers that can be trained are an error, or left out."""
        is_good, bad = are_usable(rows), BadLines(self._options.on_bad_lines)
        if is_good.all():
            return words, rows
        with naming(self._options.path):
            for number in np.flatnonzero(~is_good).tolist():
                bad.add(f"the vector of {words[number]!r} {UNUSABLE}")
        bad.tell(self._options.path)
        return list(compress(words, is_good.tolist())), rows[is_good]

    def words(self) -> list[str]:
        words = self._indexed()
        return words.at(words.first_positions(None))

    def n_words(self) -> int:
        return len(self._indexed())

    def has(self, word: str) -> bool:
        return self._indexed(word).has(word)

    def known(self, words: Sequence[str]) -> Iterable[str]:
        return compress(words, self._indexed().positions_of(words) >= 0)

    def sample(self, n: int) -> list[str]:
        words = self._indexed()
        return words.at(words.first_positions(None)[:: (len(words) + n - 1) // n or 1])

    def told(self) -> tuple[int | None, list[str]]:
        if self._words is not None:
            return len(self._words), self.sample(SAMPLE)
        words: list[str] = []
        with suppress(OSError, ValueError), self._opened() as opened:
            for raw in islice(self._raw_rows(*opened, SAMPLE, BadLines("skip"), 0), 1):
                words = decode_words(raw, self._options.encoding, "replace", 1)
        n_rows = self._layout.n_rows
        return n_rows if n_rows is None else min(n_rows, self._limit), words

    def _indexed(self, *wanted: str) -> Words:
        if self._words is not None:
            return self._words
        with _lock:
            return self._words or self._read_through(wanted, 0, 0)

    def _first(self, words: Words, positions: Positions) -> FirstWords:
        """Return the words at the first positions and their rows, which were parsed."""
        if self._shared[0] == len(positions):
            return self._shared[1]
        rows = self._parsed.first[positions] if words.n_repeats else self._parsed.first[: len(positions)]
        shared = first_words(words.at(positions), rows, is_told=self._options.on_bad_lines != "skip")
        if len(positions):
            self._shared = len(positions), shared
        return shared

    def _read_through(self, wanted: Iterable[str], n_first: int | None, verbose: int) -> Words:
        """Read the file from the first row to the last, and parse the rows that are needed on the way."""
        limit = self._limit
        n_first = limit if n_first is None else n_first
        wanted = frozenset(wanted)
        collected, bad = CollectedWords(self._layout.start), BadLines(self._options.on_bad_lines)
        parser = RowParser(self._layout, lambda position: Words(collected).word_at(position), bad)
        with self._opened() as opened:
            for raw in self._raw_rows(*opened, limit, bad, verbose):
                start = len(collected)
                decoded = decode_words(raw, self._options.encoding, self._options.errors, start + 1)
                collected.add(decoded, raw)
                hits = list(compress(range(len(raw)), map(wanted.__contains__, decoded)))
                n_all = min(max(n_first - start, 0), len(raw))
                parser.add(start, [*range(n_all), *hits[bisect_left(hits, n_all) :]], raw)
            positions, rows = parser.finish()
        bad.tell(self._options.path)
        words = Words(collected)
        if words.n_repeats:
            warn_of_repeats(words.n_repeats)
        self._words, self._parsed = words, self._parsed.with_rows(positions, rows, n_first)
        return words

    def _parse_missing(self, words: Words, positions: Positions, n_first: int, verbose: int) -> None:
        """Parse rows at positions, and the first rows, as far as that was not done before."""
        missing = self._parsed.missing(positions, n_first).tolist()
        if missing or n_first > len(self._parsed.first):
            rows = self._parse_at(missing, words, verbose) if missing else self._parsed.first[:0]
            self._parsed = self._parsed.with_rows(np.array(missing, np.int64), rows, n_first)

    def _parse_at(self, positions: Sequence[int], words: Words, verbose: int) -> Rows:
        """Go back for rows at ascending positions: straight to them, or through a compressed file again."""
        bad = BadLines(self._options.on_bad_lines)
        parser = RowParser(self._layout, words.word_at, bad)
        with self._opened() as (stream, file):
            if stream is file:
                for start, stop in _runs(positions):
                    parser.add(start, range(stop - start), _read_run(stream, start, stop, words))
            else:
                start, chosen = 0, frozenset(positions)
                limit = self._limit if bad.are_left_out else positions[-1] + 1
                for raw in self._raw_rows(stream, file, limit, bad, verbose):
                    parser.add(start, [row for row in range(len(raw)) if start + row in chosen], raw)
                    start += len(raw)
            return parser.finish()[1]

    @property
    def format_name(self) -> str:
        return self._layout.format.name

    @property
    def _limit(self) -> int:
        return sys.maxsize if self._options.limit is None else self._options.limit

    def _raw_rows(self, stream: BinaryIO, file: BinaryIO, limit: int, bad: BadLines, verbose: int) -> Iterator[RawRows]:
        """Read rows from the first on and, every other second, say how far that is."""
        stream.seek(self._layout.start)
        size, shown_at = os.path.getsize(file.fileno()), time.monotonic()
        for raw in self._layout.format.read(stream, self._layout, limit, bad):
            yield raw
            if verbose and time.monotonic() - shown_at >= PROGRESS_SECONDS:
                shown_at = time.monotonic()
                print(f"[PretrainedWord2VecTransformer] reading {file.name}: {file.tell() / size:.0%}")

    @contextmanager
    def _opened(self) -> Iterator[tuple[BinaryIO, BinaryIO]]:
        """Open the file: its decompressed bytes, and the file itself. They are one if it is not compressed."""
        with open(self._location.path, "rb") as file:
            if identity(os.fstat(file.fileno())) != self._identity:
                raise ValueError(
                    f"The file {self._location.path!r} has changed since it was opened. Open it again, with "
                    "PretrainedVectors.open, to use its new content."
                )
            with naming(self._options.path), open_stream(file, self._location.member) as stream:
                yield stream, file


def _read_run(stream: BinaryIO, start: int, stop: int, words: Words) -> RawRows:
    """Read neighbouring rows of a plain file."""
    offset = int(words.number_starts[start])
    starts = words.number_starts[start:stop] - offset
    ends = starts + words.number_lengths[start:stop]
    stream.seek(offset)
    return RawRows(stream.read(int(ends[-1])), starts - 1, starts - 1, ends, int(ends[-1]))


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield ascending positions as ranges (start, stop) of neighbours, none longer than is parsed at once."""
    start = stop = positions[0]
    for position in positions:
        if position != stop or stop - start == ROWS_AT_ONCE:
            yield start, stop
            start = position
        stop = position + 1
    yield start, stop


@contextmanager
def naming(path: str) -> Iterator[None]:
    """Put the name of the file before what is wrong with its content."""
    try:
        yield
    except ValueError as error:
        if str(error).startswith(_PROBLEM.format(path)):
            raise
        hint = _LEAVE_OUT if isinstance(error, BadLineError) else ""
        raise ValueError(f"{_PROBLEM.format(path)}{error}.{hint}") from error
