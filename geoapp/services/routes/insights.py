"""Why stops are where they are, and what more time or one more team would bring, in words."""

from collections.abc import Sequence
from dataclasses import replace

from geoapp.domain.routes import (
    DAY_S,
    MOST_TEAMS,
    Advice,
    KeptReason,
    RequestedStop,
    RequestedTeam,
    RoutePlan,
    RouteRequest,
    clock_of,
    moment_of,
    seconds_of,
)
from geoapp.domain.sentences import Sentence
from geoapp.routing import explaining, search
from geoapp.routing.day import worth
from geoapp.routing.explaining import Kept
from geoapp.services.routes.naming import Names, names_of
from geoapp.services.routes.tasks import PARTS_OF_VALUE, Laid, again, may

# By how much shifts are tried to be longer, and of how many teams each for itself.
MORE_MIN, MOST_SINGLE = 30, 8
# The part of the search's iterations that the tries get together, of which each gets its weight, and how many that is
# at least and at most.
SHARE, LEAST, MOST = 0.15, 5, 1_000
WEIGHTS = {"shift": 1, "shifts": 3, "team": 3}

WHO = {
    "pinned": Sentence("it is tied to that"),
    "skills": Sentence("nobody else has the skills that it needs"),
    "townships": Sentence("nobody else visits its township"),
    "others": Sentence("everybody else lacks the skills that it needs or does not visit its township"),
    "dates": Sentence("only on this day may it be visited"),
    "one": Sentence("nobody else goes out"),
    "room": Sentence("nobody else who may visit it has room for it at its hours"),
    "nearer": Sentence("with {other} the way would be {minutes} minutes longer"),
    "alike": Sentence("with {other} the way would be no longer"),
}
TURNS = {
    "given": Sentence("the order is given"),
    "alone": Sentence("it is the only stop of the day"),
    "window": Sentence("at any other turn it would miss its hours, {start} to {end}"),
    "tight": Sentence("at any other turn its team would miss the hours of other stops or the end of its shift"),
    "shorter": Sentence("at another turn the way would be at least {minutes} minutes longer"),
    "alike": Sentence("at another turn the way would be no longer"),
}
Routes = list[list[int]]
Tried = tuple[Advice, Laid, Routes]


def kept_reasons(request: RouteRequest, problem: Laid, routes: Routes, starts: Sequence[Sequence[str]],
                 ) -> tuple[KeptReason, ...]:  # fmt: skip
    """Why each stop of routes that can be driven is where it is. starts: when each visit begins, a clock time."""
    return tuple(
        _kept(request, problem, one, len(routes[one.team]), starts[one.team][one.place])
        for one in explaining.kept(problem.task, routes)
    )


def advised(request: RouteRequest, problem: Laid, routes: Routes, *, iterations: int, seed: int) -> tuple[Advice, ...]:
    """What the plan would gain by more: what searches of so many iterations together find that begin with it."""
    return tuple(advice for advice, _, _ in tried(request, problem, routes, iterations=iterations, seed=seed))


def tried(request: RouteRequest, problem: Laid, routes: Routes, *, iterations: int, seed: int) -> list[Tried]:
    """Each advice with the request that it makes, laid out, and the routes found for it.

    What is gained is more than the same search finds without it; all teams' gain is at least that of any of them.
    """
    seen = {stop for route in routes for stop in route}
    left = [stop for number, stop in enumerate(problem.task.stops) if number not in seen]
    waiting = any(stop.value or stop.must for stop in left)
    tries = _tries(request) if waiting and request.order == "free" else []
    if not tries:
        return []
    most = max(WEIGHTS[advice.kind] for advice in tries)
    weights = most + sum(WEIGHTS[advice.kind] for advice in tries)
    each = min(max(int(SHARE * iterations / weights), LEAST), MOST)
    now = _searched(problem, routes, most * each, seed)
    best, made = now, list[Tried]()
    for advice in tries:
        more = again(problem, with_more(request, advice))
        begin = _begin(problem, more, best if advice.kind == "shifts" else now)
        found = _searched(more, begin, WEIGHTS[advice.kind] * each, seed)
        made.append((_gained(advice, problem, now, more, found), more, found))
        if advice.kind == "shift" and worth(more.task, found) > worth(problem.task, best):
            best = found
    return made


def with_more(request: RouteRequest, advice: Advice) -> RouteRequest:
    """The request that an advice speaks of: later ends of shifts, or one more team like another one."""
    if advice.kind == "team":
        like = next(team for team in request.teams if team.id == advice.team)
        return replace(request, teams=(*request.teams, replace(like, id=_free_id(request, like.id), name=None)))
    whose = {team.id for team in request.teams if advice.team in (None, team.id)}
    teams = (_longer(team, advice.minutes or 0) if team.id in whose else team for team in request.teams)
    return replace(request, teams=tuple(teams))


def kept_sentence(kept: KeptReason, plan: RoutePlan) -> Sentence:
    """Why this team, why now, to be told in the reader's language."""
    names = names_of(plan.request)
    other = names.day(kept.other, kept.other_date)
    who = Sentence(WHO[kept.who].sentence, other=other, minutes=_minutes(kept.other_min))
    start, end = kept.window or ("", "")
    turn = Sentence(TURNS[kept.turn].sentence, start=start, end=end, minutes=_minutes(kept.turn_min))
    return Sentence("With {team}: {who}. At this turn: {turn}.", team=names.day(kept.team, kept.date), who=who,
                    turn=turn)  # fmt: skip


