"""Results of a team's day into the ledger: every record once, however often its file comes."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import msgspec

from geoapp.analysis.values import Unreadable, moment
from geoapp.documents.photo import document_photo
from geoapp.domain.errors import BadInput, NotFound
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.results import DayResults, RecordedProblem, RecordedVisit
from geoapp.domain.selection import Selection
from geoapp.domain.sentences import Sentence
from geoapp.services.assigning import Surroundings, assigned
from geoapp.services.browse import table_rows
from geoapp.services.district import District
from geoapp.services.recording import Feature
from geoapp.services.routes.keeping_plans import COLLECTION, kept_plan
from geoapp.services.routes.result_features import (
    FeatureMaker,
    decoded,
    problem_id,
    round_of,
    visit_id,
)
from geoapp.services.routes.result_records import SoundRecords, day_results, require_of_plan, sound_records
from geoapp.storage.ledger import Change
from geoapp.storage.patch import merge_patch, patch_between
from geoapp.storage.reading.results import ResultArchive, read_results

# What may be said for all records of a file.
FIXED = ("round_id", "visited_at")


@dataclass(frozen=True, slots=True)
class BroughtResults:
    """What a result file brings, or has brought.

    round: None where nobody has said yet which one it is. visits, problems: new ones; photos: of the new problems.
    changed: visits known before of which more was recorded since. skipped: visits and problems that were known already.
    unfinished: visits of which only the arrival is known. faults: why some records cannot be kept. seq: of the commit,
    None if nothing was written.
    """

    plan: str
    plan_name: str
    team: str
    date: date
    round: str | None
    visits: int = 0
    problems: int = 0
    photos: int = 0
    changed: int = 0
    skipped: int = 0
    unfinished: int = 0
    faults: tuple[Sentence, ...] = ()
    seq: int | None = None


def import_results(
    district: District, file: Path, *, by: str, fixed: Mapping[str, str] | None = None, skip_bad: bool = False,
    dry_run: bool = False,
) -> BroughtResults:  # fmt: skip
    """Bring what a team has recorded: visits and problems as one commit, or nothing; what is known already is skipped.

    fixed: round_id, where neither plan nor date tell the round; visited_at, where a phone's clock was wrong. Raises
    BadInput for a file that is no result of a plan of this district, for an unknown round, and, unless they are to be
    skipped or it is a dry run, for any record that cannot be kept; Conflict if somebody changed a visit meanwhile.
    """
    archive = read_results(file)
    day = day_results(archive.records)
    kept = _plan(district, day)
    said = _require_fixed(fixed or {})
    round_id = _round(district, kept, day, said.get("round_id"))
    records = sound_records(day, kept, district.clock(), visited_at=_time(district, said.get("visited_at")))
    make = FeatureMaker(district, kept, day, round_id or "")
    looked = _Bringing(district, archive, make, writes=False)
    changes = list(looked.changes(records))
    brought = BroughtResults(kept.id, kept.name, day.team, day.date, round_id, **looked.counts,
                             unfinished=records.unfinished, faults=records.faults + tuple(looked.faults))  # fmt: skip
    if dry_run:
        return brought
    if brought.faults and not skip_bad:
        raise BadInput("{bad} records are bad, the first one: {reason} Nothing was imported.", bad=len(brought.faults),
                       reason=brought.faults[0])  # fmt: skip
    if round_id is None:
        raise _no_round(district)
    if not changes:
        return brought
    # Only now that nothing stands against it photos are kept.
    changes = list(_Bringing(district, archive, make, writes=True).changes(records))
    commit = district.store.append(changes, actor=by, action=f"import visits of {kept.name}", request_key=_key(changes))
    return replace(brought, seq=commit.seq)


@dataclass
class _Bringing:
    """Records on their way into the ledger, and an account of them. writes: whether photos are kept."""

    district: District
    archive: ResultArchive
    make: FeatureMaker
    writes: bool
    counts: dict[str, int] = field(
        default_factory=lambda: dict.fromkeys(("visits", "problems", "photos", "changed", "skipped"), 0)
    )
    faults: list[Sentence] = field(default_factory=list)

    def changes(self, records: SoundRecords) -> Iterator[Change]:
        """What is new: whole features with their townships and streets, and patches of visits that grew."""
        born: dict[str, list[Feature]] = {"visits": [], "problems": []}
        for visit in records.visits:
            fresh = [one for one in visit.problems if not self._is_known("problems", problem_id(one))]
            self.counts["skipped"] += len(visit.problems) - len(fresh)
            born["problems"] += [self.make.problem(visit, one, self._photos(visit, one)) for one in fresh]
            if not self._is_known("visits", visit_id(visit)):
                born["visits"].append(self.make.visit(visit))
            else:
                yield from self._grown(visit, len(fresh))
        around = self._surroundings()
        seen = self.district.present.seq
        for layer, features in born.items():
            self.counts[layer] += len(features)
            for feature in assigned(layer, features, around):
                # Whoever brings the same records at the same time is refused: one of the two has them.
                yield Change(layer, feature["id"], msgspec.json.encode(feature), seen)

    def _is_known(self, layer: str, id: str) -> bool:
        """Whether a feature is there, or was: what somebody took away does not come back with the same file."""
        if self.district.present.snapshot(layer).row(id) is not None:
            return True
        return bool(self.district.store.history(layer, id))

    def _grown(self, visit: RecordedVisit, more: int) -> Iterator[Change]:
        """The patch of a known visit, if this file knows more of it."""
        before = decoded(self.district, "visits", visit_id(visit))
        if before is None:
            self.counts["skipped"] += 1
            return
        properties = dict(before["properties"])
        findings = int(properties.get("findings") or 0) + more
        if visit.changed_at > _recorded_at(properties):
            properties |= self.make.said_of(visit) | {"outcome": visit.outcome}
        properties |= {"findings": findings} | ({"outcome": "findings"} if findings else {})
        after = {**before, "properties": {name: value for name, value in properties.items() if value not in (None, [])}}
        if after == before:
            self.counts["skipped"] += 1
            return
        self.counts["changed"] += 1
        patch = msgspec.json.encode(patch_between(before, after))
        yield Change("visits", before["id"], patch, self.district.present.seq)

    def _photos(self, visit: RecordedVisit, problem: RecordedProblem) -> list[str]:
        """The names under which a problem's photos are kept, each durable before the commit that names it."""
        put = self.district.store.photos.put if self.writes else _sha256
        kept = []
        for name in problem.photos:
            try:
                kept.append(put(self._photo(name)))
            except BadInput as error:
                reason = Sentence(error.sentence, **error.values)
                self.faults.append(Sentence("{stop}: {reason}", stop=visit.stop[:60], reason=reason))
        self.counts["photos"] += len(kept)
        return list(dict.fromkeys(kept))

    def _photo(self, name: str) -> bytes:
        """A picture drawn anew, so that nothing else that its file may hold is kept; raises BadInput for none."""
        read = self.archive.photos.get(name)
        if read is None:
            raise BadInput("{name!r} is not in the file.", name=name[:60])
        drawn = document_photo(read())
        if drawn is None:
            raise BadInput("{name} is no picture that can be read.", name=name)
        return drawn[0]

    def _surroundings(self) -> Surroundings:
        townships, streets = (
            [msgspec.json.decode(text) for _, text in self.district.memory.items(layer)]
            for layer in ("townships", "streets")
        )
        return Surroundings.of(townships, streets, schematic=self.district.describe().schematic)


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _plan(district: District, day: DayResults) -> KeptPlan:
    """The plan of these results, also one that was deleted while its teams were out."""
    try:
        kept = kept_plan(district, day.plan)
    except NotFound as error:
        found = _as_it_was(district, day.plan)
        if found is None:
            raise BadInput("These results are of a plan that this district does not have ({id!r}).",
                           id=day.plan[:40]) from error  # fmt: skip
        kept = found
    require_of_plan(day, kept)
    return kept


