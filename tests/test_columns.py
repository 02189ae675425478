"""skrub's tables, which hand each column of text to a transformer of its own."""

import numpy as np
import pandas as pd
import polars as pl
import pytest

from helpers import estimator

skrub = pytest.importorskip("skrub")
DOCUMENTS = [f"a cup of tea {number}" for number in range(50)]


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_a_table_vectorizer_takes_the_transformer(frame):
    table = frame({"text": DOCUMENTS, "number": list(range(50))})
    vectorizer = skrub.TableVectorizer(high_cardinality=estimator())
    found = vectorizer.fit_transform(table)
    assert list(found.columns) == [*estimator().fit(DOCUMENTS).get_feature_names_out(), "number"]
    np.testing.assert_array_equal(found.to_numpy()[:, :6].astype(np.float32), estimator().fit_transform(DOCUMENTS))
    np.testing.assert_array_equal(vectorizer.transform(table).to_numpy(), found.to_numpy())


@pytest.mark.parametrize("frame", [pd.DataFrame, pl.DataFrame], ids=["pandas", "polars"])
def test_a_column_is_picked_by_apply_to_cols(frame):
    table = frame({"text": DOCUMENTS, "number": list(range(50))})
    found = skrub.ApplyToCols(estimator(), cols=["text"]).fit_transform(table)
    assert found.shape == (50, 7)
