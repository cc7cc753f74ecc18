"""What every township has and lacks, held against the standards: the view of the inventory."""

from collections.abc import Sequence
from typing import Any

from flask import g, request

from geoapp import services
from geoapp.domain.coverage import CoverageQuestion
from geoapp.domain.errors import BadInput
from geoapp.domain.selection import Scope
from geoapp.domain.standards import Verdict
from geoapp.services.browse import table_rows
from geoapp.services.coverage.inventory import inventory
from geoapp.services.coverage.inventory_records import Cell, Inventory, Line, Missing, TownshipsCell, VillagesCell
from geoapp.services.coverage.kinds import kind_names
from geoapp.web import coverage_inventory_words as words
from geoapp.web.coverage_words import share
from geoapp.web.errors import told
from geoapp.web.language import current

PARAMETERS = ("show",)
SORTS = ("", "below")
Shown = dict[str, Any]


def account(question: CoverageQuestion) -> Shown:
    """What the template of the view needs; raises BadInput for a way to look at it that is none."""
    show, sort = _one_of("show", "count", tuple(words.SHOWN)), _one_of("sort", "", SORTS)
    found = inventory(g.district, question)
    lines = found.furthest_below() if sort == "below" else found.townships
    kinds = kind_names(g.district, current())
    levels = table_rows(g.district, "facility_kinds")
    return {
        "show": show,
        "shown": words.SHOWN,
        "sort": sort,
        "inventory": found,
        "kinds": [(code, kinds.get(code, code), _levels(levels.get(code, {}))) for code in found.kinds],
        "lines": [_line(found, line, show) for line in (found.district, *lines)],
        "standards": [_standard(found, one.code) for one in found.standards],
        "legend": [words.verdict(one) for one in (*reversed(Verdict), None)],
        "missing": _missing(found),
        "unknown": [
            (record, words.name(record), [words.FACTS[field] for field in fields]) for record, fields in found.unknown
        ],
        "apart": _apart(found),
        "proposed": words.is_proposed(),
        "notes": [told(note) for note in found.notes],
        "may_prove": g.scope is Scope.FULL,
        "inventory_words": words,
    }


def _one_of(name: str, usual: str, known: tuple[str, ...]) -> str:
    text = request.args.get(name) or usual
    if text not in known:
        raise BadInput("{name}={value!r} is not one of {known}.", name=name, value=text,
                       known=", ".join(filter(None, known)))  # fmt: skip
    return text


def _levels(row: Shown) -> list[Any]:
    return [words.LEVELS[level] for level in str(row.get("level") or "").split("/") if level in words.LEVELS]


def _line(found: Inventory, line: Line, show: str) -> Shown:
    of_places: list[VillagesCell | TownshipsCell] = [*line.villages]
    if not line.code:
        of_places += found.of_townships
    return {
        "code": line.code,
        "name": words.name(line.record) if line.code else None,
        "residents": line.residents,
        "below": None if line.below is None else share(line.below),
        "below_after": None if line.below_after in (None, line.below) else share(line.below_after),
        "cells": [
            _cell(cell, show, named=bool(found.question.kind))
            | _verdicts(found.verdict(line, kind), found.verdict(line, kind, later=True))
            | _of_places([one for one in of_places if kind in one.standard.kinds])
            for kind, cell in line.cells.items()
        ],
    }


def _cell(cell: Cell, show: str, *, named: bool) -> Shown:
    """named: whether its kind was asked for by name, so that none of it is an answer, too."""
    now, after = (_measured(cell, show, later) for later in (False, True))
    return {
        "now": now,
        "after": after if after != now else None,
        "href": words.rows_address(cell.rows),
        "href_after": words.rows_address(cell.rows_after),
        "private": cell.private,
        "href_private": words.rows_address(cell.rows_private),
        "shared": cell.shared,
        "judged": [_judged(one) for one in cell.judged],
        "empty": not (named or cell.after.count or cell.private or cell.verdict),
    }


def _verdicts(now: Verdict | None, after: Verdict | None) -> Shown:
    return {"verdict": words.verdict(now), "later": words.verdict(after) if after != now else None}


