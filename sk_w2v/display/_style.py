"""The style of matplotlib that is in use → axes, colours, and keyword arguments of artists."""

from collections.abc import Mapping
from typing import Any

from .._checks import import_extra

# How much larger a new figure is than the style's, since labels need room.
SCALE = 1.25
# Font size of labels and legends, relative to the style's.
FONT_SIZE = "small"

# Keyword arguments that users pass for an artist.
Options = Mapping[str, Any] | None


def open_axes(ax: Any, caller: str) -> Any:
    """Return the axes, or those of a new figure."""
    pyplot = import_extra("matplotlib.pyplot", "plot", caller)
    if ax is None:
        width, height = pyplot.rcParams["figure.figsize"]
        _, ax = pyplot.subplots(figsize=(SCALE * width, SCALE * height), layout="constrained")
    return ax


def ink(ax: Any) -> Any:
    """Return the colour of what is written beside the axes. It fits them even if another style is in use by now."""
    return ax.xaxis.label.get_color()


def background(ax: Any) -> Any:
    """Return the colour behind the axes' artists: that of the axes or, if they are transparent, of the figure."""
    colour: Any = ax.get_facecolor()
    return colour if colour[3] > 0 else ax.figure.canvas.figure.get_facecolor()


def styled(defaults: Mapping[str, Any], given: Options, artist: type) -> dict[str, Any]:
    """Return keyword arguments of an artist. Those that users pass, by any alias of a name, replace the defaults."""
    from matplotlib.cbook import normalize_kwargs

    chosen = normalize_kwargs(dict(given or {}), artist)
    return {name: value for name, value in defaults.items() if name != "color" or "c" not in chosen} | chosen
