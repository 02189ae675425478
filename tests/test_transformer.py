"""The estimator where its users put it: pipelines, searches, columns, data frames."""

import numpy as np
import pandas as pd
import polars as pl
import pytest
import sklearn
from gensim.models import KeyedVectors
from sklearn.base import clone
from sklearn.compose import ColumnTransformer
from sklearn.experimental import enable_halving_search_cv  # noqa: F401
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, HalvingGridSearchCV
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.utils import estimator_html_repr

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

NEEDS_1_9 = pytest.mark.skipif(
    tuple(map(int, sklearn.__version__.split(".")[:2])) < (1, 9), reason="ColumnTransformer of 1.9 knows polars 2"
)


def pipeline(pretrained, **params):
    w2v = PretrainedWord2VecTransformer(pretrained, **{"epochs": 1, "random_state": 0, **params})
    return Pipeline([("w2v", w2v), ("clf", LogisticRegression(max_iter=1000))])


def test_the_main_job(glove_path, documents, labels):
    model = pipeline(str(glove_path), lockf=1.0, epochs=10).fit(documents[::2], labels[::2])
    assert model.score(documents[1::2], labels[1::2]) > max(labels[1::2].mean(), 1 - labels[1::2].mean())


def test_a_grid_over_lockf_epochs_and_pretrained_scores_the_same_in_one_process_and_in_two(
    glove_path, documents, labels
):
    grid = {"w2v__pretrained": [None, str(glove_path)], "w2v__lockf": [0.0, "frequency"], "w2v__epochs": [1, 3]}
    one, two = (
        GridSearchCV(pipeline(None), grid, cv=2, n_jobs=n_jobs, error_score="raise")
        .fit(documents, labels)
        .cv_results_["mean_test_score"]
        for n_jobs in (1, 2)
    )
    np.testing.assert_array_equal(one, two)
    assert len(set(one)) > 1


@pytest.mark.parametrize("wrap", [lambda kv: kv, PretrainedVectors.from_keyed_vectors], ids=["gensim", "handle"])
def test_a_source_in_memory_above_1_mb_survives_worker_processes(keyed_vectors, documents, labels, wrap):
    """The case in which loky maps arrays read-only, and gensim's own training ends the process."""
    assert keyed_vectors.vectors.nbytes > 2**20
    search = GridSearchCV(pipeline(wrap(keyed_vectors)), {"w2v__lockf": [0.0, 1.0]}, cv=2)
    one, two = (
        search.set_params(n_jobs=n_jobs).fit(documents, labels).cv_results_["mean_test_score"] for n_jobs in (1, 2)
    )
    np.testing.assert_array_equal(one, two)


def test_a_halving_search_takes_epochs_as_its_resource(glove_path, documents, labels):
    search = HalvingGridSearchCV(
        pipeline(str(glove_path)),
        {"w2v__lockf": [0.0, 1.0]},
        resource="w2v__epochs",
        min_resources=1,
        max_resources=2,
        factor=2,
        cv=2,
        random_state=0,
        error_score="raise",
    )
    assert search.fit(documents, labels).best_params_["w2v__epochs"] == 2


@pytest.mark.parametrize("frame", [pd.DataFrame, pytest.param(pl.DataFrame, marks=NEEDS_1_9)], ids=["pandas", "polars"])
@pytest.mark.filterwarnings("ignore:.*input_features.*")
def test_a_column_transformer_picks_the_column_of_documents(keyed_vectors, documents, frame):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, epochs=1, random_state=0)
    table = frame({"story": documents, "length": [len(story) for story in documents]})
    columns = ColumnTransformer([("w2v", w2v, "story"), ("rest", "passthrough", ["length"])])
    got = columns.fit_transform(table)
    np.testing.assert_array_equal(np.asarray(got)[:, :100].astype(np.float32), w2v.fit_transform(documents))


@pytest.mark.parametrize(("container", "frame"), [("pandas", pd.DataFrame), ("polars", pl.DataFrame)])
def test_set_output_gives_named_columns(keyed_vectors, documents, container, frame):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, epochs=1, output="both").set_output(transform=container)
    fitted = w2v.fit_transform(documents)
    assert isinstance(fitted, frame)
    assert list(fitted.columns) == [f"{o}_mean{i}" for o in ("tuned", "pretrained") for i in range(50)]
    assert isinstance(w2v.transform(documents), frame)


