"""More text than memory: collections that read a disk, iterators, and vectors in batches."""

import gc
import json
import re
import tracemalloc
from collections.abc import Sequence

import numpy as np
import pytest
from gensim.models.word2vec import LineSentence, PathLineSentences

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

import helpers
from helpers import NAME, must_be, whole


class Lines:
    """Documents that are read from a file in every pass, and counted."""

    def __init__(self, path, times=1):
        self.path = path
        self.times = times
        self.n_passes = 0

    def __iter__(self):
        self.n_passes += 1
        for _ in range(self.times):
            with open(self.path, encoding="utf-8") as file:
                yield from file


class LinesWithLength(Lines):
    """As the datasets of other libraries are: they know their length, and hold nothing."""

    def __len__(self):
        return self.path.read_text(encoding="utf-8").count("\n")


@pytest.fixture(scope="module")
def path(documents, tmp_path_factory):
    """The documents of one line each, tokenised as the estimator does it, so that all readers give the same."""
    path = tmp_path_factory.mktemp("streams") / "documents.txt"
    path.write_text("".join(" ".join(re.findall(r"\b\w\w+\b", text.lower())) + "\n" for text in documents))
    return path


@pytest.fixture(scope="module")
def source(glove):
    return PretrainedVectors.from_arrays(*glove)


@pytest.fixture(scope="module")
def expected(source, path):
    """What a list gives: the estimator and its document vectors."""
    documents = path.read_text().splitlines()
    w2v = estimator(source)
    return w2v, w2v.fit_transform(documents)


def estimator(source, **params):
    return helpers.estimator(source, **{"epochs": 3, **params})


@pytest.mark.parametrize(
    "read",
    [
        LineSentence,
        lambda path: PathLineSentences(str(path.parent)),
        Lines,
        LinesWithLength,
        lambda path: iter(Lines(path)),
        lambda path: (line.split() for line in Lines(path)),
    ],
    ids=["LineSentence", "PathLineSentences", "class", "class with length", "iterator", "generator of tokens"],
)
def test_a_stream_is_fitted_and_transformed_as_a_list_is(source, path, expected, read):
    w2v = estimator(source).fit(read(path))
    assert w2v.vocabulary_ == expected[0].vocabulary_
    np.testing.assert_array_equal(w2v.vectors_, expected[0].vectors_)
    np.testing.assert_array_equal(w2v.transform(read(path)), expected[1])
    np.testing.assert_array_equal(estimator(source).fit_transform(read(path)), expected[1])


@pytest.mark.parametrize("kind", [Lines, LinesWithLength])
@pytest.mark.parametrize(("output", "method", "n_passes"), [("tuned", "fit", 4), ("pretrained", "fit_transform", 2)])
def test_a_stream_is_read_once_to_count_and_once_an_epoch(source, path, kind, output, method, n_passes):
    lines = kind(path)
    getattr(estimator(source, output=output), method)(lines)
    assert lines.n_passes == n_passes


def peak_memory(use, X):
    """What Python and NumPy take at most while X is used, without what is made once a process."""
    use(X)
    gc.collect()
    tracemalloc.start()
    use(X)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak


@pytest.fixture(scope="module")
def short_path(path, tmp_path_factory):
    short = tmp_path_factory.mktemp("streams") / "short.txt"
    short.write_text("".join(path.read_text().splitlines(keepends=True)[:20]))
    return short


def test_a_streamed_fit_takes_no_more_memory_for_more_text(short_path):
    w2v = PretrainedWord2VecTransformer(vector_size=10, epochs=1)
    streamed = peak_memory(w2v.fit, Lines(short_path, 8))  # 25,000 tokens, more than a job of gensim's
    assert peak_memory(w2v.fit, Lines(short_path, 32)) < 1.1 * streamed
    assert peak_memory(w2v.fit, list(Lines(short_path, 32))) > 2 * streamed


def test_documents_that_have_indices_are_not_held_for_that(short_path):
    class Rows(Sequence):
        """As a table on a disk is read, row by row."""

        def __init__(self, times):
            self.texts = list(Lines(short_path))
            self.times = times

        def __len__(self):
            return len(self.texts) * self.times

        def __getitem__(self, row):
            if row >= len(self):
                raise IndexError(row)
            return self.texts[row % len(self.texts)]

    w2v = PretrainedWord2VecTransformer(vector_size=10, epochs=1)
    assert peak_memory(w2v.fit, Rows(32)) < 1.1 * peak_memory(w2v.fit, Rows(8))


def test_transform_in_batches_takes_no_more_memory_for_more_documents(expected, short_path):
    def use(X):
        for _ in expected[0].transform_batches(X, 20):
            pass

    assert peak_memory(use, Lines(short_path, 32)) < 1.1 * peak_memory(use, Lines(short_path, 8))


@pytest.mark.parametrize("batch_size", [1, 30, 99, 100, 101, np.int64(1000)])
def test_batches_are_the_rows_of_transform(path, expected, batch_size):
    batches = list(expected[0].transform_batches(Lines(path), batch_size))
    assert {len(batch) for batch in batches[:-1]} <= {batch_size}
    np.testing.assert_array_equal(np.vstack(batches), expected[1])


def test_batches_read_no_more_documents_than_they_need(path, expected):
    read = []
    batches = expected[0].transform_batches((read.append(line) or line for line in Lines(path)), 10)
    next(batches)
    assert len(read) == 10


def test_no_documents_are_no_batches(expected):
    assert list(expected[0].transform_batches([])) == []


@pytest.mark.parametrize("batch_size", [0, -1, 2.0, True, None, "10"])
def test_a_batch_size_that_is_no_number_of_documents_is_refused_before_anything_is_read(expected, batch_size):
    message = must_be("batch_size", f"{NAME}.transform_batches", "an int in the range [1, inf)", batch_size)
    with pytest.raises(ValueError, match=whole(message)):
        expected[0].transform_batches(["tea"], batch_size)


def test_a_broken_document_of_a_later_batch_is_named_by_its_number_among_all(expected):
    batches = expected[0].transform_batches([["tea"], ["cup"], ["pot"], [7]], 2)
    next(batches)
    with pytest.raises(TypeError, match=r"^Document 3 must be a str or a list of str\. Got the token 7\.$"):
        next(batches)


def test_a_stream_of_records_needs_only_an_iter(source, path, tmp_path):
    """As a reader of JSON lines is written in three lines."""
    records = tmp_path / "documents.jsonl"
    records.write_text("".join(json.dumps({"text": line}) + "\n" for line in Lines(path)))

    class Records:
        def __iter__(self):
            with records.open() as file:
                yield from (json.loads(line)["text"] for line in file)

    np.testing.assert_array_equal(
        estimator(source).fit_transform(Records()), estimator(source).fit_transform(list(Lines(path)))
    )
