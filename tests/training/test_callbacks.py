"""Epochs as tasks of scikit-learn's callbacks: what they are told, what they can stop, and what is without them."""

import re
import threading
from importlib.util import find_spec

import numpy as np
import pytest
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline

from sk_w2v import PretrainedWord2VecTransformer
from sk_w2v.training._callbacks import seconds

from helpers import GENSIM, run_python

with_callbacks = pytest.mark.skipif(find_spec("sklearn.callback") is None, reason="scikit-learn 1.9 has callbacks")

TOKENS = [["tea", "cup", "pot"], ["tree", "leaf", "root"]] * 20
LABELS = [0, 1] * 20
SETTINGS = GENSIM | {"sample": 0}


class Recorder:
    """Writes down what it is told."""

    def __init__(self):
        self.told = []

    def setup(self, estimator, context):
        self.told.append("setup")

    def on_fit_task_begin(self, estimator, context):
        self.told.append(f"begin {context.task_name} {context.task_id} of {context.max_subtasks}")

    def on_fit_task_end(self, estimator, context):
        self.told.append(f"end {context.task_name} {context.task_id}")

    def teardown(self, estimator, context):
        self.told.append("teardown")


class Stop(Recorder):
    """Stops training after some epochs; goes down to the estimators inside of a search."""

    max_propagation_depth = None

    def __init__(self, after):
        super().__init__()
        self.after = after

    def on_fit_task_end(self, estimator, context):
        super().on_fit_task_end(estimator, context)
        return context.task_name == "epoch" and context.task_id + 1 == self.after


class Transforms(Recorder):
    """Transforms what it is given with the estimator that it is given."""

    def on_fit_task_end(self, estimator, context, *, X, y, fitted_estimator):
        self.told.append((context.task_name, y, fitted_estimator.n_iter_, fitted_estimator.transform(X)))


class Raises(Recorder):
    def on_fit_task_end(self, estimator, context):
        raise RuntimeError(f"after epoch {context.task_id}")


class Keep(CallbackAny2Vec):
    """Keeps the rows as they are after an epoch."""

    def __init__(self, after):
        self.remaining = after

    def on_epoch_end(self, model):
        self.remaining -= 1
        if not self.remaining:
            self.rows = model.wv.vectors.copy()


def transformer(callback=None, **params):
    params = {"vector_size": 5, "epochs": 3, "random_state": 0, **SETTINGS} | params
    made = PretrainedWord2VecTransformer(**params)
    return made.set_callbacks(callback) if callback else made


@with_callbacks
@pytest.mark.parametrize("method", ["fit", "fit_transform"])
def test_a_fit_is_a_task_and_its_epochs_are_tasks_below_it(method):
    recorder = Recorder()
    getattr(transformer(recorder), method)(TOKENS)
    epochs = [line for epoch in range(3) for line in (f"begin epoch {epoch} of 0", f"end epoch {epoch}")]
    assert recorder.told == ["setup", "begin fit 0 of 3", *epochs, "end fit 0", "teardown"]


@with_callbacks
def test_without_training_there_are_no_epochs(glove_path):
    recorder = Recorder()
    transformer(recorder, pretrained=str(glove_path), vector_size=None, output="pretrained").fit(TOKENS)
    assert recorder.told == ["setup", "begin fit 0 of 0", "end fit 0", "teardown"]


@with_callbacks
@pytest.mark.parametrize("sg", [0, 1])
def test_a_callback_stops_training_and_the_learning_rate_stays_that_of_all_epochs(sg):
    kept = Keep(after=2)
    by_hand = Word2Vec(vector_size=5, min_count=1, seed=0, workers=1, sg=sg, **SETTINGS)
    by_hand.build_vocab(TOKENS)
    by_hand.train(TOKENS, total_examples=len(TOKENS), epochs=5, callbacks=[kept])
    stopped = transformer(Stop(after=2), epochs=5, sg=sg).fit(TOKENS)
    assert stopped.n_iter_ == 2
    assert list(stopped.vocabulary_) == by_hand.wv.index_to_key
    np.testing.assert_array_equal(stopped.vectors_, kept.rows)
    assert (stopped.vectors_ != by_hand.wv.vectors).all()
    assert (stopped.vectors_ != transformer(epochs=2, sg=sg).fit(TOKENS).vectors_).any()


@with_callbacks
def test_stopping_is_told_like_any_other_end():
    stop = Stop(after=1)
    vectors = transformer(stop, epochs=5).fit_transform(TOKENS)
    told = ["setup", "begin fit 0 of 5", "begin epoch 0 of 0", "end epoch 0", "end fit 0", "teardown"]
    assert stop.told == told
    np.testing.assert_array_equal(vectors, transformer(Stop(after=1), epochs=5).fit(TOKENS).transform(TOKENS))


