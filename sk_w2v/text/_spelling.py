"""How words would have to be spelt for a source to know them."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from itertools import filterfalse
from typing import NamedTuple, Protocol
from unicodedata import category, decimal, normalize

from ._analyzer import build_analyzer
from ._chinese import TO_SIMPLIFIED, TO_TRADITIONAL

# A prefix or suffix that fewer of the words share is none.
SHARED = 0.01
MAX_SHARED = 10
MAX_LENGTH = 40
# Byte-level tokenizers write a space as this letter.
_SPACE = "Ġ"
# Arabic's letter that stretches a word.
_TATWEEL = "\u0640"
_PLAIN = str.maketrans("‘’ʼ′“”‐‑–", "''''\"\"---")
_PERSIAN = str.maketrans("يك", "یک")

Spell = Callable[[str], Iterable[str]]


class Asked(Protocol):
    """A source, as far as it is asked for spellings."""

    def _known(self, words: Sequence[str]) -> Iterable[str]:
        """Return those of the words that have a vector."""
        ...

    def _some_words(self, n: int) -> list[str]:
        """Return up to n words from all parts of the source."""
        ...


class Spelling(NamedTuple):
    """Another way to spell words: what is done to them, what to do for it, and the spellings to try for a word."""

    how: str
    advice: str
    spell: Spell
    # The part of the spellings that a source must know; 0 means that one is enough.
    part: float = 0


class Respelt(NamedTuple):
    """A spelling, how many tokens it makes known, and what their words become, the most frequent first."""

    spelling: Spelling
    n_tokens: int
    words: dict[str, str]


def is_word(token: str) -> bool:
    """Return whether a token has a letter or a digit: one that has none is punctuation."""
    return token.isalnum() or any(map(str.isalnum, token))


def best_spelling(
    missing: Mapping[str, int], n_tokens: int, enough: float, source: Asked, sample: Sequence[str]
) -> Respelt:
    """Find the spelling by which a source knows most of the tokens that it lacks.

    Parameters
    ----------
    missing : dict of str to int
        Words that the source lacks, the most frequent first, and their counts.
    n_tokens : int
        How many tokens the documents have. Of spellings that differ by less than a hundredth of them the simplest is
        returned.
    enough : float
        So many tokens are worth a message. Words are split only where no spelling of whole words makes so many known,
        or half of what splitting does.
    source : Asked
        The source, which is asked once.
    sample : sequence of str
        Some words of the source.

    Returns
    -------
    Respelt
        The best spelling.
    """
    whole = [*_SPELLINGS, *_with_what_is_shared(sample), *_without_what_is_shared(list(missing))]
    spellings = [*whole, *_CUTS]
    tried = [{word: _others(word, spelling.spell) for word in missing} for spelling in spellings]
    asked = dict.fromkeys(other for others in tried for several in others.values() for other in several)
    known = set(source._known(list(asked)))
    respelt = [_respelt(*pair, missing, known) for pair in zip(spellings, tried, strict=True)]
    most_whole, most = (max(one.n_tokens for one in ones) for ones in (respelt[: len(whole)], respelt))
    most = most_whole if most_whole >= max(enough, most / 2) else most
    return next(one for one in respelt if 100 * (most - one.n_tokens) < n_tokens or one.n_tokens == most)


def respell(spelling: Spelling, missing: Mapping[str, int], source: Asked) -> Respelt:
    """Spell words otherwise, and return which of them a source then knows."""
    tried = {word: _others(word, spelling.spell) for word in missing}
    known = set(source._known([other for others in tried.values() for other in others]))
    return _respelt(spelling, tried, missing, known)


def _others(word: str, spell: Spell) -> list[str]:
    return [other for other in spell(word) if other and other != word]


def _respelt(
    spelling: Spelling, tried: Mapping[str, list[str]], missing: Mapping[str, int], known: set[str]
) -> Respelt:
    found = {word: [other for other in others if other in known] for word, others in tried.items()}
    words = {
        word: others[0] for word, others in found.items() if others and len(others) >= spelling.part * len(tried[word])
    }
    return Respelt(spelling, sum(map(missing.__getitem__, words)), words)


def strip_punctuation(word: str) -> str:
    """Strip what is neither letter, digit nor mark from both ends."""
    start, stop = 0, len(word)
    while start < stop and not _belongs(word[start]):
        start += 1
    while start < stop and not _belongs(word[stop - 1]):
        stop -= 1
    return word[start:stop]


def strip_marks(word: str) -> str:
    """Take accents, vowel signs and other marks away, and Arabic's tatweel."""
    if word.isascii():
        return word
    return normalize("NFC", "".join(filterfalse(_is_mark, normalize("NFD", word.replace(_TATWEEL, "")))))


def strip_invisible(word: str) -> str:
    """Take soft hyphens, joiners, byte-order marks and other characters that nobody sees away."""
    return word if word.isascii() else "".join(character for character in word if category(character) != "Cf")


def _plain_digits(word: str) -> str:
    return re.sub(r"\d", lambda found: str(decimal(found[0])), word)


def _translated(word: str, table: Mapping[int, int]) -> str:
    return word.translate(table)


def _split_at_underscores(token: str) -> list[str]:
    return token.replace("_", " ").split() if "_" in token else []


def _split_at_capitals(token: str) -> list[str]:
    words = re.sub("(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", " ", token).lower().split()
    return words if len(words) > 1 else []


def _belongs(character: str) -> bool:
    return character.isalnum() or _is_mark(character)


def _is_mark(character: str) -> bool:
    return category(character)[0] == "M"


def _one(*steps: Callable[[str], str]) -> Spell:
    """Make a way to spell of functions, each of which goes on from what the one before gave."""

    def spell(word: str) -> Iterable[str]:
        for step in steps:
            word = step(word)
        return [word]

    return spell


