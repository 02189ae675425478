"""Mutated vector files against a slow and plain reader: the same table, or a ValueError.

python tests/sources/fuzz_files.py 100000 [seed]
"""

import random
import re
import struct
import sys
import tempfile
import warnings
from pathlib import Path

import numpy as np

from sk_w2v import PretrainedVectors

NUMBER = re.compile(rb"[-+]?((\d+\.?\d*|\.\d+)(e[-+]?\d+)?|nan|inf(inity)?)", re.IGNORECASE)
HEADER = re.compile(rb"(\d{1,18})\s+(\d{1,18})\s*")
PIECES = [b" ", b"\n", b"\t", b"\r\n", b"\x0b", b"\0", b"-", b".", b"e5", b"1", b" 7", b"nan", b"x", b"\xff", b"3 2\n"]
WORDS = ["a", "bc", "naïve", "5", "-", ". .", "x@y.z", "日"]


def plain_table(content):
    """The words and rows of a file, one line or one binary row after the other."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    first, _, rest = content.partition(b"\n")
    header = HEADER.fullmatch(first + content[len(first) : len(first) + 1])
    if header is None:
        return text_table(content, numbers_at_the_end(first))
    n_rows, size = int(header[1]), int(header[2])
    found = numbers_at_the_end(rest.partition(b"\n")[0])
    if size == found and is_binary_after_all(rest, n_rows, size):
        return binary_table(rest, n_rows, size)
    if size == found == 1 and n_rows != rest.count(b"\n") + (not rest.endswith(b"\n")):
        return text_table(content, 1)
    is_text = size in (found, numbers_at_the_end(rest.split(b"\n")[1]) if b"\n" in rest else 0)
    table = text_table(rest, size, has_header=True) if is_text else binary_table(rest, n_rows, size)
    if len(table) != n_rows:
        raise ValueError("number of rows")
    return table


def is_binary_after_all(rest, n_rows, size):
    """Few numbers' bytes may be a line of text; but the second line is none, and rows end where binary ones do."""
    lines = rest.rstrip(b"\n").split(b"\n")
    if len(lines) in (1, n_rows) or not lines[1] or numbers_at_the_end(lines[1]) >= size:
        return False
    try:
        words = [word for word, *_ in binary_table(rest, n_rows, size)]
    except ValueError:
        return False
    return len(words) == n_rows and all(len(word.split()) == 1 for word in words)


def numbers_at_the_end(line):
    fields = line.split()[::-1]
    candidates = fields if line[:1].isspace() else fields[:-1]
    return next((n for n, field in enumerate(candidates) if not NUMBER.fullmatch(field)), len(candidates))


def text_table(content, size, *, has_header=False):
    lines = content.rstrip().split(b"\n")
    if not size or not content.strip():
        raise ValueError("no rows")
    return [(*text_row(line, size, has_header), size) for line in lines]


def text_row(line, size, has_header):
    fields = line.split()
    if not fields:
        raise ValueError("empty line")
    if line[:1].isspace():
        return b"", fields
    if len(fields) <= size:
        return fields[0], fields[1:]
    word = line.rstrip().rsplit(None, size)[0]
    if not has_header and len(word.split()) > 1 and NUMBER.fullmatch(word.split()[-1]):
        raise ValueError("too many numbers")
    return word, fields[-size:]


def binary_table(content, n_rows, size):
    table = []
    while content.strip(b"\n"):
        word, blank, content = content.partition(b" ")
        if not blank or len(content) < 4 * size or not size or len(table) == n_rows:
            raise ValueError("row")
        table.append((word.lstrip(b"\n"), struct.unpack(f"<{size}f", content[: 4 * size]), size))
        content = content[4 * size :]
    return table


def checked(table):
    """The first row of each word; nobody asks for those of repeated words."""
    rows = {}
    for word, numbers, size in table:
        if word.decode() not in rows:
            if len(numbers) != size:
                raise ValueError("not so many numbers")
            rows[word.decode()] = np.array([checked_number(number) for number in numbers], np.float32)
    return rows


def checked_number(number):
    if isinstance(number, bytes) and not NUMBER.fullmatch(number):
        raise ValueError("no number")
    if not abs(float(number)) <= 1e6:
        raise ValueError("not finite")
    return float(number)


def mutated(content, rng):
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        start = rng.randrange(len(content) + 1)
        stop = min(len(content), start + rng.choice([0, 0, 1, 1, 2, 8, 50]))
        piece = rng.choice([b"", rng.choice(PIECES), content[start:stop] * 2, bytes([rng.randrange(256)])])
        content = content[:start] + piece + content[stop:]
    return content


def new_file(rng):
    size, n_rows = rng.randint(1, 4), rng.randint(1, 6)
    words = [rng.choice(WORDS) + str(row) * (row % 3) for row in range(n_rows)]
    rows = [[rng.choice([0, 1, -2.5, 1e-7, 123456, rng.gauss(0, 1)]) for _ in range(size)] for _ in words]
    header = f"{n_rows} {size}\n".encode()
    if rng.random() < 0.4:
        return header + binary(words, rows, rng.choice([b"", b"\n"]))
    separator, end = rng.choice([" ", " ", " ", "\t"]), rng.choice(["\n", "\n", " \n", "\r\n"])
    shown = rng.choice([repr, "{:.5f}".format])
    lines = [separator.join([word, *map(shown, row)]) for word, row in zip(words, rows, strict=True)]
    return rng.choice([b"", header, b"\xef\xbb\xbf"]) + end.join([*lines, ""]).encode()


def binary(words, rows, end):
    fields = [word.replace(" ", "_").encode() for word in words]
    numbers = [struct.pack(f"<{len(row)}f", *row) for row in rows]
    return b"".join(word + b" " + row + end for word, row in zip(fields, numbers, strict=True))


def outcome(read):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)
            return read()
    except ValueError:
        return None


def read_by_us(path):
    source = PretrainedVectors.open(path)
    return dict(zip(source.words, source.rows(source.words), strict=True))


def same(ours, plain):
    if ours is None or plain is None:
        return ours is None
    return list(ours) == list(plain) and all((ours[word] == plain[word]).all() for word in ours)


def fuzz(n_files, seed, folder):
    """Return how many files had a table, and the first content on which the readers differ."""
    rng, n_tables = random.Random(seed), 0
    path = Path(folder, "vectors")
    for _ in range(n_files):
        content = mutated(new_file(rng), rng)
        path.write_bytes(content)
        ours = outcome(lambda: read_by_us(path))
        plain = outcome(lambda content=content: checked(plain_table(content)))
        if not same(ours, plain):
            return n_tables, content
        n_tables += ours is not None
    return n_tables, None


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        n_files, seed = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
        n_tables, different = fuzz(n_files, seed, scratch)
        print(f"{n_files} files, {n_tables} of them tables" if different is None else f"different: {different!r}")
        sys.exit(different is not None)
