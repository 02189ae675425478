"""Documents without labels: fit(X, extra_documents=D) is fit([*X, *D]), whatever scikit-learn puts around it."""

import gc
import pickle
import re
import weakref

import numpy as np
import pandas as pd
import pytest
import sklearn
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, cross_val_score
from sklearn.pipeline import Pipeline

from sk_w2v import PretrainedVectors

from helpers import DOCUMENTS, NAME, Streamed, estimator, shown, whole

POOLINGS = ["mean", "idf", "sif", "usif", "max", "min", "vlad"]
KINDS = {
    "a list": list,
    "a tuple": tuple,
    "an array": lambda documents: np.array(documents, object),
    "a series": pd.Series,
    "a generator": lambda documents: (document for document in documents),
    "a stream": Streamed,
    "lists of tokens": lambda documents: [document.lower().split() for document in documents],
}


def lower_words(text):
    """An analyzer of one's own."""
    return re.findall(r"\w+", text.lower())


class Pile:
    """Documents that can be read again and again, without a length, so that scikit-learn passes them on whole."""

    def __init__(self, documents):
        self.documents = documents
        self.n_passes = 0

    def __iter__(self):
        self.n_passes += 1
        yield from self.documents


class Document(str):
    """A document that can be seen to be gone."""


@pytest.fixture(scope="module")
def source(glove):
    return PretrainedVectors.from_arrays(*glove)


@pytest.fixture(scope="module")
def labelled(documents):
    return [document[:400] for document in documents[:40]]


@pytest.fixture(scope="module")
def extra(documents):
    return [document[:400] for document in documents[40:75]]


@pytest.fixture
def y(labels):
    return labels[:40]


def pipeline(source, **params):
    return Pipeline([("w2v", estimator(source, **params)), ("clf", LogisticRegression(max_iter=1000))])


def n_of(word, fitted):
    return fitted.counts_[fitted.vocabulary_[word]]


def assert_equal(fitted, expected, documents):
    assert (fitted.vocabulary_, fitted.coverage_) == (expected.vocabulary_, expected.coverage_)
    for name in ("n_iter_", "alpha_", "sample_", "window_", "output_"):
        assert getattr(fitted, name) == getattr(expected, name)
    for name in ("counts_", "vectors_"):
        np.testing.assert_array_equal(getattr(fitted, name), getattr(expected, name))
    np.testing.assert_array_equal(fitted.transform(documents), expected.transform(documents))


@pytest.mark.parametrize("pooling", [*POOLINGS, ("mean", "idf")], ids=str)
@pytest.mark.parametrize("scale", [False, True], ids=["", "scaled"])
def test_extra_documents_are_as_if_they_stood_behind_x_in_every_pooling(source, labelled, extra, pooling, scale):
    params = {"pooling": pooling, "scale": scale, "output": "both"}
    expected = estimator(source, **params).fit([*labelled, *extra])
    fitted = estimator(source, **params)
    vectors = fitted.fit_transform(labelled, extra_documents=extra)
    assert_equal(fitted, expected, [*labelled, *extra])
    np.testing.assert_array_equal(vectors, expected.transform(labelled))


@pytest.mark.parametrize("of_extra", KINDS)
@pytest.mark.parametrize("of_x", KINDS)
def test_extra_documents_and_x_may_be_of_any_two_kinds(source, labelled, extra, of_x, of_extra):
    expected = estimator(source, pooling="idf").fit([*KINDS[of_x](labelled), *KINDS[of_extra](extra)])
    fitted = estimator(source, pooling="idf").fit(KINDS[of_x](labelled), extra_documents=KINDS[of_extra](extra))
    assert_equal(fitted, expected, labelled)


@pytest.mark.parametrize(
    "params",
    [
        {"epochs": "auto"},
        {"pretrained": None, "min_count": 2},
        {"lockf": "frequency", "sg": 1},
        {"vocabulary": ["the", "of", "palestinian"]},
        {"output": "pretrained"},
        {"word2vec_params": {"max_final_vocab": 100}},
        {"analyzer": lower_words},
    ],
    ids=shown,
)
def test_extra_documents_are_as_if_they_stood_behind_x_whatever_the_parameters(source, labelled, extra, params):
    params = {"pretrained": source} | params
    expected = estimator(**params).fit([*labelled, *extra])
    assert_equal(estimator(**params).fit(labelled, extra_documents=extra), expected, labelled)


def test_documents_decide_together_which_settings_and_output_are_chosen(source):
    params = {"epochs": "auto", "output": "auto"}
    x, extra = [["tea", "cup"]] * 10, [["tea"] * 300] * 990
    fitted = estimator(source, **params).fit(x, extra_documents=extra)
    assert (fitted.output_, fitted.window_) == ("tuned", 40)
    alone = estimator(source, **params).fit(x)
    assert (alone.output_, alone.window_) == ("both", 10)


