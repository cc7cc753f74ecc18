"""Does the checker pass every plan, and reject every plan that breaks a rule? Are the reasons true?

    python -m tests.benchmarks.plans_checked --instances 1000

Random requests over roads and over straight lines are planned. Each plan is then edited by hand, in its JSON, in all of
the ways of MUTATIONS that break a rule of it; each has to be rejected, with a fault of the kind that was made. And what
is said of stops that are left out is tried: with the stated minutes added where it says, and with the stops that it
names left out, the checker has to find nothing wrong. Prints one JSON object for each kind of mutation and for each
kind of reason, and last one for the plans; `missed`, `untrue` and `faulty` should be 0.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

import numpy as np

from geoapp.domain.errors import BadInput
from geoapp.domain.routes import LeftOut, RequestedStop, RoutePlan, RouteRequest, clock_of, moment_of, seconds_of
from geoapp.routing.travel import Travel
from geoapp.services.routes.editing import moved
from geoapp.services.routes.planning import Effort, make_plan
from geoapp.services.routes.reading import plan_json, read_plan
from geoapp.services.routes.verdicts import verdict
from tests.services.routes.toy_requests import random_requests, travels

Json = dict[str, Any]
ITERATIONS, HOUR = 60, 3_600


class Edit:
    """A plan in JSON under somebody's hands, with what is needed to know that an edit breaks a rule."""

    def __init__(self, plan: RoutePlan, travel: Travel, seed: int) -> None:
        self.json: Json = json.loads(plan_json(plan))
        self.travel, self.random = travel, np.random.default_rng(seed)
        self.stops = {one["id"]: one for one in self.json["request"]["stops"]}
        self.teams = {one["id"]: one for one in self.json["request"]["teams"]}

    @property
    def routes(self) -> list[Json]:
        """All routes that visit something."""
        return [route for route in self.json["routes"] if route["stops"]]

    def visits(self) -> list[tuple[Json, int]]:
        """Every visit as its route and place, in an order drawn by lot."""
        found = [(route, at) for route in self.routes for at in range(len(route["stops"]))]
        return [found[at] for at in self.random.permutation(len(found)).tolist()]

    def visit(self, fits: Callable[[Json, Json], bool] = lambda route, visit: True) -> tuple[Json, Json, Json] | None:
        """A visit by lot with its route and what was asked for it, among those that fit."""
        for route, at in self.visits():
            if fits(route, route["stops"][at]):
                return route, route["stops"][at], self.stops[route["stops"][at]["id"]]
        return None

    def service_s(self, id: str) -> int:
        """How long a visit takes at the least."""
        return int(60 * self.stops[id]["service_min"])

    def way_min(self, route: Json, at: int, id: str) -> float:
        """How long a team travels to a stop at a place of its route."""
        before = self.stops[route["stops"][at - 1]["id"]] if at else None
        start = (before["lon"], before["lat"]) if before else tuple(self.teams[route["team"]]["start"])
        return self.travel.leg(start, (self.stops[id]["lon"], self.stops[id]["lat"])).seconds / 60


def later(clock: str, seconds: float) -> str:
    """A clock time so many seconds later, or earlier; never before midnight."""
    return clock_of(max(0, moment_of(clock) + int(seconds)))


def _any(edit: Edit, route: Json, visit: Json) -> bool:
    return True


def _of_visit(change: Callable[[Edit, Json, Json, Json], None], fits: Callable[[Edit, Json, Json], bool] = _any
              ) -> Callable[[Edit], bool]:  # fmt: skip
    """An edit of one visit, where there is one for which it breaks a rule."""

    def made(edit: Edit) -> bool:
        found = edit.visit(lambda route, visit: fits(edit, route, visit))
        if found is None:
            return False
        change(edit, *found)
        return True

    return made


def _asked(**values: Any) -> Callable[[Edit, Json, Json, Json], None]:
    """The request says something else of a stop that is visited."""
    return lambda edit, route, visit, stop: stop.update(values)


