"""What a map of cells shows, each cell in its class: for the page, for pictures and to take away."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import orjson
import shapely
from numpy.typing import NDArray

from geoapp.analysis.classes import class_bounds
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.along_streets import StreetRanking, street_ranking
from geoapp.services.cells import Cells
from geoapp.services.changing import Courses, Days, TwoPeriods, courses, two_periods
from geoapp.services.district import District
from geoapp.services.hotspots import CellMap, CellStyle, cell_map

SHOWN = ("spots", "rates", "difference", "courses", "streets")
# A q below this is strong.
STRONG = 0.01
MOST_CLASSED = 1_000

Values = NDArray[Any]


@dataclass(frozen=True, slots=True)
class CellView:
    """Cells (n,) with what they show.

    classes: "hot2", "grown", "new", "r3" and the like, "" for nothing. columns: what else is known of each, by name.
    breaks: upper bounds of the classes r0, r1 and so on. days: two periods, where there are two.
    """

    shown: str
    ids: list[str]
    shapes: NDArray[np.object_]
    classes: list[str]
    uncertain: NDArray[np.bool_]
    columns: dict[str, Values]
    breaks: list[float]
    source: CellMap | TwoPeriods | Courses | StreetRanking

    @property
    def worth_drawing(self) -> NDArray[np.bool_]:
        """Cells in which there is something, or which have a class."""
        return np.array([bool(name) for name in self.classes]) | (self.columns["count"] > 0)

    def geojson(self, *, everything: bool, head: dict[str, Any] | None = None) -> bytes:
        """A FeatureCollection of the cells, or of those worth drawing."""
        chosen = np.arange(len(self.ids)) if everything else np.flatnonzero(self.worth_drawing)
        shapes = shapely.to_geojson(shapely.transform(self.shapes[chosen], lambda places: np.round(places, 6)))
        features = (
            b'{"type":"Feature","id":%b,"geometry":%b,"properties":%b}'
            % (orjson.dumps(self.ids[cell]), text.encode(), orjson.dumps(self.row(cell)))
            for cell, text in zip(chosen.tolist(), shapes.tolist(), strict=True)
        )
        start = orjson.dumps({"type": "FeatureCollection", **(head or {})})[:-1]
        return start + b',"features":[\n' + b",\n".join(features) + b"\n]}\n"

    def row(self, cell: int) -> dict[str, Any]:
        """Everything about one cell, by name."""
        values = {name: _plain(column[cell]) for name, column in self.columns.items()}
        return {"class": self.classes[cell], "uncertain": bool(self.uncertain[cell]), **values}


def cell_view(district: District, selection: Selection, scope: Scope, style: CellStyle, shown: str) -> CellView:
    """The selected problems in cells or along streets; raises BadInput for what cannot be shown.

    shown: spots, rates, difference (of two periods), courses (classes of change) or streets.
    """
    if shown not in SHOWN:
        raise BadInput("{value!r} is not one of {known}.", value=shown, known=", ".join(SHOWN))
    if shown == "streets":
        return _streets(district, street_ranking(district, selection, scope, style.weight))
    if shown == "difference":
        return _difference(two_periods(district, selection, scope, style))
    if shown == "courses":
        return _courses(courses(district, selection, scope, style))
    found = cell_map(district, selection, scope, style)
    return _spots(found) if shown == "spots" else _rates(found)


def periods_of(view: CellView) -> list[Days]:
    """The periods that a view compares, the earliest first."""
    if isinstance(view.source, TwoPeriods):
        return [view.source.before, view.source.after]
    return view.source.periods if isinstance(view.source, Courses) else []


def length_days(days: Days) -> int:
    """How many days a period has."""
    return (days[1] - days[0] + timedelta(days=1)).days


def _spots(found: CellMap) -> CellView:
    strong = found.spots.q <= STRONG
    classes = _sided(found.spots.hot, found.spots.cold, strong, ("hot", "cold"))
    return CellView("spots", *_cells(found), classes, found.rates.uncertain, _counted(found), [], found)


def _rates(found: CellMap) -> CellView:
    rate = np.where(found.counts > 0, found.rates.shrunk, np.nan)
    classes, breaks = _graded(rate)
    return CellView("rates", *_cells(found), classes, found.rates.uncertain, _counted(found), breaks, found)


def _counted(found: CellMap) -> dict[str, Values]:
    return {
        "count": found.counts, "among": found.among, "rate": found.rates.raw, "rate_shrunk": found.rates.shrunk,
        "borrowed": found.rates.borrowed, "around_observed": found.observed, "around_expected": found.expected,
        "gi_star": found.spots.gi, "p": found.spots.p, "q": found.spots.q,
    }  # fmt: skip


def _difference(found: TwoPeriods) -> CellView:
    made = found.difference
    classes = _sided(made.grown, made.shrunk, made.q <= STRONG, ("grown", "shrunk"))
    columns = {"count": found.where.counts, "later_observed": made.observed, "later_expected": made.expected,
               "p": made.p, "q": made.q}  # fmt: skip
    return CellView("difference", *_cells(found.where), classes, np.zeros(len(classes), bool), columns, [], found)


def _courses(found: Courses) -> CellView:
    made = found.change
    columns: dict[str, Values] = {"count": found.counts.sum(axis=1), "class_fine": made.fine, "trend_z": made.trend,
                                  "trend_p": made.trend_p, "periods_hot": made.hot.sum(axis=1)}  # fmt: skip
    columns |= {f"gi_{last.isoformat()}": made.gi[:, place] for place, (_, last) in enumerate(found.periods)}
    shown = made.shown
    return CellView("courses", *_cells(found.where), shown, np.zeros(len(shown), bool), columns, [], found)


def _streets(district: District, found: StreetRanking) -> CellView:
    shapes = np.array(district.present.snapshot("streets").geometries(found.rows), dtype=object)
    classes, breaks = _graded(np.where(found.counts > 0, found.shrunk, np.nan))
    names = np.array(district.present.snapshot("streets").ids(found.rows), dtype=object)
    columns = {"street": names, "count": found.counts, "km": found.km, "per_km": found.raw,
               "per_km_shrunk": found.shrunk}  # fmt: skip
    return CellView("streets", found.ids, shapes, classes, found.uncertain, columns, breaks, found)


def _cells(found: CellMap) -> tuple[list[str], NDArray[np.object_]]:
    over: Cells = found.cells
    return [over.ids[cell] for cell in found.tested.tolist()], over.shapes()[found.tested]


def _sided(up: Iterable[bool], down: Iterable[bool], strong: Iterable[bool], names: tuple[str, str]) -> list[str]:
    return [
        f"{names[0] if high else names[1]}{'2' if sure else ''}" if high or low else ""
        for high, low, sure in zip(up, down, strong, strict=True)
    ]


def _graded(values: NDArray[np.float64]) -> tuple[list[str], list[float]]:
    known = values[np.isfinite(values)]
    # Natural classes of very many values are those of a thousand that stand for them.
    standing = known if len(known) <= MOST_CLASSED else np.quantile(known, np.linspace(0, 1, MOST_CLASSED))
    breaks = class_bounds(standing.tolist())
    places = np.minimum(np.searchsorted(breaks, values), max(len(breaks) - 1, 0))
    return ["" if np.isnan(value) else f"r{place}" for value, place in zip(values, places, strict=True)], breaks


def _plain(value: Any) -> Any:
    """A value as JSON has it: numbers to six digits that count, None for what nobody knows."""
    if isinstance(value, str):
        return value
    number = float(value)
    return None if np.isnan(number) else float(f"{number:.6g}")
