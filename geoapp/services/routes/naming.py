"""What stops and teams are called where people read of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from geoapp.domain.kept_plans import feature_of
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.domain.sentences import Sentence
from geoapp.services.browse import wording
from geoapp.services.district import District


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


def stop_titles(district: District, ids: Iterable[str], language: str) -> dict[str, str]:
    """What the features that stops stand for are called in a language: sites and facilities by name, problems by kind.

    Stops drawn on the map, and features that are gone, have none.
    """
    features = {id: feature for id in ids if (feature := feature_of(id)) is not None}
    problems = _kinds(district, [id for layer, id in features.values() if layer == "problems"], language)
    names = {layer: wording(district, layer, language) for layer in ("sites", "facilities")} | {"problems": problems}
    return {id: names[layer][one] for id, (layer, one) in features.items() if one in names[layer]}


def _kinds(district: District, problems: Sequence[str], language: str) -> dict[str, str]:
    """The category of each problem in words, as exactly as it is known."""
    snapshot, words = district.present.snapshot("problems"), wording(district, "categories", language)
    known = [(id, row) for id in problems if (row := snapshot.row(id)) is not None]
    rows = np.array([row for _, row in known], np.intp)
    codes = zip(snapshot.texts("subcategory", rows), snapshot.texts("category", rows), strict=True)
    return {id: words[code] for (id, _), (narrow, wide) in zip(known, codes, strict=True)
            if (code := narrow if narrow in words else wide) in words}  # fmt: skip


def _called(things: Iterable[RequestedStop | RequestedTeam]) -> dict[str, str]:
    known = [(one.id, (one.name or "").strip() or one.id) for one in things]
    times = Counter(name for _, name in known)
    return {id: name if times[name] == 1 or name == id else f"{name} ({id})" for id, name in known}
