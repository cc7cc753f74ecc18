"""What reports are counted among: ground, visits, survey points, kilometres of street, residents."""

from dataclasses import dataclass, replace

import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.areas import length_km
from geoapp.analysis.hexagons import NOWHERE, Plane
from geoapp.analysis.pieces import line_pieces
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import Cells, of_rows, parallel_of
from geoapp.services.district import District

PER = ("area", "visit", "survey_point", "street_km", "resident")
# Streets are measured in pieces this much shorter than a cell is wide.
FINER = 8

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Among:
    """What each cell (n,) has of a denominator, NaN where nobody knows; what of it lies in no cell."""

    values: Floats
    elsewhere: float

    @property
    def any(self) -> bool:
        """Whether there is anything to count among."""
        return bool(np.nansum(self.values) > 0)


def among(district: District, cells: Cells, per: str, selection: Selection, scope: Scope) -> Among:
    """A denominator for each cell; raises BadInput for one that is none.

    area: km². visit: visits in the selection's days and rounds. survey_point: points of the survey. street_km:
    kilometres of street (of road, where no street is known). resident: of townships, or of the villages in a hexagon.
    """
    if per not in PER:
        raise BadInput("{value!r} is not one of {known}.", value=per, known=", ".join(PER))
    if per == "area":
        return Among(cells.area_km2, 0.0)
    if per in ("visit", "survey_point"):
        layer = "visits" if per == "visit" else "sites"
        # Days and rounds are those of visits too; categories and states are not.
        wanted = replace(selection.for_layer(layer), q=None, without=(), indicator=None)
        wanted = wanted if per == "visit" else Selection(township=wanted.township, role=("survey",))
        return _points(cells, of_rows(district, cells, layer, district.rows(layer, wanted, scope)), None)
    return _streets(district, cells) if per == "street_km" else _residents(district, cells)


def _points(cells: Cells, found: NDArray[np.int64], weights: Floats | None) -> Among:
    there = found != NOWHERE
    weighted = np.ones(len(found)) if weights is None else weights
    counted = np.bincount(found[there], weighted[there], minlength=len(cells)).astype(float)
    return Among(counted, float(weighted[~there].sum()))


def _streets(district: District, cells: Cells) -> Among:
    if cells.kind == "streets":
        return Among(length_km(cells.shapes()), 0.0)
    layer = next((name for name in ("streets", "roads") if len(district.present.snapshot(name))), "streets")
    snapshot = district.present.snapshot(layer)

    def measure() -> Among:
        lines = [shape for shape in snapshot.geometries(snapshot.alive()) if shape is not None]
        if not lines or not len(cells):
            return Among(np.zeros(len(cells)), 0.0)
        shapes = np.array(lines, dtype=object)
        plane = Plane(parallel_of(shapely.box(*shapely.total_bounds(shapes))))
        pieces, *_ = line_pieces(shapes, plane, (cells.width_m or 1_000) / FINER)
        lon, lat = shapely.get_coordinates(shapely.line_interpolate_point(pieces, 0.5, normalized=True)).T
        found = cells.place(lon, lat)
        if cells.kind == "townships":
            tree = shapely.STRtree(cells.shapes())
            points, areas = tree.query(shapely.points(lon, lat), predicate="intersects")
            found[points[::-1]] = areas[::-1]
        return _points(cells, found, length_km(pieces))

    key = ("street km", cells.kind, cells.width_m, layer, snapshot.seq, district.present.seqs.get("townships", 0))
    made: Among = district.derived.get(key, measure, lambda one: one.values.nbytes)
    return made


def _residents(district: District, cells: Cells) -> Among:
    if cells.kind == "townships":
        return Among(district.present.snapshot("townships").numbers("population", cells.owner), 0.0)
    snapshot = district.present.snapshot("villages")
    rows = snapshot.alive()
    people = snapshot.numbers("population", rows)
    known = rows[np.isfinite(people)]
    return _points(cells, of_rows(district, cells, "villages", known), people[np.isfinite(people)])
