"""The header of safetensors, true and lying, against the library that writes it."""

import random
import re
import struct
import tracemalloc

import numpy as np
import pytest
from safetensors.numpy import load, save

from sk_w2v.sources._safetensors import read_tensors

from .static_folders import safetensors_bytes

TENSORS = {
    "embeddings": np.arange(6, dtype=np.float32).reshape(2, 3),
    "weights": np.arange(2, dtype=np.float16),
    "mapping": np.arange(2, dtype=np.int64),
    "a": np.ones((2, 2), np.float64),
}
NAMES = tuple(TENSORS)
RIGHT = {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}


def read(path, content):
    path.write_bytes(content)
    return read_tensors(str(path), NAMES)


def test_tensors_are_those_that_the_library_has_written(path):
    tensors, names = read(path, save(TENSORS, {"format": "np"}))
    assert sorted(names) == sorted(TENSORS)
    assert list(tensors) == list(TENSORS)
    for name, tensor in TENSORS.items():
        np.testing.assert_array_equal(tensors[name], tensor)
        assert tensors[name].dtype == tensor.dtype


def test_only_named_tensors_are_read(path):
    path.write_bytes(save(TENSORS))
    assert list(read_tensors(str(path), ("weights", "none"))[0]) == ["weights"]


@pytest.mark.parametrize(
    "entry",
    [
        RIGHT | {"shape": [2, 4]},
        RIGHT | {"shape": [1 << 40, 1 << 40], "data_offsets": [0, 1 << 82]},
        RIGHT | {"shape": [1 << 62, 4], "data_offsets": [0, 0]},
        RIGHT | {"shape": [-2, -3]},
        RIGHT | {"shape": [2.0, 3]},
        RIGHT | {"shape": [True, 6]},
        RIGHT | {"shape": None},
        RIGHT | {"dtype": "F4"},
        RIGHT | {"shape": {}, "data_offsets": [0, 4]},
        RIGHT | {"shape": "", "data_offsets": [0, 4]},
        RIGHT | {"dtype": ["F32"]},
        RIGHT | {"data_offsets": [4, 28]},
        RIGHT | {"data_offsets": [-4, 20]},
        RIGHT | {"data_offsets": [24, 0]},
        RIGHT | {"data_offsets": ["0", "24"]},
        RIGHT | {"data_offsets": [0.0, 24]},
        RIGHT | {"data_offsets": [0, 24, 24]},
        {},
        [],
        "F32",
        None,
    ],
)
def test_a_header_that_says_what_cannot_be_is_an_error_and_allocates_nothing(path, entry):
    tracemalloc.start()
    message = (
        "the header of vectors.file says of the tensor 'embeddings' what cannot be, or the file is truncated: "
        f"{entry!r:.200} in 24 bytes"
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(path, safetensors_bytes({"embeddings": entry}, bytes(24)))
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("length", [1, 1 << 20, (1 << 64) - 1])
def test_a_length_beyond_the_file_is_an_error_and_allocates_nothing(path, length):
    tracemalloc.start()
    message = "the header of vectors.file goes on behind its end: the file has 8 bytes"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(path, struct.pack("<Q", length))
    assert tracemalloc.get_traced_memory()[1] < 1 << 20
    tracemalloc.stop()


@pytest.mark.parametrize("content", [b"", b"abc"])
def test_a_file_without_a_length_is_an_error(path, content):
    message = f"the header of vectors.file goes on behind its end: the file has {len(content)} bytes"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(path, content)


@pytest.mark.parametrize("header", [b"", b"{", b"\xff", b"[" * 100_000])
def test_a_header_that_is_not_json_is_an_error(path, header):
    with pytest.raises(ValueError, match=r"^the header of vectors\.file is not JSON \(.*\)$"):
        read(path, safetensors_bytes(header))


@pytest.mark.parametrize("header", [[1], 5, "embeddings", None])
def test_a_header_that_lists_no_tensors_is_an_error(path, header):
    message = f"the header of vectors.file is no list of tensors: {header!r}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        read(path, safetensors_bytes(header))


def test_every_file_cut_in_the_middle_is_an_error(path):
    content = save(TENSORS)
    for end in range(len(content)):
        with pytest.raises(ValueError, match=r"^the header of "):
            read(path, content[:end])


def test_a_mutated_file_gives_the_librarys_tensors_or_an_error(path):
    draw, n_read, content = random.Random(0), 0, save(TENSORS)
    for _ in range(3000):
        mutated = bytearray(content)
        for _ in range(draw.randint(1, 3)):
            mutated[draw.randrange(len(content) - 60)] = draw.choice(b'0123456789{}[]",:F\0\xff')
        try:
            tensors, _ = read(path, bytes(mutated))
        except ValueError:
            continue
        n_read += 1
        try:
            expected = load(bytes(mutated))
        except Exception:
            continue  # the library looks for holes between tensors too
        for name, tensor in tensors.items():
            np.testing.assert_array_equal(tensor, expected[name])
    assert n_read > 50
