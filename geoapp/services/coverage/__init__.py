"""Which township has what within reach, what the standards ask, and where the next facility helps most.

What stands where, in the order of the work; the question itself is domain.coverage.CoverageQuestion. Each verb is
imported from its own module, because selections of other services already look into this room (counted).
- who and what: kinds (of facilities, and of sites that may be asked for alike); township_units; demand (demand_of) of
  demand_places; supply (supply_of), of past_days
- the way there: ways (roads, or straight lines); reaching (reach, reach_by_kind) with summaries; catching (catchments);
  shading (coverage_shading, MEASURES) of townships
- what they hand to each other: records
"""
