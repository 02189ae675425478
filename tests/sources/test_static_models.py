"""Static models, against model2vec's own encoding of a word."""

import gzip
import json
import pickle
import random
import shutil
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model2vec.quantization import DType, quantize_embeddings
from tokenizers import Tokenizer

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from .static_folders import (
    KINDS,
    PIECES,
    TABLE,
    WORDS,
    model_of,
    safetensors_bytes,
    save_model2vec,
    save_sentence_transformers,
    trained,
    wordpiece,
)
from .vector_files import Loud, problem, zipped
from helpers import whole

SOME_WORDS = ["tea", "teapots", "teacup", "naive", "日本", "the", "cups", "Tea"]
MAPPING = np.arange(len(PIECES)) % 5
WEIGHTS = np.linspace(0.1, 2, len(PIECES))


@pytest.fixture
def folder(tmp_path):
    """A model as model2vec writes it."""
    save_model2vec(tmp_path / "model")
    return tmp_path / "model"


def check_encoding(folder, model, words=SOME_WORDS, rtol=1e-6):
    source = PretrainedVectors.open(folder)
    known = [word for word in words if word in source]
    assert known == [word for word in words if len(model.tokenize([word])[0])]
    np.testing.assert_allclose(source.rows(known), model.encode(known, normalize=False), rtol, 1e-6)
    return source


@pytest.mark.parametrize("kind", KINDS)
def test_a_word_has_the_vector_that_the_model_gives_it_before_it_is_made_as_long_as_all(tmp_path, kind):
    source = check_encoding(tmp_path, save_model2vec(tmp_path, kind=kind, normalize=True))
    assert "tea" in source.words
    assert source.vector_size == 4


@pytest.mark.parametrize(
    "tensors", [{"weights": WEIGHTS}, {"mapping": MAPPING}, {"weights": WEIGHTS, "mapping": MAPPING}]
)
def test_pieces_are_weighed_and_mapped_as_the_model_does(tmp_path, tensors):
    given = {"token_mapping" if name == "mapping" else name: tensor for name, tensor in tensors.items()}
    table = TABLE[:5] if "mapping" in tensors else TABLE
    check_encoding(tmp_path, save_model2vec(tmp_path, table=table, **given))


@pytest.mark.parametrize(("dtype", "rtol"), [(np.float16, 2e-3), (np.float64, 1e-6)])
def test_a_table_may_have_another_precision(tmp_path, dtype, rtol):
    check_encoding(tmp_path, save_model2vec(tmp_path, dtype=dtype), rtol=rtol)


def test_a_table_of_int8_is_the_one_that_was_quantised_but_for_its_largest_number(tmp_path):
    save_model2vec(tmp_path, table=quantize_embeddings(TABLE, DType.Int8), dtype=np.int8)
    rows = PretrainedVectors.open(tmp_path).rows(["teapots"])[0]
    np.testing.assert_allclose(rows, TABLE[[2, 4, 5]].mean(axis=0) / np.abs(TABLE).max(), atol=1 / 127)


def test_a_table_of_bfloat16_is_read(folder):
    upper_half = (TABLE.view(np.uint32) >> 16).astype("<u2")
    entry = {"dtype": "BF16", "shape": TABLE.shape, "data_offsets": [0, upper_half.nbytes]}
    (folder / "model.safetensors").write_bytes(safetensors_bytes({"embeddings": entry}, upper_half.tobytes()))
    np.testing.assert_allclose(PretrainedVectors.open(folder).rows(["tea"])[0], TABLE[2], rtol=1e-2)


@pytest.mark.parametrize("inside", ["0_StaticEmbedding", "."])
@pytest.mark.parametrize("others", [[], ["Normalize"]])
def test_a_folder_of_sentence_transformers_is_read(tmp_path, inside, others):
    save_sentence_transformers(tmp_path / "st", *others, inside=inside)
    check_encoding(tmp_path / "st", model_of())


