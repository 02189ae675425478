"""What is compared: for each group of methods, their names and columns."""

import time
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from classify import beside, standardised, times
from data import documents_of, source
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedWord2VecTransformer

WEIGHTS = (0.3, 1, 3, 10)
DIMENSIONS = 100
# What gensim does unless it is told otherwise, with skip-gram.
GENSIM = {"sg": 1, "window": 5, "alpha": 0.025, "sample": 1e-3}
SWEEPS = [
    {"sg": 1},
    *({"window": window} for window in (5, 10, 20, 40)),
    *({"alpha": alpha} for alpha in (0.025, 0.05, 0.1, 0.2)),
    *({"sample": sample} for sample in (1e-3, 1e-4, 1e-5, 1e-6)),
    *({"times": times} for times in (1 / 3, 0.5, 2, 3)),
    *({"lockf": lockf} for lockf in (0.3, "frequency")),
    *({"fallback_size": size} for size in (0, 20_000)),
]


class Vectors(NamedTuple):
    """Vectors of the documents tuned on and of those for testing, and the facts of the fit."""

    train: np.ndarray
    test: np.ndarray
    facts: dict


def shared(plan, case):
    """In scene B all draws tune on the same documents: one fit serves them, since it sees no label."""
    return case._replace(size=plan.sizes[0], draw=0) if case.scene == "B" else case


@lru_cache(len(SWEEPS) + 2)  # as many as a case asks for, since the next one may share them
def fitted(plan, case, params):
    documents, params = documents_of(plan, case), dict(params)
    w2v = PretrainedWord2VecTransformer(params.pop("pretrained", source()), random_state=0, **params)
    start = time.process_time()
    w2v.fit(documents.texts)
    facts = {"seconds": round(time.process_time() - start, 2), "epochs": w2v.n_iter_, "output": w2v.output_}
    facts["tokens"] = int(w2v.counts_.sum())
    return Vectors(w2v.transform(documents.texts), w2v.transform(documents.test), facts)


def vectors(plan, case, **params):
    return fitted(plan, shared(plan, case), tuple(params.items()))


@lru_cache(2)
def tfidf_and_lsa(plan, case):
    documents = documents_of(plan, case)
    tfidf = TfidfVectorizer(sublinear_tf=True)
    train, test = tfidf.fit_transform(documents.texts), tfidf.transform(documents.test)
    svd = TruncatedSVD(min(DIMENSIONS, len(documents.texts) - 1), random_state=0).fit(train)
    return (train, test), (svd.transform(train), svd.transform(test))


def rows(block, labelled):
    """The columns of a block for the labelled documents, and for those to test on."""
    return block[0][labelled], block[1]


def halves(found, labelled):
    """Tuned, untuned and both vectors, standardised."""
    width = found.train.shape[1] // 2
    both = rows(found, labelled)
    tuned, untuned = ([part[:, where] for part in both] for where in (slice(width), slice(width, None)))
    return {"tuned": standardised(*tuned), "untuned": standardised(*untuned), "both": standardised(*both)}


def n_passes(found):
    """Passes that gensim's settings get: half of ours, and a quarter over long documents, between the same limits."""
    return int(np.clip(round(5e6 / found.facts["tokens"]), 5, 50))


def main(plan, case, labelled):
    """Yield the name of each method, its candidates of (weight, columns), and facts."""
    tfidf, lsa = tfidf_and_lsa(plan, shared(plan, case))
    yield "TF-IDF", [(1, rows(tfidf, labelled))], {}
    yield "LSA", [(1, rows(lsa, labelled))], {}
    scratch = vectors(plan, case, pretrained=None, vector_size=50)
    yield "scratch", [(1, standardised(*rows(scratch, labelled)))], scratch.facts
    found = vectors(plan, case, output="both")
    columns = halves(found, labelled)
    for name, block in columns.items():
        yield name, [(1, block)], found.facts
    chosen = vectors(plan, case, epochs=1).facts["output"]
    yield "default", [(1, columns[chosen])], found.facts | {"output": chosen}
    if case.scene == "B":
        old = vectors(plan, case, output="both", epochs=n_passes(found), **GENSIM)
        for name, block in halves(old, labelled).items():
            if name != "untuned":
                yield f"gensim's settings, {name}", [(1, block)], old.facts


def union(plan, case, labelled):
    tfidf, lsa = (rows(block, labelled) for block in tfidf_and_lsa(plan, shared(plan, case)))
    own = rows(vectors(plan, case, scale=True), labelled)
    yield "LSA & vectors", [(1, standardised(*beside(lsa, own)))], {}
    yield "LSA & vectors, weighted", [(weight, beside(lsa, times(weight, own))) for weight in WEIGHTS], {}
    yield "TF-IDF & vectors", [(weight, beside(tfidf, times(weight, own))) for weight in WEIGHTS], {}
    three = [(weight, beside(tfidf, times(weight, beside(lsa, own)))) for weight in WEIGHTS]
    yield "TF-IDF & LSA & vectors", three, {}


def few(plan, case, labelled):
    for name, candidates, facts in main(plan, case, labelled):
        if not name.startswith("gensim"):
            yield name, candidates, facts


def defaults(plan, case, labelled):
    which = vectors(plan, case, epochs=1).facts["output"]
    found = vectors(plan, case, output="both")
    for changed in [{}, *SWEEPS]:
        changed = changed.copy()
        if "times" in changed:
            changed = {"epochs": max(1, round(found.facts["epochs"] * changed["times"]))} | changed
        params = {key: value for key, value in changed.items() if key != "times"}
        now = vectors(plan, case, output="both", **params)
        name = ", ".join(f"{key}={value}" for key, value in changed.items() if key != "epochs" or len(changed) == 1)
        yield f"default, {name}" if name else "default", [(1, halves(now, labelled)[which])], now.facts
