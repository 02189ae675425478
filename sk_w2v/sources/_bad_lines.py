"""Lines and rows that cannot be right: an error, or left out and told."""

from typing import Literal

from .._checks import choice, warn

OnBadLines = Literal["error", "warn", "skip"]
ON_BAD_LINES = choice("error", "warn", "skip")
SHOWN = 3


class BadLineError(ValueError):
    """What ``on_bad_lines`` can leave out."""


class BadLines:
    """What is wrong in a file that is being read.

    Parameters
    ----------
    on_bad_lines : {"error", "warn", "skip"}, default="error"
        Whether the first of them is an error, or all are left out, with a warning or without.
    """

    def __init__(self, on_bad_lines: OnBadLines = "error") -> None:
        self._on_bad_lines = on_bad_lines
        self._n_lines = 0
        self._shown: list[str] = []

    @property
    def are_left_out(self) -> bool:
        return self._on_bad_lines != "error"

    def add(self, problem: str, n_lines: int = 1) -> None:
        """Raise BadLineError, or remember what is wrong; ``n_lines`` says how many lines that leaves out."""
        if not self.are_left_out:
            raise BadLineError(problem)
        self._n_lines += n_lines
        if len(self._shown) < SHOWN:
            self._shown.append(problem)

    def tell(self, path: str) -> None:
        """Warn, if that is wanted, of what was left out."""
        if not self._shown or self._on_bad_lines != "warn":
            return
        what = f"{path!r} is read as far as it can be"
        if self._n_lines:
            left_out = "1 line of {} is" if self._n_lines == 1 else f"{self._n_lines} lines of {{}} are"
            what = f"{left_out.format(repr(path))} left out"
        more = "; …" if self._n_lines > SHOWN else ""
        warn(f"{what}: {'; '.join(self._shown)}{more}.")
