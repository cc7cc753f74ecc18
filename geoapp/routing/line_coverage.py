"""Standards along lines: a toilet within 500 m on foot of every point of a street, a notice every 300 m.

    far = farther_than(nearest, streets, toilets, 500)          # where the nearest is farther than that
    gaps = gaps_over(streets, lon, lat, 300)                    # where two neighbours are farther apart than that

Both give the failing stretches, measured and drawn. Streets are shapes in degrees; parts of one that touch are one
line. `nearest` is the RoadNearest of walking, or a StraightNearest where there are no roads.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.routing.nearest import Located, Measure, RoadNearest, RoadSpread
from geoapp.routing.nearest_straight import StraightNearest, StraightSpread
from geoapp.routing.network import METRES_PER_DEGREE
from geoapp.routing.reaching_lines import Polylines, polylines

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]
Flags = NDArray[np.bool_]
Shapes = NDArray[np.object_]
Spread = RoadSpread | StraightSpread

# Lines are looked at every so often, and where it may change in between until the places are this near.
STEP_M, FINE_M = 10.0, 1.0
# Points this near to a line stand by it.
BESIDE_M = 30.0
# Places of a passage that are nearer to a point than others by less than this are equally near.
SAME_M = 1e-6
_MEETS, _FAILS, _UNKNOWN = 0, 1, 2


@dataclass(frozen=True, slots=True)
class FailingStretches:
    """Failing parts of lines (m,), in their order.

    line: number of the street; part: which of its lines, where it has several that do not touch. from_m, to_m along
    that line (on a ring to_m may be beyond its end, where it goes on from the beginning), length_m, worst_m: metres to
    the nearest, or from neighbour to neighbour; infinite where there is none, NaN where not known. known: whether it
    fails for sure; False where the line is too far from the roads to tell. shape: lines in degrees.
    """

    line: Integers
    part: Integers
    from_m: Floats
    to_m: Floats
    length_m: Floats
    worst_m: Floats
    known: Flags
    shape: Shapes

    def __len__(self) -> int:
        return len(self.line)


@dataclass(slots=True)
class _Looks:
    """Looks at lines, in the order of line and of metres along it, and how far the nearest is from there."""

    line: Integers
    at_m: Floats
    metres: Floats

    def with_more(self, before: Integers, more: "_Looks") -> "_Looks":
        """These looks and others, each of which comes before one of these."""
        return _Looks(np.insert(self.line, before, more.line), np.insert(self.at_m, before, more.at_m),
                      np.insert(self.metres, before, more.metres))  # fmt: skip

    def verdict(self, most_m: float) -> Integers:
        """How each look turned out."""
        return np.where(np.isnan(self.metres), _UNKNOWN, np.where(self.metres > most_m, _FAILS, _MEETS))


def farther_than(
    nearest: RoadNearest | StraightNearest, shapes: Any, sources: Located, most_m: float
) -> FailingStretches:
    """The stretches of lines (degrees) from which the nearest source is farther than some metres, or not known.

    Looked at every STEP_M and, where walking there and back leaves room for a change, down to FINE_M: failing and
    meeting stretches that are longer are all found, with ends exact to that; worst_m to half of STEP_M.
    """
    lines, owner = polylines(shapes)
    spread = nearest.spread(sources, by=Measure.METRES)
    line, at_m = _every_step(lines)
    looks = _Looks(line, at_m, _metres(nearest, spread, lines, line, at_m))
    while len(after := _doubtful(looks, most_m)):
        line, at_m = looks.line[after], (looks.at_m[after] + looks.at_m[after + 1]) / 2
        looks = looks.with_more(after + 1, _Looks(line, at_m, _metres(nearest, spread, lines, line, at_m)))
    return _failing(lines, owner, looks, most_m)


def gaps_over(shapes: Any, lon: Floats, lat: Floats, most_m: float, *, beside_m: float = BESIDE_M) -> FailingStretches:
    """The stretches of lines (degrees) between neighbouring points that are farther apart than some metres.

    A point (n,) stands by each line within beside_m, at the place of it that is nearest, and again where the line comes
    back to it. From an end of a line to the first point it may be as far as from point to point; a ring has no ends. A
    line without any point fails as a whole where it is longer than that.
    """
    lines, owner = polylines(shapes)
    line, at_m = _beside(lines, lon, lat, beside_m)
    line, at_m = _with_ends(lines, line, at_m)
    gap = np.where(line[1:] == line[:-1], np.diff(at_m), 0.0)
    wide = np.flatnonzero(gap > most_m)
    shape = _drawn(lines, line[wide], at_m[wide], at_m[wide + 1])
    return FailingStretches(owner[line[wide]], _part(owner)[line[wide]], at_m[wide], at_m[wide + 1], gap[wide],
                            gap[wide], np.ones(len(wide), bool), shape)  # fmt: skip


def _every_step(lines: Polylines) -> tuple[Integers, Floats]:
    """Lines and metres along them, both ends among them, in equal steps from either side."""
    steps = np.maximum(np.ceil(lines.length_m / STEP_M), 1).astype(np.int64)
    line = np.repeat(np.arange(len(lines)), steps + 1)
    step = np.arange(len(line)) - np.repeat(np.cumsum(steps + 1) - steps - 1, steps + 1)
    return line, lines.length_m[line] * step / steps[line]


def _metres(
    nearest: RoadNearest | StraightNearest, spread: Spread, lines: Polylines, line: Integers, at_m: Floats
) -> Floats:
    """To the nearest source from places along lines; NaN where not known."""
    return spread.at(nearest.locate(*lines.at(line, at_m).T)).metres


def _doubtful(looks: _Looks, most_m: float) -> Integers:
    """After which looks another one is wanted before the next: it changes there, or may do so and back again."""
    apart = np.diff(looks.at_m)
    near, far = looks.metres[:-1], looks.metres[1:]
    verdict = looks.verdict(most_m)
    # Nobody gets farther away, or nearer, than by what one walks along the line.
    with np.errstate(invalid="ignore"):
        most, least = (near + far + apart) / 2, (near + far - apart) / 2
    changes = verdict[1:] != verdict[:-1]
    back_again = ((verdict[1:] == _MEETS) & (most > most_m)) | ((verdict[1:] == _FAILS) & (least <= most_m))
    return np.flatnonzero((looks.line[1:] == looks.line[:-1]) & (apart > FINE_M) & (changes | back_again))


def _failing(lines: Polylines, owner: Integers, looks: _Looks, most_m: float) -> FailingStretches:
    """Looks that turned out the same, one after another, as stretches up to where it changes."""
    verdict, change_m = looks.verdict(most_m), _change_m(looks, most_m)
    same_line = looks.line[1:] == looks.line[:-1]
    first = np.flatnonzero(np.append(True, ~same_line | (verdict[1:] != verdict[:-1]))[: len(verdict)])
    last = np.append(first, len(verdict))[1:] - 1
    line, from_m = looks.line[first], change_m[first]
    to_m = np.where(np.append(same_line, False)[last], np.append(change_m, 0.0)[last + 1], looks.at_m[last])
    worst = np.maximum.reduceat(looks.metres, first) if len(first) else np.empty(0)
    kept = np.flatnonzero((verdict[first] != _MEETS) & (to_m - from_m > FINE_M))
    line, from_m, to_m, verdict = line[kept], from_m[kept], to_m[kept], verdict[first][kept]
    return FailingStretches(owner[line], _part(owner)[line], from_m, to_m, to_m - from_m, worst[kept],
                            verdict == _FAILS, lines.cut(line, from_m, to_m))  # fmt: skip


def _change_m(looks: _Looks, most_m: float) -> Floats:
    """Metres along its line where each look's verdict begins to hold, if it is not that of the look before."""
    apart = np.where(looks.line[1:] == looks.line[:-1], np.diff(looks.at_m), 0.0)
    with np.errstate(invalid="ignore", divide="ignore"):
        share = (most_m - looks.metres[:-1]) / np.diff(looks.metres)
    # Where the one or the other is not known, or there is none, it changes half way.
    share = np.where(np.isfinite(share) & (share >= 0) & (share <= 1), share, 0.5)
    return np.concatenate([looks.at_m[:1], looks.at_m[1:] - apart * (1.0 - share)])


