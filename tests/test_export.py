"""What is handed to other libraries: gensim's objects, files, the rows of an embedding layer."""

import os
import re
import stat

import joblib
import numpy as np
import pytest
from gensim.models import FastText, KeyedVectors, Word2Vec
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer

import sk_w2v._export as export
from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

NAME = "[PretrainedWord2VecTransformer]"


@pytest.fixture(scope="module")
def tokens(documents):
    analyze = CountVectorizer().build_analyzer()
    return [analyze(document) for document in documents]


@pytest.fixture(scope="module")
def fitted(keyed_vectors, tokens):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=1, output="both", lockf=0.5, random_state=3).fit(tokens)


@pytest.fixture(scope="module")
def untuned(keyed_vectors, tokens):
    return PretrainedWord2VecTransformer(keyed_vectors, output="pretrained").fit(tokens)


@pytest.fixture(scope="module")
def scratch(tokens):
    return PretrainedWord2VecTransformer(vector_size=10, epochs=1, random_state=3).fit(tokens)


@pytest.fixture(scope="module")
def small():
    """Three words of the documents, two of them with an untuned vector, and a fallback of two."""
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot", "milk"], [[3, 4], [0, 0], [1, -1], [5, 5]])
    return PretrainedWord2VecTransformer(source, epochs=1, output="both", random_state=0).fit([["tea", "cup", "new"]])


def vector_of(fitted, word):
    return fitted.vectors_[fitted.vocabulary_[word]]


# gensim's KeyedVectors


def test_keyed_vectors_hold_each_word_with_its_vector_and_count(fitted):
    exported = fitted.to_keyed_vectors()
    assert exported.index_to_key == list(fitted.vocabulary_)
    np.testing.assert_array_equal(exported.vectors, fitted.vectors_)
    n_new = len(fitted.vocabulary_) - len(fitted.counts_)
    assert [exported.get_vecattr(w, "count") for w in exported.index_to_key] == [*fitted.counts_, *[0] * n_new]
    assert exported.most_similar("afghanistan", topn=1)[0][0] in fitted.vocabulary_


def test_keyed_vectors_of_untuned_words_are_those_of_the_source(fitted, untuned, keyed_vectors):
    for transformer in (fitted, untuned):
        exported = transformer.to_keyed_vectors("pretrained")
        np.testing.assert_array_equal(exported.vectors, keyed_vectors[exported.index_to_key])
        assert set(exported.index_to_key) == set(keyed_vectors.index_to_key)


def test_the_fallback_can_be_left_out(fitted, scratch):
    assert fitted.to_keyed_vectors(fallback=False).index_to_key == list(fitted.vocabulary_)[: len(fitted.counts_)]
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


def test_only_a_fitted_transformer_of_ours_can_be_gone_on_from():
    with pytest.raises(TypeError, match=r"Expected a fitted PretrainedWord2VecTransformer\. Got TfidfVectorizer"):
        PretrainedVectors.from_transformer(TfidfVectorizer().fit(["a cup of tea"]))


def test_keyed_vectors_are_a_copy(fitted):
    before = fitted.vectors_.copy(), fitted._tables["tuned"][0].copy()
    for fallback in (False, True):
        fitted.to_keyed_vectors(fallback=fallback).vectors[:] = 0
    np.testing.assert_array_equal(fitted.vectors_, before[0])
    np.testing.assert_array_equal(fitted._tables["tuned"][0], before[1])


@pytest.mark.parametrize(
    ("fixture", "which", "message"),
    [
        ("fitted", "both", "The 'which' argument must be 'tuned' or 'pretrained'. Got 'both' instead."),
        ("fitted", ["tuned"], "The 'which' argument must be 'tuned' or 'pretrained'. Got ['tuned'] instead."),
        (
            "untuned",
            "tuned",
            "There are no tuned vectors, since this transformer was fitted with output='pretrained'. Use those of "
            "'pretrained'.",
        ),
        (
            "scratch",
            "pretrained",
            "There are no pretrained vectors, since this transformer was fitted with pretrained=None. Use those of "
            "'tuned'.",
        ),
    ],
)
def test_vectors_that_there_are_not_are_an_error(request, tmp_path, fixture, which, message):
    transformer = request.getfixturevalue(fixture)
    for call in (
        lambda: transformer.to_keyed_vectors(which),
        lambda: transformer.save_word2vec_format(tmp_path / "v.txt", which=which),
        lambda: transformer.embedding_matrix(["the"], which=which),
    ):
        with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
            call()
    assert list(tmp_path.iterdir()) == []


