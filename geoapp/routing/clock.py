"""The clock of a team without its lunch: cut out, a pause needs no rule of its own anywhere."""

from geoapp.routing.day import Interval, Stop, Team


def without_lunch(moment: int, lunch: Interval | None) -> int:
    """A moment on the clock from which lunch is cut out; during lunch that clock stands still."""
    if lunch is None or moment <= lunch[0]:
        return moment
    return max(lunch[0], moment - (lunch[1] - lunch[0]))


def with_lunch(moment: int, lunch: Interval | None, *, ending: bool = False) -> int:
    """The same moment on everybody's clock; ending: of what ends as lunch begins, before it, else after it."""
    if lunch is None or moment < lunch[0] or (ending and moment == lunch[0]):
        return moment
    return moment + (lunch[1] - lunch[0])


def opening(stop: Stop, first: int, team: Team) -> int:
    """When a window that opens at a moment opens on the team's clock without lunch."""
    if not stop.service_s and team.lunch and team.lunch[0] < first <= team.lunch[1]:
        # What takes no time could be as lunch begins on that clock, and that is before the window.
        return team.lunch[0] + 1
    return without_lunch(first, team.lunch)


def starts(stop: Stop, team: Team) -> list[Interval]:
    """When service may begin, on the team's clock without lunch, so that it ends within a window: in order, apart."""
    windows = stop.windows or ((team.shift[0], team.shift[1]),)
    found: list[Interval] = []
    for first, last in sorted(windows):
        begin, end = opening(stop, first, team), without_lunch(last, team.lunch) - stop.service_s
        if end < begin:
            continue
        if found and begin <= found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], end)
        else:
            found.append((begin, end))
    return found
