"""safetensors: a header in JSON, then the numbers of every tensor.

Nothing is allocated on the word of a header: all it says is compared with the size of the file first.
"""

import json
import os
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

LENGTH_BYTES = 8
DTYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "BF16": "<u2",
    "I8": "<i1",
    "I16": "<i2",
    "I32": "<i4",
    "I64": "<i8",
}


def is_safetensors(first_bytes: bytes, size: int) -> bool:
    """Return whether a file may be safetensors: the length of its header, which is less than the file's, then JSON."""
    length = int.from_bytes(first_bytes[:LENGTH_BYTES], "little")
    return first_bytes[LENGTH_BYTES : LENGTH_BYTES + 1] == b"{" and LENGTH_BYTES + length <= size


def read_tensors(path: str, names: tuple[str, ...]) -> tuple[dict[str, NDArray[Any]], list[str]]:
    """Read those of the named tensors that a file has.

    Parameters
    ----------
    path : str
        The file.
    names : tuple of str
        Names of tensors.

    Returns
    -------
    tensors : dict of str to ndarray
        Name → tensor. One of BF16 becomes float32.
    all_names : list of str
        The names of all tensors in the file.

    Raises
    ------
    ValueError
        If the file is truncated, or its header is wrong.
    """
    with open(path, "rb") as file:
        header, start = _header(file)
        tensors = {name: _read(file, start, name, header[name]) for name in names if name in header}
    return tensors, [name for name in header if name != "__metadata__"]


def _header(file: BinaryIO) -> tuple[dict[str, Any], int]:
    """Return the header, and the offset behind it."""
    name, size = os.path.basename(file.name), os.fstat(file.fileno()).st_size
    end = LENGTH_BYTES + int.from_bytes(file.read(LENGTH_BYTES), "little")
    if size < max(end, LENGTH_BYTES):
        raise ValueError(f"the header of {name} goes on behind its end: the file has {size} bytes")
    try:
        header = json.loads(file.read(end - LENGTH_BYTES))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the header of {name} is not JSON ({error})") from error
    if not isinstance(header, dict):
        raise ValueError(f"the header of {name} is no list of tensors: {header!r:.60}")
    return header, end


def _read(file: BinaryIO, start: int, name: str, entry: Any) -> NDArray[Any]:
    size = os.fstat(file.fileno()).st_size - start
    try:
        shape, (begin, end) = entry["shape"], entry["data_offsets"]
        n_bytes = _n_bytes(entry["dtype"], shape)
        is_right = _are_whole([begin, end]) and end <= size and end - begin == n_bytes
    except (KeyError, TypeError, ValueError):
        is_right = False
    if not is_right:
        raise ValueError(
            f"the header of {os.path.basename(file.name)} says of the tensor {name!r} what cannot be, or the file is "
            f"truncated: {entry!r:.200} in {size} bytes"
        )
    file.seek(start + begin)
    numbers = np.fromfile(file, DTYPES[entry["dtype"]], int(np.prod(shape, dtype=object))).reshape(shape)
    return _from_bfloat16(numbers) if entry["dtype"] == "BF16" else numbers


def _n_bytes(dtype: str, shape: list[int]) -> int:
    """Return how many bytes a tensor takes, or raise ValueError."""
    if dtype not in DTYPES or not isinstance(shape, list) or not _are_whole(shape):
        raise ValueError
    n_bytes = np.dtype(DTYPES[dtype]).itemsize
    for length in shape:
        n_bytes *= length
    return n_bytes


def _are_whole(numbers: list[int]) -> bool:
    return all(type(number) is int and number >= 0 for number in numbers)


def _from_bfloat16(numbers: NDArray[np.uint16]) -> NDArray[np.float32]:
    """bfloat16 is the upper half of float32."""
    return (numbers.astype(np.uint32) << 16).view(np.float32)