def test_an_unfitted_transformer_exports_nothing(tmp_path):
    w2v = PretrainedWord2VecTransformer()
    message = (
        "This PretrainedWord2VecTransformer instance is not fitted yet. Call 'fit' with appropriate arguments before "
        "using this estimator."
    )
    for call in (
        w2v.to_keyed_vectors,
        w2v.to_word2vec,
        lambda: w2v.save_word2vec_format(tmp_path / "v.txt"),
        lambda: w2v.embedding_matrix(["tea"]),
    ):
        with pytest.raises(NotFittedError, match=f"^{re.escape(message)}$"):
            call()


# gensim's Word2Vec


def train(model, tokens):
    model.train(tokens, total_examples=len(tokens), epochs=2)
    return model.wv.vectors


@pytest.mark.parametrize("lockf", [0, 0.3, "frequency"])
@pytest.mark.parametrize(
    "params",
    [
        {},
        {"sg": 0, "window": 2, "word2vec_params": {"negative": 3, "sample": 0.01, "ns_exponent": 0.5}},
        {"alpha": 0.05, "word2vec_params": {"hs": 1, "negative": 0, "min_alpha": 0.01}},
        {"word2vec_params": {"max_final_vocab": 500}},
    ],
    ids=str,
)
def test_a_model_trains_on_bit_for_bit_like_one_that_gensim_has_counted(tokens, keyed_vectors, lockf, params):
    w2v = PretrainedWord2VecTransformer(keyed_vectors, lockf=lockf, epochs=1, random_state=3, **params).fit(tokens)
    model = w2v.to_word2vec()

    ours = {name: value for name, value in params.items() if name != "word2vec_params"}
    expected = Word2Vec(
        vector_size=50, min_count=1, seed=3, workers=1, **{"sg": 1} | ours, **params.get("word2vec_params", {})
    )
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


