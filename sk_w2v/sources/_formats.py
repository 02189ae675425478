"""What a format is: the layout of its files, and how their rows are read, as bytes, and parsed.

Each format has a module, which ends with its ``Format``; ``_recognition`` tells which one a file has. A file is read
once, in pieces of whole rows. Every word and every row's end is checked on the way.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._bad_lines import BadLines

# No line, and no word of a binary row, is longer.
LINE_BYTES = 1 << 24


@dataclass(frozen=True)
class Layout:
    """Where the rows of a file begin, and what each of them looks like."""

    format: "Format"
    # Offset of the first row, in bytes.
    start: int
    vector_size: int
    # What the header says; None where there is no header.
    n_rows: int | None
    separator: bytes = b" "
    # Whether a text row has a separator behind its last number, as those of the original word2vec.
    trailing: bool = False

    @property
    def n_separators(self) -> int:
        return self.vector_size + self.trailing


class RawRows(NamedTuple):
    """Some neighbouring rows: each a word, a separator, and the numbers to the row's end."""

    content: bytes | bytearray
    word_starts: NDArray[np.int64]
    word_ends: NDArray[np.int64]
    row_ends: NDArray[np.int64]
    # How many bytes the rows, and what was left out among them, take.
    n_bytes: int

    def __len__(self) -> int:
        return len(self.row_ends)

    def words(self) -> list[bytes]:
        spans = zip(self.word_starts.tolist(), self.word_ends.tolist(), strict=True)
        return [bytes(self.content[start:end]) for start, end in spans]

    def numbers(self, rows: Sequence[int]) -> list[bytes]:
        """Return the bytes of the numbers of some of the rows."""
        spans = zip((self.word_ends[rows] + 1).tolist(), self.row_ends[rows].tolist(), strict=True)
        return [bytes(self.content[start:end]) for start, end in spans]


class Format(NamedTuple):
    """How a file of rows is read."""

    name: str
    # Gives the rows, some at a time, up to a limit of them; the stream stands at the first one. Bad rows are added to
    # BadLines, which raises BadLineError unless they are left out.
    read: Callable[[BinaryIO, Layout, int, BadLines], Iterator[RawRows]]
    # The bytes of some rows' numbers, and how many numbers a row has → float32 of shape (n_rows, vector_size).
    parse: Callable[[list[bytes], int], NDArray[np.float32]]


def decode_words(raw: RawRows, encoding: str, errors: str, first_row: int) -> list[str]:
    """Decode the words of rows; the first of them is row number ``first_row`` of the file.

    Raises
    ------
    ValueError
        If a word is not valid in the encoding.
    """
    try:
        decoded = _joined_words(raw).decode(encoding, errors).split("\n")[:-1]  # faster than one by one
        return decoded if len(decoded) == len(raw) else [word.decode(encoding, errors) for word in raw.words()]
    except UnicodeDecodeError:
        for row, word in enumerate(raw.words(), first_row):
            try:
                word.decode(encoding)
            except UnicodeDecodeError:
                raise ValueError(
                    f"the word of its row {row} is not valid {encoding}: {word[:40]!r}. Give its encoding, or "
                    "errors='replace', to PretrainedVectors.open"
                ) from None
        raise


def _joined_words(raw: RawRows) -> bytes:
    """Return the words, each with a line end behind it."""
    lengths = raw.word_ends - raw.word_starts + 1
    ends = np.cumsum(lengths)
    places = np.arange(ends[-1] if len(ends) else 0) + np.repeat(raw.word_starts - ends + lengths, lengths)
    characters = np.frombuffer(raw.content, np.uint8)[places]
    characters[ends - 1] = ord("\n")
    return bytes(characters.tobytes())
