"""What the form of the page of coverage offers, and what of it is chosen."""

from dataclasses import dataclass, replace
from typing import Any

from flask import g
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from geoapp import services
from geoapp.domain.coverage import PROFILES, USUAL_MINUTES, CoverageQuestion
from geoapp.services.coverage.demand import demand_of
from geoapp.services.coverage.kinds import FACILITIES, SITES, kinds_offered
from geoapp.web import coverage_words
from geoapp.web.language import current

Choices = list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class Select:
    """A field with choices, of which the first is usual and stands in no link."""

    name: str
    label: Any
    choices: Choices
    value: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The whole form. kinds: codes and names of facilities, others: of sites that may count like them; ticks: name,
    text and whether ticked.
    """

    kinds: Choices
    others: Choices
    kinds_said: str
    first: list[Select]
    more: list[Select]
    ticks: list[tuple[str, Any, bool]]
    minutes: str
    minutes_usual: int
    metres: str
    on: str
    more_chosen: bool


def fields_of(question: CoverageQuestion) -> Fields:
    """The form as this question fills it."""
    more = [_demand(question), *_group(question)]
    ticks: list[tuple[str, Any, bool]] = [
        ("planned", _("Count what is being built"), question.planned),
        ("private", _("Count private ones too"), question.private),
        ("borders", _("Only within one's own township"), question.borders),
    ]
    offered = kinds_offered(g.district, current())
    return Fields(
        kinds=list(offered[FACILITIES].items()),
        others=list(offered[SITES].items()),
        kinds_said=_kinds_said(question),
        first=[_by(question), _moment(question), _township(question)],
        more=more,
        ticks=ticks,
        minutes="" if question.minutes is None else str(question.minutes),
        minutes_usual=USUAL_MINUTES[question.by],
        metres="" if question.metres is None else str(question.metres),
        on=question.on.isoformat() if question.on else "",
        more_chosen=bool(question.on or question.metres or any(one.value for one in more))
        or any(ticked for *_, ticked in ticks),
    )


def _kinds_said(question: CoverageQuestion) -> str:
    if len(question.kind) < 2:
        return coverage_words.kinds_of(question.kind) if question.kind else gettext("all kinds that count")
    return str(gettext("%(count)s kinds", count=len(question.kind)))


def _by(question: CoverageQuestion) -> Select:
    return Select("by", _("How people go"), [(name, coverage_words.BY[name]) for name in PROFILES], question.by)


def _moment(question: CoverageQuestion) -> Select:
    value = str(question.open_at) if question.open_at else ""
    choices: Choices = [("", _("at any time")), *coverage_words.MOMENTS.items()]
    if question.open_at and value not in coverage_words.MOMENTS:
        choices.append((value, coverage_words.moment(question.open_at)))
    return Select("open", _("Open at"), choices, value)


def _township(question: CoverageQuestion) -> Select:
    choices: Choices = [("", _("The whole district")),
                        *services.wording(g.district, "townships", current()).items()]  # fmt: skip
    value = ",".join(question.township)
    if len(question.township) > 1:
        choices.append((value, gettext("%(count)s chosen", count=len(question.township))))
    return Select("township", _("Township"), choices, value)


def _demand(question: CoverageQuestion) -> Select:
    choices: Choices = [("", _("the best that is known")), *coverage_words.DEMANDS.items()]
    return Select("demand", _("Where people live"), choices, question.demand or "")


def _group(question: CoverageQuestion) -> list[Select]:
    """Age groups whose numbers are known anywhere; no field where there are none."""
    numbers = demand_of(g.district, replace(question, group=None)).groups
    known = [name for name in coverage_words.GROUPS if name in numbers and (numbers[name] >= 0).any()]
    offered = dict.fromkeys([*known, *filter(None, [question.group])])
    choices: Choices = [("", _("everybody")), *((name, coverage_words.GROUPS[name]) for name in offered)]
    return [Select("group", _("For whom"), choices, question.group or "")] if offered else []
