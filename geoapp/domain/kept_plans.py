"""A plan of inspection that was kept under a name, and what its stops stand for."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.routes import RoutePlan

LONGEST_NAME = 80


@dataclass(frozen=True, slots=True, kw_only=True)
class ValueRule:
    """What a stop is worth; every number is a proposal of geoapp's own and may be changed.

    A problem: the weight of its severity, times `negative` where it touches the negative list, times 1 to 1 + `urgency`
    as its deadline comes nearer than `horizon_days`, and all of it once it is overdue. A site: `site` times the share
    of `visit_days` that has passed since its last visit, at most 1, and 1 where it was never visited. A stop is worth
    its site, if that is to be seen, and the problems there.
    """

    minor: float = 1.0
    serious: float = 3.0
    severe: float = 8.0
    negative: float = 2.0
    urgency: float = 2.0
    horizon_days: float = 7.0
    site: float = 2.0
    visit_days: float = 60.0

    def __post_init__(self) -> None:
        for name in self.__slots__:
            if not 0 <= getattr(self, name) <= 1e4:
                raise BadInput("{name} must be a number from 0 to 10,000, not {value}.", name=name,
                               value=getattr(self, name))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptPlan:
    """A plan with its name, and how its stops were chosen.

    selection: as a query string. basis: id of the plan that this one was made from. Ids of stops that stand for
    features are written layer/id, such as sites/T110116004; those of places drawn on the map begin with map/.
    """

    id: str
    name: str
    made_at: datetime
    made_by: str
    plan: RoutePlan
    values: ValueRule = field(default_factory=ValueRule)
    selection: str = ""
    basis: str | None = None

    def __post_init__(self) -> None:
        require_name(self.name)

    def require_stops(self, ids: Iterable[str]) -> None:
        """Raise NotFound unless all of these are stops of the plan."""
        known = {stop.id for stop in self.plan.request.stops}
        missing = next((id for id in ids if id not in known), None)
        if missing is not None:
            raise NotFound("There is no stop {id!r} in this plan.", id=missing)


def require_name(name: str) -> None:
    """Raise BadInput for a name that no plan can have."""
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise BadInput("A plan needs a name of 1 to {most} letters.", most=LONGEST_NAME)


def feature_of(stop_id: str) -> tuple[str, str] | None:
    """Layer and id of the feature that a stop stands for; None for a place drawn on the map."""
    layer, _, id = stop_id.partition("/")
    return (layer, id) if id and layer in ("sites", "problems", "facilities") else None
