"""The rows behind an inventory's numbers: facilities that were counted, and places with a verdict."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from geoapp.domain.selection import Selection
from geoapp.domain.standards import Verdict
from geoapp.services.coverage.verdicts import Assessed, Counting, assessed
from geoapp.services.district import District


def counted_ids(district: District, layer: str, selection: Selection) -> set[str]:
    """Ids of the features of a layer that the selection's indicator counts.

    Facilities are counted on the day `to` (today without it), without those that `without` names; townships and
    villages have a verdict by one of the standards that are named (by any of them where none is).
    """
    name = selection.indicator or ""
    counting = Counting(
        selection.last_day or district.today,
        private="with_private" in name,
        closed=selection.without if layer == "facilities" else (),
    )
    made = _within(assessed(district, counting), selection.township)
    return FACILITIES[name](made) if layer == "facilities" else _with_verdict(made, layer, selection)


def _within(made: Assessed, townships: tuple[str, ...]) -> Assessed:
    """Only the facilities of some townships: what shares a building with one elsewhere counts in its own, too."""
    if not townships:
        return made
    here = {id for id in made.after if made.township_of(id) in townships}
    return replace(made, now=made.now & here, after=made.after & here)


def counted_once(made: Assessed, ids: Iterable[str]) -> list[str]:
    """One facility of a kind for each building: those that stand before those that will, then the lower id."""
    first: dict[tuple[str, str], str] = {}
    known = sorted(id for id in ids if id in made.items)
    for id in (*(one for one in known if one in made.now), *(one for one in known if one not in made.now)):
        first.setdefault((made.items[id].kind, made.items[id].building), id)
    return list(first.values())


def _now(made: Assessed) -> set[str]:
    return set(counted_once(made, made.now))


def _after(made: Assessed) -> set[str]:
    return set(counted_once(made, made.after))


def _coming(made: Assessed) -> set[str]:
    return _after(made) - _now(made)


def private_ids(made: Assessed) -> set[str]:
    """Private facilities, whatever their state."""
    return {id for id, record in made.facilities.items() if record.get("ownership") == "private"}


def sharing_ids(made: Assessed) -> set[str]:
    """Facilities that share their building with another one."""
    pairs = ((id, str(record.get("shared_with"))) for id, record in made.facilities.items())
    return {id for pair in pairs if pair[1] in made.facilities and pair[0] != pair[1] for id in pair}


FACILITIES: dict[str, Callable[[Assessed], set[str]]] = {
    "counted": _now,
    "counted_after": _after,
    "counted_with_private": _now,
    "counted_with_private_after": _after,
    "coming": _coming,
    "private": private_ids,
    "sharing": sharing_ids,
}


def _with_verdict(made: Assessed, layer: str, selection: Selection) -> set[str]:
    judged = made.by_township if layer == "townships" else made.by_village
    wanted = Verdict(selection.indicator or "")
    return {
        place
        for (code, place), one in judged.items()
        if one.now is wanted and (not selection.standard or code in selection.standard)
    }
