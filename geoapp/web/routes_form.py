"""What the form of /routes says: which stops, what they are worth, which teams, and when."""

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from itertools import zip_longest
from string import ascii_uppercase
from typing import Any

from flask import g, request

from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import ValueRule
from geoapp.domain.navigation import Place
from geoapp.domain.routes import MOST_TEAMS, RequestedTeam, RouteRequest
from geoapp.domain.sentences import Sentence
from geoapp.services import routes as services
from geoapp.web.routes_links import date_of

# How long is searched, in seconds: a first look, the usual, and for the large ones.
SECONDS = (5, 10, 30, 60)
USUAL_SECONDS = 10
VALUES = tuple(field.name for field in fields(ValueRule))
_CHOICE = ("what", "hours", "must", "deadlines", "most", "area", "points", "stops", "problem_min", "more_min")
# Parameters of the page beside those of the selection.
OWN = (*_CHOICE, *VALUES, "basis")
USUAL_DAY = {"from": "08:30", "to": "17:00", "lunch_from": "12:00", "lunch_to": "12:45"}
TEAM_FIELDS = ("team", "start", "end", "from", "to", "lunch_from", "lunch_to", "townships", "skills")


def choice_of(given: Mapping[str, str]) -> services.StopChoice:
    """How stops are made of the selection; raises BadInput."""
    what = {"": services.WHAT, "both": services.WHAT}.get(given.get("what", ""), (given.get("what", ""),))
    usual = services.StopChoice()
    return services.StopChoice(
        what=what,
        ids=tuple(part.strip() for part in given.get("stops", "").split(",") if part.strip()),
        points=places_of("points", given.get("points", "")),
        area=places_of("area", given.get("area", "")),
        hours=given.get("hours", "") != "no",
        deadlines=given.get("deadlines", "") == "yes",
        must=given.get("must") or usual.must,
        problem_min=number_of("problem_min", given, usual.problem_min),
        more_min=number_of("more_min", given, usual.more_min),
        most=int(number_of("most", given, usual.most)),
    )


def rule_of(given: Mapping[str, str]) -> ValueRule:
    """What stops are worth; raises BadInput."""
    usual = ValueRule()
    return ValueRule(**{name: number_of(name, given, getattr(usual, name)) for name in VALUES})


def request_of(form: Mapping[str, Any], lists: Mapping[str, list[str]], stops: services.ChosenStops) -> RouteRequest:
    """What is to be planned; raises BadInput for what cannot be, in the words of the form."""
    tour = form.get("mode") == "all"
    teams = _teams(lists)[: 1 if tour else None]
    first = date_of(form.get("date", ""))
    days = 1 if tour else int(number_of("days", form, 1))
    walk = number_of("walk_min", form, 0) if tour else 0.0
    if not stops.stops:
        raise BadInput("There is nothing to visit in this selection: choose more, or draw stops on the map.")
    return RouteRequest(
        stops=tuple(replace(stop, walk_min=walk, deadline=_from(first, stop.deadline)) for stop in stops.stops),
        teams=tuple(teams),
        dates=services.working_days(g.district, first, days),
        profile=form.get("profile") or ("bus" if tour else "car"),
        mode="all" if tour else "choose",
        order="given" if tour and form.get("order") == "given" else "free",
        balance=form.get("balance") == "yes",
    )


def _from(first: date, deadline: date | None) -> date | None:
    """A deadline that the plan's days can still keep; what is over by then binds no more."""
    return deadline if deadline is not None and deadline >= first else None


def effort_of(form: Mapping[str, Any]) -> services.Effort:
    """How long is searched, from which seed; raises BadInput."""
    seconds = number_of("seconds", form, USUAL_SECONDS)
    if not 1 <= seconds <= 600:
        raise BadInput("A search takes 1 to 600 seconds, not {value}.", value=f"{seconds:g}")
    seed = number_of("seed", form, 1)
    if seed != int(seed) or seed < 0:
        raise BadInput("{name}={value!r} is not a whole number.", name="seed", value=str(form.get("seed"))[:40])
    return services.Effort(seconds=seconds, seed=int(seed))