def test_a_table_of_sentence_transformers_may_have_spare_rows(tmp_path):
    save_sentence_transformers(tmp_path / "st", table=np.vstack([TABLE, np.zeros((5, 4), np.float32)]))
    check_encoding(tmp_path / "st", model_of())


def test_the_table_of_a_model_may_be_named_itself(folder):
    assert PretrainedVectors.open(folder / "model.safetensors").words == tuple(WORDS)


def test_the_words_are_the_pieces_that_are_words_in_their_order(folder):
    assert PretrainedVectors.open(folder).words == tuple(WORDS)
    assert PretrainedVectors.open(folder, limit=2).words == ("tea", "cup")


def test_a_word_of_which_no_piece_is_known_has_no_vector(folder):
    source = PretrainedVectors.open(folder)
    assert [word in source for word in ("teas", "xyz", "", "日", "é", "[UNK]")] == [
        True,
        False,
        False,
        True,
        False,
        False,
    ]
    with pytest.raises(KeyError, match=r"1 of 2 words have no pretrained vector: .*'xyz'"):
        source.rows(["teas", "xyz"])


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(words=st.lists(st.one_of(st.text(), st.text("teacup sn日é'"))))
@pytest.mark.parametrize("kind", KINDS)
def test_many_words_at_once_have_the_vectors_that_each_alone_has(tmp_path_factory, kind, words):
    source = opened_kinds(tmp_path_factory)[kind]
    subwords = source._ask([]).subwords
    has_vector, rows = subwords.vectors(words)
    alone = [subwords.vectors([word]) for word in words]
    assert has_vector.tolist() == [bool(has[0]) for has, _ in alone] == [subwords.has(word) for word in words]
    np.testing.assert_array_equal(rows, np.concatenate([np.empty((0, 4), np.float32), *[row for _, row in alone]]))
    model = model_of(kind)
    found = [word for word, has in zip(words, has_vector, strict=True) if has]
    if found:
        np.testing.assert_allclose(rows, model.encode(found, max_length=None), 1e-5, 1e-6)


_opened = {}


def opened_kinds(tmp_path_factory):
    if not _opened:
        for kind in KINDS:
            folder = tmp_path_factory.mktemp(kind)
            save_model2vec(folder, kind=kind)
            _opened[kind] = PretrainedVectors.open(folder)
    return _opened


@pytest.mark.parametrize("kind", ["unigram", "bpe"])
def test_words_of_characters_that_a_tokenizer_has_no_piece_for_have_no_vector(tmp_path, kind):
    model = save_model2vec(tmp_path, kind=kind)
    expected = PretrainedVectors.open(tmp_path).rows(["tea", "pots"])
    stored = json.loads(model.tokenizer.to_str())
    stored["model"]["unk_id" if kind == "unigram" else "unk_token"] = None if kind == "unigram" else "<gone>"
    (tmp_path / "tokenizer.json").write_text(json.dumps(stored))
    source = PretrainedVectors.open(tmp_path)
    with pytest.raises(Exception, match=r"`unk_id` is missing|<gone>"):
        Tokenizer.from_file(str(tmp_path / "tokenizer.json")).encode("Ж")
    assert ["Ж" in source, "teaЖ" in source, "tea" in source] == [False, False, True]
    answer = source._ask(["Ж", "tea", "teaЖ", "pots"])
    assert answer.words == ["tea", "pots"]
    np.testing.assert_array_equal(answer.rows, expected)


def test_lone_surrogates_are_no_reason_to_fail(folder):
    assert "\ud800" not in PretrainedVectors.open(folder)
    assert "tea\ud800" in PretrainedVectors.open(folder)


def test_a_handle_is_pickled_as_its_path_and_notices_another_model(folder):
    source = PretrainedVectors.open(folder)
    stored = pickle.dumps(source)
    assert len(stored) < 1000
    np.testing.assert_array_equal(pickle.loads(stored).rows(["cups"]), source.rows(["cups"]))
    save_model2vec(folder, table=TABLE + 1)
    with pytest.raises(ValueError, match="is not the one that was opened: its content has changed"):
        pickle.loads(stored).rows(["cups"])


