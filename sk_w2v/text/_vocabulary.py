"""Which words the documents have, how often, and which of them the model keeps."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from typing import Any

from .._checks import quoted, warn
from ._chunks import count_chunks
from ._documents import EXTRA, CountedLists, check_tokens

# How many words a message shows.
SHOWN = 3


@dataclass(frozen=True)
class Corpus:
    """What one pass over the documents tells."""

    # How often each word occurs, in the order of first occurrence, on which gensim's order of ties depends.
    counts: dict[str, int]
    n_own: int
    # With the extra ones.
    n_documents: int
    n_chunks: int
    # How often words outside a fixed vocabulary occur.
    others: Mapping[str, int] = field(default_factory=dict)

    @property
    def n_tokens(self) -> int:
        return sum(self.counts.values())


def ordered_words(vocabulary: Any) -> list[str] | None:
    """Return the words of a fixed vocabulary in the order of their rows, as ``CountVectorizer`` takes it."""
    if vocabulary is None:
        return None
    if isinstance(vocabulary, Mapping):
        return sorted(vocabulary, key=vocabulary.__getitem__)
    return sorted(vocabulary) if isinstance(vocabulary, Set) else list(vocabulary)


def count_words(
    documents: Iterable[Sequence[str]],
    extra: Iterable[Sequence[str]] | None = None,
    fixed: Collection[str] | None = None,
) -> Corpus:
    """Count the words of documents, and of extra ones behind them: all words, or those of a fixed vocabulary.

    Raises
    ------
    TypeError
        If a token is not a string; it names the document.
    ValueError
        If there are no documents, or no words to count.
    """
    counts: Counter[str] = Counter()
    n_own, n_chunks = _count(documents, counts)
    if not n_own:
        raise ValueError(
            "Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required by "
            "PretrainedWord2VecTransformer. An iterator that was read before has no more documents: pass a list."
        )
    n_extra = n_extra_chunks = 0
    if extra is not None:
        n_extra, n_extra_chunks = _count(extra, counts, EXTRA)
        if not n_extra:
            raise ValueError(
                "There is no document in extra_documents. Leave it out, or pass a list: an iterator that was read "
                "before has no more documents."
            )
    if not counts:
        raise ValueError(
            f"Empty vocabulary: no word of the {n_own + n_extra} documents is left by the analyzer. analyzer='word' "
            "keeps only runs of two or more letters or digits. Pass a function as analyzer to keep other tokens."
        )
    kept, others = _divided(counts, fixed)
    return Corpus(kept, n_own, n_own + n_extra, n_chunks + n_extra_chunks, others)


def _divided(counts: Counter[str], fixed: Collection[str] | None) -> tuple[dict[str, int], dict[str, int]]:
    """Return the counts of the words of a fixed vocabulary, and those of others."""
    if fixed is None:
        return dict(counts), {}
    known = set(fixed)
    kept = {word: count for word, count in counts.items() if word in known}
    if not kept:
        ours = (word for word, _ in counts.most_common(SHOWN))
        raise ValueError(
            f"Empty vocabulary: no word of the documents is in the vocabulary. The documents have {quoted(ours)}, the "
            f"vocabulary has {quoted(list(fixed)[:SHOWN])}. Spell and split them alike. Strings are "
            "lowercased unless lowercase=False."
        )
    return kept, {word: count for word, count in counts.items() if word not in known}


def warn_if_capitals(fixed: Iterable[str], corpus: Corpus) -> None:
    """Warn if words of a fixed vocabulary have capitals, where the documents have the same words without."""
    lost = [word for word in fixed if word not in corpus.counts and word.lower() in corpus.others]
    if lost and all(word == word.lower() for words in (corpus.counts, corpus.others) for word in words):
        warn(
            f"The documents have no capitals, but {len(lost)} of the vocabulary's words have some, such as "
            f"{quoted(lost[:SHOWN])}, and never occur. Lowercase the vocabulary, or keep the case of the documents, "
            "by lowercase=False or in the tokens."
        )


def _count(documents: Iterable[Sequence[str]], counts: Counter[str], where: str = "") -> tuple[int, int]:
    """Add the words of documents to the counts, and return how many documents and chunks there are."""
    n_documents = n_chunks = 0
    known = documents.counts if isinstance(documents, CountedLists) else None
    counts.update(known or ())
    try:
        for document in documents:
            if known is None:
                counts.update(document)
            n_documents += 1
            n_chunks += count_chunks(document)
        "".join(counts)  # raises TypeError unless all are strings
    except TypeError:
        check_tokens(documents, where=where)
        raise
    return n_documents, n_chunks


def keep_words(corpus: Corpus, known: Iterable[str], min_count: int, max_final_vocab: int | None) -> Corpus:
    """Drop rare words, but for those that have a pretrained vector; then all beyond a limit.

    The limit is gensim's: words go that occur as often as the first one beyond it, or less often.

    Raises
    ------
    ValueError
        If no word is left.
    """
    keep = set(known)
    counts = {word: count for word, count in corpus.counts.items() if count >= min_count or word in keep}
    if not counts:
        raise ValueError(f"Empty vocabulary: no word occurs min_count={min_count} times, or has a pretrained vector.")
    if max_final_vocab is not None and max_final_vocab < len(counts):
        beyond = sorted(counts.values(), reverse=True)[max_final_vocab]
        counts = {word: count for word, count in counts.items() if count > beyond}
        if not counts:
            raise ValueError(
                f"max_final_vocab={max_final_vocab} leaves no word, since more words than that occur equally often. "
                "Use a larger one."
            )
    return replace(corpus, counts=counts)


def by_count(corpus: Corpus, words: Iterable[str]) -> list[str]:
    """Return those of the words that the corpus has, the most frequent first."""
    return sorted(filter(corpus.counts.__contains__, words), key=lambda word: -corpus.counts[word])
