"""What records of roads say, in whatever words and types they say it."""

import json
from typing import Any

import pytest
import shapely

from geoapp.routing.roads import Road
from geoapp.services.routes.road_layer import DistrictRoads, read_roads

LINE = shapely.LineString([(0, 0), (0.001, 0)])


def roads(*records: dict[str, Any]) -> DistrictRoads:
    texts = [
        json.dumps({"type": "Feature", "id": "R", "geometry": None, "properties": one}).encode() for one in records
    ]
    return read_roads(texts, [LINE] * len(records))


def rule(**said: Any) -> Road:
    return roads(said).rules[0]


@pytest.mark.parametrize(
    ("word", "oneway"),
    [
        ("forward", "forward"), ("yes", "forward"), ("F", "forward"), ("是", "forward"), ("单行", "forward"),
        ("正向", "forward"), ("顺向", "forward"), (1, "forward"), (True, "forward"), ("backward", "backward"),
        ("-1", "backward"), ("反向", "backward"), ("逆向", "backward"), ("T", "backward"), ("否", None), ("双向", None),
        ("no", None), ("B", None), ("", None), (None, None), (0, None), (["yes"], None),
    ],
)  # fmt: skip
def test_one_ways_are_understood_in_the_words_of_offices_and_programs(word: Any, oneway: str | None) -> None:
    assert rule(kind="main", oneway=word).oneway == oneway


@pytest.mark.parametrize(
    ("words", "users"),
    [
        ("car,bus", {"car", "bus"}),
        ("小汽车、大客车", {"car", "bus"}),
        ("步行；自行车", {"foot", "bicycle"}),
        ("none", set()),
        (None, None),
    ],
)
def test_users_are_understood_in_both_languages(words: str | None, users: set[str] | None) -> None:
    assert rule(kind="main", uses=words).uses == (None if users is None else frozenset(users))


def test_zeros_and_nonsense_are_no_measures() -> None:
    said = rule(kind="main", height_m=0, width_m="wide", limit_kmh=-5, level=10**300)

    assert (said.height_m, said.width_m, said.limit_kmh) == (None, None, None)
    assert abs(said.level) < 100


def test_roads_that_say_the_same_share_a_rule_and_keep_their_names() -> None:
    found = roads({"kind": "main", "name": "甲"}, {"kind": "lane", "name": "lane"}, {"kind": "main", "name": "乙"},
                  {"kind": "main", "oneway": ["forward"]})  # fmt: skip

    assert found.rules == [Road("main"), Road("lane")]
    assert found.network.rule.tolist() == [0, 1, 0, 0]
    assert found.names == ["甲", None, "乙", None]


def test_no_roads_are_a_network_of_nothing() -> None:
    assert len(roads()) == len(roads().network.tail) == 0
