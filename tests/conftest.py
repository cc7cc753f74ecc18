"""What every test may ask for: real data where it is, and a toy district that can be checked by hand."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

from geoapp import services
from geoapp.config import Config

ROOT = Path(__file__).parents[1]
# What runs for everybody tries the same examples each time; at a desk Hypothesis goes on searching. No example has a
# deadline: the first one may have kernels compiled, and machines are busy.
settings.register_profile("ci", derandomize=True, deadline=None)
settings.register_profile("desk", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "desk")

BEIJING = timezone(timedelta(hours=8))
NOW = datetime(2026, 5, 4, 9, 0, tzinfo=BEIJING)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is not part of a clone; tests that need it say so when it is absent."""
    folder = Path(os.environ.get("GEOAPP_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set GEOAPP_TEST_DATA to its folder")
    return folder


def feature(id: str, geometry: Any, **properties: Any) -> dict[str, Any]:
    """A GeoJSON feature; a pair of numbers is a point, None no place."""
    if isinstance(geometry, tuple):
        geometry = {"type": "Point", "coordinates": list(geometry)}
    return {"type": "Feature", "id": id, "geometry": geometry, "properties": properties}


def square(west: float) -> dict[str, Any]:
    """A square of one degree that stands on the equator."""
    ring = [[west, 0], [west + 1, 0], [west + 1, 1], [west, 1], [west, 0]]
    return {"type": "Polygon", "coordinates": [ring]}


def problem(
    id: str, place: Any, category: str, status: str, *, found: str, deadline: str | None = None, **more: Any
) -> Any:
    """A problem of the toy district; days of May 2026 at noon, such as "02"."""
    times = {"found_at": f"2026-05-{found}T12:00:00+08:00"}
    times |= {"deadline": f"2026-05-{deadline}T18:00:00+08:00"} if deadline else {}
    named = {"name": f"Problem {id}", "number": id, "category": category, "status": status}
    return feature(id, place, **named, **times, **more)


def toy_layers() -> dict[str, list[dict[str, Any]]]:
    """Two square townships that share the meridian lon = 1, one street, and a handful of everything else."""
    west = {"code": "W", "name": "西乡", "name_en": "West", "kind": "township", "population": 2000}
    east = {"code": "E", "name": "东镇", "name_en": "East", "kind": "town"}
    zone = {"code": "Z", "name": "开发区", "name_en": "Zone", "kind": "zone", "overlay": True}
    street = {"type": "LineString", "coordinates": [[0.2, 0.5], [1.4, 0.5], [1.6, 0.5], [1.8, 0.5]]}
    return {
        "townships": [feature("W", square(0), **west), feature("E", square(1), **east), feature("Z", None, **zone)],
        "streets": [feature("S1", street, name="大街", name_en="Main Street", kind="main")],
        "villages": [feature("V1", (0.25, 0.25), name="小村", name_en="Small Village", code="V1", kind="village")],
        "sites": [
            feature("P1", (0.5, 0.5), name="公园", name_en="Park", kind="park", is_survey_point=True),
            feature("P2", (1.5, 0.501), name="广场", name_en="Square", kind="square", is_demonstration=True),
        ],
        "facilities": [feature("F1", (1.25, 0.75), name="图书馆", name_en="Library", kind="library", level="district")],
        "problems": [
            problem("1", (0.5, 0.5), "02", "reported", found="02", deadline="03", subcategory="0201", person="W-1"),
            problem("2", (0.5, 0.5), "02", "closed", found="02", deadline="03", subcategory="0202"),
            problem("3", (1.0, 0.5), "05", "assigned", found="03", deadline="05", lead_unit="TRF",
                    deadline_rule="2 wd"),
            problem("4", (1.5, 0.25), "05", "in_progress", found="03", deadline="01"),
            problem("5", (2.5, 0.5), "09", "rectified", found="04", deadline="01"),
            problem("6", None, "00", "reported", found="04"),
        ],
        "visits": [
            feature("C1", (0.5, 0.5), name="公园", site_id="P1", round_id="R1", visited_at="2026-05-02T10:00:00+08:00",
                    outcome="findings", findings=2),
        ],
    }  # fmt: skip


def toy_tables() -> dict[str, dict[str, Any]]:
    """The documents of the toy district."""

    def table(*rows: tuple[str, str, str]) -> dict[str, Any]:
        return {"version": 1, "preset": True, "rows": [{"code": code, "zh": zh, "en": en} for code, zh, en in rows]}

    return {
        "district": {"code": "T", "name": "玩具区", "name_en": "Toy District", "timezone": "Asia/Shanghai"},
        "categories": table(
            ("02", "环境卫生", "Cleanliness"), ("0201", "暴露垃圾", "Rubbish"), ("0202", "道路不洁", "Dirty road"),
            ("05", "车辆停放", "Parking"), ("09", "基础设施", "Facilities"),
        ),
        "site_kinds": table(("park", "公园", "Park"), ("square", "广场", "Square")),
        "facility_kinds": table(("library", "公共图书馆", "Public library")),
        "units": table(("TRF", "公安交通支队", "Traffic police")),
        "rounds": table(("R1", "第一轮", "First round")),
        "batches": table(),
    }  # fmt: skip


@pytest.fixture
def district(tmp_path: Path) -> Iterator[services.District]:
    """The toy district, opened, at nine in the morning of 4 May 2026."""
    opened = services.found(tmp_path / "toy", toy_layers(), toy_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


def planted_layers() -> dict[str, list[dict[str, Any]]]:
    """The toy district with 600 problems all over it and twelve weeks, and 80 more round (1.5, 0.25) in the last two.

    Every tenth problem was found on a visit, at ten in the morning.
    """
    random = np.random.default_rng(7)
    lon, lat = random.uniform(0, 2, 600), random.uniform(0, 1, 600)
    lon, lat = np.append(lon, random.normal(1.5, 0.02, 80)), np.append(lat, random.normal(0.25, 0.02, 80))
    days = np.append(random.integers(0, 84, 600), random.integers(70, 84, 80))
    first = datetime(2026, 2, 10, 10, 0, tzinfo=BEIJING)
    made = []
    for number, (x, y, day) in enumerate(zip(lon.tolist(), lat.tolist(), days.tolist(), strict=True)):
        named = {"name": f"Problem {number}", "number": f"N{number}", "category": ("02", "05", "09")[number % 3],
                 "status": "reported", "found_at": (first + timedelta(days=day)).isoformat()}  # fmt: skip
        named |= {"visit_id": f"C{number}"} if number % 10 == 0 else {}
        made.append(feature(f"N{number}", (round(x, 6), round(y, 6)), **named))
    return toy_layers() | {"problems": made, "sites": [], "facilities": [], "villages": [], "visits": [], "streets": []}


@pytest.fixture(scope="session")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    """A district with one hot spot, which came up in the last two weeks; not to be changed."""
    folder = tmp_path_factory.mktemp("planted")
    opened = services.found(folder / "toy", planted_layers(), toy_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


@pytest.fixture(scope="session")
def liechtenstein(shared_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The instance folder of a whole country, founded once from its extract; who changes it takes a copy."""
    folder = tmp_path_factory.mktemp("country") / "liechtenstein"
    extract = shared_data / "liechtenstein/liechtenstein-latest.osm.pbf"
    wanted = services.WantedExtract(within="Liechtenstein", timezone="Europe/Vaduz")
    services.init_osm(Config(instance=folder), extract, wanted, clock=lambda: NOW)
    return folder
