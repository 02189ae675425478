"""What moved and what is near, of fitted transformers."""

import pickle
import re
import sys

import numpy as np
import pandas as pd
import pytest
from gensim.models import FastText
from sklearn.exceptions import NotFittedError

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer, _drift

WORDS = ["tea", "cup", "pot", "jug"]
SOURCE = PretrainedVectors.from_arrays(WORDS, np.eye(4))
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot", "tea"]


def estimator(pretrained=SOURCE, **params):
    return PretrainedWord2VecTransformer(pretrained, **{"epochs": 3, "random_state": 0, **params})


def whole(message):
    return f"^{re.escape(message)}\\Z"


def key_error(message):
    return whole(repr(message))


@pytest.fixture(scope="module")
def fitted(keyed_vectors, documents):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=5, random_state=0).fit(documents)


@pytest.fixture(scope="module")
def before(glove):
    return dict(zip(*glove, strict=True))


def plain_cosine(a, b):
    a, b = a.astype(float), b.astype(float)
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_drift_lists_each_word_of_the_documents_with_its_count_and_cosine(fitted, before):
    moved = fitted.drift()
    row_of = {word: row for row, word in enumerate(moved.word)}
    assert sorted(row_of) == sorted(list(fitted.vocabulary_)[: len(fitted.counts_)])
    for word, row in list(row_of.items())[::50]:
        assert moved.count[row] == fitted.counts_[fitted.vocabulary_[word]]
        expected = plain_cosine(before[word], fitted.vectors_[fitted.vocabulary_[word]]) if word in before else np.nan
        np.testing.assert_allclose(moved.cosine[row], expected, rtol=1e-9)


def test_what_moved_most_comes_first_and_words_without_a_pretrained_vector_last(fitted, before):
    moved = fitted.drift()
    is_known = np.array([word in before for word in moved.word])
    n_known = is_known.sum()
    assert 0 < n_known < len(is_known)
    assert is_known[:n_known].all()
    assert (np.diff(moved.cosine[:n_known]) >= 0).all()
    assert np.isnan(moved.cosine[n_known:]).all()
    assert np.isnan(moved.neighbours_kept[n_known:]).all()


def test_shares_of_neighbours_are_those_of_a_plain_loop(fitted, before):
    counts = {word: fitted.counts_[row] for word, row in fitted.vocabulary_.items() if row < len(fitted.counts_)}
    known = sorted((word for word in counts if word in before), key=lambda word: -counts[word])[:200]
    tuned = {word: fitted.vectors_[fitted.vocabulary_[word]] for word in counts}

    def nearest(word, vectors):
        others = [other for other in known if other != word]
        return set(sorted(others, key=lambda other: -plain_cosine(vectors[word], vectors[other]))[:10])

    chosen = [known[0], known[50], min(counts, key=counts.get)]
    moved = fitted.drift(chosen, n_candidates=200)
    for word, share in zip(moved.word, moved.neighbours_kept, strict=True):
        assert share == pytest.approx(len(nearest(word, before) & nearest(word, tuned)) / 10)


def test_shares_are_computed_for_the_words_that_moved_most_unless_words_are_named(fitted, monkeypatch):
    monkeypatch.setattr(_drift, "MAX_SHARES", 7)
    moved = fitted.drift()
    assert np.isfinite(moved.neighbours_kept[:7]).all()
    assert np.isnan(moved.neighbours_kept[7:]).all()
    named = fitted.drift(moved.word[5:15])
    assert np.isfinite(named.neighbours_kept).all()
    np.testing.assert_array_equal(named.neighbours_kept[:2], moved.neighbours_kept[5:7])


def test_the_arrays_have_the_types_that_are_documented(fitted):
    moved = fitted.drift(["the"])
    assert {name: values.dtype for name, values in moved.items()} == {
        "word": object,
        "count": np.int64,
        "cosine": np.float64,
        "neighbours_kept": np.float64,
    }


def test_words_that_were_asked_for_come_once_each_and_all(fitted):
    moved = fitted.drift(word for word in ["the", "fire", "the", "was"])
    assert sorted(moved.word) == ["fire", "the", "was"]
    assert [len(values) for values in fitted.drift([]).values()] == [0, 0, 0, 0]


