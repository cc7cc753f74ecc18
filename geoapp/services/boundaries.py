"""Townships get new boundaries: every point is assigned again, all of it in one commit."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from geoapp.domain.errors import BadInput
from geoapp.domain.layers import POINT_LAYERS
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.checking import sound
from geoapp.services.district import District
from geoapp.storage.ledger import Change
from geoapp.storage.patch import patch_between

Feature = dict[str, Any]

# What an assignment writes, and so what has to go before another one.
_ASSIGNED = ("nearest_township", "nearest_township_m", "street", "street_distance_m")


@dataclass(frozen=True, slots=True)
class Reassignment:
    """What new boundaries change, or would change.

    townships: codes of those that come, go and change. moves: (layer, from, to) with how many points go that way, None
    for outside all townships. mismatches: by layer, points whose source names another township than their position
    does. seq: of the commit; None if nothing was written.
    """

    added: tuple[str, ...]
    removed: tuple[str, ...]
    changed: tuple[str, ...]
    moves: Mapping[tuple[str, str | None, str | None], int]
    mismatches: Mapping[str, int]
    seq: int | None = None


def change_boundaries(
    district: District, townships: Sequence[Feature], *, by: str, action: str, schematic: bool = False,
    request_key: str | None = None, dry_run: bool = False,
) -> Reassignment:  # fmt: skip
    """Put these townships (GeoJSON features in WGS 84) in place of the district's, and assign every point anew.

    schematic: whether the township that a source stated goes on governing; with official boundaries the one that covers
    a point does. Known facts of a township (population, seat …) stay where the new feature does not name them.
    Raises BadInput for what is no sound township, Conflict if somebody changed a feature meanwhile.
    """
    known = {feature["id"]: feature for feature in _decoded(district, "townships")}
    fresh = _completed(townships, known, schematic=schematic)
    around = Surroundings.of(fresh.values(), _decoded(district, "streets"), schematic=schematic)
    based_on = district.present.seq
    changes = list(_township_changes(known, fresh, based_on))
    moves: Counter[tuple[str, str | None, str | None]] = Counter()
    mismatches: Counter[str] = Counter()
    told = Reassignment(
        added=tuple(sorted(fresh.keys() - known.keys())),
        removed=tuple(sorted(known.keys() - fresh.keys())),
        changed=tuple(sorted(code for code in fresh.keys() & known.keys() if fresh[code] != known[code])),
        moves=moves,
        mismatches=mismatches,
    )
    for layer in POINT_LAYERS:
        for before, after in _again(district, layer, around):
            _count(layer, before, after, moves, mismatches)
            if before != after:
                changes.append(Change(layer, before["id"], _patch(before, after), based_on))
    changes += _district_change(district, schematic, based_on)
    if dry_run or not changes:
        return told
    commit = district.store.append(changes, actor=by, action=action, request_key=request_key)
    return Reassignment(told.added, told.removed, told.changed, moves, mismatches, commit.seq)


def _completed(townships: Sequence[Feature], known: Mapping[str, Feature], *, schematic: bool) -> dict[str, Feature]:
    """The new townships by code, with what was known of them before."""
    fresh: dict[str, Feature] = {}
    for feature in sound("townships", townships):
        code = feature["properties"]["code"]
        if code in fresh:
            raise BadInput("Two townships have the code {value!r}.", value=code)
        old = dict(known[code]["properties"]) if code in known else {}
        old.pop("schematic", None)
        # An overlay has no line that could be drawn roughly.
        drawn = {"schematic": True} if schematic and feature["geometry"] else {}
        properties = old | feature["properties"] | drawn
        fresh[code] = {"type": "Feature", "id": code, "geometry": feature["geometry"], "properties": properties}
    # Overlays such as development zones have no boundary that could be replaced.
    overlays = {code: one for code, one in known.items() if one["properties"].get("overlay") and code not in fresh}
    return fresh | overlays


def _township_changes(known: Mapping[str, Feature], fresh: Mapping[str, Feature], based_on: int) -> Iterator[Change]:
    for code in known.keys() - fresh.keys():
        yield Change("townships", code, None, based_on)
    for code, feature in fresh.items():
        if code not in known:
            yield Change("townships", code, msgspec.json.encode(feature))
        elif feature != known[code]:
            yield Change("townships", code, _patch(known[code], feature), based_on)


def _again(district: District, layer: str, around: Surroundings) -> Iterator[tuple[Feature, Feature]]:
    """Every feature of a layer as it is, and as it is assigned now."""
    originals = list(_decoded(district, layer))
    bare = (
        feature | {"properties": {k: v for k, v in feature["properties"].items() if k not in _ASSIGNED}}
        for feature in originals
    )
    return zip(originals, assigned(layer, bare, around), strict=True)


def _count(layer: str, before: Feature, after: Feature, moves: Counter[Any], mismatches: Counter[str]) -> None:
    was, becomes = before["properties"].get("township"), after["properties"].get("township")
    if was != becomes:
        moves[layer, was, becomes] += 1
    stated, joined = after["properties"].get("township_stated"), after["properties"].get("township_joined") or becomes
    if stated and joined and stated != joined:
        mismatches[layer] += 1


def _district_change(district: District, schematic: bool, based_on: int) -> list[Change]:
    facts: dict[str, Any] = district.present.document("tables", "district")
    if bool(facts.get("schematic")) == schematic:
        return []
    return [Change("tables", "district", msgspec.json.encode({"schematic": schematic}), based_on)]


def _patch(before: Feature, after: Feature) -> bytes:
    return msgspec.json.encode(patch_between(before, after))


def _decoded(district: District, layer: str) -> Iterable[Feature]:
    return [msgspec.json.decode(text) for _, text in district.memory.items(layer)]