def test_untuned_vectors_make_no_model(untuned):
    message = (
        "There are no tuned vectors, since this transformer was fitted with output='pretrained'. Use those of "
        "'pretrained'."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        untuned.to_word2vec()


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
    loaded.save_word2vec_format(tmp_path / "vectors.bin", binary=True)
    np.testing.assert_array_equal(PretrainedVectors.open(tmp_path / "vectors.bin").first(None).rows, fitted.vectors_)


# files


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
def test_a_file_is_read_back_to_the_bit_by_gensim_and_by_us(fitted, tmp_path, binary, fallback):
    path = tmp_path / "vectors.txt"
    fitted.save_word2vec_format(path, binary, fallback=fallback)
    exported = fitted.to_keyed_vectors(fallback=fallback)
    assert_file_holds(str(path), binary, exported.index_to_key, exported.vectors)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("binary", [False, True])
@pytest.mark.parametrize("suffix", [".gz", ".bz2", ".xz"])
def test_a_compressed_file_is_read_back_too(small, tmp_path, suffix, binary):
    path = tmp_path / f"vectors{suffix}"
    small.save_word2vec_format(path, binary)
    exported = small.to_keyed_vectors()
    assert_file_holds(str(path), binary, exported.index_to_key, exported.vectors)
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("suffix", ["", ".gz", ".bz2", ".xz"])
def test_equal_vectors_make_equal_files(small, tmp_path, suffix):
    paths = [tmp_path / f"one{suffix}", tmp_path / f"two{suffix}"]
    for path in paths:
        small.save_word2vec_format(path)
    assert paths[0].read_bytes() == paths[1].read_bytes()


words_of_any_kind = st.text(st.characters(blacklist_characters=" \t\n\v\f\r", codec="utf-8"), min_size=1, max_size=6)
numbers = st.floats(-1e6, 1e6, width=32)


@given(
    words=st.lists(words_of_any_kind | st.from_regex(r"-?\d{1,3}(\.\d)?", fullmatch=True), min_size=1, unique=True),
    vector=st.lists(numbers, min_size=1, max_size=4),
    binary=st.booleans(),
)
@example(words=["0"], vector=[148520.75], binary=True)  # whose four bytes begin as a line of text does: b"0\n"
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_word_that_is_written_and_any_number_is_read_back(tmp_path, words, vector, binary):
    rows = np.array([np.roll(vector, shift) for shift in range(len(words))], np.float32)
    path = str(tmp_path / "vectors")
    export.write_word2vec_format(path, export.WordRows(words, rows), binary)
    assert_file_holds(path, binary, words, rows)


def test_nine_digits_tell_every_float32_also_by_way_of_double_precision():
    draws = np.random.default_rng(0).integers(0, 2**31 - 2**24, 200_000, np.int32).view(np.float32)
    written = np.array([np.float32(float(f"{number:.9g}")) for number in draws.tolist()])
    np.testing.assert_array_equal(written, draws)


def test_untuned_vectors_are_written_too(untuned, keyed_vectors, tmp_path):
    untuned.save_word2vec_format(tmp_path / "v.bin", binary=True, which="pretrained", fallback=False)
    words = list(untuned.vocabulary_)[: len(untuned.counts_)]
    assert_file_holds(str(tmp_path / "v.bin"), True, words, keyed_vectors[words])


@pytest.mark.parametrize("binary", [False, True])
def test_words_that_the_format_cannot_hold_are_named_and_nothing_is_written(tmp_path, binary):
    bad = ["", "a b", "line\nend", "tab\t", "car\r", "\ud800"]
    fitted = PretrainedWord2VecTransformer(vector_size=5, epochs=1).fit([[*bad, "fine"]] * 3)
    named = [word for word in fitted.vocabulary_ if word != "fine"]
    message = (
        "6 of 7 words cannot be in a file of word2vec's format, since they are empty, hold a space, a tab or a line "
        f"end, or are not valid UTF-8: {named}. Leave them out by an analyzer or, if they are of the fallback, with "
        "fallback=False; or store to_keyed_vectors() with its save()."
    )
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        fitted.save_word2vec_format(tmp_path / "v.txt", binary)
    assert list(tmp_path.iterdir()) == []


class HalfwayError(Exception):
    pass


@pytest.mark.parametrize("error", [HalfwayError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("existing", [True, False])
@pytest.mark.parametrize("name", ["vectors.txt", "vectors.txt.gz"])
def test_a_failure_half_way_leaves_the_old_file_whole_and_nothing_beside_it(
    scratch, tmp_path, monkeypatch, error, existing, name
):
    def fail(known):
        yield b"word 1 2 3\n" * 10_000
        raise error

    path = tmp_path / name
    if existing:
        path.write_text("old")
    monkeypatch.setattr(export, "_text_rows", fail)
    with pytest.raises(error):
        scratch.save_word2vec_format(path)
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == ([(name, "old")] if existing else [])


def test_an_old_file_is_replaced_and_its_permissions_and_links_stay(scratch, tmp_path):
    path, link, new = tmp_path / "vectors.txt", tmp_path / "link.txt", tmp_path / "new.txt"
    path.write_text("old")
    path.chmod(0o604)
    link.symlink_to(path)
    scratch.save_word2vec_format(link)
    exported = scratch.to_keyed_vectors()
    assert_file_holds(str(path), False, exported.index_to_key, exported.vectors)
    assert link.is_symlink()
    assert stat.S_IMODE(path.stat().st_mode) == 0o604
    scratch.save_word2vec_format(new)
    (tmp_path / "plain").write_text("")
    assert new.stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_relative_path_is_one_of_the_working_directory(scratch, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    scratch.save_word2vec_format("vectors.txt")
    assert os.listdir() == ["vectors.txt"]


def test_a_path_that_is_no_file_is_an_error(scratch, tmp_path):
    message = f"There is no folder {str(tmp_path / 'no')!r} to save in."
    with pytest.raises(FileNotFoundError, match=f"^{re.escape(message)}$"):
        scratch.save_word2vec_format(tmp_path / "no" / "v.txt")
    for path in (str(tmp_path), "/dev/null"):
        message = f"Cannot save to {path!r}: it is a folder or a device, not a file."
        with pytest.raises(FileExistsError, match=f"^{re.escape(message)}$"):
            scratch.save_word2vec_format(path)
    assert list(tmp_path.iterdir()) == []


# the rows of an embedding layer


def test_a_dict_of_rows_from_1_gives_a_padding_row_and_each_word_its_vector(small):
    matrix, is_filled = small.embedding_matrix({"tea": 1, "milk": 3, "new": 2, "other": 4}, return_filled=True)
    assert matrix.dtype == np.float32
    expected = [[0, 0], vector_of(small, "tea"), vector_of(small, "new"), [5, 5], [0, 0]]
    np.testing.assert_array_equal(matrix, np.array(expected, np.float32))
    assert is_filled.tolist() == [False, True, True, True, False]


def test_untuned_rows_are_taken_where_asked_for(small):
    matrix = small.embedding_matrix(["tea", "new"], which="pretrained")
    np.testing.assert_array_equal(matrix, [[3, 4], [0, 0]])


@pytest.mark.parametrize("kind", [list, tuple, np.array, iter, lambda words: dict.fromkeys(words).keys()])
def test_words_in_the_order_of_their_rows_may_be_any_sequence(small, kind):
    matrix = small.embedding_matrix(kind(["", "[UNK]", "milk", "pot"]))
    np.testing.assert_array_equal(matrix, [[0, 0], [0, 0], [5, 5], [1, -1]])


def test_the_first_word_of_a_plain_vocabulary_is_no_padding(small):
    np.testing.assert_array_equal(small.embedding_matrix({"pot": 0, "milk": 1}, "mean"), [[1, -1], [5, 5]])


def test_the_mean_of_the_filled_rows_stands_in_for_unknown_words(small):
    matrix = small.embedding_matrix(["<pad>", "[UNK]", "milk", "pot", "other"], "mean")
    np.testing.assert_array_equal(matrix, [[0, 0], [3, 2], [5, 5], [1, -1], [3, 2]])


def test_without_a_padding_row_row_0_is_a_word_like_any_other(small):
    """As the vocabulary of Keras's StringLookup without a mask token: "[UNK]" as often as there are buckets."""
    matrix = small.embedding_matrix(["[UNK]", "[UNK]", "milk", "pot", "milk"], "mean", padding_row=None)
    np.testing.assert_allclose(matrix, [[11 / 3, 3]] * 2 + [[5, 5], [1, -1], [5, 5]])


def test_a_padding_row_may_be_elsewhere_also_behind_the_words(small):
    matrix, is_filled = small.embedding_matrix(["x", "pot", "<pad>"], "mean", padding_row=2, return_filled=True)
    np.testing.assert_array_equal(matrix, [[1, -1], [1, -1], [0, 0]])
    matrix, is_filled = small.embedding_matrix(["x", "pot"], "mean", padding_row=3, return_filled=True)
    np.testing.assert_array_equal(matrix, [[1, -1], [1, -1], [0, 0], [0, 0]])
    assert is_filled.tolist() == [False, True, False, False]


@pytest.mark.parametrize("oov", ["zeros", "mean", "random"])
def test_rows_without_a_word_are_zero(small, oov):
    matrix = small.embedding_matrix({"pot": 4, "other": 2}, oov)
    np.testing.assert_array_equal(matrix[[0, 1, 3]], 0)
    assert matrix.shape == (5, 2)


def test_random_rows_have_the_scale_of_the_filled_ones_and_repeat(fitted):
    words = ["", *list(fitted.vocabulary_)[:500], *(f"unknown {number}" for number in range(500))]
    matrix, is_filled = fitted.embedding_matrix(words, "random", return_filled=True)
    assert is_filled.tolist() == [False, *[True] * 500, *[False] * 500]
    known, drawn = matrix[1:501], matrix[501:]
    np.testing.assert_allclose(np.sqrt((drawn**2).mean()), np.sqrt((known**2).mean()), rtol=0.02)
    assert abs(drawn.mean()) < 0.02
    assert len(np.unique(drawn)) > 20_000
    np.testing.assert_array_equal(fitted.embedding_matrix(words, "random"), matrix)
    assert not matrix[0].any()


def test_random_rows_do_not_depend_on_the_order_of_a_dict(small):
    first = small.embedding_matrix({"pot": 1, "x": 2, "y": 3}, "random")
    second = small.embedding_matrix({"y": 3, "x": 2, "pot": 1}, "random")
    np.testing.assert_array_equal(first, second)


def test_a_vector_of_zeros_fills_a_row(small):
    _, is_filled = small.embedding_matrix(["", "cup"], which="pretrained", return_filled=True)
    assert is_filled.tolist() == [False, True]


def test_a_model_with_subwords_fills_the_rows_that_transform_would_use(tokens):
    source = FastText(tokens, vector_size=5, min_count=5, epochs=1, bucket=1000, workers=1).wv
    fitted = PretrainedWord2VecTransformer(source, output="tuned", epochs=1, fallback_size=None).fit(tokens)
    assert "afghanistania" not in fitted.vocabulary_
    matrix, is_filled = fitted.embedding_matrix(["<pad>", "the", "afghanistania"], return_filled=True)
    assert is_filled.tolist() == [False, True, True]
    np.testing.assert_array_equal(matrix[1:], fitted.transform([["the"], ["afghanistania"]]))
    goes_on = PretrainedVectors.from_transformer(fitted)
    np.testing.assert_array_equal(goes_on.rows(["afghanistania"]), matrix[2:])


def test_verbose_prints_the_share_of_filled_rows(keyed_vectors, capsys):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, output="pretrained", verbose=1).fit([["the"]])
    fitted.embedding_matrix(["", "the", "of", "qwertz"], which="pretrained")
    assert capsys.readouterr().out == f"{NAME} 2 of 4 rows filled (50.0%)\n"


def test_few_known_words_are_a_warning_and_none_an_error(small):
    hint = "Check that its language and the case of its words are those of the documents' tokens."
    words = [f"Word{number}" for number in range(10)]
    message = f"None of the 10 words of the word index has a vector. {hint}"
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        small.embedding_matrix(words)
    message = f"Only 1 of the 11 words of the word index have a vector. {hint}"
    with pytest.warns(UserWarning, match=f"^{re.escape(message)}$") as record:
        small.embedding_matrix([*words, "tea"])
    assert record[0].filename == __file__


EXPECTED = "The word index must be a dict of str to int, or a list of str in the order of their rows. Got"


@pytest.mark.parametrize(
    ("word_index", "error", "message"),
    [
        ({}, ValueError, "The word index is empty."),
        ([], ValueError, "The word index is empty."),
        ("tea", TypeError, f"{EXPECTED} 'tea' instead."),
        (b"tea", TypeError, f"{EXPECTED} b'tea' instead."),
        ({"tea"}, TypeError, f"{EXPECTED} {{'tea'}} instead."),
        (None, TypeError, f"{EXPECTED} None instead."),
        (7, TypeError, f"{EXPECTED} 7 instead."),
        ({1: "tea"}, TypeError, f"{EXPECTED} the word 1 instead."),
        (["tea", None], TypeError, f"{EXPECTED} the word None instead."),
        ([b"tea"], TypeError, f"{EXPECTED} the word b'tea' instead."),
        ({"tea": 1.0}, TypeError, f"{EXPECTED} the row 1.0 of 'tea' instead."),
        ({"tea": True}, TypeError, f"{EXPECTED} the row True of 'tea' instead."),
        ({"tea": "1"}, TypeError, f"{EXPECTED} the row '1' of 'tea' instead."),
        (
            {"tea": -1, "cup": 0, "pot": -2},
            ValueError,
            "The rows of a word index must be in the range [0, 2147483648). Got {'tea': -1, 'pot': -2} instead.",
        ),
        (
            {"tea": 2**80},
            ValueError,
            f"The rows of a word index must be in the range [0, 2147483648). Got {{'tea': {2**80}}} instead.",
        ),
        (
            {"tea": 1, "cup": 2, "pot": 1},
            ValueError,
            "Each word of a word index must have a row of its own. Got {'tea': 1, 'pot': 1} instead.",
        ),
        (
            dict.fromkeys("abcdefghijkl", 5),
            ValueError,
            "Each word of a word index must have a row of its own. Got {'a': 5, 'b': 5, 'c': 5, 'd': 5, 'e': 5, "
            "'f': 5, 'g': 5, 'h': 5, 'i': 5, 'j': 5, …} instead.",
        ),
    ],
    ids=lambda value: str(value)[:30] if isinstance(value, str | dict | list) else "",
)
def test_a_bad_word_index_is_an_error_that_says_what_is_wrong(small, word_index, error, message):
    with pytest.raises(error, match=f"^{re.escape(message)}$"):
        small.embedding_matrix(word_index)


def test_rows_may_be_ints_of_numpy(small):
    matrix = small.embedding_matrix(dict(zip(["pot", "milk"], np.arange(2, dtype=np.uint8), strict=True)))
    np.testing.assert_array_equal(matrix, [[1, -1], [5, 5]])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"oov": "ones"}, "The 'oov' argument must be 'zeros', 'mean' or 'random'. Got 'ones' instead."),
        ({"oov": None}, "The 'oov' argument must be 'zeros', 'mean' or 'random'. Got None instead."),
        (
            {"padding_row": -1},
            "The 'padding_row' argument must be None or an int in the range [0, 2147483648). Got -1 instead.",
        ),
        (
            {"padding_row": "<pad>"},
            "The 'padding_row' argument must be None or an int in the range [0, 2147483648). Got '<pad>' instead.",
        ),
    ],
    ids=str,
)
def test_bad_arguments_of_embedding_matrix_are_errors(small, arguments, message):
    with pytest.raises(ValueError, match=f"^{re.escape(message)}$"):
        small.embedding_matrix(["tea"], **arguments)


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
    params = {"sg": sg, "epochs": 2, "random_state": 3, "fallback_size": fallback_size}
    first = PretrainedWord2VecTransformer(keyed_vectors, **params).fit(tokens[:50])
    second = PretrainedWord2VecTransformer(PretrainedVectors.from_transformer(first), **params).fit(tokens[50:])
    new = set(second.vocabulary_) - set(first.vocabulary_)
    old = set(second._row_of) & set(first._row_of)
    assert len(new) > 100
    assert len(old) > 100

    tuned = go_on_by_hand(tokens[:50], keyed_vectors, sg=sg)
    source = KeyedVectors(50)
    unseen = [word for word in keyed_vectors.index_to_key[:fallback_size] if word not in tuned]
    source.add_vectors(tuned.index_to_key, tuned.vectors)
    if unseen:
        source.add_vectors(unseen, keyed_vectors[unseen])
    expected = go_on_by_hand(tokens[50:], source, sg=sg)
    assert list(second._row_of) == expected.index_to_key
    np.testing.assert_array_equal(second.vectors_[: len(expected)], expected.vectors)


