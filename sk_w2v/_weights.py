"""What a word weighs in a mean: words that many documents have say less about each of them."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Weights(NamedTuple):
    """The weight of each word of the corpus, and that of any other word."""

    weights: NDArray[np.float32]
    others: float


def idf(n_documents_with: NDArray[np.int64], n_documents: int) -> Weights:
    r"""Inverse document frequency, smoothed as scikit-learn does.

    .. math:: w(t) = \ln \frac{1 + n}{1 + n_t} + 1

    with n_t of the n documents having the word t.

    Parameters
    ----------
    n_documents_with : ndarray of shape (n_words,), dtype int64
        How many documents have each word.
    n_documents : int
        How many documents there are.

    Returns
    -------
    Weights
        Those of words that no document has are ln(1 + n) + 1.
    """
    words = np.log((1 + n_documents) / (1 + n_documents_with)) + 1
    return Weights(words.astype(np.float32), float(np.log(1 + n_documents) + 1))


def sif(counts: NDArray[np.int64], a: float) -> Weights:
    r"""Smooth inverse frequency (Arora, Liang, Ma 2017).

    .. math:: w(t) = \frac{a}{a + p(t)}

    with p(t) the word's share of the tokens.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), dtype int64
        How often each word occurs.
    a : float
        The share of tokens at which a word weighs half.

    Returns
    -------
    Weights
        Those of words that do not occur are 1.
    """
    return Weights((a / (a + counts / counts.sum())).astype(np.float32), 1.0)


def usif(counts: NDArray[np.int64], n_documents: int) -> Weights:
    r"""Unsupervised smoothed inverse frequency (Ethayarajh 2018): the constant of SIF follows from the corpus.

    .. math::

        w(t) = \frac{a}{a / 2 + p(t)}, \quad a = \frac{1 - \alpha}{\alpha |V| / 2}, \quad
        \alpha = \frac{1}{|V|} \left| \left\{ t: p(t) > 1 - (1 - 1 / |V|)^n \right\} \right|

    with p(t) the word's share of the tokens, V the words and n the average number of tokens of a document.

    Parameters
    ----------
    counts : ndarray of shape (n_words,), dtype int64
        How often each word occurs.
    n_documents : int
        How many documents there are.

    Returns
    -------
    Weights
        Those of words that do not occur are 2, and of all words where alpha is 0.
    """
    share = counts / counts.sum()
    n_words, length = len(counts), max(counts.sum() / n_documents, 1)
    n_frequent = min(int(np.sum(share > 1 - (1 - 1 / n_words) ** length)), n_words - 1)
    if not n_frequent:  # a is infinite
        return Weights(np.full(n_words, 2, np.float32), 2.0)
    alpha = n_frequent / n_words
    a = (1 - alpha) / (alpha * n_words / 2)
    return Weights((a / (a / 2 + share)).astype(np.float32), 2.0)
