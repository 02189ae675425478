"""What users pass, and how they are told: kinds of values, errors, warnings, packages that may be missing."""

import inspect
import math
import mmap
import warnings
from collections.abc import Callable, Iterable
from importlib import import_module
from numbers import Integral, Real
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

# Packages that may stand between the user's line and a warning; scikit-learn wraps ``fit_transform``.
NOT_THE_USER = frozenset({"sk_w2v", "sklearn", "joblib", "pickle", "skops"})
# Characters of a word that messages show.
SHOWN_LENGTH = 30

# Larger numbers overflow in gensim's training, and the NaN that follows ends the process (SIGSEGV).
MAX_MAGNITUDE = 1e6
# What is wrong with a row that has one.
UNUSABLE = f"has NaN, infinity or a number beyond ±{MAX_MAGNITUDE:.0e}"


class Kind(NamedTuple):
    """The values that a parameter takes: in words, and as a test."""

    expected: str
    is_valid: Callable[[Any], bool]


NONE = Kind("None", lambda value: value is None)


def whole(low: float, high: float = math.inf) -> Kind:
    """Whole numbers from ``low`` to ``high``, both included. A bool is none."""
    end = ", inf)" if math.isinf(high) else f", {high}]"
    start = "(-inf" if math.isinf(low) else f"[{low}"

    def is_valid(value: Any) -> bool:
        return isinstance(value, Integral) and not isinstance(value, bool) and bool(low <= int(value) <= high)

    return Kind(f"an int in the range {start}{end}", is_valid)


def real(low: float, high: float, *, above: bool = False) -> Kind:
    """Real numbers from ``low`` (only above it with ``above=True``) to ``high``. A bool and NaN are none."""

    def is_valid(value: Any) -> bool:
        if not isinstance(value, Real) or isinstance(value, bool):
            return False
        is_inside: bool = low <= value <= high  # type: ignore[operator]
        return is_inside and not (above and value == low)

    span = f"{low:g}, {high:g}".replace("e+0", "e").replace("e+", "e")
    return Kind(f"a float in the range {'(' if above else '['}{span}]", is_valid)


def choice(*values: str | int) -> Kind:
    """One of some strings or ints. A bool is none of them."""

    def is_valid(value: Any) -> bool:
        is_plain = isinstance(value, str | Integral) and not isinstance(value, bool)
        return is_plain and value in values

    return Kind(_in_words([repr(value) for value in values]), is_valid)


def exactly(value: int, reason: str) -> Kind:
    """One int alone, and why."""
    return choice(value)._replace(expected=f"{value}, {reason}")


def instance(kind: Any, expected: str) -> Kind:
    """Instances of a class."""
    return Kind(expected, lambda value: isinstance(value, kind))


def either(*kinds: Kind) -> Kind:
    """A value of any of some kinds."""
    return Kind(_in_words([kind.expected for kind in kinds]), lambda value: any(kind.is_valid(value) for kind in kinds))


def _in_words(names: list[str], between: str = "or") -> str:
    return f"{', '.join(names[:-1])} {between} {names[-1]}" if len(names) > 1 else names[0]


def quoted(words: Iterable[str]) -> str:
    """Return words in quotes, as messages show them; long ones are shortened."""
    shown = [repr(str(word) if len(word) <= SHOWN_LENGTH else word[: SHOWN_LENGTH - 1] + "…") for word in words]
    return _in_words(shown, "and") if shown else "no words"


def did_you_mean(close: list[str]) -> str:
    """Suggest what is spelt much like what came; nothing if nothing is."""
    return f" (did you mean {' or '.join(map(repr, close))}?)" if close else ""


def check(value: Any, name: str, kind: Kind, caller: str) -> Any:
    """Return the value, or raise ValueError if it is not of the kind that the caller's parameter takes."""
    if not kind.is_valid(value):
        raise ValueError(f"The {name!r} parameter of {caller} must be {kind.expected}. Got {value!r:.100} instead.")
    return value


