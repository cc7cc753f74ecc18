"""Which township has what within reach, what the standards ask, and where the next facility helps most.

What stands where, in the order of the work; the question itself is domain.coverage.CoverageQuestion. Each verb is
imported from its own module, because selections of other services already look into this room (counted).
- who and what: kinds (of facilities, and of sites that may be asked for alike); township_units; demand (demand_of) of
  demand_places; supply (supply_of); past_days (as_of): a layer as it was
- the way there: ways (roads, or straight lines); reaching (reach, reach_by_kind) with reach_figures; catching
  (catchments); shading (coverage_shading, MEASURES) of townships; places (access): who shares a facility with whom
- what stands and what is asked: standards and their standards_files; facts (what is not known of a facility); verdicts
  (assessed): the base of every number; inventory of inventory_records; counted (the rows behind a number); evidence
- where the next one helps: siting (propose) among candidates, with matrices (costs from all places to all candidates),
  site_choice (goals and their models), proposals (what comes out); told by siting_notes, siting_words, siting_map
- what would change: what_if (compare) with pins and closed facilities; two_days
- along streets: line_standards; street_lines; along_lines (line_standard); line_files; line_spots (trouble spots)
- what is taken away: papers (coverage_paper, township_paper), laid out by sheets and pictures; plain_values for other
  programs
- what the parts hand to each other: records
"""
