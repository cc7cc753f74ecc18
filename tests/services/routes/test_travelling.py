"""Roads kept in the instance's cache: opened by another process, made anew where they are missing or damaged."""

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geoapp import services
from geoapp.domain.errors import GeoappError, StorageFailed
from geoapp.routing.cch import Hierarchy
from geoapp.routing.travel import RoadTravel, StraightTravel
from geoapp.services.derived import Derived
from geoapp.services.importing import Options, import_file
from geoapp.services.routes.travelling import (
    SavedTravel,
    district_roads,
    graph_of,
    open_travel,
    plain_travel,
    road_names,
    slow_sentence,
    travel_files,
    travel_of,
)
from geoapp.storage.kept_arrays import save_arrays, saved_arrays
from geoapp.storage.ledger import Change
from tests.conftest import NOW, feature, toy_layers, toy_tables

# A ring of three streets and a dead end in the west, in thousandths of a degree from (0.5, 0.5); one of them one-way.
ROADS = {
    "R1": ([(0, 0), (10, 0)], {"name": "长街", "kind": "main"}),
    "R2": ([(10, 0), (10, 10)], {"name": "country road", "kind": "country_road"}),
    "R3": ([(10, 10), (0, 0)], {"name": "斜街", "kind": "secondary", "oneway": "是"}),
    "R4": ([(0, 0), (-10, 0)], {"name": "西街", "kind": "main", "limit_kmh": 60, "height_m": 3.0}),
}
PLACES = [(0.501, 0.5), (0.51, 0.505), (0.503, 0.503), (0.495, 0.5)]

OPENED_ELSEWHERE = """
import json, pickle, sys
for name in sys.argv[1:]:
    sys.modules[name] = None
from geoapp.services.routes.travelling import open_travel, slow_sentence
saved = pickle.load(sys.stdin.buffer)
fast, plain = open_travel(saved)
places = [(0.501, 0.5), (0.51, 0.505), (0.503, 0.503), (0.495, 0.5)]
slow = slow_sentence()
print(json.dumps({"fast": fast.matrix_s(places).tolist(), "plain": plain.matrix_s(places).tolist(),
                  "slow": slow and str(slow)}))
"""


def road(id: str, line: list[tuple[float, float]], **properties: Any) -> dict[str, Any]:
    places = [[0.5 + x / 1_000, 0.5 + y / 1_000] for x, y in line]
    return feature(id, {"type": "LineString", "coordinates": places}, **properties)


def opened(folder: Path, *, schematic: bool = False) -> services.District:
    roads = [road(id, line, **said | ({"schematic": True} if schematic else {})) for id, (line, said) in ROADS.items()]
    return services.found(folder, toy_layers() | {"roads": roads}, toy_tables(), clock=lambda: NOW)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[services.District]:
    made = opened(tmp_path / "toy")
    yield services.at_this_moment(made)
    made.close()


def afresh(district: services.District) -> services.District:
    """The same instance as a process sees it that has computed nothing yet."""
    return replace(district, derived=Derived())


def kept(district: services.District, pattern: str = "*.npz") -> list[Path]:
    return sorted((district.config.instance / "cache").glob(pattern))


def elsewhere(saved: SavedTravel, *missing: str) -> dict[str, Any]:
    done = subprocess.run([sys.executable, "-c", OPENED_ELSEWHERE, *missing], input=pickle.dumps(saved),
                          capture_output=True, check=True, cwd=Path(__file__).parents[3])  # fmt: skip
    return dict(json.loads(done.stdout))


def test_another_process_opens_the_roads_without_the_district(town: services.District) -> None:
    here = travel_of(town, "car").matrix_s(PLACES).tolist()
    there = elsewhere(travel_files(town, "car"))

    assert there["fast"] == there["plain"] == here


def test_without_routingkit_cch_scipy_serves_as_exactly_and_one_sentence_says_so(town: services.District) -> None:
    there = elsewhere(travel_files(town, "car"), "routingkit_cch")

    assert there["fast"] == travel_of(town, "car").matrix_s(PLACES).tolist()
    assert "scipy" in there["slow"]
    assert slow_sentence() is None or not Hierarchy.installed()


