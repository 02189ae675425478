"""Points and sizes → where labels go, so that they can be read."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

SIDES = [(1, 1), (1, -1), (-1, 1), (-1, -1), (1, 0), (-1, 0), (0, 1), (0, -1)]
BETWEEN = [(x * a, y * (1.5 - a)) for a in (1, 0.5) for x in (1, -1) for y in (1, -1)]
DIRECTIONS = np.array(SIDES + BETWEEN)
DISTANCES = np.array([0.35, 0.8, 1.4, 2.1, 3.0, 4.0])
"""From the point to its label's edge, in heights of a label; beyond the first two a line has to join them."""
N_NEAR = 2
MARGINS = np.array([0.3, 0.05])
"""Beside and above each label, in heights of a label."""
CLEARANCE = 0.3
"""Around each point, in heights of a label."""
COST_OF_DISTANCE = 1.5
"""So much weight may be covered rather than to go to the next distance."""
MAX_COST = 12
"""The weight of what a label may cover at most if it is one that may be left out."""

Boxes = NDArray[np.float64]


class Obstacles(NamedTuple):
    """Points that labels had better not cover, and how much each matters."""

    points: Boxes
    weights: Boxes


def place_labels(
    points: Boxes, sizes: Boxes, obstacles: Obstacles, bounds: Boxes, taken: Boxes, *, near: bool = False
) -> Boxes:
    """Find a place near each point for its label, one after the other.

    A label never covers an earlier one nor what is taken, and stays within the bounds. Among the places that are left
    it takes one that is near and covers few obstacles.

    Parameters
    ----------
    points : ndarray of shape (n_labels, 2)
        What the labels belong to.
    sizes : ndarray of shape (n_labels, 2)
        Width and height of the labels.
    obstacles : Obstacles
        Points that labels had better not cover, of shape (n_obstacles, 2), and their weights.
    bounds : ndarray of shape (2, 2)
        Lower left and upper right corner of where labels may be.
    taken : ndarray of shape (n_taken, 2, 2)
        Such corners of where they may not be.
    near : bool, default=False
        Whether to leave a label out rather than put it where a line has to join it to its point, or on a crowd.

    Returns
    -------
    ndarray of shape (n_labels, 2), dtype float64
        The labels' centres; NaN where there is no place.
    """
    placed, placed_halves = list(taken.mean(axis=1)), list((taken[:, 1] - taken[:, 0]) / 2)
    centres = np.full(points.shape, np.nan)
    distances = DISTANCES[:N_NEAR] if near else DISTANCES
    penalty = COST_OF_DISTANCE * np.repeat(np.arange(len(distances)), len(DIRECTIONS))
    for label, (point, half) in enumerate(zip(points, sizes / 2 + MARGINS * sizes[:, 1:], strict=True)):
        places = _places(point, half, distances * sizes[label, 1])
        is_free = ((places - half >= bounds[0]) & (places + half <= bounds[1])).all(axis=1)
        is_free &= ~_covers(places, half, np.array(placed), np.array(placed_halves)).any(axis=1)
        cost = _cost(places, half + CLEARANCE * sizes[label, 1], obstacles)
        is_free &= cost <= (MAX_COST if near else np.inf)
        if is_free.any():
            centres[label] = places[np.where(is_free, cost + penalty, np.inf).argmin()]
            placed.append(centres[label])
            placed_halves.append(half)
    return centres


def _places(point: Boxes, half: Boxes, distances: Boxes) -> Boxes:
    """Centres of a label around its point, the nearest first."""
    units = DIRECTIONS / np.linalg.norm(DIRECTIONS, axis=1, keepdims=True)
    places: Boxes = (point + DIRECTIONS * half + distances[:, np.newaxis, np.newaxis] * units).reshape(-1, 2)
    return places


def _cost(places: Boxes, half: Boxes, obstacles: Obstacles) -> Boxes:
    """The weight of what a box would cover at each place."""
    low, high = places.min(axis=0) - half, places.max(axis=0) + half
    is_near = ((obstacles.points > low) & (obstacles.points < high)).all(axis=1)
    cost: Boxes = _covers(places, half, obstacles.points[is_near], np.zeros(2)) @ obstacles.weights[is_near]
    return cost


def _covers(places: Boxes, half: Boxes, others: Boxes, halves: Boxes) -> NDArray[np.bool_]:
    """Whether a box at each place would cover each of other boxes."""
    gaps = np.abs(places[:, np.newaxis] - others.reshape(-1, 2)) - half - halves.reshape(-1, 2)
    return np.asarray((gaps[..., 0] < 0) & (gaps[..., 1] < 0), np.bool_)
