"""Sources that are more than a plain file: compressed files, gensim's own, fastText, gensim-data."""

import bz2
import gzip
import http.server
import json
import lzma
import pickle
import re
import shutil
import threading
import zipfile
from functools import partial
from hashlib import md5
from importlib.resources import files
from multiprocessing import get_context

import numpy as np
import pytest
from gensim import downloader
from gensim.models import FastText, KeyedVectors, Word2Vec
from gensim.models.fasttext import load_facebook_vectors

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

COMPRESS = {".gz": gzip.compress, ".bz2": bz2.compress, ".xz": lzma.compress}
TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20
CONTENT = b"a 1 2\nb 3 4\nc 5 6\n"
GENSIM_FILES = files("gensim") / "test" / "test_data"


def problem(path, what):
    return f"^{re.escape(f'{str(path)!r} is not a usable file of word vectors: {what}.')}$"


@pytest.fixture(scope="module")
def contents(glove, tmp_path_factory):
    """Three thousand words of GloVe in each of the formats that are often compressed."""
    folder = tmp_path_factory.mktemp("formats")
    gensim = KeyedVectors(50)
    gensim.add_vectors(glove[0][:3000], glove[1][:3000])
    gensim.save_word2vec_format(str(folder / "text"))
    gensim.save_word2vec_format(str(folder / "binary"), binary=True)
    text = (folder / "text").read_bytes()
    return {"GloVe": text.partition(b"\n")[2], "text": text, "binary": (folder / "binary").read_bytes()}


@pytest.mark.parametrize("kind", ["GloVe", "text", "binary"])
@pytest.mark.parametrize("ending", COMPRESS)
def test_a_compressed_file_is_read_like_a_plain_one(glove, contents, tmp_path, kind, ending):
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(COMPRESS[ending](contents[kind]))
    words, vectors = glove[0][:3000], glove[1][:3000]
    source = PretrainedVectors.open(path)
    np.testing.assert_array_equal(source.rows(words[2990:]), vectors[2990:])
    np.testing.assert_array_equal(source.first(10).rows, vectors[:10])
    np.testing.assert_array_equal(source.rows(words[::-7]), vectors[::-7])
    assert len(source) == 3000


