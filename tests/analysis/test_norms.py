"""Which norm a place goes by, and what makes a township urban."""

import numpy as np
import pytest

from geoapp.analysis.norms import norm_kept, township_character


def test_built_up_places_are_held_to_minutes_and_villages_to_metres() -> None:
    built_up = np.array([True, True, False, False, True])
    walk_s, road_m = np.array([900, 901, 9_000, 1, np.nan]), np.array([9_000, 1, 5_000, 5_001, 1])
    assert norm_kept(built_up, walk_s, road_m).tolist() == [True, False, True, False, False]


@pytest.mark.parametrize(
    ("kind", "villages", "communities", "expected"),
    [
        ("subdistrict", 0, 12, "urban"),
        ("town", None, 3, "urban"),
        ("town", 20, None, "rural"),
        ("subdistrict", 8, 12, "mixed"),
        ("subdistrict", None, None, "urban"),
        ("town", None, None, "mixed"),
        (None, 0, 0, "mixed"),
    ],
)
def test_a_township_is_what_it_has(
    kind: str | None, villages: int | None, communities: int | None, expected: str
) -> None:
    assert township_character(kind, villages, communities) == expected
