"""Documents of every kind, as users have them, and the errors that name the one that is amiss."""

from collections import deque

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import scipy.sparse as sp

from helpers import Streamed, estimator, whole

DOCUMENTS = ["A cup of tea.", "the Pot; tea", "", "new pot: NEW cup!"]
TOKENS = [["cup", "of", "tea"], ["the", "pot", "tea"], [], ["new", "pot", "new", "cup"]]


@pytest.fixture(params=["fit", "fit_transform", "transform"])
def use(request):
    """Each method that takes documents."""
    return getattr(estimator().fit(DOCUMENTS), request.param)


@pytest.mark.parametrize(
    "analyzer",
    [
        str.split,
        lambda text: tuple(text.split()),
        lambda text: (token for token in text.split()),
        lambda text: np.array(text.split()),
        lambda text: pd.Series(text.split(), dtype=str),
        lambda text: dict.fromkeys(text.split()),
    ],
    ids=["list", "tuple", "generator", "array", "Series", "keys"],
)
def test_a_callable_may_return_tokens_of_any_kind(analyzer):
    documents = ["tea cup", "", "cup tea"]
    fitted = estimator(analyzer=analyzer).fit(documents)
    split = estimator().fit([text.split() for text in documents])
    assert fitted.vocabulary_ == split.vocabulary_
    np.testing.assert_array_equal(fitted.transform(documents), split.transform([text.split() for text in documents]))


@pytest.mark.parametrize("returned", ["tea", b"tea", None, 5])
@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
def test_an_analyzer_that_returns_no_tokens_is_refused_with_the_document(method, returned):
    fitted = estimator(analyzer=lambda text: returned if text == "odd" else text.split()).fit(["tea cup"])
    message = f"The analyzer must return a list of str. For document 2 it returned {returned!r}."
    with pytest.raises(TypeError, match=whole(message)):
        getattr(fitted, method)(["tea", "cup", "odd", "odd"])


@pytest.mark.parametrize("error", [KeyError("mine"), TypeError("mine")], ids=repr)
@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
@pytest.mark.parametrize("kind", [list, iter, Streamed])
def test_an_exception_in_the_analyzer_is_the_callers_own(method, error, kind):
    def analyze(text):
        if text == "odd":
            raise error
        return text.split()

    fitted = estimator(analyzer=analyze).fit(["tea cup"])
    with pytest.raises(type(error)) as raised:
        getattr(fitted, method)(kind(["tea", "odd"]))
    assert raised.value is error


@pytest.mark.parametrize("kind", [list, tuple, np.array, pd.Series, pl.Series])
def test_tokens_are_taken_as_they_are(kind):
    fitted = estimator(None).fit([kind(["Tea", "a", "cup of", "Tea"]), kind(["", "cup", "TEA"])])
    assert set(fitted.vocabulary_) == {"Tea", "a", "cup of", "", "cup", "TEA"}


@pytest.mark.parametrize(
    "kind",
    [
        tuple,
        iter,
        deque,
        Streamed,
        lambda documents: (document for document in documents),
        lambda documents: dict(enumerate(documents)).values(),
        lambda documents: np.array([*documents, None], object)[:-1],
        lambda documents: pd.Series(documents, index=list("dcba")),
        lambda documents: pl.Series(documents),
    ],
    ids=["tuple", "iterator", "deque", "streamed", "generator", "values", "object array", "pandas", "polars"],
)
@pytest.mark.parametrize("documents", [DOCUMENTS, TOKENS], ids=["strings", "tokens"])
def test_collections_of_any_kind_give_what_a_list_gives(documents, kind):
    expected = estimator().fit_transform(DOCUMENTS)
    np.testing.assert_array_equal(estimator().fit_transform(kind(documents)), expected)
    np.testing.assert_array_equal(estimator().fit(kind(documents)).transform(kind(documents)), expected)


