"""How much of the documents a source covers, and what would bring more."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from .._checks import quoted, warn
from ._spelling import Asked, best_spelling, is_word, respell
from ._unsplit import describe, find_phrases
from ._vocabulary import Corpus

# Below this share of word tokens there is a warning.
LOW_COVERAGE = 0.1
# A spelling is named, whatever the coverage is, if it makes one word token in ten known.
ONE_IN = 10
# The most frequent words without a pretrained vector that are remembered.
MISSING_KEPT = 1000
# The most frequent of them with which the best spelling is found, and words of the source to compare them with.
MISSING_TRIED = 2000
SAMPLE = 2000
# Longer tokens are no words, and to spell them otherwise may take seconds each.
LONGEST_TRIED = 200
# How many of either a message shows.
SHOWN = 3

_NOTHING_HELPS = (
    "Nothing that was tried helps: another case, Unicode form or way of splitting, other digits or apostrophes, no "
    "punctuation or accents, a prefix or suffix. Check that the source is of the documents' language."
)


class Coverage(NamedTuple):
    """What the documents have in common with a source."""

    # The share of the ``"tokens"``, and of the distinct ``"words"``, that have a pretrained vector.
    shares: dict[str, float]
    # The most frequent words without one, and their counts.
    missing: list[tuple[str, int]]
    # How many word tokens there are, and how many of them have one.
    n_tokens: int
    n_known: int


def coverage_of(corpus: Corpus, known: Collection[str]) -> Coverage:
    """Compare the documents' words with the known ones. Punctuation does not count unless there is nothing else."""
    counts = word_counts(corpus.counts)
    known = set(known)
    found = [count for word, count in counts.items() if word in known]
    n_tokens, n_known = sum(counts.values()), sum(found)
    missing = Counter({word: count for word, count in corpus.counts.items() if word not in known})
    shares = {"tokens": n_known / n_tokens, "words": len(found) / len(counts)}
    return Coverage(shares, missing.most_common(MISSING_KEPT), n_tokens, n_known)


def word_counts(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Return the counts without punctuation, or all if there is nothing else."""
    return {word: count for word, count in counts.items() if is_word(word)} or counts


def check_coverage(
    corpus: Corpus, known: Collection[str], coverage: Coverage, source: Asked, has_subwords: bool
) -> None:
    """Tell what a source lacks, if that is nearly all or something is known that would bring much more.

    Parameters
    ----------
    corpus : Corpus
        The documents' words.
    known : collection of str
        Those of them that have a vector.
    coverage : Coverage
        What :func:`coverage_of` says of the two.
    source : Asked
        The source.
    has_subwords : bool
        Whether parts of words, which phrases have too, give vectors.

    Raises
    ------
    ValueError
        If no word has a vector.

    Warns
    -----
    UserWarning
        If a tenth of the word tokens has none but has one when it is spelt or split otherwise, or if nine tenths have
        none.
    """
    missing = _missing(corpus.counts, set(known))
    phrases = find_phrases(corpus.counts if has_subwords else missing)
    if _is_much(coverage.n_tokens - coverage.n_known, coverage):
        advice = _split_advice(phrases, source) if phrases else _spelling_advice(missing, coverage, source)
        if advice or coverage.shares["tokens"] < LOW_COVERAGE:
            _tell(coverage, bool(known), source, advice or _nothing_helps(missing, source))
    elif phrases:
        warn(_split_advice(phrases, source))


def _is_much(n_tokens: float, coverage: Coverage) -> bool:
    return ONE_IN * n_tokens >= coverage.n_tokens


def _missing(counts: Mapping[str, int], known: Collection[str]) -> dict[str, int]:
    """Return the words that are not known, the most frequent first."""
    missing = {word: count for word, count in counts.items() if word not in known}
    return dict(Counter(word_counts(missing)).most_common())


def _tell(coverage: Coverage, has_known: bool, source: Asked, advice: str) -> None:
    if not has_known:
        raise ValueError(f"No word of the documents has a vector in {source}. {advice}")
    warn(
        f"Only {coverage.shares['tokens']:.1%} of the documents' word tokens have a vector in {source}; the others "
        f"have nothing to start from. {advice}"
    )


def _split_advice(phrases: Sequence[str], source: Asked) -> str:
    return describe(phrases, list(filter(is_word, source._some_words(SAMPLE))))


def _spelling_advice(missing: Mapping[str, int], coverage: Coverage, source: Asked) -> str:
    """Say which other spelling of the words brings much; nothing if none does."""
    missing = {word: count for word, count in missing.items() if len(word) <= LONGEST_TRIED}
    if not missing:
        return ""
    tried = dict(islice(missing.items(), MISSING_TRIED))
    # A tenth of all tokens, as far as the words that are tried can bring it.
    enough = coverage.n_tokens / ONE_IN * sum(tried.values()) / sum(missing.values())
    best = best_spelling(tried, coverage.n_tokens, enough, source, source._some_words(SAMPLE))
    if best.n_tokens < enough:
        return ""
    if len(tried) < len(missing):
        best = respell(best.spelling, missing, source)
    share = (coverage.n_known + best.n_tokens) / coverage.n_tokens
    how, advice, *_ = best.spelling
    compared = _compared(best.words, best.words.values())
    return f"{compared} {share:.1%} of the tokens have a vector if {how}: {advice}."


def _nothing_helps(missing: Iterable[str], source: Asked) -> str:
    sample = source._some_words(SAMPLE)
    return f"{_compared(missing, list(filter(is_word, sample)) or sample)} {_NOTHING_HELPS}"


def _compared(ours: Iterable[str], theirs: Iterable[str]) -> str:
    """Show words of the documents beside words of the source."""
    theirs = dict.fromkeys(islice(theirs, SHOWN))
    return f"The documents have {quoted(islice(ours, SHOWN))}, the source has {quoted(theirs)}."
