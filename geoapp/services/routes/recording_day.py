"""What a phone needs to record a team's day: the pack's id and the district's categories."""

import hashlib
from dataclasses import dataclass, field
from datetime import date

from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.problem import UNCLASSIFIED
from geoapp.services.browse import wording
from geoapp.services.district import District


@dataclass(frozen=True, slots=True)
class CategoryChoice:
    """A category, or a subcategory under it, in words."""

    code: str
    name: str
    subs: list["CategoryChoice"] = field(default_factory=list)


def pack_id(kept: KeptPlan, team: str, day: date) -> str:
    """The same for every download of one team's day, so that what a phone has recorded is found again."""
    return hashlib.sha256(f"{kept.id}\n{team}\n{day}".encode()).hexdigest()[:16]


def category_choices(district: District, language: str) -> list[CategoryChoice]:
    """The categories with their subcategories, in the order of the table."""
    found: dict[str, CategoryChoice] = {}
    for code, name in wording(district, "categories", language).items():
        if len(code) == 4 and code[:2] in found:
            found[code[:2]].subs.append(CategoryChoice(code, name))
        elif len(code) == 2 and code != UNCLASSIFIED:
            found[code] = CategoryChoice(code, name)
    return list(found.values())
