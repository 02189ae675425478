"""A path → the bytes of a vector file: plain, compressed, or a member of a zip archive; and their fingerprint."""

import bz2
import errno
import gzip
import io
import lzma
import os
import zipfile
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, nullcontext
from hashlib import blake2b
from pathlib import PurePath
from typing import Any, BinaryIO, NamedTuple, TypeVar

MAGIC_BYTES = 16
READ_BYTES = 1 << 17
PLAIN_BYTES = 1 << 18  # at once; larger ones are given back to the system and fetched again, page by page
DECOMPRESSED_BYTES = 1 << 22  # at once, since each piece means a wait for Python
ZIP_MAGIC = b"PK\x03\x04"
FINGERPRINT_SAMPLES = 66
SAMPLE_BYTES = 1 << 16


class _Eager:
    """A file for ``gzip``, which asks for 8 KB at a time in Python 3.11."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.seek = file.seek

    def read(self, n_bytes: int) -> bytes:
        return self._file.read(READ_BYTES if n_bytes == io.DEFAULT_BUFFER_SIZE else n_bytes)


_DECOMPRESSORS: dict[bytes, Callable[[Any], Any]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=_Eager(file)),
    b"BZh": bz2.open,
    b"\xfd7zXZ\x00": lzma.open,
}
_DAMAGED = (EOFError, OSError, zlib.error, lzma.LZMAError, zipfile.BadZipFile)

Item = TypeVar("Item")


class Location(NamedTuple):
    """A file on the disk and, where that is a zip archive, the name of a member (empty: the only one)."""

    path: str
    member: str = ""


def locate(path: str) -> Location | None:
    """Find the file of a path, which may go on into a zip archive: ``"glove.6B.zip/glove.6B.50d.txt"``."""
    for archive in (PurePath(path), *PurePath(path).parents):
        if os.path.isfile(archive):
            return Location(str(archive), path[len(str(archive)) :].strip("/\\"))
    return None


def magic(path: str) -> bytes:
    """Return the first bytes of a file, which tell what it is."""
    with open(path, "rb") as file:
        return file.read(MAGIC_BYTES)


@contextmanager
def open_stream(file: BinaryIO, member: str = "") -> Iterator[BinaryIO]:
    """Give the decompressed bytes of an open file: the file itself if it is not compressed.

    Raises
    ------
    ValueError
        If the compressed data are damaged, or it is not clear which member of an archive is meant.
    """
    start = file.read(MAGIC_BYTES)
    file.seek(0)
    try:
        if start.startswith(ZIP_MAGIC):
            archive, stream = _open_member(file, member)
            with archive, stream:
                yield stream
            return
        if member:
            raise ValueError(f"it is no zip archive, so that {member!r} cannot be in it")
        opens = [decompress for first_bytes, decompress in _DECOMPRESSORS.items() if start.startswith(first_bytes)]
        with opens[0](file) if opens else nullcontext(file) as stream:
            yield stream
    except _DAMAGED as error:
        if getattr(error, "errno", None) is not None:  # an error of the system; those of gzip and bz2 have no number
            raise
        raise ValueError(f"its compressed data are damaged or truncated ({error})") from error


def bytes_at_once(stream: BinaryIO) -> int:
    """Return how much of a stream to read at once."""
    return PLAIN_BYTES if isinstance(stream, io.BufferedReader) else DECOMPRESSED_BYTES


def ahead(stream: BinaryIO, items: Iterator[Item]) -> Iterator[Item]:
    """Pass on items that are made of a stream. If it is compressed, a thread makes the next item meanwhile."""
    if isinstance(stream, io.BufferedReader):
        yield from items
        return
    with ThreadPoolExecutor(1) as thread:
        coming = thread.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = thread.submit(next, items, None)
            yield item


def _open_member(file: BinaryIO, member: str) -> tuple[zipfile.ZipFile, Any]:
    """Open a zip archive and a member of it. One that is damaged may ask for what cannot be sought, or held."""
    try:
        archive = zipfile.ZipFile(file)
        return archive, archive.open(_member(archive, member))
    except RuntimeError as error:  # encrypted, or of a version or a method that Python does not have
        raise ValueError(f"the archive cannot be read ({error})") from error
    except MemoryError as error:
        raise zipfile.BadZipFile(str(error)) from error
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
        raise zipfile.BadZipFile(str(error)) from error


def _member(archive: zipfile.ZipFile, member: str) -> str:
    names = [info.filename for info in archive.infolist() if not info.is_dir() and "__MACOSX" not in info.filename]
    if member in names:
        return member
    if not member and len(names) == 1:
        return names[0]
    which = f"has no member {member!r}" if member else f"has {len(names)} members, and none is named"
    raise ValueError(f"the archive {which}. Add one of them to the path, behind a slash: {names[:10]}")


def identity(status: os.stat_result) -> tuple[int, int, int]:
    """Return size, time and inode, which tell one state of a file from another without reading it."""
    return status.st_size, status.st_mtime_ns, status.st_ino


def fingerprint(path: str) -> str:
    """Return the size and a hash of 66 samples from head to tail, which costs 4 MB of reading, whatever the size."""
    size = os.path.getsize(path)
    digest = blake2b(str(size).encode(), digest_size=16)
    with open(path, "rb") as file:
        for start in _spread(max(size - SAMPLE_BYTES, 0)):
            file.seek(start)
            digest.update(file.read(SAMPLE_BYTES))
    return f"{size}-{digest.hexdigest()}"


def _spread(last: int) -> list[int]:
    """Return evenly spaced offsets from 0 to the last."""
    return [last * sample // (FINGERPRINT_SAMPLES - 1) for sample in range(FINGERPRINT_SAMPLES)]
