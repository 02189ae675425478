"""How to train: what the estimator's parameters come to, and which arguments of gensim may be set."""

import inspect
from collections.abc import Mapping
from difflib import get_close_matches
from numbers import Integral
from typing import Any, NamedTuple

import joblib
import numpy as np
from gensim.models import Word2Vec
from numpy.typing import NDArray
from sklearn.utils import check_random_state

from .._checks import NONE, Kind, check, choice, did_you_mean, either, real, whole
from ..text._chunks import MAX_TOKENS
from ..text._vocabulary import Corpus

AUTO_TOKENS = 1e7
AUTO_EPOCHS = (5, 50)
# Mean tokens of a document from which it is long, and below which it is short.
LONG, SHORT = 200, 12
# Fewer tokens than these are tuned on as short documents are.
FEW_TOKENS = 20_000
# Tokens of a document that training keeps on average, at least: a word needs context, and more of it where it begins at
# random.
KEPT, KEPT_FROM_SCRATCH = 5, 8
SAMPLES = (1e-5, 3e-5, 1e-4, 3e-4, 1e-3)

# Beyond these gensim's float32 can overflow, and a NaN in its training ends the process.
MAX_LOCKF = 1
MAX_ALPHA = 1
# More threads than any machine has.
MAX_JOBS = 10**4

OURS = {"vector_size", "window", "alpha", "sample", "min_count", "sg", "epochs"}
NOT_YOURS = {
    "sentences": "pass the documents to fit",
    "corpus_file": "pass the documents to fit",
    "workers": "use n_jobs",
    "seed": "use random_state",
    "callbacks": "use verbose, or set_callbacks of scikit-learn 1.9",
    "sorted_vocab": "the order of the words is part of the result",
    "trim_rule": "use min_count or vocabulary",
    "max_vocab_size": "use min_count or vocabulary",
    "null_word": "it would be trained as a word of the documents",
}
WORD2VEC_NAMES = set(inspect.signature(Word2Vec.__init__).parameters) - {"self"} - OURS - set(NOT_YOURS)

_KINDS = {
    "negative": whole(0, 10**4),
    "hs": choice(0, 1),
    "cbow_mean": choice(0, 1),
    "ns_exponent": real(-10, 10),
    "min_alpha": real(0, MAX_ALPHA),
    # gensim's buffers hold 10,000 documents and tokens: with larger jobs it drops documents or ends the process.
    "batch_words": whole(1, MAX_TOKENS),
    "max_final_vocab": either(NONE, whole(1)),
}


def _is_lockf(value: Any) -> bool:
    return isinstance(value, Mapping) and all(
        isinstance(word, str) and _FACTOR.is_valid(factor) for word, factor in value.items()
    )


_FACTOR = real(0, MAX_LOCKF)
LOCKF = either(_FACTOR, choice("frequency"), Kind("a dict of word to such a float", _is_lockf))
AUTO = choice("auto")
ALPHA = either(real(0, MAX_ALPHA, above=True), AUTO)
SAMPLE = either(real(0, 1e12), AUTO)
WINDOW = either(whole(1, MAX_TOKENS), AUTO)
EPOCHS = either(whole(1), AUTO)


def check_word2vec_params(params: Mapping[str, Any], caller: str) -> None:
    """Raise ValueError at an argument that gensim does not have or that is not for users, or at a bad value."""
    for name, value in params.items():
        if name not in WORD2VEC_NAMES:
            raise ValueError(
                f"The 'word2vec_params' parameter of {caller} must not name {name!r}. {_why_not(name, caller)}."
            )
        if name in _KINDS:
            check(value, name, _KINDS[name], "word2vec_params")
    trains = Kind("a dict with negative or hs above 0, since nothing would be trained", _trains)
    check(dict(params), "word2vec_params", trains, caller)


def _trains(params: Mapping[str, Any]) -> bool:
    return bool(params.get("negative", 5) or params.get("hs", 0))


def _why_not(name: Any, caller: str) -> str:
    if name in OURS:
        return f"It is a parameter of {caller} itself"
    if name in NOT_YOURS:
        return f"It cannot be set: {NOT_YOURS[name]}"
    return f"gensim's Word2Vec has no such argument{did_you_mean(get_close_matches(str(name), WORD2VEC_NAMES, 1))}"


class Settings(NamedTuple):
    """What follows from the length and the number of the documents unless it is given."""

    epochs: int
    alpha: float
    sample: float
    window: int


def choose_settings(given: Mapping[str, Any], corpus: Corpus, *, skip_gram: bool) -> Settings:
    """Return the settings that are given; those that are ``"auto"`` follow from the documents.

    ==================================================  ========  ===========  =================  ======  ======
    documents                                           epochs    alpha, CBOW  alpha, skip-gram   sample  window
    ==================================================  ========  ===========  =================  ======  ======
    long: 200 tokens or more on average                 2 passes  0.05         0.05               3e-5    40
    short: below 12, or below 20,000 tokens altogether  1 passes  0.05         0.025              1e-3    10
    others                                              1 passes  0.07         0.05               1e-5    20
    ==================================================  ========  ===========  =================  ======  ======

    where passes is ``clip(round(1e7 / n_tokens), 5, 50)``. ``sample`` is raised, to the first of ``SAMPLES`` by which
    training keeps ``KEPT`` tokens of a document on average, ``KEPT_FROM_SCRATCH`` without a source, or to the last.
    """
    n_tokens = corpus.n_tokens
    passes, mean_tokens = int(np.clip(round(AUTO_TOKENS / n_tokens), *AUTO_EPOCHS)), n_tokens / corpus.n_documents
    if mean_tokens >= LONG:
        chosen = Settings(2 * passes, 0.05, 3e-5, 40)
    elif mean_tokens < SHORT or n_tokens < FEW_TOKENS:
        chosen = Settings(passes, 0.025 if skip_gram else 0.05, 1e-3, 10)
    else:
        chosen = Settings(passes, 0.05 if skip_gram else 0.07, 1e-5, 20)
    n_kept = (KEPT_FROM_SCRATCH if given["pretrained"] is None else KEPT) * corpus.n_documents
    chosen = chosen._replace(sample=_sample(corpus.counts, chosen.sample, n_kept))
    numbers = {name: given[name] for name in Settings._fields if not isinstance(given[name], str)}
    return Settings(*(type(own)(numbers.get(name, own)) for name, own in chosen._asdict().items()))


def _sample(count_of: Mapping[str, int], least: float, n_kept: int) -> float:
    """The first sample, from the least one on, that keeps enough tokens; or the last."""
    counts = np.fromiter(count_of.values(), float, len(count_of))
    candidates = [sample for sample in SAMPLES if sample >= least]
    return next((sample for sample in candidates if _n_kept(counts, sample) >= n_kept), candidates[-1])


def _n_kept(counts: NDArray[np.float64], sample: float) -> float:
    """How many tokens word2vec's subsampling keeps, on average."""
    threshold = sample * counts.sum()
    return float(counts @ np.minimum((np.sqrt(counts / threshold) + 1) * threshold / counts, 1))


def n_threads(n_jobs: int | None) -> int:
    """Return the number of threads, counted as joblib does: None is 1, -1 all processors."""
    if n_jobs is None:
        return 1
    return int(n_jobs) if n_jobs > 0 else max(1, int(joblib.cpu_count()) + 1 + int(n_jobs))


def draw_seed(random_state: Any) -> int:
    """Return gensim's seed: an int as it is, a draw from a ``RandomState`` or, for None, from NumPy's global one."""
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))
