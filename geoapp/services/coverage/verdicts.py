"""Which facilities count, to whom they belong, and what the standards say of every place: the base of every number."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np
import orjson

from geoapp.analysis.inventory import Item, Totals, buildings, judged, totals, value_of
from geoapp.analysis.inventory_villages import Village, VillageFacility, joined
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.standards import Standard, Standing, Verdict, standing
from geoapp.services.coverage.facts import hours_of
from geoapp.services.coverage.kinds import FACILITIES, SITES, as_places, doubles, kinds_of_sites
from geoapp.services.coverage.standards import standards
from geoapp.services.district import District

Record = dict[str, Any]
LAYERS = ("facilities", "sites", "villages", "townships", "tables")


@dataclass(frozen=True, slots=True)
class Counting:
    """On which day, with or without private facilities, and which ones are supposed to be closed.

    kinds: the kinds that are asked for where kinds of site are among them, else none.
    """

    day: date
    private: bool = False
    closed: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """What a standard says of a place now, and after what is being built has opened; what there is in its unit."""

    standard: Standard
    now: Verdict
    after: Verdict
    have: float | None
    have_after: float | None


@dataclass(frozen=True, slots=True)
class Assessed:
    """Everything that inventories count.

    facilities, townships, villages: flat records by id, townships by code. Sites of a kind that is asked for, or named
    by a standard, are among the facilities, by ids such as kinds.place_of takes apart; doubled: those of them that are
    facilities and count as such. items: facilities that stand or will, by id,
    private ones only where they count. now, after: ids of those that stand, and of those that will in the end.
    village_of: the village of a facility, by id. standards: in force on the day. district: what each says of the
    district, by code; by_township, by_village: by the code and the place.
    """

    counting: Counting
    doubled: frozenset[str]
    facilities: Mapping[str, Record]
    townships: Mapping[str, Record]
    villages: Mapping[str, Record]
    items: Mapping[str, Item]
    now: frozenset[str]
    after: frozenset[str]
    village_of: Mapping[str, str | None]
    standards: tuple[Standard, ...]
    district: Mapping[str, Judged]
    by_township: Mapping[tuple[str, str], Judged]
    by_village: Mapping[tuple[str, str], Judged]

    def township_of(self, id: str) -> str | None:
        """The code of a facility's township; None outside all."""
        return self.facilities[id].get("township")

    def both(self, ids: Iterable[str]) -> tuple[Totals, Totals]:
        """Some of the facilities added up: those that stand now, and those that will in the end."""
        ids = [id for id in ids if id in self.items]
        return totals(self.items[id] for id in ids if id in self.now), totals(self.items[id] for id in ids)


def counting_of(district: District, question: CoverageQuestion) -> Counting:
    """What a question means for inventories: its day, or today."""
    kinds = question.kind if kinds_of_sites(district, question.kind) else ()
    return Counting(question.on or district.today, question.private, question.closed, kinds)


def assessed(district: District, counting: Counting) -> Assessed:
    """All facilities counted and all standards answered; kept while nothing changes."""
    seqs = tuple(district.present.seqs.get(name, 0) for name in LAYERS)
    return district.derived.get(("assessed", seqs, counting), lambda: _assess(district, counting), _size)


def _peopled(township: Record, villages: Iterable[Record]) -> Record:
    """A township with its residents: of its villages together, where nobody has counted them but in all of those."""
    if township.get("population") is not None or township.get("overlay"):
        return township
    counted = [one.get("population") for one in villages if one.get("township") == township["code"]]
    known = [number for number in counted if number is not None]
    return {**township, "population": sum(known)} if known and len(known) == len(counted) else township


def _size(made: Assessed) -> int:
    return 2_000 * (len(made.facilities) + len(made.villages) + len(made.townships)) + 1


def _assess(district: District, counting: Counting) -> Assessed:
    asked = standards(district, counting.day)
    places, twice = _places(district, counting, asked)
    facilities = {record["id"]: record for record in places}
    villages = {record["id"]: record for record in records(district, "villages")}
    townships = {record["code"]: _peopled(record, villages.values()) for record in records(district, "townships")}
    stands = {id: standing(record, counting.day) for id, record in facilities.items()}
    counted = {id: stands[id] for id, record in facilities.items()
               if id not in twice and _counts(record, stands[id], counting)}  # fmt: skip
    items = _items(facilities, counted)
    made = Assessed(
        counting=counting, doubled=frozenset(twice), facilities=facilities, townships=townships,
        villages=villages, items=items,
        now=frozenset(id for id, known in counted.items() if known is Standing.STANDS), after=frozenset(counted),
        village_of=_joined(facilities, villages), standards=asked,
        district={}, by_township={}, by_village={},
    )  # fmt: skip
    return replace(made, **_verdicts(made))


