"""What a report of coverage, and the sheet of a township, consist of: gathered once, laid out by others."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.layers import EVIDENCE
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.domain.siting import SitingQuestion
from geoapp.domain.standards import Standing, standing
from geoapp.services.coverage.counted import counted_once
from geoapp.services.coverage.demand import demand_of
from geoapp.services.coverage.facts import unknown_facts
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Inventory, Line
from geoapp.services.coverage.kinds import FACILITIES, place_of
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.reach_figures import farthest_first
from geoapp.services.coverage.reaching import reach, reach_by_kind
from geoapp.services.coverage.records import Reach, State, Summary, TownshipReach
from geoapp.services.coverage.siting import propose
from geoapp.services.coverage.verdicts import assessed, counting_of
from geoapp.services.district import District

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class FacilityLine:
    """A facility of the listed kinds. counts: whether it is among those that count now, of several of a kind in one
    building the first.

    evidence: of EVIDENCE, whether it is there; nothing for sites. unknown: names of fields that nobody has filled in.
    """

    record: Record
    standing: Standing
    counts: bool
    evidence: Mapping[str, bool]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FarPlace:
    """A place and its way. people, minutes, metres: None where unknown or not reached; nearest: name, None for none;
    facility: its record, None for none and for a supposed one.
    """

    place: int
    name: str
    township: str
    people: float | None
    minutes: float | None
    metres: float | None
    nearest: str | None
    facility: Record | None
    state: State
    near: bool


@dataclass(frozen=True, slots=True)
class CoveragePaper:
    """Everything that a report tells.

    proposal: None where none was asked for, or none can be made; untold: why none can.
    """

    question: CoverageQuestion
    inventory: Inventory
    facilities: tuple[FacilityLine, ...]
    reach: Reach
    by_kind: Mapping[str, Reach]
    proposal: Proposal | None
    untold: Sentence | None = None

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What has to be said beside its numbers, each sentence once."""
        told = self.proposal.notes if self.proposal else (self.untold,) if self.untold else ()
        return tuple(dict.fromkeys((*self.inventory.notes, *self.reach.notes, *told)))


@dataclass(frozen=True, slots=True)
class TownshipPaper:
    """Everything that the sheet of a township tells.

    line: what it has and lacks. reach: how far its people go, None where no place of it is known. district: the same of
    the whole district. by_kind: summaries of this township by kind of facility. far: its places, the farthest first.
    proposal: where one more facility helps its people most.
    """

    question: CoverageQuestion
    line: Line
    inventory: Inventory
    facilities: tuple[FacilityLine, ...]
    reach: TownshipReach | None
    whole: Reach
    by_kind: Mapping[str, Summary]
    far: tuple[FarPlace, ...]
    proposal: Proposal

    @property
    def notes(self) -> tuple[Sentence, ...]:
        """What has to be said beside its numbers, each sentence once."""
        return tuple(dict.fromkeys((*self.inventory.notes, *self.whole.notes)))


def coverage_paper(
    district: District, question: CoverageQuestion, scope: Scope, wanted: SitingQuestion | None = None,
    *, needed: bool = True,
) -> CoveragePaper:  # fmt: skip
    """All that a report tells of a question; with proposals if they are wanted.

    Raises BadInput where there are too many places to choose among, unless the proposals are not `needed`.
    """
    listed = inventory(district, question)
    proposal, untold = _proposal(district, wanted, scope, needed=needed) if wanted else (None, None)
    return CoveragePaper(
        question=question,
        inventory=listed,
        facilities=facility_lines(district, question, listed),
        reach=reach(district, question, scope),
        by_kind=_in_order(reach_by_kind(district, question, scope), listed),
        proposal=proposal,
        untold=untold,
    )


def _proposal(
    district: District, wanted: SitingQuestion, scope: Scope, *, needed: bool
) -> tuple[Proposal | None, Sentence | None]:
    """The proposal, or why there is none."""
    try:
        return propose(district, wanted, scope), None
    except BadInput as error:
        if needed:
            raise
        return None, Sentence(error.sentence, **error.values)


