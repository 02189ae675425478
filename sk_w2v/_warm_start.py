"""Token lists + pretrained rows → trained vectors; the only module that trains.

The model holds the words of the documents and nothing else: words that only the pretrained source knows would never
move, and would take most of the negative samples (gensim's ``build_vocab(update=True)`` adds them with count 1 each).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np
from gensim.models import Word2Vec
from gensim.models.callbacks import CallbackAny2Vec
from numpy.typing import NDArray

from ._rows import WordRows
from ._vocabulary import MAX_TOKENS, Corpus, check_passes
from ._warnings import warn

JOBS_A_THREAD = 2

Documents = Iterable[Sequence[str]]
Job = tuple[list[Sequence[str]], float] | None
Lockf = float | str | Mapping[str, float]


@dataclass(frozen=True)
class Training:
    """How to train."""

    epochs: int
    lockf: Lockf
    n_threads: int
    word2vec_params: Mapping[str, Any]
    """gensim's own, among them vector_size, sg and seed."""
    before_epoch: Callable[[], None]
    after_epoch: Callable[[int, WordRows], bool]
    """Called with how many epochs are done, and with the rows themselves, which change as training goes on. Training
    ends early where it returns true."""


def train(documents: Documents, corpus: Corpus, start: WordRows, training: Training) -> tuple[WordRows, int]:
    """Train word2vec on documents, from pretrained rows where there are some.

    Parameters
    ----------
    documents : iterable of sequences of str
        Token lists; read once an epoch.
    corpus : Corpus
        Their counts, cut to the words of the model.
    start : WordRows
        The rows to begin from. Other words begin at random, as in gensim.
    training : Training
        The options.

    Returns
    -------
    WordRows
        The words, the most frequent first, and their trained rows.
    int
        The epochs that were run. Where they are fewer than was asked for, the learning rate is still that of all.

    Raises
    ------
    ValueError
        If the documents change between passes, or training cannot work with what is left of the words.
    """
    model = _Word2Vec(workers=training.n_threads, min_count=1, **training.word2vec_params)
    model.build_vocab_from_freq(corpus.counts, corpus_count=corpus.n_chunks)
    if model.hs and len(model.wv) < 2:
        raise ValueError("Hierarchical softmax (hs=1) needs at least two words, the documents have one. Use hs=0.")
    _warm_up(model, start, training.lockf)
    chunks, epochs = _Chunks(documents, corpus.n_chunks), _Epochs(training)
    with suppress(_StoppedError):
        model.train(chunks, total_examples=corpus.n_chunks, epochs=training.epochs, callbacks=[epochs])
    return _rows_of(model), epochs.n_done


def _rows_of(model: Word2Vec) -> WordRows:
    return WordRows(model.wv.index_to_key, model.wv.vectors)


def _warm_up(model: Word2Vec, start: WordRows, lockf: Lockf) -> None:
    """Copy the pretrained rows into the model and lock them by ``lockf``.

    In place, since gensim trusts the address, dtype and length of these arrays (#3094): of another kind they train
    wrong rows or end the process.
    """
    index = model.wv.key_to_index
    kept = [row for row, word in enumerate(start.words) if word in index]
    words = [start.words[row] for row in kept]
    rows = [index[word] for word in words]
    model.wv.vectors[rows] = start.vectors[kept]
    model.wv.vectors_lockf = np.ones(len(index), np.float32)
    model.wv.vectors_lockf[rows] = lock_factors(lockf, words, model.wv.expandos["count"][rows])
    if start.output_layer is not None and model.negative:
        model.syn1neg[rows] = start.output_layer[kept]


