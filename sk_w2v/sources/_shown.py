"""A source → a line about it: how many words and numbers, cased or not, the format and the place."""

from collections.abc import Callable, Sequence
from html import escape

from ..text._pieces import Pieces
from ._arrays import Arrays
from ._files import FileOptions, VectorFile
from ._source import Source


def as_text(origin: Arrays | FileOptions, source: Source | None) -> str:
    """Return the line. A file is not read for it. None stands for a file that is not open."""
    what, place = _described(source), _place(origin)
    return f"{what} {repr(place) if place else 'in memory'}"


def as_html(origin: Arrays | FileOptions, read: Callable[[], Source]) -> str:
    """Return the line for notebooks. A file is read through, once a process."""
    try:
        source = read()
        source.n_words()
    except (OSError, ValueError) as error:
        shown = escape(str(error))
    else:
        place = _place(origin)
        shown = f"{_described(source)} {f'<code>{escape(place)}</code>' if place else 'in memory'}"
    return f"<p><b>PretrainedVectors</b>: {shown}</p>"


def _described(source: Source | None) -> str:
    if source is None:
        return "file"
    n_words, some = source.told()
    size = f"{source.vector_size} numbers"
    size = f"{size} a word" if n_words is None else f"{n_words:,} words × {size}"
    return ", ".join(filter(None, [size, _case(some), _format(source)]))


def _case(words: Sequence[str]) -> str:
    """Say nothing of words that have no letters of two cases."""
    if any(word != word.lower() for word in words):
        return "cased"
    return "lowercased" if any(word != word.upper() for word in words) else ""


def _format(source: Source) -> str:
    if isinstance(source, VectorFile):
        return f"{source.format_name} file"
    if source.subwords is None:
        return "arrays"
    return "static model" if isinstance(source.subwords, Pieces) else "model with character n-grams"


def _place(origin: Arrays | FileOptions) -> str:
    return origin.path if isinstance(origin, FileOptions) else origin.path or ""
