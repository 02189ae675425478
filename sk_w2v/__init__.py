"""Pretrained word vectors, tuned on your documents, as a scikit-learn transformer.

The road of a fit and a transform, and the room of each step::

    documents ── text ──▶ tokens, words and counts ──┐
                                                     ├── training ──▶ tuned rows ──┐
    source ───── sources ──▶ pretrained rows ────────┘                             │
                                                          fitted: words and rows ◀─┘
    documents ── text ──▶ tokens ── pooling ◀── fitted
                              └──▶ document vectors

``_transformer`` composes them. ``display`` draws what was ``fitted``. ``_checks`` is below all.
"""

from ._transformer import PretrainedWord2VecTransformer
from .display import WordMapDisplay, WordMovesDisplay
from .fitted._versions import show_versions
from .sources._pretrained import PretrainedVectors

__all__ = [
    "PretrainedVectors",
    "PretrainedWord2VecTransformer",
    "WordMapDisplay",
    "WordMovesDisplay",
    "show_versions",
]
__version__ = "0.1.0"