@pytest.mark.parametrize(
    "X",
    [
        np.array(DOCUMENTS),
        pd.Series(DOCUMENTS, dtype="string"),
        pd.Series(DOCUMENTS, dtype="category"),
        pd.Index(DOCUMENTS),
        pd.Series(TOKENS, dtype=pd.ArrowDtype(pa.list_(pa.string()))),
        pl.Series(DOCUMENTS, dtype=pl.Categorical),
        pa.array(DOCUMENTS),
        pa.array(DOCUMENTS, pa.large_string()),
        pa.array(DOCUMENTS).dictionary_encode(),
        pa.array(TOKENS),
        pa.chunked_array([DOCUMENTS[:1], DOCUMENTS[1:]]),
        pa.chunked_array([TOKENS]),
        [document.encode() for document in DOCUMENTS],
        [DOCUMENTS[0].encode(), *DOCUMENTS[1:]],
        tuple(document.encode() for document in DOCUMENTS),
        np.array([document.encode() for document in DOCUMENTS]),
        pd.Series([document.encode() for document in DOCUMENTS]),
        pa.array([document.encode() for document in DOCUMENTS]),
        [np.array(tokens, str) for tokens in TOKENS],
        [np.array(tokens, object) for tokens in TOKENS],
        [pd.Series(tokens, dtype=str) for tokens in TOKENS],
        [pd.Index(tokens, dtype=str) for tokens in TOKENS],
        [pl.Series(tokens, dtype=pl.String) for tokens in TOKENS],
        [DOCUMENTS[0], *map(tuple, TOKENS[1:])],
    ],
    ids=lambda X: f"{type(X).__module__}.{type(X).__name__}",
)
def test_arrays_and_columns_give_what_a_list_gives(X):
    np.testing.assert_array_equal(estimator().fit_transform(X), estimator().fit_transform(DOCUMENTS))


def test_a_column_of_hugging_face_gives_what_a_list_gives():
    datasets = pytest.importorskip("datasets")
    table = datasets.Dataset.from_dict({"text": DOCUMENTS})
    for column in (table["text"], table.to_iterable_dataset()["text"]):
        np.testing.assert_array_equal(estimator().fit_transform(column), estimator().fit_transform(DOCUMENTS))


def test_bytes_are_decoded_as_scikit_learn_decodes_them():
    documents = ["ein Café", "Crème brûlée", "我 喜欢 茶"]
    encoded = [document.encode() for document in documents]
    assert estimator(None).fit(encoded).vocabulary_ == estimator(None).fit(documents).vocabulary_


@pytest.mark.parametrize("number", [0, 1500])
@pytest.mark.parametrize("kind", [list, tuple, iter, Streamed, lambda X: np.array(X, object)])
def test_bytes_that_are_not_utf_8_are_named(use, kind, number):
    X = kind([*["tea cup"] * number, "café".encode("latin-1"), b"tea"])
    message = (
        f"Document {number} is not valid UTF-8: unexpected end of data at byte 3. Decode bytes of another encoding "
        "first, as by document.decode('latin-1')."
    )
    with pytest.raises(ValueError, match=whole(message)):
        use(X)


@pytest.mark.parametrize("label", ["columns", "text"])
def test_the_labels_of_a_series_do_not_matter(label):
    X = pd.Series(DOCUMENTS, index=[label, "b", "c", "d"])
    np.testing.assert_array_equal(estimator().fit_transform(X), estimator().fit_transform(DOCUMENTS))


@pytest.mark.parametrize("X", ["", "tea", b"tea"])
def test_a_bare_string_is_refused(use, X):
    message = (
        f"Iterable over raw text documents expected, string object received: {X!r}. Put a single document into a list."
    )
    with pytest.raises(ValueError, match=whole(message)):
        use(X)


@pytest.mark.parametrize(
    "X",
    [None, 5, 0.5, {"a": "tea"}, {"tea"}, frozenset({"tea"}), {"tea": 1}.keys(), object()],
    ids=lambda X: type(X).__name__,
)
def test_what_is_no_ordered_collection_is_refused(use, X):
    message = f"Expected an iterable of documents, such as a list of str. Got {type(X).__name__} instead."
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


TABLE = {"id": [1, 2, 3, 4], "ticket": ["T1", "T2", "T3", "T4"], "Customer message": DOCUMENTS, "answer": DOCUMENTS}


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame])
def test_a_whole_table_is_refused_and_its_text_is_named(use, make):
    X = make(TABLE)
    message = (
        f"Expected a column of documents, got a whole {type(X).__name__}. Pass one column, X['Customer message'], or "
        "name it by a string, not a list, in a ColumnTransformer: ('w2v', PretrainedWord2VecTransformer(), "
        "'Customer message')."
    )
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


@pytest.mark.parametrize("make", [pd.DataFrame, pl.DataFrame, pa.table])
def test_a_whole_table_of_extra_documents_is_refused(make):
    extra_documents = make(TABLE)
    message = (
        f"Expected a column of documents for extra_documents, got a whole {type(extra_documents).__name__}. Pass one "
        "column, extra_documents['Customer message']."
    )
    with pytest.raises(TypeError, match=whole(message)):
        estimator().fit(DOCUMENTS, extra_documents=extra_documents)


