"""What is stored is checked when it is loaded: versions, kind, completeness."""

import pickle
import warnings

import gensim
import joblib
import numpy as np
import pytest
import sklearn
from gensim.models import FastText
from sklearn.exceptions import InconsistentVersionWarning

import sk_w2v
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.fitted import _state

from helpers import estimator

AGAIN = "Fit and store it again."
EYE = np.eye(3, dtype=np.float32)
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
        "sk-w2v": sk_w2v.__version__,
        "scikit-learn": sklearn.__version__,
        "gensim": gensim.__version__,
        "numpy": np.__version__,
    }
    assert vars(pickle.loads(pickle.dumps(fitted))).keys() == vars(fitted).keys()


def test_a_file_of_a_newer_version_says_so_and_names_the_line_that_loads(fitted, tmp_path, monkeypatch):
    with monkeypatch.context() as patched:
        newer = fitted.__getstate__()["_versions"] | {"sk-w2v": "99.1.0"}
        patched.setattr(_state, "versions", lambda: newer)
        joblib.dump(fitted, tmp_path / "fitted.joblib")
    message = (
        "This PretrainedWord2VecTransformer was stored by sk_w2v 99.1.0 and is loaded by the older "
        f"{sk_w2v.__version__}, whose results may differ. Load it with sk_w2v 99.1.0 or later."
    )
    with pytest.warns(UserWarning, match="99") as record:
        loaded = joblib.load(tmp_path / "fitted.joblib")
    assert [(str(warning.message), warning.filename) for warning in record] == [(message, __file__)]
    np.testing.assert_array_equal(loaded.vectors_, fitted.vectors_)


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


def test_an_attribute_that_a_subclass_adds_is_kept(fitted):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        state = fitted.__getstate__()
        assert load(state | {"n_features_in_": 1}).n_features_in_ == 1


def test_a_state_in_a_newer_format_is_refused(fitted):
    stored = versions_of(fitted.__getstate__(), **{"sk-w2v": "99.1.0"})
    newer = {"_format": 99, "_versions": stored["_versions"], "pretrained": None, "something": "else"}
    assert refusal(newer) == (
        "This PretrainedWord2VecTransformer was stored by sk_w2v 99.1.0, in a format that sk_w2v "
        f"{sk_w2v.__version__} does not know. Load it with sk_w2v 99.1.0 or later."
    )


@pytest.mark.parametrize("make", [lambda: estimator().fit(TOKENS), estimator], ids=["fitted", "unfitted"])
def test_a_state_that_is_not_whole_is_refused(make):
    stored = make().__getstate__()
    for name in stored.keys() - {"pretrained"}:
        assert refusal({key: value for key, value in stored.items() if key != name}) == (
            f"The stored state of PretrainedWord2VecTransformer is not whole: it lacks {name}. {AGAIN}"
        )


def test_all_that_a_state_lacks_is_named(fitted):
    stored = fitted.__getstate__()
    kept = {name: value for name, value in stored.items() if name not in ("epochs", "sg", "n_iter_")}
    assert refusal(kept) == (
        f"The stored state of PretrainedWord2VecTransformer is not whole: it lacks epochs, sg, n_iter_. {AGAIN}"
    )


def parts_of(value, path=()):
    """The paths to all arrays and strings in a stored value."""
    if isinstance(value, np.ndarray | str):
        yield path
    elif isinstance(value, dict | list | tuple):
        for key, part in value.items() if isinstance(value, dict) else enumerate(value):
            yield from parts_of(part, (*path, key))


def changed(value, path, change):
    """A copy in which one part is changed."""
    if not path:
        return change(value)
    key, *rest = path
    pairs = value.items() if isinstance(value, dict) else enumerate(value)
    parts = {name: changed(part, rest, change) if name == key else part for name, part in pairs}
    return parts if isinstance(value, dict) else type(value)(parts.values())


def part_at(value, path):
    return part_at(value[path[0]], path[1:]) if path else value


