"""Which stretches of straight line are near a place: many of them, laid out to be searched."""

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# Each stretch is stood for by dots, none farther than half of this from any of its points.
SPACING_M = 80.0
# All that is within many kilometres is too much to look at.
FAR_M = 2_000.0


class Segments:
    """Stretches from begin to end, both (s, 2) in metres."""

    def __init__(self, begin: Floats, end: Floats) -> None:
        self.begin, self.end = begin, end
        along = end - begin
        parts = np.maximum(np.ceil(np.hypot(*along.T) / SPACING_M), 1).astype(np.int64)
        self._segment = np.repeat(np.arange(len(begin)), parts)
        part = np.arange(len(self._segment)) - (np.cumsum(parts) - parts)[self._segment]
        share = (part + 0.5) / parts[self._segment]
        # Balancing the tree takes longer than it saves.
        dots = begin[self._segment] + along[self._segment] * share[:, None]
        self._tree = cKDTree(dots, balanced_tree=False, compact_nodes=False)

    def __len__(self) -> int:
        return len(self.begin)

    def nearby(self, places: Floats) -> tuple[Integers, Integers]:
        """Pairs of a place (n, 2) and a stretch, among them the nearest one of each place.

        Of places that are farther than FAR_M from all of them it is the nearest but for SPACING_M / 2.
        """
        about, dot = self._tree.query(places)
        far = about > FAR_M
        place, segment = self.within(places[~far], about[~far])
        where = np.flatnonzero(~far)[place]
        return np.concatenate([where, np.flatnonzero(far)]), np.concatenate([segment, self._segment[dot[far]]])

    def within(self, places: Floats, radius_m: Floats | float) -> tuple[Integers, Integers]:
        """Pairs of a place and a stretch that is within its radius, perhaps also some that are a little farther."""
        found = self._tree.query_ball_point(places, np.asarray(radius_m) + SPACING_M / 2, return_sorted=False)
        counts = np.array([len(one) for one in found], np.int64)
        place = np.repeat(np.arange(len(counts)), counts)
        segment = self._segment[np.concatenate([*found, []]).astype(np.int64)]
        pairs = np.unique(place * len(self.begin) + segment)
        return pairs // len(self.begin), pairs % len(self.begin)

    def feet(self, places: Floats, segment: Integers) -> tuple[Floats, Floats]:
        """For pairs of a place (n, 2) and a stretch (n,): at which share of it it is nearest, and metres to there."""
        begin, along = self.begin[segment], self.end[segment] - self.begin[segment]
        square = np.maximum((along**2).sum(axis=1), 1e-12)
        share = np.clip(((places - begin) * along).sum(axis=1) / square, 0.0, 1.0)
        return share, np.hypot(*(places - begin - along * share[:, None]).T)
