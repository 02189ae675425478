"""gensim's models and files → arrays."""

import pickle
import struct
from glob import escape
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from gensim.models.fasttext import FastTextKeyedVectors, load_facebook_vectors

from .._checks import listed_words
from ..text._ngrams import NGrams
from ._arrays import Arrays, OutputLayer

PICKLE_MAGIC = b"\x80"
FASTTEXT_MAGIC = (793712314).to_bytes(4, "little")
_DAMAGED = AssertionError, EOFError, MemoryError, NotImplementedError, OverflowError, ValueError, struct.error
FASTTEXT_WORDS_OFFSET = 92  # behind two numbers of the format, twelve settings, a float and five counts


def arrays_of_vectors(
    vectors: KeyedVectors, limit: int | None = None, output_layer: OutputLayer | None = None
) -> Arrays:
    """Wrap ``KeyedVectors``; of fastText's also the table of character n-grams.

    Raises
    ------
    TypeError
        If a key is not a str.
    """
    words = vectors.index_to_key[:limit]
    listed_words(word for word in words if word is not None)  # gensim leaves None for a repeated word
    subwords = None
    if isinstance(vectors, FastTextKeyedVectors) and vectors.bucket and vectors.compatible_hash:
        subwords = NGrams(vectors.vectors_ngrams, vectors.min_n, vectors.max_n)
    rows = np.asanyarray(vectors.vectors)  # a memory map stays one, but a part of it is none
    rows = rows if limit is None else rows[:limit]
    return Arrays.of(words, rows, subwords=subwords, output_layer=output_layer)


def arrays_of_model(model: Word2Vec, limit: int | None = None) -> Arrays:
    """Wrap a full ``Word2Vec``, with its output layer if it was trained with negative sampling."""
    weights: Any = getattr(model, "syn1neg", None)
    has_layer = type(model.wv) is KeyedVectors and np.shape(weights) == np.shape(model.wv.vectors)
    return arrays_of_vectors(model.wv, limit, OutputLayer(bool(model.sg), weights) if has_layer else None)


def is_gensim_file(first_bytes: bytes) -> bool:
    """Return whether a file is one of gensim's pickles, or a fastText model that gensim reads."""
    return first_bytes.startswith((PICKLE_MAGIC, FASTTEXT_MAGIC))


def load_arrays(path: str, first_bytes: bytes, limit: int | None, mmap: str | None = "r") -> Arrays:
    """Load a file with gensim. With ``mmap`` arrays that it has stored apart are mapped. A pickle runs code.

    Raises
    ------
    ValueError
        If it is no model of word vectors.
    """
    if first_bytes.startswith(FASTTEXT_MAGIC):
        try:
            _check_fasttext_words(path)
            return arrays_of_vectors(load_facebook_vectors(path), limit)
        except _DAMAGED as error:
            raise ValueError(f"gensim cannot read this fastText model ({error})") from error
    try:
        loaded = KeyedVectors.load(path, mmap=mmap)
    except FileNotFoundError as error:
        raise ValueError("its arrays are stored apart from it. Decompress it beside them, and open it there") from error
    except (pickle.UnpicklingError, EOFError, AttributeError, ImportError, IndexError, TypeError) as error:
        raise ValueError(f"it is a pickle, but none that gensim can load ({error})") from error
    if isinstance(loaded, KeyedVectors):
        return arrays_of_vectors(loaded, limit)
    if isinstance(loaded, Word2Vec):
        return arrays_of_model(loaded, limit)
    raise ValueError(f"it is a pickle of {type(loaded).__name__}, not of gensim's KeyedVectors or Word2Vec")


def _check_fasttext_words(path: str) -> None:
    """Raise unless the list of words is whole: gensim would wait for its end for ever."""
    with open(path, "rb") as file:
        file.seek(FASTTEXT_WORDS_OFFSET - 28)
        n_words, _, _, _, _ = struct.unpack("<iiiqq", file.read(28))
        rest, start = b"", 0
        for word in range(n_words):
            end = rest.find(b"\0", start)
            while end < 0 or end + 10 > len(rest):
                more = file.read(1 << 20)
                if not more or len(rest) - start > 1 << 24:
                    raise ValueError(f"it ends in word {word + 1} of {n_words}")
                rest, start = rest[start:] + more, 0
                end = rest.find(b"\0")
            start = end + 10  # behind the word: its end, count (8 bytes) and kind


def parts(path: str) -> list[str]:
    """Return the file and those of the arrays that gensim has stored apart from it."""
    return [path, *sorted(map(str, Path(path).parent.glob(f"{escape(Path(path).name)}.*.npy")))]