def advice_sentence(advice: Advice, names: Names) -> Sentence:
    """What more would bring, to be told in the reader's language."""
    what = {
        "shift": Sentence("{minutes} minutes more for team {team}", minutes=advice.minutes,
                          team=names.team(advice.team or "")),
        "shifts": Sentence("{minutes} minutes more for every team", minutes=advice.minutes),
        "team": Sentence("One more team like {team}", team=names.team(advice.team or "")),
    }[advice.kind]  # fmt: skip
    if advice.must > 0:
        return Sentence("{what} would let about {must} more must-visits be made.", what=what, must=advice.must)
    if advice.value <= 0:
        return Sentence("{what} would bring about nothing more.", what=what)
    return Sentence("{what} would add about {value} in value ({stops} stops).", what=what, value=f"{advice.value:g}",
                    stops=f"{advice.stops:+d}")  # fmt: skip


def _kept(request: RouteRequest, problem: Laid, one: Kept, length: int, start: str) -> KeptReason:
    stop, (team, day) = problem.stops[one.stop], problem.teams[one.team]
    other, other_date = problem.teams[one.other] if one.other is not None else (None, None)
    turn, window = _turn(request, stop, one, length, start)
    return KeptReason(
        id=stop.id, team=team.id, date=day, who=_who(problem, stop, one), turn=turn, window=window,
        other=other.id if other else None, other_date=other_date,
        other_min=None if one.other_s is None else round(one.other_s / 60, 1),
        turn_min=None if one.turn_s is None else round(one.turn_s / 60, 1),
    )  # fmt: skip


def _who(problem: Laid, stop: RequestedStop, one: Kept) -> str:
    if stop.team is not None or stop.date is not None:
        return "pinned"
    if one.other_s is not None:
        return "nearer" if one.other_s > 0 else "alike"
    mine = problem.teams[one.team][0].id
    forbidden = {(team.id, may(stop, team, day)) for at, (team, day) in enumerate(problem.teams) if at != one.team}
    if not forbidden:
        return "one"
    if any(why is None for _, why in forbidden):
        return "room"
    # On this day the dates forbid it to nobody, so others are kept away by their skills or their townships.
    kinds = {why for id, why in forbidden if id != mine and why}
    return "dates" if not kinds else kinds.pop() if len(kinds) == 1 else "others"


def _turn(request: RouteRequest, stop: RequestedStop, one: Kept, length: int, start: str
          ) -> tuple[str, tuple[str, str] | None]:  # fmt: skip
    if request.order == "given":
        return "given", None
    if length == 1:
        return "alone", None
    if one.turn_s is not None:
        return ("shorter" if one.turn_s > 0 else "alike"), None
    window = _window_at(stop, start) if one.own_window else None
    return ("tight" if window is None else "window"), window


def _window_at(stop: RequestedStop, start: str) -> tuple[str, str] | None:
    moment = moment_of(start)
    return next((one for one in stop.windows if seconds_of(one[0]) <= moment <= seconds_of(one[1])), None)


def _tries(request: RouteRequest) -> list[Advice]:
    """What is tried: each team's shift, where they are few, those of all, and one more team."""
    may_stay = [team for team in request.teams if seconds_of(team.shift[1]) + MORE_MIN * 60 <= DAY_S]
    single = may_stay if len(request.teams) <= MOST_SINGLE else []
    tries = [Advice(kind="shift", team=team.id, minutes=MORE_MIN) for team in single]
    if len(request.teams) > 1 and may_stay:
        tries.append(Advice(kind="shifts", minutes=MORE_MIN))
    if request.mode == "choose" and len(request.teams) < MOST_TEAMS:
        tries.append(Advice(kind="team", team=_ablest(request).id))
    return tries


def _ablest(request: RouteRequest) -> RequestedTeam:
    """The team that may visit the most value: one more like it is tried."""

    def value(team: RequestedTeam) -> float:
        return sum(stop.value for stop in request.stops if any(may(stop, team, day) is None for day in request.dates))

    return max(request.teams, key=value)


def _longer(team: RequestedTeam, minutes: int) -> RequestedTeam:
    end = min(seconds_of(team.shift[1]) + 60 * minutes, DAY_S)
    return replace(team, shift=(team.shift[0], clock_of(end)))


def _free_id(request: RouteRequest, id: str) -> str:
    taken = {team.id for team in request.teams}
    return next(name for name in (f"{id}+{number}" for number in range(1, len(taken) + 2)) if name not in taken)


def _begin(problem: Laid, more: Laid, routes: Routes) -> Routes:
    """The routes by the teams and days of another task, in which new ones begin with nothing."""
    known = {(team.id, day): route for (team, day), route in zip(problem.teams, routes, strict=True)}
    return [known.get((team.id, day), []) for team, day in more.teams]


def _searched(problem: Laid, routes: Routes, iterations: int, seed: int) -> Routes:
    # In the cold from the first iteration on: it is not to wander off from the plan, which it never makes worse.
    found = search.plan(problem.task, iterations=iterations, of=1, seed=seed, start=routes)
    return [list(route) for route in found.routes]


def _gained(advice: Advice, problem: Laid, now: Routes, more: Laid, found: Routes) -> Advice:
    before, after = worth(problem.task, now), worth(more.task, found)
    stops = sum(map(len, found)) - sum(map(len, now))
    return replace(advice, must=after[0] - before[0], stops=stops, value=(after[1] - before[1]) / PARTS_OF_VALUE)


def _minutes(minutes: float | None) -> str:
    return "" if minutes is None else f"{abs(minutes):.0f}" if abs(minutes) >= 10 else f"{abs(minutes):g}"
