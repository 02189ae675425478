"""Files of other kinds are named for what they are; compressed ones of gensim and fastText are read."""

import gzip
import io
import lzma
import tarfile

import numpy as np
import pyarrow
import pyarrow.parquet
import pytest
from gensim.models import FastText, KeyedVectors, Word2Vec
from gensim.models.fasttext import save_facebook_model
from safetensors.numpy import save

from sk_w2v import PretrainedVectors

from .vector_files import COMPRESS, CONTENT, opened, problem, zipped

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"]] * 20


def tar():
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w") as archive:
        member = tarfile.TarInfo("glove.txt")
        member.size = len(CONTENT)
        archive.addfile(member, io.BytesIO(CONTENT))
    return content.getvalue()


def npy():
    content = io.BytesIO()
    np.save(content, np.eye(3))
    return content.getvalue()


def parquet():
    content = io.BytesIO()
    pyarrow.parquet.write_table(pyarrow.table({"word": ["tea"], "0": [1.0]}), content)
    return content.getvalue()


IN_ARRAYS = "to PretrainedVectors.from_arrays"
KINDS = {
    "tar": (tar(), "it is a tar archive. Unpack it, and give the path of a file of word vectors in it"),
    "npy": (npy(), f"it is a NumPy array, which has no words. Give words and the array {IN_ARRAYS}"),
    "parquet": (parquet(), f"it is a Parquet table. Give its words and vectors {IN_ARRAYS}"),
    "HDF5": (b"\x89HDF\r\n\x1a\n" + bytes(50), f"it is an HDF5 file. Give its words and vectors {IN_ARRAYS}"),
    "UTF-16": (CONTENT.decode().encode("utf-16"), "it is text in UTF-16. Convert it to UTF-8"),
    "Git LFS": (
        b"version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12345\n",
        "it is a pointer of Git LFS, not the file itself. Fetch the file with: git lfs pull",
    ),
    "web page": (b"<!DOCTYPE html>\n<html></html>", "it is a web page. Download the file that the page is about"),
    "safetensors": (
        save({"embeddings": np.eye(3)}),
        "it is safetensors without a tokenizer.json beside it. Give the folder of a static model",
    ),
    "PPMI": (b"2 5\ntea 0:1.5 3:2.25\ncup 1:0.5\n", "it is a table of sparse vectors, which have no length in common"),
    "PPMI, no header": (b"tea 0:1.5 3:2\n", "it is a table of sparse vectors, which have no length in common"),
}


@pytest.mark.parametrize("compress", [bytes, gzip.compress, lzma.compress])
@pytest.mark.parametrize(("content", "what"), KINDS.values(), ids=KINDS)
@pytest.mark.parametrize("limit", [None, 1])
def test_a_file_of_another_kind_is_named_for_what_it_is(path, compress, content, what, limit):
    with pytest.raises(ValueError, match=problem(path, what)):
        opened(path, compress(content), limit=limit)


def test_words_that_look_like_columns_are_words(path):
    assert opened(path, b"12:30 1 2\n0:5 3 4\n").words == ("12:30", "0:5")


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    """Gensim's files, and fastText's own, by their names."""
    folder = tmp_path_factory.mktemp("gensim")
    word2vec = Word2Vec(TOKENS, vector_size=4, min_count=1, workers=1)
    fasttext = FastText(TOKENS, vector_size=4, min_count=1, workers=1, bucket=50)
    word2vec.wv.save(str(folder / "kv"))
    word2vec.save(str(folder / "model"))
    save_facebook_model(fasttext, str(folder / "bin"))
    return {path.name: path.read_bytes() for path in folder.iterdir()}, word2vec.wv, fasttext.wv


@pytest.mark.parametrize("compress", [*COMPRESS.values(), zipped])
@pytest.mark.parametrize("name", ["kv", "model", "bin"])
def test_compressed_files_of_gensim_and_fasttext_are_read(saved, path, name, compress):
    files, word2vec, fasttext = saved
    expected = fasttext if name == "bin" else word2vec
    source = opened(path, compress(files[name]))
    np.testing.assert_allclose(source.rows(["cat", "the"]), expected[["cat", "the"]], rtol=1e-6)
    assert ("catty" in source) == (name == "bin")


@pytest.mark.parametrize("name", ["kv", "bin"])
def test_a_compressed_model_that_is_cut_off_is_an_error(saved, path, name):
    content = gzip.compress(saved[0][name])
    with pytest.raises(ValueError, match=r"is not a usable file of word vectors: its compressed data are damaged"):
        opened(path, content[: len(content) // 2])
    with pytest.raises(ValueError, match=r"is not a usable file of word vectors: (gensim|it is a pickle)"):
        opened(path, gzip.compress(saved[0][name][: len(saved[0][name]) // 2]))


def test_a_compressed_model_whose_arrays_are_stored_apart_is_an_error(glove, tmp_path):
    vectors = KeyedVectors(50)
    vectors.add_vectors(*glove)
    vectors.save(str(tmp_path / "kv"), sep_limit=0)
    assert (tmp_path / "kv.vectors.npy").exists()
    (tmp_path / "kv.gz").write_bytes(gzip.compress((tmp_path / "kv").read_bytes()))
    what = "its arrays are stored apart from it. Decompress it beside them, and open it there"
    with pytest.raises(ValueError, match=problem(tmp_path / "kv.gz", what)):
        PretrainedVectors.open(tmp_path / "kv.gz")
