"""Where pictures of coverage look."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geoapp import services
from geoapp.services.coverage.pictures import main_part
from tests.conftest import NOW, feature, square, toy_layers, toy_tables


@pytest.fixture
def scattered(tmp_path: Path) -> Iterator[services.District]:
    """The toy district, whose West has two exclaves far away: one of 4 % of its land, one of 1 %."""
    small = [[(x, 8.0), (x + edge, 8.0), (x + edge, 8.0 + edge), (x, 8.0 + edge), (x, 8.0)]
             for x, edge in ((5.0, 0.2), (7.0, 0.1))]  # fmt: skip
    parts = [square(0)["coordinates"], *([ring] for ring in small)]
    layers = toy_layers()
    west = layers["townships"][0]["properties"]
    layers["townships"][0] = feature("W", {"type": "MultiPolygon", "coordinates": parts}, **west)
    opened = services.found(tmp_path / "toy", layers, toy_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()


def test_a_picture_of_a_township_looks_where_nearly_all_of_it_lies(scattered: services.District) -> None:
    assert main_part(scattered, ["W"]) == (0, 0, 1, 1)


def test_a_picture_of_two_townships_shows_both(scattered: services.District) -> None:
    assert main_part(scattered, ["W", "E"]) == (0, 0, 2, 1)


def test_a_township_without_an_area_has_no_place_to_look_at(scattered: services.District) -> None:
    assert main_part(scattered, ["Z"]) is None
