"""Hot spots of a district with one planted at (1.5, 0.25) in its last two weeks."""

from dataclasses import replace
from datetime import date

import esda
import libpysal
import numpy as np
import pytest

from geoapp import services
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import cells, of_rows
from geoapp.services.denominators import among
from geoapp.services.hotspots import CellStyle

WIDE = CellStyle(width_m=5_000)
EVERYTHING = (Selection(), Scope.FULL)


def test_the_planted_hot_spot_is_found_where_it_is_and_nothing_else(planted: services.District) -> None:
    found = services.cell_map(planted, *EVERYTHING, WIDE)
    (spot,) = services.spots(found)
    middle = found.cells.shapes()[found.tested[spot.members[0]]].centroid

    assert (middle.x, middle.y) == pytest.approx((1.5, 0.25), abs=0.06)
    assert spot.hot
    assert 75 <= spot.count <= 100
    assert spot.expected < 20
    assert found.moran.p <= 0.002


def test_every_report_in_the_district_is_in_a_cell(planted: services.District) -> None:
    found = services.cell_map(planted, *EVERYTHING, WIDE)

    assert (found.shown, found.no_place) == (680, 0)
    assert found.counts.sum() == 680
    assert found.cells.area_km2.sum() == pytest.approx(2 * 12_391.4, rel=0.01)


def test_the_map_s_statistic_is_esda_s_on_the_same_weights(planted: services.District) -> None:
    found = services.cell_map(planted, *EVERYTHING, WIDE)
    links = found.links.tocsr()
    known = {
        cell: [int(other) for other in links.indices[links.indptr[cell] : links.indptr[cell + 1]] if other != cell]
        for cell in range(len(found.tested))
    }
    weights = libpysal.weights.W(known, silence_warnings=True)
    theirs = esda.G_Local(found.rates.standard, weights, transform="B", star=True, permutations=0)

    assert np.allclose(found.spots.gi, theirs.Zs, atol=1e-6)


def test_a_cell_tells_why_and_which_reports_are_behind_it(planted: services.District) -> None:
    found = services.cell_map(planted, *EVERYTHING, WIDE)
    (spot,) = services.spots(found)
    id = found.cells.ids[found.tested[spot.members[0]]]
    one = services.cell_account(planted, *EVERYTHING, WIDE, id)

    assert one.verdict == "hot"
    assert one.observed > 4 * one.expected
    assert one.p <= one.q <= 0.05
    assert sum(count for _, count in one.categories) == one.reports == one.observed
    behind = Selection(cell=tuple(one.around))
    assert services.count(planted, "problems", behind, Scope.FULL).count == one.reports


def test_the_cells_of_a_map_share_out_the_selection(planted: services.District) -> None:
    chosen = Selection(category=("02",))
    found = services.cell_map(planted, chosen, Scope.FULL, WIDE)
    parts = [
        services.count(planted, "problems", replace(chosen, cell=(found.cells.ids[cell],)), Scope.FULL).count
        for cell in found.tested[found.counts > 0]
    ]

    assert parts == found.counts[found.counts > 0].tolist()
    assert sum(parts) == services.count(planted, "problems", chosen, Scope.FULL).count


def test_a_cell_that_is_not_there_has_nothing(planted: services.District) -> None:
    nowhere = Selection(cell=("hex:5000:900000:1", "hex:777:1:1", "street:250:S1:0"))

    assert services.count(planted, "problems", nowhere, Scope.FULL).count == 0
    with pytest.raises(NotFound):
        services.cell_account(planted, *EVERYTHING, WIDE, "hex:5000:900000:1")


