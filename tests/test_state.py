"""What is stored is checked when it is loaded: versions, kind, completeness."""

import pickle
import pickletools
import warnings
from pathlib import Path

import gensim
import joblib
import numpy as np
import pytest
import sklearn
from gensim.models import Word2Vec
from sklearn.exceptions import InconsistentVersionWarning

import sk_w2v
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

STORED = Path(__file__).parent / "stored"
TOKENS = [["tea", "cup", "tea", "sugar"]]


@pytest.fixture
def fitted():
    return PretrainedWord2VecTransformer(vector_size=3, epochs=1, random_state=0).fit(TOKENS)


def load(state):
    loaded = PretrainedWord2VecTransformer.__new__(PretrainedWord2VecTransformer)
    loaded.__setstate__(state)
    return loaded


def refusal(state):
    """The whole message of the ValueError."""
    with pytest.raises(ValueError, match="PretrainedWord2VecTransformer") as error:
        load(state)
    return str(error.value)


def versions_of(stored, **changes):
    return stored | {"_versions": stored["_versions"] | changes}


def test_the_state_tells_the_versions_that_wrote_it(fitted):
    assert fitted.__getstate__()["_versions"] == {
        "sk_w2v": sk_w2v.__version__,
        "scikit-learn": sklearn.__version__,
        "gensim": gensim.__version__,
        "numpy": np.__version__,
    }
    assert vars(pickle.loads(pickle.dumps(fitted))).keys() == vars(fitted).keys()


def test_a_file_from_before_versions_were_stored_still_loads():
    loaded = joblib.load(STORED / "unversioned.joblib")
    assert loaded.get_params().keys() == PretrainedWord2VecTransformer().get_params().keys()
    assert loaded.vocabulary_ == {"tea": 0, "sugar": 1, "cup": 2, "pot": 3, "milk": 4}
    np.testing.assert_array_equal(loaded.counts_, [2, 1, 1])
    tea, sugar, cup, pot, milk = loaded.vectors_
    np.testing.assert_array_equal([tea, cup, pot, milk], np.arange(8).reshape(4, 2))
    expected = [*(tea + sugar + milk) / 3, *(tea + milk) / 2]
    np.testing.assert_allclose(loaded.transform([["tea", "sugar", "milk"]]), [expected], rtol=1e-6)


def test_a_parameter_that_an_old_state_lacks_has_its_default(fitted):
    stored = versions_of(fitted.__getstate__(), sk_w2v="0.0.9")
    del stored["verbose"]
    assert load(stored).verbose == 0


def test_a_file_of_a_newer_version_says_so_and_names_the_line_that_loads(fitted, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(sk_w2v, "__version__", "99.1.0")
        joblib.dump(fitted, tmp_path / "fitted.joblib")
    message = (
        "This PretrainedWord2VecTransformer was stored by sk_w2v 99.1.0 and is loaded by the older "
        f"{sk_w2v.__version__}, whose results may differ. Load it with sk_w2v 99.1.0 or later."
    )
    with pytest.warns(UserWarning, match="99") as record:
        loaded = joblib.load(tmp_path / "fitted.joblib")
    assert [(str(warning.message), warning.filename) for warning in record] == [(message, __file__)]
    np.testing.assert_array_equal(loaded.vectors_, fitted.vectors_)


def test_a_state_in_a_newer_format_is_refused(fitted):
    stored = versions_of(fitted.__getstate__(), sk_w2v="99.1.0") | {"_format": 99, "_row_of": "something else"}
    assert refusal(stored) == (
        "This PretrainedWord2VecTransformer was stored by sk_w2v 99.1.0, in a format that sk_w2v "
        f"{sk_w2v.__version__} does not know. Load it with sk_w2v 99.1.0 or later."
    )


def test_another_scikit_learn_is_told_as_scikit_learn_tells_it(fitted):
    with pytest.warns(InconsistentVersionWarning) as record:
        load(versions_of(fitted.__getstate__(), **{"scikit-learn": "1.4.2"}))
    warning = record[0].message
    assert (warning.estimator_name, warning.original_sklearn_version, warning.current_sklearn_version) == (
        "PretrainedWord2VecTransformer",
        "1.4.2",
        sklearn.__version__,
    )


def test_versions_of_which_nothing_is_stored_do_not_matter(fitted):
    patch = ".".join([*sklearn.__version__.split(".")[:2], "99"])
    load(versions_of(fitted.__getstate__(), gensim="4.0.0", numpy="1.26.4", **{"scikit-learn": patch}))


@pytest.mark.parametrize(
    ("state", "what"), [(None, "None"), ([1, 2], "[1, 2]"), ({"coef_": 3}, "{'coef_': 3}"), ({}, "{}")], ids=repr
)
def test_the_state_of_something_else_is_refused(state, what):
    assert refusal(state) == f"Expected a stored state of PretrainedWord2VecTransformer. Got {what} instead."


def test_a_state_that_is_not_whole_is_refused(fitted):
    stored = fitted.__getstate__()
    for name in stored.keys() - {"_format", "_versions", "pretrained"}:
        assert refusal({key: value for key, value in stored.items() if key != name}) == (
            f"The stored state of PretrainedWord2VecTransformer is not whole: it lacks {name}. Fit and store it again."
        )


@pytest.mark.parametrize(
    ("change", "what"),
    [
        ({"counts_": np.ones(2, np.int64)}, "an array of shape (2,) instead of (3,)"),
        ({"vector_size_": 4}, "an array of shape (0, 3) instead of (0, 4)"),
        ({"_row_of": ("teacup", np.array([3, 3, 5]))}, "words of 11 characters in a text of 6"),
        ({"_row_of": ("teacuptea", np.array([3, 3, 3]))}, "1 of the words repeats another"),
        ({"_tables": {}}, "'tuned'"),
        ({"_fallback": None}, "cannot unpack non-iterable NoneType object"),
        ({"_row_of": {"tea": 0, "cup": 1, "pot": 2}}, "too many values to unpack (expected 2)"),
    ],
    ids=str,
)
def test_a_state_whose_parts_do_not_fit_is_refused(fitted, change, what):
    assert refusal(fitted.__getstate__() | change) == (
        f"The stored state of PretrainedWord2VecTransformer is damaged ({what}). Fit and store it again."
    )


def test_an_attribute_that_a_subclass_adds_is_kept(fitted):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = fitted.__getstate__()
        assert load(state | {"n_features_in_": 1}).n_features_in_ == 1


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
        "sk_w2v._pretrained PretrainedVectors"
    ]
    loaded, words = pickle.loads(pickled), handle.words[:100]
    np.testing.assert_array_equal(loaded.rows(words), handle.rows(words))
    for layer in (True, False):
        rows = [each.output_rows(words, skip_gram=layer) for each in (loaded, handle)]
        np.testing.assert_array_equal(*rows)
