"""Words → columns. Strings or token lists are looked up in C (``_words.c``), or by a dict."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, pairwise, repeat
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from ._analyzer import build_analyzer, characters

try:
    from . import _words
except ImportError:  # installed where there was no C compiler
    _words = None  # type: ignore[assignment]

BATCH_DOCUMENTS = 20_000

TokenLists = Sequence[Sequence[str]]
Numbers = NDArray[np.int32]


class Found(NamedTuple):
    """The words of some documents, one document behind the other."""

    # ndarray of shape (n_tokens,), dtype int32: the column of each token; -1 for a token that is none of the words.
    columns: Numbers
    # ndarray of shape (n_documents,), dtype int32: how many tokens each document has.
    lengths: Numbers


class NewWords(Protocol):
    """Words that have no column, numbered as they come."""

    def __len__(self) -> int: ...
    def words(self) -> list[str]: ...


class Columns(Protocol):
    """The column of a word is its place in a list of words; of equal words the last.

    Words are equal if they hold the same characters: a subclass of str must not say otherwise.
    """

    def look_up(self, documents: TokenLists) -> Found:
        """Look up every token of token lists.

        Parameters
        ----------
        documents : sequence of lists or tuples of str
            Token lists.

        Returns
        -------
        Found
            Columns and lengths.

        Raises
        ------
        TypeError
            If a token is not a string.
        """
        ...

    def look_up_text(self, documents: Sequence[str], lowercase: bool = True, others: NewWords | None = None) -> Found:
        """Split documents into words, and look up every word.

        Parameters
        ----------
        documents : sequence of str
            Raw text.
        lowercase : bool, default=True
            Whether to lowercase it first.
        others : NewWords or None, default=None
            Where to add words that have no column; what :meth:`new_words` returned. Their columns follow those of the
            known words, ``n_words + number``.

        Returns
        -------
        Found
            Columns and lengths.

        Raises
        ------
        TypeError
            If a document is not a string.
        OverflowError
            If there are more tokens, or words, than an int32 can count.
        """
        ...

    def new_words(self) -> NewWords:
        """Return an empty collection for :meth:`look_up_text` to add to."""
        ...


def is_compiled() -> bool:
    """Return whether the C code is in use."""
    return _words is not None


def columns_of(words: Sequence[str]) -> Columns:
    """Index words by the faster means that there is."""
    return DictColumns(words) if _words is None else TableColumns(words)


class TableColumns:
    """Hash tables in C, each made when it is first needed. They look up many tokens at once, where a dict waits."""

    def __init__(self, words: Sequence[str]) -> None:
        self._words = tuple(words)
        self._of_tokens: _words.TokenTable | None = None
        self._of_text: _words.WordTable | None = None

    def look_up(self, documents: TokenLists) -> Found:
        if self._of_tokens is None:
            self._of_tokens = _words.TokenTable(self._words)
        return _found(*self._of_tokens.find(documents))

    def look_up_text(self, documents: Sequence[str], lowercase: bool = True, others: NewWords | None = None) -> Found:
        if self._of_text is None:
            self._of_text = _words.WordTable(self._words)
        added = None if others is None else others.table  # type: ignore[attr-defined]
        get_characters = partial(characters, lowercase)
        return _found(*_words.find_words(self._of_text, documents, lowercase, get_characters, added))

    def new_words(self) -> "TableNewWords":
        return TableNewWords()


class TableNewWords:
    """A hash table in C that grows."""

    def __init__(self) -> None:
        self.table = _words.WordTable()

    def __len__(self) -> int:
        return len(self.table)

    def words(self) -> list[str]:
        return self.table.words()


class DictColumns:
    """A dict, which needs no compiler."""

    def __init__(self, words: Sequence[str]) -> None:
        self._column_of = {word: column for column, word in enumerate(words)}
        self._n_words = len(words)

    def look_up(self, documents: TokenLists) -> Found:
        found = self._numbers(documents)
        "".join(tokens_at(documents, np.flatnonzero(found.columns < 0)))  # raises unless they are strings
        return found

    def _numbers(self, documents: TokenLists) -> Found:
        lengths = np.fromiter(map(len, documents), np.int32, len(documents))
        columns = map(self._column_of.get, chain.from_iterable(documents), repeat(-1))
        found = np.fromiter(columns, np.int32, int(lengths.sum()))
        if next(columns, None) is not None:
            raise ValueError("Documents have grown while they were read.")
        return Found(found, lengths)

    def look_up_text(self, documents: Sequence[str], lowercase: bool = True, others: NewWords | None = None) -> Found:
        tokens = list(map(build_analyzer(lowercase), documents))
        found = self._numbers(tokens)
        if others is not None:
            places = np.flatnonzero(found.columns < 0)
            numbers = map(others.number, tokens_at(tokens, places))  # type: ignore[attr-defined]
            found.columns[places] = self._n_words + np.fromiter(numbers, np.int32, len(places))
        return found

    def new_words(self) -> "DictNewWords":
        return DictNewWords()


class DictNewWords:
    """A dict that grows."""

    def __init__(self) -> None:
        self._number_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._number_of)

    def number(self, word: str) -> int:
        """Return the word's number; of a new word, the next one."""
        return self._number_of.setdefault(word, len(self._number_of))

    def words(self) -> list[str]:
        return list(self._number_of)


