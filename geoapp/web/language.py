"""Which language a page speaks: the link's, then the cookie's, then the browser's."""

from pathlib import Path
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Flask, Response, g, request
from flask_babel import Babel, get_locale

import geoapp

LANGUAGES = {"zh": "中文", "en": "English"}
COOKIE = "language"
YEAR_S = 365 * 86_400


def install(app: Flask) -> None:
    """Translate the application's pages."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(Path(geoapp.__file__).parent / "translations")
    Babel(app, locale_selector=chosen, timezone_selector=_timezone)
    app.after_request(_remember)
    app.jinja_env.globals.update(languages=LANGUAGES, language=current, language_query=_language_query)


def chosen() -> str:
    """The language of this request."""
    for wish in (request.args.get("lang"), request.cookies.get(COOKIE)):
        if wish in LANGUAGES:
            return str(wish)
    return request.accept_languages.best_match(LANGUAGES) or "en"


def current() -> str:
    """The code of the language in which this answer is written."""
    locale = get_locale()
    return locale.language if locale else "en"


def place_name() -> str:
    """The district in the language of this answer."""
    facts = g.district.describe()
    return str(facts.name if current() == "zh" else facts.name_en)


def _language_query(code: str) -> str:
    """This page's parameters, in another language."""
    return urlencode({**request.args, "lang": code})


def _timezone() -> str:
    zone: ZoneInfo = g.district.zone if "district" in g else ZoneInfo("UTC")
    return str(zone)


def _remember(response: Response) -> Response:
    wish = request.args.get("lang")
    if wish in LANGUAGES:
        response.set_cookie(COOKIE, str(wish), max_age=YEAR_S, samesite="Lax", secure=request.is_secure)
    if request.endpoint != "static":
        response.vary.update(("Accept-Language", "Cookie"))
    return response
