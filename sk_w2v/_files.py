"""A file of word vectors: read once in a process, its rows parsed when they are wanted.

A file is read, never mapped into memory, since one that shrinks under a map ends the process (SIGBUS); only gensim maps
the arrays that it has stored apart from its own files.
"""

import os
import sys
import threading
import time
from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import compress
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._arrays import Arrays
from ._formats import Block, Layout, decode_words, parse_rows, read_blocks, recognise
from ._gensim import dataset_path, is_gensim_file, load_arrays, parts
from ._growing import Growing
from ._rows import First, Rows, check_rows, warn_of_repeats
from ._streams import Location, fingerprint, locate, magic, open_stream
from ._words import WordBlocks, Words

NUMBERS_AT_ONCE = 50_000
ROWS_AT_ONCE = 1000
FILES_KEPT = 4
PROGRESS_SECONDS = 2.0

_PROBLEM = "{!r} is not a usable file of word vectors: "


class FileOptions(NamedTuple):
    """What to read of which file."""

    path: str
    limit: int | None = None
    encoding: str = "utf-8"
    errors: str = "strict"


class _Opened(NamedTuple):
    stream: BinaryIO
    """The bytes of the vectors, decompressed."""
    is_plain: bool
    file: BinaryIO
    """What is read on the disk."""


class _Scanned(NamedTuple):
    """What was read of a file so far; replaced as a whole, so that nobody sees half of a change."""

    words: Words
    number_starts: NDArray[np.int64]
    """Where the numbers of each position begin, in bytes from the beginning of the decompressed file."""
    number_lengths: NDArray[np.int32]
    """How many bytes they are."""
    first: Rows
    """The rows of the first positions, without a gap."""
    others: NDArray[np.int64]
    """Positions behind them whose rows were parsed too, ascending."""
    other_rows: Rows


# One lock for all files: what it guards is work in Python, which threads could not share anyway.
_lock = threading.RLock()
_files: OrderedDict[tuple[Any, ...], "OpenFile"] = OrderedDict()


def _renew_lock() -> None:
    """In a forked child the lock may belong to a thread that was not forked."""
    global _lock
    _lock = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_renew_lock)


class OpenFile(NamedTuple):
    """A file's words and rows, and the fingerprint of its content."""

    source: "VectorFile | Arrays"
    fingerprint: str


def open_file(options: FileOptions) -> OpenFile:
    """Open a file once in this process, as long as it does not change."""
    location = locate(options.path, dataset_path)
    key = (os.path.realpath(location.path), *(_identity(os.stat(part)) for part in parts(location.path)), options)
    with _lock:
        if key not in _files:
            _files[key] = _open(location, options)
        _files.move_to_end(key)
        while len(_files) > FILES_KEPT:
            _files.popitem(last=False)
        return _files[key]


def _open(location: Location, options: FileOptions) -> OpenFile:
    first_bytes = magic(location.path)
    with _named(options.path):
        if is_gensim_file(first_bytes):
            arrays = load_arrays(location.path, first_bytes, options.limit)
            return OpenFile(arrays, "-".join(map(fingerprint, parts(location.path))))
        return OpenFile(VectorFile(location, options), fingerprint(location.path))


