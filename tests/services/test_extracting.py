"""A district out of an OpenStreetMap extract: a toy one that can be checked by hand, and a real small country."""

import json
from pathlib import Path

import pytest
import shapely

from geoapp import services
from geoapp.analysis.areas import area_km2
from geoapp.config import Config
from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS
from geoapp.domain.selection import Scope, Selection
from geoapp.services.extracting import Wanted, init_osm
from geoapp.services.routes.travelling import graph_of
from geoapp.web import create_app

# Two squares side by side, W and E, together the district D; a library in W, a school, a nameless school, a nameless
# restaurant and two toilets in E, one for customers only; one street of two ways across the border and another street
# of the same name far away.
NODES = {1: (0, 0), 2: (1, 0), 3: (2, 0), 4: (2, 1), 5: (1, 1), 6: (0, 1), 7: (0.4, 0.5), 8: (1.0, 0.5), 9: (1.6, 0.5),
         10: (1.7, 0.9), 11: (1.9, 0.9)}  # fmt: skip


def toy_extract(folder: Path) -> Path:
    nodes = "".join(f'<node id="{id}" version="1" lon="{lon}" lat="{lat}"/>' for id, (lon, lat) in NODES.items())
    nodes += node(20, 0.5, 0.2, amenity="library", name="图书馆", **{"name:en": "Library"})
    nodes += node(21, 1.5, 0.2, amenity="school", name="School") + node(22, 1.6, 0.2, amenity="school")
    nodes += node(25, 1.7, 0.2, amenity="restaurant") + node(26, 1.8, 0.2, amenity="toilets")
    nodes += node(27, 1.8, 0.3, amenity="toilets", access="customers")
    nodes += node(23, 0.2, 0.8, place="village", name="Hamlet", population="1,200") + node(
        24, 0.6, 0.6, tourism="museum"
    )
    ways = way(1, 2, 5) + way(2, 5, 6, 1, 2) + way(3, 2, 3, 4, 5)
    ways += way(10, 7, 8, highway="residential", name="High Street") + way(
        11, 8, 9, highway="tertiary", name="High Street"
    )
    ways += way(12, 10, 11, highway="residential", name="High Street") + way(13, 7, 5, highway="track", name="Track")
    relations = relation(1, (1, 2), admin_level="8", name="W") + relation(2, (1, 3), admin_level="8", name="E")
    relations += relation(3, (2, 3), admin_level="6", name="D") + relation(4, (2, 99), admin_level="8", name="Beyond")
    file = folder / "toy.osm"
    file.write_text(f'<osm version="0.6">{nodes}{ways}{relations}</osm>', encoding="utf-8")
    return file


def tagged(tags: dict[str, str]) -> str:
    return "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())


def node(id: int, lon: float, lat: float, **tags: str) -> str:
    return f'<node id="{id}" version="1" lon="{lon}" lat="{lat}">{tagged(tags)}</node>'


def way(id: int, *nodes: int, **tags: str) -> str:
    return f'<way id="{id}" version="1">{"".join(f"""<nd ref="{one}"/>""" for one in nodes)}{tagged(tags)}</way>'


def relation(id: int, ways: tuple[int, ...], **tags: str) -> str:
    members = "".join(f'<member type="way" ref="{one}" role="outer"/>' for one in ways)
    kind = tagged({"type": "boundary", "boundary": "administrative", **tags})
    return f'<relation id="{id}" version="1">{members}{kind}</relation>'


def founded(tmp_path: Path, file: Path, wanted: Wanted) -> tuple[dict[str, object], services.District]:
    config = Config(instance=tmp_path / "district")
    told = init_osm(config, file, wanted)
    return told, services.at_this_moment(services.open_district(config))


def names(district: services.District, layer: str) -> list[str]:
    rows = services.records(district, layer, Selection(), Scope.FULL, limit=10_000).rows
    return sorted(row["name"] for row in rows)


