"""What errors say of words that have no vector: their names, and known words that are spelt much like them."""

from collections.abc import Sequence
from difflib import get_close_matches

import numpy as np
from numpy.typing import NDArray

from .._checks import did_you_mean

# Unknown words for which those that are spelt alike are looked up, which takes time.
MAX_SUGGESTIONS = 10


def unknown_message(words: Sequence[str], has_vector: NDArray[np.bool_], known: Sequence[str], which: str) -> str:
    """Name the words that have no vector, and known words that are spelt much like them."""
    unknown = [word for word, has in zip(words, has_vector.tolist(), strict=True) if not has]
    named = [f"{word!r}{_suggestion(word, known)}" for word in unknown[:MAX_SUGGESTIONS]]
    named += [repr(word) for word in unknown[MAX_SUGGESTIONS:]]
    return f"{len(unknown)} of {len(words)} words have no {which} vector: {', '.join(named)}."


def _suggestion(word: str, known: Sequence[str]) -> str:
    lower = word.lower()
    if lower != word and lower in known:
        return did_you_mean([lower])
    first, length = lower[:1], len(word)
    # difflib takes seconds for a long list; beyond these lengths its ratio is below the cutoff anyway
    alike = [other for other in known if other[:1].lower() == first and 3 * length <= 5 * len(other) <= 9 * length]
    return did_you_mean(get_close_matches(word, alike, cutoff=0.75))
