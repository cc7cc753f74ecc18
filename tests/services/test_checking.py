"""Nothing is written that is not what it says it is."""

from pathlib import Path
from typing import Any

import pytest

from geoapp import services
from geoapp.domain.errors import BadInput
from tests.conftest import NOW, toy_layers, toy_tables


def founded(path: Path, layers: dict[str, Any], tables: dict[str, Any]) -> None:
    services.found(path, layers, tables, clock=lambda: NOW).close()


@pytest.mark.parametrize(
    ("layer", "field", "value", "reason"),
    [
        ("problems", "status", "opened", "Invalid enum value 'opened'"),
        ("problems", "found_at", "yesterday", "Invalid RFC3339"),
        ("problems", "rework", "twice", "Expected `int`, got `str`"),
        ("sites", "is_demonstration", "yes", "Expected `bool`, got `str`"),
        ("townships", "population", "many", "Expected `int | null`, got `str`"),
        ("facilities", "position_precision", "about", "Invalid enum value 'about'"),
    ],
)
def test_a_feature_with_a_wrong_value_is_named_and_nothing_is_founded(
    tmp_path: Path, layer: str, field: str, value: str, reason: str
) -> None:
    layers = toy_layers()
    layers[layer][0]["properties"][field] = value
    with pytest.raises(
        BadInput, match=f"{layer} '{layers[layer][0]['id']}' cannot be kept: {reason}".replace("|", r"\|")
    ):
        founded(tmp_path / "toy", layers, toy_tables())

    founded(tmp_path / "toy", toy_layers(), toy_tables())


def test_a_row_of_a_table_is_named_by_its_number(tmp_path: Path) -> None:
    tables = toy_tables()
    del tables["categories"]["rows"][2]["zh"]
    with pytest.raises(BadInput, match="categories, row 3 cannot be kept: Object missing required field `zh`"):
        founded(tmp_path / "toy", toy_layers(), tables)


def test_kinds_are_open_text(tmp_path: Path) -> None:
    layers = toy_layers()
    layers["sites"][0]["properties"]["kind"] = "观景台"

    founded(tmp_path / "toy", layers, toy_tables())
