"""A lattice over areas that lie apart is the whole lattice without what lies between."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from geoapp.analysis.lattices import within_boxes

edge = st.integers(-3, 12)
box = st.tuples(edge, edge, edge, edge).map(
    lambda b: (min(b[0], b[2]), min(b[1], b[3]), max(b[0], b[2]), max(b[1], b[3]))
)


def test_two_boxes_far_apart_hold_their_own_points_only() -> None:
    x, y = within_boxes(
        np.arange(0.5, 1e6), np.arange(0.5, 1e6), np.array([[0, 0, 2, 1], [999_998, 999_999, 1e6, 1e6]])
    )
    assert list(zip(x, y, strict=True)) == [(0.5, 0.5), (1.5, 0.5), (999_998.5, 999_999.5), (999_999.5, 999_999.5)]


def test_nothing_lies_in_no_box() -> None:
    x, _ = within_boxes(np.arange(3.0), np.arange(3.0), np.zeros((0, 4)))
    assert len(x) == 0


@given(st.lists(box, min_size=1, max_size=5))
@settings(max_examples=60)
def test_it_is_the_whole_lattice_cut_to_the_boxes(boxes: list[tuple[int, int, int, int]]) -> None:
    columns, rows = np.arange(0.0, 8.0), np.arange(0.0, 6.0)
    whole = [(x, y) for y in rows for x in columns if any(w <= x <= e and s <= y <= n for w, s, e, n in boxes)]
    x, y = within_boxes(columns, rows, np.array(boxes, float))
    assert list(zip(x, y, strict=True)) == whole