def _swapped_between_teams(edit: Edit) -> bool:
    for one, at in edit.visits():
        for other, to in edit.visits():
            here, there = one["stops"][at], other["stops"][to]
            if one is not other and abs(edit.way_min(one, at, there["id"]) - here["travel_min"]) > 0.2:
                here["id"], there["id"] = there["id"], here["id"]
                return True
    return False


def _swapped_within_a_day(edit: Edit) -> bool:
    for route, at in edit.visits():
        if at + 1 < len(route["stops"]):
            here, there = route["stops"][at], route["stops"][at + 1]
            if abs(edit.way_min(route, at, there["id"]) - here["travel_min"]) > 0.2:
                here["id"], there["id"] = there["id"], here["id"]
                return True
    return False


def _order_of_a_tour(edit: Edit) -> bool:
    found = next((route for route in edit.routes if len(route["stops"]) > 1), None)
    if edit.json["request"]["order"] != "given" or found is None:
        return False
    found["stops"].reverse()
    return True


def _outside_its_window(edit: Edit, route: Json, visit: Json, stop: Json) -> None:
    late = max(seconds_of(last) for _, last in stop["windows"]) + 300 - edit.service_s(stop["id"])
    visit["start"], visit["leave"] = clock_of(late), clock_of(late + 2 * HOUR)


def _during_lunch(edit: Edit, route: Json, visit: Json, stop: Json) -> None:
    noon = seconds_of(edit.teams[route["team"]]["lunch"][0])
    visit["start"], visit["leave"] = clock_of(noon + 60), clock_of(noon + 4 * HOUR)


def _left_out_though_it_must(edit: Edit, route: Json, visit: Json, stop: Json) -> None:
    route["stops"].remove(visit)
    edit.json["left_out"].append({"id": visit["id"], "reason": "by hand", "bound": "value"})


def _shift_over(edit: Edit) -> bool:
    route = next(iter(edit.routes), None)
    if route is None:
        return False
    who = edit.teams[route["team"]]
    end = moment_of(route["home"]) - 300
    if end <= seconds_of(who["shift"][0]):
        return False
    who["shift"][1] = clock_of(end)
    return True


def _day(edit: Edit, route: Json, days: int) -> str:
    return str(date.fromisoformat(route["date"]) + timedelta(days=days))


def _serves(edit: Edit, route: Json, visit: Json) -> bool:
    return edit.service_s(visit["id"]) >= 120


def _has_windows(edit: Edit, route: Json, visit: Json) -> bool:
    return bool(edit.stops[visit["id"]]["windows"]) and _serves(edit, route, visit)


def _has_lunch(edit: Edit, route: Json, visit: Json) -> bool:
    lunch = edit.teams[route["team"]]["lunch"]
    return lunch is not None and seconds_of(lunch[1]) - seconds_of(lunch[0]) > 120 and _serves(edit, route, visit)


def _leaves_outside_lunch(edit: Edit, route: Json, visit: Json) -> bool:
    """During lunch nobody goes on, so a minute more or less there breaks no rule."""
    lunch = edit.teams[route["team"]]["lunch"]
    return lunch is None or not seconds_of(lunch[0]) <= moment_of(visit["leave"]) < seconds_of(lunch[1])


def _must(edit: Edit, route: Json, visit: Json) -> bool:
    stop = edit.stops[visit["id"]]
    return bool(stop["must"] or stop["pinned"] or edit.json["request"]["mode"] == "all")


def _route(change: Callable[[Edit, Json], None], fits: Callable[[Edit, Json], bool] = lambda edit, route: True
           ) -> Callable[[Edit], bool]:  # fmt: skip
    def made(edit: Edit) -> bool:
        found = next((route for route in edit.routes if fits(edit, route)), None)
        if found is None:
            return False
        change(edit, found)
        return True

    return made


def _more_value(edit: Edit) -> bool:
    edit.json["value"] += 0.5
    return True