def lock_factors(lockf: Lockf, words: Sequence[str], counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """The factor, one a word, by which training moves a pretrained row: 0 not at all, 1 as any other row."""
    if isinstance(lockf, str):
        return counts / (counts + 5)
    if isinstance(lockf, Mapping):
        return np.array([lockf.get(word, 1.0) for word in words], float)
    return np.full(len(words), lockf, float)


def check_locks(corpus: Corpus, start: WordRows, lockf: Lockf) -> None:
    locked = [word for word in start.words if word in corpus.counts]
    if len(locked) == len(corpus.counts):
        counts = np.array([corpus.counts[word] for word in locked])
        if not lock_factors(lockf, locked, counts).any():
            warn(
                "Every word has a pretrained vector and lockf=0 holds it there, so that 'epochs' changes nothing. "
                "Use a larger lockf, or output='pretrained', which does not train."
            )


class _Chunks:
    """Documents in pieces that gensim does not cut off; they may be read any number of times."""

    def __init__(self, documents: Documents, n_chunks: int) -> None:
        self._documents = documents
        self._n_chunks = n_chunks

    def __iter__(self) -> Iterator[Sequence[str]]:
        n_chunks = 0
        for document in self._documents:
            for start in range(0, len(document) or 1, MAX_TOKENS):
                yield document[start : start + MAX_TOKENS] if len(document) > MAX_TOKENS else document
                n_chunks += 1
        check_passes(self._n_chunks, n_chunks)


class _StoppedError(Exception):
    """Ends training from within gensim's loop over the epochs, which has no other end; no thread runs between them."""


class _Epochs(CallbackAny2Vec):
    def __init__(self, training: Training) -> None:
        self._training = training
        self.n_done = 0

    def on_epoch_begin(self, model: Word2Vec) -> None:
        self._training.before_epoch()

    def on_epoch_end(self, model: Word2Vec) -> None:
        self.n_done += 1
        if self._training.after_epoch(self.n_done, _rows_of(model)):
            raise _StoppedError


class _Word2Vec(Word2Vec):
    """gensim's Word2Vec with its jobs run by us.

    gensim's own ``_train_epoch`` waits for ever when a worker thread dies, and leaves threads that go on changing
    the weights after Ctrl-C. Here one thread is the calling thread, bit-identical to ``workers=1``, and more are a
    pool that is joined before anything is raised.
    """

    def _train_epoch(
        self,
        data_iterable: Documents,
        cur_epoch: int = 0,
        total_examples: int | None = None,
        total_words: int | None = None,
        **kwargs: Any,
    ) -> tuple[int, int, int]:
        tallies: list[tuple[int, int]] = []
        with (_in_this_thread if self.workers == 1 else _in_pool)(self, tallies) as put:
            self._job_producer(data_iterable, SimpleNamespace(put=put), cur_epoch, total_examples, total_words)
        return sum(effective for effective, _ in tallies), sum(raw for _, raw in tallies), len(tallies)


@contextmanager
def _in_this_thread(model: _Word2Vec, tallies: list[tuple[int, int]]) -> Iterator[Callable[[Job], None]]:
    """Give what stands for ``Queue.put``: a function that runs a job at once."""
    memory = model._get_thread_working_mem()

    def put(job: Job) -> None:
        if job is not None:
            tallies.append(model._do_train_job(*job, memory))

    yield put


@contextmanager
def _in_pool(model: _Word2Vec, tallies: list[tuple[int, int]]) -> Iterator[Callable[[Job], None]]:
    """Give what stands for ``Queue.put``: a function that hands a job to one of the model's threads."""
    running: set[Future[tuple[int, int]]] = set()

    def collect(until: str) -> None:
        done, _ = wait(running, return_when=until)
        running.difference_update(done)
        tallies.extend(future.result() for future in done)

    def put(job: Job) -> None:
        if job is not None:
            if len(running) == JOBS_A_THREAD * model.workers:
                collect(FIRST_COMPLETED)
            documents, alpha = job
            running.add(pool.submit(model._do_train_job, documents, alpha, model._get_thread_working_mem()))

    with ThreadPoolExecutor(model.workers) as pool:
        try:
            yield put
            collect(ALL_COMPLETED)
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise
