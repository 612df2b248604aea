"""What stands out of a picture: patches that differ from what runs along its border, and hang together.

Background is what is joined to the border by small steps of colour; what differs much from the background
near it stands out; both together give each patch a value 0..1 by least squares over neighbours (robust background
detection, Zhu, Liang, Wei & Sun 2014). What else is known, of people and of focus, goes into the same sums.
"""

from dataclasses import dataclass

import cv2
import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from scipy.sparse.csgraph import dijkstra
from scipy.sparse.linalg import spsolve

from sharpen_desktop.engine.miniature import Picture

PATCH_SIDE = 15
RULER = 15.0
ROUNDS = 8
SMALLEST_PATCH = 25
# Steps of CIE Lab: within the one a patch hangs together with another, by the other neighbours are alike.
JOINED, ALIKE = 7.0, 10.0
NEAR = 0.25
BACKGROUND_WEIGHT = 5.0

Floats = NDArray[np.float64]
Plane = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Patches:
    """A picture in n patches of one colour each (SLIC, Achanta et al. 2012).

    ``labels``: h×w, the patch of each pixel. ``colour``: n×3, CIE Lab. ``place``: n×2, down and across, 0..1.
    ``pairs``: 2×k, neighbours. ``border``: those at the edge of the picture. ``background`` and ``contrast``: n, 0..1.
    """

    labels: NDArray[np.int32]
    colour: Floats
    place: Floats
    pairs: NDArray[np.intp]
    border: NDArray[np.intp]
    background: Floats
    contrast: Floats

    @classmethod
    def of(cls, picture: Picture) -> "Patches":
        """For h×w×3 RGB of some hundred px a side."""
        soft = cv2.GaussianBlur(picture, (0, 0), 0.8)
        lab = cv2.cvtColor(soft.astype(np.float32) / np.float32(255), cv2.COLOR_RGB2Lab)
        slic = cv2.ximgproc.createSuperpixelSLIC(
            cv2.cvtColor(soft, cv2.COLOR_RGB2Lab), cv2.ximgproc.SLIC, PATCH_SIDE, RULER
        )
        slic.iterate(ROUNDS)
        slic.enforceLabelConnectivity(SMALLEST_PATCH)
        labels = np.asarray(slic.getLabels(), np.int32)
        height, width = labels.shape
        down, across = np.mgrid[:height, :width]
        colour = np.stack([_means(labels, lab[..., channel]) for channel in range(3)], axis=1)
        place = np.stack([_means(labels, down / height), _means(labels, across / width)], axis=1)
        pairs, border = (
            _neighbours(labels),
            np.unique(np.concatenate([*labels[[0, -1]], *labels[:, [0, -1]].T])),
        )
        background = _background(colour, pairs, border)
        return cls(labels, colour, place, pairs, border, background, _contrast(colour, place, background))

    def means(self, plane: NDArray[np.generic]) -> Floats:
        """Return the mean of h×w values in each patch, n."""
        return _means(self.labels, plane)

    def centred(self) -> Floats:
        """Return how near the middle of the picture each patch lies, n, 0..1."""
        return np.asarray(np.exp(-((self.place - 0.5) ** 2).sum(axis=1) / (2 * 0.33**2)))

    def spread(self, background: Floats, foreground: Floats) -> Floats:
        """Return the values 0..1 that agree best with the weights for 0 and for 1 and among alike neighbours."""
        count = len(self.colour)
        ones = np.ones(self.pairs.shape[1])
        near = sparse.coo_matrix((ones, tuple(self.pairs)), shape=(count, count)).tocsr()
        near = near + near.T
        ring = (near @ near + near).tocoo()
        apart = ring.row != ring.col
        row, column = ring.row[apart], ring.col[apart]
        step = np.linalg.norm(self.colour[row] - self.colour[column], axis=1)
        alike = np.exp(-(step**2) / (2 * ALIKE**2)) + 0.1
        links = sparse.coo_matrix((alike, (row, column)), shape=(count, count)).tocsr()
        total = sparse.diags(np.asarray(links.sum(axis=1)).ravel() + background + foreground) - links
        return np.asarray(spsolve(total.tocsc(), foreground))


def _means(labels: NDArray[np.int32], plane: NDArray[np.generic]) -> Floats:
    """Return the mean of h×w values in each patch, n."""
    flat = labels.ravel()
    return np.asarray(np.bincount(flat, plane.ravel()) / np.maximum(np.bincount(flat), 1))


def _neighbours(labels: NDArray[np.int32]) -> NDArray[np.intp]:
    """Return the pairs of patches that touch, 2×k, each once."""
    across = np.stack([labels[:, :-1].ravel(), labels[:, 1:].ravel()])
    down = np.stack([labels[:-1].ravel(), labels[1:].ravel()])
    pairs = np.sort(np.concatenate([across, down], axis=1), axis=0).astype(np.intp)
    return np.unique(pairs[:, pairs[0] != pairs[1]], axis=1)


def _background(colour: Floats, pairs: NDArray[np.intp], border: NDArray[np.intp]) -> Floats:
    """Return how much of what a patch hangs together with lies along the border, n, 0..1."""
    count = len(colour)
    ring = border[np.stack(np.triu_indices(len(border), 1))]
    links = np.concatenate([pairs, ring], axis=1)
    step = np.linalg.norm(colour[links[0]] - colour[links[1]], axis=1)
    least = np.full(count, np.inf)
    np.minimum.at(least, pairs[0], step[: pairs.shape[1]])
    np.minimum.at(least, pairs[1], step[: pairs.shape[1]])
    # What even the most alike neighbours differ by is no step; a link of length 0 would be none at all.
    known = least[np.isfinite(least)]
    length = np.maximum(step - (known.mean() if known.size else 0.0), 0.0) + 1e-6
    graph = sparse.coo_matrix((length, (links[0], links[1])), shape=(count, count)).tocsr()
    joined = np.exp(-(dijkstra(graph, directed=False) ** 2) / (2 * JOINED**2))
    share = joined[:, border].sum(axis=1) / np.sqrt(joined.sum(axis=1))
    return np.asarray(1 - np.exp(-(share**2) / 2))


def _contrast(colour: Floats, place: Floats, background: Floats) -> Floats:
    """Return how much each patch differs from the background about it, n, 0..1."""
    step = np.linalg.norm(colour[:, None] - colour[None], axis=2)
    way = np.linalg.norm(place[:, None] - place[None], axis=2)
    found = (step * np.exp(-(way**2) / (2 * NEAR**2)) * background).sum(axis=1)
    return np.asarray((found - found.min()) / max(float(np.ptp(found)), 1e-9))