@with_callbacks
def test_stopping_after_the_last_epoch_changes_nothing():
    stopped = transformer(Stop(after=3)).fit(TOKENS)
    assert stopped.n_iter_ == 3
    np.testing.assert_array_equal(stopped.vectors_, transformer().fit(TOKENS).vectors_)


@with_callbacks
def test_stopping_several_threads_leaves_none_of_them(documents):
    before = threading.active_count()
    stopped = transformer(Stop(after=1), epochs=20, n_jobs=2).fit(documents)
    assert threading.active_count() == before
    assert stopped.n_iter_ == 1
    assert np.isfinite(stopped.vectors_).all()


@with_callbacks
def test_a_callback_may_use_the_estimator_as_if_training_had_stopped():
    seen = Transforms()
    fitted = transformer(seen, output="tuned").fit(iter(TOKENS), LABELS)
    tasks = [task for task in seen.told if isinstance(task, tuple)]
    assert [(name, y, n_iter) for name, y, n_iter, _ in tasks] == [
        *(("epoch", LABELS, n_iter) for n_iter in (1, 2, 3)),
        ("fit", LABELS, 3),
    ]
    for n_iter, (*_, vectors) in enumerate(tasks[:3], 1):
        np.testing.assert_array_equal(vectors, transformer(Stop(after=n_iter)).fit(TOKENS).transform(TOKENS))
    np.testing.assert_array_equal(tasks[3][3], fitted.transform(TOKENS))
    assert (tasks[0][3] != tasks[1][3]).all()


@with_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_error_in_a_callback_is_raised_and_leaves_no_thread_and_no_half_fitted_estimator(documents, n_jobs):
    before = threading.active_count()
    raises = Raises()
    w2v = transformer(raises, n_jobs=n_jobs)
    with pytest.raises(RuntimeError, match=r"^after epoch 0$"):
        w2v.fit(documents)
    assert threading.active_count() == before
    assert raises.told[-1] == "teardown"
    assert [name for name in vars(w2v) if name.endswith("_") or name.startswith("_")] == ["_skl_callbacks"]


@with_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_callback_stops_training_inside_of_a_search(n_jobs):
    search = GridSearchCV(
        make_pipeline(transformer(), LogisticRegression()),
        {"pretrainedword2vectransformer__epochs": [5, 6]},
        cv=2,
        n_jobs=n_jobs,
        error_score="raise",
    )
    search.set_callbacks(Stop(after=2)).fit(TOKENS, LABELS)
    best = search.best_estimator_[0]
    assert best.n_iter_ == 2
    np.testing.assert_array_equal(best.vectors_, transformer(Stop(after=2), epochs=best.epochs).fit(TOKENS).vectors_)


PROGRESS = """
from sklearn.callback import ProgressBar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import make_pipeline
from sk_w2v import PretrainedWord2VecTransformer

w2v = PretrainedWord2VecTransformer(vector_size=5, epochs=3, random_state=0)
model = make_pipeline(w2v, LogisticRegression())
grid = {"pretrainedword2vectransformer__epochs": [2, 3]}
search = GridSearchCV(model, grid, cv=2, n_jobs=N_JOBS)
search.set_callbacks(ProgressBar(max_propagation_depth=None))
search.fit([["tea", "cup"], ["tree", "leaf"]] * 20, [0, 1] * 20)
"""


@with_callbacks
@pytest.mark.parametrize("n_jobs", [1, 2])
def test_progress_bars_nest_under_a_search(n_jobs, monkeypatch):
    pytest.importorskip("rich")
    monkeypatch.setenv("COLUMNS", "200")
    code = PROGRESS.replace("N_JOBS", str(n_jobs))
    done = run_python(code)
    assert (done.returncode, done.stderr) == (0, "")
    bars = [line for line in done.stdout.splitlines() if "PretrainedWord2VecTransformer - fit #0" in line]
    assert len(bars) == 2 * 2 + 1
    assert all("100%" in bar for bar in bars)
    assert {len(bar) - len(bar.lstrip()) for bar in bars} == {4, 6}  # the refit, and the fits of the candidates


WITHOUT = """
import sys
import numpy as np
import sklearn.feature_extraction.text, sklearn.pipeline
from sklearn.base import clone
sys.modules["sklearn.callback"] = None  # importing it raises ImportError, as before scikit-learn 1.9
from sk_w2v import PretrainedWord2VecTransformer
from sk_w2v.training import _callbacks

assert _callbacks.CallbackSupportMixin.__module__ == "sk_w2v.training._callbacks"
w2v = PretrainedWord2VecTransformer(vector_size=5, epochs=3, random_state=0, verbose=1, **SETTINGS)
documents = [["tea", "cup", "pot"], ["tree", "leaf", "root"]] * 20
vectors = w2v.fit_transform(documents)
assert not hasattr(w2v, "set_callbacks") and w2v.n_iter_ == 3
np.save(sys.argv[1], vectors)
assert (clone(w2v).fit(documents).transform(documents) == vectors).all()
"""


