"""What the documentation says is true: its examples run, its defaults are those of the signature."""

import ast
import doctest
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

import sk_w2v
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, WordVectorsDisplay

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCSTRING = inspect.getdoc(PretrainedWord2VecTransformer)
PUBLIC = [PretrainedVectors, PretrainedWord2VecTransformer, WordVectorsDisplay]


@pytest.mark.parametrize("public", PUBLIC, ids=lambda public: public.__name__)
def test_every_public_name_has_an_example_that_runs(public):
    runner, finder = doctest.DocTestRunner(), doctest.DocTestFinder()
    for test in finder.find(public, public.__name__, globs={}):
        runner.run(test)
    assert runner.summarize().attempted > 0
    assert runner.summarize().failed == 0


def test_these_are_all_the_public_names():
    assert sorted(sk_w2v.__all__) == [public.__name__ for public in PUBLIC]


def test_the_docstring_has_each_parameter_in_its_order_with_its_default():
    section = DOCSTRING.partition("\nParameters\n")[2].partition("\nAttributes\n")[0]
    documented = re.findall(r"^(\w+) : .*default=(.+)$", section, re.MULTILINE)
    signature = inspect.signature(PretrainedWord2VecTransformer).parameters.values()
    assert [(name, eval(default)) for name, default in documented] == [(p.name, p.default) for p in signature]


def test_the_docstring_has_each_fitted_attribute(keyed_vectors, documents):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit(documents[:5])
    section = DOCSTRING.partition("\nAttributes\n")[2].partition("\nRaises\n")[0]
    documented = re.findall(r"^(\w+_) : ", section, re.MULTILINE)
    assert sorted(documented) == sorted(n for n in dir(fitted) if n.endswith("_") and not n.startswith("_"))


def test_the_readmes_example_runs(glove_path, tmp_path, capsys):
    (code,) = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    assert code.count("\n") <= 12
    (tmp_path / "glove.6B.50d.txt").symlink_to(glove_path)
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert (run.stdout, run.stderr) == ("['maths']\n", "")


def test_no_function_is_longer_than_the_house_allows():
    for path in (ROOT / "sk_w2v").glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                n_statements = sum(isinstance(part, ast.stmt) for part in ast.walk(node)) - 1
                assert n_statements <= 25, f"{path.name}: {node.name} has {n_statements} statements"
