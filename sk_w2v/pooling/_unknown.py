"""Whether the words of documents to transform are known as those given to fit were."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from .._checks import quoted, warn
from ..text._analyzer import build_analyzer
from ..text._spelling import is_word
from ._batches import Batch, Words

# Fewer word tokens tell too little.
MIN_TOKENS = 100
# Where a smaller share of all tokens is unknown, punctuation is not looked for: not enough words can be.
MAY_BE_MANY = 0.25
# A share that is lower by less may be chance.
FEW = 0.1
SHOWN = 3


class Known(NamedTuple):
    """How many word tokens there are, and how many of them have a vector."""

    n_tokens: int = 0
    n_known: int = 0

    def is_low(self, expected: float) -> bool:
        """Return whether the share is at most half of what was expected, and not by a few points alone."""
        return self.n_known <= min(expected / 2, expected - FEW) * self.n_tokens


def watch(batches: Iterable[Batch], words: Words, expected: float, *, lowercase: bool = True) -> Iterator[Batch]:
    """Pass batches on; behind the last one, warn if half as many word tokens were known as expected, or fewer.

    Parameters
    ----------
    batches : iterable of Batch
        All batches of one call.
    words : Words
        The words of the fitted transformer.
    expected : float
        The share of the word tokens, 0 to 1, that would have a vector if the documents were like those given to fit.
    lowercase : bool, default=True
        Whether the words of strings are lowercased.

    Yields
    ------
    Batch
        The batches.

    Warns
    -----
    UserWarning
        Once, naming tokens that are not known. Never for fewer than ``MIN_TOKENS`` tokens.
    """
    all_known, unknown = Known(), list[str]()
    for batch in batches:
        known = _known(batch, words)
        all_known = Known(all_known.n_tokens + known.n_tokens, all_known.n_known + known.n_known)
        if not unknown and known.is_low(expected):
            unknown = _unknown_words(batch.sample, words, build_analyzer(lowercase))
        yield batch
    if unknown and all_known.n_tokens >= MIN_TOKENS and all_known.is_low(expected):
        warn(
            f"Only {all_known.n_known / all_known.n_tokens:.1%} of the word tokens have a vector, where {expected:.1%} "
            f"would have one if the documents were like those given to fit. Tokens without one: "
            f"{quoted(unknown[:SHOWN])}. Check that they are split and spelt like those given to fit."
        )


def _known(batch: Batch, words: Words) -> Known:
    """Count the word tokens. Punctuation is that of the documents given to fit; other punctuation is rare."""
    n_known, n_tokens = batch.n_known, batch.n_tokens
    if n_tokens - n_known < MAY_BE_MANY * n_tokens:
        return Known(n_tokens, n_known)
    most = max((counted.counts for counted in batch.corpus.values()), key=lambda counts: len(counts.indices))
    n_others = len(most.indices) - int(np.count_nonzero(words.is_word[most.indices]))
    return Known(n_tokens - n_others, n_known - n_others)


def _unknown_words(documents: Sequence[Any], words: Words, split: Callable[[str], list[str]]) -> list[str]:
    """Return the words of documents that have no vector, the most frequent first."""
    documents = [split(document) if isinstance(document, str) else document for document in documents]
    counts = Counter(token for tokens in documents for token in tokens if is_word(token) and not words.has(token))
    return [word for word, _ in counts.most_common()]
