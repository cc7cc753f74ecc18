"""Files come in whole or not at all, and every row that does not is named."""

import io
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.drawing.image import Image
from PIL import Image as Pillow

from geoapp import services
from geoapp.analysis.datum import converted
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope, Selection
from geoapp.services.bringing import write_rejects
from geoapp.services.importing import Options, import_file
from tests.conftest import feature, toy_tables

HEADINGS = ["问题编号", "镇街", "点位", "存在问题", "类别", "责任单位", "状态", "经度", "纬度", "发现时间"]
GOOD = ["A-1", "西乡", "公园", "垃圾满溢", "暴露垃圾", "公安交通支队", "整改中", 0.5, 0.5, "2026年5月3日"]


def ledger(tmp_path: Path, *rows: list[Any], name: str = "ledger.xlsx") -> Path:
    book = openpyxl.Workbook()
    book.active.append(["玩具区问题台账"])
    book.active.append(HEADINGS)
    for row in rows:
        book.active.append(row)
    book.save(tmp_path / name)
    return tmp_path / name


def row(**changed: Any) -> list[Any]:
    return [changed.get(heading, value) for heading, value in zip(HEADINGS, GOOD, strict=True)]


def bring(district: services.District, file: Path, layer: str = "problems", **options: Any) -> Any:
    dry = options.pop("dry_run", False)
    return import_file(services.at_this_moment(district), layer, file, Options(**options), by="t", dry_run=dry)


def problem(district: services.District, number: str) -> dict[str, Any]:
    found = services.records(services.at_this_moment(district), "problems", Selection(), Scope.FULL, limit=1000).rows
    return next(one for one in found if one["number"] == number)


def test_a_ledger_of_an_office_becomes_problems_in_their_townships(district: services.District, tmp_path: Path) -> None:
    done = bring(district, ledger(tmp_path, GOOD, row(问题编号="A-2", 点位="某处", 经度=None, 纬度=None, 类别="不明")))

    assert (done.good, done.added, done.without_place, done.rejected) == (2, 2, 1, ())
    first, second = problem(district, "A-1"), problem(district, "A-2")
    assert (first["category"], first["subcategory"], first["status"], first["lead_unit"]) == (
        "02",
        "0201",
        "in_progress",
        "TRF",
    )
    assert (first["township"], first["township_stated"], first["street"]) == ("W", "W", "S1")
    assert first["found_at"] == "2026-05-03T00:00:00+08:00"
    assert (second["lon"], second["township"], second["position_precision"], second["category"]) == (
        None,
        "W",
        "none",
        "00",
    )


def test_a_row_without_coordinates_is_placed_by_the_name_in_it(district: services.District, tmp_path: Path) -> None:
    nowhere = {"经度": None, "纬度": None}
    rows = [row(问题编号="A-1", **nowhere), row(问题编号="A-2", 点位="小村村委会东侧", **nowhere),
            row(问题编号="A-3", 点位="某处", **nowhere)]  # fmt: skip
    done = bring(district, ledger(tmp_path, *rows))
    first, second, third = (problem(district, f"A-{n}") for n in (1, 2, 3))

    assert done.without_place == 1
    assert (first["lon"], first["position_precision"], first["placed_by"], first["site_id"]) == (
        0.5,
        "site",
        "公园",
        "P1",
    )
    assert (second["lon"], second["position_precision"], second["placed_by"]) == (0.25, "village", "小村")
    assert (third["lon"], third["position_precision"]) == (None, "none")
    again = bring(district, ledger(tmp_path, *rows))
    assert (again.same, again.changed, again.added) == (3, 0, 0)


def test_one_bad_row_keeps_all_out_and_is_named(district: services.District, tmp_path: Path) -> None:
    before = district.store.follow()
    with pytest.raises(BadInput, match=r"1 of 2 rows are bad, the first one: Row 4, 发现时间: '昨天' is no day"):
        bring(district, ledger(tmp_path, GOOD, row(问题编号="A-2", 发现时间="昨天")))

    assert district.store.follow() == before


