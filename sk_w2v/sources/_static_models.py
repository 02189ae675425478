"""Static models, distilled from language models: a table of word pieces beside their tokenizer.

A folder is that of model2vec, or of sentence-transformers with a ``StaticEmbedding``. Only data are read: safetensors
and JSON, no pickle, no code.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ..text._pieces import Pieces
from ._arrays import Arrays
from ._safetensors import read_tensors

TABLE_FILE, TOKENIZER_FILE, MODULES_FILE = "model.safetensors", "tokenizer.json", "modules.json"
# Where sentence-transformers puts the files of its first module; newer ones put them into the folder itself.
FOLDERS = ("", "0_StaticEmbedding")
# All that is needed of a model, to be downloaded.
FILES = (MODULES_FILE, *(f"{folder}/{name}".lstrip("/") for folder in FOLDERS for name in (TABLE_FILE, TOKENIZER_FILE)))

MODEL2VEC_TABLE = "embeddings"
TABLE_NAMES = (MODEL2VEC_TABLE, "embedding.weight")
# Steps behind the table that leave the directions of words as they are.
HARMLESS = ("StaticEmbedding", "Normalize")
INT8_SCALE = np.float32(127)


class StaticModel(NamedTuple):
    """The files of a static model."""

    table: str
    tokenizer: str
    # sentence-transformers' list of what a model is made of; empty where there is none.
    modules: str = ""

    def parts(self) -> list[str]:
        return [part for part in self if part]

    def open(self, limit: int | None) -> Arrays:
        """Read the model. Its words are the pieces that are words; ``limit`` takes the first of them.

        Raises
        ------
        ValueError
            If the files are not those of a static model.
        ImportError
            If the package ``tokenizers`` is missing.
        """
        if self.modules:
            _check_modules(self.modules)
        pieces = _pieces(self)
        words, ids = pieces.words()
        if not words:
            raise ValueError(f"no piece of its {os.path.basename(self.tokenizer)} is a word")
        return Arrays.of(words[:limit], pieces.rows_of(ids[:limit]), subwords=pieces)


def static_model_in(folder: str) -> StaticModel | None:
    """Return the files of the static model in a folder; None if there are none."""
    for path in (Path(folder, name) for name in FOLDERS):
        if (path / TABLE_FILE).is_file() and (path / TOKENIZER_FILE).is_file():
            modules = Path(folder, MODULES_FILE)
            return StaticModel(
                str(path / TABLE_FILE), str(path / TOKENIZER_FILE), str(modules) if modules.is_file() else ""
            )
    return None


def _check_modules(path: str) -> None:
    """Raise ValueError if a model is more than a table: rows of it alone would not be its vectors."""
    modules = _json(path)
    try:
        kinds = [module["type"].rpartition(".")[2] for module in modules]
    except (TypeError, KeyError, AttributeError):
        kinds = [repr(modules)[:60]]
    if others := [kind for kind in kinds if kind not in HARMLESS]:
        raise ValueError(
            f"it is no static model, since its {MODULES_FILE} names {', '.join(others)}. Give words and the vectors "
            "that such a model has for them to PretrainedVectors.from_arrays"
        )


def _json(path: str) -> Any:
    try:
        return json.loads(Path(path).read_bytes())
    except (ValueError, RecursionError) as error:
        raise ValueError(f"its {os.path.basename(path)} is not JSON ({error})") from error


def _pieces(files: StaticModel) -> Pieces:
    """Read the table and the tokenizer, and see that they belong together."""
    tensors, names = read_tensors(files.table, (*TABLE_NAMES, "mapping", "weights"))
    found = [name for name in TABLE_NAMES if name in tensors]
    if not found:
        raise ValueError(
            f"its {os.path.basename(files.table)} has no tensor {' or '.join(map(repr, TABLE_NAMES))}, the table of a "
            f"static model, but {names[:5]}"
        )
    mapping, weights = tensors.get("mapping"), tensors.get("weights")
    pieces = Pieces(_table(tensors[found[0]], found[0]), _text(files.tokenizer), mapping, weights)
    _check_tokenizer(pieces, files.tokenizer, is_exact=found[0] == MODEL2VEC_TABLE)
    return pieces


def _table(table: NDArray[Any], name: str) -> NDArray[Any]:
    """Return the table as floats.

    model2vec's numbers of int8 are 127ths of the largest one, which it does not store: here that one is 1.
    """
    if table.ndim != 2 or not table.size or (table.dtype.kind != "f" and table.dtype != np.int8):
        raise ValueError(f"its tensor {name!r} is no table of vectors: shape {table.shape}, dtype {table.dtype}")
    return table.astype(np.float32) / INT8_SCALE if table.dtype == np.int8 else table


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ValueError(f"its {os.path.basename(path)} is not UTF-8 ({error})") from error


def _check_tokenizer(pieces: Pieces, path: str, *, is_exact: bool) -> None:
    """Raise ValueError if the tokenizer is none, or numbers other pieces than there are rows.

    A table of sentence-transformers may have spare rows at its end.
    """
    name = os.path.basename(path)
    try:
        n_pieces = pieces.n_pieces()
    except ImportError:
        raise
    except BaseException as error:  # tokenizers raises no other kind than Exception, and its panics are none
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise ValueError(f"its {name} is none that the package tokenizers can read ({error})") from error
    for what, tensor in _by_piece(pieces).items():
        if len(tensor) < n_pieces or (is_exact and len(tensor) != n_pieces):
            raise ValueError(f"its {name} has {n_pieces} pieces, but its {what} {len(tensor)}")
    if pieces.mapping is not None and not _are_rows(pieces.mapping, pieces.n_rows):
        raise ValueError(f"its mapping names rows that its table of {pieces.n_rows} rows does not have")


def _by_piece(pieces: Pieces) -> Mapping[str, NDArray[Any]]:
    """Return the tensors that have a number for each piece."""
    own = {"mapping": pieces.mapping, "weights": pieces.weights}
    given = {what: tensor for what, tensor in own.items() if tensor is not None}
    for what, tensor in given.items():
        kinds = "iu" if what == "mapping" else "f"
        if tensor.ndim != 1 or tensor.dtype.kind not in kinds:
            raise ValueError(f"its {what} have shape {tensor.shape} and dtype {tensor.dtype}")
    return given if "mapping" in given else {"table": pieces.table, **given}


def _are_rows(mapping: NDArray[Any], n_rows: int) -> bool:
    return bool((mapping >= 0).all() and (mapping < n_rows).all())