def test_a_table_without_text_is_refused_too(use):
    message = (
        "Expected a column of documents, got a whole DataFrame. Pass one column, X['text'], or name it by a string, "
        "not a list, in a ColumnTransformer: ('w2v', PretrainedWord2VecTransformer(), 'text')."
    )
    with pytest.raises(TypeError, match=whole(message)):
        use(pd.DataFrame({"id": [1, 2]}))


@pytest.mark.parametrize("make", [pa.table, pa.RecordBatch.from_pydict])
def test_a_whole_table_of_arrow_is_refused(use, make):
    X = make(TABLE)
    message = f"Expected a column of documents, got a whole {type(X).__name__}. Pass one column, X['Customer message']."
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


def test_a_whole_data_set_of_hugging_face_is_refused(use):
    datasets = pytest.importorskip("datasets")
    table = datasets.Dataset.from_dict({"text": DOCUMENTS})
    unknown_columns = datasets.IterableDataset.from_generator(lambda: iter([{"text": "tea"}]))
    for X in (table, table.to_iterable_dataset(), unknown_columns):
        message = f"Expected a column of documents, got a whole {type(X).__name__}. Pass one column, X['text']."
        with pytest.raises(TypeError, match=whole(message)):
            use(X)
    message = (
        "Expected a column of documents, got a whole DatasetDict. Pass one column of one split, X['train']['text']."
    )
    with pytest.raises(TypeError, match=whole(message)):
        use(datasets.DatasetDict(train=table))


@pytest.mark.parametrize(
    "X",
    [
        np.array("tea"),
        np.array([["tea"], ["cup"]]),
        np.array([["tea", "cup"]], object),
    ],
    ids=lambda X: f"{type(X).__name__}{X.shape}",
)
def test_an_array_that_is_not_one_dimensional_is_refused(use, X):
    message = (
        f"Expected a one-dimensional collection of documents, got {type(X).__name__} of shape {X.shape}. "
        "Pass X.ravel() if each cell is a document, X.tolist() if each row is the tokens of one."
    )
    with pytest.raises(ValueError, match=whole(message)):
        use(X)


@pytest.mark.parametrize(
    "X",
    [
        np.zeros((2, 3, 4)),
        np.empty((0, 3)),
        np.ones((2, 1), int),
        np.ones((2, 2), bool),
        sp.csr_array(np.eye(2)),
        sp.csr_matrix(np.eye(2)),
        sp.coo_matrix(np.eye(2)),
        sp.coo_array(np.ones(2)),
    ],
    ids=lambda X: f"{type(X).__name__}{X.shape}",
)
def test_numbers_are_refused(use, X):
    message = (
        f"Expected documents, got {type(X).__name__} of shape {X.shape}, which holds numbers. Pass the text that they "
        "were made of: put this transformer in the place of the step that made them, or beside it in a FeatureUnion."
    )
    with pytest.raises(ValueError, match=whole(message)):
        use(X)


@pytest.mark.parametrize("number", [0, 1500])
@pytest.mark.parametrize("kind", [list, iter, Streamed])
@pytest.mark.parametrize(
    "document",
    [
        5,
        10**400,
        0.5,
        bytearray(b"tea"),
        {"tea": 1},
        {"a long word" * 10: 1},
        {"tea"},
        np.array("tea"),
        (token for token in ["tea"]),
    ],
    ids=lambda document: type(document).__name__,
)
def test_a_document_that_is_no_document_is_named(use, document, kind, number):
    X = kind([*["tea cup"] * number, document, "tea", None])
    message = f"Document {number} must be a str or a list of str. Got {document!r:.60} instead."
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


@pytest.mark.parametrize("number", [0, 1500])
@pytest.mark.parametrize("kind", [list, iter, Streamed, lambda X: pd.Series(X, dtype=object)])
@pytest.mark.parametrize(
    "document", [None, float("nan"), np.float64("nan"), np.float32("nan"), pd.NA, pd.NaT], ids=lambda value: repr(value)
)
def test_a_missing_document_is_named_with_what_to_do(use, document, kind, number):
    X = kind([*["tea cup"] * number, document, "tea", None])
    message = (
        f"Document {number} must be a str or a list of str. Got {document!r} instead. Replace missing documents by "
        "empty ones, as X.fillna('') does in pandas."
    )
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


