"""What moved and what is near: of fitted transformers, and of arrays against plain loops over words."""

import pickle
import re

import numpy as np
import pytest
from gensim.models import FastText
from hypothesis import given, settings
from hypothesis import strategies as st

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer
from sk_w2v.fitted import _moves
from sk_w2v.fitted._moves import cosines, neighbours_kept

import helpers
from helpers import key_error, must_be, whole

WORDS = ["tea", "cup", "pot", "jug"]
SOURCE = PretrainedVectors.from_arrays(WORDS, np.eye(4))
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot", "tea"]
SEEDS = st.integers(0, 2**32 - 1)


def estimator(pretrained=SOURCE, **params):
    return helpers.estimator(pretrained, **{"epochs": 3, **params})


@pytest.fixture(scope="module")
def fitted(keyed_vectors, documents):
    return PretrainedWord2VecTransformer(keyed_vectors, epochs=5, random_state=0).fit(documents)


@pytest.fixture(scope="module")
def before(glove):
    return dict(zip(*glove, strict=True))


def plain_cosine(a, b):
    a, b = a.astype(float), b.astype(float)
    return a @ b / np.linalg.norm(a) / np.linalg.norm(b)


def test_moved_words_lists_each_word_of_the_documents_with_its_count_and_cosine(fitted, before):
    moved = fitted.moved_words(None)
    row_of = {word: row for row, word in enumerate(moved.word)}
    assert sorted(row_of) == sorted(list(fitted.vocabulary_)[: len(fitted.counts_)])
    for word, row in list(row_of.items())[::50]:
        assert moved.count[row] == fitted.counts_[fitted.vocabulary_[word]]
        expected = plain_cosine(before[word], fitted.vectors_[fitted.vocabulary_[word]]) if word in before else np.nan
        np.testing.assert_allclose(moved.cosine[row], expected, rtol=1e-9)


def test_so_many_words_are_listed_as_are_asked_for_and_20_unless_told(fitted):
    everything = fitted.moved_words(None)
    for arguments, n in (((), 20), ((7,), 7), ((np.int64(10**9),), None)):
        for name, values in fitted.moved_words(*arguments).items():
            np.testing.assert_array_equal(values, everything[name][:n])


def test_words_that_are_named_are_all_listed_whatever_n_is(fitted):
    words = list(fitted.vocabulary_)[:30]
    for n in (3, 20, None):
        assert sorted(fitted.moved_words(n, words=words).word) == sorted(words)


def test_what_moved_most_comes_first_and_words_without_a_pretrained_vector_last(fitted, before):
    moved = fitted.moved_words(None)
    is_known = np.array([word in before for word in moved.word])
    n_known = is_known.sum()
    assert 0 < n_known < len(is_known)
    assert is_known[:n_known].all()
    assert (np.diff(moved.cosine[:n_known]) >= 0).all()
    assert np.isnan(moved.cosine[n_known:]).all()
    assert np.isnan(moved.neighbours_kept[n_known:]).all()


def test_shares_of_neighbours_are_those_of_a_plain_loop(fitted, before, monkeypatch):
    monkeypatch.setattr(_moves, "N_CANDIDATES", 200)
    counts = {word: fitted.counts_[row] for word, row in fitted.vocabulary_.items() if row < len(fitted.counts_)}
    known = sorted((word for word in counts if word in before), key=lambda word: -counts[word])[:200]
    tuned = {word: fitted.vectors_[fitted.vocabulary_[word]] for word in counts}

    def nearest(word, vectors):
        others = [other for other in known if other != word]
        return set(sorted(others, key=lambda other: -plain_cosine(vectors[word], vectors[other]))[:10])

    chosen = [known[0], known[50], min(counts, key=counts.get)]
    moved = fitted.moved_words(words=chosen)
    for word, share in zip(moved.word, moved.neighbours_kept, strict=True):
        assert share == pytest.approx(len(nearest(word, before) & nearest(word, tuned)) / 10)


def test_shares_are_computed_for_the_words_that_moved_most_unless_words_are_named(fitted, monkeypatch):
    monkeypatch.setattr(_moves, "MAX_SHARES", 7)
    moved = fitted.moved_words(None)
    assert np.isfinite(moved.neighbours_kept[:7]).all()
    assert np.isnan(moved.neighbours_kept[7:]).all()
    named = fitted.moved_words(words=moved.word[5:15])
    assert np.isfinite(named.neighbours_kept).all()
    np.testing.assert_array_equal(named.neighbours_kept[:2], moved.neighbours_kept[5:7])