def test_what_was_made_without_a_hierarchy_gets_one_where_there_is_one(town: services.District) -> None:
    if not Hierarchy.installed():
        pytest.skip("routingkit-cch has no wheel for this machine")
    path = travel_files(town, "car").travel
    assert path is not None
    arrays = saved_arrays(path)
    assert arrays is not None
    save_arrays(path, arrays | {"order": np.empty(0, np.uint32)})
    travel_of(afresh(town), "car")

    assert len((saved_arrays(path) or {})["order"]) == len(graph_of(town, "car").lon)


def test_roads_are_read_from_their_file_as_they_were_joined(town: services.District) -> None:
    made, again = district_roads(town), district_roads(afresh(town))

    assert (again.rules, again.names, again.schematic, len(again)) == (made.rules, made.names, False, 4)
    assert again.network.joined == made.network.joined
    arrays = ("lon", "lat", "tail", "head", "road", "rule", "length_m", "vertices", "first", "last", "along_m")
    assert all(np.array_equal(getattr(made.network, name), getattr(again.network, name)) for name in arrays)


def test_a_road_without_a_name_is_not_called_after_its_kind(town: services.District) -> None:
    assert road_names(town)[1] is None


@pytest.mark.parametrize("how", ["cut", "flipped", "emptied", "foreign", "pickled", "renamed", "single", "gone"])
def test_a_damaged_or_foreign_file_is_made_anew_without_a_word(town: services.District, how: str) -> None:
    expected = travel_of(town, "car").matrix_s(PLACES).tolist()
    other = travel_files(town, "foot")
    for path in kept(town, "roads-*") + kept(town, "travel-*-car-*"):
        spoil(path, how, other.travel)
    fresh = afresh(town)

    assert travel_of(fresh, "car").matrix_s(PLACES).tolist() == expected
    fast, plain = open_travel(travel_files(fresh, "car"))
    assert fast.matrix_s(PLACES).tolist() == plain.matrix_s(PLACES).tolist() == expected