@pytest.mark.parametrize(
    "X", [pa.array(["tea", None]), pl.Series(["tea", None]), pd.Series(["tea", None], dtype="string")], ids=type
)
def test_a_missing_value_of_a_column_is_named_with_what_to_do(use, X):
    got = repr(X[1].as_py() if isinstance(X, pa.Array) else X[1])
    message = (
        f"Document 1 must be a str or a list of str. Got {got} instead. Replace missing documents by empty ones, as "
        "X.fillna('') does in pandas."
    )
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


LOST = (
    "Missing documents seem to have become strings, such as {}: {} of them, the first is document {}. Replace missing "
    "documents by empty ones before they become strings, as X.fillna('').astype(str) does in pandas."
)


def test_an_analyzer_may_fill_the_same_list_again():
    tokens = []

    def split(text):
        tokens[:] = text.split()
        return tokens

    fitted = estimator(analyzer=split).fit(["tea cup", "pot of tea", "lid"])
    counts = dict(zip(fitted.vocabulary_, fitted.counts_.tolist(), strict=True))
    assert counts == {"tea": 2, "cup": 1, "pot": 1, "of": 1, "lid": 1}


@pytest.mark.parametrize(
    ("X", "shown", "n_lost", "first"),
    [
        (["tea", "nan"], "'nan'", 1, 1),
        (np.array(["tea", np.nan, "nan"]), "'nan'", 2, 1),
        (pd.Series(["tea", pd.NaT, pd.NA, None, float("nan")], dtype=object).map(str), "'NaT', '<NA>' and 'nan'", 3, 1),
        (pl.Series(["NaN", "tea", "NaN"]), "'NaN'", 2, 0),
        (iter([*["tea cup"] * 2500, "nan"]), "'nan'", 1, 2500),
        (Streamed([*["tea cup"] * 25, "nan"]), "'nan'", 1, 25),
        ([["tea"], "nan", b"tea"], "'nan'", 1, 1),
    ],
    ids=lambda X: type(X).__name__,
)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("params", [{}, {"analyzer": str.split}], ids=str)
def test_missing_documents_that_became_strings_are_told_once(method, X, shown, n_lost, first, params):
    X = iter(["tea cup"] * 2500 + ["nan"]) if iter(X) is X else X
    with pytest.warns(UserWarning, match=whole(LOST.format(shown, n_lost, first))) as record:
        getattr(estimator(epochs=3, **params), method)(X)
    assert len(record) == 1
    assert record[0].filename == __file__


def test_extra_documents_that_became_strings_are_told():
    with pytest.warns(UserWarning, match=whole(LOST.format("'nan'", 2, "1 of extra_documents"))) as record:
        estimator().fit(DOCUMENTS, extra_documents=["tea", "nan", "nan"])
    assert len(record) == 1


@pytest.mark.parametrize("X", [["tea", "None", "Nan", "nan tea", "NAN", "na", ""], [["tea"], ["nan"], ["NaN"]]])
def test_other_short_documents_and_tokens_are_not_taken_for_missing_ones(X):
    estimator().fit(X)
    estimator().fit(DOCUMENTS, extra_documents=X)


@pytest.mark.parametrize("number", [0, 1500])
@pytest.mark.parametrize("kind", [list, tuple, lambda tokens: np.array([*tokens, ""], object)[:-1]])
@pytest.mark.parametrize("token", [None, 5, float("nan"), pd.NA, b"tea", ["tea"], ("tea",), {"tea": 1}], ids=repr)
def test_a_token_that_is_no_string_is_named_with_its_document(use, token, kind, number):
    X = [*["tea cup"] * number, kind(["tea", token, "cup"]), [None]]
    message = f"Document {number} must be a str or a list of str. Got the token {token!r}."
    with pytest.raises(TypeError, match=whole(message)):
        use(X)


@pytest.mark.parametrize("params", [{"vocabulary": ["tea"]}, {"fallback_size": 0}, {"output": "both"}], ids=str)
@pytest.mark.parametrize("method", ["fit", "fit_transform", "transform"])
@pytest.mark.parametrize("token", [5, ["tea"]], ids=repr)
@pytest.mark.parametrize("kind", [list, iter, Streamed])
def test_such_a_token_is_named_whatever_the_parameters_are(params, method, token, kind):
    use = getattr(estimator(**params).fit(DOCUMENTS), method)
    message = f"Document 2 must be a str or a list of str. Got the token {token!r}."
    with pytest.raises(TypeError, match=whole(message)):
        use(kind(["tea", ["cup"], ["tea", token]]))


