"""Plans as files from a terminal: a kept one by its id, or one that stands in a file."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from geoapp.config import Config
from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import LONGEST_NAME, KeptPlan
from geoapp.domain.outings import Outing
from geoapp.domain.selection import Scope
from geoapp.services.district import District, at_this_moment
from geoapp.services.routes.keeping_plans import kept_plan
from geoapp.services.routes.plan_files import plan_geojson, plan_gpx, plan_xlsx
from geoapp.services.routes.plan_notes import Reader, plain_reader
from geoapp.services.routes.reading import plan_json, read_file, read_plan
from geoapp.services.routes.taking_along import outings
from geoapp.services.writing_files import ending_of, opened, write_file

Writer = Callable[[District, KeptPlan, Sequence[Outing], Reader], bytes]


def export_plan(config: Config, plan: str, target: Path) -> dict[str, Any]:
    """Write a plan (the id of a kept one, or a file) in the format that the target's ending names.

    Raises BadInput for another ending or a file that is no plan, NotFound for an id that is none.
    """
    writer = WRITERS[ending_of(target, WRITERS)]
    with opened(config) as there:
        district = at_this_moment(there)
        kept = _from_file(district, Path(plan)) if Path(plan).is_file() else kept_plan(district, plan)
        days = outings(district, kept, Scope.FULL, "en")
        content = writer(district, kept, days, plain_reader())
    write_file(target, content)
    stops = sum(len(day.stops) for day in days)
    return {"file": str(target), "days": len(days), "stops": stops, "bytes": len(content),
            "sentence": f"{target} holds {stops} stops of {len(days)} days."}  # fmt: skip


def _from_file(district: District, file: Path) -> KeptPlan:
    plan = read_plan(read_file(file))
    stops, teams = {stop.id for stop in plan.request.stops}, {team.id for team in plan.request.teams}
    for route in plan.routes:
        unknown = [route.team] if route.team not in teams else [one.id for one in route.stops if one.id not in stops]
        if unknown:
            raise BadInput("{file}: the routes name {id}, and the request does not.", file=file.name, id=unknown[0])
    return KeptPlan(id=file.stem, name=file.stem[:LONGEST_NAME], made_at=district.clock(), made_by="file", plan=plan)


def _json(_district: District, kept: KeptPlan, _days: Sequence[Outing], _reader: Reader) -> bytes:
    return plan_json(kept.plan)


def _xlsx(district: District, kept: KeptPlan, days: Sequence[Outing], reader: Reader) -> bytes:
    with plan_xlsx(district, kept, days, reader) as file:
        return file.read()


WRITERS: dict[str, Writer] = {"gpx": plan_gpx, "geojson": plan_geojson, "xlsx": _xlsx, "json": _json}
