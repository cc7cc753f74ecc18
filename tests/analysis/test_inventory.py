"""What stands in a place against a standard: every unit by hand, and laws."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.inventory import Item, buildings, judged, mean_known, shortfall, totals, value_of
from geoapp.domain.standards import AMOUNTS, UNITS, Standard, Standing, Verdict, standing

MISSING, SHORT, UNKNOWN, MEETS = Verdict


def item(id: str, building: str | None = None, *, kind: str = "centre", **amounts: float | None) -> Item:
    return Item(id, kind, building or id, dict.fromkeys(AMOUNTS) | amounts)


def standard(unit: str, number: float, level: str = "T") -> Standard:
    return Standard(code="S", zh="标准", en="Standard", level=level, kinds=("centre",), number=number, unit=unit)


@pytest.mark.parametrize(
    ("unit", "number", "there", "residents", "verdict", "have"),
    [
        ("facilities", 1, [], 100, MISSING, 0),
        ("facilities", 1, [item("a")], None, MEETS, 1),
        ("facilities", 2, [item("a")], None, SHORT, 1),
        # Two in one building are one.
        ("facilities", 2, [item("a"), item("b", "a")], None, SHORT, 1),
        # An amount is asked of the best one, not of all together.
        ("floor_area_m2", 300, [item("a", floor_area_m2=200), item("b", floor_area_m2=200)], None, SHORT, 200),
        ("floor_area_m2", 300, [item("a", floor_area_m2=200), item("b", floor_area_m2=300)], None, MEETS, 300),
        ("floor_area_m2", 300, [item("a")], None, UNKNOWN, None),
        ("floor_area_m2", 300, [item("a", floor_area_m2=200), item("b")], None, UNKNOWN, 200),
        ("floor_area_m2", 300, [item("a", floor_area_m2=310), item("b")], None, MEETS, 310),
        ("seats", 100, [item("a", seats=99)], None, SHORT, 99),
        ("books", 500, [item("a", books=0)], None, SHORT, 0),
        ("hours_per_week", 42, [item("a", hours_per_week=40), item("b", hours_per_week=42)], None, MEETS, 42),
        ("facilities_per_10000", 2, [item("a")], 5_000, MEETS, 2),
        ("facilities_per_10000", 2, [item("a")], 5_001, SHORT, pytest.approx(1.9996, abs=1e-4)),
        ("facilities_per_10000", 2, [item("a")], None, UNKNOWN, None),
        ("facilities_per_10000", 2, [], None, MISSING, None),
        # Of the whole, a shared building's area counts once: 500 m² for 10,000.
        ("floor_area_m2_per_10000", 600, [item("a", floor_area_m2=500), item("b", "a", floor_area_m2=500)], 10_000,
         SHORT, 500),
        ("floor_area_m2_per_10000", 600, [item("a", floor_area_m2=300), item("b", floor_area_m2=300)], 10_000,
         MEETS, 600),
        ("books_per_10000", 600, [item("a", books=300), item("b", "a", books=300)], 10_000, MEETS, 600),
        ("books_per_10000", 600, [item("a", books=300), item("b")], 10_000, UNKNOWN, None),
        ("seats_per_10000", 10, [item("a", seats=4)], 2_000, MEETS, 20),
    ],
)  # fmt: skip
def test_every_unit_by_hand(
    unit: str, number: float, there: list[Item], residents: float | None, verdict: Verdict, have: float | None
) -> None:
    asked = standard(unit, number)

    assert judged(asked, totals(there), residents) is verdict
    assert value_of(asked, totals(there), residents) == have


def test_a_sum_says_of_how_many_nothing_is_known() -> None:
    both = totals([item("a", seats=10), item("b"), item("c", seats=5)]).amounts["seats"]

    assert (both.known, both.best, both.unknown) == (15, 10, 1)
    assert totals([item("a")]).amounts["books"].known is None
    assert totals([]).amounts["books"].known == 0


def test_a_building_of_three_that_name_each_other_in_a_row_is_one() -> None:
    assert buildings({"c": "b", "b": "a", "a": None, "d": "nobody", "e": "e"}) == {
        "a": "a", "b": "a", "c": "a", "d": "d", "e": "e",
    }  # fmt: skip


amounts = st.fixed_dictionaries({name: st.none() | st.integers(0, 60).map(float) for name in AMOUNTS})
items = st.lists(st.tuples(st.integers(0, 3), amounts), max_size=5).map(
    lambda found: [Item(str(at), "centre", f"b{building}", known) for at, (building, known) in enumerate(found)]
)


@given(items, st.tuples(st.integers(0, 5), amounts), st.sampled_from(UNITS), st.integers(1, 80),
       st.none() | st.integers(1, 30_000))  # fmt: skip
@settings(max_examples=200)
def test_a_further_facility_never_makes_a_verdict_worse(
    there: list[Item], more: tuple[int, dict[str, float | None]], unit: str, number: int, residents: int | None
) -> None:
    asked = standard(unit, number)
    further = Item("further", "centre", f"b{more[0]}", more[1])

    before, after = judged(asked, totals(there), residents), judged(asked, totals([*there, further]), residents)
    assert after.rank >= before.rank


@given(items)
@settings(max_examples=50)
def test_what_shares_a_building_is_never_counted_twice(there: list[Item]) -> None:
    found = totals(there)
    twin = totals([*there, *(Item(f"twin of {one.id}", one.kind, one.building, one.amounts) for one in there)])

    assert twin.count == found.count == len({one.building for one in there})
    assert twin.amounts["floor_area_m2"] == found.amounts["floor_area_m2"]


def test_how_far_below_counts_missing_whole_short_half_and_unknown_not_at_all() -> None:
    assert mean_known(shortfall(one) for one in (MISSING, SHORT, MEETS, UNKNOWN)) == 0.5
    assert mean_known([None]) is None


def test_what_is_being_built_stands_from_its_opening_on() -> None:
    day = date(2026, 5, 4)

    assert standing({}, day) is Standing.STANDS
    assert standing({"build_status": "building"}, day) is Standing.COMING
    assert standing({"build_status": "planned", "expected_opening": "2026-05-05"}, day) is Standing.COMING
    assert standing({"build_status": "building", "expected_opening": "2026-05-04"}, day) is Standing.STANDS
    assert standing({"build_status": "withdrawn"}, day) is Standing.GONE
