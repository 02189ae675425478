"""The bytes of each file format → words and rows.

A file is read once, in blocks of whole rows. Every word and every row's boundary is checked on the way; numbers are
parsed only for the rows that somebody wants.
"""

import io
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._decimals import NUMBER, parse_decimals
from ._streams import ahead, block_bytes

HEAD_BYTES = 1 << 20  # the first two lines of a text file, or the first row of a binary one, must end within these
LINE_BYTES = 1 << 24  # nor is any other line, or binary word, longer than this
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_HEADER = re.compile(rb"(\d{1,18})\s+(\d{1,18})\s*")


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


class Block(NamedTuple):
    """Some neighbouring rows of a file: a word, a separator, and the numbers to the row's end."""

    content: bytes | bytearray
    word_starts: NDArray[np.int64]
    word_ends: NDArray[np.int64]
    row_ends: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.row_ends)

    def words(self) -> list[bytes]:
        spans = zip(self.word_starts.tolist(), self.word_ends.tolist(), strict=True)
        return [bytes(self.content[start:end]) for start, end in spans]

    def numbers(self, rows: Sequence[int]) -> list[bytes]:
        spans = zip((self.word_ends[rows] + 1).tolist(), self.row_ends[rows].tolist(), strict=True)
        return [bytes(self.content[start:end]) for start, end in spans]


def recognise(stream: BinaryIO) -> Layout:
    """Tell a file's format from its first two lines.

    Raises
    ------
    ValueError
        If the content is that of no known format.
    """
    head = stream.read(HEAD_BYTES)
    if not head:
        raise ValueError("it is empty")
    start = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    end = _line_end(head, start)
    header = _HEADER.fullmatch(head, start, end)
    if header is None:
        return _headerless(head[start:end], start)
    layout = _headed(int(header[1]), int(header[2]), head, end)
    if layout.vector_size == 1 and not layout.binary and layout.n_rows != _count_lines(stream, end):
        return _headerless(head[start:end], start)  # the word of a one-dimensional file may be a number
    return layout


def _line_end(head: bytes, start: int) -> int:
    """The offset behind the line that begins at ``start``."""
    end = head.find(b"\n", start) + 1
    if not end and len(head) == HEAD_BYTES:
        raise ValueError(f"it has no line end in its first {HEAD_BYTES} bytes")
    return end or len(head)


def _count_lines(stream: BinaryIO, start: int) -> int:
    stream.seek(start)
    n_lines, last = 0, b"\n"
    for content in iter(partial(stream.read, block_bytes(stream)), b""):
        n_lines += content.count(b"\n")
        last = content[-1:]
    return n_lines + (last != b"\n")


def _headerless(line: bytes, start: int) -> Layout:
    vector_size = _n_numbers(line)
    if not vector_size:
        raise ValueError(f"its first line is not a word with numbers: {line[:60]!r}")
    return _text_layout(line, start, vector_size, None)


def _headed(n_rows: int, vector_size: int, head: bytes, start: int) -> Layout:
    if not n_rows or not vector_size:
        raise ValueError(f"its header says {n_rows} rows of {vector_size} numbers")
    if start == len(head):
        raise ValueError(f"it ends after its header, which says {n_rows} rows")
    line, *others = head[start:].split(b"\n", 2)[:2]
    n_numbers = _n_numbers(line)
    binary = Layout(binary=True, start=start, vector_size=vector_size, n_rows=n_rows)
    if n_numbers == vector_size:
        is_broken = any(_n_numbers(text) < vector_size for text in filter(None, others))
        return binary if is_broken and _fits(head, binary) else _text_layout(line, start, vector_size, n_rows)
    if all(0 < _n_numbers(text) == len(text.split()) - 1 for text in [line, *filter(None, others)]):
        raise ValueError(f"its header says {vector_size} numbers a row, its line 2 has {n_numbers}")
    if len(head) - head.find(b" ", start) <= 4 * vector_size:
        raise ValueError(f"it ends in row 1 of the {n_rows} that its header says")
    return binary


def _fits(content: bytes, layout: Layout) -> bool:
    """Whether binary rows, and not lines, are as many as the header says: the bytes of few numbers may read as text."""
    if content[layout.start :].rstrip(b"\n").count(b"\n") + 1 == layout.n_rows:
        return False
    end = layout.start
    for _ in range(layout.n_rows or 0):
        start, space = end, content.find(b" ", end)
        end = space + 1 + 4 * layout.vector_size
        if space < 0 or end > len(content) or len(content[start:space].split()) != 1:
            return False
    return not content[end:].strip(b"\n")


