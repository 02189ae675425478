"""Training against the same thing done by hand with plain gensim, bit for bit."""

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import GENSIM, estimator, whole

EPOCHS = 2


@pytest.fixture(scope="module", params=[0, 1], ids=["cbow", "sg"])
def source_model(request, tokens):
    """A full model, trained on half of the documents."""
    return Word2Vec(tokens[:40], vector_size=50, sg=request.param, min_count=1, seed=5, workers=1, epochs=2)


def by_hand(tokens, source, *, lockf=1.0, output_layer=None, seed=3, **params):
    """The correct warm start with nothing but gensim: its own vocabulary, rows in place, a lock factor a word."""
    model = Word2Vec(vector_size=50, min_count=1, seed=seed, workers=1, **(GENSIM | params))
    model.build_vocab(tokens)
    model.wv.vectors_lockf = np.ones(len(model.wv), np.float32)
    for row, word in enumerate(model.wv.index_to_key):
        if word in source:
            model.wv.vectors[row] = source[word]
            count = model.wv.get_vecattr(word, "count")
            model.wv.vectors_lockf[row] = count / (count + 5) if lockf == "frequency" else lockf
            if output_layer is not None:
                model.syn1neg[row] = output_layer[source.key_to_index[word]]
    model.train(tokens, total_examples=model.corpus_count, epochs=EPOCHS)
    return model


def tuned(source=None, **params):
    """The transformer with the settings that by_hand has."""
    return PretrainedWord2VecTransformer(source, **(GENSIM | {"epochs": EPOCHS, "random_state": 3} | params))


def assert_same(fitted, model):
    n_words = len(model.wv)
    assert list(fitted.vocabulary_)[:n_words] == model.wv.index_to_key
    np.testing.assert_array_equal(fitted.counts_, [model.wv.get_vecattr(w, "count") for w in model.wv.index_to_key])
    np.testing.assert_array_equal(fitted.vectors_[:n_words], model.wv.vectors)


@pytest.mark.parametrize("sg", [0, 1])
@pytest.mark.parametrize("lockf", [0, 0.1, 1, "frequency"])
def test_a_file_gives_what_gensim_gives_by_hand(documents, tokens, glove_path, keyed_vectors, sg, lockf):
    fitted = tuned(str(glove_path), lockf=lockf, sg=sg)
    assert_same(fitted.fit(documents), by_hand(tokens, keyed_vectors, lockf=lockf, sg=sg))


@pytest.mark.parametrize("sg", [0, 1])
@pytest.mark.parametrize("lockf", [0, 0.1, 1, "frequency"])
def test_a_word2vec_model_brings_its_output_layer_where_sg_matches(tokens, source_model, sg, lockf):
    fitted = tuned(source_model, lockf=lockf, sg=sg).fit(tokens)
    output_layer = source_model.syn1neg if sg == source_model.sg else None
    assert_same(fitted, by_hand(tokens, source_model.wv, lockf=lockf, sg=sg, output_layer=output_layer))


@pytest.mark.parametrize(
    "params",
    [
        {"hs": 1, "negative": 0},
        {"negative": 2},
        {"ns_exponent": 0.5},
        {"batch_words": 100, "shrink_windows": False},
        {"max_final_vocab": 50},
    ],
    ids=str,
)
@pytest.mark.parametrize("settings", [{"window": 3, "alpha": 0.05, "sample": 0}, {"sample": 20.0}], ids=str)
def test_arguments_of_gensim_mean_what_they_mean_in_gensim(tokens, keyed_vectors, settings, params):
    fitted = tuned(keyed_vectors, word2vec_params=params, **settings)
    assert_same(fitted.fit(tokens), by_hand(tokens, keyed_vectors, **settings, **params))


@pytest.mark.parametrize("sg", [0, 1])
def test_without_pretrained_it_is_word2vec_from_scratch(tokens, sg):
    fitted = tuned(vector_size=50, sg=sg).fit(tokens)
    assert_same(fitted, by_hand(tokens, {}, sg=sg))


@pytest.mark.parametrize("sg", [0, 1])
def test_a_full_model_without_negative_sampling_brings_its_vectors(tokens, sg):
    source = Word2Vec(tokens[:40], vector_size=50, hs=1, negative=0, min_count=1, workers=1, epochs=1)
    fitted = tuned(source, sg=sg).fit(tokens)
    assert_same(fitted, by_hand(tokens, source.wv, sg=sg))


def test_lockf_0_leaves_pretrained_rows_as_they_are_and_moves_the_others(documents, keyed_vectors):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, lockf=0, epochs=EPOCHS, random_state=3).fit(documents)
    start = PretrainedWord2VecTransformer(vector_size=50, epochs=1, random_state=3).fit(documents)
    rows = {word: row for row, word in enumerate(fitted.vocabulary_) if row < len(fitted.counts_)}
    known = [word for word in rows if word in keyed_vectors]
    assert 0 < len(known) < len(rows)
    np.testing.assert_array_equal(fitted.vectors_[[rows[word] for word in known]], keyed_vectors[known])
    new = [word for word in rows if word not in keyed_vectors]
    assert (np.abs(fitted.vectors_[[rows[w] for w in new]] - start.vectors_[[rows[w] for w in new]]).max(1) > 0).all()


def test_a_lockf_of_words_locks_those_words_and_ignores_unknown_ones(documents, keyed_vectors):
    fitted = PretrainedWord2VecTransformer(
        keyed_vectors, lockf={"the": 0.0, "said": 0.0, "qwertz": 0.0}, epochs=EPOCHS, random_state=3
    ).fit(documents)
    moved = {word: (fitted.vectors_[fitted.vocabulary_[word]] != keyed_vectors[word]).any() for word in ("the", "of")}
    assert moved == {"the": False, "of": True}


