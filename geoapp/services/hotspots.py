"""Where reports lie more closely than chance would put them, and why each such place is called one."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csgraph

from geoapp.analysis.hexagons import NOWHERE
from geoapp.analysis.hotspots import HotSpots, Moran, hot_spots, moran
from geoapp.analysis.rates import Rates, rates
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cells import KINDS, WIDTHS_M, Cells, cells, of_rows, usual_width_m
from geoapp.services.denominators import PER, among
from geoapp.services.district import District
from geoapp.services.heating import LAYER, WEIGHTS, weights_of
from geoapp.services.selected import basis, selected
from geoapp.storage.snapshot import Rows

# What tells that somebody lives, works or goes somewhere: without any of it a hexagon is forest or field.
SETTLED = ("sites", "facilities", "villages", "visits")
# With fewer cells no p-value can become small.
FEWEST_CELLS = 8
COMMONEST = 3

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CellStyle:
    """How hot spots are looked for. kind: one of KINDS. width_m: of hexagons, None for what suits the district. per:
    what reports are counted among, one of PER; None for the usual one of the kind. weight: what a report counts.
    """

    kind: str = "hexagons"
    width_m: int | None = None
    per: str | None = None
    weight: str = "count"

    def __post_init__(self) -> None:
        for value, known in ((self.kind, KINDS), (self.per, (None, *PER)), (self.weight, WEIGHTS)):
            if value not in known:
                raise BadInput("{value!r} is not one of {known}.", value=value, known=", ".join(filter(None, known)))
        if self.width_m is not None and self.width_m not in WIDTHS_M:
            raise BadInput("{value!r} is not one of {known}.", value=self.width_m, known=", ".join(map(str, WIDTHS_M)))

    def settled(self, district: District) -> "CellStyle":
        """The same with nothing left open."""
        per = self.per or ("street_km" if self.kind == "streets" else "area")
        width = (self.width_m or usual_width_m(district)) if self.kind == "hexagons" else None
        return replace(self, per=per, width_m=width)


@dataclass(frozen=True, slots=True)
class CellMap:
    """Hot spots of a selection. All arrays are those of the cells that were tested, `tested` (n,) into `cells`.

    counts: what lies in a cell. among: its denominator. rates: with how far they can be trusted. observed, expected:
    of the cell and its neighbours together. spots, moran: the tests. elsewhere: reports in no cell that was tested,
    by why. empty: cells in which nothing at all is known, and which were not tested.
    """

    style: CellStyle
    cells: Cells
    tested: Whole
    counts: Floats
    among: Floats
    rates: Rates
    observed: Floats
    expected: Floats
    spots: HotSpots
    moran: Moran
    shown: int
    no_place: int
    no_rate: float
    empty: int
    area_unequal: bool

    @property
    def enough(self) -> bool:
        """Whether there are so many cells that a test can tell anything."""
        return len(self.tested) >= FEWEST_CELLS

    @property
    def links(self) -> Any:
        """The weights among the tested cells."""
        return self.cells.weights[self.tested][:, self.tested]


@dataclass(frozen=True, slots=True)
class Spot:
    """One hot or cold spot: cells (of those tested) that touch, the strongest first; its cells' own reports."""

    hot: bool
    members: Whole
    count: float
    expected: float
    q: float


@dataclass(frozen=True, slots=True)
class CellAccount:
    """Why a cell is called what it is. around: its ids and those of its neighbours. categories: (code, count)."""

    id: str
    verdict: str
    count: float
    among: float
    rate: float
    shrunk: float
    uncertain: bool
    observed: float
    expected: float
    gi: float
    p: float
    q: float
    around: list[str]
    categories: list[tuple[str, int]]
    reports: int


def cell_map(district: District, selection: Selection, scope: Scope, style: CellStyle) -> CellMap:
    """The selected problems in cells, with hot and cold spots."""
    style = style.settled(district)
    meant = selection.for_layer(LAYER)
    layers = ("townships", "streets", "roads", "sites", "facilities", "villages", "visits")
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in layers)
    moment = district.clock() if style.weight == "overdue" else None
    key = ("hot spots", basis(district, LAYER, meant), seqs, meant, scope, style, moment)
    made: CellMap = district.derived.get(
        key, lambda: _made(district, meant, scope, style), lambda one: 200 * len(one.tested) + 1_000
    )
    return made


def spots(found: CellMap) -> list[Spot]:
    """Hot spots and cold spots, each of cells that touch; the hottest first, cold ones last."""
    listed = []
    for hot, flags in ((True, found.spots.hot), (False, found.spots.cold)):
        chosen = np.flatnonzero(flags)
        number, labels = csgraph.connected_components(found.links[chosen][:, chosen], directed=False)
        for one in range(number):
            members = chosen[labels == one]
            members = members[np.argsort(-np.abs(found.spots.gi[members]), kind="stable")]
            expected = float(np.nansum(found.among[members]) * found.rates.whole)
            listed.append(Spot(hot, members, float(found.counts[members].sum()), expected,
                               float(found.spots.q[members].min())))  # fmt: skip
    return sorted(listed, key=lambda spot: (not spot.hot, -abs(spot.count - spot.expected)))


