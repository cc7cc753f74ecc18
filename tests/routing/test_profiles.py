"""The guide's tables of speeds and rules say what the profiles say."""

import re
from pathlib import Path

import pytest

from geoapp.routing.profiles import KINDS, PROFILES, WALKING_KMH, Profile
from geoapp.routing.travel import DETOUR, REACH_M

GUIDE = Path(__file__).parents[2] / "docs/guide"


def rows(language: str) -> dict[str, list[str]]:
    """Lines of the tables that have a column for each profile, by the name in backticks."""
    text = (GUIDE / language / "roads.md").read_text("utf-8")
    found = re.findall(r"^\|[^|\n]*`(\w+)`[^|\n]*" + r"\|([^|\n]+)" * 4 + r"\|$", text, re.MULTILINE)
    return {name: [cell.strip() for cell in cells] for name, *cells in found}


def number(value: float | None) -> str:
    return f"{value:g}" if value else "—"


def expected(profile: Profile, yes: str, no: str) -> dict[str, str]:
    speeds = {kind: number(profile.speeds_kmh.get(kind)) for kind in KINDS}
    return speeds | {
        "unknown": number(profile.speeds_kmh[""]),
        "elsewhere": number(profile.elsewhere_kmh),
        "ceiling": number(profile.ceiling_kmh),
        "straight": number(profile.straight_kmh),
        "of_limit": f"{profile.of_limit:.0%}".replace("%", " %") if profile.of_limit else "—",
        "height_m": number(profile.height_m),
        "width_m": number(profile.width_m),
        "one_ways": no if profile.both_ways else yes,
    }


@pytest.mark.parametrize(("language", "yes", "no"), [("en", "yes", "no"), ("zh", "是", "否")])
def test_the_guide_shows_every_speed_and_rule_as_it_is(language: str, yes: str, no: str) -> None:
    columns = [expected(profile, yes, no) for profile in PROFILES.values()]

    assert list(PROFILES) == ["car", "bus", "bicycle", "foot"]
    assert rows(language) == {name: [column[name] for column in columns] for name in columns[0]}


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_guide_shows_how_far_a_stop_may_be_and_how_straight_lines_count(language: str) -> None:
    text = (GUIDE / language / "roads.md").read_text("utf-8")

    assert all(f"{figure:g}" in text for figure in (REACH_M, DETOUR, WALKING_KMH))


def test_no_means_of_travel_exceeds_its_ceiling() -> None:
    for profile in PROFILES.values():
        assert max(profile.speeds_kmh.values()) <= profile.ceiling_kmh
        assert profile.elsewhere_kmh <= max(profile.speeds_kmh.values())
