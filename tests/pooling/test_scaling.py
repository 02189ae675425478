"""scale=True, against plain NumPy: blocks around zero, equally long, rows with a mean squared length of 1."""

import pickle
import tracemalloc

import numpy as np
import pytest
from sklearn.base import clone

from sk_w2v import PretrainedVectors

from helpers import Streamed, estimator

WORDS = ["tea", "cup", "leaf", "pot", "jug"]
SOURCE = PretrainedVectors.from_arrays(WORDS, np.random.default_rng(0).normal(1, 2, (5, 4)))
CORPUS = [["the", "cup", "of", "tea"], ["tea", "of", "leaf", "tea"], ["x"], [], ["pot", "tea"], ["jug"]]
OTHERS = [["tea"], ["unheard"], [], ["jug", "jug", "x"]]
POOLINGS = ["mean", "idf", "sif", "usif", "max", "min", "vlad"]


def transformer(source=SOURCE, **params):
    return estimator(source, **({"pooling_params": {"vlad_k": 2}, "epochs": 5, "output": "both"} | params))


def scaled(seen, rows, n_blocks):
    """What a block becomes: its rows without the mean of those seen, over their root mean square distance to it."""
    known = seen[seen.any(axis=1)].astype(float)
    centre = known.mean(axis=0)
    rows = np.where(rows.any(axis=1, keepdims=True), (rows - centre), 0)
    return rows / np.sqrt(np.square(known - centre).sum(axis=1).mean() * n_blocks)


def blocks(w2v, rows):
    names = np.array([name.rstrip("0123456789") for name in w2v.get_feature_names_out()])
    return [rows[:, names == name] for name in dict.fromkeys(names)]


@pytest.mark.parametrize("pooling", [*POOLINGS, tuple(POOLINGS)], ids=str)
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_each_block_is_centred_and_divided_by_one_number(pooling, output):
    plain = transformer(pooling=pooling, output=output).fit(CORPUS)
    w2v = transformer(pooling=pooling, output=output, scale=True).fit(CORPUS)
    seen = blocks(plain, plain.transform(CORPUS))
    for documents in (CORPUS, OTHERS):
        rows = blocks(plain, plain.transform(documents))
        expected = [scaled(*block, len(seen)) for block in zip(seen, rows, strict=True)]
        found = w2v.transform(documents)
        np.testing.assert_allclose(found, np.hstack(expected), rtol=1e-4, atol=1e-5)
        assert found.dtype == np.float32


@pytest.mark.parametrize("how", [{}, {"output": "tuned"}, {"pooling": ("mean", "idf", "max")}], ids=str)
def test_rows_have_a_mean_squared_length_of_one_and_mean_zero(documents, keyed_vectors, how):
    rows = transformer(keyed_vectors, scale=True, **how).fit_transform(documents)
    assert np.square(rows.astype(float)).sum(axis=1).mean() == pytest.approx(1, rel=1e-4)
    np.testing.assert_allclose(rows.mean(axis=0), 0, atol=1e-5)


def test_a_document_without_known_words_stays_zero():
    w2v = transformer(scale=True).fit([["tea"], ["cup"], []])
    assert not w2v.transform([[], ["unheard"]]).any()


@pytest.mark.parametrize("corpus", [[["tea"]], [["tea", "cup"]] * 3, [["tea"], []]], ids=str)
def test_documents_that_are_all_alike_are_centred_alone(corpus):
    rows = transformer(scale=True).fit(corpus).transform([*corpus, ["pot"]])
    np.testing.assert_allclose(rows[: len(corpus)], 0, atol=1e-5)
    assert np.isfinite(rows).all()


@pytest.mark.parametrize("pooling", ["sif", "usif"])
def test_what_rounding_leaves_of_equal_documents_is_not_scaled(pooling, keyed_vectors):
    documents = ["the of and tea cup", "cup tea of the and", "tea tea cup cup of of and and the the"] * 10
    rows = transformer(keyed_vectors, output="pretrained", pooling=pooling, scale=True).fit_transform(documents)
    np.testing.assert_allclose(rows, 0, atol=1e-5)


