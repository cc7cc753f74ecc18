"""What a simulated campaign is made of: shares that are plausible, and no more than that."""

from dataclasses import dataclass

from geoapp.domain.problem import Status

# How often each category is reported, before the planted hot spots.
CATEGORY_SHARES = {
    "01": 0.10,
    "02": 0.27,
    "03": 0.05,
    "04": 0.13,
    "05": 0.18,
    "06": 0.06,
    "07": 0.06,
    "08": 0.05,
    "09": 0.10,
}


@dataclass(frozen=True, slots=True)
class HotSpot:
    """A place with far more of one subcategory than elsewhere: the n-th site of a kind, its share of all problems."""

    site_kind: str
    nth: int
    subcategory: str
    share: float


HOT_SPOTS = (
    HotSpot("market", 0, "0402", 0.05),
    HotSpot("hospital", 3, "0501", 0.04),
    HotSpot("residential_estate", 5, "0201", 0.04),
    HotSpot("school", 2, "0503", 0.03),
)

# Where reports outside of visits come from: (origin, cumulative share).
ORIGINS = (("self_check", 0.4), ("hotline_12345", 0.75), ("public", 0.95), ("third_party", 1.01))

# By age in days: (state, cumulative share).
STATES_BY_AGE = (
    (4, ((Status.REPORTED, 0.4), (Status.ASSIGNED, 0.75), (Status.IN_PROGRESS, 0.9), (Status.RECTIFIED, 1.01))),
    (
        15,
        (
            (Status.REPORTED, 0.02),
            (Status.ASSIGNED, 0.1),
            (Status.IN_PROGRESS, 0.28),
            (Status.RECTIFIED, 0.5),
            (Status.REJECTED, 0.53),
            (Status.CLOSED, 1.01),
        ),
    ),
    (
        10_000,
        (
            (Status.IN_PROGRESS, 0.05),
            (Status.RECTIFIED, 0.09),
            (Status.DEFERRED, 0.12),
            (Status.REJECTED, 0.15),
            (Status.CLOSED, 1.01),
        ),
    ),
)
