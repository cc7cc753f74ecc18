"""A month of inspection: every point seen once, on compact days of like length, what matters most early."""

import time
from dataclasses import replace

import numpy as np

from geoapp.domain.routes import RoutePlan, RouteRequest
from geoapp.routing.day import Plan
from geoapp.routing.spreading import Floats, seconds_each, spread
from geoapp.routing.spreading_kernel import warm
from geoapp.routing.travel import Travel
from geoapp.services.routes.planning import Effort, Watch, so_far, written
from geoapp.services.routes.tasks import Laid, laid
from geoapp.services.routes.verdicts import verdict

SOLVER = "month"
SECONDS = 20.0
# What it counts, in seconds of travel, that the point of the greatest value waits until the last day.
WAITING_S = 900.0
# So many iterations are made at least, and so much longer than planned at most, where the machine has other work.
FEWEST, LONGER = 2_000, 1.5


def month_plan(
    request: RouteRequest, travel: Travel, plain: Travel, effort: Effort, progress: Watch | None = None
) -> RoutePlan:
    """Every stop on one day of one team, as far as it fits; the same seed, iterations and `of` give the same plan.

    Days are compact and of like length, as little travel as found in the time; a stop of more value is seen earlier.
    plain: travel by another way of computing it, for the check. Raises BadInput.
    """
    warm()
    began = time.monotonic()
    problem = laid(request, travel)
    waits = _waiting(problem)
    seconds = effort.seconds or SECONDS
    iterations = effort.iterations or max(int(seconds / seconds_each(problem.task, waits)), FEWEST)
    of = effort.of or iterations

    def tell(best: Plan) -> bool:
        late = effort.iterations is None and time.monotonic() - began > LONGER * seconds
        return not late and (progress is None or progress(so_far(problem, best, best.iterations / max(best.of, 1))))

    found = spread(problem.task, waits, iterations=iterations, of=of, seed=effort.seed, progress=tell)
    made = written(request, problem, [list(route) for route in found.routes], travel)
    made = replace(made, seed=effort.seed, iterations=found.iterations, of=found.of, solver=SOLVER,
                   estimate=travel.estimate, seconds=round(time.monotonic() - began, 2))  # fmt: skip
    return replace(made, check=verdict(made, plain))


def _waiting(problem: Laid) -> Floats:
    """What it costs that each stop (n) waits until each team's day (m): (m, n) seconds."""
    days = sorted({day for _, day in problem.teams})
    late = np.array([days.index(day) for _, day in problem.teams], float) / max(len(days) - 1, 1)
    value = np.array([stop.value for stop in problem.stops], float)
    return np.asarray(WAITING_S * late[:, None] * (value / max(value.max(initial=0.0), 1e-9))[None, :])
