"""The programme of a tour and its leaders' scores, on a day of the toy district that is worked out by hand."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geoapp import services
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import RequestedStop, RequestedTeam
from geoapp.domain.selection import Scope
from geoapp.domain.tours import Average, Host, Score, ScoreScale
from geoapp.services.routes import (
    Lateness,
    delete_plan,
    keep_hosts,
    keep_scale,
    keep_scores,
    programme,
    score_table,
)
from geoapp.services.routes.programme import walking_min
from tests.conftest import NOW, feature, toy_layers, toy_tables
from tests.toy_outing import DAY, STOPS, TEAMS, at_the_park, kept_outing

MEI = Host(stop="sites/P1", name="韩梅梅", phone="139")


def tour(district: services.District, **more: object) -> tuple[services.District, KeptPlan]:
    """Five stops from west to east by coach, in the order given."""
    asked = {"stops": STOPS[:5], "mode": "all", "order": "given", "profile": "bus"} | more
    return kept_outing(at_the_park(district), **asked)


def test_the_programme_has_every_stop_to_the_minute_with_its_past(district: services.District) -> None:
    found = programme(*tour(district), Scope.FULL, "en")

    assert [one.stop.id for one in found.stops] == [stop.id for stop in STOPS[:5]]
    park = found.stops[0].stop
    assert {one.number for one in park.problems} >= {"12", "13"}
    assert {one.number: one.status for one in park.findings} == {
        "11": "closed", "12": "in_progress", "13": "assigned",
    }  # fmt: skip
    assert (found.wrong, found.delay) == ((), None)


def test_who_receives_is_told_to_those_only_who_may_know(district: services.District) -> None:
    district, kept = tour(district)
    keep_hosts(district, kept, [MEI])

    open_, full = (programme(district, kept, scope, "en") for scope in (Scope.PUBLIC, Scope.FULL))
    assert [one.host for one in full.stops][:2] == [MEI, Host(stop="problems/3")]
    assert {one.host for one in open_.stops} == {None}
    assert b"139" not in b"".join(value for value, _ in district.present.documents["plans"].values())


def test_hosts_of_stops_that_are_none_are_refused(district: services.District) -> None:
    district, kept = tour(district)
    with pytest.raises(NotFound, match="no stop 'sites/X'"):
        keep_hosts(district, kept, [MEI, Host(stop="sites/X", name="a")])
    assert district.store.private.hosts(kept.id) == {}


def test_who_receives_is_forgotten_with_the_plan(district: services.District) -> None:
    district, kept = tour(district)
    keep_hosts(district, kept, [MEI])
    delete_plan(district, kept.id, by="t")

    assert district.store.private.hosts(kept.id) == {}


def test_a_delay_moves_later_times_and_names_what_no_longer_fits(district: services.District) -> None:
    """Ways of about 2.5 minutes, stays of 15; planned back at about 9:57, at the latest at 10:05."""
    team = replace(TEAMS[0], shift=("08:30", "10:05"))
    district, kept = tour(district, teams=(team,))
    plain = programme(district, kept, Scope.FULL, "en")
    late = programme(district, kept, Scope.FULL, "en", late=Lateness("facilities/F1", 15.0))

    assert [one.late for one in late.stops] == [False, False, True, True, True]
    assert late.stops[1].stop.leave == plain.stops[1].stop.leave
    assert late.delay is not None
    assert late.delay.over_min > 0
    assert [one.fits for one in late.delay.remedies] == [True, True]
    assert late.outing.home == late.delay.route.home


def test_a_delay_may_be_told_by_the_clock(district: services.District) -> None:
    district, kept = tour(district)
    first = kept.plan.routes[0].stops[0]
    found = programme(district, kept, Scope.FULL, "en", late=Lateness(first.id, now="09:00"))

    assert found.stops[0].stop.arrive == "09:00:00"


def test_a_tour_that_does_not_fit_says_so_in_sentences(district: services.District) -> None:
    """In the order given every stop is written with its times, and the check says by how much they miss."""
    team = replace(TEAMS[0], shift=("08:30", "09:30"))
    stops = (*STOPS[1:5], STOPS[0])
    found = programme(*tour(district, teams=(team,), stops=stops), Scope.FULL, "en")

    assert any("after its shift ends" in str(one) for one in found.wrong)


def test_a_free_tour_says_which_stop_it_leaves_out_and_why(district: services.District) -> None:
    team = replace(TEAMS[0], shift=("08:30", "09:30"))
    found = programme(*tour(district, teams=(team,), order="free"), Scope.FULL, "en")

    assert 0 < len(found.stops) < 5
    assert len(found.wrong) == 5 - len(found.stops)
    assert all("is left out" in str(one) for one in found.wrong)


def test_walking_is_told_where_a_stop_asks_for_it(district: services.District) -> None:
    stops = (replace(STOPS[0], walk_min=4.0), *STOPS[1:5])
    district, kept = tour(district, stops=stops)

    assert walking_min(district, kept) == {"sites/P1": 4.0} | {stop.id: 0.0 for stop in STOPS[1:5]}
    assert programme(district, kept, Scope.FULL, "en").stops[0].walk_min == 4.0


def test_a_day_that_is_none_is_not_found(district: services.District) -> None:
    district, kept = tour(district)
    with pytest.raises(NotFound):
        programme(district, kept, Scope.FULL, "en", day=date(2026, 6, 1))
    far = RequestedTeam(id="A", start=(0.5, 0.5), end=(0.5, 0.5), shift=("08:30", "08:31"))
    district, empty = tour(district, teams=(far,), order="free")
    with pytest.raises(NotFound, match="visits nothing"):
        programme(district, empty, Scope.FULL, "en")


def scored(leader: str, **scores: "float | None") -> list[Score]:
    return [Score(leader=leader, stop=stop, score=score) for stop, score in scores.items()]


def test_scores_are_averaged_over_those_who_gave_one(district: services.District) -> None:
    district, kept = tour(district)
    stops = [stop.id for stop in kept.plan.request.stops]
    keep_scores(district, kept, "Leader 1", scored("Leader 1", **{stops[0]: 80.0, stops[1]: None}))
    keep_scores(district, kept, "Leader 2", scored("Leader 2", **{stops[0]: 90.0, stops[2]: 60.0}))

    table = score_table(district, kept)
    assert table.leaders == ("Leader 1", "Leader 2")
    assert [table.of_stop[stop] for stop in stops[:4]] == [Average(85.0, 2), Average(None, 0), Average(60.0, 1),
                                                           Average(None, 0)]  # fmt: skip
    assert table.of_leader == {"Leader 1": Average(80.0, 1), "Leader 2": Average(75.0, 2)}
    assert table.overall == Average(72.5, 2)


def test_the_scale_binds_scores_and_scores_bind_the_scale(district: services.District) -> None:
    district, kept = tour(district)
    keep_scale(district, kept, ScoreScale(1, 10))
    with pytest.raises(BadInput, match="80 is no score from 1 to 10"):
        keep_scores(district, kept, "Leader 1", scored("Leader 1", **{"sites/P1": 80.0}))
    keep_scores(district, kept, "Leader 1", scored("Leader 1", **{"sites/P1": 8.0}))
    with pytest.raises(BadInput, match="8 is no score from 1 to 5"):
        keep_scale(district, kept, ScoreScale(1, 5))
    with pytest.raises(NotFound):
        keep_scores(district, kept, "Leader 1", scored("Leader 1", nowhere=8.0))


def test_a_leader_who_gave_nothing_is_forgotten(district: services.District) -> None:
    district, kept = tour(district)
    keep_scores(district, kept, "Leader 1", scored("Leader 1", **{"sites/P1": 8.0}))
    keep_scores(district, kept, "Leader 1", scored("Leader 1", **{"sites/P1": None}))

    assert score_table(district, kept).leaders == ()
    assert kept.plan.routes[0].date == DAY


def test_the_way_from_where_a_coach_may_go_is_walked(tmp_path: Path) -> None:
    """The stop lies at a lane, 0.002 degrees or 221 m off the main street that coaches keep to: 3 minutes on foot."""
    main = {"type": "LineString", "coordinates": [[0.4, 0.5], [0.5, 0.5], [0.6, 0.5]]}
    lane = {"type": "LineString", "coordinates": [[0.5, 0.5], [0.5, 0.502]]}
    roads = [feature("M", main, name="大街", kind="main"), feature("L", lane, name="巷", kind="lane")]
    opened = services.found(tmp_path / "town", toy_layers() | {"roads": roads}, toy_tables(), clock=lambda: NOW)
    stops = (RequestedStop(id="map/1", lon=0.5, lat=0.502, walk_min=1.0),)
    walks = {profile: walking_min(*kept_outing(services.at_this_moment(opened), stops=stops, profile=profile))
             for profile in ("bus", "car", "foot")}  # fmt: skip
    opened.close()

    assert walks["bus"]["map/1"] == pytest.approx(221.2 / 75 + 1, abs=0.06)
    assert walks["car"] == walks["foot"] == {"map/1": 1.0}