def listed_words(words: Iterable[str]) -> list[str]:
    """Return words as a list.

    Raises
    ------
    TypeError
        If they are a str, which is no collection of words, or one of them is no str.
    """
    if isinstance(words, str):
        raise TypeError(f"Expected an iterable of words. Got the str {words!r:.60} instead.")
    words = list(words)
    for word in words:
        if not isinstance(word, str):
            raise TypeError(f"Expected words, each a str. Got {word!r:.60} instead.")
    return words


def check_maps(arrays: Iterable[Any]) -> None:
    """Raise ValueError if the file behind a memory map has been truncated: reading there ends the process (SIGBUS).

    A file that is truncated at the very moment of reading still ends it. What is no array is passed over.
    """
    for array in arrays:
        if isinstance(array, np.ndarray):
            check_map(array)


def check_map(vectors: NDArray[Any]) -> None:
    """:func:`check_maps` for one array."""
    while isinstance(vectors.base, np.ndarray):
        vectors = vectors.base
    if not isinstance(vectors, np.memmap) or not isinstance(vectors.base, mmap.mmap):
        return
    if vectors.base.size() < vectors.offset + vectors.nbytes:
        raise ValueError(
            f"The file {str(vectors.filename)!r} behind a memory map of word vectors has been truncated since it was "
            "opened. Open it again once it is whole."
        )


def check_rows(rows: NDArray[np.float32], word_of: Callable[[int], str]) -> NDArray[np.float32]:
    """Return the rows if gensim can train them; ``word_of`` tells the word of a row.

    Raises
    ------
    ValueError
        If a row has NaN, infinity or a number beyond a million.
    """
    if (is_good := are_usable(rows)).all():
        return rows
    raise ValueError(f"the vector of {word_of(int(is_good.argmin()))!r} {UNUSABLE}")


def are_usable(rows: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Return which rows gensim can train."""
    if not rows.size or -MAX_MAGNITUDE <= rows.min() <= rows.max() <= MAX_MAGNITUDE:  # false where there is NaN
        return np.ones(len(rows), np.bool_)
    return np.asarray((np.abs(rows) <= MAX_MAGNITUDE).all(axis=1))


def check_array(array: NDArray[Any], shape: tuple[int, ...], dtype: type[np.generic]) -> None:
    """Raise ValueError if an array of a stored state has another shape or dtype."""
    if array.shape != shape:
        raise ValueError(f"an array of shape {array.shape} instead of {shape}")
    if array.dtype != dtype:
        raise ValueError(f"an array of dtype {array.dtype} instead of {np.dtype(dtype)}")


def import_extra(module: str, extra: str, caller: str) -> Any:
    """Import a module of a package that only some methods need.

    Raises
    ------
    ImportError
        If it is missing; the message says what to install.
    """
    try:
        return import_module(module)
    except ImportError as error:
        package = module.partition(".")[0]
        raise ImportError(f'{caller} needs {package}. Install it with: pip install "sk-w2v[{extra}]"') from error


def warn(warning: str | Warning) -> None:
    """Warn, and name the innermost line outside this project and the packages that call it for the user."""
    modules = _modules_of_callers()
    levels = (level for level, module in enumerate(modules, 1) if module.partition(".")[0] not in NOT_THE_USER)
    warnings.warn(warning, stacklevel=next(levels, len(modules) + 1))


def is_called_from(package: str) -> bool:
    """Return whether a function of a package, or of a copy of it in another one, waits for what is going on here."""
    return any(f".{package}." in f".{module}." for module in _modules_of_callers())


def _modules_of_callers() -> list[str]:
    """The modules of the functions that wait for what is going on, from the one that asks on outwards."""
    own = inspect.currentframe()
    frame, modules = own and own.f_back, []
    while frame is not None:
        modules.append(frame.f_globals.get("__name__", ""))
        frame = frame.f_back
    return modules
