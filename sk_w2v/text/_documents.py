"""Documents (strings or tokens) → token lists, or an error that names the document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set, Sized
from itertools import chain, islice
from numbers import Real
from typing import Any, TypeAlias

import numpy as np
import scipy.sparse as sp

from .._checks import is_called_from, quoted, warn
from ._analyzer import build_analyzer
from ._columns import number_words

# Documents that are looked at together: of those in memory, and of those that are streamed.
PART = 1000
STREAMED = 10
# What errors say behind the number of a document that is one of the extra ones.
EXTRA = " of extra_documents"
# Rows of a table that are looked at, to tell the column of texts from those of names and dates.
LOOKED_AT = 10
# Where scikit-learn fits to a fold.
CROSS_VALIDATION = "sklearn.model_selection._validation"
# What tokens come in. Subclasses, which may iterate in a way of their own, are copied.
PLAIN = frozenset([list, tuple])

# What pandas and numpy make of missing values when they turn them into strings. "None" is what people write too.
_LOST = frozenset(["nan", "NaN", "<NA>", "NaT"])
_MISSING = " Replace missing documents by empty ones, as X.fillna('') does in pandas."

Analyzer: TypeAlias = Callable[[str], Iterable[str]]
Tokens: TypeAlias = Sequence[str]


def read_documents(X: Iterable[Any], split: Analyzer | None, lowercase: bool = True, where: str = "") -> "Documents":
    """Return the documents of X, which are read when they are iterated over.

    Parameters
    ----------
    X : iterable of str or of list of str
        Documents.
    split : callable or None
        Splits a str into tokens. None splits it into words, as ``_analyzer`` defines them.
    lowercase : bool, default=True
        Whether words are lowercased.
    where : str, default=""
        What errors say behind "Document 3", to tell one collection from another.

    Returns
    -------
    Documents
        An iterable of token lists.

    Raises
    ------
    TypeError, ValueError
        If X is no collection of documents; while iterating, if a document is neither a string nor tokens.
    """
    _check_collection(X, where)
    return Documents(_plain(X), split, lowercase, where)


def _plain(X: Any) -> Iterable[Any]:
    """Return the values of a pyarrow array, which gives its own scalars otherwise, and any other X as it is."""
    values: Iterable[Any] = X.to_pylist() if hasattr(X, "to_pylist") else X
    return values


def n_held(X: Any) -> int:
    """Return how many documents X holds in memory: 0 of a collection that may read them elsewhere."""
    return len(X) if _is_in_memory(X) else 0


def _is_in_memory(X: Any) -> bool:
    """A length alone does not say so, nor do indices: collections that read a disk have them too."""
    return isinstance(X, list | tuple) or hasattr(X, "shape")


def join(documents: Iterable[Tokens], more: Iterable[Tokens] | None) -> Iterable[Tokens]:
    """Return documents of two collections, one behind the other, which may be read as often as they may."""
    if more is None:
        return documents
    if isinstance(documents, list) and isinstance(more, list):
        return documents + more
    return _Joined(documents, more)


class _Joined:
    def __init__(self, *parts: Iterable[Tokens]) -> None:
        self._parts = parts

    def __iter__(self) -> Iterator[Tokens]:
        return chain.from_iterable(self._parts)


def warn_if_only_a_fold(X: Any, extra_documents: Any) -> None:
    """Warn if a search or a cross-validation may have kept of the extra documents those of the fold, as it does with X.

    It does so with whatever is as long as the X that it got; what it keeps is as long as the X that ``fit`` gets.
    """
    if not isinstance(X, Sized) or not isinstance(extra_documents, Sized) or len(X) != len(extra_documents):
        return
    if is_called_from(CROSS_VALIDATION):
        warn(
            f"extra_documents has exactly as many documents as X in a fold: {len(X)}. If you passed more, "
            "cross-validation has kept only those of the fold. Then add an empty document: [*extra_documents, '']."
        )


def _check_collection(X: Any, where: str) -> None:
    """Raise unless X is a one-dimensional, ordered collection of documents."""
    if isinstance(X, str | bytes):
        raise ValueError(
            f"Iterable over raw text documents expected{_for(where)}, string object received: {X!r:.60}. Put a single "
            "document into a list."
        )
    kind = type(X).__name__
    if _has_columns(X):
        raise TypeError(f"Expected a column of documents{_for(where)}, got a whole {kind}. {_column_advice(X, where)}")
    if not isinstance(X, Iterable) or isinstance(X, Mapping | Set):
        raise TypeError(f"Expected an iterable of documents{_for(where)}, such as a list of str. Got {kind} instead.")
    shape = getattr(X, "shape", (0,))
    if sp.issparse(X) or (len(shape) != 1 and getattr(X, "dtype", np.dtype(object)).kind in "fiub"):
        raise ValueError(
            f"Expected documents{_for(where)}, got {kind} of shape {shape}, which holds numbers. Pass the text that "
            "they were made of: put this transformer in the place of the step that made them, or beside it in a "
            "FeatureUnion."
        )
    if len(shape) != 1:
        raise ValueError(
            f"Expected a one-dimensional collection of documents{_for(where)}, got {kind} of shape {shape}. "
            "Pass X.ravel() if each cell is a document, X.tolist() if each row is the tokens of one."
        )


def _has_columns(X: Any) -> bool:
    """Return whether X is a table: of pandas, polars, pyarrow or Hugging Face."""
    return hasattr(X, "column_names") or (len(getattr(X, "shape", ())) == 2 and hasattr(X, "columns"))


def _column_advice(X: Any, where: str) -> str:
    given = where.removeprefix(" of ") or "X"
    if isinstance(X, Mapping):  # Hugging Face's splits
        return f"Pass one column of one split, {given}[{next(iter(X), 'train')!r}]['text']."
    column = _text_column(X)
    advice = f"Pass one column, {given}[{column!r}]"
    if where or hasattr(X, "column_names"):
        return f"{advice}."
    return (
        f"{advice}, or name it by a string, not a list, in a ColumnTransformer: "
        f"('w2v', PretrainedWord2VecTransformer(), {column!r})."
    )


def _text_column(X: Any) -> Any:
    """The column of a table with the longest texts at its beginning."""
    names = X.column_names if hasattr(X, "column_names") else X.columns
    is_known = names is not None and hasattr(X, "__getitem__")  # Hugging Face's streams may not know their columns
    lengths = {name: _length(X[name]) for name in names} if is_known else {}
    longest = max(lengths, key=lengths.__getitem__, default="text")
    return longest if lengths.get(longest) else "text"


def _length(column: Iterable[Any]) -> int:
    """How many characters the first texts of a column have."""
    values = (value.as_py() if hasattr(value, "as_py") else value for value in islice(column, LOOKED_AT))  # pyarrow's
    return sum(len(value) for value in values if isinstance(value, str))


def _for(where: str) -> str:
    return where.replace(" of ", " for ")


class CountedLists(list[Tokens]):
    """Token lists in memory, and the counts of their words where splitting has counted them."""

    counts: dict[str, int] | None = None


class Documents:
    """Documents of X as token lists, read anew in each pass and never held."""

    def __init__(self, X: Iterable[Any], split: Analyzer | None, lowercase: bool, where: str) -> None:
        self._X, self._split, self._lowercase, self._where = X, split, lowercase, where
        self._is_checked = False

    def __iter__(self) -> Iterator[Tokens]:
        return _tokens(self._parts(STREAMED), self._lowercase)

    def raw(self) -> Iterator[Any]:
        """Give the documents as token lists, but strings that are split into words as they are."""
        self._is_checked = True
        return chain.from_iterable(self._told_if_empty(self._parts(1)))

    def _told_if_empty(self, parts: Iterator[list[Any]]) -> Iterator[list[Any]]:
        """Warn if an iterator has no documents, as one that was read before. An empty list is no surprise."""
        is_empty = isinstance(self._X, Iterator)
        for part in parts:
            is_empty = False
            yield part
        if is_empty:
            warn(
                f"X is an iterator that gave no documents, hence there are no rows. Got {self._X!r:.60}. One that was "
                "read before has no more documents: pass a list."
            )

    def held(self) -> "CountedLists | Documents":
        """All token lists at once where X is in memory, or can be read only once; else the documents as they are."""
        if not _is_in_memory(self._X) and iter(self._X) is not self._X:
            return self
        parts = list(self._parts(STREAMED))
        if not all(map(_are_text, parts)):
            return CountedLists(_tokens(parts, self._lowercase))
        numbered = number_words(chain.from_iterable(parts), self._lowercase)
        held = CountedLists(numbered.token_lists())
        held.counts = numbered.counts()
        return held

    def _parts(self, n_streamed: int) -> Iterator[list[Any]]:
        """Some documents at a time: all strings that are split into words, or all token lists."""
        remaining, start = iter(self._X), 0
        size = PART if _is_in_memory(self._X) else n_streamed
        lost: list[tuple[int, str]] = []
        while part := list(islice(remaining, size)):
            lost += [] if self._is_checked else _lost(part, start)
            is_ready = PLAIN.issuperset(map(type, part)) or (self._split is None and _are_text(part))
            yield part if is_ready else list(self._tokenized(part, start))
            start += len(part)
        self._is_checked = True
        if lost:
            texts = quoted(dict.fromkeys(text for _, text in lost))
            warn(
                f"Missing documents seem to have become strings, such as {texts}: {len(lost)} of them, the first is "
                f"document {lost[0][0]}{self._where}. Replace missing documents by empty ones before they become "
                "strings, as X.fillna('').astype(str) does in pandas."
            )

    def _tokenized(self, X: Iterable[Any], start: int) -> Iterator[Tokens]:
        for number, document in enumerate(X, start):
            if isinstance(document, str):
                yield self._analyzed(document, number)
            elif isinstance(document, bytes):
                yield self._analyzed(self._decoded(document, number), number)
            elif type(document) in PLAIN:
                yield document
            else:
                yield self._listed(document, number)

    def _analyzed(self, document: str, number: int) -> Tokens:
        tokens = (self._split or build_analyzer(self._lowercase))(document)
        if isinstance(tokens, str | bytes) or not isinstance(tokens, Iterable):
            raise TypeError(
                f"The analyzer must return a list of str. For document {number}{self._where} it returned "
                f"{tokens!r:.60}."
            )
        return list(tokens)  # a copy: an analyzer may fill the same list again

    def _decoded(self, document: bytes, number: int) -> str:
        try:
            return document.decode()
        except UnicodeDecodeError as error:
            raise ValueError(
                f"Document {number}{self._where} is not valid UTF-8: {error.reason} at byte {error.start}. "
                "Decode bytes of another encoding first, as by document.decode('latin-1')."
            ) from error

    def _listed(self, document: Any, number: int) -> Tokens:
        """The tokens of a list of another kind, or of an array, as the rows of pandas' and polars' list columns are."""
        if isinstance(document, (list, tuple)):
            return list(document)
        to_list = getattr(document, "tolist", None) or getattr(document, "to_list", None)
        tokens = to_list() if to_list is not None else document
        if isinstance(tokens, list):
            return tokens
        advice = _MISSING if is_missing(document) else ""
        raise TypeError(
            f"Document {number}{self._where} must be a str or a list of str. Got {document!r:.60} instead.{advice}"
        )


def _lost(documents: Iterable[Any], start: int) -> list[tuple[int, str]]:
    """Return the number and the text of the documents that were missing before they became strings."""
    numbered = enumerate(documents, start)
    return [(number, one) for number, one in numbered if isinstance(one, str) and len(one) < 5 and one in _LOST]


def is_missing(document: Any) -> bool:
    """Return whether a document is None, NaN or what pandas has for them."""
    is_nan = isinstance(document, Real) and document != document
    return document is None or is_nan or type(document).__name__ in ("NAType", "NaTType")


def _tokens(parts: Iterable[list[Any]], lowercase: bool) -> Iterator[Tokens]:
    for part in parts:
        yield from number_words(part, lowercase).token_lists() if _are_text(part) else part


def _are_text(documents: Iterable[Any]) -> bool:
    return all(issubclass(kind, str) for kind in set(map(type, documents)))


def check_tokens(documents: Iterable[Tokens], start: int = 0, where: str = "") -> None:
    """Raise, naming the document, if a token is not a string.

    Slow: for use when a faster step has found that something is amiss.
    """
    for number, document in enumerate(documents, start):
        for token in document:
            if not isinstance(token, str):
                raise TypeError(
                    f"Document {number}{where} must be a str or a list of str. Got the token {token!r:.60}."
                )