def _left_out_twice(edit: Edit) -> bool:
    if not edit.json["left_out"]:
        return False
    edit.json["left_out"].append(deepcopy(edit.json["left_out"][0]))
    return True


def _left_out_unknown(edit: Edit) -> bool:
    edit.json["left_out"].append({"id": "nobody's", "reason": "by hand", "bound": "value"})
    return True


# Each edit by hand: what it does, and the faults one of which it has to show as. None of them keeps every rule.
MUTATIONS: dict[str, tuple[Callable[[Edit], bool], set[str]]] = {
    "stops swapped between two days": (_swapped_between_teams, {"travel"}),
    "stops swapped within a day": (_swapped_within_a_day, {"travel"}),
    "order of a tour turned round": (_order_of_a_tour, {"order"}),
    "arrival a minute earlier": (
        _of_visit(lambda e, r, v, s: v.update(arrive=later(v["arrive"], -60))), {"arrives"}),
    "visit begun before arrival": (
        _of_visit(lambda e, r, v, s: v.update(start=later(v["arrive"], -60))), {"starts"}),
    "service a minute shorter": (
        _of_visit(lambda e, r, v, s: v.update(leave=later(v["leave"], -60)), _serves), {"leaves"}),
    "left a minute later": (
        _of_visit(lambda e, r, v, s: v.update(leave=later(v["leave"], 60)), _leaves_outside_lunch),
        {"arrives", "home"}),
    "service asked five minutes longer": (
        _of_visit(lambda e, r, v, s: s.update(service_min=s["service_min"] + 5)), {"leaves"}),
    "stop visited twice": (_route(lambda e, r: r["stops"].append(deepcopy(r["stops"][0]))), {"twice"}),
    "stop dropped": (_of_visit(lambda e, r, v, s: r["stops"].remove(v)), {"nowhere"}),
    "visited and left out": (
        _of_visit(lambda e, r, v, s: e.json["left_out"].append({"id": v["id"], "reason": "", "bound": "value"})),
        {"both"}),
    "must-visit left out": (_of_visit(_left_out_though_it_must, _must), {"must"}),
    "outside its window": (_of_visit(_outside_its_window, _has_windows), {"window"}),
    "during lunch": (_of_visit(_during_lunch, _has_lunch), {"lunch"}),
    "skills that the team lacks": (_of_visit(_asked(skills=["diving"])), {"skills"}),
    "township of others": (
        _of_visit(_asked(township="elsewhere"), lambda e, r, v: bool(e.teams[r["team"]]["townships"])), {"township"}),
    "tied to another team": (_of_visit(_asked(team="another")), {"wrong team"}),
    "tied to another day": (
        _of_visit(lambda e, r, v, s: s.update(date=_day(e, r, 1))), {"wrong date"}),
    "before it may be visited": (
        _of_visit(lambda e, r, v, s: s.update(not_before=_day(e, r, 1), deadline=None)), {"too early"}),
    "after its deadline": (
        _of_visit(lambda e, r, v, s: s.update(deadline=_day(e, r, -1), not_before=None)), {"too late"}),
    "travel time of a leg": (_of_visit(lambda e, r, v, s: v.update(travel_min=v["travel_min"] + 0.1)), {"travel"}),
    "travel time of a day": (_route(lambda e, r: r.update(travel_min=r["travel_min"] + 2)), {"travel"}),
    "length of a leg": (
        _of_visit(lambda e, r, v, s: v.update(distance_m=v["distance_m"] * 1.05 + 100)), {"distance"}),
    "length of a day": (_route(lambda e, r: r.update(distance_m=r["distance_m"] * 0.9 - 100)), {"distance"}),
    "home ten minutes earlier": (_route(lambda e, r: r.update(home=later(r["home"], -600))), {"home"}),
    "never home": (_route(lambda e, r: r.update(home=None)), {"home"}),
    "shift over before": (_shift_over, {"shift"}),
    "no time of day": (_of_visit(lambda e, r, v, s: v.update(start="half past nine")), {"time"}),
    "value": (_more_value, {"value"}),
    "unknown stop": (_of_visit(lambda e, r, v, s: v.update(id="nobody's")), {"unknown stop"}),
    "unknown stop left out": (_left_out_unknown, {"unknown stop"}),
    "left out twice": (_left_out_twice, {"twice"}),
    "unknown team": (_route(lambda e, r: r.update(team="nobody")), {"unknown team"}),
    "unknown day": (_route(lambda e, r: r.update(date="2030-01-01")), {"unknown date"}),
    "two days of a team on one date": (
        _route(lambda e, r: e.json["routes"].append({"team": r["team"], "date": r["date"]})), {"team twice"}),
}  # fmt: skip


