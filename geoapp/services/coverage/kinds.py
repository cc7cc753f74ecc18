"""Kinds of what coverage counts: of facilities, and of sites where a question or a standard names one (schools)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from geoapp.domain.errors import BadInput
from geoapp.domain.tables import wording
from geoapp.services.coverage.standards import standards
from geoapp.services.district import District

Record = dict[str, Any]

FACILITIES, SITES = "facilities", "sites"
TABLES = {FACILITIES: "facility_kinds", SITES: "site_kinds"}
# Before the id of a site where it counts among facilities, whose ids are of another layer.
SITE = "site:"


def kind_names(district: District, language: str) -> dict[str, str]:
    """Code to name of all kinds, those of facilities first; a code that both tables have is a kind of facility."""
    made: dict[str, str] = district.derived.get(
        ("kind names", district.present.seqs.get("tables", 0), language),
        # Those of facilities twice: first in order, and last in meaning.
        lambda: {name: text for layer in (FACILITIES, SITES, FACILITIES)
                 for name, text in wording(_rows(district, layer), language).items()},
        lambda names: 100 * len(names) + 100,
    )  # fmt: skip
    return made


def kinds_known(district: District) -> dict[str, tuple[str, ...]]:
    """What may be asked for, by layer: kinds of facility, in the order of their table, and kinds of site that are none.

    Kinds that stand only in the layers, as open text, come last.
    """
    own = _codes(district, FACILITIES)
    return {FACILITIES: own, SITES: tuple(code for code in _codes(district, SITES) if code not in own)}


def site_kinds_there(district: District) -> tuple[str, ...]:
    """The kinds of site of which the district has one."""
    there = _in_layer(district, SITES)
    return tuple(code for code in kinds_known(district)[SITES] if code in there)


def kinds_offered(district: District, language: str) -> dict[str, dict[str, str]]:
    """What people choose from, by layer: code to name of the table's kinds of facility, and of sites that there are."""
    names = kind_names(district, language)
    listed = {FACILITIES: [str(row["code"]) for row in _rows(district, FACILITIES)], SITES: site_kinds_there(district)}
    return {layer: {code: names.get(code, code) for code in codes} for layer, codes in listed.items()}


def kinds_of_sites(district: District, codes: Iterable[str]) -> tuple[str, ...]:
    """Those of some kinds that are kinds of site."""
    known = set(kinds_known(district)[SITES])
    return tuple(dict.fromkeys(code for code in codes if code in known))


def require_kinds(district: District, codes: Iterable[str]) -> None:
    """Raise BadInput for a code that is no kind of facility or site here."""
    known, asked = kinds_known(district), kinds_in_standards(district)
    for code in codes:
        if code not in asked and not any(code in some for some in known.values()):
            there = (*known[FACILITIES], *site_kinds_there(district))
            raise BadInput("There is no kind of facility or site {kind!r} here; there are {known}.", kind=code,
                           known=", ".join(there) or "–")  # fmt: skip


def kinds_in_standards(district: District) -> set[str]:
    """The kinds that standards name, in force or not."""
    return {kind for standard in standards(district) for kind in standard.kinds}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a record that counts stands by itself: its layer, and its id there."""

    layer: str
    id: str


def place_of(id: str) -> Place:
    """The layer and the id there of what counts under an id: a facility, or a site."""
    return Place(SITES, id.removeprefix(SITE)) if id.startswith(SITE) else Place(FACILITIES, id)


def as_places(sites: Iterable[Record]) -> list[Record]:
    """Sites as records beside facilities, told by their ids."""
    return [{**one, "id": f"{SITE}{one['id']}"} for one in sites]


def doubles(places: Iterable[Record], facilities: Iterable[Record]) -> set[str]:
    """Ids of the places that are one of these facilities, which would count twice."""
    there = {str(one["id"]) for one in facilities}
    return {str(one["id"]) for one in places if str(one.get("facility_id")) in there}


def _codes(district: District, layer: str) -> tuple[str, ...]:
    listed = (str(row["code"]) for row in _rows(district, layer))
    return tuple(dict.fromkeys((*listed, *sorted(_in_layer(district, layer)))))


def _rows(district: District, layer: str) -> list[Record]:
    document = district.present.document("tables", TABLES[layer]) or {"rows": []}
    return list(document["rows"])


def _in_layer(district: District, layer: str) -> set[str]:
    snapshot = district.present.snapshot(layer)
    seq = district.present.seqs.get(layer, 0)
    made: set[str] = district.derived.get(
        ("kinds there", layer, seq),
        lambda: {kind for kind in set(snapshot.texts("kind", snapshot.alive())) if kind},
        lambda found: 100 * len(found) + 100,
    )
    return made
