"""What makes plain gensim wait for ever or ends the process must be an error or work.

Each case runs in a process of its own, with a time limit.
"""

import multiprocessing

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20
WORDS = ["the", "cat", "sat", "dog", "ran", "a"]


class BreaksInTheMiddle:
    def __iter__(self):
        yield from TOKENS
        raise RuntimeError("in the middle")


def fit(change, n_jobs, answer):
    """Fit after a change to X, source or params, and answer what it came to."""
    vectors = np.random.default_rng(0).normal(size=(6, 10)).astype(np.float32)
    scope = globals() | {
        "arrays": PretrainedVectors.from_arrays,
        "vectors": vectors,
        "model": Word2Vec(TOKENS, vector_size=10, min_count=1, workers=1),
        "X": TOKENS,
        "source": PretrainedVectors.from_arrays(WORDS, vectors),
        "params": {},
    }
    try:
        exec(change, scope)
        params = {"epochs": 3, "random_state": 0, "n_jobs": n_jobs, **scope["params"]}
        fitted = PretrainedWord2VecTransformer(scope["source"], **params).fit(scope["X"])
        is_finite = np.isfinite(fitted.vectors_).all() and np.isfinite(fitted.transform(scope["X"])).all()
        answer.send("fitted" if is_finite else "not finite")
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        answer.send(f"{type(error).__name__} {error}")


def outcome(change, n_jobs=1):
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=fit, args=(change, n_jobs, sender))
    process.start()
    process.join(timeout=30)
    if process.is_alive():
        process.kill()
        return "hang"
    return receiver.recv() if receiver.poll() else f"exit {process.exitcode}"


def test_a_crash_would_be_seen():
    assert outcome("import os; os.kill(os.getpid(), 9)") == "exit -9"


@pytest.mark.parametrize("n_jobs", [1, 2])
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (
            "X = TOKENS + [[['unhashable']]]",
            "TypeError Document 60 must be a str or a list of str. Got the token ['unhashable'].",
        ),
        ("X = TOKENS + [None]", "TypeError Document 60 must be a str or a list of str. Got None instead."),
        (
            "X = BreaksInTheMiddle()",
            "RuntimeError in the middle",
        ),
        ("source = model; model.wv = model.wv.__class__(10); model.wv.add_vectors(WORDS, vectors)", "fitted"),
        ("source = model; del model.wv.expandos['sample_int']", "fitted"),
        ("X = [np.array(document) for document in TOKENS]", "fitted"),
        (
            "source = Word2Vec(vector_size=10); source.reset_from(model)",
            "fitted",
        ),
    ],
    ids=["unhashable", "None", "raises", "no lockf", "no sample_int", "arrays", "reset_from"],
)
def test_a_way_to_wait_for_ever_is_an_error_or_works(change, expected, n_jobs):
    assert outcome(change, n_jobs) == expected


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ("vectors[2, 3] = np.nan", "the vector of 'sat' has NaN, infinity or a number beyond ±1e+06"),
        ("vectors[2, 3] = -np.inf", "the vector of 'sat' has NaN, infinity or a number beyond ±1e+06"),
        ("vectors *= 1e30", "the vector of 'the' has NaN, infinity or a number beyond ±1e+06"),
        (
            "source = arrays(WORDS, vectors.astype(float) * 1e300)",
            "the vector of 'the' has NaN, infinity or a number beyond ±1e+06",
        ),
        (
            "source = model; model.syn1neg[0, 0] = np.nan; params = {'sg': 0}",
            "the vector of 'ran' has NaN, infinity or a number beyond ±1e+06",
        ),
        (
            "source = model; model.wv.vectors = model.wv.vectors[:4]",
            "The vectors must be an array of shape (n_words, vector_size) with a row for each of 6 words. "
            "Got shape (4, 10) instead.",
        ),
        (
            "params = {'lockf': 1e30}",
            "The 'lockf' parameter of PretrainedWord2VecTransformer must be a float in the range [0, 1000], "
            "'frequency' or a dict of word to such a float. Got 1e+30 instead.",
        ),
        (
            "params = {'word2vec_params': {'batch_words': 10**6}}",
            "The 'word2vec_params' parameter of PretrainedWord2VecTransformer must be a dict in which 'batch_words' is "
            "an int in the range [1, 10000]. Got 1000000 instead.",
        ),
        (
            "X = [['one']] * 30; source = None; params = {'word2vec_params': {'hs': 1, 'negative': 0}}",
            "Hierarchical softmax (hs=1) needs at least two words, the documents have one. Use hs=0.",
        ),
    ],
    ids=lambda value: value[:40],
)
def test_a_way_to_end_the_process_is_an_error(change, expected):
    assert outcome(change) == f"ValueError {expected}"