def test_the_toy_extract_becomes_a_district_with_everything_in_its_township(tmp_path: Path) -> None:
    told, district = founded(tmp_path, toy_extract(tmp_path), Wanted(timezone="Europe/Vaduz"))
    try:
        assert told["admin_level"] == 8
        assert told["incomplete"] == ["Beyond"]
        assert "Beyond" in str(told["sentence"])
        assert names(district, "townships") == ["E", "W"]
        assert names(district, "facilities") == ["museum", "图书馆"]
        assert names(district, "sites") == ["School", "public toilet", "school", "图书馆"]
        assert names(district, "streets") == ["High Street", "High Street"]
        library = services.details(district, "facilities", "n20", Scope.FULL)["properties"]
        assert (library["township_name"], library["name_en"], library["kind"]) == ("W", "Library", "library")
        assert library["source"].endswith("ODbL 1.0")
        assert services.details(district, "villages", "n23", Scope.FULL)["properties"]["population"] == 1200
        assert district.describe().name == "D"
    finally:
        district.close()


def test_ways_of_one_name_that_touch_are_one_street(tmp_path: Path) -> None:
    _, district = founded(tmp_path, toy_extract(tmp_path), Wanted())
    try:
        street = services.details(district, "streets", "w10", Scope.FULL)
        assert shapely.length(shapely.from_geojson(json.dumps(street["geometry"]))) == pytest.approx(1.2)
        assert len(names(district, "roads")) == 4
    finally:
        district.close()


def test_a_part_of_an_extract_can_be_the_district(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    with pytest.raises(BadInput, match="There is no boundary named 'Atlantis'; there are"):
        init_osm(Config(instance=tmp_path / "none"), file, Wanted(within="Atlantis"))
    told, district = founded(tmp_path, file, Wanted(within="D", admin_level=8, name="Our district"))
    district.close()

    assert (told["district"], told["townships"]) == ("Our district", 2)


def test_a_level_that_does_not_divide_the_district_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="No level of boundaries divides this district"):
        init_osm(Config(instance=tmp_path / "none"), toy_extract(tmp_path), Wanted(within="W", admin_level=9))
    assert not (tmp_path / "none" / "ledger.sqlite").exists()


