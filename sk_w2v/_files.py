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
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import compress, islice
from typing import Any, BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._arrays import Arrays
from ._formats import Block, Layout, decode_words, parse_rows, read_blocks, recognise
from ._gensim import dataset_path, is_gensim_file, load_arrays, parts
from ._rows import First, Index, Rows, check_rows, index_words
from ._streams import Location, fingerprint, locate, magic, open_stream

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

    words: list[str]
    """The word of each position."""
    position_of: Index
    """Word → position, of the words that somebody asked for, or of all."""
    asked: frozenset[str] | None
    """Those that somebody asked for; None where it is all, without those that repeat."""
    number_starts: NDArray[np.int64]
    """Where the numbers of each position begin, in bytes from the beginning of the decompressed file."""
    row_ends: NDArray[np.int64]
    """Where they end."""
    first: Rows
    """The rows of the first positions, without a gap."""
    others: dict[int, int]
    """Position → row in ``other_rows``, of the rows behind the first ones."""
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

    def index(self, wanted: Collection[str] | None = None, n_first: int | None = 0, verbose: int = 0) -> Index:
        """Word → position, of the wanted words at least; None for all.

        The first call reads the file, and parses the wanted and the first rows on its way.
        """
        with _lock:
            scanned = self._scan(wanted or (), n_first, verbose)
            if scanned.asked is not None and (wanted is None or not scanned.asked.issuperset(wanted)):
                scanned = self._scanned = _indexed(scanned)
            return scanned.position_of

    def read(self, positions: Sequence[int]) -> Rows:
        with _lock:
            scanned = self._scan()
            n_first = len(scanned.first)
            missing = sorted({at for at in positions if at >= n_first and at not in scanned.others})
            if missing:
                scanned = self._scanned = _with_others(scanned, missing, self._parse_at(missing, scanned))
        chosen = np.asarray(positions, np.intp)
        in_first = chosen < n_first
        others = scanned.other_rows[[scanned.others[at] for at in chosen[~in_first].tolist()]]
        if len(others) == len(chosen):
            return others
        rows = scanned.first.take(np.minimum(chosen, n_first - 1), axis=0)
        rows[~in_first] = others
        return rows

    def first(self, n_first: int | None) -> First:
        with _lock:
            scanned = self._scan((), n_first)
            distinct = scanned.words if scanned.asked is not None else scanned.position_of
            n_words = min(sys.maxsize if n_first is None else n_first, len(distinct))
            if n_words not in self._firsts:
                has_repeats = len(distinct) < len(scanned.words)
                positions = list(islice(scanned.position_of.values(), n_words)) if has_repeats else range(n_words)
                if (n_missing := max(positions, default=-1) + 1 - len(scanned.first)) > 0:
                    missing = range(len(scanned.first), len(scanned.first) + n_missing)
                    more = self._parse_at(missing, scanned)
                    scanned = self._scanned = scanned._replace(first=np.concatenate([scanned.first, more]))
                rows = scanned.first[positions] if has_repeats else scanned.first[:n_words]
                self._firsts = {n_words: First.of(distinct, rows)}
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
        words = _Words(wanted)
        number_starts, row_ends = [], [np.array([self._layout.start])]
        parsed = _Parsed(self._layout, words.all.__getitem__)
        for block in _reported(read_blocks(opened.stream, self._layout, limit), opened.file, verbose):
            start, offset = len(words.all), row_ends[-1][-1]
            hits = words.add(decode_words(block, self._options.encoding, self._options.errors, start + 1))
            number_starts.append(offset + block.word_ends + 1)
            row_ends.append(offset + block.row_ends)
            n_all = min(max(n_first - start, 0), len(block))
            parsed.add(start, [*range(n_all), *hits[bisect_left(hits, n_all) :]], block)
        positions, rows = parsed.finish()
        n_first = min(n_first, len(words.all))
        others = {position: row for row, position in enumerate(positions[n_first:])}
        starts, ends = np.concatenate(number_starts), np.concatenate(row_ends[1:])
        scanned = _Scanned(words.all, words.found, wanted, starts, ends, rows[:n_first], others, rows[n_first:])
        return _indexed(scanned) if words.have_repeats() else scanned

    def _parse_at(self, positions: Sequence[int], scanned: _Scanned) -> Rows:
        """Go back for the rows at ascending positions: straight to them, or through a compressed file again."""
        parsed = _Parsed(self._layout, scanned.words.__getitem__)
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
        stream.seek(offset)
        content = stream.read(int(scanned.row_ends[stop - 1]) - offset)
        word_ends = scanned.number_starts[start:stop] - offset - 1
        return Block(content, word_ends, word_ends, scanned.row_ends[start:stop] - offset)

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


