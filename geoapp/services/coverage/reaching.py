"""How far people have to the nearest facility, by township and by kind, and whom the norms are kept for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from geoapp.analysis.norms import norm_kept
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.routing.nearest import Found, Located, Measure, RoadNearest
from geoapp.routing.nearest import State as RoadState
from geoapp.routing.profiles import PROFILES
from geoapp.routing.travel import DETOUR, REACH_M
from geoapp.services.coverage.catching import Catchment, catchment_of
from geoapp.services.coverage.demand import LAYERS, demand_basis, demand_of
from geoapp.services.coverage.kinds import kinds_in_standards
from geoapp.services.coverage.reach_figures import summary
from geoapp.services.coverage.records import (
    Demand,
    Flags,
    Floats,
    Integers,
    Reach,
    State,
    Summary,
    Supply,
    TownshipReach,
)
from geoapp.services.coverage.standards import standards_table
from geoapp.services.coverage.supply import kinds_counted, supply_of
from geoapp.services.coverage.township_units import TownshipUnit, township_units
from geoapp.services.coverage.ways import (
    Ways,
    are_schematic,
    by_line,
    limit_of,
    on_roads,
    serving,
    stands,
    ways_of,
)
from geoapp.services.district import District

_BYTES_EACH = 60


def reach(district: District, question: CoverageQuestion, scope: Scope) -> Reach:
    """How far every place is from the nearest facility that counts for the question.

    Over the roads that people may use; in straight lines where there are none, which is said. Borders stop nobody
    unless the question says so.
    """
    return _reach(district, question, scope, areas=True)


def reach_by_kind(
    district: District, question: CoverageQuestion, scope: Scope, *, areas: bool = False
) -> dict[str, Reach]:
    """The same for each kind of facility alone: of the question's kinds, else of all with any facility or standard.

    A pin counts as a facility of every kind. areas: whether shares of area are computed, too, else they are None: they
    take a shape for every kind, which on many roads is a second each.
    """
    wanted = kinds_in_standards(district) & kinds_counted(district) if standards_table(district).own else set()
    there = set(supply_of(district, question, scope).kinds) - {""}
    kinds = question.kind or tuple(sorted(there | wanted))
    asked = ((kind, replace(question, kind=(kind,))) for kind in kinds)
    return {kind: _reach(district, one, scope, areas=areas) for kind, one in asked}


def _reach(district: District, question: CoverageQuestion, scope: Scope, *, areas: bool) -> Reach:
    key = ("coverage reach", *_basis(district, question), scope, areas)
    made: Reach = district.derived.get(key, lambda: _made(district, question, scope, areas=areas), _size)
    return made


def _basis(district: District, question: CoverageQuestion) -> tuple[object, ...]:
    """All that an answer depends on: layers, the question, and the day where facilities come and go by days."""
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in (*LAYERS, "facilities", "tables"))
    return seqs, question, district.today


@dataclass(frozen=True, slots=True)
class _Way:
    """From each place (n,) to the nearest facility, as in Reach."""

    seconds: Floats
    metres: Floats
    nearest: Integers
    state: Integers


def _made(district: District, question: CoverageQuestion, scope: Scope, *, areas: bool) -> Reach:
    demand, supply = demand_of(district, question), supply_of(district, question, scope)
    ways = ways_of(district, question.by)
    way = _way(demand, supply, _search(district, question, ways, Measure.TIME))
    if ways.estimate:
        way = replace(way, metres=way.metres / DETOUR)
    limit, by = limit_of(ways, question)
    kept = _within(way.seconds if by is Measure.TIME else way.metres, limit), _norm(district, question, demand, supply)
    caught = catchment_of(district, question, supply) if areas else None
    whole, townships = _summaries(district, question, (demand, caught), way, kept)
    return Reach(
        demand=demand,
        supply=supply,
        seconds=way.seconds,
        metres=way.metres,
        nearest=way.nearest,
        state=way.state,
        near=kept[0],
        norm=kept[1],
        limit_s=limit if by is Measure.TIME else None,
        limit_m=limit if by is Measure.METRES else None,
        estimate=ways.estimate,
        schematic=not ways.estimate and are_schematic(district),
        district=whole,
        townships=townships,
        notes=(*_way_notes(district, question, ways, supply, way), *supply.notes, *demand.notes),
    )


def _within(values: Floats, limit: float) -> Flags:
    return np.asarray(np.nan_to_num(values, nan=np.inf) <= limit)


def _norm(district: District, question: CoverageQuestion, demand: Demand, supply: Supply) -> Flags:
    """Whether each place keeps the norm of its kind, however the question's people go: on foot, and by metres."""
    ways, roads = ways_of(district, "foot"), on_roads(district, "foot")
    walk = _way(demand, supply, _search(district, question, ways, Measure.TIME))
    road = _way(demand, supply, _search(district, question, roads or by_line(), Measure.METRES))
    return norm_kept(demand.built_up, walk.seconds, road.metres)


# --- the nearest -------------------------------------------------------------------------------------

_Search = Callable[[Demand, Supply], Iterable[tuple[Integers | None, Integers | None, Found]]]


def _search(district: District, question: CoverageQuestion, ways: Ways, by: Measure) -> _Search:
    """What finds the nearest: of all places among all facilities, or township by township."""

    def among_all(demand: Demand, supply: Supply) -> Iterator[tuple[Integers | None, Integers | None, Found]]:
        places = _located(district, question, ways, demand)
        yield None, None, ways.search(places, stands(ways, supply), by=by)

    def within_borders(demand: Demand, supply: Supply) -> Iterator[tuple[Integers | None, Integers | None, Found]]:
        codes = np.array(demand.township, str)
        for unit in township_units(district):
            rows, own = np.flatnonzero(codes == unit.code), serving(unit, supply)
            places = ways.locate(demand.lon[rows], demand.lat[rows])
            yield rows, own, ways.search(places, stands(ways, supply, own), by=by)

    return within_borders if question.borders else among_all