@pytest.mark.parametrize(
    ("dirt", "reason"),
    [
        ({"发现时间": None}, "Row 3, 发现时间: found_at is missing; give it in the file, or one value for all rows"),
        ({"镇街": "火星街道"}, "Row 3, 镇街: '火星街道' is no township of this district."),
        ({"经度": "东边"}, "Row 3, 经度: '东边' is no number of degrees."),
        ({"纬度": None}, "Row 3, 经度: there is only one of the two coordinates."),
        ({"经度": 466_000}, "Row 3: (466000.0, 0.5) is no longitude and latitude in degrees."),
        ({"经度": 0, "纬度": 0}, "Row 3: (0.0, 0.0) is no longitude and latitude in degrees."),
        ({"状态": "差不多"}, "Row 3, 状态: '差不多' is none of reported"),
    ],
)
def test_dirt_is_told_with_row_heading_and_value(
    district: services.District, tmp_path: Path, dirt: dict[str, Any], reason: str
) -> None:
    preview = bring(district, ledger(tmp_path, row(**dirt)), dry_run=True)

    assert [str(one.told).startswith(reason.rstrip(".")) for one in preview.rejected] == [True], str(
        preview.rejected[0].told
    )


def test_good_rows_come_in_alone_if_one_says_so_and_bad_ones_come_back(
    district: services.District, tmp_path: Path
) -> None:
    file = ledger(tmp_path, GOOD, row(问题编号="A-2", 镇街="火星街道"))
    done = bring(district, file, skip_bad=True)
    write_rejects(file, Options(), done.rejected, tmp_path / "bad.xlsx")

    assert (done.added, len(done.rejected)) == (1, 1)
    sheet = openpyxl.load_workbook(tmp_path / "bad.xlsx").active
    rows = [[cell.value for cell in one] for one in sheet.iter_rows()]
    assert rows[0] == [*HEADINGS, "reason"]
    assert rows[1][0] == "A-2"
    assert "is no township of this district" in rows[1][-1]
    assert len(rows) == 2


def test_the_same_file_again_changes_nothing_and_a_changed_row_changes_its_problem(
    district: services.District, tmp_path: Path
) -> None:
    file = ledger(tmp_path, GOOD)
    bring(district, file)
    again = bring(district, file)
    assert (again.same, again.changed, again.added, again.seq) == (1, 0, 0, None)

    changed = bring(district, ledger(tmp_path, row(状态="已整改")))
    assert (changed.same, changed.changed, changed.added) == (0, 1, 0)
    assert problem(district, "A-1")["status"] == "rectified"


def test_what_a_file_does_not_say_stays_as_it_was(district: services.District, tmp_path: Path) -> None:
    bring(district, ledger(tmp_path, row(状态="已销号")))
    file = tmp_path / "less.csv"
    file.write_text("问题编号,整改措施\nA-1,已清运\n", encoding="utf-8")
    done = bring(district, file)
    now = problem(district, "A-1")

    assert (done.changed, done.rejected) == (1, ())
    assert (now["status"], now["subcategory"], now["measures"], now["lon"]) == ("closed", "0201", "已清运", 0.5)


def test_a_file_comes_in_as_one_commit(district: services.District, tmp_path: Path) -> None:
    done = bring(district, ledger(tmp_path, *[row(问题编号=f"A-{n}") for n in range(50)]))
    (commit, *_), *_ = district.store.history("problems", services.details(
        services.at_this_moment(district), "problems", problem(district, "A-7")["id"], Scope.FULL)["id"])  # fmt: skip

    assert commit.seq == done.seq
    assert (commit.count, commit.action) == (50, "import ledger.xlsx")


def test_a_row_that_stands_twice_is_named(district: services.District, tmp_path: Path) -> None:
    preview = bring(district, ledger(tmp_path, GOOD, GOOD), dry_run=True)

    assert [str(one.told) for one in preview.rejected] == ["Row 4, number: 'A-1' stands in row 3 too."]


def test_shifted_coordinates_are_brought_back(district: services.District, tmp_path: Path) -> None:
    (lon,), (lat,) = converted([116.6], [40.3], "wgs84", "gcj02")
    file = tmp_path / "sites.csv"
    file.write_text(f"名称,类型,经度,纬度\n广场,公园,{lon},{lat}\n", encoding="gb18030")
    bring(district, file, "sites", datum="gcj02")
    rows = services.records(services.at_this_moment(district), "sites", Selection(), Scope.FULL, limit=100).rows
    site = next(one for one in rows if one["name"] == "广场" and one["lon"] > 100)

    assert (site["lon"], site["lat"], site["kind"]) == (116.6, 40.3, "park")


