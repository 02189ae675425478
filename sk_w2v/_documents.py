"""Documents (strings or tokens) → tokens, or an error that names the document."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from itertools import chain
from typing import Any, TypeAlias

from sklearn.feature_extraction.text import CountVectorizer

PART = 1000
PLAIN = frozenset([list, tuple])
"""What tokens come in. Subclasses, which may iterate in a way of their own, are copied."""

Analyzer: TypeAlias = Callable[[str], Iterable[str]]
Tokens: TypeAlias = Sequence[str]


def build_analyzer(analyzer: str | Analyzer) -> Analyzer:
    """Return the function that splits a string document into tokens.

    ``"word"`` gives the words of scikit-learn's ``CountVectorizer``: lowercased, two or more word characters.
    """
    if callable(analyzer):
        return analyzer
    if analyzer != "word":
        raise ValueError(f"The 'analyzer' parameter must be 'word' or a callable. Got {analyzer!r:.100} instead.")
    find_words = CountVectorizer().build_tokenizer()
    return lambda document: find_words(document.lower())


def tokenize(X: Iterable[Any], analyze: Analyzer) -> "Documents":
    """Return the token lists of X, made as they are iterated over.

    Raises
    ------
    TypeError, ValueError
        If X is no collection of documents; while iterating, if a document is neither a string nor tokens.
    """
    _check_collection(X)
    return Documents(X, analyze)


def _check_collection(X: Any) -> None:
    """Raise unless X is a one-dimensional, ordered collection of documents."""
    if isinstance(X, str | bytes):
        raise ValueError("Iterable over raw text documents expected, string object received.")
    kind = type(X).__name__
    if not isinstance(X, Iterable) or isinstance(X, Mapping | Set):
        raise TypeError(f"Expected an iterable of documents, such as a list of str. Got {kind} instead.")
    shape = getattr(X, "shape", (0,))
    if len(shape) == 1:
        return
    if hasattr(X, "columns"):
        raise TypeError(
            f"Expected a column of documents, got a whole {kind}. Pass one column, X['text'], or name it by a "
            "string, not a list, in a ColumnTransformer: ('w2v', PretrainedWord2VecTransformer(), 'text')."
        )
    raise ValueError(
        f"Expected a one-dimensional collection of documents, got {kind} of shape {shape}. "
        "Pass X.ravel() if each cell is a document, X.tolist() if each row is the tokens of one."
    )


class Documents:
    """Documents of X as token lists, tokenised anew in each pass and never held."""

    def __init__(self, X: Iterable[Any], analyze: Analyzer) -> None:
        self._X = X
        self._analyze = analyze

    def __iter__(self) -> Iterator[Tokens]:
        X, analyze = self._X, self._analyze
        if not isinstance(X, list):
            return _tokenized(X, analyze)
        return chain.from_iterable(_tokenized_part(X[at : at + PART], analyze, at) for at in range(0, len(X), PART))

    def held(self) -> "list[Tokens] | Documents":
        """All token lists at once where X is in memory, or can be read only once; else the documents as they are.

        A length alone does not say that X is in memory, nor do indices: collections that read a disk have them too.
        """
        is_in_memory = isinstance(self._X, (list, tuple)) or hasattr(self._X, "shape")
        return list(self) if is_in_memory or iter(self._X) is self._X else self


def _tokenized_part(X: list[Any], analyze: Analyzer, start: int) -> Iterable[Tokens]:
    """As :func:`_tokenized`; if all documents are tokens, they need not be looked at one by one."""
    return X if PLAIN.issuperset(map(type, X)) else _tokenized(X, analyze, start)


def _tokenized(X: Iterable[Any], analyze: Analyzer, start: int = 0) -> Iterator[Tokens]:
    for number, document in enumerate(X, start):
        if isinstance(document, str):
            yield _analyzed(document, analyze, number)
        elif type(document) in PLAIN:
            yield document
        else:
            yield _listed(document, number)


def _analyzed(document: str, analyze: Analyzer, number: int) -> Tokens:
    tokens = analyze(document)
    if type(tokens) is list:
        return tokens
    if isinstance(tokens, str | bytes) or not isinstance(tokens, Iterable):
        raise TypeError(f"The analyzer must return a list of str. For document {number} it returned {tokens!r:.60}.")
    return list(tokens)


def _listed(document: Any, number: int) -> Tokens:
    """The tokens of a list of another kind, or of an array, as the rows of pandas' and polars' list columns are."""
    if isinstance(document, (list, tuple)):
        return list(document)
    to_list = getattr(document, "tolist", None) or getattr(document, "to_list", None)
    tokens = to_list() if to_list is not None else document
    if isinstance(tokens, list):
        return tokens
    raise TypeError(f"Document {number} must be a str or a list of str. Got {document!r:.60} instead.")


def check_tokens(documents: Iterable[Tokens], start: int = 0) -> None:
    """Raise, naming the document, if a token is not a string.

    Slow: for use when a faster step has found that something is amiss.
    """
    for number, document in enumerate(documents, start):
        for token in document:
            if not isinstance(token, str):
                raise TypeError(f"Document {number} must be a str or a list of str. Got the token {token!r:.60}.")