def test_a_word_without_a_pretrained_vector_is_listed_when_it_is_asked_for():
    moved = estimator().fit(DOCUMENTS).drift(["of", "tea"])
    assert moved.word.tolist() == ["tea", "of"]
    np.testing.assert_array_equal(np.isnan(moved.cosine), [False, True])
    np.testing.assert_array_equal(np.isnan(moved.neighbours_kept), [False, True])


def test_a_word_of_the_fallback_has_not_moved():
    moved = estimator().fit(DOCUMENTS).drift(["jug"])
    assert (moved.word.tolist(), moved.count.tolist(), moved.cosine.tolist()) == (["jug"], [0], [1.0])


def test_held_words_have_a_cosine_of_exactly_one_and_keep_all_neighbours(fitted, documents, keyed_vectors):
    lock = dict.fromkeys(keyed_vectors.key_to_index, 0) | {"government": 1}
    moved = PretrainedWord2VecTransformer(keyed_vectors, lockf=lock, epochs=1, random_state=0).fit(documents).drift()
    held = np.isfinite(moved.cosine) & (moved.word != "government")
    assert moved.word[0] == "government"
    assert (moved.cosine[held] == 1).all()
    assert (moved.count[held] > 0).all()


def test_equal_vectors_have_moved_equally_and_keep_their_order():
    source = PretrainedVectors.from_arrays(WORDS, np.ones((4, 4)))
    moved = estimator(source, lockf=0.0, vocabulary=WORDS)
    with pytest.warns(UserWarning, match="lockf"):
        moved = moved.fit([*DOCUMENTS, "jug"]).drift()
    assert moved.word.tolist() == WORDS
    assert moved.cosine.tolist() == moved.neighbours_kept.tolist() == [1] * 4


def test_a_vector_of_zeros_has_no_cosine():
    source = PretrainedVectors.from_arrays(["tea", "cup"], [[0, 0], [0, 1]])
    moved = estimator(source).fit(DOCUMENTS).drift(["tea", "cup"])
    assert moved.word.tolist() == ["cup", "tea"]
    np.testing.assert_array_equal(np.isnan(moved.cosine), [False, True])
    np.testing.assert_array_equal(np.isnan(moved.neighbours_kept), [True, True])


def test_one_word_has_a_cosine_and_no_neighbours():
    moved = estimator(vocabulary=["tea"]).fit(DOCUMENTS).drift()
    assert (moved.word.tolist(), moved.count.tolist()) == (["tea"], [3])
    assert -1 <= moved.cosine[0] <= 1
    assert np.isnan(moved.neighbours_kept[0])


def test_of_two_words_each_keeps_its_one_neighbour():
    moved = estimator(vocabulary=["tea", "cup"]).fit(DOCUMENTS).drift()
    assert moved.neighbours_kept.tolist() == [1, 1]


def test_words_of_a_fixed_vocabulary_that_the_documents_lack_have_not_moved_or_are_unknown():
    w2v = estimator(vocabulary=["tea", "jug", "lid"], fallback_size=0).fit(DOCUMENTS)
    moved = w2v.drift()
    assert sorted(moved.word) == ["jug", "tea"]
    assert moved.cosine[list(moved.word).index("jug")] == 1
    message = "1 of 2 words have no tuned vector: 'lid'."
    with pytest.raises(KeyError, match=key_error(message)):
        w2v.drift(["jug", "lid"])


def test_drift_as_a_frame_has_the_same_columns(fitted):
    frame, moved = fitted.drift(["the", "fire"], as_frame=True), fitted.drift(["the", "fire"])
    pd.testing.assert_frame_equal(frame, pd.DataFrame(dict(moved)))
    assert frame.columns.tolist() == ["word", "count", "cosine", "neighbours_kept"]


def test_both_work_from_the_fitted_state_alone(glove_path, documents, tmp_path):
    path = tmp_path / "glove.txt"
    path.write_bytes(glove_path.read_bytes())
    fitted = PretrainedWord2VecTransformer(path, epochs=1, random_state=0).fit(documents)
    expected = fitted.drift(["the", "fire"]).cosine.tolist(), fitted.most_similar("fire", which="pretrained")
    path.unlink()
    loaded = pickle.loads(pickle.dumps(fitted))
    assert (loaded.drift(["the", "fire"]).cosine.tolist(), loaded.most_similar("fire", which="pretrained")) == expected


