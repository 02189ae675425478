"""The format of a file, told from its content."""

import re
import sys
from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import BinaryIO

from ._binary_format import BINARY
from ._decimals import NUMBER
from ._foreign import check_kind
from ._formats import Layout
from ._streams import bytes_at_once
from ._text_format import TEXT

HEAD_BYTES = 1 << 20  # the first two lines of a text file, or the first row of a binary one, must end within these
N_LINES = 100  # of a file that may have bad lines are looked at
BYTE_ORDER_MARK = b"\xef\xbb\xbf"

_HEADER = re.compile(rb"(\d{1,18})\s+(\d{1,18})\s*")


def recognise(stream: BinaryIO, *, bad_lines: bool = False) -> Layout:
    """Tell a file's format from its first two lines.

    Parameters
    ----------
    stream : binary file
        Its bytes, from the first one on.
    bad_lines : bool, default=False
        Whether lines may be bad. Then most of the first lines, and not the first one, say how long a row is.

    Raises
    ------
    ValueError
        If the content is that of no known format.
    """
    head = stream.read(HEAD_BYTES)
    if not head:
        raise ValueError("it is empty")
    check_kind(head, len(head) if len(head) < HEAD_BYTES else sys.maxsize)
    start = len(BYTE_ORDER_MARK) if head.startswith(BYTE_ORDER_MARK) else 0
    end = _line_end(head, start)
    header = _HEADER.fullmatch(head, start, end)
    if header is None:
        others = head[end:].split(b"\n", N_LINES)[:N_LINES] if bad_lines else []
        return _headerless([head[start:end], *others], start)
    layout = _headed(int(header[1]), int(header[2]), head, end)
    if layout.vector_size == 1 and layout.format is TEXT and layout.n_rows != _count_lines(stream, end):
        return _headerless([head[start:end]], start)  # the word of a one-dimensional file may be a number
    return layout


def _line_end(head: bytes, start: int) -> int:
    """Return the offset behind the line that begins at ``start``."""
    end = head.find(b"\n", start) + 1
    if not end and len(head) == HEAD_BYTES:
        raise ValueError(f"it has no line end in its first {HEAD_BYTES} bytes")
    return end or len(head)


def _count_lines(stream: BinaryIO, start: int) -> int:
    stream.seek(start)
    n_lines, last = 0, b"\n"
    for content in iter(partial(stream.read, bytes_at_once(stream)), b""):
        n_lines += content.count(b"\n")
        last = content[-1:]
    return n_lines + (last != b"\n")


def _headerless(lines: Sequence[bytes], start: int) -> Layout:
    counted = [(_n_numbers(line), line) for line in lines]
    sizes = Counter(size for size, _ in counted if size)
    if not sizes:
        raise ValueError(f"its first line is not a word with numbers: {lines[0][:60]!r}")
    vector_size = sizes.most_common(1)[0][0]  # the first one of equals
    return _text_layout(next(line for size, line in counted if size == vector_size), start, vector_size, None)


def _headed(n_rows: int, vector_size: int, head: bytes, start: int) -> Layout:
    if not n_rows or not vector_size:
        raise ValueError(f"its header says {n_rows} rows of {vector_size} numbers")
    if start == len(head):
        raise ValueError(f"it ends after its header, which says {n_rows} rows")
    line, *others = head[start:].split(b"\n", 2)[:2]
    n_numbers = _n_numbers(line)
    binary = Layout(BINARY, start=start, vector_size=vector_size, n_rows=n_rows)
    if n_numbers == vector_size:
        is_broken = any(_n_numbers(text) < vector_size for text in filter(None, others))
        return binary if is_broken and _fits(head, binary) else _text_layout(line, start, vector_size, n_rows)
    if others and _n_numbers(others[0]) == vector_size:  # the first row is bad, or its word ends in a number
        return _text_layout(others[0], start, vector_size, n_rows)
    if all(0 < _n_numbers(text) == len(text.split()) - 1 for text in [line, *filter(None, others)]):
        raise ValueError(f"its header says {vector_size} numbers a row, its line 2 has {n_numbers}")
    if len(head) - head.find(b" ", start) <= 4 * vector_size:
        raise ValueError(f"it ends in row 1 of the {n_rows} that its header says")
    return binary


def _fits(content: bytes, layout: Layout) -> bool:
    """Return whether binary rows, and not lines, are as many as the header says. Few numbers may look like text."""
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
    return Layout(TEXT, start, vector_size, n_rows, separator, trailing)


def _n_numbers(line: bytes) -> int:
    """Return how many numbers end the line. Its first field is the word, unless the line begins with a blank."""
    fields = line.split()
    n_words = 0 if line[:1].isspace() else 1
    n_numbers = 0
    while n_numbers < len(fields) - n_words and NUMBER.fullmatch(fields[-1 - n_numbers]):
        n_numbers += 1
    return n_numbers