def test_the_arrays_have_the_types_that_are_documented(fitted):
    moved = fitted.moved_words(words=["the"])
    assert {name: values.dtype for name, values in moved.items()} == {
        "word": object,
        "count": np.int64,
        "cosine": np.float64,
        "neighbours_kept": np.float64,
    }


def test_words_that_were_asked_for_come_once_each_and_all(fitted):
    moved = fitted.moved_words(words=(word for word in ["the", "fire", "the", "was"]))
    assert sorted(moved.word) == ["fire", "the", "was"]
    assert [len(values) for values in fitted.moved_words(words=[]).values()] == [0, 0, 0, 0]


def test_a_word_without_a_pretrained_vector_is_listed_when_it_is_asked_for():
    moved = estimator().fit(DOCUMENTS).moved_words(words=["of", "tea"])
    assert moved.word.tolist() == ["tea", "of"]
    np.testing.assert_array_equal(np.isnan(moved.cosine), [False, True])
    np.testing.assert_array_equal(np.isnan(moved.neighbours_kept), [False, True])


def test_a_word_of_the_fallback_has_not_moved():
    moved = estimator().fit(DOCUMENTS).moved_words(words=["jug"])
    assert (moved.word.tolist(), moved.count.tolist(), moved.cosine.tolist()) == (["jug"], [0], [1.0])


def test_held_words_have_a_cosine_of_exactly_one(documents, keyed_vectors):
    lock = dict.fromkeys(keyed_vectors.key_to_index, 0) | {"government": 1}
    moved = estimator(keyed_vectors, lockf=lock, epochs=1).fit(documents).moved_words(None)
    held = np.isfinite(moved.cosine) & (moved.word != "government")
    assert moved.word[0] == "government"
    assert (moved.cosine[held] == 1).all()
    assert (moved.count[held] > 0).all()


def test_equal_vectors_have_moved_equally_and_keep_their_order():
    source = PretrainedVectors.from_arrays(WORDS, np.ones((4, 4)))
    moved = estimator(source, lockf=0.0, vocabulary=WORDS)
    with pytest.warns(UserWarning, match="lockf"):
        moved = moved.fit([*DOCUMENTS, "jug"]).moved_words(None)
    assert moved.word.tolist() == WORDS
    assert moved.cosine.tolist() == moved.neighbours_kept.tolist() == [1] * 4


def test_a_vector_of_zeros_has_no_cosine():
    source = PretrainedVectors.from_arrays(["tea", "cup"], [[0, 0], [0, 1]])
    moved = estimator(source).fit(DOCUMENTS).moved_words(words=["tea", "cup"])
    assert moved.word.tolist() == ["cup", "tea"]
    np.testing.assert_array_equal(np.isnan(moved.cosine), [False, True])
    np.testing.assert_array_equal(np.isnan(moved.neighbours_kept), [True, True])


def test_one_word_has_a_cosine_and_no_neighbours():
    moved = estimator(vocabulary=["tea"]).fit(DOCUMENTS).moved_words(None)
    assert (moved.word.tolist(), moved.count.tolist()) == (["tea"], [3])
    assert -1 <= moved.cosine[0] <= 1
    assert np.isnan(moved.neighbours_kept[0])


def test_of_two_words_each_keeps_its_one_neighbour():
    moved = estimator(vocabulary=["tea", "cup"]).fit(DOCUMENTS).moved_words(None)
    assert moved.neighbours_kept.tolist() == [1, 1]


def test_words_of_a_fixed_vocabulary_that_the_documents_lack_have_not_moved_or_are_unknown():
    w2v = estimator(vocabulary=["tea", "jug", "lid"], fallback_size=0).fit(DOCUMENTS)
    moved = w2v.moved_words(None)
    assert sorted(moved.word) == ["jug", "tea"]
    assert moved.cosine[list(moved.word).index("jug")] == 1
    message = "1 of 2 words have no tuned vector: 'lid'."
    with pytest.raises(KeyError, match=key_error(message)):
        w2v.moved_words(words=["jug", "lid"])


