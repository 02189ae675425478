"""How much of the documents a source covers, and what the errors and warnings advise."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.text._coverage import MISSING_KEPT, coverage_of
from sk_w2v.text._vocabulary import count_words

from helpers import CHECK_THE_LANGUAGE, SOURCE, estimator, whole

TOKEN_LISTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1)
DOCUMENTS = [["the", "pot", "of", "tea"], [], ["tea", "tea", "or", "the", "cup"]]


@pytest.mark.parametrize("output", ["tuned", "pretrained"])
@pytest.mark.parametrize("min_count", [1, 5])
def test_coverage_is_the_share_of_tokens_and_of_words_with_a_pretrained_vector(tokens, glove, output, min_count):
    fitted = PretrainedWord2VecTransformer(
        PretrainedVectors.from_arrays(*glove), output=output, epochs=1, min_count=min_count
    ).fit(tokens)
    known, n_known, n_tokens = set(glove[0]), 0, 0
    words, known_words = set(), set()
    for document in tokens:
        for token in document:
            n_tokens += 1
            words.add(token)
            if token in known:
                n_known += 1
                known_words.add(token)
    assert fitted.coverage_ == {"tokens": n_known / n_tokens, "words": len(known_words) / len(words)}
    assert 0.5 < fitted.coverage_["words"] < fitted.coverage_["tokens"] < 1


def test_coverage_is_of_the_words_in_the_vocabulary_where_one_is_given():
    coverage = estimator(vocabulary=["tea", "the", "lid", "new"]).fit(DOCUMENTS).coverage_
    assert coverage == {"tokens": 3 / 5, "words": 1 / 2}


def test_coverage_without_a_source_is_none():
    assert estimator(None).fit(DOCUMENTS).coverage_ == {"tokens": 0, "words": 0}


@settings(deadline=None)
@given(TOKEN_LISTS.filter(any), st.sets(st.sampled_from("abcxyz")))
def test_what_is_not_covered_is_missing_and_the_most_frequent_come_first(documents, known):
    shares, missing = coverage_of(count_words(documents), known)
    counts = Counter(token for document in documents for token in document)
    n_missing = sum(count for word, count in counts.items() if word not in known)
    assert dict(missing) == {word: count for word, count in counts.items() if word not in known}
    assert [count for _, count in missing] == sorted(dict(missing).values(), reverse=True)
    assert shares["tokens"] == (counts.total() - n_missing) / counts.total()
    assert shares["words"] == (len(counts) - len(missing)) / len(counts)


def test_so_many_missing_words_are_remembered_and_no_more():
    words = [f"word{number}" for number in range(MISSING_KEPT + 5)]
    missing = coverage_of(count_words([words, words[-7:]]), []).missing
    assert len(missing) == MISSING_KEPT
    assert missing[:7] == [(word, 2) for word in words[-7:]]


def respelt(share, how):
    return (
        f"Of the tokens without one, {share} have one when they are {how}: have the analyzer do so, or do so with the "
        "tokens."
    )


HINTS = [
    (["Tea", "CUP", "zz"], respelt("67%", "lowercased")),
    (["tea,", "(cup)", "zz"], respelt("67%", "stripped of punctuation")),
    (["Tea.", "cup!", "Pot"], respelt("100%", "lowercased and stripped of punctuation")),
    (["zz", "yy", "Tea"], CHECK_THE_LANGUAGE),
]


@pytest.mark.parametrize(("document", "hint"), HINTS)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_no_coverage_is_an_error_with_the_likely_reason(method, output, document, hint):
    message = f"No word of the documents has a vector in {SOURCE}. {hint}"
    with pytest.raises(ValueError, match=whole(message)):
        getattr(estimator(output=output), method)([document])


@pytest.mark.parametrize(("document", "hint"), HINTS)
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
@pytest.mark.parametrize("output", ["tuned", "pretrained", "both"])
def test_a_coverage_of_less_than_a_tenth_is_one_warning_with_the_likely_reason(method, output, document, hint):
    message = (
        f"Only 3.2% of the documents' tokens have a vector in {SOURCE}; the others have nothing to start from. {hint}"
    )
    with pytest.warns(UserWarning, match=whole(message)) as record:
        getattr(estimator(output=output), method)([[*document * 10, "tea"]])
    assert len(record) == 1
    assert record[0].filename == __file__


def test_a_coverage_of_a_tenth_is_no_warning():
    assert estimator().fit([["tea"], ["coffee"] * 9]).coverage_["tokens"] == 0.1


@pytest.mark.parametrize(("words", "how"), [(["Tea"], "capitalised"), (["TEA"], "in upper case")])
def test_low_coverage_of_a_cased_source_is_explained(words, how):
    source = PretrainedVectors.from_arrays(words, np.eye(1))
    message = f"No word of the documents has a vector in {source}. {respelt('100%', how)}"
    with pytest.raises(ValueError, match=whole(message)):
        estimator(source).fit([["tea"]])


def test_an_error_of_coverage_names_the_file(tmp_path):
    path = tmp_path / "vectors.txt"
    path.write_text("tea 1 0\ncup 0 1\n")
    message = f"No word of the documents has a vector in <PretrainedVectors: {path}>. {CHECK_THE_LANGUAGE}"
    with pytest.raises(ValueError, match=whole(message)):
        estimator(path).fit(["Tee", "Tasse"])
