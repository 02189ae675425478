"""The fitted vectors for other libraries: gensim's objects, a file, the rows of an embedding layer."""

import bz2
import gzip
import lzma
import os
import re
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from itertools import compress
from numbers import Integral
from secrets import token_hex
from typing import Any, BinaryIO

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from ._rows import First, Rows, Subwords, WordRows
from ._vocabulary import LOW_COVERAGE
from ._warnings import warn

OOV = ("zeros", "mean", "random")
MAX_ROWS = 2**31
ROWS_AT_ONCE = 1000
NAMED = 10
"""How many words an error names."""

Table = tuple[Rows, NDArray[np.bool_]]

_BLANK = re.compile(r"[ \t\n\v\f\r]")
_WORD_INDEX = "The word index must be a dict of str to int, or a list of str in the order of their rows."


def choose_table(tables: Mapping[str, Table], which: Any) -> Table:
    """The tuned or the untuned vectors of the corpus's words, and which of them have one, if there are any.

    Raises
    ------
    ValueError
        If there are none, or ``which`` is neither "tuned" nor "pretrained".
    """
    if not isinstance(which, str) or which not in ("tuned", "pretrained"):
        raise ValueError(f"The 'which' argument must be 'tuned' or 'pretrained'. Got {which!r:.100} instead.")
    if which not in tables:
        cause, other = ("output='pretrained'", "pretrained") if which == "tuned" else ("pretrained=None", "tuned")
        raise ValueError(
            f"There are no {which} vectors, since this transformer was fitted with {cause}. Use those of {other!r}."
        )
    return tables[which]


def known_rows(row_of: Mapping[str, int], table: Table, fallback: First | None) -> WordRows:
    """Copies of the rows of all words that have one: the corpus's, then those of the fallback that it lacks."""
    vectors, has_vector = table
    words, rows = list(compress(row_of, has_vector.tolist())), vectors[has_vector]
    if fallback is not None:
        new_words, is_new = fallback.new_to(row_of)
        words += new_words
        rows = np.concatenate([rows, fallback.rows[is_new]])
    return WordRows(words, np.asarray(rows))


def add_subwords(known: WordRows, words: Iterable[str], subwords: Subwords) -> WordRows:
    """Add the rows of those of the words that have none, but character n-grams."""
    have = set(known.words)
    new = [word for word in dict.fromkeys(words) if word not in have and subwords.has(word)]
    rows = [subwords.vector(word)[np.newaxis] for word in new]
    return WordRows([*known.words, *new], np.concatenate([known.vectors, *rows]))


def build_keyed_vectors(known: WordRows, count_of: Mapping[str, int]) -> KeyedVectors:
    """``KeyedVectors`` of gensim with the attribute "count", 0 for words that were not counted."""
    keyed_vectors = KeyedVectors(known.vectors.shape[1])
    keyed_vectors.add_vectors(list(known.words), known.vectors)
    keyed_vectors.expandos["count"] = np.array([count_of.get(word, 0) for word in known.words], np.int64)
    return keyed_vectors


def build_word2vec(
    words: Sequence[str],
    counts: NDArray[np.int64],
    n_documents: int,
    vectors: Rows,
    locks: NDArray[Any],
    params: Mapping[str, Any],
) -> Word2Vec:
    """A ``Word2Vec`` of gensim over the words that were counted, in their order, with an output layer of zeros.

    The arrays are copied into those that gensim has made: it trusts their address, dtype and length, and would end the
    process on a read-only memory map.
    """
    is_seen = counts > 0  # gensim divides by the counts
    seen = compress(words, is_seen.tolist())
    model = Word2Vec(min_count=1, sorted_vocab=0, **params)
    model.build_vocab_from_freq(dict(zip(seen, counts[is_seen].tolist(), strict=True)))
    model.wv.vectors[:] = vectors[is_seen]
    model.wv.vectors_lockf = np.array(locks[is_seen], np.float32)
    model.corpus_total_words = int(counts.sum())
    model.corpus_count = n_documents  # with 0 gensim's train() divides by it in a thread, and waits for ever
    return model


