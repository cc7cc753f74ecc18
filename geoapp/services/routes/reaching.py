"""How far places are from the roads, and what to tell where that matters."""

from collections.abc import Sequence

import numpy as np

from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import RequestedStop
from geoapp.domain.sentences import Sentence
from geoapp.routing.travel import REACH_M, Points, RoadTravel, Travel
from geoapp.services.district import District
from geoapp.services.routes.travelling import travel_of

# Nearer places are beside the road: a yard, a car park.
WORTH_TELLING_M = 100.0


def reach_notes(district: District, kept: KeptPlan) -> dict[str, Sentence]:
    """What to tell of the stops of a plan that are not beside a road, by their ids."""
    stops = kept.plan.request.stops
    if kept.plan.estimate:
        return {}
    said = reach_sentences(travel_of(district, kept.plan.request.profile), [(stop.lon, stop.lat) for stop in stops])
    return {stop.id: sentence for stop, sentence in zip(stops, said, strict=True) if sentence is not None}


def out_of_reach(district: District, stops: Sequence[RequestedStop], profile: str) -> int:
    """How many of these stops are too far from the roads of a means of travel to be planned with."""
    travel = travel_of(district, profile)
    if not isinstance(travel, RoadTravel) or not stops:
        return 0
    away = travel.snapped([(stop.lon, stop.lat) for stop in stops]).distance_m
    return int(np.count_nonzero(~(away <= REACH_M)))


def reach_sentences(travel: Travel, places: Points) -> list[Sentence | None]:
    """What to tell of each place (lon, lat in degrees), None where it is beside a road, or there are no roads."""
    if not isinstance(travel, RoadTravel):
        return [None] * len(places)
    away, cut_off = travel.snapped(places).distance_m, travel.cut_off_m(places)
    return [_said(float(metres), float(other)) for metres, other in zip(away, cut_off, strict=True)]


def too_far(metres: float) -> Sentence:
    """That the nearest road is farther than anybody is sent on foot."""
    return Sentence("The nearest road by which one gets there and back is {metres} m away, more than {most} m.",
                    metres=f"{metres:,.0f}", most=f"{REACH_M:.0f}")  # fmt: skip


def _said(metres: float, cut_off_m: float) -> Sentence | None:
    """metres: to the roads that hang together; cut_off_m: to those that do not."""
    if cut_off_m < min(metres, REACH_M):
        beside = Sentence("The road {metres} m from it is cut off from the others: one does not get there and back.",
                          metres=f"{cut_off_m:.0f}")  # fmt: skip
        return Sentence("{beside} {rest}", beside=beside, rest=_walked(metres))
    return _walked(metres) if metres > WORTH_TELLING_M else None


def _walked(metres: float) -> Sentence:
    if not np.isfinite(metres):
        return Sentence("There is no road by which one gets there and back.")
    if metres > REACH_M:
        return too_far(metres)
    return Sentence("From the road {metres} m are walked.", metres=f"{metres:.0f}")
