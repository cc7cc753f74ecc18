"""Which facilities count for a question, and why others do not."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.sentences import Sentence
from geoapp.domain.standards import Standing, standing
from geoapp.domain.weekly_hours import Moment, WeeklyHours
from geoapp.services.browse import flat, table_rows
from geoapp.services.coverage.kinds import FACILITIES, SITES, as_places, doubles, kinds_of_sites, require_kinds
from geoapp.services.coverage.past_days import as_of
from geoapp.services.coverage.records import Supply
from geoapp.services.coverage.township_units import township_units
from geoapp.services.district import District

Record = dict[str, Any]

PIN = "pin:"
# A sentence names so many at most.
NAMED = 5
# How a position is said to be known that is not the facility's own.
_SEATED = frozenset({"township", "village"})


def supply_of(district: District, question: CoverageQuestion, scope: Scope) -> Supply:
    """The facilities that count for a question, in the order of their ids, and after them its pins.

    Of the asked kinds, else of those that the table of kinds counts; sites where kinds of site are asked for, but for
    those that are one of these facilities. Public ones, unless private ones are asked for; those that stand on the
    question's day, or with `planned` are still to come. Of a day that is past the facilities are those recorded then.
    `open_at` leaves out what is closed at that time, and what has no known hours. What is supposed to be closed and is
    none of these is named. Raises BadInput for a kind that is none.
    """
    require_kinds(district, question.kind)
    meant, past = _meant(district, question, scope)
    sorted_out = _sorted_out(district, question, meant)
    placed = [record for record in sorted_out.kept if record["lon"] is not None]
    without = [record for record in sorted_out.kept if record["lon"] is None]
    notes = (*past, *sorted_out.notes, *_place_notes(placed, without))
    return _supply(district, question, placed, without, notes)


def kinds_counted(district: District) -> set[str]:
    """The kinds of facility that the district's table counts; none where it has no table, which means all."""
    return {code for code, row in table_rows(district, "facility_kinds").items() if row.get("in_coverage")}


@dataclass(frozen=True, slots=True)
class _SortedOut:
    kept: list[Record]
    notes: tuple[Sentence, ...]


def _meant(
    district: District, question: CoverageQuestion, scope: Scope
) -> tuple[list[Record], tuple[Sentence, ...]]:  # fmt: skip
    """Facilities and sites of the kinds that are meant, as they are or as they were, and what is to be said of that."""
    sites = kinds_of_sites(district, question.kind)
    kinds = set(question.kind) - set(sites) if question.kind else kinds_counted(district)
    meant: list[Record] = []
    notes: tuple[Sentence, ...] = ()
    if kinds or not sites:
        there, notes = _on_day(district, question, FACILITIES)
        meant = [one for one in _records(there, FACILITIES, (), scope) if not kinds or one.get("kind") in kinds]
    if sites:
        there, said = _on_day(district, question, SITES)
        places = as_places(_records(there, SITES, sites, scope))
        twice = doubles(places, meant)
        meant += [one for one in places if one["id"] not in twice]
        notes = tuple(dict.fromkeys((*notes, *said)))
    return meant, notes


def _on_day(
    district: District, question: CoverageQuestion, layer: str
) -> tuple[District, tuple[Sentence, ...]]:  # fmt: skip
    """The district with this layer as it is, or was on the question's day, and what is to be said of that."""
    if question.on is None or question.on == district.today:
        return district, ()
    if question.on > district.today:
        return district, (Sentence("{day} is still to come: what is expected to open by then is taken to be open.",
                                   day=question.on.isoformat()),)  # fmt: skip
    past = as_of(district, question.on, layer)
    note = Sentence("Facilities are those recorded on {day}; people are those of today.", day=question.on.isoformat())
    if past.known_from is not None:
        note = Sentence("Nothing of facilities was recorded before {day}: what was recorded then stands for {asked}.",
                        day=past.known_from.isoformat(), asked=question.on.isoformat())  # fmt: skip
    return past.district, (note,)


def _records(district: District, layer: str, kinds: tuple[str, ...], scope: Scope) -> list[Record]:
    records = flat(district, layer, district.rows(layer, Selection(kind=kinds), scope), scope)
    return sorted(records, key=lambda record: str(record["id"]))


