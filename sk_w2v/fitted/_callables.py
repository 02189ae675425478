"""Cloning and storing the analyzer: it is copied as it is, and the error names it where it cannot be stored."""

import pickle
from typing import Any, Self

from joblib import wrap_non_picklable_objects

from .._checks import is_called_from


class KeepsAnalyzerMixin:
    """Clones an estimator as scikit-learn does, but for an analyzer, which is kept: some hold what cannot be copied."""

    analyzer: Any

    def __sklearn_clone__(self) -> Self:
        plain = object.__new__(type(self))
        plain.__dict__.update(self.__dict__, analyzer="word")
        cloned: Self = super(KeepsAnalyzerMixin, plain).__sklearn_clone__()  # type: ignore[misc]
        cloned.analyzer = self.analyzer
        return cloned


class Held:
    """Holds an analyzer that pickle cannot store. Copies of the estimator keep it; processes may get it by value."""

    def __init__(self, analyzer: Any, reason: str) -> None:
        self.analyzer, self._reason = analyzer, reason

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        return self

    def __getstate__(self) -> dict[str, Any]:
        reason = self._reason
        if is_called_from("cloudpickle"):  # by which joblib, dask and ray send to processes: it stores lambdas too
            reason = _why_not(wrap_non_picklable_objects(self.analyzer))
        if reason:
            raise pickle.PicklingError(
                f"The 'analyzer' parameter of PretrainedWord2VecTransformer cannot be stored: {self.analyzer!r:.60} "
                f"({reason}). Pass a function that is defined in a module instead, such as "
                "def split(text): return text.split()."
            )
        return self.__dict__


def stored(analyzer: Any) -> Any:
    """Return the analyzer, held if it is a callable that pickle cannot store."""
    reason = _why_not(analyzer) if callable(analyzer) else ""
    return Held(analyzer, reason) if reason else analyzer


def restored(analyzer: Any) -> Any:
    """Return the analyzer that :func:`stored` was given."""
    return analyzer.analyzer if isinstance(analyzer, Held) else analyzer


def _why_not(value: Any) -> str:
    """Return why pickle cannot store a value; nothing if it can."""
    try:
        pickle.Pickler(_Nowhere()).dump(value)
    except Exception as error:  # objects raise what they like
        return str(error) or repr(error)
    return ""


class _Nowhere:
    def write(self, data: bytes) -> int:
        return len(data)
