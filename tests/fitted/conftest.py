"""Fitted transformers with both tables, or the one of them."""

import pytest

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer


@pytest.fixture(scope="session")
def fitted(keyed_vectors, tokens):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=1, output="both", lockf=0.5, random_state=3).fit(tokens)


@pytest.fixture(scope="session")
def untuned(keyed_vectors, tokens):
    return PretrainedWord2VecTransformer(keyed_vectors, output="pretrained").fit(tokens)


@pytest.fixture(scope="session")
def scratch(tokens):
    return PretrainedWord2VecTransformer(vector_size=10, epochs=1, random_state=3).fit(tokens)


@pytest.fixture(scope="session")
def small():
    """Three words of the documents, two of them with an untuned vector, and a fallback of two."""
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot", "milk"], [[3, 4], [0, 0], [1, -1], [5, 5]])
    return PretrainedWord2VecTransformer(source, epochs=1, output="both", random_state=0).fit([["tea", "cup", "new"]])
