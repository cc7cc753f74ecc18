"""From a row of somebody's table to a feature of a layer: every value read, or the reason why it cannot be."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import shapely
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError

from geoapp.analysis.datum import converted
from geoapp.analysis.headings import BOTH, LAT, LON, SHAPE
from geoapp.analysis.values import Unreadable, degrees, is_latitude_first, moment, number, pair, plain, yes_or_no
from geoapp.analysis.words import EXCEL_ERRORS, NOTHING, WORDS, bare_township
from geoapp.domain.errors import BadInput
from geoapp.domain.layers import LAYERS, POINT_LAYERS
from geoapp.domain.places import Located
from geoapp.domain.problem import UNCLASSIFIED, Status
from geoapp.domain.sentences import Sentence
from geoapp.services.district import District
from geoapp.services.known_words import code_of, coded, codes_of, text_of, texts_of, township_names, worded
from geoapp.storage.reading.source import Row

Feature = dict[str, Any]

EXAMPLES = 5

# Fields that hold codes of a table, and the table whose words stand for them.
_TABLES = {"category": "categories", "subcategory": "categories", "lead_unit": "units", "responsible_unit": "units",
           "round_id": "rounds", "batch_id": "batches"}  # fmt: skip
_KINDS = {"sites": "site_kinds", "facilities": "facility_kinds"}


@dataclass(frozen=True, slots=True)
class BadRow:
    """Why a row is no feature: its number, the heading and value at fault, and a sentence without its full stop."""

    row: int
    heading: str
    value: Any
    reason: Sentence

    @property
    def told(self) -> Sentence:
        """Where it stands and the whole reason."""
        if self.heading:
            return Sentence("Row {row}, {heading}: {reason}.", row=self.row, heading=self.heading, reason=self.reason)
        return Sentence("Row {row}: {reason}.", row=self.row, reason=self.reason)


class Rejected(Exception):
    """A row is no feature; the sentence may name its {value}."""

    def __init__(self, row: int, heading: str, value: Any, sentence: str, **values: object) -> None:
        super().__init__(sentence)
        shown = value if isinstance(value, str | int | float | tuple | None) else str(value)
        # What is kept of it must not keep the frames that an exception hangs on to: there may be many.
        self.bad = BadRow(row, heading, shown, Sentence(sentence, value=shown, **values))


class Recorder:
    """Turns rows into features of one layer."""

    def __init__(self, district: District, layer: str, meant: Mapping[str, str], fixed: Mapping[str, str], *,
                 crs: str | None, datum: str, swapped: bool = False) -> None:  # fmt: skip
        """meant: field by heading. fixed: values for all rows. crs: of geometries and coordinates. datum: of the same.

        Raises BadInput for a coordinate system that is none.
        """
        self._district, self._layer, self._meant, self._fixed = district, layer, meant, fixed
        self._datum, self._swapped = datum, swapped
        self._to_wgs84 = _transformer(crs)
        self._strange: dict[str, Counter[str]] = {}
        self._turned = 0
        self._readers = {name: self._reader(name, hint) for name, hint in fields_of(layer).items()}
        self._townships = township_names(district) if layer != "townships" else {}

    def feature(self, row: Row) -> Feature:
        """The feature of a row, without an id; raises Rejected."""
        if row.fault:
            raise Rejected(row.number, "", None, row.fault.sentence.rstrip("."), **row.fault.values)
        properties: dict[str, Any] = {}
        place: dict[str, tuple[str, Any]] = {}
        for heading, field, value in self._given(row):
            if value is None or plain(value) in NOTHING:
                continue
            if isinstance(value, str) and value in EXCEL_ERRORS:
                raise Rejected(row.number, heading, value, "{value!r} is an error that Excel shows; mend the cell")
            if field in (LON, LAT, BOTH, SHAPE):
                place[field] = (heading, value)
            elif field != "id":
                properties[field] = self._value(row, heading, field, value)
        if self._layer == "problems":
            self._classified(properties)
        return {"type": "Feature", "geometry": self._geometry(row, place), "properties": properties}

    def remarks(self) -> list[Sentence]:
        """What was set right in the rows so far, and what they said that no table of this district knows."""
        said = []
        if self._turned:
            said.append(Sentence("{count} coordinates stood latitude first; they were exchanged.", count=self._turned))
        for field, words in self._strange.items():
            some = ", ".join(word for word, _ in words.most_common(EXAMPLES))
            if words and field in ("category", "subcategory"):
                said.append(Sentence("{count} rows name a category that is not in the table ({words}): they are kept "
                                     "as not yet classified.", count=words.total(), words=some))  # fmt: skip
            elif words:
                said.append(Sentence("{field}: {count} rows say what is not in the table ({words}); it is kept as it "
                                     "stands.", field=field, count=words.total(), words=some))  # fmt: skip
        return said

    def _given(self, row: Row) -> Iterator[tuple[str, str, Any]]:
        """Heading, field and value of all that a row says, and after it what is said for all rows."""
        for heading, value in row.values.items():
            if heading in self._meant:
                yield heading, self._meant[heading], value
        for field, text in self._fixed.items():
            yield field, field, text

    def _value(self, row: Row, heading: str, field: str, value: Any) -> Any:
        try:
            return self._readers[field](value)
        except Unreadable as error:
            raise Rejected(row.number, heading, value, error.sentence, **error.values) from error

    def _reader(self, name: str, hint: Any) -> Callable[[Any], Any]:
        if name == "township_stated":
            return self._township
        if name in _TABLES or (name == "kind" and self._layer in _KINDS):
            table = _TABLES.get(name) or _KINDS[self._layer]
            strange = self._strange.setdefault(name, Counter())
            return coded(codes_of(self._district, table), strange, open_text=name not in ("category", "subcategory"))
        if name in ("number", "code"):
            return code_of
        # The level of a facility is a word, that of a road a number.
        if name in WORDS and int not in get_args(hint):
            return worded(WORDS[name], hint)
        return _reader_of(hint, self._district)

    def _township(self, value: Any) -> str:
        text = plain(value).casefold()
        code = self._townships.get(text) or self._townships.get(bare_township(text))
        if code is None:
            raise Unreadable("{value!r} is no township of this district", value)
        return code

    def _geometry(self, row: Row, place: Mapping[str, tuple[str, Any]]) -> Any:
        if row.geometry is not None:
            return self._shape(row, row.geometry)
        if SHAPE in place:
            return self._shape(row, _written_shape(row, *place[SHAPE]))
        if BOTH in place:
            heading, value = place[BOTH]
            lon, lat = self._angles(row, heading, value, lambda: pair(value))
            self._turned += is_latitude_first(value)
        elif LON in place and LAT in place:
            (east, first), (north, second) = place[LON], place[LAT]
            lon = self._angles(row, east, first, lambda: degrees(first))
            lat = self._angles(row, north, second, lambda: degrees(second))
            if self._to_wgs84 is None and not self._swapped and abs(lon) <= 90 < abs(lat) <= 180:
                lon, lat = lat, lon
                self._turned += 1
        elif place:
            heading, value = next(iter(place.values()))
            raise Rejected(row.number, heading, value, "there is only one of the two coordinates")
        else:
            return None
        return self._point(row, lon, lat)

    def _angles(self, row: Row, heading: str, value: Any, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except Unreadable as error:
            raise Rejected(row.number, heading, value, error.sentence, **error.values) from error

    def _point(self, row: Row, lon: float, lat: float) -> Any:
        if self._swapped:
            lon, lat = lat, lon
        if self._to_wgs84 is not None:
            lon, lat = self._to_wgs84.transform(lon, lat)
        if not (-180 <= lon <= 180 and -90 <= lat <= 90) or (lon == 0 and lat == 0):
            raise Rejected(row.number, "", (lon, lat), "{value} is no longitude and latitude in degrees")
        (east,), (north,) = converted([lon], [lat], self._datum, "wgs84")
        return {"type": "Point", "coordinates": [round(float(east), 7), round(float(north), 7)]}

    def _shape(self, row: Row, geometry: Any) -> Any:
        try:
            shape = self._plainer(shapely.force_2d(shapely.from_geojson(msgspec.json.encode(geometry))))
            if self._to_wgs84 is not None:
                shape = shapely.transform(shape, self._to_wgs84.transform, interleaved=False)
        except (shapely.errors.ShapelyError, ValueError, TypeError, msgspec.MsgspecError) as error:
            raise Rejected(row.number, "", None, "its geometry cannot be read") from error
        if shape.is_empty:
            return None
        west, south, east, north = shape.bounds
        if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
            raise Rejected(row.number, "", shape.bounds, "{value} lies beyond the world; name the file's --crs")
        if shape.geom_type == "Point":
            return self._point_of(shape)
        if self._datum != "wgs84":
            shape = shapely.transform(
                shape, lambda lon, lat: converted(lon, lat, self._datum, "wgs84"), interleaved=False
            )
        # Shapefiles have their outer rings clockwise, RFC 7946 the other way round.
        turned = shapely.orient_polygons(shapely.set_precision(shape, 1e-7, mode="pointwise"))
        return msgspec.json.decode(shapely.to_geojson(turned))

    def _plainer(self, shape: Any) -> Any:
        """The one point of several points; a cell of people as a point inside it."""
        if shape.geom_type == "MultiPoint" and len(shape.geoms) == 1:
            return shape.geoms[0]
        return shape.representative_point() if self._layer == "population" else shape

    def _point_of(self, shape: Any) -> Any:
        (east,), (north,) = converted([shape.x], [shape.y], self._datum, "wgs84")
        return {"type": "Point", "coordinates": [round(float(east), 7), round(float(north), 7)]}

    def _classified(self, properties: dict[str, Any]) -> None:
        """A category that was given as its subcategory, or left to it, is told apart."""
        code = properties.get("category")
        if code is not None and len(code) == 4:
            properties.setdefault("subcategory", code)
        if "subcategory" in properties or code is not None:
            properties["category"] = (properties.get("subcategory") or code or UNCLASSIFIED)[:2]

    def defaults(self, feature: Feature) -> dict[str, Any]:
        """What a new feature has where its row says nothing."""
        given = feature["properties"]
        placed = {"position_precision": "exact" if feature["geometry"] else "none"}
        found = placed if self._layer in POINT_LAYERS else {}
        if self._layer == "problems":
            name = str(given.get("description", ""))[:60] or given.get("number", "")
            found |= {"category": UNCLASSIFIED, "status": Status.REPORTED.value, "name": name}
        if self._layer == "population" and feature["geometry"]:
            lon, lat = feature["geometry"]["coordinates"]
            found |= {"name": f"{lon:.4f}, {lat:.4f}"}
        return found | ({"kind": "township"} if self._layer == "townships" else {})


def _written_shape(row: Row, heading: str, text: Any) -> Any:
    """A shape that was written as GeoJSON or WKT into a cell."""
    try:
        if str(text).lstrip().startswith("{"):
            return msgspec.json.decode(str(text))
        return msgspec.json.decode(shapely.to_geojson(shapely.from_wkt(str(text))))
    except (shapely.errors.ShapelyError, msgspec.MsgspecError) as error:
        raise Rejected(row.number, heading, text, "{value!r} is no shape in GeoJSON or WKT") from error


def fields_of(layer: str) -> dict[str, Any]:
    """The fields that a row may give a feature of this layer, with their types."""
    found: dict[str, Any] = {}
    for record in (Located, LAYERS[layer].record):
        hints = get_type_hints(record)
        found |= {field.name: hints[field.name] for field in fields(record)}
    for derived in ("township", "township_name", "township_joined", "nearest_township", "nearest_township_m",
                    "near_border", "street", "street_distance_m", "updated_at", "placed_by"):  # fmt: skip
        found.pop(derived, None)
    return found


def required_fields(layer: str) -> list[str]:
    """The fields that every row must give a new feature, beside those that are filled in where it does not."""
    filled = {"problems": {"number", "category", "status"}, "townships": {"kind"}}.get(layer, set())
    needed = [one.name for one in fields(LAYERS[layer].record) if one.default is MISSING]
    # Only a visit of a plan's stop may be without one, and those come by themselves.
    needed += ["site_id"] if layer == "visits" else []
    named = () if layer in ("problems", "population") else ("name",)
    return [name for name in (*named, *needed) if name not in filled]


def _transformer(crs: str | None) -> Transformer | None:
    if crs is None:
        return None
    try:
        known = CRS.from_user_input(crs)
    except CRSError as error:
        raise BadInput("{value!r} is no coordinate reference system such as EPSG:4548.", value=crs[:60]) from error
    wgs84 = CRS.from_epsg(4326)
    # CGCS2000 and WGS 84 differ by centimetres: degrees of the one are degrees of the other.
    if known == wgs84 or (known.is_geographic and known.to_epsg() in (4326, 4490, 4979)):
        return None
    return Transformer.from_crs(known, wgs84, always_xy=True)


def _reader_of(hint: Any, district: District) -> Callable[[Any], Any]:
    if get_origin(hint) is tuple:
        return texts_of
    (kind, *_) = [one for one in (get_args(hint) or (hint,)) if one is not type(None) and one is not ...]
    if kind is bool:
        return yes_or_no
    if kind is int:
        return lambda value: round(number(value))
    if kind is float:
        return number
    if kind is datetime:
        return lambda value: moment(value, district.zone, year=district.clock().year).isoformat()
    if kind is date:
        return lambda value: moment(value, district.zone).date().isoformat()
    if isinstance(kind, type) and issubclass(kind, StrEnum):
        return worded({}, hint)
    return text_of