def test_columns_that_stand_the_wrong_way_round_are_exchanged_and_it_is_said(
    district: services.District, tmp_path: Path
) -> None:
    # In the toy district longitudes go from 0 to 2 and latitudes from 0 to 1.
    rows = [row(问题编号=f"A-{n}", 经度=0.2 + n / 100, 纬度=1.5 + n / 100) for n in range(20)]
    done = bring(district, ledger(tmp_path, *rows))

    assert str(done.remarks[-1]) == "Longitude and latitude stood the wrong way round; they were exchanged."
    assert problem(district, "A-3")["township"] == "E"


def test_geojson_comes_in_with_its_own_ids_fields(district: services.District, tmp_path: Path) -> None:
    file = tmp_path / "facilities.geojson"
    place = {"type": "Point", "coordinates": [0.25, 0.25]}
    features = [
        {"type": "Feature", "geometry": place, "properties": {"name": "剧院", "kind": "theatre", "seats": "800 座"}}
    ]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8")
    bring(district, file, "facilities")
    rows = services.records(services.at_this_moment(district), "facilities", Selection(), Scope.FULL, limit=100).rows
    found = next(one for one in rows if one["name"] == "剧院")

    assert (found["township"], found["seats"]) == ("W", 800)


def test_what_was_exported_comes_back_identical(district: services.District, tmp_path: Path) -> None:
    for layer in ("sites", "facilities", "villages"):
        page = services.collection(district, layer, Selection(), Scope.FULL, limit=100)
        file = tmp_path / f"{layer}.geojson"
        file.write_bytes(b'{"type":"FeatureCollection","features":' + page.features + b"}")
        again = bring(district, file, layer)
        assert (again.added, again.changed, again.same, again.rejected) == (0, 0, page.matched, ())


def test_a_field_that_is_none_is_refused_before_the_file_is_read(district: services.District, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="problems have no field 'beauty'"):
        bring(district, ledger(tmp_path, GOOD), fixed={"beauty": "high"})
    with pytest.raises(BadInput, match="'mars' is not one of wgs84"):
        bring(district, ledger(tmp_path, GOOD), datum="mars")
    with pytest.raises(BadInput, match="is no coordinate reference system"):
        bring(district, ledger(tmp_path, GOOD), crs="EPSG:999999")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25, deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(max_size=12), st.integers(-10**6, 10**6), st.floats(allow_nan=False)),
                min_size=10, max_size=10))  # fmt: skip
def test_any_row_is_either_good_or_named(district: services.District, tmp_path: Path, cells: list[Any]) -> None:
    clean = ["".join(c for c in cell if c.isprintable()) if isinstance(cell, str) else cell for cell in cells]
    preview = bring(district, ledger(tmp_path, GOOD, clean), dry_run=True)

    empty = all(cell is None or not str(cell).strip() for cell in clean)
    assert preview.good + len(preview.rejected) == (1 if empty else 2)


def test_pictures_in_cells_become_photos_and_come_in_once(district: services.District, tmp_path: Path) -> None:
    out = io.BytesIO()
    Pillow.new("RGB", (4, 4), "red").save(out, "PNG")
    book = openpyxl.Workbook()
    book.active.append(HEADINGS)
    book.active.append(GOOD)
    book.active.add_image(Image(io.BytesIO(out.getvalue())), "L2")
    file = tmp_path / "with picture.xlsx"
    book.save(file)
    seen = bring(district, file, dry_run=True)
    assert (seen.pictures, list(district.store.photos.names())) == (1, [])
    bring(district, file)
    (photo,) = problem(district, "A-1")["photos"]

    assert district.store.photos.get(photo) == out.getvalue()
    assert bring(district, file).same == 1
    assert district.store.verify().ok


