"""Problems along streets: how many per kilometre, the worst street first."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from geoapp.analysis.areas import length_km
from geoapp.analysis.rates import rates
from geoapp.domain.selection import Scope, Selection
from geoapp.services.district import District
from geoapp.services.heating import LAYER, weights_of
from geoapp.services.selected import basis, selected
from geoapp.storage.snapshot import Rows


@dataclass(frozen=True, slots=True)
class StreetRanking:
    """Streets, the highest rate that can be trusted first; all arrays are (n,).

    rows, ids: of the streets. km: their lengths. counts: their problems (or what else a report counts). raw, shrunk:
    per km; uncertain: more than half of the shrunk rate is the whole's. whole: of all streets together. elsewhere:
    selected problems on no street.
    """

    rows: Rows
    ids: list[str]
    km: NDArray[np.float64]
    counts: NDArray[np.float64]
    raw: NDArray[np.float64]
    shrunk: NDArray[np.float64]
    uncertain: NDArray[np.bool_]
    whole: float
    elsewhere: int


def street_ranking(district: District, selection: Selection, scope: Scope, weight: str = "count") -> StreetRanking:
    """The selected problems by the street that they are assigned to."""
    meant, streets = selection.for_layer(LAYER), district.present.snapshot("streets")
    moment = district.clock() if weight == "overdue" else None

    def count() -> StreetRanking:
        every = streets.alive()
        km = length_km(streets.geometries(every))
        every, km = every[km > 0], km[km > 0]
        ids = streets.ids(every)
        number = {id: place for place, id in enumerate(ids)}
        problems = district.present.snapshot(LAYER)
        rows = selected(district, LAYER, selection, scope)
        known = [number.get(str(text), -1) for text in problems.vocabularies["street"].texts]
        place = np.array([*known, -1])[problems.coded("street", rows)]
        weights = weights_of(district, rows, weight)
        weights = np.ones(len(rows)) if weights is None else weights
        counts = np.bincount(place[place >= 0], weights[place >= 0], minlength=len(every)).astype(float)
        found = rates(counts, km)
        order = np.lexsort((np.array(ids, dtype=str), -found.shrunk)) if len(ids) else np.empty(0, np.intp)
        return StreetRanking(every[order], [ids[one] for one in order], km[order], counts[order], found.raw[order],
                             found.shrunk[order], found.uncertain[order], found.whole,
                             int((place < 0).sum()))  # fmt: skip

    key = ("streets", basis(district, LAYER, meant), streets.seq, meant, scope, weight, moment)
    made: StreetRanking = district.derived.get(key, count, lambda one: 200 * len(one.ids) + 1_000)
    return made
