"""The API described to programs (OpenAPI 3.1), from the same tables that serve it."""

from collections.abc import Mapping
from typing import Any

import msgspec
from flask import Blueprint, Response, jsonify

from geoapp import __version__, services
from geoapp.domain.layers import LAYERS
from geoapp.domain.places import Located
from geoapp.domain.selection import INDICATORS, Selection
from geoapp.web.parameters import CHANGES_LIMIT, HEAT_STYLE, LIMIT, OFFSET, SELECTION, SINCE, strictly
from geoapp.web.requests import not_modified, tagged, unchanged

blueprint = Blueprint("openapi", __name__)

Schema = dict[str, Any]
REF = "#/components/schemas/{name}"
GEOJSON, MVT = "application/geo+json", "application/vnd.mapbox-vector-tile"


@blueprint.get("/openapi.json")
def show() -> Response:
    """The description."""
    strictly({})
    tag, known = unchanged((), Selection(), __version__)
    return not_modified(tag) if known else tagged(jsonify(description()), tag)


def description() -> Schema:
    """The whole document."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "geoapp",
            "version": __version__,
            "summary": "A district's sites, facilities and problems, each in its township.",
            "description": "Positions are longitude and latitude in WGS 84; times RFC 3339. An unknown or invalid "
            "parameter is answered with 400 and a sentence in the reader's language.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": _paths(),
        "components": {"schemas": _schemas(), "responses": _responses(), "headers": _headers()},
    }


def _paths() -> Schema:
    paths: Schema = {}
    for layer, kind in LAYERS.items():
        allowed = selection_of(layer)
        paths[f"/api/v1/{layer}"] = _get(
            f"list_{layer}", f"A page of the selected {layer}.", {**allowed, "limit": LIMIT, "offset": OFFSET},
            {GEOJSON: _ref(f"{layer}_collection")},
        )  # fmt: skip
        paths[f"/api/v1/{layer}/{{id}}"] = _get(
            f"get_{layer}", f"One of the {layer} ({kind.record.__name__}).", {}, {GEOJSON: _ref(f"{layer}_feature")},
            path={"id": {"type": "string", "minLength": 1}},
        )  # fmt: skip
    by = f"({'|'.join(sorted(services.DIMENSIONS))})"
    paths["/api/v1/statistics"] = _get(
        "statistics", "Counts of the selected features by one or more dimensions.", statistics_parameters(by),
        {"application/json": _ref("Statistics")},
    )  # fmt: skip
    paths["/api/v1/changes"] = _get(
        "changes", "Every change after a point of the ledger, in order.", {"since": SINCE, "limit": CHANGES_LIMIT},
        {"application/json": _ref("Changes")},
    )  # fmt: skip
    deepest, last = services.MAX_ZOOM, 2**services.MAX_ZOOM - 1
    for layer in LAYERS:
        paths[f"/tiles/{layer}/{{z}}/{{x}}/{{y}}.mvt"] = _get(
            f"tile_{layer}", f"A vector tile of the selected {layer}; clusters carry the tag `count`.", SELECTION,
            {MVT: {}}, path={name: {"type": "integer", "minimum": 0, "maximum": most} for name, most in
                             (("z", deepest), ("x", last), ("y", last))},
        )  # fmt: skip
    paths["/tiles/heat/{z}/{x}/{y}.png"] = _get(
        "tile_heat", "A picture of where the selected problems lie thickest.", {**SELECTION, **HEAT_STYLE},
        {"image/png": {}}, path={name: {"type": "integer", "minimum": 0, "maximum": most} for name, most in
                                 (("z", deepest), ("x", last), ("y", last))},
    )  # fmt: skip
    paths["/openapi.json"] = _get("openapi", "This description.", {}, {"application/json": {"type": "object"}})
    paths["/healthz"] = _get("healthz", "The process answers.", {}, {"application/json": _ref("Health")}, kept=False)
    paths["/readyz"] = _get("readyz", "The ledger can be read.", {}, {"application/json": _ref("Ready")}, kept=False)
    return paths


def selection_of(layer: str) -> dict[str, Schema]:
    """The parameters by which a layer is chosen."""
    own = {"indicator": SELECTION["indicator"] | {"enum": list(INDICATORS.get(layer, ()))}}
    return {name: schema for name, schema in {**SELECTION, **own}.items() if name in LAYERS[layer].parameters}


def statistics_parameters(by: str) -> dict[str, Schema]:
    """The parameters of /api/v1/statistics; by: a pattern of one dimension."""
    layer = {"type": "string", "enum": list(LAYERS), "default": "problems", "description": "The layer to count."}
    split = {"type": "string", "pattern": f"^{by}(,{by}){{0,3}}$", "default": "township,status",
             "description": "One to four dimensions by comma."}  # fmt: skip
    return {"layer": layer, "by": split, **SELECTION}


def _get(name: str, summary: str, query: Mapping[str, Schema], content: Schema, *,
         path: Mapping[str, Schema] | None = None, kept: bool = True) -> Schema:  # fmt: skip
    """One address that is only read. kept: whether its answer has an ETag."""
    parameters = [
        {"name": one, "in": "path", "required": True, "schema": schema} for one, schema in (path or {}).items()
    ] + [{"name": one, "in": "query", "schema": schema} for one, schema in query.items()]
    headers = {"ETag": {"$ref": "#/components/headers/ETag"}} if kept else {}
    body = {mimetype: {"schema": schema} if schema else {} for mimetype, schema in content.items()}
    answers: Schema = {"200": {"description": summary, "headers": headers, "content": body}}
    if kept:
        parameters.append({"name": "If-None-Match", "in": "header", "schema": {"type": "string"}})
        answers["304"] = {"description": "Not changed since the answer with this ETag."}
    refusals = {"400": "Refused", "403": "NotAllowed", "404": "NotFound", "405": "WrongMethod"}
    answers |= {status: {"$ref": f"#/components/responses/{name}"} for status, name in refusals.items()}
    return {"get": {"operationId": name, "summary": summary, "parameters": parameters, "responses": answers}}


def _responses() -> Schema:
    said = {"application/json": {"schema": _ref("Error")}}
    allow = {"Allow": {"schema": {"type": "string"}, "description": "The methods that are possible."}}
    return {
        "Refused": {"description": "A parameter is unknown or invalid.", "content": said},
        "NotAllowed": {"description": "Not open to this asker.", "content": said},
        "NotFound": {"description": "There is no such thing.", "content": said},
        "WrongMethod": {"description": "This address is only read.", "headers": allow, "content": said},
    }


def _headers() -> Schema:
    etag = {"schema": {"type": "string"}, "description": "Send it back as If-None-Match to be told whether it changed."}
    return {"ETag": etag}


def _schemas() -> Schema:
    records = [kind.record for kind in LAYERS.values()]
    _, schemas = msgspec.json.schema_components([*dict.fromkeys(records), Located], ref_template=REF)
    features = {f"{layer}_feature": _feature(kind.record.__name__) for layer, kind in LAYERS.items()}
    collections = {f"{layer}_collection": _collection(f"{layer}_feature") for layer in LAYERS}
    return {**schemas, **features, **collections, **_OTHERS}


def _feature(record: str) -> Schema:
    properties = {"allOf": [_ref(record), _ref("Located")]}
    return _object(type={"const": "Feature"}, id={"type": "string"}, geometry=_ref("Geometry"), properties=properties)


def _collection(feature: str) -> Schema:
    number = {"type": "integer", "minimum": 0}
    features = {"type": "array", "items": _ref(feature)}
    return _object(type={"const": "FeatureCollection"}, numberMatched=number, numberReturned=number,
                   links={"type": "array", "items": _ref("Link")}, features=features)  # fmt: skip


def _object(**properties: Schema) -> Schema:
    return {"type": "object", "required": list(properties), "properties": properties}


def _ref(name: str) -> Schema:
    return {"$ref": REF.format(name=name)}


_TEXT, _WHOLE = {"type": "string"}, {"type": "integer", "minimum": 0}
_OTHERS: Schema = {
    "Error": _object(error={"type": "string", "description": "One sentence."}, status={"type": "integer"}),
    "Geometry": {
        "oneOf": [
            {"type": "null"},
            _object(
                type={"enum": ["Point", "LineString", "MultiLineString", "Polygon", "MultiPolygon"]},
                coordinates={"type": "array"},
            ),
        ]
    },
    "Link": _object(rel=_TEXT, type=_TEXT, href=_TEXT),
    "Statistics": _object(
        layer=_TEXT,
        by={"type": "array", "items": _TEXT},
        total=_WHOLE,
        rows={"type": "array", "items": _object(count=_WHOLE)},
    ),
    "Change": _object(
        seq=_WHOLE, n=_WHOLE, time={"type": "string", "format": "date-time"}, action=_TEXT, layer=_TEXT, id=_TEXT,
        deleted={"type": "boolean"}, patch={"type": ["object", "null"]},
    ),
    "Changes": _object(
        seq=_WHOLE, changes={"type": "array", "items": _ref("Change")}, next={"type": ["string", "null"]}
    ),
    "Health": _object(status={"const": "ok"}),
    "Ready": _object(status={"const": "ready"}, sequence=_WHOLE),
}  # fmt: skip
