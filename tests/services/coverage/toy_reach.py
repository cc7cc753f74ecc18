"""Two square townships of 11 km whose ways can be checked by hand; no roads unless they are given."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from geoapp import services
from tests.conftest import NOW, feature, toy_tables

KINDS = (("library", True), ("museum", True), ("cinema", False))
# A degree on the equator: 111.32 km east, 110.57 km north.
DEGREE_M = 111_319.49


def tile(west: float) -> dict[str, Any]:
    """A square of a tenth of a degree that stands on the equator."""
    ring = [[west, 0], [west + 0.1, 0], [west + 0.1, 0.1], [west, 0.1], [west, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


def reach_layers(east: float = 0.0) -> dict[str, list[dict[str, Any]]]:
    """West: 2,000 residents, a village of 500 and a community that nobody counted. East: nobody knows how many, one
    village with a place and one without. One public library in the West's community, a private museum, a cinema.
    """

    def at(lon: float, lat: float) -> tuple[float, float]:
        return round(lon + east, 7), lat

    return {
        "townships": [
            feature("W", tile(east), code="W", name="西乡", kind="township", population=2_000),
            feature("E", tile(round(east + 0.1, 7)), code="E", name="东镇", kind="town"),
        ],
        "villages": [
            feature("V1", at(0.02, 0.05), name="小村", code="V1", kind="village", population=500, children=50),
            feature("V2", at(0.05, 0.05), name="中心社区", code="V2", kind="community"),
            feature("V3", at(0.11, 0.05), name="东村", code="V3", kind="village"),
            feature("V4", None, name="远村", code="V4", kind="village", township_stated="E"),
        ],
        "facilities": [
            feature("F1", at(0.05, 0.05), name="图书馆", kind="library", opening_hours="Tu-Su 09:00-17:00"),
            feature("F2", at(0.11, 0.05), name="酒厂博物馆", kind="museum", ownership="private"),
            feature("F3", at(0.02, 0.05), name="影院", kind="cinema"),
        ],
    }


def reach_tables() -> dict[str, dict[str, Any]]:
    rows = [{"code": code, "zh": code, "en": code, "in_coverage": counted} for code, counted in KINDS]
    return toy_tables() | {"facility_kinds": {"version": 1, "preset": True, "rows": rows}}


@contextmanager
def opened(folder: Path, layers: dict[str, list[dict[str, Any]]]) -> Iterator[services.District]:
    """A district of these layers, opened at nine in the morning of 4 May 2026."""
    made = services.found(folder / "toy", layers, reach_tables(), clock=lambda: NOW)
    try:
        yield services.at_this_moment(made)
    finally:
        made.close()