def usual_teams(number: int) -> list[dict[str, str]]:
    """Rows of the form for so many teams."""
    places = services.start_places(g.district)
    start = places[0].name if places else ""
    others = {"start": start, "end": "start", "townships": "", "skills": ""} | USUAL_DAY
    return [{"team": name} | others for name in team_names(number)]


def team_names(number: int) -> list[str]:
    """What so many teams are called unless they are given names."""
    return [team_letter(one) for one in range(number)]


def shift_of(given: Mapping[str, str]) -> tuple[str, str]:
    """From when to when a team is out: from and to, or the usual ones."""
    return given.get("from") or USUAL_DAY["from"], given.get("to") or USUAL_DAY["to"]


def lunch_of(given: Mapping[str, str]) -> tuple[str, str] | None:
    """When a team has lunch: lunch_from and lunch_to; None unless both are given, and the shift lasts until then."""
    start, end = given.get("lunch_from"), given.get("lunch_to")
    # Who is back by then has lunch at home.
    return (start, end) if start and end and start.zfill(5) < shift_of(given)[1].zfill(5) else None


def parameters() -> dict[str, str]:
    """This request's own parameters, one text each."""
    return {name: request.args.get(name, "") for name in OWN if request.args.get(name)}


def places_of(name: str, text: str) -> tuple[Place, ...]:
    """Places written as "116.63,40.32;116.64,40.33"; raises BadInput."""
    try:
        pairs = [tuple(float(part) for part in one.split(",")) for one in text.split(";") if one.strip()]
        found = tuple((lon, lat) for lon, lat in pairs)
    except ValueError:
        raise BadInput("{name} is not a list of places such as 116.63,40.32;116.64,40.33.", name=name) from None
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in found):
        raise BadInput("{name} names a place that is none in degrees of longitude and latitude.", name=name)
    return found


def number_of(name: str, given: Mapping[str, Any], usual: float) -> float:
    """A number that was given, or the usual one; raises BadInput."""
    text = str(given.get(name) or "").strip()
    try:
        value = float(text) if text else float(usual)
    except ValueError:
        raise BadInput("{name}={value!r} is not a number.", name=name, value=text) from None
    if not abs(value) < 1e9:  # neither infinite nor no number at all
        raise BadInput("{name}={value!r} is not a number.", name=name, value=text)
    return value


def _teams(lists: Mapping[str, list[str]]) -> list[RequestedTeam]:
    columns = [lists.get(f"team-{name}", []) for name in TEAM_FIELDS]
    rows = [dict(zip(TEAM_FIELDS, row, strict=True)) for row in zip_longest(*columns, fillvalue="")]
    given = [row for row in rows if row["team"].strip() or row["start"]]
    if len(given) > MOST_TEAMS:  # said before anything is looked up for each of them
        raise BadInput("{number} {name} are more than the {most} that one plan takes: plan a part of them.",
                       number=len(given), name=Sentence("teams"), most=MOST_TEAMS)  # fmt: skip
    return [_team(row, number) for number, row in enumerate(given, start=1)]


def _team(row: Mapping[str, str], number: int) -> RequestedTeam:
    name = row["team"].strip() or team_letter(number - 1)
    start = services.place_named(g.district, row["start"])
    end = {"": start, "start": start, "anywhere": None}.get(row["end"], ())
    return RequestedTeam(
        id=name,
        start=start,
        end=services.place_named(g.district, row["end"]) if end == () else end,  # type: ignore[arg-type]
        shift=shift_of(row),
        lunch=lunch_of(row),
        skills=_words(row["skills"]),
        townships=services.township_codes(g.district, _words(row["townships"])),
        name=name,
    )


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in text.replace("，", ",").replace("、", ",").replace(",", " ").split() if word)


def team_letter(number: int) -> str:
    """What a team without a name is called: A, B, … Z, A2, B2, …"""
    return ascii_uppercase[number % 26] + (str(number // 26 + 1) if number >= 26 else "")
