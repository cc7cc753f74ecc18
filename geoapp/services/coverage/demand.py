"""Where people live, or are taken to live, as well as it is known."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from geoapp.analysis.spreading_people import spread
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Named, Sentence
from geoapp.routing.travel import REACH_M
from geoapp.services.coverage.demand_places import (
    Places,
    Record,
    built_up_sites,
    cells,
    chosen,
    laid_out,
    placed_records,
    seats,
    together,
    villages,
)
from geoapp.services.coverage.records import Demand, Flags, Floats
from geoapp.services.coverage.township_units import TownshipUnit, TownshipUnits, township_units
from geoapp.services.coverage.ways import nearest_by_line, on_roads
from geoapp.services.district import District

LAYERS = ("townships", "villages", "population", "sites", "roads")
COUNTED, SPREAD, EQUAL = "counted", "spread", "equal"
_BYTES_EACH = 400


def demand_of(district: District, question: CoverageQuestion) -> Demand:
    """Where people live, of the townships that the question reports.

    The question's basis, else the best that is known: an uploaded grid, villages with coordinates, or points laid over
    the townships. People are those counted in a place; else the township's residents, less those counted, spread
    evenly over its other places; unknown (NaN) where the township's are unknown. Where nothing at all is known every
    place counts 1. `people` are those of the question's age group, if it asks for one. Raises BadInput for a township
    that is none.
    """
    key = ("coverage demand", *demand_basis(district, question))
    made: Demand = district.derived.get(key, lambda: _made(district, question), _size)
    return made


def demand_basis(district: District, question: CoverageQuestion) -> tuple[object, ...]:
    """All that a demand depends on: what is made of it is kept by the same."""
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in LAYERS)
    return seqs, question.demand, question.group, question.township


def _made(district: District, question: CoverageQuestion) -> Demand:
    strange = sorted(set(question.township) - set(township_units(district).by_code()))
    if strange:
        raise BadInput("{value!r} is no township of this district", value=strange[0])
    basis = _basis(district, question)
    of = {"population": _of_cells, "villages": _of_villages, "grid": _of_points}[basis]
    seqs, *_ = demand_basis(district, question)
    found: Demand = district.derived.get(
        ("coverage demand of all", seqs, basis), lambda: of(district, township_units(district)), _size
    )
    if question.demand and question.demand != basis:
        found = replace(found, basis=basis, notes=(_WITHOUT[question.demand], *found.notes))
    return _of_group(_within(found, set(question.township)), question.group)


def _basis(district: District, question: CoverageQuestion) -> str:
    """The asked basis if the district has it, else the best that it has."""
    has = {layer: _has_places(district, layer) for layer in ("population", "villages")} | {"grid": True}
    if question.demand and has[question.demand]:
        return question.demand
    return next(basis for basis, there in has.items() if there)


def _has_places(district: District, layer: str) -> bool:
    snapshot = district.present.snapshot(layer)
    lon, _ = snapshot.positions(snapshot.alive())
    return bool(np.isfinite(lon).any())


_WITHOUT = {
    "population": Sentence("There is no population grid here yet: the best that is known stands for it."),
    "villages": Sentence("No village has coordinates yet: points laid over the townships stand for them."),
}


def _of_cells(district: District, units: TownshipUnits) -> Demand:
    """An uploaded grid of people."""
    every, lost = cells(district)
    listed, without = placed_records(district, "villages")
    places = chosen(every, np.array([bool(code) for code in every.township], bool))
    places = replace(places, built_up=_built_up_like(places, villages(listed), units))
    notes = [Sentence("People live where the uploaded population grid has them: in {cells} cells.", cells=len(places))]
    if len(places) < len(every):
        notes.append(Sentence("Cells of the population grid outside all townships, left out: {count}.",
                              count=len(every) - len(places)))  # fmt: skip
    if lost:
        notes.append(Sentence("Cells of the population grid without a place, left out: {count}.", count=lost))
    notes += _character_notes(places, listed, units)
    return _demand("population", places, places.counted, without, notes)


def _of_villages(district: District, units: TownshipUnits) -> Demand:
    """Villages; built-up points beside them where a township's residents are spread; seats where there is neither."""
    listed, without = placed_records(district, "villages")
    known = villages(listed)
    code = np.array(known.township, str)
    full = set(known.township) - set(code[np.isnan(known.counted)].tolist())
    to_spread = {unit.code for unit in units if unit.population is not None} - full
    homes = built_up_sites(district, [*listed, *without], units, to_spread)
    empty = [unit for unit in units if not unit.overlay and unit.code not in {*known.township, *homes.township}]
    centres = seats(empty)
    places = together(known, homes, centres)
    without_village = [unit for unit in empty if unit.code in centres.township]
    seated: list[Record] = []
    elsewhere: list[Record] = []
    for one in without:
        (seated if one.get("township") in centres.township else elsewhere).append(one)
    people = spread(np.array(places.township, str), places.counted, _left_for_places(units, villages(elsewhere)))
    taken = _taken_in(places, people, [*seated, *(one for one in elsewhere if one.get("population") is None)])
    notes = [*_people_notes(places, people, units), *_place_notes(len(homes), without_village, len(without) - taken)]
    if taken:
        notes.append(Sentence("Villages without coordinates, whose people are taken to live in the other places of "
                              "their township or at its seat: {count}.", count=taken))  # fmt: skip
    return _demand("villages", places, people, without, notes)


