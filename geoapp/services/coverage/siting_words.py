"""A proposal in sentences: what it brings, and how sure it is."""

from math import ceil, floor, isfinite, log10

from geoapp.domain.sentences import Sentence
from geoapp.services.coverage.proposals import COUNTS_PEOPLE, Proposal, ProposedPlace

# What sums of fractions of residents may differ by.
ROUNDING = 1e-9


def amount(unit: str, number: float) -> Sentence:
    """So many people, or places where nobody knows how many live there."""
    count = f"{number:,.0f}"
    return {
        "people": Sentence("{count} residents", count=count),
        "children": Sentence("{count} children", count=count),
        "elderly": Sentence("{count} elderly people", count=count),
        "places": Sentence("{count} places", count=count),
    }[unit]


def and_unknown(known: str | Sentence, places: int) -> Sentence:
    """An amount of people, and of how many places more nobody knows how many it is."""
    return Sentence("{amount} (and those of places where nobody knows how many: {count})", amount=known, count=places)


def newly(proposal: Proposal, place: ProposedPlace) -> Sentence:
    """Whom one place brings near."""
    return _with_unknown(amount(proposal.unit, place.newly_near), place)


def _with_unknown(known: Sentence, place: ProposedPlace) -> Sentence:
    places = sum(gain.newly_near and gain.people is None for gain in place.gains)
    return and_unknown(known, places) if places else known


def headline(proposal: Proposal) -> Sentence:
    """What the proposal brings, in one sentence."""
    if proposal.refusal is not None:
        return proposal.refusal
    return {"cover": _covered, "shorten": _shortened, "everyone": _everyone, "worst": _worst}[proposal.wanted.goal](
        proposal
    )


def _number(proposal: Proposal) -> Sentence:
    count = len(proposal.places)
    return Sentence("One new place") if count == 1 else Sentence("{count} new places", count=count)


def _covered(proposal: Proposal) -> Sentence:
    before, after = proposal.before or 0.0, proposal.value or 0.0
    return Sentence("{number} would bring {more} near: {after} instead of {before} of all.", number=_number(proposal),
                    more=amount(proposal.unit, after - before), after=share(after, proposal.whole),
                    before=share(before, proposal.whole))  # fmt: skip


def _shortened(proposal: Proposal) -> Sentence:
    after = minutes(proposal.value)
    if proposal.before is None:
        return Sentence("{number} would make the way {after} long on average; today there is none.",
                        number=_number(proposal), after=after)  # fmt: skip
    return Sentence("{number} would make the way {after} long on average instead of {before}.",
                    number=_number(proposal), after=after, before=minutes(proposal.before))  # fmt: skip


def _everyone(proposal: Proposal) -> Sentence:
    return Sentence("{number} would bring everybody near who can be brought near: {after} instead of {before} of all.",
                    number=_number(proposal), after=share(proposal.places[-1].total, proposal.whole),
                    before=share(proposal.before or 0.0, proposal.whole))  # fmt: skip


def _worst(proposal: Proposal) -> Sentence:
    if not isfinite(proposal.value or 0.0):
        return Sentence("{number} cannot give everybody a way: as many as possible get one.",
                        number=_number(proposal))  # fmt: skip
    after = minutes(proposal.value)
    if proposal.before is None:
        return Sentence("{number} would make the longest way {after}; today there is none.", number=_number(proposal),
                        after=after)  # fmt: skip
    return Sentence("{number} would make the longest way {after} instead of {before}.", number=_number(proposal),
                    after=after, before=minutes(proposal.before))  # fmt: skip


def verdict(proposal: Proposal) -> Sentence:
    """How sure it is that nothing is better, in one sentence."""
    if proposal.refusal is not None or proposal.value is None:
        return Sentence("Nothing was computed.")
    if proposal.proven:
        return Sentence("No other choice among the {count} candidates does better: this is proven.",
                        count=f"{len(proposal.candidates):,}")  # fmt: skip
    if proposal.bound is None:
        return Sentence("Whether another choice does better is not known: no bound was found in the time given.")
    gap, bound = _at_most(100 * (proposal.gap or 0.0)), proposal.bound
    left = {
        "cover": Sentence("no choice brings more than {most} near", most=amount(proposal.unit, ceil(bound - ROUNDING))),
        "shorten": Sentence("no choice makes it shorter than {least}", least=minutes(floor(10 * bound) / 10)),
        "everyone": Sentence("no choice does with fewer than {count}", count=f"{bound:.0f}"),
        "worst": Sentence("no choice makes it shorter than {least}", least=minutes(floor(10 * bound) / 10)),
    }[proposal.wanted.goal]
    return Sentence("Not proven to be the best: another choice could be better by at most {gap} ({bound}).", gap=gap,
                    bound=left)  # fmt: skip


def _at_most(per_cent: float) -> str:
    """Not less than that, in two digits."""
    if per_cent <= 0:
        return "0%"
    digits = 1 - floor(log10(per_cent))
    rounded = ceil(per_cent * 10.0**digits - ROUNDING) / 10.0**digits
    return f"{rounded:,.{max(digits, 0)}f}".rstrip("0").rstrip(".") + "%" if digits > 0 else f"{rounded:,.0f}%"


def step(proposal: Proposal, place: ProposedPlace) -> Sentence:
    """What one place adds when those before it stand."""
    if place.gain is None:
        return Sentence("the first one: {minutes} on average", minutes=minutes(place.total))
    if proposal.wanted.goal in COUNTS_PEOPLE:
        return Sentence("+{amount} near", amount=_with_unknown(amount(proposal.unit, place.gain), place))
    return Sentence("−{minutes} on average", minutes=minutes(place.gain))


def minutes(value: float | None) -> Sentence:
    """Minutes to a tenth."""
    if value is None:
        return Sentence("unknown")
    return Sentence("{minutes} min", minutes=f"{value:,.1f}") if isfinite(value) else Sentence("no way for some")


def share(part: float, whole: float) -> str:
    """A part in per cent; nearly all is not called all, nor a little nothing."""
    if whole <= 0:
        return "–"
    # Sums of fractions of residents: all of them are all.
    part = whole if abs(part - whole) <= ROUNDING * whole else part
    if 0 < part < whole:
        return f"{min(max(100 * part / whole, 0.1), 99.9):.3g}%"
    return f"{100 * part / whole:.0f}%"
