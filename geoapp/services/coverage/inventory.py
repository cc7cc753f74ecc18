"""The inventory: what every township has, what the standards ask of it, what is missing by name, what is not known."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from geoapp.analysis.inventory import Totals, mean_known, shortfall
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.layers import EVIDENCE
from geoapp.domain.selection import Selection
from geoapp.domain.sentences import Sentence
from geoapp.domain.standards import Standard, Verdict, worst
from geoapp.services.coverage.counted import private_ids, sharing_ids
from geoapp.services.coverage.facts import unknown_facts
from geoapp.services.coverage.inventory_records import Cell, Inventory, Line, Missing, TownshipsCell, VillagesCell
from geoapp.services.coverage.kinds import SITES, kinds_known, kinds_of_sites, place_of, require_kinds
from geoapp.services.coverage.past_days import as_of
from geoapp.services.coverage.supply import kinds_counted
from geoapp.services.coverage.verdicts import Assessed, Judged, Record, assessed, counting_of, residents_of
from geoapp.services.district import District
from geoapp.services.leader import RowsBehind

MEASURED = ("facilities", "floor_area_m2", "seats", "books")


def inventory(district: District, question: CoverageQuestion) -> Inventory:
    """The inventory of a question: its day, kinds and townships, with private or planned facilities if it says so.

    Raises BadInput for a kind that is none.
    """
    require_kinds(district, question.kind)
    then, said = _recorded(district, question)
    made = assessed(then, counting_of(then, question))
    kinds = kinds_of(then, question, made)
    sites = frozenset(kinds_of_sites(then, kinds))
    making = _Making(question, made, kinds, private_ids(made), sharing_ids(made), sites, then is district, said)
    return making.inventory()


def _recorded(district: District, question: CoverageQuestion) -> tuple[District, tuple[Sentence, ...]]:
    """The district itself, or with its facilities as they were recorded on a day that is past; what that means."""
    if question.on is None or question.on == district.today:
        return district, ()
    asked = question.on.isoformat()
    if question.on > district.today:
        return district, (Sentence("{day} is still to come: what is expected to open by then is taken to be open.",
                                   day=asked),)  # fmt: skip
    past = as_of(district, question.on)
    then = past.district if not kinds_of_sites(district, question.kind) else (
        as_of(past.district, question.on, SITES).district)  # fmt: skip
    if past.known_from is not None:
        return then, (Sentence("Nothing of facilities was recorded before {day}: what was recorded then stands for "
                               "{asked}.", day=past.known_from.isoformat(), asked=asked),)  # fmt: skip
    return then, (Sentence("Facilities are those recorded on {day}; people are those of today.", day=asked),)


def kinds_of(district: District, question: CoverageQuestion, made: Assessed) -> tuple[str, ...]:
    """The kinds that an inventory lists: those of the question, else all that count or that a standard names."""
    asked = {kind for standard in made.standards for kind in standard.kinds}
    usual = kinds_counted(district) | asked
    if not usual:
        usual = {str(record.get("kind")) for record in made.facilities.values()}
    wanted = set(question.kind) or usual
    in_order = [code for codes in kinds_known(district).values() for code in codes]
    return (*(code for code in in_order if code in wanted), *sorted(wanted - set(in_order)))


@dataclass(frozen=True, slots=True)
class _Making:
    """An inventory under way. private, sharing: ids of private facilities, and of those in shared buildings.

    of_sites: those of the kinds that are kinds of site. linked: whether tables show the same rows: they show today's.
    said: what has to be said of the question's day.
    """

    question: CoverageQuestion
    made: Assessed
    kinds: tuple[str, ...]
    private: AbstractSet[str]
    sharing: AbstractSet[str]
    of_sites: AbstractSet[str]
    linked: bool
    said: tuple[Sentence, ...]

    def inventory(self) -> Inventory:
        made, of_kinds = self.made, set(self.kinds)
        listed = [
            record for id, record in made.facilities.items()
            if record.get("kind") in of_kinds and id not in made.doubled
        ]  # fmt: skip
        codes = [code for code in made.townships if self._is_reported(code)]
        here = [record for record in listed if not self.question.township or record.get("township") in codes]
        of_items = [record for record in here if record["id"] in made.items]
        unknown = ((record, unknown_facts(record, self._standards())) for record in of_items)
        return Inventory(
            question=self.question,
            day=made.counting.day,
            kinds=self.kinds,
            standards=self._standards(),
            townships=tuple(self._line(code, made.townships[code]) for code in codes),
            district=self._line("", {}),
            of_townships=tuple(self._of_townships(one) for one in self._standards("T")),
            missing=tuple(self._missing(codes)),
            unknown=tuple((record, fields) for record, fields in unknown if fields),
            elsewhere=tuple(record for record in listed if record.get("township") not in made.townships),
            private=tuple(record for record in here if record["id"] in self.private),
            shared=tuple(record for record in here if record["id"] in self.sharing),
            unjoined=tuple(self._unjoined(of_items)),
            evidence=_proven(of_items),
            notes=tuple(self._notes()),
        )

    def _is_reported(self, code: str) -> bool:
        """Development zones have a line only where there is something to say of them."""
        if self.question.township:
            return code in self.question.township
        here = (*self.made.facilities.values(), *self.made.villages.values())
        return not self.made.townships[code].get("overlay") or any(one.get("township") == code for one in here)

    def _standards(self, level: str | None = None) -> tuple[Standard, ...]:
        return tuple(
            one for one in self.made.standards
            if level in (None, one.level) and not set(one.kinds).isdisjoint(self.kinds)
        )  # fmt: skip

    def _line(self, code: str, record: Record) -> Line:
        made = self.made
        ids = [id for id in made.facilities if not code or made.township_of(id) == code]
        residents = record.get("population") if code else residents_of(made)
        cells = {kind: self._cell(code, kind, ids, residents) for kind in self.kinds}
        villages = tuple(self._villages(code, one) for one in self._standards("V"))
        now, after = self._both(id for id in ids if made.facilities[id].get("kind") in cells)
        verdicts = self._judged(code, None)
        return Line(code, record, residents, cells, villages, now, after,
                    below=_below([one.now for one in verdicts], [cell.counts for cell in villages]),
                    below_after=_below([one.after for one in verdicts], [cell.counts_after for cell in villages]),
                    )  # fmt: skip

    def _cell(self, code: str, kind: str, ids: Iterable[str], residents: float | None) -> Cell:
        made = self.made
        of_kind = [id for id in ids if made.facilities[id].get("kind") == kind]
        now, after = self._both(of_kind)
        found = self._judged(code, kind)
        return Cell(
            kind=kind, now=now, after=after,
            per_people={name: now.per_people(name, residents) for name in MEASURED},
            judged=found, verdict=worst(one.now for one in found), verdict_after=worst(one.after for one in found),
            private=len(self.private & set(of_kind)),
            shared=sum(id in self.sharing for id in of_kind if id in made.items),
            rows=self._counted(code, kind, "_after" if self.question.planned else ""),
            rows_after=self._counted(code, kind, "_after"),
            rows_private=self._rows("facilities", code, kind=(kind,), indicator="private"),
        )  # fmt: skip

    def _both(self, ids: Iterable[str]) -> tuple[Totals, Totals]:
        now, after = self.made.both(ids)
        return (after if self.question.planned else now), after

    def _judged(self, code: str, kind: str | None) -> tuple[Judged, ...]:
        """What the standards of a kind (of all kinds that are listed) ask of a township, or of the district."""
        known = {standard: self.made.district.get(standard.code) for standard in self._standards("D")}
        if code:
            known = {one: self.made.by_township.get((one.code, code)) for one in self._standards("T")}
        return tuple(
            self._as_asked(one)
            for standard, one in known.items()
            if one is not None and (kind is None or kind in standard.kinds)
        )

    def _as_asked(self, one: Judged) -> Judged:
        return replace(one, now=one.after, have=one.have_after) if self.question.planned else one

    def _villages(self, code: str, standard: Standard) -> VillagesCell:
        made = self.made
        here = {
            id: self._as_asked(made.by_village[standard.code, id])
            for id, record in made.villages.items()
            if not code or record.get("township") == code
        }
        lacking = [made.villages[id] for id, one in here.items() if one.now in (Verdict.MISSING, Verdict.SHORT)]
        return VillagesCell(
            standard, len(here), _counts(one.now for one in here.values()), _counts(one.after for one in here.values()),
            tuple(lacking), self._verdict_rows("villages", code, standard),
        )  # fmt: skip

    def _of_townships(self, standard: Standard) -> TownshipsCell:
        here = {
            place: self._as_asked(one) for (code, place), one in self.made.by_township.items() if code == standard.code
        }
        lacking = tuple(place for place, one in here.items() if one.now in (Verdict.MISSING, Verdict.SHORT))
        return TownshipsCell(
            standard, len(here), _counts(one.now for one in here.values()), _counts(one.after for one in here.values()),
            lacking, self._verdict_rows("townships", "", standard),
        )  # fmt: skip

    def _missing(self, codes: Sequence[str]) -> Iterator[Missing]:
        whole: list[tuple[str | None, Record | None, Judged]] = [(None, None, one) for one in self._judged("", None)]
        places = ((code, None, one) for code in codes for one in self._judged(code, None))
        villages = (
            (self.made.villages[id].get("township"), self.made.villages[id], self._as_asked(one))
            for (code, id), one in self.made.by_village.items()
            if one.standard in self._standards("V") and self._is_here(self.made.villages[id], codes)
        )
        for township, village, one in (*whole, *places, *villages):
            if one.now in (Verdict.MISSING, Verdict.SHORT):
                yield Missing(one.standard, township, village, one.now, one.after)

    def _is_here(self, record: Record, codes: Sequence[str]) -> bool:
        return not self.question.township or record.get("township") in codes

    def _asked_of(self, level: str) -> AbstractSet[str]:
        """The kinds that the standards of a level ask for."""
        return {kind for standard in self._standards(level) for kind in standard.kinds}

    def _unjoined(self, records: Iterable[Record]) -> list[Record]:
        kinds, village_of = self._asked_of("V"), self.made.village_of
        return [one for one in records if one.get("kind") in kinds and village_of.get(one["id"]) is None]

    def _nobodys(self) -> int:
        """How many facilities may be what a township or village is said to lack: nobody knows whose they are."""
        townships, of_townships = self.made.townships, self._asked_of("T")
        here = (*self.question.township, None) if self.question.township else None
        records = [
            record for id in self.made.items
            if (record := self.made.facilities[id]) and (here is None or record.get("township") in here)
        ]  # fmt: skip
        outside = (one for one in records if one.get("kind") in of_townships and one.get("township") not in townships)
        return len({one["id"] for one in (*outside, *self._unjoined(records))})

    def _counted(self, code: str, kind: str, ending: str) -> RowsBehind | None:
        """What is counted; sites that are not counted are left out by name."""
        if kind in self.of_sites:
            counted = self.made.after if ending else self.made.now
            others = [id for id, one in self.made.facilities.items() if one.get("kind") == kind and id not in counted]
            return self._rows(SITES, code, kind=(kind,), without=tuple(sorted(place_of(id).id for id in others)))
        name = "counted_with_private" if self.question.private else "counted"
        return self._rows("facilities", code, kind=(kind,), indicator=name + ending, without=self.question.closed)

    def _rows(self, layer: str, code: str, **chosen: object) -> RowsBehind | None:
        if not self.linked:
            return None
        place = {"township": (code,)} if code else {}
        return RowsBehind(layer, Selection(**place, last_day=self.question.on, **chosen))  # type: ignore[arg-type]

    def _verdict_rows(self, layer: str, code: str, standard: Standard) -> Mapping[Verdict, RowsBehind] | None:
        question = self.question
        if question.private or question.planned or question.closed:
            return None
        found = {one: self._rows(layer, code, standard=(standard.code,), indicator=str(one)) for one in Verdict}
        return {one: rows for one, rows in found.items() if rows is not None} or None

    def _notes(self) -> Iterator[Sentence]:
        yield from self.said
        if not self.made.villages and self._standards("V"):
            yield Sentence("No village or community is listed here yet: whether each has what is asked of it, nobody "
                           "can tell.")  # fmt: skip
        if nobodys := self._nobodys():
            yield Sentence("Of {count} facilities that count nobody knows the township or village: what is said to be "
                           "missing may be among them.", count=nobodys)  # fmt: skip
        yield Sentence("Shared buildings and floor areas count once.")
        if not self.question.private:
            yield Sentence("Private facilities are shown and do not count.")
        if self.question.pin:
            yield Sentence("Places where a facility is only supposed do not count here.")


def _proven(records: Iterable[Record]) -> tuple[int, int]:
    """Of how many public facilities all proofs are there, and of how many; sites have none to show."""
    shown = (one for one in records if place_of(str(one["id"])).layer != SITES and one.get("ownership") != "private")
    proven = [all(one.get(name) for name in EVIDENCE) for one in shown]
    return sum(proven), len(proven)


def _counts(verdicts: Iterable[Verdict]) -> dict[Verdict, int]:
    counts = dict.fromkeys(Verdict, 0)
    for verdict in verdicts:
        counts[verdict] += 1
    return counts


def _below(verdicts: Iterable[Verdict], villages: Iterable[Mapping[Verdict, int]]) -> float | None:
    own = [shortfall(verdict) for verdict in verdicts]
    of_villages = [
        mean_known(shortfall(one) for one, number in counts.items() for _ in range(number)) for counts in villages
    ]
    return mean_known([*own, *of_villages])