def test_the_ending_of_a_name_says_nothing(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_bytes(gzip.compress(CONTENT))
    assert PretrainedVectors.open(path).rows(["b"]).tolist() == [[3, 4]]


def test_two_gzip_files_in_one_are_one(tmp_path):
    path = tmp_path / "vectors.gz"
    path.write_bytes(gzip.compress(CONTENT) + gzip.compress(b"d 7 8\n"))
    assert PretrainedVectors.open(path).rows(["a", "d"]).tolist() == [[1, 2], [7, 8]]


@pytest.mark.parametrize("ending", COMPRESS)
@pytest.mark.parametrize("damage", [lambda data: data[:-40], lambda data: data[:60] + bytes(20) + data[80:]])
def test_a_damaged_compressed_file_is_an_error(contents, tmp_path, ending, damage):
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(damage(COMPRESS[ending](contents["GloVe"])))
    with pytest.raises(
        ValueError, match=problem(path, "its compressed data are damaged or cut off (X)").replace(r"\(X\)", r"\(.*\)")
    ):
        PretrainedVectors.open(path).rows(["the"])


@pytest.fixture
def archive(tmp_path):
    path = tmp_path / "glove.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("glove.2d.txt", CONTENT)
        file.writestr("folder/glove.1d.txt", b"a 1\nb 2\n")
        file.writestr("__MACOSX/._glove.2d.txt", b"\0")
    return path


def test_a_member_of_a_zip_archive_is_named_by_its_path(archive):
    assert PretrainedVectors.open(archive / "glove.2d.txt").rows(["c"]).tolist() == [[5, 6]]
    assert PretrainedVectors.open(archive / "folder" / "glove.1d.txt").vector_size == 1


def test_of_several_members_one_must_be_named(archive):
    what = (
        "the archive has 2 members, and none is named. Add one of them to the path, behind a slash: "
        "['glove.2d.txt', 'folder/glove.1d.txt']"
    )
    with pytest.raises(ValueError, match=problem(archive, what)):
        PretrainedVectors.open(archive)
    what = what.replace("2 members, and none is named", "no member 'x'")
    with pytest.raises(ValueError, match=problem(archive / "x", what)):
        PretrainedVectors.open(archive / "x")


def test_the_only_member_need_not_be_named(tmp_path):
    with zipfile.ZipFile(tmp_path / "one.zip", "w") as file:
        file.writestr("v.txt", CONTENT)
    assert PretrainedVectors.open(tmp_path / "one.zip").rows(["c"]).tolist() == [[5, 6]]


def test_a_path_behind_a_file_that_is_no_archive_is_an_error(tmp_path):
    (tmp_path / "v.txt").write_bytes(CONTENT)
    path = tmp_path / "v.txt" / "member"
    with pytest.raises(ValueError, match=problem(path, "it is no zip archive, so that 'member' cannot be in it")):
        PretrainedVectors.open(path)


@pytest.mark.parametrize("separately", [[], ["vectors"]], ids=["in one file", "arrays apart"])
def test_gensims_own_vectors_are_read(keyed_vectors, tmp_path, separately):
    keyed_vectors.save(str(tmp_path / "kv"), separately=separately)
    words = keyed_vectors.index_to_key[:50]
    np.testing.assert_array_equal(PretrainedVectors.open(tmp_path / "kv").rows(words), keyed_vectors[words])
    limited = PretrainedVectors.open(tmp_path / "kv", limit=3)
    assert list(limited.words) == words[:3]


def test_a_stored_word2vec_brings_its_output_layer(tmp_path):
    model = Word2Vec(TOKENS, vector_size=8, min_count=1, workers=1, sg=1)
    model.save(str(tmp_path / "model"))
    from_file, from_model = (
        PretrainedWord2VecTransformer(source, epochs=1, random_state=0).fit_transform(TOKENS)
        for source in (tmp_path / "model", model)
    )
    np.testing.assert_array_equal(from_file, from_model)


def test_arrays_that_gensim_stored_apart_are_part_of_the_fingerprint(keyed_vectors, tmp_path):
    path = tmp_path / "kv"
    keyed_vectors.save(str(path), separately=["vectors"])
    handle = pickle.dumps(PretrainedVectors.open(path))
    array = np.load(f"{path}.vectors.npy")
    np.save(f"{path}.vectors.npy", array + 1)
    path.touch()
    with pytest.raises(ValueError, match=r"its content has changed"):
        pickle.loads(handle).rows(["the"])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pickle.dumps({"a": 1}), r"it is a pickle, but none that gensim can load \(.*\)"),
        (b"\x80\x04garbage", r"it is a pickle, but none that gensim can load \(.*\)"),
        ((793712314).to_bytes(4, "little") + bytes(50), r"gensim cannot read this fastText model \(.*\)"),
    ],
    ids=["dict", "garbage", "fastText"],
)
def test_a_pickle_that_is_none_of_gensims_is_an_error(tmp_path, content, what):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ValueError, match=rf"is not a usable file of word vectors: {what}\.$"):
        PretrainedVectors.open(tmp_path / "file")


@pytest.fixture(scope="module")
def fasttext():
    return FastText(TOKENS, vector_size=8, min_count=1, workers=1, min_n=3, max_n=4, bucket=50, epochs=2).wv


@pytest.mark.parametrize("fallback_size", [0, 2, None])
def test_the_subwords_of_fasttext_give_vectors_to_words_of_the_corpus(fasttext, fallback_size):
    w2v = PretrainedWord2VecTransformer(fasttext, output="pretrained", fallback_size=fallback_size)
    fitted = w2v.fit([["the", "catty", "dogged"]])
    assert fitted.coverage_ == {"tokens": 1, "words": 1}
    for word in ("the", "catty", "dogged"):
        np.testing.assert_array_equal(fitted.transform([[word]])[0], fasttext.get_vector(word))


def test_unseen_words_have_subwords_in_transform_only_with_the_whole_fallback(fasttext):
    none, some, all_ = (
        PretrainedWord2VecTransformer(fasttext, output="tuned", epochs=1, fallback_size=size).fit(TOKENS)
        for size in (0, 3, None)
    )
    for fitted in (none, some):
        assert not fitted.transform([["running"]]).any()
    loaded = pickle.loads(pickle.dumps(all_))
    for fitted in (all_, loaded):
        got = fitted.transform([["running"], ["running", "ran"], ["", "dogs"], []])
        np.testing.assert_array_equal(got[0], fasttext.get_vector("running"))
        np.testing.assert_allclose(got[1], (got[0] + fitted.transform([["ran"]])[0]) / 2, rtol=1e-6)
    table = fasttext.vectors_ngrams
    assert isinstance(loaded._subwords.table, np.ndarray)
    assert (loaded._subwords.table.dtype, loaded._subwords.table.shape) == (np.float32, table.shape)
    with pytest.raises(TypeError, match=r"^Document 1 must be a str or a list of str\. Got the token 5\.$"):
        all_.transform([["dogs"], ["cats", 5]])