@pytest.mark.parametrize("style", [{"kind": "squares"}, {"width_m": 7}, {"per": "beauty"}, {"weight": "x"}])
def test_what_no_map_can_be_made_by_is_refused(style: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        CellStyle(**style)  # type: ignore[arg-type]


def test_townships_have_what_is_assigned_to_them(district: services.District) -> None:
    found = services.cell_map(district, *EVERYTHING, CellStyle("townships"))

    # Problem 3 lies on their border and is the lower code's; 5 lies outside, 6 nowhere.
    assert dict(zip(found.cells.ids, found.counts.tolist(), strict=True)) == {"E": 2.0, "W": 2.0}
    assert found.no_place == 2
    assert not found.enough


def test_townships_without_known_residents_have_no_rate(district: services.District) -> None:
    found = services.cell_map(district, *EVERYTHING, CellStyle("townships", per="resident"))

    assert [found.cells.ids[cell] for cell in found.tested] == ["W"]
    assert found.rates.whole == pytest.approx(2 / 2_000)
    assert found.no_rate == 2


def test_denominators_are_counted_where_they_are(district: services.District) -> None:
    towns = cells(district, "townships", 0)

    def by_code(per: str) -> dict[str, float]:
        found = among(district, towns, per, Selection(), Scope.FULL)
        return dict(zip(towns.ids, np.round(found.values, 3).tolist(), strict=True))

    assert by_code("visit") == {"E": 0.0, "W": 1.0}
    assert by_code("survey_point") == {"E": 0.0, "W": 1.0}
    # 1.6 degrees of the equator's neighbourhood, half of them on either side.
    street = by_code("street_km")
    assert street["E"] == pytest.approx(0.8 * 111.3, rel=0.01)
    assert street["W"] == pytest.approx(0.8 * 111.3, rel=0.01)


def test_street_length_in_hexagons_adds_up_to_the_street(district: services.District) -> None:
    over = cells(district, "hexagons", 5_000)

    assert among(district, over, "street_km", Selection(), Scope.FULL).values.sum() == pytest.approx(
        1.6 * 111.3, rel=0.01
    )


def test_pieces_of_a_street_are_neighbours_in_a_row(district: services.District) -> None:
    over = cells(district, "streets", 0)
    touching = np.asarray(over.weights.sum(axis=1)).ravel()

    assert len(over) == pytest.approx(1.6 * 111_300 / 250, rel=0.02)
    assert (touching.min(), np.median(touching), touching.max()) == (2, 3, 3)
    rows = district.rows("problems", Selection(), Scope.FULL)
    # Problems 1 and 2 stand on the street, 3 too; 4 and 5 do not.
    assert (of_rows(district, over, "problems", rows) >= 0).sum() == 3


def test_empty_hexagons_of_a_district_with_sites_are_left_out(district: services.District) -> None:
    found = services.cell_map(district, *EVERYTHING, WIDE)

    assert len(found.tested) < 100
    assert found.empty > 900


def test_the_later_period_shows_what_came_up(planted: services.District) -> None:
    found = services.two_periods(planted, *EVERYTHING, WIDE)
    grown = found.where.cells.shapes()[found.where.tested[found.difference.grown]]

    assert (found.after[1] - found.after[0]).days == (found.before[1] - found.before[0]).days == 29
    assert found.p < 0.01
    assert len(grown)
    assert all(abs(shape.centroid.x - 1.5) < 0.15 and abs(shape.centroid.y - 0.25) < 0.15 for shape in grown)


def test_reports_of_one_visit_count_once_in_a_difference(planted: services.District) -> None:
    # Every tenth has a visit of its own: nothing is lost by counting visits.
    found = services.two_periods(planted, *EVERYTHING, WIDE)

    assert (
        sum(found.reports)
        == services.count(
            planted, "problems", Selection(first_day=found.before[0], last_day=found.after[1]), Scope.FULL
        ).count
    )


def test_the_course_of_the_planted_place_is_new(planted: services.District) -> None:
    found = services.courses(planted, *EVERYTHING, WIDE)
    shown = found.change.shown
    named = {name for name in shown if name}

    assert found.change.enough
    assert 10 <= len(found.periods) <= 13
    assert found.counts.sum() <= 680
    assert named <= {"new", "sporadic"}
    assert shown.count("new") >= 3


def test_too_few_weeks_have_no_course(planted: services.District) -> None:
    few = Selection(first_day=date(2026, 4, 1), last_day=date(2026, 4, 30))

    assert not services.courses(planted, few, Scope.FULL, WIDE).change.enough


def test_weeks_end_with_the_last_report_and_share_one_scale(planted: services.District) -> None:
    weeks, top = services.weeks(planted, *EVERYTHING, services.HeatStyle(2_000))

    assert weeks[-1][1] == date(2026, 5, 4)
    assert len(weeks) == 12
    tops = [
        services.scale_top(planted, Selection(first_day=one, last_day=other), Scope.FULL, services.HeatStyle(2_000))
        for one, other in weeks
    ]
    assert top == pytest.approx(max(tops))


def test_hours_are_those_of_visits_in_the_district_s_own_time(planted: services.District) -> None:
    found = services.hours(planted, *EVERYTHING)

    assert (int(found.counts.sum()), found.others) == (68, 612)
    assert found.counts[:, 10].sum() == 68


def test_streets_are_ranked_by_what_can_be_trusted(district: services.District) -> None:
    found = services.street_ranking(district, *EVERYTHING)

    assert found.ids == ["S1"]
    assert found.counts.tolist() == [3.0]
    assert found.km[0] == pytest.approx(1.6 * 111.3, rel=0.01)
    assert found.elsewhere == 3


@pytest.mark.parametrize("shown", services.CELLS_SHOWN)
def test_what_is_shown_can_be_written_down(planted: services.District, shown: str) -> None:
    view = services.cell_view(planted, *EVERYTHING, WIDE, shown)

    assert len(view.ids) == len(view.classes) == len(view.shapes)
    text = view.geojson(everything=True)
    assert text.count(b'"type":"Feature",') == len(view.ids)
    if shown in ("spots", "courses", "difference"):
        assert any(view.classes)
