"""A report of coverage as sheets of a workbook: the numbers of the services, in the words of whoever reads them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.domain.layers import EVIDENCE
from geoapp.domain.sentences import Sentence
from geoapp.domain.standards import AMOUNTS, Standard, Verdict
from geoapp.services.coverage.inventory_records import Inventory, Line
from geoapp.services.coverage.papers import CoveragePaper, FacilityLine, FarPlace, far_places
from geoapp.services.coverage.proposals import Proposal
from geoapp.services.coverage.records import Reach, Summary
from geoapp.services.coverage.two_days import CAME, PLANNED, Compared, Pair, TwoDays
from geoapp.services.coverage.verdicts import Judged

Record = dict[str, Any]
Fields = Sequence[tuple[str, str, str]]
_OF_PEOPLE = ("residents", "near_people", "norm_people")


@dataclass(frozen=True, slots=True)
class Words:
    """What sheets are written in. heading: of a column by its name; title: of a sheet; kind, township: of a code;
    verdict, character, standing, way: of their values; facilities: columns of facilities (name, heading, kind of cell),
    and of a record its cells. group: the age group that is counted, None for all residents; counted: the heading of a
    column of those who are counted.
    """

    heading: Callable[[str], str]
    counted: Callable[[str], str]
    group: str | None
    title: Callable[[str], str]
    kind: Callable[[str], str]
    township: Callable[[str], str]
    standard: Callable[[Standard], str]
    unit: Callable[[str], str]
    verdict: Callable[[Verdict | None], str]
    character: Callable[[str], str]
    standing: Callable[[str], str]
    way: Callable[[FarPlace], str]
    field: Callable[[str], str]
    name: Callable[[Record], str]
    yes: Callable[[bool], str]
    tell: Callable[[Sentence], str]
    change: Callable[[str], str]
    value: Callable[[str, Any], str]
    facility_columns: Fields
    facility_cells: Callable[[Record], Sequence[Cell]]


def report_sheets(paper: CoveragePaper, about: Iterable[tuple[str, str]], words: Words) -> list[Sheet]:
    """All sheets of a report; about: what stands on the first one, as pairs of heading and text."""
    sheets = [
        _sheet("about", [("item", "text"), ("content", "text")], about, words),
        matrix_sheet(paper.inventory, words),
        kinds_sheet(paper.inventory, words),
        standards_sheet(paper.inventory, words),
        missing_sheet(paper.inventory, words),
        facilities_sheet(paper.facilities, words),
        townships_sheet(paper.reach, words),
        by_kind_sheet(paper.by_kind, words),
        places_sheet(paper.reach, words),
    ]
    return [*sheets, *([proposal_sheet(paper.proposal, words)] if paper.proposal else [])]


def _sheet(title: str, columns: Iterable[tuple[str, str]], rows: Iterable[Sequence[Cell]], words: Words) -> Sheet:
    return Sheet(words.title(title), [Column(name, _heading(name, words), kind) for name, kind in columns], rows)


def _heading(name: str, words: Words) -> str:
    """Of those who are counted its columns tell of the age group, if it is one."""
    return words.counted(name) if name in _OF_PEOPLE else words.heading(name)


def matrix_sheet(inventory: Inventory, words: Words) -> Sheet:
    """A row a township, the district last: how many of each kind count now and after, and what the standards say."""
    columns = [Column("township", words.heading("township")), Column("residents", words.heading("residents"), "number")]
    for kind in inventory.kinds:
        for name, form in ((_now(inventory), "number"), ("after", "number"), ("verdict", "text")):
            columns.append(Column(f"{kind} {name}", f"{words.kind(kind)} · {words.heading(name)}", form))
    columns += [Column(name, words.heading(name), "share") for name in ("below", "below_after")]
    rows = [_matrix_row(inventory, line, words) for line in (*inventory.townships, inventory.district)]
    return Sheet(words.title("inventory"), columns, rows)


def _now(inventory: Inventory) -> str:
    """Of what the numbers are that come first: of what stands, or of what will, where that is asked for."""
    return "planned" if inventory.question.planned else "now"


def _matrix_row(inventory: Inventory, line: Line, words: Words) -> list[Cell]:
    row: list[Cell] = [words.township(line.code), line.residents]
    for kind in inventory.kinds:
        cell = line.cells[kind]
        row += [cell.now.count, cell.after.count, words.verdict(inventory.verdict(line, kind))]
    return [*row, line.below, line.below_after]


def kinds_sheet(inventory: Inventory, words: Words) -> Sheet:
    """A row a township and kind: everything that is measured, and of how many it is not known."""
    columns = [("township", "text"), ("kind", "text"), (_now(inventory), "number"), ("after", "number"),
               *((name, "number") for name in AMOUNTS),
               *((f"{name}_per_10000", "number") for name in ("facilities", *AMOUNTS[:3])),
               ("private", "number"), ("shared", "number"), ("verdict", "text"), ("verdict_after", "text")]  # fmt: skip
    made = [Column(name, words.heading(name), form) for name, form in columns]
    # A sum of what is known is all there is only where nothing is unknown.
    unknown = {name: f"{words.heading(name)} · {words.heading('unknown')}" for name in AMOUNTS}
    made += [Column(f"{name} unknown", heading, "number") for name, heading in unknown.items()]
    rows = (
        [words.township(line.code), words.kind(kind), cell.now.count, cell.after.count,
         *(cell.now.amounts[name].known for name in AMOUNTS), *cell.per_people.values(),
         cell.private, cell.shared, words.verdict(inventory.verdict(line, kind)),
         words.verdict(inventory.verdict(line, kind, later=True)),
         *(cell.now.amounts[name].unknown for name in AMOUNTS)]
        for line in (*inventory.townships, inventory.district)
        for kind, cell in line.cells.items()
    )  # fmt: skip
    return Sheet(words.title("by_kind_and_township"), made, rows)


def standards_sheet(inventory: Inventory, words: Words) -> Sheet:
    """A row a standard and place: what is asked, what is there, and the verdict now and after."""
    columns = [("standard", "text"), ("township", "text"), ("asked", "number"), ("unit", "text"), ("have", "number"),
               ("verdict", "text"), ("have_after", "number"), ("verdict_after", "text"), ("source", "text"),
               ("check", "text")]  # fmt: skip
    return _sheet("standards", columns, _standard_rows(inventory, words), words)


def _standard_rows(inventory: Inventory, words: Words) -> Iterable[list[Cell]]:
    for line in (inventory.district, *inventory.townships):
        for one in dict.fromkeys(one.standard.code for cell in line.cells.values() for one in cell.judged):
            judged = next(found for cell in line.cells.values() for found in cell.judged if found.standard.code == one)
            yield _standard_row(line, judged, words)
        for cell in line.villages:
            yield [
                words.standard(cell.standard), words.township(line.code), cell.villages, words.unit("villages"),
                cell.counts[Verdict.MEETS], None, cell.counts_after[Verdict.MEETS], None, cell.standard.source,
                words.yes(cell.standard.check),
            ]  # fmt: skip


def _standard_row(line: Line, judged: Judged, words: Words) -> list[Cell]:
    standard = judged.standard
    return [words.standard(standard), words.township(line.code), standard.number, words.unit(standard.unit),
            judged.have, words.verdict(judged.now), judged.have_after, words.verdict(judged.after), standard.source,
            words.yes(standard.check)]  # fmt: skip


def missing_sheet(inventory: Inventory, words: Words) -> Sheet:
    """What is missing or falls short, by name; villages without coordinates among them."""
    columns = [("standard", "text"), ("township", "text"), ("village", "text"), ("code", "id"), ("on_the_map", "text"),
               ("verdict", "text"), ("verdict_after", "text")]  # fmt: skip
    rows = (
        [words.standard(one.standard), words.township(one.township or "") if one.township or not one.village else None,
         *_village(one.village, words),
         words.verdict(one.verdict), words.verdict(one.after)]
        for one in inventory.missing
    )  # fmt: skip
    return _sheet("missing", columns, rows, words)


def _village(record: Record | None, words: Words) -> list[Cell]:
    """Its name, its code, and whether it is on the map."""
    if record is None:
        return [None, None, None]
    return [words.name(record), str(record.get("code") or record["id"]), words.yes(bool(record.get("placed")))]


def facilities_sheet(lines: Iterable[FacilityLine], words: Words) -> Sheet:
    """Every facility of these kinds, what proves it, and what nobody has filled in."""
    columns = [Column(*one) for one in words.facility_columns]
    columns += [Column(name, words.heading(name)) for name in ("standing", "counts", *EVIDENCE, "unknown")]
    rows = (
        [*words.facility_cells(line.record), words.standing(line.standing), words.yes(line.counts),
         *(words.yes(line.evidence[name]) if name in line.evidence else None for name in EVIDENCE),
         "; ".join(words.field(name) for name in line.unknown)]
        for line in lines
    )  # fmt: skip
    return Sheet(words.title("facilities"), columns, rows)


_SUMMARY = (
    ("places", "number"), ("residents", "number"), ("unknown_people", "number"), ("near_people", "share"),
    ("near_places", "share"), ("near_area", "share"), ("norm_people", "share"), ("norm_places", "share"),
    ("median_min", "number"), ("mean_min", "number"), ("p90_min", "number"), ("worst_min", "number"),
    ("worst_place", "text"), ("fifth_min", "number"), ("too_far", "number"), ("no_way", "number"),
)  # fmt: skip


def _summary(summary: Summary, answer: Reach) -> list[Cell]:
    worst = answer.demand.names[summary.worst_place] if summary.worst_place >= 0 else None
    return [
        summary.places, _whole(summary.people), summary.unknown_people, summary.near_people, summary.near_places,
        summary.near_area, summary.norm_people, summary.norm_places, _tenth(summary.median_min),
        _tenth(summary.mean_min), _tenth(summary.p90_min), _tenth(summary.worst_min), worst,
        _tenth(summary.fifth_min), summary.too_far, summary.no_way,
    ]  # fmt: skip


def townships_sheet(answer: Reach, words: Words) -> Sheet:
    """How far people go, a row a township, the district last."""
    columns = [("township", "text"), ("character", "text"), *_SUMMARY]
    rows: list[list[Cell]] = [
        [words.township(one.code), words.character(one.character), *_summary(one.summary, answer)]
        for one in answer.townships
    ]
    return _sheet("reach", columns, [*rows, [words.township(""), None, *_summary(answer.district, answer)]], words)


def by_kind_sheet(by_kind: Mapping[str, Reach], words: Words) -> Sheet:
    """The same of the whole district, a row a kind of facility."""
    columns = [("kind", "text"), ("facilities_counted", "number"), *_SUMMARY]
    rows = ([words.kind(kind), len(one.supply), *_summary(one.district, one)] for kind, one in by_kind.items())
    return _sheet("reach_by_kind", columns, rows, words)


def places_sheet(answer: Reach, words: Words) -> Sheet:
    """Every place where people live with its way, the farthest first; then the villages without coordinates."""
    demand = answer.demand
    columns = [("id", "id"), ("name", "text"), ("township", "text"), ("residents", "number"), ("built_up", "text"),
               ("minutes", "number"), ("metres", "number"), ("nearest", "text"), ("state", "text"), ("norm", "text"),
               ("lon", "number"), ("lat", "number")]  # fmt: skip
    rows: list[list[Cell]] = [
        [demand.ids[one.place], one.name, words.township(one.township) if one.township else None, _whole(one.people),
         words.yes(bool(demand.built_up[one.place])), _tenth(one.minutes), _whole(one.metres), _nearest(one, words),
         words.way(one), words.yes(bool(answer.norm[one.place])), float(demand.lon[one.place]),
         float(demand.lat[one.place])]
        for one in far_places(answer)
    ]  # fmt: skip
    rows += [
        [str(one["id"]), words.name(one), words.township(str(one.get("township") or "")),
         one.get(words.group or "population"), None, None, None, None, words.heading("without_place"), None, None, None]
        for one in demand.without_place
    ]  # fmt: skip
    return _sheet("places", columns, rows, words)


def _nearest(one: FarPlace, words: Words) -> str | None:
    """The nearest facility in the reader's language."""
    return (words.name(one.facility) if one.facility else None) or one.nearest


