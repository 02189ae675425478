"""The files that this process has opened, each once as long as it does not change."""

import os
from collections import OrderedDict
from typing import Any, NamedTuple

from ._arrays import Arrays
from ._datasets import dataset_path
from ._files import FileOptions, VectorFile, file_lock, naming
from ._gensim import is_gensim_file, load_arrays, parts
from ._streams import Location, fingerprint, identity, locate, magic

FILES_KEPT = 4

_files: OrderedDict[tuple[Any, ...], "OpenFile"] = OrderedDict()


class OpenFile(NamedTuple):
    """A file's words and rows, and the fingerprint of its content."""

    source: VectorFile | Arrays
    fingerprint: str


def open_file(options: FileOptions) -> OpenFile:
    """Open a file, or return what this process has opened before if it has not changed since.

    Raises
    ------
    FileNotFoundError, IsADirectoryError, PermissionError
        If there is no such file, or it cannot be read.
    ValueError
        If the content is not word vectors.
    """
    location = locate(options.path, dataset_path)
    key = (os.path.realpath(location.path), *(identity(os.stat(part)) for part in parts(location.path)), options)
    with file_lock():
        if key not in _files:
            _files[key] = _open(location, options)
        _files.move_to_end(key)
        while len(_files) > FILES_KEPT:
            _files.popitem(last=False)
        return _files[key]


def forget_files() -> None:
    """Let go of all files. One that is asked for again is opened again."""
    with file_lock():
        _files.clear()


def _open(location: Location, options: FileOptions) -> OpenFile:
    first_bytes = magic(location.path)
    with naming(options.path):
        if is_gensim_file(first_bytes):
            arrays = load_arrays(location.path, first_bytes, options.limit)
            return OpenFile(arrays, "-".join(map(fingerprint, parts(location.path))))
        return OpenFile(VectorFile(location, options), fingerprint(location.path))
