"""What is asked when somebody looks for the place of the next facility."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode

from geoapp.domain.coverage import PARAMETERS as COVERAGE_PARAMETERS
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput, UnknownParameter

# cover: as many people near as possible (MCLP); shorten: the shortest way on average (p-median); everyone: the fewest
# facilities that leave nobody far (LSCP); worst: the longest way as short as possible (p-centre).
USUAL_GOALS = ("cover", "shorten")
ADVANCED_GOALS = ("everyone", "worst")
GOALS = (*USUAL_GOALS, *ADVANCED_GOALS)
AMONG = ("villages", "sites", "grid")
MOST_FACILITIES = 20
LEAST_SPACING_M, MOST_SPACING_M = 100, 20_000


@dataclass(frozen=True, slots=True, kw_only=True)
class SitingQuestion:
    """Where the next facilities should stand; two equal questions are equal values.

    coverage: for whom, by what means, and what stands there already. goal: one of GOALS. count: how many are to be
    placed (`p` in links); `everyone` finds the number itself. among: where one could stand. site_kind, site: kinds and
    ids of sites to choose among, () for all. spacing_m: between the points of a grid, None for what suits the district.
    """

    coverage: CoverageQuestion
    goal: str = "cover"
    count: int = 3
    among: str = "villages"
    site_kind: tuple[str, ...] = ()
    site: tuple[str, ...] = ()
    spacing_m: int | None = None

    @classmethod
    def parse(cls, given: Mapping[str, Iterable[str]]) -> "SitingQuestion":
        """From the parameters of a link, those of the question of coverage among them.

        Raises UnknownParameter for a name that is none, BadInput for a value that cannot be read.
        """
        values: dict[str, Any] = {}
        for name, texts in given.items():
            if name in COVERAGE_PARAMETERS:
                continue
            if name not in _FIELD:
                raise UnknownParameter("There is no parameter {name!r}; there are {known}.", name=name,
                                       known=", ".join(sorted({*COVERAGE_PARAMETERS, *PARAMETERS})))  # fmt: skip
            text = ",".join(texts).strip()
            if text:
                values[_FIELD[name]] = _value(name, text)
        known = {name: texts for name, texts in given.items() if name in COVERAGE_PARAMETERS}
        return cls(coverage=CoverageQuestion.parse(known), **values)

    def own_parameters(self) -> dict[str, str]:
        """The link parameters beside those of the question of coverage; what is as usual is left out."""
        found = {}
        for field in fields(self):
            value = getattr(self, field.name)
            if field.name != "coverage" and value != field.default:
                found[_NAME[field.name]] = ",".join(value) if isinstance(value, tuple) else str(value)
        return found

    def parameters(self) -> dict[str, str]:
        """All link parameters, in a fixed order."""
        return {**self.coverage.parameters(), **self.own_parameters()}

    def query(self) -> str:
        """The same as a query string: what makes two equal questions one link and one cache key."""
        return urlencode(self.parameters())


_FIELD = {"goal": "goal", "p": "count", "among": "among", "site_kind": "site_kind", "site": "site",
          "spacing": "spacing_m"}  # fmt: skip
_NAME = {field: name for name, field in _FIELD.items()}
PARAMETERS = frozenset(_FIELD)
_BOUNDS = {"p": (1, MOST_FACILITIES), "spacing": (LEAST_SPACING_M, MOST_SPACING_M)}
_WORDS = {"goal": GOALS, "among": AMONG}


def _value(name: str, text: str) -> Any:
    if name in _WORDS:
        if text not in _WORDS[name]:
            raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=text,
                           known=", ".join(_WORDS[name]))  # fmt: skip
        return text
    if name in _BOUNDS:
        least, most = _BOUNDS[name]
        if not (text.isascii() and text.isdigit() and len(text) < 9 and least <= int(text) <= most):
            raise BadInput("{name}={value!r} is not a whole number from {least} to {most}.", name=name, value=text,
                           least=least, most=most)  # fmt: skip
        return int(text)
    return tuple(sorted({part.strip() for part in text.split(",")} - {""}))