@pytest.mark.parametrize(
    "change",
    [lambda part: part[:-1], lambda part: None, lambda part: 5, lambda part: part[:0]],
    ids=["cut off", "nothing", "a number", "empty"],
)
def test_a_state_with_words_rows_or_counts_that_do_not_belong_together_is_refused(change):
    """Whichever of them it is; the list of missing words stands alone, and so does the table of n-grams."""
    model = FastText([["tea", "cup", "pot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=50, workers=1)
    stored = estimator(model.wv, fallback_size=1).fit([["tea", "cup", "sugar"]]).__getstate__()
    paths = [path for path in parts_of(stored["_words"]) if path[0] != "missing"]
    assert len(paths) == 10
    for path in paths:
        with pytest.raises(ValueError, match=rf"^The stored state of \w+ is damaged \(.+\)\. {AGAIN}\Z"):
            load(stored | {"_words": changed(stored["_words"], path, change)})


@pytest.mark.parametrize(
    "change",
    [lambda part: part[..., :-1], lambda part: part[..., :0], lambda part: None, lambda part: 5],
    ids=["cut off", "empty", "nothing", "a number"],
)
@pytest.mark.parametrize(("pooling", "n_arrays"), [("mean", 1), ("idf", 2), ("sif", 3), ("usif", 3), ("vlad", 4)])
def test_what_poolings_have_learned_is_checked_too(pooling, n_arrays, change):
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
    how = {"pooling": pooling, "pooling_params": {"vlad_k": 2}, "scale": True, "output": "pretrained"}
    stored = estimator(source, **how).fit([["tea", "cup", "sugar"], ["tea"]]).__getstate__()
    paths = [path for path in parts_of(stored["_blocks"]) if isinstance(part_at(stored["_blocks"], path), np.ndarray)]
    assert len(paths) == n_arrays
    for path in paths:
        with pytest.raises(ValueError, match=rf"^The stored state of \w+ is damaged \(.+\)\. {AGAIN}\Z"):
            load(stored | {"_blocks": changed(stored["_blocks"], path, change)})


@pytest.mark.parametrize(
    ("block", "what"),
    [
        (("tuned", "mode", {}, None), "'mode'"),
        (("tuned", "mean", {"of_corpus": np.ones(3)}, None), "'mean' with ['of_corpus'] instead of []"),
        (("tuned", "idf", {}, None), "'idf' with [] instead of ['of_corpus', 'of_fallback']"),
        (
            (
                "tuned",
                "vlad",
                {"centres": EYE, "labels": [np.array([0, 3, 1], np.int32), np.array([], np.int32)]},
                None,
            ),
            "a word without its centre",
        ),
        (
            ("tuned", "vlad", {"centres": EYE, "labels": [np.array([0.0, 2, 1]), np.array([], np.int32)]}, None),
            "an array of dtype float64 instead of int32",
        ),
        (
            ("tuned", "vlad", {"centres": EYE, "labels": [np.array([0, 2, 1])]}, None),
            "not enough values to unpack (expected 2, got 1)",
        ),
        (("tuned", "mean", {}, (np.zeros(3, np.float32), np.nan)), "a factor that is no number"),
        (("tuned", "mean", {}, (np.zeros(2), 1.0)), "an array of shape (2,) instead of (3,)"),
    ],
)
def test_a_block_that_cannot_be_is_named(fitted, block, what):
    assert refusal(fitted.__getstate__() | {"_blocks": [block]}) == (
        f"The stored state of PretrainedWord2VecTransformer is damaged ({what}). {AGAIN}"
    )


@pytest.mark.parametrize("change", [{"_blocks": []}, {"_known_share": None}, {"_known_share": np.nan}], ids=str)
def test_a_state_without_columns_or_without_the_share_of_known_tokens_is_refused(fitted, change):
    assert "is damaged (" in refusal(fitted.__getstate__() | change)


def test_flags_of_another_dtype_are_refused(fitted):
    stored = fitted.__getstate__()
    rows, has_vector = stored["_words"]["tables"]["tuned"]
    words = stored["_words"] | {"tables": {"tuned": (rows, has_vector.astype(np.int64))}}
    assert "(an array of dtype int64 instead of bool)" in refusal(stored | {"_words": words})


def test_parts_of_words_with_other_numbers_are_refused():
    model = FastText([["tea", "cup", "pot"]] * 5, vector_size=4, min_count=1, epochs=1, bucket=50, workers=1)
    stored = estimator(model.wv).fit([["tea", "cup"]]).__getstate__()
    kind, table, *rest = stored["_words"]["subwords"]
    words = stored["_words"] | {"subwords": (kind, table[:, :3], *rest)}
    assert refusal(stored | {"_words": words}) == (
        "The stored state of PretrainedWord2VecTransformer is damaged (vectors of subwords with 3 numbers instead of "
        f"4). {AGAIN}"
    )


@pytest.mark.parametrize("words", [None, 5, {}, [], "tea", {"words": None}], ids=repr)
def test_a_state_without_words_is_refused(fitted, words):
    with pytest.raises(ValueError, match=rf"^The stored state of \w+ is damaged \(.+\)\. {AGAIN}\Z"):
        load(fitted.__getstate__() | {"_words": words})


def test_a_state_with_blocks_of_vectors_that_it_lacks_is_refused(fitted):
    blocks = [("pretrained", *block[1:]) for block in fitted.__getstate__()["_blocks"]]
    assert refusal(fitted.__getstate__() | {"_blocks": blocks}) == (
        "The stored state of PretrainedWord2VecTransformer is damaged (transform needs pretrained vectors. This "
        f"transformer has none, since it was fitted with pretrained=None.). {AGAIN}"
    )
