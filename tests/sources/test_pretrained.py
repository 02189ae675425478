"""The handle that users hold."""

import os
import pickle
import pickletools
import re
from multiprocessing import get_context

import joblib
import numpy as np
import pytest
from gensim.models import Word2Vec
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from sk_w2v import PretrainedVectors
from sk_w2v.sources._given import as_source

from .vector_files import FORMATS, TABLE, WORDS, opened


def test_missing_words_are_named_in_a_key_error(path):
    source = opened(path, FORMATS["GloVe"])
    with pytest.raises(KeyError, match=re.escape("2 of 3 words have no pretrained vector: ['x', 'y']")):
        source.rows(["the", "x", "y"])


def test_a_handle_is_its_own_clone_and_travels_as_path_and_fingerprint(path):
    source = opened(path, FORMATS["GloVe"])
    assert clone(source, safe=False) is source
    source.rows(WORDS)
    stored = pickle.dumps(source)
    assert len(stored) < 1000
    np.testing.assert_array_equal(pickle.loads(stored).rows(WORDS), TABLE)
    path.unlink()
    missing = pickle.loads(stored)  # loading a model does not need the file
    with pytest.raises(FileNotFoundError, match=re.escape(f"There is no file of word vectors at {str(path)!r}.")):
        missing.rows(["the"])


def read_in_child(source, words, answers):
    answers.put(source.rows(words))


