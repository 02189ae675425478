"""What is stored of an estimator: its parameters, plain arrays and settings, and the versions that wrote them."""

import inspect
import os
import re
from collections.abc import Mapping
from typing import Any

from sklearn.exceptions import InconsistentVersionWarning

from .._checks import warn
from ..pooling._poolings import Block, Scaling
from ._callables import restored, stored
from ._versions import versions
from ._words import FittedWords

# To be raised when a state can no longer be read as before.
FORMAT = 1

# The attributes that fit sets.
FITTED = (
    *("_words", "_blocks", "_n_documents", "_known_share"),
    *("coverage_", "output_", "n_iter_", "alpha_", "sample_", "window_"),
)

State = dict[str, Any]

_AGAIN = " Fit and store it again."


def pack(state: Mapping[str, Any]) -> State:
    """Make the attributes of an estimator plain.

    A path becomes a string, since a ``PosixPath`` cannot be loaded on Windows, nor the other way round.
    """
    packed = {**state, "_format": FORMAT, "_versions": versions()}
    packed["analyzer"] = stored(state["analyzer"])
    if isinstance(packed.get("pretrained"), os.PathLike):
        packed["pretrained"] = os.fspath(packed["pretrained"])
    if "_words" in state:
        for block in state["_blocks"]:
            block.check_maps()
        packed["_words"] = state["_words"].to_plain()
        packed["_blocks"] = [(*block[:3], block.scaling and tuple(block.scaling)) for block in state["_blocks"]]
    return packed


def unpack(state: Any, of: type) -> State:
    """Turn what :func:`pack` gave into the attributes of an estimator.

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
    _check_versions(state.get("_versions", {}), state.get("_format", 0), of.__name__)
    expected = [*inspect.signature(of).parameters, "_format", "_versions"]
    is_fitted = any(name in state for name in FITTED)
    if lacking := [name for name in [*expected, *(FITTED if is_fitted else ())] if name not in state]:
        raise ValueError(f"The stored state of {of.__name__} is not whole: it lacks {', '.join(lacking)}.{_AGAIN}")
    attributes = {name: value for name, value in state.items() if name not in ("_format", "_versions")}
    attributes["analyzer"] = restored(state["analyzer"])
    return attributes | _fitted(state, of.__name__) if is_fitted else attributes


def _block(output: str, pooling: str, learned: dict[str, Any], scaling: tuple[Any, Any] | None) -> Block:
    return Block(output, pooling, learned, None if scaling is None else Scaling(*scaling))


def _fitted(state: State, name: str) -> State:
    """The fitted attributes that are stored in another form than they are used in."""
    try:
        words = FittedWords.from_plain(state["_words"])
        blocks = [_block(*block) for block in state["_blocks"]]
        if not blocks or not 0 <= state["_known_share"] <= 1:
            raise ValueError("no columns, or no share of known tokens")
        for block in blocks:
            words.table(block.output, "transform")
            block.check(len(words), len(words.fallback_row_of), words.vector_size)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError) as error:
        raise ValueError(f"The stored state of {name} is damaged ({error}).{_AGAIN}") from error
    return {"_words": words, "_blocks": blocks}


def _check_versions(stored: Mapping[str, str], format_: int, name: str) -> None:
    """Raise or warn where the difference matters; nothing of gensim's or NumPy's is in a state but arrays."""
    current = versions()
    theirs, ours = stored.get("sk-w2v", "0"), current["sk-w2v"]
    if format_ > FORMAT:
        raise ValueError(
            f"This {name} was stored by sk_w2v {theirs}, in a format that sk_w2v {ours} does not know. "
            f"Load it with sk_w2v {theirs} or later."
        )
    if _release(theirs) > _release(ours):
        warn(
            f"This {name} was stored by sk_w2v {theirs} and is loaded by the older {ours}, whose results may differ. "
            f"Load it with sk_w2v {theirs} or later."
        )
    theirs, ours = stored.get("scikit-learn", current["scikit-learn"]), current["scikit-learn"]
    if _release(theirs)[:2] != _release(ours)[:2]:
        warn(
            InconsistentVersionWarning(
                estimator_name=name, current_sklearn_version=ours, original_sklearn_version=theirs
            )
        )


def _release(version: str) -> list[int]:
    return [int(number) for number in re.findall(r"\d+", version)][:3]
