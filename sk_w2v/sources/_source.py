"""What a source of pretrained vectors is asked, and what it answers."""

from collections.abc import Iterable, Sequence
from itertools import compress
from typing import NamedTuple, Protocol, Self

import numpy as np
from numpy.typing import NDArray

from .._checks import UNUSABLE, are_usable, warn
from ..text._subwords import Subwords

Rows = NDArray[np.float32]
# Words that tell whether a source is cased.
SAMPLE = 1000
# The first words of a source, word → row, and their rows.
FirstWords = tuple[dict[str, int], Rows]


class Answer(NamedTuple):
    """All that a fit needs from a source."""

    # Those of the words asked for that have a row, in the order asked.
    words: list[str]
    # Shape (len(words), vector_size).
    rows: Rows
    # Shape of ``rows``. None unless the source is a full ``Word2Vec`` that was trained in the mode asked for.
    output_layer: Rows | None
    # The first words of the source, word → row, in the order of the rows.
    first_row_of: dict[str, int]
    # Shape (len(first_row_of), vector_size). Read-only, since all who ask in this process share it.
    first_rows: Rows
    # What gives vectors to words that the list of a fastText model lacks.
    subwords: Subwords | None

    @classmethod
    def nothing(cls, vector_size: int) -> Self:
        """Return the answer where there is no source."""
        rows = np.empty((0, vector_size), np.float32)
        return cls([], rows, None, {}, rows, None)


class Source(Protocol):
    """What arrays and files have in common."""

    # Numbers in a row.
    vector_size: int
    # What gives vectors to words that the list of a fastText model lacks.
    subwords: Subwords | None

    def ask(
        self, words: Sequence[str], n_first: int | None = 0, *, skip_gram: bool | None = None, verbose: int = 0
    ) -> Answer:
        """Return the rows of words and of the first words of the source.

        Parameters
        ----------
        words : sequence of str
            The words whose rows are needed.
        n_first : int or None, default=0
            How many of the first words are needed; None means all.
        skip_gram : bool or None, default=None
            Whether skip-gram (True) or CBOW (False) needs rows of the output layer; None means no.
        verbose : int, default=0
            Above 0, a long read prints how far it is.

        Raises
        ------
        ValueError
            If a row that is needed is broken, or has NaN, infinity or a number beyond a million.
        """

    def words(self) -> Iterable[str]:
        """Return all words in the order of the source, each once."""

    def n_words(self) -> int:
        """Return how many words there are."""

    def has(self, word: str) -> bool:
        """Return whether a word has a row, or gets one from its n-grams."""

    def known(self, words: Sequence[str]) -> Iterable[str]:
        """Return those of the words for which :meth:`has` is true; faster than asking for each."""

    def sample(self, n: int) -> list[str]:
        """Return up to n words, the first one and others from all parts of the source."""

    def told(self) -> tuple[int | None, list[str]]:
        """Return how many words there are and some of them, as far as that is known without reading a file through."""


def first_words(words: Sequence[str], rows: Rows, *, is_told: bool = True) -> FirstWords:
    """Index the words of some rows, and make the rows read-only, since many estimators share them.

    Words whose rows cannot be trained are left out, with a warning if ``is_told``.
    """
    if not (is_good := are_usable(rows)).all():
        bad = list(compress(words, (~is_good).tolist()))
        if is_told:
            warn(f"{len(bad)} of the first pretrained words are left out, since a vector {UNUSABLE}: {bad[:3]}")
        words, rows = list(compress(words, is_good.tolist())), rows[is_good]
    rows.flags.writeable = False
    return {word: row for row, word in enumerate(words)}, rows


def warn_of_repeats(n_repeats: int) -> None:
    warn(f"{n_repeats} pretrained words repeat. The first vector of each is used.")
