"""One file on its way into a layer: row by row, from what it says to what would change."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

import msgspec
import numpy as np

from geoapp.analysis.headings import recognised
from geoapp.analysis.values import plain
from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.district import District
from geoapp.services.placing import LOOKED_AT, gazetteer_for, is_swapped, placed
from geoapp.services.recording import BadRow, Feature, Recorder, Rejected, fields_of
from geoapp.services.shifts import shift_remarks
from geoapp.storage.ledger import Change
from geoapp.storage.patch import patch_between
from geoapp.storage.reading.source import Row, Source

# What tells a feature from all others of its layer, where nobody says otherwise.
_KEYS = {"problems": ("number",), "villages": ("code",), "townships": ("code",), "sites": ("name", "township_stated"),
         "facilities": ("name", "township_stated")}  # fmt: skip
# What is worked out anew where a feature has another place.
_WORKED_OUT = ("street", "street_distance_m", "nearest_township", "nearest_township_m")
# Fields that nobody else calls so.
_OURS = frozenset({"township_name", "position_precision"})
SAMPLES, SAMPLE_LETTERS = 3, 40
# So many features are assigned to their townships at a time; each may take some kilobytes until it is written.
AT_ONCE = 5_000
TOLD_EVERY = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How the rows of a file are meant.

    datum: one of DATUMS. crs: what the file does not say itself. key: fields that tell a feature from the others.
    mapping: field by heading, besides what is recognised; an empty one leaves the heading out. fixed: values by field
    for all rows.
    """

    datum: str = "wgs84"
    crs: str | None = None
    key: tuple[str, ...] = ()
    mapping: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, str] = field(default_factory=dict)