def write_word2vec_format(path: str | os.PathLike[str], known: WordRows, binary: bool) -> None:
    """Write words and rows so that a reader gets each float32 back bit for bit; a failure leaves an old file whole."""
    _check_words(known.words)
    blocks = (_binary_rows if binary else _text_rows)(known)
    with _replacing(os.fsdecode(path)) as file:
        file.write(f"{len(known.words)} {known.vectors.shape[1]}\n".encode())
        file.writelines(blocks)


def _check_words(words: Sequence[str]) -> None:
    bad = [word for word in words if not word or _BLANK.search(word) or not _is_utf8(word)]
    if bad:
        raise ValueError(
            f"{len(bad)} of {len(words)} words cannot be in a file of word2vec's format, since they are empty, hold a "
            f"space, a tab or a line end, or are not valid UTF-8: {bad[:NAMED]}. Leave them out by an analyzer or, if "
            "they are of the fallback, with fallback=False; or store to_keyed_vectors() with its save()."
        )


def _is_utf8(word: str) -> bool:
    try:
        word.encode()
    except UnicodeEncodeError:
        return False
    return True


def _text_rows(known: WordRows) -> Iterator[bytes]:
    # Nine digits, not the shortest that tell a float32: those can come out wrong when read by way of double precision.
    line = " ".join(["%s", *["%.9g"] * known.vectors.shape[1]]) + "\n"
    for start in range(0, len(known.words), ROWS_AT_ONCE):
        rows = known.vectors[start : start + ROWS_AT_ONCE].tolist()
        words = known.words[start : start + ROWS_AT_ONCE]
        yield "".join(line % (word, *row) for word, row in zip(words, rows, strict=True)).encode()


def _binary_rows(known: WordRows) -> Iterator[bytes]:
    for word, row in zip(known.words, known.vectors.astype("<f4", copy=False), strict=True):
        yield word.encode() + b" " + row.tobytes()


@contextmanager
def _replacing(path: str) -> Iterator[BinaryIO]:
    """Open a new file that takes the place of an old one when all is written, compressed as the path's end says."""
    target = os.path.realpath(path)  # a link stays one
    if not os.path.isdir(os.path.dirname(target)):
        raise FileNotFoundError(f"There is no folder {os.path.dirname(target)!r} to save in.")
    if os.path.exists(target) and not os.path.isfile(target):
        raise FileExistsError(f"Cannot save to {path!r}: it is a folder or a device, not a file.")
    temporary = f"{target}.{token_hex(4)}.tmp"
    try:
        with open(temporary, "xb") as raw, _compressed(raw, os.path.splitext(path)[1]) as file:
            yield file
        if os.path.exists(target):
            shutil.copymode(target, temporary)
        os.replace(temporary, target)
    except BaseException:
        with suppress(FileNotFoundError):
            os.unlink(temporary)
        raise


def _compressed(raw: BinaryIO, suffix: str) -> Any:
    """A stream that compresses as gensim expects of such a file."""
    if suffix == ".gz":
        return gzip.GzipFile("", "wb", fileobj=raw, mtime=0)  # without name and time, which would differ
    if suffix == ".bz2":
        return bz2.BZ2File(raw, "wb")
    return lzma.LZMAFile(raw, "wb") if suffix == ".xz" else raw


def read_word_index(word_index: Any) -> tuple[list[str], NDArray[np.int64]]:
    """The words of a tokenizer's word index and the row of each.

    Raises
    ------
    TypeError
        If it is neither a dict nor a list, a word is no str, or a row no int.
    ValueError
        If it is empty, or a row is negative, too large, or that of two words.
    """
    if isinstance(word_index, str | bytes | set | frozenset) or not isinstance(word_index, Iterable):
        raise TypeError(f"{_WORD_INDEX} Got {word_index!r:.100} instead.")
    words = list(word_index)
    if not words:
        raise ValueError("The word index is empty.")
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"{_WORD_INDEX} Got the word {word!r:.60} instead.")
    if not isinstance(word_index, Mapping):
        return words, np.arange(len(words))
    rows = [word_index[word] for word in words]
    _check_row_numbers(dict(zip(words, rows, strict=True)))
    return words, np.array(rows, np.int64)


