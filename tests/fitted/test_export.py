"""The fitted words as gensim's objects: what they hold, how they train on, how they are written and read back."""

import warnings

import joblib
import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import GENSIM, whole


def corpus_words(fitted):
    return list(fitted.vocabulary_)[: len(fitted.counts_)]


def vector_of(fitted, word):
    return fitted.vectors_[fitted.vocabulary_[word]]


# gensim's KeyedVectors


def test_keyed_vectors_hold_each_word_with_its_vector_and_count(fitted):
    exported = fitted.to_keyed_vectors()
    assert exported.index_to_key == list(fitted.vocabulary_)
    np.testing.assert_array_equal(exported.vectors, fitted.vectors_)
    n_new = len(fitted.vocabulary_) - len(fitted.counts_)
    assert [exported.get_vecattr(w, "count") for w in exported.index_to_key] == [*fitted.counts_, *[0] * n_new]
    assert [word for word, _ in exported.most_similar("fire")] == [word for word, _ in fitted.most_similar("fire")]


def test_keyed_vectors_of_untuned_words_are_those_of_the_source(fitted, untuned, keyed_vectors):
    for transformer in (fitted, untuned):
        exported = transformer.to_keyed_vectors("pretrained")
        np.testing.assert_array_equal(exported.vectors, keyed_vectors[exported.index_to_key])
        assert set(exported.index_to_key) == set(keyed_vectors.index_to_key)


def test_the_fallback_can_be_left_out(fitted, scratch):
    assert fitted.to_keyed_vectors(fallback=False).index_to_key == corpus_words(fitted)
    assert scratch.to_keyed_vectors().index_to_key == scratch.to_keyed_vectors(fallback=False).index_to_key


def test_words_without_a_vector_are_left_out_and_those_whose_vector_is_zero_are_not(keyed_vectors):
    source = PretrainedVectors.from_arrays(["zero", "unseen"], np.zeros((2, 5)))
    fitted = PretrainedWord2VecTransformer(
        source, vocabulary=["unknown", "unseen", "new", "zero"], fallback_size=0, lockf=0, epochs=1
    ).fit([["zero", "new"]])
    exported = fitted.to_keyed_vectors()
    assert exported.index_to_key == ["unseen", "new", "zero"]
    assert exported.expandos["count"].tolist() == [0, 1, 1]
    assert fitted.to_word2vec().wv.index_to_key == ["new", "zero"]
    assert PretrainedVectors.from_transformer(fitted).words == ("unseen", "new", "zero")


OTHERS = [TfidfVectorizer().fit(["a cup of tea"]), PretrainedWord2VecTransformer(), None, 5]


@pytest.mark.parametrize("other", OTHERS, ids=repr)
def test_only_a_fitted_transformer_of_ours_can_be_gone_on_from(other):
    message = f"Expected a fitted PretrainedWord2VecTransformer. Got {other!r:.100} instead."
    with pytest.raises(TypeError, match=whole(message)):
        PretrainedVectors.from_transformer(other)


def test_keyed_vectors_are_a_copy(fitted):
    before, rows = fitted.transform([["the", "fire"], ["qwertz"]]), fitted.vectors_.copy()
    for fallback in (False, True):
        for which in ("tuned", "pretrained"):
            fitted.to_keyed_vectors(which, fallback=fallback).vectors[:] = 0
    np.testing.assert_array_equal(fitted.vectors_, rows)
    np.testing.assert_array_equal(fitted.transform([["the", "fire"], ["qwertz"]]), before)
    np.testing.assert_array_equal(fitted.to_keyed_vectors().vectors, rows)


# gensim's Word2Vec


def train(model, tokens):
    model.train(tokens, total_examples=len(tokens), epochs=2)
    return model.wv.vectors