def test_a_fitted_transformer_needs_its_model_no_more(folder):
    fitted = PretrainedWord2VecTransformer(str(folder), output="pretrained").fit([["tea", "teapots"]])
    expected = fitted.transform([["cups"], ["the"], ["xyz"]])
    np.testing.assert_allclose(expected[0], (TABLE[3] + TABLE[5]) / 2, rtol=1e-6)
    loaded = pickle.loads(pickle.dumps(fitted))
    shutil.rmtree(folder)
    PretrainedVectors.clear_cache()
    np.testing.assert_array_equal(loaded.transform([["cups"], ["the"], ["xyz"]]), expected)
    assert not expected[2].any()
    assert fitted.coverage_ == {"tokens": 1, "words": 1}


@pytest.mark.parametrize(
    ("fallback_size", "has_pieces"), [(0, False), (len(PIECES) - 1, False), (len(PIECES), True), (None, True)]
)
def test_unseen_words_have_pieces_where_the_fallback_has_room_for_the_table(folder, fallback_size, has_pieces):
    w2v = PretrainedWord2VecTransformer(str(folder), output="pretrained", fallback_size=fallback_size)
    assert w2v.fit([["teapots"]]).transform([["cups"]]).any() == has_pieces


def test_a_second_transformer_goes_on_from_one_with_pieces(folder):
    fitted = PretrainedWord2VecTransformer(str(folder), epochs=1).fit([["tea", "teapots"] * 50])
    source = pickle.loads(pickle.dumps(PretrainedVectors.from_transformer(fitted)))
    np.testing.assert_allclose(source.rows(["cups"])[0], (TABLE[3] + TABLE[5]) / 2, rtol=1e-6)


def test_batches_remember_the_words_of_those_before(folder, monkeypatch):
    monkeypatch.setattr("sk_w2v.pooling._batches.WORDS_REMEMBERED", 1)
    fitted = PretrainedWord2VecTransformer(str(folder), output="pretrained").fit([["tea"]])
    documents = [["cups", "teas"], ["teacup"], ["cups"], ["xyz", "teas"]]
    expected = np.concatenate([fitted.transform([document]) for document in documents])
    np.testing.assert_array_equal(np.concatenate(list(fitted.transform_batches(documents, 1))), expected)


def test_a_folder_of_something_else_is_an_error(tmp_path):
    (tmp_path / "pytorch_model.bin").write_bytes(pickle.dumps(SystemExit))
    (tmp_path / "config.json").write_text("{}")
    message = (
        f"{str(tmp_path)!r} is a folder. It has config.json, pytorch_model.bin; a static model has model.safetensors "
        "beside tokenizer.json."
    )
    with pytest.raises(IsADirectoryError, match=whole(message)):
        PretrainedVectors.open(tmp_path)


@pytest.mark.parametrize("compress", [bytes, gzip.compress, zipped])
@pytest.mark.parametrize("name", ["model.safetensors", "pytorch_model.bin", "model.pkl"])
def test_no_pickle_is_opened_in_the_folder_of_a_model(folder, capsys, name, compress):
    (folder / name).write_bytes(compress(pickle.dumps(Loud())))
    what = (
        "it is a pickle, which runs code when it is opened, in the place of a language model. If gensim has stored "
        "it, and it is your own, move it to another folder"
    )
    with pytest.raises(ValueError, match=problem(folder / name, what)):
        PretrainedVectors.open(folder / name)
    if name == "model.safetensors":
        with pytest.raises(ValueError, match=r"model\.safetensors"):
            PretrainedVectors.open(folder)
    else:
        assert PretrainedVectors.open(folder).words == tuple(WORDS)
    assert capsys.readouterr().out == ""