def _located(district: District, question: CoverageQuestion, ways: Ways, demand: Demand) -> Located:
    """Where people's places meet the ways, kept for the next question about the same people."""
    if not isinstance(ways, RoadNearest):
        return ways.locate(demand.lon, demand.lat)
    key = ("demand on roads", *demand_basis(district, question), ways.graph.profile)
    made: Located = district.derived.get(
        key, lambda: ways.locate(demand.lon, demand.lat), lambda found: _BYTES_EACH * (len(found) + 10)
    )
    return made


def _way(demand: Demand, supply: Supply, search: _Search) -> _Way:
    number = len(demand)
    way = _Way(np.full(number, np.nan), np.full(number, np.nan), np.full(number, -1),
               np.full(number, State.NO_FACILITY, np.int64))  # fmt: skip
    for places, facilities, found in search(demand, supply):
        rows = np.arange(number) if places is None else places
        own = np.arange(len(supply)) if facilities is None else facilities
        if len(own):
            reached = found.nearest >= 0
            way.nearest[rows[reached]] = own[found.nearest[reached]]
            way.seconds[rows], way.metres[rows] = _finite(found.seconds), _finite(found.metres)
            way.state[rows] = _states(found)
    return way


def _finite(values: Floats) -> Floats:
    return np.where(np.isfinite(values), values, np.nan)


def _states(found: Found) -> Integers:
    away = np.where(found.state == RoadState.TOO_FAR, State.TOO_FAR_FROM_A_ROAD, State.NO_WAY)
    return np.where(found.nearest >= 0, State.REACHED, away).astype(np.int64)


# --- in numbers --------------------------------------------------------------------------------------


def _summaries(
    district: District,
    question: CoverageQuestion,
    of: tuple[Demand, Catchment | None],
    way: _Way,
    kept: tuple[Flags, Flags],
) -> tuple[Summary, tuple[TownshipReach, ...]]:
    """The district, or what of it is asked for, and each township that has a place or an area of its own."""
    demand, caught = of
    ways, codes, flags = (way.seconds, way.state), np.array(demand.township, str), (*kept, demand.listed)
    shares: dict[str, float | None] = {} if caught is None else caught.shares
    units = _reported(district, question, demand)
    townships = tuple(
        TownshipReach(
            unit.code,
            unit.character,
            summary(demand, codes == unit.code, ways, flags, (shares.get(unit.code), unit.area_km2)),
        )
        for unit in units
    )
    everywhere = np.ones(len(demand), bool)
    area = None if caught is None else caught.of_all, _area_km2(units)
    return summary(demand, everywhere, ways, flags, area), townships


def _reported(district: District, question: CoverageQuestion, demand: Demand) -> list[TownshipUnit]:
    units = township_units(district)
    shown = {unit.code for unit in units.covering} | set(demand.township)
    return [unit for unit in units if unit.code in (shown & set(question.township) if question.township else shown)]


def _area_km2(units: Iterable[TownshipUnit]) -> float | None:
    """Of all together; None where that of one of them is unknown."""
    areas = [unit.area_km2 for unit in units if not unit.overlay]
    known = [area for area in areas if area is not None]
    return sum(known) if areas and len(known) == len(areas) else None


def _way_notes(
    district: District, question: CoverageQuestion, ways: Ways, supply: Supply, way: _Way
) -> Iterable[Sentence]:  # fmt: skip
    """What has to be said of the ways themselves."""
    if not len(supply) and supply.without_place:
        yield Sentence("What counts for this question has no place on the map: nobody knows who reaches it.")
    elif not len(supply):
        yield Sentence("No facility counts here for this question: nobody reaches one.")
    if ways.estimate:
        yield Sentence("There are no roads here that one may use so: ways are straight lines, and times are estimates, "
                       "{detour} times the line at {speed} km/h.", detour=DETOUR,
                       speed=f"{PROFILES[question.by].straight_kmh:g}")  # fmt: skip
    else:
        if are_schematic(district):
            yield Sentence("The roads only show schematically what hangs together: times are rough.")
        yield from _off_road_notes(ways, supply, way)
    if district.describe().schematic:
        yield Sentence("The townships' boundaries are schematic: shares of their areas are rough.")
    if question.borders:
        yield Sentence("People are taken to go to facilities of their own township only.")


def _off_road_notes(ways: Ways, supply: Supply, way: _Way) -> Iterable[Sentence]:
    away = int((stands(ways, supply).away_m > REACH_M).sum())
    if away:
        yield Sentence("Facilities more than {metres} m from any road, to which nobody gets over the roads: "
                       "{count}.", count=away, metres=round(REACH_M))  # fmt: skip
    cut_km = ways.graph.cut_off_km if isinstance(ways, RoadNearest) else 0.0
    if cut_km and (away or (way.state == State.TOO_FAR_FROM_A_ROAD).any()):
        yield Sentence("Roads from which one does not get to most others and back are left out, {km} km in all: what "
                       "stands beside them alone counts as too far from a road.", km=f"{cut_km:,.1f}")  # fmt: skip


def _size(found: Reach) -> int:
    return _BYTES_EACH * (len(found.demand) + 10) + 2_000 * (len(found.supply) + len(found.townships))
