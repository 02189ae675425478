"""The ``pretrained`` parameter of the transformer → a handle."""

import os
from typing import Any

from gensim.models import KeyedVectors, Word2Vec

from ._pretrained import TRANSFORMER, PretrainedVectors


def as_source(pretrained: Any) -> PretrainedVectors | None:
    """Return the handle that the ``pretrained`` parameter of the transformer means; None for None.

    Raises
    ------
    ValueError
        If it is nothing that can be a source.
    FileNotFoundError, IsADirectoryError, PermissionError
        If it is a path of no file, or the file cannot be read.
    """
    if pretrained is None or isinstance(pretrained, PretrainedVectors):
        return pretrained
    if isinstance(pretrained, str | os.PathLike):
        return PretrainedVectors.open(pretrained)
    if isinstance(pretrained, Word2Vec):
        return PretrainedVectors.from_word2vec(pretrained)
    if isinstance(pretrained, KeyedVectors):
        return PretrainedVectors.from_keyed_vectors(pretrained)
    is_transformer = hasattr(pretrained, "transform") and TRANSFORMER in [
        kind.__name__ for kind in type(pretrained).__mro__
    ]
    # clone() would unfit a transformer, so that a search would fail or train from nothing.
    hint = " To go on from a fitted transformer, pass PretrainedVectors.from_transformer(fitted)."
    raise ValueError(
        f"The 'pretrained' parameter of {TRANSFORMER} must be None, a path, a PretrainedVectors, or gensim's "
        f"KeyedVectors or Word2Vec. Got {pretrained!r:.100} instead.{hint if is_transformer else ''}"
    )
