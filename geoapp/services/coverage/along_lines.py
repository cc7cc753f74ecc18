"""Standards along lines: which stretches of which streets have nothing of what is wanted within reach."""

import hashlib
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from geoapp.analysis.street_chains import Measured
from geoapp.domain.line_standards import BESIDE_M, LineStandard
from geoapp.domain.selection import Scope
from geoapp.domain.sentences import Sentence
from geoapp.routing.line_coverage import farther_than, gaps_over
from geoapp.services.coverage.street_lines import (
    Along,
    Streets,
    Wanted,
    streets_of,
    township_at,
    townships_along,
    wanted_of,
)
from geoapp.services.coverage.ways import are_schematic, by_line, on_roads
from geoapp.services.district import District

# What a report depends on.
LAYERS = ("streets", "roads", "sites", "facilities", "townships")
# Shorter than this is no stretch that anybody could find in the street.
LEAST_M = 1.0
ROUNDING_M = 0.05
_BYTES_EACH = 2_000
_NOTHING_M = 0.01
_DIGITS = 10


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of a chain that fails, or of which nobody can tell; on a ring to_m may be beyond its end."""

    chain: int
    from_m: float
    to_m: float
    worst_m: float
    known: bool
    shape: shapely.LineString


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a street that fails its standard.

    id: the same as long as standard, street and place are. street: number of its street in the report; part: which of
    the street's unbroken lines it is of. from_m, to_m: from the western end of that line; on a ring to_m may be beyond
    its end, where it goes on from the beginning. worst_m: to the nearest one from the worst point (`within`), or the
    gap itself (`every`); None where none can be reached. lon, lat: its middle, in degrees. township: code of the one in
    which that lies, None outside all. line: LineString in degrees.
    """

    id: str
    street: int
    part: int
    from_m: float
    to_m: float
    worst_m: float | None
    lon: float
    lat: float
    township: str | None
    line: shapely.LineString

    @property
    def length_m(self) -> float:
        """Of the stretch."""
        return self.to_m - self.from_m


@dataclass(frozen=True, slots=True)
class Share:
    """Metres of streets, and those of them that fail: None where nothing is known to hold them against.

    unknown_m: of which nobody can tell, as they are too far from the roads.
    """

    length_m: float
    failing_m: float | None
    unknown_m: float = 0.0

    @property
    def kept(self) -> float | None:
        """The share in 0..1 that keeps the standard, of what is known; None where nothing is, or there is no street."""
        known_m = self.length_m - self.unknown_m
        if self.failing_m is None or known_m <= 0:
            return None
        kept_m = known_m - self.failing_m
        # What is left of sums of floating-point numbers is no street that keeps anything.
        return kept_m / known_m if kept_m >= _NOTHING_M else 0.0

    @classmethod
    def sum(cls, shares: Iterable["Share"]) -> "Share":
        """Of all together."""
        known = list(shares)
        failing = [one.failing_m for one in known if one.failing_m is not None]
        return cls(sum(one.length_m for one in known), sum(failing) if len(failing) == len(known) else None,
                   sum(one.unknown_m for one in known))  # fmt: skip


@dataclass(frozen=True, slots=True)
class StreetReport:
    """A street. ids: of its features; parts: the unbroken lines that it is made of, as LineStrings in degrees.

    whole: all of it; townships: what of it lies in which (by code, None outside all). worst_m: as of its stretches.
    """

    name: str
    name_en: str | None
    kind: str
    ids: tuple[str, ...]
    parts: tuple[shapely.LineString, ...]
    whole: Share
    townships: dict[str | None, Share]
    worst_m: float | None


@dataclass(frozen=True, slots=True)
class LineReport:
    """How the streets of a district keep a standard along lines.

    streets: the one with the longest failing length first; stretches: likewise, within their streets. townships: by
    code, None outside all of them; they add up to the whole, and stretches to what fails. unknown: parts of streets of
    which nobody can tell, as they are too far from the roads. layer: streets, or roads where there are none. by_line:
    distances are straight lines, as there are no roads; schematic: streets or roads only show about where they are.
    """

    standard: LineStandard
    streets: tuple[StreetReport, ...]
    stretches: tuple[Stretch, ...]
    unknown: tuple[Stretch, ...]
    townships: dict[str | None, Share]
    whole: Share
    layer: str
    wanted: Wanted
    by_line: bool
    schematic: bool
    notes: tuple[Sentence, ...]

    @property
    def answered(self) -> bool:
        """Whether there is anything to hold the standard against: streets, and something that is wanted."""
        return bool(self.streets) and len(self.wanted) > 0