def _left_for_places(units: TownshipUnits, elsewhere: Places) -> dict[str, float | None]:
    """The residents of townships, less those counted in villages that have no place: they live in no other one."""
    left = _residents(units)
    for code, counted in zip(elsewhere.township, elsewhere.counted.tolist(), strict=True):
        known = left.get(code)
        if known is not None and np.isfinite(counted):
            left[code] = known - counted
    return left


def _taken_in(places: Places, people: Floats, without: Sequence[Record]) -> int:
    """How many of these villages without a place have their people spread over the other places of their township."""
    spread_in = set(np.array(places.township, str)[np.isfinite(people) & np.isnan(places.counted)].tolist())
    return sum(str(one.get("township") or "") in spread_in for one in without)


def _of_points(district: District, units: TownshipUnits) -> Demand:
    """Points laid evenly over the townships, near roads where there are any."""
    listed, without = placed_records(district, "villages")
    points, spacing_m = laid_out(units)
    notes = [Sentence("Points every {metres} m stand for where people live.", metres=spacing_m)]
    roads = on_roads(district, "foot")
    near = np.ones(len(points), bool) if roads is None else roads.locate(points.lon, points.lat).away_m <= REACH_M
    if near.any() and not near.all():
        kept = chosen(points, near)
        notes.append(Sentence("Only those within {metres} m of a road are taken: {kept} of {places}.",
                              metres=round(REACH_M), kept=len(kept), places=len(points)))  # fmt: skip
        lost = set(points.township) - set(kept.township)
        points = together(kept, seats(unit for unit in units if unit.code in lost))
    points = replace(points, built_up=_built_up_like(points, villages(listed), units))
    residents = _added_up(villages([*listed, *without])) | _residents(units)
    people = spread(np.array(points.township, str), points.counted, residents)
    notes += [*_people_notes(points, people, units), *_character_notes(points, listed, units)]
    return _demand("grid", points, people, without, notes)


def _built_up_like(places: Places, listed: Places, units: TownshipUnits) -> Flags:
    """Urban townships are built-up, rural ones are not; in mixed ones each place is what its nearest village is."""
    character = {unit.code: unit.character for unit in units}
    of_place = np.array([character.get(code, "mixed") for code in places.township], str)
    built, mixed = of_place == "urban", of_place == "mixed"
    if len(listed):
        nearest = nearest_by_line(places.lon[mixed], places.lat[mixed], listed.lon, listed.lat)
        built[mixed] = listed.built_up[nearest]
    return np.asarray(built, bool)


def _character_notes(places: Places, listed: Sequence[Record], units: TownshipUnits) -> Iterable[Sentence]:
    mixed = {unit.code for unit in units if unit.character == "mixed"}
    if not listed and not mixed.isdisjoint(places.township):
        yield Sentence("Nobody has said which places of mixed townships are built-up: the norm of villages in the "
                       "country is applied to them.")  # fmt: skip


def _residents(units: TownshipUnits) -> dict[str, float | None]:
    return {unit.code: unit.population for unit in units if unit.population is not None}


