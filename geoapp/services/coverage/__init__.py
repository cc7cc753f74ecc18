"""Which township has what within reach, what the standards ask, and where the next facility helps most.

What stands where, in the order of the work; the question itself is domain.coverage.CoverageQuestion:
- who and what: township_units; demand of demand_places; supply, of a past day by facilities_then
- the way there: ways (roads, or straight lines); reaching with summaries; catching (catchments); shading of townships
- what they hand to each other: records
"""

from geoapp.services.coverage.catching import catchments
from geoapp.services.coverage.demand import demand_of
from geoapp.services.coverage.reaching import reach, reach_by_kind
from geoapp.services.coverage.records import Demand, Reach, State, Summary, Supply, TownshipReach
from geoapp.services.coverage.shading import MEASURES, coverage_shading, facilities_by_township
from geoapp.services.coverage.supply import kinds_counted, supply_of
from geoapp.services.coverage.township_units import TownshipUnit, township_units

__all__ = [
    "MEASURES",
    "Demand",
    "Reach",
    "State",
    "Summary",
    "Supply",
    "TownshipReach",
    "TownshipUnit",
    "catchments",
    "coverage_shading",
    "demand_of",
    "facilities_by_township",
    "kinds_counted",
    "reach",
    "reach_by_kind",
    "supply_of",
    "township_units",
]
