"""What an inventory consists of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from geoapp.analysis.inventory import Totals, furthest_first
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.sentences import Sentence
from geoapp.domain.standards import Standard, Verdict, worst
from geoapp.services.coverage.verdicts import Judged, Record
from geoapp.services.leader import RowsBehind


@dataclass(frozen=True, slots=True)
class Cell:
    """Facilities of one kind in one place.

    now, after: those that count, now and after what is being built has opened. per_people: facilities, floor_area_m2,
    seats and books for every 10,000 residents now, None where not all is known. judged: what the standards of this kind
    say here; verdict, verdict_after: the worst of them, None where nothing is asked. private, shared: how many are
    private (whether or not they count), and how many of those that count share a building. rows, rows_after,
    rows_private: where the facilities stand, None on a day that is past.
    """

    kind: str
    now: Totals
    after: Totals
    per_people: Mapping[str, float | None]
    judged: tuple[Judged, ...]
    verdict: Verdict | None
    verdict_after: Verdict | None
    private: int
    shared: int
    rows: RowsBehind | None
    rows_after: RowsBehind | None
    rows_private: RowsBehind | None


@dataclass(frozen=True, slots=True)
class VillagesCell:
    """A standard asked of every village of a township (of the district in the district's line).

    counts, counts_after: villages by verdict. lacking: flat records of those that miss it now, by code, among them
    those without coordinates. rows: where the villages of a verdict stand, None for a question that no link can ask.
    """

    standard: Standard
    villages: int
    counts: Mapping[Verdict, int]
    counts_after: Mapping[Verdict, int]
    lacking: tuple[Record, ...]
    rows: Mapping[Verdict, RowsBehind] | None


@dataclass(frozen=True, slots=True)
class TownshipsCell:
    """A standard asked of every township: townships by verdict now and after, and their rows."""

    standard: Standard
    townships: int
    counts: Mapping[Verdict, int]
    counts_after: Mapping[Verdict, int]
    lacking: tuple[str, ...]
    rows: Mapping[Verdict, RowsBehind] | None


@dataclass(frozen=True, slots=True)
class Line:
    """A township, or the district as a whole (code "").

    record: the township's flat record. cells: by kind of facility. villages: standards of villages. total, total_after:
    all kinds together, a building once. below, below_after: how far below its standards it is, 0..1: the mean over the
    standards that are asked of it, of which a missing thing is 1, one that falls short half, and a standard of villages
    the mean over the villages; what is unknown is left out, None where nothing is known or asked.
    """

    code: str
    record: Record
    residents: float | None
    cells: Mapping[str, Cell]
    villages: tuple[VillagesCell, ...]
    total: Totals
    total_after: Totals
    below: float | None
    below_after: float | None


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that a standard asks for and a place has not. township: its code, None for the district; village: the
    flat record of one. verdict: missing or short; after: the same when what is being built has opened."""

    standard: Standard
    township: str | None
    village: Record | None
    verdict: Verdict
    after: Verdict


@dataclass(frozen=True, slots=True)
class Inventory:
    """What is there, and what is asked.

    kinds: columns, in the order of the table of kinds. standards: in force on `day`. townships: their lines, by code.
    of_townships: standards of townships over the whole district. missing: by name, of what is reported. unknown:
    facilities of these kinds of which something is not known, with the names of the fields. elsewhere: facilities of
    these kinds in no township. private, shared: flat records of those. unjoined: facilities of the kinds that villages
    are asked for, of which nobody can say which village's they are. evidence: how many facilities have all their
    proofs, of how many. notes: what has to be said beside these numbers.
    """

    question: CoverageQuestion
    day: date
    kinds: tuple[str, ...]
    standards: tuple[Standard, ...]
    townships: tuple[Line, ...]
    district: Line
    of_townships: tuple[TownshipsCell, ...]
    missing: tuple[Missing, ...]
    unknown: tuple[tuple[Record, tuple[str, ...]], ...]
    elsewhere: tuple[Record, ...]
    private: tuple[Record, ...]
    shared: tuple[Record, ...]
    unjoined: tuple[Record, ...]
    evidence: tuple[int, int]
    notes: tuple[Sentence, ...]

    def verdict(self, line: Line, kind: str, *, later: bool = False) -> Verdict | None:
        """What all standards of a kind come to in a township, or for the district's line in the district.

        Its own, and those that are asked of each of its villages (for the district of each township, too). later: when
        what is being built has opened.
        """
        cell = line.cells[kind]
        # Asked of villages of which none is listed: whether they have it, nobody can tell.
        untold = {one.standard for one in self.district.villages if not one.villages}
        places: list[VillagesCell | TownshipsCell] = [*line.villages, *(() if line.code else self.of_townships)]
        of_places = (
            Verdict.UNKNOWN if one.standard in untold else _of_all(one.counts_after if later else one.counts)
            for one in places if kind in one.standard.kinds
        )  # fmt: skip
        found = (cell.verdict_after if later else cell.verdict, *of_places)
        return worst(one for one in found if one is not None)

    def furthest_below(self) -> tuple[Line, ...]:
        """The townships, the one furthest below its standards first."""
        return tuple(sorted(self.townships, key=lambda line: (furthest_first(line.below), line.code)))


def _of_all(counts: Mapping[Verdict, int]) -> Verdict | None:
    """What many places together come to: all meet it, none has it, or something between."""
    there = {verdict for verdict, number in counts.items() if number}
    if len(there) < 2:
        return next(iter(there), None)
    return Verdict.UNKNOWN if there == {Verdict.MEETS, Verdict.UNKNOWN} else Verdict.SHORT
