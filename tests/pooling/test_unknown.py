"""transform tells when far fewer tokens are known than in fit."""

import joblib
import numpy as np
import pytest
from gensim.models import FastText

from sk_w2v import PretrainedVectors

from helpers import DOCUMENTS, estimator, whole

LOWER = [["tea", "cup", "of", "the", "pot", "."]] * 40
TITLE = [[token.capitalize() for token in document] for document in LOWER]


def told(known, expected, tokens):
    return (
        f"Only {known:.1%} of the word tokens have a vector, where {expected:.1%} would have one if the documents were "
        f"like those given to fit. Tokens without one: {tokens}. Check that they are split and spelt like those given "
        "to fit."
    )


def transform(fitted, X):
    return fitted.transform(X)


def transform_batches(fitted, X):
    return list(fitted.transform_batches(X, 7))


USES = pytest.mark.parametrize("use", [transform, transform_batches], ids=lambda use: use.__name__)


@USES
@pytest.mark.parametrize("pretrained", [None, PretrainedVectors.from_arrays(["tea", "saucer", "Spoon"], np.eye(3))])
@pytest.mark.parametrize("kind", [list, iter])
def test_tokens_of_another_spelling_are_one_warning_that_names_them(use, pretrained, kind):
    fitted = estimator(pretrained).fit(LOWER)
    with pytest.warns(UserWarning, match=whole(told(0, 1, "'Tea', 'Cup' and 'Of'"))) as record:
        use(fitted, kind(TITLE))
    assert len(record) == 1
    assert record[0].filename == __file__


@USES
def test_half_as_many_known_tokens_are_told_and_more_are_not(use):
    fitted = estimator().fit(LOWER)
    with pytest.warns(UserWarning, match=whole(told(0.5, 1, "'coffee'"))):
        use(fitted, [["tea", "coffee"]] * 50)
    use(fitted, [*[["tea", "coffee"]] * 50, ["tea"]])


def test_the_share_in_fit_is_what_is_compared_with():
    fitted = estimator(min_count=2).fit([["tea"] * 30, [f"word{number}" for number in range(70)]])
    with pytest.warns(UserWarning, match=whole(told(0.15, 0.3, "'coffee'"))):
        fitted.transform([["tea"] * 15 + ["coffee"] * 85])
    fitted.transform([["tea"] * 16 + ["coffee"] * 84])


def test_punctuation_does_not_count():
    fitted = estimator().fit(LOWER)
    with pytest.warns(UserWarning, match=whole(told(0, 1, "'Tea'"))):
        fitted.transform([["Tea", "."]] * 150)


def test_words_of_the_fallback_are_known():
    source = PretrainedVectors.from_arrays(["tea", *(f"word{number}" for number in range(200))], np.eye(201))
    others = [[f"word{number}" for number in range(200)]]
    estimator(source).fit([["tea"]]).transform(others)
    with pytest.warns(UserWarning, match=whole(told(0, 1, "'word0', 'word1' and 'word2'"))):
        estimator(source, fallback_size=0).fit([["tea", "tea"]]).transform(others)


def test_words_that_n_grams_give_a_vector_are_known():
    model = FastText([["tea", "cup"]] * 5, vector_size=4, min_count=1, min_n=1, max_n=2, bucket=50, workers=1)
    source = PretrainedVectors.from_keyed_vectors(model.wv)
    estimator(source, fallback_size=None).fit([["tea"]]).transform([[f"tea{number}" for number in range(200)]])


@USES
def test_few_tokens_are_no_warning(use):
    fitted = estimator().fit(DOCUMENTS)
    use(fitted, [["coffee"] * 33] * 3)
    use(fitted, [])
    use(fitted, [[]] * 1000)


@pytest.mark.parametrize("min_count", [1, 2])
def test_documents_given_to_fit_are_no_warning(min_count):
    documents = [["tea"] * 3, *([f"word{number}"] for number in range(1000))]
    fitted = estimator(None, vector_size=2, min_count=min_count)
    fitted.fit_transform(documents)
    fitted.transform(documents)
    fitted.transform(documents[1:])