def _found(columns: bytearray, lengths: bytearray) -> Found:
    return Found(np.frombuffer(columns, np.int32), np.frombuffer(lengths, np.int32))


def tokens_at(documents: TokenLists, places: NDArray[np.int64]) -> list[str]:
    """Return the tokens at some places among all of all documents."""
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int64, len(documents)))])
    numbers = np.searchsorted(starts, places, "right") - 1
    within = places - starts[numbers]
    return [documents[number][place] for number, place in zip(numbers.tolist(), within.tolist(), strict=True)]


class Numbered(NamedTuple):
    """Documents, split, with a number for each token."""

    # The different words in the order in which they first occur.
    words: list[str]
    # ndarray of shape (n_tokens,), dtype int32: the place of each token among the words.
    numbers: Numbers
    # ndarray of shape (n_documents,), dtype int32: how many tokens each document has.
    lengths: Numbers

    def counts(self) -> dict[str, int]:
        """Count how often each word occurs; in the order in which they first occur."""
        counts = np.bincount(self.numbers, minlength=len(self.words)).tolist()
        return dict(zip(self.words, counts, strict=True))

    def token_lists(self) -> list[list[str]]:
        """Return the tokens of each document; equal ones are one string."""
        return token_lists(self.words, self.numbers, self.lengths)


def number_words(documents: Iterable[str], lowercase: bool = True) -> Numbered:
    """Split documents into words, and number these as they first occur.

    Parameters
    ----------
    documents : iterable of str
        Raw text, read once.
    lowercase : bool, default=True
        Whether to lowercase it first.

    Returns
    -------
    Numbered
        The words, and which of them each token is.

    Raises
    ------
    TypeError
        If a document is not a string.

    Examples
    --------
    >>> numbered = number_words(["Tea, please!", "More tea"])
    >>> numbered.counts()
    {'tea': 2, 'please': 1, 'more': 1}
    >>> numbered.token_lists()
    [['tea', 'please'], ['more', 'tea']]
    """
    columns = columns_of([])
    words = columns.new_words()
    found = [columns.look_up_text(batch, lowercase, words) for batch in _batches(documents)]
    nothing = np.empty(0, np.int32)
    numbers = np.concatenate([nothing, *(batch.columns for batch in found)])
    return Numbered(words.words(), numbers, np.concatenate([nothing, *(batch.lengths for batch in found)]))


def _batches(documents: Iterable[str]) -> Iterator[list[str]]:
    remaining = iter(documents)
    while batch := list(islice(remaining, BATCH_DOCUMENTS)):
        yield batch


def token_lists(words: list[str], numbers: Numbers, lengths: Numbers) -> list[list[str]]:
    """Return the tokens of each document, which are the strings of ``words`` themselves.

    Parameters
    ----------
    words : list of str
        Different words.
    numbers : ndarray of shape (n_tokens,), dtype int32
        The place of each token among them.
    lengths : ndarray of shape (n_documents,), dtype int32
        How many tokens each document has.

    Returns
    -------
    list of lists of str
        One for each document.
    """
    if _words is not None:
        return _words.token_lists(words, numbers, lengths)
    tokens = list(map(words.__getitem__, numbers.tolist()))
    ends = np.cumsum(lengths, dtype=np.int64).tolist()
    return [tokens[start:end] for start, end in pairwise([0, *ends])]
