r"""What a word is: the one definition, which the stand-in in Python and the C code (``_words.c``) both follow.

A **word character** is a letter, a digit or an underscore: what ``\w`` matches, ``str.isalnum()`` or ``"_"``. The
marks behind it (Unicode categories Mn, Mc and Me: vowel signs, accents) stand on it and belong to it; so does one
U+200C or U+200D (the joiners of Indic scripts) directly behind a mark. A **word** is a longest run of word characters
with what belongs to them, if it has two word characters or more, or if its only one is a letter of a script whose
letters are words or syllables (``SYLLABIC``). Text is lowercased by ``str.lower`` first.

Without marks and such letters, these are the words of scikit-learn's ``CountVectorizer``. What is told of scripts
without spaces between words is in ``_unsplit``.
"""

import re
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple
from unicodedata import category

import numpy as np
from numpy.typing import NDArray

N_CODE_POINTS = 0x110000
# Kinds of characters; a syllable is a word character that is a word by itself.
OTHER, WORD_CHARACTER, SYLLABLE, MARK, JOINER = 0, 1, 1 | 2, 4, 8
# Added for the C code to the kind of a character that is lowercased to another one.
CHANGED = 16

JOINERS = "\u200c\u200d"

# First and last code points where a letter is a word or a syllable: logographic scripts, syllabaries and abugidas. Not
# alphabets and abjads, nor the letters that a Hangul syllable is made of.
SYLLABIC = (
    (0x0900, 0x109F),  # the scripts of India, Sri Lanka, Thailand, Laos, Tibet and Myanmar
    (0x1200, 0x167F),  # Ethiopic, Cherokee, Canadian syllabics
    (0x1700, 0x17FF),  # the Philippines, Khmer
    (0x18B0, 0x1AAF),  # Canadian syllabics, Limbu, Tai, Buginese
    (0x1B00, 0x1C4F),  # Balinese, Sundanese, Batak, Lepcha
    (0x2D80, 0x2DDF),  # Ethiopic
    (0x3005, 0x30FF),  # ideographic numbers, Hiragana, Katakana
    (0x31F0, 0x31FF),  # Katakana
    (0x3400, 0xA4CF),  # CJK ideographs, Yi
    (0xA500, 0xA63F),  # Vai
    (0xA6A0, 0xA6FF),  # Bamum
    (0xA800, 0xA95F),  # Syloti Nagri to Rejang
    (0xA980, 0xAB2F),  # Javanese to Ethiopic
    (0xAB70, 0xD7A3),  # Cherokee, Meetei Mayek, Hangul syllables
    (0xF900, 0xFAFF),  # CJK ideographs
    (0xFF66, 0xFF9F),  # Katakana of half width
    (0x10000, 0x100FF),  # Linear B
    (0x10600, 0x1077F),  # Linear A
    (0x10800, 0x1083F),  # Cypriot
    (0x10A00, 0x10A5F),  # Kharoshthi
    (0x11000, 0x1189F),  # Brahmi to Dogra
    (0x11900, 0x11ABF),  # Dives Akuru to Canadian syllabics
    (0x11B00, 0x11FAF),  # Bhaiksuki to Kawi
    (0x11FC0, 0x1467F),  # Tamil, cuneiform, hieroglyphs
    (0x16100, 0x1613F),  # Gurung Khema
    (0x16800, 0x16A3F),  # Bamum
    (0x16F00, 0x16F9F),  # Miao
    (0x17000, 0x1B2FF),  # Tangut, Khitan, Kana, Nushu
    (0x1E7E0, 0x1E8DF),  # Ethiopic, Mende Kikakui
    (0x20000, 0x3FFFF),  # CJK ideographs
)

_SYLLABLES = frozenset(["Lo", "Lu", "Ll", "Nl"])  # Lm are signs such as the prolonged sound mark
_MARKS = frozenset(["Mn", "Mc", "Me"])
_ASSIGNED = ((0, 0x40000), (0xE0000, 0xE1000))  # other planes are empty or private: no letters and no marks
_N_CASED = 0x20000  # beyond are ideographs

Analyzer = Callable[[str], list[str]]


class Characters(NamedTuple):
    """What the C code knows of characters beyond ASCII."""

    # The kind of each code point once lowercased, and whether lowercasing changes it.
    kinds: bytes
    # int32, code point → its lower case; those beyond the end have none.
    lowered: bytes
    # Characters, in UTF-8, that only ``str.lower`` can lower: to several, or by what is around them.
    apart: bytes


def build_analyzer(lowercase: bool = True) -> Analyzer:
    """Return the function that splits a document into words.

    Parameters
    ----------
    lowercase : bool, default=True
        Whether to lowercase the document first.

    Returns
    -------
    callable
        str → list of str.

    Examples
    --------
    >>> build_analyzer()("I saw Noël's café, अच्छी!")
    ['saw', 'noël', 'café', 'अच्छी']
    """
    return _lowered_words if lowercase else _words