def _beside(lines: Polylines, lon: Floats, lat: Floats, beside_m: float) -> tuple[Integers, Floats]:
    """Lines and metres along them at which points in degrees stand by them: at each passage where it is nearest."""
    scale = np.array([np.cos(np.radians(lines.vertices[:, 1].mean() if len(lines) else 0.0)), 1.0]) * METRES_PER_DEGREE
    known = np.isfinite(lon) & np.isfinite(lat)
    points, metric = shapely.points(np.column_stack([lon, lat])[known] * scale), lines.vertices * scale
    start = np.setdiff1d(np.arange(len(metric)), lines.last)
    pieces = np.asarray(shapely.linestrings(np.stack([metric[start], metric[start + 1]], axis=1)), object)
    point, piece = shapely.STRtree(pieces).query(points, predicate="dwithin", distance=beside_m)
    order = np.lexsort((piece, point))
    point, piece = point[order], piece[order]
    away_m = shapely.distance(pieces[piece], points[point])
    far = shapely.distance(shapely.points(metric[start[piece]]), points[point]) > beside_m
    passage = _passages(lines, point, start[piece], far)
    least_m = np.full(len(passage), np.inf)
    np.minimum.at(least_m, passage, away_m)
    at = np.flatnonzero(away_m <= least_m[passage] + SAME_M)
    vertex, line = start[piece[at]], _line_of(lines, start[piece[at]])
    share = shapely.line_locate_point(pieces[piece[at]], points[point[at]], normalized=True)
    along = lines.along_m
    return line, along[vertex] * (1.0 - share) + along[vertex + 1] * share - along[lines.first[line]]


