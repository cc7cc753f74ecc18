"""Bringing files in: a preview of the whole file, and then one commit or nothing."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from geoapp.analysis.datum import DATUMS
from geoapp.analysis.headings import BOTH, LAT, LON, recognised
from geoapp.analysis.values import Unreadable, degrees, plain
from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located
from geoapp.domain.selection import Scope
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.browse import district_layer
from geoapp.services.district import District
from geoapp.services.placing import gazetteer_for, placed, shift_remarks
from geoapp.services.recording import Feature, Recorder, Rejected, fields_of
from geoapp.storage.ledger import Change
from geoapp.storage.patch import patch_between
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.source import Row, Source

# What tells a feature from all others of its layer, where nobody says otherwise.
_KEYS = {"problems": ("number",), "villages": ("code",), "townships": ("code",), "sites": ("name", "township_stated"),
         "facilities": ("name", "township_stated")}  # fmt: skip
LOOKED_AT = 5_000


@dataclass(frozen=True, slots=True)
class Options:
    """How a file is meant to be read.

    datum: one of DATUMS. crs, encoding: what the file does not say itself. key: fields that tell a feature from the
    others. mapping: field by heading, besides what is recognised. fixed: values by field for all rows. skip_bad:
    whether good rows come in although others are bad.
    """

    datum: str = "wgs84"
    crs: str | None = None
    encoding: str | None = None
    key: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)
    skip_bad: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring. fields: by heading. rejected: rows that are no feature, each with its reason.

    seq: of the commit that brought it; None if nothing was written.
    """

    format: str
    encoding: str | None
    fields: Mapping[str, str]
    unknown: tuple[str, ...]
    remarks: tuple[str, ...]
    good: int
    added: int
    changed: int
    same: int
    without_place: int
    rejected: tuple[Rejected, ...]
    seq: int | None = None


def import_file(district: District, layer: str, file: Path, options: Options, *, by: str, dry_run: bool = False,
                request_key: str | None = None) -> Preview:  # fmt: skip
    """Read a whole file into a layer: every good row as one commit, or nothing.

    A row whose key is known changes that feature, and nothing if it says what is known already. Raises BadInput for a
    file that cannot be read, and, unless bad rows are to be skipped or it is a dry run, if any row is bad; then nothing
    was written. Raises Conflict if somebody changed a feature meanwhile.
    """
    _require(district, layer, options)
    with open_source(file, encoding=options.encoding) as source:
        batch = _Batch(district, layer, source, options)
        batch.read()
    preview = batch.preview()
    if dry_run or not batch.changes:
        return preview
    if preview.rejected and not options.skip_bad:
        raise BadInput(
            "{bad} of {all} rows are bad, the first one: {reason} Nothing was imported.",
            bad=len(preview.rejected),
            all=len(preview.rejected) + preview.good,
            reason=preview.rejected[0].told,
        )
    commit = district.store.append(batch.changes, actor=by, action=f"import {file.name}", request_key=request_key)
    return batch.preview(seq=commit.seq)


def read_features(
    district: District, layer: str, file: Path, options: Options
) -> tuple[list[Feature], tuple[Rejected, ...]]:
    """The features of a file as they stand, with the reasons for the rows that are none; nothing is written."""
    _require(district, layer, options)
    with open_source(file, encoding=options.encoding) as source:
        batch = _Batch(district, layer, source, options)
        batch.prepare()
        features = list(batch.features())
    return features, batch.preview().rejected


def _require(district: District, layer: str, options: Options) -> None:
    district_layer(layer)
    if options.datum not in DATUMS:
        raise BadInput("{value!r} is not one of {known}.", value=options.datum, known=", ".join(DATUMS))
    known = fields_of(layer)
    for name in (*options.key, *options.fixed, *options.mapping.values()):
        if name not in known and name not in (LON, LAT, BOTH, "id"):
            raise BadInput("{layer} have no field {name!r}; there are {known}.",
                           layer=layer, name=name, known=", ".join(known))  # fmt: skip


