"""What is stored of an estimator: plain arrays and settings, and the versions that wrote them."""

import inspect
import os
import re
from collections.abc import Mapping
from typing import Any

import gensim
import numpy as np
import sklearn
from sklearn.exceptions import InconsistentVersionWarning

from ._pooling import Block
from ._rows import First, Subwords, pack_words, unpack_words
from ._warnings import warn

FORMAT = 1
"""To be raised when a state can no longer be read as before. Format 0 is 1 without versions."""

FITTED = (
    "_row_of",
    "_fallback",
    "_tables",
    "_blocks",
    "counts_",
    "vector_size_",
    "n_iter_",
    "coverage_",
    "_missing",
    "_n_documents",
    "_subwords",
)

State = dict[str, Any]


def pack(state: Mapping[str, Any]) -> State:
    """Make the attributes of an estimator plain.

    A path becomes a string, since a ``PosixPath`` cannot be loaded on Windows, nor the other way round.
    """
    packed = {**state, "_format": FORMAT, "_versions": _versions()}
    if isinstance(packed.get("pretrained"), os.PathLike):
        packed["pretrained"] = os.fspath(packed["pretrained"])
    if "_row_of" in state:
        words, rows = state["_fallback"]
        packed["_row_of"], packed["_fallback"] = pack_words(state["_row_of"]), (pack_words(words), rows)
        packed["_subwords"] = tuple(state["_subwords"]) if state["_subwords"] else None
        packed["_blocks"] = [tuple(block) for block in state["_blocks"]]
    return packed


def unpack(state: Any, of: type) -> State:
    """Turn what :func:`pack` gave into the attributes of an estimator, of this version or an earlier one.

    Parameters
    ----------
    state : dict
        The stored state.
    of : type
        The estimator's class, whose parameters tell what belongs to the state.

    Returns
    -------
    dict
        The attributes.

    Raises
    ------
    ValueError
        If it is no state of such an estimator, or is not whole, or of a later format.

    Warns
    -----
    UserWarning
        If a later version of this project wrote it.
    InconsistentVersionWarning
        If another version of scikit-learn wrote it: its text functions split the documents.
    """
    if not isinstance(state, dict) or "pretrained" not in state:
        raise ValueError(f"Expected a stored state of {of.__name__}. Got {state!r:.60} instead.")
    if "_outputs" in state:
        state = _with_blocks(state)
    versions = state.get("_versions", {})
    _check_versions(versions, state.get("_format", 0), of.__name__)
    parameters = {parameter.name: parameter.default for parameter in inspect.signature(of).parameters.values()}
    is_old = versions.get("sk_w2v") != _versions()["sk_w2v"]
    added = {name: value for name, value in parameters.items() if is_old and value is not inspect.Parameter.empty}
    attributes = {name: value for name, value in (added | state).items() if name not in ("_format", "_versions")}
    lacking = [name for name in parameters if name not in attributes]
    if any(name in state for name in FITTED):
        lacking += [name for name in FITTED if name not in state]
    if lacking:
        raise ValueError(f"The stored state of {of.__name__} is not whole: it lacks {', '.join(lacking)}.{_AGAIN}")
    return attributes | _fitted(state, of.__name__) if "_row_of" in state else attributes


def _with_blocks(state: State) -> State:
    """A state from before there were other poolings than the mean."""
    blocks: list[tuple[str, str, State]] = [(output, "mean", {}) for output in state["_outputs"]]
    added = {"_blocks": blocks, "_missing": [], "_n_documents": 0}
    return {name: value for name, value in (added | state).items() if name != "_outputs"}


_AGAIN = " Fit and store it again."


def _versions() -> dict[str, str]:
    from . import __version__

    return {
        "sk_w2v": __version__,
        "scikit-learn": sklearn.__version__,
        "gensim": gensim.__version__,
        "numpy": np.__version__,
    }


def _check_versions(stored: Mapping[str, str], format_: int, name: str) -> None:
    """Raise or warn where the difference matters; nothing of gensim's or NumPy's is in a state but arrays."""
    ours, current = stored.get("sk_w2v", "0"), _versions()
    if format_ > FORMAT:
        raise ValueError(
            f"This {name} was stored by sk_w2v {ours}, in a format that sk_w2v {current['sk_w2v']} does not know. "
            f"Load it with sk_w2v {ours} or later."
        )
    if _release(ours) > _release(current["sk_w2v"]):
        warn(
            f"This {name} was stored by sk_w2v {ours} and is loaded by the older {current['sk_w2v']}, whose results "
            f"may differ. Load it with sk_w2v {ours} or later."
        )
    theirs = stored.get("scikit-learn", sklearn.__version__)
    if _release(theirs)[:2] != _release(sklearn.__version__)[:2]:
        warn(
            InconsistentVersionWarning(
                estimator_name=name, current_sklearn_version=sklearn.__version__, original_sklearn_version=theirs
            )
        )


def _release(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)][:3]


def _fitted(state: State, name: str) -> State:
    """The fitted attributes that are stored in another form than they are used in."""
    try:
        _check_shapes(state)
        words, rows = state["_fallback"]
        return {
            "_row_of": unpack_words(*state["_row_of"]),
            "_fallback": First(unpack_words(*words), rows),
            "_subwords": Subwords(*state["_subwords"]) if state["_subwords"] else None,
            "_blocks": [Block(*block) for block in state["_blocks"]],
        }
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise ValueError(f"The stored state of {name} is damaged ({error}).{_AGAIN}") from error


def _check_shapes(state: State) -> None:
    """Raise unless each word has what belongs to it."""
    size, words, (first_words, first_rows) = state["vector_size_"], state["_row_of"], state["_fallback"]
    for text, lengths in (words, first_words):
        if len(text) != lengths.sum():
            raise ValueError(f"words of {lengths.sum()} characters in a text of {len(text)}")
    n_words = len(words[1])
    expected = [((len(first_words[1]), size), first_rows), ((n_words,), state["counts_"])]
    for output in {output for output, _, _ in state["_blocks"]}:
        vectors, has_vector = state["_tables"][output]
        expected += [((n_words, size), vectors), ((n_words,), has_vector)]
    for shape, array in expected:
        if array.shape != shape:
            raise ValueError(f"an array of shape {array.shape} instead of {shape}")
