"""A path or a name → what is there: a file, a static model, the data of a package."""

import os
from collections.abc import Callable
from pathlib import PurePath

from ._datasets import dataset_path, is_dataset_name
from ._hub import hub_model, is_hub_name
from ._packages import TableAndIndex, packaged
from ._safetensors import is_safetensors
from ._static_models import TOKENIZER_FILE, StaticModel, static_model_in
from ._streams import Location, locate, magic
from ._suggestions import suggested_files, suggested_names

# What folders of language models have.
_OF_MODELS = {"config.json", "model.safetensors", "modules.json", "pytorch_model.bin", "tokenizer.json"}
_OR_A_FILE = "Give the path of a file of word vectors in it."

Place = Location | StaticModel | TableAndIndex


def absolute(path: str) -> str:
    """Return an absolute path. Where links make ".." mean another file than the text says, ".." stays in it."""
    plain = os.path.abspath(path)
    if os.path.exists(path) and not (os.path.exists(plain) and os.path.samefile(path, plain)):
        return os.path.join(os.getcwd(), path)
    return plain


def is_name(path: str) -> bool:
    """Return whether a path may be a name. A file of this name comes first."""
    return is_dataset_name(path) or is_hub_name(path)


def find(path: str) -> Place:
    """Find what a path or a name means: first a file or a folder, then a package, gensim-data, the hub.

    Raises
    ------
    FileNotFoundError, IsADirectoryError
        If there is nothing of word vectors.
    """
    if os.path.isdir(path):
        return _in_folder(path)
    if location := locate(path):
        return _beside_tokenizer(location) or location
    asked: tuple[Callable[[str], Place | str | None], ...] = packaged, dataset_path, hub_model
    for ask in asked if is_name(path) else ():
        if (found := ask(path)) is not None:
            return find(found) if isinstance(found, str) else found
    raise FileNotFoundError(
        f"There is no file of word vectors at {path!r}. Check the path: the current folder is {os.getcwd()!r}."
        f"{suggested_names(path) if is_name(path) else suggested_files(path)}"
    )


def _in_folder(path: str) -> StaticModel:
    if (model := static_model_in(path)) is not None:
        return model
    names = set(os.listdir(path))
    found = ", ".join(sorted(names & _OF_MODELS))
    what = f"It has {found}; a static model has model.safetensors beside tokenizer.json." if found else _OR_A_FILE
    raise IsADirectoryError(f"{path!r} is a folder. {what}")


def _beside_tokenizer(location: Location) -> StaticModel | None:
    """Return the static model whose table a file is."""
    tokenizer = PurePath(location.path).with_name(TOKENIZER_FILE)
    if not os.path.isfile(tokenizer) or not is_safetensors(magic(location.path), os.path.getsize(location.path)):
        return None
    return StaticModel(location.path, str(tokenizer))
