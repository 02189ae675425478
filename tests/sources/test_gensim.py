"""gensim's own files, its models in memory, and fastText."""

import gzip
import pickle
import re
from contextlib import suppress
from importlib.resources import files

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec
from gensim.models.fasttext import load_facebook_vectors

from sk_w2v import PretrainedVectors

from .vector_files import Loud, problem, zipped

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20
GENSIM_FILES = files("gensim") / "test" / "test_data"


@pytest.mark.parametrize("separately", [[], ["vectors"]], ids=["in one file", "arrays apart"])
def test_gensims_own_vectors_are_read(keyed_vectors, tmp_path, separately):
    keyed_vectors.save(str(tmp_path / "kv"), separately=separately)
    words = keyed_vectors.index_to_key[:50]
    np.testing.assert_array_equal(PretrainedVectors.open(tmp_path / "kv").rows(words), keyed_vectors[words])
    limited = PretrainedVectors.open(tmp_path / "kv", limit=3)
    assert list(limited.words) == words[:3]


@pytest.mark.parametrize("name", ["kv", "vectors[1].kv", "a*.kv"])
def test_arrays_that_gensim_stored_apart_are_part_of_the_fingerprint(keyed_vectors, tmp_path, name):
    path = tmp_path / name
    keyed_vectors.save(str(path), separately=["vectors"])
    handle = pickle.dumps(PretrainedVectors.open(path))
    array = np.load(f"{path}.vectors.npy")
    np.save(f"{path}.vectors.npy", array + 1)
    path.touch()
    with pytest.raises(ValueError, match=r"its content has changed"):
        pickle.loads(handle).rows(["the"])


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (pickle.dumps({"a": 1}), r"it is a pickle, but none that gensim can load \(.*\)"),
        (b"\x80\x04garbage", r"it is a pickle, but none that gensim can load \(.*\)"),
        ((793712314).to_bytes(4, "little") + bytes(50), r"gensim cannot read this fastText model \(.*\)"),
    ],
    ids=["dict", "garbage", "fastText"],
)
def test_a_pickle_that_is_none_of_gensims_is_an_error(tmp_path, content, what):
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(ValueError, match=rf"is not a usable file of word vectors: {what}\.$"):
        PretrainedVectors.open(tmp_path / "file")


def test_facebooks_fasttext_file_is_read_through_gensim():
    path = str(GENSIM_FILES / "lee_fasttext_new.bin")
    expected, source = load_facebook_vectors(path), PretrainedVectors.open(path)
    words = [*expected.index_to_key[:5], "notinthelist"]
    np.testing.assert_array_equal(source.rows(words), [expected.get_vector(word) for word in words])
    assert "notinthelist" in source
    assert "" not in source or expected.bucket == 0


def test_fasttext_text_vectors_are_word2vec_text():
    source = PretrainedVectors.open(str(GENSIM_FILES / "lee_fasttext.vec"))
    expected = KeyedVectors.load_word2vec_format(str(GENSIM_FILES / "lee_fasttext.vec"))
    np.testing.assert_array_equal(source.rows(expected.index_to_key), expected.vectors)


@pytest.mark.parametrize("name", ["glove.txt", "glove.txt.gz", "GoogleNews.vec", "glove.zip"])
def test_a_pickle_with_the_name_of_text_is_not_opened(tmp_path, name, capsys):
    compress = {".gz": gzip.compress, ".zip": lambda content: zipped(content, "glove.txt")}
    path = tmp_path / name
    path.write_bytes(compress.get(path.suffix, bytes)(pickle.dumps(Loud())))
    what = (
        "it is a pickle, which runs code when it is opened, with the name of another kind of file. If gensim has "
        "stored it, and it is your own, rename it: end its name in .kv"
    )
    with pytest.raises(ValueError, match=problem(path, what)):
        PretrainedVectors.open(path)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("end", [110, 125, 160])
def test_a_fasttext_file_that_is_cut_off_is_an_error_and_no_hang(tmp_path, end):
    content = (GENSIM_FILES / "lee_fasttext_new.bin").read_bytes()
    (tmp_path / "cut.bin").write_bytes(content[:end])
    with pytest.raises(ValueError, match=r"gensim cannot read this fastText model \(it ends in word \d+ of \d+\)\.$"):
        PretrainedVectors.open(tmp_path / "cut.bin")


@pytest.mark.parametrize("place", range(8, 92, 4))
def test_a_fasttext_file_with_a_setting_that_cannot_be_is_an_error(tmp_path, place):
    content = bytearray((GENSIM_FILES / "lee_fasttext_new.bin").read_bytes())
    content[place + 3] = 0x7F
    (tmp_path / "damaged.bin").write_bytes(content)
    with suppress(ValueError):  # of some settings any number can be
        PretrainedVectors.open(tmp_path / "damaged.bin")


@pytest.mark.parametrize("sg", [0, 1])
@pytest.mark.parametrize("kind", ["model", "file"])
def test_a_word2vec_brings_its_output_layer_to_the_mode_it_was_trained_in(tmp_path, sg, kind):
    model = Word2Vec(TOKENS, vector_size=8, min_count=1, workers=1, sg=sg)
    source = PretrainedVectors.from_word2vec(model)
    if kind == "file":
        model.save(str(tmp_path / "model"))
        source = PretrainedVectors.open(tmp_path / "model")
    words = ["ran", "the", "nowhere", "cat"]
    answer = source._ask(words, 2, skip_gram=bool(sg))
    places = [model.wv.key_to_index[word] for word in answer.words]
    assert answer.words == ["ran", "the", "cat"]
    np.testing.assert_array_equal(answer.rows, model.wv.vectors[places])
    np.testing.assert_array_equal(answer.output_layer, model.syn1neg[places])
    np.testing.assert_array_equal(answer.first_rows, model.wv.vectors[:2])
    assert source._ask(words, skip_gram=not sg).output_layer is None
    assert source._ask(words).output_layer is None


def test_a_word2vec_without_negative_sampling_brings_no_output_layer():
    model = Word2Vec(TOKENS, vector_size=8, min_count=1, workers=1, hs=1, negative=0)
    assert PretrainedVectors.from_word2vec(model)._ask(["the"], skip_gram=False).output_layer is None


def test_words_that_repeat_in_gensims_vectors_are_left_out(tmp_path):
    (tmp_path / "v").write_text("3 1\na 1\nb 2\na 3\n")
    vectors = KeyedVectors.load_word2vec_format(str(tmp_path / "v"))
    assert list(PretrainedVectors.from_keyed_vectors(vectors).words) == ["a", "b"]


def test_keys_that_are_no_words_are_an_error():
    vectors = KeyedVectors(1)
    vectors.add_vectors([7, 8], np.ones((2, 1), np.float32))
    with pytest.raises(TypeError, match=re.escape("Expected words, each a str. Got 7 instead.")):
        PretrainedVectors.from_keyed_vectors(vectors)
