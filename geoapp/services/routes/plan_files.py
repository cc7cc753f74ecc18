"""Kept plans as files for other programs: GPX, GeoJSON, workbooks."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import IO, Any

import orjson

from geoapp.analysis.distance import distance_m
from geoapp.documents.gpx import GpxAbout, GpxDay, GpxPoint, gpx
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.navigation import Place
from geoapp.domain.outings import Outing, OutingStop
from geoapp.domain.sentences import Sentence
from geoapp.services.district import District
from geoapp.services.routes.plan_notes import Reader, plan_notes
from geoapp.services.routes.plan_sheets import book_sheets
from geoapp.services.sheets import book_xlsx

ODBL = "https://opendatacommons.org/licenses/odbl/1-0/"
Track = list[tuple[Place, datetime | None]]


def plan_gpx(district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader) -> bytes:
    """The days as GPX: stops as waypoints, a route and a track a day, with times as planned."""
    sources = sources_of(district, reader)
    about = GpxAbout(name=kept.name, description=" ".join(map(reader.tell, plan_notes(kept))), time=kept.made_at,
                     holder=sources, license=ODBL if "ODbL" in sources else "")  # fmt: skip
    return gpx(about, [_gpx_day(district, one, reader) for one in days])


def plan_geojson(district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader) -> bytes:
    """The days as one FeatureCollection: a point a stop, a line a way between two of them."""
    head = {
        "type": "FeatureCollection", "name": kept.name, "plan": kept.id,
        "attribution": sources_of(district, reader), "notes": [reader.tell(note) for note in plan_notes(kept)],
        "estimate": kept.plan.estimate, "schematic": kept.plan.schematic, "ledger_seq": kept.plan.ledger_seq,
    }  # fmt: skip
    features = [feature for day in days for feature in _features(day)]
    return orjson.dumps(head | {"features": features}, option=orjson.OPT_INDENT_2) + b"\n"


def plan_xlsx(district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader) -> IO[bytes]:
    """The days as a workbook, in a file that vanishes when it is closed."""
    return book_xlsx(book_sheets(district, kept, days, reader, sources_of(district, reader)))


def sources_of(district: District, reader: Reader) -> str:
    """Where the data come from, and under which licence."""
    return " · ".join(source[reader.language] for source in district.describe().attribution)


def _gpx_day(district: District, day: Outing, reader: Reader) -> GpxDay:
    stops = [
        GpxPoint(name=f"{stop.number}. {stop.name}", lon=stop.lon, lat=stop.lat, kind=stop.kind or "", link=stop.url,
                 time=day.moment(district.zone, stop.arrive), description=_described(stop, reader))
        for stop in day.stops
    ]  # fmt: skip
    start, end = reader.tell(Sentence("Start")), reader.tell(Sentence("End"))
    ends = [GpxPoint(name=f"{day.team_name}: {start}", lon=day.start[0], lat=day.start[1])]
    back = []
    if day.end is not None:
        home = day.moment(district.zone, day.home) if day.home else None
        back = [GpxPoint(name=f"{day.team_name}: {end}", lon=day.end[0], lat=day.end[1], time=home)]
    return GpxDay(name=f"{day.date} {day.team_name}", points=[*ends, *stops, *back], marked=stops,
                  track=_track(district, day))  # fmt: skip


def _described(stop: OutingStop, reader: Reader) -> str:
    parts = [f"{stop.arrive[:5]}-{stop.leave[:5]}", stop.kind, stop.address, stop.street, stop.township]  # fmt: skip
    waiting = [f"{one.number} {one.subcategory or one.category} ({reader.word('status', one.status)})"
               for one in stop.problems]  # fmt: skip
    return "; ".join(part for part in (*parts, *waiting) if part)


def _track(district: District, day: Outing) -> Track:
    """The day's line; along each way time passes as the metres do, from when one leaves to when one arrives."""
    lines = [stop.line for stop in day.stops]
    began = (
        day.moment(district.zone, day.stops[0].arrive) - timedelta(minutes=day.stops[0].travel_min) if lines else None
    )
    leaving = [began, *(day.moment(district.zone, stop.leave) for stop in day.stops)]
    arriving = [day.moment(district.zone, stop.arrive) for stop in day.stops]
    if day.home_line:
        lines.append(day.home_line)
        arriving.append(day.moment(district.zone, day.home or day.stops[-1].leave))
    made: Track = []
    for line, leave, arrive in zip(lines, leaving, arriving, strict=False):
        if leave is not None:
            made += _timed(line, leave, arrive)
    return made


def _timed(line: Sequence[Place], leave: datetime, arrive: datetime) -> Iterator[tuple[Place, datetime | None]]:
    steps = [0.0, *(distance_m(*one, *other) for one, other in pairwise(line))]
    whole, gone = sum(steps) or 1.0, 0.0
    for place, step in zip(line, steps, strict=True):
        gone += step
        yield place, leave + (arrive - leave) * (gone / whole)


def _features(day: Outing) -> Iterator[dict[str, Any]]:
    which = {"team": day.team, "team_name": day.team_name, "date": day.date.isoformat()}
    for stop in day.stops:
        yield _feature("Point", (stop.lon, stop.lat), which | _properties(stop))
        if len(stop.line) > 1:
            yield _feature("LineString", stop.line, which | _way(stop.number, day.estimate, stop.travel_min,
                                                                 stop.distance_m))  # fmt: skip
    if len(day.home_line) > 1 and day.stops:
        metres = day.distance_m - sum(stop.distance_m for stop in day.stops)
        minutes = day.travel_min - sum(stop.travel_min for stop in day.stops)
        yield _feature("LineString", day.home_line, which | _way(None, day.estimate, minutes, metres))


def _feature(kind: str, coordinates: Any, properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def _properties(stop: OutingStop) -> dict[str, Any]:
    known = {"kind": stop.kind, "address": stop.address, "township": stop.township, "street": stop.street}
    return {
        "feature": "stop", "number": stop.number, "id": stop.id, "name": stop.name, **known, "arrive": stop.arrive,
        "start": stop.start, "leave": stop.leave, "value": stop.value, "must": stop.must,
        "windows": [list(window) for window in stop.windows], "open_problems": [one.number for one in stop.problems],
        "url": stop.url,
    }  # fmt: skip


def _way(to: int | None, estimate: bool, minutes: float, metres: float) -> dict[str, Any]:
    """to: the number of the stop that the way leads to, None for the way home."""
    return {"feature": "way", "to": to, "travel_min": round(minutes, 1), "distance_m": round(metres),
            "estimate": estimate}  # fmt: skip
