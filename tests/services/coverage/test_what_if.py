"""What a supposed facility or a closed one changes: four villages by hand, and the law of one more."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.what_if import compare
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, tile
from tests.services.coverage.toy_siting import STEP_MIN, row_layers

ASKED = CoverageQuestion(kind=("library",), minutes=60, demand="villages")


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    """Four villages in a row; not to be changed."""
    with opened(Path(tmp_path_factory.mktemp("row")), row_layers()) as district:
        yield district


def test_a_pin_tells_who_gains_how_much(row: services.District) -> None:
    found = compare(row, replace(ASKED, pin=((0.07, 0.05),)), Scope.FULL)
    assert found.before is not found.after
    assert [(one.name, one.newly_near) for one in found.gains] == [("C村", True), ("D村", True)]
    assert found.losses == ()
    assert (found.newly_near, found.no_longer_near) == (700, 0)
    assert found.gains[1].before_s == pytest.approx(8 * 60 * STEP_MIN, rel=1e-4)
    assert found.gains[1].after_s == pytest.approx(2 * 60 * STEP_MIN, rel=1e-4)
    (west,) = found.townships
    assert west.before.near_people == pytest.approx(0.65)
    assert west.after.near_people == pytest.approx(1.0)


def test_closing_the_only_one_leaves_everybody_without_a_way(row: services.District) -> None:
    found = compare(row, replace(ASKED, closed=("F1",)), Scope.FULL)
    assert len(found.losses) == 4
    assert all(one.after_s is None for one in found.losses)
    # Those of most people first, since all lose everything.
    assert [one.name for one in found.losses][:2] == ["A村", "C村"]
    assert (found.no_longer_near, found.gains) == (1_300, ())


def test_moving_the_library_helps_some_and_harms_others(row: services.District) -> None:
    found = compare(row, replace(ASKED, closed=("F1",), pin=((0.07, 0.05),)), Scope.FULL)
    assert {one.name for one in found.gains} == {"C村", "D村"}
    assert {one.name for one in found.losses} == {"A村", "B村"}
    assert [one.no_longer_near for one in found.losses] == [True, True]


def test_nothing_supposed_changes_nothing(row: services.District) -> None:
    found = compare(row, ASKED, Scope.FULL)
    assert found.before is found.after
    assert (found.gains, found.losses, found.townships) == ((), (), ())


@pytest.mark.parametrize("question", [{"group": "elderly"}, {"township": ("E",)}])
def test_where_nobody_knows_how_many_become_near_places_are_counted(
    tmp_path: Path, question: dict[str, Any]
) -> None:  # fmt: skip
    layers = row_layers()
    layers["townships"].append(feature("E", tile(0.1), code="E", name="东乡", kind="township"))
    layers["villages"].append(feature("VY", (0.15, 0.05), name="Y村", code="VY", kind="village"))
    asked = replace(ASKED, pin=((0.07, 0.05), (0.15, 0.05)), **question)
    with opened(tmp_path, layers) as district:
        found = compare(district, asked, Scope.FULL)
    assert found.newly_near == sum(one.newly_near for one in found.gains) > 0


PLACES = st.tuples(st.floats(0, 0.1).map(lambda one: round(one, 5)), st.floats(0, 0.1).map(lambda one: round(one, 5)))


@given(st.lists(PLACES, min_size=1, max_size=4, unique=True))
@settings(max_examples=25, deadline=None)
def test_one_more_pin_lengthens_no_way_and_lowers_no_coverage(
    row: services.District, pins: list[tuple[float, float]]
) -> None:
    more = replace(ASKED, pin=tuple(sorted(pins)))
    fewer = replace(ASKED, pin=tuple(sorted(pins[:-1])))
    before, after = reach(row, fewer, Scope.FULL), reach(row, more, Scope.FULL)
    assert np.all(after.seconds <= before.seconds)
    assert np.all(after.near >= before.near)
    assert (after.district.near_people or 0) >= (before.district.near_people or 0)
    assert compare(row, more, Scope.FULL).losses == ()