def _check_row_numbers(row_of: Mapping[str, Any]) -> None:
    for word, row in row_of.items():
        if not isinstance(row, Integral) or isinstance(row, bool):
            raise TypeError(f"{_WORD_INDEX} Got the row {row!r:.60} of {word!r:.60} instead.")
    outside = {word: row for word, row in row_of.items() if not 0 <= row < MAX_ROWS}
    if outside:
        raise ValueError(
            f"The rows of a word index must be in the range [0, {MAX_ROWS}). Got {_some(outside)} instead."
        )
    times = Counter(row_of.values())
    shared = {word: row for word, row in row_of.items() if times[row] > 1}
    if shared:
        raise ValueError(f"Each word of a word index must have a row of its own. Got {_some(shared)} instead.")


def _some(row_of: Mapping[str, Any]) -> str:
    shown = ", ".join(f"{word!r}: {row}" for word, row in list(row_of.items())[:NAMED])
    return f"{{{shown}{', …' if len(row_of) > NAMED else ''}}}"


def check_filling(oov: Any, padding_row: Any) -> None:
    """Raise ValueError at what is no way to fill the rows of unknown words, or no row for padding."""
    if not isinstance(oov, str) or oov not in OOV:
        raise ValueError(f"The 'oov' argument must be 'zeros', 'mean' or 'random'. Got {oov!r:.100} instead.")
    is_int = isinstance(padding_row, Integral) and not isinstance(padding_row, bool)
    if padding_row is not None and not (is_int and 0 <= padding_row < MAX_ROWS):
        raise ValueError(
            f"The 'padding_row' argument must be None or an int in the range [0, {MAX_ROWS}). Got {padding_row!r:.100} "
            "instead."
        )


def fill_matrix(
    words: Sequence[str],
    rows: NDArray[np.int64],
    known: WordRows,
    oov: str,
    padding_row: int | None,
    random_state: Any,
) -> tuple[Rows, NDArray[np.bool_]]:
    """The matrix that has each word's vector in its row, and which rows hold one."""
    matrix, is_filled, unknown = _place_words(words, rows, known, padding_row)
    _check_filled(int(is_filled.sum()), len(words))
    _fill_unknown(matrix, is_filled, unknown, oov, random_state)
    return matrix, is_filled


def _place_words(
    words: Sequence[str], rows: NDArray[np.int64], known: WordRows, padding_row: int | None
) -> tuple[Rows, NDArray[np.bool_], NDArray[np.int64]]:
    """Lay the known words' vectors out in their rows: the matrix, which rows are filled, and those that are to be.

    The latter are the rows of unknown words, without the padding row; rows without a word stay zero.
    """
    row_of = {word: row for row, word in enumerate(known.words)}
    is_known = np.array([word in row_of for word in words], np.bool_)
    n_rows = max(int(rows.max()), padding_row or 0) + 1
    matrix, is_filled = np.zeros((n_rows, known.vectors.shape[1]), np.float32), np.zeros(n_rows, np.bool_)
    matrix[rows[is_known]] = known.vectors[[row_of[word] for word in compress(words, is_known.tolist())]]
    is_filled[rows[is_known]] = True
    unknown = rows[~is_known]
    return matrix, is_filled, np.sort(unknown if padding_row is None else unknown[unknown != padding_row])


def _fill_unknown(
    matrix: Rows, is_filled: NDArray[np.bool_], unknown: NDArray[np.int64], oov: str, random_state: Any
) -> None:
    """Fill the rows of unknown words from those that are filled."""
    if oov == "mean":
        matrix[unknown] = matrix[is_filled].mean(axis=0, dtype=np.float64)
    elif oov == "random":
        scale = np.sqrt(np.square(matrix[is_filled], dtype=np.float64).mean())
        matrix[unknown] = check_random_state(random_state).normal(0.0, scale, (len(unknown), matrix.shape[1]))


def _check_filled(n_filled: int, n_words: int) -> None:
    """Raise where no word of a word index has a vector; warn where few have."""
    hint = "Check that its language and the case of its words are those of the documents' tokens."
    if not n_filled:
        raise ValueError(f"None of the {n_words} words of the word index has a vector. {hint}")
    if n_filled < LOW_COVERAGE * n_words:
        warn(f"Only {n_filled} of the {n_words} words of the word index have a vector. {hint}")
