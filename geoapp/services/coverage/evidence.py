"""What proves a facility: which pictures are there, which lack, and how one is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from geoapp.documents.photo import document_photo
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.layers import EVIDENCE
from geoapp.domain.selection import Scope, Selection
from geoapp.services.browse import feature, flat
from geoapp.services.coverage.inventory import kinds_of
from geoapp.services.coverage.verdicts import Counting, assessed
from geoapp.services.district import District
from geoapp.services.selected import selected
from geoapp.storage.ledger import Change, Commit

MOST_PICTURES = 10
LARGEST_PICTURE = 20 * 1024 * 1024
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Checklist:
    """Facilities and their proofs. count: how many there are, shown or not. whole: those of them that have one of every
    kind. lacking: by kind, of how many."""

    facilities: tuple[Record, ...]
    count: int
    whole: int
    lacking: Mapping[str, int]


def checklist(district: District, selection: Selection, scope: Scope, lacking: str | None = None) -> Checklist:
    """The proofs of those facilities that an inventory counts (standing or to come, public), by id.

    Without kinds in the selection those kinds that an inventory lists.
    lacking: only those without this one of EVIDENCE, without any of them for "any", with all of them for "nothing".
    """
    if lacking not in (None, "any", "nothing", *EVIDENCE):
        raise BadInput("{name}={value!r} is not one of {known}.", name="lacking", value=lacking,
                       known=", ".join(("any", "nothing", *EVIDENCE)))  # fmt: skip
    made = assessed(district, Counting(district.today))
    kinds = set(selection.kind or kinds_of(district, CoverageQuestion(), made))
    records = flat(district, "facilities", selected(district, "facilities", selection, scope), scope)
    every = sorted(
        (one for one in records if one["id"] in made.items and one["kind"] in kinds), key=lambda one: str(one["id"])
    )
    wanted = EVIDENCE if lacking in (None, "any", "nothing") else (lacking,)
    whole = lacking == "nothing"
    shown = every if lacking is None else [one for one in every if all(one.get(name) for name in wanted) is whole]
    return Checklist(
        tuple(shown),
        len(every),
        sum(all(one.get(name) for name in EVIDENCE) for one in every),
        {name: sum(not one.get(name) for one in every) for name in EVIDENCE},
    )


def add_evidence(district: District, id: str, name: str, content: bytes, *, by: str,
                 request_key: str | None = None) -> Commit:  # fmt: skip
    """Keep a picture as a proof of a facility, made small enough and without what a camera wrote into it.

    name: one of EVIDENCE. Raises NotFound, BadInput for what is no picture, Conflict if the facility was changed
    meanwhile.
    """
    known = _proofs(district, id, name)
    if len(content) > LARGEST_PICTURE:
        raise BadInput("This picture is larger than {most} MB.", most=LARGEST_PICTURE // 1024**2)
    made = document_photo(content)
    if made is None:
        raise BadInput("This file is no picture that can be read; bring a JPEG, PNG or WebP.")
    if len(known) >= MOST_PICTURES:
        raise BadInput("There are {most} pictures already; take one away first.", most=MOST_PICTURES)
    sha256 = district.store.photos.put(made[0])
    return _write(district, id, name, [*known, sha256], by, f"{name} added", request_key)


def remove_evidence(district: District, id: str, name: str, sha256: str, *, by: str,
                    request_key: str | None = None) -> Commit:  # fmt: skip
    """Take a picture away from a facility's proofs; raises NotFound, Conflict."""
    known = _proofs(district, id, name)
    if sha256 not in known:
        raise NotFound("There is no such picture any more.")
    left = [one for one in known if one != sha256]
    return _write(district, id, name, left, by, f"{name} removed", request_key)


def evidence_picture(district: District, id: str, sha256: str, scope: Scope) -> bytes:
    """The bytes (JPEG) of one of a facility's proofs; raises NotFound for a picture that is none of them."""
    properties = msgspec.json.decode(feature(district, "facilities", id, scope))["properties"]
    if not any(sha256 in (properties.get(name) or ()) for name in EVIDENCE):
        raise NotFound("There is no such picture any more.")
    return district.store.photos.get(sha256)


def _proofs(district: District, id: str, name: str) -> list[str]:
    if name not in EVIDENCE:
        raise BadInput("{name}={value!r} is not one of {known}.", name="evidence", value=name,
                       known=", ".join(EVIDENCE))  # fmt: skip
    properties = msgspec.json.decode(feature(district, "facilities", id, Scope.FULL))["properties"]
    return list(properties.get(name) or ())


def _write(district: District, id: str, name: str, proofs: list[str], by: str, action: str,
           request_key: str | None) -> Commit:  # fmt: skip
    patch = {"properties": {name: list(dict.fromkeys(proofs)) or None}}
    change = Change("facilities", id, msgspec.json.encode(patch), based_on=district.present.seq)
    return district.store.append([change], actor=by, action=f"facility {id}: {action}", request_key=request_key)
