"""A fit and its epochs as printed lines, and as tasks of scikit-learn's callbacks, which it has from 1.9 on."""

import time
from collections.abc import Callable, Mapping
from typing import Any, Self, TypeAlias, TypeVar

from ._train import Tuned

try:
    from sklearn.callback import CallbackSupportMixin
    from sklearn.callback import with_callbacks as _with_callbacks
except ImportError:

    class CallbackSupportMixin:  # type: ignore[no-redef]
        """Stands in for scikit-learn's class of this name."""

        def _init_callback_context(self, **_: Any) -> "_NoContext":
            return _NoContext()

    def _with_callbacks(method: Any) -> Any:
        return method


__all__ = ["CallbackSupportMixin", "Numbers", "Tasks", "seconds", "tell", "with_callbacks"]

# What is told of a task: callbacks that ask for ``metadata`` are given it.
Numbers: TypeAlias = Mapping[str, Any]

Method = TypeVar("Method", bound=Callable[..., Any])


def with_callbacks(method: Method) -> Method:
    """Let callbacks end when a method that fits ends, in whatever way."""
    managed: Method = _with_callbacks(method)
    return managed


def tell(estimator: Any, line: str) -> None:
    """Print a line if the estimator's ``verbose`` is above 0."""
    if estimator.verbose:
        print(f"[{type(estimator).__name__}] {line}")


def seconds(number: float) -> str:
    """Write a number of seconds as people say it: ``"0.4 s"``, ``"2 min 5 s"``, ``"1 h 20 min"``."""
    if number < 59.95:
        return f"{number:.1f} s"
    minutes, rest = divmod(round(number), 60)
    return f"{minutes} min {rest} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60} min"


class _NoContext:
    """Stands in for scikit-learn's ``CallbackContext``: nobody is told, and nobody stops anything."""

    def subcontext(self, **_: Any) -> Self:
        return self

    def call_on_fit_task_begin(self, **_: Any) -> Self:
        return self

    def call_on_fit_task_end(self, **_: Any) -> bool:
        return False


class Tasks:
    """The tasks of one fit: itself, and its epochs below it.

    Parameters
    ----------
    estimator : PretrainedWord2VecTransformer
        The estimator that is being fitted.
    n_epochs : int
        How many epochs there are, at most.
    X, y : object
        What callbacks are given as X and y.
    numbers : dict
        What callbacks are given as the metadata of the fit.
    attributes_of : callable
        Makes the fitted attributes of rows as they are after an epoch, for callbacks that want to use them.
    """

    def __init__(
        self,
        estimator: Any,
        n_epochs: int,
        X: Any,
        y: Any,
        numbers: Numbers,
        attributes_of: Callable[[Tuned], Mapping[str, Any]],
    ) -> None:
        self._told = {"estimator": estimator, "X": X, "y": y}
        self._n_epochs, self._numbers, self._attributes_of = n_epochs, dict(numbers), attributes_of
        context = estimator._init_callback_context(max_subtasks=n_epochs)
        self._fit = context.call_on_fit_task_begin(**self._told, metadata=self._numbers)
        self._trained = 0.0

    def begin_epoch(self) -> None:
        """Tell the callbacks that an epoch begins."""
        self._epoch = self._fit.subcontext(task_name="epoch").call_on_fit_task_begin(**self._told)
        self._began = time.perf_counter()

    def end_epoch(self, tuned: Tuned) -> bool:
        """Tell the callbacks that it has ended, and return whether one of them wants training to stop."""
        number, took = tuned.n_epochs, time.perf_counter() - self._began
        self._trained += took
        left = self._trained / number * (self._n_epochs - number)
        tell(self._told["estimator"], f"epoch {number} of {self._n_epochs}: {seconds(took)}, {seconds(left)} left")
        numbers = {"epoch": number, "n_epochs": self._n_epochs, "seconds": took, "seconds_left": left}
        attributes = {"reconstruction_attributes": lambda: self._attributes_of(tuned)}
        return bool(self._epoch.call_on_fit_task_end(**self._told, metadata=numbers, **attributes))

    def end(self) -> None:
        """Tell the callbacks that the estimator is fitted."""
        self._fit.call_on_fit_task_end(**self._told, metadata=self._numbers, reconstruction_attributes=dict)
