"""The bytes of each file format → words and rows.

A reader makes one pass over a binary stream and yields every row's word and numbers as the bytes that stand in the
file. Numbers are parsed only for the rows that somebody wants.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

HEAD_BYTES = 1 << 20  # the first line, and the second, must end within these
LINE_BYTES = 1 << 24  # no line of a text file is longer, nor a word of a binary one
BLOCK_BYTES = 1 << 20
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_HEADER = re.compile(rb"\s*(\d{1,18})\s+(\d{1,18})\s*")
_NUMBER = re.compile(rb"[-+]?(?:(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?|nan|inf(?:inity)?)", re.IGNORECASE)

_OTHER_KINDS = {
    b"\x1f\x8b": "gzip-compressed. Decompress it first",
    b"BZh": "bzip2-compressed. Decompress it first",
    b"\xfd7zXZ": "xz-compressed. Decompress it first",
    b"PK\x03\x04": "a zip archive. Extract the vector file first",
    b"\x93NUMPY": "a NumPy array. Use PretrainedVectors.from_arrays(words, np.load(path, mmap_mode='r'))",
    b"\x80": "a pickle, perhaps a gensim model. Load it with gensim and pass the object",
}

Row = tuple[bytes, bytes, int]
"""A word, its numbers (the rest of a text line, or ``4 * vector_size`` bytes) and the length of both in bytes."""


@dataclass(frozen=True)
class Layout:
    """Where a file's rows begin and what each of them looks like."""

    binary: bool
    start: int
    """Offset of the first row, in bytes."""
    vector_size: int
    n_rows: int | None
    """What the header says; None where there is no header."""
    separator: bytes = b" "
    trailing: bool = False
    """Whether a text row has a separator behind its last number, as those of the original word2vec."""

    @property
    def n_separators(self) -> int:
        return self.vector_size + self.trailing


def recognise(stream: BinaryIO) -> Layout:
    """Tell a file's format from its first two lines.

    Raises
    ------
    ValueError
        If the content is that of no known format.
    """
    head = stream.read(HEAD_BYTES)
    if not head:
        raise ValueError("the file is empty")
    for magic, kind in _OTHER_KINDS.items():
        if head.startswith(magic):
            raise ValueError(f"the file is {kind}")
    start = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    end = _line_end(head, start)
    header = _HEADER.fullmatch(head, start, end)
    if header is None:
        return _headerless(head[start:end], start)
    layout = _headed(int(header[1]), int(header[2]), head, end)
    if layout.vector_size == 1 and not layout.binary and layout.n_rows != _count_lines(stream, head, end):
        return _headerless(head[start:end], start)  # the word of a one-dimensional file may be a number
    return layout


def _line_end(head: bytes, start: int) -> int:
    """The offset behind the line that begins at ``start``."""
    end = head.find(b"\n", start) + 1
    if not end and len(head) == HEAD_BYTES:
        raise ValueError(f"it has no line end in its first {HEAD_BYTES} bytes")
    return end or len(head)


def _count_lines(stream: BinaryIO, head: bytes, start: int) -> int:
    stream.seek(start)
    blocks = iter(partial(stream.read, BLOCK_BYTES), b"")
    n_lines, last = 0, b"\n"
    for block in blocks:
        n_lines += block.count(b"\n")
        last = block[-1:]
    return n_lines + (last != b"\n")


def _headerless(line: bytes, start: int) -> Layout:
    vector_size = _n_numbers(line)
    if not vector_size:
        raise ValueError(f"its first line is no word with numbers: {line[:60]!r}")
    return _text_layout(line, start, vector_size, None)


def _headed(n_rows: int, vector_size: int, head: bytes, start: int) -> Layout:
    if not n_rows or not vector_size:
        raise ValueError(f"its header says {n_rows} rows of {vector_size} numbers")
    if start == len(head):
        raise ValueError(f"it ends after its header, which says {n_rows} rows")
    line = head[start:].partition(b"\n")[0]
    n_numbers = _n_numbers(line)
    if n_numbers == vector_size:
        return _text_layout(line, start, vector_size, n_rows)
    if n_numbers and n_numbers == len(line.split()) - 1:
        raise ValueError(f"its header says {vector_size} numbers a row, its line 2 has {n_numbers}")
    if len(head) - head.find(b" ", start) <= 4 * vector_size:
        raise ValueError(f"it ends in row 1 of the {n_rows} that its header says")
    return Layout(binary=True, start=start, vector_size=vector_size, n_rows=n_rows)


