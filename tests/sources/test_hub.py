"""Names of the Hugging Face hub: its cache as it lays it out."""

import pickle
import re
import sys

import pytest
from huggingface_hub import constants

from sk_w2v import PretrainedVectors

from .static_folders import WORDS, save_model2vec

NAME = "teas/potion-tea"
COMMIT = "0123456789" * 4


@pytest.fixture
def cache(gensim_data, tmp_path, monkeypatch):
    """An empty cache, and no server that answers."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    monkeypatch.setattr(constants, "ENDPOINT", "http://127.0.0.1:9")
    return tmp_path / "hub"


def keep(cache, name=NAME, **how):
    """Put a model where the hub's own package keeps it."""
    folder = cache / f"models--{name.replace('/', '--')}"
    save_model2vec(folder / "snapshots" / COMMIT, **how)
    (folder / "refs").mkdir()
    (folder / "refs" / "main").write_text(COMMIT)
    return folder / "snapshots" / COMMIT


def test_a_name_is_found_in_the_cache_without_any_network(cache):
    keep(cache)
    source = PretrainedVectors.open(NAME)
    assert source.words == tuple(WORDS)
    assert len(pickle.dumps(source)) < 1000
    assert pickle.loads(pickle.dumps(source)).words == tuple(WORDS)


def test_a_path_comes_before_a_name_of_the_hub(cache, tmp_path):
    keep(cache)
    (tmp_path / "teas").mkdir()
    (tmp_path / "teas" / "potion-tea").write_bytes(b"x 1\n")
    assert PretrainedVectors.open(NAME).words == ("x",)


@pytest.mark.parametrize("path", ["folder/glove.txt", "teas/a/b", "../teas/x", "/teas/x"])
def test_a_path_that_can_be_no_name_is_not_looked_up(cache, tmp_path, path):
    with pytest.raises(FileNotFoundError, match=r"^There is no file of word vectors at "):
        PretrainedVectors.open(path)


def test_a_name_in_a_folder_that_is_here_is_a_path(cache, tmp_path):
    (tmp_path / "teas").mkdir()
    keep(cache)
    with pytest.raises(FileNotFoundError, match=r"^There is no file of word vectors at "):
        PretrainedVectors.open(NAME)


def test_without_network_and_cache_a_name_is_an_error_that_leaves_no_folder(cache, tmp_path):
    message = f"There is no file {NAME!r} in {str(tmp_path)!r}, and the Hugging Face hub gives no model of this name ("
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}LocalEntryNotFoundError: .*\\)\\.$"):
        PretrainedVectors.open(NAME)
    assert not cache.exists()


def test_a_model_without_its_table_is_an_error(cache):
    (keep(cache) / "model.safetensors").unlink()
    message = (
        f"The model {NAME!r} of the Hugging Face hub is no static model, or only a part of it is in the cache: it "
        "lacks model.safetensors beside tokenizer.json."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(NAME)


def test_without_huggingface_hub_the_message_says_what_to_install(cache, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "huggingface_hub", None)
    message = (
        f"There is no file {NAME!r} in {str(tmp_path)!r}. If you mean a model of the Hugging Face hub, install what "
        'reads it: pip install "sk-w2v[static]"'
    )
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(NAME)