def mutated(plan: RoutePlan, name: str, travel: Travel, seed: int) -> RoutePlan | None:
    """The plan edited by hand, None where this edit breaks no rule of it, or makes a request that nobody may ask."""
    edit = Edit(plan, travel, seed)
    if not MUTATIONS[name][0](edit):
        return None
    try:
        return read_plan(json.dumps(edit.json).encode())
    except BadInput:
        return None


def relaxed(request: RouteRequest, left: LeftOut) -> RouteRequest:
    """The request with the minutes that are missing added wherever the reason says; raises BadInput past midnight."""
    more = 60 * (left.minutes_missing or 0)
    teams = {one["team"] for one in left.binding if "team" in one}
    windows = {one["window"] for one in left.binding if "window" in one}

    def opened(stop: RequestedStop) -> RequestedStop:
        return replace(stop, windows=tuple((first, later(last, more)) for first, last in stop.windows))

    return replace(
        request,
        teams=tuple(replace(one, shift=(one.shift[0], later(one.shift[1], more))) if one.id in teams else one
                    for one in request.teams),
        stops=tuple(opened(stop) if stop.id in windows else stop for stop in request.stops),
    )  # fmt: skip


def alone(plan: RoutePlan, left: LeftOut) -> RoutePlan:
    """A plan of nothing but that stop and the day that the reason speaks of."""
    request = plan.request
    assert left.date is not None
    only = replace(request, stops=tuple(one for one in request.stops if one.id == left.id), dates=(left.date,),
                   teams=tuple(one for one in request.teams if one.id == left.team), mode="choose", order="free",
                   )  # fmt: skip
    return RoutePlan(request=only, routes=(), left_out=(left,))


def claims(plan: RoutePlan, travel: Travel, plain: Travel) -> Iterator[tuple[str, bool]]:
    """What is said of each stop that is left out, and whether the checker agrees when it is tried."""
    known = {stop.id: stop for stop in plan.request.stops}
    for left in plan.left_out:
        if left.minutes_missing and left.alone:
            only = alone(plan, left)
            yield "alone: too little time", not _fits(only, left, travel, plain)
            yield "alone: the minutes are enough", _fits(_with_minutes(only, left), left, travel, plain)
        elif left.minutes_missing:
            yield "best place: the minutes are enough", _fits(_with_minutes(plan, left), left, travel, plain)
        if left.would_displace:
            rest = plan
            by = next((route.team, route.date) for route in plan.routes
                      if left.would_displace[0] in [stop.id for stop in route.stops])  # fmt: skip
            for id in left.would_displace:
                rest = moved(rest, id, None, None, None, travel, plain)
            fits = moved(rest, left.id, *by, None, travel, plain)
            # In a tour every stop has to be visited, those too that are named to go.
            gone = left.would_displace if plan.request.mode == "all" else ()
            yield "without the named stops", not _new_faults(plan, fits, gone)
            lost = sum(known[id].value for id in left.would_displace) - known[left.id].value
            yield "costs: value lost less its own", abs(lost - (left.costs or 0)) < 1e-6 and abs(
                plan.value - fits.value - lost) < 1e-6  # fmt: skip


