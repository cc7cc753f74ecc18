"""The map of a plan's days as a picture: ways in the teams' colours, stops with their numbers."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from geoapp.documents.map_frame import Extent
from geoapp.documents.map_picture import Line, MapPicture, Points, map_picture
from geoapp.documents.map_routes import Mark
from geoapp.documents.map_routes import Path as Way
from geoapp.domain.outings import Outing
from geoapp.services.district import District
from geoapp.services.taking import MapStyle, areas_of, typeface

# Some air round the stops, and never less of the world than about two kilometres, so that streets tell where one is.
AIR, NARROWEST_DEG = 0.08, 0.02
ROAD = "#b9ae9c"
Record = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPicture:
    """How the days of a plan are drawn. colours: by team; name: a township's label, from its properties; fonts: folder.

    What else stands on the picture: without a title there is no header; legend: colours and texts; notes: one a line.
    """

    colours: Mapping[str, str]
    name: Callable[[Record], str]
    fonts: Path
    title: str = ""
    subtitle: str = ""
    legend: Sequence[tuple[str, str]] = ()
    notes: Sequence[str] = ()


def draw_plan(district: District, days: Sequence[Outing], look: PlanPicture) -> bytes:
    """The days as a PNG, on a map of their part of the district."""
    extent = _extent(days) if days else district.describe().bbox
    style = MapStyle(None, {}, "", look.name, lambda _: None, lambda _: "")
    drawn = MapPicture(
        title=look.title, subtitle=look.subtitle, legend=look.legend, notes=look.notes, extent=extent,
        areas=areas_of(district, style), lines=_roads(district, extent), points=Points.none(),
        paths=[way for day in days for way in _ways(day, look.colours[day.team])],
        marks=[mark for day in days for mark in _marks(day, look.colours[day.team])],
    )  # fmt: skip
    return map_picture(drawn, typeface(district, look.fonts))


def _extent(days: Sequence[Outing]) -> Extent:
    """West, south, east and north (degrees) of all ways and stops, with some air."""
    places = [(stop.lon, stop.lat) for day in days for stop in day.stops]
    places += [place for day in days for line in _lines(day) for place in line]
    places += [place for day in days for place in (day.start, day.end) if place is not None]
    (west, south), (east, north) = np.min(places, axis=0).tolist(), np.max(places, axis=0).tolist()
    aside = max((east - west) * AIR, (NARROWEST_DEG - (east - west)) / 2)
    above = max((north - south) * AIR, (NARROWEST_DEG - (north - south)) / 2)
    return west - aside, south - above, east + aside, north + above


def _lines(day: Outing) -> list[Sequence[tuple[float, float]]]:
    return [line for line in (*(stop.line for stop in day.stops), day.home_line) if len(line) > 1]


def _ways(day: Outing, colour: str) -> list[Way]:
    return [Way(shapely.LineString(line), colour, dashed=day.estimate) for line in _lines(day)]


def _marks(day: Outing, colour: str) -> list[Mark]:
    ends = {day.start, *([day.end] if day.end else [])}
    return [*(Mark(str(stop.number), stop.lon, stop.lat, colour) for stop in day.stops),
            *(Mark("", lon, lat, colour) for lon, lat in sorted(ends))]  # fmt: skip


def _roads(district: District, extent: Extent) -> list[Line]:
    """The roads that can be seen: a whole country's would take longer to draw than all else."""
    snapshot = district.present.snapshot("roads")
    rows = snapshot.alive()
    bounds = snapshot.bounds(rows)
    if not len(rows):
        return []
    west, south, east, north = extent
    wide, high = east - west, north - south
    # The frame is wider or higher than the extent, whichever its paper asks for.
    near = (bounds[:, 2] > west - wide) & (bounds[:, 0] < east + wide)
    near &= (bounds[:, 3] > south - high) & (bounds[:, 1] < north + high)
    shapes: list[Any] = snapshot.geometries(rows[near])
    return [Line(shape, ROAD) for shape in shapes if shape is not None]
