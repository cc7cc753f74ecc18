"""One table from what went wrong to what HTTP calls it."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_babel import gettext
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from geoapp.domain import errors
from geoapp.domain.sentences import Named, Sentence
from geoapp.web.language import current

STATUS: dict[type[errors.GeoappError], int] = {
    errors.BadInput: 400,
    errors.UnknownParameter: 400,
    errors.NotAllowed: 403,
    errors.NotFound: 404,
    errors.InvalidTransition: 409,
    errors.Conflict: 409,
    errors.InvalidGeometry: 422,
    errors.LedgerBusy: 503,
    errors.PlanningFailed: 503,
    errors.StorageFailed: 507,
    errors.StorageFull: 507,
}
# So many letters of what people wrote are told back; lists of what there is are told whole.
LONGEST_VALUE = 300
OUR_LISTS = frozenset({"known"})
FOR_PROGRAMS = (
    "/api/",
    "/openapi.json",
    "/search.json",
    "/tiles/",
    "/details/",
    "/counts",
    "/shading",
    "/healthz",
    "/readyz",
)


def install(app: Flask) -> None:
    """Answer errors of the domain, and those of HTTP itself, in one sentence."""
    app.register_error_handler(errors.GeoappError, _refused)
    app.register_error_handler(HTTPException, _http)


def status_of(error: errors.GeoappError) -> int:
    """The most specific status of an error's class; 500 for what is not in the table."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 500)


def told(said: errors.GeoappError | Sentence) -> str:
    """An error's or a remark's sentence in the reader's language, and the sentences and names inside it."""
    sentence = str(gettext(said.sentence))
    values = {name: _value(value, whole=name in OUR_LISTS) for name, value in said.values.items()}
    return sentence.format(**values) if values else sentence


def _value(value: object, *, whole: bool) -> object:
    if isinstance(value, Named):
        return value.read_in(current())
    if isinstance(value, Sentence):
        return told(value)
    # A sentence stays one whatever somebody put into a link or a table.
    too_long = isinstance(value, str) and len(value) > LONGEST_VALUE and not whole
    return f"{str(value)[:LONGEST_VALUE]}…" if too_long else value


def _refused(error: errors.GeoappError) -> tuple[Response | str, int]:
    return _answer(told(error), status_of(error))


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    sentences = {
        404: gettext("There is no such page."),
        405: gettext("This address does not take that kind of request."),
        500: gettext("Something went wrong here; it has been written to the log."),
    }
    response = make_response(_answer(sentences.get(status, error.description or error.name), status))
    if isinstance(error, MethodNotAllowed) and error.valid_methods:
        response.headers["Allow"] = ", ".join(sorted(error.valid_methods))
    return response


def _answer(sentence: str, status: int) -> tuple[Response | str, int]:
    # Our own scripts say that they want JSON; a browser that opens a page never puts it first.
    if request.path.startswith(FOR_PROGRAMS) or request.accept_mimetypes.best == "application/json":
        return jsonify(error=sentence, status=status), status
    return render_template("errors/error.html", sentence=sentence, status=status), status
