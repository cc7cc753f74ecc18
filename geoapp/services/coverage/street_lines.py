"""The streets of a district that a standard is for, and what beside them counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

from geoapp.analysis.assignment import AreaIndex
from geoapp.analysis.street_chains import Chains, Measured, street_chains
from geoapp.domain.line_standards import LineStandard
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.sentences import Sentence
from geoapp.services.browse import flat
from geoapp.services.district import District
from geoapp.storage.snapshot import Rows

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# A place that is known only to be somewhere in its village or on its street says nothing of a point of the street.
PLACED = ("exact", "site", None)
NOT_OPEN = ("planned", "building", "withdrawn")
# Along borders a street is counted for one township or the other in pieces of this length.
PIECE_M = 20.0


@dataclass(frozen=True, slots=True)
class Streets:
    """Streets of some kinds as unbroken lines.

    layer: streets, or roads where the district has no layer of streets. chains: lines and the streets that they make.
    lines: the same with metres along them. ids: of the features of each street; names_en: None where unknown.
    kinds: of each street. schematic: whether any of them only shows about where a street is.
    """

    layer: str
    chains: Chains
    lines: list[Measured]
    ids: list[list[str]]
    names_en: list[str | None]
    kinds: list[str]
    schematic: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """What counts: places (k,) in degrees, their names; and what has to be said of those that do not count."""

    lon: Floats
    lat: Floats
    names: list[str]
    notes: tuple[Sentence, ...]

    def __len__(self) -> int:
        return len(self.names)


@dataclass(frozen=True, slots=True)
class Along:
    """Townships in the order of a line: codes (n,), None outside all of them, from edges_m[i] to edges_m[i + 1]."""

    codes: list[str | None]
    edges_m: Floats

    def metres(self, from_m: float, to_m: float) -> dict[str | None, float]:
        """How much of a part of the line lies in each township; on a ring to_m may be beyond its end."""
        length_m = float(self.edges_m[-1])
        within = np.diff(np.clip(self.edges_m, from_m, to_m))
        if to_m > length_m:
            within = within + np.diff(np.clip(self.edges_m, 0.0, to_m - length_m))
        found = dict.fromkeys(self.codes, 0.0)
        for code, metres in zip(self.codes, within.tolist(), strict=True):
            found[code] += metres
        return {code: metres for code, metres in found.items() if metres > 0}


def streets_of(district: District, kinds: Iterable[str], scope: Scope) -> Streets:
    """The named streets of these kinds; of the roads, where there is no layer of streets."""
    layer = "streets" if len(district.present.snapshot("streets")) else "roads"
    snapshot = district.present.snapshot(layer)
    wanted = frozenset(kinds)
    rows = _ordered(district, layer)
    records = flat(district, layer, rows, scope)
    kept = [place for place, one in enumerate(records) if one.get("kind") in wanted and _named(one)]
    records = [records[place] for place in kept]
    chains = street_chains([one["name"] for one in records], snapshot.geometries(rows[kept]))
    first = [records[members[0]] for members in chains.members]
    return Streets(
        layer, chains, [Measured(line) for line in chains.lines],
        [[records[place]["id"] for place in members] for members in chains.members],
        [one.get("name_en") for one in first], [one["kind"] for one in first],
        any(one.get("schematic") for one in records),
    )  # fmt: skip


def wanted_of(district: District, standard: LineStandard, scope: Scope) -> Wanted:
    """The places of the kinds that a standard asks for, each where it stands."""
    found = [_places(district, layer, kinds, scope)
             for layer, kinds in (("sites", standard.sites), ("facilities", standard.facilities)) if kinds]  # fmt: skip
    records = [one for some in found for one in some]
    counted = [one for one in records if one["lon"] is not None and one.get("position_precision") in PLACED]
    return Wanted(
        np.array([one["lon"] for one in counted], float), np.array([one["lat"] for one in counted], float),
        [one["name"] for one in counted], tuple(_notes(records, counted)),
    )  # fmt: skip


def townships_along(district: District, lines: list[Measured]) -> list["Along"]:
    """In which townships each line lies, from its beginning, in pieces of PIECE_M."""
    codes, index = _townships(district)
    made = []
    for line in lines:
        edges = np.linspace(0.0, line.length_m, max(int(np.ceil(line.length_m / PIECE_M)), 1) + 1)
        found = index.assign(*line.at((edges[:-1] + edges[1:]) / 2).T)
        new = np.flatnonzero(np.diff(found, prepend=-2))
        made.append(Along([codes[one] if one >= 0 else None for one in found[new].tolist()],
                          np.append(edges[new], line.length_m)))  # fmt: skip
    return made


def township_at(district: District, places: Floats) -> list[str | None]:
    """The codes of the townships that cover places (n, 2) in degrees, None outside all of them."""
    codes, index = _townships(district)
    found = index.assign(*places.reshape(-1, 2).T) if len(places) else np.empty(0, np.int64)
    return [codes[one] if one >= 0 else None for one in found.tolist()]


def _townships(district: District) -> tuple[list[str], AreaIndex]:
    snapshot = district.present.snapshot("townships")

    def make() -> tuple[list[str], AreaIndex]:
        features: list[dict[str, Any]] = [
            msgspec.json.decode(text) for text in snapshot.encoded(snapshot.alive(), Scope.FULL)
        ]
        covering = sorted(
            (one for one in features if one["geometry"] and not one["properties"].get("overlay")),
            key=lambda one: str(one["properties"]["code"]),
        )
        shapes = shapely.from_geojson([msgspec.json.encode(one["geometry"]) for one in covering])
        return [one["properties"]["code"] for one in covering], AreaIndex(np.array(shapes, dtype=object))

    return district.derived.get(("covering townships", snapshot.seq), make, lambda made: 100_000 * len(made[0]) + 1_000)


def _ordered(district: District, layer: str) -> Rows:
    snapshot = district.present.snapshot(layer)
    rows = snapshot.alive()
    ordered: Rows = rows[np.argsort(snapshot.born(rows), kind="stable")]
    return ordered


def _named(record: dict[str, Any]) -> bool:
    """Whether a line has a name of its own: what has none is called after its kind in the layer."""
    name, kind = record.get("name"), str(record.get("kind"))
    return bool(name) and name not in (kind, kind.replace("_", " "))


def _places(district: District, layer: str, kinds: tuple[str, ...], scope: Scope) -> list[dict[str, Any]]:
    records = flat(district, layer, district.rows(layer, Selection(kind=kinds), scope), scope)
    # A site's build status is that of its becoming a demonstration site; a facility's that of the building.
    return [one for one in records if layer == "sites" or one.get("build_status") not in NOT_OPEN]


def _notes(records: list[dict[str, Any]], counted: list[dict[str, Any]]) -> Iterable[Sentence]:
    left = len(records) - len(counted)
    if left:
        yield Sentence("{count} of {all} known ones are not counted: nobody knows exactly where they stand.",
                       count=left, all=len(records))  # fmt: skip