class Batch:
    """The rows of one file as changes of a layer, and an account of them.

    writes: whether the pictures in it are kept; without, nothing is written at all.
    """

    def __init__(self, district: District, layer: str, source: Source, reading: Reading, *, writes: bool) -> None:
        self.source = source
        self._district, self._layer, self._reading, self._writes = district, layer, reading, writes
        self.fields, self.unknown = self._meant()
        self.remarks: list[Sentence] = list(source.remarks)
        self.rejected: list[BadRow] = []
        self.samples: list[Mapping[str, str]] = []
        self.counts = {"good": 0, "added": 0, "changed": 0, "same": 0, "without_place": 0, "pictures": 0}
        self._key = reading.key or _KEYS.get(layer, ())
        self._known = _by_key(district, layer, self._key)
        self._seen: dict[str, int] = {}
        self._places: list[Any] = []

    def _meant(self) -> tuple[dict[str, str], tuple[str, ...]]:
        """The field of each heading, and the headings that mean none."""
        headings = self.source.fields
        found = recognised(headings, self._layer, fields_of(self._layer))
        # What geoapp wrote itself has ids to be kept, and a township that was worked out and is worked out again.
        self._ours = "id" in headings and not _OURS.isdisjoint(headings)
        derived = {"township"} if self._ours else set()
        own = {heading: name for heading, name in found.fields.items() if heading not in derived}
        wanted = {heading: name for heading, name in self._reading.mapping.items() if name}
        # A field has one heading: what a person says goes before what was recognised.
        kept = {
            heading: name
            for heading, name in own.items()
            if name not in wanted.values() and heading not in self._reading.mapping
        }
        fields = {heading: ({**kept, **wanted})[heading] for heading in headings if heading in {**kept, **wanted}}
        return fields, tuple(heading for heading in headings if heading not in fields and heading not in derived)

    def changes(self, progress: Callable[[int], None]) -> Iterator[Change]:
        """What every good row changes; rows that say what is known already change nothing."""
        around = Surroundings.of(_decoded(self._district, "townships"), _decoded(self._district, "streets"),
                                 schematic=self._district.describe().schematic)  # fmt: skip
        features = self.features(progress)
        while chunk := list(islice(features, AT_ONCE)):
            for feature in assigned(self._layer, chunk, around):
                yield from self._change(feature)
        if self._reading.datum == "wgs84":
            self.remarks += shift_remarks(self._district, self._places)

    def features(self, progress: Callable[[int], None]) -> Iterator[Feature]:
        """Every good row as the feature that it makes, or makes of a known one."""
        recorder, names = self._recorder(), gazetteer_for(self._district, self._layer)
        for read, row in enumerate(self.source.rows(), start=1):
            if read % TOLD_EVERY == 0:
                progress(read)
            if len(self.samples) < SAMPLES:
                self.samples.append({heading: _sample(value) for heading, value in row.values.items()})
            try:
                feature = self._sound(row, self._identified(row, recorder.feature(row)), recorder, names)
            except Rejected as reason:
                self.rejected.append(reason.bad)
                continue
            self._count(feature, row)
            yield feature
        self.remarks += recorder.remarks()

    def _recorder(self) -> Recorder:
        """Looks at the whole of the file once, before its rows are read one by one."""
        swapped = is_swapped(self._district, self.source, self.fields)
        if swapped:
            self.remarks.append(Sentence("Longitude and latitude stood the wrong way round; they were exchanged."))
        reading = self._reading
        return Recorder(self._district, self._layer, self.fields, reading.fixed, crs=reading.crs or self.source.crs,
                        datum=reading.datum, swapped=swapped)  # fmt: skip

    def _count(self, feature: Feature, row: Row) -> None:
        self.counts["good"] += 1
        self.counts["without_place"] += feature["geometry"] is None
        self.counts["pictures"] += len(row.pictures)
        if len(self._places) < LOOKED_AT and (feature["geometry"] or {}).get("type") == "Point":
            self._places.append(feature["geometry"]["coordinates"])

    def _identified(self, row: Row, fresh: Feature) -> Feature:
        properties = fresh["properties"]
        if self._keeps_id(row):
            return {**fresh, "id": str(row.values["id"])}
        key = _key_of(properties, self._key) or self._spot(fresh)
        key = key or hashlib.sha256(msgspec.json.encode(fresh, order="sorted")).hexdigest()
        if key in self._seen:
            raise Rejected(row.number, ", ".join(self._key), key.replace("\x1f", ", "),
                           "{value!r} stands in row {other} too", other=self._seen[key])  # fmt: skip
        self._seen[key] = row.number
        id = self._known.get(key) or f"{self._layer[0].upper()}{hashlib.sha256(key.encode()).hexdigest()[:12]}"
        if self._layer in ("villages", "townships") and key not in self._known:
            id = properties.get("code", id)
        if self._layer == "problems":
            properties.setdefault("number", id)
        return {**fresh, "id": id}

    def _spot(self, fresh: Feature) -> str | None:
        """Where a cell of a grid stands: what stands there again is the same cell, with other numbers."""
        if self._layer != "population" or fresh["geometry"] is None:
            return None
        return ",".join(f"{angle:.5f}" for angle in fresh["geometry"]["coordinates"])

    def _keeps_id(self, row: Row) -> bool:
        """Whether the row's id tells it from all others everywhere: ours, or a name that a map gives its feature.

        Mere numbers count the rows of their file, and are another feature's in the next one.
        """
        id = row.values.get("id")
        named = isinstance(id, str) and self.source.format in ("GeoJSON", "KML") and not id.isdecimal()
        return bool(id) and (self._ours or named)

    def _sound(self, row: Row, feature: Feature, recorder: Recorder, names: Any) -> Feature:
        """The feature with what is known of it already; raises Rejected if it is no sound record."""
        known = self._feature_of(feature["id"])
        if known is None:
            filled = {} if self._ours else recorder.defaults(feature)
            feature = {**feature, "properties": {**filled, **feature["properties"]}}
        else:
            feature = _over(known, feature)
        # What geoapp wrote itself says how much is known of its place.
        feature = feature if self._ours else placed(feature, names)
        if row.pictures and "photos" in fields_of(self._layer):
            feature["properties"]["photos"] = self._photos(row, feature["properties"].get("photos", ()))
        for record in (LAYERS[self._layer].record, Located):
            try:
                msgspec.convert(feature["properties"], record, builtin_types=())
            except msgspec.ValidationError as error:
                raise _unsound(row, error, self.fields) from error
        return feature

    def _photos(self, row: Row, known: Sequence[str]) -> list[str]:
        """What is known with the row's pictures behind it; each is durable before the commit that names it."""
        put = self._district.store.photos.put if self._writes else _digest
        return list(dict.fromkeys([*known, *(put(picture.read()) for picture in row.pictures)]))

    def _change(self, feature: Feature) -> Iterator[Change]:
        known = self._feature_of(feature["id"])
        if known is None:
            self.counts["added"] += 1
            yield Change(self._layer, feature["id"], msgspec.json.encode(feature))
        elif known == feature:
            self.counts["same"] += 1
        else:
            self.counts["changed"] += 1
            patch = msgspec.json.encode(patch_between(known, feature))
            yield Change(self._layer, feature["id"], patch, self._district.present.seq)

    def _feature_of(self, id: str) -> Feature | None:
        snapshot = self._district.present.snapshot(self._layer)
        row = snapshot.row(id)
        if row is None:
            return None
        value: Feature = msgspec.json.decode(snapshot.encoded(np.array([row]), Scope.FULL)[0])
        return value


def _over(known: Feature, feature: Feature) -> Feature:
    """A known feature with what a row says anew; where it has another place, what followed from the old one goes."""
    properties = {**known["properties"], **feature["properties"]}
    geometry = feature["geometry"] or known["geometry"]
    if geometry != known["geometry"]:
        properties["position_precision"] = "exact"
        properties.pop("placed_by", None)
    for name in _WORKED_OUT:
        properties.pop(name, None)
    return {**feature, "geometry": geometry, "properties": properties}


def _unsound(row: Row, error: Exception, meant: Mapping[str, str]) -> Rejected:
    """What a record refuses, in words."""
    text = str(error)
    if "missing required field" not in text:
        return Rejected(row.number, "", None, "it cannot be kept: {reason}", reason=text)
    name = text.split("`")[1]
    heading = next((heading for heading, known in meant.items() if known == name), name)
    return Rejected(
        row.number,
        heading,
        None,
        "{field} is missing; give it in the file, or one value for all rows (--set {field}=VALUE)",
        field=name,
    )


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


def _decoded(district: District, layer: str) -> Iterator[Feature]:
    return (msgspec.json.decode(text) for _, text in district.memory.items(layer))


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _sample(value: Any) -> str:
    text = "" if value is None else plain(value)
    return text if len(text) <= SAMPLE_LETTERS else text[:SAMPLE_LETTERS] + "…"