def spoil(path: Path, how: str, other: Path | None) -> None:
    """Do to a file what disks, people and other programs do."""
    content = path.read_bytes()
    if how == "cut":
        path.write_bytes(content[: len(content) // 2])
    elif how == "flipped":
        middle = len(content) // 2
        path.write_bytes(content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :])
    elif how == "foreign":
        np.savez(path, something=np.arange(3))
    elif how == "pickled":
        np.savez(path, lon=np.array([{"a": 1}], dtype=object), allow_pickle=True)
    elif how == "renamed" and other is not None:
        path.write_bytes(other.read_bytes())
    elif how == "single":
        with path.open("wb") as file:
            np.save(file, np.arange(3))
    elif how == "gone":
        path.unlink()
    else:
        path.write_bytes(b"")


def test_files_that_were_removed_meanwhile_are_missed_in_one_sentence(town: services.District) -> None:
    saved = travel_files(town, "car")
    for path in kept(town):
        path.unlink()

    with pytest.raises(GeoappError, match="The saved roads were removed meanwhile"):
        open_travel(saved)


def test_files_that_were_removed_are_written_again_from_memory(town: services.District) -> None:
    saved = travel_files(town, "car")
    for path in kept(town):
        path.unlink()

    assert travel_files(town, "car") == saved
    assert open_travel(saved)[0].matrix_s(PLACES).tolist() == travel_of(town, "car").matrix_s(PLACES).tolist()


def test_after_a_change_the_roads_have_another_name_and_the_oldest_are_removed(town: services.District) -> None:
    first = travel_files(town, "car")
    aged(first, 0)
    for number in range(3):
        renamed = json.dumps({"properties": {"name": f"第{number}街"}}).encode()
        town.store.append([Change("roads", "R1", renamed)], actor="t", action="t")
        town = services.at_this_moment(replace(town, view=None))
        newest = travel_files(town, "car")
        aged(newest, number + 1)

    assert first.roads not in kept(town)
    assert {newest.roads, newest.travel} <= set(kept(town))
    assert len(kept(town, "roads-*")) == len(kept(town, "travel-*")) == 2
    assert road_names(town)[0] == "第2街"


def aged(saved: SavedTravel, seconds: int) -> None:
    """Let files be written so many seconds after 1970 began."""
    for path in (saved.roads, saved.travel):
        assert path is not None
        os.utime(path, (seconds, seconds))


def test_nothing_half_written_stays_behind(town: services.District, tmp_path: Path) -> None:
    class Unwritable:
        def __array__(self, *_: object, **__: object) -> Any:
            raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        save_arrays(tmp_path / "cache" / "x.npz", {"a": Unwritable()})  # type: ignore[dict-item]
    assert list((tmp_path / "cache").iterdir()) == []


def test_roads_work_where_nothing_can_be_kept_and_only_files_are_refused(town: services.District) -> None:
    (town.config.instance / "cache").write_text("a file where a folder should be")

    assert isinstance(travel_of(town, "car"), RoadTravel)
    with pytest.raises(StorageFailed, match="refused to keep"):
        travel_files(town, "car")


def test_a_district_without_roads_is_travelled_in_straight_lines(district: services.District) -> None:
    saved = travel_files(district, "car")
    fast, plain = open_travel(pickle.loads(pickle.dumps(saved)))

    assert saved == travel_files(None, "car") == SavedTravel("car")
    assert saved.estimate
    assert isinstance(fast, StraightTravel)
    assert fast.matrix_s(PLACES).tolist() == plain.matrix_s(PLACES).tolist()
    assert plain_travel(district, "car").estimate


def test_schematic_roads_say_so(tmp_path: Path) -> None:
    made = opened(tmp_path / "toy", schematic=True)
    try:
        assert travel_files(services.at_this_moment(made), "car").schematic
    finally:
        made.close()


def test_roads_that_nobody_may_use_are_no_roads(tmp_path: Path) -> None:
    paths = [road("P", [(0, 0), (1, 0)], name="径", kind="steps")]
    made = services.found(tmp_path / "toy", toy_layers() | {"roads": paths}, toy_tables(), clock=lambda: NOW)
    try:
        saved = travel_files(services.at_this_moment(made), "car")
        assert (saved.estimate, saved.roads) == (True, None)
        assert not travel_files(services.at_this_moment(made), "foot").estimate
    finally:
        made.close()


def test_an_offices_roads_with_its_own_words_bind_the_same(town: services.District, tmp_path: Path) -> None:
    rows = [
        road(
            "",
            [(0, 20), (10, 20)],
            编号="G1",
            名称="单行路",
            道路等级="main",
            单行="正向",
            限高="2.8",
            限速="40",
            层级=-1,
        ),
        road(
            "",
            [(0, 30), (10, 30)],
            编号="G2",
            名称="反向路",
            道路等级="main",
            单行="反向",
            限高="4.5",
            路宽="6",
            层级="1",
        ),
        road(
            "", [(0, 40), (10, 40)], 编号="G3", 名称="双行路", 道路等级="城市支路", 单行="否", 可通行="小汽车、自行车"
        ),
    ]
    file = tmp_path / "roads.geojson"
    for one in rows:
        one.pop("id")
    file.write_text(json.dumps({"type": "FeatureCollection", "features": rows}), encoding="utf-8")
    done = import_file(town, "roads", file, Options(), by="t")
    known = district_roads(services.at_this_moment(replace(town, view=None)))
    said = {name: known.rules[rule] for name, rule in zip(known.names, rules_by_road(known), strict=True)}

    assert (done.added, done.rejected) == (3, ())
    assert (said["单行路"].oneway, said["单行路"].height_m, said["单行路"].limit_kmh) == ("forward", 2.8, 40)
    assert (said["反向路"].oneway, said["反向路"].height_m, said["反向路"].width_m) == ("backward", 4.5, 6)
    assert (said["单行路"].level, said["反向路"].level) == (-1, 1)
    assert (said["双行路"].oneway, said["双行路"].uses) == (None, frozenset({"car", "bicycle"}))


def rules_by_road(known: Any) -> list[int]:
    """The rule of each road, from its first piece."""
    first = {int(road): int(rule) for road, rule in zip(known.network.road, known.network.rule, strict=True)}
    return [first[number] for number in range(len(known))]