def test_most_similar_gives_gensims_neighbours_before_tuning(fitted, keyed_vectors):
    assert [word for word, _ in fitted.most_similar("fire", which="pretrained")] == [
        word for word, _ in keyed_vectors.most_similar("fire")
    ]
    np.testing.assert_allclose(
        [cosine for _, cosine in fitted.most_similar("fire", 5, which="pretrained")],
        [cosine for _, cosine in keyed_vectors.most_similar("fire", topn=5)],
        rtol=1e-5,
    )


def test_most_similar_gives_the_nearest_rows_after_tuning(fitted):
    words, query = list(fitted.vocabulary_), fitted.vectors_[fitted.vocabulary_["fire"]]
    cosines = [plain_cosine(row, query) for row in fitted.vectors_]
    order = [row for row in np.argsort(cosines)[::-1] if words[row] != "fire"][:10]
    near = fitted.most_similar("fire")
    assert [word for word, _ in near] == [words[row] for row in order]
    np.testing.assert_allclose([cosine for _, cosine in near], [cosines[row] for row in order])


def test_words_of_the_fallback_have_neighbours_and_are_neighbours():
    source = PretrainedVectors.from_arrays(["tea", "jug", "lid"], [[1, 0], [0, 1], [0.1, 1]])
    w2v = estimator(source).fit(DOCUMENTS)
    assert [word for word, _ in w2v.most_similar("jug", n=2, which="pretrained")] == ["lid", "tea"]
    assert "lid" in dict(w2v.most_similar("jug"))


def test_most_similar_returns_fewer_words_where_there_are_no_more():
    w2v = estimator(fallback_size=0, vocabulary=["tea", "cup"]).fit(DOCUMENTS)
    assert [word for word, _ in w2v.most_similar("tea")] == ["cup"]
    assert estimator(fallback_size=0, vocabulary=["tea"]).fit(DOCUMENTS).most_similar("tea") == []


def test_words_of_zeros_are_near_nothing():
    source = PretrainedVectors.from_arrays(["tea", "cup", "pot"], [[1, 0], [0, 0], [1, 1]])
    w2v = estimator(source, output="pretrained").fit(DOCUMENTS)
    assert [word for word, _ in w2v.most_similar("tea", which="pretrained")] == ["pot"]
    assert w2v.most_similar("cup", which="pretrained") == []


def test_subwords_give_neighbours_to_a_word_that_nobody_knows(documents):
    tokens = [document.split() for document in documents]
    model = FastText(tokens[:20], vector_size=8, min_count=2, bucket=500, epochs=1, seed=0, workers=1)
    w2v = PretrainedWord2VecTransformer(PretrainedVectors.from_keyed_vectors(model.wv), epochs=1, fallback_size=None)
    w2v.fit(tokens[:20])
    assert "governmental" not in w2v.vocabulary_
    near = w2v.most_similar("governmental", 3, which="pretrained")
    assert [word for word, _ in near] == [word for word, _ in w2v.most_similar("governmental", 20, "pretrained")][:3]
    assert near[0][1] > 0.5
    assert w2v.drift(["governmental"]).cosine.tolist() == [1]


UNKNOWN = "3 of 4 words have no tuned vector: 'Tea' (did you mean 'tea'?), 'cupp' (did you mean 'cup'?), 'zzz'."


def test_unknown_words_are_all_named_with_those_that_are_spelt_alike():
    with pytest.raises(KeyError, match=key_error(UNKNOWN)):
        estimator().fit(DOCUMENTS).drift(["Tea", "tea", "cupp", "zzz"])


def test_all_of_many_unknown_words_are_named():
    unknown = [f"cup{number}" for number in range(50)]
    with pytest.raises(KeyError) as caught:
        estimator().fit(DOCUMENTS).drift(unknown)
    named = re.findall(r"'(cup\d+)'", caught.value.args[0])
    assert named == unknown
    assert caught.value.args[0].count("did you mean") == 10


