"""Two townships whose culture can be checked by hand."""

from typing import Any

from tests.conftest import feature, toy_layers, toy_tables

KINDS = (
    ("library", "公共图书馆", "Public library", "D"),
    ("museum", "博物馆", "Museum", "D"),
    ("archives", "档案馆", "Archives", "D"),
    ("centre", "综合文化中心", "Culture centre", "T"),
    ("room", "文化室", "Culture room", "V"),
)
STANDARDS = (
    ("T1", "T", "centre", 1, "facilities"), ("T2", "T", "centre", 300, "floor_area_m2"),
    ("T3", "T", "centre", 42, "hours_per_week"), ("T4", "T", "centre", 1_000, "floor_area_m2_per_10000"),
    ("V1", "V", "room", 1, "facilities"), ("D1", "D", "library", 1, "facilities"),
    ("D2", "D", "archives", 1, "facilities"), ("D3", "D", "museum", 2, "facilities"),
    ("D4", "D", "library", 5_000, "books"),
)  # fmt: skip


def inventory_layers() -> dict[str, list[dict[str, Any]]]:
    """The West has a centre of 350 m² that shares its building with the room of its one village on the map; the East's
    centre opens on 1 June. 大村 is a village in either, and one of them has a room. The distillery's museum is private.
    """
    inside_w, inside_e = (0.5, 0.5), (1.5, 0.5)
    villages = [
        feature("110000001001", (0.25, 0.25), name="小村", code="110000001001", kind="village", population=400),
        feature("110000001002", None, name="大村", code="110000001002", kind="village", township_stated="W"),
        feature("110000002001", None, name="大村", code="110000002001", kind="village", township_stated="E"),
        feature("110000003001", None, name="虚拟社区", code="110000003001", kind="community", township_stated="Z"),
    ]
    facilities = [
        feature("F1", (1.25, 0.75), name="图书馆", name_en="Library", kind="library", build_status="built",
                books=6_000),
        feature("C1", inside_w, name="西乡综合文化中心", kind="centre", build_status="built", floor_area_m2=350,
                hours_per_week=40),
        feature("C2", inside_e, name="东镇综合文化中心", kind="centre", build_status="building", floor_area_m2=300,
                expected_opening="2026-06-01", opening_hours="Mo-Su 09:00-17:00"),
        feature("R1", None, name="大村文化室", kind="room", build_status="built", township_stated="W"),
        feature("R2", inside_w, name="小村文化室", kind="room", build_status="built", floor_area_m2=350,
                shared_with="C1"),
        feature("M1", inside_w, name="酒博物馆", kind="museum", build_status="built", ownership="private"),
        feature("M2", None, name="区博物馆", kind="museum", build_status="built"),
        feature("M3", inside_e, name="旧博物馆", kind="museum", build_status="withdrawn"),
    ]  # fmt: skip
    return toy_layers() | {"villages": villages, "facilities": facilities}


def inventory_tables() -> dict[str, dict[str, Any]]:
    """The toy district's tables with its own standards; D4 counts from 2026-05-05 on."""
    kinds = [{"code": code, "zh": zh, "en": en, "level": level, "in_coverage": True} for code, zh, en, level in KINDS]
    asked = [
        {"code": code, "zh": code, "en": code, "level": level, "kinds": [kind], "number": number, "unit": unit}
        | ({"valid_from": "2026-05-05"} if code == "D4" else {})
        for code, level, kind, number, unit in STANDARDS
    ]
    return toy_tables() | {
        "facility_kinds": {"version": 1, "preset": True, "rows": kinds},
        "standards": {"version": 1, "preset": False, "rows": asked},
    }