def _measured(cell: Cell, show: str, later: bool) -> str:
    """What stands in a cell: a number, and behind a plus how many nobody knows it of."""
    totals = cell.after if later else cell.now
    if show == "count":
        return words.number(totals.count)
    if show.endswith("_per_10000"):
        # The share of the residents is told of what stands; what is to come changes the number beside it.
        return words.number(cell.per_people[show.removesuffix("_per_10000")])
    amount = totals.amounts[show]
    if show == "hours_per_week" and totals.count > 1 and amount.best is not None:
        return f"{words.number(amount.best)} / {words.number(amount.known)}" + ("+?" if amount.unknown else "")
    return words.number(amount.known) + ("+?" if amount.unknown and amount.known is not None else "")


def _judged(one: Any) -> Shown:
    return {
        "code": one.standard.code,
        "name": words.standard(one.standard),
        "asked": words.asked(one.standard),
        "verdict": words.verdict(one.now),
        "after": words.verdict(one.after) if one.after is not one.now else None,
        "have": words.number(one.have),
    }


def _of_places(asked: Sequence[VillagesCell | TownshipsCell]) -> Shown:
    """Of standards that are asked of every village, or of every township: how many of them meet the first one."""
    if not asked:
        return {}
    cell = asked[0]
    of = cell.villages if isinstance(cell, VillagesCell) else cell.townships
    return {
        "places": {
            "meets": cell.counts[Verdict.MEETS],
            "after": cell.counts_after[Verdict.MEETS],
            "of": of,
            "href": words.rows_address(cell.rows[Verdict.MEETS] if cell.rows else None),
            "villages": isinstance(cell, VillagesCell),
            "missing": cell.counts[Verdict.MISSING],
            "href_missing": words.rows_address(cell.rows[Verdict.MISSING] if cell.rows else None),
        },
        "empty": False,
    }


def _standard(found: Inventory, code: str) -> Shown:
    row = next(one for one in found.standards if one.code == code)
    cells: dict[str, TownshipsCell | VillagesCell] = {one.standard.code: one for one in found.of_townships}
    cells |= {one.standard.code: one for one in found.district.villages}
    whole = {one.standard.code: one for cell in found.district.cells.values() for one in cell.judged}
    cell = cells.get(code)
    return {
        "row": row,
        "name": words.standard(row),
        "asked": words.asked(row),
        "kinds": words.kinds(row.kinds),
        "level": words.LEVELS[row.level],
        "counts": [] if cell is None else [
            (words.verdict(one), cell.counts[one], words.rows_address(cell.rows[one] if cell.rows else None))
            for one in reversed(Verdict) if cell.counts[one]
        ],
        "judged": _judged(whole[code]) if code in whole else None,
    }  # fmt: skip


def _missing(found: Inventory) -> list[Shown]:
    """What is missing by name: the district, then the townships in the order of their lines."""
    names = services.wording(g.district, "townships", current())
    groups: dict[str | None, list[Missing]] = {}
    for one in found.missing:
        groups.setdefault(one.township, []).append(one)
    return [
        {
            "code": code,
            "name": names.get(code or "", code),
            "count": len(groups[code]),
            "own": [(words.standard(one.standard), words.verdict(one.verdict), words.verdict(one.after))
                    for one in groups[code] if one.village is None],
            "villages": _villages(groups[code]),
        }
        for code in sorted(groups, key=lambda code: (code is not None, code or ""))
    ]  # fmt: skip


def _villages(missing: list[Missing]) -> list[tuple[str, list[Shown]]]:
    by_standard: dict[str, list[Shown]] = {}
    for one in missing:
        if one.village is not None:
            there = {"id": one.village["id"], "name": words.name(one.village), "placed": one.village["placed"]}
            by_standard.setdefault(words.standard(one.standard), []).append(there)
    return list(by_standard.items())


def _apart(found: Inventory) -> list[Shown]:
    """Lists of what is not counted as others are."""
    lists = (("elsewhere", found.elsewhere), ("shared", found.shared), ("private", found.private),
             ("unjoined", found.unjoined))  # fmt: skip
    return [
        {"name": name, "records": [(record["id"], words.name(record)) for record in records]}
        for name, records in lists
        if records
    ]
