"""Compressed files and zip archives."""

import gzip
import os
import re
import zipfile

import numpy as np
import pytest

from sk_w2v import PretrainedVectors

from .vector_files import COMPRESS, CONTENT, problem, zipped


@pytest.mark.parametrize("kind", ["GloVe", "text", "binary"])
@pytest.mark.parametrize("ending", COMPRESS)
def test_a_compressed_file_is_read_like_a_plain_one(glove, contents, tmp_path, kind, ending):
    path = tmp_path / f"vectors{ending}"
    path.write_bytes(COMPRESS[ending](contents[kind]))
    words, vectors = glove[0][:3000], glove[1][:3000]
    source = PretrainedVectors.open(path)
    np.testing.assert_array_equal(source.rows(words[2990:]), vectors[2990:])
    np.testing.assert_array_equal(source._ask([], 10).first_rows, vectors[:10])
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
        ValueError, match=problem(path, "its compressed data are damaged or truncated (X)").replace(r"\(X\)", r"\(.*\)")
    ):
        PretrainedVectors.open(path).rows(["the"])


@pytest.mark.parametrize("place", [4, 12, 16], ids=["version", "size of the directory", "offset of the directory"])
def test_a_damaged_directory_of_an_archive_is_an_error(tmp_path, place):
    path = tmp_path / "glove.zip"
    content = bytearray(zipped(CONTENT, "glove.txt"))
    content[content.rfind(b"PK\5\6") + place if place > 4 else content.find(b"PK\1\2") + 6] = 255
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"(its compressed data are damaged|the archive cannot be read).* \(.+\)\.$"):
        PretrainedVectors.open(path)


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


def test_an_archive_that_python_cannot_read_is_an_error(archive):
    content = archive.read_bytes()
    encrypted = content.replace(b"PK\x01\x02\x14\x03\x14\x00\x00", b"PK\x01\x02\x14\x03\x14\x00\x01")
    encrypted = encrypted.replace(b"PK\x03\x04\x14\x00\x00", b"PK\x03\x04\x14\x00\x01")
    assert encrypted != content
    archive.write_bytes(encrypted)
    with pytest.raises(ValueError, match=r"the archive cannot be read \(.*encrypted.*\)\.$"):
        PretrainedVectors.open(archive / "glove.2d.txt")


@pytest.mark.parametrize("path", ["nowhere.txt", "folder/nowhere.txt"])
def test_a_path_of_no_file_is_an_error(gensim_data, path):
    message = f"There is no file of word vectors at {str(gensim_data / path)!r}. Check the path: the current folder is "
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}'.*'\\.$"):
        PretrainedVectors.open(gensim_data / path)


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("vectors.tx", " Did you mean 'vectors.txt'?"),
        ("Vectors.TXT", " Did you mean 'vectors.txt'?"),
        ("glove.6B.50d.txt", " GloVe is at https://nlp.stanford.edu/projects/glove/."),
        ("GoogleNews.bin", " GoogleNews is at https://code.google.com/archive/p/word2vec/."),
        ("cc.de.300.bin", " fastText is at https://fasttext.cc/docs/en/crawl-vectors.html."),
    ],
)
def test_a_wrong_path_suggests_a_file_or_where_there_is_one(tmp_path, name, suggestion):
    (tmp_path / "vectors.txt").write_bytes(CONTENT)
    message = (
        f"There is no file of word vectors at {str(tmp_path / name)!r}. Check the path: the current folder is "
        f"{os.getcwd()!r}.{suggestion}"
    )
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(tmp_path / name)


def test_a_folder_is_an_error(tmp_path):
    message = f"{str(tmp_path)!r} is a folder. Give the path of a file of word vectors in it."
    with pytest.raises(IsADirectoryError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(tmp_path)