class _Batch:
    """One file on its way in."""

    def __init__(self, district: District, layer: str, source: Source, options: Options) -> None:
        self._district, self._layer, self._source, self._options = district, layer, source, options
        found = recognised(source.fields, layer, fields_of(layer))
        # What geoapp wrote itself has ids to be kept, and a township that was worked out and is worked out again.
        self._ours = {"id", "township_name"} <= set(source.fields)
        derived = {"township"} if self._ours else set()
        self._fields = {
            **{heading: name for heading, name in found.fields.items() if heading not in derived}, **options.mapping
        }  # fmt: skip
        self._unknown = tuple(name for name in (*found.unknown, *found.doubtful) if name not in options.mapping)
        self._remarks = list(source.remarks)
        self._key = options.key or _KEYS.get(layer, ())
        self._known = _by_key(district, layer, self._key)
        self._rejected: list[Rejected] = []
        self._seen: dict[str, int] = {}
        self._places: list[Any] = []
        self.changes: list[Change] = []
        self._counts = {"good": 0, "added": 0, "changed": 0, "same": 0, "without_place": 0}

    def read(self) -> None:
        """All rows: what they would change, and which of them are bad."""
        self.prepare()
        around = Surroundings.of(_decoded(self._district, "townships"), _decoded(self._district, "streets"),
                                 schematic=self._district.describe().schematic)  # fmt: skip
        for feature in assigned(self._layer, self.features(), around):
            self._change(feature)
        if self._options.datum == "wgs84":
            self._remarks += shift_remarks(self._district, self._places)

    def prepare(self) -> None:
        """Look at the whole of the file once, before its rows are read one by one."""
        self._names = gazetteer_for(self._district, self._layer)
        swapped = _is_swapped(self._district, self._source, self._fields)
        if swapped:
            self._remarks.append("Longitude and latitude stood the wrong way round; they were exchanged.")
        crs = self._options.crs or self._source.crs
        self._recorder = Recorder(self._district, self._layer, self._fields, self._options.fixed, crs=crs,
                                  datum=self._options.datum, swapped=swapped)  # fmt: skip

    def preview(self, seq: int | None = None) -> Preview:
        """What was found so far."""
        return Preview(
            format=self._source.format,
            encoding=self._source.encoding,
            fields=self._fields,
            unknown=self._unknown,
            remarks=tuple(self._remarks),
            rejected=tuple(self._rejected),
            seq=seq,
            **self._counts,
        )

    def features(self) -> Iterator[Feature]:
        """Every good row as the feature that it makes, or makes of a known one."""
        for row in self._source.rows():
            try:
                feature = self._sound(row, self._identified(row, self._recorder.feature(row)))
            except Rejected as reason:
                self._rejected.append(reason)
                continue
            self._counts["good"] += 1
            if len(self._places) < LOOKED_AT and (feature["geometry"] or {}).get("type") == "Point":
                self._places.append(feature["geometry"]["coordinates"])
            self._counts["without_place"] += feature["geometry"] is None
            yield feature

    def _identified(self, row: Row, fresh: Feature) -> Feature:
        properties = fresh["properties"]
        if self._ours and row.values.get("id"):
            return {**fresh, "id": str(row.values["id"])}
        key = _key_of(properties, self._key) or hashlib.sha256(msgspec.json.encode(fresh, order="sorted")).hexdigest()
        if key in self._seen:
            raise Rejected(row.number, ", ".join(self._key), key.replace("\x1f", ", "),
                           f"{{value!r}} stands in row {self._seen[key]} too")  # fmt: skip
        self._seen[key] = row.number
        id = self._known.get(key) or f"{self._layer[0].upper()}{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        if self._layer in ("villages", "townships") and id not in self._known.values():
            id = properties.get("code", id)
        if self._layer == "problems":
            properties.setdefault("number", id)
        return {**fresh, "id": id}

    def _sound(self, row: Row, feature: Feature) -> Feature:
        """The feature with what is known of it already; raises Rejected if it is no sound record."""
        known = self._feature_of(feature["id"])
        if known is not None:
            feature = {
                **feature,
                "geometry": feature["geometry"] or known["geometry"],
                "properties": {**known["properties"], **feature["properties"]},
            }
            if feature["geometry"] != known["geometry"]:
                feature["properties"]["position_precision"] = "exact"
                feature["properties"].pop("placed_by", None)
            for name in ("street", "street_distance_m", "nearest_township", "nearest_township_m"):
                feature["properties"].pop(name, None)
        else:
            feature = {**feature, "properties": {**self._recorder.defaults(feature), **feature["properties"]}}
        feature = placed(feature, self._names)
        for record in (LAYERS[self._layer].record, Located):
            try:
                msgspec.convert(feature["properties"], record, builtin_types=())
            except msgspec.ValidationError as error:
                raise Rejected(row.number, *_reason(error, self._fields)) from error
        return feature

    def _change(self, feature: Feature) -> None:
        known = self._feature_of(feature["id"])
        if known is None:
            self._counts["added"] += 1
            self.changes.append(Change(self._layer, feature["id"], msgspec.json.encode(feature)))
        elif known == feature:
            self._counts["same"] += 1
        else:
            self._counts["changed"] += 1
            patch = msgspec.json.encode(patch_between(known, feature))
            self.changes.append(Change(self._layer, feature["id"], patch, self._district.present.seq))

    def _feature_of(self, id: str) -> Feature | None:
        snapshot = self._district.present.snapshot(self._layer)
        row = snapshot.row(id)
        if row is None:
            return None
        value: Feature = msgspec.json.decode(snapshot.encoded(np.array([row]), Scope.FULL)[0])
        return value


