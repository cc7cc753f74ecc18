"""What an inspection asks of a street all along it: something within reach of every point, or one every so often."""

import hashlib
import re
from dataclasses import dataclass, replace

from geoapp.domain.errors import BadInput

# within: from every point of a street the nearest one is so far on foot at most. every: so far at most from one to the
# next beside the street.
RULES = ("within", "every")
STREET_KINDS = ("main", "secondary", "lane", "country_road", "highway")
# Beside a street is what is no farther from its line than a wide road with its pavements.
BESIDE_M = 30
LEAST_METRES, MOST_METRES = 10, 20_000
_CODE = re.compile(r"[a-z0-9_-]{1,80}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineStandard:
    """A standard for all streets of some kinds.

    streets: kinds of street that it is for. sites, facilities: kinds of what is wanted, any of which will do. metres:
    the most there may be, from every point to the nearest one (`within`) or from one to the next (`every`).
    """

    code: str
    zh: str
    en: str
    streets: tuple[str, ...]
    metres: int
    rule: str
    sites: tuple[str, ...] = ()
    facilities: tuple[str, ...] = ()
    source: str | None = None
    check: bool = False

    def __post_init__(self) -> None:
        if not _CODE.fullmatch(self.code):
            raise BadInput("{value!r} is no code: small letters, digits, _ and - only.", value=self.code)
        if self.rule not in RULES:
            raise BadInput("{name}={value!r} is not one of {known}.", name="rule", value=self.rule,
                           known=", ".join(RULES))  # fmt: skip
        if not LEAST_METRES <= self.metres <= MOST_METRES:
            raise BadInput("{name}={value!r} is not a whole number from {least} to {most}.", name="metres",
                           value=str(self.metres), least=LEAST_METRES, most=MOST_METRES)  # fmt: skip
        if not self.streets:
            raise BadInput("Choose at least one kind of street that the standard is for.")
        if not (self.sites or self.facilities):
            raise BadInput("Choose at least one kind of site or facility that the standard asks for.")
        if not (self.zh.strip() and self.en.strip()):
            raise BadInput("Give what is wanted a name.")

    @property
    def kinds(self) -> tuple[tuple[str, str], ...]:
        """Layer and kind of all that is wanted."""
        return (*(("sites", kind) for kind in self.sites), *(("facilities", kind) for kind in self.facilities))

    def asking(self, metres: int) -> "LineStandard":
        """The same standard with other metres; whoever sets them has checked them."""
        return replace(self, metres=metres, check=False)

    def in_words(self) -> tuple[str, str]:
        """The rule in Chinese and English, as data keeps it."""
        if self.rule == "within":
            return f"沿线任意一点步行{self.metres}米内须有{self.zh}", f"{self.en} within {self.metres} m of every point"
        return f"沿线每{self.metres}米须有一处{self.zh}", f"{self.en} every {self.metres} m"

    def failing_on(self, length_m: float) -> tuple[str, str]:
        """What is wrong with a stretch of so many metres, likewise."""
        length = round(length_m)
        if self.rule == "within":
            return (f"{length}米路段步行{self.metres}米内无{self.zh}",
                    f"no {self.en} within {self.metres} m on {length} m")  # fmt: skip
        return (f"{length}米路段无{self.zh}（要求每{self.metres}米一处）",
                f"no {self.en} on {length} m, where one is due every {self.metres} m")  # fmt: skip

    @staticmethod
    def code_for(kind: str, rule: str, streets: tuple[str, ...]) -> str:
        """A code for a standard by what it asks for, so that one thing is asked of the same streets once."""
        plain = kind if _CODE.fullmatch(kind) else hashlib.sha256(kind.encode()).hexdigest()[:8]
        return "-".join((plain[:30], rule, *streets))
