"""Words → columns → sums of rows. Strings or token lists are looked up in C (``_words.c``), or by a dict."""

from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice, pairwise, repeat
from typing import Any, NamedTuple, Protocol

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from ._analyzer import build_analyzer, characters

try:
    from . import _words
except ImportError:  # installed where there was no C compiler
    _words = None  # type: ignore[assignment]

BATCH_DOCUMENTS = 20_000
# So little is added up without a sparse matrix.
FEW_DOCUMENTS = 4
FEW_TOKENS = 2000

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
        """Cut documents into words, and look up every word.

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
    return Found(_numbers(columns), _numbers(lengths))


def _numbers(numbers: bytearray) -> Numbers:
    return np.frombuffer(numbers, np.int32)


def tokens_at(documents: TokenLists, places: NDArray[np.int64]) -> list[str]:
    """Return the tokens at some places among all of all documents."""
    starts = np.concatenate([[0], np.cumsum(np.fromiter(map(len, documents), np.int64, len(documents)))])
    numbers = np.searchsorted(starts, places, "right") - 1
    within = places - starts[numbers]
    return [documents[number][place] for number, place in zip(numbers.tolist(), within.tolist(), strict=True)]


class Numbered(NamedTuple):
    """Documents, cut, with a number for each token."""

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
    """Cut documents into words, and number these as they first occur.

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


def choose_tokens(
    columns: Numbers, starts: Numbers, first: int, stop: int, wanted: NDArray[np.bool_] | None = None
) -> tuple[Numbers, Numbers]:
    """Choose the tokens whose column is in a range.

    Parameters
    ----------
    columns : ndarray of shape (n_tokens,), dtype int32
        The column of each token, document after document.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.
    first, stop : int
        The range; ``stop`` is behind it.
    wanted : ndarray of shape (stop - first,), dtype bool, or None, default=None
        Which columns of the range are chosen. None: all of them.

    Returns
    -------
    columns : ndarray of shape (n_chosen,), dtype int32
        The place of each chosen token's column in the range.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.
    """
    if _words is None:
        return _chosen_by_flags(columns, starts, first, stop, wanted)
    given = () if wanted is None else (wanted,)
    chosen, chosen_starts = _words.choose_tokens(columns, starts, first, stop, *given)
    return _numbers(chosen), _numbers(chosen_starts)


def _chosen_by_flags(
    columns: Numbers, starts: Numbers, first: int, stop: int, wanted: NDArray[np.bool_] | None
) -> tuple[Numbers, Numbers]:
    chosen = (columns >= first) & (columns < stop)
    if wanted is not None:
        chosen[chosen] = wanted[columns[chosen] - first]
    return columns[chosen] - np.int32(first), sums_before(chosen)[starts]


def sums_before(numbers: NDArray[Any]) -> Numbers:
    """Return the sum of the first 0, 1, 2 ... numbers."""
    sums = np.zeros(len(numbers) + 1, np.int32)
    np.add.accumulate(numbers, dtype=np.int32, out=sums[1:])
    return sums


def sum_rows(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    """Add up the rows that the columns of each document name, one after the other.

    Parameters
    ----------
    rows : ndarray of shape (n_rows, width), dtype float32
        What is added up.
    columns : ndarray of shape (n_tokens,), dtype int32
        The row of each token, document after document.
    starts : ndarray of shape (n_documents + 1,), dtype int32
        Where each document begins among them, and the end of the last.

    Returns
    -------
    ndarray of shape (n_documents, width), dtype float32
        The sums, the same bit for bit with the C code and without it.
    """
    if _words is None or rows.dtype != np.float32 or not (rows.flags.c_contiguous and rows.flags.aligned and rows.size):
        return _sums_by_matrix(rows, columns, starts)
    sums = np.empty((len(starts) - 1, rows.shape[1]), np.float32)
    _words.add_rows(rows, rows.shape[1], columns, starts, sums)
    return sums


def _sums_by_matrix(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    n_documents, (n_rows, width) = len(starts) - 1, rows.shape
    if n_documents <= FEW_DOCUMENTS and len(columns) <= FEW_TOKENS and width > 1:
        return _sums_of_few(rows, columns, starts)  # a column alone would be added up pairwise, hence in another order
    ones = np.ones(len(columns), np.float32)
    sums: NDArray[np.float32] = sp.csr_array((ones, columns, starts), shape=(n_documents, n_rows)) @ rows
    return sums


def _sums_of_few(rows: NDArray[np.float32], columns: Numbers, starts: Numbers) -> NDArray[np.float32]:
    """Add up as a sparse matrix does, in the same order, without making one, which takes longer than to add."""
    if not len(columns):
        return np.zeros((len(starts) - 1, rows.shape[1]), np.float32)
    chosen = rows[columns]
    sums = [np.add.reduce(chosen[start:end], axis=0, initial=0.0) for start, end in pairwise(starts.tolist())]
    return np.array(sums, np.float32).reshape(len(sums), rows.shape[1])