def _added_up(listed: Places) -> dict[str, float | None]:
    """The residents of townships in all of whose villages they were counted."""
    code = np.array(listed.township, str)
    sums = {name: float(listed.counted[code == name].sum()) for name in set(listed.township)}
    return {name: people for name, people in sums.items() if np.isfinite(people)}


def _demand(basis: str, places: Places, people: Floats, without: Sequence[Record], notes: Iterable[Sentence]) -> Demand:
    weighting = _weighting(places, people)
    return Demand(
        basis=basis,
        weighting=weighting,
        ids=places.ids,
        names=places.names,
        township=places.township,
        lon=places.lon,
        lat=places.lat,
        people=np.ones(len(places)) if weighting == EQUAL else people,
        groups=places.groups,
        built_up=places.built_up,
        without_place=tuple(without),
        notes=tuple(notes),
    )


def _weighting(places: Places, people: Floats) -> str:
    if not np.isfinite(people).any():
        return EQUAL
    return SPREAD if bool((np.isfinite(people) & np.isnan(places.counted)).any()) else COUNTED


def _people_notes(places: Places, people: Floats, units: TownshipUnits) -> Iterable[Sentence]:
    """How people came to their places, and of whom nobody knows how many they are."""
    if not np.isfinite(people).any():
        yield Sentence("Nobody has said how many people live anywhere here: every place counts the same.")
        return
    code = np.array(places.township, str)
    spread_in = len(np.unique(code[np.isfinite(people) & np.isnan(places.counted)]))
    if spread_in:
        yield Sentence("Townships whose residents are spread evenly over their places, an estimate, since nobody "
                       "counted them place by place: {count}.", count=spread_in)  # fmt: skip
    unknown, known = (set(code[rows].tolist()) for rows in (np.isnan(people), np.isfinite(people)))
    wholly = [unit for unit in units if unit.code in unknown - known]
    if wholly:
        yield Sentence("How many people live in {names} is unknown: they stand in no share of people.",
                       names=_names(wholly))  # fmt: skip
    partly = [unit for unit in units if unit.code in unknown & known]
    if partly:
        yield Sentence("Of some places in {names} it is unknown how many people live there: these stand in no share of "
                       "people.", names=_names(partly))  # fmt: skip


def _names(units: Iterable[TownshipUnit]) -> Named:
    return Named.listed(Named(unit.name, unit.name_en) for unit in units)


def _place_notes(homes: int, centres: Sequence[TownshipUnit], without: int) -> Iterable[Sentence]:
    if homes:
        yield Sentence("Housing estates and hamlets among the sites that take their part of the residents beside the "
                       "listed villages: {count}.", count=homes)  # fmt: skip
    if centres:
        yield Sentence("No village of {names} has a place on the map: the seat stands for it.", names=_names(centres))
    if without:
        yield Sentence("Villages without coordinates, whose people's ways are not known: {count}.", count=without)


def _of_group(whole: Demand, group: str | None) -> Demand:
    if group is None:
        return whole
    people = whole.groups[group]
    known = {"known": int(np.isfinite(people).sum()), "places": len(whole)}
    note = {
        "children": Sentence("Only children up to 14 are counted; their number is known in {known} of {places} places.",
                             **known),
        "elderly": Sentence("Only people of 65 and older are counted; their number is known in {known} of {places} "
                            "places.", **known),
    }[group]  # fmt: skip
    return replace(whole, people=people, weighting=COUNTED, notes=(*whole.notes, note))


def _within(whole: Demand, townships: set[str]) -> Demand:
    """The places of these townships, or all of them."""
    if not townships:
        return whole
    rows = np.array([code in townships for code in whole.township], bool)
    kept = np.flatnonzero(rows).tolist()
    ids, names, township = (tuple(column[row] for row in kept) for column in (whole.ids, whole.names, whole.township))
    return replace(
        whole,
        ids=ids,
        names=names,
        township=township,
        lon=whole.lon[rows],
        lat=whole.lat[rows],
        people=whole.people[rows],
        groups={name: people[rows] for name, people in whole.groups.items()},
        built_up=whole.built_up[rows],
        without_place=tuple(one for one in whole.without_place if one.get("township") in townships),
    )


def _size(found: Demand) -> int:
    return _BYTES_EACH * (len(found) + 4 * len(found.without_place) + 10)
