"""The use cases, one verb each; the other rooms meet only here."""

from geoapp.analysis.definitions import DEFINITIONS, RANKING, TOO_SMALL, VERDICTS, Definition
from geoapp.analysis.hotspots import FALSE_SHARE, MORAN_PERMUTATIONS
from geoapp.analysis.intervals import Rate
from geoapp.analysis.ranking import SMALLEST_SAMPLE, Weights
from geoapp.documents.coverage_report import CoverageReport, Section, coverage_report
from geoapp.documents.list_picture import ListPicture
from geoapp.documents.map_marks import Ramp
from geoapp.documents.map_picture import MapPicture, Points
from geoapp.documents.meeting_pack import Figure, MeetingPack, Page, Picture, Table
from geoapp.documents.meeting_report import report
from geoapp.documents.meeting_slides import slides
from geoapp.documents.photo import size_of
from geoapp.domain.tables import Template
from geoapp.services.along_streets import StreetRanking, street_ranking
from geoapp.services.before_and_after import MOST as MOST_PAIRS
from geoapp.services.before_and_after import before_and_after
from geoapp.services.boundaries import Reassignment
from geoapp.services.bringing import ending_of_rejects, import_into_instance, init_boundaries
from geoapp.services.browse import (
    DIMENSIONS,
    Collection,
    LayerCount,
    Records,
    collection,
    count,
    counts,
    details,
    district_layer,
    feature,
    is_preset,
    problem_photo,
    records,
    require_layer,
    statistics,
    wording,
)
from geoapp.services.cell_views import SHOWN as CELLS_SHOWN
from geoapp.services.cell_views import CellView, cell_view, periods_of
from geoapp.services.cells import KINDS as CELL_KINDS
from geoapp.services.cells import WIDTHS_M as CELL_WIDTHS_M
from geoapp.services.cells import usual_width_m
from geoapp.services.changes import Changes, changes
from geoapp.services.changing import (
    FEWEST_PERIODS,
    Courses,
    Days,
    Hours,
    TwoPeriods,
    courses,
    hours,
    two_periods,
    weeks,
)
from geoapp.services.denominators import PER
from geoapp.services.district import (
    District,
    DistrictFacts,
    at_this_moment,
    etag,
    follow,
    open_district,
    scope_of,
)
from geoapp.services.exporting import export_instance_layer, take_layer
from geoapp.services.extracting import Wanted as WantedExtract
from geoapp.services.extracting import init_osm
from geoapp.services.founding import found, init_demo, simulate_demo
from geoapp.services.heat_files import write_heat, write_hotspots
from geoapp.services.heat_pictures import cells_xlsx, core_extent, draw_heat, draw_patches, ramp_colours, seen_style
from geoapp.services.heating import (
    BANDWIDTHS_M,
    DAYS_A_MONTH,
    Heat,
    HeatStyle,
    doubtful_reports,
    heat,
    heat_tile,
    scale_top,
)
from geoapp.services.heating import WEIGHTS as HEAT_WEIGHTS
from geoapp.services.hotspots import (
    FEWEST_CELLS,
    CellAccount,
    CellMap,
    CellStyle,
    Spot,
    cell_account,
    cell_map,
    commonest,
    rows_in,
    spots,
    whereabouts,
)
from geoapp.services.importing import Options as ImportOptions
from geoapp.services.keeping import backup_instance, require_instance, restore_instance, verify_instance
from geoapp.services.leader import Glance, Number, Place, RowsBehind, at_a_glance, last_days
from geoapp.services.measures import Shading, measures, shade
from geoapp.services.ordering import Sort
from geoapp.services.past import Event, FieldChange, history
from geoapp.services.positions import (
    PLACEABLE,
    Doubtful,
    Suggestion,
    Unplaced,
    doubtful,
    doubtful_counts,
    give_place,
    unplaced,
)
from geoapp.services.recording import fields_of as importable_fields
from geoapp.services.recording import required_fields
from geoapp.services.searching import Found, search
from geoapp.services.surveys import enter_survey
from geoapp.services.taking import (
    Layout,
    MapStyle,
    Wanted,
    draw_list,
    draw_map,
    draw_rows,
    extent_of,
    take_csv,
    take_geojson,
    take_lines,
    take_xlsx,
)
from geoapp.services.templates import keep_template, template, templates
from geoapp.services.tiling import require_tile, tile
from geoapp.services.township import CategoryLine, SiteLine, TownshipSheet, township_sheet
from geoapp.services.uploads import Upload, Uploads
from geoapp.services.warming import warm
from geoapp.tiles.clusters import MAX_ZOOM

