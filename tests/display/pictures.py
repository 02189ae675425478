"""Small vectors to draw, and what is on a picture."""

import io

import numpy as np

WORDS = ["tea", "cup", "pot", "jug", "lid"]
BEFORE = np.random.default_rng(0).normal(size=(5, 4))
AFTER = BEFORE + np.random.default_rng(1).normal(size=(5, 4)) / 4
COUNTS = [1, 2, 3, 4, 5]
DOCUMENTS = ["a cup of tea", "the pot of tea", "a new pot", "tea"]
FORMATS = ["png", "svg"]


def saved(display, file_format="png"):
    """The picture as a file's bytes."""
    file = io.BytesIO()
    display.figure_.savefig(file, format=file_format)
    return file.getvalue()


def texts(display):
    """The labels as strings."""
    return [label.get_text() for label in display.labels_]


def boxes(display):
    """Where the labels are once all is drawn."""
    display.figure_.canvas.draw()
    return [label.get_window_extent() for label in display.labels_]