class VectorFile:
    """A file of word vectors: an index of its words, made in one pass, and the rows that were parsed so far."""

    def __init__(self, location: Location, options: FileOptions) -> None:
        self._location = location
        self._options = options
        self._scanned: _Scanned | None = None
        self._firsts: dict[int, First] = {}
        self._identity = _identity(os.stat(location.path))
        with self._opened() as opened:
            self._layout = recognise(opened.stream)
        self.vector_size = self._layout.vector_size

    subwords = None

    def output_rows(self, words: Sequence[str], *, skip_gram: bool) -> None:
        """A file of vectors has no output layer."""

    def find(
        self, words: Sequence[str], n_first: int | None = 0, verbose: int = 0
    ) -> tuple[list[str], NDArray[np.int64]]:
        """Those of the words that are in the file, and their positions.

        The first call reads the file, and parses their rows and the first ones on its way.
        """
        positions = self._scan(words, n_first, verbose).words.find(words)
        is_known = positions >= 0
        return list(compress(words, is_known)), positions[is_known]

    def words(self) -> list[str]:
        words = self._scan().words
        return words.at(words.first(len(words)))

    def n_words(self) -> int:
        return len(self._scan().words)

    def read(self, positions: NDArray[np.int64]) -> Rows:
        with _lock:
            scanned = self._scan()
            missing = _missing(positions[positions >= len(scanned.first)], scanned.others)
            if len(missing):
                scanned = self._scanned = _with_others(scanned, missing, self._parse_at(missing.tolist(), scanned))
        in_first = positions < len(scanned.first)
        others = scanned.other_rows[np.searchsorted(scanned.others, positions[~in_first])]
        if len(others) == len(positions):
            return others
        rows = scanned.first.take(np.minimum(positions, len(scanned.first) - 1), axis=0)
        rows[~in_first] = others
        return rows

    def first(self, n_first: int | None) -> First:
        with _lock:
            scanned = self._scan((), n_first)
            n_words = min(sys.maxsize if n_first is None else n_first, len(scanned.words))
            if n_words not in self._firsts:
                positions = scanned.words.first(n_words)
                if (n_missing := positions.max(initial=-1) + 1 - len(scanned.first)) > 0:
                    missing = range(len(scanned.first), len(scanned.first) + n_missing)
                    more = self._parse_at(missing, scanned)
                    scanned = self._scanned = scanned._replace(first=np.concatenate([scanned.first, more]))
                rows = scanned.first[positions] if scanned.words.n_repeats else scanned.first[:n_words]
                self._firsts = {n_words: First.of(scanned.words.at(positions), rows)}
            return self._firsts[n_words]

    def _scan(self, wanted: Iterable[str] = (), n_first: int | None = 0, verbose: int = 0) -> _Scanned:
        with _lock:
            if self._scanned is None:
                with self._opened() as opened:
                    self._scanned = self._read_through(opened, frozenset(wanted), n_first, verbose)
            return self._scanned

    def _read_through(self, opened: _Opened, wanted: frozenset[str], n_first: int | None, verbose: int) -> _Scanned:
        """Read the file once, from the first row to the last."""
        opened.stream.seek(self._layout.start)
        limit = sys.maxsize if self._options.limit is None else self._options.limit
        n_first = limit if n_first is None else n_first
        read = WordBlocks()
        number_starts, number_lengths, offset = Growing(np.int64), Growing(np.int32), self._layout.start
        parsed = _Parsed(self._layout, read.finish)
        for block in _reported(read_blocks(opened.stream, self._layout, limit), opened.file, verbose):
            start = len(read)
            words = decode_words(block, self._options.encoding, self._options.errors, start + 1)
            read.add(words)
            hits = list(compress(range(len(words)), map(wanted.__contains__, words)))
            number_starts.add(block.word_ends + (offset + 1))
            number_lengths.add(block.row_ends - block.word_ends - 1)
            offset += int(block.row_ends.max(initial=0))
            n_all = min(max(n_first - start, 0), len(block))
            parsed.add(start, [*range(n_all), *hits[bisect_left(hits, n_all) :]], block)
        positions, rows = parsed.finish()
        n_first = min(n_first, len(read))
        others = np.array(positions[n_first:], np.int64)
        scanned = _Scanned(
            read.finish(), number_starts.finish(), number_lengths.finish(), rows[:n_first], others, rows[n_first:]
        )
        if n_repeats := scanned.words.n_repeats:
            warn_of_repeats(n_repeats)
        return scanned

    def _parse_at(self, positions: Sequence[int], scanned: _Scanned) -> Rows:
        """Go back for the rows at ascending positions: straight to them, or through a compressed file again."""
        parsed = _Parsed(self._layout, lambda: scanned.words)
        with self._opened() as (stream, is_plain, _):
            if is_plain:
                for start, stop in _runs(positions):
                    parsed.add(start, range(stop - start), self._read_run(stream, start, stop, scanned))
            else:
                stream.seek(self._layout.start)
                position, chosen = 0, frozenset(positions)
                for block in read_blocks(stream, self._layout, positions[-1] + 1):
                    parsed.add(position, [row for row in range(len(block)) if position + row in chosen], block)
                    position += len(block)
            return parsed.finish()[1]

    def _read_run(self, stream: BinaryIO, start: int, stop: int, scanned: _Scanned) -> Block:
        """Read neighbouring rows of a plain file."""
        offset = int(scanned.number_starts[start])
        starts = scanned.number_starts[start:stop] - offset
        ends = starts + scanned.number_lengths[start:stop]
        stream.seek(offset)
        return Block(stream.read(int(ends[-1])), starts - 1, starts - 1, ends)

    @contextmanager
    def _opened(self) -> Iterator[_Opened]:
        with open(self._location.path, "rb") as file:
            if _identity(os.fstat(file.fileno())) != self._identity:
                raise ValueError(
                    f"The file {self._location.path!r} has changed since it was opened. Open it again, with "
                    "PretrainedVectors.open, to use its new content."
                )
            with _named(self._options.path), open_stream(file, self._location.member) as (stream, is_plain):
                yield _Opened(stream, is_plain, file)

    def __repr__(self) -> str:
        return f"{self._options.path!r}, {self.vector_size} numbers a word"


