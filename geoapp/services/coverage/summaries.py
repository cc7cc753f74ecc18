"""Groups of places in numbers: the district, a township."""

import numpy as np

from geoapp.analysis.weighted import mean, mean_of_worst, quantile, share
from geoapp.services.coverage.demand import EQUAL
from geoapp.services.coverage.records import Demand, Flags, Floats, Integers, State, Summary

MEDIAN, MOST = 0.5, 0.9


def summary(
    demand: Demand, rows: Flags, ways: tuple[Floats, Integers], flags: tuple[Flags, Flags, Flags],
    area: tuple[float | None, float | None],
) -> Summary:  # fmt: skip
    """The places (n,) that are meant. ways: seconds and state; flags: near, norm, listed; all (n,). area: share, km2.

    Minutes are weighted with people where any are known, else every place counts the same; see analysis.weighted for
    what a quantile is. Shares of places are among listed ones: villages, cells or points, not what takes residents
    beside them.
    """
    seconds, state = ways
    people = demand.people[rows]
    known = np.full(len(people), np.nan) if demand.weighting == EQUAL else people
    any_known = bool(np.isfinite(known).any())
    near, norm, are_listed = (each[rows] for each in flags)
    listed = are_listed.astype(float)
    minutes = seconds[rows] / 60
    weights = known if any_known else np.ones(len(people))
    worst = np.where(rows, np.nan_to_num(seconds, nan=-1.0), -1.0)
    reached = bool((worst >= 0).any())
    return Summary(
        places=int(listed.sum()),
        people=float(np.nansum(known)) if any_known else None,
        unknown_people=int(np.isnan(known).sum()),
        near_places=share(near, listed),
        near_people=share(near, known),
        near_area=area[0],
        norm_places=share(norm, listed),
        norm_people=share(norm, known),
        median_min=quantile(minutes, weights, MEDIAN),
        mean_min=mean(minutes, weights),
        p90_min=quantile(minutes, weights, MOST),
        worst_min=float(worst.max()) / 60 if reached else None,
        worst_place=int(np.argmax(worst)) if reached else -1,
        fifth_min=mean_of_worst(minutes, weights),
        too_far=int((state[rows] == State.TOO_FAR_FROM_A_ROAD).sum()),
        no_way=int((state[rows] == State.NO_WAY).sum()),
        area_km2=area[1],
    )
