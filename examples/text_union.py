"""TF-IDF beside tuned word vectors: the recipe for documents with few labels.

A row of TF-IDF has length 1; one of d standardised columns, about the root of d, would drown it. So the vectors are
scaled to a length of 0.1 to 1 by FeatureUnion's own transformer_weights, and the grid chooses which. The second part
tunes the vectors on documents without labels too: FrozenEstimator keeps a search from fitting them again.

The documents are docstrings, as in quickstart.py, 200 of them with their label. It uses no network and takes about a
minute. It prints, with the packages that quickstart.py names:

    TF-IDF                                 0.742
    TF-IDF and GloVe, tuned                0.744  (length 0.1)
    the same, tuned on unlabelled ones too 0.744  (length 0.1)

Packages have words of their own, which TF-IDF knows best, so the grid leaves the vectors little weight here. On news
and reviews with as few labels they gain one to six points; the README has the figures.
"""

import numpy as np
from docstrings import open_glove, read_documents
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import FeatureUnion, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer


def union(w2v):
    return FeatureUnion([("tfidf", TfidfVectorizer()), ("w2v", make_pipeline(w2v, StandardScaler()))])


def search(w2v, n_columns):
    pipeline = make_pipeline(union(w2v), LogisticRegression(C=10, max_iter=1000))
    weights = [{"w2v": length / np.sqrt(n_columns)} for length in (0.1, 0.25, 0.5, 1.0)]
    return GridSearchCV(pipeline, {"featureunion__transformer_weights": weights}, cv=3)


def report(name, fitted, documents, labels, n_columns):
    length = fitted.best_params_["featureunion__transformer_weights"]["w2v"] * np.sqrt(n_columns)
    print(f"{name:<39}{fitted.score(documents, labels):.3f}  (length {length:.3g})")


def main(n_each=750, n_train=200):
    source = open_glove()
    documents, labels = read_documents(n_each)
    train, test, y, y_test = train_test_split(documents, labels, train_size=n_train, stratify=labels, random_state=0)
    tfidf = make_pipeline(TfidfVectorizer(), LogisticRegression(C=10, max_iter=1000)).fit(train, y)
    print(f"{'TF-IDF':<39}{tfidf.score(test, y_test):.3f}")

    w2v = PretrainedWord2VecTransformer(source, output="both", random_state=0)
    n_columns = 2 * source.vector_size
    report("TF-IDF and GloVe, tuned", search(w2v, n_columns).fit(train, y), test, y_test, n_columns)

    frozen = FrozenEstimator(w2v.fit(documents))  # no label is seen, nor which documents will be tested
    report("the same, tuned on unlabelled ones too", search(frozen, n_columns).fit(train, y), test, y_test, n_columns)


if __name__ == "__main__":
    main()
