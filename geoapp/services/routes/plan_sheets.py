"""A plan as sheets of a workbook: all stops, a sheet a team and day, what is left out, and a summary."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.outings import Outing, OutingStop
from geoapp.domain.routes import LeftOut, RequestedStop
from geoapp.domain.sentences import Sentence
from geoapp.services.browse import wording
from geoapp.services.district import District
from geoapp.services.routes.naming import Names, names_of
from geoapp.services.routes.plan_notes import Reader, plan_notes, range_min
from geoapp.services.routes.reasons import reason_sentence

Row = Sequence[Cell]
# Name, heading and kind of the columns of stops.
_WHOSE = (("date", Sentence("Date"), "day"), ("team", Sentence("Team"), "text"))
_STOP = (
    ("number", Sentence("No."), "number"),
    ("name", Sentence("Place to visit"), "text"),
    ("kind", Sentence("Kind"), "text"),
    ("address", Sentence("Address"), "text"),
    ("township", Sentence("Township"), "text"),
    ("street", Sentence("Street"), "text"),
    ("arrive", Sentence("Arrives"), "moment"),
    ("start", Sentence("Begins"), "moment"),
    ("leave", Sentence("Leaves"), "moment"),
    ("travel_min", Sentence("Travel (min)"), "number"),
    ("distance_km", Sentence("Way (km)"), "number"),
)
_RANGE = (("travel_low", Sentence("Travel, at least (min)"), "number"),
          ("travel_high", Sentence("Travel, at most (min)"), "number"))  # fmt: skip
_WHY = (
    ("value", Sentence("Value"), "number"),
    ("must", Sentence("Must be visited"), "text"),
    ("windows", Sentence("Hours"), "text"),
)
_LOOK = (
    ("problems", Sentence("Open problems"), "text"),
    ("last_visit", Sentence("Last visit"), "moment"),
    ("outcome", Sentence("Outcome"), "text"),
    ("findings", Sentence("Found last time"), "text"),
)
_PLACE = (
    ("lon", Sentence("Longitude"), "number"),
    ("lat", Sentence("Latitude"), "number"),
    ("id", Sentence("Id"), "id"),
    ("url", Sentence("Address on a map"), "text"),
)
_NOTES = (("notes", Sentence("Notes"), "text"),)
_LEFT = (
    ("name", Sentence("Place to visit"), "text"), ("township", Sentence("Township"), "text"),
    ("value", Sentence("Value"), "number"), ("must", Sentence("Must be visited"), "text"),
    ("reason", Sentence("Why it is left out"), "text"), ("minutes", Sentence("Minutes missing"), "number"),
    ("team", Sentence("Where it fits best"), "text"), ("date", Sentence("Date"), "day"),
    ("displaces", Sentence("Would have to go for it"), "text"), ("costs", Sentence("At a loss of about"), "number"),
    ("id", Sentence("Id"), "id"),
)  # fmt: skip
Columns = Sequence[tuple[str, Sentence, str]]


def book_sheets(
    district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader, sources: str
) -> list[Sheet]:
    """The sheets in their order; the summary carries what the papers say of the plan, and the sources."""
    return [
        _routes(district, days, reader),
        *(_day(district, one, reader) for one in days),
        _left_out(district, kept, reader),
        _summary(district, kept, days, reader, sources),
    ]


def _columns(columns: Columns, reader: Reader) -> list[Column]:
    return [Column(name, reader.tell(heading), kind) for name, heading, kind in columns]


def _routes(district: District, days: Sequence[Outing], reader: Reader) -> Sheet:
    estimate = any(day.estimate for day in days)
    columns = (*_WHOSE, *_STOP, *(_RANGE if estimate else ()), *_WHY, *_LOOK, *_PLACE)
    rows = [_row(district, columns, day, stop, reader) for day in days for stop in day.stops]
    return Sheet(reader.tell(Sentence("Routes")), _columns(columns, reader), rows)


def _day(district: District, day: Outing, reader: Reader) -> Sheet:
    columns = (*_STOP, *_LOOK, *_NOTES)
    rows = [_row(district, columns, day, stop, reader) for stop in day.stops]
    return Sheet(f"{day.team_name} {day.date}", _columns(columns, reader), rows)


def _row(district: District, columns: Columns, day: Outing, stop: OutingStop, reader: Reader) -> Row:
    low, high = range_min(stop.travel_min)
    must = reader.tell(Sentence("yes")) if stop.must else None
    last = stop.visits[0] if stop.visits else None
    values: dict[str, Cell] = {
        "date": day.date, "team": day.team_name, "number": stop.number, "name": stop.name, "kind": stop.kind,
        "address": stop.address, "township": stop.township, "street": stop.street,
        "arrive": day.moment(district.zone, stop.arrive), "start": day.moment(district.zone, stop.start),
        "leave": day.moment(district.zone, stop.leave), "travel_min": stop.travel_min,
        "distance_km": round(stop.distance_m / 1_000, 2), "travel_low": low, "travel_high": high,
        "value": stop.value, "must": must, "windows": hours(stop.windows),
        "problems": "\n".join(_problems(stop, reader)), "findings": "\n".join(_findings(stop, reader)),
        "last_visit": datetime.fromisoformat(last.visited_at) if last else None,
        "outcome": reader.word("outcome", last.outcome) if last else None, "lon": stop.lon, "lat": stop.lat,
        "id": stop.id, "url": stop.url, "notes": None,
    }  # fmt: skip
    return [values[name] for name, _, _ in columns]


def hours(windows: Sequence[tuple[str, str]]) -> str:
    """Windows as people write them."""
    return ", ".join(f"{start[:5]}–{end[:5]}" for start, end in windows)


def _problems(stop: OutingStop, reader: Reader) -> Iterator[str]:
    for one in stop.problems:
        words = " ".join(filter(None, (one.number, one.subcategory or one.category, one.description)))
        yield f"{words} ({reader.word('status', one.status)})"


def _findings(stop: OutingStop, reader: Reader) -> Iterator[str]:
    for one in stop.findings:
        yield f"{one.number} {one.what} ({reader.word('status', one.status)})"


def _left_out(district: District, kept: KeptPlan, reader: Reader) -> Sheet:
    asked, names = {stop.id: stop for stop in kept.plan.request.stops}, names_of(kept.plan.request)
    townships = wording(district, "townships", reader.language)
    rows = [_left_row(one, asked[one.id], names, townships, reader) for one in kept.plan.left_out]
    return Sheet(reader.tell(Sentence("Stops left out")), _columns(_LEFT, reader), rows)


def _left_row(left: LeftOut, stop: RequestedStop, names: Names, townships: dict[str, str], reader: Reader) -> Row:
    return [
        names.stop(stop.id), townships.get(stop.township or "", stop.township), stop.value,
        reader.tell(Sentence("yes")) if stop.must_visit else None, reader.tell(reason_sentence(left, stop, names)),
        left.minutes_missing, names.team(left.team) if left.team else None, left.date,
        ", ".join(names.stop(id) for id in left.would_displace), left.costs, stop.id,
    ]  # fmt: skip


def _summary(district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader, sources: str) -> Sheet:
    plan, tell = kept.plan, reader.tell
    told: list[tuple[Sentence, Cell]] = [
        (Sentence("Plan"), kept.name),
        (Sentence("Made at"), kept.made_at.astimezone(district.zone)),
        (Sentence("Value of all stops"), plan.value),
        (Sentence("Stops visited"), sum(len(day.stops) for day in days)),
        (Sentence("Stops left out"), len(plan.left_out)),
        (Sentence("Kilometres"), round(sum(day.distance_m for day in days) / 1_000, 1)),
        (Sentence("Minutes of travel"), round(sum(day.travel_min for day in days), 1)),
        (Sentence("Minutes at stops"), round(sum(day.service_min for day in days), 1)),
        (Sentence("Checker"), tell(Sentence("no fault") if plan.check.ok else Sentence("faults"))),
        (Sentence("Seed"), plan.seed),
        (Sentence("Iterations"), plan.iterations),
        (Sentence("Solver"), plan.solver),
        (Sentence("Ledger number"), plan.ledger_seq),
        (Sentence("Times are estimates"), tell(Sentence("yes") if plan.estimate else Sentence("no"))),
        (Sentence("Roads are schematic"), tell(Sentence("yes") if plan.schematic else Sentence("no"))),
        (Sentence("Id"), kept.id),
    ]
    columns = (("what", Sentence("What"), "text"), ("value", Sentence("How much"), "text"))
    rows = [(tell(what), value) for what, value in told]
    rows += [(f"{day.team_name} {day.date}", _day_line(day, reader)) for day in days]
    notes = [*(tell(note) for note in plan_notes(kept)), sources]
    return Sheet(
        tell(Sentence("Summary")), _columns(columns, reader), rows, notes=notes, notes_title=tell(Sentence("About"))
    )


def _day_line(day: Outing, reader: Reader) -> str:
    return reader.tell(Sentence(
        "{stops} stops, {km:.1f} km, {minutes:.0f} minutes of travel, back at {home}", stops=len(day.stops),
        km=day.distance_m / 1_000, minutes=day.travel_min, home=(day.home or "")[:5] or "–",
    ))  # fmt: skip