def _with_minutes(plan: RoutePlan, left: LeftOut) -> RoutePlan:
    return replace(plan, request=relaxed(plan.request, left))


def _fits(plan: RoutePlan, left: LeftOut, travel: Travel, plain: Travel) -> bool:
    return not _new_faults(plan, moved(plan, left.id, left.team, left.date, None, travel, plain))


def _new_faults(before: RoutePlan, after: RoutePlan, gone: Collection[str] = ()) -> list[str]:
    """What the checker finds, but for must-visits that were left out before as well, or are gone on purpose."""
    was = {fault.stop for fault in before.check.faults if fault.kind == "must"} | set(gone)
    return [fault.sentence for fault in after.check.faults if fault.kind != "must" or fault.stop not in was]


@dataclass
class Tally:
    """What came out."""

    plans: int = 0
    faulty: list[int] = field(default_factory=list)
    rejected: Counter[str] = field(default_factory=Counter)
    missed: list[tuple[str, int]] = field(default_factory=list)
    true: Counter[str] = field(default_factory=Counter)
    untrue: list[tuple[str, int]] = field(default_factory=list)
    untold: int = 0


def looked_at(seed: int, request: RouteRequest, tally: Tally) -> None:
    """Plan a request, edit the plan in every way, and try what it says."""
    travel, plain = travels(seed)
    plan = make_plan(request, travel, plain, Effort(iterations=ITERATIONS, seed=seed, advice=False))
    tally.plans += 1
    if not plan.check.ok and not _impossible(plan):
        tally.faulty.append(seed)
    for name, (_, kinds) in MUTATIONS.items():
        edited = mutated(plan, name, travel, seed)
        if edited is None:
            continue
        said = verdict(edited, plain)
        if said.ok or not kinds & {fault.kind for fault in said.faults}:
            tally.missed.append((name, seed))
        else:
            tally.rejected[name] += 1
    for claim, holds in _claims(plan, travel, plain, tally):
        tally.true[claim] += holds
        if not holds:
            tally.untrue.append((claim, seed))


def _claims(plan: RoutePlan, travel: Travel, plain: Travel, tally: Tally) -> Iterator[tuple[str, bool]]:
    try:
        if plan.request.order == "free":
            yield from claims(plan, travel, plain)
    except BadInput:  # the minutes would go on after midnight, which no request may ask
        tally.untold += 1


def _impossible(plan: RoutePlan) -> bool:
    """Whether nothing is wrong but what was asked: must-visits that do not fit, and the programme of a given order."""
    left = {one.id: one for one in plan.left_out}
    if plan.request.order == "given":
        return all(fault.kind in ("window", "shift", "skills", "township", "wrong date", "wrong team", "too early",
                                  "too late", "arrives", "lunch") for fault in plan.check.faults)  # fmt: skip
    return all(fault.kind == "must" and fault.stop in left for fault in plan.check.faults)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--instances", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1, help="of the first instance")
    options = parser.parse_args()
    tally, began = Tally(), time.monotonic()
    for seed, request in random_requests(options.seed, options.instances):
        looked_at(seed, request, tally)
    for name in MUTATIONS:
        missed = [seed for one, seed in tally.missed if one == name]
        print(json.dumps({"mutation": name, "rejected": tally.rejected[name], "missed": len(missed), "seeds": missed}))
    for claim in sorted(tally.true):
        untrue = [seed for one, seed in tally.untrue if one == claim]
        print(json.dumps({"reason": claim, "true": tally.true[claim], "untrue": len(untrue), "seeds": untrue}))
    print(json.dumps({
        "plans": tally.plans, "faulty": len(tally.faulty), "seeds": tally.faulty, "past_midnight": tally.untold,
        "rejected": sum(tally.rejected.values()), "missed": len(tally.missed), "untrue": len(tally.untrue),
        "seconds": round(time.monotonic() - began, 1),
    }))  # fmt: skip


if __name__ == "__main__":
    main()