def proposal_sheet(proposal: Proposal, words: Words) -> Sheet:
    """Where the next ones should stand, in the order in which they help most."""
    columns = [("rank", "number"), ("name", "text"), ("township", "text"), ("gain", "number"), ("total", "number"),
               ("newly_near", "number"), ("gaining", "number"), ("lon", "number"), ("lat", "number")]  # fmt: skip
    rows = (
        [one.rank, one.name, words.township(one.township) if one.township else None, _tenth(one.gain),
         _tenth(one.total), _whole(one.newly_near), len(one.gains), one.lon, one.lat]
        for one in proposal.places
    )  # fmt: skip
    return _sheet("proposals", columns, rows, words)


def days_sheets(days: TwoDays, about: Iterable[tuple[str, str]], words: Words) -> list[Sheet]:
    """Two days compared: by township, by kind, and facility by facility."""
    return [
        _sheet("about", [("item", "text"), ("content", "text")], about, words),
        _compared("township", (*days.townships, days.district), words.township, words),
        _compared("kind", days.kinds, words.kind, words),
        _sheet("changes", [("change", "text"), ("id", "id"), ("name", "text"), ("kind", "text"), ("township", "text"),
                           ("what_changed", "text")], _changed(days, words), words),
    ]  # fmt: skip


_PAIRS = (("facilities", "number"), ("below", "share"), ("near_people", "share"), ("near_places", "share"),
          ("median_min", "number"), ("worst_min", "number"))  # fmt: skip


