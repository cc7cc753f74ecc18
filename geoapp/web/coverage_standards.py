"""The table of standards: looked at, changed by one, taken away as a workbook and brought back."""

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from flask import Blueprint, Response, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp.domain.errors import BadInput, GeoappError, NotFound
from geoapp.domain.standards import LEVELS, UNITS, Standard
from geoapp.services.coverage.kinds import kind_names, kinds_offered
from geoapp.services.coverage.standards import keep_standard, remove_standard, standards_table
from geoapp.services.coverage.standards_files import COLUMNS, import_standards, standard_of, standards_xlsx
from geoapp.web import coverage_inventory_words as words
from geoapp.web.downloads import XLSX, named, streamed
from geoapp.web.errors import status_of, told
from geoapp.web.heat_taking import file_name
from geoapp.web.language import current
from geoapp.web.requests import require_own_page

blueprint = Blueprint("coverage_standards", __name__)

Answer = AnyResponse | tuple[str, int]


@blueprint.get("/coverage/standards")
def show() -> Answer:
    """All standards, and a form for a new one or for the one that `edit` names."""
    edit = request.args.get("edit")
    row = next((one for one in standards_table(g.district).rows if one.code == edit), None)
    if edit is not None and row is None:
        raise NotFound("There is no standard {code!r} any more.", code=edit)
    return _page({} if row is None else _values(row), replacing=edit)


@blueprint.post("/coverage/standards")
def keep() -> Answer:
    """Keep one standard; a form that cannot be read comes back as it was, with the reason."""
    require_own_page()
    form = request.form
    replacing = form.get("replacing") or None
    given = {name: form.get(name, "") for name in COLUMNS} | {"kinds": ",".join(form.getlist("kinds"))}
    given["check"] = "yes" if form.get("check") else "no"
    try:
        row = standard_of(g.district, given)
        keep_standard(g.district, row, replacing=replacing, based_on=_seen(), by="local", request_key=_key())
    except GeoappError as error:
        return _page(given | {"kinds": form.getlist("kinds")}, replacing=replacing, refusal=error)
    return redirect(url_for("coverage_standards.show") + f"#standard-{row.code}", code=303)


@blueprint.post("/coverage/standards/remove")
def remove() -> Answer:
    """Take one standard away."""
    require_own_page()
    try:
        remove_standard(g.district, request.form.get("code", ""), based_on=_seen(), by="local", request_key=_key())
    except GeoappError as error:
        return _page({}, refusal=error)
    return redirect(url_for("coverage_standards.show"), code=303)


@blueprint.post("/coverage/standards/import")
def bring() -> Answer:
    """Put the standards of a file in the place of all, or say which of its values cannot be read."""
    require_own_page()
    file = request.files.get("file")
    try:
        if file is None or not file.filename:
            raise BadInput("Choose a file: a workbook or CSV with the columns of this table.")
        import_standards(g.district, file.filename, file.stream, based_on=_seen(), by="local", request_key=_key())
    except GeoappError as error:
        return _page({}, refusal=error)
    return redirect(url_for("coverage_standards.show"), code=303)


@blueprint.get("/coverage/standards.xlsx")
def take() -> Response:
    """The table as a workbook that is read back."""
    kinds = kind_names(g.district, current())
    notes = [
        gettext("This table can be changed and brought back on the page of standards; it takes the place of all."),
        *(f"{code}: {text}" for code, text in words.LEVELS.items()),
        *(f"{code}: {text}" for code, text in words.UNITS.items()),
        *(f"{code}: {text}" for code, text in kinds.items()),
    ]
    file = standards_xlsx(g.district, chinese=current() == "zh", notes=notes, notes_title=gettext("About"))
    name = file_name(f"{gettext('Standards')}.xlsx")
    return named(Response(streamed(file), mimetype=XLSX), name, "standards.xlsx")


def _page(given: Mapping[str, Any], *, replacing: str | None = None, refusal: GeoappError | None = None) -> Answer:
    table = standards_table(g.district)
    today = g.district.clock().astimezone(g.district.zone).date()
    page = render_template(
        "coverage/standards.html", table=table, rows=[_shown(row) for row in table.rows], given=given,
        replacing=replacing, refusal=None if refusal is None else told(refusal), seen=g.district.present.seq,
        kinds={code: name for kinds in kinds_offered(g.district, current()).values() for code, name in kinds.items()},
        key=token_hex(12),
        levels={one: words.LEVELS[one] for one in LEVELS}, units={one: words.UNITS[one] for one in UNITS},
        may_write=g.may_write, today=today,
    )  # fmt: skip
    return page, 200 if refusal is None else status_of(refusal)


def _shown(row: Standard) -> dict[str, Any]:
    return {"row": row, "name": words.standard(row), "asked": words.asked(row), "kinds": words.kinds(row.kinds),
            "level": words.LEVELS[row.level]}  # fmt: skip


def _values(row: Standard) -> dict[str, Any]:
    """A standard as its form shows it."""
    return {
        "code": row.code, "zh": row.zh, "en": row.en, "level": row.level, "kinds": list(row.kinds),
        "number": f"{row.number:g}", "unit": row.unit, "source": row.source or "", "dated": row.dated or "",
        "valid_from": row.valid_from or "", "check": "yes" if row.check else "no",
    }  # fmt: skip


def _seen() -> int | None:
    """The state of the district that the sender looked at."""
    text = request.form.get("seen", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 16 else None


def _key() -> str | None:
    return request.form.get("key") or None