def test_a_document_whose_known_words_add_up_to_zeros_is_known():
    source = PretrainedVectors.from_arrays(["up", "down", "other"], [[1.0, 2], [-1, -2], [3, 0]])
    w2v = transformer(source, output="pretrained", scale=True).fit([["up"], ["up", "other"], ["other"]])
    (block,) = w2v._blocks
    expected = -block.scaling.centre * np.float32(block.scaling.factor)
    np.testing.assert_allclose(w2v.transform([["up", "down"], ["unheard"]]), [expected, [0, 0]], rtol=1e-6)


@pytest.mark.parametrize("pooling", POOLINGS)
def test_vectors_of_the_smallest_numbers_give_finite_rows(pooling):
    vectors = np.random.default_rng(0).normal(size=(5, 4)) * 1e-38
    how = {"output": "pretrained", "pooling": pooling, "scale": True}
    rows = transformer(PretrainedVectors.from_arrays(WORDS, vectors), **how).fit_transform(CORPUS)
    assert np.isfinite(rows).all()


def test_documents_that_change_before_they_are_scaled_are_an_error():
    with pytest.raises(ValueError, match=r"^There were 6 documents .* in the first pass and 5 in a later one\."):
        transformer(scale=True).fit(Streamed(*[CORPUS] * 6, CORPUS[:-1]))


def test_the_words_are_not_scaled():
    plain, w2v = (transformer(scale=scale).fit(CORPUS) for scale in (False, True))
    np.testing.assert_array_equal(w2v.vectors_, plain.vectors_)


def test_extra_documents_count_in_the_scale():
    together = transformer(scale=True).fit(CORPUS)
    apart = transformer(scale=True).fit(CORPUS[:2], extra_documents=CORPUS[2:])
    np.testing.assert_array_equal(apart.transform(OTHERS), together.transform(OTHERS))


def test_a_stream_gives_what_a_list_gives(documents):
    fits = (transformer(None, vector_size=9, scale=True).fit(X) for X in (documents, Streamed(documents)))
    np.testing.assert_array_equal(*(w2v.transform(documents) for w2v in fits))


def test_the_scale_is_stored_and_not_cloned():
    w2v = transformer(scale=True).fit(CORPUS)
    np.testing.assert_array_equal(pickle.loads(pickle.dumps(w2v)).transform(OTHERS), w2v.transform(OTHERS))
    assert clone(w2v).scale is True
    assert "_blocks" not in vars(clone(w2v))


def test_the_scale_travels_in_a_skops_file(tmp_path):
    sio = pytest.importorskip("skops.io")
    w2v = transformer(scale=True, pooling=("mean", "vlad")).fit(CORPUS)
    sio.dump(w2v, tmp_path / "w2v.skops")
    trusted = ["sk_w2v.PretrainedVectors", "sk_w2v.PretrainedWord2VecTransformer"]
    loaded = sio.load(
        tmp_path / "w2v.skops", trusted=sorted({*trusted, *sio.get_untrusted_types(file=tmp_path / "w2v.skops")})
    )
    np.testing.assert_array_equal(loaded.transform(OTHERS), w2v.transform(OTHERS))


def test_batches_are_scaled_as_the_whole():
    w2v = transformer(scale=True).fit(CORPUS)
    np.testing.assert_array_equal(np.vstack([*w2v.transform_batches(OTHERS, 1)]), w2v.transform(OTHERS))


def test_the_rows_of_a_stream_are_never_held_together():
    peaks = []
    for n_documents in (45_000, 90_000):  # full batches follow each other in both
        w2v = transformer(None, vector_size=50, scale=True, epochs=1)
        tracemalloc.start()
        w2v.fit(Streamed([["tea", "cup"]] * n_documents))
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.1 * peaks[0]