def _passages(lines: Polylines, point: Integers, vertex: Integers, far: Flags) -> Integers:
    """By which passage of a line each piece, from `vertex` on, passes a point: one for as long as it stays beside it.

    far: whether it begins beyond that. A line that turns back, or crosses itself, passes a point more than once.
    """
    goes_on = (point[1:] == point[:-1]) & (vertex[1:] == vertex[:-1] + 1) & ~far[1:]
    passage = np.cumsum(np.append(True, ~goes_on)[: len(point)]) - 1
    line = _line_of(lines, vertex)
    ring = (lines.vertices[lines.first] == lines.vertices[lines.last]).all(axis=1)[line] & ~far
    begins = np.flatnonzero(ring & (vertex == lines.first[line]))
    first = {(point[row], line[row]): passage[row] for row in begins.tolist()}
    goes_on_as = np.arange(len(passage))
    for row in np.flatnonzero(vertex == lines.last[line] - 1).tolist():
        # On a ring what passes at its end goes on at its beginning.
        goes_on_as[passage[row]] = first.get((point[row], line[row]), passage[row])
    return np.asarray(goes_on_as[passage])


def _line_of(lines: Polylines, vertex: Integers) -> Integers:
    """The line of each vertex."""
    return np.searchsorted(lines.first, vertex, side="right") - 1


def _with_ends(lines: Polylines, line: Integers, at_m: Floats) -> tuple[Integers, Floats]:
    """Points along lines in their order with the ends of the lines, on rings with the first one after the last."""
    length_m = lines.length_m
    first = np.full(len(lines), np.inf)
    np.minimum.at(first, line, at_m)
    ring = (lines.vertices[lines.first] == lines.vertices[lines.last]).all(axis=1) & np.isfinite(first)
    open_, rings = np.flatnonzero(~ring), np.flatnonzero(ring)
    line = np.concatenate([line, open_, open_, rings])
    at_m = np.concatenate([at_m, np.zeros(len(open_)), length_m[open_], length_m[rings] + first[rings]])
    order = np.lexsort((at_m, line))
    return line[order], at_m[order]


def _drawn(lines: Polylines, line: Integers, from_m: Floats, to_m: Floats) -> Shapes:
    """Stretches as lines in degrees, on rings beyond the end from the beginning."""
    length_m = lines.length_m[line]
    shapes = lines.cut(line, np.minimum(from_m, length_m), np.minimum(to_m, length_m))
    rest = np.flatnonzero(to_m > length_m)
    starts = lines.cut(line[rest], np.zeros(len(rest)), to_m[rest] - length_m[rest])
    for row, start in zip(rest.tolist(), starts, strict=True):
        shapes[row] = shapely.LineString(np.vstack([shapely.get_coordinates(shapes[row]),
                                                    shapely.get_coordinates(start)[1:]]))  # fmt: skip
    return shapes


def _part(owner: Integers) -> Integers:
    """The how manieth line of its shape each is, from 0."""
    return np.arange(len(owner)) - np.searchsorted(owner, owner)
