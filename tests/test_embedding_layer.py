"""The matrix in a layer of PyTorch, where it is installed."""

import importlib
import re
from pathlib import Path

import numpy as np
import pytest

from sk_w2v import PretrainedWord2VecTransformer

torch = pytest.importorskip("torch")

NUMBER = r"\d\.\d{3}"


def test_a_layer_gives_a_token_its_vector_and_leaves_padding_out(documents, keyed_vectors):
    fitted = PretrainedWord2VecTransformer(keyed_vectors, output="tuned", epochs=1, random_state=0).fit(documents)
    words = ["<pad>", "[UNK]", *list(fitted.vocabulary_)[:100]]
    matrix = fitted.embedding_matrix(words, "mean")
    layer = torch.nn.EmbeddingBag.from_pretrained(torch.from_numpy(matrix), mode="mean", padding_idx=0)
    document = [words[row] for row in (5, 9, 9, 40)]
    output = layer(torch.tensor([[5, 9, 9, 40, 0, 0]])).numpy()
    np.testing.assert_allclose(output, fitted.transform([document]), rtol=1e-5)


def test_the_example_runs(monkeypatch, capsys):
    monkeypatch.syspath_prepend(Path(__file__).parents[1] / "examples")
    importlib.import_module("embedding_layer").main(n_each=30, n_epochs=2)
    scores = f"{NUMBER} {NUMBER}"
    filled = r"\d+% of \d+ rows filled"
    expected = f"random     : {scores}\npretrained : {scores}, {filled}\ntuned      : {scores}, {filled}\n"
    assert re.fullmatch(expected, capsys.readouterr().out)