def line_standard(district: District, wanted: LineStandard, scope: Scope) -> LineReport:
    """The streets of the kinds that a standard is for, and where they fail it; kept until a layer changes.

    Lines are measured on the ellipsoid. Where nothing that is wanted is known in the district, nobody can say what
    fails: there are no stretches then, `answered` is False, and the notes say why.
    """
    seqs = tuple(district.present.seqs.get(layer, 0) for layer in LAYERS)
    key = (seqs, "line standard", wanted, scope)
    return district.derived.get(
        key, lambda: _report(district, wanted, scope), lambda made: _BYTES_EACH * (len(made.stretches) + 5)
    )


def _report(district: District, standard: LineStandard, scope: Scope) -> LineReport:
    streets, wanted = streets_of(district, standard.streets, scope), wanted_of(district, standard, scope)
    answered = bool(streets.lines) and len(wanted) > 0
    straight, parts = _parts(district, standard, streets, wanted) if answered else (False, [])
    reported = _streets(district, streets, parts if answered else None)
    order = sorted(range(len(reported)), key=lambda one: (-(reported[one].whole.failing_m or 0), reported[one].name))
    reported = [reported[street] for street in order]
    place = {street: number for number, street in enumerate(order)}
    failing, unknown = (
        _stretches(district, standard, streets, [part for part in parts if part.known is known], place)
        for known in (True, False)
    )
    whole = Share.sum(one.whole for one in reported)
    return LineReport(
        standard=standard, streets=tuple(reported), stretches=tuple(failing), unknown=tuple(unknown),
        townships=_townships(reported), whole=whole, layer=streets.layer, wanted=wanted, by_line=straight,
        schematic=streets.schematic or (standard.rule == "within" and are_schematic(district)),
        notes=(*_missing(streets, wanted), *wanted.notes, *_untold(whole)),
    )  # fmt: skip


def _parts(district: District, standard: LineStandard, streets: Streets, wanted: Wanted) -> tuple[bool, list[_Part]]:
    """Whether distances are straight lines, and the parts of all chains that fail, or of which nobody can tell."""
    lines, roads = streets.chains.lines, on_roads(district, "foot")
    if standard.rule == "every":
        straight, found = False, gaps_over(lines, wanted.lon, wanted.lat, standard.metres, beside_m=BESIDE_M)
    else:
        nearest = roads or by_line()
        places = nearest.locate(wanted.lon, wanted.lat)
        straight, found = roads is None, farther_than(nearest, lines, places, standard.metres)
    columns = (found.line, found.from_m, found.to_m, found.worst_m, found.known, found.shape)
    made = [_Part(*row) for row in zip(*(column.tolist() for column in columns), strict=True)]
    # A board that was meant to stand 300 m from the last one is not too far for the rounding of its coordinates.
    most_m = standard.metres + ROUNDING_M
    return straight, [one for one in made if one.to_m - one.from_m >= LEAST_M and not one.worst_m <= most_m]


def _stretches(district: District, standard: LineStandard, streets: Streets, parts: Sequence[_Part],
               place: Mapping[int, int]) -> list[Stretch]:  # fmt: skip
    """Parts of lines as stretches, the longest of each street first. place: in the report, of each street."""
    middles = [_middle(streets.lines[one.chain], one) for one in parts]
    townships = township_at(district, np.array(middles).reshape(-1, 2))
    made, taken = [], Counter[str]()
    # From west to east, as chains are: which of several in one spot has which id depends on nothing else.
    for part, (lon, lat), township in zip(parts, middles, townships, strict=True):
        street = int(streets.chains.street[part.chain])
        number = int(np.count_nonzero(streets.chains.street[: part.chain] == street))
        id = _id(standard, streets.chains.names[street], lon, lat)
        taken[id] += 1
        if taken[id] > 1:
            # Two carriageways of one street may have their middles in one spot.
            id = _id(standard, f"{streets.chains.names[street]}\n{taken[id]}", lon, lat)
        made.append(Stretch(id, place[street], number, part.from_m, part.to_m, _known(part.worst_m), lon, lat, township,
                            part.shape))  # fmt: skip
    return sorted(made, key=lambda one: (one.street, -one.length_m, one.id))