@pytest.mark.parametrize("lockf", [0, 0.3, "frequency"])
@pytest.mark.parametrize(
    "params",
    [
        {"sg": 1},
        {"sg": 0, "window": 2, "sample": 0.01, "word2vec_params": {"negative": 3, "ns_exponent": 0.5}},
        {"sg": 1, "alpha": 0.05, "word2vec_params": {"hs": 1, "negative": 0, "min_alpha": 0.01}},
        {"sg": 1, "word2vec_params": {"max_final_vocab": 500}},
    ],
    ids=str,
)
def test_a_model_trains_on_bit_for_bit_like_one_that_gensim_has_counted(tokens, keyed_vectors, lockf, params):
    params = GENSIM | params
    w2v = PretrainedWord2VecTransformer(keyed_vectors, lockf=lockf, epochs=1, random_state=3, **params).fit(tokens)
    model = w2v.to_word2vec()

    ours = {name: value for name, value in params.items() if name != "word2vec_params"}
    expected = Word2Vec(vector_size=50, min_count=1, seed=3, workers=1, **ours, **params.get("word2vec_params", {}))
    expected.build_vocab(tokens)
    expected.wv.vectors_lockf = np.ones(len(expected.wv), np.float32)
    for row, word in enumerate(expected.wv.index_to_key):
        expected.wv.vectors[row] = vector_of(w2v, word)
        count = expected.wv.get_vecattr(word, "count")
        if word in keyed_vectors:
            expected.wv.vectors_lockf[row] = count / (count + 5) if lockf == "frequency" else lockf

    assert model.wv.index_to_key == expected.wv.index_to_key
    for name in ("count", "sample_int"):
        np.testing.assert_array_equal(model.wv.expandos[name], expected.wv.expandos[name])
    np.testing.assert_array_equal(getattr(model, "cum_table", 0), getattr(expected, "cum_table", 0))
    np.testing.assert_array_equal(model.wv.vectors_lockf, expected.wv.vectors_lockf)
    np.testing.assert_array_equal(train(model, tokens), train(expected, tokens))


def test_a_models_arrays_are_those_that_gensim_trains_safely(fitted, tokens):
    model = fitted.to_word2vec()
    for array in (model.wv.vectors, model.wv.vectors_lockf, model.syn1neg):
        assert type(array) is np.ndarray
        assert array.dtype == np.float32
        assert array.flags.c_contiguous
        assert array.flags.writeable
        assert array.flags.owndata
        assert len(array) == len(fitted.counts_)
    assert not model.syn1neg.any()
    assert model.corpus_total_words == sum(map(len, tokens))
    assert (model.epochs, model.workers, model.seed) == (1, 1, 3)


def test_a_model_knows_how_many_documents_it_was_fitted_on(scratch, tokens):
    model = scratch.to_word2vec()
    assert model.corpus_count == len(tokens)
    before = model.wv.vectors.copy()
    model.train(tokens, total_examples=model.corpus_count, epochs=1)
    assert (model.wv.vectors != before).any()


def test_a_model_trains_on_in_gensim_and_leaves_the_transformer_as_it_was(fitted, tokens):
    before = fitted.transform(tokens)
    model = fitted.to_word2vec()
    start = model.wv.vectors.copy()
    assert (train(model, tokens) != start).any(axis=1).mean() > 0.5
    np.testing.assert_array_equal(fitted.transform(tokens), before)


def test_a_model_of_one_word_trains(keyed_vectors):
    model = PretrainedWord2VecTransformer(keyed_vectors, epochs=1).fit([["the"]] * 9).to_word2vec()
    assert model.wv.index_to_key == ["the"]
    assert np.isfinite(train(model, [["the", "the"]] * 9)).all()


@pytest.mark.parametrize("mmap_mode", [None, "r"])
def test_a_stored_transformer_exports_what_the_original_does(fitted, tokens, tmp_path, mmap_mode):
    joblib.dump(fitted, tmp_path / "fitted.joblib")
    loaded = joblib.load(tmp_path / "fitted.joblib", mmap_mode=mmap_mode)
    for fallback in (False, True):
        vectors = loaded.to_keyed_vectors(fallback=fallback).vectors
        assert type(vectors) is np.ndarray
        assert vectors.flags.writeable
        np.testing.assert_array_equal(vectors, fitted.to_keyed_vectors(fallback=fallback).vectors)
    matrices = [w2v.embedding_matrix(["", "the", "qwertz"], "random") for w2v in (fitted, loaded)]
    np.testing.assert_array_equal(*matrices)
    assert type(matrices[1]) is np.ndarray
    assert matrices[1].flags.writeable
    np.testing.assert_array_equal(*(train(w2v.to_word2vec(), tokens) for w2v in (fitted, loaded)))


# files, by gensim's own writer


def assert_file_holds(path, binary, words, vectors):
    """Both readers give the words in their order and each number to the bit."""
    loaded = KeyedVectors.load_word2vec_format(path, binary=binary)
    assert loaded.index_to_key == words
    np.testing.assert_array_equal(loaded.vectors.view(np.int32), vectors.view(np.int32))
    opened = PretrainedVectors.open(path)
    assert opened.words == tuple(words)
    np.testing.assert_array_equal(opened.rows(words).view(np.int32), vectors.view(np.int32))


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("fallback", [False, True])
@pytest.mark.parametrize("which", ["tuned", "pretrained"])
def test_what_gensim_writes_is_read_back_to_the_bit(fitted, tmp_path, which, fallback, binary):
    exported = fitted.to_keyed_vectors(which, fallback=fallback)
    path = str(tmp_path / "vectors")
    exported.save_word2vec_format(path, binary=binary)
    assert_file_holds(path, binary, exported.index_to_key, exported.vectors)