_find_ascii: Analyzer = re.compile(r"\w\w+", re.ASCII).findall


def _lowered_words(document: str) -> list[str]:
    return _words(str.lower(document))


def _words(document: str) -> list[str]:
    return _find_ascii(document) if str.isascii(document) else _find_others(document)


def _find_others(document: str) -> list[str]:
    has_joiners = "\u200c" in document or "\u200d" in document
    is_beyond = _reaches_beyond(document) and _special_beyond().search(document) is not None
    return _pattern(has_joiners, is_beyond).findall(document)


def _reaches_beyond(document: str) -> bool:
    """Tell whether a character is beyond U+FFFF: UTF-16 has 4 bytes for it, not 2. It is faster than a search."""
    return len(str.encode(document, "utf-16", "surrogatepass")) > 2 + 2 * len(document)


@cache
def _special_beyond() -> "re.Pattern[str]":
    """Return what finds marks and syllables from U+10000: so many ranges are slow, and asked for these alone."""
    kinds = character_kinds().copy()
    kinds[:0x10000] = OTHER
    return re.compile(rf"(?=[\U00010000-\U0010ffff])[{_character_set((kinds == MARK) | (kinds == SYLLABLE))}]")


@cache
def _pattern(has_joiners: bool, is_beyond: bool) -> "re.Pattern[str]":
    """Return the pattern of a word, simpler and faster for text without joiners or characters beyond U+FFFF."""
    kinds = character_kinds()[: N_CODE_POINTS if is_beyond else 0x10000]
    marks, syllables = _character_set(kinds == MARK), _character_set(kinds == SYLLABLE)
    hung = rf"(?:[{marks}]++[{JOINERS}]?+)++" if has_joiners else rf"[{marks}]++"
    rest = rf"(?:\w++|{hung})*+" if has_joiners else rf"[\w{marks}]*+"
    return re.compile(rf"\w(?:\w|(?<=[{syllables}])|{hung}\w){rest}")


def _character_set(is_in: NDArray[np.bool_]) -> str:
    """Return the inside of ``[...]`` for the code points that are in a set."""
    ends = np.flatnonzero(np.diff(is_in, prepend=False, append=False)).reshape(-1, 2)
    return "".join(rf"\U{first:08x}-\U{beyond - 1:08x}" for first, beyond in ends.tolist())


@cache
def character_kinds() -> NDArray[np.uint8]:
    """Tell what each code point is to a word.

    Returns
    -------
    ndarray of shape (1114112,), dtype uint8
        ``OTHER``, ``WORD_CHARACTER``, ``SYLLABLE``, ``MARK`` or ``JOINER``.
    """
    kinds = np.full(N_CODE_POINTS, OTHER, np.uint8)
    for start, stop in _ASSIGNED:
        for run in re.finditer(r"\w+", _characters(np.arange(start, stop))):
            kinds[start + run.start() : start + run.end()] = WORD_CHARACTER
        _set_kind(kinds, MARK, OTHER, range(start, stop), _MARKS)
    for first, last in SYLLABIC:
        _set_kind(kinds, SYLLABLE, WORD_CHARACTER, range(first, last + 1), _SYLLABLES)
    kinds[list(map(ord, JOINERS))] = JOINER
    kinds.flags.writeable = False
    return kinds


def _set_kind(kinds: NDArray[np.uint8], kind: int, former: int, among: range, categories: frozenset[str]) -> None:
    """Change the kind of code points of some categories."""
    points = among.start + np.flatnonzero(kinds[among.start : among.stop] == former)
    found = map(categories.__contains__, map(category, _characters(points)))
    kinds[points[np.fromiter(found, np.bool_, len(points))]] = kind


def _characters(points: "NDArray[np.integer[Any]]") -> str:
    return points.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


@cache
def characters(lowercase: bool = True) -> Characters:
    """Return the tables for the C code; made when the first text beyond ASCII comes."""
    kinds = character_kinds()
    if not lowercase:
        return Characters(kinds.tobytes(), b"", b"")
    lowered, apart = _lowered()
    folded = kinds.copy()
    folded[: len(lowered)] = kinds[lowered] | np.where(lowered == np.arange(len(lowered)), 0, CHANGED).astype(np.uint8)
    return Characters(folded.tobytes(), lowered.tobytes(), apart.encode())


def _lowered() -> tuple[NDArray[np.int32], str]:
    """Return the lower case of each code point, and the characters for which that is not enough."""
    lowered = list(map(str.lower, _characters(np.arange(_N_CASED))))
    apart = [chr(point) for point in range(_N_CASED) if len(lowered[point]) != 1]
    for character in apart:
        lowered[ord(character)] = character
    points = np.fromiter(map(ord, lowered), np.int32, _N_CASED)
    n_points = 1 + np.flatnonzero(points != np.arange(_N_CASED))[-1]
    return points[:n_points], "".join([*apart, "Σ"])  # Σ is ς at the end of a word, else σ