def _middle(line: Measured, part: _Part) -> tuple[float, float]:
    # On a ring a part may go on from its beginning.
    lon, lat = line.at(np.array([(part.from_m + part.to_m) / 2 % (line.length_m or 1.0)]))[0].tolist()
    return lon, lat


def _id(standard: LineStandard, street: str, lon: float, lat: float) -> str:
    """The same for the same standard and street as long as the middle is in the same spot of some ten metres."""
    text = f"{standard.code}\n{street}\n{lon:.4f} {lat:.4f}"
    return f"LINE-{standard.code}-{hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]}"


def is_of_standard(id: str, standard: LineStandard) -> bool:
    """Whether an id is that of a stretch of this standard; one code may begin like another."""
    return re.fullmatch(rf"LINE-{re.escape(standard.code)}-[0-9a-f]{{{_DIGITS}}}", id) is not None


def _known(metres: float) -> float | None:
    return float(metres) if np.isfinite(metres) else None


def _streets(district: District, streets: Streets, parts: Sequence[_Part] | None) -> list[StreetReport]:
    """The streets as they came; parts: None where nobody can tell which of them fail."""
    chains = defaultdict[int, list[int]](list)
    for chain, street in enumerate(streets.chains.street.tolist()):
        chains[street].append(chain)
    of_chain = defaultdict[int, list[_Part]](list)
    for part in parts or ():
        of_chain[part.chain].append(part)
    along = townships_along(district, streets.lines)
    made = []
    for street, name in enumerate(streets.chains.names):
        failing = [part for chain in chains[street] for part in of_chain[chain]]
        shares = _shares([(along[chain], streets.lines[chain].length_m) for chain in chains[street]],
                         [(along[part.chain], part) for part in failing], known=parts is not None)  # fmt: skip
        worst = max((part.worst_m for part in failing if part.known), default=np.inf)
        made.append(StreetReport(
            name, streets.names_en[street], streets.kinds[street], tuple(streets.ids[street]),
            tuple(streets.chains.lines[chains[street]]), Share.sum(shares.values()), shares, _known(worst),
        ))  # fmt: skip
    return made


def _shares(chains: Iterable[tuple[Along, float]], parts: Iterable[tuple[Along, _Part]], *, known: bool
            ) -> dict[str | None, Share]:  # fmt: skip
    """What of a street lies in each township, and what of that fails."""
    lengths, failing, unknown = (defaultdict[str | None, float](float) for _ in range(3))
    for along, length_m in chains:
        _add(lengths, along.metres(0.0, length_m))
    for along, part in parts:
        _add(failing if part.known else unknown, along.metres(part.from_m, part.to_m))
    return {code: Share(lengths[code], failing[code] if known else None, unknown[code]) for code in _in_order(lengths)}


def _add(to: dict[str | None, float], more: dict[str | None, float]) -> None:
    for code, metres in more.items():
        to[code] += metres


def _in_order(codes: Iterable[str | None]) -> list[str | None]:
    """Codes as sorted text, what lies outside all townships last."""
    return sorted(codes, key=lambda code: (code is None, code or ""))


def _townships(streets: Sequence[StreetReport]) -> dict[str | None, Share]:
    shares = defaultdict[str | None, list[Share]](list)
    for street in streets:
        for code, share in street.townships.items():
            shares[code].append(share)
    return {code: Share.sum(shares[code]) for code in _in_order(shares)}


def _missing(streets: Streets, wanted: Wanted) -> Iterable[Sentence]:
    if not streets.lines:
        yield Sentence("No street of these kinds is known in this district.")
    if not len(wanted):
        yield Sentence("Nothing of what is wanted is known in this district, so nobody can say which stretches fail: "
                       "bring in where it stands first.")  # fmt: skip


def _untold(whole: Share) -> Iterable[Sentence]:
    if whole.unknown_m >= LEAST_M:
        yield Sentence("{metres} m of these streets are too far from the roads to tell; they count neither way.",
                       metres=round(whole.unknown_m))  # fmt: skip