def test_set_output_keeps_the_index_of_a_series(keyed_vectors, documents):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).set_output(transform="pandas")
    series = pd.Series(documents, index=range(1000, 1000 + len(documents)))
    assert list(w2v.fit_transform(series).index) == list(series.index)


def test_a_union_with_tf_idf(keyed_vectors, documents, labels):
    dense = make_pipeline(PretrainedWord2VecTransformer(keyed_vectors, epochs=1), StandardScaler())
    union = FeatureUnion([("tfidf", TfidfVectorizer()), ("w2v", dense)], transformer_weights={"w2v": 0.05})
    model = make_pipeline(union, LogisticRegression()).fit(documents, labels)
    assert model[:-1].get_feature_names_out()[-1] == "w2v__pretrained_mean49"


def test_a_clone_is_unfitted_and_shares_the_handle(keyed_vectors, documents):
    source = PretrainedVectors.from_keyed_vectors(keyed_vectors)
    fitted = PretrainedWord2VecTransformer(source, epochs=1).fit(documents)
    copy = clone(fitted)
    assert copy.pretrained is source
    assert not hasattr(copy, "vocabulary_")


def test_a_frozen_transformer_is_not_refitted(keyed_vectors, documents, labels):
    frozen = FrozenEstimator(PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit(documents))
    model = make_pipeline(frozen, LogisticRegression(max_iter=1000)).fit(documents[:50], labels[:50])
    np.testing.assert_array_equal(model[:-1].transform(documents), frozen.transform(documents))


def test_the_html_repr_shows_the_parameters(keyed_vectors, documents):
    w2v = PretrainedWord2VecTransformer(PretrainedVectors.from_keyed_vectors(keyed_vectors), epochs=3)
    assert "20,000 words × 50 numbers, lowercased, arrays in memory" in repr(w2v)
    assert "epochs" in estimator_html_repr(w2v)
    assert "epochs" in estimator_html_repr(w2v.set_params(epochs=1).fit(documents))


def test_refitting_forgets_the_first_fit(keyed_vectors, documents):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, epochs=1, random_state=0).fit(documents[:50])
    first = w2v.vocabulary_
    again = w2v.fit(documents[50:])
    fresh = clone(w2v).fit(documents[50:])
    assert first != again.vocabulary_ == fresh.vocabulary_
    np.testing.assert_array_equal(again.vectors_, fresh.vectors_)


def test_a_fitted_transformer_is_a_source_by_from_transformer(keyed_vectors, documents):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, epochs=1, random_state=0).fit(documents[:50])
    source = PretrainedVectors.from_transformer(fitted)
    second = PretrainedWord2VecTransformer(source, lockf=0, epochs=1, random_state=0).fit(documents)
    words = [word for word in second.vocabulary_ if word in fitted.vocabulary_]
    np.testing.assert_array_equal(
        second.vectors_[[second.vocabulary_[word] for word in words]],
        fitted.vectors_[[fitted.vocabulary_[word] for word in words]],
    )


def test_the_source_is_only_read_where_it_is_needed(glove, documents, tmp_path):
    class Recorded(np.ndarray):
        rows_read = 0

        def __getitem__(self, key):
            rows = super().__getitem__(key)
            Recorded.rows_read += len(rows)
            return rows

    words, vectors = glove
    source = PretrainedVectors.from_arrays(words, vectors.view(Recorded))
    fitted = PretrainedWord2VecTransformer(source, epochs=1, fallback_size=100).fit(documents)
    n_known = round(fitted.coverage_["words"] * len(fitted.counts_))
    assert Recorded.rows_read == n_known + 100


def test_gensim_vectors_with_a_repeated_word_work(documents):
    keyed_vectors = KeyedVectors(3)
    keyed_vectors.add_vectors(["the", "of", "said"], np.eye(3, dtype=np.float32))
    keyed_vectors.index_to_key = ["the", "of", None, "said"]  # what gensim leaves of a file that repeats a word
    keyed_vectors.vectors = np.eye(4, 3, dtype=np.float32)
    fitted = PretrainedWord2VecTransformer(keyed_vectors, output="pretrained").fit(documents)
    assert fitted.vocabulary_ == {"the": 0, "of": 1, "said": 2}


def test_a_string_is_never_trained_letter_by_letter():
    fitted = PretrainedWord2VecTransformer(vector_size=5, epochs=1).fit(["the cat sat", "the dog ran", "a cat ran"])
    assert set(fitted.vocabulary_) == {"the", "cat", "sat", "dog", "ran"}  # "a": no word for CountVectorizer
