"""How a link asks for the heat page: its view, its kernel, its cells."""

from dataclasses import dataclass, replace

from flask import request

from geoapp import services
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Selection
from geoapp.web import labels

# What can be shown in a view of cells, the usual first.
SHOWN = {"spots": ("spots", "rates"), "change": ("difference", "courses"), "streets": ("streets",)}


@dataclass(frozen=True, slots=True)
class HeatView:
    """What is asked for: a view of labels.HEAT_VIEWS, the selection, and how both are drawn.

    core: whether pictures show only where most problems lie.
    """

    name: str
    chosen: Selection
    heat: services.HeatStyle
    cells: services.CellStyle
    shown: str
    core: bool = False

    @classmethod
    def usual(cls) -> "HeatView":
        """Everything, as the page opens."""
        return cls("surface", Selection(), services.HeatStyle(), services.CellStyle(), "")

    def of(self, chosen: Selection) -> "HeatView":
        """The same view of another selection."""
        return replace(self, chosen=chosen)

    def on_scale(self, top: float) -> "HeatView":
        """The same view on a scale that ends there."""
        return replace(self, heat=replace(self.heat, top=top)) if top > 0 else self


def heat_view(chosen: Selection) -> HeatView:
    """The view that this request's link asks for; raises BadInput for one that cannot be."""
    name = _one_of("view", tuple(labels.HEAT_VIEWS))
    weight = request.args.get("weight") or "count"
    usual = services.HeatStyle()
    heat = services.HeatStyle(_whole("bandwidth") or usual.bandwidth_m, weight, _top())
    kind = _one_of("cells", services.CELL_KINDS)
    cells = services.CellStyle(kind, _whole("width"), request.args.get("per") or None, weight)
    shown = _one_of("shown", SHOWN[name]) if name in SHOWN else ""
    return HeatView(name, chosen, heat, cells, shown, _one_of("extent", ("whole", "core")) == "core")


def _one_of(name: str, known: tuple[str, ...]) -> str:
    value = request.args.get(name) or known[0]
    if value not in known:
        raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=value, known=", ".join(known))
    return value


def _whole(name: str) -> int | None:
    text = request.args.get(name, "")
    if text and not (text.isascii() and text.isdigit() and len(text) < 6):
        raise BadInput("{name}={value!r} is not a whole number.", name=name, value=text)
    return int(text) if text else None


def _top() -> float | None:
    text = request.args.get("top", "")
    try:
        return float(text) if text else None
    except ValueError:
        raise BadInput("{name}={value!r} is no end of a scale.", name="top", value=text) from None
