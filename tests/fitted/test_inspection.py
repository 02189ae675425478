"""The methods and attributes that tell of the fitted words: before fit, where vectors are missing, as data frames."""

import sys

import numpy as np
import pandas as pd
import pytest
from sklearn.exceptions import NotFittedError

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import NOT_FITTED, estimator, must_be, whole

CORPUS = [["the", "cup", "of", "tea"], ["tea", "of", "leaf", "tea"], ["x"], [], ["pot", "tea"]]
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot", "tea"]

CALLS = {
    "missing_words": lambda w2v: w2v.missing_words(),
    "moved_words": lambda w2v: w2v.moved_words(),
    "most_similar": lambda w2v: w2v.most_similar("tea"),
    "to_keyed_vectors": lambda w2v: w2v.to_keyed_vectors(),
    "to_word2vec": lambda w2v: w2v.to_word2vec(),
    "embedding_matrix": lambda w2v: w2v.embedding_matrix(["tea"]),
}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_an_unfitted_transformer_tells_nothing(call):
    with pytest.raises(NotFittedError, match=whole(NOT_FITTED)):
        call(estimator())


@pytest.mark.parametrize("name", ["vocabulary_", "vectors_", "counts_", "coverage_", "n_iter_", "vector_size_"])
def test_attributes_come_with_fit(name):
    assert not hasattr(estimator(), name)
    assert hasattr(estimator().fit(DOCUMENTS), name)


NO_TUNED = (
    "{} needs tuned vectors. This transformer has none, since it was fitted with output='pretrained', which tunes "
    "nothing."
)
NO_PRETRAINED = "{} needs pretrained vectors. This transformer has none, since it was fitted with pretrained=None."


@pytest.mark.parametrize("name", ["moved_words", "most_similar", "to_keyed_vectors", "to_word2vec", "embedding_matrix"])
def test_tuned_vectors_that_there_are_not_are_an_error(name):
    with pytest.raises(ValueError, match=whole(NO_TUNED.format(name))):
        CALLS[name](estimator(output="pretrained").fit(DOCUMENTS))


@pytest.mark.parametrize(
    "call",
    [
        lambda w2v: w2v.moved_words(),
        lambda w2v: w2v.moved_words(words=["tea"]),
        lambda w2v: w2v.most_similar("tea", which="pretrained"),
        lambda w2v: w2v.to_keyed_vectors("pretrained"),
        lambda w2v: w2v.embedding_matrix(["tea"], which="pretrained"),
    ],
    ids=["moved_words", "moved_words", "most_similar", "to_keyed_vectors", "embedding_matrix"],
)
def test_pretrained_vectors_that_there_are_not_are_an_error(request, call):
    name = request.node.callspec.id.rstrip("01")
    with pytest.raises(ValueError, match=whole(NO_PRETRAINED.format(name))):
        call(estimator(None, vector_size=4).fit(DOCUMENTS))


@pytest.mark.parametrize("which", ["both", "Tuned", None, 5, ["tuned"]], ids=repr)
@pytest.mark.parametrize(
    ("name", "call"),
    [
        ("most_similar", lambda w2v, which: w2v.most_similar("tea", which=which)),
        ("to_keyed_vectors", lambda w2v, which: w2v.to_keyed_vectors(which)),
        ("embedding_matrix", lambda w2v, which: w2v.embedding_matrix(["tea"], which=which)),
    ],
)
def test_vectors_are_tuned_or_pretrained_and_nothing_else(name, call, which):
    with pytest.raises(ValueError, match=whole(must_be("which", name, "'tuned' or 'pretrained'", which))):
        call(estimator().fit(DOCUMENTS), which)


def test_with_both_outputs_there_is_all_that_each_of_them_has():
    both, tuned, pretrained = (estimator(output=output).fit(DOCUMENTS) for output in ("both", "tuned", "pretrained"))
    pd.testing.assert_frame_equal(both.moved_words(as_frame=True), tuned.moved_words(as_frame=True))
    near = pretrained.most_similar("tea", which="pretrained")
    assert both.most_similar("tea", which="pretrained") == tuned.most_similar("tea", which="pretrained") == near


@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_missing_words_are_the_most_frequent_ones_without_a_pretrained_vector(output):
    w2v = estimator(output=output, min_count=2).fit(CORPUS)
    for missing, n in ((w2v.missing_words(), 4), (w2v.missing_words(None), 4), (w2v.missing_words(2), 2)):
        assert missing.word.tolist() == ["of", "the", "leaf", "x"][:n]
        assert missing.count.tolist() == [2, 1, 1, 1][:n]


def test_without_a_source_all_words_are_missing_and_with_all_of_them_none():
    assert estimator(None).fit(CORPUS).missing_words(1).word.tolist() == ["tea"]
    assert [len(column) for column in estimator().fit([["tea", "cup"]]).missing_words().values()] == [0, 0]


def test_20_missing_words_are_returned_unless_told():
    words = [f"word{number}" for number in range(30)]
    missing = estimator(None, vector_size=2).fit([words]).missing_words()
    assert missing.word.tolist() == words[:20]


@pytest.mark.parametrize("n", [-1, 0, 1.5, True, "5", np.True_], ids=repr)
def test_a_number_of_missing_words_that_is_none_is_refused(n):
    expected = "None or an int in the range [1, inf)"
    with pytest.raises(ValueError, match=whole(must_be("n", "missing_words", expected, n))):
        estimator(None).fit(DOCUMENTS).missing_words(n)


@pytest.mark.parametrize(
    ("name", "dtypes"),
    [
        ("missing_words", {"word": object, "count": np.int64}),
        (
            "moved_words",
            {"word": object, "count": np.int64, "cosine": np.float64, "neighbours_kept": np.float64},
        ),
    ],
)
def test_a_frame_has_the_columns_of_the_bunch_in_their_documented_types(name, dtypes):
    tell = getattr(estimator().fit(CORPUS), name)
    bunch, frame = tell(), tell(as_frame=True)
    assert {column: values.dtype for column, values in bunch.items()} == dtypes
    assert frame.columns.tolist() == list(dtypes)
    assert frame.dtypes.to_dict() == dtypes
    pd.testing.assert_frame_equal(frame, pd.DataFrame(dict(bunch)), check_dtype=False)
    assert bunch.word is bunch["word"]


@pytest.mark.parametrize("name", ["missing_words", "moved_words"])
def test_a_frame_without_pandas_names_the_extra(monkeypatch, name):
    tell = getattr(estimator().fit(DOCUMENTS), name)
    monkeypatch.setitem(sys.modules, "pandas", None)
    message = f'{name}(as_frame=True) needs pandas. Install it with: pip install "sk-w2v[pandas]"'
    with pytest.raises(ImportError, match=whole(message)):
        tell(as_frame=True)
    monkeypatch.undo()
    assert len(tell().word) > 0


def test_the_vocabulary_without_a_source_is_that_of_the_documents_alone():
    w2v = PretrainedWord2VecTransformer(vector_size=3, epochs=1).fit(CORPUS)
    assert set(w2v.vocabulary_) == {word for document in CORPUS for word in document}
    assert w2v.vectors_.shape == (len(w2v.counts_), w2v.vector_size_) == (len(w2v.vocabulary_), 3)


@pytest.mark.parametrize("name", ["missing_words", "moved_words"])
def test_a_frame_may_have_words_that_are_no_text(name):
    source = PretrainedVectors.from_arrays(["tea", "\ud800s"], np.eye(2))
    frame = getattr(estimator(source).fit([["tea", "\ud800s", "\ud800x"]]), name)(as_frame=True)
    assert any("\ud800" in word for word in frame["word"])
