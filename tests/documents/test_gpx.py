"""GPX, as two other programs read it: GDAL's driver and gpxpy."""

from datetime import datetime, timedelta, timezone
from pathlib import Path
from xml.etree import ElementTree

import fiona
import gpxpy
import gpxpy.gpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.documents.gpx import NAMESPACE, GpxAbout, GpxDay, GpxPoint, gpx

BEIJING = timezone(timedelta(hours=8))
NINE = datetime(2026, 5, 5, 9, 0, tzinfo=BEIJING)
NAME = "<公园> & \"桥\" ]]> 'x'"
ABOUT = GpxAbout(
    name="周二", description="示意", time=NINE, holder="© OpenStreetMap", license="https://example.org/odbl"
)
START = GpxPoint(name="Start", lon=116.6, lat=40.3)
PARK = GpxPoint(name=NAME, lon=116.61, lat=40.31, time=NINE, description="09:00-09:15; 公园", kind="公园",
                link="https://uri.amap.com/marker?position=116.6,40.3&name=x")  # fmt: skip
DAY = GpxDay(name="2026-05-05 一组", points=[START, PARK], marked=[PARK],
             track=[((116.6, 40.3), NINE - timedelta(minutes=5)), ((116.61, 40.31), NINE)])  # fmt: skip
# The order in which the schema wants what a point, a route and a track say of themselves.
ORDER = {
    "wpt": ["time", "name", "desc", "link", "sym", "type"],
    "rte": ["name", "desc", "number", "rtept"],
    "trk": ["name", "desc", "number", "trkseg"],
    "metadata": ["name", "desc", "copyright", "time"],
    "gpx": ["metadata", "wpt", "rte", "trk"],
}


def read(content: bytes) -> gpxpy.gpx.GPX:
    return gpxpy.parse(content.decode())


def test_gpxpy_reads_the_stops_with_their_times_the_route_and_the_track() -> None:
    found = read(gpx(ABOUT, [DAY]))

    assert (found.name, found.copyright_author, found.copyright_license) == (ABOUT.name, ABOUT.holder, ABOUT.license)
    (park,) = found.waypoints
    assert (park.name, park.longitude, park.latitude, park.type) == (NAME, 116.61, 40.31, "公园")
    assert park.time == NINE
    assert park.link == PARK.link
    (route,) = found.routes
    assert [point.name for point in route.points] == ["Start", NAME]
    (track,) = found.tracks
    assert [point.time for point in track.segments[0].points] == [NINE - timedelta(minutes=5), NINE]


def test_gdal_reads_the_same_places(tmp_path: Path) -> None:
    file = tmp_path / "day.gpx"
    file.write_bytes(gpx(ABOUT, [DAY]))

    with fiona.open(file, layer="waypoints") as stops:
        (park,) = stops
        assert park.geometry.coordinates == (116.61, 40.31)
        assert park.properties["name"] == NAME
        assert datetime.fromisoformat(park.properties["time"]) == NINE
    with fiona.open(file, layer="tracks") as tracks:
        (track,) = tracks
        assert track.geometry.coordinates == [[(116.6, 40.3), (116.61, 40.31)]]
    with fiona.open(file, layer="route_points") as points:
        assert [point.properties["name"] for point in points] == ["Start", NAME]


@pytest.mark.parametrize("tag", ORDER)
def test_elements_stand_in_the_order_of_the_schema(tag: str) -> None:
    root = ElementTree.fromstring(gpx(ABOUT, [DAY, DAY]))
    assert (root.tag, root.get("version")) == (f"{{{NAMESPACE}}}gpx", "1.1")

    for element in root.iter(f"{{{NAMESPACE}}}{tag}"):
        places = [ORDER[tag].index(child.tag.removeprefix(f"{{{NAMESPACE}}}")) for child in element]
        assert places == sorted(places)


def test_a_day_that_stays_where_it_is_has_no_track() -> None:
    found = read(gpx(ABOUT, [GpxDay(name="x", points=[START], marked=[])]))

    assert (len(found.routes), len(found.tracks)) == (1, 0)


@given(name=st.text(min_size=1, max_size=40), lon=st.floats(-180, 180), lat=st.floats(-90, 90))
def test_whatever_a_place_is_called_the_file_can_be_read(name: str, lon: float, lat: float) -> None:
    point = GpxPoint(name=name, lon=lon, lat=lat, description=name, link=f"https://example.org/?q={name}")
    root = ElementTree.fromstring(gpx(ABOUT, [GpxDay(name=name, points=[point], marked=[point])]))

    (stop,) = root.findall(f"{{{NAMESPACE}}}wpt")
    assert float(stop.get("lon", "")) == pytest.approx(lon, abs=1e-7)
    assert float(stop.get("lat", "")) == pytest.approx(lat, abs=1e-7)
