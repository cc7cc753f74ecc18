"""What every paper of a plan says of itself: where its times come from, what the checker says, what it had seen."""

from collections.abc import Callable
from dataclasses import dataclass

from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.sentences import Sentence
from geoapp.routing.travel import DETOUR, UNSURE
from geoapp.services.routes.naming import names_of
from geoapp.services.routes.verdicts import sentence_of


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads: language zh or en; tell: a sentence in it; word: a code of a list of words, such as status."""

    language: str
    tell: Callable[[Sentence], str]
    word: Callable[[str, str], str]


def plain_reader() -> Reader:
    """Who reads English at a terminal."""
    return Reader("en", str, lambda _, code: code.replace("_", " "))


SCHEMATIC = Sentence(
    "The roads are schematic: they show what hangs together, not where streets run. Distances and times are rough."
)


def plan_notes(kept: KeptPlan) -> list[Sentence]:
    """How far its times can be trusted, and whether it keeps its rules."""
    plan = kept.plan
    notes = [travel_note(kept), *([SCHEMATIC] if plan.schematic else [])]
    if plan.check.ok:
        notes.append(Sentence("The independent checker finds no fault in this plan."))
    else:
        first = sentence_of(plan.check.faults[0], names_of(plan.request))
        notes.append(Sentence("The independent checker finds {count} faults, the first: {fault}",
                              count=len(plan.check.faults), fault=first))  # fmt: skip
    notes.append(Sentence("Ledger number {seq}: what was written later, this plan has not seen.", seq=plan.ledger_seq))
    return notes


def plan_warnings(kept: KeptPlan) -> list[Sentence]:
    """What stands beside every time: that it is an estimate, or of roads that are none."""
    plan = kept.plan
    return [*([travel_note(kept)] if plan.estimate else []), *([SCHEMATIC] if plan.schematic else [])]


def range_min(minutes: float) -> tuple[float, float]:
    """From how many minutes to how many a way may take that was estimated on a straight line."""
    low, high = UNSURE
    return round(minutes * low, 1), round(minutes * high, 1)


def travel_note(kept: KeptPlan) -> Sentence:
    """Where the times of travel come from."""
    if kept.plan.estimate:
        return Sentence("Every time is an estimate: ways are straight lines × {detour:g}, not roads. One may take from "
                        "{low:g} to {high:g} times as long.", detour=DETOUR, low=UNSURE[0], high=UNSURE[1])  # fmt: skip
    return Sentence("Times of travel are those of roads and their usual speeds; they do not know the traffic.")
