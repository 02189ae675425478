"""The words of a fitted transformer: one value, which is looked up, stored, inspected and exported."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import chain, compress
from typing import Any, NamedTuple, Self, TypeVar

import numpy as np
from numpy.typing import NDArray
from sklearn.pipeline import Pipeline

from .._checks import check, check_array, check_maps, choice, listed_words
from ..text._columns import Columns, columns_of
from ..text._packed import pack_words, unpack_words
from ..text._spelling import is_word
from ..text._subwords import Subwords, subwords_of
from ._unknown_words import unknown_message

WHICH = choice("tuned", "pretrained")

T = TypeVar("T")
Rows = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Table(NamedTuple):
    """One row a word of the documents, zeros where it has no vector, and which words have one."""

    rows: Rows
    has_vector: Flags

    @classmethod
    def laid_out(cls, row_of: Mapping[str, int], *parts: tuple[Sequence[str], Rows]) -> Self:
        """Lay words and their rows out in the order of an index, a later part over an earlier one."""
        rows = np.zeros((len(row_of), parts[0][1].shape[1]), np.float32)
        has_vector = np.zeros(len(row_of), np.bool_)
        for words, vectors in parts:
            chosen = [row for row, word in enumerate(words) if word in row_of]
            places = [row_of[words[row]] for row in chosen]
            rows[places] = vectors[chosen]
            has_vector[places] = True
        return cls(rows, has_vector)


class Pairs(NamedTuple):
    """Words with their vectors before and after tuning, one row each."""

    words: Sequence[str]
    counts: NDArray[np.int64]
    # Zeros where a word has none.
    before: NDArray[Any]
    has_before: Flags
    after: NDArray[Any]

    def take(self, rows: NDArray[np.intp]) -> Self:
        words = [self.words[row] for row in rows.tolist()]
        return type(self)(words, self.counts[rows], self.before[rows], self.has_before[rows], self.after[rows])


class FittedWords:
    """The words of the documents given to fit with their vectors, and the fallback beside them. Immutable.

    Parameters
    ----------
    row_of : dict of str to int
        Words of the documents → row of the tables.
    counts : ndarray of shape (n_words,), dtype int64
        How often they occur in the documents.
    tables : dict of str to Table
        ``"tuned"`` and ``"pretrained"``, or the one of them that there is.
    fallback_row_of : dict of str to int
        The source's first words → row of the fallback. They stand in for words that the documents lack.
    fallback_rows : ndarray of shape (n_fallback, vector_size), dtype float32
        Their untuned vectors.
    subwords : Subwords or None
        What gives a vector to words that are in neither.
    missing : list of tuple of (str, int)
        The documents' most frequent words without a pretrained vector, and their counts.
    """

    def __init__(
        self,
        row_of: dict[str, int],
        counts: NDArray[np.int64],
        tables: dict[str, Table],
        fallback_row_of: dict[str, int],
        fallback_rows: Rows,
        subwords: Subwords | None,
        missing: list[tuple[str, int]],
    ) -> None:
        self.row_of, self.counts, self.tables, self.missing = row_of, counts, tables, missing
        self.fallback_row_of, self.fallback_rows, self.subwords = fallback_row_of, fallback_rows, subwords
        self._made: dict[str, Any] = {}

    def __len__(self) -> int:
        return len(self.row_of)

    def check_maps(self) -> None:
        """Raise ValueError if a file that arrays are mapped from has been truncated."""
        subwords = () if self.subwords is None else self.subwords.to_plain()
        check_maps([self.counts, self.fallback_rows, *chain(*self.tables.values()), *subwords])

    @property
    def vector_size(self) -> int:
        return int(self.fallback_rows.shape[1])

    @property
    def columns(self) -> Columns:
        """Word → row of the fallback or, behind the fallback's rows, row of the tables: one look-up a token."""
        return self._once("columns", lambda: columns_of([*self.fallback_row_of, *self.row_of]))

    @property
    def is_word(self) -> Flags:
        """Which words of the documents are no punctuation."""
        return self._once("is_word", lambda: np.fromiter(map(is_word, self.row_of), np.bool_, len(self)))

    def expected_share(self, which: str, n_tokens: int, others: Mapping[str, int]) -> float:
        """Return the share, 0 to 1, of tokens that may be expected to have a vector in other documents of this kind.

        It is the share of the tokens given to fit, but for words that occur once and have no untuned vector: as many
        tokens of other documents are of words that fit did not see (Good 1953).

        Parameters
        ----------
        which : {"tuned", "pretrained"}
            The table.
        n_tokens : int
            How many tokens there were, without punctuation and the others.
        others : dict of str to int
            Words outside a fixed vocabulary, for which fallback and subwords stand in, and how often they occur.
        """
        is_known = self.tables[which].has_vector & self.is_word
        if self.subwords is None:
            is_known &= (self.counts > 1) | self._in_fallback()
        n_known = int(self.counts[is_known].sum())
        n_known += sum(count for word, count in others.items() if self._has_untuned(word))
        return n_known / (n_tokens + sum(others.values()))

    def _in_fallback(self) -> Flags:
        return np.fromiter(map(self.fallback_row_of.__contains__, self.row_of), np.bool_, len(self))

    def has(self, word: str) -> bool:
        """Return whether a word has a vector in one of the tables, or elsewhere if the documents lack it."""
        row = self.row_of.get(word)
        return self._has_untuned(word) if row is None else any(table.has_vector[row] for table in self.tables.values())

    def _has_untuned(self, word: str) -> bool:
        return word in self.fallback_row_of or (self.subwords is not None and self.subwords.has(word))

    @property
    def added(self) -> tuple[list[str], Flags]:
        """The words that the fallback adds to those of the documents, and which of its rows are theirs."""

        def add() -> tuple[list[str], Flags]:
            is_new = np.array([word not in self.row_of for word in self.fallback_row_of], np.bool_)
            return list(compress(self.fallback_row_of, is_new.tolist())), is_new

        return self._once("added", add)

    @property
    def vocabulary(self) -> dict[str, int]:
        """Word → row of :meth:`all_rows`."""
        return self._once(
            "vocabulary", lambda: self.row_of | {word: row for row, word in enumerate(self.added[0], len(self))}
        )

    def all_rows(self, which: str) -> Rows:
        """Return the rows of all words, the documents' words first. Read-only."""

        def put_together() -> Rows:
            rows = np.concatenate([self.tables[which].rows, self.fallback_rows[self.added[1]]])
            rows.flags.writeable = False
            return rows

        return self._once(which, put_together)

    def _once(self, name: str, make: Callable[[], T]) -> T:
        """Make something when it is first asked for.

        Not by functools: its lock in Python 3.11 lets a child that is forked meanwhile wait for ever. Of two threads
        that ask at once both may make it; one result stays.
        """
        made_before = self._made  # which forgetting() replaces
        if name not in made_before:
            made_before.setdefault(name, make())
        made: T = made_before[name]
        return made

    @contextmanager
    def forgetting(self) -> Iterator[None]:
        """Let go at the end of what was made within the context."""
        before = dict(self._made)
        try:
            yield
        finally:
            self._made = before

    def table(self, which: str, caller: str) -> Table:
        """Return the tuned or the pretrained table, or raise ValueError if the transformer has none."""
        check(which, "which", WHICH, caller)
        if which not in self.tables:
            cause = "output='pretrained', which tunes nothing" if which == "tuned" else "pretrained=None"
            raise ValueError(
                f"{caller} needs {which} vectors. This transformer has none, since it was fitted with {cause}."
            )
        return self.tables[which]

    def known(self, which: str, caller: str, *, fallback: bool = True) -> tuple[list[str], Rows]:
        """Return all words that have a vector, the documents' words first, and copies of their rows."""
        rows, has_vector = self.table(which, caller)
        words, rows = list(compress(self.row_of, has_vector.tolist())), rows[has_vector]
        if not fallback:
            return words, rows
        new_words, is_new = self.added
        return words + new_words, np.concatenate([rows, self.fallback_rows[is_new]])

    def as_source(self) -> tuple[list[str], Rows, Subwords | None]:
        """Return the words, tuned where they are, their rows, and what gives vectors to other words."""
        words, rows = self.known("tuned" if "tuned" in self.tables else "pretrained", "PretrainedVectors")
        return words, rows, self.subwords

    def vectors_of(self, words: Sequence[str], which: str) -> tuple[Rows, Flags]:
        """Return the vectors of words as ``transform`` looks them up, zeros where there is none; and which have one."""
        found = [self._vector(word, which) for word in words]
        nothing = np.zeros(self.vector_size, np.float32)
        vectors = np.array([nothing if row is None else row for row in found], np.float32).reshape(-1, len(nothing))
        return vectors, np.array([row is not None for row in found], np.bool_)

    def _vector(self, word: str, which: str) -> Rows | None:
        if word in self.row_of:
            rows, has_vector = self.tables[which]
            row = self.row_of[word]
            return np.asarray(rows[row]) if has_vector[row] else None
        if word in self.fallback_row_of:
            return np.asarray(self.fallback_rows[self.fallback_row_of[word]])
        if self.subwords is None:
            return None
        has_vector, rows = self.subwords.vectors([word])
        return rows[0] if has_vector[0] else None

    def pairs(self, caller: str, words: Iterable[str] | None = None) -> Pairs:
        """Return words with both vectors: the named ones, each once, or all of the documents.

        Raises
        ------
        KeyError
            If words have no tuned vector; it names them all.
        ValueError
            If the transformer lacks the tuned or the pretrained vectors.
        """
        tuned, pretrained = self.table("tuned", caller), self.table("pretrained", caller)
        if words is not None:
            return self._named_pairs(list(dict.fromkeys(listed_words(words))))
        has_after = tuned.has_vector
        return Pairs(
            list(compress(self.row_of, has_after.tolist())),
            self.counts[has_after],
            pretrained.rows[has_after],
            pretrained.has_vector[has_after],
            tuned.rows[has_after],
        )

    def _named_pairs(self, words: Sequence[str]) -> Pairs:
        after, has_after = self.vectors_of(words, "tuned")
        if not has_after.all():
            raise KeyError(unknown_message(words, has_after, self.known("tuned", "")[0], "tuned"))
        counts = [int(self.counts[self.row_of[word]]) if word in self.row_of else 0 for word in words]
        return Pairs(words, np.array(counts, np.int64), *self.vectors_of(words, "pretrained"), after)

    def to_plain(self) -> dict[str, Any]:
        """Return the value as plain arrays and strings, to be stored."""
        self.check_maps()
        return {
            "words": pack_words(self.row_of),
            "counts": self.counts,
            "tables": {which: tuple(table) for which, table in self.tables.items()},
            "fallback": (pack_words(self.fallback_row_of), self.fallback_rows),
            "subwords": None if self.subwords is None else self.subwords.to_plain(),
            "missing": self.missing,
        }

    @classmethod
    def from_plain(cls, plain: Mapping[str, Any]) -> Self:
        """Make the value of what :meth:`to_plain` gave; raise if its parts do not belong together."""
        row_of = unpack_words(*plain["words"])
        tables = {which: Table(*table) for which, table in plain["tables"].items()}
        fallback_words, fallback_rows = plain["fallback"]
        fallback_row_of = unpack_words(*fallback_words)
        subwords = subwords_of(plain["subwords"])
        n_words, size = len(row_of), fallback_rows.shape[-1]
        check_array(fallback_rows, (len(fallback_row_of), size), np.float32)
        if subwords is not None and subwords.vector_size != size:
            raise ValueError(f"vectors of subwords with {subwords.vector_size} numbers instead of {size}")
        check_array(plain["counts"], (n_words,), np.int64)
        for table in tables.values():
            check_array(table.rows, (n_words, size), np.float32)
            check_array(table.has_vector, (n_words,), np.bool_)
        return cls(row_of, plain["counts"], tables, fallback_row_of, fallback_rows, subwords, plain["missing"])


def fitted_words(fitted: Any, caller: str) -> FittedWords:
    """Return the words of a fitted transformer, or of the one in a fitted pipeline.

    Raises
    ------
    TypeError
        If it is neither, or a pipeline that has not exactly one such step.
    NotFittedError
        If it is not fitted.
    """
    steps = [step for _, step in fitted.steps] if isinstance(fitted, Pipeline) else [fitted]
    found = [step for step in steps if hasattr(step, "_fitted_words")]
    if len(found) != 1:
        raise TypeError(
            f"{caller} needs a fitted PretrainedWord2VecTransformer, or a pipeline with one such step. "
            f"Got {fitted!r:.100} instead."
        )
    words: FittedWords = found[0]._fitted_words()
    return words
