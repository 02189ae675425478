"""What the tests of all pictures need: no window, no open figure, a fitted transformer."""

import matplotlib
import pytest
from matplotlib import pyplot

from sk_w2v import PretrainedWord2VecTransformer

matplotlib.use("agg")


@pytest.fixture(autouse=True)
def _close_figures():
    yield
    pyplot.close("all")


@pytest.fixture(scope="module")
def fitted(keyed_vectors, documents):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=5, random_state=0).fit(documents)
