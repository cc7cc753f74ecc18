"""A selection chooses what a plain loop over the features chooses."""

from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import numpy as np
import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.problem import Problem, Status
from geoapp.domain.selection import DUE_SOON_DAYS, Due, Scope, Selection
from geoapp.storage.memory import Memory
from geoapp.storage.selecting import rows

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 5, 4, 9, tzinfo=BEIJING)


def no_order(lon: Any, lat: Any) -> Any:
    return np.zeros(len(lon), np.uint64)


def feature(id: str, lon: float | None = 0, **properties: Any) -> dict[str, Any]:
    geometry = None if lon is None else {"type": "Point", "coordinates": [lon, 0.0]}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": {"name": id, **properties}}


def chosen(
    features: list[dict[str, Any]], selection: Selection, layer: str = "problems", scope: Scope = Scope.FULL
) -> list[str]:
    memory = Memory(no_order)
    memory.apply(1, [(layer, value["id"], orjson.dumps(value)) for value in features])
    snapshot = memory.snapshot(layer)
    return sorted(snapshot.ids(rows(snapshot, selection, scope, NOW, zone=BEIJING)))


def test_days_begin_at_midnight_of_the_district() -> None:
    # 16:30 UTC on the 2nd is half past midnight of the 3rd in Beijing.
    late = feature("p", found_at=datetime(2026, 5, 2, 16, 30, tzinfo=UTC).isoformat())

    assert chosen([late], Selection(first_day=date(2026, 5, 3))) == ["p"]
    assert chosen([late], Selection(last_day=date(2026, 5, 2))) == []
    assert chosen([late], Selection(first_day=date(2026, 5, 3), last_day=date(2026, 5, 3))) == ["p"]


def test_a_bbox_takes_its_borders_along_and_leaves_out_what_has_no_place() -> None:
    features = [feature("on", 1.0), feature("in", 0.5), feature("out", 1.1), feature("nowhere", None)]

    assert chosen(features, Selection(bbox=(0, -1, 1, 1))) == ["in", "on"]


def test_a_line_is_in_a_bbox_that_it_crosses_but_not_in_one_that_only_its_own_bbox_meets() -> None:
    diagonal = {"type": "LineString", "coordinates": [[0, 0], [4, 4]]}
    street = {"type": "Feature", "id": "s", "geometry": diagonal, "properties": {"kind": "main"}}

    assert chosen([street], Selection(bbox=(1, 1, 2, 2)), "streets") == ["s"]
    assert chosen([street], Selection(bbox=(3, 0, 4, 1)), "streets") == []


def test_a_unit_is_found_as_lead_and_as_responsible() -> None:
    features = [
        feature("lead", lead_unit="CMC"),
        feature("does", responsible_unit="CMC"),
        feature("other", lead_unit="TRF"),
    ]

    assert chosen(features, Selection(unit=("CMC",))) == ["does", "lead"]


def test_a_category_holds_its_subcategories() -> None:
    features = [feature("a", category="02", subcategory="0201"), feature("b", category="02", subcategory="0202")]

    assert chosen(features, Selection(category=("02",))) == ["a", "b"]
    assert chosen(features, Selection(category=("0202",))) == ["b"]


def test_a_township_is_chosen_by_its_own_code() -> None:
    assert chosen([feature("t", code="t"), feature("u", code="u")], Selection(township=("t",)), "townships") == ["t"]


def test_a_value_that_never_occurred_chooses_nothing() -> None:
    assert chosen([feature("a", status="reported")], Selection(status=("closed",))) == []
    assert chosen([feature("a")], Selection(township=("nowhere",))) == []


