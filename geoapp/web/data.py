"""Files in and out: what an office brings is shown whole before anything is changed."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

from flask import Blueprint, Response, current_app, g, redirect, render_template, request, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response as AnyResponse

from geoapp import services
from geoapp.domain.errors import BadInput, GeoappError, NotAllowed
from geoapp.domain.selection import Scope, Selection
from geoapp.domain.sentences import Sentence
from geoapp.web import labels
from geoapp.web.downloads import named, streamed
from geoapp.web.errors import status_of, told
from geoapp.web.fields import fields_of
from geoapp.web.language import current
from geoapp.web.requests import require_own_page, selection

blueprint = Blueprint("data", __name__, url_prefix="/data")

# Most files are looked at before a person has looked up; a larger one is waited for on its own page.
PATIENCE_S = 1.5
BAD_SHOWN = 200
BRINGABLE = ("problems", "sites", "facilities", "villages", "visits", "streets", "roads", "townships",
             "population")  # fmt: skip
FORMATS = ("xlsx", "csv", "geojson", "gpkg", "shp.zip", "kml")
DATUMS = {"wgs84": "WGS 84", "gcj02": "GCJ-02", "bd09": "BD-09"}


@blueprint.get("")
def show() -> str:
    """What can be brought, what waits for a person, and what can be taken away."""
    selection()
    counts = services.counts(g.district, Selection(), g.scope)
    return render_template(
        "data/index.html",
        may_write=g.may_write,
        bringable=BRINGABLE,
        counts=counts,
        waiting={layer: counts[layer].without_place for layer in services.PLACEABLE if counts[layer].without_place},
        doubtful=services.doubtful_counts(g.district, g.scope),
        formats=FORMATS,
        templates=services.templates(g.district),
    )


@blueprint.post("/uploads")
def receive() -> AnyResponse:
    """Take a file and look at all of it."""
    require_own_page()
    files = [(file.filename or "", file.stream) for file in request.files.getlist("file")]
    upload = _uploads().receive(request.form.get("layer", ""), files)
    _uploads().settled(upload.id, PATIENCE_S)
    return redirect(url_for("data.preview", id=upload.id), code=303)


@blueprint.get("/uploads/<id>")
def preview(id: str) -> tuple[str, int]:
    """What a file would bring, or has brought; how far its reading is meanwhile."""
    _require_local()
    upload = _uploads().get(id)
    failure = upload.failure
    if failure is not None and not isinstance(failure, GeoappError):
        failure = BadInput("{file} cannot be read.", file=upload.file.name)
    page = render_template(
        "data/preview.html",
        upload=upload,
        failure=told(failure) if failure else None,
        remarks=[_reason(remark, upload.layer) for remark in upload.preview.remarks] if upload.preview else [],
        bad=[
            (bad.row, bad.heading, bad.value, _reason(bad.reason, upload.layer)) for bad in upload.rejected[:BAD_SHOWN]
        ],
        bad_shown=BAD_SHOWN,
        meanings=_meanings(upload.layer),
        required=_required(upload),
        datums=DATUMS,
        moves=_moves(upload),
        faults=[told(fault) for fault in upload.results.faults] if upload.results else [],
        rounds=services.wording(g.district, "rounds", current()),
        ending=services.ending_of_rejects(upload.preview.format) if upload.preview else "",
    )
    return page, status_of(failure) if failure else 200


@blueprint.post("/uploads/<id>")
def look_again(id: str) -> AnyResponse:
    """Read the file in another way: other meanings of its columns, another datum, values for all rows."""
    require_own_page()
    _uploads().look_again(id, _options())
    _uploads().settled(id, PATIENCE_S)
    return redirect(url_for("data.preview", id=id), code=303)


@blueprint.post("/uploads/<id>/bring")
def bring(id: str) -> AnyResponse:
    """Import it: all good rows, or nothing."""
    require_own_page()
    _uploads().bring(id, skip_bad=request.form.get("skip_bad") == "yes", by="local")
    _uploads().settled(id, PATIENCE_S)
    return redirect(url_for("data.preview", id=id), code=303)


@blueprint.post("/uploads/<id>/discard")
def discard(id: str) -> AnyResponse:
    """Forget the file."""
    require_own_page()
    _uploads().discard(id)
    return redirect(url_for("data.show"), code=303)


@blueprint.post("/uploads/<id>/template")
def keep_template(id: str) -> AnyResponse:
    """Keep the meanings of its columns as the layout of an office."""
    require_own_page()
    upload = _uploads().get(id)
    if upload.preview is None:
        raise BadInput("This file is still being read; wait a moment.")
    services.keep_template(g.district, request.form.get("name", ""), upload.layer, upload.preview.headings,
                           upload.preview.fields, fixed=upload.options.fixed, datum=upload.options.datum,
                           by="local")  # fmt: skip
    return redirect(url_for("data.preview", id=id) + "?kept=yes", code=303)


@blueprint.get("/uploads/<id>/rejected")
def rejected(id: str) -> Response:
    """The bad rows as they stood, with the reason of each."""
    _require_local()
    upload = _uploads().get(id)
    ending = services.ending_of_rejects(upload.preview.format if upload.preview else "")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / f"rejected{ending}"
        _uploads().write_rejects(id, target, lambda reason: _reason(reason, upload.layer))
        # Opened before its folder goes: the file lives on until it is closed.
        body = streamed(target.open("rb"))
    told_apart = gettext("rejected")
    return named(Response(body, mimetype="application/octet-stream"),
                 f"{upload.file.stem}-{told_apart}{ending}", f"rejected{ending}")  # fmt: skip


def _uploads() -> services.Uploads:
    uploads: services.Uploads = current_app.extensions["geoapp-uploads"]
    return uploads


def _require_local() -> None:
    """Nobody else looks into files that have not been brought in."""
    if not g.may_write:
        raise NotAllowed("Changes are taken from this machine only, and from geoapp's own pages.")


def _options() -> services.ImportOptions:
    """How the form wants a file to be read; headings come in their order, beside what each is to mean."""
    form = request.form
    mapping = dict(zip(form.getlist("heading"), form.getlist("meaning"), strict=False))
    fixed = {name.removeprefix("fixed-"): value.strip() for name, value in form.items() if name.startswith("fixed-")}
    return services.ImportOptions(
        datum=form.get("datum", "wgs84"),
        crs=form.get("crs", "").strip() or None,
        encoding=form.get("encoding", "").strip() or None,
        key=tuple(name for name in form.getlist("key") if name),
        mapping=mapping,
        fixed={name: value for name, value in fixed.items() if value},
    )


def _meanings(layer: str) -> dict[str, str]:
    """The fields that a column may mean, in the reader's words."""
    known = fields_of(layer, Scope.FULL)
    named = {name: str(known[name].label) for name in services.importable_fields(layer) if name in known}
    others = {name: str(text) for name, text in labels.IMPORTED.items() if name in services.importable_fields(layer)}
    return {**{name: str(text) for name, text in labels.COORDINATES.items()}, **others, **named}


