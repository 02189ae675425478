"""Pretrained word vectors, tuned on your documents, as a scikit-learn transformer.

The road: documents → tokens (``_documents``) → vocabulary and warm-started vectors (``_warm_start``, from the rows of
``_pretrained``) → document vectors (``_pooling``); ``_transformer`` walks it.
"""

from ._display import WordVectorsDisplay
from ._pretrained import PretrainedVectors
from ._transformer import PretrainedWord2VecTransformer

__all__ = ["PretrainedVectors", "PretrainedWord2VecTransformer", "WordVectorsDisplay"]
__version__ = "0.1.0"