@pytest.mark.parametrize("method", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_a_handle_works_in_a_child_process(path, method):
    source = opened(path, FORMATS["word2vec binary"])
    source.rows(["the"])
    context = get_context(method)
    answers = context.SimpleQueue()
    process = context.Process(target=read_in_child, args=(source, WORDS, answers))
    process.start()
    np.testing.assert_array_equal(answers.get(), TABLE)
    process.join(30)


def test_joblib_sees_that_a_handles_file_has_changed(tmp_path):
    hashes = set()
    for content in ("a 1 2\n", "a 1 3\n"):
        (tmp_path / "v.txt").write_text(content)
        hashes.add(joblib.hash(PretrainedVectors.open(tmp_path / "v.txt")))
    assert len(hashes) == 2


@pytest.mark.parametrize(
    "state",
    [None, {}, {"_source": ("v.txt",)}, {"_source": 3, "_fingerprint": ""}, {"_source": {}, "_fingerprint": ""}],
)
def test_the_state_of_something_else_is_no_handle(state):
    handle = PretrainedVectors.__new__(PretrainedVectors)
    with pytest.raises(ValueError, match="PretrainedVectors") as error:
        handle.__setstate__(state)
    assert str(error.value) == f"Expected a stored state of PretrainedVectors. Got {state} instead."


@pytest.mark.parametrize("kind", ["file", "arrays", "map", "model"])
def test_a_handle_is_stored_as_plain_values(kind, glove_path, glove, tmp_path):
    np.save(tmp_path / "vectors.npy", glove[1])
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    model = Word2Vec([glove[0][:200]], vector_size=50, min_count=1, workers=1)
    handle = {
        "file": lambda: PretrainedVectors.open(glove_path),
        "arrays": lambda: PretrainedVectors.from_arrays(*glove),
        "map": lambda: PretrainedVectors.from_arrays(glove[0], mapped),
        "model": lambda: PretrainedVectors.from_word2vec(model),
    }[kind]()
    pickled = pickle.dumps(handle, protocol=2)
    classes = [name for opcode, name, _ in pickletools.genops(pickled) if opcode.name == "GLOBAL"]
    assert [name for name in classes if "sk_w2v" in name or "gensim" in name] == [
        "sk_w2v.sources._pretrained PretrainedVectors"
    ]
    loaded, words = pickle.loads(pickled), handle.words[:100]
    np.testing.assert_array_equal(loaded.rows(words), handle.rows(words))
    for layer in (True, False):
        rows = [each._ask(words, skip_gram=layer).output_layer for each in (loaded, handle)]
        np.testing.assert_array_equal(*rows)


@pytest.mark.parametrize(
    ("make", "error", "message"),
    [
        (
            lambda: PretrainedVectors("glove.txt"),
            TypeError,
            "Make PretrainedVectors with one of its class methods, as PretrainedVectors.open(path).",
        ),
        (
            lambda: PretrainedVectors.from_arrays("ab", np.eye(2)),
            TypeError,
            "Expected an iterable of words. Got the str 'ab' instead.",
        ),
        (
            lambda: PretrainedVectors.from_arrays(["a", "b"], np.eye(2)).rows("ab"),
            TypeError,
            "Expected an iterable of words. Got the str 'ab' instead.",
        ),
        (
            lambda: PretrainedVectors.from_arrays(["a", "b"], np.eye(2)).rows(["a", 5]),
            TypeError,
            "Expected words, each a str. Got 5 instead.",
        ),
        (
            lambda: PretrainedVectors.from_arrays(["a", 5], np.eye(2)),
            TypeError,
            "Expected words, each a str. Got 5 instead.",
        ),
        (
            lambda: PretrainedVectors.from_arrays(["a", None], np.eye(2)),
            TypeError,
            "Expected words, each a str. Got None instead.",
        ),
        (
            lambda: PretrainedVectors.from_arrays([], np.empty((0, 3))),
            ValueError,
            "There must be at least one word and one number. Got shape (0, 3) instead.",
        ),
        (
            lambda: PretrainedVectors.from_keyed_vectors("glove.txt"),
            TypeError,
            "Expected gensim's KeyedVectors. Got 'glove.txt' instead.",
        ),
        (
            lambda: PretrainedVectors.from_word2vec("glove.model"),
            TypeError,
            "Expected gensim's Word2Vec. Got 'glove.model' instead.",
        ),
        (
            lambda: PretrainedVectors.from_transformer("fitted"),
            TypeError,
            "Expected a fitted PretrainedWord2VecTransformer. Got 'fitted' instead.",
        ),
        (lambda: PretrainedVectors.open(__file__, encoding="nope"), LookupError, "unknown encoding: nope"),
        (lambda: PretrainedVectors.open(__file__, errors="nope"), LookupError, "unknown error handler name 'nope'"),
    ],
)
def test_a_wrong_argument_is_an_error(make, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        make()


@pytest.mark.parametrize("limit", [0, -1, 2.5, "2", True, np.True_])
def test_a_limit_that_is_no_number_of_words_is_an_error(path, limit):
    message = (
        f"The 'limit' parameter of PretrainedVectors.open must be None or an int in the range [1, inf). Got {limit!r} "
        "instead."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        opened(path, FORMATS["GloVe"], limit=limit)


def test_a_limit_may_be_an_int_of_numpy(path):
    assert len(opened(path, FORMATS["GloVe"], limit=np.int64(2))) == 2


class Fitted:
    """Stands for a fitted transformer, as far as a source knows it."""

    def __init__(self, *parts):
        self.parts = parts

    def _fitted_words(self):
        if not self.parts:
            raise NotFittedError("This instance is not fitted yet.")
        return self

    def as_source(self):
        return self.parts

    def __repr__(self):
        return "PretrainedWord2VecTransformer()"


def test_a_fitted_transformer_gives_its_words_and_rows():
    source = PretrainedVectors.from_transformer(Fitted(["tea", "cup"], np.eye(2, dtype=np.float32), None))
    assert (list(source.words), source.rows(["cup"]).tolist()) == (["tea", "cup"], [[0, 1]])
    assert source._ask([]).subwords is None


def test_a_fitted_transformer_gives_its_subwords(fasttext):
    subwords = PretrainedVectors.from_keyed_vectors(fasttext)._ask([]).subwords
    source = PretrainedVectors.from_transformer(Fitted(["tea"], np.ones((1, 8), np.float32), subwords))
    np.testing.assert_array_equal(source.rows(["dogs"])[0], fasttext.get_vector("dogs"))


def test_an_unfitted_transformer_is_no_source():
    message = "Expected a fitted PretrainedWord2VecTransformer. Got PretrainedWord2VecTransformer() instead."
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.from_transformer(Fitted())


def test_the_pretrained_parameter_may_be_a_handle_a_path_gensims_vectors_or_none(path, keyed_vectors):
    handle = opened(path, FORMATS["GloVe"])
    assert as_source(None) is None
    assert as_source(handle) is handle
    for value in (path, str(path)):
        np.testing.assert_array_equal(as_source(value).rows(WORDS), TABLE)
    model = Word2Vec([["tea", "cup"]], vector_size=2, min_count=1, workers=1)
    for value, vectors in ((keyed_vectors, keyed_vectors), (model, model.wv)):
        words = vectors.index_to_key[:2]
        np.testing.assert_array_equal(as_source(value).rows(words), vectors[words])


@pytest.mark.parametrize("value", [5, ["glove.txt"], np.eye(2), b"glove.txt"], ids=repr)
def test_the_pretrained_parameter_may_be_nothing_else(value):
    message = (
        "The 'pretrained' parameter of PretrainedWord2VecTransformer must be None, a path, a PretrainedVectors, or "
        f"gensim's KeyedVectors or Word2Vec. Got {value!r} instead."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        as_source(value)


def test_a_bare_transformer_as_pretrained_is_refused_with_the_way_to_go_on():
    transformer = type("PretrainedWord2VecTransformer", (Fitted,), {"transform": None})
    message = (
        "The 'pretrained' parameter of PretrainedWord2VecTransformer must be None, a path, a PretrainedVectors, or "
        "gensim's KeyedVectors or Word2Vec. Got PretrainedWord2VecTransformer() instead. To go on from a fitted "
        "transformer, pass PretrainedVectors.from_transformer(fitted)."
    )
    for kind in (transformer, type("Own", (transformer,), {})):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            as_source(kind())


def test_the_representation_says_what_it_is_a_handle_on(path, tmp_path):
    source = opened(path, FORMATS["GloVe"])
    assert repr(source) == f"<PretrainedVectors: 3 numbers a word, lowercased, text file {str(path)!r}>"
    assert len(source) == 7
    assert repr(source) == f"<PretrainedVectors: 7 words × 3 numbers, lowercased, text file {str(path)!r}>"
    PretrainedVectors.clear_cache()
    assert repr(source) == f"<PretrainedVectors: file {str(path)!r}>"
    vectors = np.eye(2)
    assert repr(PretrainedVectors.from_arrays(["a", "b"], vectors)) == (
        "<PretrainedVectors: 2 words × 2 numbers, lowercased, arrays in memory>"
    )
    np.save(tmp_path / "v.npy", vectors)
    mapped = PretrainedVectors.from_arrays(["a", "b"], np.load(tmp_path / "v.npy", mmap_mode="r"))
    assert repr(mapped) == f"<PretrainedVectors: 2 words × 2 numbers, lowercased, arrays {str(tmp_path / 'v.npy')!r}>"


def test_a_path_may_be_bytes(tmp_path):
    (tmp_path / "v.txt").write_bytes(b"tea 1 2\n")
    assert PretrainedVectors.open(os.fsencode(tmp_path / "v.txt")).rows(["tea"]).tolist() == [[1, 2]]


@pytest.mark.parametrize("positions", [[-1, 0], [0, 2], [0], [0.0, 1.0]], ids=str)
def test_a_stored_state_whose_positions_are_none_is_an_error(positions):
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    state = source.__getstate__()
    state["_source"]["positions"] = np.array(positions)
    with pytest.raises(ValueError, match=r"^Expected a stored state of PretrainedVectors\."):
        source.__setstate__(state)


def test_a_stored_state_without_vectors_is_an_error():
    source = PretrainedVectors.from_arrays(["tea"], np.eye(1))
    state = source.__getstate__()
    state["_source"]["vectors"] = None
    with pytest.raises(ValueError, match=r"^Expected a stored state of PretrainedVectors\."):
        source.__setstate__(state)
