"""A source → a line of HTML, for notebooks."""

from collections.abc import Callable
from html import escape

from ._arrays import Arrays
from ._files import FileOptions, VectorFile
from ._source import Source


def as_html(origin: Arrays | FileOptions, read: Callable[[], Source]) -> str:
    """Return the number of words and of numbers, the format and the place. A file is read through, once a process."""
    return f"<p><b>PretrainedVectors</b>: {_described(origin, read)}</p>"


def _described(origin: Arrays | FileOptions, read: Callable[[], Source]) -> str:
    try:
        source = read()
        size = f"{source.n_words():,} words × {source.vector_size} numbers"
    except (OSError, ValueError) as error:
        return escape(str(error))
    if isinstance(origin, Arrays):
        return f"{size}, arrays"
    return f"{size}, {_format(source)} <code>{escape(origin.path)}</code>"


def _format(source: Source) -> str:
    if not isinstance(source, VectorFile):
        return "model"
    return "binary file" if source.is_binary else "text file"
