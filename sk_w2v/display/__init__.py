"""Fitted words, or words and vectors → pictures of what tuning did to them.

``_map`` and ``_moves`` hold one display each. ``_given`` checks words and vectors that users pass.
``_projection`` finds two dimensions. ``_style`` follows the style of matplotlib that is in use. ``_labels`` writes
words where there is room.
"""

from ._map import WordMapDisplay
from ._moves import WordMovesDisplay

__all__ = ["WordMapDisplay", "WordMovesDisplay"]