def _text_layout(line: bytes, start: int, vector_size: int, n_rows: int | None) -> Layout:
    separator = b"\t" if line.count(b"\t") >= vector_size else b" "
    trailing = line.rstrip(b"\r\n").endswith(separator)
    return Layout(False, start, vector_size, n_rows, separator, trailing)


def _n_numbers(line: bytes) -> int:
    """How many numbers end the line; the first field is never one of them, unless the line begins with a blank."""
    fields = line.split()
    n_words = 0 if line[:1].isspace() else 1
    n_numbers = 0
    while n_numbers < len(fields) - n_words and NUMBER.fullmatch(fields[-1 - n_numbers]):
        n_numbers += 1
    return n_numbers


def read_blocks(stream: BinaryIO, layout: Layout, limit: int = sys.maxsize) -> Iterator[Block]:
    """Yield a file's rows in blocks, up to a limit; the stream stands at the first row.

    Raises
    ------
    ValueError
        At what is not a row of ``vector_size`` numbers, and where the file ends before the rows of its header do, or
        goes on behind them.
    """
    return (_read_binary if layout.binary else _read_text)(stream, layout, limit)


def decode_words(block: Block, encoding: str, errors: str, first_row: int) -> list[str]:
    """Decode the words of a block whose first row has a number in the file.

    Raises
    ------
    ValueError
        If one is not valid in the encoding.
    """
    try:
        decoded = _joined_words(block).decode(encoding, errors).split("\n")[:-1]  # faster than one by one
        return decoded if len(decoded) == len(block) else [word.decode(encoding, errors) for word in block.words()]
    except UnicodeDecodeError:
        words = enumerate(block.words(), first_row)
        row, word = next((row, word) for row, word in words if not _is_valid(word, encoding))
        raise ValueError(
            f"the word of its row {row} is not valid {encoding}: {word[:40]!r}. Give its encoding, or "
            "errors='replace', to PretrainedVectors.open"
        ) from None


def _joined_words(block: Block) -> bytes:
    """The words of a block, each with a line end behind it."""
    lengths = block.word_ends - block.word_starts + 1
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(block.word_starts - ends + lengths, lengths)
    characters = np.frombuffer(block.content, np.uint8)[places]
    characters[ends - 1] = ord("\n")
    return bytes(characters.tobytes())


def _is_valid(word: bytes, encoding: str) -> bool:
    try:
        word.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def parse_rows(numbers: list[bytes], layout: Layout) -> NDArray[np.float32]:
    """Parse the numbers of rows: float32 of shape (len(numbers), vector_size).

    Raises
    ------
    ValueError
        If one of them is not ``vector_size`` numbers.
    """
    if layout.binary:
        return np.frombuffer(b"".join(numbers), "<f4").astype(np.float32, copy=False).reshape(-1, layout.vector_size)
    return parse_decimals(numbers, layout.vector_size)


def _read_text(stream: BinaryIO, layout: Layout, limit: int) -> Iterator[Block]:
    first_line = line = 1 if layout.n_rows is None else 2
    contents = ahead(stream, _whole_lines(stream))
    for content in contents:
        block = _text_block(content, layout, line, limit)
        line += len(block)
        limit -= len(block)
        yield block
        if not limit:
            return
        if not len(block) or block.row_ends[-1] < len(content):
            break
    if any(content.strip() for content in contents):
        raise ValueError(f"its line {line} is empty")
    if layout.n_rows not in (None, line - first_line):
        raise ValueError(f"its header says {layout.n_rows} rows, it has {line - first_line}")


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The stream in blocks that end at a line's end, which the last line gets if it has none."""
    size = block_bytes(stream)
    while content := stream.read(size):
        if not content.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES)
            if len(rest) == LINE_BYTES:
                raise ValueError(f"it has a line of more than {LINE_BYTES} bytes")
            content += rest if rest.endswith(b"\n") else rest + b"\n"
        yield content


def _text_block(content: bytes, layout: Layout, line: int, limit: int) -> Block:
    """Find words and numbers in whole lines, all at once; lines that look odd are looked at one by one."""
    characters = np.frombuffer(content, np.uint8)
    row_ends = np.flatnonzero(characters == ord("\n"))[:limit] + 1
    starts = np.concatenate([[0], row_ends[:-1]])
    is_regular = _are_regular(content, characters, starts, row_ends, layout)
    find, separator = content.find, layout.separator
    word_ends = np.array([find(separator, start) for start in starts.tolist()])
    n_rows = len(row_ends)
    for row in np.flatnonzero(~is_regular).tolist():
        if not content[starts[row] :].strip():
            n_rows = row
            break
        odd_line = content[starts[row] : row_ends[row] - 1]
        word_ends[row] = starts[row] + _word_length(odd_line, line + row, layout.vector_size)
    return Block(content, starts[:n_rows], word_ends[:n_rows], row_ends[:n_rows])


