"""How far it is from every place to every one of some others: what competition and siting are computed from."""

from dataclasses import dataclass

import numpy as np

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.routing.nearest import Measure
from geoapp.routing.reaching import matrix
from geoapp.routing.travel import REACH_M
from geoapp.services.coverage.records import Demand, Flags, Floats
from geoapp.services.coverage.township_units import township_units
from geoapp.services.coverage.ways import Standing, Ways, by_line, limit_of, serving, ways_of
from geoapp.services.district import District

# 160 MB of doubles.
MOST_PAIRS = 20_000_000


@dataclass(frozen=True, slots=True)
class Costs:
    """From n places to k others.

    seconds (n, k): inf where there is no way. cost (n, k), limit: what near is measured by: seconds, or metres by line
    where there are no roads and metres were asked for. estimate: whether the ways are straight lines.
    """

    seconds: Floats
    cost: Floats
    limit: float
    estimate: bool

    @property
    def near(self) -> Flags:
        """Which of them (n, k) are near."""
        return np.asarray(self.cost <= self.limit)


def costs_to(
    district: District, question: CoverageQuestion, demand: Demand, others: Standing, *, at_home: bool = False
) -> Costs:  # fmt: skip
    """From each place of a demand to others (k,), as the question has people go.

    at_home: whether what stands in the very place is reached there even where that is too far from a road, as `reach`
    has it. Raises BadInput where there are too many of both.
    """
    if len(demand) * len(others.lon) > MOST_PAIRS and at_home:
        # Everybody competes, whichever townships are reported.
        raise BadInput("{places} places times {others} facilities are too many to compare each with each; choose a "
                       "kind of which there are fewer.", places=f"{len(demand):,}",
                       others=f"{len(others.lon):,}")  # fmt: skip
    if len(demand) * len(others.lon) > MOST_PAIRS:
        raise BadInput("{places} places times {others} are too many to compare each with each; choose fewer townships "
                       "or fewer places to choose among.", places=f"{len(demand):,}",
                       others=f"{len(others.lon):,}")  # fmt: skip
    ways = ways_of(district, question.by)
    seconds = _from_to(ways, demand, others, Measure.TIME)
    limit, by = limit_of(ways, question)
    cost = seconds if by is Measure.TIME else _from_to(by_line(), demand, others, by)
    if at_home:
        same = (demand.lon[:, None] == others.lon) & (demand.lat[:, None] == others.lat)
        seconds, cost = np.where(same, 0.0, seconds), np.where(same, 0.0, cost)
    if question.borders:
        apart = _apart(district, demand, others)
        seconds, cost = np.where(apart, np.inf, seconds), np.where(apart, np.inf, cost)
    return Costs(seconds, cost, limit, ways.estimate)


def _apart(district: District, demand: Demand, others: Standing) -> Flags:
    """Which of the others (n, k) serve other townships only."""
    apart, codes = np.ones((len(demand), len(others.lon)), bool), np.array(demand.township, str)
    for unit in township_units(district):
        apart[np.ix_(np.flatnonzero(codes == unit.code), serving(unit, others))] = False
    return apart


def _from_to(ways: Ways, demand: Demand, others: Standing, by: Measure) -> Floats:
    if not len(demand) or not len(others.lon):
        return np.zeros((len(demand), len(others.lon)))
    homes, there = ways.locate(demand.lon, demand.lat), ways.locate(others.lon, others.lat)
    costs = matrix(ways, homes, there, by=by).astype(np.float64)
    # What is too far from a road is a class of its own: nobody is sent there, nor counted as reached from itself.
    costs[homes.away_m > REACH_M, :] = np.inf
    costs[:, there.away_m > REACH_M] = np.inf
    return costs