@pytest.mark.parametrize("sg", [0, 1])
def test_a_document_of_any_length_is_trained_to_its_end(keyed_vectors, sg):
    long = ["the", "of"] * 12_345 + ["zebra", "quokka"] * 5
    chunks = [long[start : start + 10_000] for start in range(0, len(long), 10_000)]
    tokens = [["a", "document"], [], long]
    fitted = tuned(keyed_vectors, sg=sg).fit(tokens)
    assert_same(fitted, by_hand([*tokens[:2], *chunks], keyed_vectors, sg=sg))


def test_a_random_state_draws_the_seed(tokens):
    drawn = np.random.RandomState(8).randint(np.iinfo(np.int32).max)
    first, second = (
        PretrainedWord2VecTransformer(vector_size=10, epochs=1, random_state=state).fit(tokens)
        for state in (np.random.RandomState(8), int(drawn))
    )
    np.testing.assert_array_equal(first.vectors_, second.vectors_)


def test_the_callers_vectors_are_never_changed(tokens, glove, source_model):
    words, vectors = glove
    vectors = vectors.copy()
    keyed_vectors = KeyedVectors(50)
    keyed_vectors.add_vectors(words, vectors)
    before = vectors.copy(), keyed_vectors.vectors.copy(), source_model.wv.vectors.copy(), source_model.syn1neg.copy()
    for source in (PretrainedVectors.from_arrays(words, vectors), keyed_vectors, source_model):
        PretrainedWord2VecTransformer(source, epochs=1).fit_transform(tokens)
    after = vectors, keyed_vectors.vectors, source_model.wv.vectors, source_model.syn1neg
    for array_before, array_after in zip(before, after, strict=True):
        np.testing.assert_array_equal(array_before, array_after)


@pytest.mark.parametrize("dtype", [np.float16, np.float64, np.int64])
@pytest.mark.parametrize("arrange", [np.asfortranarray, lambda v: np.repeat(v, 2, axis=1)[:, ::2]], ids=["F", "sliced"])
def test_vectors_of_any_dtype_and_layout_give_what_float32_gives(tokens, glove, dtype, arrange):
    words, vectors = glove
    vectors = (vectors * 8).astype(dtype)
    odd = PretrainedVectors.from_arrays(words, arrange(vectors))
    plain = PretrainedVectors.from_arrays(words, vectors.astype(np.float32))
    odd_fit, plain_fit = (
        PretrainedWord2VecTransformer(source, epochs=1, random_state=3, fallback_size=0).fit(tokens)
        for source in (odd, plain)
    )
    np.testing.assert_array_equal(odd_fit.vectors_, plain_fit.vectors_)


def test_read_only_memory_maps_are_read_not_trained(tokens, glove, tmp_path):
    words, vectors = glove
    np.save(tmp_path / "vectors.npy", vectors)
    mapped = np.load(tmp_path / "vectors.npy", mmap_mode="r")
    mapped_fit, plain_fit = (
        PretrainedWord2VecTransformer(PretrainedVectors.from_arrays(words, v), epochs=1, random_state=3).fit(tokens)
        for v in (mapped, vectors)
    )
    np.testing.assert_array_equal(mapped_fit.vectors_, plain_fit.vectors_)


ALL_HELD = (
    "Every word has a pretrained vector and lockf=0 holds it there, so that 'epochs' changes nothing. Use a larger "
    "lockf, or output='pretrained', which does not train."
)


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "both"])
@pytest.mark.parametrize("lockf", [0, 0.0, {"tea": 0, "cup": 0.0, "pot": 0}], ids=str)
def test_holding_every_word_is_one_warning(method, output, lockf):
    with pytest.warns(UserWarning, match=whole(ALL_HELD)) as record:
        getattr(estimator(lockf=lockf, output=output), method)(["tea cup", "pot"])
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize(
    "params", [{"lockf": 0, "output": "pretrained"}, {"lockf": {"tea": 0}}, {"lockf": "frequency"}], ids=str
)
def test_holding_some_words_or_training_none_is_no_warning(params):
    estimator(**params).fit(["tea cup", "pot"])


def test_lockf_0_with_words_that_can_move_is_no_warning():
    estimator(lockf=0).fit(["tea cup", "teapot"])


@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize(
    ("lockf", "named"),
    [({"Tea": 0.0}, "'Tea'"), ({"Tea": 0, "saucer": 0.5, "teapot": 1}, "'Tea' and 'saucer'"), ({"pot": 0}, "'pot'")],
    ids=str,
)
def test_a_lockf_none_of_whose_words_occurs_with_a_vector_is_one_warning(method, lockf, named):
    message = (
        f"None of the words in lockf, such as {named}, is a word of the documents that has a pretrained vector, so "
        "that lockf changes nothing. Check how they are spelt."
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        getattr(estimator(lockf=lockf), method)(["tea cup", "teapot of tea", "tea"])
    assert len(record) == 1
    assert record[0].filename == __file__


@pytest.mark.parametrize("lockf", [{}, {"tea": 0.5, "nowhere": 0.0}], ids=str)
def test_a_lockf_one_of_whose_words_occurs_serves_all_folds(lockf):
    estimator(lockf=lockf).fit(["tea cup"])


def test_a_lockf_is_not_looked_at_where_nothing_is_trained():
    estimator(lockf={"Tea": 0.0}, output="pretrained").fit(["tea cup"])


def test_hs_needs_two_words():
    message = "Hierarchical softmax (hs=1) needs at least two words, the documents have one. Use hs=0."
    with pytest.raises(ValueError, match=whole(message)):
        estimator(word2vec_params={"hs": 1}).fit(["tea", "tea tea"])