def _are_regular(
    content: bytes, characters: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], layout: Layout
) -> NDArray[np.bool_]:
    """Whether a line is one word and its numbers, all with one separator between them, as far as separators tell."""
    separator = ord(layout.separator)
    is_separator = characters == separator
    # Sums modulo 256 are much faster, and enough where the sum of all is right.
    is_as_expected = np.count_nonzero(is_separator) == layout.n_separators * len(starts)
    dtype = np.uint8 if is_as_expected else np.int64
    n_separators = np.add.reduceat(is_separator.view(np.uint8), starts, dtype=dtype)
    is_regular = n_separators == dtype(layout.n_separators & 0xFF if is_as_expected else layout.n_separators)
    is_regular &= ~is_separator[starts]
    if layout.trailing:
        last = ends - 2
        is_regular &= is_separator[last - (characters[last] == ord("\r"))]
    is_regular[np.searchsorted(ends, _odd_blanks(content, characters, layout.separator), "right")] = False
    return np.asarray(is_regular)


def _odd_blanks(content: bytes, characters: NDArray[np.uint8], separator: bytes) -> NDArray[np.int64]:
    """Where white space stands that is neither the separator nor part of a line's end."""
    blanks = [blank for blank in (b" ", b"\t", b"\v", b"\f", b"\r") if blank != separator and blank in content]
    odd = [np.flatnonzero(characters == ord(blank)) for blank in blanks]
    places = np.concatenate([*odd, np.empty(0, np.int64)])
    next_places = np.minimum(places + 1, len(content) - 1)
    is_line_end = (characters[places] == ord("\r")) & (characters[next_places] == ord("\n"))
    return np.asarray(places[~is_line_end])


def _word_length(line: bytes, number: int, vector_size: int) -> int:
    """The length of a word that has spaces in it, as a few in glove.840B, or stands in an unusual line."""
    if not line.strip():
        raise ValueError(f"its line {number} is empty")
    word, *numbers = [b"", *line.split()] if line[:1].isspace() else line.rstrip().rsplit(None, vector_size)
    *others, last_piece = word.split() or [b""]
    is_longer = others and NUMBER.fullmatch(last_piece)
    if is_longer or len(numbers) != vector_size or not all(map(NUMBER.fullmatch, numbers)):
        raise ValueError(f"its line {number} is not a word with {vector_size} numbers: {line[:60]!r}")
    return len(word)


def _read_binary(stream: BinaryIO, layout: Layout, limit: int) -> Iterator[Block]:
    """Read through one buffer, so that a block is gone when the next one is asked for: fresh memory costs more."""
    assert layout.n_rows is not None
    n_rows = n_left = min(layout.n_rows, limit)
    room, fill = block_bytes(stream), _filler(stream)
    buffer, n_kept = bytearray(2 * room), 0
    while n_left and n_kept <= LINE_BYTES and (n_read := fill(memoryview(buffer)[n_kept:])):
        n_held = n_kept + n_read
        block = _binary_block(buffer, n_held, 4 * layout.vector_size, n_left)
        end = 0
        if len(block):
            yield block
            n_left -= len(block)
            end = int(block.row_ends[-1])
        n_kept = n_held - end
        buffer[:n_kept] = buffer[end:n_held]
        if len(buffer) - n_kept < room:
            buffer = buffer + bytes(len(buffer))
    if n_left:
        raise ValueError(f"it ends in row {n_rows - n_left + 1} of the {layout.n_rows} that its header says")
    while layout.n_rows <= limit and n_kept:
        if buffer[:n_kept].strip(b"\n"):
            raise ValueError(f"it goes on behind the {layout.n_rows} rows that its header says")
        n_kept = fill(memoryview(buffer))


def _filler(stream: BinaryIO) -> Callable[[memoryview], int]:
    """A function that puts the stream's next bytes into a buffer and returns how many they are, 0 at the end."""
    if isinstance(stream, io.BufferedReader):
        return stream.readinto
    contents = ahead(stream, iter(partial(stream.read, block_bytes(stream)), b""))

    def fill(buffer: memoryview) -> int:
        content = next(contents, b"")
        buffer[: len(content)] = content
        return len(content)

    return fill


def _binary_block(content: bytearray, n_held: int, n_bytes: int, n_rows: int) -> Block:
    """Find the whole rows among the bytes held, no more than ``n_rows``; each may begin with a line end."""
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
    return Block(content, starts, ends, row_ends)
