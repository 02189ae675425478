"""Packages that are only needed for some methods."""

from importlib import import_module
from typing import Any


def import_extra(module: str, extra: str, caller: str) -> Any:
    """Import a module of a package that may be missing.

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
