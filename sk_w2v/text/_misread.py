"""UTF-8 that was read in another encoding: its letters beyond ASCII have become several characters each."""

import re
from collections.abc import Mapping

from .._checks import quoted, warn

# Such a letter, as Latin-1 and cp1252 read it and lowercased: its first byte, and one behind it that is part of a word.
# No language writes them side by side, but "Å²" is a unit. The last line is what becomes of "don’t" and the like.
_MISREAD = re.compile(
    "[à-äæ-õø-û][ªµº²³¹¼½¾]|å[ªµº¹¼½¾]|[ãåæçð][šœžÿƒˆ]|^(?:can|didn|doesn|don|isn|it|that|they|wasn|won|you)â$"
)
# A smaller share of the tokens is left alone: some documents from elsewhere.
ONE_IN = 300


def warn_if_misread(*counts: Mapping[str, int]) -> None:
    """Warn if words show that UTF-8 was read in another encoding.

    Parameters
    ----------
    *counts : dicts of str to int
        Words and how often they occur.

    Warns
    -----
    UserWarning
        If two words or more look so, and one in ``ONE_IN`` tokens.
    """
    misread = {
        word: count
        for one in counts
        for word, count in one.items()
        if not word.isascii() and _MISREAD.search(word.lower())
    }
    if len(misread) > 1 and ONE_IN * sum(misread.values()) >= sum(sum(one.values()) for one in counts):
        shown = sorted(misread, key=misread.__getitem__, reverse=True)[:2]
        warn(
            f"UTF-8 seems to have been read in another encoding: the documents have {quoted(shown)}. Read the file "
            "with encoding='utf-8', as pandas.read_csv(path, encoding='utf-8') does. If the file itself has such "
            "words, repair them with the package ftfy."
        )
