"""The words of a fitted transformer → their vectors before and after tuning, or an error that names them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from difflib import get_close_matches
from itertools import chain, compress
from numbers import Integral
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.utils.validation import check_is_fitted

from ._rows import First, Subwords, listed

MAX_SUGGESTIONS = 10
"""For so many unknown words those that are spelt alike are looked up, which takes time."""

WHY_MISSING = {
    "tuned": "it was fitted with output='pretrained', which tunes nothing",
    "pretrained": "it was fitted with pretrained=None, from random vectors",
}

Rows = NDArray[np.float32]
Flags = NDArray[np.bool_]


class Pairs(NamedTuple):
    """Words with their vectors before and after tuning, one row each."""

    words: Sequence[str]
    counts: NDArray[np.int64]
    before: NDArray[Any]
    """Zeros where a word has none."""
    has_before: Flags
    after: NDArray[Any]

    def take(self, rows: NDArray[np.intp]) -> Self:
        words = [self.words[row] for row in rows.tolist()]
        return type(self)(words, self.counts[rows], self.before[rows], self.has_before[rows], self.after[rows])


class FittedWords(NamedTuple):
    """What a fitted transformer keeps of its words: those of the documents, and the fallback's beside them."""

    row_of: Mapping[str, int]
    counts: NDArray[np.int64]
    tables: Mapping[str, tuple[Rows, Flags]]
    """As ``"pretrained"`` and ``"tuned"``: rows of the documents' words, and which of them have one."""
    fallback: First
    subwords: Subwords | None

    @classmethod
    def of(cls, fitted: Any) -> Self:
        """Read a fitted transformer, or raise TypeError or NotFittedError."""
        if not hasattr(fitted, "most_similar") or not hasattr(fitted, "drift"):
            raise TypeError(f"Expected a fitted PretrainedWord2VecTransformer. Got {fitted!r:.100} instead.")
        check_is_fitted(fitted)
        return cls(fitted._row_of, fitted.counts_, fitted._tables, fitted._fallback, fitted._subwords)

    def check_has(self, *outputs: str, caller: str) -> None:
        for which in outputs:
            if which not in self.tables:
                raise ValueError(
                    f"{caller} needs {which} vectors, and this transformer has none: {WHY_MISSING[which]}."
                )

    def known(self, which: str) -> Iterator[str]:
        """All words with a vector: the documents', then the fallback's."""
        new_words, _ = self.fallback.new_to(self.row_of)
        return chain(compress(self.row_of, self.tables[which][1].tolist()), new_words)

    def find(self, words: Sequence[str], which: str) -> tuple[Rows, Flags]:
        """The vectors of words, zeros where a word has none, and which of them have one."""
        found = [self._vector(word, which) for word in words]
        nothing = np.zeros(self.fallback.rows.shape[1], np.float32)
        vectors = np.array([nothing if row is None else row for row in found], np.float32).reshape(-1, len(nothing))
        return vectors, np.array([row is not None for row in found], np.bool_)

    def _vector(self, word: str, which: str) -> Rows | None:
        if word in self.row_of:
            row = self.row_of[word]
            vectors, has_vector = self.tables[which]
            known: Rows = vectors[row]
            return known if has_vector[row] else None
        if word in self.fallback.row_of:
            untuned: Rows = self.fallback.rows[self.fallback.row_of[word]]
            return untuned
        return self.subwords.vector(word) if self.subwords is not None and self.subwords.has(word) else None

    def pairs(self, caller: str, words: Iterable[str] | None = None) -> Pairs:
        """The named words, or all of the documents; one without a pretrained vector has zeros there."""
        self.check_has("pretrained", "tuned", caller=caller)
        if words is not None:
            return self._named_pairs(list(dict.fromkeys(listed_words(words))))
        (before, has_before), (after, has_after) = self.tables["pretrained"], self.tables["tuned"]
        names = list(compress(self.row_of, has_after.tolist()))
        return Pairs(names, self.counts[has_after], before[has_after], has_before[has_after], after[has_after])

    def _named_pairs(self, words: Sequence[str]) -> Pairs:
        after, has_after = self.find(words, "tuned")
        if not has_after.all():
            raise KeyError(unknown_message(words, has_after, list(self.known("tuned")), "tuned"))
        counts = [int(self.counts[self.row_of[word]]) if word in self.row_of else 0 for word in words]
        return Pairs(words, np.array(counts, np.int64), *self.find(words, "pretrained"), after)


def listed_words(words: Iterable[str]) -> list[str]:
    """Return words as a list, or raise TypeError if they are not words."""
    words = listed(words)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"Expected words, each a str. Got {word!r:.60} instead.")
    return words


def check_int(value: Any, name: str, caller: str) -> int:
    """Return the value as an int, or raise ValueError if it is not a positive one."""
    if not isinstance(value, Integral) or isinstance(value, bool) or value < 1:
        raise ValueError(f"The {name!r} of {caller} must be an int in the range [1, inf). Got {value!r:.60} instead.")
    return int(value)


def unknown_message(words: Sequence[str], has_vector: Flags, known: Sequence[str], which: str) -> str:
    """Name the words that have no vector, and known words that are spelt much like them."""
    unknown = [word for word, has in zip(words, has_vector.tolist(), strict=True) if not has]
    named = [f"{word!r}{_suggestion(word, known)}" for word in unknown[:MAX_SUGGESTIONS]]
    named += [repr(word) for word in unknown[MAX_SUGGESTIONS:]]
    return f"{len(unknown)} of {len(words)} words have no {which} vector: {', '.join(named)}."


def _suggestion(word: str, known: Sequence[str]) -> str:
    lower = word.lower()
    if lower != word and lower in known:
        return f" (did you mean {lower!r}?)"
    first, length = lower[:1], len(word)
    # difflib takes seconds for a long list; beyond these lengths its ratio is below the cutoff anyway
    alike = [other for other in known if other[:1].lower() == first and 3 * length <= 5 * len(other) <= 9 * length]
    close = get_close_matches(word, alike, cutoff=0.75)
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""
