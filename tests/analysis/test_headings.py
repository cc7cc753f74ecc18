"""Headings of real ledgers mean fields."""

import pytest

from geoapp.analysis.headings import BOTH, LAT, LON, recognised

FIELDS = ("number", "category", "status", "found_at", "description", "lead_unit")


@pytest.mark.parametrize(
    ("headings", "meant"),
    [
        (["点位", "存在问题", "责任单位"], ["name", "description", "lead_unit"]),
        (["街道", "点位名称", "存在问题", "责任单位"], ["township_stated", "name", "description", "lead_unit"]),
        (["问题编号", "所属镇街", "问题类别", "发现时间", "整改时限"],
         ["number", "township_stated", "category", "found_at", "deadline"]),
        (["经度（度）", " 纬 度 ", "Name"], [LON, LAT, "name"]),
        (["坐标", "ＬＮＧ", "lat"], [BOTH, LON, LAT]),
        (["found_at", "Lead Unit", "STATUS"], ["found_at", "lead_unit", "status"]),
    ],
)  # fmt: skip
def test_usual_headings_are_recognised(headings: list[str], meant: list[str]) -> None:
    found = recognised(headings, "problems", FIELDS)

    assert [found.fields[heading] for heading in headings] == meant
    assert found.unknown == found.doubtful == ()


def test_what_means_nothing_here_is_unknown() -> None:
    assert recognised(["照片", "名称"], "problems", FIELDS).unknown == ("照片",)


def test_a_field_is_meant_once_and_the_other_heading_is_doubtful() -> None:
    found = recognised(["工单号", "问题编号", "名称"], "problems", FIELDS)

    assert found.fields == {"问题编号": "number", "名称": "name"}
    assert found.doubtful == ("工单号",)


def test_the_running_number_of_a_sheet_is_nobody_s_number() -> None:
    assert recognised(["序号", "存在问题"], "problems", FIELDS).unknown == ("序号",)


def test_the_same_heading_means_another_field_in_another_layer() -> None:
    assert recognised(["类别", "状态"], "sites", ()).fields == {"类别": "kind"}
    assert recognised(["级别", "状态"], "facilities", ()).fields == {"级别": "level", "状态": "build_status"}
