"""Townships as coverage sees them."""

import json
from pathlib import Path

from geoapp import services
from geoapp.services.coverage.township_units import township_units
from geoapp.storage.ledger import Change
from tests.conftest import feature
from tests.services.coverage.toy_reach import opened, reach_layers


def characters(district: services.District) -> dict[str, str]:
    return {unit.code: unit.character for unit in township_units(district)}


def test_a_township_is_mixed_as_soon_as_its_first_community_is_listed(tmp_path: Path) -> None:
    with opened(tmp_path, reach_layers()) as district:
        before = characters(district)
        place = feature("V5", (0.15, 0.05), name="新社区", code="V5", kind="community", township="E")
        district.store.append([Change("villages", "V5", json.dumps(place).encode())], actor="tests", action="listed")
        after = characters(services.at_this_moment(district))
    assert (before, after) == ({"W": "mixed", "E": "rural"}, {"W": "mixed", "E": "mixed"})
