"""Kinds of values and the messages about them; warnings that name the line of the user, whoever calls for him."""

import os
import sys
import warnings
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v._checks import NONE, check, check_map, choice, either, import_extra, listed_words, real, whole

from helpers import must_be
from helpers import whole as exactly

NAN, INF = float("nan"), float("inf")
ANYTHING = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.complex_numbers() | st.text() | st.lists(st.integers())
)


@given(ANYTHING, st.integers(-9, 9), st.integers(-9, 9))
def test_whole_numbers_are_ints_within_their_limits_and_no_bools(value, low, high):
    is_int = type(value) is int
    assert whole(low, high).is_valid(value) == (is_int and low <= value <= high)
    assert whole(low).is_valid(value) == (is_int and low <= value)
    assert whole(-INF).is_valid(value) == is_int


@given(ANYTHING, st.integers(-9, 9), st.integers(-9, 9))
def test_real_numbers_are_within_their_limits_and_no_bools(value, low, high):
    is_number = type(value) in (int, float)
    assert real(low, high).is_valid(value) == (is_number and low <= value <= high)
    assert real(low, high, above=True).is_valid(value) == (is_number and low < value <= high)


@given(ANYTHING)
def test_a_choice_is_one_of_its_values_and_nothing_that_equals_them(value):
    kind = choice("a", 0, 1)
    assert kind.is_valid(value) == (value == "a" or (type(value) is int and value in (0, 1)))
    assert either(NONE, kind).is_valid(value) == (value is None or kind.is_valid(value))


@pytest.mark.parametrize("value", [np.int8(1), np.uint64(1)])
def test_numbers_of_numpy_are_numbers(value):
    for kind in (whole(1), choice(0, 1), real(0, 1)):
        assert check(value, "n", kind, "f") is value


@pytest.mark.parametrize("value", [np.float16(1), np.float64(1), Fraction(1, 1)])
def test_real_numbers_are_no_whole_ones(value):
    assert check(value, "n", real(0, 1), "f") is value
    assert not whole(1).is_valid(value)
    assert not choice(0, 1).is_valid(value)


@pytest.mark.parametrize("value", [np.True_, True, NAN, INF, "1", None, np.array(1), [1]], ids=repr)
def test_these_are_no_numbers(value):
    for kind in (whole(-9, 9), real(-9, 9), choice(0, 1)):
        assert not kind.is_valid(value)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (whole(1), "an int in the range [1, inf)"),
        (whole(0, 5), "an int in the range [0, 5]"),
        (whole(-INF), "an int in the range (-inf, inf)"),
        (real(0, 1), "a float in the range [0, 1]"),
        (real(0.5, 1e12), "a float in the range [0.5, 1e12]"),
        (real(0, 1e6, above=True), "a float in the range (0, 1e6]"),
        (choice("a", "b", 0), "'a', 'b' or 0"),
        (choice("a"), "'a'"),
        (either(NONE, whole(0, 1)), "None or an int in the range [0, 1]"),
        (either(NONE, choice("a"), whole(1)), "None, 'a' or an int in the range [1, inf)"),
    ],
)
def test_a_message_says_what_a_value_must_be_and_what_it_was(kind, expected):
    value = ["far too long a value to show" * 9]
    with pytest.raises(ValueError, match=exactly(must_be("n", "most_similar", expected, value))) as error:
        check(value, "n", kind, "most_similar")
    assert str(error.value).endswith(f"Got {str(value)[:100]} instead.")


@given(st.lists(st.text()))
def test_words_are_listed_as_they_come(words):
    assert listed_words(iter(words)) == listed_words(tuple(words)) == words


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ("tea", "Expected an iterable of words. Got the str 'tea' instead."),
        (["tea", 1], "Expected words, each a str. Got 1 instead."),
        ([b"tea"], "Expected words, each a str. Got b'tea' instead."),
        ([None], "Expected words, each a str. Got None instead."),
    ],
)
def test_what_are_no_words_is_refused(words, message):
    with pytest.raises(TypeError, match=exactly(message)):
        listed_words(words)


def test_a_memory_map_whose_file_is_cut_off_is_an_error(tmp_path):
    path = tmp_path / "vectors.npy"
    np.save(path, np.ones((100, 100)))
    mapped = np.load(path, mmap_mode="r")
    for view in (mapped, mapped[5:, ::2], mapped.T, np.ones(3), np.asarray(mapped)):
        check_map(view)
    os.truncate(path, 4096)
    message = (
        f"The file {str(path)!r} behind a memory map of word vectors has been truncated since it was opened. "
        "Open it again once it is whole."
    )
    for view in (mapped, mapped[5:, ::2], mapped.T):
        with pytest.raises(ValueError, match=exactly(message)):
            check_map(view)
    check_map(np.ones(3))


def test_a_package_that_is_missing_is_named_with_what_to_install(monkeypatch):
    assert import_extra("os.path", "pandas", "f") is os.path
    monkeypatch.setitem(sys.modules, "pandas", None)
    message = 'moved_words needs pandas. Install it with: pip install "sk-w2v[pandas]"'
    with pytest.raises(ImportError, match=exactly(message)):
        import_extra("pandas", "pandas", "moved_words")


DOCUMENTS = [["tea", *"bcdefghijklmnopqrstuvwxyz"], ["tea", *"bcdefghijklmnopqrstuvwxyz"]] * 4
LABELS = [0, 1] * 4


def little():
    """Has too few of the documents' words."""
    return PretrainedWord2VecTransformer(PretrainedVectors.from_arrays(["tea"], np.eye(1)), epochs=1)


def locked():
    """Has all of the words, and holds them."""
    words = sorted(set(DOCUMENTS[0]))
    return PretrainedWord2VecTransformer(PretrainedVectors.from_arrays(words, np.eye(26)), epochs=1, lockf=0)


def searched(w2v):
    model = make_pipeline(w2v, LogisticRegression())
    return GridSearchCV(model, {"logisticregression__C": [1.0]}, cv=2).fit(DOCUMENTS, LABELS)


CALLS = {
    "fit": lambda w2v: w2v.fit(DOCUMENTS),
    "fit_transform": lambda w2v: w2v.fit_transform(DOCUMENTS),
    "set_output": lambda w2v: w2v.set_output(transform="default").fit_transform(DOCUMENTS),
    "pipeline": lambda w2v: make_pipeline(w2v, LogisticRegression()).fit(DOCUMENTS, LABELS),
    "search": searched,
}


@pytest.mark.parametrize("make", [little, locked])
@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_warning_of_a_fit_names_the_line_that_fits(make, call):
    w2v = make()
    with warnings.catch_warnings(record=True) as record:
        warnings.simplefilter("always")
        call(w2v)
    lines = {(warning.filename, warning.lineno) for warning in record}
    assert len(lines) == 1
    assert lines.pop()[0] == __file__


def test_a_warning_of_a_source_names_the_line_that_makes_it():
    with pytest.warns(UserWarning, match=r"^1 pretrained words repeat\.") as record:
        PretrainedVectors.from_arrays(["tea", "tea"], np.eye(2))
    assert record[0].filename == __file__
