"""What a visit is worth: problems by severity and deadline, sites by the days since they were seen."""

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.kept_plans import ValueRule

Floats = NDArray[np.float64]


def problem_values(severity: Floats, negative: NDArray[np.bool_], days_left: Floats, rule: ValueRule) -> Floats:
    """The value of each problem (n,).

    severity: 1 minor, 2 serious, 3 severe. negative: whether it touches the negative list. days_left: to its deadline,
    below 0 when overdue, NaN without one, which is never urgent.
    """
    weights = np.array([rule.minor, rule.minor, rule.serious, rule.severe])
    weight = weights[np.clip(np.nan_to_num(severity, nan=1.0), 0, 3).astype(np.intp)]
    # A horizon of no days makes urgent only what is overdue.
    near = 1.0 - np.nan_to_num(days_left, nan=np.inf) / max(rule.horizon_days, 1e-9)
    return np.asarray(weight * np.where(negative, rule.negative, 1.0) * (1.0 + rule.urgency * np.clip(near, 0.0, 1.0)))


def site_values(days_since: Floats, rule: ValueRule) -> Floats:
    """The value of seeing each site (n,). days_since: since its last visit, NaN if it was never visited."""
    passed = np.nan_to_num(days_since, nan=np.inf) / max(rule.visit_days, 1e-9)
    return np.asarray(rule.site * np.clip(passed, 0.0, 1.0))
