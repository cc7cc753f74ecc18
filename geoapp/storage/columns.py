"""A block of features as columns: what selections, counts and tiles compute with.

A block never changes. Texts that repeat are int32 codes into a vocabulary that only grows; times are int64 seconds
since 1970 with NO_TIME where there is none; numbers are float64 with NaN where there is none (yes and no are 1 and 0).
"""

import re
import threading
from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Any

import msgspec
import numpy as np
import shapely
from numpy.typing import NDArray

NO_TIME = np.iinfo(np.int64).min
ABSENT = -1
CHUNK = 20_000

SortKey = Callable[[NDArray[np.float64], NDArray[np.float64]], NDArray[np.uint64]]

# The properties kept as columns, by layer: (coded texts, times, numbers). All others stay in the encoded feature.
_PLACE = ("township", "street", "position_precision")
COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "problems": (
        (
            *_PLACE,
            *("category", "subcategory", "status", "severity", "origin"),
            *("lead_unit", "responsible_unit", "round_id", "batch_id", "site_id", "visit_id"),
        ),
        ("found_at", "deadline", "original_deadline", "rectified_at", "closed_at"),
        ("rework",),
    ),
    "visits": ((*_PLACE, "round_id", "outcome", "site_id"), ("visited_at",), ("findings",)),
    "sites": (
        (*_PLACE, "kind", "group", "build_status", "lead_unit"),
        (),
        ("is_demonstration", "is_survey_point", "is_trouble_spot"),
    ),
    "facilities": ((*_PLACE, "kind", "level", "build_status", "ownership"), (), ()),
    "villages": ((*_PLACE, "kind"), (), ("population",)),
    "population": (_PLACE, (), ("people",)),
    "townships": (("code", "kind"), (), ("population",)),
    "streets": (("kind",), (), ()),
    "roads": (("kind",), (), ()),
}


class Vocabulary:
    """Texts and their codes; codes are given in order of appearance and never change."""

    def __init__(self) -> None:
        self._codes: dict[str | None, int] = {None: ABSENT}
        self._learning = threading.Lock()
        self.texts: list[str | None] = []

    def code(self, text: str) -> int:
        """The code of a text, or ABSENT - 1 for one that never occurred."""
        return self._codes.get(text, ABSENT - 1)

    def encode(self, texts: Sequence[str | None]) -> NDArray[np.int32]:
        """Codes of texts, ABSENT for None; new texts are learnt."""
        fresh = [text for text in dict.fromkeys(texts) if text not in self._codes]
        with self._learning:
            for text in fresh:
                if text not in self._codes:
                    # The text stands in the list before its code, so that no reader finds a code without a text.
                    self.texts.append(text)
                    self._codes[text] = len(self.texts) - 1
        return np.fromiter(map(self._codes.__getitem__, texts), dtype=np.int32, count=len(texts))


@dataclass(frozen=True, slots=True)
class Block:
    """Features in Morton order of their positions.

    ids, encoded: n texts and n JSON documents. lon, lat: (n,) degrees, NaN without a position (for lines and areas a
    point on them). bounds: (n, 4) west, south, east, north. codes: (n,) position in the sort order. born, version: (n,)
    running number of the feature and sequence number of its last change. geometries: (n,) for lines and areas only.
    """

    ids: Sequence[str]
    encoded: Sequence[bytes]
    lon: NDArray[np.float64]
    lat: NDArray[np.float64]
    bounds: NDArray[np.float64]
    codes: NDArray[np.uint64]
    born: NDArray[np.int64]
    version: NDArray[np.int64]
    coded: Mapping[str, NDArray[np.int32]]
    times: Mapping[str, NDArray[np.int64]]
    numbers: Mapping[str, NDArray[np.float64]]
    geometries: NDArray[np.object_] | None = None
    row_of: Mapping[str, int] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)


class _Geometry(msgspec.Struct, gc=False):
    type: str
    coordinates: msgspec.Raw


