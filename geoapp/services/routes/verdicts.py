"""What the checker says of a plan, in sentences."""

from dataclasses import replace

from geoapp.domain.routes import PlanFault, RoutePlan, Verdict
from geoapp.domain.sentences import Sentence
from geoapp.routing.checking import Fault, faults
from geoapp.routing.travel import Travel
from geoapp.services.routes.naming import Names, names_of

SENTENCES = {
    "unknown team": Sentence("There is no team {team} in the request."),
    "unknown date": Sentence("{date} is not among the days of the request."),
    "team twice": Sentence("Team {team} has two routes on {date}."),
    "unknown stop": Sentence("There is no stop {stop} in the request."),
    "twice": Sentence("Stop {stop} stands in the plan more than once."),
    "nowhere": Sentence("Stop {stop} is neither visited nor left out."),
    "both": Sentence("Stop {stop} is visited and left out at once."),
    "must": Sentence("Stop {stop} has to be visited, and nobody does."),
    "order": Sentence("Team {team} does not visit the stops in the order given."),
    "skills": Sentence("Team {team} lacks a skill that stop {stop} needs."),
    "township": Sentence("Stop {stop} lies in none of the townships of team {team}."),
    "wrong team": Sentence("Stop {stop} is to be visited by another team than {team}."),
    "wrong date": Sentence("Stop {stop} is to be visited on another day than {date}."),
    "too early": Sentence("Stop {stop} may not be visited as early as {date}."),
    "too late": Sentence("Stop {stop} is due before {date}."),
    "time": Sentence("A time in the route of team {team} on {date} is no time of day."),
    "arrives": Sentence("Team {team} cannot be at stop {stop} so early: it needs {minutes} minutes more."),
    "starts": Sentence("At stop {stop} the visit starts {minutes} minutes before team {team} arrives."),
    "leaves": Sentence("Team {team} leaves stop {stop} {minutes} minutes before its visit can be over."),
    "lunch": Sentence("The visit of stop {stop} starts while team {team} has lunch."),
    "window": Sentence("The visit of stop {stop} misses its hours by {minutes} minutes."),
    "shift": Sentence("Team {team} is back {minutes} minutes after its shift ends."),
    "home": Sentence("The time at which team {team} is back does not follow from its last visit."),
    "travel": Sentence("The travel time of team {team} does not agree with the roads ({minutes} minutes)."),
    "distance": Sentence("The distance of team {team} does not agree with the roads."),
    "value": Sentence("The value of the plan is not the sum of the values of its stops."),
}


def verdict(plan: RoutePlan, plain: Travel) -> Verdict:
    """Check a plan; plain: travel computed by another way than the plan's own, Dijkstra's search."""

    def way(one: tuple[float, float], other: tuple[float, float]) -> tuple[int, float]:
        leg = plain.leg(one, other)
        return leg.seconds, leg.metres

    found, names = faults(plan, way), names_of(plan.request)
    return Verdict(ok=not found, faults=tuple(_told(fault, names) for fault in found))


def sentence_of(fault: PlanFault, names: Names) -> Sentence:
    """A fault's sentence, to be told in the reader's language."""
    if fault.kind not in SENTENCES:  # written by hand
        return Sentence("{sentence}", sentence=fault.sentence)
    minutes = "" if fault.minutes is None else f"{fault.minutes:g}"
    return Sentence(SENTENCES[fault.kind].sentence, team=names.team(fault.team or ""), date=fault.date or "",
                    stop=names.stop(fault.stop or ""), minutes=minutes)  # fmt: skip


def _told(fault: Fault, names: Names) -> PlanFault:
    # A second is wrong, too, and not by 0 minutes.
    minutes = round(fault.seconds / 60, 1) or round(fault.seconds / 60, 2) or None
    made = PlanFault(kind=fault.kind, sentence="", team=fault.team, date=fault.date, stop=fault.stop, minutes=minutes)
    return replace(made, sentence=str(sentence_of(made, names)))
