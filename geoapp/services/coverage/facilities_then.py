"""The facilities as they were recorded at the end of a day that is past."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

import orjson

from geoapp.services.district import District
from geoapp.storage.patch import merge_patch

LAYER = "facilities"
_BYTES_EACH = 2_000


@dataclass(frozen=True, slots=True)
class FacilitiesThen:
    """Flat records with id, lon and lat (None without a place), and the day whose end they are from.

    That is a later day than was asked for where nothing was recorded yet.
    """

    records: tuple[dict[str, Any], ...]
    day: date


def facilities_then(district: District, day: date) -> FacilitiesThen:
    """The facilities at the end of a day, in the district's time; of the first known day where it is before all."""
    key = ("facilities then", district.present.seqs.get(LAYER, 0), day)
    made: FacilitiesThen = district.derived.get(
        key, lambda: _made(district, day), lambda found: _BYTES_EACH * (len(found.records) + 1)
    )
    return made


def _made(district: District, day: date) -> FacilitiesThen:
    began = district.store.beginning(LAYER)
    if began is not None:
        day = max(day, began.astimezone(district.zone).date())
    midnight = datetime.combine(day + timedelta(days=1), time(), district.zone)
    values: dict[str, Any] = {}
    for id, patch in district.store.until(LAYER, midnight - timedelta(microseconds=1)):
        if patch is None:
            values.pop(id, None)
        else:
            values[id] = merge_patch(values.get(id), orjson.loads(patch))
    return FacilitiesThen(tuple(_flat(id, values[id]) for id in sorted(values)), day)


def _flat(id: str, feature: dict[str, Any]) -> dict[str, Any]:
    geometry = feature.get("geometry") or {}
    lon, lat = geometry["coordinates"][:2] if geometry.get("type") == "Point" else (None, None)
    return {"id": id, "lon": lon, "lat": lat, **feature.get("properties", {})}