class Columns:
    """Turns encoded features of one layer into blocks."""

    def __init__(self, layer: str, sort_key: SortKey) -> None:
        coded, times, numbers = COLUMNS.get(layer, ((), (), ()))
        self.vocabularies = {name: Vocabulary() for name in coded}
        self._times, self._numbers = times, numbers
        self._sort_key = sort_key
        wanted: list[tuple[str, Any, Any]] = [(name, str | None, None) for name in coded]
        wanted += [(name, str | None, None) for name in times]
        wanted += [(name, float | bool | None, None) for name in numbers]
        properties = msgspec.defstruct("Properties", wanted, gc=False)
        # Properties are required here: what has none goes the slow way of `_decoded`.
        shape: list[Any] = [("properties", properties), ("geometry", _Geometry | None, None)]
        self._decoder = msgspec.json.Decoder(msgspec.defstruct("Feature", shape, gc=False))

    def blocks(
        self, ids: Sequence[str], encoded: Sequence[bytes], born: NDArray[np.int64], version: NDArray[np.int64]
    ) -> list[Block]:
        """These features (whole GeoJSON features as JSON) as blocks that are not sorted yet: `joined` sorts them."""
        # Decoded features take ten times the room of their columns: never hold many of them at once.
        parts = [slice(start, start + CHUNK) for start in range(0, max(len(ids), 1), CHUNK)]
        return [self._unsorted(ids[part], encoded[part], born[part], version[part]) for part in parts]

    def _unsorted(
        self, ids: Sequence[str], encoded: Sequence[bytes], born: NDArray[np.int64], version: NDArray[np.int64]
    ) -> Block:
        features = [self._decoded(text) for text in encoded]
        lon, lat, bounds, geometries = _positions([feature.geometry for feature in features])
        records = [feature.properties for feature in features]
        coded = {
            name: vocabulary.encode(list(map(attrgetter(name), records)))
            for name, vocabulary in self.vocabularies.items()
        }
        times = {name: _seconds(list(map(attrgetter(name), records))) for name in self._times}
        numbers = {name: np.array(list(map(attrgetter(name), records)), dtype=float) for name in self._numbers}
        codes = self._sort_key(lon, lat)
        return Block(ids, encoded, lon, lat, bounds, codes, born, version, coded, times, numbers, geometries)

    def _decoded(self, text: bytes) -> Any:
        try:
            return self._decoder.decode(text)
        except msgspec.ValidationError:
            # What stands in the ledger must be shown, even if a field is not what it should be: then it is no column.
            return self._decoder.decode(_only_texts(text))

    def empty(self) -> Block:
        """A block without features."""
        none = np.empty(0, np.int64)
        return joined(self.blocks([], [], none, none))


def take(block: Block, rows: NDArray[np.intp]) -> Block:
    """The block of these rows, in this order."""
    chosen = rows.tolist()
    ids = [block.ids[row] for row in chosen]
    return Block(
        ids=ids,
        encoded=[block.encoded[row] for row in chosen],
        lon=block.lon[rows],
        lat=block.lat[rows],
        bounds=block.bounds[rows],
        codes=block.codes[rows],
        born=block.born[rows],
        version=block.version[rows],
        coded={name: column[rows] for name, column in block.coded.items()},
        times={name: column[rows] for name, column in block.times.items()},
        numbers={name: column[rows] for name, column in block.numbers.items()},
        geometries=None if block.geometries is None else block.geometries[rows],
        row_of={id: row for row, id in enumerate(ids)},
    )


def joined(blocks: Sequence[Block]) -> Block:
    """All blocks' features as one sorted block; no id may stand in two of them."""

    def column(name: str) -> NDArray[Any]:
        return np.concatenate([getattr(block, name) for block in blocks])

    first = blocks[0]
    together = Block(
        ids=list(chain.from_iterable(block.ids for block in blocks)),
        encoded=list(chain.from_iterable(block.encoded for block in blocks)),
        lon=column("lon"),
        lat=column("lat"),
        bounds=column("bounds"),
        codes=column("codes"),
        born=column("born"),
        version=column("version"),
        coded={name: np.concatenate([block.coded[name] for block in blocks]) for name in first.coded},
        times={name: np.concatenate([block.times[name] for block in blocks]) for name in first.times},
        numbers={name: np.concatenate([block.numbers[name] for block in blocks]) for name in first.numbers},
        geometries=_joined_geometries(blocks),
    )
    return take(together, np.argsort(together.codes, kind="stable"))


