"""A fit and its epochs as tasks of scikit-learn's callbacks; before scikit-learn 1.9, which has none, as nothing."""

from collections.abc import Callable, Mapping
from typing import Any, Self, TypeVar

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
    """The tasks of one fit: itself, and its epochs below it."""

    def __init__(self, estimator: Any, n_epochs: int, X: Any, y: Any) -> None:
        self._told = {"estimator": estimator, "X": X, "y": y}
        self._fit = estimator._init_callback_context(max_subtasks=n_epochs).call_on_fit_task_begin(**self._told)

    def begin_epoch(self) -> None:
        self._epoch = self._fit.subcontext(task_name="epoch").call_on_fit_task_begin(**self._told)

    def end_epoch(self, attributes: Callable[[], Mapping[str, Any]]) -> bool:
        """Tell the callbacks, and return whether one of them wants training to stop.

        ``attributes`` makes those of the estimator as if it were done, for callbacks that want to use it.
        """
        return bool(self._epoch.call_on_fit_task_end(**self._told, reconstruction_attributes=attributes))

    def end(self) -> None:
        """Tell the callbacks that the estimator is fitted."""
        self._fit.call_on_fit_task_end(**self._told, reconstruction_attributes=dict)
