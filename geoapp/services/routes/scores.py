"""What leaders on a tour gave each stop: typed in afterwards, averaged with how many gave a score."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.tours import Average, Score, ScoreScale, average, require_on_scale
from geoapp.services.district import District


@dataclass(frozen=True, slots=True)
class ScoreTable:
    """All scores of a plan: leaders by stops, the averages of stops and leaders, and of all stops that have one."""

    scale: ScoreScale
    leaders: tuple[str, ...]
    given: dict[tuple[str, str], Score]
    of_stop: dict[str, Average]
    of_leader: dict[str, Average]
    overall: Average


def score_table(district: District, kept: KeptPlan) -> ScoreTable:
    """What was typed in so far; stops that nobody scored have no average, not one of 0."""
    private = district.store.private
    scores = private.scores(kept.id)
    stops, leaders = defaultdict[str, list[float | None]](list), defaultdict[str, list[float | None]](list)
    for one in scores:
        stops[one.stop].append(one.score)
        leaders[one.leader].append(one.score)
    of_stop = {stop.id: average(stops[stop.id]) for stop in kept.plan.request.stops}
    return ScoreTable(
        scale=private.scale(kept.id), leaders=tuple(leaders), given={(one.leader, one.stop): one for one in scores},
        of_stop=of_stop, of_leader={leader: average(given) for leader, given in leaders.items()},
        overall=average(one.mean for one in of_stop.values()),
    )  # fmt: skip


def keep_scores(district: District, kept: KeptPlan, leader: str, scores: Sequence[Score]) -> None:
    """Keep what a leader gave, in place of what was kept of this leader; none at all forgets the leader.

    Raises NotFound for a stop that is none, BadInput for a score that the plan's scale does not have.
    """
    kept.require_stops(one.stop for one in scores)
    require_on_scale(scores, district.store.private.scale(kept.id))
    given = [one for one in scores if one.score is not None or one.remark]
    district.store.private.put_scores(kept.id, leader, given)


def keep_scale(district: District, kept: KeptPlan, scale: ScoreScale) -> None:
    """Say from where to where scores of a plan go; raises BadInput if scores were given that it does not have."""
    require_on_scale(district.store.private.scores(kept.id), scale)
    district.store.private.put_scale(kept.id, scale)
