"""An array that grows while a file is read."""

from typing import Any

import numpy as np
from numpy.typing import DTypeLike, NDArray


class Growing:
    """An array in one piece, since many small ones leave holes in the memory, which the process keeps."""

    def __init__(self, dtype: DTypeLike, *shape: int) -> None:
        self._room = np.empty((0, *shape), dtype)
        self._length = 0

    def __len__(self) -> int:
        return self._length

    def add(self, values: NDArray[Any]) -> None:
        length = len(self) + len(values)
        if length > len(self._room):
            self._room.resize((length + length // 8, *self._room.shape[1:]), refcheck=False)  # nobody else has seen it
        self._room[len(self) : length] = values
        self._length = length

    def finish(self) -> NDArray[Any]:
        """What was added, without the room that is left; nothing can be added any more."""
        room: NDArray[Any] = self.__dict__.pop("_room")
        room.resize((len(self), *room.shape[1:]), refcheck=False)
        return room
