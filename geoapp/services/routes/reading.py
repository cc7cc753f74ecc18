"""Requests and plans as JSON: every value is looked at, and what is wrong is named."""

import codecs
import dataclasses
import re
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec

from geoapp.domain.errors import BadInput
from geoapp.domain.routes import RoutePlan, RouteRequest
from geoapp.domain.sentences import Sentence

MOST_BYTES = 50_000_000
Value = TypeVar("Value")

# What msgspec says, as people say it.
_WORDS = {
    "float": Sentence("a number"),
    "int": Sentence("a whole number"),
    "str": Sentence("a text"),
    "bool": Sentence("true or false"),
    "array": Sentence("a list"),
    "object": Sentence("an object"),
    "null": Sentence("nothing (null)"),
}


def read_request(content: bytes) -> RouteRequest:
    """The request in a JSON text; raises BadInput with one sentence."""
    return _read(content, RouteRequest, Sentence("request"))


def read_plan(content: bytes) -> RoutePlan:
    """The plan in a JSON text, made by geoapp or edited by hand; raises BadInput with one sentence."""
    return _read(content, RoutePlan, Sentence("plan"))


def plan_json(plan: RoutePlan) -> bytes:
    """A plan as JSON, as it was made: what read_plan reads."""
    return msgspec.json.format(msgspec.json.encode(plan), indent=1)


def read_file(path: Path) -> bytes:
    """The bytes of a request or plan; raises BadInput for a file that cannot be read or is too large."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadInput("{file} is too large for a plan.", file=path.name)
        return path.read_bytes()
    except OSError as error:
        raise BadInput("{file} cannot be read: {reason}.", file=path.name, reason=error.strerror) from error


def _read(content: bytes, kind: type[Value], what: Sentence) -> Value:
    try:
        found = msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8))
    except RecursionError as error:
        raise BadInput("The {what} is no JSON text that can be read: it is nested too deeply.", what=what) from error
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        if re.search(rb"[:\[,]\s*-?(NaN|Infinity)\b", content):
            raise BadInput("The {what} is no JSON text: NaN and Infinity are no numbers.", what=what) from error
        raise BadInput("The {what} is no JSON text: {reason}.", what=what, reason=str(error).rstrip(".")) from error
    _require_names(found, kind, "")
    try:
        return msgspec.convert(found, kind)
    except msgspec.ValidationError as error:
        if isinstance(error.__cause__, BadInput):
            raise error.__cause__ from None
        raise _said(str(error), found, what) from error


def _require_names(value: Any, kind: type, where: str) -> None:
    """Raise BadInput for a name that means nothing: a misspelt one would be lost without a word."""
    hints = _hints(kind)
    if not isinstance(value, dict):
        return
    for name, one in value.items():
        if name not in hints:
            near = get_close_matches(name, hints, 1, 0.5)
            hint = Sentence("; did you mean {name}?", name=near[0]) if near else ""
            raise BadInput(
                "{where} cannot have {name!r}{hint}", where=where or Sentence("This file"), name=name, hint=hint
            )
        of = next((part for part in (hints[name], *get_args(hints[name])) if dataclasses.is_dataclass(part)), None)
        if isinstance(of, type) and isinstance(one, list) == (get_origin(hints[name]) is tuple):
            for number, item in enumerate(one if isinstance(one, list) else [one]):
                _require_names(item, of, f"{name}[{number}]" if isinstance(one, list) else name)


@cache
def _hints(kind: type) -> dict[str, Any]:
    return get_type_hints(kind)


def _said(text: str, found: Any, what: Sentence) -> BadInput:
    """What msgspec says of a value, as a sentence that names the place and, where there is one, the id there."""
    reason, _, path = text.partition(" - at `$")
    place = path.rstrip("`").lstrip(".")
    wrong = re.fullmatch(r"Expected `(\w+)(?: \| \w+)*`, got `(\w+)`", reason)
    missing = re.fullmatch(r"Object missing required field `(\w+)`", reason)
    length = re.fullmatch(r"Expected `array` of length (\d+), got (\d+)", reason)
    said = Sentence(reason.replace("{", "(").replace("}", ")"))
    if missing:
        said = Sentence("{name} is missing", name=missing[1])
    elif length:
        said = Sentence("it must be a list of {wanted}, not of {given}", wanted=length[1], given=length[2])
    elif "date" in reason:
        said = Sentence("it must be a date such as 2026-11-24")
    elif wrong:
        said = Sentence("it must be {wanted}, not {given}", wanted=_WORDS.get(wrong[1], wrong[1]),
                        given=_WORDS.get(wrong[2], wrong[2]))  # fmt: skip
    if not place:
        return BadInput("The {what} cannot be read: {said}.", what=what, said=said)
    return BadInput("The {what} cannot be read at {place}: {said}.", what=what, place=_with_id(place, found), said=said)


def _with_id(path: str, found: Any) -> str:
    """stops[3].lon becomes stops[3] (S4) lon."""
    head = re.match(r"(\w+)\[(\d+)\]", path)
    things = found.get(head[1]) if head and isinstance(found, dict) else None
    if head is None or not isinstance(things, list) or not isinstance(things[int(head[2])], dict):
        return path
    id = things[int(head[2])].get("id")
    return path.replace(head[0], f"{head[0]} ({id})" if id else head[0], 1).replace(").", ") ")
