"""What a team takes along, for a day in the toy district that can be checked by hand."""

from dataclasses import replace
from datetime import date

import orjson
import pytest

from geoapp import services
from geoapp.domain.errors import NotFound
from geoapp.domain.outings import Outing
from geoapp.domain.selection import Scope
from geoapp.services.routes import outing, outings
from geoapp.services.routes.keeping_plans import keep_plan
from geoapp.storage.ledger import Change
from tests.toy_outing import DAY, HOSTILE, at_the_park, kept_outing

# A hundredth of a degree of the equator, × 1.3, at 40 km/h.
LEG_M, LEG_MIN = 1_113.2 * 1.3, 1_113.2 * 1.3 / 40_000 * 60


def taken(district: services.District, scope: Scope = Scope.FULL, language: str = "en") -> Outing:
    district, kept = kept_outing(district)
    return outing(district, kept, "A", DAY, scope, language)


def test_a_day_has_its_stops_in_order_with_times_and_ways(district: services.District) -> None:
    day = taken(district)

    assert [(stop.number, stop.id) for stop in day.stops] == [
        (1, "sites/P1"), (2, "problems/3"), (3, "facilities/F1"), (4, "map/1"), (5, "sites/gone"),
    ]  # fmt: skip
    assert [stop.distance_m for stop in day.stops] == pytest.approx([LEG_M] * 5, rel=1e-3)
    assert [stop.travel_min for stop in day.stops] == pytest.approx([LEG_MIN] * 5, abs=0.02)
    assert day.stops[0].arrive == "08:32:11"
    assert day.stops[0].leave == "08:47:11"
    assert day.home == "09:58:06"
    assert (day.service_min, day.value) == (75.0, 8.0)
    assert (day.team_name, day.lunch, day.estimate) == ("一组", ("12:00", "12:45"), True)
    assert day.stops[1].line == ((0.51, 0.5), (0.52, 0.5))
    assert day.home_line == ((0.55, 0.5), (0.56, 0.5))


@pytest.mark.parametrize(("language", "names", "kinds"), [
    ("en", ["Park", "Parking", "Library"], ["Park", None, "Public library"]),
    ("zh", ["公园", "车辆停放", "图书馆"], ["公园", None, "公共图书馆"]),
])  # fmt: skip
def test_stops_are_called_as_the_reader_calls_them(
    district: services.District, language: str, names: list[str], kinds: list[str | None]
) -> None:
    day = taken(district, language=language)

    assert [stop.name for stop in day.stops[:3]] == names
    assert [stop.kind for stop in day.stops[:3]] == kinds
    assert [stop.township for stop in day.stops[:2]] == (["West", "East"] if language == "en" else ["西乡", "东镇"])


def test_a_place_on_the_map_and_a_feature_that_is_gone_keep_the_name_they_were_planned_with(
    district: services.District,
) -> None:
    drawn, gone = taken(district).stops[3:]

    assert (drawn.name, drawn.layer, drawn.gone, drawn.problems) == (HOSTILE, None, False, ())
    assert (gone.name, gone.layer, gone.gone) == ("旧点位", "sites", True)


def test_a_problem_s_stop_is_about_that_problem(district: services.District) -> None:
    (problem,) = taken(district).stops[1].problems

    assert (problem.number, problem.category, problem.status) == ("3", "Parking", "assigned")
    assert not problem.overdue


def test_a_site_s_stop_tells_what_waits_there_the_gravest_first(district: services.District) -> None:
    park = taken(at_the_park(district)).stops[0]

    assert [(one.number, one.overdue) for one in park.problems] == [("12", True), ("13", False)]
    assert (park.problems[0].subcategory, park.problems[0].severity) == ("Rubbish", "severe")


def test_it_tells_what_was_found_last_time_and_what_became_of_it(district: services.District) -> None:
    park = taken(at_the_park(district)).stops[0]

    assert [(visit.id, visit.outcome, visit.findings) for visit in park.visits] == [("C1", "findings", 2)]
    became = {one.number: (one.status, one.since, one.rework) for one in park.findings}
    assert became == {
        "11": ("closed", "2026-05-03T09:00:00+08:00", 0), "12": ("in_progress", None, 1), "13": ("assigned", None, 0),
    }  # fmt: skip


def test_words_that_may_name_people_are_for_full_scope_only(district: services.District) -> None:
    district = at_the_park(district)

    full, public = (taken(district, scope).stops[0].problems[0] for scope in (Scope.FULL, Scope.PUBLIC))
    assert full.description == "张三家门口"
    assert public.description is None
    assert replace(full, description=None) == public


def test_a_stop_says_why_it_is_with_this_team_now(district: services.District) -> None:
    assert str(taken(district).stops[0].why).startswith("With team 一组: nobody else goes out. At this turn: ")


def test_a_stop_leads_to_its_place(district: services.District) -> None:
    first = taken(district).stops[0]

    assert first.url == "https://www.openstreetmap.org/?mlat=0.500000&mlon=0.510000#map=17/0.500000/0.510000"
    assert {link.app for link in first.links} == {"google", "osm", "apple", "phone"}


def test_days_are_chosen_by_team_and_date(district: services.District) -> None:
    district, kept = kept_outing(district)

    assert len(outings(district, kept, Scope.FULL, "en")) == 1
    assert len(outings(district, kept, Scope.FULL, "en", team="A")) == 1
    with pytest.raises(NotFound, match="Plan 周二 has no team 'B'"):
        outing(district, kept, "B", DAY, Scope.FULL, "en")
    with pytest.raises(NotFound, match="Plan 周二 is not about 2026-05-06"):
        outing(district, kept, "A", date(2026, 5, 6), Scope.FULL, "en")


def test_a_team_that_visits_nothing_has_an_empty_day(district: services.District) -> None:
    district, kept = kept_outing(district)
    empty = replace(kept.plan, routes=(replace(kept.plan.routes[0], stops=(), home=None),))
    kept = keep_plan(district, empty, "leer", by="t")

    day = outing(district, kept, "A", DAY, Scope.FULL, "en")
    assert (day.stops, day.home_line, day.value) == ((), (), 0)
    assert outings(district, kept, Scope.FULL, "en") == []


def test_what_people_wrote_at_a_visit_is_for_those_who_may_read_it(district: services.District) -> None:
    note = orjson.dumps({"properties": {"note": "张三不在"}})
    district.store.append([Change("visits", "C1", note)], actor="t", action="note")
    district = services.at_this_moment(district)

    assert taken(district).stops[0].visits[0].note == "张三不在"
    assert taken(district, Scope.PUBLIC).stops[0].visits[0].note is None
