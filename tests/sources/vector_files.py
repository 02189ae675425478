"""One small table in each format of a file, for the tests of this room."""

import bz2
import gzip
import io
import lzma
import re
import zipfile

import numpy as np

from sk_w2v import PretrainedVectors

COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
CONTENT = b"a 1 2\nb 3 4\nc 5 6\n"
GLOVE = "GloVe is at https://nlp.stanford.edu/projects/glove/"
GOOGLE_NEWS = "GoogleNews is at https://code.google.com/archive/p/word2vec/"
FASTTEXT = "fastText is at https://fasttext.cc/docs/en/crawl-vectors.html"
LEAVE_OUT = " Give on_bad_lines='skip' to PretrainedVectors.open to leave out what is wrong."
WORDS = ["the", "of", "naïve", "日本", "5", "a_b", "."]
TABLE = np.array([[0.5, -1, 2e-5], [1, 2, 3], [-0.1, 0, 0.25], [7, 8, 9], [4, 4, 4], [1e5, -0.001, 1], [0, 0, 0]], "f4")


class Loud:
    """Says so when its pickle is opened."""

    def __reduce__(self):
        return print, ("opened",)


def zipped(content, name="model.bin"):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr(name, content)
    return file.getvalue()


def text(words=WORDS, table=TABLE, separator=" ", end="\n"):
    return end.join(separator.join([word, *map(repr, row)]) for word, row in zip(words, table.tolist(), strict=True))


def binary(words=WORDS, table=TABLE, end=b"\n"):
    rows = (word.encode() + b" " + row.tobytes() for word, row in zip(words, table.astype("<f4"), strict=True))
    return header(table).encode() + end.join([*rows, b""])


def header(table=TABLE):
    return f"{len(table)} {table.shape[1]}\n"


FORMATS = {
    "GloVe": text().encode() + b"\n",
    "GloVe without a last line end": text().encode(),
    "word2vec text": (header() + text() + "\n").encode(),
    "word2vec text as the C program writes it": (header() + text(end=" \n") + " \n").encode(),
    "word2vec binary": binary(),
    "word2vec binary without line ends": binary(end=b""),
    "CRLF": (header() + text(end="\r\n") + "\r\n").replace("3\n", "3\r\n", 1).encode(),
    "C program and CRLF": text(end=" \r\n").encode() + b" \r\n",
    "tabs": text(separator="\t").encode(),
    "a tab behind the word": text().replace(" ", "\t", 1).encode(),
    "a byte-order mark": b"\xef\xbb\xbf" + text().encode(),
    "a byte-order mark and a header": b"\xef\xbb\xbf" + (header() + text()).encode(),
    "blank lines at the end": text().encode() + b"\n\n \r\n\n",
    "two spaces in a row": text().replace("1.0 2.0", "1.0  2.0").encode(),
}


def opened(path, content, **options):
    """Write a file and open it."""
    path.write_bytes(content)
    return PretrainedVectors.open(path, **options)


def all_rows(path, content):
    source = opened(path, content)
    source.rows(source.words)
    return source


def problem(path, what, hint=""):
    return f"^{re.escape(f'{str(path)!r} is not a usable file of word vectors: {what}.{hint}')}$"
