"""Districts of which little is known: every view of coverage stays a page, and what it says is true."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.config import Config
from geoapp.services.extracting import own_tables
from geoapp.web import create_app
from tests.conftest import feature
from tests.services.coverage.toy_reach import tile

VIEWS = ("inventory", "reach", "next", "places", "lines")
TOWNSHIPS = [
    feature("W", tile(0.0), code="W", name="西乡", name_en="West", kind="township"),
    feature("E", tile(0.1), code="E", name="东镇", name_en="East", kind="town"),
]
LIBRARY = {"facilities": [feature("F1", (0.05, 0.05), name="图书馆", name_en="Library", kind="library")]}
UNPLACED = {"facilities": [feature("F1", None, name="图书馆", kind="library", township_stated="W")]}
VILLAGE = {"villages": [feature("V1", (0.02, 0.05), name="小村", code="V1", kind="village", population=500)]}
# What each has beside townships: no roads, no streets, and nobody has counted the townships' residents.
DISTRICTS: dict[str, dict[str, list[dict[str, Any]]]] = {
    "nothing": {},
    "one facility": LIBRARY,
    "a facility that is nowhere": UNPLACED,
    "one village": VILLAGE,
    "one of each": VILLAGE | LIBRARY,
}


@contextmanager
def browsing(folder: Path, layers: dict[str, list[dict[str, Any]]]) -> Iterator[FlaskClient]:
    """A browser on a district that has townships and these layers alone; with none as `init --empty` founds it."""
    config = Config(instance=folder / "instance")
    if layers:
        tables = own_tables({"name": "Nowhere", "name_en": "Nowhere", "timezone": "Asia/Shanghai"})
        opened = services.found(config.instance, {"townships": TOWNSHIPS, **layers}, tables)
    else:
        file = folder / "townships.geojson"
        file.write_text(json.dumps({"type": "FeatureCollection", "features": TOWNSHIPS}), encoding="utf-8")
        services.init_boundaries(config, file, services.ImportOptions(), name="Nowhere", timezone="Asia/Shanghai")
        opened = services.open_district(config)
    yield create_app(opened).test_client()
    opened.close()


@pytest.fixture(scope="module")
def district_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], FlaskClient]]:
    known: dict[str, FlaskClient] = {}
    with ExitStack() as open_ones:

        def of(name: str) -> FlaskClient:
            if name not in known:
                known[name] = open_ones.enter_context(browsing(tmp_path_factory.mktemp("poor"), DISTRICTS[name]))
            return known[name]

        yield of


def said(client: FlaskClient, view: str, language: str = "en", query: str = "") -> str:
    """The words of a view's own part; it and the whole page answer."""
    assert client.get(f"/coverage?view={view}&lang={language}{query}").status_code == 200
    part = client.get(f"/coverage/account?view={view}&lang={language}{query}")
    assert part.status_code == 200
    return unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", part.text)))


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("view", VIEWS)
@pytest.mark.parametrize("name", DISTRICTS)
def test_every_view_is_a_page_in_either_language(
    district_of: Callable[[str], FlaskClient], name: str, view: str, language: str
) -> None:
    words = said(district_of(name), view, language)
    assert not re.search(r"\b(nan|inf|None)\b|\{\w+\}|%\(", words)


# What has to be said, by district and view.
TRUE: dict[str, dict[str, tuple[str, ...]]] = {
    "nothing": {
        "inventory": ("residents: unknown", "missing 0 of 2 townships", "No village or community is listed here yet"),
        "reach": (
            "Nothing that counts for this question has a place on the map yet, so nobody has one near.",
            "there is none", "ways are straight lines, and times are estimates",
            "Points every 200 m stand for where people live",
            "every place counts the same", "Nobody has said which places of mixed townships are built-up",
        ),
        "next": ("choose among the points of a grid instead", "the proposals would be the first ones"),
        "places": ("No facility of this choice stands anywhere: there is nothing to share.",),
        "lines": ("No street of these kinds is known in this district.", "bring in where it stands first"),
    },
    "one facility": {
        "inventory": ("Facilities of which something is not known: 1", "Library : "),
        "reach": ("1% of the places where people live have one", "every place counts the same"),
        "places": ("Summed over all who are counted this is 1 of 1 that the facilities offer.",),
    },
    "a facility that is nowhere": {
        "inventory": ("? not known 1",),
        "reach": (
            "so nobody knows who has one near", "nobody knows who reaches it",
            "Facilities without a place on the map, to which no way is known: 1.",
        ),
        "places": ("nobody knows who shares it", "to which no way is known: 1."),
    },
    "one village": {
        "reach": ("0% of the residents known", "Residents counted 500", "How many people live in East is unknown"),
        "next": ("One new place would bring 500 residents near: 100% instead of 0% of all.", "this is proven"),
    },
    "one of each": {
        "reach": ("0% of the residents known", "Norm kept 100%", "Median 58 min"),
        "next": ("One new place would bring 500 residents near",),
    },
}  # fmt: skip


@pytest.mark.parametrize(("name", "view"), [(name, view) for name, views in TRUE.items() for view in views])
def test_it_says_what_is_known_and_what_is_not(district_of: Callable[[str], FlaskClient], name: str, view: str) -> None:
    words = said(district_of(name), view)
    assert [sentence for sentence in TRUE[name][view] if sentence not in words] == []


@pytest.mark.parametrize(("name", "query"), [("a facility that is nowhere", ""), ("one of each", "&closed=F1")])
def test_a_facility_that_is_nowhere_or_left_out_is_there_all_the_same(
    district_of: Callable[[str], FlaskClient], name: str, query: str
) -> None:
    assert "There is no such facility yet" not in said(district_of(name), "next", query=query)


def test_where_nobody_lives_anywhere_known_a_grid_still_finds_a_place(
    district_of: Callable[[str], FlaskClient],
) -> None:
    words = said(district_of("nothing"), "next", query="&among=grid&spacing=4000&by=car&wait=yes")
    assert "of all" in words
    assert "There is no place to choose among" not in words


def test_a_facility_without_opening_hours_is_not_known_to_be_open(district_of: Callable[[str], FlaskClient]) -> None:
    words = said(district_of("one of each"), "reach", query="&open=su-19:00")
    assert "is it known to be open then" in words
    assert "has a place on the map yet" not in words


def test_how_many_people_have_none_near_is_told_as_a_number(district_of: Callable[[str], FlaskClient]) -> None:
    words = said(district_of("one of each"), "reach")
    assert "Residents without one near 500" in words
    assert "500 without" in words


def test_facilities_that_are_nowhere_are_told_beside_those_on_the_map(
    district_of: Callable[[str], FlaskClient],
) -> None:
    assert "0 and 1 not on the map" in said(district_of("a facility that is nowhere"), "reach")
