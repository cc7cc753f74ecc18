"""A simulated campaign is plausible, repeatable, and its planted truths are there."""

from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import msgspec
import numpy as np
import pytest

from geoapp.domain.inspection import Visit
from geoapp.domain.places import Located
from geoapp.domain.problem import Problem, Status
from geoapp.domain.working_time import Calendar
from geoapp.simulation.calendar_shift import shifted, weeks_between
from geoapp.simulation.campaign import Campaign, World, simulate
from geoapp.simulation.mix import CATEGORY_SHARES, HOT_SPOTS

BEIJING = timezone(timedelta(hours=8))
SUNDAY = datetime(2026, 11, 22, 23, 59, tzinfo=BEIJING)
CENTRE = (116.7, 40.4)


def site(number: int) -> dict[str, Any]:
    kinds = ("market", "hospital", "residential_estate", "school")
    place = {"type": "Point", "coordinates": [116.6 + number * 0.01, 40.3]}
    return {
        "type": "Feature",
        "id": f"S{number}",
        "geometry": place,
        "properties": {"name": "点", "kind": kinds[number % 4]},
    }


def world() -> World:
    rules = {"02": "4 wh", "09": "5 wd"}
    rows = [
        {
            "code": f"{category}0{n}",
            "zh": "问题",
            "deadline": rules.get(category, "3 wd"),
            "units": ["TWN"],
            "severe": n == 3,
        }
        for category in CATEGORY_SHARES
        for n in (1, 2, 3)
    ]
    corners = np.column_stack([np.linspace(116.6, 116.8, 50), np.full(50, 40.31)])
    return World([site(number) for number in range(40)], corners, rows, Calendar(), CENTRE)


def made(problems: int = 3000, seed: int = 1) -> tuple[Campaign, list[dict[str, Any]]]:
    campaign = simulate(world(), problems=problems, seed=seed, as_of=SUNDAY)
    return campaign, list(campaign.problems)


def test_the_same_seed_gives_the_same_campaign_and_another_seed_another() -> None:
    one, again, other = made(), made(), made(seed=2)

    assert one[1] == again[1]
    assert one[0].visits == again[0].visits
    assert one[1] != other[1]


@pytest.mark.parametrize("problems", [0, 1, 25_000])
def test_any_number_can_be_had(problems: int) -> None:
    _, features = made(problems)

    assert len({feature["id"] for feature in features}) == problems


def test_every_problem_and_visit_is_a_sound_record() -> None:
    campaign, problems = made()
    for feature in problems:
        msgspec.convert(feature["properties"], Problem, strict=False)
        assert msgspec.convert(feature["properties"], Located, strict=False).synthetic
    for visit in campaign.visits:
        msgspec.convert(visit["properties"], Visit, strict=False)


def test_all_categories_and_all_states_occur() -> None:
    _, problems = made()

    assert {feature["properties"]["category"] for feature in problems} == {*CATEGORY_SHARES, "00"}
    assert {feature["properties"]["status"] for feature in problems} == set(map(str, Status))


def test_most_visits_find_nothing_and_findings_are_those_of_the_problems() -> None:
    campaign, problems = made(1200)
    counted = Counter(feature["properties"].get("visit_id") for feature in problems)
    clean = [visit for visit in campaign.visits if visit["properties"]["outcome"] == "clean"]

    assert len(clean) > len(campaign.visits) / 2
    assert all(visit["properties"]["findings"] == counted[visit["id"]] for visit in campaign.visits)


def test_nothing_happens_after_the_end_or_before_it_was_found() -> None:
    _, problems = made()
    for feature in problems:
        fields = feature["properties"]
        times = {
            name: datetime.fromisoformat(fields[name])
            for name in ("found_at", "rectified_at", "closed_at")
            if name in fields
        }
        assert times["found_at"] <= SUNDAY
        assert list(times.values()) == sorted(times.values())
        assert datetime.fromisoformat(fields["deadline"]) > times["found_at"] - timedelta(minutes=15)


def test_planted_hot_spots_are_hotter_than_the_rest() -> None:
    campaign, problems = made(5000)
    at = Counter((f["properties"].get("site_id"), f["properties"].get("subcategory")) for f in problems)
    for (site_id, subcategory, share), spot in zip(campaign.truth.hot_spots, HOT_SPOTS, strict=True):
        assert subcategory == spot.subcategory
        assert at[site_id, subcategory] > 0.4 * share * len(problems)
        assert at[site_id, subcategory] > 5 * np.median(list(at.values()))


def test_some_have_no_place_and_some_stand_on_the_placeholder() -> None:
    _, problems = made()
    places = [feature["geometry"] and tuple(feature["geometry"]["coordinates"]) for feature in problems]

    assert 0.02 < places.count(None) / len(places) < 0.06
    assert places.count(CENTRE) >= 5


@pytest.mark.parametrize("today", [23, 24, 25, 26, 27, 28, 29, 30])
def test_a_campaign_moves_by_whole_weeks_to_end_yesterday_or_up_to_six_days_before(today: int) -> None:
    day = datetime(2027, 3, 1).date() + timedelta(days=today)
    weeks = weeks_between(SUNDAY.date(), day)
    ends = SUNDAY.date() + timedelta(weeks=weeks)

    assert ends.weekday() == SUNDAY.date().weekday()
    assert 1 <= (day - ends).days <= 7


def test_moving_changes_times_and_nothing_else() -> None:
    feature = {"id": "a", "properties": {"found_at": "2026-11-02T09:00:00+08:00", "name": "x"}}
    row = {"code": "R1", "first_day": "2026-11-02"}

    assert list(shifted([feature, row], 2)) == [
        {"id": "a", "properties": {"found_at": "2026-11-16T09:00:00+08:00", "name": "x"}},
        {"code": "R1", "first_day": "2026-11-16"},
    ]
    assert feature["properties"]["found_at"] == "2026-11-02T09:00:00+08:00"
