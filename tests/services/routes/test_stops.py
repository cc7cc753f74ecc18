"""Stops of a toy district: which places, with what they are worth, how long they take, and when they may be seen."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from geoapp import services
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.kept_plans import ValueRule
from geoapp.domain.selection import Scope, Selection
from geoapp.services.routes.starts import (
    next_working_day,
    place_named,
    start_places,
    township_codes,
    working_days,
)
from geoapp.services.routes.stops import ChosenStops, StopChoice, stops_of
from tests.conftest import NOW, feature, problem, toy_layers, toy_tables

EVERYTHING = Selection()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[services.District]:
    """The toy district; problems 1 and 2 are at the park, 7 is severe, 8 known by its township only."""
    layers = toy_layers()
    for one in layers["problems"][:2]:
        one["properties"]["site_id"] = "P1"
    layers["problems"] += [
        problem("7", (1.75, 0.25), "09", "assigned", found="04", deadline="09", severity="severe", negative_list=True),
        problem("8", (1.5, 0.5), "09", "assigned", found="04", position_precision="township"),
    ]
    layers["sites"] += [
        feature("P3", (0.1, 0.1), name="旧站", kind="square", build_status="withdrawn"),
        feature("P4", None, name="无处", kind="square", position_precision="none"),
    ]
    tables = toy_tables()
    tables["site_kinds"]["rows"][0] |= {"minutes": 20, "look_when": "daylight"}
    opened = services.found(tmp_path / "town", layers, tables, clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


def chosen(town: services.District, selection: Selection = EVERYTHING, scope: Scope = Scope.FULL, **how: object
           ) -> ChosenStops:  # fmt: skip
    return stops_of(town, selection, scope, StopChoice(**how), ValueRule())  # type: ignore[arg-type]


def ids(found: ChosenStops) -> list[str]:
    return [stop.id for stop in found.stops]


def test_open_problems_and_visitable_sites_are_stops_those_worth_most_first(town: services.District) -> None:
    found = chosen(town)

    assert ids(found)[0] == "problems/7"
    assert set(ids(found)) == {"problems/7", "problems/4", "problems/3", "problems/5", "sites/P1", "sites/P2"}
    assert (found.matched, found.unplaced) == (6, 2)
    assert [stop.value for stop in found.stops] == sorted((stop.value for stop in found.stops), reverse=True)


def test_a_site_is_worth_itself_and_the_open_problems_there_and_takes_their_minutes(town: services.District) -> None:
    park = next(stop for stop in chosen(town).stops if stop.id == "sites/P1")

    # Visited two days ago (2 × 2/60), and one open problem, overdue: 1 × (1 + 2); the closed one counts for nothing.
    assert park.value == pytest.approx(3.06, abs=0.01)
    assert park.service_min == 23
    assert park.windows == (("08:00", "17:30"),)
    assert park.township == "W"


def test_where_only_problems_are_looked_at_their_site_takes_no_longer_than_they_do(town: services.District) -> None:
    found = chosen(town, what=("problems",))
    park = next(stop for stop in found.stops if stop.id == "sites/P1")

    assert park.service_min == 10
    assert park.value == 3
    assert "sites/P2" not in ids(found)


def test_hours_can_be_left_aside(town: services.District) -> None:
    assert all(not stop.windows for stop in chosen(town, hours=False).stops)


def test_a_selection_chooses_the_problems_and_by_its_own_part_the_sites(town: services.District) -> None:
    # Problem 3 lies on the border: it is the lower code's, E.
    assert set(ids(chosen(town, Selection(township=("W",))))) == {"sites/P1"}
    assert set(ids(chosen(town, Selection(township=("E",))))) == {"sites/P2", "problems/3", "problems/4", "problems/7"}
    assert set(ids(chosen(town, Selection(status=("in_progress",)), what=("problems",)))) == {"problems/4"}


def test_severe_or_overdue_problems_can_be_made_must_visits(town: services.District) -> None:
    assert [stop.id for stop in chosen(town, must="severe").stops if stop.must] == ["problems/7"]
    overdue = {stop.id for stop in chosen(town, must="overdue").stops if stop.must}
    assert {"sites/P1", "problems/4"} <= overdue
    assert "problems/7" not in overdue


def test_deadlines_ahead_bind_where_that_is_wanted(town: services.District) -> None:
    bound = {stop.id: stop.deadline for stop in chosen(town, deadlines=True).stops}

    # Problem 7 is due on the 9th, 3 on the 5th; those of problem 4 and of the park are over.
    assert (bound["problems/7"], bound["problems/3"]) == (date(2026, 5, 9), date(2026, 5, 5))
    assert bound["problems/4"] is bound["sites/P1"] is None
    assert all(stop.deadline is None for stop in chosen(town).stops)


def test_a_problems_stop_bears_its_kind_and_number_and_no_words_of_people(town: services.District) -> None:
    stop = next(stop for stop in chosen(town).stops if stop.id == "problems/7")

    assert stop.name == "基础设施 7"


def test_stops_can_be_named_and_come_with_the_problems_at_their_site(town: services.District) -> None:
    found = chosen(town, ids=("sites/P1", "problems/7"))

    assert ids(found) == ["sites/P1", "problems/7"]
    assert ids(chosen(town, ids=("problems/7", "sites/P1"))) == ["problems/7", "sites/P1"]
    assert next(stop.value for stop in found.stops if stop.id == "sites/P1") > 3
    with pytest.raises(NotFound, match="'nowhere' among the sites"):
        chosen(town, ids=("sites/nowhere",))
    with pytest.raises(BadInput, match="'townships/W' is no stop"):
        chosen(town, ids=("townships/W",))


def test_places_drawn_on_the_map_are_must_visits_and_an_area_holds_only_what_lies_in_it(
    town: services.District,
) -> None:
    found = chosen(town, points=((0.6, 0.6), (1.6, 0.6)), area=((0, 0), (1, 0), (1, 1), (0, 1)))

    assert "map/1" in ids(found)
    assert "map/2" not in ids(found)
    assert "problems/4" not in ids(found)
    assert found.stops[0].must


def test_of_too_many_places_those_worth_most_are_kept_and_the_rest_is_counted(town: services.District) -> None:
    found = chosen(town, most=2)

    assert len(found.stops) == 2
    assert found.matched == 6
    assert ids(found) == ids(chosen(town))[:2]


def test_what_cannot_be_is_refused() -> None:
    for corners in (((0, 0), (1, 1)), ((0, 0), (1, 1)) * 600):
        with pytest.raises(BadInput, match="3 to 1,000 corners"):
            StopChoice(area=corners)
    with pytest.raises(BadInput, match="Stops are made of"):
        StopChoice(what=("visits",))
    with pytest.raises(BadInput, match="1 to 1,000 stops"):
        StopChoice(most=0)


def test_a_stop_that_is_asked_for_twice_is_one_stop(town: services.District) -> None:
    ids = ("problems/3", "sites/P1", "problems/3", "sites/P1")

    once = stops_of(town, Selection(), Scope.FULL, StopChoice(ids=ids[:2]), ValueRule())
    assert stops_of(town, Selection(), Scope.FULL, StopChoice(ids=ids), ValueRule()) == once


def test_starts_are_named_or_given_in_degrees(town: services.District) -> None:
    assert place_named(town, "1.25, 0.75") == (1.25, 0.75)
    assert place_named(town, "图书馆") == place_named(town, "Library") == (1.25, 0.75)
    assert [one.name for one in start_places(town)] == ["小村", "图书馆", "公园", "广场", "旧站"]
    # The district reaches from 0 to 2 degrees east: what is written latitude first lies in it the other way round only.
    assert place_named(town, "0.5, 1.9") == (1.9, 0.5)
    assert place_named(town, "1.9, 0.5") == (1.9, 0.5)
    assert place_named(town, "30, 40") == (30, 40)
    with pytest.raises(BadInput, match="no place 'nowhere' here"):
        place_named(town, "nowhere")
    with pytest.raises(BadInput, match="has no start yet"):
        place_named(town, " ")


def test_townships_of_a_team_are_given_by_name_or_code(town: services.District) -> None:
    assert township_codes(town, ["西乡", "East", "W"]) == ("W", "E")
    with pytest.raises(BadInput, match="no township"):
        township_codes(town, ["nowhere"])


def test_days_are_working_days_after_the_first(town: services.District) -> None:
    friday = date(2026, 5, 8)

    assert working_days(town, friday, 3) == (friday, date(2026, 5, 11), date(2026, 5, 12))
    assert next_working_day(town) == date(2026, 5, 5)
    with pytest.raises(BadInput, match="1 to 31 days"):
        working_days(town, friday, 40)
    with pytest.raises(BadInput, match="1900 to 2199"):
        working_days(town, date.max, 2)
