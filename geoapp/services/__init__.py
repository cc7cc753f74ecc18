"""The use cases, one verb each; the other rooms meet only here."""

from geoapp.documents.list_picture import ListPicture
from geoapp.documents.map_picture import MapPicture, Points
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
from geoapp.services.taking import (
    Layout,
    MapStyle,
    Wanted,
    draw_list,
    draw_map,
    take_csv,
    take_geojson,
    take_lines,
    take_xlsx,
)
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
    "Layout",
    "ListPicture",
    "MapPicture",
    "MapStyle",
    "Points",
    "Records",
    "Shading",
    "SiteLine",
    "Sort",
    "TownshipSheet",
    "Wanted",
    "at_this_moment",
    "backup_instance",
    "collection",
    "count",
    "counts",
    "details",
    "district_layer",
    "draw_list",
    "draw_map",
    "etag",
    "feature",
    "follow",
    "found",
    "history",
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
    "take_csv",
    "take_geojson",
    "take_lines",
    "take_xlsx",
    "tile",
    "township_sheet",
    "verify_instance",
    "warm",
    "wording",
]
