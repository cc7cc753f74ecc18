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
# What scripts of the phone page say; {names} are set in there.
PHONE = {
    "progress": _("{done} of {all}"),
    "next": _("Next: {number} · {name}"),
    "tick": _("Tick off"),
    "ticked": _("Done ✓"),
    "far": _("{far} from here"),
}
RECORDING = {
    "outcome": _("What came of it"),
    "arrived": _("Arrived"),
    "arrived_at": _("Arrived {time} ✓"),
    "clean": _("No problem here"),
    "findings": _("Problem"),
    "not_checked": _("Could not check"),
    "put_right": _("Put right"),
    "still_there": _("Still there"),
    "category": _("Category"),
    "choose": _("– choose –"),
    "other_of": _("Other: {name}"),
    "unclassified": _("Not classified"),
    "severity": _("Severity"),
    "words": _("What is wrong, and where exactly"),
    "photo": _("Photo"),
    "reason": _("Why"),
    "more_words": _("More about it"),
    "keep": _("Keep"),
    "cancel": _("Cancel"),
    "remove": _("Remove"),
    "remove_sure": _("Remove this problem?"),
    "say_something": _("Choose a category, write a few words or take a photo."),
    "bad_photo": _("{name} is no photo that this browser can read; take it anew as JPEG."),
    "save": _("Save {name}"),
    "share": _("Hand it to another app"),
    "all_done": _("All done: give the results out"),
    "not_given": _("Stops recorded and not given out yet: {count}"),
    "given": _("Given out at {time}. It can be given out again."),
    "given_and": _("Given out at {time}. Stops of which more was recorded since: {count}"),
    "failed": _("The file could not be made ({reason}). Nothing is lost: try again, or close other pages."),
}
# Why a stop could not be checked.
COULD_NOT = (
    _("The place was shut"),
    _("Nobody there"),
    _("No access"),
    _("Could not be found"),
    _("Not safe"),
    _("No time left"),
    _("Another reason"),
)