def test_before_scikit_learn_1_9_all_is_the_same_but_for_the_callbacks(tmp_path):
    path = tmp_path / "vectors.npy"
    done = run_python(WITHOUT.replace("**SETTINGS", f"**{SETTINGS}"), path)
    assert (done.returncode, done.stderr) == (0, "")
    told = [line for line in done.stdout.splitlines() if " epoch " in line]
    assert [re.sub(r": .* left$", "", line) for line in told] == [
        f"[PretrainedWord2VecTransformer] epoch {epoch} of 3" for epoch in (1, 2, 3)
    ] * 2
    np.testing.assert_array_equal(np.load(path), transformer().fit_transform(TOKENS))


@with_callbacks
def test_a_callback_that_uses_the_estimator_shifts_no_draw(documents):
    states = np.random.RandomState(3), np.random.RandomState(3)
    alone, watched = (
        transformer(callback, pooling="vlad", random_state=state).fit_transform(documents[:20])
        for callback, state in zip((None, Transforms()), states, strict=True)
    )
    np.testing.assert_array_equal(watched, alone)
    assert states[0].randint(10**9) == states[1].randint(10**9)


class Numbers(Recorder):
    """Keeps what it is told in numbers."""

    def on_fit_task_begin(self, estimator, context, *, metadata=None):
        self.told.append((f"begin {context.task_name}", metadata))

    def on_fit_task_end(self, estimator, context, *, metadata):
        self.told.append((f"end {context.task_name}", metadata))


@with_callbacks
def test_callbacks_are_told_the_numbers_that_are_printed(capsys, keyed_vectors):
    seen = Numbers()
    fitted = transformer(seen, pretrained=keyed_vectors, vector_size=None, verbose=1).fit(TOKENS)
    told = [line for line in seen.told if isinstance(line, tuple)]
    numbers = {"documents": 40, "tokens": 120, "words": 6, "coverage": fitted.coverage_}
    assert told[0] == ("begin fit", numbers)
    assert told[-1] == ("end fit", numbers)
    epochs = [metadata for task, metadata in told if task == "end epoch"]
    assert [(epoch["epoch"], epoch["n_epochs"]) for epoch in epochs] == [(1, 3), (2, 3), (3, 3)]
    assert all(epoch["seconds"] > 0 for epoch in epochs)
    assert epochs[0]["seconds_left"] == pytest.approx(2 * epochs[0]["seconds"])
    assert epochs[-1]["seconds_left"] == 0
    lines = capsys.readouterr().out.splitlines()
    last = f"epoch 3 of 3: {seconds(epochs[-1]['seconds'])}, 0.0 s left"
    assert lines[-1] == f"[PretrainedWord2VecTransformer] {last}"


def test_a_verbose_fit_says_what_it_found_and_how_long_it_takes(capsys, keyed_vectors):
    transformer(pretrained=keyed_vectors, vector_size=None, verbose=1).fit([*TOKENS, ["qzxv"]])
    time = r"\d+\.\d s"
    patterns = [
        "documents: 41, tokens: 121, words: 7",
        rf"source read in {time}: it has vectors for 99\.2% of the tokens and 85\.7% of the words",
        *(rf"epoch {epoch} of 3: {time}, {time} left" for epoch in (1, 2, 3)),
    ]
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(patterns)
    for line, pattern in zip(lines, patterns, strict=True):
        assert re.fullmatch(rf"\[PretrainedWord2VecTransformer\] {pattern}", line)


def test_without_a_source_nothing_is_said_of_one(capsys):
    transformer(verbose=1).fit(TOKENS)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "[PretrainedWord2VecTransformer] documents: 40, tokens: 120, words: 6"
    assert len(lines) == 4


@pytest.mark.parametrize("verbose", [0, False])
def test_a_fit_that_is_not_verbose_says_nothing(capsys, keyed_vectors, verbose):
    transformer(pretrained=keyed_vectors, vector_size=None, verbose=verbose).fit(TOKENS)
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(
    ("number", "written"),
    [(0, "0.0 s"), (0.44, "0.4 s"), (59.9, "59.9 s"), (59.96, "1 min 0 s"), (125, "2 min 5 s"), (4800, "1 h 20 min")],
)
def test_seconds_are_written_as_people_say_them(number, written):
    assert seconds(number) == written


class Lengths(Recorder):
    """Keeps how many documents and labels it is given."""

    def on_fit_task_end(self, estimator, context, *, X, y):
        self.told.append((len(X), len(y)))


@with_callbacks
def test_callbacks_are_given_the_documents_of_the_labels_without_the_extra_ones():
    seen = Lengths()
    transformer(seen).fit(TOKENS, LABELS, extra_documents=[["more"]] * 7)
    assert [line for line in seen.told if isinstance(line, tuple)] == [(len(TOKENS), len(LABELS))] * 4
