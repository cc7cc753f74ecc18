"""The parameters of the machine's addresses: described once, and held to exactly that description."""

import re
from collections.abc import Collection, Mapping
from typing import Any

from flask import request

from geoapp import services
from geoapp.domain.errors import BadInput, UnknownParameter
from geoapp.domain.problem import Status
from geoapp.domain.selection import CELL, INDICATORS, LONGEST_QUERY, ROLES, Due, Selection

LONGEST_LIST = 2_000
MOST_FEATURES, MOST_CHANGES = 10_000, 10_000
_DAY = r"^(19|20|21)\d\d-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$"
_NUMBER = r"-?\d{1,3}(\.\d{1,12})?"


def _some_of(words: Collection[str]) -> dict[str, Any]:
    one = f"({'|'.join(words)})"
    return {"type": "string", "pattern": f"^{one}(,{one})*$", "maxLength": LONGEST_LIST}


def _texts(what: str) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": LONGEST_LIST, "description": f"{what}; several by comma."}


# JSON Schema of every parameter of a selection, as its text stands in the link.
SELECTION: Mapping[str, dict[str, Any]] = {
    "category": {
        "type": "string",
        "pattern": r"^\d\d(\d\d)?(,\d\d(\d\d)?)*$",
        "maxLength": LONGEST_LIST,
        "description": "Codes of categories (two digits) or subcategories (four); several by comma.",
    },
    "status": _some_of([str(status) for status in Status]) | {"description": "States; several by comma."},
    "kind": _texts("Kinds of the layer"),
    "township": _texts("Codes of townships"),
    "street": _texts("Ids of streets"),
    "unit": _texts("Codes of units, lead or in charge"),
    "round": _texts("Codes of rounds; for sites: checked in one of these"),
    "batch": _texts("Codes of batches"),
    "site": _texts("Ids of sites"),
    "role": _some_of(ROLES) | {"description": "Roles of sites; several by comma."},
    "without": _texts("Ids to leave out"),
    "cell": {
        "type": "string",
        "pattern": f"^{CELL}(,{CELL})*$",
        "maxLength": LONGEST_LIST,
        "description": "Cells of the map of hot spots, as hex:500:12:-7; several by comma.",
    },
    "standard": _texts("Codes of standards of coverage, beside indicator"),
    "from": {"type": "string", "format": "date", "pattern": _DAY, "description": "First day, in the district's time."},
    "to": {"type": "string", "format": "date", "pattern": _DAY, "description": "Last day, included."},
    "due": {"type": "string", "enum": [str(due) for due in Due], "description": "Near its deadline, or past it."},
    "indicator": {
        "type": "string",
        "enum": [name for names in INDICATORS.values() for name in names],
        "description": "Only what this number of the page /leader counts, from and to being its period, or what the"
                       " inventory of /coverage counts on the day `to`.",
    },
    "bbox": {
        "type": "string",
        "pattern": f"^{_NUMBER}(,{_NUMBER}){{3}}$",
        "description": "west,south,east,north in degrees (WGS 84), borders included.",
    },
    "q": {"type": "string", "minLength": 1, "maxLength": LONGEST_QUERY, "description": "Words to look for."},
}  # fmt: skip


# How a heat surface is made.
HEAT_STYLE: Mapping[str, dict[str, Any]] = {
    "bandwidth": {
        "type": "string",
        "enum": [str(metres) for metres in services.BANDWIDTHS_M],
        "default": str(services.HeatStyle().bandwidth_m),
        "description": "Standard deviation of the kernel, in metres.",
    },
    "weight": {
        "type": "string",
        "enum": list(services.HEAT_WEIGHTS),
        "default": services.HeatStyle().weight,
        "description": "What a report counts: 1, its severity (1, 2 or 3), or the days that it is overdue.",
    },
    "top": {
        "type": "string",
        "pattern": r"^(0|[1-9]\d{0,8})(\.\d{1,9})?$",
        "description": "Where the scale ends, in weight per km², so that several maps have one scale.",
    },
}


def whole(least: int, most: int, default: int, what: str) -> dict[str, Any]:
    """The schema of a whole number."""
    return {"type": "integer", "minimum": least, "maximum": most, "default": default, "description": what}


LIMIT = whole(1, MOST_FEATURES, 100, "How many features at most.")
OFFSET = whole(0, 10**9, 0, "How many features to pass over.")
SINCE = {
    "type": "string",
    "pattern": r"^\d{1,15}(\.\d{1,9})?$",
    "default": "0",
    "description": "After which commit, or after which of its changes: the `seq` or `next` of the answer before.",
}
CHANGES_LIMIT = whole(1, MOST_CHANGES, 1_000, "How many changes at most.")


def strictly(known: Mapping[str, dict[str, Any]]) -> dict[str, str]:
    """This request's parameters, each given once and as its schema says; raises UnknownParameter and BadInput."""
    given: dict[str, str] = {}
    for name, texts in request.args.lists():
        if name not in known:
            raise UnknownParameter(
                "There is no parameter {name!r}; there are {known}.", name=name, known=", ".join(sorted(known))
            )
        if len(texts) > 1:
            raise BadInput("{name} is given {count} times; give it once.", name=name, count=len(texts))
        _require(name, texts[0], known[name])
        given[name] = texts[0]
    return given


def number(given: Mapping[str, str], name: str, schema: Mapping[str, Any]) -> int:
    """A whole number that was given, or its default."""
    return int(given.get(name, schema["default"]))


def chosen(given: Mapping[str, str]) -> Selection:
    """The selection among these parameters."""
    return Selection.parse({name: [text] for name, text in given.items() if name in SELECTION})


def _require(name: str, text: str, schema: Mapping[str, Any]) -> None:
    if schema["type"] == "integer":
        least, most = schema["minimum"], schema["maximum"]
        if not (re.fullmatch(r"(0|[1-9][0-9]{0,9})", text) and least <= int(text) <= most):
            raise BadInput(
                "{name}={value!r} is not a whole number from {least} to {most}.",
                name=name, value=text, least=least, most=most,
            )  # fmt: skip
        return
    if len(text) > schema.get("maxLength", 10**9):
        raise BadInput("{name} may have {most} characters at most.", name=name, most=schema["maxLength"])
    if len(text) < schema.get("minLength", 0):
        raise BadInput("{name} is empty; leave it out instead.", name=name)
    if "enum" in schema and text not in schema["enum"]:
        raise BadInput(
            "{name}={value!r} is not one of {known}.", name=name, value=text, known=", ".join(schema["enum"])
        )
    if "pattern" in schema and not re.fullmatch(schema["pattern"], text, re.ASCII):
        # The domain knows what is wrong with it, in the reader's words; what it would let pass is refused here.
        Selection.parse({name: [text]}) if name in SELECTION else None
        raise BadInput("{name}={value!r} is not written as it must be: {pattern}.", name=name, value=text,
                       pattern=schema["pattern"])  # fmt: skip
