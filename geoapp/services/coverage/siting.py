"""Where the next facilities help most: proposed places, how sure that is, and who gains."""

from dataclasses import replace

import numpy as np

from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.domain.siting import SitingQuestion
from geoapp.services.coverage.candidates import candidates_of
from geoapp.services.coverage.demand import EQUAL, demand_of
from geoapp.services.coverage.matrices import Costs, costs_to
from geoapp.services.coverage.proposals import (
    COUNTS_PEOPLE,
    Gain,
    Proposal,
    ProposedPlace,
    Situation,
    Step,
    curve,
    served_by,
    situation,
    township_gains,
)
from geoapp.services.coverage.reach_figures import counts_people
from geoapp.services.coverage.reaching import reach
from geoapp.services.coverage.records import Floats, Integers, Reach
from geoapp.services.coverage.site_choice import Choice, chosen, value_before
from geoapp.services.coverage.siting_notes import FOR_EVERY_PLACE, Parts, notes_of, refusal_of, useless
from geoapp.services.district import District

# Whatever any part of a proposal is computed from.
LAYERS = ("facilities", "population", "roads", "sites", "tables", "townships", "villages")
# What a page waits for at most.
USUAL_SECONDS = 8.0
# People, or minutes: less is what rounding makes of nothing.
LEAST_GAIN = 1e-6
_BYTES_A_GAIN, _BYTES_A_CANDIDATE = 300, 200


def propose(district: District, wanted: SitingQuestion, scope: Scope, *, seconds: float = USUAL_SECONDS) -> Proposal:
    """Where the next facilities of a question should stand; the same question gives the same answer and is kept.

    seconds: what the proof may take. Raises BadInput where there are too many places to choose among.
    """
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in LAYERS)
    key = ("siting", seqs, wanted, scope, district.today, seconds)
    made: Proposal = district.derived.get(key, lambda: _proposed(district, wanted, scope, seconds), _size)
    return made


def _proposed(district: District, wanted: SitingQuestion, scope: Scope, seconds: float) -> Proposal:
    answer = _countable(reach(district, wanted.coverage, scope), wanted.goal)
    found = candidates_of(district, wanted, scope)
    costs = costs_to(district, wanted.coverage, answer.demand, found)
    parts = Parts(wanted, answer, found, costs, _situation(answer, costs, wanted.goal))
    refusal = refusal_of(parts)
    if refusal is not None:
        return _empty(parts, refusal)
    choice = chosen(parts.known, wanted.goal, min(wanted.count, len(found)), seconds=seconds)
    return _told(parts, choice) if choice.chosen else _empty(parts, useless(wanted.goal))


def _countable(answer: Reach, goal: str) -> Reach:
    """Goals that leave out no place count places where of none it is known how many people are meant."""
    if goal not in FOR_EVERY_PLACE or counts_people(answer) or answer.demand.weighting == EQUAL:
        return answer
    note = Sentence("Of none of these places is it known how many of these people live there: every place counts the "
                    "same.")  # fmt: skip
    demand = replace(answer.demand, weighting=EQUAL, people=np.ones(len(answer.demand)))
    return replace(answer, demand=demand, notes=(*answer.notes, note))


def _situation(answer: Reach, costs: Costs, goal: str) -> Situation:
    """Places from which there is some way at all, and whose people can be counted where the goal counts them."""
    people = np.nan_to_num(answer.demand.people)
    base_s = np.where(np.isfinite(answer.seconds), answer.seconds, np.inf)
    some_way = np.isfinite(base_s) | np.isfinite(costs.seconds).any(axis=1)
    place = np.flatnonzero(some_way & ((people > 0) | (goal in FOR_EVERY_PLACE)))
    stands, others = (base_s[place], answer.near[place]), (costs.seconds[place], costs.near[place])
    return situation(place, people[place], stands, others)