def _reason(said: Sentence, layer: str) -> str:
    """A sentence in the reader's language, with the field that it names as readers call it."""
    values = dict(said.values)
    if "field" in values:
        values["field"] = _meanings(layer).get(str(values["field"]), values["field"])
    return told(Sentence(said.sentence, **values))


def _required(upload: services.Upload) -> dict[str, tuple[str, str]]:
    """Fields that every row needs and no column gives: their name for readers, and the value given for all rows."""
    if upload.preview is None:
        return {}
    names = _meanings(upload.layer)
    given = set(upload.preview.fields.values())
    wanted = [name for name in services.required_fields(upload.layer) if name not in given]
    return {name: (names.get(name, name), upload.options.fixed.get(name, "")) for name in wanted}


def _moves(upload: services.Upload) -> list[tuple[str, str, str, int]]:
    """Which points new boundaries move from where to where."""
    if upload.boundaries is None:
        return []
    names = services.wording(g.district, "townships", "zh")
    nowhere = gettext("outside all townships")
    return [
        (str(labels.LAYERS[layer]), _place(names, was, nowhere), _place(names, to, nowhere), number)
        for (layer, was, to), number in sorted(upload.boundaries.moves.items(), key=lambda move: -move[1])
    ]


def _place(names: Mapping[str, str], code: str | None, nowhere: str) -> str:
    return nowhere if code is None else str(names.get(code, code))