@pytest.mark.parametrize(
    ("seconds", "due"),
    [
        (-1, Due.OVERDUE),
        (0, Due.SOON),
        (3600, Due.SOON),
        (DUE_SOON_DAYS * 86_400 - 1, Due.SOON),
        (DUE_SOON_DAYS * 86_400, None),
    ],
)
def test_a_deadline_is_past_soon_or_far_to_the_second(seconds: int, due: Due | None) -> None:
    deadline = (NOW + timedelta(seconds=seconds)).isoformat()
    problem = [feature("p", status="assigned", deadline=deadline)]

    assert [wish for wish in Due if chosen(problem, Selection(due=wish))] == ([due] if due else [])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("SWEEP", ["a"]),
        ("扫", ["b"]),
        ('"', ["c"]),
        ("\\", ["c"]),
        ("É", ["d"]),
        ("é", ["d"]),
        ("status", []),
        ("Li", ["e"]),
    ],
)
def test_words_are_looked_for_in_the_texts_and_nowhere_else(text: str, found: list[str]) -> None:
    features = [
        feature("a", description="please sweep", status="reported"),
        feature("b", description="请清扫"),
        feature("c", description='a "quoted" back\\slash'),
        feature("d", description="CAFÉ"),
        feature("e", description="Li", measures="Wang swept"),
    ]

    assert chosen(features, Selection(q=text)) == found


def test_nobody_finds_by_words_what_they_may_not_read() -> None:
    assert chosen([feature("a", measures="Wang swept")], Selection(q="wang"), scope=Scope.PUBLIC) == []


moments = st.integers(-6 * 24, 6 * 24).map(lambda hours: NOW + timedelta(hours=hours))
problems = st.fixed_dictionaries(
    {
        "township": st.sampled_from([None, "t1", "t2"]),
        "category": st.sampled_from(["01", "02", "00"]),
        "status": st.sampled_from(list(map(str, Status))),
        "deadline": st.none() | moments,
        "found_at": moments,
        "lon": st.sampled_from([None, -1.0, 0.0, 1.0]),
    }
)
selections = st.builds(
    Selection,
    township=st.sampled_from([(), ("t1",), ("t1", "t2"), ("t3",)]),
    category=st.sampled_from([(), ("01",), ("00", "02")]),
    status=st.sampled_from([(), ("closed",), ("assigned", "reported")]),
    due=st.sampled_from([None, *Due]),
    first_day=st.sampled_from([None, date(2026, 5, 2)]),
    last_day=st.sampled_from([None, date(2026, 5, 4)]),
    bbox=st.sampled_from([None, (-0.5, -1, 1.0, 1)]),
    without=st.sampled_from([(), ("p0", "p3", "p99")]),
)


@settings(max_examples=120, deadline=None)
@given(st.lists(problems, max_size=12), selections)
def test_every_selection_chooses_what_a_plain_loop_chooses(drawn: list[dict[str, Any]], selection: Selection) -> None:
    features, expected = [], []
    for number, values in enumerate(drawn):
        known = {name: value for name, value in values.items() if value is not None and name != "lon"}
        text = {name: value.isoformat() if isinstance(value, datetime) else value for name, value in known.items()}
        features.append(feature(f"p{number}", values["lon"], **text))
        if _is_wanted(f"p{number}", values, selection):
            expected.append(f"p{number}")

    assert chosen(features, selection) == sorted(expected)


def _is_wanted(id: str, values: dict[str, Any], wanted: Selection) -> bool:
    day = values["found_at"].date()
    problem = Problem(
        number=id, category="01", status=Status(values["status"]), found_at=NOW, deadline=values["deadline"]
    )
    soon = not problem.is_overdue(NOW) and problem.is_overdue(NOW + timedelta(days=DUE_SOON_DAYS))
    return (
        (not wanted.township or values["township"] in wanted.township)
        and (not wanted.category or values["category"] in wanted.category)
        and (not wanted.status or values["status"] in wanted.status)
        and (wanted.due is None or (problem.is_overdue(NOW) if wanted.due is Due.OVERDUE else soon))
        and (wanted.first_day is None or day >= wanted.first_day)
        and (wanted.last_day is None or day <= wanted.last_day)
        and (wanted.bbox is None or (values["lon"] is not None and -0.5 <= values["lon"] <= 1.0))
        and id not in wanted.without
    )
