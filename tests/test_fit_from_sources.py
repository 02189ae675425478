"""Fits from sources that are more than arrays: fastText with its n-grams, compressed files."""

import gzip
import pickle
import shutil

import numpy as np
import pytest
from gensim.models import FastText

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20
CONTENT = b"a 1 2\nb 3 4\nc 5 6\n"


@pytest.fixture(scope="module")
def fasttext():
    return FastText(TOKENS, vector_size=8, min_count=1, workers=1, min_n=3, max_n=4, bucket=50, epochs=2).wv


@pytest.mark.parametrize("fallback_size", [0, 2, None])
def test_the_subwords_of_fasttext_give_vectors_to_words_of_the_corpus(fasttext, fallback_size):
    w2v = PretrainedWord2VecTransformer(fasttext, output="pretrained", fallback_size=fallback_size)
    fitted = w2v.fit([["the", "catty", "dogged"]])
    assert fitted.coverage_ == {"tokens": 1, "words": 1}
    for word in ("the", "catty", "dogged"):
        np.testing.assert_array_equal(fitted.transform([[word]])[0], fasttext.get_vector(word))


def test_unseen_words_have_subwords_in_transform_only_with_the_whole_fallback(fasttext):
    none, some, all_ = (
        PretrainedWord2VecTransformer(fasttext, output="tuned", epochs=1, fallback_size=size).fit(TOKENS)
        for size in (0, 3, None)
    )
    for fitted in (none, some):
        assert not fitted.transform([["running"]]).any()
    loaded = pickle.loads(pickle.dumps(all_))
    for fitted in (all_, loaded):
        got = fitted.transform([["running"], ["running", "ran"], ["", "dogs"], []])
        np.testing.assert_array_equal(got[0], fasttext.get_vector("running"))
        np.testing.assert_allclose(got[1], (got[0] + fitted.transform([["ran"]])[0]) / 2, rtol=1e-6)
    with pytest.raises(TypeError, match=r"^Document 1 must be a str or a list of str\. Got the token 5\.$"):
        all_.transform([["dogs"], ["cats", 5]])


def test_a_compressed_file_that_disappears_after_fit_is_not_missed(tmp_path):
    path = tmp_path / "v.gz"
    path.write_bytes(gzip.compress(CONTENT))
    fitted = PretrainedWord2VecTransformer(path, output="pretrained").fit([["a"]])
    shutil.rmtree(tmp_path)
    assert fitted.transform([["c"]]).tolist() == [[5, 6]]


def test_words_without_a_vector_are_no_source_for_a_second_fit():
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    fitted = PretrainedWord2VecTransformer(source, vocabulary=["nowhere", "tea"], epochs=1).fit([["tea"]])
    assert set(PretrainedVectors.from_transformer(fitted).words) == {"tea", "cup"}
