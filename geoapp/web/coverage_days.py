"""Two days compared: what stood on each, how far people had it, and which facilities came, went or changed."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, g, render_template, request
from flask_babel import format_datetime, format_decimal, gettext
from flask_babel import lazy_gettext as _

from geoapp.domain.coverage import CoverageQuestion, day_of
from geoapp.domain.errors import BadInput
from geoapp.services.coverage.sheets import days_sheets
from geoapp.services.coverage.two_days import Compared, FacilityChange, Pair, TwoDays, two_days, usual_days
from geoapp.services.sheets import book_xlsx
from geoapp.web import coverage_paper_words as paper_words
from geoapp.web import coverage_words, labels
from geoapp.web.coverage_question import asked, page_of, part_of
from geoapp.web.downloads import XLSX, notes, streamed
from geoapp.web.errors import told
from geoapp.web.fields import title
from geoapp.web.heat_taking import saved
from geoapp.web.language import place_name

blueprint = Blueprint("coverage_days", __name__)

Row = dict[str, Any]
# Name of a pair, its heading, and how its numbers are written; more of it is better, or less.
NUMBERS = (
    ("facilities", _("Facilities that count"), "count", 1),
    ("below", _("Below the standards"), "share", -1),
    ("near_people", _("Residents near"), "share", 1),
    ("near_places", _("Places near"), "share", 1),
    ("median_min", _("Half need at most"), "minutes", -1),
    ("worst_min", _("Longest way"), "minutes", -1),
)


@blueprint.get("/coverage/days")
def show() -> str:
    """The page; without `from` and `to` from today until what is being built has opened.

    It is never answered with "not modified": the nonce of that answer would shut out the scripts of the kept page.
    """
    question, days = _asked()
    first, second = days.before.day, days.after.day
    return render_template(
        "coverage/days.html",
        days=days,
        first=first,
        second=second,
        said=coverage_words.in_words(question),
        kept=question.parameters(),
        numbers=[text for _name, text, *_rest in NUMBERS],
        kind_numbers=[text for name, text, *_rest in NUMBERS if name != "below"],
        townships=[_row(one, paper_words.township(one.code)) for one in (*days.townships, days.district)],
        kinds=[_row(one, paper_words.kind(one.code)) for one in days.kinds],
        changes=[_change(one) for one in days.changes],
        notes=[told(one) for one in days.notes],
        coverage_page=page_of(question),
        workbook=part_of("coverage_days.workbook", question, **_days(days)),
    )


@blueprint.get("/coverage/days.xlsx")
def workbook() -> Response:
    """The same as a workbook."""
    question, days = _asked()
    about = [
        (gettext("Name of the district"), place_name()),
        (gettext("What was asked"), coverage_words.in_words(question)),
        (gettext("Days compared"), f"{paper_words.day(days.before.day)} – {paper_words.day(days.after.day)}"),
        (gettext("As of"), format_datetime(g.district.clock(), "medium")),
        *((gettext("Note"), told(one)) for one in days.notes),
        *((gettext("Source"), text) for text in notes()),
    ]
    file = book_xlsx(days_sheets(days, about, paper_words.words(question)))
    title = gettext("Two days")
    return saved(Response(streamed(file), mimetype=XLSX), f"{title}.xlsx", "coverage-days.xlsx")


def _days(days: TwoDays) -> dict[str, str]:
    return {"from": days.before.day.isoformat(), "to": days.after.day.isoformat()}


def _asked() -> tuple[CoverageQuestion, TwoDays]:
    """The question and its answer on both days; raises BadInput."""
    question = asked("from", "to")
    if question.on:
        raise BadInput("on={day} means nothing here: from and to name the days that are compared.", day=question.on)
    usual = usual_days(g.district)
    first, second = _day("from", usual[0]), _day("to", usual[1])
    return question, two_days(g.district, question, first, second, g.scope)


def _day(name: str, usual: date) -> date:
    text = request.args.get(name)
    return day_of(name, text) if text else usual


def _row(one: Compared, name: str) -> Row:
    cells = [_cell(getattr(one, pair), form, sign) for pair, _text, form, sign in NUMBERS if getattr(one, pair)]
    return {"code": one.code, "name": name, "cells": cells}


def _cell(pair: Pair, form: str, sign: int) -> Row:
    """Both numbers and what lies between them; better: 1, worse: -1, as it was: 0."""
    step = pair.difference
    better = 0 if step is None or abs(step) < _LEAST[form] else sign * (1 if step > 0 else -1)
    return {"before": _text(pair.before, form), "after": _text(pair.after, form), "better": better,
            "step": _step(step, form) if better else ""}  # fmt: skip


_LEAST = {"count": 0.5, "share": 0.0005, "minutes": 0.05}


def _text(value: float | None, form: str) -> str:
    if form == "share":
        return coverage_words.share(value)
    if form == "minutes":
        return "–" if value is None else coverage_words.minutes(value)
    return str(labels.UNKNOWN) if value is None else str(format_decimal(value))


def _step(value: float | None, form: str) -> str:
    """A difference with its sign; of shares in percentage points."""
    if value is None:
        return ""
    sign = "+" if value > 0 else "−"
    number = format_decimal(round(abs(value) * (100 if form == "share" else 1), 1))
    unit = {"share": gettext("points"), "minutes": gettext("min"), "count": ""}[form]
    return f"{sign}{number} {unit}".strip()


def _change(one: FacilityChange) -> Row:
    """A facility that is not what it was, in words."""
    told_fields = [
        gettext("%(field)s: %(before)s → %(after)s", field=paper_words.field(field.name),
                before=paper_words.value(field.name, field.before), after=paper_words.value(field.name, field.after))
        for field in one.fields
    ]  # fmt: skip
    if one.moved_m:
        told_fields.append(gettext("moved by %(metres)s m", metres=format_decimal(round(one.moved_m))))
    opening = one.record.get("expected_opening")
    if opening and one.what in ("came", "planned"):
        told_fields.append(f"{paper_words.field('expected_opening')}: {paper_words.value('expected_opening', opening)}")
    code = one.record.get("township")
    return {"what": one.what, "said": paper_words.CHANGES[one.what], "name": title(one.record),
            "id": one.record["id"], "kind": paper_words.kind(str(one.record.get("kind"))),
            "township": paper_words.township(str(code)) if code else "", "fields": told_fields}  # fmt: skip
