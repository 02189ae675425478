"""Any model that encodes words is a source by ``from_arrays``."""

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer
from spacy.lang.en import English

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

DOCUMENTS = ["a cup of tea", "the teapot and the cup", "no tea"]


def test_the_vectors_of_spacy_are_a_source():
    vocab = English().vocab
    for word, numbers in {"tea": [1, 2], "cup": [3, 4], "Tee": [5, 6]}.items():
        vocab.set_vector(word, np.array(numbers, np.float32))
    # As in a table that was pruned, where words share a row.
    vocab.vectors.add(vocab.strings.add("teas"), row=vocab.vectors.find(key="tea"))
    assert len(vocab.vectors.data) > 4
    words = [vocab.strings[key] for key in vocab.vectors]
    source = PretrainedVectors.from_arrays(words, vocab.vectors.get_batch(words))
    assert set(source.words) == {"tea", "cup", "Tee", "teas"}
    assert source.rows(["cup", "teas", "Tee", "tea"]).tolist() == [[3, 4], [1, 2], [5, 6], [1, 2]]
    fitted = PretrainedWord2VecTransformer(source, output="pretrained").fit(DOCUMENTS)
    assert fitted.transform(["teas", "cup of tea"]).tolist() == [[1, 2], [2, 3]]


def encode(words):
    """As the method of a language model or an API: numbers from a whole word, in double precision."""
    return [[len(word), word.count("e") / 3] for word in words]


def test_a_function_is_a_source_for_the_words_of_documents():
    words = CountVectorizer().fit(DOCUMENTS).get_feature_names_out()
    source = PretrainedVectors.from_arrays(words, encode(words))
    np.testing.assert_array_equal(source.rows(words), np.array(encode(words), np.float32))
    fitted = PretrainedWord2VecTransformer(source, epochs=1, random_state=0).fit(DOCUMENTS)
    assert fitted.coverage_ == {"tokens": 1, "words": 1}
