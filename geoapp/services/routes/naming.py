"""What stops and teams are called where people read of them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.domain.sentences import Sentence


@dataclass(frozen=True, slots=True)
class Names:
    """Names by id. days: whether there are several days, so that a team alone does not say whose turn it is."""

    stops: Mapping[str, str]
    teams: Mapping[str, str]
    days: bool = False

    def stop(self, id: str) -> str:
        """What a stop is called; one that nobody knows by its id."""
        return self.stops.get(id, id)

    def team(self, id: str) -> str:
        """What a team is called."""
        return self.teams.get(id, id)

    def day(self, team: str | None, day: date | None) -> Sentence:
        """A team, and on which day where there are several."""
        if self.days and day is not None:
            return Sentence("team {team} on {date}", team=self.team(team or ""), date=day)
        return Sentence("team {team}", team=self.team(team or ""))


def names_of(request: RouteRequest) -> Names:
    """What is called what in a request: by its name, with the id where several have the same one."""
    return Names(_called(request.stops), _called(request.teams), len(request.dates) > 1)


def _called(things: Iterable[RequestedStop | RequestedTeam]) -> dict[str, str]:
    known = [(one.id, (one.name or "").strip() or one.id) for one in things]
    times = Counter(name for _, name in known)
    return {id: name if times[name] == 1 or name == id else f"{name} ({id})" for id, name in known}