@pytest.mark.parametrize(
    ("heading", "text", "field", "value"),
    [
        ("发现时间", "2026年5月3日 下午2:30", "found_at", "2026-05-03T14:30:00+08:00"),
        ("发现时间", "2026-05-03（周日）9时", "found_at", "2026-05-03T09:00:00+08:00"),
        ("发现时间", "46145.5", "found_at", "2026-05-03T12:00:00+08:00"),
        ("发现时间", "5月3日", "found_at", "2026-05-03T00:00:00+08:00"),
        ("类别", 2, "category", "02"),
        ("类别", "环境卫生类", "category", "02"),
        ("类别", "环境卫生/暴露垃圾", "subcategory", "0201"),
        ("类别", "0201 暴露垃圾", "subcategory", "0201"),
        ("镇街", "西乡人民政府", "township", "W"),
        ("镇街", " 西 ", "township", "W"),
        ("状态", "整改完毕", "status", "rectified"),
        ("经度", "0°30′E", "lon", 0.5),
        ("经度", "东经0.5度", "lon", 0.5),
        ("纬度", "０．５", "lat", 0.5),
        ("问题编号", "Ａ-１", "number", "A-1"),
        ("存在问题", "（一）垃圾满溢", "description", "（一）垃圾满溢"),
        ("存在问题", "=cmd|' /C calc'!A0", "description", "=cmd|' /C calc'!A0"),
    ],
)
def test_what_people_write_is_understood(
    district: services.District, tmp_path: Path, heading: str, text: Any, field: str, value: Any
) -> None:
    file = tmp_path / "ledger.csv"
    cells = [text if name == heading else cell for name, cell in zip(HEADINGS, GOOD, strict=True)]
    file.write_text(",".join(HEADINGS) + "\n" + ",".join(map(str, cells)) + "\n", encoding="gb18030")
    done = bring(district, file)

    assert done.rejected == ()
    assert problem(district, "A-1")[field] == value


def test_words_that_no_table_knows_are_kept_and_told(district: services.District, tmp_path: Path) -> None:
    done = bring(district, ledger(tmp_path, row(类别="不明"), row(问题编号="A-2", 责任单位="某某局")))

    assert [str(remark) for remark in done.remarks[1:]] == [
        "1 rows name a category that is not in the table (不明): they are kept as not yet classified.",
        "lead_unit: 1 rows say what is not in the table (某某局); it is kept as it stands.",
    ]


def test_an_error_of_excel_and_repeated_headings_are_told_apart(district: services.District, tmp_path: Path) -> None:
    done = bring(district, ledger(tmp_path, GOOD, HEADINGS, row(问题编号="A-2", 责任单位="#REF!")), dry_run=True)

    assert [str(one.told) for one in done.rejected] == [
        "Row 5, 责任单位: '#REF!' is an error that Excel shows; mend the cell."
    ]


def beijing_street() -> dict[str, Any]:
    """A long street in Beijing, where maps are shifted."""
    return {"type": "LineString", "coordinates": [[116.60 + n / 1000, 40.30 + (n % 7) / 400] for n in range(60)]}


@pytest.mark.parametrize("schematic", [False, True])
def test_points_along_a_street_tell_their_shift_unless_it_is_drawn_roughly(tmp_path: Path, schematic: bool) -> None:
    street = feature("S1", beijing_street(), name="大街", kind="main")
    around = {"type": "Polygon", "coordinates": [[[116, 40], [117, 40], [117, 41], [116, 41], [116, 40]]]}
    layers = {"townships": [feature("W", around, code="W", name="西乡", kind="township")], "streets": [street]}
    tables = toy_tables() | {"district": toy_tables()["district"] | {"schematic": schematic}}
    opened = services.found(tmp_path / "beijing", layers, tables)
    lon, lat = converted(*np.array(beijing_street()["coordinates"]).T, "wgs84", "gcj02")
    rows = "".join(f"点{n},park,{east},{north}\n" for n, (east, north) in enumerate(zip(lon, lat, strict=True)))
    (tmp_path / "picked.csv").write_text(f"名称,类型,经度,纬度\n{rows}", encoding="utf-8")
    done = bring(opened, tmp_path / "picked.csv", "sites", dry_run=True)
    opened.close()

    assert (
        any("look like GCJ-02" in str(remark) and "street" in str(remark) for remark in done.remarks) is not schematic
    )


