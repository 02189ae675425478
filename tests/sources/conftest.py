import pytest
from gensim import downloader
from gensim.models import FastText, KeyedVectors

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20


@pytest.fixture
def path(tmp_path):
    return tmp_path / "vectors.file"


@pytest.fixture(scope="session")
def contents(glove, tmp_path_factory):
    """Three thousand words of GloVe in each of the formats that are often compressed."""
    folder = tmp_path_factory.mktemp("formats")
    gensim = KeyedVectors(50)
    gensim.add_vectors(glove[0][:3000], glove[1][:3000])
    gensim.save_word2vec_format(str(folder / "text"))
    gensim.save_word2vec_format(str(folder / "binary"), binary=True)
    text = (folder / "text").read_bytes()
    return {"GloVe": text.partition(b"\n")[2], "text": text, "binary": (folder / "binary").read_bytes()}


@pytest.fixture
def gensim_data(tmp_path, monkeypatch):
    """An empty folder for gensim-data, and no server that answers."""
    monkeypatch.setattr(downloader, "BASE_DIR", str(tmp_path / "gensim-data"))
    monkeypatch.setattr(downloader, "base_dir", str(tmp_path / "gensim-data"), raising=False)
    monkeypatch.setattr(downloader._load_info, "__defaults__", ("http://127.0.0.1:9/list.json", "utf-8"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "gensim-data"


@pytest.fixture(scope="session")
def fasttext():
    return FastText(TOKENS, vector_size=8, min_count=1, workers=1, min_n=3, max_n=4, bucket=50, epochs=2).wv