def _places(
    district: District, counting: Counting, asked: tuple[Standard, ...]
) -> tuple[list[Record], set[str]]:  # fmt: skip
    """All facilities and the sites of asked kinds, and which of these are facilities that are asked for, too."""
    every = records(district, FACILITIES)
    kinds = kinds_of_sites(district, (*counting.kinds, *(kind for one in asked for kind in one.kinds)))
    sites = as_places(records(district, SITES, kinds)) if kinds else []
    meant = [one for one in every if not counting.kinds or one.get("kind") in counting.kinds]
    return [*every, *sites], doubles(sites, meant)


def records(district: District, layer: str, kinds: tuple[str, ...] = ()) -> list[Record]:
    """Features of a layer, or those of some kinds, as flat records with id and `placed` (whether on the map), by id."""
    snapshot = district.present.snapshot(layer)
    rows = district.rows(layer, Selection(kind=kinds), Scope.FULL)
    placed = (~np.isnan(snapshot.positions(rows)[0])).tolist()
    found = []
    for text, has_place in zip(snapshot.encoded(rows, Scope.FULL), placed, strict=True):
        value = orjson.loads(text)
        found.append({**value["properties"], "id": value["id"], "placed": has_place})
    return sorted(found, key=lambda record: str(record["id"]))


def _counts(record: Record, known: Standing, counting: Counting) -> bool:
    private = record.get("ownership") == "private"
    return known is not Standing.GONE and (counting.private or not private) and record["id"] not in counting.closed


def _items(facilities: Mapping[str, Record], counted: Iterable[str]) -> dict[str, Item]:
    # Buildings are shared whether or not all in them count.
    shared = buildings({id: record.get("shared_with") for id, record in facilities.items()})
    return {id: Item(id, str(facilities[id].get("kind")), shared[id], _amounts(facilities[id])) for id in counted}


def _amounts(record: Record) -> dict[str, float | None]:
    return {
        "floor_area_m2": record.get("floor_area_m2"),
        "seats": record.get("seats"),
        "books": record.get("books"),
        "hours_per_week": hours_of(record),
    }


def _joined(facilities: Mapping[str, Record], villages: Mapping[str, Record]) -> dict[str, str | None]:
    known = [
        Village(id, str(record.get("code") or id), record.get("township"), _names(record))
        for id, record in villages.items()
    ]
    every = (
        VillageFacility(id, record.get("village"), record.get("township"), _names(record))
        for id, record in facilities.items()
    )
    return joined(every, known)


def _names(record: Record) -> tuple[str, ...]:
    return tuple(str(record[name]) for name in ("name", "name_en") if record.get(name))


def _verdicts(made: Assessed) -> dict[str, Any]:
    by_kind: dict[str, list[str]] = {}
    for id, item in made.items.items():
        by_kind.setdefault(item.kind, []).append(id)
    whole: dict[str, Judged] = {}
    townships: dict[tuple[str, str], Judged] = {}
    villages: dict[tuple[str, str], Judged] = {}
    for standard in made.standards:
        ids = [id for kind in dict.fromkeys(standard.kinds) for id in by_kind.get(kind, ())]
        if standard.level == "D":
            whole[standard.code] = _judge(made, standard, ids, residents_of(made))
        elif standard.level == "T":
            townships |= _of_townships(made, standard, ids)
        else:
            villages |= _of_villages(made, standard, ids)
    return {"district": whole, "by_township": townships, "by_village": villages}


def _of_townships(made: Assessed, standard: Standard, ids: list[str]) -> dict[tuple[str, str], Judged]:
    there = _split(ids, made.township_of)
    return {
        (standard.code, code): _judge(made, standard, there.get(code, []), record.get("population"))
        for code, record in made.townships.items()
        if not record.get("overlay")
    }


def _of_villages(made: Assessed, standard: Standard, ids: list[str]) -> dict[tuple[str, str], Judged]:
    there = _split(ids, made.village_of.get)
    return {
        (standard.code, id): _judge(made, standard, there.get(id, []), record.get("population"))
        for id, record in made.villages.items()
    }


def _split(ids: Iterable[str], place_of: Callable[[str], str | None]) -> dict[str, list[str]]:
    there: dict[str, list[str]] = {}
    for id in ids:
        place = place_of(id)
        if place is not None:
            there.setdefault(place, []).append(id)
    return there


def _judge(made: Assessed, standard: Standard, ids: list[str], residents: float | None) -> Judged:
    now, after = made.both(ids)
    return Judged(
        standard, judged(standard, now, residents), judged(standard, after, residents),
        value_of(standard, now, residents), value_of(standard, after, residents),
    )  # fmt: skip


def residents_of(made: Assessed) -> float | None:
    """The district's residents: of all its townships together; None where one of them is unknown."""
    people = [record.get("population") for record in made.townships.values() if not record.get("overlay")]
    known = [number for number in people if number is not None]
    return float(sum(known)) if known and len(known) == len(people) else None
