"""Vectors in two dimensions."""

import numpy as np
import pytest
from sklearn.decomposition import PCA

from sk_w2v.display._projection import project

from .pictures import BEFORE
from helpers import whole


def test_principal_components_are_those_of_scikit_learn():
    places, ratio = project(BEFORE, "pca")
    pca = PCA(2)
    np.testing.assert_allclose(places, pca.fit_transform(BEFORE))
    np.testing.assert_allclose(ratio, pca.explained_variance_ratio_)


def test_vectors_of_one_number_lie_on_a_line():
    places, ratio = project(BEFORE[:, :1], "pca")
    assert not places[:, 1].any()
    np.testing.assert_allclose(np.sort(places[:, 0]), np.sort(BEFORE[:, 0] - BEFORE[:, 0].mean()))
    assert ratio.tolist() == [1, 0]


@pytest.mark.parametrize("vectors", [np.ones((1, 3)), np.ones((4, 3))])
def test_vectors_without_variance_are_one_point(vectors):
    places, ratio = project(vectors, "pca")
    assert places.tolist() == [[0, 0]] * len(vectors)
    assert ratio.tolist() == [0, 0]


def test_another_method_is_fitted_as_a_copy():
    method = PCA(2)
    places, ratio = project(BEFORE, method)
    np.testing.assert_allclose(places, PCA(2).fit_transform(BEFORE))
    assert ratio is None
    assert not hasattr(method, "components_")


def test_a_method_with_another_number_of_columns_is_refused():
    message = "The 'method' PCA(n_components=3) must return two columns. Got the shape (5, 3) instead."
    with pytest.raises(ValueError, match=whole(message)):
        project(BEFORE, PCA(3))
