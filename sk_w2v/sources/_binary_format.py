"""The bytes of a word2vec binary file → raw rows: a word, a space, and its numbers as they are in memory."""

import io
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ._bad_lines import BadLines
from ._formats import LINE_BYTES, Format, Layout, RawRows
from ._streams import ahead, bytes_at_once


def read_binary(stream: BinaryIO, layout: Layout, limit: int, bad: BadLines) -> Iterator[RawRows]:
    """Yield the rows of a binary file, of which there are as many as the header says.

    All are read through one buffer, since fresh memory costs more. Raw rows are gone when the next ones are asked for.
    """
    assert layout.n_rows is not None
    n_rows = n_left = min(layout.n_rows, limit)
    room, fill = bytes_at_once(stream), _filler(stream)
    buffer, n_kept = bytearray(2 * room), 0
    while n_left and n_kept <= LINE_BYTES and (n_read := fill(memoryview(buffer)[n_kept:])):
        n_held = n_kept + n_read
        raw = _raw_rows(buffer, n_held, 4 * layout.vector_size, n_left)
        end = 0
        if len(raw):
            yield raw
            n_left -= len(raw)
            end = int(raw.row_ends[-1])
        n_kept = n_held - end
        buffer[:n_kept] = buffer[end:n_held]
        if len(buffer) - n_kept < room:
            buffer = buffer + bytes(len(buffer))
    if n_left:
        bad.add(f"it ends in row {n_rows - n_left + 1} of the {layout.n_rows} that its header says", 0)
        return
    while layout.n_rows <= limit and n_kept:
        if buffer[:n_kept].strip(b"\n"):
            bad.add(f"it goes on behind the {layout.n_rows} rows that its header says", 0)
            return
        n_kept = fill(memoryview(buffer))


def _filler(stream: BinaryIO) -> Callable[[memoryview], int]:
    """Return a function that puts the next bytes into a buffer and returns how many they are, 0 at the end."""
    if isinstance(stream, io.BufferedReader):
        return stream.readinto
    contents = ahead(stream, iter(partial(stream.read, bytes_at_once(stream)), b""))

    def fill(buffer: memoryview) -> int:
        content = next(contents, b"")
        buffer[: len(content)] = content
        return len(content)

    return fill


def _raw_rows(content: bytearray, n_held: int, n_bytes: int, n_rows: int) -> RawRows:
    """Find up to ``n_rows`` whole rows among the bytes held. Each may begin with line ends."""
    word_ends: list[int] = []
    find, found, step, last = content.find, word_ends.append, n_bytes + 1, n_held - n_bytes - 1
    word_end = find(b" ", 0, n_held)
    while 0 <= word_end <= last:
        found(word_end)
        word_end = find(b" ", word_end + step, n_held)
    ends = np.array(word_ends[:n_rows], np.int64)
    row_ends = ends + step
    starts = np.concatenate([[0], row_ends[:-1]])[: len(ends)]
    characters = np.frombuffer(content, np.uint8)
    while (is_line_end := (characters[starts] == ord("\n")) & (starts < ends)).any():
        starts += is_line_end
    return RawRows(content, starts, ends, row_ends, int(row_ends.max(initial=0)))


def parse_binary(numbers: list[bytes], vector_size: int) -> NDArray[np.float32]:
    """Return little-endian numbers as an array."""
    return np.frombuffer(b"".join(numbers), "<f4").astype(np.float32, copy=False).reshape(-1, vector_size)


BINARY = Format("binary", read_binary, parse_binary)
