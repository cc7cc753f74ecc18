"""Failing stretches become trouble spots on request: each once, in its township, saying why."""

from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.along_lines import line_standard
from geoapp.services.coverage.line_spots import Listed, list_as_trouble_spots, listed_spots
from tests.services.coverage.toy_lines import NOTICES, TOILETS, along, line, site, street

STREETS = [street("S1", line(0, 2_000))]
TWO = [site("T1", 0), site("T2", 1_600)]


def listed(district: services.District) -> Listed:
    report = line_standard(district, TOILETS, Scope.FULL)
    return list_as_trouble_spots(district, report, report.stretches, by="test")


def trouble_spots(district: services.District) -> list[dict[str, object]]:
    rows = district.rows("sites", Selection(role=("trouble",)), Scope.FULL)
    return [msgspec.json.decode(text) for text in district.present.snapshot("sites").encoded(rows, Scope.FULL)]


def test_a_failing_stretch_is_listed_at_its_middle_with_its_reason_and_its_township(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=TWO)
    found = listed(district)
    (spot,) = trouble_spots(services.at_this_moment(district))

    assert found.added == (spot["id"],)
    named = spot["properties"]
    assert named["name_en"] == "Long Street: no public toilet within 500 m on 600 m"
    assert named["name"] == "长街：600米路段步行500米内无公共厕所"
    assert named["source"].endswith("line standard toilets: public toilet within 500 m of every point, 2026-05-04")
    assert (named["township"], named["street"], named["kind"]) == ("W", "S1", "main_street")
    assert named["is_trouble_spot"] is True
    assert spot["geometry"]["coordinates"][0] == pytest.approx(0.99 + 800 / 111_319.5, abs=1e-5)
    district.close()


def test_asked_again_nothing_is_listed_twice(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=TWO)
    listed(district)
    again = listed(services.at_this_moment(district))

    assert (again.added, again.known, again.commit) == ((), 1, None)
    assert len(trouble_spots(services.at_this_moment(district))) == 1
    district.close()


def test_a_stretch_that_grew_since_is_still_the_one_that_is_listed(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=TWO)
    (spot,) = listed(district).added
    services.give_place(district, "sites", "T2", (0.99 + 1_700 / 111_319.5, 0.5), by="test")
    now = services.at_this_moment(district)
    report = line_standard(now, TOILETS, Scope.FULL)

    assert report.stretches[0].id != spot
    assert listed_spots(now, report, report.stretches) == {report.stretches[0].id: spot}
    assert listed(now).added == ()
    district.close()


def test_another_standard_s_spots_are_others(tmp_path: Path) -> None:
    boards = [site("N1", 0, "notice"), site("N2", 1_600, "notice")]
    district = along(tmp_path, streets=STREETS, sites=[*TWO, *boards])
    listed(district)
    now = services.at_this_moment(district)
    report = line_standard(now, NOTICES, Scope.FULL)

    assert not listed_spots(now, report, report.stretches)
    assert len(list_as_trouble_spots(now, report, report.stretches, by="test").added) == 2
    district.close()


def test_a_listed_stretch_is_no_place_of_what_is_wanted(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=TWO)
    before = line_standard(district, TOILETS, Scope.FULL)
    listed(district)
    after = line_standard(services.at_this_moment(district), TOILETS, Scope.FULL)

    assert [one.id for one in after.stretches] == [one.id for one in before.stretches]
    assert np.array_equal(after.wanted.lon, before.wanted.lon)
    district.close()


def test_nothing_is_listed_where_nobody_knows_what_fails(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=[])

    with pytest.raises(BadInput, match="Nothing can be listed"):
        listed(district)
    district.close()


def test_spots_of_a_standard_whose_code_begins_like_another_s_are_others(tmp_path: Path) -> None:
    district = along(tmp_path, streets=STREETS, sites=TWO)
    longer = replace(TOILETS, code="toilets-main-secondary")
    report = line_standard(district, longer, Scope.FULL)
    assert len(list_as_trouble_spots(district, report, report.stretches, by="test").added) == 1

    assert len(listed(services.at_this_moment(district)).added) == 1
    assert len(trouble_spots(services.at_this_moment(district))) == 2
    district.close()


def test_stretches_of_two_carriageways_side_by_side_are_listed_each_once(tmp_path: Path) -> None:
    both = [*STREETS, street("S2", line(0, 2_000, lat=0.50005))]
    district = along(tmp_path, streets=both, sites=TWO)
    first = listed(district)
    again = listed(services.at_this_moment(district))

    assert len(set(first.added)) == len(first.added) == 2
    assert len(trouble_spots(services.at_this_moment(district))) == 2
    assert (again.added, again.known) == ((), 2)
    district.close()