def _reported(blocks: Iterator[Block], file: BinaryIO, verbose: int) -> Iterator[Block]:
    """Pass blocks on and, every other second, say how far they are."""
    size, shown_at = os.path.getsize(file.fileno()), time.monotonic()
    for block in blocks:
        yield block
        if verbose and time.monotonic() - shown_at >= PROGRESS_SECONDS:
            shown_at = time.monotonic()
            print(f"[PretrainedWord2VecTransformer] reading {file.name}: {file.tell() / size:.0%}")


class _Parsed:
    """Rows that are parsed some hundred at a time, which is several times faster than one by one."""

    def __init__(self, layout: Layout, words: Callable[[], Words]) -> None:
        self._layout = layout
        self._words = words
        self._rows_at_once = max(1, NUMBERS_AT_ONCE // layout.vector_size)
        self._positions: list[int] = []
        self._numbers: list[bytes] = []
        self._rows = Growing(np.float32, layout.vector_size)

    def add(self, position: int, rows: Sequence[int], block: Block) -> None:
        """Add rows of a block that begins at a position."""
        self._positions += [position + row for row in rows]
        self._numbers += block.numbers(rows)
        while len(self._numbers) >= self._rows_at_once:
            self._parse()

    def finish(self) -> tuple[list[int], Rows]:
        while self._numbers:
            self._parse()
        return self._positions, self._rows.finish()

    def _word_of(self, row: int) -> str:
        return self._words().at([self._positions[row]])[0]

    def _parse(self) -> None:
        numbers, self._numbers = self._numbers[: self._rows_at_once], self._numbers[self._rows_at_once :]
        first = len(self._rows)
        try:
            rows = parse_rows(numbers, self._layout)
        except ValueError:
            for row, row_numbers in enumerate(numbers, first):
                self._parse_one(row, row_numbers)
            raise
        self._rows.add(check_rows(rows, lambda row: self._word_of(first + row)))

    def _parse_one(self, row: int, numbers: bytes) -> None:
        try:
            parse_rows([numbers], self._layout)
        except ValueError:
            raise ValueError(
                f"the row of {self._word_of(row)!r} is not {self._layout.vector_size} numbers: {numbers.strip()[:60]!r}"
            ) from None


def _missing(positions: NDArray[np.int64], others: NDArray[np.int64]) -> NDArray[np.int64]:
    """Those of the positions that are not among the others, which ascend, as they do then.

    NumPy's ``setdiff1d`` takes twenty times as long.
    """
    positions = np.sort(positions)
    is_missing = np.searchsorted(others, positions) == np.searchsorted(others, positions, "right")
    return np.asarray(positions[is_missing & (np.diff(positions, prepend=-1) > 0)])


def _with_others(scanned: _Scanned, positions: NDArray[np.int64], rows: Rows) -> _Scanned:
    if not len(scanned.others):
        return scanned._replace(others=positions, other_rows=rows)
    places = np.searchsorted(scanned.others, positions)
    others = np.insert(scanned.others, places, positions)
    return scanned._replace(others=others, other_rows=np.insert(scanned.other_rows, places, rows, axis=0))


def _runs(positions: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Ascending positions as ranges (start, stop) of neighbours, none of them longer than is parsed at once."""
    start = stop = positions[0]
    for position in positions:
        if position != stop or stop - start == ROWS_AT_ONCE:
            yield start, stop
            start = position
        stop = position + 1
    yield start, stop


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    """Size, time and inode: what tells one state of a file from another without reading it."""
    return status.st_size, status.st_mtime_ns, status.st_ino


@contextmanager
def _named(path: str) -> Iterator[None]:
    """Put the file's name before what is wrong with its content."""
    try:
        yield
    except ValueError as error:
        if str(error).startswith(_PROBLEM.format(path)):
            raise
        raise ValueError(f"{_PROBLEM.format(path)}{error}.") from error
