"""The opened district: what every use case is given."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from geoapp.config import Config
from geoapp.domain.errors import NoInstance, NotAllowed
from geoapp.domain.selection import Scope, Selection
from geoapp.services.derived import Derived
from geoapp.services.jobs import Jobs
from geoapp.storage.follower import Progress
from geoapp.storage.memory import Memory
from geoapp.storage.selecting import rows
from geoapp.storage.snapshot import LayerSnapshot, Pinned, Rows
from geoapp.storage.store import Store
from geoapp.tiles.morton import encode

Clock = Callable[[], datetime]
BBox = tuple[float, float, float, float]
PATIENCE_S = 0.3
# The layers from which it is told what an indicator counts, which sites were visited, and where cells lie.
CROSSING = ("problems", "visits", "sites", "townships", "streets", "facilities", "villages", "tables")
WORLD: BBox = (-180.0, -85.0, 180.0, 85.0)


def system_clock() -> datetime:
    """Now, with the machine's offset."""
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True)
class DistrictFacts:
    """What the district says of itself; bbox as west, south, east, north in degrees."""

    name: str
    name_en: str
    code: str
    timezone: str
    demo: bool
    schematic: bool
    as_of: str | None
    attribution: list[dict[str, str]]
    bbox: BBox


@dataclass(frozen=True, slots=True)
class District:
    """An opened instance; made once by `create_app` or the command line, and fixed at a moment for each request."""

    store: Store
    memory: Memory
    derived: Derived
    clock: Clock
    config: Config
    jobs: Jobs
    view: Pinned | None = None

    @property
    def present(self) -> Pinned:
        """What this request sees."""
        return self.view or self.memory.pinned()

    def describe(self) -> DistrictFacts:
        """Name, place and standing of the district; raises NoInstance where none was founded."""
        facts = self._facts()
        return DistrictFacts(
            name=facts["name"],
            name_en=facts.get("name_en") or facts["name"],
            code=facts.get("code", ""),
            timezone=facts["timezone"],
            demo=facts.get("demo", False),
            schematic=facts.get("schematic", False),
            as_of=facts.get("as_of"),
            attribution=facts.get("attribution", []),
            bbox=_bbox(self.present.snapshot("townships")),
        )

    @property
    def zone(self) -> ZoneInfo:
        """The time zone in which the district's days begin."""
        return ZoneInfo(self._facts()["timezone"])

    @property
    def today(self) -> date:
        """The district's own date."""
        return self.clock().astimezone(self.zone).date()

    def rows(self, layer: str, selection: Selection, scope: Scope) -> Rows:
        """The rows of the selected features of a layer, kept for the next who asks the same."""
        snapshot, meant = self.present.snapshot(layer), selection.for_layer(layer)
        moment = self.clock()
        key = ("rows", layer, snapshot.seq, meant, scope, moment if meant.due else None)
        chosen = self.derived.get(
            key, lambda: rows(snapshot, meant, scope, moment, zone=self.zone), lambda found: found.nbytes
        )
        return chosen

    def close(self) -> None:
        """A clean stop."""
        self.jobs.close()
        self.store.close()

    def _facts(self) -> dict[str, Any]:
        facts = (self.view or self.memory).document("tables", "district")
        if facts is None:
            raise NoInstance(f"There is no district in {self.config.instance} yet: run `geoapp init --demo` first.")
        return dict(facts)


def open_district(config: Config, *, clock: Clock = system_clock, progress: Progress | None = None) -> District:
    """Open the instance folder of this configuration, made if it is not there."""
    memory = Memory(encode)
    store = Store.open(config.instance, memory, clock=clock, progress=progress)
    return District(store, memory, Derived(), clock, config, Jobs())


def follow(district: District) -> int:
    """Take in what this or another process has written; the sequence number that is shown from now on.

    Nobody waits for another process's import: it is shown when it has been taken in.
    """
    return district.store.follow(patience_s=PATIENCE_S)


def at_this_moment(district: District) -> District:
    """The district as one request sees it: followed to the head, and then both clock and data stand still.

    The clock is cut to the minute, so that all parts of a page agree on what is overdue.
    """
    follow(district)
    now = district.clock()
    moment = now - timedelta(seconds=now.second, microseconds=now.microsecond)
    return replace(district, clock=lambda: moment, view=district.memory.pinned())


def scope_of(district: District, *, loopback: bool) -> Scope:
    """What somebody may see who is not logged in; raises NotAllowed."""
    if loopback:
        return Scope.FULL
    public = district.config.public or ("viewer" if district.describe().demo else "none")
    if public == "none":
        raise NotAllowed("This geoapp is open to its own machine only.")
    return Scope.PUBLIC


def etag(district: District, layers: Iterable[str], selection: Selection, scope: Scope, *extra: str) -> str:
    """What an answer depends on, as one short text: the layers' sequence numbers, selection, scope, minute and more."""
    # Both look into other layers than the one that is chosen from.
    crosses = selection.indicator or selection.round or selection.without_dirt or selection.cell
    crossing = set(CROSSING) if crosses else set()
    seqs = [f"{layer}:{district.present.seqs.get(layer, 0)}" for layer in sorted({*layers, *crossing})]
    minute = district.clock().strftime("%Y%m%d%H%M")
    parts = "\n".join([*seqs, selection.query(), scope, minute, *extra])
    return hashlib.sha256(parts.encode()).hexdigest()[:24]


def _bbox(townships: LayerSnapshot) -> BBox:
    bounds = np.vstack([townships.base.bounds[~townships.dead], townships.tail.bounds])
    if not len(bounds) or np.all(np.isnan(bounds)):
        return WORLD
    west, south = np.nanmin(bounds[:, :2], axis=0)
    east, north = np.nanmax(bounds[:, 2:], axis=0)
    return float(west), float(south), float(east), float(north)
