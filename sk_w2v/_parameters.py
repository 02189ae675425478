"""What each parameter of the estimator may be, or an error that says so, and what it comes to."""

import inspect
import math
from collections.abc import Callable, Iterable, Mapping, Set, Sized
from difflib import get_close_matches
from numbers import Integral, Real
from typing import Any

import joblib
import numpy as np
from gensim.models import Word2Vec
from sklearn.utils import check_random_state

from ._pooling import POOLINGS
from ._vocabulary import MAX_TOKENS

ESTIMATOR = "PretrainedWord2VecTransformer"
OUTPUTS = {"tuned": ("tuned",), "pretrained": ("pretrained",), "both": ("tuned", "pretrained")}

AUTO_TOKENS = 5e6
AUTO_EPOCHS = (5, 50)

# Beyond these gensim's float32 can overflow, and a NaN in its training ends the process.
MAX_LOCKF = 1000
MAX_ALPHA = 1

OURS = {"vector_size", "window", "alpha", "min_count", "sg", "epochs"}
NOT_YOURS = {
    "sentences": "pass the documents to fit",
    "corpus_file": "pass the documents to fit",
    "workers": "use n_jobs",
    "seed": "use random_state",
    "callbacks": "use verbose",
    "sorted_vocab": "the order of the words is part of the result",
    "trim_rule": "use min_count or vocabulary",
    "max_vocab_size": "use min_count or vocabulary",
    "null_word": "it would be trained as a word of the documents",
}
WORD2VEC_NAMES = set(inspect.signature(Word2Vec.__init__).parameters) - {"self"} - OURS - set(NOT_YOURS)


def check_parameters(parameters: Mapping[str, Any]) -> None:
    """Raise ValueError at the first parameter that is not what it must be."""
    for name, (is_valid, expected) in _RULES.items():
        if not is_valid(parameters[name]):
            raise ValueError(_message(name, expected, parameters[name]))
    _check_word2vec_params(parameters["word2vec_params"] or {})
    if parameters["pretrained"] is None and parameters["output"] == "pretrained":
        expected = "'tuned' or 'both' where pretrained is None, since there are no untuned vectors"
        raise ValueError(_message("output", expected, parameters["output"]))


def output_names(output: str, pretrained: Any) -> tuple[str, ...]:
    """The outputs that go side by side: of ``"both"``, without pretrained vectors, the tuned ones alone."""
    return ("tuned",) if pretrained is None else OUTPUTS[output]


def n_epochs(epochs: int | str, n_tokens: int) -> int:
    """The number of passes: ``clip(round(5e6 / n_tokens), 5, 50)`` for ``"auto"``."""
    if isinstance(epochs, str):
        return int(np.clip(round(AUTO_TOKENS / n_tokens), *AUTO_EPOCHS))
    return int(epochs)


def n_threads(n_jobs: int | None) -> int:
    """The number of threads, counted as joblib does: None is 1, -1 all processors."""
    if n_jobs is None:
        return 1
    return int(n_jobs) if n_jobs > 0 else max(1, int(joblib.cpu_count()) + 1 + int(n_jobs))


def seed(random_state: Any) -> int:
    """The seed for gensim: an int as it is, a draw from a ``RandomState`` or, for None, from NumPy's global one."""
    if isinstance(random_state, Integral):
        return int(random_state)
    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


def ordered_words(vocabulary: Any) -> list[str] | None:
    """The words of a fixed vocabulary in the order of their rows, as ``CountVectorizer`` takes it."""
    if vocabulary is None:
        return None
    if isinstance(vocabulary, Mapping):
        return sorted(vocabulary, key=vocabulary.__getitem__)
    return sorted(vocabulary) if isinstance(vocabulary, Set) else list(vocabulary)


def _message(name: str, expected: str, value: Any) -> str:
    return f"The {name!r} parameter of {ESTIMATOR} must be {expected}. Got {value!r:.100} instead."


def _is_int(value: Any, low: float, high: float = math.inf) -> bool:
    return isinstance(value, Integral) and not isinstance(value, bool) and bool(low <= int(value) <= high)


def _is_real(value: Any, low: float, high: float) -> bool:
    is_real = isinstance(value, Real) and not isinstance(value, bool)
    return is_real and low <= value <= high  # false for NaN


def _is_lockf(value: Any) -> bool:
    if isinstance(value, Mapping):
        return all(isinstance(word, str) and _is_real(factor, 0, MAX_LOCKF) for word, factor in value.items())
    return value == "frequency" if isinstance(value, str) else _is_real(value, 0, MAX_LOCKF)


def _is_vocabulary(value: Any) -> bool:
    if value is None:
        return True
    if isinstance(value, str | bytes) or not isinstance(value, Sized) or not isinstance(value, Iterable):
        return False
    if isinstance(value, Mapping):
        rows = list(value.values())
        if not all(isinstance(row, Integral) for row in rows) or len(set(rows)) < len(rows):
            return False
    words = [] if getattr(value, "shape", None) == () else list(value)
    return bool(words) and all(isinstance(word, str) for word in words) and len(set(words)) == len(words)


def _is_pooling(value: Any) -> bool:
    names = value if isinstance(value, tuple | list) else (value,)
    is_known = bool(names) and all(isinstance(name, str) and name in POOLINGS for name in names)
    return is_known and len(set(names)) == len(names)


