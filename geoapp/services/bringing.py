"""The same import for the terminal: a file into an instance, with an account of every row that did not make it."""

import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import msgspec

from geoapp.config import Config
from geoapp.documents.sheet import Column, Sheet
from geoapp.documents.spreadsheet import csv_bytes, write_xlsx
from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.services.boundaries import Reassignment, change_boundaries
from geoapp.services.district import District, at_this_moment, open_district
from geoapp.services.extracting import own_tables
from geoapp.services.founding import found
from geoapp.services.importing import Options, Preview, as_its_office, import_file, read_features
from geoapp.services.keeping import require_instance
from geoapp.services.recording import BadRow
from geoapp.services.routes.results import BroughtResults, import_results
from geoapp.storage.reading.opening import open_source
from geoapp.storage.reading.results import holds_results
from geoapp.storage.reading.source import Row, Source

SHOWN = 20
REASON = "reason"


def import_into_instance(config: Config, layer: str, file: Path, options: Options, *, dry_run: bool,
                         rejects: Path | None) -> dict[str, Any]:  # fmt: skip
    """Bring a file into an instance, townships by assigning every point anew; what a machine and a person are told.

    rejects: where bad rows are written, as CSV or XLSX with a column of reasons. Raises NoInstance, BadInput, Conflict.
    """
    require_instance(config)
    district = open_district(config)
    try:
        now = at_this_moment(district)
        if holds_results(file):
            return _results(now, layer, file, options, dry_run)
        if layer == "townships":
            return _boundaries(now, file, options, dry_run)
        options, office = as_its_office(now, layer, file, options)
        preview = import_file(now, layer, file, options, by="terminal", dry_run=True)
        if rejects is not None and preview.rejected:
            write_rejects(file, options, preview.rejected, rejects)
        if not dry_run:
            preview = import_file(now, layer, file, options, by="terminal")
        return _told(layer, preview, dry_run, office)
    finally:
        district.close()


def init_boundaries(config: Config, file: Path, options: Options, *, name: str, timezone: str) -> dict[str, Any]:
    """Found a district that has nothing but its townships, from a file; raises BadInput, InstanceExists."""
    tables = own_tables({"name": name, "name_en": name, "timezone": timezone})
    with tempfile.TemporaryDirectory() as folder:
        # The file is read against an empty district, so that nothing is founded on a file that cannot be read.
        empty = found(Path(folder) / "empty", {}, tables)
        try:
            features, rejected = read_features(at_this_moment(empty), "townships", file, options)
        finally:
            empty.close()
    if rejected or not features:
        reason = rejected[0].told if rejected else Sentence("there is none.")
        raise BadInput("{bad} townships are bad, the first one: {reason} Nothing was changed.",
                       bad=len(rejected), reason=reason)  # fmt: skip
    found(config.instance, {"townships": features}, tables, config=config).close()
    sentence = f"{name} stands in {config.instance} with {len(features)} townships."
    return {"district": name, "townships": len(features), "sentence": sentence}


def write_rejects(file: Path, options: Options, rejected: Sequence[BadRow], target: Path,
                  tell: Callable[[Sentence], str] = str) -> None:  # fmt: skip
    """The bad rows as they stood, with the reason of each in a last column; by the target's name CSV, XLSX or GeoJSON.

    tell: how a reason is said; as it stands it is English.
    """
    reasons = {bad.row: tell(bad.reason) for bad in rejected}
    with open_source(file, encoding=options.encoding) as source, target.open("wb") as out:
        if target.suffix == ".geojson":
            out.writelines(_as_collection(source, reasons))
            return
        columns = [*(Column(name, name) for name in source.fields), Column(REASON, REASON)]
        sheet = Sheet("rejected", columns, _bad_rows(source.rows(), source.fields, reasons))
        write_xlsx(sheet, out) if target.suffix == ".xlsx" else out.writelines(csv_bytes(sheet))


def ending_of_rejects(format: str) -> str:
    """In which format the bad rows of a file are given back: its own, or the nearest that can name a reason."""
    return {"CSV": ".csv", "XLSX": ".xlsx", "XLS": ".xlsx"}.get(format, ".geojson")


def _bad_rows(rows: Iterator[Row], names: Sequence[str], reasons: dict[int, str]) -> Iterator[list[Any]]:
    for row in rows:
        if row.number in reasons:
            yield [*(_cell(row.values.get(name)) for name in names), reasons[row.number]]


def _as_collection(source: Source, reasons: dict[int, str]) -> Iterator[bytes]:
    """Features in the coordinate system of their file, which is named where it is not that of GeoJSON."""
    crs = {} if source.crs in (None, "EPSG:4326") else {"crs": {"type": "name", "properties": {"name": source.crs}}}
    yield msgspec.json.encode({"type": "FeatureCollection", **crs})[:-1] + b',"features":['
    between = b"\n"
    for row in source.rows():
        if row.number in reasons:
            values = {name: _cell(value) for name, value in row.values.items()} | {REASON: reasons[row.number]}
            yield between + msgspec.json.encode({"type": "Feature", "geometry": row.geometry, "properties": values})
            between = b",\n"
    yield b"\n]}\n"


