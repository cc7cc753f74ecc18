"""Which layers there are, what their records are, and which of their fields stay inside."""

from dataclasses import dataclass

from geoapp.domain.inspection import Visit
from geoapp.domain.places import Facility, PopulationCell, Road, Site, Street, Township, Village
from geoapp.domain.problem import Problem

# What a public reader never gets: words that may name people, and who is in charge.
PRIVATE_PROBLEM_FIELDS = frozenset({"person", "measures"})
# Pictures that prove something: deeds and notices may name people too.
EVIDENCE = ("evidence_photo", "evidence_notice", "evidence_area")


@dataclass(frozen=True, slots=True)
class LayerKind:
    """One kind of layer.

    record: the dataclass of its own fields. parameters: the Selection fields that mean something here.
    private: properties that only full scope sees. time_field: what `from` and `to` compare with.
    """

    record: type
    parameters: frozenset[str]
    private: frozenset[str] = frozenset()
    time_field: str | None = None


_EVERYWHERE = frozenset({"township", "bbox", "q", "without"})
_PROBLEM = frozenset(
    {"category", "status", "street", "unit", "round", "batch", "site", "from", "to", "due", "indicator", "cell"}
)

LAYERS: dict[str, LayerKind] = {
    "townships": LayerKind(Township, _EVERYWHERE | {"kind", "indicator", "standard", "to"}),
    "villages": LayerKind(Village, _EVERYWHERE | {"kind", "indicator", "standard", "to"}),
    "streets": LayerKind(Street, (_EVERYWHERE - {"township"}) | {"kind"}),
    "roads": LayerKind(Road, (_EVERYWHERE - {"township"}) | {"kind"}),
    "sites": LayerKind(Site, _EVERYWHERE | {"kind", "street", "unit", "role", "round", "indicator"}),
    "facilities": LayerKind(Facility, _EVERYWHERE | {"kind", "street", "indicator", "to"}, frozenset(EVIDENCE)),
    "problems": LayerKind(Problem, _EVERYWHERE | _PROBLEM, PRIVATE_PROBLEM_FIELDS, time_field="found_at"),
    "visits": LayerKind(Visit, _EVERYWHERE | {"round", "site", "from", "to", "indicator"}, time_field="visited_at"),
    "population": LayerKind(PopulationCell, _EVERYWHERE),
}

POINT_LAYERS = ("problems", "sites", "facilities", "villages", "visits", "population")
LINE_LAYERS = ("streets", "roads")
DOCUMENTS = frozenset({"tables", "plans"})
