"""Standards along streets as files: lines for a map, a workbook, and an account for the command line."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

import orjson
import shapely

from geoapp.analysis.street_chains import Measured
from geoapp.config import Config
from geoapp.documents.sheet import Cell, Column, Sheet
from geoapp.domain.selection import Scope
from geoapp.services.coverage.along_lines import LineReport, Stretch, line_standard
from geoapp.services.coverage.line_standards import line_standard_of, line_standards
from geoapp.services.district import at_this_moment, open_district
from geoapp.services.keeping import require_instance
from geoapp.services.sheets import book_xlsx

Feature = dict[str, Any]
# Title, columns (name, heading, kind) and rows of a sheet.
Table = tuple[str, Sequence[tuple[str, str, str]], Iterable[Sequence[Cell]]]


def lines_geojson(report: LineReport, townships: Sequence[str] = (), head: dict[str, Any] | None = None) -> bytes:
    """What fails, what keeps the standard, and where what is wanted stands, as a FeatureCollection in degrees.

    Each feature has a `class`: failing, kept, unknown (LineStrings; of failing ones the middle lies in these townships,
    where some are given; unknown is what is too far from the roads to tell, and all where nothing is known to hold the
    standard against) or wanted (Points).
    head: more members of the collection.
    """
    chosen = [one for one in report.stretches if not townships or one.township in townships]
    features = [*_drawn(report, chosen, "failing"), *_drawn(report, report.unknown, "unknown"), *_rest(report),
                *_wanted(report)]  # fmt: skip
    return orjson.dumps({"type": "FeatureCollection", **(head or {}), "features": features}) + b"\n"


def lines_xlsx(tables: Iterable[Table], *, notes: Sequence[str], notes_title: str) -> IO[bytes]:
    """Tables as one workbook, in a file that vanishes when it is closed; the notes stand beside the first."""
    sheets = [
        Sheet(title, [Column(*one) for one in columns], rows, notes=() if number else notes, notes_title=notes_title)
        for number, (title, columns, rows) in enumerate(tables)
    ]
    return book_xlsx(sheets)


def lines_of_instance(config: Config, code: str | None = None) -> dict[str, Any]:
    """How the streets of an instance keep its standards along lines, or the one of a code, as plain values.

    Lengths in metres; a share is None where nothing is known to hold a standard against. Raises NoInstance, NotFound.
    """
    require_instance(config)
    district = open_district(config)
    try:
        now = at_this_moment(district)
        wanted = [line_standard_of(now, code)] if code else [*line_standards(now).values()]
        reports = [_account(line_standard(now, one, Scope.FULL)) for one in wanted]
    finally:
        district.close()
    return {
        "standards": reports,
        "sentence": "\n".join(map(_sentence, reports)) or "There is no standard along streets.",
    }


def _account(report: LineReport) -> dict[str, Any]:
    standard = report.standard
    return {
        "standard": standard.code,
        "rule": standard.in_words()[1],
        "answered": report.answered,
        "by_line": report.by_line,
        "length_m": round(report.whole.length_m, 1),
        "failing_m": _rounded(report.whole.failing_m),
        "unknown_m": round(report.whole.unknown_m, 1),
        "kept": report.whole.kept,
        "streets": [
            {"street": one.name, "length_m": round(one.whole.length_m, 1), "failing_m": _rounded(one.whole.failing_m),
             "worst_m": _rounded(one.worst_m)} for one in report.streets
        ],
        "stretches": [_described(report, one) | {"lon": round(one.lon, 7), "lat": round(one.lat, 7)}
                      for one in report.stretches],
        "notes": [str(note) for note in report.notes],
    }  # fmt: skip


def _sentence(account: dict[str, Any]) -> str:
    if not account["answered"]:
        return f"{account['standard']}: {' '.join(account['notes'])}"
    km, failing_km = account["length_m"] / 1_000, account["failing_m"] / 1_000
    told = (f"{account['standard']}: {account['rule']}: {failing_km:.2f} of {km:.2f} km fail, "
            f"in {len(account['stretches'])} stretches.")  # fmt: skip
    return " ".join((told, *account["notes"]))


def _rounded(metres: float | None) -> float | None:
    return None if metres is None else round(metres, 1)


def _described(report: LineReport, one: Stretch) -> dict[str, Any]:
    street = report.streets[one.street]
    return {
        "id": one.id, "street": street.name, "street_en": street.name_en, "kind": street.kind,
        "township": one.township, "from_m": round(one.from_m, 1), "to_m": round(one.to_m, 1),
        "length_m": round(one.length_m, 1), "worst_m": _rounded(one.worst_m),
    }  # fmt: skip


def _drawn(report: LineReport, stretches: Iterable[Stretch], kind: str) -> Iterator[Feature]:
    for one in stretches:
        described = _described(report, one)
        yield _feature(described.pop("id"), one.line, {"class": kind, **described})


def _rest(report: LineReport) -> Iterator[Feature]:
    """The streets between these; whole ones where nothing is known to hold the standard against."""
    drawn = defaultdict[tuple[int, int], list[Stretch]](list)
    for one in sorted((*report.stretches, *report.unknown), key=lambda one: one.from_m):
        drawn[one.street, one.part].append(one)
    for number, street in enumerate(report.streets):
        named = {"class": "kept" if report.answered else "unknown", "street": street.name, "street_en": street.name_en,
                 "kind": street.kind}  # fmt: skip
        for part, line in enumerate(street.parts):
            measured = Measured(line)
            for from_m, to_m in _between(drawn[number, part], measured.length_m):
                lengths = {"from_m": round(from_m, 1), "to_m": round(to_m, 1), "length_m": round(to_m - from_m, 1)}
                yield _feature(f"{number}-{part}-{from_m:.0f}", measured.part(from_m, to_m), {**named, **lengths})


def _between(stretches: Sequence[Stretch], length_m: float) -> Iterator[tuple[float, float]]:
    """From where to where a line is not failing; the last stretch of a ring may go on from its beginning."""
    at_m = max(0.0, *(one.to_m - length_m for one in stretches), 0.0)
    for one in stretches:
        if one.from_m > at_m:
            yield at_m, one.from_m
        at_m = one.to_m
    if at_m < length_m:
        yield at_m, length_m


def _wanted(report: LineReport) -> Iterator[Feature]:
    found = zip(report.wanted.lon.tolist(), report.wanted.lat.tolist(), report.wanted.names, strict=True)
    for number, (lon, lat, name) in enumerate(found):
        yield _feature(f"wanted-{number}", shapely.Point(lon, lat), {"class": "wanted", "name": name})


def _feature(id: str, shape: Any, properties: dict[str, Any]) -> Feature:
    rounded = shapely.transform(shape, lambda places: places.round(7))
    known = {name: value for name, value in properties.items() if value is not None}
    return {"type": "Feature", "id": id, "geometry": shapely.geometry.mapping(rounded), "properties": known}
