"""Counts, pages and statistics of the toy district, checked by hand."""

import json
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.errors import NotFound, UnknownParameter
from geoapp.domain.selection import Due, Scope, Selection

ALL, FULL, PUBLIC = Selection(), Scope.FULL, Scope.PUBLIC


def test_every_layer_is_counted_and_what_has_no_place_is_said(district: services.District) -> None:
    counts = services.counts(district, ALL, FULL)

    assert {layer: count.count for layer, count in counts.items()} == {
        **{"townships": 3, "villages": 1, "streets": 1, "roads": 0},
        **{"sites": 2, "facilities": 1, "problems": 6, "visits": 1, "population": 0},
    }
    assert counts["problems"].without_place == 1
    assert counts["townships"].without_place == 1


def test_every_point_was_given_its_township_when_the_district_was_founded(district: services.District) -> None:
    rows = services.records(district, "problems", ALL, FULL, limit=10).rows

    # Problem 3 stands on the shared meridian: the lower code has it. Problem 5 lies outside, half a degree east.
    assert {row["id"]: row.get("township") for row in rows} == {
        "1": "W",
        "2": "W",
        "3": "E",
        "4": "E",
        "5": None,
        "6": None,
    }
    outside = next(row for row in rows if row["id"] == "5")
    assert outside["nearest_township"] == "E"
    assert outside["nearest_township_m"] == pytest.approx(55_660, rel=0.01)
    assert next(row for row in rows if row["id"] == "1")["township_name"] == "西乡"


def test_points_near_a_street_have_it_with_the_distance(district: services.District) -> None:
    site = services.details(district, "sites", "P2", FULL)["properties"]

    assert site["street"] == "S1"
    assert site["street_distance_m"] == pytest.approx(110.6, abs=1)
    assert "street" not in services.details(district, "villages", "V1", FULL)["properties"]


def test_a_filter_means_something_only_where_a_layer_has_the_field(district: services.District) -> None:
    counts = services.counts(district, Selection(category=("02",), township=("W",)), FULL)

    assert counts["problems"].count == 2
    assert counts["sites"].count == 1


def test_the_newest_problem_comes_first_and_pages_follow_each_other(district: services.District) -> None:
    first = services.records(district, "problems", ALL, FULL, limit=4)
    second = services.records(district, "problems", ALL, FULL, limit=4, offset=4)

    assert [row["id"] for row in first.rows + second.rows] == ["5", "6", "3", "4", "1", "2"]
    assert first.matched == second.matched == 6


def test_a_collection_keeps_the_order_in_which_features_came(district: services.District) -> None:
    page = services.collection(district, "problems", ALL, FULL, limit=2, offset=1)

    assert [value["id"] for value in json.loads(page.features)] == ["2", "3"]
    assert (page.matched, page.returned) == (6, 2)


def test_a_page_beyond_the_last_is_empty(district: services.District) -> None:
    assert services.collection(district, "problems", ALL, FULL, limit=2, offset=60).returned == 0


def test_overdue_is_what_waits_beyond_its_deadline(district: services.District) -> None:
    assert services.counts(district, Selection(due=Due.OVERDUE), FULL)["problems"].count == 2
    assert services.counts(district, Selection(due=Due.SOON), FULL)["problems"].count == 1


def test_strangers_do_not_see_who_is_in_charge(district: services.District) -> None:
    assert "person" in services.details(district, "problems", "1", FULL)["properties"]
    assert "person" not in services.details(district, "problems", "1", PUBLIC)["properties"]
    assert b"W-1" not in services.collection(district, "problems", ALL, PUBLIC, limit=10).features


def test_statistics_count_by_one_or_two_dimensions(district: services.District) -> None:
    assert services.statistics(district, "problems", ALL, FULL, by=("township",)) == [
        {"township": None, "count": 2},
        {"township": "E", "count": 2},
        {"township": "W", "count": 2},
    ]
    west = Selection(township=("W",))
    assert services.statistics(district, "problems", west, FULL, by=("township", "status")) == [
        {"township": "W", "status": "closed", "count": 1},
        {"township": "W", "status": "reported", "count": 1},
    ]


def test_what_a_layer_does_not_have_it_cannot_be_counted_by(district: services.District) -> None:
    with pytest.raises(UnknownParameter, match="sites cannot be counted by 'status'"):
        services.statistics(district, "sites", ALL, FULL, by=("status",))


def test_what_is_not_there_is_not_found(district: services.District) -> None:
    with pytest.raises(NotFound, match="no 'X' among the sites"):
        services.feature(district, "sites", "X", FULL)
    with pytest.raises(NotFound, match="no layer 'trees'"):
        services.feature(district, "trees", "X", FULL)


def test_words_come_in_the_readers_language(district: services.District) -> None:
    assert services.wording(district, "categories", "en")["0201"] == "Rubbish"
    assert services.wording(district, "categories", "zh")["0201"] == "暴露垃圾"
    assert services.wording(district, "townships", "en") == {"E": "East", "W": "West", "Z": "Zone"}
    assert services.wording(district, "holidays", "en") == {}


selections = st.builds(
    Selection,
    township=st.sampled_from([(), ("W",), ("E",), ("E", "W")]),
    category=st.sampled_from([(), ("02",), ("0201",), ("00", "05")]),
    status=st.sampled_from([(), ("reported",), ("assigned", "closed")]),
    due=st.sampled_from([None, *Due]),
    first_day=st.sampled_from([None, date(2026, 5, 3)]),
    bbox=st.sampled_from([None, (0.0, 0.0, 1.0, 1.0)]),
    q=st.sampled_from([None, "problem 3"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(selections)
def test_one_selection_has_one_count_everywhere(district: services.District, selection: Selection) -> None:
    count = services.counts(district, selection, FULL)["problems"].count

    assert services.records(district, "problems", selection, FULL, limit=2).matched == count
    assert services.collection(district, "problems", selection, FULL, limit=100).returned == count
    by_status = services.statistics(district, "problems", selection, FULL, by=("status",))
    assert sum(row["count"] for row in by_status) == count
