"""What reports and the sheets of townships are gathered from."""

import json
from dataclasses import replace

import pytest

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.selection import Scope
from geoapp.domain.siting import SitingQuestion
from geoapp.domain.standards import Standing
from geoapp.services.coverage.papers import coverage_paper, facility_lines, far_places, township_paper
from geoapp.services.coverage.plain_values import places_geojson, report_values
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import State


def test_a_report_holds_what_the_services_say(cultured: services.District) -> None:
    question = CoverageQuestion()
    paper = coverage_paper(cultured, question, Scope.FULL, SitingQuestion(coverage=question))

    assert paper.reach is reach(cultured, question, Scope.FULL)
    assert set(paper.by_kind) <= {*paper.inventory.kinds}
    assert list(paper.by_kind) == [kind for kind in paper.inventory.kinds if kind in paper.by_kind]
    assert len(paper.notes) == len(set(paper.notes))
    assert paper.proposal is not None


def test_every_facility_is_listed_with_its_standing_and_what_is_not_known(cultured: services.District) -> None:
    question = CoverageQuestion()
    paper = coverage_paper(cultured, question, Scope.FULL)
    lines = {one.record["id"]: one for one in facility_lines(cultured, question, paper.inventory)}

    assert set(lines) == {"F1", "C1", "C2", "R1", "R2", "M1", "M2", "M3"}
    assert (lines["C2"].standing, lines["C2"].counts) == (Standing.COMING, False)
    assert (lines["M3"].standing, lines["M1"].counts) == (Standing.GONE, False)
    assert "position" in lines["R1"].unknown
    assert set(lines["F1"].evidence.values()) == {False}


def test_places_come_the_farthest_first_and_each_once(cultured: services.District) -> None:
    answer = reach(cultured, CoverageQuestion(), Scope.FULL)
    found = far_places(answer)
    minutes = [one.minutes for one in found if one.minutes is not None]

    assert sorted(one.place for one in found) == list(range(len(answer.demand)))
    assert minutes == sorted(minutes, reverse=True)
    assert all(one.nearest is None for one in found if one.state is not State.REACHED)


def test_the_sheet_of_a_township_speaks_of_it_alone(cultured: services.District) -> None:
    sheet = township_paper(cultured, "W", CoverageQuestion(), Scope.FULL)

    assert sheet.line.code == "W"
    assert {one.record.get("township") for one in sheet.facilities} == {"W"}
    assert {one.township for one in sheet.inventory.missing if one.township} <= {"W"}
    assert {one.township for one in sheet.far} <= {"W"}
    assert sheet.whole.district.places >= (sheet.reach.summary.places if sheet.reach else 0)


def test_a_township_that_is_none_is_refused(cultured: services.District) -> None:
    with pytest.raises(NotFound):
        township_paper(cultured, "X", CoverageQuestion(), Scope.FULL)


def test_places_become_points_with_their_ways(cultured: services.District) -> None:
    answer = reach(cultured, CoverageQuestion(), Scope.FULL)
    read = json.loads(places_geojson(answer, {"name": "x"}))

    assert len(read["features"]) == len(answer.demand)
    assert {one["geometry"]["type"] for one in read["features"]} == {"Point"}
    assert {one["properties"]["near"] for one in read["features"]} <= {True, False}


def test_a_report_in_plain_values_is_json(cultured: services.District) -> None:
    values = report_values(coverage_paper(cultured, CoverageQuestion(), Scope.FULL))
    read = json.loads(json.dumps(values))

    assert read["inventory"]["district"]["kinds"]["library"]["now"] == 1
    assert "4 facilities count; 0.0% of the residents whose number is known have one near" in read["sentence"]


@pytest.mark.parametrize(("share", "told"), [(0.99996, "over 99.9%"), (1, "100.0%"), (0.0001, "under 0.1%")])
def test_a_report_never_rounds_up_to_all_nor_down_to_none(cultured: services.District, share: float, told: str) -> None:
    paper = coverage_paper(cultured, CoverageQuestion(), Scope.FULL)
    district = replace(paper.reach.district, near_people=share)
    sentence = report_values(replace(paper, reach=replace(paper.reach, district=district)))["sentence"]

    assert f"; {told} of the residents" in sentence


@pytest.mark.parametrize(
    ("group", "whom"), [(None, "residents"), ("children", "children"), ("elderly", "elderly people")]
)
def test_a_report_of_an_age_group_is_one_of_them(cultured: services.District, group: str | None, whom: str) -> None:
    paper = coverage_paper(cultured, CoverageQuestion(group=group), Scope.FULL)
    district = replace(paper.reach.district, near_people=0.5)
    sentence = report_values(replace(paper, reach=replace(paper.reach, district=district)))["sentence"]

    assert f"; 50.0% of the {whom} whose number is known have one near;" in sentence


def test_a_report_says_why_proposals_that_nobody_asked_for_cannot_be_made(cultured: services.District) -> None:
    wanted = SitingQuestion(coverage=CoverageQuestion(), among="sites", site=("nowhere",))
    with pytest.raises(BadInput, match="'nowhere' is no site here"):
        coverage_paper(cultured, CoverageQuestion(), Scope.FULL, wanted)

    paper = coverage_paper(cultured, CoverageQuestion(), Scope.FULL, wanted, needed=False)
    assert paper.proposal is None
    assert str(paper.notes[-1]) == "site='nowhere' is no site here, or not one of those chosen."
