"""The use cases, one verb each; the other rooms meet only here."""

from geoapp.services.browse import (
    Collection,
    LayerCount,
    Records,
    collection,
    counts,
    details,
    feature,
    records,
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
from geoapp.services.founding import found
from geoapp.services.measures import Shading, measures, shade

__all__ = [
    "Collection",
    "District",
    "DistrictFacts",
    "LayerCount",
    "Records",
    "Shading",
    "at_this_moment",
    "collection",
    "counts",
    "details",
    "etag",
    "feature",
    "follow",
    "found",
    "measures",
    "open_district",
    "records",
    "scope_of",
    "shade",
    "statistics",
    "wording",
]
