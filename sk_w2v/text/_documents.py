"""Documents (strings or tokens) → tokens, or an error that names the document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, TypeAlias

from sklearn.feature_extraction.text import CountVectorizer

PART = 1000
# What errors say behind the number of a document that is one of the extra ones.
EXTRA = " of extra_documents"
# What tokens come in. Subclasses, which may iterate in a way of their own, are copied.
PLAIN = frozenset([list, tuple])

Analyzer: TypeAlias = Callable[[str], Iterable[str]]
Tokens: TypeAlias = Sequence[str]


def build_analyzer(analyzer: str | Analyzer) -> Analyzer:
    """Return the function that splits a string document into tokens.

    ``"word"`` gives the words of scikit-learn's ``CountVectorizer``: lowercased, two or more word characters.
    """
    if callable(analyzer):
        return analyzer
    find_words = CountVectorizer().build_tokenizer()
    return lambda document: find_words(document.lower())


def tokenize(X: Iterable[Any], analyze: Analyzer, where: str = "") -> "Documents":
    """Return the token lists of X, made as they are iterated over.

    Parameters
    ----------
    X : iterable of str or of list of str
        Documents.
    analyze : callable
        Cuts a str into tokens.
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
    return Documents(X, analyze, where)


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


def _check_collection(X: Any, where: str) -> None:
    """Raise unless X is a one-dimensional, ordered collection of documents."""
    if isinstance(X, str | bytes):
        raise ValueError(f"Iterable over raw text documents expected{_for(where)}, string object received.")
    kind = type(X).__name__
    if not isinstance(X, Iterable) or isinstance(X, Mapping | Set):
        raise TypeError(f"Expected an iterable of documents{_for(where)}, such as a list of str. Got {kind} instead.")
    shape = getattr(X, "shape", (0,))
    if len(shape) == 1:
        return
    if hasattr(X, "columns"):
        raise TypeError(
            f"Expected a column of documents{_for(where)}, got a whole {kind}. Pass one column, X['text'], or name it "
            "by a string, not a list, in a ColumnTransformer: ('w2v', PretrainedWord2VecTransformer(), 'text')."
        )
    raise ValueError(
        f"Expected a one-dimensional collection of documents{_for(where)}, got {kind} of shape {shape}. "
        "Pass X.ravel() if each cell is a document, X.tolist() if each row is the tokens of one."
    )


def _for(where: str) -> str:
    return where.replace(" of ", " for ")


class Documents:
    """Documents of X as token lists, tokenised anew in each pass and never held."""

    def __init__(self, X: Iterable[Any], analyze: Analyzer, where: str) -> None:
        self._X, self._analyze, self._where = X, analyze, where

    def __iter__(self) -> Iterator[Tokens]:
        X = self._X
        if not isinstance(X, list):
            return self._tokenized(X, 0)
        return chain.from_iterable(self._tokenized_part(X[at : at + PART], at) for at in range(0, len(X), PART))

    def held(self) -> "list[Tokens] | Documents":
        """All token lists at once where X is in memory, or can be read only once; else the documents as they are.

        A length alone does not say that X is in memory, nor do indices: collections that read a disk have them too.
        """
        is_in_memory = isinstance(self._X, (list, tuple)) or hasattr(self._X, "shape")
        return list(self) if is_in_memory or iter(self._X) is self._X else self

    def _tokenized_part(self, X: list[Any], start: int) -> Iterable[Tokens]:
        """As :meth:`_tokenized`; if all documents are tokens, they need not be looked at one by one."""
        return X if PLAIN.issuperset(map(type, X)) else self._tokenized(X, start)

    def _tokenized(self, X: Iterable[Any], start: int) -> Iterator[Tokens]:
        for number, document in enumerate(X, start):
            if isinstance(document, str):
                yield self._analyzed(document, number)
            elif type(document) in PLAIN:
                yield document
            else:
                yield self._listed(document, number)

    def _analyzed(self, document: str, number: int) -> Tokens:
        tokens = self._analyze(document)
        if type(tokens) is list:
            return tokens
        if isinstance(tokens, str | bytes) or not isinstance(tokens, Iterable):
            raise TypeError(
                f"The analyzer must return a list of str. For document {number}{self._where} it returned "
                f"{tokens!r:.60}."
            )
        return list(tokens)

    def _listed(self, document: Any, number: int) -> Tokens:
        """The tokens of a list of another kind, or of an array, as the rows of pandas' and polars' list columns are."""
        if isinstance(document, (list, tuple)):
            return list(document)
        to_list = getattr(document, "tolist", None) or getattr(document, "to_list", None)
        tokens = to_list() if to_list is not None else document
        if isinstance(tokens, list):
            return tokens
        raise TypeError(f"Document {number}{self._where} must be a str or a list of str. Got {document!r:.60} instead.")


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
