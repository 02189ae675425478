"""Warnings that name the line of the user."""

import inspect
import warnings

NOT_THE_USER = frozenset({"sk_w2v", "sklearn", "joblib", "pickle", "skops"})
"""Packages that may stand between the line of the user and the warning; scikit-learn wraps ``fit_transform``."""


def warn(warning: str | Warning) -> None:
    """Warn, and name the innermost line outside of this project and of what calls it on behalf of the user."""
    frame, level = inspect.currentframe(), 1
    while frame is not None and frame.f_globals.get("__name__", "").partition(".")[0] in NOT_THE_USER:
        frame, level = frame.f_back, level + 1
    warnings.warn(warning, stacklevel=level)
