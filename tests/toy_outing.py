"""A plan of the toy district for the papers: one team, whose day is worked out by hand.

Stops lie near the equator a hundredth of a degree apart, 1,113 m, on the way from the team's start to its end; ways are
straight lines × 1.3 at 40 km/h. One of them is on a map only; its name breaks careless writers of XML and HTML.
"""

from datetime import date
from typing import Any

import orjson

from geoapp import services
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.services.routes import Effort
from geoapp.services.routes.keeping_plans import keep_plan
from geoapp.services.routes.orders import plan_routes
from geoapp.storage.ledger import Change
from tests.conftest import problem

DAY = date(2026, 5, 5)
HOSTILE = "=1+1 <b>\"桥\"</b> & 'x' ]]>"


def stop(id: str, lon: float, lat: float, **more: Any) -> RequestedStop:
    return RequestedStop(id=id, lon=lon, lat=lat, **more)


STOPS = (
    stop("sites/P1", 0.51, 0.5, value=3.0, name="公园", windows=(("08:00", "12:00"),)),
    stop("problems/3", 0.52, 0.5, value=2.0),
    stop("facilities/F1", 0.53, 0.5, must=True),
    stop("map/1", 0.54, 0.5, name=HOSTILE),
    stop("sites/gone", 0.55, 0.5, name="旧点位"),
    stop("sites/P2", 1.9, 0.9, name="广场"),
)
TEAMS = (
    RequestedTeam(id="A", start=(0.5, 0.5), end=(0.56, 0.5), lunch=("12:00", "12:45"), name="一组",
                  shift=("08:30", "11:00")),
)  # fmt: skip


def kept_outing(district: services.District, **more: Any) -> tuple[services.District, KeptPlan]:
    """The district with the plan in it, and the plan: all stops but the far one are visited, from west to east."""
    asked = {"stops": STOPS, "teams": TEAMS, "dates": (DAY,)} | more
    plan = plan_routes(district, RouteRequest(**asked), Effort(iterations=50))
    kept = keep_plan(district, plan, "周二", by="t")
    return services.at_this_moment(district), kept


def at_the_park(district: services.District) -> services.District:
    """The district whose park has a past: what its visit found, and what came of it."""
    found = {"site_id": "P1", "visit_id": "C1", "found": "02"}
    features = [
        problem("11", (0.5, 0.5), "02", "closed", subcategory="0201", closed_at="2026-05-03T09:00:00+08:00", **found),
        problem("12", (0.5, 0.5), "02", "in_progress", subcategory="0201", severity="severe", deadline="03", rework=1,
                description="张三家门口", **found),
        problem("13", (0.5, 0.5), "05", "assigned", deadline="06", **found),
    ]  # fmt: skip
    changes = [Change("problems", one["id"], orjson.dumps(one)) for one in features]
    district.store.append(changes, actor="t", action="found")
    return services.at_this_moment(district)
