"""What the documentation says is true: its examples run, its defaults are those of the signature."""

import ast
import doctest
import inspect
import re
from importlib.metadata import metadata
from pathlib import Path

import pytest

import sk_w2v
from sk_w2v import PretrainedWord2VecTransformer

from helpers import run_python

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCSTRING = inspect.getdoc(PretrainedWord2VecTransformer)
DISPLAYS = ["WordMapDisplay", "WordMovesDisplay"]
PUBLIC = ["PretrainedVectors", "PretrainedWord2VecTransformer", *DISPLAYS, "show_versions"]


@pytest.mark.parametrize("name", PUBLIC)
def test_every_public_name_has_an_example_that_runs(name):
    runner, finder = doctest.DocTestRunner(), doctest.DocTestFinder()
    for test in finder.find(getattr(sk_w2v, name), name, globs={}):
        runner.run(test)
    assert runner.summarize().attempted > 0
    assert runner.summarize().failed == 0


def test_these_are_all_the_public_names():
    assert sorted(sk_w2v.__all__) == PUBLIC


def test_the_docstring_can_be_read_in_one_go():
    assert len(DOCSTRING.split()) <= 900
    section = DOCSTRING.partition("\nParameters\n")[2].partition("\nAttributes\n")[0]
    descriptions = re.findall(r"^\w+ : .*\n((?:    .*\n)+)", section, re.MULTILINE)
    assert max(description.count("\n") for description in descriptions) <= 4


def test_the_docstring_has_each_parameter_in_its_order_with_its_default():
    section = DOCSTRING.partition("\nParameters\n")[2].partition("\nAttributes\n")[0]
    documented = re.findall(r"^(\w+) : .*default=(.+)$", section, re.MULTILINE)
    signature = inspect.signature(PretrainedWord2VecTransformer).parameters.values()
    assert [(name, eval(default)) for name, default in documented] == [(p.name, p.default) for p in signature]


def test_the_docstring_has_each_fitted_attribute(keyed_vectors, documents):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit(documents[:5])
    section = DOCSTRING.partition("\nAttributes\n")[2].partition("\nSee Also\n")[0]
    documented = re.findall(r"^(\w+_) : ", section, re.MULTILINE)
    assert sorted(documented) == sorted(n for n in dir(fitted) if n.endswith("_") and not n.startswith("_"))


def test_the_readmes_blocks_run_as_pasted(tmp_path):
    run = run_python("\n".join(re.findall(r"```python\n(.*?)```", README, re.DOTALL)), cwd=tmp_path)
    first, second, third = run.stdout.splitlines()
    assert (first, second.split(":")[0], third, run.stderr) == ("['maths']", "{'w2v__epochs'", "['botany']", "")
    assert (tmp_path / "model.joblib").exists()


def test_the_readme_has_one_page():
    assert README.count("\n") <= 135


def test_pypi_gets_a_readme_whose_links_lead_somewhere():
    """That of the installed package; PyPI shows no files of the project."""
    shown = metadata("sk-w2v")["Description"]
    assert shown.startswith("# sk_w2v\n")
    assert [link for link in re.findall(r"\]\(([^)]*)\)", shown) if not link.startswith("https://")] == []


def test_what_the_readme_calls_of_a_fitted_transformer_is_there():
    names = re.findall(r"`(?:fitted\.)?(\w+)\((?:[^`]*)\)`", README)
    methods = {name for name in names if hasattr(PretrainedWord2VecTransformer, name)}
    assert {"moved_words", "missing_words", "most_similar", "to_keyed_vectors", "to_word2vec"} <= methods
    called = re.findall(r"fitted\.(\w+)\(", README)
    assert [name for name in called if not hasattr(PretrainedWord2VecTransformer, name)] == []


@pytest.mark.parametrize("path", sorted((ROOT / "sk_w2v").rglob("*.py")), ids=lambda path: path.stem)
def test_no_module_is_longer_than_the_house_allows(path):
    n_lines = path.read_text(encoding="utf-8").count("\n")
    assert n_lines <= (650 if path.name == "_transformer.py" else 350)


def test_no_function_is_longer_than_the_house_allows():
    for path in (ROOT / "sk_w2v").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                n_statements = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1
                assert n_statements <= 25, f"{path.name}: {node.name} has {n_statements} statements"