def cell_account(district: District, selection: Selection, scope: Scope, style: CellStyle, id: str) -> CellAccount:
    """Why a cell is called what it is; raises NotFound for one that was not tested."""
    found = cell_map(district, selection, scope, style)
    try:
        cell = found.cells.ids.index(id)
        place = int(np.flatnonzero(found.tested == cell)[0])
    except (ValueError, IndexError):
        raise NotFound("There is no cell {id!r} on this map.", id=id) from None
    around = found.tested[found.links[[place]].indices]
    inside = rows_in(district, selection, scope, found.cells, around)
    return CellAccount(
        id=id, verdict=verdict(found, place), count=float(found.counts[place]), among=float(found.among[place]),
        rate=float(found.rates.raw[place]), shrunk=float(found.rates.shrunk[place]),
        uncertain=bool(found.rates.uncertain[place]), observed=float(found.observed[place]),
        expected=float(found.expected[place]), gi=float(found.spots.gi[place]), p=float(found.spots.p[place]),
        q=float(found.spots.q[place]), around=[found.cells.ids[one] for one in sorted(around.tolist())],
        categories=commonest(district, inside), reports=len(inside),
    )  # fmt: skip


def verdict(found: CellMap, place: int) -> str:
    """hot, cold or none."""
    return "hot" if found.spots.hot[place] else "cold" if found.spots.cold[place] else "none"


def commonest(district: District, rows: Rows) -> list[tuple[str, int]]:
    """The commonest categories of these problems, with how many of each."""
    snapshot = district.present.snapshot(LAYER)
    texts = snapshot.vocabularies["category"].texts
    numbers = np.bincount(snapshot.coded("category", rows) + 1, minlength=len(texts) + 1)[1:]
    order = np.argsort(-numbers, kind="stable")[:COMMONEST]
    return [(str(texts[one]), int(numbers[one])) for one in order.tolist() if numbers[one]]


def rows_in(district: District, selection: Selection, scope: Scope, over: Cells, members: Whole) -> Rows:
    """The selected problems in some of the cells."""
    rows = selected(district, LAYER, selection, scope)
    return rows[np.isin(of_rows(district, over, LAYER, rows), members)]


def whereabouts(district: District, rows: Rows) -> tuple[str | None, str | None]:
    """The township and the street that most of these problems are in; None where none is known."""
    snapshot = district.present.snapshot(LAYER)
    found = []
    for name in ("township", "street"):
        codes = snapshot.coded(name, rows)
        codes = codes[codes >= 0]
        texts = snapshot.vocabularies[name].texts
        found.append(str(texts[int(np.bincount(codes).argmax())]) if len(codes) else None)
    return found[0], found[1]


def _made(district: District, selection: Selection, scope: Scope, style: CellStyle) -> CellMap:
    over = cells(district, style.kind, style.width_m or 0)
    rows = selected(district, LAYER, selection, scope)
    found = of_rows(district, over, LAYER, rows)
    there = found != NOWHERE
    weights = weights_of(district, rows, style.weight)
    weights = np.ones(len(rows)) if weights is None else weights
    counts = np.bincount(found[there], weights[there], minlength=len(over)).astype(float)
    below = among(district, over, style.per or "area", selection, scope).values
    settled = _settled(district, over)
    tested = np.flatnonzero(settled & np.isfinite(below) & (below > 0))
    links = over.weights[tested][:, tested]
    rated = rates(counts[tested], below[tested])
    equal = bool(len(tested) and np.allclose(below[tested], below[tested][0], rtol=1e-9))
    values = counts[tested] if equal else rated.standard
    whole = 0.0 if np.isnan(rated.whole) else rated.whole
    return CellMap(
        style=style, cells=over, tested=tested, counts=counts[tested], among=below[tested], rates=rated,
        observed=np.asarray(links @ counts[tested]), expected=np.asarray(links @ below[tested]) * whole,
        spots=hot_spots(values, links), moran=moran(values, links), shown=int(there.sum()),
        no_place=int((~there).sum()), no_rate=float(counts.sum() - counts[tested].sum()),
        empty=int((~settled).sum()), area_unequal=not equal,
    )  # fmt: skip


def _settled(district: District, over: Cells) -> NDArray[np.bool_]:
    """Cells in which anything is known: a site, a street, a village, a report of whatever kind. All, if nothing is."""
    if over.kind != "hexagons":
        return np.ones(len(over), bool)

    def look() -> NDArray[np.bool_]:
        mask = np.zeros(len(over), bool)
        for layer in SETTLED:
            found = of_rows(district, over, layer, district.present.snapshot(layer).alive())
            mask[found[found != NOWHERE]] = True
        mask |= among(district, over, "street_km", Selection(), Scope.FULL).values > 0
        if not mask.any():
            return np.ones(len(over), bool)
        found = of_rows(district, over, LAYER, district.present.snapshot(LAYER).alive())
        mask[found[found != NOWHERE]] = True
        return mask

    layers = (*SETTLED, LAYER, "townships", "streets", "roads")
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in layers)
    made: NDArray[np.bool_] = district.derived.get(("settled", over.width_m, seqs), look, lambda one: one.nbytes)
    return made
