"""The files that this process has opened, each once as long as it does not change."""

import os
import shutil
from collections import OrderedDict
from pathlib import PurePath
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

from ._arrays import Arrays
from ._files import FileOptions, VectorFile, file_lock, naming
from ._found import Place, find
from ._gensim import PICKLE_MAGIC, is_gensim_file, load_arrays
from ._gensim import parts as gensim_parts
from ._static_models import TOKENIZER_FILE
from ._streams import MAGIC_BYTES, Location, fingerprint, identity, magic, open_stream

FILES_KEPT = 4
# Files with such names are text or tensors, which run no code.
NO_PICKLES = {".txt", ".vec", ".safetensors"}

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
    found = find(options.path)
    parts = gensim_parts(found.path) if isinstance(found, Location) else found.parts()
    key = (os.path.realpath(parts[0]), *(identity(os.stat(part)) for part in parts), options)
    with file_lock():
        if key not in _files:
            _files[key] = OpenFile(_open(found, options), "-".join(map(fingerprint, parts)))
        _files.move_to_end(key)
        while len(_files) > FILES_KEPT:
            _files.popitem(last=False)
        return _files[key]


def forget_files() -> None:
    """Let go of all files. One that is asked for again is opened again."""
    with file_lock():
        _files.clear()


def _open(found: Place, options: FileOptions) -> VectorFile | Arrays:
    with naming(options.path):
        if not isinstance(found, Location):
            return found.open(options.limit)
        first_bytes = magic(found.path)
        if is_gensim_file(first_bytes):
            _check_pickle(found.path, found.path, first_bytes)
            return load_arrays(found.path, first_bytes, options.limit)
        return _unwrapped(found, options.limit) or VectorFile(found, options)


def _unwrapped(location: Location, limit: int | None) -> Arrays | None:
    """Load a compressed file of gensim's or fastText's from a decompressed copy; None if it is another kind.

    gensim itself reads ``.bin.gz`` wrongly.
    """
    with open(location.path, "rb") as file, open_stream(file, location.member) as stream:
        first_bytes = b"" if stream is file else stream.read(MAGIC_BYTES)
        if not is_gensim_file(first_bytes):
            return None
        _check_pickle(location.path, str(getattr(stream, "name", "")), first_bytes)
        with TemporaryDirectory() as folder:
            path = os.path.join(folder, "decompressed")
            with open(path, "wb") as copy:
                copy.write(first_bytes)
                shutil.copyfileobj(stream, copy, 1 << 20)
            return load_arrays(path, first_bytes, limit, mmap=None)


def _check_pickle(path: str, name: str, first_bytes: bytes) -> None:
    """Raise ValueError if a pickle is a part of a language model, or has the name of a file that is none."""
    if not first_bytes.startswith(PICKLE_MAGIC):
        return
    what = "it is a pickle, which runs code when it is opened, {}. If gensim has stored it, and it is your own, {}"
    if os.path.isfile(os.path.join(os.path.dirname(path), TOKENIZER_FILE)):
        raise ValueError(what.format("in the place of a language model", "move it to another folder"))
    if NO_PICKLES.intersection(PurePath(path).suffixes + PurePath(name).suffixes):
        raise ValueError(what.format("with the name of another kind of file", "rename it: end its name in .kv"))
