"""GPX 1.1 for hand-held receivers and map apps: stops as waypoints, each day as a route and as a track.

Positions are WGS 84, times UTC: the format knows nothing else. Reference: www.topografix.com/GPX/1/1/gpx.xsd, whose
order of elements is kept.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from xml.etree import ElementTree

from geoapp.domain.navigation import Place

# How receivers show a stop, in the words that most of them know.
SYMBOL = "Flag, Blue"
NAMESPACE = "http://www.topografix.com/GPX/1/1"
_SCHEMA = "http://www.w3.org/2001/XMLSchema-instance"
# What XML 1.0 cannot hold: control characters, halves of surrogate pairs and two that are no characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class GpxPoint:
    """A place (degrees), when one is to be there, a word for its kind, and an address that shows it."""

    name: str
    lon: float
    lat: float
    time: datetime | None = None
    description: str = ""
    kind: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class GpxDay:
    """One team's day. points: start, stops and end in order; track: its line with times, as far as they are known.

    marked: those of the points that become waypoints.
    """

    name: str
    points: Sequence[GpxPoint]
    marked: Sequence[GpxPoint]
    track: Sequence[tuple[Place, datetime | None]] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GpxAbout:
    """What a file says of itself. holder: whose data it holds, and license: the address of its terms."""

    name: str
    description: str
    time: datetime
    holder: str = ""
    license: str = ""


def gpx(about: GpxAbout, days: Sequence[GpxDay]) -> bytes:
    """The days as one GPX file; characters that XML cannot hold are left out."""
    root = ElementTree.Element("gpx", {
        "version": "1.1", "creator": "geoapp", "xmlns": NAMESPACE, "xmlns:xsi": _SCHEMA,
        "xsi:schemaLocation": f"{NAMESPACE} {NAMESPACE}/gpx.xsd",
    })  # fmt: skip
    root.append(_metadata(about))
    for day in days:
        for point in day.marked:
            root.append(_point("wpt", point))
    for number, day in enumerate(days, start=1):
        root.append(_route(number, day))
    for number, day in enumerate(days, start=1):
        if len(day.track) > 1:
            root.append(_track(number, day))
    ElementTree.indent(root)
    written: bytes = ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)
    return written + b"\n"


def _metadata(about: GpxAbout) -> ElementTree.Element:
    made = ElementTree.Element("metadata")
    _texts(made, (("name", about.name), ("desc", about.description)))
    if about.holder:
        holder = ElementTree.SubElement(made, "copyright", {"author": _plain(about.holder)})
        _texts(holder, (("license", about.license),))
    _texts(made, (("time", _utc(about.time)),))
    return made


def _route(number: int, day: GpxDay) -> ElementTree.Element:
    made = ElementTree.Element("rte")
    _texts(made, (("name", day.name), ("number", str(number))))
    made.extend(_point("rtept", point) for point in day.points)
    return made


def _track(number: int, day: GpxDay) -> ElementTree.Element:
    made = ElementTree.Element("trk")
    _texts(made, (("name", day.name), ("number", str(number))))
    segment = ElementTree.SubElement(made, "trkseg")
    for place, time in day.track:
        _texts(_placed(segment, "trkpt", *place), (("time", _utc(time)),))
    return made


def _point(tag: str, point: GpxPoint) -> ElementTree.Element:
    made = ElementTree.Element(tag, _degrees(point.lon, point.lat))
    _texts(made, (("time", _utc(point.time)), ("name", point.name), ("desc", point.description)))
    if point.link:
        ElementTree.SubElement(made, "link", {"href": _plain(point.link)})
    _texts(made, (("sym", SYMBOL), ("type", point.kind)))
    return made


def _placed(parent: ElementTree.Element, tag: str, lon: float, lat: float) -> ElementTree.Element:
    return ElementTree.SubElement(parent, tag, _degrees(lon, lat))


def _degrees(lon: float, lat: float) -> dict[str, str]:
    # A receiver's centimetres.
    return {"lat": f"{lat:.7f}", "lon": f"{lon:.7f}"}


def _texts(parent: ElementTree.Element, values: Iterable[tuple[str, str]]) -> None:
    """Elements for what is known."""
    for tag, value in values:
        if value:
            ElementTree.SubElement(parent, tag).text = _plain(value)


def _utc(time: datetime | None) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if time else ""


def _plain(text: str) -> str:
    return _FORBIDDEN.sub("", text)
