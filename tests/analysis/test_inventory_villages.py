"""Villages and their facilities: joined by code, or by township and name."""

import pytest

from geoapp.analysis.inventory_villages import Village, VillageFacility, joined

# Two villages of one name in two townships, one whose name ends another's, and two that begin alike.
VILLAGES = (
    Village("1", "110116001001", "A", ("大地村",)),
    Village("2", "110116002001", "B", ("大地村",)),
    Village("3", "110116001002", "A", ("王峪村",)),
    Village("4", "110116001003", "A", ("上王峪村",)),
    Village("5", "110116001004", "A", ("富乐社区", "Fule")),
    Village("6", "110116001005", "A", ("富乐北里社区",)),
)


@pytest.mark.parametrize(
    ("village", "township", "name", "found"),
    [
        ("110116002001", "A", "大地村文化室", "2"),
        ("2", None, "文化室", "2"),
        (None, "A", "大地村综合文化室", "1"),
        (None, "B", "大地村综合文化室", "2"),
        (None, "A", "大地综合文化室", "1"),
        (None, None, "大地村综合文化室", None),
        (None, "C", "大地村综合文化室", None),
        (None, "A", "上王峪村综合文化室", "4"),
        (None, "A", "王峪村综合文化室", "3"),
        (None, "A", "某某镇上王峪村综合文化室", "4"),
        (None, "A", "富乐北里社区文化室", "6"),
        (None, "A", "富乐社区文化室", "5"),
        (None, "A", "FULE reading room", "5"),
        (None, "A", "文化室", None),
        ("999", "A", "大地村综合文化室", "1"),
        ("大地村", "B", "文化室", "2"),
        (" 王峪 ", "A", "大地文化室", "3"),
        ("大地村", None, "文化室", None),
        ("没有村", "A", "大地村综合文化室", "1"),
    ],
)
def test_the_code_decides_then_township_and_name(
    village: str | None, township: str | None, name: str, found: str | None
) -> None:
    assert joined([VillageFacility("r", village, township, (name,))], VILLAGES) == {"r": found}


def test_where_two_villages_fit_alike_none_is_taken() -> None:
    twins = [Village("1", "1", "A", ("东村",)), Village("2", "2", "A", ("西村",))]

    assert joined([VillageFacility("r", None, "A", ("东村西村合建文化室",))], twins) == {"r": "1"}
    assert joined([VillageFacility("r", None, "A", ("镇东村西村合建文化室",))], twins) == {"r": None}
