"""Where the next library should stand: four villages by hand, laws, and cases in which there is little to choose."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.domain.siting import GOALS, SitingQuestion
from geoapp.services.coverage import siting_words
from geoapp.services.coverage.candidates import candidates_of
from geoapp.services.coverage.proposals import (
    Proposal,
    Situation,
    curve,
    mean_min,
    served_by,
    situation,
    township_gains,
)
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.site_choice import chosen
from geoapp.services.coverage.siting import before_curve, pairs, propose
from geoapp.services.coverage.siting_map import geojson
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened
from tests.services.coverage.toy_siting import STEP_MIN, row_layers, wanted


@pytest.fixture(scope="module")
def row(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    with opened(tmp_path_factory.mktemp("row"), row_layers()) as district:
        yield district


def said(found: Proposal) -> str:
    return " ".join(map(str, found.notes))


# --- by hand -----------------------------------------------------------------------------------------


def test_at_midnight_in_the_district_a_proposal_is_made_anew(tmp_path: Path) -> None:
    layers = row_layers()
    opening = {"kind": "library", "build_status": "building", "expected_opening": "2026-05-05"}
    layers["facilities"].append(feature("F2", (0.07, 0.05), name="新馆", **opening))
    with opened(tmp_path, layers) as district:
        # Both are the fourth of May in Greenwich.
        evening = replace(district, clock=lambda: datetime(2026, 5, 4, 15, 30, tzinfo=UTC))
        morning = replace(district, clock=lambda: datetime(2026, 5, 4, 16, 30, tzinfo=UTC))
        before, after = (len(propose(one, wanted(), Scope.FULL).supply) for one in (evening, morning))
    assert (before, after) == (1, 2)


def test_the_place_is_chosen_that_brings_most_people_near(row: services.District) -> None:
    found = propose(row, wanted(), Scope.FULL)
    assert (found.before, found.value, found.bound, found.proven, found.gap) == (1_300, 2_000, 2_000, True, 0)
    assert found.places[0].name in ("C村", "D村")
    assert (found.places[0].gain, found.places[0].total, found.places[0].newly_near) == (700, 2_000, 700)
    assert {gain.name for gain in found.places[0].gains} == {"C村", "D村"}
    said = str(siting_words.headline(found))
    assert said == "One new place would bring 700 residents near: 100% instead of 65% of all."
    assert "proven" in str(siting_words.verdict(found))
    assert found.estimate


def test_the_place_is_chosen_that_makes_the_way_shortest_on_average(row: services.District) -> None:
    found = propose(row, wanted("shorten"), Scope.FULL)
    assert [place.name for place in found.places] == ["C村"]
    # B walks two steps, D two; before, B two, C six and D eight.
    assert found.value == pytest.approx((300 * 2 + 200 * 2) / 2_000 * STEP_MIN, rel=1e-4)
    assert found.before == pytest.approx((300 * 2 + 500 * 6 + 200 * 8) / 2_000 * STEP_MIN, rel=1e-4)
    gains = {gain.name: (gain.before_s, gain.after_s) for gain in found.places[0].gains}
    assert gains["D村"] == pytest.approx((8 * 60 * STEP_MIN, 2 * 60 * STEP_MIN), rel=1e-4)
    assert found.places[0].gain == pytest.approx((found.before or 0) - (found.value or 0))


def test_everyone_and_the_worst_off_have_their_own_models(row: services.District) -> None:
    everyone = propose(row, wanted("everyone"), Scope.FULL)
    assert (everyone.value, everyone.proven, everyone.places[-1].total) == (1, True, 2_000)
    worst = propose(row, wanted("worst"), Scope.FULL)
    assert worst.value == pytest.approx(2 * STEP_MIN, rel=1e-4)
    assert worst.before == pytest.approx(8 * STEP_MIN, rel=1e-4)


def test_the_second_place_adds_what_is_left(row: services.District) -> None:
    found = propose(row, wanted("shorten", 2), Scope.FULL)
    assert [place.name for place in found.places] == ["C村", "B村"]
    assert before_curve(found) == pytest.approx(found.before)
    assert found.places[1].total == pytest.approx(200 * 2 / 2_000 * STEP_MIN, rel=1e-4)
    # B had the library near before, and has a shorter way now.
    assert [(gain.name, gain.newly_near) for gain in found.places[1].gains] == [("B村", False)]
    assert [place.newly_near for place in found.places] == [700, 0]


def test_what_is_supposed_to_stand_stays_where_it_is(row: services.District) -> None:
    found = propose(row, wanted("shorten", pin=((0.07, 0.05),)), Scope.FULL)
    assert [place.name for place in found.places] == ["B村"]


def test_townships_say_how_they_change(row: services.District) -> None:
    (west,) = propose(row, wanted(), Scope.FULL).townships
    assert (west.code, west.whole, west.near_before, west.near_after) == ("W", 2_000, 1_300, 2_000)
    assert west.mean_before_min is not None
    assert west.mean_after_min is not None
    assert west.mean_after_min < west.mean_before_min


def test_the_map_has_each_place_and_a_line_from_everybody_who_goes_there(row: services.District) -> None:
    found = propose(row, wanted("shorten"), Scope.FULL)
    drawn = geojson(found)["features"]
    assert [one["properties"]["what"] for one in drawn] == ["proposal", "gain", "gain"]
    assert drawn[0]["geometry"]["coordinates"] == [0.07, 0.05]
    assert all(one["geometry"]["coordinates"][1] == [0.07, 0.05] for one in drawn[1:])


def test_the_same_question_is_answered_once(row: services.District) -> None:
    assert propose(row, wanted(), Scope.FULL) is propose(row, wanted(), Scope.FULL)


# --- candidates --------------------------------------------------------------------------------------


def test_sites_are_chosen_by_kind_and_by_id(row: services.District) -> None:
    assert candidates_of(row, wanted(among="sites"), Scope.FULL).ids == ("P1", "P2")
    assert candidates_of(row, wanted(among="sites", site_kind=("park",)), Scope.FULL).ids == ("P1",)
    assert candidates_of(row, wanted(among="sites", site=("P2",)), Scope.FULL).ids == ("P2",)
    with pytest.raises(BadInput, match="site='X' is no site"):
        candidates_of(row, wanted(among="sites", site=("X",)), Scope.FULL)


def test_a_grid_lies_evenly_within_the_townships(row: services.District) -> None:
    found = candidates_of(row, wanted(among="grid", spacing_m=1_000), Scope.FULL)
    assert len(found) == 11 * 11
    assert set(found.township) == {"W"}
    assert np.all((found.lon > 0) & (found.lon < 0.1) & (found.lat > 0) & (found.lat < 0.1))
    apart = np.diff(np.unique(found.lon.round(9))) * 111_319.49
    assert apart == pytest.approx(1_000, rel=2e-3)


def test_a_grid_is_as_fine_as_some_hundred_points_allow(row: services.District) -> None:
    found = candidates_of(row, wanted(among="grid"), Scope.FULL)
    assert found.spacing_m == 500
    assert len(found) <= 600


def test_a_grid_over_a_township_whose_area_nobody_published_is_refused_before_it_is_laid(tmp_path: Path) -> None:
    layers = row_layers()
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]
    layers["townships"][0]["geometry"] = {"type": "Polygon", "coordinates": [ring]}
    layers["townships"][0]["properties"]["schematic"] = True
    with opened(tmp_path, layers) as district, pytest.raises(BadInput, match=r"1,2\d\d,\d+ places .* 60,000 are"):
        candidates_of(district, wanted(among="grid", spacing_m=100), Scope.FULL)


def test_too_fine_a_grid_is_refused_with_a_remedy(row: services.District) -> None:
    with pytest.raises(BadInput, match="too many"):
        candidates_of(row, wanted(among="grid", spacing_m=100, township=()), Scope.FULL)


def test_villages_without_a_place_are_told(row: services.District) -> None:
    found = candidates_of(row, wanted(), Scope.FULL)
    assert (len(found), found.without_place) == (4, 1)
    assert ": 1 of 5." in str(found.notes[0])
    assert pairs(row, wanted(), Scope.FULL) == 16


# --- little to choose --------------------------------------------------------------------------------


def test_more_than_there_are_proposes_all_that_help_and_says_so(row: services.District) -> None:
    found = propose(row, wanted("shorten", 9), Scope.FULL)
    assert [place.name for place in found.places] == ["C村", "B村", "D村"]
    assert "Asked for were 9; places to choose among: 4." in said(found)


def test_what_nobody_would_go_to_is_not_proposed_for_the_longest_way(row: services.District) -> None:
    found = propose(row, wanted("worst", 9), Scope.FULL)
    # A has the library already.
    assert sorted(place.name for place in found.places) == ["B村", "C村", "D村"]
    assert (found.value, found.proven) == (0, True)


def test_everybody_near_already_needs_no_proposal(row: services.District) -> None:
    found = propose(row, wanted(minutes=240), Scope.FULL)
    assert (found.places, found.value) == ((), None)
    assert str(siting_words.headline(found)) == "Everybody who is counted has a facility near already."
    assert str(siting_words.verdict(found)) == "Nothing was computed."


def test_candidates_that_help_nobody_are_not_proposed(row: services.District) -> None:
    found = propose(row, wanted(among="sites", site=("P2",)), Scope.FULL)
    assert str(found.refusal) == "None of the candidates brings anybody near who is not near already."


def test_the_first_facility_has_nothing_to_be_compared_with(row: services.District) -> None:
    found = propose(row, wanted("shorten", 2, kind=("museum",)), Scope.FULL)
    assert (found.before, before_curve(found), found.places[0].gain) == (None, None, None)
    assert "today there is none" in str(siting_words.headline(found))
    assert "the first one" in str(siting_words.step(found, found.places[0]))
    assert "There is no such facility yet" in said(found)


def test_without_a_kind_any_facility_counts_and_that_is_told(row: services.District) -> None:
    assert "No kind of facility is chosen" in said(propose(row, wanted(kind=()), Scope.FULL))


def test_without_residents_places_count_alike_and_that_is_told(tmp_path: Path) -> None:
    layers = row_layers()
    for one in (*layers["townships"], *layers["villages"]):
        one["properties"].pop("population", None)
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(), Scope.FULL)
    assert (found.unit, found.before, found.value) == ("places", 2, 4)
    assert "2 places" in str(siting_words.headline(found))


def test_places_of_unknown_people_are_left_out_and_told(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"][0]["properties"].pop("population")
    layers["villages"][3]["properties"].pop("population")
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(), Scope.FULL)
        worst = propose(district, wanted("worst"), Scope.FULL)
    assert (found.whole, found.value) == (1_800, 1_800)
    assert "1 of 4." in said(found)
    # Nobody is too few for the longest way.
    assert worst.before == pytest.approx(8 * STEP_MIN, rel=1e-4)


def test_without_villages_there_is_nothing_to_choose_among(tmp_path: Path) -> None:
    with opened(tmp_path, row_layers() | {"villages": []}) as district:
        found = propose(district, wanted(demand=None), Scope.FULL)
        grid = propose(district, wanted(demand=None, among="grid", spacing_m=3_000), Scope.FULL)
    assert "no place to choose among" in str(found.refusal)
    assert grid.proven
    assert len(grid.places) == 1


def test_without_anything_nobody_is_there_to_bring_near(tmp_path: Path) -> None:
    layers: dict[str, Any] = {name: [] for name in row_layers()}
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(demand=None, among="grid"), Scope.FULL)
    assert "Nobody is known to live here" in str(found.refusal)
    assert geojson(found)["features"] == []


def test_a_candidate_in_the_middle_of_nowhere_is_never_proposed(tmp_path: Path) -> None:
    layers = row_layers()
    line = {"type": "LineString", "coordinates": [[0.005, 0.05], [0.05, 0.05], [0.095, 0.05]]}
    layers["roads"] = [feature("R1", line, name="路", kind="main")]
    layers["villages"].append(feature("VX", (0.05, 0.09), name="X村", code="VX", kind="village", population=9_000))
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted("shorten", 9), Scope.FULL)
        nowhere = propose(district, wanted(among="sites", site=("P1",)), Scope.FULL)
    assert not found.estimate
    assert "X村" not in {place.name for place in found.places}
    assert "never proposed: 1 of 5." in said(found)
    assert "are left out: 1." in said(found)
    assert "Nobody gets to any candidate" in str(nowhere.refusal)


def test_people_who_stay_in_their_township_are_not_helped_from_outside(tmp_path: Path) -> None:
    layers = row_layers()
    layers["townships"].append(feature("E", {"type": "Polygon", "coordinates": [[[0.1, 0], [0.2, 0], [0.2, 0.1],
                                       [0.1, 0.1], [0.1, 0]]]}, code="E", name="东乡", kind="township"))  # fmt: skip
    layers["villages"].append(feature("VY", (0.105, 0.05), name="Y村", code="VY", kind="village", population=900))
    with opened(tmp_path, layers) as district:
        free = propose(district, wanted(), Scope.FULL)
        kept = propose(district, wanted(borders=True), Scope.FULL)
        east = propose(district, wanted(township=("E",)), Scope.FULL)
    assert (free.places[0].gain, kept.places[0].gain) == (1_600, 900)
    assert [place.name for place in east.places] == ["Y村"]


def test_the_longest_way_of_people_of_whom_nothing_is_known_is_told_by_places(row: services.District) -> None:
    for goal in ("worst", "everyone"):
        found = propose(row, wanted(goal, group="elderly"), Scope.FULL)
        assert (found.unit, found.whole) == ("places", 4)
        assert "every place counts the same" in said(found)
    assert [str(siting_words.step(found, one)) for one in found.places] == ["+2 places near"]
    assert "100% instead of 50% of all" in str(siting_words.headline(found))
    cover = propose(row, wanted(group="elderly"), Scope.FULL)
    assert "is it known how many of these people live there" in str(cover.refusal)


def cut_in_two() -> dict[str, list[dict[str, Any]]]:
    """The row with A and B in one township, C and D in another: a border is between them."""
    west, east = ([[one, 0], [one + 0.05, 0], [one + 0.05, 0.1], [one, 0.1], [one, 0]] for one in (0, 0.05))
    townships = [
        feature(code, {"type": "Polygon", "coordinates": [ring]}, code=code, name=code, kind="township")
        for code, ring in (("W", west), ("E", east))
    ]
    return row_layers() | {"townships": townships}


def test_what_counts_for_those_without_a_way_is_told_even_where_nothing_stands(tmp_path: Path) -> None:
    with opened(tmp_path, cut_in_two()) as district:
        museum = propose(district, wanted("shorten", 1, kind=("museum",), borders=True), Scope.FULL)
        library = propose(district, wanted("worst", 1, borders=True), Scope.FULL)
        free = propose(district, wanted("shorten", 1, kind=("museum",)), Scope.FULL)
    # A museum at A: B walks two steps, C and D count as two hours away.
    assert museum.value == pytest.approx((300 * 2 * STEP_MIN + 700 * 120) / 2_000, rel=1e-4)
    assert "today count as 120 min away, twice the longest way, until they are reached: 4." in said(museum)
    assert "today count as 120 min away, twice the longest way, until they are reached: 2." in said(library)
    assert "today count as" not in said(free)


def test_who_is_counted_but_gets_nowhere_has_nothing_near(tmp_path: Path) -> None:
    layers = cut_in_two() | {"facilities": []}
    for village in layers["villages"][2:4]:
        village["properties"]["population"] = 0
    # All candidates are in the East, where nobody lives; those of the West stay there.
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(among="sites", site=("P1",), borders=True), Scope.FULL)
    assert str(found.refusal).startswith("Nobody gets to any candidate")
    assert "beyond a border" in str(found.refusal)


def test_where_it_is_known_that_nobody_lives_it_is_not_unknown(tmp_path: Path) -> None:
    layers = row_layers()
    for one in (*layers["townships"], *layers["villages"]):
        one["properties"]["population"] = 0
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(), Scope.FULL)
    assert str(found.refusal).startswith("Wherever the number of those who are meant is known, it is 0")


def test_shares_of_a_township_are_of_all_its_people_like_those_of_the_reach(tmp_path: Path) -> None:
    layers = row_layers()
    line = {"type": "LineString", "coordinates": [[0.005, 0.05], [0.095, 0.05]]}
    layers["roads"] = [feature("R1", line, name="路", kind="main")]
    layers["villages"].append(feature("VX", (0.05, 0.09), name="X村", code="VX", kind="village", population=2_000))
    with opened(tmp_path, layers) as district:
        found = propose(district, wanted(), Scope.FULL)
        near = reach(district, wanted().coverage, Scope.FULL).district.near_people
    (west,) = found.townships
    assert near == pytest.approx(west.near_before / west.whole) == pytest.approx(1_300 / 4_000)


# --- laws --------------------------------------------------------------------------------------------


def drawn(seed: int, places: int, candidates: int) -> Situation:
    rng = np.random.default_rng(seed)
    at, to = rng.uniform(0, 5_000, (places, 2)), rng.uniform(0, 5_000, (candidates, 2))
    seconds = np.hypot(at[:, None, 0] - to[None, :, 0], at[:, None, 1] - to[None, :, 1]).round()
    seconds[rng.random(seconds.shape) < 0.1] = np.inf
    base = rng.uniform(0, 5_000, places).round()
    base[rng.random(places) < 0.3] = np.inf
    reached = np.isfinite(base) | np.isfinite(seconds).any(axis=1)
    seconds, base = seconds[reached], base[reached]
    weights = rng.integers(1, 900, places).astype(float)[reached]
    return situation(np.flatnonzero(reached), weights, (base, base <= 900), (seconds, seconds <= 900))


@given(st.integers(0, 10_000), st.integers(2, 14), st.integers(1, 7), st.sampled_from(GOALS))
@settings(max_examples=60, deadline=None)
def test_the_marginal_curve_never_rises(seed: int, places: int, candidates: int, goal: str) -> None:
    known = drawn(seed, places, candidates)
    steps = curve(known, list(range(candidates)), goal)
    assert sorted(step.candidate for step in steps) == list(range(candidates))
    gains = [step.gain for step in steps if step.gain is not None]
    assert all(later <= earlier + 1e-9 for earlier, later in pairwise(gains))


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 6), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_what_is_proven_is_the_best_of_all_choices(seed: int, places: int, candidates: int, count: int) -> None:
    known = drawn(seed, places, candidates)
    count = min(count, candidates)
    choices = [list(one) for one in combinations(range(candidates), count)]
    covered = max(float(known.weights @ (known.base_near | known.near[:, one].any(axis=1))) for one in choices)
    shortest = min(mean_min(known, np.minimum(known.base_s, known.seconds[:, one].min(axis=1))) for one in choices)
    for goal, best in (("cover", covered), ("shorten", shortest)):
        found = chosen(known, goal, count, seconds=5)
        assert found.proven
        assert found.value == pytest.approx(best, rel=1e-6, abs=1e-9)
        assert found.bound == pytest.approx(best, rel=1e-5, abs=1e-9)
        assert curve(known, list(found.chosen), goal)[-1].total == pytest.approx(best, rel=1e-6, abs=1e-9)


@given(st.integers(0, 10_000), st.integers(2, 12), st.integers(2, 6))
@settings(max_examples=30, deadline=None)
def test_nobody_goes_farther_than_before_and_townships_add_up(seed: int, places: int, candidates: int) -> None:
    known = drawn(seed, places, candidates)
    served, ways_s = served_by(known, list(range(candidates)))
    assert np.all(ways_s <= known.base_s)
    assert np.all((served >= 0) == (ways_s < known.base_s))


def test_without_a_proof_the_words_say_how_much_better_it_could_be(row: services.District) -> None:
    found = replace(propose(row, wanted(), Scope.FULL), proven=False, bound=2_100.0, gap=0.05)
    said_so = str(siting_words.verdict(found))
    assert "at most 5%" in said_so
    assert "more than 2,100 residents" in said_so
    assert "no bound" in str(siting_words.verdict(replace(found, bound=None)))
    # "At most" is never less than that.
    gaps = (0.0000123, 0.0504, 0.999, 1.0, 1.52)
    told = [str(siting_words.verdict(replace(found, gap=gap))).split("at most ")[1].split(" ")[0] for gap in gaps]
    assert told == ["0.0013%", "5.1%", "100%", "100%", "160%"]
    worst = replace(found, wanted=wanted("worst"), bound=12.06)
    assert "shorter than 12.0 min" in str(siting_words.verdict(worst))


def test_the_parts_of_a_share_are_told_apart() -> None:
    assert [siting_words.share(part, 1_000) for part in (0, 0.1, 500, 999.9, 1_000)] == [
        "0%", "0.1%", "50%", "99.9%", "100%",
    ]  # fmt: skip
    assert siting_words.share(0, 0) == "–"
    # Fractions of residents that were spread: all of them are all, in whatever order they are added up.
    assert siting_words.share(sum([0.1] * 10), 1) == "100%"


def test_a_district_of_its_own_is_answered_end_to_end(tmp_path: Path) -> None:
    question = SitingQuestion(coverage=CoverageQuestion(kind=("library",), by="car"), count=3)
    with opened(tmp_path, row_layers()) as district:
        for goal in GOALS:
            found = propose(district, replace(question, goal=goal), Scope.PUBLIC)
            assert found.refusal is not None or found.proven
            assert str(siting_words.headline(found))
    assert township_gains(drawn(1, 3, 1), found.demand, []) == ()