@pytest.mark.parametrize(
    "change",
    [
        "np.save(path, vectors); source = arrays(WORDS, np.load(path, mmap_mode='r')); os.truncate(path, 4096)",
        "np.save(path, vectors.T); source = arrays(WORDS, np.load(path, mmap_mode='r').T[:, :5]); os.truncate(path, 0)",
        "model.wv.save(path[:-12], separately=['vectors']); source = open_file(path[:-12]); os.truncate(path, 99)",
        "joblib.dump(small.fit(TOKENS), path); loaded = joblib.load(path, mmap_mode='r'); os.truncate(path, 0); "
        "loaded.transform(TOKENS)",
    ],
    ids=["npy", "view", "gensim", "joblib"],
)
def test_a_memory_map_whose_file_is_cut_is_an_error(change, tmp_path):
    path = str(tmp_path / "v.vectors.npy")
    before = (
        "import os, joblib; "
        f"path = {path!r}; vectors = np.ones((6, 4000), np.float32); "
        "open_file = PretrainedVectors.open; small = PretrainedWord2VecTransformer(vector_size=4000, epochs=1); "
    )
    assert outcome(before + change) == (
        f"ValueError The file {path!r} behind a memory map of word vectors has been cut off since it was opened. "
        "Open it again once it is whole."
    )


@pytest.mark.parametrize(
    "change",
    [
        "source = arrays(WORDS, vectors.astype(np.float16))",
        "source = model; model.wv.vectors = model.wv.vectors[:, :5]; model.wv.vector_size = 5",
        "params = {'lockf': 1000, 'alpha': 1, 'epochs': 50}",
        "vectors *= 1e5; params = {'lockf': 1000, 'alpha': 1, 'epochs': 50}",
        "source = None; params = {'window': 10_000, 'word2vec_params': {'negative': 10_000}}",
        "X = [['one']] * 30; source = None",
        "X = TOKENS * 200 + [['unseen'], []] * 30_000; params = {'min_count': 10**6}",
    ],
)
def test_an_extreme_that_is_allowed_trains_finite_vectors(change):
    assert outcome(change) == "fitted"


def test_workers_cannot_be_given_as_0():
    with pytest.raises(ValueError, match=r"must not name 'workers'\. It cannot be set: use n_jobs\."):
        PretrainedWord2VecTransformer(word2vec_params={"workers": 0}).fit(TOKENS)


def test_a_string_is_never_trained_letter_by_letter():
    fitted = PretrainedWord2VecTransformer(vector_size=5, epochs=1).fit([" ".join(tokens) for tokens in TOKENS])
    assert set(fitted.vocabulary_) == set(WORDS) - {"a"}  # one letter: no word for CountVectorizer


def test_a_model_and_its_vectors_still_train_in_gensim_afterwards():
    model = Word2Vec(TOKENS, vector_size=5, min_count=1, workers=1)
    assert isinstance(model.wv, KeyedVectors)
    PretrainedWord2VecTransformer(model, epochs=1).fit(TOKENS)
    model.train(TOKENS, total_examples=len(TOKENS), epochs=1)
    assert np.isfinite(PretrainedVectors.from_word2vec(model).rows(WORDS)).all()
