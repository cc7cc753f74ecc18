"""What every request is given, and what every answer carries."""

import gzip
import ipaddress
import secrets
from collections.abc import Iterable
from urllib.parse import urlsplit

from flask import Flask, Response, current_app, g, request

from geoapp import services
from geoapp.domain.errors import NotAllowed
from geoapp.domain.selection import Selection

GZIP_FROM = 1_024
COMPRESSED = ("text/html", "application/json", "application/geo+json", "text/javascript", "text/css", "image/svg+xml")


def install(app: Flask) -> None:
    """Give every request its district, scope and nonce; every answer its headers."""
    app.before_request(_begin)
    app.after_request(_protect)
    app.after_request(_compress)


def _begin() -> None:
    g.nonce = secrets.token_urlsafe(16)
    if request.endpoint in ("static", "health.healthz"):
        return
    g.district = services.at_this_moment(current_app.extensions["geoapp"])
    # Only the connection counts: a header that names another address is anybody's to send.
    # And only under its own name: a stranger's name that leads here brings a stranger's page with it.
    local = _is_loopback(request.remote_addr) and _is_local_name(request.host) and not _is_passed_on()
    g.may_write = local
    g.scope = services.scope_of(g.district, loopback=local)


def _is_passed_on() -> bool:
    """Whether a proxy says that it asks for somebody else; claiming so gains nobody anything."""
    return any(name in request.headers for name in ("Forwarded", "X-Forwarded-For", "X-Real-IP", "Via"))


def _is_local_name(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    return name == "localhost" or _is_loopback(name)


def require_own_page() -> None:
    """Raise NotAllowed unless this request may write: sent from this machine, and not by another site's page."""
    origin = request.headers.get("Origin")
    if not g.may_write or (origin is not None and urlsplit(origin).netloc != request.host):
        raise NotAllowed("Changes are taken from this machine only, and from geoapp's own pages.")


def _is_loopback(address: str | None) -> bool:
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False


def _protect(response: Response) -> Response:
    nonce = f"'nonce-{g.get('nonce', '')}'"
    response.headers["Content-Security-Policy"] = "; ".join(
        (
            "default-src 'self'",
            f"script-src {nonce}",
            f"style-src 'self' {nonce}",
            "img-src 'self' data: blob:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    # What this machine may see is not what others may: nothing in between keeps an answer for the next one.
    response.headers.setdefault("Cache-Control", "private, no-cache")
    return response


def _compress(response: Response) -> Response:
    if (
        response.direct_passthrough
        or response.status_code != 200
        or response.mimetype not in COMPRESSED
        or not request.accept_encodings.quality("gzip")
        or (response.content_length or 0) < GZIP_FROM
    ):
        return response
    response.set_data(gzip.compress(response.get_data(), compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response


def selection(*others: str) -> Selection:
    """The selection in this request's parameters; `others` are parameters of the view itself, and the language's."""
    given = {name: values for name, values in request.args.lists() if name not in {*others, "lang"}}
    return Selection.parse(given)


# What a page's link carries beside the selection: how it is looked at.
HEAT_VIEW = ("bandwidth", "weight", "view", "cells", "width", "per", "shown", "top", "bare", "extent")
VIEW = ("measure", "layer", "layers", "page", "rows", "sort", "columns", "part", "template", *HEAT_VIEW)


def page_selection() -> Selection:
    """The selection in the link of a page for people."""
    return selection(*VIEW)


def unchanged(layers: Iterable[str], chosen: Selection, *extra: str) -> tuple[str, bool]:
    """The ETag of an answer, and whether the asker has that answer already."""
    tag = services.etag(g.district, layers, chosen, g.scope, request.path, *extra)
    return tag, request.if_none_match.contains_weak(tag)


def tagged(response: Response, tag: str) -> Response:
    """The answer with its ETag: to be kept, and to be asked about each time."""
    # A weak tag: the same content may come compressed or plain.
    response.set_etag(tag, weak=True)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def not_modified(tag: str) -> Response:
    """Nothing has changed since."""
    return tagged(Response(status=304), tag)
