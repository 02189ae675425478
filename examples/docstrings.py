"""What the examples read: docstrings of four installed packages, each a document that is labelled by its package.

The documents are the docstrings in the sources of NumPy, SciPy, scikit-learn and gensim: the first 80 words of each,
without the words that hold a package's name.
"""

import ast
import random
import re
from collections import deque
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

PACKAGES = ["numpy", "scipy", "sklearn", "gensim"]
NAMES = re.compile(r"numpy|\bnp\b|scipy|scikit|sklearn|gensim|joblib", re.IGNORECASE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
# Where a statement has other statements.
BLOCKS = ("body", "cases", "handlers", "orelse", "finalbody")


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield what ``ast.walk`` yields, in the same order, but expressions, which are most of it."""
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        yield node
        waiting.extend(child for block in BLOCKS for child in getattr(node, block, ()))


@cache
def read_docstrings(package: str) -> list[str]:
    spec, found = find_spec(package), list[str]()
    folder = Path(str(spec and spec.origin)).parent
    for path in sorted(folder.rglob("*.py")):
        if {"test", "tests", "externals"}.isdisjoint(path.relative_to(folder).parts):
            nodes = [node for node in statements(ast.parse(path.read_bytes())) if isinstance(node, DOCUMENTED)]
            found += [ast.get_docstring(node, clean=False) or "" for node in nodes]
    return found


def without_names(docstring: str, n_words: int = 80) -> str:
    return " ".join(islice((word for word in docstring.split() if not NAMES.search(word)), n_words))


def read_documents(n_each: int = 750, n_words: int = 20) -> tuple[list[str], list[str]]:
    documents, labels = list[str](), list[str]()
    for package in PACKAGES:
        distinct = dict.fromkeys(map(without_names, read_docstrings(package)))
        new = [document for document in distinct if len(document.split()) >= n_words and document not in documents]
        documents += random.Random(0).sample(new, min(n_each, len(new)))
        labels += [package] * (len(documents) - len(labels))
    return documents, labels
