"""What tuning does to words at large: how well cosines agree with people's judgement, after more and more epochs.

    python benchmarks/similarity.py --data DIR [--runs 5]

Printed are rank correlations (Spearman's, in per cent) between cosines and the judgements of WordSim-353 (Finkelstein
et al. 2002, which gensim ships), over the pairs whose words both occur in the training documents: of the untuned
vectors, and of the tuned ones the mean over seeds with its standard error. DIR is that of quality, and so are the
vectors.
"""

import argparse
import sys
import warnings
from pathlib import Path

import numpy as np
from gensim.test.utils import datapath

from sk_w2v import PretrainedWord2VecTransformer

sys.path.insert(0, str(Path(__file__).with_name("quality")))
from data import SETS, Plan, read, source

EPOCHS = (1, 5, 10, 30)


def fitted(documents, epochs, seed):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return PretrainedWord2VecTransformer(source(), epochs=epochs, random_state=seed).fit(documents)


def correlation(w2v, which):
    """The correlation, and the share of the pairs that it leaves out; both in per cent."""
    keyed_vectors = w2v.to_keyed_vectors(which, fallback=False)
    _, spearman, unknown = keyed_vectors.evaluate_word_pairs(datapath("wordsim353.tsv"))
    return 100 * spearman.statistic, unknown


def report(folder, name, runs):
    documents, *_ = read(Plan(folder), name)
    print(f"| {name} ", end="", flush=True)
    for epochs in EPOCHS:
        group = [fitted(documents, epochs, seed) for seed in range(runs)]
        if epochs == EPOCHS[0]:
            untuned, unknown = correlation(group[0], "pretrained")
            print(f"| {100 - unknown:.0f} % | {untuned:.1f} ", end="", flush=True)
        found = np.array([correlation(w2v, "tuned")[0] for w2v in group])
        print(f"| {found.mean():.1f} ± {found.std(ddof=1) / np.sqrt(runs):.1f} ", end="", flush=True)
    print("|")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--runs", type=int, default=5)
    arguments = parser.parse_args()
    print(f"| | pairs known | untuned | {' | '.join(f'{epochs} epochs' for epochs in EPOCHS)} |")
    print("|---|---|---|" + "---|" * len(EPOCHS))
    for name in SETS:
        report(arguments.data, name, arguments.runs)


if __name__ == "__main__":
    main()
