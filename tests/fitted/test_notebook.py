"""What notebooks show of transformers, alone and within pipelines, and of sources."""

import tracemalloc

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.fitted import _notebook

LINE = "words, 2 epochs; "


@pytest.fixture
def fitted(keyed_vectors, documents):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=2, fallback_size=1000, random_state=0).fit(documents)


def picture(estimator):
    return estimator._repr_mimebundle_()["text/html"]


def summary(fitted):
    share = f"{fitted.coverage_['tokens']:.1%}"
    words = f"{len(fitted.counts_):,} {LINE}{share} of the tokens have a pretrained vector; "
    return f'<div class="caption">{words}1,000 more words of the source</div>'


def test_a_notebook_shows_words_epochs_and_coverage(fitted):
    assert picture(fitted).count(summary(fitted)) == 1
    assert LINE not in picture(PretrainedWord2VecTransformer(epochs=2))


def test_it_shows_them_within_a_pipeline_too(keyed_vectors, documents, labels):
    made = PretrainedWord2VecTransformer(keyed_vectors, epochs=2, fallback_size=1000, random_state=0)
    model = make_pipeline(made, LogisticRegression())
    assert LINE not in picture(model)
    assert picture(model.fit(documents, labels)).count(summary(model[0])) == 1


def test_the_picture_leaves_nothing_behind(fitted):
    model = make_pipeline(fitted)
    picture(model)  # what scikit-learn keeps of docstrings is there now
    for shown in (fitted, model):
        tracemalloc.start()
        picture(shown)
        held = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
        assert held < fitted.vectors_.nbytes / 2


def test_without_an_address_the_picture_has_no_link(fitted, monkeypatch):
    monkeypatch.setattr(_notebook, "documentation_address", lambda: "")
    assert fitted._get_doc_link() == ""
    assert "Online documentation for PretrainedWord2VecTransformer" not in picture(fitted)


def test_with_an_address_the_picture_links_to_the_page_of_the_reference(fitted, monkeypatch):
    monkeypatch.setattr(_notebook, "documentation_address", lambda: "https://docs.example")
    assert fitted._get_doc_link() == "https://docs.example/api/sk_w2v.PretrainedWord2VecTransformer.html"
    assert fitted._get_doc_link() in picture(make_pipeline(fitted))


@pytest.mark.parametrize(
    ("lines", "address"),
    [
        (None, ""),
        (["Source, https://code.example"], ""),
        (["Source, https://code.example", "Documentation, https://docs.example/"], "https://docs.example"),
    ],
)
def test_the_address_is_that_of_the_packages_metadata(lines, address, monkeypatch):
    class Metadata:
        def get_all(self, name):
            assert name == "Project-URL"
            return lines

    monkeypatch.setattr(_notebook, "metadata", lambda name: Metadata())
    assert _notebook.documentation_address.__wrapped__() == address


def test_a_copy_that_is_not_installed_has_no_address(monkeypatch):
    def metadata(name):
        raise _notebook.PackageNotFoundError(name)

    monkeypatch.setattr(_notebook, "metadata", metadata)
    assert _notebook.documentation_address.__wrapped__() == ""


def test_a_source_shows_its_size_and_its_format(glove_path, tmp_path):
    arrays = PretrainedVectors.from_arrays(["tea", "cup"], np.eye(2))
    assert arrays._repr_html_() == "<p><b>PretrainedVectors</b>: 2 words × 2 numbers, lowercased, arrays in memory</p>"
    file = PretrainedVectors.open(glove_path)
    shown = f"20,000 words × 50 numbers, lowercased, text file <code>{glove_path}</code>"
    assert file._repr_html_() == f"<p><b>PretrainedVectors</b>: {shown}</p>"


def test_a_source_that_is_gone_says_so(tmp_path):
    path = tmp_path / "a<b.txt"
    path.write_text("tea 1 0\ncup 0 1\n", encoding="utf-8")
    source = PretrainedVectors.open(path)
    PretrainedVectors.clear_cache()
    path.unlink()
    shown = source._repr_html_()
    assert shown.startswith("<p><b>PretrainedVectors</b>: There is no file of word vectors at ")
    assert "a&lt;b.txt" in shown
