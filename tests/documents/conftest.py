"""The shipped typeface, which is only there once the assets are built."""

from pathlib import Path

import pytest

from geoapp.documents.typeface import Typeface

FONTS = Path(__file__).parents[2] / "geoapp" / "web" / "static" / "vendor" / "fonts"


@pytest.fixture(scope="session")
def fonts() -> Path:
    if not (FONTS / "unicode.json").is_file():
        pytest.skip(f"no typeface at {FONTS}: run make assets")
    return FONTS


@pytest.fixture(scope="session")
def typeface(fonts: Path) -> Typeface:
    return Typeface.load(fonts)
