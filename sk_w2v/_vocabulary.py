"""Which words the documents have, how often, and which of them the model keeps."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from string import punctuation

from ._warnings import warn

MAX_TOKENS = 10_000
"""gensim trains on no more tokens of a document, and drops the rest without a word: longer ones are cut in chunks."""

LOW_COVERAGE = 0.1
LIKELY = 0.5

_SPELLINGS: dict[str, Callable[[str], str]] = {
    "lowercased": str.lower,
    "stripped of punctuation": lambda word: word.strip(punctuation),
    "lowercased and stripped of punctuation": lambda word: word.lower().strip(punctuation),
    "capitalised": str.capitalize,
    "in upper case": str.upper,
}


@dataclass(frozen=True)
class Corpus:
    """What one pass over the documents tells."""

    counts: dict[str, int]
    """How often each word occurs, in the order of its first occurrence, on which gensim's order of ties depends."""
    n_documents: int
    n_chunks: int

    @property
    def n_tokens(self) -> int:
        return sum(self.counts.values())


def count_words(documents: Iterable[Sequence[str]], vocabulary: Collection[str] | None = None) -> Corpus:
    """Count the documents' words: all of them, or those of a fixed vocabulary.

    Raises
    ------
    TypeError
        If a token is not a string.
    """
    counts: Counter[str] = Counter()
    n_documents = n_chunks = 0
    for document in documents:
        counts.update(document)
        n_documents += 1
        n_chunks += max(1, -(-len(document) // MAX_TOKENS))
    "".join(counts)
    if vocabulary is not None:
        known = set(vocabulary)
        counts = Counter({word: count for word, count in counts.items() if word in known})
    return Corpus(dict(counts), n_documents, n_chunks)


def check_passes(first: int, later: int) -> None:
    """Raise if a later pass over X gave another number of documents than the first."""
    if first != later:
        raise ValueError(
            f"X gave {first} documents (of up to {MAX_TOKENS} tokens) in its first pass and {later} in a later one. "
            "Pass an iterable that can be read again from the beginning, or a list."
        )


def coverage(corpus: Corpus, known: Iterable[str]) -> dict[str, float]:
    """The share of the corpus's tokens, and of its words, that have a pretrained vector."""
    counts = [corpus.counts.get(word, 0) for word in known]
    return {"tokens": sum(counts) / corpus.n_tokens, "words": sum(map(bool, counts)) / len(corpus.counts)}


def without_vector(corpus: Corpus, known: Iterable[str], n: int) -> list[tuple[str, int]]:
    """The n most frequent words of the corpus that are not known, with their counts."""
    missing = corpus.counts.keys() - set(known)
    return Counter({word: corpus.counts[word] for word in corpus.counts if word in missing}).most_common(n)


def check_coverage(
    shares: Mapping[str, float], missing: Sequence[tuple[str, int]], source: object, knows: Callable[[str], bool]
) -> None:
    """Raise if no word has a pretrained vector; warn, with the likely reason, if few tokens have one."""
    if shares["tokens"] >= LOW_COVERAGE:
        return
    hint = _likely_reason(missing, knows)
    if not shares["words"]:
        raise ValueError(f"No word of the documents has a vector in {source}. {hint}")
    warn(
        f"Only {shares['tokens']:.1%} of the documents' tokens have a vector in {source}; the others have "
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


def cut(corpus: Corpus, known: Iterable[str], min_count: int) -> Corpus:
    """Drop rare words, but for those that have a pretrained vector."""
    keep = set(known)
    counts = {word: count for word, count in corpus.counts.items() if count >= min_count or word in keep}
    if not counts:
        raise ValueError(f"Empty vocabulary: no word occurs min_count={min_count} times, or has a pretrained vector.")
    return replace(corpus, counts=counts)


def limit(corpus: Corpus, max_final_vocab: int | None) -> Corpus:
    """Drop words as gensim does: all that occur as often as the first one beyond the limit, or less."""
    if max_final_vocab is None or max_final_vocab >= len(corpus.counts):
        return corpus
    beyond = sorted(corpus.counts.values(), reverse=True)[max_final_vocab]
    counts = {word: count for word, count in corpus.counts.items() if count > beyond}
    if not counts:
        raise ValueError(
            f"max_final_vocab={max_final_vocab} leaves no word, since more words than that occur equally often. Use a "
            "larger one."
        )
    return replace(corpus, counts=counts)


def by_count(corpus: Corpus, words: Iterable[str]) -> list[str]:
    """Those of the words that the corpus is left with, the most frequent first."""
    return sorted(filter(corpus.counts.__contains__, words), key=lambda word: -corpus.counts[word])