def test_none_is_no_extra_document(source, labelled):
    assert_equal(estimator(source).fit(labelled, extra_documents=None), estimator(source).fit(labelled), labelled)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_a_pipeline_hands_them_on(source, labelled, extra, y, n_jobs):
    model = pipeline(source, n_jobs=n_jobs).fit(labelled, y, w2v__extra_documents=extra)
    assert model["w2v"].counts_.sum() == estimator(source).fit([*labelled, *extra]).counts_.sum()
    assert model["clf"].coef_.shape == (1, 100)
    if n_jobs is None:
        vectors = estimator(source).fit([*labelled, *extra]).transform(labelled)
        expected = LogisticRegression(max_iter=1000).fit(vectors, y)
        np.testing.assert_array_equal(model.predict_proba(extra), expected.predict_proba(model[:-1].transform(extra)))


@pytest.fixture
def scores_by_hand(source, labelled, extra, y):
    """Accuracy in two folds, in each of which the vectors are tuned on the fold and on all extra documents."""
    scores = []
    for fold in (slice(20, None), slice(20)):
        rows = np.delete(np.arange(40), np.arange(40)[fold])
        own, others = [labelled[row] for row in rows], labelled[fold]
        w2v = estimator(source).fit([*own, *extra])
        clf = LogisticRegression(max_iter=1000).fit(w2v.transform(own), y[rows])
        scores.append(clf.score(w2v.transform(others), y[fold]))
    return scores[::-1]


FOLDS = [(np.arange(20, 40), np.arange(20)), (np.arange(20), np.arange(20, 40))]


@pytest.mark.parametrize("n_jobs", [None, 2])
@pytest.mark.parametrize("kind", [list, Pile])
def test_a_search_hands_all_of_them_to_every_fold(source, labelled, extra, y, scores_by_hand, n_jobs, kind):
    search = GridSearchCV(pipeline(source), {"w2v__lockf": [1.0, 0.0]}, cv=FOLDS, n_jobs=n_jobs)
    search.fit(labelled, y, w2v__extra_documents=kind(extra))
    assert [search.cv_results_[f"split{split}_test_score"][0] for split in (0, 1)] == scores_by_hand
    lockf = search.best_params_["w2v__lockf"]
    assert_equal(search.best_estimator_["w2v"], estimator(source, lockf=lockf).fit([*labelled, *extra]), labelled)


@pytest.mark.parametrize("n_jobs", [None, 2])
def test_cross_validation_hands_all_of_them_to_every_fold(source, labelled, extra, y, scores_by_hand, n_jobs):
    params = {"w2v__extra_documents": extra}
    scores = cross_val_score(pipeline(source), labelled, y, cv=FOLDS, params=params, n_jobs=n_jobs)
    assert scores.tolist() == scores_by_hand


CUT = (
    "extra_documents has exactly as many documents as X in a fold: 2. If you passed more, cross-validation has kept "
    "only those of the fold. Then add an empty document: [*extra_documents, '']."
)


def n_pots_in_the_fold(extra_documents):
    """How often a word of four extra documents is counted in the fold of a search over four documents."""
    folds = [([0, 1], [2, 3])]
    count = lambda model, X, y: n_of("pot", model["w2v"])  # noqa: E731
    search = GridSearchCV(pipeline(None), {}, cv=folds, scoring=count, refit=False)
    search.fit(["tea cup"] * 4, [0, 1, 0, 1], w2v__extra_documents=extra_documents)
    return search.cv_results_["mean_test_score"].tolist()


def test_a_list_as_long_as_x_is_cut_to_the_fold_and_the_fit_says_so():
    with pytest.warns(UserWarning, match=whole(CUT)) as warnings:
        assert n_pots_in_the_fold(["pot"] * 4) == [2]
    assert len(warnings) == 1


@pytest.mark.parametrize("uncut", [["pot"] * 4 + [""], Pile(["pot"] * 4)])
def test_one_more_document_or_an_iterable_without_length_is_not_cut(uncut):
    assert n_pots_in_the_fold(uncut) == [4]


@pytest.fixture
def routing():
    with sklearn.config_context(enable_metadata_routing=True):
        yield


def test_metadata_routing_takes_them_through_a_column_transformer(routing, source, labelled, extra):
    frame = pd.DataFrame({"text": labelled, "length": list(map(len, labelled))})
    w2v = estimator(source).set_fit_request(extra_documents=True)
    columns = ColumnTransformer([("w2v", w2v, "text"), ("rest", "passthrough", ["length"])])
    expected = estimator(source).fit([*labelled, *extra])
    vectors = columns.fit_transform(frame, extra_documents=extra)
    np.testing.assert_array_equal(vectors[:, :-1], expected.transform(labelled))
    assert_equal(columns.fit(frame, extra_documents=extra).named_transformers_["w2v"], expected, labelled)


def test_metadata_routing_takes_them_through_a_search(routing, source, labelled, extra, y, scores_by_hand):
    w2v = estimator(source).set_fit_request(extra_documents=True)
    model = Pipeline([("w2v", w2v), ("clf", LogisticRegression(max_iter=1000))])
    search = GridSearchCV(model, {"w2v__lockf": [1.0]}, cv=FOLDS).fit(labelled, y, extra_documents=Pile(extra))
    assert [search.cv_results_[f"split{split}_test_score"][0] for split in (0, 1)] == scores_by_hand


