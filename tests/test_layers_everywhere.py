"""A layer that stands in LAYERS stands in every list that pages are made from."""

import pytest

from geoapp.domain.layers import LAYERS, LINE_LAYERS, POINT_LAYERS
from geoapp.maps.layers import LINE_STYLES, POINT_STYLES
from geoapp.services.tiling import _TAGS
from geoapp.storage.columns import COLUMNS
from geoapp.storage.selecting import _FIELDS
from geoapp.web.downloads import _LINES
from geoapp.web.fields import FIELDS
from geoapp.web.labels import LAYERS as NAMES
from geoapp.web.tables import DEFAULT_COLUMNS


@pytest.mark.parametrize("known", [COLUMNS, FIELDS, NAMES, DEFAULT_COLUMNS, _LINES], ids=range(5))
def test_every_layer_has_its_line(known: dict[str, object]) -> None:
    assert set(known) == set(LAYERS)


def test_every_layer_with_a_place_is_drawn() -> None:
    assert set(POINT_STYLES) == set(POINT_LAYERS) == set(_TAGS)
    assert set(LINE_STYLES) == set(LINE_LAYERS)


def test_whatever_a_layer_is_filtered_by_is_a_column_of_it() -> None:
    # Sites are filtered by round through their visits.
    for layer, kind in LAYERS.items():
        for parameter in (kind.parameters & set(_FIELDS)) - ({"round"} if layer == "sites" else set()):
            wanted = ("code",) if (layer, parameter) == ("townships", "township") else _FIELDS[parameter]
            assert set(wanted) & set(COLUMNS[layer][0]), (layer, parameter)


def test_default_columns_are_fields() -> None:
    for layer, columns in DEFAULT_COLUMNS.items():
        known = {field.name for field in FIELDS[layer]} | {"township", "position_precision"}
        assert set(columns) <= known