def test_points_that_lie_in_the_district_once_they_are_unshifted_are_told(tmp_path: Path) -> None:
    ring = [[116.6, 40.3], [116.61, 40.3], [116.61, 40.31], [116.6, 40.31], [116.6, 40.3]]
    area = feature("W", {"type": "Polygon", "coordinates": [ring]}, code="W", name="西乡", kind="township")
    opened = services.found(tmp_path / "beijing", {"townships": [area]}, toy_tables())
    east, north = np.random.default_rng(1).uniform((116.6005, 40.3005), (116.6095, 40.3095), (60, 2)).T
    lon, lat = converted(east, north, "wgs84", "gcj02")
    rows = "".join(f"点{n},park,{x},{y}\n" for n, (x, y) in enumerate(zip(lon, lat, strict=True)))
    (tmp_path / "picked.csv").write_text(f"名称,类型,经度,纬度\n{rows}", encoding="utf-8")
    (told,) = bring(opened, tmp_path / "picked.csv", "sites", dry_run=True).remarks
    opened.close()

    assert re.match(
        r"These points look like GCJ-02: as they stand, \d+ of 60 lie in the district, unshifted 60\.", str(told)
    )


def test_pairs_with_the_latitude_first_are_exchanged_and_counted(tmp_path: Path) -> None:
    ring = [[116.6, 40.3], [116.7, 40.3], [116.7, 40.4], [116.6, 40.4], [116.6, 40.3]]
    area = feature("W", {"type": "Polygon", "coordinates": [ring]}, code="W", name="西乡", kind="township")
    opened = services.found(tmp_path / "beijing", {"townships": [area]}, toy_tables())
    (tmp_path / "a.csv").write_text(
        '名称,类型,坐标\n甲,park,"40.35,116.65"\n乙,park,"北纬40.35,东经116.65"\n', encoding="utf-8"
    )
    done = bring(opened, tmp_path / "a.csv", "sites")
    rows = services.records(services.at_this_moment(opened), "sites", Selection(), Scope.FULL, limit=9).rows
    opened.close()

    assert [(one["lon"], one["lat"]) for one in rows] == [(116.65, 40.35)] * 2
    assert "1 coordinates stood latitude first; they were exchanged." in map(str, done.remarks)


@pytest.mark.parametrize("seats", ["9" * 400, "1e400", "-" + "9" * 30, "nan"])
def test_numbers_that_no_computer_keeps_are_named(district: services.District, tmp_path: Path, seats: str) -> None:
    (tmp_path / "a.csv").write_text(f"名称,类型,座位数\n剧院,theatre,{seats}\n", encoding="utf-8")
    (bad,) = bring(district, tmp_path / "a.csv", "facilities", dry_run=True).rejected

    assert (bad.row, bad.heading) == (2, "座位数")


def test_one_row_whose_columns_are_exchanged_is_set_right_among_others(
    district: services.District, tmp_path: Path
) -> None:
    rows = [row(问题编号=f"A-{n}") for n in range(5)]
    done = bring(district, ledger(tmp_path, *rows, row(问题编号="B", 经度=0.5, 纬度=116.6)))

    assert problem(district, "B")["lon"] == 116.6
    assert "1 coordinates stood latitude first; they were exchanged." in map(str, done.remarks)


def test_many_rows_at_one_place_are_one_witness_of_a_shift(tmp_path: Path) -> None:
    ring = [[116.6, 40.3], [116.7, 40.3], [116.7, 40.4], [116.6, 40.4], [116.6, 40.3]]
    area = feature("W", {"type": "Polygon", "coordinates": [ring]}, code="W", name="西乡", kind="township")
    known = feature("P", (116.6246, 40.3182), name="公园", kind="park")
    opened = services.found(tmp_path / "beijing", {"townships": [area], "sites": [known]}, toy_tables())
    text = "名称,类型,经度,纬度\n" + "".join(f"点{n},park,116.63,40.32\n" for n in range(400))
    (tmp_path / "a.csv").write_text(text, encoding="utf-8")
    done = bring(opened, tmp_path / "a.csv", "sites", dry_run=True)
    opened.close()

    assert done.remarks == ()


def test_a_workbook_whose_first_sheet_is_a_note_is_read_from_its_table(
    district: services.District, tmp_path: Path
) -> None:
    book = openpyxl.load_workbook(ledger(tmp_path, GOOD))
    book.create_sheet("说明", 0).append(["请看第二张表"])
    book.save(tmp_path / "two.xlsx")
    done = bring(district, tmp_path / "two.xlsx")

    assert done.added == 1
    assert str(done.remarks[0]) == "Of its sheets 'Sheet' was read, not 说明."
