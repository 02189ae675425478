"""UTF-8 that was read in another encoding: its letters beyond ASCII have become several characters each."""

import re
from collections import Counter
from collections.abc import Mapping

from .._checks import quoted, warn

# What becomes of them, as Latin-1 and cp1252 read them and lowercased. No language writes the like, but "Å²" is a unit.
_MISREAD = re.compile(
    # The first byte of a letter, and one behind it that is part of a word.
    "[à-äæ-õø-û][ªµº²³¹¼½¾]|å[ªµº¹¼½¾]|[ãåæçð][šœžÿ]|[à-õø-û][ƒˆ]"
    # The same where an analyzer keeps what is no part of a word; but "»" may end a quotation.
    "|ã[¡-©¬-¹¼-¿]|â[\x80€]"
    # The last byte of a letter of three, as scripts of India have, and the first one of the next.
    "|[ªµº²³¹¼½¾][à-ï]"
    # "don’t" and the like.
    "|^(?:can|didn|doesn|don|isn|it|that|they|wasn|won|you)â$"
)
# The second byte of "ä", "å", "ö" or "ø" is no part of a word, so what stands before it ends with the first. In text
# that was read well few words end so, or others have other letters beyond ASCII.
_CUT_OFF = re.compile("^[a-z]+ã$")
N_CUT_OFF, SHARE_CUT_OFF = 8, 0.9
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
    beyond_ascii = Counter[str]()
    for one in counts:
        beyond_ascii.update({word: count for word, count in one.items() if not word.isascii()})
    misread = {word: count for word, count in beyond_ascii.items() if _MISREAD.search(word.lower())}
    misread |= _cut_off(beyond_ascii)
    if len(misread) > 1 and ONE_IN * sum(misread.values()) >= sum(sum(one.values()) for one in counts):
        shown = sorted(misread, key=misread.__getitem__, reverse=True)[:2]
        warn(
            f"UTF-8 seems to have been read in another encoding: the documents have {quoted(shown)}. Read the file "
            "with encoding='utf-8', as pandas.read_csv(path, encoding='utf-8') does. If the file itself has such "
            "words, repair them with the package ftfy."
        )


def _cut_off(beyond_ascii: Mapping[str, int]) -> dict[str, int]:
    """Return the words that end with the first byte of a letter, if there are hardly others."""
    cut_off = {word: count for word, count in beyond_ascii.items() if _CUT_OFF.search(word.lower())}
    are_most = sum(cut_off.values()) >= SHARE_CUT_OFF * sum(beyond_ascii.values())
    return cut_off if len(cut_off) >= N_CUT_OFF and are_most else {}