def _are_constants(value: Any) -> bool:
    if not isinstance(value, Mapping):
        return value is None
    return all(name in _CONSTANTS and _CONSTANTS[name](constant) for name, constant in value.items())


def _is_random_state(value: Any) -> bool:
    if isinstance(value, Integral):
        return _is_int(value, 0, 2**32 - 1)
    return value is None or value is np.random or isinstance(value, np.random.RandomState)


_CONSTANTS: dict[str, Callable[[Any], bool]] = {
    "a": lambda value: _is_real(value, 0, 1e6) and value > 0,
    "m": lambda value: _is_int(value, 0),
    "k": lambda value: _is_int(value, 1),
}
_CONSTANTS_EXPECTED = "'a' (sif) a float above 0, 'm' (usif) an int of 0 or more, 'k' (vlad) an int of 1 or more"

_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "lockf": (
        _is_lockf,
        f"a float in the range [0, {MAX_LOCKF}], 'frequency' or a dict of word to such a float",
    ),
    "epochs": (
        lambda value: value == "auto" if isinstance(value, str) else _is_int(value, 1),
        "an int in the range [1, inf) or 'auto'",
    ),
    "sg": (lambda value: isinstance(value, Integral) and value in (0, 1), "0 (CBOW) or 1 (skip-gram)"),
    "window": (lambda value: _is_int(value, 1, MAX_TOKENS), f"an int in the range [1, {MAX_TOKENS}]"),
    "alpha": (lambda value: _is_real(value, 0, MAX_ALPHA) and value > 0, f"a float in the range (0, {MAX_ALPHA}]"),
    "min_count": (lambda value: _is_int(value, 1), "an int in the range [1, inf)"),
    "vector_size": (lambda value: _is_int(value, 1, 10**5), "an int in the range [1, 100000]"),
    "vocabulary": (
        _is_vocabulary,
        "None, or one or more distinct str: a list, a set or a dict to distinct int",
    ),
    "analyzer": (lambda value: value == "word" if isinstance(value, str) else callable(value), "'word' or a callable"),
    "output": (lambda value: isinstance(value, str) and value in OUTPUTS, "'tuned', 'pretrained' or 'both'"),
    "pooling": (_is_pooling, f"one of {[*POOLINGS]}, or a tuple of several of them"),
    "pooling_params": (_are_constants, f"None or a dict of constants of poolings: {_CONSTANTS_EXPECTED}"),
    "fallback_size": (lambda value: value is None or _is_int(value, 0), "an int in the range [0, inf) or None"),
    "n_jobs": (lambda value: value is None or (_is_int(value, -math.inf) and value != 0), "None or an int but 0"),
    "random_state": (_is_random_state, "None, an int in the range [0, 2**32 - 1] or a numpy.random.RandomState"),
    "verbose": (lambda value: isinstance(value, Integral) and int(value) >= 0, "an int in the range [0, inf)"),
    "word2vec_params": (
        lambda value: value is None or isinstance(value, Mapping),
        "None or a dict of arguments of gensim.models.Word2Vec",
    ),
}

_WORD2VEC_RULES: dict[str, tuple[Callable[[Any], bool], str]] = {
    "negative": (lambda value: _is_int(value, 0, 10**4), "an int in the range [0, 10000]"),
    "hs": (lambda value: isinstance(value, Integral) and value in (0, 1), "0 or 1"),
    "cbow_mean": (lambda value: isinstance(value, Integral) and value in (0, 1), "0 or 1"),
    "sample": (lambda value: _is_real(value, 0, 1e12), "a float in the range [0, 1e12]"),
    "ns_exponent": (lambda value: _is_real(value, -10, 10), "a float in the range [-10, 10]"),
    "min_alpha": (lambda value: _is_real(value, 0, MAX_ALPHA), f"a float in the range [0, {MAX_ALPHA}]"),
    # gensim's buffers hold 10,000 documents and tokens: with larger jobs it drops documents or ends the process.
    "batch_words": (lambda value: _is_int(value, 1, MAX_TOKENS), f"an int in the range [1, {MAX_TOKENS}]"),
    "max_final_vocab": (lambda value: value is None or _is_int(value, 1), "None or an int in the range [1, inf)"),
}


def _check_word2vec_params(params: Mapping[str, Any]) -> None:
    for name, value in params.items():
        if name not in WORD2VEC_NAMES:
            raise ValueError(_unknown_argument(name))
        is_valid, expected = _WORD2VEC_RULES.get(name, (lambda value: True, ""))
        if not is_valid(value):
            raise ValueError(_message("word2vec_params", f"a dict in which {name!r} is {expected}", value))
    if not params.get("negative", 5) and not params.get("hs", 0):
        expected = "a dict with negative or hs above 0, since nothing would be trained"
        raise ValueError(_message("word2vec_params", expected, dict(params)))


def _unknown_argument(name: Any) -> str:
    if name in OURS:
        hint = f"It is a parameter of {ESTIMATOR} itself"
    elif name in NOT_YOURS:
        hint = f"It cannot be set: {NOT_YOURS[name]}"
    else:
        close = get_close_matches(str(name), WORD2VEC_NAMES, 1)
        hint = f"gensim's Word2Vec has no such argument{f'; did you mean {close[0]!r}?' if close else ''}"
    return f"The 'word2vec_params' parameter of {ESTIMATOR} must not name {name!r}. {hint}."
