"""The checklist of evidence: which facility lacks which proof, pictures brought and looked at."""

from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import lazy_gettext as _
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError, NotAllowed
from geoapp.domain.layers import EVIDENCE
from geoapp.domain.selection import Scope, Selection
from geoapp.services.coverage.evidence import (
    LARGEST_PICTURE,
    Checklist,
    add_evidence,
    checklist,
    evidence_picture,
    remove_evidence,
)
from geoapp.services.coverage.kinds import FACILITIES, kind_names, kinds_known
from geoapp.web import coverage_inventory_words as words
from geoapp.web.errors import status_of, told
from geoapp.web.language import current
from geoapp.web.requests import require_own_page

blueprint = Blueprint("coverage_evidence", __name__)

NAMES = {
    "evidence_photo": _("Photo"),
    "evidence_notice": _("Notice of opening hours"),
    "evidence_area": _("Proof of floor area"),
}
FILTERS = ("township", "kind")
ROWS_A_PAGE = 50


@blueprint.get("/coverage/evidence")
def show() -> tuple[str, int]:
    """The checklist; a link that asks for what is not there shows everything, and says so."""
    _require_inside()
    return _page(None)


@blueprint.post("/coverage/evidence")
def bring() -> AnyResponse | tuple[str, int]:
    """Keep one picture as a proof of a facility, or take one away."""
    require_own_page()
    form, file = request.form, request.files.get("file")
    facility, name, key = form.get("facility", ""), form.get("evidence", ""), form.get("key") or None
    try:
        if form.get("remove"):
            remove_evidence(g.district, facility, name, form["remove"], by="local", request_key=key)
        else:
            if file is None or not file.filename:
                raise BadInput("Choose a picture.")
            content = file.stream.read(LARGEST_PICTURE + 1)
            add_evidence(g.district, facility, name, content, by="local", request_key=key)
    except GeoappError as error:
        return _page(error)
    query = request.query_string.decode()
    return redirect(url_for("coverage_evidence.show") + (f"?{query}" if query else "") + f"#f-{facility}", code=303)


@blueprint.get("/coverage/evidence/<sha256>")
def picture(sha256: str) -> Response:
    """A picture that proves something of the facility that `facility` names."""
    _require_inside()
    content = evidence_picture(g.district, request.args.get("facility", ""), sha256, g.scope)
    answer = Response(content, mimetype="image/jpeg")
    # Under its name there is never anything else.
    answer.headers["Cache-Control"] = "private, max-age=31536000, immutable"
    return answer


def picture_address(facility: str, sha256: str) -> str:
    """Where one of a facility's pictures is."""
    return url_for("coverage_evidence.picture", sha256=sha256, facility=facility)


def _require_inside() -> None:
    if g.scope is not Scope.FULL:
        raise NotAllowed("Evidence is shown on this machine only.")


def _page(refused: GeoappError | None) -> tuple[str, int]:
    refusal = None if refused is None else told(refused)
    status = 200 if refused is None else status_of(refused)
    asked = {name: text for name, text in request.args.items() if name in (*FILTERS, "lacking", "page") and text}
    try:
        found, page = _asked(asked)
    except GeoappError as error:
        refusal, status, asked = told(error), status_of(error), {}
        found, page = _asked(asked)
    pages = max(1, -(-len(found.facilities) // ROWS_A_PAGE))
    page = min(page, pages)
    first = (page - 1) * ROWS_A_PAGE
    shown = found.facilities[first : first + ROWS_A_PAGE]
    return render_template(
        "coverage/evidence.html", found=found, rows=[_row(one) for one in shown], asked=asked, refusal=refusal,
        page=page, pages=pages, names=NAMES, may_write=g.may_write,
        townships=services.wording(g.district, "townships", current()),
        kinds=_kinds(), address=picture_address, key=token_hex(12),
    ), status  # fmt: skip


def _kinds() -> dict[str, str]:
    """Kinds of facility by name: sites have no evidence."""
    of_facilities = set(kinds_known(g.district)[FACILITIES])
    return {code: text for code, text in kind_names(g.district, current()).items() if code in of_facilities}


def _asked(asked: dict[str, str]) -> tuple[Checklist, int]:
    chosen = Selection.parse({name: [asked[name]] for name in FILTERS if name in asked})
    text = asked.get("page", "1")
    if not (text.isascii() and text.isdigit() and 0 < int(text) < 10**6):
        raise BadInput("{name}={value!r} is not a number from 1.", name="page", value=text)
    return checklist(g.district, chosen, g.scope, asked.get("lacking")), int(text)


def _row(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": record["id"],
        "name": words.name(record),
        "kind": record["kind"],
        "township": record.get("township"),
        "proofs": [(name, NAMES[name], record.get(name) or []) for name in EVIDENCE],
    }