def test_a_pickle_that_pretends_to_be_safetensors_is_not_opened(path, capsys):
    path = path.with_name("vectors.safetensors")
    path.write_bytes(pickle.dumps(Loud()))
    with pytest.raises(ValueError, match=r": it is a pickle, which runs code when it is opened, with the name of "):
        PretrainedVectors.open(path)
    assert capsys.readouterr().out == ""


def test_a_model_that_is_more_than_a_table_is_an_error(tmp_path):
    save_sentence_transformers(tmp_path / "st", "Dense")
    what = (
        "it is no static model, since its modules.json names Dense. Give words and the vectors that such a model has "
        "for them to PretrainedVectors.from_arrays"
    )
    with pytest.raises(ValueError, match=problem(tmp_path / "st", what)):
        PretrainedVectors.open(tmp_path / "st")


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (
            "{",
            "its modules.json is not JSON (Expecting property name enclosed in double quotes: line 1",
        ),
        ("[5]", "it is no static model, since its modules.json names [5]."),
        ("{}x", "its modules.json is not JSON (Extra data: line 1 column 3 (char 2))"),
    ],
)
def test_a_list_of_modules_that_is_none_is_an_error(folder, content, what):
    (folder / "modules.json").write_text(content)
    with pytest.raises(ValueError, match=r"modules\.json") as caught:
        PretrainedVectors.open(folder)
    assert what in str(caught.value)


def test_another_tensor_is_an_error_that_names_it(folder):
    from safetensors.numpy import save_file

    save_file({"encoder.layer.0": TABLE, "b": TABLE}, folder / "model.safetensors")
    what = (
        "its model.safetensors has no tensor 'embeddings' or 'embedding.weight', the table of a static model, but "
        "['b', 'encoder.layer.0']"
    )
    with pytest.raises(ValueError, match=problem(folder, what)):
        PretrainedVectors.open(folder)


@pytest.mark.parametrize("table", [TABLE.ravel(), TABLE[:, :0], TABLE.astype(np.int64)])
def test_a_table_that_is_none_is_an_error(folder, table):
    from safetensors.numpy import save_file

    save_file({"embeddings": np.ascontiguousarray(table)}, folder / "model.safetensors")
    what = f"its tensor 'embeddings' is no table of vectors: shape {table.shape}, dtype {table.dtype}"
    with pytest.raises(ValueError, match=problem(folder, what)):
        PretrainedVectors.open(folder)


