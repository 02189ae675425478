"""gensim's Word2Vec with its jobs run by us: an error is raised, and no thread outlives a fit."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ALL_COMPLETED, FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

from gensim.models import Word2Vec

JOBS_A_THREAD = 2

Job = tuple[list[Sequence[str]], float] | None


class JobsWord2Vec(Word2Vec):
    """gensim's Word2Vec whose epochs run in this thread, or in a pool that is joined before anything is raised.

    gensim's own ``_train_epoch`` waits for ever when a worker thread dies, and leaves threads that go on changing the
    weights after Ctrl-C. One thread is the calling thread; its results are bit-identical to ``workers=1``.
    """

    def _train_epoch(
        self,
        data_iterable: Iterable[Sequence[str]],
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
def _in_this_thread(model: JobsWord2Vec, tallies: list[tuple[int, int]]) -> Iterator[Callable[[Job], None]]:
    """Give what stands for ``Queue.put``: a function that runs a job at once."""
    memory = model._get_thread_working_mem()

    def put(job: Job) -> None:
        if job is not None:
            tallies.append(model._do_train_job(*job, memory))

    yield put


@contextmanager
def _in_pool(model: JobsWord2Vec, tallies: list[tuple[int, int]]) -> Iterator[Callable[[Job], None]]:
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