@pytest.mark.parametrize("content", [b"", b"not a map", b"<osm version='0.6'><node id='1'"])
def test_a_file_that_is_no_extract_gets_one_sentence(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "broken.osm"
    file.write_bytes(content)

    with pytest.raises(BadInput):
        init_osm(Config(instance=tmp_path / "none"), file, Wanted())


def test_roads_that_are_closed_in_winter_are_told_of(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    closed = way(14, 7, 5, highway="secondary", **{"access:conditional": "no @ (Nov-May)"})
    file.write_text(file.read_text(encoding="utf-8").replace("</osm>", f"{closed}</osm>"), encoding="utf-8")
    told = init_osm(Config(instance=tmp_path / "district"), file, Wanted())

    assert "1 roads are closed at times" in str(told["sentence"])


def test_a_road_whose_nodes_are_not_all_in_the_file_is_the_part_that_is(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    parted = way(14, 98, 7, 8, 9, 99, 10, highway="secondary", name="To the border") + way(15, 98, 7, highway="road")
    text = file.read_text(encoding="utf-8").replace("<relation", f"{parted}<relation", 1)
    file.write_text(text, encoding="utf-8")
    _, district = founded(tmp_path, file, Wanted())
    try:
        road = services.details(district, "roads", "w14", Scope.FULL)
        assert road["geometry"]["coordinates"] == [[0.4, 0.5], [1.0, 0.5], [1.6, 0.5]]
        assert len(names(district, "roads")) == 5
    finally:
        district.close()


def test_an_island_that_only_a_ferry_reaches_is_cut_off(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    more = way(14, 9, 10, route="ferry", name="Ferry") + way(15, 9, 3, highway="construction", construction="primary")
    text = file.read_text(encoding="utf-8").replace("<relation", f"{more}<relation", 1)
    file.write_text(text, encoding="utf-8")
    _, district = founded(tmp_path, file, Wanted())
    try:
        found = graph_of(district, "car")
        # High Street of 1.2 degrees, and its namesake of 0.2 beyond the water.
        assert found.usable_km == pytest.approx(1.4 * 111.3, rel=0.01)
        assert found.cut_off_km == pytest.approx(0.2 * 111.3, rel=0.01)
        assert "Ferry" not in names(district, "roads")
    finally:
        district.close()


def test_a_bollard_cuts_a_road_and_says_whom_it_keeps_out(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    text = file.read_text(encoding="utf-8").replace("<way", node(30, 0.7, 0.7, barrier="bollard") + "<way", 1)
    cut = way(14, 7, 30, 5, highway="secondary", name="Cut Street")
    file.write_text(text.replace("<relation", f"{cut}<relation", 1), encoding="utf-8")
    _, district = founded(tmp_path, file, Wanted())
    try:
        assert names(district, "roads").count("Cut Street") == 3
        assert names(district, "streets").count("Cut Street") == 1
        assert services.details(district, "roads", "w14-2", Scope.FULL)["properties"]["uses"] == "bicycle,foot"
        assert "uses" not in services.details(district, "roads", "w14-3", Scope.FULL)["properties"]
    finally:
        district.close()


def test_a_place_drawn_as_an_area_stands_where_openstreetmap_could_write_it(tmp_path: Path) -> None:
    file = toy_extract(tmp_path)
    corners = node(40, 1.1, 0.4) + node(41, 1.1000001, 0.4000007) + node(42, 1.1000011, 0.4000001)
    school = way(20, 40, 41, 42, 40, amenity="school", name="Small School")
    text = file.read_text(encoding="utf-8").replace("<way", f"{corners}<way", 1)
    file.write_text(text.replace("<relation", f"{school}<relation", 1), encoding="utf-8")
    _, district = founded(tmp_path, file, Wanted())
    try:
        place = services.details(district, "sites", "w20", Scope.FULL)["geometry"]["coordinates"]
        assert place == [round(one, 7) for one in place]
    finally:
        district.close()


def test_an_unknown_time_zone_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="'Mars/Olympus' is no time zone"):
        init_osm(Config(instance=tmp_path / "none"), toy_extract(tmp_path), Wanted(timezone="Mars/Olympus"))
    assert not (tmp_path / "none").exists()


@pytest.fixture
def liechtenstein(shared_data: Path, tmp_path: Path) -> tuple[dict[str, object], services.District]:
    file = shared_data / "liechtenstein/liechtenstein-latest.osm.pbf"
    return founded(tmp_path, file, Wanted(timezone="Europe/Vaduz"))


def test_liechtenstein_stands_end_to_end(liechtenstein: tuple[dict[str, object], services.District]) -> None:
    told, district = liechtenstein
    try:
        snapshot = district.present.snapshot("townships")
        assert told["townships"] == 11
        assert area_km2(snapshot.geometries(snapshot.alive())).sum() == pytest.approx(160.4, rel=0.01)
        kinds = services.statistics(district, "facilities", Selection(), Scope.FULL, by=("kind",))
        assert {row["kind"]: row["count"] for row in kinds}.items() >= {
            "museum": 10,
            "theatre": 1,
            "library": 1,
        }.items()
        client = create_app(district).test_client()
        some = [client.get(f"/api/v1/{layer}?limit=1").json["features"][:1] for layer in LAYERS]
        pages = ["/", "/leader", *(f"/{layer}" for layer in LAYERS), "/search?q=vad", "/sites.xlsx", "/sites-map.png"]
        pages += [f"/{layer}/{one['id']}" for layer, found in zip(LAYERS, some, strict=True) for one in found]
        for page in pages:
            assert client.get(page, follow_redirects=True).status_code == 200, page
    finally:
        district.close()


@pytest.mark.parametrize("share", [0.001, 0.1, 0.5, 0.9, 0.999])
def test_an_extract_that_was_cut_gets_one_sentence_and_founds_nothing(
    shared_data: Path, tmp_path: Path, share: float
) -> None:
    whole = (shared_data / "liechtenstein/liechtenstein-latest.osm.pbf").read_bytes()
    file = tmp_path / "cut.osm.pbf"
    file.write_bytes(whole[: int(len(whole) * share)])

    with pytest.raises(BadInput, match=r"cut\.osm\.pbf cannot be read as OpenStreetMap data"):
        init_osm(Config(instance=tmp_path / "none"), file, Wanted())
    assert not (tmp_path / "none" / "ledger.sqlite").exists()
