"""Every example runs, on fewer documents than it would take."""

import sys
from importlib import import_module
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).parent.parent / "examples"

FEWER = {
    "quickstart": {"n_each": 20, "n_labelled": 20, "n_draws": 1},
    "text_union": {"n_each": 40, "n_labelled": 60},
    "search": {"n_each": 15, "n_labelled": 28},
    "before_after": {"n_each": 40},
    "distributed_search": {"arguments": ["--documents", "10"]},
    "chinese": {"n_times": 20},
    "embedding_layer": {"n_each": 40, "n_epochs": 1},
    "similar": {"n_each": 40},
    "clusters": {"n_each": 40},
    "serving": {"n_each": 40},
    "static_model": {"n_each": 40, "n_labelled": 40},
}
NEEDS = {
    "embedding_layer": "torch",
    "distributed_search": "distributed",
    "chinese": "jieba",
    "static_model": "wordllama",
}
EVERYDAY = ["chinese", "clusters", "search", "serving", "similar", "static_model"]


@pytest.fixture
def examples(monkeypatch, tmp_path):
    monkeypatch.syspath_prepend(EXAMPLES)
    monkeypatch.chdir(tmp_path)
    yield
    for name in FEWER:
        sys.modules.pop(name, None)


def test_every_example_is_run_here():
    assert {path.stem for path in EXAMPLES.glob("*.py")} == {*FEWER, "docstrings"}


@pytest.mark.filterwarnings("ignore::DeprecationWarning:distributed", "ignore::ResourceWarning")
@pytest.mark.parametrize("name", FEWER)
def test_an_example_runs_in_an_empty_folder(name, examples, capsys):
    if name in NEEDS:
        pytest.importorskip(NEEDS[name])
    import_module(name).main(**FEWER[name])
    assert len(capsys.readouterr().out.splitlines()) >= 3


@pytest.mark.parametrize("name", FEWER)
def test_an_example_has_one_idea_and_shows_what_it_prints(name):
    source = (EXAMPLES / f"{name}.py").read_text(encoding="utf-8")
    docstring, code = source.split('"""', 2)[1:]
    assert "print" in docstring
    assert len(code.strip().splitlines()) <= (80 if name == "quickstart" else 40 if name in EVERYDAY else 62)
