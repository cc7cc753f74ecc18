"""Four villages in a row on the equator, a library in the first; no roads unless they are given."""

from typing import Any

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.siting import SitingQuestion
from tests.conftest import feature
from tests.services.coverage.toy_reach import tile

# Straight lines of 0.01 degrees, walked with the detour at the profile's speed: minutes.
STEP_MIN = 1_113.1949 * 1.3 / 75


def row_layers() -> dict[str, list[dict[str, Any]]]:
    """A of 1,000 residents with the library, B of 300, C of 500, D of 200; E has no place on the map."""
    people = {"A": (0.01, 1_000), "B": (0.03, 300), "C": (0.07, 500), "D": (0.09, 200)}
    villages = [
        feature(f"V{name}", (lon, 0.05), name=f"{name}村", code=f"V{name}", kind="village", population=number)
        for name, (lon, number) in people.items()
    ]
    return {
        "townships": [feature("W", tile(0), code="W", name="西乡", name_en="West", kind="township", population=2_000)],
        "villages": [*villages, feature("VE", None, name="E村", code="VE", kind="village", township_stated="W")],
        "facilities": [feature("F1", (0.01, 0.05), name="图书馆", name_en="Library", kind="library")],
        "sites": [
            feature("P1", (0.07, 0.06), name="公园", kind="park"),
            feature("P2", (0.03, 0.051), name="广场", kind="square"),
        ],
    }


def wanted(goal: str = "cover", count: int = 1, **more: Any) -> SitingQuestion:
    """A library for the villages within an hour on foot: 0.031 degrees."""
    own = {name: more.pop(name) for name in ("among", "site_kind", "site", "spacing_m") if name in more}
    coverage = CoverageQuestion(**({"kind": ("library",), "minutes": 60, "demand": "villages"} | more))
    return SitingQuestion(coverage=coverage, goal=goal, count=count, **own)
