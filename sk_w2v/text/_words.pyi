from collections.abc import Callable, Iterable, Sequence
from typing import Self

import numpy as np
from numpy.typing import NDArray

from ._analyzer import Characters

class WordTable:
    def __new__(cls, words: Iterable[str] = ()) -> Self: ...
    def __len__(self) -> int: ...
    def words(self) -> list[str]: ...

class TokenTable:
    def __new__(cls, words: Iterable[str]) -> Self: ...
    def find(self, documents: Iterable[Sequence[str]], /) -> tuple[bytearray, bytearray]: ...

def find_words(
    known: WordTable,
    documents: Iterable[str],
    lowercase: bool,
    get_characters: Callable[[], Characters],
    others: WordTable | None = None,
    /,
) -> tuple[bytearray, bytearray]: ...
def token_lists(words: list[str], columns: NDArray[np.int32], lengths: NDArray[np.int32], /) -> list[list[str]]: ...
def choose_tokens(
    columns: NDArray[np.int32],
    starts: NDArray[np.int32],
    first: int,
    stop: int,
    wanted: NDArray[np.bool_] = ...,
    /,
) -> tuple[bytearray, bytearray]: ...
def add_rows(
    rows: NDArray[np.float32],
    width: int,
    columns: NDArray[np.int32],
    starts: NDArray[np.int32],
    sums: NDArray[np.float32],
    /,
) -> None: ...
