"""What may be asked of a plan: names of teams that an address can carry, and days of these centuries."""

from datetime import date
from typing import Any

import pytest

from geoapp.domain.errors import BadInput
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest, moment_of, require_day, seconds_of

STOP = RequestedStop(id="map/1", lon=0.5, lat=0.5)


def request_of(**changed: Any) -> RouteRequest:
    asked = {"stops": (STOP,), "teams": (team("A"),), "dates": (date(2026, 5, 5),)} | changed
    return RouteRequest(**asked)


def team(id: str) -> RequestedTeam:
    return RequestedTeam(id=id, start=(0.5, 0.5))


@pytest.mark.parametrize("id", ["", " ", ".", "..", "/a", "a\nb", "a\x00", "\r\nX: y", "\u202egnol", "x" * 201])
def test_a_team_whose_name_no_address_and_no_paper_can_carry_is_refused(id: str) -> None:
    with pytest.raises(BadInput):
        request_of(teams=(team(id),))


@pytest.mark.parametrize("id", ["一组", "A/B & C", "#1", "50%", "'\"", "</script>", "{{7*7}}", "a..b", "=cmd", "😀"])
def test_any_other_letters_make_a_name(id: str) -> None:
    assert request_of(teams=(team(id),)).teams[0].id == id


@pytest.mark.parametrize("day", [date(1, 1, 1), date(1899, 12, 31), date(2200, 1, 1), date(9999, 12, 31)])
def test_days_of_other_centuries_are_refused(day: date) -> None:
    with pytest.raises(BadInput, match="1900 to 2199"):
        require_day(day)
    with pytest.raises(BadInput, match="1900 to 2199"):
        request_of(dates=(day,))


def test_the_first_and_the_last_day_can_be_planned() -> None:
    assert request_of(dates=(date(1900, 1, 1), date(2199, 12, 31))).dates[1].year == 2199


def test_a_time_after_midnight_can_be_read_where_a_clock_time_of_the_day_cannot_be_one() -> None:
    assert moment_of("25:10") == 25 * 3600 + 600
    with pytest.raises(BadInput, match="no time of day"):
        seconds_of("25:10")