_KEEP_CASE = "keep the case of the documents, by lowercase=False or in the tokens"
_CHANGE_TOKENS = "have the analyzer do so, or do so with the tokens"
_CHANGE_TEXT = "do so with the documents"
_CONVERT = "convert the documents by a package such as OpenCC"
_NORMALIZE = "apply unicodedata.normalize({!r}, text) to the documents".format

_SPELLINGS = [
    Spelling("lowercased", "set lowercase=True for strings, or lowercase the tokens", _one(str.lower)),
    Spelling("capitalised", _KEEP_CASE, _one(str.capitalize)),
    Spelling("put in upper case", _KEEP_CASE, _one(str.upper)),
    Spelling("stripped of invisible characters", _CHANGE_TEXT, _one(strip_invisible)),
    Spelling("stripped of punctuation", _CHANGE_TOKENS, _one(strip_punctuation)),
    Spelling("lowercased and stripped of punctuation", _CHANGE_TOKENS, _one(str.lower, strip_punctuation)),
    Spelling("composed (NFC)", _NORMALIZE("NFC"), _one(partial(normalize, "NFC"))),
    Spelling("decomposed (NFD)", _NORMALIZE("NFD"), _one(partial(normalize, "NFD"))),
    Spelling("put in compatible form (NFKC)", _NORMALIZE("NFKC"), _one(partial(normalize, "NFKC"))),
    Spelling("stripped of accents and other marks", _CHANGE_TOKENS, _one(strip_marks)),
    Spelling("lowercased and stripped of accents and other marks", _CHANGE_TOKENS, _one(str.lower, strip_marks)),
    Spelling("written with plain apostrophes and hyphens", _CHANGE_TEXT, _one(partial(_translated, table=_PLAIN))),
    Spelling("written with Persian yeh and kaf", _CHANGE_TEXT, _one(partial(_translated, table=_PERSIAN))),
    Spelling("written in simplified Chinese", _CONVERT, _one(partial(_translated, table=TO_SIMPLIFIED))),
    Spelling("written in traditional Chinese", _CONVERT, _one(partial(_translated, table=TO_TRADITIONAL))),
    Spelling("written with the digits 0 to 9", _CHANGE_TEXT, _one(_plain_digits)),
    Spelling("written with '#' for each digit", _CHANGE_TOKENS, _one(partial(re.sub, r"\d", "#"))),
    Spelling("written with '0' for each digit", _CHANGE_TOKENS, _one(partial(re.sub, r"\d", "0"))),
    Spelling("written with '_' for each space", _CHANGE_TOKENS, _one(partial(re.sub, r"\s+", "_"))),
]
# The last resorts. Of a document that was passed as one token some words are always known.
_CUTS = [
    Spelling("split at underscores", "replace '_' by ' ' in the documents", _split_at_underscores, part=0.5),
    Spelling("split at capitals and lowercased", _CHANGE_TOKENS, _split_at_capitals, part=0.5),
    Spelling(
        "split into words", "pass strings with analyzer='word', or split the tokens so", build_analyzer(), part=0.5
    ),
]


def _with_what_is_shared(words: Sequence[str]) -> list[Spelling]:
    """Return the spellings with a prefix, or with one of the suffixes, that words of the source share."""
    advice = "add it to the tokens, or take it from the source's words by PretrainedVectors.from_arrays"
    prefixes = [Spelling(f"given the prefix {start!r}", advice, _adder(start)) for start in shared_prefixes(words)]
    ends = shared_suffixes(words)
    return prefixes + [Spelling(f"given a suffix such as {end!r}", advice, _ends_adder(ends)) for end in ends[:1]]


def _without_what_is_shared(words: Sequence[str]) -> list[Spelling]:
    """Return the spellings without a prefix, or without any of the suffixes, that words of the documents share."""
    starts, ends = shared_prefixes(words), list(filter(is_word, shared_suffixes(words)))
    return [
        *(Spelling(f"stripped of the prefix {start!r}", _CHANGE_TOKENS, _start_remover(start)) for start in starts),
        *(Spelling(f"stripped of a suffix such as {end!r}", _CHANGE_TOKENS, _ends_remover(ends)) for end in ends[:1]),
    ]


def _adder(start: str) -> Spell:
    return lambda word: [start + word]


def _ends_adder(ends: Sequence[str]) -> Spell:
    return lambda word: [word + end for end in ends]


def _start_remover(start: str) -> Spell:
    return lambda word: [word.removeprefix(start)]


def _ends_remover(ends: Sequence[str]) -> Spell:
    return lambda word: [word.removesuffix(end) for end in ends]


def shared_prefixes(words: Sequence[str]) -> list[str]:
    """Return what many words begin with, up to a character that is neither letter nor digit; the most common first."""
    starts = (
        word[:stop]
        for word in words
        for stop in range(1, min(len(word), MAX_LENGTH))
        if _is_boundary(word[stop - 1]) and word[stop].isalnum()
    )
    return _most_common(starts, len(words))


def shared_suffixes(words: Sequence[str]) -> list[str]:
    """Return what many words end with, from a character that is neither letter nor digit; the most common first."""
    ends = (
        word[start:]
        for word in words
        for start in range(max(1, len(word) - MAX_LENGTH), len(word))
        if not _belongs(word[start]) and _belongs(word[start - 1])
    )
    return _most_common(ends, len(words))


def _is_boundary(character: str) -> bool:
    return character == _SPACE or not _belongs(character)


def _most_common(parts: Iterable[str], n_words: int) -> list[str]:
    common = Counter(parts).most_common(MAX_SHARED)
    if not common or common[0][1] == 1:
        return []
    return [part for part, count in common if count >= SHARED * n_words]
