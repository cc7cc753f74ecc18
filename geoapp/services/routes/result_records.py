"""The records of a result file: read, held against their plan, and those that cannot be told apart from the others."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import msgspec

from geoapp.domain.errors import BadInput
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.problem import Severity
from geoapp.domain.results import FORMAT, VERSION, DayResults, RecordedProblem, RecordedVisit
from geoapp.domain.sentences import Sentence

LONGEST_WORDS, LONGEST_REASON, MOST_PROBLEMS, MOST_PHOTOS = 2_000, 200, 100, 20
# What a phone's clock may be ahead by; and how long before a plan is made nobody can have followed it.
AHEAD, BEFORE = timedelta(hours=1), timedelta(days=1)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_OUTCOMES = (None, "clean", "findings", "not_checked")


@dataclass(frozen=True, slots=True)
class SoundRecords:
    """Visits whose outcome is known, of which every part can be kept; why others cannot; how many are not finished."""

    visits: tuple[RecordedVisit, ...]
    faults: tuple[Sentence, ...]
    unfinished: int


def day_results(records: bytes) -> DayResults:
    """The day in results.json; raises BadInput for anything that is none."""
    try:
        found = msgspec.json.decode(records, type=DayResults)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ValueError) as error:
        raise BadInput("results.json cannot be read: {reason}.", reason=str(error)[:200]) from error
    if (found.format, found.version) != (FORMAT, VERSION):
        raise BadInput("results.json is of another kind or version than geoapp reads ({format} {version}).",
                       format=FORMAT, version=VERSION)  # fmt: skip
    twice = _named_twice(found)
    if twice:
        raise BadInput("The record {id} stands twice in results.json.", id=twice)
    return found


def require_of_plan(day: DayResults, kept: KeptPlan) -> None:
    """Raise BadInput unless the plan has this team on this date."""
    request = kept.plan.request
    if day.team not in {team.id for team in request.teams} or day.date not in request.dates:
        raise BadInput("Plan {plan} has no team {team!r} on {date}.", plan=kept.name, team=day.team[:40], date=day.date)


def sound_records(day: DayResults, kept: KeptPlan, now: datetime, *, visited_at: datetime | None) -> SoundRecords:
    """The records that can be kept. visited_at: stands for all times in them, where a phone's clock was wrong."""
    stops = {stop.id for stop in kept.plan.request.stops}
    earliest = min(kept.made_at, datetime(day.date.year, day.date.month, day.date.day, tzinfo=kept.made_at.tzinfo))
    times = (earliest - BEFORE, now + AHEAD)
    # A clock that is ahead would make this record the latest one of its visit for ever.
    latest = times[1] if visited_at is None else datetime.max.replace(tzinfo=UTC)
    visits, faults, unfinished = [], [], 0
    for visit in day.visits:
        timed = visit if visited_at is None else _at(visit, visited_at)
        found = list(_visit_faults(timed, stops, times, latest))
        good = []
        for problem in timed.problems:
            wrong = list(_problem_faults(timed, problem, times))
            found += wrong
            good += [] if wrong else [problem]
        faults += found
        if any(not one.values.get("problem") for one in found):
            continue
        finished = _finished(replace(timed, problems=tuple(good)))
        unfinished += finished is None
        visits += [finished] if finished else []
    return SoundRecords(tuple(visits), tuple(faults), unfinished)


def cleaned(text: str | None) -> str | None:
    """A text without what no text needs: control characters, and spaces at its ends; None where nothing is left."""
    kept = "".join(letter for letter in text or "" if letter.isprintable() or letter == "\n").strip()
    return kept or None


def _finished(visit: RecordedVisit) -> RecordedVisit | None:
    """The visit with the outcome that its records come to; None while it says none."""
    if visit.problems or (visit.outcome and visit.still_there):
        return replace(visit, outcome="findings")
    return visit if visit.outcome else None


def _at(visit: RecordedVisit, moment: datetime) -> RecordedVisit:
    problems = tuple(replace(problem, found_at=moment) for problem in visit.problems)
    return replace(visit, arrived_at=moment, problems=problems)


def _named_twice(day: DayResults) -> str | None:
    seen: set[str] = set()
    for id in _ids(day):
        if id in seen:
            return id[:40]
        seen.add(id)
    return None


def _ids(day: DayResults) -> Iterator[str]:
    for visit in day.visits:
        yield visit.id
        yield from (problem.id for problem in visit.problems)


def _visit_faults(
    visit: RecordedVisit, stops: set[str], times: tuple[datetime, datetime], latest: datetime
) -> Iterator[Sentence]:
    """Why a visit cannot be kept, and nothing of it. latest: when it may have been changed."""
    stop = visit.stop[:60]
    if not _UUID.fullmatch(visit.id):
        yield Sentence("{stop}: {id!r} is no id of a record.", stop=stop, id=visit.id[:40])
    if visit.stop not in stops:
        yield Sentence("{stop!r} is no stop of this plan.", stop=stop)
    if visit.outcome not in _OUTCOMES:
        yield Sentence("{stop}: {value!r} is no outcome of a visit.", stop=stop, value=str(visit.outcome)[:40])
    if max(len(visit.problems), len(visit.put_right), len(visit.still_there)) > MOST_PROBLEMS:
        yield Sentence("{stop}: it has more than {most} problems.", stop=stop, most=MOST_PROBLEMS)
    if len(visit.words or "") > LONGEST_WORDS or len(visit.reason or "") > LONGEST_REASON:
        yield Sentence("{stop}: its words are longer than {most} letters.", stop=stop, most=LONGEST_WORDS)
    if not _is_time(visit.arrived_at or visit.changed_at, times):
        yield _bad_time(stop, visit.arrived_at or visit.changed_at)
    elif visit.changed_at.tzinfo is None or visit.changed_at > latest:
        yield _bad_time(stop, visit.changed_at)


def _problem_faults(
    visit: RecordedVisit, problem: RecordedProblem, times: tuple[datetime, datetime]
) -> Iterator[Sentence]:
    """Why one problem of a visit cannot be kept."""
    stop, id = visit.stop[:60], problem.id[:40]
    if not _UUID.fullmatch(problem.id):
        yield Sentence("{stop}: {problem!r} is no id of a record.", stop=stop, problem=id or "?")
    if problem.severity not in set(Severity):
        yield Sentence("{stop}, problem {problem}: {value!r} is no severity.", stop=stop, problem=id,
                       value=problem.severity[:40])  # fmt: skip
    if len(problem.words or "") > LONGEST_WORDS:
        yield Sentence("{stop}, problem {problem}: its words are longer than {most} letters.", stop=stop, problem=id,
                       most=LONGEST_WORDS)  # fmt: skip
    if len(problem.photos) > MOST_PHOTOS:
        yield Sentence("{stop}, problem {problem}: it has more than {most} photos.", stop=stop, problem=id,
                       most=MOST_PHOTOS)  # fmt: skip
    if not _is_time(problem.found_at, times):
        yield Sentence("{stop}, problem {problem}: {time} cannot be when it was found; give all records another time "
                       "(--set visited_at=TIME).", stop=stop, problem=id, time=problem.found_at)  # fmt: skip


def _bad_time(stop: str, moment: datetime) -> Sentence:
    return Sentence("{stop}: {time} cannot be when it was visited; give all records another time "
                    "(--set visited_at=TIME).", stop=stop, time=moment)  # fmt: skip


def _is_time(moment: datetime, times: tuple[datetime, datetime]) -> bool:
    """Whether a time says its offset and lies where it can."""
    return moment.tzinfo is not None and times[0] <= moment <= times[1]