words_of_any_kind = st.text(st.characters(blacklist_characters=" \t\n\v\f\r", codec="utf-8"), min_size=1, max_size=6)
numbers = st.floats(-1e6, 1e6, width=32)


@given(
    words=st.lists(words_of_any_kind | st.from_regex(r"-?\d{1,3}(\.\d)?", fullmatch=True), min_size=1, unique=True),
    vector=st.lists(numbers, min_size=1, max_size=4),
    binary=st.booleans(),
)
@example(words=["0"], vector=[148520.75], binary=True)  # whose four bytes begin as a line of text does: b"0\n"
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_word_and_any_number_that_gensim_writes_is_read_back(tmp_path, words, vector, binary):
    rows = np.array([np.roll(vector, shift) for shift in range(len(words))], np.float32)
    source = PretrainedVectors.from_arrays(words, rows)
    w2v = PretrainedWord2VecTransformer(source, output="pretrained", vocabulary=words)
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "UTF-8 seems to have been read")  # some words look so
        fitted = w2v.fit([words])
    path = str(tmp_path / "vectors")
    fitted.to_keyed_vectors("pretrained").save_word2vec_format(path, binary=binary)
    assert_file_holds(path, binary, words, rows)


# going on


def go_on_by_hand(tokens, source, output_layer=None, **params):
    """A new model on the new words, with the rows copied."""
    model = Word2Vec(vector_size=50, min_count=1, seed=3, workers=1, **params)
    model.build_vocab(tokens)
    for row, word in enumerate(model.wv.index_to_key):
        if word in source:
            model.wv.vectors[row] = source[word]
            if output_layer is not None:
                model.syn1neg[row] = output_layer[source.key_to_index[word]]
    model.wv.vectors_lockf = np.ones(len(model.wv), np.float32)
    model.train(tokens, total_examples=model.corpus_count, epochs=2)
    return model.wv


@pytest.mark.parametrize("fallback_size", [0, 1000, None])
@pytest.mark.parametrize("sg", [0, 1])
def test_going_on_from_tuned_vectors_is_a_new_model_with_the_rows_copied(tokens, keyed_vectors, sg, fallback_size):
    params = GENSIM | {"sg": sg, "epochs": 2, "random_state": 3, "fallback_size": fallback_size}
    first = PretrainedWord2VecTransformer(keyed_vectors, **params).fit(tokens[:50])
    second = PretrainedWord2VecTransformer(PretrainedVectors.from_transformer(first), **params).fit(tokens[50:])
    new = set(second.vocabulary_) - set(first.vocabulary_)
    old = set(corpus_words(second)) & set(corpus_words(first))
    assert len(new) > 100
    assert len(old) > 100

    tuned = go_on_by_hand(tokens[:50], keyed_vectors, sg=sg)
    source = KeyedVectors(50)
    unseen = [word for word in keyed_vectors.index_to_key[:fallback_size] if word not in tuned]
    source.add_vectors(tuned.index_to_key, tuned.vectors)
    if unseen:
        source.add_vectors(unseen, keyed_vectors[unseen])
    expected = go_on_by_hand(tokens[50:], source, sg=sg)
    assert corpus_words(second) == expected.index_to_key
    np.testing.assert_array_equal(second.vectors_[: len(expected)], expected.vectors)


def test_going_on_from_scratch_or_untuned_vectors_works_too(tokens, scratch, untuned, keyed_vectors):
    for first in (scratch, untuned):
        source = PretrainedVectors.from_transformer(first)
        np.testing.assert_array_equal(source.rows(list(first.vocabulary_)), first.vectors_)
        second = PretrainedWord2VecTransformer(source, lockf=0, output="both", epochs=1).fit([*tokens[:9], ["qwertz"]])
        words = [word for word in corpus_words(second) if word in source]
        rows = second.to_keyed_vectors()[words]
        np.testing.assert_array_equal(rows, source.rows(words))


@pytest.mark.parametrize("sg", [0, 1])
def test_going_on_from_a_model_that_gensim_trained_on_brings_both_layers(tokens, fitted, sg):
    first = PretrainedWord2VecTransformer(vector_size=50, epochs=1, sg=sg, random_state=3).fit(tokens[:50])
    model = first.to_word2vec()
    train(model, tokens[:50])
    assert model.syn1neg.any()
    second = PretrainedWord2VecTransformer(model, epochs=2, sg=sg, random_state=3, **GENSIM).fit(tokens[50:])
    expected = go_on_by_hand(tokens[50:], model.wv, model.syn1neg, sg=sg)
    np.testing.assert_array_equal(second.vectors_[: len(expected)], expected.vectors)
