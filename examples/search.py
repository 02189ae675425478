"""Search lock factors and epochs together, and draw how well each pair does.

lockf says how far the pretrained vectors may move, epochs how often the documents are passed over: what one allows the
other must use, so they are searched together. output="tuned" leaves the untuned vectors out, to see what tuning does.

    pip install "sk-w2v[demo,plot]"
    python examples/search.py [search.png]

The documents are docstrings, as in quickstart.py. It uses no network and takes about a minute. It prints:

    lockf        1 epochs   5 epochs  20 epochs
    0.0             0.626      0.640      0.665
    0.1             0.624      0.643      0.702
    0.5             0.630      0.671      0.732
    1.0             0.631      0.687      0.739
    frequency       0.633      0.688      0.740
    Saved search.png.

One epoch changes next to nothing. With lockf=0 the words that GloVe lacks are trained all the same.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
from docstrings import open_glove, read_documents
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedWord2VecTransformer

LOCKF, EPOCHS = [0.0, 0.1, 0.5, 1.0, "frequency"], [1, 5, 20]


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


def main(path="search.png", n_each=250):
    documents, labels = read_documents(n_each)
    w2v = PretrainedWord2VecTransformer(open_glove(), output="tuned", random_state=0)
    steps = [("w2v", w2v), ("scale", StandardScaler()), ("classify", LogisticRegression(C=0.1, max_iter=1000))]
    search = GridSearchCV(Pipeline(steps), {"w2v__epochs": EPOCHS, "w2v__lockf": LOCKF}, cv=3, refit=False)
    search.fit(documents, labels)
    scores = search.cv_results_["mean_test_score"].reshape(len(EPOCHS), len(LOCKF)).T
    print(f"{'lockf':<10}" + "".join(f"{epochs:>4} epochs" for epochs in EPOCHS))
    for lockf, row in zip(LOCKF, scores, strict=True):
        print(f"{lockf!s:<10}" + "".join(f"{score:>11.3f}" for score in row))
    draw(scores, path)
    print(f"Saved {Path(path).name}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