def test_facebooks_fasttext_file_is_read_through_gensim():
    path = str(GENSIM_FILES / "lee_fasttext_new.bin")
    expected, source = load_facebook_vectors(path), PretrainedVectors.open(path)
    words = [*expected.index_to_key[:5], "notinthelist"]
    np.testing.assert_array_equal(source.rows(words), [expected.get_vector(word) for word in words])
    assert "notinthelist" in source
    assert "" not in source or expected.bucket == 0


def test_fasttext_text_vectors_are_word2vec_text():
    source = PretrainedVectors.open(str(GENSIM_FILES / "lee_fasttext.vec"))
    expected = KeyedVectors.load_word2vec_format(str(GENSIM_FILES / "lee_fasttext.vec"))
    np.testing.assert_array_equal(source.rows(expected.index_to_key), expected.vectors)


@pytest.fixture
def gensim_data(tmp_path, monkeypatch):
    """An empty folder for gensim-data, and no server that answers."""
    monkeypatch.setattr(downloader, "BASE_DIR", str(tmp_path / "gensim-data"))
    monkeypatch.setattr(downloader, "base_dir", str(tmp_path / "gensim-data"), raising=False)
    monkeypatch.setattr(downloader._load_info, "__defaults__", ("http://127.0.0.1:9/list.json", "utf-8"))
    monkeypatch.chdir(tmp_path)
    return tmp_path / "gensim-data"


def test_a_name_is_found_in_gensims_folder_without_any_network(gensim_data):
    (gensim_data / "glove-test-2").mkdir(parents=True)
    (gensim_data / "glove-test-2" / "glove-test-2.gz").write_bytes(gzip.compress(b"3 2\n" + CONTENT))
    (gensim_data / "glove-test-2" / "__init__.py").write_text("raise SystemExit('never run')")
    fitted = PretrainedWord2VecTransformer("glove-test-2", output="pretrained").fit([["a", "b"]])
    assert fitted.transform([["a"]]).tolist() == [[1, 2]]


def test_a_path_comes_before_a_name(gensim_data):
    (gensim_data / "both").mkdir(parents=True)
    (gensim_data / "both" / "both.gz").write_bytes(gzip.compress(CONTENT))
    (gensim_data.parent / "both").write_bytes(b"x 1\n")
    assert list(PretrainedVectors.open("both").words) == ["x"]


def test_a_name_that_cannot_be_looked_up_is_an_error(gensim_data):
    with pytest.raises(FileNotFoundError, match=r"gensim-data cannot be asked for a set of this name"):
        PretrainedVectors.open("glove-test-2")


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


def test_a_compressed_file_that_disappears_after_fit_is_not_missed(tmp_path):
    path = tmp_path / "v.gz"
    path.write_bytes(gzip.compress(CONTENT))
    fitted = PretrainedWord2VecTransformer(path, output="pretrained").fit([["a"]])
    shutil.rmtree(tmp_path)
    assert fitted.transform([["c"]]).tolist() == [[5, 6]]


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_a_long_read_says_how_far_it_is_if_verbose_asks(contents, tmp_path, capsys, monkeypatch, ending):
    monkeypatch.setattr("sk_w2v._files.PROGRESS_SECONDS", 0)
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(COMPRESS.get(ending, bytes)(contents["GloVe"]))
    for verbose in (0, 1):
        PretrainedWord2VecTransformer(path, output="pretrained", verbose=verbose).fit([["the"]])
        path.touch()
        lines = capsys.readouterr().out.splitlines()
        assert (len(lines) > 0) == verbose
    assert lines[-1] == f"[PretrainedWord2VecTransformer] reading {path}: 100%"


@pytest.mark.parametrize("order", ["C", "F"])
def test_a_memory_map_is_pickled_as_its_path(glove, tmp_path, order):
    words, vectors = glove
    np.save(tmp_path / "v.npy", np.asarray(vectors, order=order))
    source = PretrainedVectors.from_arrays(words, np.load(tmp_path / "v.npy", mmap_mode="r"))
    stored = pickle.dumps(source)
    assert len(stored) < vectors.nbytes / 8
    np.testing.assert_array_equal(pickle.loads(stored).rows(words[5:9]), vectors[5:9])
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(pickle.loads(stored))).rows(words[:2]), vectors[:2])
    np.save(tmp_path / "v.npy", np.asarray(vectors + 1, order=order))
    with pytest.raises(
        ValueError, match=r"behind a memory map of word vectors has changed\. Make PretrainedVectors anew\.$"
    ):
        pickle.loads(stored).rows(["the"])
    (tmp_path / "v.npy").unlink()
    with pytest.raises(FileNotFoundError, match=r"behind a memory map of word vectors is gone\.$"):
        pickle.loads(pickle.dumps(source)).rows(["the"])


