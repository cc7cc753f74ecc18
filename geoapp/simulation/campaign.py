"""A campaign of inspections, as one might have been: two rounds of visits and the problems that people report.

Everything here is synthetic and says so. What was planted is in `truth`, so that analyses can be tried on it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.problem import Severity, Status
from geoapp.domain.working_time import Calendar
from geoapp.simulation.mix import CATEGORY_SHARES, HOT_SPOTS, ORIGINS, STATES_BY_AGE, HotSpot

Feature = dict[str, Any]
Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

DAYS = 90
VISITED_SHARE = 0.6
# Steps of so many problems, so that a million never stand in memory at once.
CHUNK = 20_000
PLACELESS_SHARE = 0.04
PLACEHOLDER_SHARE = 0.008
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True, slots=True)
class World:
    """Where a campaign takes place.

    sites: GeoJSON point features. corners: (n, 2) degrees along streets. subcategories: rows with code, zh, deadline,
    units, severe. centre: lon, lat of the placeholder that careless hands type in.
    """

    sites: Sequence[Feature]
    corners: Floats
    subcategories: Sequence[Mapping[str, Any]]
    calendar: Calendar
    centre: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Truth:
    """What was planted: hot spots as (site id, subcategory, share of all problems)."""

    hot_spots: tuple[tuple[str, str, float], ...]
    placeholder: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Campaign:
    """What a simulation gives; problems are made while they are read."""

    problems: Iterator[Feature]
    visits: list[Feature]
    rounds: list[dict[str, Any]]
    batches: list[dict[str, Any]]
    truth: Truth


def simulate(world: World, *, problems: int, seed: int, as_of: datetime) -> Campaign:
    """A campaign of about three months that ends at `as_of` (a Sunday night, so that weeks are whole).

    The same world, number and seed give the same campaign. Visits do not depend on the number of problems: of the sites
    visited in a round most are found in order.
    """
    chance = np.random.default_rng(seed)
    rounds = _rounds(as_of)
    plan = [_visited(world, chance, row, as_of.tzinfo) for row in rounds]
    weights = chance.pareto(1.3, len(world.sites)) + 0.05
    truth = Truth(
        tuple((str(world.sites[_site_of(world, spot)]["id"]), spot.subcategory, spot.share) for spot in HOT_SPOTS),
        world.centre,
    )
    maker = _Maker(world, weights, [visit for visits in plan for visit in visits], as_of, rounds)
    found = maker.spread_over_visits(chance, problems)
    visits = [_visit_feature(world, visit, number) for visit, number in zip(maker.visits, found.tolist(), strict=True)]
    return Campaign(maker.problems(chance, problems, found), visits, rounds, _batches(rounds), truth)


@dataclass(frozen=True, slots=True)
class _Visit:
    id: str
    site: int
    round_id: str
    at: datetime


def _rounds(as_of: datetime) -> list[dict[str, Any]]:
    def day(before: int) -> str:
        return (as_of - timedelta(days=before)).date().isoformat()

    return [
        {"code": "R1", "zh": "区级督导检查（模拟）", "en": "District supervision (synthetic)",
         "origin": "district_supervision", "first_day": day(48), "last_day": day(44), "secret": False},
        {"code": "R2", "zh": "市级暗访（模拟）", "en": "City secret visit (synthetic)",
         "origin": "city_secret_visit", "first_day": day(13), "last_day": day(9), "secret": True},
    ]  # fmt: skip


def _batches(rounds: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [
        {
            "code": f"B{n}",
            "zh": f"第{n}批交办（模拟）",
            "en": f"Batch {n} (synthetic)",
            "round_id": row["code"],
        }
        for n, row in enumerate(rounds, start=1)
    ]


def _visited(world: World, chance: np.random.Generator, row: Mapping[str, Any], zone: Any) -> list[_Visit]:
    """Every site of a round once, in the daytime of one of its five days."""
    number = round(len(world.sites) * VISITED_SHARE)
    chosen = np.sort(chance.choice(len(world.sites), number, replace=False))
    minutes = chance.integers(8 * 60, 17 * 60, number)
    days = chance.integers(0, 5, number)
    first = datetime.combine(datetime.fromisoformat(row["first_day"]).date(), time(), zone)
    return [
        _Visit(f"{row['code']}-{n:04d}", site, row["code"], first + timedelta(days=day, minutes=minute))
        for n, (site, day, minute) in enumerate(zip(chosen.tolist(), days.tolist(), minutes.tolist(), strict=True), 1)
    ]


def _visit_feature(world: World, visit: _Visit, findings: int) -> Feature:
    site = world.sites[visit.site]
    properties = {
        "name": site["properties"]["name"], "site_id": site["id"], "round_id": visit.round_id,
        "visited_at": visit.at.isoformat(), "outcome": "findings" if findings else "clean", "findings": findings,
        "position_precision": "site", "synthetic": True, "source": "simulation",
    }  # fmt: skip
    return {"type": "Feature", "id": f"V{visit.id}", "geometry": site["geometry"], "properties": properties}


def _site_of(world: World, spot: HotSpot) -> int:
    """The site of a planted hot spot: the n-th of its kind, or the n-th of all where there are too few."""
    of_kind = [number for number, site in enumerate(world.sites) if site["properties"]["kind"] == spot.site_kind]
    known = of_kind or list(range(len(world.sites)))
    return known[spot.nth % len(known)]


class _Maker:
    """Makes problems chunk by chunk."""

    def __init__(
        self, world: World, weights: Floats, visits: list[_Visit], as_of: datetime, rounds: list[dict[str, Any]]
    ) -> None:
        self.world = world
        self.visits = visits
        self._as_of = as_of
        self._batch_of = {row["code"]: f"B{number}" for number, row in enumerate(rounds, start=1)}
        self._origin_of = {row["code"]: row["origin"] for row in rounds}
        self._weights = weights / weights.sum()
        self._site_places = np.array([site["geometry"]["coordinates"][:2] for site in world.sites])
        self._hot = [_site_of(world, spot) for spot in HOT_SPOTS]
        self._shares = _subcategory_shares(world.subcategories)
        self._row_of = {str(row["code"]): number for number, row in enumerate(world.subcategories)}
        self._deadlines: dict[tuple[str, datetime], datetime] = {}

    def spread_over_visits(self, chance: np.random.Generator, problems: int) -> Integers:
        """How many problems each visit found: four of ten visits found something, a few found much."""
        from_visits = min(round(problems * 0.45), 4 * len(self.visits))
        dirty = chance.random(len(self.visits)) < 0.4
        pull = np.where(dirty, self._weights[[visit.site for visit in self.visits]] ** 0.5, 0.0)
        found: Integers = (
            chance.multinomial(from_visits, pull / pull.sum()) if from_visits else np.zeros_like(dirty, int)
        )
        return found

    def problems(self, chance: np.random.Generator, problems: int, found: Integers) -> Iterator[Feature]:
        """All problems in the order of their numbers, which says nothing of their time."""
        of_visit = np.repeat(np.arange(len(self.visits)), found)
        visit = np.full(problems, -1)
        visit[: len(of_visit)] = of_visit
        for start in range(0, problems, CHUNK):
            yield from self._chunk(chance, start, visit[start : start + CHUNK])

    def _chunk(self, chance: np.random.Generator, start: int, visit: Integers) -> Iterator[Feature]:
        n = len(visit)
        hot = np.where(visit < 0, chance.choice(len(HOT_SPOTS) + 1, n, p=_hot_shares()) - 1, -1)
        site = self._sites(chance, visit, hot)
        lon, lat = self._places(chance, site, hot)
        subcategory = chance.choice(len(self._shares), n, p=self._shares)
        for number, spot in enumerate(HOT_SPOTS):
            subcategory[hot == number] = self._row_of[spot.subcategory]
        columns = zip(
            visit.tolist(), site.tolist(), lon.tolist(), lat.tolist(), subcategory.tolist(),
            self._times(chance, visit), chance.random((n, 6)).tolist(), strict=True,
        )  # fmt: skip
        for number, column in enumerate(columns, start=start + 1):
            yield self._feature(number, *column)

    def _sites(self, chance: np.random.Generator, visit: Integers, hot: Integers) -> Integers:
        """The site each problem lies at; -1 for a street corner."""
        site = chance.choice(len(self._weights), len(visit), p=self._weights)
        site[chance.random(len(visit)) < 0.4] = -1
        of_visit = np.array([one.site for one in self.visits] or [0])
        site = np.where(visit >= 0, of_visit[np.maximum(visit, 0)], site)
        return np.where(hot >= 0, np.array(self._hot)[np.maximum(hot, 0)], site)

    def _places(self, chance: np.random.Generator, site: Integers, hot: Integers) -> tuple[Floats, Floats]:
        n = len(site)
        corner = self.world.corners[chance.integers(0, len(self.world.corners), n)]
        place = np.where((site >= 0)[:, None], self._site_places[np.maximum(site, 0)], corner)
        spread_m = np.where(hot >= 0, 60.0, np.where(site >= 0, 30.0, 12.0))[:, None]
        metres = chance.normal(0.0, 1.0, (n, 2)) * spread_m
        place = place + metres / METRES_PER_DEGREE / np.column_stack([np.cos(np.radians(place[:, 1])), np.ones(n)])
        luck = chance.random(n)
        place[(luck < PLACEHOLDER_SHARE) & (hot < 0)] = self.world.centre
        place[luck > 1 - PLACELESS_SHARE] = np.nan
        return np.round(place[:, 0], 7), np.round(place[:, 1], 7)

    def _times(self, chance: np.random.Generator, visit: Integers) -> list[datetime]:
        """When each was found: during its visit, else on a day of the last three months, mostly working days."""
        days = np.arange(DAYS)
        first = self._as_of.date() - timedelta(days=DAYS - 1)
        share = np.where([self.world.calendar.is_working(first + timedelta(days=int(day))) for day in days], 1.0, 0.35)
        day = chance.choice(days, len(visit), p=share / share.sum()).tolist()
        minute = np.clip(chance.normal(12.5 * 60, 150, len(visit)), 6 * 60, 22 * 60).astype(int).tolist()
        midnight = datetime.combine(first, time(), self._as_of.tzinfo)
        return [
            self.visits[one].at + timedelta(minutes=minute[n] % 15)
            if one >= 0
            else midnight + timedelta(days=day[n], minutes=minute[n])
            for n, one in enumerate(visit.tolist())
        ]

    def _feature(
        self, number: int, visit: int, site: int, lon: float, lat: float, row: int, found: datetime, luck: list[float]
    ) -> Feature:
        kind = self.world.subcategories[row]
        unclassified = luck[0] < 0.02
        status = _status((self._as_of - found).days, luck[1])
        properties: dict[str, Any] = {
            "name": "待分类" if unclassified else kind["zh"],
            "number": f"MN-{found.year}-{number:06d}",
            "category": "00" if unclassified else kind["code"][:2],
            "status": status.value,
            "found_at": found.isoformat(),
            "entered_at": (found + timedelta(minutes=int(20 + 600 * luck[2] ** 3))).isoformat(),
            "severity": _severity(bool(kind["severe"]), luck[3]).value,
            "description": self._description(kind["zh"], site, unclassified),
            "deadline_rule": kind["deadline"],
        }
        if not unclassified:
            properties["subcategory"] = kind["code"]
        if luck[4] < 0.01:
            properties["negative_list"] = True
        properties |= self._whence(visit, site, luck[5]) | self._work(status, found, kind, luck)
        placed = lon == lon
        properties |= {"position_precision": "exact" if placed else "none", "synthetic": True, "source": "simulation"}
        geometry = {"type": "Point", "coordinates": [lon, lat]} if placed else None
        return {"type": "Feature", "id": f"P{number:07d}", "geometry": geometry, "properties": properties}

    def _description(self, what: str, site: int, unclassified: bool) -> str:
        where = self.world.sites[site]["properties"]["name"] if site >= 0 else "道路沿线"
        return f"{where}：{'内容待核实' if unclassified else what}（模拟）"

    def _whence(self, visit: int, site: int, luck: float) -> dict[str, Any]:
        if visit >= 0:
            seen = self.visits[visit]
            return {
                "origin": self._origin_of[seen.round_id], "visit_id": f"V{seen.id}", "round_id": seen.round_id,
                "batch_id": self._batch_of[seen.round_id], "site_id": self.world.sites[site]["id"],
            }  # fmt: skip
        origin = next(name for name, upto in ORIGINS if luck < upto)
        return {"origin": origin} | ({"site_id": self.world.sites[site]["id"]} if site >= 0 else {})

    def _work(self, status: Status, found: datetime, kind: Mapping[str, Any], luck: list[float]) -> dict[str, Any]:
        """Units, deadline and what has been done so far."""
        due = self._due(kind["deadline"], found)
        work: dict[str, Any] = {"lead_unit": kind["units"][0], "deadline": due.isoformat()}
        if len(kind["units"]) > 1:
            work["helping_units"] = list(kind["units"][1:])
        if status in (Status.RECTIFIED, Status.CLOSED):
            done = min(found + (due - found) * (0.3 + 1.1 * luck[2]), self._as_of - timedelta(hours=30))
            done = max(done, found + timedelta(minutes=30))
            work |= {"rectified_at": _minutes(done), "measures": "已按要求整改（模拟）"}
            if status is Status.CLOSED:
                work["closed_at"] = _minutes(done + timedelta(hours=2 + 24 * luck[3]))
        if status is Status.IN_PROGRESS and luck[4] > 0.85:
            work["rework"] = 1
        return work

    def _due(self, rule: str, found: datetime) -> datetime:
        # Working time is slow to count and deadlines are alike: count once for each rule and quarter of an hour.
        known = found.replace(minute=found.minute // 15 * 15)
        key = (rule, known)
        if key not in self._deadlines:
            self._deadlines[key] = self.world.calendar.due(known, rule).at
        return self._deadlines[key]


def _minutes(moment: datetime) -> str:
    return moment.replace(second=0, microsecond=0).isoformat()


def _subcategory_shares(rows: Sequence[Mapping[str, Any]]) -> Floats:
    """Shares by category, spread over its subcategories so that the first ones are the common ones."""
    place: dict[str, int] = {}
    shares = []
    for row in rows:
        category = str(row["code"])[:2]
        place[category] = place.get(category, 0) + 1
        shares.append(CATEGORY_SHARES[category] / place[category])
    return np.array(shares) / sum(shares)


def _hot_shares() -> list[float]:
    shares = [spot.share for spot in HOT_SPOTS]
    return [1 - sum(shares), *shares]


def _status(age_days: int, luck: float) -> Status:
    """The older a problem, the more likely it is put right."""
    table = next(table for upto, table in STATES_BY_AGE if age_days < upto)
    return next(status for status, upto in table if luck < upto)


def _severity(severe: bool, luck: float) -> Severity:
    if severe:
        return Severity.SEVERE
    return Severity.SERIOUS if luck < 0.15 else Severity.MINOR
