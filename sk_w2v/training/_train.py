"""Tokens + pretrained rows → tuned rows; the only module that trains.

The model holds the words of the documents and nothing else. Words that only the source knows would never move, and
would take most of the negative samples (gensim's ``build_vocab(update=True)`` adds them with count 1 each).
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, NamedTuple, Protocol

import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from numpy.typing import NDArray

from .._checks import quoted, warn
from ..text._chunks import Chunks
from ..text._documents import Tokens
from ..text._vocabulary import Corpus
from ._jobs import JobsWord2Vec

Lockf = float | str | Mapping[str, float]
Rows = NDArray[np.float32]


class Start(NamedTuple):
    """The pretrained rows that training begins from, and how far they may move."""

    words: Sequence[str]
    # One row a word: shape (n_words, vector_size).
    rows: Rows
    # Of a whole word2vec model, the rows of its output layer.
    output_layer: Rows | None
    lockf: Lockf


class Tuned(NamedTuple):
    """Words, the most frequent first, with their rows as they are now, after so many epochs."""

    words: Sequence[str]
    rows: Rows
    n_epochs: int


class Epochs(Protocol):
    """Who is told of the epochs."""

    def begin_epoch(self) -> None: ...
    def end_epoch(self, tuned: Tuned) -> bool:
        """Return whether training ends early. The rows go on changing after the call."""
        ...


def train(
    documents: Iterable[Tokens],
    corpus: Corpus,
    start: Start,
    params: Mapping[str, Any],
    n_epochs: int,
    epochs: Epochs,
) -> Tuned:
    """Train word2vec on documents, from pretrained rows where there are some.

    Parameters
    ----------
    documents : iterable of sequences of str
        Token lists; read once an epoch.
    corpus : Corpus
        The counts of the words of the model.
    start : Start
        The rows to begin from. Other words begin at random, as in gensim.
    params : dict
        Arguments of gensim's Word2Vec, among them vector_size, sg, seed and workers.
    n_epochs : int
        How many passes to make, at most.
    epochs : Epochs
        Who is told of them.

    Returns
    -------
    Tuned
        The tuned rows. Where the epochs are fewer than ``n_epochs``, the learning rate was still that of all.

    Raises
    ------
    ValueError
        If the documents change between passes, or training cannot work with what is left of the words.
    """
    model = JobsWord2Vec(min_count=1, **params)
    model.build_vocab_from_freq(corpus.counts, corpus_count=corpus.n_chunks)
    if model.hs and len(model.wv) < 2:
        raise ValueError("Hierarchical softmax (hs=1) needs at least two words, the documents have one. Use hs=0.")
    _warm_up(model, start)
    chunks, counter = Chunks(documents, corpus.n_chunks), _EpochCounter(epochs)
    with suppress(_StoppedError):
        model.train(chunks, total_examples=corpus.n_chunks, epochs=n_epochs, callbacks=[counter])
    return counter.tuned(model)


def _warm_up(model: Word2Vec, start: Start) -> None:
    """Copy the pretrained rows into the model and lock them.

    In place, since gensim trusts the address, dtype and length of these arrays (#3094): of another kind they train
    wrong rows or end the process.
    """
    index = model.wv.key_to_index
    kept = [row for row, word in enumerate(start.words) if word in index]
    words = [start.words[row] for row in kept]
    rows = [index[word] for word in words]
    _warn_if_no_word_is_locked(start.lockf, words)
    factors = lock_factors(start.lockf, words, model.wv.expandos["count"][rows])
    if kept and len(kept) == len(index) and not factors.any():
        warn(
            "Every word has a pretrained vector and lockf=0 holds it there, so that 'epochs' changes nothing. "
            "Use a larger lockf, or output='pretrained', which does not train."
        )
    model.wv.vectors[rows] = start.rows[kept]
    model.wv.vectors_lockf = np.ones(len(index), np.float32)
    model.wv.vectors_lockf[rows] = factors
    if start.output_layer is not None and model.negative:
        model.syn1neg[rows] = start.output_layer[kept]


def lock_factors(lockf: Lockf, words: Sequence[str], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """Return the factor, one a word, by which training moves a pretrained row: 0 not at all, 1 as any other row."""
    if isinstance(lockf, str):
        return counts / (counts + 5)
    if isinstance(lockf, Mapping):
        return np.array([lockf.get(word, 1.0) for word in words], float)
    return np.full(len(words), lockf, float)


def _warn_if_no_word_is_locked(lockf: Lockf, words: Sequence[str]) -> None:
    if isinstance(lockf, Mapping) and lockf and lockf.keys().isdisjoint(words):
        warn(
            f"None of the words in lockf, such as {quoted(islice(lockf, 2))}, is a word of the documents that has a "
            "pretrained vector, so that lockf changes nothing. Check how they are spelt."
        )


class _StoppedError(Exception):
    """Ends training from within gensim's loop over the epochs, which has no other end; no thread runs between them."""


class _EpochCounter(CallbackAny2Vec):
    def __init__(self, epochs: Epochs) -> None:
        self._epochs, self._n_done = epochs, 0

    def tuned(self, model: Word2Vec) -> Tuned:
        return Tuned(model.wv.index_to_key, model.wv.vectors, self._n_done)

    def on_epoch_begin(self, model: Word2Vec) -> None:
        self._epochs.begin_epoch()

    def on_epoch_end(self, model: Word2Vec) -> None:
        self._n_done += 1
        if self._epochs.end_epoch(self.tuned(model)):
            raise _StoppedError
