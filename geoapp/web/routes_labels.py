"""The words of inspection routes, for people."""

from flask_babel import lazy_gettext as _

PROFILES = {"car": _("By car"), "bus": _("By coach"), "bicycle": _("By bicycle"), "foot": _("On foot")}
WHAT = {"both": _("Problems and sites"), "problems": _("Open problems"), "sites": _("Sites")}
MUST = {
    "none": _("Nothing has to be visited"),
    "severe": _("Severe problems have to be visited"),
    "overdue": _("Overdue problems have to be visited"),
}
VALUES = {
    "minor": _("A minor problem"),
    "serious": _("A serious problem"),
    "severe": _("A severe problem"),
    "negative": _("Times this on the negative list"),
    "urgency": _("Added times this at the deadline"),
    "horizon_days": _("Urgent from so many days before"),
    "site": _("A site"),
    "visit_days": _("In full after so many days without a visit"),
}
SOLVERS = {
    "search": _("own search"),
    "pyvrp": _("PyVRP, whose plan was better"),
    "given": _("order as given"),
    "hand": _("changed by hand"),
    "month": _("month plan"),
}
