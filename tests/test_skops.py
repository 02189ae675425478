"""skops stores and loads what runs no code, when only this project's own classes are trusted."""

import numpy as np
import pytest
from gensim.models import FastText, Word2Vec
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import WORDS_OF_ANY_KIND

sio = pytest.importorskip("skops.io")

PUBLIC = PretrainedWord2VecTransformer, PretrainedVectors
ESTIMATOR, HANDLE = (f"{kind.__module__}.{kind.__name__}" for kind in PUBLIC)


def mapped(path, glove):
    np.save(path.parent / "mapped.npy", glove[1])
    return PretrainedVectors.from_arrays(glove[0], np.load(path.parent / "mapped.npy", mmap_mode="r"))


def model(path, glove):
    return PretrainedVectors.from_word2vec(Word2Vec([glove[0][:200]], vector_size=50, min_count=1, workers=1))


SOURCES = {
    "path": (lambda path, glove: str(path), []),
    "path object": (lambda path, glove: path, []),
    "file": (lambda path, glove: PretrainedVectors.open(path), [HANDLE]),
    "arrays": (lambda path, glove: PretrainedVectors.from_arrays(*glove), [HANDLE]),
    "map": (mapped, [HANDLE]),
    "model": (model, [HANDLE]),
}


@pytest.mark.parametrize("kind", SOURCES)
def test_only_the_two_public_classes_need_trust(kind, glove_path, glove, documents, labels, tmp_path):
    make, classes = SOURCES[kind]
    source = make(glove_path, glove)
    w2v = PretrainedWord2VecTransformer(source, epochs=1, output="both", lockf={"the": 0.5}, random_state=0)
    fitted = make_pipeline(w2v, LogisticRegression(max_iter=1000)).fit(documents, labels)
    path = tmp_path / "model.skops"
    sio.dump(fitted, path)
    assert sio.get_untrusted_types(file=path) == sorted([*classes, ESTIMATOR])
    loaded = sio.load(path, trusted=[PretrainedVectors, PretrainedWord2VecTransformer])
    np.testing.assert_array_equal(loaded.predict_proba(documents), fitted.predict_proba(documents))
    np.testing.assert_array_equal(loaded.fit(documents, labels)[0].vectors_, fitted[0].vectors_)


def test_nothing_is_loaded_without_trust(tmp_path):
    sio.dump(PretrainedWord2VecTransformer(), tmp_path / "model.skops")
    with pytest.raises(sio.exceptions.UntrustedTypesFoundException, match="PretrainedWord2VecTransformer"):
        sio.load(tmp_path / "model.skops")


@pytest.mark.parametrize(
    "params",
    [
        {"vocabulary": {"tea", "cup"}},
        {"vocabulary": ["tea", "cup"]},
        {"lockf": "frequency"},
        {"random_state": np.random.RandomState(3)},
        {"word2vec_params": {"ns_exponent": 0.0, "negative": 2}},
    ],
    ids=lambda params: next(iter(params)),
)
def test_parameters_of_every_kind_survive(params):
    tokens = [["tea", "cup"]] * 3
    w2v = PretrainedWord2VecTransformer(**{"vector_size": 3, "epochs": 1, "random_state": 0} | params)
    loaded = sio.loads(sio.dumps(w2v), trusted=[PretrainedWord2VecTransformer])
    np.testing.assert_array_equal(loaded.fit(tokens).vectors_, w2v.fit(tokens).vectors_)


def test_words_of_any_kind_survive():
    tokens = [WORDS_OF_ANY_KIND] * 3
    fitted = PretrainedWord2VecTransformer(vector_size=5, epochs=1, random_state=0).fit(tokens)
    loaded = sio.loads(sio.dumps(fitted), trusted=[PretrainedWord2VecTransformer])
    assert loaded.vocabulary_ == fitted.vocabulary_
    np.testing.assert_array_equal(loaded.transform(tokens), fitted.transform(tokens))


def test_subwords_are_stored_as_plain_as_the_rest(tmp_path):
    fasttext = FastText([["tea", "cup", "pot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=50, workers=1)
    fitted = PretrainedWord2VecTransformer(fasttext.wv, output="pretrained", fallback_size=None).fit([["tea"]])
    fitted.set_params(pretrained=None)
    loaded = sio.loads(sio.dumps(fitted), trusted=[PretrainedWord2VecTransformer])
    assert fitted.transform([["teapot"]]).any()
    np.testing.assert_array_equal(loaded.transform([["teapot"]]), fitted.transform([["teapot"]]))


def test_the_pieces_of_a_static_model_are_stored_as_plain_as_the_rest():
    fitted = PretrainedWord2VecTransformer("wordllama", output="pretrained").fit([["tea"]])
    loaded = sio.loads(sio.dumps(fitted), trusted=[PretrainedWord2VecTransformer])
    assert fitted.transform([["teapots"]]).any()
    np.testing.assert_array_equal(loaded.transform([["teapots"]]), fitted.transform([["teapots"]]))
