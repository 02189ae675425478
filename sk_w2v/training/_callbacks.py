"""A fit and its epochs as tasks of scikit-learn's callbacks; before scikit-learn 1.9, which has none, as nothing."""

from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

from ._warm_start import Tuned

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


__all__ = ["CallbackSupportMixin", "Tasks", "with_callbacks"]

Method = TypeVar("Method", bound=Callable[..., Any])


def with_callbacks(method: Method) -> Method:
    """Let callbacks end when a method that fits ends, in whatever way."""
    managed: Method = _with_callbacks(method)
    return managed


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
    attributes_of : callable
        Makes the fitted attributes of rows as they are after an epoch, for callbacks that want to use them.
    """

    def __init__(
        self, estimator: Any, n_epochs: int, X: Any, y: Any, attributes_of: Callable[[Tuned], Mapping[str, Any]]
    ) -> None:
        self._told = {"estimator": estimator, "X": X, "y": y}
        self._n_epochs, self._attributes_of = n_epochs, attributes_of
        self._fit = estimator._init_callback_context(max_subtasks=n_epochs).call_on_fit_task_begin(**self._told)

    def begin_epoch(self) -> None:
        """Tell the callbacks that an epoch begins."""
        self._epoch = self._fit.subcontext(task_name="epoch").call_on_fit_task_begin(**self._told)

    def end_epoch(self, tuned: Tuned) -> bool:
        """Tell the callbacks that it has ended, and return whether one of them wants training to stop."""
        estimator = self._told["estimator"]
        if estimator.verbose:
            print(f"[{type(estimator).__name__}] epoch {tuned.n_epochs} of {self._n_epochs}")
        attributes = {"reconstruction_attributes": lambda: self._attributes_of(tuned)}
        return bool(self._epoch.call_on_fit_task_end(**self._told, **attributes))

    def end(self) -> None:
        """Tell the callbacks that the estimator is fitted."""
        self._fit.call_on_fit_task_end(**self._told, reconstruction_attributes=dict)
