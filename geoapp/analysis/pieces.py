"""Long streets cut into pieces of about one length."""

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.hexagons import Plane

Whole = NDArray[np.int64]


def line_pieces(lines: NDArray[np.object_], plane: Plane, length_m: float) -> tuple[NDArray[np.object_], Whole, Whole]:
    """Lines (n,) in degrees as pieces in degrees: the pieces, the line of each, and its number on that line from 0.

    All pieces of a line are equally long, and no longer than length_m.
    """
    parts: list[Any] = []
    owner, number = [], []
    for line, shape in enumerate(lines):
        count = 0
        for part in shapely.get_parts(plane.laid_out(shapely.line_merge(shape))):
            for piece in _cut(part, max(int(np.ceil(part.length / length_m)), 1)):
                parts.append(piece)
                owner.append(line)
                number.append(count)
                count += 1
    back = shapely.transform(np.array(parts, dtype=object), lambda places: np.column_stack(plane.degrees(*places.T)))
    return back, np.array(owner, np.int64), np.array(number, np.int64)


def _cut(line: Any, pieces: int) -> list[Any]:
    places = shapely.get_coordinates(line)
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(places, axis=0).T))])
    ends = np.linspace(0.0, along[-1], pieces + 1)
    cuts = np.column_stack([np.interp(ends, along, places[:, axis]) for axis in (0, 1)])
    made = []
    for first in range(pieces):
        within = (along > ends[first]) & (along < ends[first + 1])
        made.append(
            shapely.linestrings(np.vstack([cuts[first : first + 1], places[within], cuts[first + 1 : first + 2]]))
        )
    return made
