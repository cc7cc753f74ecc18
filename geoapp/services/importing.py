"""Bringing files in: a preview of the whole file, and then one commit or nothing."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain
from pathlib import Path

from geoapp.analysis.datum import DATUMS
from geoapp.analysis.headings import BOTH, LAT, LON, SHAPE
from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.services.batch import Batch, Reading
from geoapp.services.browse import district_layer
from geoapp.services.district import District
from geoapp.services.recording import BadRow, Feature, fields_of
from geoapp.services.templates import template_for
from geoapp.storage.ledger import Change
from geoapp.storage.reading.opening import open_source

RowsRead = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Options(Reading):
    """How a file is meant to be read, and whether good rows come in although others are bad.

    encoding: what the file does not say itself.
    """

    encoding: str | None = None
    skip_bad: bool = False


@dataclass(frozen=True, slots=True)
class Preview:
    """What a file would bring.

    headings: all of them, in their order. fields: what each recognised one means. samples: the texts of the first rows,
    by heading. good, added, changed, same, without_place, pictures: how many rows, or pictures in them. rejected: rows
    that are no feature, each with its reason. seq: of the commit that brought it; None if nothing was written.
    """

    format: str
    encoding: str | None
    headings: tuple[str, ...]
    fields: Mapping[str, str]
    unknown: tuple[str, ...]
    samples: tuple[Mapping[str, str], ...]
    remarks: tuple[Sentence, ...]
    good: int
    added: int
    changed: int
    same: int
    without_place: int
    pictures: int
    rejected: tuple[BadRow, ...]
    seq: int | None = field(default=None)


def import_file(district: District, layer: str, file: Path, options: Options, *, by: str, dry_run: bool = False,
                request_key: str | None = None, progress: RowsRead | None = None) -> Preview:  # fmt: skip
    """Read a whole file into a layer: every good row as one commit, or nothing.

    A row whose key is known changes that feature, and nothing if it says what is known already. progress: told how many
    rows were read so far. Raises BadInput for a file that cannot be read, and, unless bad rows are to be skipped or it
    is a dry run, if any row is bad; then nothing was written. Raises Conflict if somebody changed a feature meanwhile.
    """
    _require(district, layer, options)
    with open_source(file, encoding=options.encoding) as source:
        batch = Batch(district, layer, source, options, writes=not dry_run)
        changes = _unless_bad(batch, batch.changes(progress or _nobody), options, allowed=dry_run)
        first = next(changes, None)
        if dry_run or first is None:
            for _ in changes:
                pass
            return _preview(batch)
        commit = district.store.append(
            chain([first], changes), actor=by, action=f"import {file.name}", request_key=request_key
        )
        return _preview(batch, commit.seq)


def as_its_office(district: District, layer: str, file: Path, options: Options) -> tuple[Options, str | None]:
    """The options that a kept template has for a table with these headings, and the name of its office.

    Where somebody has said how columns are to be read, that stands.
    """
    if options.mapping or options.fixed or options.datum != Options().datum:
        return options, None
    with open_source(file, encoding=options.encoding) as source:
        found = template_for(district, layer, source.fields)
    if found is None:
        return options, None
    mapping = dict(zip(found.headings, found.fields, strict=True))
    return replace(options, mapping=mapping, fixed=found.fixed, datum=found.datum), found.zh


def read_features(
    district: District, layer: str, file: Path, options: Options
) -> tuple[list[Feature], tuple[BadRow, ...]]:
    """The features of a file as they stand, with the reasons for the rows that are none; nothing is written."""
    _require(district, layer, options)
    with open_source(file, encoding=options.encoding) as source:
        batch = Batch(district, layer, source, options, writes=False)
        return list(batch.features(_nobody)), tuple(batch.rejected)


def _unless_bad(batch: Batch, changes: Iterator[Change], options: Options, *, allowed: bool) -> Iterator[Change]:
    """The same changes; at their end raises BadInput if there were bad rows and nobody said to leave them out."""
    yield from changes
    if batch.rejected and not options.skip_bad and not allowed:
        raise BadInput(
            "{bad} of {all} rows are bad, the first one: {reason} Nothing was imported.",
            bad=len(batch.rejected),
            all=len(batch.rejected) + batch.counts["good"],
            reason=batch.rejected[0].told,
        )


def _preview(batch: Batch, seq: int | None = None) -> Preview:
    return Preview(
        format=batch.source.format,
        encoding=batch.source.encoding,
        headings=batch.source.fields,
        fields=batch.fields,
        unknown=batch.unknown,
        samples=tuple(batch.samples),
        remarks=tuple(batch.remarks),
        rejected=tuple(batch.rejected),
        seq=seq,
        **batch.counts,
    )


def _nobody(_rows: int) -> None:
    """Where nobody wants to know how far it is."""


def _require(district: District, layer: str, options: Options) -> None:
    district_layer(layer)
    if options.datum not in DATUMS:
        raise BadInput("{value!r} is not one of {known}.", value=options.datum, known=", ".join(DATUMS))
    known = fields_of(layer)
    for name in (*options.key, *options.fixed, *options.mapping.values()):
        if name and name not in known and name not in (LON, LAT, BOTH, SHAPE, "id"):
            raise BadInput("{layer} have no field {name!r}; there are {known}.",
                           layer=layer, name=name, known=", ".join(known))  # fmt: skip