def _sorted_out(district: District, question: CoverageQuestion, records: list[Record]) -> _SortedOut:
    day = question.on or district.today
    private = [one for one in records if one.get("ownership") == "private" and not question.private]
    rest = _without(records, private)
    supposed = [one for one in rest if one["id"] in question.closed]
    rest = _without(rest, supposed)
    stands = {str(one["id"]): standing(one, day) for one in rest}
    coming = [one for one in rest if stands[str(one["id"])] is Standing.COMING]
    gone = [one for one in rest if stands[str(one["id"])] is Standing.GONE]
    rest = _without(rest, gone if question.planned else [*gone, *coming])
    rest, hours = _open(rest, question.open_at)
    said = {
        Sentence("Private facilities, left out: {count}.", count=len(private)): private,
        Sentence("Facilities supposed to be closed: {count}.", count=len(supposed)): supposed,
        _coming(len(coming), counted=question.planned): coming,
        Sentence("Facilities closed down, withdrawn, or of an unknown build status, not counted: {count}.",
                 count=len(gone)): gone,
    }  # fmt: skip
    strange = _strange(question, records)
    return _SortedOut(rest, (*(sentence for sentence, some in said.items() if some), *strange, *hours))


def _strange(question: CoverageQuestion, records: Iterable[Record]) -> tuple[Sentence, ...]:
    """What is to be said of facilities supposed to be closed that are none of those asked for."""
    strange = sorted(set(question.closed) - {str(one["id"]) for one in records})
    if not strange:
        return ()
    named = ", ".join(strange[:NAMED]) + (" …" if len(strange) > NAMED else "")
    return (Sentence("Supposed to be closed, but none of the facilities asked for: {ids}.", ids=named),)


def _coming(count: int, *, counted: bool) -> Sentence:
    if counted:
        return Sentence("Facilities still being built, renovated or planned, counted as open: {count}.", count=count)
    return Sentence("Facilities still being built, renovated or planned, not counted yet: {count}.", count=count)


def _without(records: Iterable[Record], others: Iterable[Record]) -> list[Record]:
    gone = {id(one) for one in others}
    return [one for one in records if id(one) not in gone]


def _open(records: list[Record], moment: Moment | None) -> tuple[list[Record], tuple[Sentence, ...]]:
    """What is known to be open then."""
    if moment is None:
        return records, ()
    hours = [WeeklyHours.parse(one.get("opening_hours")) for one in records]
    kept = [one for one, known in zip(records, hours, strict=True) if known is not None and known.open_at(moment)]
    unknown = sum(known is None for known in hours)
    closed = len(records) - len(kept) - unknown
    said = {
        Sentence("Facilities left out because their opening hours are not known: {count}.", count=unknown): unknown,
        Sentence("Facilities closed at that time of the week: {count}.", count=closed): closed,
    }
    return kept, tuple(sentence for sentence, number in said.items() if number)


def _place_notes(placed: list[Record], without: list[Record]) -> Iterable[Sentence]:
    known = {str(one["id"]) for one in (*placed, *without)}
    # What is said to share a building with itself shares it with nobody.
    others = [str(one.get("shared_with")) for one in (*placed, *without) if one.get("shared_with") != one["id"]]
    shared = sum(other in known for other in others)
    seated = sum(one.get("position_precision") in _SEATED for one in placed)
    if shared:
        yield Sentence(
            "Facilities that share a building with another one, whose place counts once: {count}.", count=shared
        )
    if seated:
        yield Sentence("Facilities shown at their township's seat or in their village, since nobody has said where "
                       "they are: {count}.", count=seated)  # fmt: skip
    if without:
        yield Sentence("Facilities without a place on the map, to which no way is known: {count}.", count=len(without))


def _supply(
    district: District, question: CoverageQuestion, placed: list[Record], without: list[Record],
    notes: tuple[Sentence, ...],
) -> Supply:  # fmt: skip
    pins = np.array(question.pin, float).reshape(-1, 2)
    lon = np.concatenate([np.array([one["lon"] for one in placed], float), pins[:, 0]])
    lat = np.concatenate([np.array([one["lat"] for one in placed], float), pins[:, 1]])
    covered = township_units(district).of_points(pins[:, 0], pins[:, 1])
    nameless = ("",) * len(pins)
    return Supply(
        ids=(*(str(one["id"]) for one in placed), *(f"{PIN}{number}" for number in range(1, len(pins) + 1))),
        names=(*(str(one.get("name") or one["id"]) for one in placed), *nameless),
        kinds=(*(str(one.get("kind") or "") for one in placed), *nameless),
        township=(*(str(one.get("township") or "") for one in placed), *covered),
        lon=lon,
        lat=lat,
        records=(*placed, *({} for _ in pins)),
        without_place=tuple(without),
        notes=notes,
    )