def _reason(error: Exception, meant: Mapping[str, str]) -> tuple[str, Any, str]:
    """Heading, value and sentence for what a record refuses."""
    text = str(error)
    if "missing required field" in text:
        name = text.split("`")[1]
        heading = next((heading for heading, known in meant.items() if known == name), name)
        return heading, None, f"{name} is missing; give it for all rows by --set {name}=VALUE"
    return "", None, text.replace("{", "(").replace("}", ")")


def _key_of(properties: Mapping[str, Any], key: Sequence[str]) -> str | None:
    """The key's values as one text; None if the first of them is absent."""
    if not key or properties.get(key[0]) in (None, ""):
        return None
    return "\x1f".join(str(properties.get(name, "")) for name in key)


def _by_key(district: District, layer: str, key: Sequence[str]) -> dict[str, str]:
    """Ids of the layer's features by their keys."""
    known: dict[str, str] = {}
    for feature in _decoded(district, layer):
        properties = feature["properties"]
        # A feature that never had a stated township is known by the one that it lies in.
        text = _key_of({"township_stated": properties.get("township", ""), **properties}, key)
        if text is not None:
            known.setdefault(text, feature["id"])
    return known


def _is_swapped(district: District, source: Source, meant: Mapping[str, str]) -> bool:
    """Whether the column of longitudes holds latitudes: exchanged nearly all lie in the district, else few."""
    east = next((heading for heading, name in meant.items() if name == LON), None)
    north = next((heading for heading, name in meant.items() if name == LAT), None)
    if east is None or north is None:
        return False
    places = [_angles(row, east, north) for row in islice(source.rows(), LOOKED_AT)]
    known = np.array([place for place in places if place is not None]).reshape(-1, 2)
    if not len(known):
        return False
    west, south, right, top = district.describe().bbox
    margin = 0.1

    def inside(lon: Any, lat: Any) -> float:
        held = (lon > west - margin) & (lon < right + margin) & (lat > south - margin) & (lat < top + margin)
        return float(held.mean())

    return inside(known[:, 1], known[:, 0]) > 0.9 and inside(known[:, 0], known[:, 1]) < 0.1


def _angles(row: Row, east: str, north: str) -> tuple[float, float] | None:
    first, second = row.values.get(east), row.values.get(north)
    if first is None or second is None or not plain(first) or not plain(second):
        return None
    try:
        return degrees(first), degrees(second)
    except Unreadable:
        return None


def _decoded(district: District, layer: str) -> list[Feature]:
    return [msgspec.json.decode(text) for _, text in district.memory.items(layer)]
