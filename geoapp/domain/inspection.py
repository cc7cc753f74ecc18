"""Rounds of inspection, their visits and the batches in which problems are handed out."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """A look at one site in one round; a visit that found nothing is a row too.

    findings: how many problems came of it. outcome: clean, findings or not_checked (with the reason in note). Of a stop
    of a plan: plan_id, stop_id; only such a visit may be of no site, where the stop stands for none. put_right,
    still_there: ids of problems known before, as they were found. recorded_at: when its words were last changed.
    """

    site_id: str | None = None
    round_id: str
    visited_at: datetime
    outcome: str
    findings: int = 0
    note: str | None = None
    plan_id: str | None = None
    stop_id: str | None = None
    put_right: tuple[str, ...] = ()
    still_there: tuple[str, ...] = ()
    recorded_at: datetime | None = None

    def __post_init__(self) -> None:
        if self.site_id is None and self.stop_id is None:
            # As a field is named that is always required: who brings a table is told so in the same words.
            raise ValueError("A visit is of a site: missing required field `site_id`")


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A round of inspection (检查轮次): who looked, from which day to which (inclusive), secretly or not."""

    code: str
    zh: str
    en: str
    origin: str | None = None
    first_day: date | None = None
    last_day: date | None = None
    secret: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Problems handed out together (交办批次)."""

    code: str
    zh: str
    en: str
    round_id: str | None = None
    handed_out_at: datetime | None = None