@pytest.mark.parametrize(
    ("tensors", "what"),
    [
        ({"embeddings": TABLE[:-1]}, "its tokenizer.json has 11 pieces, but its table 10"),
        ({"embeddings": np.vstack([TABLE, TABLE])}, "its tokenizer.json has 11 pieces, but its table 22"),
        ({"embedding.weight": TABLE[:-1]}, "its tokenizer.json has 11 pieces, but its table 10"),
        ({"embeddings": TABLE, "mapping": MAPPING[1:]}, "its tokenizer.json has 11 pieces, but its mapping 10"),
        ({"embeddings": TABLE, "weights": WEIGHTS[1:]}, "its tokenizer.json has 11 pieces, but its weights 10"),
        (
            {"embeddings": TABLE[:4], "mapping": MAPPING},
            "its mapping names rows that its table of 4 rows does not have",
        ),
        (
            {"embeddings": TABLE, "mapping": MAPPING - 1},
            "its mapping names rows that its table of 11 rows does not have",
        ),
        ({"embeddings": TABLE, "mapping": WEIGHTS}, "its mapping have shape (11,) and dtype float64"),
        ({"embeddings": TABLE, "weights": TABLE}, "its weights have shape (11, 4) and dtype float32"),
    ],
)
def test_a_tokenizer_that_does_not_fit_the_tensors_is_an_error(folder, tensors, what):
    from safetensors.numpy import save_file

    save_file(tensors, folder / "model.safetensors")
    with pytest.raises(ValueError, match=problem(folder, what)):
        PretrainedVectors.open(folder)


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff{}", b'{"model": 5}', b"[" * 100_000])
def test_a_tokenizer_that_is_none_is_an_error(folder, content):
    (folder / "tokenizer.json").write_bytes(content)
    what = r"its tokenizer\.json is (none that the package tokenizers can read|not UTF-8) \(.*\)\.$"
    with pytest.raises(ValueError, match=what):
        PretrainedVectors.open(folder)


def test_a_tokenizer_on_which_its_library_panics_is_an_error(tmp_path):
    model = save_model2vec(tmp_path, kind="bpe")
    stored = json.loads(model.tokenizer.to_str())
    stored["model"]["continuing_subword_prefix"] = "xxxxxxxxx"  # longer than a piece
    (tmp_path / "tokenizer.json").write_text(json.dumps(stored))
    with pytest.raises(ValueError, match=r"its tokenizer\.json is none that the package tokenizers can read \(.*\)\.$"):
        PretrainedVectors.open(tmp_path)


def test_a_tokenizer_without_a_word_is_an_error(folder):
    stored = json.loads(wordpiece().to_str())
    stored["model"]["vocab"] = {piece: id_ for id_, piece in enumerate(["[PAD]", "[UNK]", "##s"])}
    stored["added_tokens"] = stored["added_tokens"][:2]
    (folder / "tokenizer.json").write_text(json.dumps(stored))
    from safetensors.numpy import save_file

    save_file({"embeddings": TABLE[:3]}, folder / "model.safetensors")
    with pytest.raises(ValueError, match=problem(folder, "no piece of its tokenizer.json is a word")):
        PretrainedVectors.open(folder)


def test_a_number_that_gensim_could_not_train_hurts_only_who_asks_for_it(folder):
    from safetensors.numpy import save_file

    table = TABLE.copy()
    table[4] = np.nan
    save_file({"embeddings": table}, folder / "model.safetensors")
    source = PretrainedVectors.open(folder)
    assert source.rows(["cups"]).shape == (1, 4)
    with pytest.raises(ValueError, match=whole("the vector of 'teapot' has NaN, infinity or a number beyond ±1e+06")):
        source.rows(["cups", "teapot"])


def test_without_tokenizers_the_message_says_what_to_install(folder, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "tokenizers", None)
    message = 'A static model needs tokenizers. Install it with: pip install "sk-w2v[static]"'
    with pytest.raises(ImportError, match=whole(message)):
        PretrainedVectors.open(folder)


def test_truncation_and_padding_of_the_tokenizer_do_not_matter(folder):
    tokenizer = trained("wordpiece")
    assert tokenizer.truncation is not None
    tokenizer.save(str(folder / "tokenizer.json"))
    np.testing.assert_allclose(PretrainedVectors.open(folder).rows(["teapots"])[0], TABLE[[2, 4, 5]].mean(axis=0), 1e-6)


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json", "modules.json"])
def test_every_file_of_a_model_cut_in_the_middle_is_an_error(folder, name):
    content = (folder / name).read_bytes()
    for end in range(0, len(content), 7):
        (folder / name).write_bytes(content[:end])
        with pytest.raises(ValueError, match=r"is not a usable file of word vectors: .*\.(safetensors|json) "):
            PretrainedVectors.open(folder)


@pytest.mark.parametrize(
    ("kind", "name"),
    [("wordpiece", "model.safetensors"), ("wordpiece", "modules.json"), *((kind, "tokenizer.json") for kind in KINDS)],
)
def test_a_mutated_model_is_a_table_or_an_error(tmp_path, kind, name):
    save_model2vec(tmp_path, kind=kind)
    folder, draw, content = tmp_path, random.Random(0), (tmp_path / name).read_bytes()
    for _ in range(300):
        mutated = bytearray(content)
        for _ in range(draw.randint(1, 3)):
            mutated[draw.randrange(len(content))] = draw.choice(b'0123456789{}[]",:F\0\xff')
        (folder / name).write_bytes(mutated)
        with suppress(ValueError):
            source = PretrainedVectors.open(folder)
            assert source._ask(SOME_WORDS).rows.shape[1] == source.vector_size > 0