class _Words:
    """The words of a file, and where those are that somebody wants: an index of all takes a third of the reading."""

    def __init__(self, wanted: frozenset[str]) -> None:
        self.all: list[str] = []
        self.found: Index = {}
        self._wanted = wanted
        self._hashes = [np.empty(0, np.int64)]

    def add(self, words: Sequence[str]) -> list[int]:
        """Add the words of a block and return which of them are wanted."""
        hits = list(compress(range(len(words)), map(self._wanted.__contains__, words)))
        self.found |= {words[hit]: len(self.all) + hit for hit in hits}
        self.all += words
        self._hashes.append(np.fromiter(map(hash, words), np.int64, len(words)))
        return hits

    def have_repeats(self) -> bool:
        """Whether two words are equal, told by their hashes: true for others hardly ever, and to no harm."""
        hashes = np.sort(np.concatenate(self._hashes))
        return bool((hashes[1:] == hashes[:-1]).any())


class _Parsed:
    """Rows that are parsed some hundred at a time, which is several times faster than one by one."""

    def __init__(self, layout: Layout, word_of: Callable[[int], str]) -> None:
        self._layout = layout
        self._word_of = word_of
        self._rows_at_once = max(1, NUMBERS_AT_ONCE // layout.vector_size)
        self._positions: list[int] = []
        self._numbers: list[bytes] = []
        self._blocks: list[Rows] = [np.empty((0, layout.vector_size), np.float32)]

    def add(self, position: int, rows: Sequence[int], block: Block) -> None:
        """Add rows of a block that begins at a position."""
        self._positions += [position + row for row in rows]
        self._numbers += block.numbers(rows)
        while len(self._numbers) >= self._rows_at_once:
            self._parse()

    def finish(self) -> tuple[list[int], Rows]:
        while self._numbers:
            self._parse()
        return self._positions, np.concatenate(self._blocks)

    def _parse(self) -> None:
        numbers, self._numbers = self._numbers[: self._rows_at_once], self._numbers[self._rows_at_once :]
        first = sum(map(len, self._blocks))
        try:
            rows = parse_rows(numbers, self._layout)
        except ValueError:
            for row, row_numbers in enumerate(numbers, first):
                _parse_one(self._word_of(self._positions[row]), row_numbers, self._layout)
            raise
        self._blocks.append(check_rows(rows, lambda row: self._word_of(self._positions[first + row])))


def _parse_one(word: str, numbers: bytes, layout: Layout) -> None:
    try:
        parse_rows([numbers], layout)
    except ValueError:
        raise ValueError(f"the row of {word!r} is not {layout.vector_size} numbers: {numbers.strip()[:60]!r}") from None


def _indexed(scanned: _Scanned) -> _Scanned:
    return scanned._replace(position_of=index_words(scanned.words), asked=None)


def _with_others(scanned: _Scanned, positions: Sequence[int], rows: Rows) -> _Scanned:
    others = scanned.others | dict(zip(positions, range(len(scanned.other_rows), sys.maxsize), strict=False))
    return scanned._replace(others=others, other_rows=np.concatenate([scanned.other_rows, rows]))


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
