"""The toy district of inventories."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geoapp import services
from tests.conftest import NOW
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables


@pytest.fixture
def cultured(tmp_path: Path) -> Iterator[services.District]:
    """Opened, at nine in the morning of 4 May 2026."""
    opened = services.found(tmp_path / "toy", inventory_layers(), inventory_tables(), clock=lambda: NOW)
    yield services.at_this_moment(opened)
    opened.close()
