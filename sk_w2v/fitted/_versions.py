"""The versions of this project and of what it stands on."""

import platform
from functools import cache
from importlib.metadata import version

from ..text._columns import is_compiled

PACKAGES = ("sk-w2v", "scikit-learn", "gensim", "numpy", "scipy", "joblib")
# What a stored state tells, for whoever looks for the cause of a difference.
STORED = PACKAGES[:4]


@cache
def versions() -> dict[str, str]:
    """Return package → version of those that a stored state tells."""
    return {package: version(package) for package in STORED}


def show_versions() -> None:
    """Print the versions of Python, of this project and its dependencies, and whether the C code is in use.

    The C code splits strings into words. Without it Python does, with the same results, in several times the time.

    Examples
    --------
    >>> from sk_w2v import show_versions
    >>> show_versions()  # doctest: +SKIP
    python        3.11.7 (Linux-x86_64)
    sk-w2v        0.1.0
    scikit-learn  1.9.1
    gensim        4.4.0
    numpy         2.4.6
    scipy         1.17.1
    joblib        1.6.0
    split by      C
    """
    print(f"{'python':<14}{platform.python_version()} ({platform.system()}-{platform.machine()})")
    for package in PACKAGES:
        print(f"{package:<14}{version(package)}")
    print(f"{'split by':<14}{'C' if is_compiled() else 'Python'}")