def test_going_on_from_scratch_or_untuned_vectors_works_too(tokens, scratch, untuned, keyed_vectors):
    for first in (scratch, untuned):
        source = PretrainedVectors.from_transformer(first)
        np.testing.assert_array_equal(source.rows(list(first.vocabulary_)), first.vectors_)
        second = PretrainedWord2VecTransformer(source, lockf=0, output="both", epochs=1).fit([*tokens[:9], ["qwertz"]])
        words = [word for word in second._row_of if word in source]
        rows = second.to_keyed_vectors()[words]
        np.testing.assert_array_equal(rows, source.rows(words))


@pytest.mark.parametrize("sg", [0, 1])
def test_going_on_from_a_model_that_gensim_trained_on_brings_both_layers(tokens, fitted, sg):
    first = PretrainedWord2VecTransformer(vector_size=50, epochs=1, sg=sg, random_state=3).fit(tokens[:50])
    model = first.to_word2vec()
    train(model, tokens[:50])
    assert model.syn1neg.any()
    second = PretrainedWord2VecTransformer(model, epochs=2, sg=sg, random_state=3).fit(tokens[50:])
    expected = go_on_by_hand(tokens[50:], model.wv, model.syn1neg, sg=sg)
    np.testing.assert_array_equal(second.vectors_[: len(expected)], expected.vectors)
