"""What a view of the heat page shows, in one sentence and one line."""

from flask import g
from flask_babel import format_date, format_datetime, format_decimal, gettext

from geoapp import services
from geoapp.domain.selection import Selection
from geoapp.web import filters, labels
from geoapp.web.heat_styles import HeatView
from geoapp.web.language import place_name


def heading(view: HeatView) -> str:
    """The district and the view."""
    return f"{place_name()} · {gettext('Heat map')} · {labels.HEAT_VIEWS[view.name]}"


def sentence(view: HeatView) -> str:
    """What a view shows in one sentence, with its selection and its day."""
    moment = gettext("as of %(moment)s", moment=format_datetime(g.district.clock(), "short"))
    said = {"spots": _spots, "change": _change, "streets": _streets}.get(view.name, _surface)(view)
    return f"{said} {filters.in_words(view.chosen.parameters(), 'problems')} · {moment}"


def days_text(days: services.Days) -> str:
    """Two days, the last included."""
    return str(gettext("%(first)s to %(last)s", first=format_date(days[0]), last=format_date(days[1])))


def picture_style(view: HeatView) -> services.HeatStyle:
    """The style of a view, smoothed so widely that a spot can be seen on a picture."""
    return services.seen_style(picture_extent(view), view.heat)


def picture_extent(view: HeatView) -> tuple[float, float, float, float]:
    """What a picture of a view shows, west, south, east and north in degrees.

    Where only the core is shown it is that of the whole ledger, so that pictures of parts can be compared.
    """
    if view.core:
        every = Selection(township=view.chosen.township, bbox=view.chosen.bbox)
        return services.core_extent(g.district, every, g.scope)
    return view.chosen.bbox or services.extent_of(g.district, view.chosen)


def _surface(view: HeatView) -> str:
    style = picture_style(view)
    found = services.heat(g.district, view.chosen, g.scope, style)
    if not found.first_day or not found.last_day:
        return str(gettext("No report to show."))
    values = {
        "count": format_decimal(found.shown),
        "days": days_text((found.first_day, found.last_day)),
        "metres": format_decimal(style.bandwidth_m),
    }
    return str(gettext("%(count)s reports found from %(days)s, smoothed over %(metres)s m.", **values))


def _spots(view: HeatView) -> str:
    found = services.cell_map(g.district, view.chosen, g.scope, view.cells)
    values = {
        "hot": int(found.spots.hot.sum()),
        "cold": int(found.spots.cold.sum()),
        "count": format_decimal(len(found.tested)),
        "per": labels.PER[found.style.per or "area"],
    }
    if view.shown == "rates":
        return str(gettext("Reports %(per)s in %(count)s cells, small numbers drawn towards the whole.", **values))
    return str(gettext("%(hot)s of %(count)s cells are hot and %(cold)s cold, beyond chance (Gi* %(per)s).", **values))


def _change(view: HeatView) -> str:
    if view.shown == "courses":
        found = services.courses(g.district, view.chosen, g.scope, view.cells)
        if not found.change.enough:
            return str(gettext("Too few periods"))
        values = {"count": format_decimal(len(found.where.tested)), "periods": len(found.periods)}
        return str(gettext("What became of %(count)s cells over %(periods)s periods.", **values))
    both = services.two_periods(g.district, view.chosen, g.scope, view.cells)
    said = {
        "after": format_decimal(both.reports[1]),
        "later": days_text(both.after),
        "before": format_decimal(both.reports[0]),
        "earlier": days_text(both.before),
    }
    text = gettext(
        "%(after)s reports from %(later)s, %(before)s from %(earlier)s; coloured where it changed beyond the whole.",
        **said,
    )
    return str(text)


def _streets(view: HeatView) -> str:
    found = services.street_ranking(g.district, view.chosen, g.scope, view.cells.weight)
    count = format_decimal(len(found.ids))
    return str(gettext("Problems per km on %(count)s streets, short ones drawn towards the whole.", count=count))
