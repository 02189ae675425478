"""Tokens + the words of a fitted transformer → counted tokens, as every pooling takes them."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import chain
from typing import Any, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from .._checks import check_maps
from ..text._columns import Columns
from ..text._documents import check_tokens
from ..text._subwords import SubwordRows, Subwords
from ..text._token_counts import TokenCounts, count_tokens, split_in_batches

# Tokens of a document beyond which equal words are counted first: single precision would lose digits.
LONG_DOCUMENT = 2000

# Documents of a batch among which unknown tokens are looked for.
SAMPLE = 20

# How many rows are gathered at once for an extreme.
TOKENS_AT_ONCE = 1 << 16

# Words with a vector by subwords that are remembered from one batch to the next.
WORDS_REMEMBERED = 50_000

Vectors = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Words(Protocol):
    """The words of a fitted transformer, as far as tokens are looked up in them and compared with them."""

    # One row for each word that stands in for those that fit did not see.
    fallback_rows: Vectors
    subwords: Subwords | None

    def has(self, word: str) -> bool:
        """Return whether a word has a vector in one of the tables, or elsewhere if the documents lack it."""
        ...

    @property
    def is_word(self) -> NDArray[np.bool_]:
        """Which words of the documents given to fit are no punctuation."""
        ...

    @property
    def tables(self) -> Mapping[str, tuple[Vectors, Flags]]:
        """Output → one row a word of the documents given to fit, and which words have one."""
        ...

    @property
    def columns(self) -> Columns:
        """Word → row of the fallback or, behind the fallback's rows, row of the tables."""
        ...


class Counted(NamedTuple):
    """The tokens of documents, counted, and the vectors of their words, each of which has one."""

    counts: TokenCounts
    # Shape (n_words, vector_size).
    vectors: Vectors

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        """How many tokens each document has: shape (n_documents,)."""
        return self.counts.n_tokens

    def total(self, weights: NDArray[np.float32] | None = None) -> Vectors:
        """Add up the (weighted) vectors of each document's tokens."""
        counts = self.counts
        total: Vectors = counts.sums(self.vectors) if weights is None else counts.matrix(weights) @ self.vectors
        long = np.flatnonzero(self.n_tokens > LONG_DOCUMENT)
        if len(long):
            words = counts.matrix()[long].astype(np.float64)  # in which any count is exact
            words.sum_duplicates()
            words = words.astype(np.float32)
            if weights is not None:
                words.data *= weights[words.indices]
            total[long] = words @ self.vectors
        return total

    def extreme(self, extreme: np.ufunc, nothing: float) -> Vectors:
        """Take the extreme of each column over a document's tokens; ``nothing`` where there are none."""
        found = np.full((self.counts.n_documents, self.vectors.shape[1]), nothing, np.float32)
        for tokens, documents, starts in _pieces(self.counts.indptr):
            of_piece = extreme.reduceat(self.vectors[self.counts.indices[tokens]], starts, axis=0)
            found[documents] = extreme(found[documents], of_piece)
        return found


class Fallback:
    """The tokens of words that fit did not see. What several blocks of the output need of them is made once."""

    def __init__(self, parts: Sequence[Counted]) -> None:
        self.parts = parts
        self._made: dict[str, Vectors] = {}

    @property
    def n_tokens(self) -> NDArray[np.int32]:
        return reduce(np.add, (part.n_tokens for part in self.parts))

    def total(self) -> Vectors:
        if "total" not in self._made:
            self._made["total"] = reduce(np.add, (part.total() for part in self.parts))
        return self._made["total"]

    def extreme(self, extreme: np.ufunc, nothing: float) -> Vectors:
        if extreme.__name__ not in self._made:
            parts = (part.extreme(extreme, nothing) for part in self.parts)
            self._made[extreme.__name__] = reduce(extreme, parts)
        return self._made[extreme.__name__]


class Batch(NamedTuple):
    """Some documents, as every pooling takes them."""

    # All tokens of words that fit saw.
    counts: TokenCounts
    # Output → those of them that have a vector there.
    corpus: Mapping[str, Counted]
    fallback: Fallback
    # How many tokens there are, with those that have no vector.
    n_tokens: int
    # Some of the documents.
    sample: Sequence[Any]

    @property
    def n_known(self) -> int:
        """How many tokens have a vector."""
        in_corpus = max(len(counted.counts.indices) for counted in self.corpus.values())
        return int(in_corpus + sum(len(part.counts.indices) for part in self.fallback.parts))


def count_batches(
    documents: Iterable[Any],
    words: Words,
    outputs: Collection[str],
    *,
    lowercase: bool = True,
    batch_size: int | None = None,
) -> Iterator[Batch]:
    """Look up and count the tokens of some documents at a time; those that are strings are split into words.

    Raises
    ------
    TypeError
        If a token is not a string; it names the document.
    """
    n_done = 0
    subword_rows: SubwordRows | None = None
    for batch in split_in_batches(documents, batch_size):
        subword_rows = _remembered(subword_rows, words.subwords)
        try:
            counted = _count(batch, words, outputs, subword_rows, lowercase)
        except TypeError:
            check_tokens(batch, n_done)
            raise
        n_done += len(batch)
        batch.clear()  # or the next ones would be read while these are held
        yield counted


def _remembered(rows: SubwordRows | None, subwords: Subwords | None) -> SubwordRows | None:
    """Return the rows of the words that the batches before had, or none again if they have become many."""
    if subwords is None or (rows is not None and len(rows) <= WORDS_REMEMBERED):
        return rows
    return SubwordRows(subwords)


def _count(
    documents: Sequence[Any],
    words: Words,
    outputs: Collection[str],
    subword_rows: SubwordRows | None,
    lowercase: bool,
) -> Batch:
    tables = {output: words.tables[output] for output in outputs}
    check_maps([words.fallback_rows, *chain(*tables.values())])
    sizes = len(words.fallback_rows), len(next(iter(words.tables.values()))[0])
    (in_fallback, counts, *others), n_tokens = count_tokens(
        documents, words.columns, sizes, lowercase=lowercase, subword_rows=subword_rows
    )
    fallback = [Counted(in_fallback, words.fallback_rows)]
    if subword_rows is not None:
        fallback += [Counted(own, subword_rows.rows()) for own in others]
    corpus = {output: Counted(counts.having(known), vectors) for output, (vectors, known) in tables.items()}
    return Batch(counts, corpus, Fallback(fallback), n_tokens, documents[:: len(documents) // SAMPLE + 1])


def _pieces(ends: NDArray[np.int32]) -> Iterator[tuple[slice, NDArray[np.int64], NDArray[np.int64]]]:
    """Split tokens in pieces: which they are, the documents in a piece, and where these begin in it."""
    for start in range(0, int(ends[-1]), TOKENS_AT_ONCE):
        stop = min(start + TOKENS_AT_ONCE, int(ends[-1]))
        first, last = np.searchsorted(ends, [start, stop - 1], "right") - 1
        documents = np.arange(first, last + 1)
        documents = documents[ends[documents + 1] > ends[documents]]
        yield slice(start, stop), documents, np.maximum(ends[documents], start) - start
