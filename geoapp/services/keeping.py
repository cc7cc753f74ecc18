"""Keeping an instance safe: is it there, is it whole, and a copy of it."""

from dataclasses import asdict
from pathlib import Path
from typing import Any

from geoapp.config import Config
from geoapp.domain.errors import NoInstance
from geoapp.services.district import system_clock
from geoapp.storage.backup import restore
from geoapp.storage.ledger import FILE_NAME
from geoapp.storage.memory import Memory
from geoapp.storage.store import Store
from geoapp.storage.verify import verify
from geoapp.storage.witness import FILE_NAME as WITNESS
from geoapp.tiles.morton import encode


def require_instance(config: Config) -> None:
    """Raise NoInstance unless a district was founded in the instance folder."""
    # Where only the ledger file is missing, opening and verifying name the loss better than this can.
    if not any((config.instance / name).exists() for name in (FILE_NAME, WITNESS)):
        raise NoInstance(f"There is no district in {config.instance} yet: run `geoapp init --demo` first.")


def verify_instance(config: Config) -> dict[str, Any]:
    """Check everything that is kept; {"ok", "commits", "changes", "faults": [{"kind", "sentence", …}]}."""
    require_instance(config)
    verdict = verify(config.instance, Memory(encode))
    return asdict(verdict) | {"ok": verdict.ok}


def backup_instance(config: Config, archive: Path) -> dict[str, Any]:
    """Write ledger, private data and photos into one archive while others go on working."""
    require_instance(config)
    store = Store.open(config.instance, Memory(encode), clock=system_clock)
    try:
        store.backup(archive)
    finally:
        store.close()
    return {"archive": str(archive), "sentence": f"Everything in {config.instance} stands in {archive} too."}


def restore_instance(config: Config, archive: Path) -> dict[str, Any]:
    """Unpack an archive into the instance folder, which must not hold anything, after checking all of it."""
    restore(archive, config.instance)
    return {"instance": str(config.instance), "sentence": f"{archive} was restored to {config.instance}."}
