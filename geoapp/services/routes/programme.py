"""The programme of a tour (行程单): each stop to the minute, what to look at, and who receives."""

from dataclasses import dataclass, replace
from datetime import date

from geoapp.domain.errors import NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.outings import Outing, OutingStop
from geoapp.domain.routes import PlannedRoute
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.domain.tours import Host
from geoapp.routing.profiles import WALKING_KMH
from geoapp.routing.travel import RoadTravel
from geoapp.services.district import District
from geoapp.services.routes.lateness import Delay, delayed, late_at, with_delay
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.reasons import reason_sentence
from geoapp.services.routes.taking_along import outing, routes_of
from geoapp.services.routes.travelling import travel_of
from geoapp.services.routes.verdicts import sentence_of


@dataclass(frozen=True, slots=True)
class Lateness:
    """What somebody asks: a team is so many minutes late at a stop, or it arrives there at the clock time `now`."""

    stop: str
    minutes: float = 0.0
    now: str | None = None


@dataclass(frozen=True, slots=True)
class ProgrammeStop:
    """A line of the programme. walk_min: of the way here, on foot from where the vehicle stops; host: None for those
    who may not know; missed_min: how much too late the visit begins for its hours; late: whether its times moved.
    """

    stop: OutingStop
    walk_min: float
    host: Host | None
    missed_min: float = 0.0
    late: bool = False


@dataclass(frozen=True, slots=True)
class Programme:
    """One team's day as a programme. wrong: what the plan does not keep, and why stops are left out."""

    kept: KeptPlan
    outing: Outing
    stops: tuple[ProgrammeStop, ...]
    wrong: tuple[Sentence, ...]
    delay: Delay | None = None


def programme(
    district: District, kept: KeptPlan, scope: Scope, language: str, *, team: str | None = None,
    day: date | None = None, late: Lateness | None = None,
) -> Programme:  # fmt: skip
    """The programme of a team's day, of the first one that visits something if none is named; raises NotFound.

    Who receives, and under which phone, is told with full scope only.
    """
    route = first_route(kept, team, day)
    delay = _delay(district, kept, route, late) if late else None
    shown = kept if delay is None else replace(kept, plan=with_delay(kept.plan, delay))
    found = outing(district, shown, route.team, route.date, scope, language)
    hosts = district.store.private.hosts(kept.id) if scope is Scope.FULL else None
    walks, missed = walking_min(district, kept), dict(delay.missed) if delay else {}
    before = {one.id: one.leave for one in route.stops}
    lines = tuple(
        ProgrammeStop(
            stop=one, walk_min=walks.get(one.id, 0.0), missed_min=missed.get(one.id, 0.0),
            host=None if hosts is None else hosts.get(one.id, Host(stop=one.id)), late=one.leave != before[one.id],
        )
        for one in found.stops
    )  # fmt: skip
    return Programme(kept, found, lines, tuple(_wrong(kept, route)), delay)


def first_route(kept: KeptPlan, team: str | None, day: date | None) -> PlannedRoute:
    """The route that is named, or the first one that visits something; raises NotFound."""
    found = routes_of(kept, team, day)
    if not found:
        raise NotFound("Plan {plan} visits nothing.", plan=kept.name)
    return found[0]


def walking_min(district: District, kept: KeptPlan) -> dict[str, float]:
    """How many minutes one walks to each stop from where the vehicle stands.

    That is the way from the nearest road that the vehicle may use, which the travel time holds already, and the
    minutes that the stop itself asks for (walk_min), which its stay holds, there and back.
    """
    request = kept.plan.request
    travel = travel_of(district, request.profile)
    away_m = [0.0] * len(request.stops)
    if isinstance(travel, RoadTravel) and request.profile != "foot":
        away_m = travel.snapped([(stop.lon, stop.lat) for stop in request.stops]).distance_m.tolist()
    per_m = 60 / (WALKING_KMH * 1_000)
    return {stop.id: round(metres * per_m + stop.walk_min, 1)
            for stop, metres in zip(request.stops, away_m, strict=True)}  # fmt: skip


def keep_hosts(district: District, kept: KeptPlan, hosts: list[Host]) -> None:
    """Keep who receives at stops of a plan, apart from ledger and layers; raises NotFound for a stop that is none."""
    kept.require_stops(host.stop for host in hosts)
    district.store.private.put_hosts(kept.id, hosts)


def _delay(district: District, kept: KeptPlan, route: PlannedRoute, late: Lateness) -> Delay:
    minutes = late.minutes if late.now is None else late_at(route, late.stop, late.now)
    return delayed(kept.plan, route, late.stop, minutes, travel_of(district, kept.plan.request.profile))


def _wrong(kept: KeptPlan, route: PlannedRoute) -> list[Sentence]:
    """What the checker says of this day, and why stops are on no day: a tour wants all of them."""
    plan, names = kept.plan, names_of(kept.plan.request)
    here = ((route.team, route.date), (None, None))
    # A must-visit that nobody makes is told with its reason, below.
    found = [sentence_of(fault, names) for fault in plan.check.faults
             if fault.kind != "must" and (fault.team, fault.date) in here]  # fmt: skip
    asked = {stop.id: stop for stop in plan.request.stops}
    if plan.request.mode == "all":
        found += [
            Sentence("{stop} is left out: {reason}", stop=names.stop(one.id),
                     reason=reason_sentence(one, asked[one.id], names))
            for one in plan.left_out
        ]  # fmt: skip
    return found
