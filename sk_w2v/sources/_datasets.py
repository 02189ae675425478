"""The name of a gensim-data set → the path of its file."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from ._suggestions import suggested_offline

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

_NAME = re.compile(r"[\w-]+")


def is_dataset_name(path: str) -> bool:
    """Return whether a path may be the name of a gensim-data set. A file of this name comes first."""
    return _NAME.fullmatch(path) is not None and not os.path.exists(path)


def dataset_path(name: str) -> str | None:
    """Return the file of a gensim-data set, or None if there is no such set. Download it unless it is there already.

    Only the data are used, never the Python file that is downloaded with them.

    Raises
    ------
    FileNotFoundError
        If gensim-data cannot be asked.
    """
    if not is_dataset_name(name):
        return None
    from gensim import downloader

    path = Path(downloader.BASE_DIR, name, f"{name}.gz")
    if path.is_file():
        return str(path)
    try:
        with _alone(downloader):
            if path.is_file():  # another process has just downloaded it
                return str(path)
            is_known = name in downloader.info()["models"]
            return str(downloader.load(name, return_path=True)) if is_known else None
    except (OSError, ValueError) as error:  # ValueError where gensim has no list of an earlier time either
        raise FileNotFoundError(
            f"There is no file {name!r} in {os.getcwd()!r}, and no installed package has vectors of this name."
            f"{suggested_offline(name)} gensim-data may have them, but it does not answer, or there is no network."
        ) from error


@contextmanager
def _alone(downloader: Any) -> Iterator[None]:
    """Let one process at a time ask gensim, which reads its list of sets while others write it.

    Keep gensim from logging a traceback where it has no network, and from leaving an empty folder behind.
    """
    was_disabled, folder = downloader.logger.disabled, Path(downloader.BASE_DIR)
    was_there, lock = folder.exists(), folder / "sk_w2v.lock"
    folder.mkdir(parents=True, exist_ok=True)
    downloader.logger.disabled = True
    try:
        with _locked(lock):
            yield
    finally:
        downloader.logger.disabled = was_disabled
        with suppress(OSError):  # another process has removed it, or uses it
            if not was_there and [*folder.iterdir()] == [lock]:
                lock.unlink()
                folder.rmdir()


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Let one process at a time in. The system frees the lock of a process that dies."""
    with path.open("w") as file:
        if fcntl is not None:
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