def test_the_vectors_of_extra_documents_are_not_computed(source, labelled, extra):
    piles = Pile(extra), Pile(extra)
    estimator(source, epochs=3).fit(labelled, extra_documents=piles[0])
    vectors = estimator(source, epochs=3).fit_transform(labelled, extra_documents=piles[1])
    assert len(vectors) == len(labelled)
    assert [pile.n_passes for pile in piles] == [1 + 3] * 2


def test_extra_documents_are_not_kept(source, labelled, extra):
    pile = list(map(Document, extra))
    gone = weakref.ref(pile[0])
    fitted = estimator(source, pooling="idf").fit(labelled, extra_documents=pile)
    del pile
    gc.collect()
    assert gone() is None
    assert fitted.vectors_.shape[1] == 50


def test_extra_documents_do_not_travel_in_the_pickle(glove_path, labelled, extra):
    fitted = estimator(str(glove_path)).fit(labelled, extra_documents=extra)
    assert pickle.dumps(fitted) == pickle.dumps(estimator(str(glove_path)).fit([*labelled, *extra]))


NO_MORE = (
    "There is no document in extra_documents. Leave it out, or pass a list: an iterator that was read before has no "
    "more documents."
)
WHAT_THEY_MUST_BE = "Expected an iterable of documents for extra_documents, such as a list of str. Got {} instead."
BAD = {
    "a string": ("a cup of tea", ValueError, "Iterable over raw text documents expected for extra_documents, string "
                 "object received: 'a cup of tea'. Put a single document into a list."),
    "bytes": (b"a cup of tea", ValueError, "Iterable over raw text documents expected for extra_documents, string "
              "object received: b'a cup of tea'. Put a single document into a list."),
    "nothing": ([], ValueError, NO_MORE),
    "an empty stream": (Streamed([]), ValueError, NO_MORE),
    "an iterator that is used up": (iter([]), ValueError, NO_MORE),
    "a number": (5, TypeError, WHAT_THEY_MUST_BE.format("int")),
    "a dict": ({"a": "cup"}, TypeError, WHAT_THEY_MUST_BE.format("dict")),
    "a set": ({"a cup"}, TypeError, WHAT_THEY_MUST_BE.format("set")),
    "a table": (
        np.array([["a cup"], ["of tea"]]),
        ValueError,
        "Expected a one-dimensional collection of documents for extra_documents, got ndarray of shape (2, 1). Pass "
        "X.ravel() if each cell is a document, X.tolist() if each row is the tokens of one.",
    ),
    "a number among them": (
        ["a cup", 5],
        TypeError,
        "Document 1 of extra_documents must be a str or a list of str. Got 5 instead.",
    ),
    "a None in a stream": (
        Streamed(["a cup", "of tea", None]),
        TypeError,
        "Document 2 of extra_documents must be a str or a list of str. Got None instead. Replace missing documents by "
        "empty ones, as X.fillna('') does in pandas.",
    ),
    "a token that is none": (
        [["a", "cup"], ["of", 5]],
        TypeError,
        "Document 1 of extra_documents must be a str or a list of str. Got the token 5.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_what_are_no_extra_documents_is_refused(name, method):
    wrong, error, message = BAD[name]
    with pytest.raises(error, match=whole(message)):
        getattr(estimator(), method)(DOCUMENTS, extra_documents=wrong)


def test_strings_beside_tokens_are_fine():
    fitted = estimator().fit(DOCUMENTS, extra_documents=[["a", "cup"], "of tea"])
    assert n_of("tea", fitted) == 3


def test_x_without_documents_is_refused_whatever_the_extra_ones():
    message = (
        f"Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required by {NAME}. An iterator that was "
        "read before has no more documents: pass a list."
    )
    with pytest.raises(ValueError, match=whole(message)):
        estimator().fit([], extra_documents=DOCUMENTS)


def test_an_analyzer_that_fails_on_an_extra_document_is_named_with_its_number():
    message = "The analyzer must return a list of str. For document 0 of extra_documents it returned 'of tea'."
    with pytest.raises(TypeError, match=whole(message)):
        estimator(analyzer=lambda text: text if text == "of tea" else text.split()).fit(
            DOCUMENTS, extra_documents=["of tea"]
        )


def test_a_generator_serves_one_fold_and_is_refused_in_the_next(source, labelled, extra, y):
    search = GridSearchCV(pipeline(source), {"w2v__lockf": [1.0]}, cv=FOLDS, error_score="raise")
    with pytest.raises(ValueError, match=whole(NO_MORE)):
        search.fit(labelled, y, w2v__extra_documents=iter(extra))


def test_transform_takes_no_extra_documents(source, labelled, extra):
    fitted = estimator(source).fit(labelled)
    message = f"{NAME}.transform() got an unexpected keyword argument 'extra_documents'"
    with pytest.raises(TypeError, match=whole(message)):
        fitted.transform(labelled, extra_documents=extra)
