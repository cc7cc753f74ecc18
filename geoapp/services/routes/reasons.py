"""Why stops are left out, in words."""

from math import ceil

from geoapp.domain.routes import LeftOut, RequestedStop
from geoapp.domain.sentences import Sentence
from geoapp.routing.explaining import SHIFT, Missing, Reason, reasons
from geoapp.routing.travel import REACH_M
from geoapp.services.routes.tasks import PARTS_OF_VALUE, Laid, may

NOBODY = {
    "team": "Its team has no day on which it may be visited.",
    "skills": "No team has the skills that it needs: {skills}.",
    "townships": "It lies in none of the townships of any team.",
    "dates": "None of the days lies between {first} and {last}, when it may be visited.",
}


def said(problem: Laid, routes: list[list[int]]) -> list[LeftOut]:
    """The reasons of all stops that no route visits, the most valuable first."""
    found = reasons(problem.task, routes, frozenset())
    found.sort(key=lambda one: (-problem.task.stops[one.stop].value, one.stop))
    return [_left_out(problem, one) for one in found]


def off_road(id: str, metres: float) -> LeftOut:
    """A stop that no road reaches."""
    sentence = Sentence("The nearest road by which one gets there and back is {metres} m away, more than {most} m.",
                        metres=f"{metres:,.0f}" if metres < 1e6 else "∞", most=f"{REACH_M:.0f}")  # fmt: skip
    return LeftOut(id=id, reason=str(sentence), bound="roads")


def reason_sentence(left: LeftOut, stop: RequestedStop) -> Sentence:
    """The reason of a stop, to be told in the reader's language."""
    names = ", ".join(left.would_displace)
    if left.bound in NOBODY:
        first, last = stop.date or stop.not_before or "…", stop.date or stop.deadline or "…"
        return Sentence(NOBODY[left.bound], skills=", ".join(stop.skills), first=first, last=last)
    if left.minutes_missing is None or left.minutes_missing == 0:
        return Sentence("There is time for it, but the search has not found the way; let it search longer.")
    if left.alone:
        return Sentence("Even if team {team} did nothing else, {minutes} minutes would be missing: {bound}.",
                        team=left.team, minutes=left.minutes_missing, bound=_bounds(left))  # fmt: skip
    missing = Sentence("{minutes} minutes are missing where it fits best, with team {team}: {bound}.",
                       minutes=left.minutes_missing, team=left.team, bound=_bounds(left))  # fmt: skip
    if not left.would_displace:
        return Sentence("{missing} No three stops of one team make room for it.", missing=missing)
    return Sentence("{missing} It would fit if {names} were left out, at a loss of about {costs}.", missing=missing,
                    names=names, costs=f"{left.costs:g}")  # fmt: skip


def _left_out(problem: Laid, why: Reason) -> LeftOut:
    stop = problem.stops[why.stop]
    if why.alone is None or why.best is None:
        made = LeftOut(id=stop.id, reason="", bound=_forbids(problem, stop))
    else:
        made = _missing(problem, stop, why.alone if why.alone.seconds else why.best, why)
    return _with_reason(made, stop)


def _missing(problem: Laid, stop: RequestedStop, missing: Missing, why: Reason) -> LeftOut:
    team, day = problem.teams[missing.team]
    alone = why.alone is not None and why.alone.seconds > 0
    gone = tuple(problem.stops[number].id for number in why.gone or ())
    lost = sum(problem.task.stops[number].value for number in why.gone or ()) / PARTS_OF_VALUE
    kinds = {"shift" if bound == SHIFT else "window" for bound in missing.bounds}
    bound = "value" if not missing.seconds else kinds.pop() if len(kinds) == 1 else "several"
    binding = tuple({"team": team.id} if one == SHIFT else {"window": problem.stops[one].id} for one in missing.bounds)
    return LeftOut(id=stop.id, reason="", bound=bound, minutes_missing=ceil(missing.seconds / 60), binding=binding,
                   team=team.id, date=day, alone=alone, would_displace=gone,
                   costs=round(lost - stop.value, 6) if gone else None)  # fmt: skip


def _with_reason(made: LeftOut, stop: RequestedStop) -> LeftOut:
    return LeftOut(
        **{name: getattr(made, name) for name in made.__slots__} | {"reason": str(reason_sentence(made, stop))}
    )


def _bounds(left: LeftOut) -> Sentence:
    windows = ", ".join(one["window"] for one in left.binding if "window" in one)
    shift = any("team" in one for one in left.binding)
    if shift and windows:
        return Sentence("the end of its shift and the hours of {windows}", windows=windows)
    return Sentence("the end of its shift") if shift else Sentence("the hours of {windows}", windows=windows)


def _forbids(problem: Laid, stop: RequestedStop) -> str:
    """What forbids most teams and days: the nearest to being allowed is named."""
    order = ("dates", "townships", "skills", "team")
    kinds = {may(stop, team, day) for team, day in problem.teams}
    return next((kind for kind in order if kind in kinds), "dates")
