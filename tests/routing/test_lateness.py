"""A route that runs late, on days that can be checked by hand and by law."""

from dataclasses import replace

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from geoapp.routing.day import Stop, Task, Team
from geoapp.routing.lateness import Late, postponed, remedies, shorter_stays
from geoapp.routing.search import plan
from geoapp.routing.timetable import timetable
from tests.routing.toy_days import HOUR, on_a_line, random_task

MINUTE = 60


def late_day(stops: list[Stop], *places: int, late_min: int, at: int = 0, hours: float = 3,
             lunch: "tuple[int, int] | None" = None) -> Late:  # fmt: skip
    """Stops in their order at places in minutes from where the team begins and ends, from 0 o'clock."""
    task = Task(on_a_line(0, *places), stops, [Team(0, 0, (0, int(hours * HOUR)), lunch)])
    visits, home = timetable(task, 0, range(len(stops)))
    return Late(task, 0, visits, home, at, late_min * MINUTE)


def clock(late: Late) -> list[tuple[float, float]]:
    """Begin and end of each visit, in minutes."""
    return [(visit.start / MINUTE, visit.leave / MINUTE) for visit in postponed(late).visits]


def stop(place: int, minutes: int, *windows_min: tuple[int, int], value: int = 1) -> Stop:
    """A stop with its windows in minutes."""
    windows = tuple((first * MINUTE, last * MINUTE) for first, last in windows_min)
    return Stop(place, minutes * MINUTE, value, windows=windows)


THREE = [stop(1, 20), stop(2, 20), stop(3, 20)]


def test_all_later_times_shift_by_as_much() -> None:
    """Out 10 minutes, then 10 between stops, 30 back: planned 10–30, 40–60, 70–90, home at 120."""
    late = late_day(THREE, 10, 20, 30, late_min=15, at=1)

    assert clock(late) == [(10, 30), (55, 75), (85, 105)]
    assert postponed(late).home == 135 * MINUTE
    assert postponed(late).fits


def test_waiting_takes_up_a_delay() -> None:
    """The last stop opens at 100: of 15 minutes late nothing is left there but 0 of 30 minutes of waiting."""
    late = late_day([*THREE[:2], stop(3, 20, (100, 140))], 10, 20, 30, late_min=15)

    assert clock(late) == [(25, 45), (55, 75), (100, 120)]
    assert postponed(late).home == 150 * MINUTE


def test_a_window_that_has_closed_is_named_by_how_much() -> None:
    late = late_day([*THREE[:2], stop(3, 20, (60, 95))], 10, 20, 30, late_min=15)

    found = postponed(late)
    assert found.missed == ((2, 10 * MINUTE),)
    assert not found.fits


def test_the_end_of_the_shift_is_missed_by_as_many_minutes() -> None:
    late = late_day(THREE, 10, 20, 30, late_min=15, hours=2)

    assert postponed(late).over_s == 15 * MINUTE
    assert not postponed(late).missed


def test_lunch_stays_where_it_is() -> None:
    """Lunch from 60 to 90: the second visit is at 55, and its last 15 minutes come after lunch."""
    late = late_day(THREE, 10, 20, 30, late_min=15, at=1, lunch=(60 * MINUTE, 90 * MINUTE))

    assert clock(late)[1] == (55, 105)


def test_leaving_out_one_stop_brings_the_tour_back_in_time() -> None:
    """The cheapest is named first; the stop where the team is late is not among them.

    Without the last one it is 40 minutes; without the middle one the last still begins no earlier than planned.
    """
    stops = [stop(1, 20, value=1), stop(2, 20, value=5), stop(3, 20, value=3)]
    late = late_day(stops, 10, 20, 30, late_min=15, hours=2)

    found = remedies(late)
    assert [(one.stops, one.saved_s / MINUTE, one.fits) for one in found] == [((2,), 40, True), ((1,), 15, True)]


def test_where_one_stop_is_not_enough_pairs_are_named() -> None:
    late = late_day([stop(1, 20), stop(1, 20), stop(1, 20)], 10, late_min=30, hours=80 / 60)

    assert [one.stops for one in remedies(late)] == [(1, 2)]
    assert remedies(late)[0].fits


def test_where_nothing_is_enough_what_saves_most_comes_first() -> None:
    late = late_day([stop(1, 20), stop(1, 10), stop(1, 30)], 10, late_min=300, hours=80 / 60)

    assert [(one.stops, one.fits) for one in remedies(late)] == [((2,), False), ((1,), False)]


def test_stays_are_shortened_by_as_little_as_suffices() -> None:
    assert shorter_stays(late_day(THREE, 10, 20, 30, late_min=15, hours=2)) == 5
    assert shorter_stays(late_day(THREE, 10, 20, 30, late_min=200, hours=2)) is None


def random_late(seed: int, late_min: int) -> Late:
    task = random_task(seed, stops=8, teams=1, tight=False)
    route = plan(task, iterations=30).routes[0]
    assume(route)
    visits, home = timetable(task, 0, route)
    return Late(task, 0, visits, home, int(np.random.default_rng(seed).integers(len(route))), late_min * MINUTE)


@settings(deadline=None)
@given(st.integers(0, 300))
def test_no_delay_changes_nothing(seed: int) -> None:
    late = random_late(seed, 0)

    found = postponed(late)
    assert list(found.visits) == list(late.planned)
    assert (found.home, found.fits) == (late.home, True)


@settings(deadline=None)
@given(st.integers(0, 300), st.integers(0, 90), st.integers(0, 60))
def test_later_is_never_earlier(seed: int, minutes: int, more: int) -> None:
    one = postponed(random_late(seed, minutes))
    other = postponed(replace(random_late(seed, minutes), late_s=(minutes + more) * MINUTE))

    pairs = list(zip(one.visits, other.visits, strict=True))
    assert all(later.arrive >= visit.arrive and later.leave >= visit.leave for visit, later in pairs)
    assert other.home >= one.home
    assert other.over_s >= one.over_s


@settings(deadline=None)
@given(st.integers(0, 150), st.integers(5, 90))
def test_a_remedy_does_what_it_says(seed: int, minutes: int) -> None:
    late = random_late(seed, minutes)

    for one in remedies(late):
        found = postponed(late, without=frozenset(one.stops))
        assert found.fits == one.fits
        assert postponed(late).home - found.home == one.saved_s
        assert not set(one.stops) & {visit.stop for visit in found.visits}
