"""The bytes of a text file → raw rows: a line each, a word and its numbers."""

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from ._bad_lines import BadLineError, BadLines
from ._decimals import NUMBER, parse_decimals
from ._formats import LINE_BYTES, Format, Layout, RawRows
from ._streams import ahead, bytes_at_once


def read_text(stream: BinaryIO, layout: Layout, limit: int, bad: BadLines) -> Iterator[RawRows]:
    """Yield the rows of a text file. Each is a word with ``vector_size`` numbers, or bad."""
    line, n_rows = 1 if layout.n_rows is None else 2, 0
    contents = ahead(stream, _whole_lines(stream))
    for content in contents:
        raw, n_lines = _raw_rows(content, layout, line, limit, bad)
        n_rows += len(raw)
        line += n_lines
        limit -= n_lines
        yield raw
        if not limit:
            return
        if raw.n_bytes < len(content):
            break
    if any(content.strip() for content in contents):
        raise BadLineError(f"its line {line} is empty")
    if layout.n_rows not in (None, n_rows):
        bad.add(f"its header says {layout.n_rows} rows, it has {n_rows}", 0)


def _whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the stream in pieces that end with a line. The last line gets a line end if it has none."""
    size = bytes_at_once(stream)
    while content := stream.read(size):
        if not content.endswith(b"\n"):
            rest = stream.readline(LINE_BYTES)
            if len(rest) == LINE_BYTES:
                raise ValueError(f"it has a line of more than {LINE_BYTES} bytes")
            content += rest if rest.endswith(b"\n") else rest + b"\n"
        yield content


def _raw_rows(content: bytes, layout: Layout, line: int, limit: int, bad: BadLines) -> tuple[RawRows, int]:
    """Find the words and numbers of whole lines, of all at once; then those of odd lines one by one.

    Return them, and how many lines they are with those that are left out.
    """
    characters = np.frombuffer(content, np.uint8)
    row_ends = np.flatnonzero(characters == ord("\n"))[:limit] + 1
    starts = np.concatenate([[0], row_ends[:-1]])
    is_regular = _are_regular(content, characters, starts, row_ends, layout)
    find, separator = content.find, layout.separator
    word_ends = np.array([find(separator, start) for start in starts.tolist()])
    n_rows, is_good = len(row_ends), np.ones(len(row_ends), np.bool_)
    for row in np.flatnonzero(~is_regular).tolist():
        odd_line = content[starts[row] : row_ends[row] - 1]
        if not odd_line.strip() and not bad.are_left_out and not content[starts[row] :].strip():
            n_rows = row
            break
        length = _word_length(odd_line, line + row, layout, bad)
        is_good[row] = length >= 0
        word_ends[row] = starts[row] + length
    rows = np.flatnonzero(is_good[:n_rows])
    n_bytes = int(row_ends[:n_rows].max(initial=0))
    return RawRows(content, starts[rows], word_ends[rows], row_ends[rows], n_bytes), n_rows


def _are_regular(
    content: bytes, characters: NDArray[np.uint8], starts: NDArray[np.int64], ends: NDArray[np.int64], layout: Layout
) -> NDArray[np.bool_]:
    """Return for each line whether its separators are those of one word and its numbers."""
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
    """Return where white space is that is neither the separator nor part of a line end."""
    blanks = [blank for blank in (b" ", b"\t", b"\v", b"\f", b"\r") if blank != separator and blank in content]
    odd = [np.flatnonzero(characters == ord(blank)) for blank in blanks]
    places = np.concatenate([*odd, np.empty(0, np.int64)])
    next_places = np.minimum(places + 1, len(content) - 1)
    is_line_end = (characters[places] == ord("\r")) & (characters[next_places] == ord("\n"))
    return np.asarray(places[~is_line_end])


def _word_length(line: bytes, number: int, layout: Layout, bad: BadLines) -> int:
    """Return the length of the word of an odd line, -1 if it is left out. Words of glove.840B have spaces in them."""
    vector_size = layout.vector_size
    if not line.strip() and bad.are_left_out:
        return -1
    if not line.strip():
        raise BadLineError(f"its line {number} is empty")
    word, *numbers = [b"", *line.split()] if line[:1].isspace() else line.rstrip().rsplit(None, vector_size)
    *others, last_piece = word.split() or [b""]
    is_longer = layout.n_rows is None and others and NUMBER.fullmatch(last_piece)
    if is_longer or len(numbers) != vector_size or not all(map(NUMBER.fullmatch, numbers)):
        bad.add(f"its line {number} is not a word with {vector_size} numbers: {line[:60]!r}")
        return -1
    return len(word)


TEXT = Format("text", read_text, parse_decimals)