def test_both_work_from_the_fitted_state_alone(glove_path, documents, tmp_path):
    def told(fitted):
        return fitted.moved_words(7).cosine.tolist(), fitted.most_similar("fire", which="pretrained")

    path = tmp_path / "glove.txt"
    path.write_bytes(glove_path.read_bytes())
    fitted = estimator(path, epochs=1).fit(documents)
    expected = told(fitted)
    path.unlink()
    assert told(pickle.loads(pickle.dumps(fitted))) == expected


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
    assert w2v.moved_words(words=["governmental"]).cosine.tolist() == [1]


UNKNOWN = "3 of 4 words have no tuned vector: 'Tea' (did you mean 'tea'?), 'cupp' (did you mean 'cup'?), 'zzz'."


def test_unknown_words_are_all_named_with_those_that_are_spelt_alike():
    with pytest.raises(KeyError, match=key_error(UNKNOWN)):
        estimator().fit(DOCUMENTS).moved_words(words=["Tea", "tea", "cupp", "zzz"])


def test_all_of_many_unknown_words_are_named():
    unknown = [f"cup{number}" for number in range(50)]
    with pytest.raises(KeyError) as caught:
        estimator().fit(DOCUMENTS).moved_words(words=unknown)
    named = re.findall(r"'(cup\d+)'", caught.value.args[0])
    assert named == unknown
    assert caught.value.args[0].count("did you mean") == 10


def test_a_word_that_most_similar_does_not_know_is_named():
    w2v = estimator().fit(DOCUMENTS)
    with pytest.raises(KeyError, match=key_error("1 of 1 words have no tuned vector: 'teaa' (did you mean 'tea'?).")):
        w2v.most_similar("teaa")
    with pytest.raises(KeyError, match=key_error("1 of 1 words have no pretrained vector: 'of'.")):
        w2v.most_similar("of", which="pretrained")


def test_both_outputs_have_both():
    w2v = estimator(output="both").fit(DOCUMENTS)
    assert w2v.moved_words(words=["tea"]).word.tolist() == ["tea"]
    assert w2v.most_similar("tea", which="pretrained") == estimator().fit(DOCUMENTS).most_similar(
        "tea", which="pretrained"
    )


WRONG = [
    (lambda w2v: w2v.moved_words(words="tea"), "Expected an iterable of words. Got the str 'tea' instead."),
    (lambda w2v: w2v.moved_words(words=["tea", 1]), "Expected words, each a str. Got 1 instead."),
    (lambda w2v: w2v.most_similar(["tea"]), "Expected a word, a str. Got ['tea'] instead."),
    (lambda w2v: w2v.most_similar(None), "Expected a word, a str. Got None instead."),
]


@pytest.mark.parametrize(("call", "message"), WRONG)
def test_what_is_no_word_is_refused(call, message):
    with pytest.raises(TypeError, match=whole(message)):
        call(estimator().fit(DOCUMENTS))


@pytest.mark.parametrize("n", [0, -1, 2.0, True, "5", np.True_], ids=repr)
@pytest.mark.parametrize("words", [None, ["tea"]], ids=["all", "named"])
def test_a_number_of_words_that_is_none_is_refused(n, words):
    with pytest.raises(ValueError, match=whole(must_be("n", "moved_words", "None or an int in the range [1, inf)", n))):
        estimator().fit(DOCUMENTS).moved_words(n, words=words)


@pytest.mark.parametrize("n", [0, -1, 2.0, True, None, "5"], ids=repr)
def test_a_number_of_neighbours_that_is_none_is_refused(n):
    with pytest.raises(ValueError, match=whole(must_be("n", "most_similar", "an int in the range [1, inf)", n))):
        estimator().fit(DOCUMENTS).most_similar("tea", n)


def cosine_of(before, after):
    """One pair, in plain Python."""
    dot = norm_before = norm_after = 0.0
    for b, a in zip(before.tolist(), after.tolist(), strict=True):
        dot, norm_before, norm_after = dot + b * a, norm_before + b * b, norm_after + a * a
    return dot / (norm_before * norm_after) ** 0.5 if norm_before and norm_after else float("nan")


def nearest_of(query, candidates, own, n):
    """Sort all candidates and take the first."""
    near = [(-cosine_of(query, other), row) for row, other in enumerate(candidates) if row != own]
    return {row for _, row in sorted(near)[:n]}