def test_a_part_of_a_memory_map_is_pickled_by_value(glove, tmp_path):
    np.save(tmp_path / "v.npy", glove[1])
    part = np.load(tmp_path / "v.npy", mmap_mode="r")[100:200]
    stored = pickle.dumps(PretrainedVectors.from_arrays(glove[0][100:200], part))
    np.testing.assert_array_equal(pickle.loads(stored).rows(glove[0][150:160]), glove[1][150:160])


def test_a_memory_map_whose_changes_stay_in_memory_is_pickled_by_value(tmp_path):
    np.save(tmp_path / "v.npy", np.ones((2, 3), np.float32))
    private = np.load(tmp_path / "v.npy", mmap_mode="c")
    private[:] = 7
    source = pickle.loads(pickle.dumps(PretrainedVectors.from_arrays(["a", "b"], private)))
    assert source.rows(["a"]).tolist() == [[7, 7, 7]]


@pytest.mark.parametrize("end", [110, 125, 160])
def test_a_fasttext_file_that_is_cut_off_is_an_error_and_no_hang(tmp_path, end):
    content = (GENSIM_FILES / "lee_fasttext_new.bin").read_bytes()
    (tmp_path / "cut.bin").write_bytes(content[:end])
    with pytest.raises(ValueError, match=r"gensim cannot read this fastText model \(it ends in word \d+ of \d+\)\.$"):
        PretrainedVectors.open(tmp_path / "cut.bin")


def test_an_archive_that_python_cannot_read_is_an_error(archive):
    content = archive.read_bytes()
    encrypted = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    encrypted = encrypted.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    assert encrypted != content
    archive.write_bytes(encrypted)
    with pytest.raises(ValueError, match=r"the archive cannot be read \(.*encrypted.*\)\.$"):
        PretrainedVectors.open(archive / "glove.2d.txt")


def test_words_without_a_vector_are_no_source_for_a_second_fit():
    source = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    fitted = PretrainedWord2VecTransformer(source, vocabulary=["nowhere", "tea"], epochs=1).fit([["tea"]])
    assert set(PretrainedVectors.from_transformer(fitted).words) == {"tea", "cup"}


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (lambda: PretrainedVectors("glove.txt"), TypeError),
        (lambda: PretrainedVectors.from_arrays("ab", np.eye(2)), TypeError),
        (lambda: PretrainedVectors.from_arrays(["a", "b"], np.eye(2)).rows("ab"), TypeError),
        (lambda: PretrainedVectors.from_arrays(["a", 5], np.eye(2)), TypeError),
        (lambda: PretrainedVectors.from_arrays(["a"], np.eye(2)), ValueError),
        (lambda: PretrainedVectors.from_arrays(["a"], [["x"]]), ValueError),
        (lambda: PretrainedVectors.from_arrays([], np.empty((0, 3))), ValueError),
        (lambda: PretrainedVectors.from_keyed_vectors("glove.txt"), TypeError),
        (lambda: PretrainedVectors.from_word2vec(KeyedVectors(2)), TypeError),
        (lambda: PretrainedVectors.from_transformer(PretrainedWord2VecTransformer()), TypeError),
        (lambda: PretrainedVectors.open(__file__, limit=0), ValueError),
        (lambda: PretrainedVectors.open(__file__, limit=2.5), ValueError),
        (lambda: PretrainedVectors.open(__file__, encoding="nope"), LookupError),
        (lambda: PretrainedVectors.open(__file__, errors="nope"), LookupError),
    ],
)
def test_a_wrong_argument_is_an_error(make, error):
    with pytest.raises(error):
        make()


def test_a_broken_row_of_a_repeated_word_is_told(tmp_path):
    (tmp_path / "v").write_bytes(b"a 1 2\nb 3 4\na x 5\nc 5 6\n")
    with pytest.warns(UserWarning, match=r"1 pretrained words repeat"):
        len(source := PretrainedVectors.open(tmp_path / "v"))
    with pytest.raises(ValueError, match=r"the row of 'a' is not 2 numbers"):
        source.first(None)
