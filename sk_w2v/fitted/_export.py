"""The fitted vectors as gensim's own objects."""

from collections.abc import Mapping
from itertools import compress
from typing import Any

import numpy as np
from gensim.models import KeyedVectors, Word2Vec
from numpy.typing import NDArray

from ._words import FittedWords


def to_keyed_vectors(fitted: FittedWords, which: str, *, fallback: bool) -> KeyedVectors:
    """Return ``KeyedVectors`` with copies of the vectors and the attribute "count", 0 for words of the fallback."""
    words, rows = fitted.known(which, "to_keyed_vectors", fallback=fallback)
    keyed_vectors = KeyedVectors(fitted.vector_size)
    keyed_vectors.add_vectors(words, rows)
    count_of = dict(zip(fitted.row_of, fitted.counts.tolist(), strict=True))
    keyed_vectors.expandos["count"] = np.array([count_of.get(word, 0) for word in words], np.int64)
    return keyed_vectors


def to_word2vec(
    fitted: FittedWords, factors: NDArray[np.float64], n_documents: int, params: Mapping[str, Any]
) -> Word2Vec:
    """Return a ``Word2Vec`` over the words that were counted, in their order, with an output layer of zeros.

    The arrays are copied into those that gensim has made. gensim trusts their address, dtype and length, and would end
    the process on a read-only memory map.

    Parameters
    ----------
    fitted : FittedWords
        The words.
    factors : ndarray of shape (n_words,), dtype float64
        The lock factor of each word of the documents.
    n_documents : int
        How many documents were counted.
    params : dict
        Arguments of gensim's Word2Vec.

    Returns
    -------
    Word2Vec
        The model.
    """
    rows = fitted.table("tuned", "to_word2vec").rows
    is_seen = fitted.counts > 0  # gensim divides by the counts
    counts = dict(zip(compress(fitted.row_of, is_seen.tolist()), fitted.counts[is_seen].tolist(), strict=True))
    model = Word2Vec(min_count=1, sorted_vocab=0, **params)
    # with a corpus_count of 0 gensim's train() divides by it in a thread, and waits for ever
    model.build_vocab_from_freq(counts, corpus_count=n_documents)
    model.wv.vectors[:] = rows[is_seen]
    model.wv.vectors_lockf = np.array(factors[is_seen], np.float32)
    model.corpus_total_words = int(fitted.counts.sum())
    return model