def _text_layout(line: bytes, start: int, vector_size: int, n_rows: int | None) -> Layout:
    separator = b"\t" if line.count(b"\t") >= vector_size else b" "
    trailing = line.rstrip(b"\r\n").endswith(separator)
    return Layout(False, start, vector_size, n_rows, separator, trailing)


def _n_numbers(line: bytes) -> int:
    """How many numbers end the line; the first field is never one of them, unless the line begins with a blank."""
    fields = line.split()
    n_words = 0 if line[:1].isspace() else 1
    n_numbers = 0
    while n_numbers < len(fields) - n_words and _NUMBER.fullmatch(fields[-1 - n_numbers]):
        n_numbers += 1
    return n_numbers


def _read_text(stream: BinaryIO, layout: Layout) -> Iterator[Row]:
    separator, n_separators = layout.separator, layout.n_separators
    ends = (separator + b"\n", separator + b"\r\n", separator) if layout.trailing else b""
    first_line = 1 if layout.n_rows is None else 2
    for number, line in enumerate(iter(partial(stream.readline, LINE_BYTES), b""), first_line):
        if line.count(separator) == n_separators and line.endswith(ends):
            end = line.find(separator)
            yield line[:end], line[end:], len(line)
        elif not line.strip():
            _check_only_blanks_follow(stream, number)
        else:
            yield _unusual_row(line, number, layout.vector_size)


def _unusual_row(line: bytes, number: int, vector_size: int) -> Row:
    """A row whose word has spaces in it, as a few in glove.840B, or whose numbers are set apart in another way."""
    word, *numbers = line.rstrip().rsplit(None, vector_size) if not line[:1].isspace() else [b"", *line.split()]
    *_, last_piece = word.split() or [b""]
    is_longer = last_piece != word and _NUMBER.fullmatch(last_piece)
    if is_longer or len(numbers) != vector_size or not all(map(_NUMBER.fullmatch, numbers)):
        raise ValueError(f"line {number} is not a word with {vector_size} numbers: {line[:60]!r}")
    return word, b" ".join(numbers), len(line)


def _check_only_blanks_follow(stream: BinaryIO, number: int) -> None:
    for block in iter(partial(stream.read, BLOCK_BYTES), b""):
        if block.strip():
            raise ValueError(f"line {number} is empty")


def _read_binary(stream: BinaryIO, layout: Layout) -> Iterator[Row]:
    assert layout.n_rows is not None
    n_bytes = 4 * layout.vector_size
    block, position = b"", 0
    for number in range(1, layout.n_rows + 1):
        end = block.find(b" ", position)
        while end < 0 or end + 1 + n_bytes > len(block):
            more = stream.read(BLOCK_BYTES)
            if not more or (end < 0 and len(block) - position > LINE_BYTES):
                raise ValueError(f"it ends in row {number} of the {layout.n_rows} that its header says")
            block, position = block[position:] + more, 0
            end = block.find(b" ")
        row_end = end + 1 + n_bytes
        yield block[position:end].lstrip(b"\n"), block[end + 1 : row_end], row_end - position
        position = row_end
    if (block[position:] + stream.read(2)).strip(b"\n"):
        raise ValueError(f"it goes on behind the {layout.n_rows} rows that its header says")


def read_rows(stream: BinaryIO, layout: Layout) -> Iterator[Row]:
    """Yield the rows of a file; the stream stands at the first one.

    Raises
    ------
    ValueError
        At what is not a row of ``vector_size`` numbers, and where the file ends before the rows of its header do, or
        goes on behind them.
    """
    return (_read_binary if layout.binary else _read_text)(stream, layout)


def parse_rows(numbers: list[bytes], layout: Layout) -> NDArray[np.float32]:
    """Parse the numbers of rows: float32 of shape (len(numbers), vector_size).

    Raises
    ------
    ValueError
        If one of them is not ``vector_size`` numbers.
    """
    return (_parse_binary if layout.binary else _parse_text)(numbers, layout.vector_size)


def _parse_text(numbers: list[bytes], vector_size: int) -> NDArray[np.float32]:
    lines = [line.decode("ascii", "replace") for line in numbers]
    rows = np.loadtxt(lines, dtype=np.float32, comments=None, ndmin=2)
    if rows.shape != (len(numbers), vector_size):
        raise ValueError(f"expected {vector_size} numbers a row, got {rows.shape[1]}")
    return rows


def _parse_binary(numbers: list[bytes], vector_size: int) -> NDArray[np.float32]:
    return np.frombuffer(b"".join(numbers), "<f4").reshape(-1, vector_size).astype(np.float32)
