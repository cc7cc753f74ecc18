"""One team's day in the toy district, and what its phone brings back."""

import io
import json
import uuid
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PIL import Image

from geoapp import services
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import PlannedRoute, PlannedStop, RequestedStop, RequestedTeam, RoutePlan, RouteRequest
from geoapp.services.routes.keeping_plans import keep_plan
from tests.conftest import NOW

DAY = date(2026, 5, 4)
# A site, a problem that has none, a site, a place drawn on the map; the library is left out, or a second team's.
STOPS = (("sites/P1", 0.5, 0.5, "公园"), ("problems/4", 1.5, 0.25, None), ("sites/P2", 1.5, 0.501, "广场"),
         ("map/1", 0.75, 0.75, "路口"), ("facilities/F1", 1.25, 0.75, "图书馆"))  # fmt: skip


def keep_toy_plan(
    district: services.District, *, selection: str = "round=R1", day: date = DAY, name: str = "周一检查", teams: int = 1
) -> tuple[services.District, KeptPlan]:
    """A plan of four stops for team T1, one for T2 and none for others, and the district that knows of it."""
    request = RouteRequest(
        stops=tuple(RequestedStop(id=id, lon=lon, lat=lat, name=name) for id, lon, lat, name in STOPS),
        teams=tuple(RequestedTeam(id=f"T{number}", start=(0.4, 0.4), name=f"第{number}组")
                    for number in range(1, teams + 1)),
        dates=(day,),
    )  # fmt: skip
    days = {"T1": STOPS[:4], "T2": STOPS[4:]}
    routes = [PlannedRoute(team=team.id, date=day, stops=_planned(days.get(team.id, ())), distance_m=36_000,
                           travel_min=80, home="13:00:00") for team in request.teams]  # fmt: skip
    kept = keep_plan(district, RoutePlan(request=request, routes=tuple(routes)), name, by="t", selection=selection)
    return services.at_this_moment(district), kept


def _planned(stops: Sequence[tuple[str, float, float, str | None]]) -> tuple[PlannedStop, ...]:
    """From nine on, a quarter of an hour at each full hour."""
    return tuple(
        PlannedStop(id=stop[0], arrive=f"{hour:02}:00:00", start=f"{hour:02}:00:00", leave=f"{hour:02}:15:00",
                    travel_min=20.0, distance_m=9_000.0)
        for hour, stop in enumerate(stops, start=9)
    )  # fmt: skip


def jpeg(colour: str = "red", size: tuple[int, int] = (64, 48)) -> bytes:
    """A picture that could have been taken, of one colour."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def recorded(stop: str, *, minute: int = 0, **more: Any) -> dict[str, Any]:
    """A visit of a stop as a phone records it; minutes after half past eight."""
    moment = (NOW - timedelta(minutes=30 - minute)).isoformat()
    return {"id": str(uuid.uuid4()), "stop": stop, "arrived_at": moment, "changed_at": moment, "outcome": None, **more}


def found(words: str, *photos: str, **more: Any) -> dict[str, Any]:
    """A problem as a phone records it."""
    moment = (NOW - timedelta(minutes=20)).isoformat()
    return {"id": str(uuid.uuid4()), "found_at": moment, "category": "02", "subcategory": "0201", "severity": "serious",
            "words": words, "photos": list(photos), **more}  # fmt: skip


def day_of(kept: KeptPlan, *visits: Mapping[str, Any], **other: Any) -> dict[str, Any]:
    """What stands in results.json."""
    return {"format": "geoapp-results", "version": 1, "pack": "p", "plan": kept.id, "team": "T1",
            "date": kept.plan.request.dates[0].isoformat(), "visits": list(visits), **other}  # fmt: skip


def result_file(
    path: Path, day: Mapping[str, Any] | bytes, photos: Mapping[str, bytes] | None = None, *, packed: bool = False
) -> Path:
    """A result file; `packed` squeezes what is in it."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED) as archive:
        archive.writestr("results.json", day if isinstance(day, bytes) else json.dumps(day, ensure_ascii=False))
        for name, content in (photos or {}).items():
            archive.writestr(name, content)
    return path