def _as_it_was(district: District, plan: str) -> KeptPlan | None:
    """A plan as it was before it was deleted; None where there never was one."""
    value: Any = None
    for _, patch in district.store.history(COLLECTION, plan):
        value = value if patch is None else merge_patch(value, msgspec.json.decode(patch))
    return msgspec.convert(value, KeptPlan) if value else None


def _require_fixed(fixed: Mapping[str, str]) -> Mapping[str, str]:
    strange = next((name for name in fixed if name not in FIXED), None)
    if strange is not None:
        raise BadInput("For all records of a result file only {known} can be said, not {name!r}.",
                       known=", ".join(FIXED), name=strange)  # fmt: skip
    return fixed


def _time(district: District, text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return moment(text, district.zone, year=district.clock().year)
    except Unreadable as error:
        raise BadInput("{value!r} is no time such as 2026-05-04 10:00.", value=text[:40]) from error


def _round(district: District, kept: KeptPlan, day: DayResults, said: str | None) -> str | None:
    """The round that somebody says; else that of the plan's selection; else the only one that has this day."""
    if said is not None:
        if not round_of(district, said):
            raise BadInput("There is no round {value!r}; there are {known}.", value=said[:40],
                           known=", ".join(table_rows(district, "rounds")))  # fmt: skip
        return said
    chosen = _selected_rounds(kept)
    if len(chosen) == 1 and round_of(district, chosen[0]):
        return chosen[0]
    text = day.date.isoformat()
    having = [code for code, row in table_rows(district, "rounds").items()
              if (row.get("first_day") or "9") <= text <= (row.get("last_day") or "0")]  # fmt: skip
    return having[0] if len(having) == 1 else None


def _selected_rounds(kept: KeptPlan) -> tuple[str, ...]:
    try:
        return Selection.parse(parse_qs(kept.selection)).round
    except BadInput:
        return ()  # what was kept may be older than the parameters of today


def _no_round(district: District) -> BadInput:
    return BadInput("Neither the plan nor its date tell which round these visits belong to: say it with "
                    "--set round_id=CODE (there are {known}).",
                    known=", ".join(table_rows(district, "rounds")))  # fmt: skip


def _recorded_at(properties: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(properties.get("recorded_at") or properties["visited_at"])


def _key(changes: list[Change]) -> str:
    """The same records at the same time are one request, however often it is repeated."""
    told = b"\n".join(f"{one.layer}/{one.id}/".encode() + (one.patch or b"") for one in changes)
    return "results " + hashlib.sha256(told).hexdigest()
