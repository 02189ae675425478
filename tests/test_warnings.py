"""Warnings name the line of the user, whoever calls the project on his behalf."""

import warnings

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

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
