"""The threads of a fit: they end with it, however it ends; and what makes plain gensim wait for ever or end the process
is an error or works.

Each case of the latter runs in a process of its own, with a time limit.
"""

import multiprocessing
import threading

import numpy as np
import pytest
from gensim.models import KeyedVectors, Word2Vec

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

from helpers import PATIENCE, BreaksInTraining, BrokenError, must_be, run_python

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")

TOKENS = [["the", "cat", "sat"], ["the", "dog", "ran"], ["a", "cat", "ran"]] * 20
WORDS = ["the", "cat", "sat", "dog", "ran", "a"]


class BreaksInTheMiddle:
    def __iter__(self):
        yield from TOKENS
        raise RuntimeError("in the middle")


def fit(change, own, answer):
    """Fit with some parameters after a change to X, source or params, and answer what it came to."""
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
        params = {"epochs": 3, "random_state": 0, **own, **scope["params"]}
        fitted = PretrainedWord2VecTransformer(scope["source"], **params).fit(scope["X"])
        is_finite = np.isfinite(fitted.vectors_).all() and np.isfinite(fitted.transform(scope["X"])).all()
        answer.send("fitted" if is_finite else "not finite")
    except (TypeError, ValueError, KeyError, RuntimeError) as error:
        answer.send(f"{type(error).__name__} {error}")


def outcome(change, **params):
    context = multiprocessing.get_context("fork")
    receiver, sender = context.Pipe(duplex=False)
    process = context.Process(target=fit, args=(change, params, sender))
    process.start()
    process.join(timeout=PATIENCE)
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
        ("X = TOKENS + [5]", "TypeError Document 60 must be a str or a list of str. Got 5 instead."),
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
    assert outcome(change, n_jobs=n_jobs) == expected


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
            must_be(
                "lockf",
                "PretrainedWord2VecTransformer",
                "a float in the range [0, 1], 'frequency' or a dict of word to such a float",
                1e30,
            ),
        ),
        (
            "params = {'word2vec_params': {'batch_words': 10**6}}",
            must_be("batch_words", "word2vec_params", "an int in the range [1, 10000]", 10**6),
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
        f"ValueError The file {path!r} behind a memory map of word vectors has been truncated since it was opened. "
        "Open it again once it is whole."
    )


@pytest.mark.parametrize(
    "change",
    [
        "source = arrays(WORDS, vectors.astype(np.float16))",
        "source = model; model.wv.vectors = model.wv.vectors[:, :5]; model.wv.vector_size = 5",
        "params = {'lockf': 1, 'alpha': 1, 'epochs': 50}",
        "vectors *= 1e5; params = {'lockf': 1, 'alpha': 1, 'epochs': 50}",
        "vectors[:] = 1e6 * np.eye(len(WORDS), vectors.shape[1]); "
        "params = {'lockf': 1, 'alpha': 1, 'epochs': 50, 'sample': 0, 'word2vec_params': {'hs': 1, 'negative': 0}}",
        "words = [f'word{number}' for number in range(500)]; X = list(zip(words, words[1:] + words[:1])) * 3; "
        "source = arrays(words, np.eye(500)); params = {'alpha': 1, 'sample': 0}",
        "source = None; params = {'window': 10_000, 'word2vec_params': {'negative': 10_000}}",
        "X = [['one']] * 30; source = None",
        "X = TOKENS * 200 + [['unseen'], []] * 30_000; params = {'min_count': 10**6}",
    ],
)
@pytest.mark.parametrize("sg", [0, 1])
def test_an_extreme_that_is_allowed_trains_finite_vectors(change, sg):
    assert outcome(change, sg=sg) == "fitted"


def test_a_model_and_its_vectors_still_train_in_gensim_afterwards():
    model = Word2Vec(TOKENS, vector_size=5, min_count=1, workers=1)
    assert isinstance(model.wv, KeyedVectors)
    PretrainedWord2VecTransformer(model, epochs=1).fit(TOKENS)
    model.train(TOKENS, total_examples=len(TOKENS), epochs=1)
    assert np.isfinite(PretrainedVectors.from_word2vec(model).rows(WORDS)).all()


@pytest.mark.parametrize("n_jobs", [1, 2, 3])
def test_an_exception_in_training_propagates_and_leaves_no_threads(tokens, n_jobs):
    n_threads = threading.active_count()
    with pytest.raises(BrokenError):
        PretrainedWord2VecTransformer(epochs=1, n_jobs=n_jobs).fit(BreaksInTraining(tokens[:70]))
    assert threading.active_count() == n_threads


def test_several_threads_train_as_well_as_one(tokens, keyed_vectors):
    one, two = (
        PretrainedWord2VecTransformer(keyed_vectors, epochs=5, window=5, n_jobs=n_jobs, random_state=3, fallback_size=0)
        .fit(tokens)
        .moved_words(None)
        for n_jobs in (None, 2)
    )
    is_frequent, cosine_of_two = one.count >= 5, dict(zip(two.word, two.cosine, strict=True))
    words, by_one = one.word[is_frequent], one.cosine[is_frequent]
    by_two = np.array([cosine_of_two[word] for word in words])
    has_moved = by_one < 0.99
    assert has_moved.sum() > 100
    np.testing.assert_allclose(by_two[has_moved], by_one[has_moved], atol=0.02)


INTERRUPTED = """
import os, signal, sys, threading
from sk_w2v import PretrainedWord2VecTransformer

def interrupt():
    os.kill(os.getpid(), signal.SIGINT)

documents = [[str(i % 977) for i in range(1000)]] * 2000
w2v = PretrainedWord2VecTransformer(epochs=50, n_jobs=int(sys.argv[1]))
timer = threading.Timer(2, interrupt)
timer.start()
try:
    w2v.fit(documents)
except KeyboardInterrupt:
    timer.join()
    print("interrupted", threading.active_count(), hasattr(w2v, "n_iter_"))
"""


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_ctrl_c_stops_fit_and_leaves_no_threads(n_jobs):
    done = run_python(INTERRUPTED, n_jobs)
    assert (done.stdout, done.returncode) == ("interrupted 1 False\n", 0), done.stderr
