"""gensim's models, files and data sets → arrays, or a path."""

import os
import pickle
import re
import struct
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from gensim.models.fasttext import FastTextKeyedVectors, load_facebook_vectors

from ._arrays import Arrays, OutputLayer
from ._rows import Subwords

PICKLE_MAGIC = b"\x80"
FASTTEXT_MAGIC = (793712314).to_bytes(4, "little")
FASTTEXT_WORDS_OFFSET = 92  # behind two numbers of the format, twelve settings, a float and five counts

_DATASET_NAME = re.compile(r"[\w-]+")


def arrays_of_vectors(vectors: KeyedVectors, limit: int | None = None) -> Arrays:
    """Wrap ``KeyedVectors``; of fastText's also the table of character n-grams."""
    subwords = None
    if isinstance(vectors, FastTextKeyedVectors) and vectors.bucket and vectors.compatible_hash:
        subwords = Subwords(vectors.vectors_ngrams, vectors.min_n, vectors.max_n)
    return Arrays(vectors.index_to_key[:limit], np.asarray(vectors.vectors)[:limit], subwords=subwords)


def arrays_of_model(model: Word2Vec, limit: int | None = None) -> Arrays:
    """Wrap a full ``Word2Vec``, with its output layer if it was trained with negative sampling."""
    arrays = arrays_of_vectors(model.wv, limit)
    weights: Any = getattr(model, "syn1neg", None)
    if type(model.wv) is KeyedVectors and np.shape(weights) == np.shape(model.wv.vectors):
        arrays.output_layer = OutputLayer(bool(model.sg), weights)
    return arrays


def is_gensim_file(first_bytes: bytes) -> bool:
    """Whether a file is one of gensim's pickles, or a fastText model that gensim reads."""
    return first_bytes.startswith((PICKLE_MAGIC, FASTTEXT_MAGIC))


def load_arrays(path: str, first_bytes: bytes, limit: int | None) -> Arrays:
    """Load a file with gensim, its large arrays memory-mapped where gensim has stored them apart.

    A pickle runs code when it is loaded.

    Raises
    ------
    ValueError
        If it is no model of word vectors.
    """
    if first_bytes.startswith(FASTTEXT_MAGIC):
        try:
            _check_fasttext_words(path)
            return arrays_of_vectors(load_facebook_vectors(path), limit)
        except (AssertionError, EOFError, NotImplementedError, ValueError, struct.error) as error:
            raise ValueError(f"gensim cannot read this fastText model ({error})") from error
    try:
        loaded = KeyedVectors.load(path, mmap="r")
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
    """The file and the arrays that gensim has stored apart from it."""
    return [path, *sorted(map(str, Path(path).parent.glob(f"{Path(path).name}.*.npy")))]


def is_dataset_name(path: str) -> bool:
    """Whether a path can be meant as the name of a gensim-data set; a file of this name comes first."""
    return _DATASET_NAME.fullmatch(path) is not None and not os.path.exists(path)


def dataset_path(name: str) -> str | None:
    """The file of a gensim-data set, downloaded unless its folder is there already; None if there is no such set.

    Only the data are used, never the Python file that is downloaded with them.
    """
    if not is_dataset_name(name):
        return None
    from gensim import downloader

    path = Path(downloader.BASE_DIR, name, f"{name}.gz")
    if path.is_file():
        return str(path)
    try:
        Path(downloader.BASE_DIR).mkdir(parents=True, exist_ok=True)
        with _locked(Path(downloader.BASE_DIR, f"{name}.lock")):
            return str(path) if path.is_file() else _download(downloader, name)
    except (OSError, ValueError) as error:  # ValueError where gensim has no list of an earlier time either
        raise FileNotFoundError(
            f"There is no file {name!r} in {os.getcwd()!r}, and gensim-data cannot be asked for a set of this name "
            f"({error})."
        ) from error


def _download(downloader: Any, name: str) -> str | None:
    known = downloader.info()
    if name not in known["models"]:
        return None
    return str(downloader.load(name, return_path=True))


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time in; the system frees the lock of one that dies."""
    with path.open("w") as file, suppress(ImportError):
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX)
        yield
        return
    yield
