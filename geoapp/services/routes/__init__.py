"""Inspection routes: plans, their check, what they say of themselves, and what a team takes along.

What stands where, in the order of the work:
- what could be visited: stops, sampling (points drawn by lot), starts (where and when teams begin)
- roads: road_layer and road_files (read, kept), travelling (what is travelled on); reaching, legs, ways (told)
- the plan: reading (JSON), tasks (a request laid out), planning, month, balancing; verdicts, reasons, insights, naming
- who orders one: orders (terminal), desk and worker (pages)
- a kept plan: keeping_plans, changing_plans by the edits of editing
- what a team takes along: taking_along of stop_records, legs and navigating; as papers plan_notes, plan_files,
  plan_sheets, plan_pictures, plan_map, exporting_plans; on a phone recording_day
- a tour: programme, lateness, scores
- what comes back: results of result_records, as result_features
"""

from geoapp.documents.qr_code import qr_code
from geoapp.routing.profiles import PROFILES as SPEEDS
from geoapp.services.routes.changing_plans import (
    Changed,
    can_be_taken_back,
    change_stop,
    move_stop,
    pin_stop,
    take_back,
)
from geoapp.services.routes.desk import Order, PlanningDesk
from geoapp.services.routes.editing import compared, from_noon
from geoapp.services.routes.insights import advice_sentence, kept_sentence
from geoapp.services.routes.keeping_plans import (
    changed_stops,
    delete_plan,
    kept_plan,
    kept_plans,
    rename_plan,
)
from geoapp.services.routes.naming import Names, names_of, stop_titles
from geoapp.services.routes.plan_files import plan_geojson, plan_gpx, plan_xlsx
from geoapp.services.routes.plan_map import plan_features
from geoapp.services.routes.plan_notes import Reader, plan_notes, plan_warnings, range_min
from geoapp.services.routes.plan_pictures import PlanPicture, draw_plan
from geoapp.services.routes.planning import Effort, start_of
from geoapp.services.routes.programme import (
    Lateness,
    Programme,
    ProgrammeStop,
    first_route,
    keep_hosts,
    programme,
)
from geoapp.services.routes.reaching import out_of_reach, reach_notes
from geoapp.services.routes.reading import plan_json
from geoapp.services.routes.reasons import reason_sentence
from geoapp.services.routes.recording_day import category_choices, pack_id
from geoapp.services.routes.sampling import USUAL_PER_TOWNSHIP, Sample, SampledPoint, SamplingRule, sample_sites
from geoapp.services.routes.scores import ScoreTable, keep_scale, keep_scores, score_table
from geoapp.services.routes.starts import (
    next_working_day,
    place_named,
    start_places,
    township_codes,
    working_days,
)
from geoapp.services.routes.stops import MUST, WHAT, ChosenStops, StopChoice, stops_of
from geoapp.services.routes.taking_along import outing, outings, routes_of
from geoapp.services.routes.verdicts import sentence_of

__all__ = [
    "MUST",
    "SPEEDS",
    "USUAL_PER_TOWNSHIP",
    "WHAT",
    "Changed",
    "ChosenStops",
    "Effort",
    "Lateness",
    "Names",
    "Order",
    "PlanPicture",
    "PlanningDesk",
    "Programme",
    "ProgrammeStop",
    "Reader",
    "Sample",
    "SampledPoint",
    "SamplingRule",
    "ScoreTable",
    "StopChoice",
    "advice_sentence",
    "can_be_taken_back",
    "category_choices",
    "change_stop",
    "changed_stops",
    "compared",
    "delete_plan",
    "draw_plan",
    "first_route",
    "from_noon",
    "keep_hosts",
    "keep_scale",
    "keep_scores",
    "kept_plan",
    "kept_plans",
    "kept_sentence",
    "move_stop",
    "names_of",
    "next_working_day",
    "out_of_reach",
    "outing",
    "outings",
    "pack_id",
    "pin_stop",
    "place_named",
    "plan_features",
    "plan_geojson",
    "plan_gpx",
    "plan_json",
    "plan_notes",
    "plan_warnings",
    "plan_xlsx",
    "programme",
    "qr_code",
    "range_min",
    "reach_notes",
    "reason_sentence",
    "rename_plan",
    "routes_of",
    "sample_sites",
    "score_table",
    "sentence_of",
    "start_of",
    "start_places",
    "stop_titles",
    "stops_of",
    "take_back",
    "township_codes",
    "working_days",
]
