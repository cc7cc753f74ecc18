"""Files that are not code: beside the package in a checkout, inside it in a wheel."""

from pathlib import Path

PACKAGE = Path(__file__).parent


def room(name: str) -> Path:
    """The folder `templates` or `layers`, wherever this geoapp was installed."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name
