"""What every test may ask for."""

import os
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Real data that is not part of a clone; tests that need it say so when it is absent."""
    folder = Path(os.environ.get("GEOAPP_TEST_DATA", ROOT.parent / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip(f"no real data at {folder}: set GEOAPP_TEST_DATA to its folder")
    return folder