def test_new_words_are_expected_where_many_words_of_a_few_documents_occur_once():
    """As many tokens of other documents are of new words: Good's estimate."""
    frequent, rare = ["the", "tea"] * 20, [f"word{number}" for number in range(60)]
    fitted = estimator(None, vector_size=4).fit([frequent, rare])
    assert fitted._known_share == 40 / 100
    fitted.transform([["the"] * 21 + [f"new{number}" for number in range(79)]])
    with pytest.warns(UserWarning, match=whole(told(0.2, 0.4, "'new0', 'new1' and 'new2'"))):
        fitted.transform([["the"] * 20 + [f"new{number}" for number in range(80)]])


@pytest.mark.parametrize(("fallback_size", "share"), [(1, 3 / 4), (3, 1)])
def test_a_word_that_occurs_once_counts_where_the_fallback_has_it(fallback_size, share):
    assert estimator(fallback_size=fallback_size).fit([["tea", "cup", "cup", "pot"]])._known_share == share


@pytest.mark.parametrize("n_documents", [20, 60])
def test_other_documents_of_one_kind_are_no_warning_though_few_were_given_to_fit(documents, n_documents):
    for params in ({}, {"min_count": 2}, {"vocabulary": ["the", "of", "war", "australia"]}):
        estimator(None, vector_size=4, **params).fit(documents[:n_documents]).transform(documents[n_documents:])


@pytest.mark.parametrize("output", ["tuned", "both", "pretrained"])
@pytest.mark.parametrize("fallback_size", [0, 10])
def test_words_outside_a_fixed_vocabulary_are_no_warning(output, fallback_size):
    fitted = estimator(vocabulary=["tea"], output=output, fallback_size=fallback_size).fit(LOWER)
    fitted.transform(LOWER)


@USES
@pytest.mark.parametrize(("fallback_size", "share"), [(0, 2 / 6), (10, 3 / 6)])
def test_fewer_words_of_a_fixed_vocabulary_than_in_fit_are_told(use, fallback_size, share):
    """Punctuation outside the vocabulary counts, there and here; words of the fallback are known, there and here."""
    fitted = estimator(vocabulary=["tea", "of"], fallback_size=fallback_size).fit(
        [["tea", "cup", "of", "the", "new", "."]] * 40
    )
    with pytest.warns(UserWarning, match=whole(told(0, share, "'Tea', 'Cup' and 'Of'"))) as record:
        use(fitted, TITLE)
    assert len(record) == 1


def test_n_grams_stand_in_for_words_outside_a_fixed_vocabulary_in_fit_too():
    """Words of one letter have no n-gram of five."""
    model = FastText([["tea", "cup"]] * 5, vector_size=4, min_count=1, min_n=5, max_n=5, bucket=50, workers=1)
    source = PretrainedVectors.from_keyed_vectors(model.wv)
    documents = [["tea", "tease", "x", "y"]] * 50
    fitted = estimator(source, fallback_size=None, vocabulary=["tea"]).fit(documents)
    fitted.transform(documents)
    with pytest.warns(UserWarning, match=whole(told(0, 1 / 2, "'x' and 'y'"))):
        fitted.transform([["x", "y"]] * 50)


def test_the_warning_is_that_of_a_loaded_transformer_too(tmp_path):
    joblib.dump(estimator().fit(LOWER), tmp_path / "fitted.joblib")
    with pytest.warns(UserWarning, match=whole(told(0, 1, "'Tea', 'Cup' and 'Of'"))):
        joblib.load(tmp_path / "fitted.joblib").transform(TITLE)


def test_one_bad_part_of_many_documents_is_no_warning():
    fitted = estimator().fit(LOWER)
    fitted.transform(LOWER * 10 + TITLE)


def test_words_of_a_fixed_vocabulary_without_a_vector_are_named_too():
    source = PretrainedVectors.from_arrays(["tea", "the"], np.eye(2))
    fitted = estimator(source, output="pretrained", vocabulary=["tea", "the", "Cup"], fallback_size=0).fit(
        [["the", "tea"]] * 2
    )
    with pytest.warns(UserWarning, match=whole(told(0, 1, "'Cup'"))):
        fitted.transform([["Cup"]] * 200)
