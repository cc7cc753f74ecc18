"""Residents spread over places: nobody is lost, and unknown stays unknown."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.spreading_people import spread

places = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.none() | st.integers(0, 900)), min_size=1, max_size=20
)  # fmt: skip
residents = st.fixed_dictionaries({"A": st.none() | st.integers(0, 9_000), "B": st.none() | st.integers(0, 9_000)})


def test_what_nobody_counted_is_spread_evenly_over_the_rest() -> None:
    people = spread(np.array(["A", "A", "A", "B"]), np.array([100, np.nan, np.nan, np.nan]), {"A": 500, "B": None})
    assert people[:3].tolist() == [100, 200, 200]
    assert np.isnan(people[3])


def test_two_numbers_that_contradict_each_other_leave_the_rest_unknown() -> None:
    people = spread(np.array(["A", "A"]), np.array([600, np.nan]), {"A": 500})
    assert people[0] == 600
    assert np.isnan(people[1])


@settings(max_examples=40)
@given(places, residents)
def test_a_townships_residents_are_all_there(
    given_places: list[tuple[str, int | None]], totals: dict[str, int | None]
) -> None:
    township = np.array([code for code, _ in given_places])
    counted = np.array([np.nan if number is None else number for _, number in given_places], float)
    people = spread(township, counted, totals)
    known = np.isfinite(counted)
    assert (people[known] == counted[known]).all()
    for code in set(township.tolist()):
        here, total = township == code, totals.get(code)
        bare = here & ~known
        if total is None or total < counted[here & known].sum():
            assert np.isnan(people[bare]).all()
        elif bare.any():
            assert np.isclose(people[here].sum(), total)
