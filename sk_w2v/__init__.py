"""Pretrained word vectors, tuned on your documents, as a scikit-learn transformer.

The road of a fit and a transform, and the module of each step::

    documents ─ _documents ─▶ tokens ─ _vocabulary ─▶ words and counts ─┐
                                                                        ├─ _warm_start ─▶ vectors ─┐
    source ─── _pretrained ─▶ rows ─────────────────────────────────────┘                          │
    tokens ─── _counts ─▶ sparse counts ─ _pooling (_weights, _learning) ◀─────────────────────────┘
                                              └─▶ document vectors

``_transformer`` composes them, with ``_parameters`` and ``_callbacks``; ``_state`` is what it stores. ``_counts`` looks
tokens up by ``_columns``, in C (``_lookup.c``) where that was compiled. Below ``_pretrained`` stand ``_files``
(``_formats``, ``_decimals``, ``_streams``, ``_words``, ``_growing``), ``_gensim`` and ``_arrays``, on ``_rows``. What
was fitted is looked at through ``_fitted_words``: ``_drift`` (``_neighbours``), ``_display`` (``_pictures``,
``_plots``, ``_labels``), ``_export``.
"""

from ._display import WordVectorsDisplay
from ._pretrained import PretrainedVectors
from ._transformer import PretrainedWord2VecTransformer

__all__ = ["PretrainedVectors", "PretrainedWord2VecTransformer", "WordVectorsDisplay"]
__version__ = "0.1.0"
