"""Vectors → two dimensions."""

from typing import Any, Literal, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from .._checks import Kind, choice, either

METHOD = either(
    choice("pca"),
    Kind("an object with fit_transform", lambda value: hasattr(value, "fit_transform") and not isinstance(value, type)),
)

Numbers = NDArray[np.float64]


class Projection(Protocol):
    """A transformer to two columns, as those of ``sklearn.decomposition`` and ``sklearn.manifold``."""

    def fit_transform(self, X: Any) -> Any: ...


Method = Literal["pca"] | Projection


def project(vectors: NDArray[Any], method: Method) -> tuple[Numbers, Numbers | None]:
    """Find two dimensions of vectors.

    Parameters
    ----------
    vectors : ndarray of shape (n_vectors, vector_size), dtype float
        One or more vectors.
    method : "pca" or transformer
        scikit-learn's ``PCA``, or an object whose ``fit_transform`` returns two columns.

    Returns
    -------
    places : ndarray of shape (n_vectors, 2), dtype float64
        The vectors in two dimensions.
    ratio : ndarray of shape (2,), dtype float64, or None
        Share of the variance that each dimension of PCA explains.
    """
    if isinstance(method, str):
        return _principal_components(vectors)
    places = np.asarray(clone(method, safe=False).fit_transform(vectors), np.float64)
    if places.shape != (len(vectors), 2):
        raise ValueError(f"The 'method' {method!r:.60} must return two columns. Got the shape {places.shape} instead.")
    return places, None


def _principal_components(vectors: NDArray[Any]) -> tuple[Numbers, Numbers]:
    from sklearn.decomposition import PCA  # importing it takes time

    if not np.ptp(vectors, axis=0).any():  # there is no variance to divide by
        return np.zeros((len(vectors), 2)), np.zeros(2)
    vectors = np.pad(vectors.astype(np.float64), [(0, 0), (0, 1)])  # vectors of one number have two dimensions too
    pca = PCA(2, random_state=0).fit(vectors)
    return pca.transform(vectors), pca.explained_variance_ratio_
