"""Files of a plan for other programs, of the toy district's day."""

import io
import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import gpxpy
import openpyxl
import orjson
import pytest

from geoapp import services
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.outings import Outing
from geoapp.domain.routes import PlanFault, Verdict
from geoapp.domain.selection import Scope
from geoapp.services.routes import outings, plan_geojson, plan_gpx, plan_notes, plan_warnings, plan_xlsx
from geoapp.services.routes.plan_notes import plain_reader
from tests.conftest import BEIJING
from tests.toy_outing import DAY, HOSTILE, at_the_park, kept_outing


@pytest.fixture
def planned(district: services.District) -> tuple[services.District, KeptPlan, list[Outing]]:
    district, kept = kept_outing(at_the_park(district))
    return district, kept, outings(district, kept, Scope.FULL, "en")


def at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{DAY}T{clock}").replace(tzinfo=BEIJING)


def book_of(planned: tuple[services.District, KeptPlan, list[Outing]]) -> Any:
    with plan_xlsx(*planned, plain_reader()) as file:
        return openpyxl.load_workbook(io.BytesIO(file.read()))


def rows(sheet: Any) -> list[dict[str, Any]]:
    head, *others = sheet.iter_rows(values_only=True)
    return [dict(zip(head, one, strict=True)) for one in others]


def test_gpx_has_the_stops_in_order_at_their_times(planned: Any) -> None:
    _, _, (day,) = planned
    found = gpxpy.parse(plan_gpx(*planned, plain_reader()).decode())

    assert [stop.name for stop in found.waypoints] == [f"{one.number}. {one.name}" for one in day.stops]
    assert found.waypoints[3].name == f"4. {HOSTILE}"
    assert [stop.time for stop in found.waypoints] == [at(one.arrive) for one in day.stops]
    assert [point.name for point in found.routes[0].points][::6] == ["一组: Start", "一组: End"]
    assert "straight lines" in found.description


def test_along_a_track_time_passes_and_ends_at_home(planned: Any) -> None:
    found = gpxpy.parse(plan_gpx(*planned, plain_reader()).decode())

    points = found.tracks[0].segments[0].points
    times = [point.time for point in points]
    assert all(one <= other for one, other in itertools.pairwise(times))
    assert abs(times[0] - at("08:30:00")) < timedelta(seconds=2)
    assert times[-1] == at("09:58:06")
    assert (points[0].longitude, points[-1].longitude) == (0.5, 0.56)


def test_geojson_has_a_point_a_stop_and_a_line_a_way(planned: Any) -> None:
    _, kept, (day,) = planned
    found = orjson.loads(plan_geojson(*planned, plain_reader()))

    stops = [one for one in found["features"] if one["geometry"]["type"] == "Point"]
    ways = [one for one in found["features"] if one["geometry"]["type"] == "LineString"]
    assert [one["properties"]["id"] for one in stops] == [stop.id for stop in day.stops]
    assert [one["geometry"]["coordinates"] for one in stops] == [[stop.lon, stop.lat] for stop in day.stops]
    assert [one["properties"]["to"] for one in ways] == [1, 2, 3, 4, 5, None]
    total = sum(one["properties"]["distance_m"] for one in ways)
    assert total == pytest.approx(kept.plan.routes[0].distance_m, abs=3)
    assert found["estimate"] is True
    assert found["ledger_seq"] == kept.plan.ledger_seq


def test_the_workbook_has_all_stops_a_sheet_a_day_what_is_left_out_and_a_summary(planned: Any) -> None:
    book = book_of(planned)

    assert book.sheetnames == ["Routes", "一组 2026-05-05", "Stops left out", "Summary", "About"]
    stops = rows(book["Routes"])
    assert [one["Place to visit"] for one in stops] == ["Park", "Parking", "Library", HOSTILE, "旧点位"]
    assert stops[0]["Arrives"] == datetime(2026, 5, 5, 8, 32, 11)
    assert stops[0]["Hours"] == "08:00–12:00"
    assert stops[2]["Must be visited"] == "yes"
    assert "张三家门口 (in progress)" in stops[0]["Open problems"]
    assert [one["Place to visit"] for one in rows(book["一组 2026-05-05"])] == [one["Place to visit"] for one in stops]
    (left,) = rows(book["Stops left out"])
    assert left["Place to visit"] == "广场"
    assert "minutes would be missing" in left["Why it is left out"]
    summary = dict(book["Summary"].iter_rows(values_only=True))
    assert (summary["Stops visited"], summary["Stops left out"], summary["Checker"]) == (5, 1, "no fault")
    assert summary["Kilometres"] == pytest.approx(8.7)
    assert summary["Times are estimates"] == "yes"


def test_what_people_wrote_is_no_formula_in_the_workbook(planned: Any) -> None:
    cells = [cell for sheet in book_of(planned) for row in sheet.iter_rows() for cell in row]

    assert HOSTILE in {cell.value for cell in cells}
    assert {cell.data_type for cell in cells}.isdisjoint({"f", "e"})


def test_an_estimate_tells_the_range_of_each_way(planned: Any) -> None:
    first = rows(book_of(planned)["Routes"])[0]

    assert (first["Travel, at least (min)"], first["Travel, at most (min)"]) == (1.5, 3.5)


def test_every_paper_says_what_its_times_are_worth(planned: Any) -> None:
    _, kept, _ = planned
    roads = replace(kept, plan=replace(kept.plan, estimate=False))
    schematic = replace(kept, plan=replace(kept.plan, estimate=False, schematic=True))

    assert "0.7 to 1.6 times as long" in str(plan_notes(kept)[0])
    assert "do not know the traffic" in str(plan_notes(roads)[0])
    assert [str(one) for one in plan_warnings(roads)] == []
    assert "schematic" in str(plan_warnings(schematic)[0])


def test_a_plan_that_breaks_a_rule_says_so(planned: Any) -> None:
    _, kept, _ = planned
    late = PlanFault(kind="shift", sentence="", team="A", date=DAY, minutes=5.0)
    broken = replace(kept, plan=replace(kept.plan, check=Verdict(ok=False, faults=(late,))))

    assert "finds 1 faults, the first: Team 一组 is back" in " ".join(map(str, plan_notes(broken)))
