"""Names of the Hugging Face hub: its cache as it lays it out."""

import http.server
import json
import pickle
import re
import sys
import threading

import pytest
from huggingface_hub import close_session, constants

from sk_w2v import PretrainedVectors

from .static_folders import WORDS, save_model2vec
from .vector_files import FASTTEXT, GLOVE, GOOGLE_NEWS

NAME = "teas/potion-tea"
COMMIT = "0123456789" * 4


def use_server(monkeypatch, url):
    """Do what HF_ENDPOINT does when the hub's package is imported."""
    monkeypatch.setattr(constants, "ENDPOINT", url)
    monkeypatch.setattr(constants, "HUGGINGFACE_CO_URL_TEMPLATE", url + "/{repo_id}/resolve/{revision}/{filename}")


@pytest.fixture
def cache(gensim_data, tmp_path, monkeypatch):
    """An empty cache, and no server that answers."""
    monkeypatch.setattr(constants, "HF_HUB_CACHE", str(tmp_path / "hub"))
    use_server(monkeypatch, "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    close_session()  # it keeps its proxies
    yield tmp_path / "hub"
    close_session()


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


def lacking(tmp_path, name, what):
    """The whole message where there is no model of a name."""
    return f"^{re.escape(f'There is no file {name!r} in {str(tmp_path)!r}, and the Hugging Face hub {what}')}$"


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [(NAME, ""), ("minishlab/potion-bas-2M", " Did you mean {}?"), ("minishlab/potion-base-2M", "")],
)
@pytest.mark.parametrize("how", ["no server", "no proxy", "offline"])
def test_without_network_and_cache_a_name_is_an_error_that_leaves_no_folder(
    cache, tmp_path, monkeypatch, name, suggestion, how
):
    if how == "no proxy":
        monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
        monkeypatch.delenv("NO_PROXY")
    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", how == "offline")
    names = "'minishlab/potion-base-2M' or 'minishlab/potion-base-32M' or 'minishlab/potion-base-8M'"
    what = (
        "cannot be asked for a model of this name: there is no network, its server does not answer, or HF_HUB_OFFLINE "
        f"is set.{suggestion.format(names)} {GLOVE}. {GOOGLE_NEWS}. {FASTTEXT}."
    )
    with pytest.raises(FileNotFoundError, match=lacking(tmp_path, name, what)):
        PretrainedVectors.open(name)
    assert not cache.exists()


def test_a_name_that_the_hub_does_not_allow_is_an_error(cache, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"gives no model of this name \(HFValidationError: .*\)\.$"):
        PretrainedVectors.open("teas/a..b")


@pytest.fixture
def server(cache, tmp_path, monkeypatch):
    """The hub as it is on the net, on this machine, with one model; keeps what was asked for."""
    folder = tmp_path / "server"
    save_model2vec(folder)
    (folder / "pytorch_model.bin").write_bytes(b"never asked for")
    files = [
        {"type": "file", "path": path.name, "size": path.stat().st_size, "oid": path.name} for path in folder.iterdir()
    ]
    answers = {
        f"/api/models/{NAME}/revision/main": {"id": NAME, "sha": COMMIT, "siblings": []},
        f"/api/models/{NAME}/tree/{COMMIT}": files,
    }
    requested = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            path = self.path.partition("?")[0]
            requested.append(path)
            file = folder / path.rpartition("/")[2]
            is_known = path in answers or (path.startswith(f"/{NAME}/resolve/{COMMIT}/") and file.exists())
            content = json.dumps(answers[path]).encode() if path in answers else file.read_bytes() if is_known else b""
            self.send_response(200 if is_known else 404)
            for header, value in {
                "Content-Length": len(content),
                "ETag": f'"{file.name}"',
                "X-Repo-Commit": COMMIT,
                **({} if is_known else {"X-Error-Code": "RepoNotFound"}),
            }.items():
                self.send_header(header, str(value))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(content)

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *arguments):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        use_server(monkeypatch, f"http://127.0.0.1:{running.server_port}")
        yield requested
        running.shutdown()


def test_a_name_is_downloaded_once_and_only_the_files_that_are_needed(server):
    assert PretrainedVectors.open(NAME).words == tuple(WORDS)
    got = {path.rpartition("/")[2] for path in server if "/resolve/" in path}
    assert got == {"model.safetensors", "tokenizer.json", "modules.json"}
    n_requests = len(server)
    PretrainedVectors.clear_cache()
    assert PretrainedVectors.open(NAME).words == tuple(WORDS)
    assert len(server) == n_requests


def test_a_name_that_the_hub_does_not_have_is_an_error(server, cache, tmp_path):
    what = r"gives no model of this name \(RepositoryNotFoundError: .*\)\.$"
    with pytest.raises(FileNotFoundError, match=what):
        PretrainedVectors.open("teas/potion-cup")
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
