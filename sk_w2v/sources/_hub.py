"""The name of a model of the Hugging Face hub → its files, from the cache if they are there."""

import os
import re
from importlib import import_module
from pathlib import PurePath
from typing import Any

from ._static_models import FILES, StaticModel, static_model_in
from ._suggestions import suggested_names, suggested_offline

# The hub takes other endings too, but who writes these means a file.
_FILE_ENDINGS = (".txt", ".vec", ".bin", ".gz", ".bz2", ".xz", ".zip", ".kv", ".model", ".npy", ".safetensors")
_NAME = re.compile(r"\w[\w.-]*/\w[\w.-]*")


def is_hub_name(path: str) -> bool:
    """Return whether a path may be the name of a model: owner and name, and no such folder or file here."""
    is_like_one = _NAME.fullmatch(path) is not None and not path.lower().endswith(_FILE_ENDINGS)
    return is_like_one and not os.path.exists(PurePath(path).parts[0])


def hub_model(name: str) -> StaticModel | None:
    """Return the files of a static model, downloaded unless they are in the cache; None if it can be no such name.

    Raises
    ------
    FileNotFoundError
        If there is no such model, or it cannot be downloaded.
    ValueError
        If it is no static model.
    """
    if not is_hub_name(name):
        return None
    try:
        hub = import_module("huggingface_hub")
    except ImportError as error:
        raise FileNotFoundError(
            f"There is no file {name!r} in {os.getcwd()!r}. If you mean a model of the Hugging Face hub, install what "
            'reads it: pip install "sk-w2v[static]"'
        ) from error
    try:
        if model := static_model_in(hub.snapshot_download(name, allow_patterns=FILES, local_files_only=True)):
            return model
    except (OSError, ValueError):  # it is not in the cache, or can be no name
        pass
    if (model := static_model_in(_downloaded(hub, name))) is None:
        raise ValueError(
            f"The model {name!r} of the Hugging Face hub is no static model, or only a part of it is in the cache: it "
            "lacks model.safetensors beside tokenizer.json."
        )
    return model


def _downloaded(hub: Any, name: str) -> str:
    """Download a model, and return its folder."""
    errors = import_module("huggingface_hub.utils")
    here = f"There is no file {name!r} in {os.getcwd()!r}, and the Hugging Face hub"
    try:
        folder: str = hub.snapshot_download(name, allow_patterns=FILES)
        return folder
    except (errors.HfHubHTTPError, errors.HFValidationError) as error:
        reason = str(error).strip().partition("\n")[0]
        raise FileNotFoundError(
            f"{here} gives no model of this name ({type(error).__name__}: {reason}).{suggested_names(name)}"
        ) from error
    except Exception as error:  # of its HTTP client some are no OSError
        raise FileNotFoundError(
            f"{here} cannot be asked for a model of this name: there is no network, its server does not answer, or "
            f"HF_HUB_OFFLINE is set.{suggested_offline(name)}"
        ) from error
