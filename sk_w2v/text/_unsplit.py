"""Text that has no spaces between its words and was not split: whole phrases are taken for words."""

import re
from collections.abc import Mapping, Sequence

from .._checks import quoted, warn

# Words of Chinese and Japanese have two characters on average, those of Thai, Lao, Khmer and Burmese five or so.
_SCRIPTS = (
    (re.compile("[\u3005-\u3007\u3040-\u30ff\u31f0-\u31ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"), 4),
    (re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]"), 10),
)
# A smaller share of the text is left alone.
SHARE = 0.1

ADVICE = (
    "Pass a function that splits text into words as analyzer: one that returns jieba.lcut(text) for Chinese (pip "
    "install jieba), pythainlp.word_tokenize for Thai, one around janome or fugashi for Japanese. Or pass token lists."
)


def find_phrases(counts: Mapping[str, int]) -> list[str]:
    """Return phrases that were taken for words, the most frequent first; none if they are a small part of the text.

    Parameters
    ----------
    counts : dict of str to int
        Words and how often they occur.

    Returns
    -------
    list of str
        The words of a script without spaces that are longer than words are, if that is what most of its text is in.
    """
    others = [word for word in counts if not word.isascii()]
    n_characters = sum(len(word) * count for word, count in counts.items()) if others else 0
    phrases: list[str] = []
    for script, length in _SCRIPTS:
        words = [word for word in others if script.search(word)]
        n_tokens, n_own = sum(map(counts.__getitem__, words)), sum(len(word) * counts[word] for word in words)
        if words and n_own >= length * n_tokens and n_own >= SHARE * n_characters:
            phrases += [word for word in words if len(word) >= length]
    return sorted(phrases, key=counts.__getitem__, reverse=True)


def describe(phrases: Sequence[str], of_source: Sequence[str] = ()) -> str:
    """Say that the text is not split, show what the words of a source look like, and say what to do."""
    return (
        f"The text has no spaces between words, and phrases such as {quoted(phrases[:2])} are taken for words"
        f"{_beside(of_source)}. {ADVICE}"
    )


def _beside(of_source: Sequence[str]) -> str:
    """Show words of a source, of a script without spaces if it has any."""
    alike = [word for word in of_source if any(script.search(word) for script, _ in _SCRIPTS)]
    shown = (alike or of_source)[:3]
    return f", where the source has {quoted(shown)}" if shown else ""


def warn_if_unsplit(counts: Mapping[str, int]) -> None:
    """Warn if phrases were taken for words."""
    if phrases := find_phrases(counts):
        warn(describe(phrases))