def test_a_nested_array_is_no_document(use):
    message = "Document 1 must be a str or a list of str. Got the token ['tea', 'cup']."
    with pytest.raises(TypeError, match=whole(message)):
        use(["tea", np.array([["tea", "cup"]])])


@pytest.mark.parametrize("missing", [None, [None]], ids=["document", "token"])
def test_missing_values_of_a_list_column_are_named(use, missing):
    advice = " Replace missing documents by empty ones, as X.fillna('') does in pandas."
    what = "the token None." if missing else f"None instead.{advice}"
    message = f"Document 1 must be a str or a list of str. Got {what}"
    with pytest.raises(TypeError, match=whole(message)):
        use(pl.Series([["tea"], missing, ["cup"]]))


EMPTY = [[], (), iter(()), np.array([]), pd.Series([], dtype=str), pl.Series([], dtype=pl.String), Streamed([])]


@pytest.mark.parametrize("X", EMPTY, ids=lambda X: type(X).__name__)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_no_documents_are_too_few_to_fit(X, method):
    message = (
        "Found array with 0 sample(s) (shape=(0,)) while a minimum of 1 is required by PretrainedWord2VecTransformer. "
        "An iterator that was read before has no more documents: pass a list."
    )
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(), method)(X)


@pytest.mark.parametrize("X", [X for X in EMPTY if iter(X) is not X], ids=lambda X: type(X).__name__)
@pytest.mark.parametrize(("output", "n_features"), [("tuned", 3), ("both", 6)])
def test_no_documents_are_transformed_to_no_rows(X, output, n_features):
    vectors = estimator(output=output).fit(DOCUMENTS).transform(X)
    assert (vectors.shape, vectors.dtype) == ((0, n_features), np.float32)


@pytest.mark.parametrize("use", ["transform", "transform_batches"])
@pytest.mark.parametrize(
    "make", [iter, lambda documents: (document for document in documents), lambda documents: map(str, documents)]
)
def test_an_iterator_that_was_read_before_is_told(make, use):
    fitted = estimator().fit(DOCUMENTS)
    X = make(DOCUMENTS)
    assert len(np.concatenate(list(fitted.transform_batches(X)))) == len(DOCUMENTS)
    message = (
        f"X is an iterator that gave no documents, hence there are no rows. Got {X!r:.60}. One that was read before "
        "has no more documents: pass a list."
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        vectors = list(getattr(fitted, use)(X))
    assert len(vectors) == 0
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize(
    ("output", "method", "sizes"),
    [
        ("tuned", "fit", (3, 2)),
        ("tuned", "fit", (3, 4)),
        ("tuned", "fit", (3, 3, 2)),
        ("tuned", "fit", (3, 0)),
        ("tuned", "fit_transform", (3, 3, 3, 2)),
        ("pretrained", "fit_transform", (3, 2)),
    ],
)
def test_documents_that_grow_or_shrink_between_passes_are_refused(output, method, sizes):
    X = Streamed(*(["tea cup"] * size for size in sizes))
    message = (
        f"There were 3 documents (of up to 10000 tokens) in the first pass and {sizes[-1]} in a later one. Pass X and "
        "extra_documents as iterables that can be read again from the beginning, or as lists."
    )
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(epochs=2, output=output), method)(X)


@pytest.mark.parametrize("error", [KeyError("mine"), TypeError("mine")], ids=repr)
@pytest.mark.parametrize("kind", [iter, Streamed])
@pytest.mark.parametrize("number", [1, 1500])
def test_an_exception_in_the_collection_is_the_callers_own(use, error, kind, number):
    def documents():
        yield from ["tea cup"] * number
        raise error

    with pytest.raises(type(error)) as raised:
        use(kind(documents()))
    assert raised.value is error


@pytest.mark.parametrize(("kind", "n_passes"), [(list, 1), (np.array, 1), (iter, 1), (Streamed, 3)])
def test_documents_are_tokenised_once_unless_they_are_streamed(kind, n_passes):
    seen = []
    estimator(epochs=2, analyzer=lambda text: seen.append(text) or text.split()).fit(kind(["tea cup", "pot of"]))
    assert seen == ["tea cup", "pot of"] * n_passes


def test_transform_reads_no_more_documents_than_it_needs():
    read = []
    X = ([None] if number == 0 else read.append(number) or "tea" for number in range(5000))
    message = "Document 0 must be a str or a list of str. Got the token None."
    with pytest.raises(TypeError, match=whole(message)):
        estimator().fit(DOCUMENTS).transform(X)
    assert len(read) < 1000
