"""setup.cfg lists every package by hand; this keeps the list honest."""

from configparser import ConfigParser
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_every_package_is_listed() -> None:
    config = ConfigParser()
    config.read(ROOT / "setup.cfg")
    listed = set(config["options"]["packages"].split())
    found = {".".join(path.parent.relative_to(ROOT).parts) for path in ROOT.glob("geoapp/**/__init__.py")}

    assert listed == found | {"geoapp.layers", "geoapp.templates"}


def test_the_lock_files_name_no_host() -> None:
    locks = [*ROOT.glob("requirements/*.txt"), ROOT / "package-lock.json"]

    assert locks
    assert not [lock.name for lock in locks if "://" in _without_funding(lock.read_text())]


def _without_funding(text: str) -> str:
    """npm notes where a library asks for support, which is no place to download from."""
    return "\n".join(line for line in text.splitlines() if '"url": ' not in line)
