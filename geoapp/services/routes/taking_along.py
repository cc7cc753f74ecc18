"""What the team takes along: everything for one team's day of a kept plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from geoapp.domain.errors import NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.navigation import Destination, navigation_links, place_url
from geoapp.domain.outings import Outing, OutingStop
from geoapp.domain.routes import PlannedRoute, PlannedStop, RequestedStop, RequestedTeam
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.services.district import District
from geoapp.services.routes.insights import kept_sentence
from geoapp.services.routes.legs import LegAlong, legs_of
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.navigating import destinations
from geoapp.services.routes.stop_records import (
    StopRecord,
    StopRecords,
    found_often,
    last_findings,
    open_problems,
    past_visits,
)


def outing(district: District, kept: KeptPlan, team: str, day: date, scope: Scope, language: str) -> Outing:
    """One team's day; raises NotFound where the plan has none."""
    return outings(district, kept, scope, language, team=team, day=day)[0]


def outings(
    district: District, kept: KeptPlan, scope: Scope, language: str, *, team: str | None = None, day: date | None = None
) -> list[Outing]:
    """All days of all teams that visit something, or those of one team or date; raises NotFound for one that is none.

    language: zh or en, for names and words of tables. What scope may not see is left out.
    """
    chosen = routes_of(kept, team, day)
    ids = [stop.id for route in chosen for stop in route.stops]
    records = StopRecords(district, ids, scope, language)
    named = _destinations(district, kept, records, ids)
    return [_Taken(district, kept, records, named, route).outing() for route in chosen]


def routes_of(kept: KeptPlan, team: str | None = None, day: date | None = None) -> list[PlannedRoute]:
    """The routes of a team or a date that visit something; raises NotFound for a team or date that is none."""
    request = kept.plan.request
    if team is not None and team not in {one.id for one in request.teams}:
        raise NotFound("Plan {plan} has no team {team!r}.", plan=kept.name, team=team)
    if day is not None and day not in request.dates:
        raise NotFound("Plan {plan} is not about {date}.", plan=kept.name, date=day)
    found = [one for one in kept.plan.routes if team in (None, one.team) and day in (None, one.date)]
    if team is not None and day is not None:
        return found or [PlannedRoute(team=team, date=day)]
    return [one for one in found if one.stops]


def _destinations(
    district: District, kept: KeptPlan, records: StopRecords, ids: Sequence[str]
) -> dict[str, Destination]:
    asked = {stop.id: stop for stop in kept.plan.request.stops}
    places = []
    for id in ids:
        feature = records.of(id).feature
        name = (feature and records.name(feature)) or asked[id].name or id
        places.append((name, asked[id].lon, asked[id].lat))
    return dict(zip(ids, destinations(district, places), strict=True))


@dataclass(frozen=True, slots=True)
class _Taken:
    """A route on its way to become an outing."""

    district: District
    kept: KeptPlan
    records: StopRecords
    named: dict[str, Destination]
    route: PlannedRoute

    def outing(self) -> Outing:
        plan, route = self.kept.plan, self.route
        team = next(one for one in plan.request.teams if one.id == route.team)
        asked = {stop.id: stop for stop in plan.request.stops}
        legs = legs_of(self.district, plan, route)
        here = {stop.id for stop in route.stops}
        why = {one.id: kept_sentence(one, plan) for one in plan.kept if one.id in here}
        stops = tuple(
            self._stop(number, planned, asked[planned.id], leg, why.get(planned.id))
            for number, (planned, leg) in enumerate(zip(route.stops, legs, strict=False), start=1)
        )
        back = legs[len(stops)] if len(legs) > len(stops) else LegAlong()
        return Outing(
            plan=self.kept.id, plan_name=self.kept.name, team=team.id, team_name=names_of(plan.request).team(team.id),
            date=route.date, start=team.start, end=team.end, shift=team.shift, lunch=_lunch(team),
            profile=plan.request.profile, stops=stops, distance_m=route.distance_m, travel_min=route.travel_min,
            home=route.home, home_line=back.line, home_steps=back.steps, estimate=plan.estimate,
            schematic=plan.schematic,
        )  # fmt: skip

    def _stop(
        self, number: int, planned: PlannedStop, asked: RequestedStop, leg: LegAlong, why: Sentence | None
    ) -> OutingStop:
        record, to = self.records.of(asked.id), self.named[asked.id]
        return OutingStop(
            number=number, id=asked.id, name=to.name, lon=asked.lon, lat=asked.lat, arrive=planned.arrive,
            start=planned.start, leave=planned.leave, travel_min=planned.travel_min, distance_m=planned.distance_m,
            value=asked.value, must=asked.must_visit, why=why, windows=asked.windows, walk_min=asked.walk_min,
            line=leg.line, steps=leg.steps, links=navigation_links(to, self.kept.plan.request.profile),
            url=place_url(to),
            problems=open_problems(self.records, record.problems, self.district.clock()),
            visits=past_visits(record.visits, self.records.scope), findings=last_findings(self.records, record),
            often=found_often(self.records, record.problems) if record.layer != "problems" else (),
            **self._place(record, asked),
        )  # fmt: skip

    def _place(self, record: StopRecord, asked: RequestedStop) -> dict[str, Any]:
        """What the feature itself says of the place."""
        known, one = self.records, record.feature
        township = known.words("townships", asked.township)
        if one is None:
            return {"layer": record.layer, "gone": record.layer is not None, "township": township}
        facility = one if record.layer == "facilities" else known.facility(one)
        table = {"sites": "site_kinds", "facilities": "facility_kinds"}.get(str(record.layer))
        site_kind = known.site_kinds.get(str(one.get("kind")), {}) if record.layer == "sites" else {}
        return {
            "layer": record.layer,
            "feature": one["id"],
            "kind": known.words(table, one.get("kind")) if table else None,
            "address": known.address(one),
            "township": known.words("townships", one.get("township")) or township,
            "street": known.words("streets", one.get("street")),
            "look_when": site_kind.get("look_when"),
            "opening_hours": (facility or {}).get("opening_hours"),
        }


def _lunch(team: RequestedTeam) -> tuple[str, str] | None:
    return team.lunch if team.lunch and team.lunch[0] != team.lunch[1] else None
