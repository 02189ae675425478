"""What several test files need: a small source, an estimator on it, documents that misbehave, whole messages."""

import os
import re
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from sk_w2v import PretrainedVectors, PretrainedWord2VecTransformer

NAME = "PretrainedWord2VecTransformer"
SOURCE = PretrainedVectors.from_arrays(["tea", "cup", "pot"], np.eye(3))
# Settings that do not follow from the documents: those that gensim itself has unless told otherwise.
GENSIM = {"alpha": 0.025, "sample": 1e-3, "window": 5}
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot"]
WORDS_OF_ANY_KIND = ["", "a b", "line\nend", "nul\0", "ünï", "🙂", "tab\t", "\ud800"]
NOT_FITTED = (
    f"This {NAME} instance is not fitted yet. Call 'fit' with appropriate arguments before using this estimator."
)
# Seconds after which a process or thread hangs. A busy machine may take its time.
PATIENCE = 300
NOTHING_HELPS = (
    "Nothing that was tried helps: another case, Unicode form or way of splitting, other digits or apostrophes, no "
    "punctuation or accents, a prefix or suffix. Check that the source is of the documents' language."
)
SPLIT_IT = (
    "Pass a function that splits text into words as analyzer: one that returns jieba.lcut(text) for Chinese (pip "
    "install jieba), pythainlp.word_tokenize for Thai, one around janome or fugashi for Japanese. Or pass token lists."
)


def estimator(pretrained=SOURCE, **params):
    """The transformer with one epoch and a fixed seed, unless told otherwise."""
    return PretrainedWord2VecTransformer(pretrained, **{"epochs": 1, "random_state": 0, **params})


def source_of(*words):
    """A source of some words, each with a vector of its own."""
    return PretrainedVectors.from_arrays(words, np.eye(len(words)))


def whole(message):
    """A pattern that matches this message and no other."""
    return f"^{re.escape(message)}\\Z"


def key_error(message):
    """A pattern that matches this message as a KeyError shows it."""
    return whole(repr(message))


def must_be(name, caller, expected, got):
    """The message about a value that a parameter does not take."""
    return f"The {name!r} parameter of {caller} must be {expected}. Got {got!r:.100} instead."


def shown(value):
    """A value as part of a test's name, the same in every process: no addresses, and sets in order."""
    if isinstance(value, set | frozenset):
        return f"{type(value).__name__}({sorted(value, key=repr)})"
    return re.sub(" at 0x[0-9a-fA-F]+", "", repr(value))


def each(rows):
    """Parameters of a test: a name and one of its values."""
    return [pytest.param(name, value, id=f"{name}-{shown(value):.30}") for name, *values in rows for value in values]


def run_python(code, *arguments, cwd=None, **environment):
    """Run code in a new process, in which a warning is an error."""
    command = [sys.executable, "-W", "error", "-c", code, *map(str, arguments)]
    environment = {**os.environ, **environment}
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, env=environment, cwd=cwd)


def at_once(call, n_threads=16):
    """What call(thread) returns in threads that begin together."""
    barrier = threading.Barrier(n_threads)

    def run(thread):
        barrier.wait(timeout=PATIENCE)
        return call(thread)

    with ThreadPoolExecutor(n_threads) as threads:
        return list(threads.map(run, range(n_threads)))


class Streamed:
    """Documents that have no length; each pass gives the next of some lists, the last one again and again."""

    def __init__(self, *passes):
        self._passes = list(passes)

    def __iter__(self):
        documents = self._passes.pop(0) if len(self._passes) > 1 else self._passes[0]
        yield from documents


class BrokenError(Exception):
    """An error that nobody else raises."""


class BreaksInTraining:
    """Documents that can be counted, but break when they are read again to train."""

    def __init__(self, documents):
        self._documents, self._n_passes = documents, 0

    def __iter__(self):
        self._n_passes += 1
        yield from self._documents
        if self._n_passes > 1:
            raise BrokenError("on purpose")
