"""Coverage on map pictures: townships in the colours of an indicator, what is near, who lives where, what stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geoapp.documents.map_frame import Extent
from geoapp.documents.map_picture import MapPicture, Points, map_picture
from geoapp.documents.map_routes import Mark
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.records import Floats, Reach
from geoapp.services.district import District
from geoapp.services.selected import selected
from geoapp.services.taking import MapStyle, framed, typeface

# A catchment lets the ground shine through; Pillow's areas do not, so that the colour is mixed with white beforehand.
_OPACITY = 0.42
# More places than this would hide the facilities among them: then every so many is drawn.
MOST_DRAWN = 2_500
_MOST_OF_IT = 0.95


@dataclass(frozen=True, slots=True)
class Inks:
    """Colours (#rrggbb): of places by near, far and none (no way, or too far from a road), of facilities, catchments
    and proposals.
    """

    near: str
    far: str
    none: str
    facility: str
    catchment: str
    proposal: str


def draw_shaded(district: District, picture: MapPicture, answer: Reach, *, inks: Inks, look: MapStyle,
                fonts: Path) -> bytes:  # fmt: skip
    """The townships as `look` shades them, and the facilities that count."""
    supply = answer.supply
    points = Points(supply.lon, supply.lat, np.zeros(len(supply), np.intp), [inks.facility])
    drawn = replace(_framed(district, picture, answer, look), points=points)
    return map_picture(drawn, typeface(district, fonts))


def draw_near(district: District, picture: MapPicture, answer: Reach, near: Mapping[str, Any], *, inks: Inks,
              look: MapStyle, fonts: Path, proposal: Proposal | None = None) -> bytes:  # fmt: skip
    """What lies near a facility (a FeatureCollection of areas), the places where people live by how far they have it,
    and the facilities on top; proposed places as numbers.
    """
    shapes = _shapes(near)
    ground = mixed(inks.catchment, _OPACITY)
    marks = [Mark(str(one.rank), one.lon, one.lat, inks.proposal) for one in (proposal.places if proposal else ())]
    drawn = replace(
        _framed(district, picture, answer, look), points=_points(answer, inks), marks=marks,
        patches=[(shapely.union_all(shapes), ground)] if shapes else (),
    )  # fmt: skip
    return map_picture(drawn, typeface(district, fonts))


def main_part(district: District, townships: Sequence[str]) -> Extent | None:
    """Where most of the land of some townships lies: small exclaves far away would push it to the edge; None where none
    of them has an area.
    """
    snapshot = district.present.snapshot("townships")
    rows = selected(district, "townships", Selection(township=tuple(townships)), Scope.PUBLIC)
    shapes = [shape for shape in snapshot.geometries(rows) if shape is not None]
    pieces = sorted(shapely.get_parts(shapes), key=shapely.area, reverse=True)
    if not pieces:
        return None
    growing = np.cumsum(shapely.area(pieces))
    most = int(np.searchsorted(growing, _MOST_OF_IT * growing[-1])) + 1
    west, south, east, north = shapely.total_bounds(pieces[:most]).tolist()
    return west, south, east, north


def drawn_step(answer: Reach) -> int:
    """One of how many places is drawn."""
    return -(-len(answer.demand) // MOST_DRAWN) or 1


def mixed(colour: str, opacity: float) -> str:
    """A colour as it looks on white when it lets so much through."""
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(part * opacity + 255 * (1 - opacity)):02x}" for part in parts)


def _framed(district: District, picture: MapPicture, answer: Reach, look: MapStyle) -> MapPicture:
    """Fitted to the townships that were asked for, or to all."""
    codes = tuple(sorted({one.code for one in answer.townships}))
    drawn = framed(district, Selection(township=codes), picture, look)
    # Roads are the ground here; catchments along them are what matters.
    return replace(drawn, lines=[replace(line, colour="#c9c2b4", width=1) for line in drawn.lines])


def _points(answer: Reach, inks: Inks) -> Points:
    """Places first, facilities over them."""
    demand, supply, each = answer.demand, answer.supply, slice(None, None, drawn_step(answer))
    way = np.where(answer.near, 0, np.where(np.isfinite(answer.seconds), 1, 2))[each]
    return Points(
        _joined(demand.lon[each], supply.lon), _joined(demand.lat[each], supply.lat),
        np.concatenate([way, np.full(len(supply), 3)]).astype(np.intp), [inks.near, inks.far, inks.none, inks.facility],
    )  # fmt: skip


def _joined(one: Floats, other: Floats) -> Floats:
    return np.concatenate([one, other])


def _shapes(collection: Mapping[str, Any]) -> Sequence[Any]:
    geometries = (feature.get("geometry") for feature in collection.get("features", ()))
    found = [shapely.geometry.shape(one) for one in geometries if one]
    return [one for one in found if one.geom_type in ("Polygon", "MultiPolygon") and not one.is_empty]
