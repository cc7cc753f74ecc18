"""How a link asks for the page of coverage, and the links that ask it for something else."""

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from flask import request, url_for

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Selection
from geoapp.web.language import current
from geoapp.web.requests import unchanged

# What a link carries beside the question: how the page is looked at.
LOOK = frozenset({"view", "measure", "sort", "page", "lang"})
# What any of the views reads.
LAYERS = ("facilities", "villages", "townships", "streets", "roads", "sites", "problems", "tables", "population")
MOST_PAGES = 10_000


def asked(*own: str) -> CoverageQuestion:
    """The question in this request's parameters; own: names of parameters that a view reads itself."""
    given = {name: texts for name, texts in request.args.lists() if name not in LOOK and name not in own}
    return CoverageQuestion.parse(given)


def page_of(question: CoverageQuestion, view: str = "", **own: str) -> str:
    """The page's address with this question in a view; the usual one is named by nothing."""
    return _address("coverage.show", question, {"view": view, **own})


def same_view(question: CoverageQuestion, **own: str) -> str:
    """The address of another question in the view, and looked at in the way, that this request asks for."""
    look = {name: text for name, text in request.args.items() if name in ("view", "measure", "sort")}
    return _address("coverage.show", question, look | own)


def part_of(endpoint: str, question: CoverageQuestion, **own: str) -> str:
    """The address of something else that answers the same question: a file, a layer."""
    return _address(endpoint, question, own)


def with_pin(question: CoverageQuestion, lon: float, lat: float) -> CoverageQuestion:
    """The question with one more facility supposed there."""
    return replace(question, pin=tuple(sorted({*question.pin, (round(lon, 7), round(lat, 7))})))


def opened_or_closed(question: CoverageQuestion, facility: str) -> CoverageQuestion:
    """The question with a facility supposed to be closed, or open again if it was."""
    return replace(question, closed=tuple(sorted({*question.closed} ^ {facility})))


def page_number() -> int:
    """Which page of a long list is asked for, from 1; raises BadInput."""
    text = request.args.get("page") or "1"
    if not (text.isascii() and text.isdigit() and len(text) < 6 and 1 <= int(text) <= MOST_PAGES):
        raise BadInput("{name}={value!r} is not a whole number from {least} to {most}.", name="page", value=text,
                       least=1, most=MOST_PAGES)  # fmt: skip
    return int(text)


def unchanged_answer() -> tuple[str, bool]:
    """The ETag of an answer to this request's question, and whether the asker has that answer already."""
    return unchanged(LAYERS, Selection(), request.query_string.decode(), current())


def _address(endpoint: str, question: CoverageQuestion, own: dict[str, Any]) -> str:
    query = urlencode(question.parameters() | {name: text for name, text in own.items() if text})
    return url_for(endpoint) + (f"?{query}" if query else "")