def _cell(value: Any) -> Any:
    return value if value is None or isinstance(value, str | int | float) else str(value)


def _results(district: District, layer: str, file: Path, options: Options, dry_run: bool) -> dict[str, Any]:
    """What a team has recorded on its day; it knows by itself what its columns mean."""
    require_visits(layer, file)
    done = import_results(district, file, by="terminal", fixed=options.fixed, skip_bad=options.skip_bad,
                          dry_run=dry_run)  # fmt: skip
    facts = asdict(done) | {"date": done.date.isoformat(), "faults": list(map(str, done.faults))}
    return facts | {"sequence": facts.pop("seq"), "sentence": _told_results(done, dry_run)}


def require_visits(layer: str, file: Path) -> None:
    """Raise BadInput where a result file of inspections is brought as something else than visits."""
    if layer != "visits":
        raise BadInput("{file} holds what a team has recorded on its day: bring it into visits.", file=file.name)


def _told_results(done: BroughtResults, dry_run: bool) -> str:
    would = "would be " if dry_run else ""
    said = [
        f"Team {done.team} on {done.date} of plan {done.plan_name}: {done.visits:,} visits {would}new, "
        f"{done.problems:,} problems {would}new with {done.photos:,} photos; {done.changed:,} visits of which more was "
        "recorded since; "
        f"{done.skipped:,} records were known already.",
        f"Round: {done.round}." if done.round else "Their round is not known: say it with --set round_id=CODE.",
    ]
    if done.unfinished:
        said.append(f"{done.unfinished:,} visits are not finished: only the arrival was recorded.")
    if done.faults:
        said += [f"{len(done.faults):,} bad records:", *(f"  {fault}" for fault in done.faults[:SHOWN])]
    return "\n".join(said)


def _boundaries(district: District, file: Path, options: Options, dry_run: bool) -> dict[str, Any]:
    features, rejected = read_features(district, "townships", file, options)
    if rejected:
        raise BadInput("{bad} townships are bad, the first one: {reason} Nothing was changed.",
                       bad=len(rejected), reason=rejected[0].told)  # fmt: skip
    schematic = any(one["properties"].get("schematic") for one in features)
    done = change_boundaries(district, features, by="terminal", action=f"import {file.name}", schematic=schematic,
                             dry_run=dry_run)  # fmt: skip
    return _told_boundaries(done, dry_run)


def _told_boundaries(done: Reassignment, dry_run: bool) -> dict[str, Any]:
    moves = [{"layer": layer, "from": was, "to": to, "points": n} for (layer, was, to), n in done.moves.items()]
    points = sum(done.moves.values())
    said = [f"{len(done.added)} townships come, {len(done.removed)} go, {len(done.changed)} change;"]
    said += [f"{points:,} points {'would move' if dry_run else 'moved'} to another one."]
    said += [f"\n  {move['layer']}: {move['points']} from {move['from']} to {move['to']}" for move in moves[:SHOWN]]
    return {"added": done.added, "removed": done.removed, "changed": done.changed, "moves": moves,
            "mismatches": dict(done.mismatches), "sequence": done.seq, "sentence": " ".join(said)}  # fmt: skip


def _told(layer: str, preview: Preview, dry_run: bool, office: str | None) -> dict[str, Any]:
    would = "would be " if dry_run else ""
    said = [
        f"{preview.good:,} good rows of {layer} ({preview.format}): {preview.added:,} {would}new, {preview.changed:,} "
        f"{would}changed, {preview.same:,} as they were; {preview.without_place:,} without a place.",
        "Understood: " + ", ".join(f"{heading} = {name}" for heading, name in preview.fields.items()) + ".",
    ]
    if office:
        said.append(f"Its columns are those of the template {office}.")
    if preview.unknown:
        said.append("Not understood: " + ", ".join(preview.unknown) + ".")
    said += [*map(str, preview.remarks), *_reasons(preview.rejected)]
    facts = {
        name: getattr(preview, name) for name in Preview.__dataclass_fields__ if name not in ("rejected", "samples")
    }
    rejected = [{"row": one.row, "heading": one.heading, "reason": str(one.told)} for one in preview.rejected]
    return facts | {"fields": dict(preview.fields), "remarks": list(map(str, preview.remarks)), "rejected": rejected,
                    "sentence": "\n".join(said)}  # fmt: skip


def _reasons(rejected: Sequence[BadRow]) -> list[str]:
    if not rejected:
        return []
    more = [f"  and {len(rejected) - SHOWN:,} more"] if len(rejected) > SHOWN else []
    return [f"{len(rejected):,} bad rows:", *(f"  {one.told}" for one in rejected[:SHOWN]), *more]