def township_paper(district: District, code: str, question: CoverageQuestion, scope: Scope) -> TownshipPaper:
    """All that the sheet of a township tells; raises NotFound."""
    here = replace(question, township=(code,))
    if code not in assessed(district, counting_of(district, question)).townships:
        raise NotFound("There is no {id!r} among the {layer}.", id=code, layer="townships")
    listed, everywhere = inventory(district, here), replace(question, township=())
    whole = reach(district, everywhere, scope)
    return TownshipPaper(
        question=here,
        line=next(line for line in listed.townships if line.code == code),
        inventory=listed,
        facilities=facility_lines(district, here, listed),
        reach=_of(whole, code),
        whole=whole,
        by_kind={
            kind: found.summary
            for kind, answer in _in_order(reach_by_kind(district, everywhere, scope), listed).items()
            if (found := _of(answer, code))
        },
        far=far_places(whole, code),
        proposal=_one_more(district, here, scope),
    )


def _in_order(by_kind: Mapping[str, Reach], listed: Inventory) -> dict[str, Reach]:
    """By kind, in the order in which an inventory lists kinds."""
    known = [kind for kind in listed.kinds if kind in by_kind]
    return {kind: by_kind[kind] for kind in (*known, *sorted(set(by_kind) - set(known)))}


def _one_more(district: District, here: CoverageQuestion, scope: Scope) -> Proposal:
    """Where one more helps: in one of the villages, or where that helps nobody, on a grid.

    Where nobody knows how many people live anywhere, it shortens the longest way, for which they need no counting.
    """
    people = demand_of(district, here).people
    wanted = SitingQuestion(coverage=here, goal="cover" if np.any(np.nan_to_num(people) > 0) else "worst", count=1)
    made = propose(district, wanted, scope)
    if made.places:
        return made
    anywhere = propose(district, replace(wanted, among="grid"), scope)
    return anywhere if anywhere.places else made


def _of(answer: Reach, code: str) -> TownshipReach | None:
    return next((one for one in answer.townships if one.code == code), None)


def facility_lines(district: District, question: CoverageQuestion, listed: Inventory) -> tuple[FacilityLine, ...]:
    """The facilities of the listed kinds and townships, private ones and those given up among them, by kind and id."""
    made = assessed(district, counting_of(district, question))
    here = [
        record for id, record in made.facilities.items()
        if record.get("kind") in listed.kinds and id not in made.doubled
        and (not question.township or record.get("township") in question.township)
    ]  # fmt: skip
    there = made.after if question.planned else made.now
    counted = set(counted_once(made, (record["id"] for record in here if record["id"] in there)))
    here.sort(key=lambda record: (listed.kinds.index(str(record["kind"])), str(record["id"])))
    return tuple(
        FacilityLine(
            record,
            standing(record, made.counting.day),
            record["id"] in counted,
            {name: bool(record.get(name)) for name in EVIDENCE if place_of(str(record["id"])).layer == FACILITIES},
            unknown_facts(record, listed.standards),
        )
        for record in here
    )


def far_places(answer: Reach, township: str = "") -> tuple[FarPlace, ...]:
    """The places of a demand, or those of a township: those without a way first, then the longest way first."""
    chosen = farthest_first(answer)
    return tuple(
        _far(answer, place) for place in chosen if not township or answer.demand.township[place] == township
    )  # fmt: skip


def _far(answer: Reach, place: int) -> FarPlace:
    demand, nearest = answer.demand, int(answer.nearest[place])
    seconds = _known(answer.seconds[place])
    return FarPlace(
        place=place,
        name=demand.names[place],
        township=demand.township[place],
        people=None if demand.weighting == "equal" else _known(demand.people[place]),
        minutes=None if seconds is None else seconds / 60,
        metres=_known(answer.metres[place]),
        nearest=None if nearest < 0 else answer.supply.names[nearest],
        facility=None if nearest < 0 else answer.supply.records[nearest] or None,
        state=State(int(answer.state[place])),
        near=bool(answer.near[place]),
    )


def _known(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None