def _told(parts: Parts, choice: Choice) -> Proposal:
    steps = _useful(parts.known, curve(parts.known, list(choice.chosen), parts.wanted.goal), parts.wanted.goal)
    if not steps:
        return _empty(parts, useless(parts.wanted.goal))
    served, ways_s = served_by(parts.known, [step.candidate for step in steps])
    gains = [_gains(parts, np.flatnonzero(served == rank), ways_s, step) for rank, step in enumerate(steps)]
    return replace(
        _empty(parts, None),
        value=choice.value,
        bound=choice.bound,
        gap=choice.gap,
        proven=choice.proven,
        method=choice.method,
        seconds=choice.seconds,
        places=tuple(_place(parts, rank, step, gains[rank]) for rank, step in enumerate(steps)),
        townships=township_gains(parts.known, parts.reach.demand, [step.candidate for step in steps]),
    )


def _useful(known: Situation, steps: list[Step], goal: str) -> list[Step]:
    """Without those that add nothing, which only fill up the number that was asked for."""
    if goal == "everyone":
        return steps
    if goal == "worst":
        # Whoever goes there, however few: what nobody goes to adds nothing.
        served, _ = served_by(known, [step.candidate for step in steps])
        return [step for rank, step in enumerate(steps) if (served == rank).any()]
    return [step for step in steps if step.gain is None or step.gain > LEAST_GAIN]


def _empty(parts: Parts, refusal: Sentence | None) -> Proposal:
    """A proposal without its places."""
    return Proposal(
        wanted=parts.wanted,
        demand=parts.reach.demand,
        supply=parts.reach.supply,
        candidates=parts.candidates,
        unit=parts.unit,
        whole=float(np.nansum(parts.reach.demand.people)),
        before=value_before(parts.known, parts.wanted.goal),
        value=None,
        bound=None,
        gap=None,
        proven=False,
        method="",
        seconds=0.0,
        places=(),
        townships=(),
        estimate=parts.reach.estimate,
        notes=tuple(dict.fromkeys((*parts.reach.notes, *parts.candidates.notes, *notes_of(parts)))),
        refusal=refusal,
    )


def _place(parts: Parts, rank: int, step: Step, gains: tuple[Gain, ...]) -> ProposedPlace:
    one, found = step.candidate, parts.candidates
    return ProposedPlace(
        rank=rank + 1,
        candidate=one,
        id=found.ids[one],
        name=found.names[one],
        township=found.township[one],
        lon=float(found.lon[one]),
        lat=float(found.lat[one]),
        gain=step.gain,
        total=step.total,
        newly_near=sum(gain.people or 0.0 for gain in gains if gain.newly_near),
        gains=gains,
    )


def _gains(parts: Parts, served: Integers, ways_s: Floats, step: Step) -> tuple[Gain, ...]:
    """Those who go to a proposed place: the newly near first, then those who save most minutes times people."""
    known, demand = parts.known, parts.reach.demand
    newly = known.near[served, step.candidate] & ~known.base_near[served]
    saved_s = np.where(np.isfinite(known.base_s), known.base_s, known.no_way_s) - ways_s
    order = np.lexsort((-saved_s[served] * known.weights[served], ~newly))
    found = []
    for at in order.tolist():
        row = int(served[at])
        place, before_s = int(known.place[row]), float(known.base_s[row])
        people = float(demand.people[place])
        found.append(
            Gain(
                place=place,
                name=demand.names[place],
                township=demand.township[place],
                lon=float(demand.lon[place]),
                lat=float(demand.lat[place]),
                people=None if np.isnan(people) else people,
                before_s=before_s if np.isfinite(before_s) else None,
                after_s=float(ways_s[row]),
                newly_near=bool(newly[at]),
            )
        )
    return tuple(found)


def before_curve(proposal: Proposal) -> float | None:
    """Where the marginal curve begins: people near or minutes on average as things stand, None where nothing does."""
    if proposal.wanted.goal in COUNTS_PEOPLE:
        return proposal.before
    first = proposal.places[0] if proposal.places else None
    return None if first is None or first.gain is None else first.total + first.gain


def pairs(district: District, wanted: SitingQuestion, scope: Scope) -> int:
    """How many pairs of places and candidates a proposal would look at."""
    return len(demand_of(district, wanted.coverage)) * len(candidates_of(district, wanted, scope))


def _size(made: Proposal) -> int:
    gains = sum(len(place.gains) for place in made.places)
    return _BYTES_A_GAIN * gains + _BYTES_A_CANDIDATE * (len(made.candidates) + len(made.demand)) + 2_000
