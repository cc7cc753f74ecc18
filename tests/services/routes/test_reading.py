"""Requests and plans as JSON: what is wrong is named in one sentence, and what is written is read as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.domain.errors import BadInput
from geoapp.services.routes.planning import Effort, make_plan
from geoapp.services.routes.reading import MOST_BYTES, plan_json, read_file, read_plan, read_request
from tests.services.routes.toy_requests import random_request, travels

STOP = {"id": "S1", "lon": 116.6, "lat": 40.3, "service_min": 20}
TEAM = {"id": "T1", "start": [116.6, 40.3]}
REQUEST: dict[str, Any] = {"stops": [STOP], "teams": [TEAM], "dates": ["2026-11-24"]}


def stop(**more: Any) -> dict[str, Any]:
    return REQUEST | {"stops": [STOP | more]}


def team(**more: Any) -> dict[str, Any]:
    return REQUEST | {"teams": [TEAM | more]}


def asked(**more: Any) -> dict[str, Any]:
    return REQUEST | more


def refusal(request: object) -> str:
    with pytest.raises(BadInput) as refused:
        read_request(request if isinstance(request, bytes) else json.dumps(request).encode())
    return str(refused.value)


def test_a_request_needs_little_and_takes_sane_defaults() -> None:
    found = read_request(json.dumps(REQUEST).encode())

    assert (found.profile, found.mode, found.order) == ("car", "choose", "free")
    assert (found.teams[0].shift, found.teams[0].end, found.stops[0].value) == (("08:30", "17:00"), None, 1.0)


def test_a_mark_of_the_byte_order_is_read_over() -> None:
    assert read_request(b"\xef\xbb\xbf" + json.dumps(REQUEST).encode()).stops[0].id == "S1"


NOTHING = b"[" * 10_000 + b"]" * 10_000

REFUSED: list[tuple[object, str]] = [
    (b"", "The request is no JSON text: Input data was truncated."),
    (b"\xff\xfe", "The request is no JSON text: JSON is malformed: invalid character (byte 0)."),
    (NOTHING, "The request is no JSON text that can be read: it is nested too deeply."),
    (b'{"stops":' * 10_000, "The request is no JSON text that can be read: it is nested too deeply."),
    ([1], "The request cannot be read: it must be an object, not a list."),
    (None, "The request cannot be read: it must be an object, not nothing (null)."),
    ({"stops": [STOP]}, "The request cannot be read: teams is missing."),
    (stop(lon=float("nan")), "The request is no JSON text: NaN and Infinity are no numbers."),
    (stop(lat=float("-inf")), "The request is no JSON text: NaN and Infinity are no numbers."),
    (stop(name="NaN", lon="x"), "The request cannot be read at stops[0] (S1) lon: it must be a number, not a text."),
    (json.dumps(stop(lon=77)).replace("77", "1e999").encode(),
     "The request is no JSON text: Number out of range - at `$[...][0][...]`."),
    (stop(lonn=3), "stops[0] cannot have 'lonn'; did you mean lon?"),
    (stop(xyzzy=3), "stops[0] cannot have 'xyzzy'"),
    (asked(tems=[]), "This file cannot have 'tems'; did you mean teams?"),
    (asked(stops={"a": 1}), "The request cannot be read at stops: it must be a list, not an object."),
    (asked(stops=[[1]]), "The request cannot be read at stops[0]: it must be an object, not a list."),
    (asked(stops=[{"id": "a"}]), "The request cannot be read at stops[0] (a): lon is missing."),
    (asked(stops=[{"lon": 1}]), "The request cannot be read at stops[0]: id is missing."),
    (stop(deadline="2026-02-30"),
     "The request cannot be read at stops[0] (S1) deadline: it must be a date such as 2026-11-24."),
    (asked(dates=[None]), "The request cannot be read at dates[0]: it must be a date such as 2026-11-24."),
    (stop(windows=[["09:00"]]), "The request cannot be read at stops[0] (S1) windows[0]: "
     "it must be a list of 2, not of 1."),
    (stop(windows=[["11:30", "09:00"]]),
     "Stop S1: its window 11:30 to 09:00 ends before it starts; one over midnight has to be given as two."),
    (stop(windows=[["9", "10:00"]]), "Stop S1, window: '9' is no time of day such as 09:30."),
    (stop(windows=[["09:00", "09:10"]]), "Stop S1: its 20 minutes do not fit into the window 09:00 to 09:10."),
    (stop(windows=[["09:00", "10:00"]] * 21), "Stop S1 has 21 windows; it may have 20."),
    (stop(value=-1), "Stop S1: value cannot be -1.0; it is from 0 to 1,000,000."),
    (stop(service_min=1e7), "Stop S1: service_min cannot be 10000000.0; it is from 0 to 1,000,000."),
    (stop(not_before="2026-11-25", deadline="2026-11-24"),
     "Stop S1: its deadline 2026-11-24 is before 2026-11-25, from when it may be visited."),
    (stop(lat=95), "Stop S1: 116.6, 95.0 is no place in degrees of longitude and latitude."),
    (stop(id=""), "Ids of stops have 1 to 200 characters, not 0."),
    (stop(id="x" * 201), "Ids of stops have 1 to 200 characters, not 201."),
    (team(end=[400, 1]), "Team T1: 400.0, 1.0 is no place in degrees of longitude and latitude."),
    (team(shift=["09:00", "09:00"]), "Team T1: its shift 09:00 to 09:00 has no time in it."),
    (team(shift=["17:00", "09:00"]),
     "Team T1: its shift 17:00 to 09:00 ends before it starts; one over midnight has to be given as two."),
    (team(shift=["22:00", "24:30"]), "Team T1, shift: '24:30' is no time of day such as 09:30."),
    (team(lunch=["13:00", "12:00"]),
     "Team T1: its lunch 13:00 to 12:00 ends before it starts; one over midnight has to be given as two."),
    (asked(stops=[]), "A plan needs stops: there are none."),
    (asked(teams=[]), "A plan needs teams: there are none."),
    (asked(dates=[]), "A plan needs dates: there are none."),
    (asked(dates=["2026-11-24"] * 2), "A date stands twice among the dates."),
    (asked(stops=[STOP] * 2), "Several stops have the id S1: ids must differ."),
    (asked(teams=[TEAM] * 2), "Several teams have the id T1: ids must differ."),
    (asked(stops=[STOP | {"id": str(at)} for at in range(2_000)]),
     "2000 stops are more than the 1000 that one plan takes: plan a part of them."),
    (asked(profile="tank"), "profile cannot be 'tank': it is one of car, bus, bicycle, foot."),
    (asked(mode="some"), "mode cannot be 'some': it is one of choose, all."),
    (asked(order="given"), "Only a tour (mode all) visits its stops in the order given."),
    (asked(mode="all", dates=["2026-11-24", "2026-11-25"]), "A tour (mode all) is of one team on one date."),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "sentence"), REFUSED, ids=[sentence[:60] for _, sentence in REFUSED])
def test_what_is_wrong_with_a_request_is_told_in_a_sentence(request_: object, sentence: str) -> None:
    assert refusal(request_) == sentence


def test_what_is_wrong_deep_in_a_plan_is_found() -> None:
    route = {"team": "T1", "date": "2026-11-24", "stops": [{"id": "a", "arrive": 5}]}
    with pytest.raises(
        BadInput, match=r"The plan cannot be read at routes\[0\]\.stops\[0\]\.arrive: it must be a text"
    ):
        read_plan(json.dumps({"request": REQUEST, "routes": [route]}).encode())
    with pytest.raises(BadInput, match=r"Stop S1: .* is no place"):
        read_plan(json.dumps({"request": stop(lat=95), "routes": []}).encode())
    with pytest.raises(BadInput, match=r"stops\[0\] cannot have 'arive'; did you mean arrive"):
        read_plan(json.dumps({"request": REQUEST, "routes": [route | {"stops": [{"arive": 1}]}]}).encode())


def test_a_plan_is_read_as_it_was_written() -> None:
    for seed in range(8):
        travel, plain = travels(seed)
        plan = make_plan(random_request(seed), travel, plain, Effort(iterations=20))
        assert read_plan(plan_json(plan)) == plan


def test_the_request_of_a_plan_can_be_planned_again() -> None:
    travel, plain = travels(3)
    plan = make_plan(random_request(3), travel, plain, Effort(iterations=10, advice=False))

    assert read_request(json.dumps(json.loads(plan_json(plan))["request"]).encode()) == plan.request


@settings(max_examples=60, deadline=None)
@given(content=st.binary(max_size=60) | st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["stops", "teams", "dates", "id", "lon", "start", "windows", "{x}"]), inner, max_size=4),
    max_leaves=12).map(lambda value: json.dumps(value).encode()))  # fmt: skip
def test_whatever_comes_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(BadInput, match=r"\S"):
        read_request(content)


def test_a_file_that_is_not_there_or_too_large_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        read_file(tmp_path / "gone.json")
    with (tmp_path / "large.json").open("wb") as large:
        large.truncate(MOST_BYTES + 1)
    with pytest.raises(BadInput, match="is too large for a plan"):
        read_file(tmp_path / "large.json")
