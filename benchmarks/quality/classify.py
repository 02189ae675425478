"""Columns → accuracy, with logistic regression whose C, and weight of blocks, are chosen by cross-validation."""

import warnings

import numpy as np
import scipy.sparse as sp
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

CS = np.logspace(-4, 4, 9)


def standardised(train, test):
    scaler = StandardScaler().fit(train)
    return scaler.transform(train), scaler.transform(test)


def beside(*blocks):
    """Put blocks side by side, each a pair of columns for training and for testing."""
    stack = sp.hstack if any(sp.issparse(train) for train, _ in blocks) else np.hstack
    return tuple(stack(parts) for parts in zip(*blocks, strict=True))


def times(weight, block):
    return tuple(weight * columns for columns in block)


def compact(train, test):
    """The same rows in no more columns than there are rows to train on, and dense.

    An L2 penalty sees only inner products of the rows, so that the result is the same.
    """
    if train.shape[1] <= train.shape[0]:
        return train, test
    train, test = (sp.csr_array(block) if sp.issparse(block) else block for block in (train, test))
    gram, test_gram = (
        block.toarray() if sp.issparse(block) else np.asarray(block, float)
        for block in (train @ train.T, test @ train.T)
    )
    values, vectors = np.linalg.eigh(gram)
    kept = values > values[-1] * 1e-9
    roots = np.sqrt(values[kept])
    return vectors[:, kept] * roots, test_gram @ (vectors[:, kept] / roots)


def inner_hits(columns, y):
    """How many documents are classified rightly in five folds, for each C."""
    hits = np.zeros(len(CS), int)
    for train, test in StratifiedKFold(5, shuffle=True, random_state=0).split(columns, y):
        model = LogisticRegression(max_iter=200, warm_start=True, tol=1e-3)
        for place, c in enumerate(CS):
            model.set_params(C=c).fit(columns[train], y[train])
            hits[place] += (model.predict(columns[test]) == y[test]).sum()
    return hits


def classify(candidates, y, y_test):
    """Accuracy on the test documents with the weight and the C that do best in five folds.

    Of equals the smallest C and the first weight win. The candidates are (weight, columns).
    """
    columns = [compact(*block) for _, block in candidates]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # classes with fewer documents than folds, and fits that end at max_iter
        hits = np.array([inner_hits(train, y) for train, _ in columns]).T
        c, best = np.unravel_index(np.argmax(hits), hits.shape)
        train, test = columns[best]
        accuracy = LogisticRegression(max_iter=500, C=CS[c]).fit(train, y).score(test, y_test)
    return {"accuracy": accuracy, "inner": hits[c, best] / len(y), "C": CS[c], "weight": candidates[best][0]}
