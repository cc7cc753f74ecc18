"""When a team is where: a route with its times, as it is written into a plan."""

from collections.abc import Sequence

from geoapp.routing.clock import starts, with_lunch, without_lunch
from geoapp.routing.day import Task, Visit


def timetable(task: Task, team: int, route: Sequence[int]) -> tuple[list[Visit], int]:
    """The visits of a route, as early as may be, and when the team is home again (seconds of the day).

    A route that keeps no window or shift goes on regardless, so that a checker can say by how much.
    """
    who = task.teams[team]
    moment, place, visits = without_lunch(who.shift[0], who.lunch), who.start, []
    for number in route:
        stop = task.stops[number]
        arrive = moment + int(task.travel_s[place, stop.place])
        open_from = [max(arrive, first) for first, last in starts(stop, who) if last >= arrive]
        start = open_from[0] if open_from else arrive
        moment, place = start + stop.service_s, stop.place
        visits.append(
            Visit(number, with_lunch(arrive, who.lunch, ending=True),
                  with_lunch(start, who.lunch, ending=not stop.service_s), with_lunch(moment, who.lunch, ending=True))
        )  # fmt: skip
    if route and who.end is not None:
        moment += int(task.travel_s[place, who.end])
    return visits, with_lunch(moment, who.lunch, ending=True)
