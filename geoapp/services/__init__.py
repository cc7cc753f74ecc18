"""The use cases, one verb each; the other rooms meet only here."""

from geoapp.services.browse import (
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
    records,
    require_layer,
    statistics,
    wording,
)
from geoapp.services.district import (
    District,
    DistrictFacts,
    at_this_moment,
    etag,
    follow,
    open_district,
    scope_of,
)
from geoapp.services.founding import found, init_demo, simulate_demo
from geoapp.services.keeping import backup_instance, require_instance, restore_instance, verify_instance
from geoapp.services.measures import Shading, measures, shade
from geoapp.services.ordering import Sort
from geoapp.services.past import Event, FieldChange, history
from geoapp.services.tiling import tile
from geoapp.services.township import CategoryLine, SiteLine, TownshipSheet, township_sheet
from geoapp.services.warming import warm

__all__ = [
    "CategoryLine",
    "Collection",
    "District",
    "DistrictFacts",
    "Event",
    "FieldChange",
    "LayerCount",
    "Records",
    "Shading",
    "SiteLine",
    "Sort",
    "TownshipSheet",
    "at_this_moment",
    "backup_instance",
    "collection",
    "count",
    "counts",
    "details",
    "district_layer",
    "etag",
    "feature",
    "follow",
    "history",
    "found",
    "init_demo",
    "is_preset",
    "measures",
    "open_district",
    "records",
    "require_instance",
    "require_layer",
    "restore_instance",
    "scope_of",
    "shade",
    "simulate_demo",
    "statistics",
    "tile",
    "township_sheet",
    "verify_instance",
    "warm",
    "wording",
]
