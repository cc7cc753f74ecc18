"""Where reports lie thickest: a heat surface over a selection, its scale, and what it leaves out."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.assignment import OUTSIDE, AreaIndex
from geoapp.analysis.dirt import Heap
from geoapp.domain.errors import BadInput
from geoapp.domain.problem import AWAITING_WORK
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import precise
from geoapp.services.dirt import dirt
from geoapp.services.district import District
from geoapp.services.selected import basis, selected
from geoapp.services.tiling import Place, require_tile
from geoapp.storage.columns import NO_TIME
from geoapp.storage.snapshot import LayerSnapshot, Rows
from geoapp.tiles.heat import Border, HeatSurface, finest_zoom
from geoapp.tiles.heat_picture import palette, picture
from geoapp.tiles.morton import LATITUDE_LIMIT, world

LAYER = "problems"
BANDWIDTHS_M = (100, 200, 300, 500, 1_000, 2_000)
USUAL_BANDWIDTH_M = 300
WEIGHTS = ("count", "severity", "overdue")
SEVERITY: Mapping[str, float] = {"minor": 1.0, "serious": 2.0, "severe": 3.0}
DAYS_A_MONTH = 30.4375
DAY_S = 86_400
# The border is laid out in at most so many cells, the scale is read off at most so many.
BORDER_CELLS, SCALE_CELLS = 6_000_000, 1_000_000
# The scale ends where all but so little of the district lies: one single heap must not fade all others.
SCALE_SHARE = 99.8


@dataclass(frozen=True, slots=True)
class HeatStyle:
    """How a surface is made. bandwidth_m: one of BANDWIDTHS_M. weight: count, severity (1, 2, 3) or days overdue.

    top: where the scale ends, in weight per km², so that several maps have one; None for what suits the selection.
    """

    bandwidth_m: int = USUAL_BANDWIDTH_M
    weight: str = "count"
    top: float | None = None

    def __post_init__(self) -> None:
        if self.bandwidth_m not in BANDWIDTHS_M:
            raise BadInput(
                "{value!r} is not one of {known}.", value=self.bandwidth_m, known=", ".join(map(str, BANDWIDTHS_M))
            )
        if self.top is not None and not 0 < self.top < 1e12:
            raise BadInput("{name}={value!r} is no end of a scale.", name="top", value=self.top)
        if self.weight not in WEIGHTS:
            raise BadInput("{value!r} is not one of {known}.", value=self.weight, known=", ".join(WEIGHTS))


@dataclass(frozen=True, slots=True)
class Heat:
    """What a heat map shows.

    shown: reports on it. without_place, imprecise: those that are not, since nobody knows where they are, or only
    roughly. first_day, last_day: the days that they were found in, and how many months that is. top: where the scale
    ends, in weight per km² and month.
    """

    shown: int
    without_place: int
    imprecise: int
    first_day: date | None
    last_day: date | None
    months: float
    top: float

    @property
    def classes(self) -> tuple[float, float]:
        """Where low ends, and where middle does."""
        return self.top / 3, 2 * self.top / 3


def heat(district: District, selection: Selection, scope: Scope, style: HeatStyle) -> Heat:
    """What a heat map of the selected problems shows, and on which scale."""
    snapshot = district.present.snapshot(LAYER)
    rows = selected(district, LAYER, selection, scope)
    shown = precise(snapshot, rows)
    lon, _ = snapshot.positions(rows)
    nowhere = int(np.isnan(lon).sum())
    first, last = _days(district, snapshot, shown, selection)
    months = max((last - first).days + 1, 1) / DAYS_A_MONTH if first and last else 1.0
    top = scale_top(district, selection, scope, style) / months
    return Heat(len(shown), nowhere, len(rows) - len(shown) - nowhere, first, last, months, top)


def doubtful_reports(district: District, selection: Selection, scope: Scope) -> tuple[dict[str, int], list[Heap]]:
    """How many of the selected problems are doubtful, by kind, and the positions with suspiciously many of all."""
    chosen, found = selected(district, LAYER, selection, scope), dirt(district)
    counts = {kind: len(np.intersect1d(chosen, rows, assume_unique=True)) for kind, rows in found.rows.items()}
    return {kind: number for kind, number in counts.items() if number}, found.heaps


def heat_tile(district: District, place: Place, selection: Selection, scope: Scope, style: HeatStyle) -> bytes:
    """One tile (z, x, y) of the surface as a PNG, on the scale of the whole; raises BadInput for what is no tile."""
    require_tile(LAYER, place)
    key = ("heat tile", *_key(district, selection, scope, style), place)

    def draw() -> bytes:
        top = scale_top(district, selection, scope, style)
        return picture(surface(district, selection, scope, style).tile(*place), top, palette())

    drawn: bytes = district.derived.get(key, draw, len)
    return drawn


def weights_of(district: District, rows: Rows, weight: str) -> NDArray[np.float64] | None:
    """What each of the rows of problems counts, by a weight of WEIGHTS; None for 1 each."""
    snapshot = district.present.snapshot(LAYER)
    if weight == "count":
        return None
    if weight == "severity":
        grades = [SEVERITY.get(str(text), 1.0) for text in snapshot.vocabularies["severity"].texts]
        return np.array([*grades, 1.0])[snapshot.coded("severity", rows)]
    waits = [text in AWAITING_WORK for text in snapshot.vocabularies["status"].texts]
    waiting = np.array([*waits, False])[snapshot.coded("status", rows)]
    deadline = snapshot.times("deadline", rows)
    late_s = np.where(waiting & (deadline != NO_TIME), district.clock().timestamp() - deadline, 0.0)
    return np.maximum(late_s, 0.0) / DAY_S


def surface(district: District, selection: Selection, scope: Scope, style: HeatStyle) -> HeatSurface:
    """The density of the selected problems, kept for the next who asks."""

    def build() -> HeatSurface:
        snapshot = district.present.snapshot(LAYER)
        rows = precise(snapshot, selected(district, LAYER, selection, scope))
        return HeatSurface(snapshot.codes(rows), weights_of(district, rows, style.weight),
                           bandwidth_m=style.bandwidth_m, latitude=_latitude(district),
                           border=_border(district, style.bandwidth_m))  # fmt: skip

    made: HeatSurface = district.derived.get(
        ("heat", *_key(district, selection, scope, replace(style, top=None))), build, lambda made: made.nbytes
    )
    return made


def _key(district: District, selection: Selection, scope: Scope, style: HeatStyle) -> tuple[object, ...]:
    meant = selection.for_layer(LAYER)
    moment = district.clock() if style.weight == "overdue" else None
    return basis(district, LAYER, meant), district.present.seqs.get("townships", 0), meant, scope, style, moment


def scale_top(district: District, selection: Selection, scope: Scope, style: HeatStyle) -> float:
    """Where the scale ends, in weight per km²: read off the whole surface, in cells as fine as is worth it."""
    if style.top is not None:
        return style.top

    def read() -> float:
        whole = surface(district, selection, scope, style)
        zoom, left, top, columns, rows = _cells(district, style.bandwidth_m, SCALE_CELLS)
        density = whole.grid(zoom, left, top, columns, rows)
        some = density[density > 0]
        return float(np.percentile(some, SCALE_SHARE)) if len(some) else 0.0

    found: float = district.derived.get(("heat top", *_key(district, selection, scope, style)), read, lambda _: 64)
    return found


def _border(district: District, bandwidth_m: int) -> Border | None:
    """The cells of the district; None where no township has an area."""
    townships = district.present.snapshot("townships")

    def build() -> Border | None:
        areas = [shape for shape in townships.geometries(townships.alive()) if shape is not None]
        if not areas:
            return None
        zoom, left, top, columns, rows = _cells(district, bandwidth_m, BORDER_CELLS)
        lon = ((left + np.arange(columns) + 0.5) / 2**zoom) * 360.0 - 180.0
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (top + np.arange(rows) + 0.5) / 2**zoom))))
        across, down = np.meshgrid(lon, lat)
        held = AreaIndex(areas).assign(across.ravel(), down.ravel()) != OUTSIDE
        return Border(zoom, left, top, held.reshape(rows, columns))

    border: Border | None = district.derived.get(
        ("heat border", townships.seq, bandwidth_m), build, lambda made: made.nbytes if made else 64
    )
    return border


def _cells(district: District, bandwidth_m: int, most: int) -> tuple[int, int, int, int, int]:
    """The finest cells of which at most so many cover the district: their zoom, first column and row, and numbers."""
    west, south, east, north = district.describe().bbox
    limit = LATITUDE_LIMIT
    x, y = world(np.array([west, east]), np.clip([north, south], -limit, limit))
    zoom = finest_zoom(bandwidth_m, _latitude(district))
    while (x[1] - x[0]) * (y[1] - y[0]) * 4**zoom > most:
        zoom -= 1
    left, right, top, bottom = (int(edge * 2**zoom) for edge in (*x, *y))
    return zoom, left, top, right - left + 1, bottom - top + 1


def _latitude(district: District) -> float:
    _, south, _, north = district.describe().bbox
    return (south + north) / 2


def _days(
    district: District, snapshot: LayerSnapshot, rows: Rows, selection: Selection
) -> tuple[date | None, date | None]:
    """The days that were asked for, else those of the first and the last report."""
    found = snapshot.times("found_at", rows)
    found = found[found != NO_TIME]
    zone = district.zone
    first = selection.first_day or (datetime.fromtimestamp(int(found.min()), zone).date() if len(found) else None)
    last = selection.last_day or (datetime.fromtimestamp(int(found.max()), zone).date() if len(found) else None)
    if first and last and last < first:
        last = first + timedelta(days=1)
    return first, last
