"""A memory map of vectors → where it is on the disk, which is stored in its place."""

import mmap
import os
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ._streams import fingerprint


class Mapped(NamedTuple):
    """Where an array is on the disk."""

    path: str
    offset: int
    dtype: str
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    fingerprint: str

    @classmethod
    def of(cls, vectors: NDArray[Any]) -> "Mapped | None":
        """Describe a map of a file. None for any other array, also for a view of a map."""
        if not isinstance(vectors, np.memmap) or not isinstance(vectors.base, mmap.mmap):
            return None
        if vectors.filename is None or vectors.mode == "c":  # changes of mode "c" are in memory only
            return None
        path = os.path.abspath(vectors.filename)
        order: Literal["C", "F"] = "C" if vectors.flags.c_contiguous else "F"
        return cls(path, vectors.offset, vectors.dtype.str, vectors.shape, order, fingerprint(path))

    def open(self) -> NDArray[Any]:
        """Map the file.

        Raises
        ------
        FileNotFoundError
            If the file is gone.
        ValueError
            If its content has changed.
        """
        if not os.path.exists(self.path):
            raise FileNotFoundError(f"The file {self.path!r} behind a memory map of word vectors is gone.")
        if fingerprint(self.path) != self.fingerprint:
            raise ValueError(
                f"The file {self.path!r} behind a memory map of word vectors has changed. Make PretrainedVectors anew."
            )
        return np.memmap(self.path, self.dtype, "r", self.offset, self.shape, self.order)