def kept_of(queries, candidates, own, n):
    n = min(n, len(candidates[0]) - 1)
    shares = []
    for before, after, place in zip(*queries, own, strict=True):
        kept = nearest_of(before, candidates[0], place, n) & nearest_of(after, candidates[1], place, n)
        shares.append(len(kept) / n if n else float("nan"))
    return shares


def vectors(rng, n_rows, size=4):
    return rng.normal(size=(n_rows, size)).astype(np.float32)


@settings(deadline=None)
@given(SEEDS, st.integers(0, 20))
def test_cosines_are_those_of_a_plain_loop(seed, n_rows):
    rng = np.random.default_rng(seed)
    before, after = (rng.normal(size=(n_rows, 5)).astype(np.float32) for _ in range(2))
    expected = [cosine_of(b, a) for b, a in zip(before, after, strict=True)]
    np.testing.assert_allclose(cosines(before, after), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("scale", [1e-30, 1, 1e6])
def test_the_cosine_of_equal_rows_is_exactly_one(scale):
    rows = (np.random.default_rng(0).normal(size=(1000, 50)) * scale).astype(np.float32)
    np.testing.assert_array_equal(cosines(rows, rows), 1)
    np.testing.assert_allclose(cosines(rows, -2 * rows), -1)
    assert cosines(rows, -2 * rows).min() >= -1


def test_zeros_have_no_cosine():
    rows = np.array([[0, 0], [1, 0], [0, 0]], np.float32)
    np.testing.assert_array_equal(cosines(rows, rows[[1, 1, 0]]), [np.nan, 1, np.nan])


@settings(deadline=None)
@given(SEEDS, st.integers(1, 25), st.integers(1, 6), st.integers(1, 12))
def test_shares_of_neighbours_are_those_of_a_plain_double_loop(seed, n_candidates, n_queries, n_neighbours):
    rng = np.random.default_rng(seed)
    candidates = vectors(rng, n_candidates), vectors(rng, n_candidates)
    own = rng.integers(-1, n_candidates, n_queries)
    queries = tuple(np.where(own[:, None] >= 0, rows[own], vectors(rng, n_queries)) for rows in candidates)
    kept = neighbours_kept(queries, candidates, own, n_neighbours)
    np.testing.assert_allclose(kept, kept_of(queries, candidates, own.tolist(), n_neighbours))


def test_shares_on_real_vectors_are_those_of_a_plain_double_loop(glove):
    before = glove[1][:300]
    after = before + np.random.default_rng(0).normal(scale=0.3, size=before.shape).astype(np.float32)
    own = np.arange(20)
    shares = neighbours_kept((before[:20], after[:20]), (before, after), own)
    np.testing.assert_allclose(shares, kept_of((before[:20], after[:20]), (before, after), own.tolist(), 10))
    assert 0 < shares.min() < shares.max() < 1


def test_vectors_that_did_not_move_keep_their_neighbours_even_where_all_are_equally_near():
    before = np.tile(np.float32([0.1, 0.2, 0.3]), (40, 1))
    assert neighbours_kept((before, before), (before, before), np.arange(40)).tolist() == [1] * 40


@pytest.mark.parametrize("scale", [1e-30, 1e-3, 1e6])
def test_the_length_of_a_vector_does_not_matter_to_its_neighbours(glove, scale):
    before, own, rng = glove[1][:100], np.arange(100), np.random.default_rng(0)
    after = before * rng.uniform(0, 1, 50).astype(np.float32)
    longer = after * (rng.uniform(0.1, 10, (100, 1)) * scale).astype(np.float32)
    expected = neighbours_kept((before, after), (before, after), own)
    np.testing.assert_array_equal(neighbours_kept((before, longer), (before, after), own), expected)
    assert 0 < expected.mean() < 1


def test_a_word_alone_has_no_neighbours():
    one = np.ones((1, 3), np.float32)
    np.testing.assert_array_equal(neighbours_kept((one, one), (one, one), np.array([0])), [np.nan])


def test_two_words_are_each_others_neighbours():
    two = np.eye(2, 3, dtype=np.float32)
    assert neighbours_kept((two, -two), (two, -two), np.arange(2)).tolist() == [1, 1]
