"""The leader's numbers in words: what each counts, and among what. Computed in `indicators`, under the same names."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Definition:
    """A number in words, in English; each text is a msgid.

    title: its name. formula: what is counted. denominator: among what, None for a plain count. remark: what a reader
    may ask next, None if nothing.
    """

    title: str
    formula: str
    denominator: str | None = None
    remark: str | None = None


def said(sentence: str) -> str:
    """The sentence itself, marked to be translated where it is shown."""
    return sentence


_SURVEY = (
    said("Residents who answered yes."),
    said("All residents who answered this question."),
    said(
        "The interval holds the true share in 95 of 100 surveys (Wilson's method). A survey is above or below 70 %, if"
        " the whole interval is; otherwise it cannot tell."
    ),
)

DEFINITIONS: Mapping[str, Definition] = {
    "found": Definition(
        said("Problems found"),
        said("Problems found in the period, from every source."),
        remark=said("Those that were not accepted later are included."),
    ),
    "found_per_visit": Definition(
        said("Problems per visit"),
        said("Problems that visits found in the period."),
        said("Visits made in the period at which the site could be checked."),
        said("Visits that found nothing count too."),
    ),
    "closed_of_due": Definition(
        said("Closed of those due"),
        said("Due problems that have passed verification and are closed by now."),
        said("Problems whose deadline was in the period and has passed."),
        said(
            "Deferred problems follow a plan of their own and are not counted, nor are those that were not accepted."
            " What is put right but not yet verified is not closed."
        ),
    ),
    "in_time": Definition(
        said("Put right in time"),
        said("Due problems that were put right at their deadline or before."),
        said("Problems whose deadline was in the period and has passed, if it is known whether they kept it."),
        said(
            "Where a deadline was extended, the new one counts. What was put right at a time nobody wrote down is left"
            " out, neither in time nor late."
        ),
    ),
    "in_time_originally": Definition(
        said("Put right by the original deadline"),
        said("Due problems that were put right at their original deadline or before, as if none had been extended."),
        said("The same problems as for those put right in time."),
        said("The gap between the two is what extensions have added."),
    ),
    "overdue": Definition(
        said("Overdue"),
        said("Problems whose deadline has passed and whose work is not done, at the end of the period or now."),
        said("Problems open at that moment: neither closed nor refused."),
        said(
            "Deferred problems, and those that await verification, are open but never overdue. For a past moment this"
            " is worked out from the recorded times; what has been deferred or refused since then is not counted as"
            " overdue, and refused problems not as open."
        ),
    ),
    "rework": Definition(
        said("Sent back"),
        said("Problems put right in the period that verification had sent back at least once."),
        said("All problems put right in the period."),
        said("Work that was sent back and is not yet done again counts once it is done."),
    ),
    "relapse": Definition(
        said("Relapses"),
        said(
            "Problems found in the period although one of the same kind, at the same site or within 50 m, had been put"
            " right in the 30 days before."
        ),
        said("Problems found in the period that have a subcategory and a site or a place."),
        said("The earlier problem may have been put right before the period began."),
    ),
    "survey_points_visited": Definition(
        said("Survey points visited"),
        said("Survey points that were checked at least once in the round."),
        said("All survey points."),
        said("A visit at which the site could not be checked does not count."),
    ),
    "in_order": Definition(
        said("Sites fully in order"),
        said("Sites at which no visit of the round found anything."),
        said("Sites that were checked at least once in the round."),
    ),
    "culture_coverage": Definition(
        said("Townships with a culture centre"),
        said("Townships in which a public culture centre of township level is built."),
        said("All townships that have an area of their own."),
        said("A facility counts for the township in which it stands, however near the next township is."),
    ),
    "awareness": Definition(said("Awareness"), *_SURVEY),
    "participation": Definition(said("Participation"), *_SURVEY),
    "support": Definition(said("Support"), *_SURVEY),
    "satisfaction": Definition(said("Satisfaction"), *_SURVEY),
}

RANKING = Definition(
    said("Equal places"),
    said("A township's place is one more than the number of townships that do clearly better."),
    said("Townships with at least 20 due problems and at least 20 visited sites, as far as these count."),
    said(
        "Clearly better means that chance alone is no good explanation of the lead: the interval of the difference"
        " that holds in 95 of 100 cases lies above 0 (Agresti and Caffo). Townships that cannot be told from the best"
        " share the first place."
    ),
)
TOO_SMALL = said("Sample too small")
VERDICTS = {
    "above": said("above 70 %"),
    "below": said("below 70 %"),
    "not distinguishable": said("not distinguishable from 70 %"),
}
