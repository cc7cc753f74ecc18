"""The two norms of a way to culture, and which of them a place goes by.

Built-up places: 15 minutes on foot, as cities draw their circles of culture (十五分钟品质文化生活圈). Villages in the
country: 5 km, within which a bicycle is enough. Both are presets of our own reading: check before use.
"""

import numpy as np
from numpy.typing import NDArray

NORM_MINUTES, NORM_METRES = 15, 5_000

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def norm_kept(built_up: Flags, walk_s: Floats, road_m: Floats) -> Flags:
    """Whether each place (n,) keeps the norm of its kind: walk_s seconds on foot, road_m metres; NaN is not reached."""
    on_foot = np.nan_to_num(walk_s, nan=np.inf) <= NORM_MINUTES * 60
    near = np.nan_to_num(road_m, nan=np.inf) <= NORM_METRES
    return np.asarray(np.where(built_up, on_foot, near), bool)


def township_character(kind: str | None, villages: int | None, communities: int | None) -> str:
    """Whether a township is urban, rural or mixed.

    By what it has: communities only make it urban, villages only rural, both mixed. Where neither is known a
    subdistrict is urban, and every other kind mixed, so that nobody is held to the wrong norm unawares.
    """
    if villages or communities:
        return "mixed" if villages and communities else "rural" if villages else "urban"
    return "urban" if kind == "subdistrict" else "mixed"
