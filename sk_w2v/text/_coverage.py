"""How much of the documents a source covers, and what would bring more."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from string import punctuation
from typing import NamedTuple

from .._checks import warn
from ._vocabulary import Corpus

# Below this share of tokens there is a warning.
LOW_COVERAGE = 0.1
# A spelling that would bring this share of the missing tokens is named.
LIKELY = 0.5
# So many of the most frequent words without a pretrained vector are remembered.
MISSING_KEPT = 1000

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "lowercased": str.lower,
    "stripped of punctuation": lambda word: word.strip(punctuation),
    "lowercased and stripped of punctuation": lambda word: word.lower().strip(punctuation),
    "capitalised": str.capitalize,
    "in upper case": str.upper,
}


class Coverage(NamedTuple):
    """What the documents have in common with a source."""

    # The share of the ``"tokens"``, and of the distinct ``"words"``, that have a pretrained vector.
    shares: dict[str, float]
    # The most frequent words without one, and their counts.
    missing: list[tuple[str, int]]


def coverage_of(corpus: Corpus, known: Iterable[str]) -> Coverage:
    """Compare the documents' words with the known ones."""
    known = set(known)
    counts = [corpus.counts.get(word, 0) for word in known]
    shares = {"tokens": sum(counts) / corpus.n_tokens, "words": sum(map(bool, counts)) / len(corpus.counts)}
    missing = Counter({word: count for word, count in corpus.counts.items() if word not in known})
    return Coverage(shares, missing.most_common(MISSING_KEPT))


def check_coverage(coverage: Coverage, source: object, knows: Callable[[str], bool]) -> None:
    """Raise ValueError if no word has a pretrained vector; warn, with the likely reason, if few tokens have one."""
    if coverage.shares["tokens"] >= LOW_COVERAGE:
        return
    hint = _likely_reason(coverage.missing, knows)
    if not coverage.shares["words"]:
        raise ValueError(f"No word of the documents has a vector in {source}. {hint}")
    warn(
        f"Only {coverage.shares['tokens']:.1%} of the documents' tokens have a vector in {source}; the others have "
        f"nothing to start from. {hint}"
    )


def _likely_reason(missing: Sequence[tuple[str, int]], knows: Callable[[str], bool]) -> str:
    n_tokens = sum(count for _, count in missing)
    known = {
        spelling: sum(count for word, count in missing if knows(respell(word))) / n_tokens
        for spelling, respell in _SPELLINGS.items()
    }
    spelling = max(known, key=known.__getitem__)
    if known[spelling] < LIKELY:
        return "Check that the language and the case of its words are those of the documents' tokens."
    return (
        f"Of the tokens without one, {known[spelling]:.0%} have one when they are {spelling}: have the analyzer do so, "
        "or do so with the tokens."
    )
