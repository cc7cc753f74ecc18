"""Why stops are left out, in words."""

from dataclasses import replace
from datetime import date
from math import ceil

from geoapp.domain.routes import LeftOut, RequestedStop
from geoapp.domain.sentences import Sentence
from geoapp.routing.day import Task
from geoapp.routing.explaining import SHIFT, Missing, Reason, reasons
from geoapp.services.routes.naming import Names
from geoapp.services.routes.reaching import too_far
from geoapp.services.routes.tasks import PARTS_OF_VALUE, Laid, may

NOBODY = {
    "team": Sentence("It is tied to team {team}, which does not go out."),
    "skills": Sentence("No team has the skills that it needs: {skills}."),
    "townships": Sentence("It lies in none of the townships of any team."),
    "dates": Sentence("None of the days lies between {first} and {last}, when it may be visited."),
}

# The same where others would do, but not those whom it is tied to, or not those who have the skills.
TIED = {
    "skills": Sentence("Team {team}, which it is tied to, lacks skills that it needs: {skills}."),
    "townships": Sentence("It lies in none of the townships of team {team}, which it is tied to."),
}
SKILLED_ELSEWHERE = Sentence("No team that has the skills that it needs ({skills}) visits its township.")
TIED_AMISS = Sentence("It is tied to {date}, when it may not be visited.")

# Beyond so many metres, or where there is no road at all, a number says nothing.
NOWHERE_NEAR_M = 1e6


def said(problem: Laid, routes: list[list[int]], names: Names) -> list[LeftOut]:
    """The reasons of all stops that no route visits, the most valuable first."""
    found = reasons(_with_something_to_go(problem.task), routes)
    found.sort(key=lambda one: (-problem.task.stops[one.stop].value, one.stop))
    return [_left_out(problem, one, names) for one in found]


def _with_something_to_go(task: Task) -> Task:
    """The task itself; where every stop has to be visited, as in a tour, one in which others may be named to go."""
    if not all(stop.must for stop in task.stops):
        return task
    return replace(task, stops=[replace(stop, must=False) for stop in task.stops])


def off_road(id: str, metres: float) -> LeftOut:
    """A stop that no road reaches."""
    made = LeftOut(id=id, reason="", bound="roads", metres=metres if metres < NOWHERE_NEAR_M else None)
    return replace(made, reason=str(_too_far(made)))


def reason_sentence(left: LeftOut, stop: RequestedStop, names: Names) -> Sentence:
    """The reason of a stop, to be told in the reader's language."""
    if left.bound == "roads":
        return _too_far(left)
    if left.bound in NOBODY:
        return _nobody(left.bound, stop, names)
    if left.bound == "worthless":
        return Sentence("It is worth nothing, so no way is made for it.")
    if not left.minutes_missing:
        return Sentence("There is time for it with {who}.", who=names.day(left.team, left.date))
    if left.alone:
        return Sentence("Even if {who} did nothing else, {minutes} minutes would be missing: {bound}.",
                        who=names.day(left.team, left.date), minutes=left.minutes_missing,
                        bound=_bounds(left, names))  # fmt: skip
    missing = Sentence("{minutes} minutes are missing where it fits best, with {who}: {bound}.",
                       minutes=left.minutes_missing, who=names.day(left.team, left.date),
                       bound=_bounds(left, names))  # fmt: skip
    if not left.would_displace:
        return Sentence("{missing} No two stops of one team make room for it, nor three in a row.", missing=missing)
    return _displacing(left, stop, missing, ", ".join(names.stop(id) for id in left.would_displace))


def _nobody(bound: str, stop: RequestedStop, names: Names) -> Sentence:
    """What forbids it to everybody who could come."""
    if bound == "dates" and stop.date and not (stop.not_before or date.min) <= stop.date <= (stop.deadline or date.max):
        return Sentence(TIED_AMISS.sentence, date=stop.date)
    said = NOBODY[bound]
    if stop.team is not None:
        said = TIED.get(bound, said)
    elif bound == "townships" and stop.skills:
        said = SKILLED_ELSEWHERE
    return Sentence(said.sentence, skills=", ".join(stop.skills), team=names.team(stop.team or ""),
                    first=stop.date or stop.not_before or "…", last=stop.date or stop.deadline or "…")  # fmt: skip


def _too_far(left: LeftOut) -> Sentence:
    if left.metres is None:
        return Sentence("No road by which one gets there and back is anywhere near.")
    return too_far(left.metres)


def _displacing(left: LeftOut, stop: RequestedStop, missing: Sentence, gone: str) -> Sentence:
    """What would have to go, and what that costs: of a must-visit, which comes before all value, nothing is counted."""
    if stop.must_visit:
        return Sentence("{missing} It has to be visited, and fits if {names} are left out.", missing=missing,
                        names=gone)  # fmt: skip
    if (left.costs or 0) > 0:
        return Sentence("{missing} It would fit if {names} were left out, at a net loss of about {costs}.",
                        missing=missing, names=gone, costs=f"{left.costs:g}")  # fmt: skip
    return Sentence("{missing} It would fit if {names} were left out, at no loss of value.", missing=missing,
                    names=gone)  # fmt: skip


def _left_out(problem: Laid, why: Reason, names: Names) -> LeftOut:
    stop = problem.stops[why.stop]
    task_stop = problem.task.stops[why.stop]
    if why.alone is None or why.best is None:
        made = LeftOut(id=stop.id, reason="", bound=_forbids(problem, stop))
    elif not why.best.seconds and not task_stop.value and not task_stop.must:
        made = LeftOut(id=stop.id, reason="", bound="worthless")
    else:
        made = _missing(problem, stop, why.alone if why.alone.seconds else why.best, why)
    return replace(made, reason=str(reason_sentence(made, stop, names)))


def _missing(problem: Laid, stop: RequestedStop, missing: Missing, why: Reason) -> LeftOut:
    team, day = problem.teams[missing.team]
    alone = why.alone is not None and why.alone.seconds > 0
    gone = tuple(problem.stops[number].id for number in why.gone or ()) if missing.seconds else ()
    lost = sum(problem.task.stops[number].value for number in why.gone or ()) / PARTS_OF_VALUE
    kinds = {"shift" if bound == SHIFT else "window" for bound in missing.bounds}
    bound = "value" if not missing.seconds else kinds.pop() if len(kinds) == 1 else "several"
    binding = tuple({"team": team.id} if one == SHIFT else {"window": problem.stops[one].id} for one in missing.bounds)
    return LeftOut(id=stop.id, reason="", bound=bound, minutes_missing=ceil(missing.seconds / 60), binding=binding,
                   team=team.id, date=day, alone=alone, would_displace=gone,
                   costs=round(lost - stop.value, 6) if gone else None)  # fmt: skip


def _bounds(left: LeftOut, names: Names) -> Sentence:
    windows = ", ".join(names.stop(one["window"]) for one in left.binding if "window" in one)
    shift = any("team" in one for one in left.binding)
    if shift and windows:
        return Sentence("the end of its shift and the hours of {windows}", windows=windows)
    return Sentence("the end of its shift") if shift else Sentence("the hours of {windows}", windows=windows)


def _forbids(problem: Laid, stop: RequestedStop) -> str:
    """What forbids most teams and days: the nearest to being allowed is named."""
    order = ("dates", "townships", "skills", "team")
    kinds = {may(stop, team, day) for team, day in problem.teams}
    return next((kind for kind in order if kind in kinds), "dates")
