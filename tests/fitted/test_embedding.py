"""The rows of an embedding layer: which row gets which vector, and what stands in where there is none."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest
from gensim.models import FastText

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import must_be, whole

NAME = "[PretrainedWord2VecTransformer]"
NUMBER = r"\d\.\d{3}"


def vector_of(fitted, word):
    return fitted.vectors_[fitted.vocabulary_[word]]


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
    capsys.readouterr()
    fitted.embedding_matrix(["", "the", "of", "qwertz"], which="pretrained")
    assert capsys.readouterr().out == f"{NAME} 2 of 4 rows filled (50.0%)\n"


def test_few_known_words_are_a_warning_and_none_an_error(small):
    hint = "Check that its language and the case of its words are those of the documents' tokens."
    words = [f"Word{number}" for number in range(10)]
    message = f"None of the 10 words of the word index has a vector. {hint}"
    with pytest.raises(ValueError, match=whole(message)):
        small.embedding_matrix(words)
    message = f"Only 1 of the 11 words of the word index have a vector. {hint}"
    with pytest.warns(UserWarning, match=whole(message)) as record:
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
    with pytest.raises(error, match=whole(message)):
        small.embedding_matrix(word_index)


def test_rows_may_be_ints_of_numpy(small):
    matrix = small.embedding_matrix(dict(zip(["pot", "milk"], np.arange(2, dtype=np.uint8), strict=True)))
    np.testing.assert_array_equal(matrix, [[1, -1], [5, 5]])


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        *(("oov", value, "'zeros', 'mean' or 'random'") for value in ("ones", None, ["mean"], 0)),
        *(
            ("padding_row", value, "None or an int in the range [0, 2147483647]")
            for value in (-1, "<pad>", 1.0, True, 2**31)
        ),
        *(("which", value, "'tuned' or 'pretrained'") for value in ("both", None, ["tuned"])),
    ],
)
def test_bad_arguments_are_errors(small, name, value, expected):
    with pytest.raises(ValueError, match=whole(must_be(name, "embedding_matrix", expected, value))):
        small.embedding_matrix(["tea"], **{name: value})


def test_a_layer_of_pytorch_gives_a_token_its_vector_and_leaves_padding_out(documents, keyed_vectors):
    torch = pytest.importorskip("torch")
    fitted = PretrainedWord2VecTransformer(keyed_vectors, output="tuned", epochs=1, random_state=0).fit(documents)
    words = ["<pad>", "[UNK]", *list(fitted.vocabulary_)[:100]]
    matrix = fitted.embedding_matrix(words, "mean")
    layer = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(matrix), mode="mean", padding_idx=0)
    document = [words[row] for row in (5, 9, 9, 40)]
    output = layer(torch.tensor([[5, 9, 9, 40, 0, 0]])).numpy()
    np.testing.assert_allclose(output, fitted.transform([document]), rtol=1e-5)


def test_the_example_runs(monkeypatch, capsys):
    pytest.importorskip("torch")
    monkeypatch.syspath_prepend(Path(__file__).parents[2] / "examples")
    importlib.import_module("embedding_layer").main(n_each=30, n_epochs=2)
    scores = f"{NUMBER} {NUMBER}"
    filled = r"\d+% of \d+ rows filled"
    expected = f"random     : {scores}\npretrained : {scores}, {filled}\ntuned      : {scores}, {filled}\n"
    assert re.fullmatch(expected, capsys.readouterr().out)
