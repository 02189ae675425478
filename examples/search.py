"""Search lock factors and epochs together where most documents have no label, and draw how well each pair does.

lockf says how far the pretrained vectors may move, epochs how often the documents are passed over: what one allows the
other must use, so they are searched together. 200 documents have a label and are cut into folds; the vectors of each
fold are tuned on its documents and on the other 1,300, which ``fit`` of the search is given as
``w2v__extra_documents``. scikit-learn would cut a list as long as the labelled documents to the fold; what has no
length, as Pile, it hands on whole.

    pip install "sk-w2v[demo,plot]"
    python examples/search.py [search.png]

The documents are docstrings, as in quickstart.py. It uses no network and takes about 40 seconds on a free processor. It
prints:

    lockf        1 epochs   5 epochs  30 epochs
    0.0             0.495      0.515      0.660
    0.1             0.500      0.515      0.685
    0.5             0.500      0.580      0.705
    1.0             0.490      0.570      0.715
    frequency       0.490      0.585      0.710
    Saved search.png.

One epoch changes next to nothing. With lockf=0 the words that GloVe lacks are trained all the same.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
from docstrings import open_glove, read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer

LOCKF, EPOCHS = [0.0, 0.1, 0.5, 1.0, "frequency"], [1, 5, 30]


class Pile:
    """Documents without a length, by which scikit-learn would cut them."""

    def __init__(self, documents):
        self.documents = documents

    def __iter__(self):
        return iter(self.documents)


def draw(scores, path):
    matplotlib.use("agg")
    from matplotlib import pyplot

    figure, ax = pyplot.subplots(figsize=(5, 3.5), layout="constrained")
    picture = ax.imshow(scores, cmap="viridis", aspect="auto")
    for (row, column), score in np.ndenumerate(scores):
        ax.text(column, row, f"{score:.3f}", ha="center", va="center", color="w" if picture.norm(score) < 0.6 else "k")
    ax.set(xticks=range(len(EPOCHS)), xticklabels=EPOCHS, xlabel="epochs", title="Accuracy in cross-validation")
    ax.set(yticks=range(len(LOCKF)), yticklabels=LOCKF, ylabel="lockf")
    figure.savefig(path, dpi=110)


def main(path="search.png", n_each=375, n_labelled=200):
    documents, labels = read_documents(n_each)
    split = {"train_size": n_labelled, "stratify": labels, "random_state": 0}
    labelled, unlabelled, y, _ = train_test_split(documents, labels, **split)
    w2v = PretrainedWord2VecTransformer(open_glove(), output="tuned", random_state=0)
    steps = [("w2v", w2v), ("scale", StandardScaler()), ("classify", LogisticRegression(C=0.03, max_iter=1000))]
    search = GridSearchCV(Pipeline(steps), {"w2v__epochs": EPOCHS, "w2v__lockf": LOCKF}, cv=3, refit=False)
    search.fit(labelled, y, w2v__extra_documents=Pile(unlabelled))
    scores = search.cv_results_["mean_test_score"].reshape(len(EPOCHS), len(LOCKF)).T
    print(f"{'lockf':<10}" + "".join(f"{epochs:>4} epochs" for epochs in EPOCHS))
    for lockf, row in zip(LOCKF, scores, strict=True):
        print(f"{lockf!s:<10}" + "".join(f"{score:>11.3f}" for score in row))
    draw(scores, path)
    print(f"Saved {Path(path).name}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
