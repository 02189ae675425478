"""scikit-learn's own checks, all of them.

For a transformer of text ``check_estimator`` runs next to nothing, since its checks bring numbers. So they get a twin
that differs in two things only: how X is read (each row of numbers becomes tokens), and the tags that say so.
"""

import os
import warnings

import numpy as np
import pytest
from sklearn.exceptions import SkipTestWarning
from sklearn.utils import estimator_checks
from sklearn.utils.estimator_checks import check_estimator, parametrize_with_checks
from sklearn.utils.validation import validate_data

from sk_w2v import PretrainedWord2VecTransformer

EXTRA_CHECKS = [
    estimator_checks.check_transformer_get_feature_names_out,
    estimator_checks.check_transformer_get_feature_names_out_pandas,
    estimator_checks.check_dataframe_column_names_consistency,
    estimator_checks.check_n_features_in_after_fitting,
    estimator_checks.check_set_output_transform,
    estimator_checks.check_set_output_transform_pandas,
    estimator_checks.check_set_output_transform_polars,
    estimator_checks.check_global_set_output_transform_polars,
    estimator_checks.check_get_feature_names_out_error,
]


class NumericTwin(PretrainedWord2VecTransformer):
    """Reads a row of numbers as the tokens "0:a", "1:b" and so on, with each number cut to a letter."""

    def _read(self, X, *, fitting):
        X = validate_data(self, X, reset=fitting)
        letters = np.clip(np.asarray(X, float) * 2 + 13, 0, 25).astype(int)
        return [[f"{column}:{letter}" for column, letter in enumerate(row)] for row in letters.tolist()]

    def __sklearn_tags__(self):
        tags = super().__sklearn_tags__()
        tags.input_tags.string = False
        tags.input_tags.two_d_array = True
        return tags


@parametrize_with_checks([NumericTwin(vector_size=4, epochs=1)])
def test_the_twin_passes_every_check(estimator, check):
    check(estimator)


@pytest.mark.filterwarnings("ignore:X (has|does not have valid) feature names")
@pytest.mark.parametrize("check", EXTRA_CHECKS, ids=lambda check: check.__name__)
def test_the_twin_passes_the_checks_that_the_battery_leaves_out(check):
    check("NumericTwin", NumericTwin(vector_size=4, epochs=1))


def test_only_the_array_api_check_is_skipped_and_only_where_it_is_not_switched_on():
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        results = check_estimator(NumericTwin(vector_size=4, epochs=1), on_fail=None)
    assert {result["check_name"] for result in results if result["status"] == "failed"} == set()
    skipped = {result["check_name"] for result in results if result["status"] == "skipped"}
    exists = {"check_array_api_input"} & {result["check_name"] for result in results}  # not before scikit-learn 1.9
    assert skipped == (set() if os.environ.get("SCIPY_ARRAY_API") else exists), skipped


def test_the_transformer_itself_passes_with_honest_tags():
    tags = PretrainedWord2VecTransformer().__sklearn_tags__()
    assert (tags.input_tags.string, tags.input_tags.two_d_array, tags.requires_fit) == (True, False, True)
    assert (tags.transformer_tags.preserves_dtype, tags.target_tags.required) == ([], False)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SkipTestWarning)
        check_estimator(PretrainedWord2VecTransformer())
