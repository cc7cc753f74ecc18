"""geoapp routes and geoapp roads on the terminal: plans that replay, verdicts by exit code, sentences on bad input."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from geoapp import services
from geoapp.cli import main
from tests.conftest import NOW, feature, toy_layers, toy_tables

STOPS = [
    {"id": f"S{at}", "name": f"Stop {at}", "lon": 116.6 + at / 100, "lat": 40.3, "service_min": 30, "value": at + 1}
    for at in range(12)
]
REQUEST: dict[str, Any] = {
    "stops": STOPS,
    "teams": [{"id": "T1", "start": [116.6, 40.3], "end": [116.6, 40.3], "shift": ["09:00", "12:00"]}],
    "dates": ["2026-11-24"],
}


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command in an empty folder; the instance stands in it, once it is founded."""
    monkeypatch.setenv("GEOAPP_INSTANCE", str(tmp_path / "district"))
    monkeypatch.chdir(tmp_path)

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return invoke


@pytest.fixture
def asked(tmp_path: Path) -> str:
    (tmp_path / "request.json").write_text(json.dumps(REQUEST))
    return "request.json"


def written(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(Path(name).read_text())
    return found


def test_a_plan_is_written_as_the_contract_says(run, asked: str) -> None:
    told = run("routes", "plan", asked, "-o", "plan.json", "--iterations", "100")
    plan = written("plan.json")

    assert told.exit_code == 0
    assert "left out, at a value of" in told.stdout
    assert "estimated on straight lines" in told.stdout
    assert {"request", "routes", "left_out", "value", "check", "seed", "iterations", "seconds", "ledger_seq"} <= set(
        plan
    )
    assert {"team", "date", "stops", "distance_m", "travel_min"} <= set(plan["routes"][0])
    assert {"id", "arrive", "start", "leave", "travel_min", "distance_m"} <= set(plan["routes"][0]["stops"][0])
    assert {"id", "reason", "bound", "minutes_missing", "would_displace"} <= set(plan["left_out"][0])
    assert plan["check"] == {"ok": True, "faults": []}
    assert {one["kind"] for one in plan["advice"]} == {"shift", "team"}
    assert [one["id"] for one in plan["kept"]] == [one["id"] for one in plan["routes"][0]["stops"]]


def test_the_same_seed_and_iterations_give_the_same_plan(run, asked: str) -> None:
    first = json.loads(run("routes", "plan", asked, "-o", "a.json", "--seconds", "0.3", "--seed", "7", "--json").stdout)
    run("routes", "plan", asked, "-o", "b.json", "--iterations", str(first["iterations"]), "--of", str(first["of"]),
        "--seed", "7")  # fmt: skip
    one, other = written("a.json"), written("b.json")

    assert (first["ok"], first["seed"]) == (True, 7)
    assert {key: one[key] for key in one if key != "seconds"} == {key: other[key] for key in other if key != "seconds"}


def test_a_plan_that_keeps_every_rule_is_passed(run, asked: str) -> None:
    run("routes", "plan", asked, "-o", "plan.json", "--iterations", "50")
    told = run("routes", "check", "plan.json")

    assert (told.exit_code, told.stdout) == (0, "The plan keeps every rule.\n")
    assert json.loads(run("routes", "check", "plan.json", "--json").stdout)["ok"]


def test_a_plan_edited_by_hand_is_rejected_with_the_faults(run, asked: str) -> None:
    run("routes", "plan", asked, "-o", "plan.json", "--iterations", "50")
    plan = written("plan.json")
    plan["routes"][0]["stops"][0]["leave"] = plan["routes"][0]["stops"][0]["start"]
    Path("edited.json").write_text(json.dumps(plan))
    told = run("routes", "check", "edited.json")
    as_json = run("routes", "check", "edited.json", "--json")

    assert (told.exit_code, told.stdout) == (1, "")
    assert "30 minutes before its visit can be over" in told.stderr
    assert (as_json.exit_code, json.loads(as_json.stdout)["faults"][0]["kind"]) == (1, "leaves")


def test_a_plan_with_a_must_visit_that_cannot_be_made_says_so(run) -> None:
    far = [{"id": "far", "lon": 120, "lat": 40.3, "must": True}]
    Path("far.json").write_text(json.dumps(REQUEST | {"stops": far}))
    told = run("routes", "plan", "far.json", "-o", "plan.json", "--iterations", "5")

    assert told.exit_code == 0
    assert "The checker finds 1 faults: Stop far has to be visited, and nobody does." in told.stdout
    assert run("routes", "check", "plan.json").exit_code == 1


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"teams": [REQUEST["teams"][0] | {"shift": ["09:00", "09:00"]}]}, "has no time in it"),
        ({"stops": [STOPS[0] | {"windows": [["11:30", "09:00"]]}]}, "ends before it starts"),
        ({"stops": [STOPS[0] | {"id": str(at)} for at in range(2_000)]}, "2000 stops are more than the 1000"),
        ({"dates": ["soon"]}, "it must be a date such as 2026-11-24"),
    ],
)
def test_a_request_that_cannot_be_planned_is_refused_in_one_sentence(run, changes: dict, sentence: str) -> None:
    Path("request.json").write_text(json.dumps(REQUEST | changes))
    told = run("routes", "plan", "request.json", "-o", "plan.json", "--iterations", "5")

    assert (told.exit_code, told.stdout, told.stderr.count("\n")) == (1, "", 1)
    assert sentence in told.stderr
    assert not Path("plan.json").exists()


def test_seconds_and_iterations_exclude_each_other(run, asked: str) -> None:
    assert run("routes", "plan", asked, "-o", "p.json", "--seconds", "1", "--iterations", "1").exit_code == 2
    assert run("routes", "plan", asked).exit_code == 2
    assert run("routes", "check", "nowhere.json").exit_code == 2


def test_a_plan_that_cannot_be_written_is_refused(run, asked: str) -> None:
    Path("closed").write_text("a file, no folder")
    told = run("routes", "plan", asked, "-o", "closed/plan.json", "--iterations", "5")

    assert told.exit_code == 1
    assert "plan.json" in told.stderr


def test_roads_need_a_district(run) -> None:
    told = run("roads")

    assert told.exit_code == 1
    assert "geoapp init" in told.stderr


def test_roads_tell_what_they_are_good_for(run, tmp_path: Path) -> None:
    """A cross of four roads, two-way but for one, which leads nowhere and is cut off."""

    def road(id: str, *places: list[float], **more: object) -> dict[str, Any]:
        return feature(id, {"type": "LineString", "coordinates": list(places)}, name=id, kind="main", **more)

    roads = [road("R1", [0.99, 0.5], [1.0, 0.5], [1.01, 0.5]), road("R2", [1.0, 0.49], [1.0, 0.5]),
             road("R3", [1.0, 0.5], [1.0, 0.51], oneway="forward")]  # fmt: skip
    services.found(tmp_path / "district", toy_layers() | {"roads": roads}, toy_tables(), clock=lambda: NOW).close()
    told = run("roads")
    facts = json.loads(run("roads", "--json").stdout)

    assert told.exit_code == 0
    assert "3 roads with 5 junctions" in told.stdout
    assert (facts["roads"], facts["junctions"], facts["pieces"], facts["schematic"]) == (3, 5, 4, False)
    assert facts["km"]["car"]["cut_off"] == pytest.approx(1.1, abs=0.1)
    assert facts["km"]["foot"]["cut_off"] == 0