def _joined_geometries(blocks: Sequence[Block]) -> NDArray[np.object_] | None:
    if all(block.geometries is None for block in blocks):
        return None
    return np.concatenate(
        [np.full(len(block), None) if block.geometries is None else block.geometries for block in blocks]
    )


def _only_texts(text: bytes) -> bytes:
    """The feature with only those properties that are texts, and without a geometry that is none."""
    value = msgspec.json.decode(text)
    properties = value.get("properties")
    known = properties.items() if isinstance(properties, dict) else ()
    geometry = value.get("geometry")
    usable = isinstance(geometry, dict) and isinstance(geometry.get("type"), str) and "coordinates" in geometry
    kept = {name: item for name, item in known if isinstance(item, str)}
    return msgspec.json.encode({"properties": kept, "geometry": geometry if usable else None})


def _seconds(times: Sequence[str | None]) -> NDArray[np.int64]:
    """Seconds since 1970 of RFC 3339 texts; NO_TIME for what is none."""
    # numpy reads date and time ten times as fast as datetime does, but knows no offsets: those are few and alike.
    seconds = np.full(len(times), NO_TIME)
    known = [row for row, time in enumerate(times) if time is not None and _is_time(time)]
    texts = [str(times[row]) for row in known]
    offsets = {tail: _offset_s(tail) for tail in {text[_TIME_ENDS:] for text in texts}}
    local = _local_seconds([text[:_TIME_ENDS] for text in texts])
    east = np.array([offsets[text[_TIME_ENDS:]] for text in texts], dtype=np.int64)
    seconds[known] = np.where(local == NO_TIME, NO_TIME, local - east)
    return seconds


def _local_seconds(texts: list[str]) -> NDArray[np.int64]:
    try:
        return np.array(texts, dtype="datetime64[s]").astype(np.int64)
    except ValueError:  # there is a 31 February among them
        days = {text[:10] for text in texts}
        real = {day for day in days if int(day[8:]) <= monthrange(max(int(day[:4]), 1), int(day[5:7]))[1]}
        return np.array([text if text[:10] in real else "NaT" for text in texts], dtype="datetime64[s]").astype(
            np.int64
        )


_TIME_ENDS = len("2026-05-04T12:00:00")
_is_time = re.compile(
    r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,6})?(Z|[+-]([01]\d|2[0-3]):[0-5]\d)"
).fullmatch


def _offset_s(tail: str) -> int:
    """Seconds east of UTC of what follows the seconds of a time, such as "+08:00", "Z" or ".5+08:00"."""
    offset = datetime.fromisoformat("1970-01-01T00:00:00" + re.sub(r"^\.\d+", "", tail)).utcoffset()
    return int((offset or timedelta()).total_seconds())


def _positions(
    geometries: Sequence[_Geometry | None],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.object_] | None]:
    """lon, lat, bounds and, unless all are points, the geometries themselves."""
    if any(geometry is not None and geometry.type != "Point" for geometry in geometries):
        return _shapes(geometries)
    point = np.full((len(geometries), 2), np.nan)
    for row, geometry in enumerate(geometries):
        if geometry is not None:
            point[row] = _position(geometry.coordinates)
    return point[:, 0].copy(), point[:, 1].copy(), np.hstack([point, point]), None


_decode_list = msgspec.json.Decoder(list[float]).decode


def _position(coordinates: msgspec.Raw) -> tuple[float, float]:
    try:
        lon, lat, *_ = _decode_list(coordinates)
    except ValueError:  # not numbers, or not two of them: no place
        return np.nan, np.nan
    return lon, lat


def _shapes(
    geometries: Sequence[_Geometry | None],
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.object_]]:
    texts = [None if geometry is None else msgspec.json.encode(geometry) for geometry in geometries]
    shapes = shapely.from_geojson(np.array(texts, dtype=object), on_invalid="ignore")
    points = shapely.point_on_surface(shapes)
    return shapely.get_x(points), shapely.get_y(points), shapely.bounds(shapes), shapes