def test_a_word_that_most_similar_does_not_know_is_named():
    w2v = estimator().fit(DOCUMENTS)
    with pytest.raises(KeyError, match=key_error("1 of 1 words have no tuned vector: 'teaa' (did you mean 'tea'?).")):
        w2v.most_similar("teaa")
    with pytest.raises(KeyError, match=key_error("1 of 1 words have no pretrained vector: 'of'.")):
        w2v.most_similar("of", which="pretrained")


NOTHING_TUNED = (
    "needs tuned vectors, and this transformer has none: it was fitted with output='pretrained', which tunes nothing."
)
NOTHING_BEFORE = (
    "needs pretrained vectors, and this transformer has none: it was fitted with pretrained=None, from random vectors."
)
REFUSED = [
    (lambda w2v: w2v.drift(), SOURCE, "pretrained", f"drift {NOTHING_TUNED}"),
    (lambda w2v: w2v.drift(["tea"]), None, "tuned", f"drift {NOTHING_BEFORE}"),
    (lambda w2v: w2v.most_similar("tea"), SOURCE, "pretrained", f"most_similar(which='tuned') {NOTHING_TUNED}"),
    (
        lambda w2v: w2v.most_similar("tea", which="pretrained"),
        None,
        "tuned",
        f"most_similar(which='pretrained') {NOTHING_BEFORE}",
    ),
]


@pytest.mark.parametrize(("call", "pretrained", "output", "message"), REFUSED)
def test_what_a_transformer_does_not_have_is_said(call, pretrained, output, message):
    w2v = estimator(pretrained, output=output, vector_size=4).fit(DOCUMENTS)
    with pytest.raises(ValueError, match=whole(message)):
        call(w2v)


def test_both_outputs_have_both():
    w2v = estimator(output="both").fit(DOCUMENTS)
    assert w2v.drift(["tea"]).word.tolist() == ["tea"]
    assert w2v.most_similar("tea", which="pretrained") == estimator().fit(DOCUMENTS).most_similar(
        "tea", which="pretrained"
    )


WRONG = [
    (lambda w2v: w2v.drift("tea"), TypeError, "Expected an iterable of words. Got the str 'tea' instead."),
    (lambda w2v: w2v.drift(["tea", 1]), TypeError, "Expected words, each a str. Got 1 instead."),
    (lambda w2v: w2v.most_similar(["tea"]), TypeError, "Expected a word, a str. Got ['tea'] instead."),
    (
        lambda w2v: w2v.most_similar("tea", 0),
        ValueError,
        "The 'n' of most_similar must be an int in the range [1, inf). Got 0 instead.",
    ),
    (
        lambda w2v: w2v.most_similar("tea", which="both"),
        ValueError,
        "The 'which' of most_similar must be 'tuned' or 'pretrained'. Got 'both' instead.",
    ),
    (
        lambda w2v: w2v.most_similar("tea", which=["tuned"]),
        ValueError,
        "The 'which' of most_similar must be 'tuned' or 'pretrained'. Got ['tuned'] instead.",
    ),
    *[
        (
            lambda w2v, n=n: w2v.drift(n_candidates=n),
            ValueError,
            f"The 'n_candidates' of drift must be an int in the range [1, inf). Got {n!r} instead.",
        )
        for n in (0, -1, 2.0, True, None, "5")
    ],
]


@pytest.mark.parametrize(("call", "error", "message"), WRONG)
def test_wrong_arguments_are_refused(call, error, message):
    with pytest.raises(error, match=whole(message)):
        call(estimator().fit(DOCUMENTS))


@pytest.mark.parametrize("call", [lambda w2v: w2v.drift(), lambda w2v: w2v.most_similar("tea")])
def test_an_unfitted_transformer_is_refused(call):
    message = (
        "This PretrainedWord2VecTransformer instance is not fitted yet. Call 'fit' with appropriate arguments before "
        "using this estimator."
    )
    with pytest.raises(NotFittedError, match=whole(message)):
        call(estimator())


def test_a_frame_without_pandas_names_the_extra(monkeypatch):
    w2v = estimator().fit(DOCUMENTS)
    monkeypatch.setitem(sys.modules, "pandas", None)
    message = 'drift(as_frame=True) needs pandas. Install it with: pip install "sk-w2v[pandas]"'
    with pytest.raises(ImportError, match=whole(message)):
        w2v.drift(as_frame=True)
    assert len(w2v.drift().word) == len(w2v.counts_)
