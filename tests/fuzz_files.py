"""Mutated vector files against a slow and plain reader: the same table, or a ValueError.

python tests/fuzz_files.py 100000 [seed]
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


def plain_table(content):
    """The words and rows of a file, one line or one binary row after the other."""
    content = content.removeprefix(b"\xef\xbb\xbf")
    first, _, rest = content.partition(b"\n")
    header = HEADER.fullmatch(first + content[len(first) : len(first) + 1])
    if header is None:
        return text_table(content, numbers_at_the_end(first))
    n_rows, size = int(header[1]), int(header[2])
    found = numbers_at_the_end(rest.partition(b"\n")[0])
    if size == found == 1 and n_rows != rest.count(b"\n") + (not rest.endswith(b"\n")):
        return text_table(content, 1)
    table = text_table(rest, size) if found == size else binary_table(rest, n_rows, size)
    if len(table) != n_rows:
        raise ValueError("number of rows")
    return table


def numbers_at_the_end(line):
    fields = line.split()[::-1]
    candidates = fields if line[:1].isspace() else fields[:-1]
    return next((n for n, field in enumerate(candidates) if not NUMBER.fullmatch(field)), len(candidates))


def text_table(content, size):
    lines = content.rstrip().split(b"\n")
    if not size or not content.strip():
        raise ValueError("no rows")
    return [text_row(line, size) for line in lines]


def text_row(line, size):
    fields = line.split()
    word = b"" if line[:1].isspace() else line.rstrip().rsplit(None, size)[0] if len(fields) > size else None
    n_words = len(word.split()) if word is not None else -1
    if n_words + size != len(fields) or (n_words > 1 and NUMBER.fullmatch(word.split()[-1])):
        raise ValueError("fields")
    if not all(NUMBER.fullmatch(field) for field in fields[n_words:]):
        raise ValueError("no number")
    return word, [float(field) for field in fields[n_words:]]


def binary_table(content, n_rows, size):
    table = []
    while content.strip(b"\n"):
        word, blank, content = content.partition(b" ")
        if not blank or len(content) < 4 * size or not size or len(table) == n_rows:
            raise ValueError("row")
        table.append((word.lstrip(b"\n"), struct.unpack(f"<{size}f", content[: 4 * size])))
        content = content[4 * size :]
    return table


def checked(table):
    words = [word.decode() for word, _ in table]
    rows = np.array([row for _, row in table], float)
    if not (np.abs(rows) <= 1e6).all():
        raise ValueError("not finite")
    first = {word: row for row, word in reversed(list(enumerate(words)))}
    return {word: rows[row].astype(np.float32) for word, row in first.items()}


def mutated(content, rng):
    for _ in range(rng.choice([0, 1, 1, 1, 2, 3])):
        start = rng.randrange(len(content) + 1)
        stop = min(len(content), start + rng.choice([0, 0, 1, 1, 2, 8, 50]))
        piece = rng.choice([b"", rng.choice(PIECES), content[start:stop] * 2, bytes([rng.randrange(256)])])
        content = content[:start] + piece + content[stop:]
    return content


def new_file(rng):
    size, n_rows = rng.randint(1, 4), rng.randint(1, 6)
    words = [
        rng.choice(["a", "bc", "naïve", "5", "-", ". .", "x@y.z", "日"]) + str(row) * (row % 3) for row in range(n_rows)
    ]
    rows = [[rng.choice([0, 1, -2.5, 1e-7, 123456, rng.gauss(0, 1)]) for _ in range(size)] for _ in words]
    header = f"{n_rows} {size}\n".encode()
    if rng.random() < 0.4:
        pairs = zip(words, rows, strict=True)
        end = rng.choice([b"", b"\n"])
        return header + b"".join(
            w.replace(" ", "_").encode() + b" " + struct.pack(f"<{size}f", *row) + end for w, row in pairs
        )
    separator, end = rng.choice([" ", " ", " ", "\t"]), rng.choice(["\n", "\n", " \n", "\r\n"])
    lines = (
        separator.join([word, *map(rng.choice([repr, str, "{:.5f}".format]), row)])
        for word, row in zip(words, rows, strict=True)
    )
    return rng.choice([b"", header, b"\xef\xbb\xbf"]) + end.join([*lines, ""]).encode()


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
