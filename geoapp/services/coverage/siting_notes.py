"""What has to be said of a proposal: why there is none, what was left out, what was taken for granted."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from geoapp.domain.sentences import Sentence
from geoapp.domain.siting import SitingQuestion
from geoapp.routing.travel import REACH_M
from geoapp.services.coverage.candidates import Candidates
from geoapp.services.coverage.matrices import Costs
from geoapp.services.coverage.proposals import COUNTS_PEOPLE, Situation
from geoapp.services.coverage.records import Reach

# These goals leave out no place, however few live there or whether that is known.
FOR_EVERY_PLACE = ("everyone", "worst")


@dataclass(frozen=True, slots=True)
class Parts:
    """What a proposal is made of."""

    wanted: SitingQuestion
    reach: Reach
    candidates: Candidates
    costs: Costs
    known: Situation

    @property
    def unit(self) -> str:
        """What is counted: people, those of an age group, or places with equal weights."""
        if self.reach.demand.weighting == "equal":
            return "places"
        return self.wanted.coverage.group or "people"


def refusal_of(parts: Parts) -> Sentence | None:
    """Why nothing can be proposed, None where something can."""
    demand, known, goal = parts.reach.demand, parts.known, parts.wanted.goal
    if not len(demand):
        return Sentence("Nobody is known to live here: without villages, townships or a population grid there is "
                        "nobody to bring near.")  # fmt: skip
    if goal not in FOR_EVERY_PLACE and not np.any(np.nan_to_num(demand.people) > 0):
        return _nobody(parts)
    if not len(parts.candidates):
        if parts.wanted.among != "grid":
            return Sentence("There is no place to choose among: no candidate of this kind has a place on the map; "
                            "choose among the points of a grid instead.")  # fmt: skip
        return Sentence("There is no place to choose among: no candidate of this kind has a place on the map.")
    if not len(known.place) or not np.isfinite(parts.costs.seconds).any():
        return Sentence("Nobody gets to any candidate: all are too far from a road, cut off from where people live, or "
                        "beyond a border that stops them.")  # fmt: skip
    if goal in COUNTS_PEOPLE and bool(known.base_near.all()):
        return Sentence("Everybody who is counted has a facility near already.")
    return None


def _nobody(parts: Parts) -> Sentence:
    """Why nobody can be counted."""
    if np.isfinite(parts.reach.demand.people).any():
        return Sentence("Wherever the number of those who are meant is known, it is 0: nobody can be counted.")
    if parts.wanted.coverage.group:
        return Sentence("Of no place is it known how many of these people live there: nobody can be counted.")
    return Sentence("Of no place it is known how many people live there: nobody can be counted.")


def useless(goal: str) -> Sentence:
    """That a search found nothing worth proposing."""
    if goal in COUNTS_PEOPLE:
        return Sentence("None of the candidates brings anybody near who is not near already.")
    return Sentence("None of the candidates makes anybody's way shorter.")


def notes_of(parts: Parts) -> Iterable[Sentence]:
    """What has to be said of a proposal beside what is said of demand and supply."""
    wanted, found = parts.wanted, len(parts.candidates)
    if not wanted.coverage.kind:
        yield Sentence("No kind of facility is chosen: whatever counts for coverage is taken for one that stands.")
    supply = parts.reach.supply
    # Some may stand nowhere on the map, or be left out for what is said of them.
    if not len(supply) and not supply.without_place and not supply.notes:
        yield Sentence("There is no such facility yet: the proposals would be the first ones.")
    if found and wanted.goal != "everyone" and wanted.count > found:
        yield Sentence("Asked for were {wanted}; places to choose among: {count}.", wanted=wanted.count, count=found)
    if len(parts.reach.demand) and found:
        yield from _left_out(parts)


def _left_out(parts: Parts) -> Iterable[Sentence]:
    demand, known = parts.reach.demand, parts.known
    away = int((~np.isfinite(parts.costs.seconds).any(axis=0)).sum())
    if away:
        yield Sentence("Candidates that nobody reaches, being more than {metres} m from a road or cut off, are never "
                       "proposed: {count} of {whole}.", count=away, whole=len(parts.candidates),
                       metres=f"{REACH_M:.0f}")  # fmt: skip
    counted = np.ones(len(demand), np.bool_)
    if parts.wanted.goal not in FOR_EVERY_PLACE:
        counted = np.nan_to_num(demand.people) > 0
        unknown = int(np.isnan(demand.people).sum())
        if unknown:
            yield Sentence("Places of which nobody knows how many people live there, so that nothing is proposed for "
                           "their sake: {missing} of {count}.", missing=unknown, count=len(demand))  # fmt: skip
    cut_off = int(counted.sum()) - len(known.place)
    if cut_off:
        yield Sentence("Places without a way to any facility or candidate, or more than {metres} m from a road, are "
                       "left out: {count}.", count=cut_off, metres=f"{REACH_M:.0f}")  # fmt: skip
    none = int((~np.isfinite(known.base_s)).sum())
    # Where every candidate reaches everybody the first one leaves nobody without a way.
    lasting = known.stands or not np.isfinite(known.seconds).all()
    if none and lasting and parts.wanted.goal not in COUNTS_PEOPLE:
        yield Sentence("Places without a way to a facility today count as {minutes} min away, twice the longest way, "
                       "until they are reached: {count}.", count=none,
                       minutes=f"{known.no_way_s / 60:,.0f}")  # fmt: skip
    beyond = int((~known.base_near & ~known.near.any(axis=1)).sum()) if parts.wanted.goal == "everyone" else 0
    if beyond:
        yield Sentence("Places that are near no candidate, so that no choice brings them near: {count}.", count=beyond)
