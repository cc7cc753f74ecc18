"""Which problems have come back."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.records import ABSENT, NO_TIME, Mask, Problems, put_right_at
from geoapp.analysis.relapse_kernel import near_in_time

RELAPSE_M = 50.0
RELAPSE_S = 30 * 86_400

# WGS 84: half the equator's width in metres, and the square of the ellipsoid's eccentricity.
_RADIUS_M, _SQUARED = 6_378_137.0, 0.006_694_379_990_141_3
_BITS = 21  # three numbers of so many bits fit into one of 64


@dataclass(frozen=True, slots=True)
class _Moments:
    """Times in half seconds, so that what was put right the moment it was found comes just after that moment.

    With it "found earlier and put right by then" is one comparison: nothing is its own relapse, nor that of its twin.
    """

    put_right: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


def can_relapse(problems: Problems) -> Mask:
    """Those that can be told to have come back, (n,): with a subcategory, a time, and a site or place."""
    located = (problems.site != ABSENT) | _placed(problems)
    able: Mask = located & (problems.subcategory != ABSENT) & (problems.found != NO_TIME)
    return able


def relapsed(problems: Problems, asked: Mask) -> Mask:
    """Those of `asked` that have come back, (n,).

    An earlier problem of the same subcategory, at the same site or within RELAPSE_M, was put right at most RELAPSE_S
    before this one was found. What is said to be put right before it was found is nobody's predecessor.
    """
    put_right = put_right_at(problems)
    asked = asked & can_relapse(problems)
    first = problems.found[asked].min(initial=np.iinfo(np.int64).max) - RELAPSE_S
    earlier = (problems.subcategory != ABSENT) & (put_right != NO_TIME) & (put_right >= problems.found)
    earlier &= (put_right >= first) & (put_right <= problems.found[asked].max(initial=NO_TIME))
    moments = _Moments(
        put_right=np.where(earlier, 2 * put_right + (put_right == problems.found), 0),
        first=np.where(asked, 2 * (problems.found - RELAPSE_S), 0),
        last=np.where(asked, 2 * problems.found, 0),
    )
    found = np.zeros(len(problems), bool)
    _mark_same_site(problems, moments, earlier, asked, found)
    _mark_nearby(problems, moments, earlier, asked & ~found, found)
    return found


def metres_per_degree(lat: NDArray[np.float64]) -> NDArray[np.float64]:
    """Metres of a degree of longitude and of latitude at latitudes (n,) in degrees, (n, 2), on the WGS 84 ellipsoid."""
    sine, cosine = np.sin(np.radians(lat)), np.cos(np.radians(lat))
    bend = 1 - _SQUARED * sine**2
    east = _RADIUS_M * cosine / np.sqrt(bend)
    north = _RADIUS_M * (1 - _SQUARED) / bend**1.5
    return np.radians(np.column_stack([east, north]))


def _mark_same_site(problems: Problems, moments: _Moments, earlier: Mask, asked: Mask, found: Mask) -> None:
    """Mark in `found` what has an earlier one at its site."""
    then = np.flatnonzero(earlier & (problems.site != ABSENT))
    now = np.flatnonzero(asked & (problems.site != ABSENT))
    if not len(then) or not len(now):
        return
    group = problems.site.astype(np.int64) * (int(problems.subcategory.max()) + 1) + problems.subcategory
    groups, number = np.unique(group[then], return_inverse=True)
    start = int(moments.put_right[then].min())
    span = int(moments.put_right[then].max()) - start + 1
    # Group and moment as one number that sorts by both; a window is cut to the span, so that it never reaches into the
    # next group.
    line = np.sort(number * span + (moments.put_right[then] - start))
    place = np.minimum(np.searchsorted(groups, group[now]), len(groups) - 1)
    first = place * span + np.clip(moments.first[now] - start, 0, span)
    last = place * span + np.clip(moments.last[now] - start, -1, span - 1)
    some = np.searchsorted(line, last, side="right") > np.searchsorted(line, first, side="left")
    found[now] = some & (groups[place] == group[now])


def _mark_nearby(problems: Problems, moments: _Moments, earlier: Mask, asked: Mask, found: Mask) -> None:
    """Mark in `found` what has an earlier one within RELAPSE_M. The meridian of 180 degrees counts as an edge."""
    then = np.flatnonzero(earlier & _placed(problems))
    now = np.flatnonzero(asked & _placed(problems))
    if not len(then) or not len(now):
        return

    def columns(rows: NDArray[np.intp], *times: NDArray[np.int64]) -> NDArray[np.float64]:
        chosen = (problems.subcategory[rows], problems.lon[rows], problems.lat[rows])
        return np.column_stack([*chosen, *times]).astype(float)

    points = columns(then, moments.put_right[then])
    points = points[_neighbours_together(points)]
    questions = columns(now, moments.first[now], moments.last[now])
    # Neighbours ask for the same boxes: in this order they still lie in the processor's cache.
    order = _neighbours_together(questions[:, :4])
    questions = questions[order]
    found[now[order]] |= near_in_time(points, questions, metres_per_degree(questions[:, 2]), reach_m=RELAPSE_M)


def _neighbours_together(points: NDArray[np.float64]) -> NDArray[np.intp]:
    """An order of points (n, 4: group, lon, lat, time) by group, then along a Morton curve through place and time."""
    # What counts as near on each axis, in steps of the curve: a thousandth of the reach.
    steps = np.array([RELAPSE_M / 111_000, RELAPSE_M / 111_000, 2 * RELAPSE_S]) / 1024
    low = points[:, 1:].min(axis=0)
    extent = points[:, 1:].max(axis=0) - low
    steps = np.maximum(steps, extent / (2**_BITS - 1))
    whole = np.minimum((points[:, 1:] - low) / steps, 2**_BITS - 1).astype(np.uint64)
    curve = _spread(whole[:, 0]) | _spread(whole[:, 1]) << np.uint64(1) | _spread(whole[:, 2]) << np.uint64(2)
    return np.lexsort((curve, points[:, 0]))


def _spread(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Numbers of 21 bits with two empty bits before each bit."""
    for shift, kept in (
        (32, 0x001F00000000FFFF),
        (16, 0x001F0000FF0000FF),
        (8, 0x100F00F00F00F00F),
        (4, 0x10C30C30C30C30C3),
        (2, 0x1249249249249249),
    ):
        numbers = (numbers | numbers << np.uint64(shift)) & np.uint64(kept)
    return numbers


def _placed(problems: Problems) -> Mask:
    placed: Mask = np.isfinite(problems.lon) & np.isfinite(problems.lat)
    return placed