__all__ = [
    "BANDWIDTHS_M",
    "CELLS_SHOWN",
    "CELL_KINDS",
    "CELL_WIDTHS_M",
    "DAYS_A_MONTH",
    "DEFINITIONS",
    "DIMENSIONS",
    "FALSE_SHARE",
    "FEWEST_CELLS",
    "FEWEST_PERIODS",
    "HEAT_WEIGHTS",
    "MAX_ZOOM",
    "MORAN_PERMUTATIONS",
    "MOST_PAIRS",
    "PER",
    "PLACEABLE",
    "RANKING",
    "SMALLEST_SAMPLE",
    "TOO_SMALL",
    "VERDICTS",
    "CategoryLine",
    "CellAccount",
    "CellMap",
    "CellStyle",
    "CellView",
    "Changes",
    "Collection",
    "Courses",
    "CoverageReport",
    "Days",
    "Definition",
    "District",
    "DistrictFacts",
    "Doubtful",
    "Event",
    "FieldChange",
    "Figure",
    "Found",
    "Glance",
    "Heat",
    "HeatStyle",
    "Hours",
    "ImportOptions",
    "LayerCount",
    "Layout",
    "ListPicture",
    "MapPicture",
    "MapStyle",
    "MeetingPack",
    "Number",
    "Page",
    "Picture",
    "Place",
    "Points",
    "Ramp",
    "Rate",
    "Reassignment",
    "Records",
    "RowsBehind",
    "Section",
    "Shading",
    "SiteLine",
    "Sort",
    "Spot",
    "StreetRanking",
    "Suggestion",
    "Table",
    "Template",
    "TownshipSheet",
    "TwoPeriods",
    "Unplaced",
    "Upload",
    "Uploads",
    "Wanted",
    "WantedExtract",
    "Weights",
    "at_a_glance",
    "at_this_moment",
    "backup_instance",
    "before_and_after",
    "cell_account",
    "cell_map",
    "cell_view",
    "cells_xlsx",
    "changes",
    "collection",
    "commonest",
    "core_extent",
    "count",
    "counts",
    "courses",
    "coverage_report",
    "details",
    "district_layer",
    "doubtful",
    "doubtful_counts",
    "doubtful_reports",
    "draw_heat",
    "draw_list",
    "draw_map",
    "draw_patches",
    "draw_rows",
    "ending_of_rejects",
    "enter_survey",
    "etag",
    "export_instance_layer",
    "extent_of",
    "feature",
    "follow",
    "found",
    "give_place",
    "heat",
    "heat_tile",
    "history",
    "hours",
    "import_into_instance",
    "importable_fields",
    "init_boundaries",
    "init_demo",
    "init_osm",
    "is_preset",
    "keep_template",
    "last_days",
    "measures",
    "open_district",
    "periods_of",
    "problem_photo",
    "ramp_colours",
    "records",
    "report",
    "require_instance",
    "require_layer",
    "require_tile",
    "required_fields",
    "restore_instance",
    "rows_in",
    "scale_top",
    "scope_of",
    "search",
    "seen_style",
    "shade",
    "simulate_demo",
    "size_of",
    "slides",
    "spots",
    "statistics",
    "street_ranking",
    "take_csv",
    "take_geojson",
    "take_layer",
    "take_lines",
    "take_xlsx",
    "template",
    "templates",
    "tile",
    "township_sheet",
    "two_periods",
    "unplaced",
    "usual_width_m",
    "verify_instance",
    "warm",
    "weeks",
    "whereabouts",
    "wording",
    "write_heat",
    "write_hotspots",
]