def _compared(by: str, found: Iterable[Compared], name: Callable[[str], str], words: Words) -> Sheet:
    pairs = [one for one in _PAIRS if by != "kind" or one[0] != "below"]
    columns = [Column(by, words.heading(by))]
    for pair, form in pairs:
        for part in ("before", "later", "difference"):
            columns.append(Column(f"{pair} {part}", f"{_heading(pair, words)} · {words.heading(part)}", form))
    rows = ([name(one.code), *(cell for pair, _ in pairs for cell in _pair(getattr(one, pair)))] for one in found)
    return Sheet(words.title(f"days_by_{by}"), columns, rows)


def _pair(pair: Pair | None) -> list[Cell]:
    return [None] * 3 if pair is None else [pair.before, pair.after, pair.difference]


def _changed(days: TwoDays, words: Words) -> Iterable[list[Cell]]:
    for one in days.changes:
        told = [
            f"{words.field(field.name)}: {words.value(field.name, field.before)} → "
            f"{words.value(field.name, field.after)}"
            for field in one.fields
        ]
        told += [f"{words.heading('moved_m')}: {one.moved_m:.0f}"] if one.moved_m else []
        record = one.record
        if record.get("expected_opening") and one.what in (CAME, PLANNED):
            told.append(
                f"{words.field('expected_opening')}: {words.value('expected_opening', record['expected_opening'])}"
            )
        yield [words.change(one.what), str(record["id"]), words.name(record), words.kind(str(record.get("kind"))),
               words.township(str(record.get("township") or "")) if record.get("township") else None,
               "; ".join(told)]  # fmt: skip


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _tenth(value: float | None) -> float | None:
    return None if value is None else round(value, 1)
