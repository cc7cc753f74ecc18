"""The inner loops of the grid of areas: which cells an edge touches, what a cell holds, and in which area a point lies.

Edges are rows (ax, ay, bx, by). A `Frame` lays square cells over them, numbered row by row. Every cell has a reference
point, a little off its middle so that it seldom lies on an edge of anybody's making.
"""

from typing import Any, NamedTuple

import numba
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

# What a cell's code says, besides the number of the area that covers it whole.
OUTSIDE, ASK, FIRST_CELL = -1, -2, -3
# Where the reference point lies in its cell.
REFERENCE_X, REFERENCE_Y = 0.4912345679, 0.5123456789
# An edge is noted in every cell that it comes this near to, in cells: nothing is lost to rounding.
MARGIN = 1e-6
# Points are looked up so many at a time.
BLOCK = 1024
# A determinant is trusted if it beats its own rounding error; Shewchuk's bound is 3.33e-16 times this sum.
FILTER = 1.6e-15
# What a touched cell knows stands side by side, in half a line of the processor's cache: where its edges begin and end,
# the bits of the areas that hold its reference point, and the areas that meet in it. Where more meet, GEOS is asked.
BEGIN, END, INSIDE, FIRST_SLOT, SLOTS, CELL_LENGTH = 0, 1, 2, 3, 4, 8


class Frame(NamedTuple):
    """Square cells: the corner of the first one, their size and its inverse, and how many there are each way."""

    west: float
    south: float
    size: float
    inverse: float
    columns: int
    rows: int


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> int:
    """1 if p lies to the left of the line from a to b, -1 to its right, 0 where rounding leaves it open."""
    left, right = (ax - px) * (by - py), (ay - py) * (bx - px)
    if abs(left - right) <= FILTER * (abs(left) + abs(right)) + 1e-300:
        return 0
    return 1 if left > right else -1


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _rows_of(edge: Floats, frame: Frame) -> tuple[int, int]:
    low, high = min(edge[1], edge[3]), max(edge[1], edge[3])
    first = int(np.floor((low - frame.south) * frame.inverse - MARGIN))
    last = int(np.floor((high - frame.south) * frame.inverse + MARGIN))
    return max(0, first), min(frame.rows - 1, last)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _columns_of(edge: Floats, row: int, frame: Frame) -> tuple[int, int]:
    """The columns of a row that an edge may touch."""
    low_x, low_y, high_x, high_y = edge[0], edge[1], edge[2], edge[3]
    if low_y > high_y:
        low_x, low_y, high_x, high_y = high_x, high_y, low_x, low_y
    bottom = frame.south + (row - MARGIN) * frame.size
    top = frame.south + (row + 1 + MARGIN) * frame.size
    one, other = low_x, high_x
    if high_y > low_y:
        slope = (high_x - low_x) / (high_y - low_y)
        if low_y < bottom:
            one = low_x + slope * (bottom - low_y)
        if high_y > top:
            other = low_x + slope * (top - low_y)
    first = int(np.floor((min(one, other) - frame.west) * frame.inverse - MARGIN))
    last = int(np.floor((max(one, other) - frame.west) * frame.inverse + MARGIN))
    return max(0, first), min(frame.columns - 1, last)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def touched(edges: Floats, frame: Frame) -> tuple[NDArray[np.int32], Integers, NDArray[np.int32]]:
    """Which edges touch which cells.

    Codes of all cells (OUTSIDE, or FIRST_CELL - b for the b-th that is touched), and for each touched cell where its
    edges begin in the last array, which holds the numbers of edges.
    """
    counts = np.zeros(frame.columns * frame.rows, np.int32)
    for edge in edges:
        first_row, last_row = _rows_of(edge, frame)
        for row in range(first_row, last_row + 1):
            first, last = _columns_of(edge, row, frame)
            for column in range(first, last + 1):
                counts[row * frame.columns + column] += 1
    codes = np.full(len(counts), OUTSIDE, np.int32)
    starts = np.zeros(np.count_nonzero(counts) + 1, np.int64)
    number = 0
    for cell in range(len(counts)):
        if counts[cell] > 0:
            codes[cell] = FIRST_CELL - number
            starts[number + 1] = starts[number] + counts[cell]
            number += 1
    places = starts[:-1].copy()
    numbers = np.empty(starts[-1], np.int32)
    for index in range(len(edges)):
        first_row, last_row = _rows_of(edges[index], frame)
        for row in range(first_row, last_row + 1):
            first, last = _columns_of(edges[index], row, frame)
            for column in range(first, last + 1):
                place = FIRST_CELL - codes[row * frame.columns + column]
                numbers[places[place]] = index
                places[place] += 1
    return codes, starts, numbers


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _slot(cell: NDArray[np.int32], area: int) -> int:
    """The place of an area among those that meet in a cell, given to it if it is new; -1 if there is none left."""
    for place in range(SLOTS):
        if cell[FIRST_SLOT + place] == area:
            return place
        if cell[FIRST_SLOT + place] < 0:
            cell[FIRST_SLOT + place] = area
            return place
    return -1


@numba.njit(nogil=True, cache=True, error_model="numpy")
def gathered(
    edges: Floats, areas: NDArray[np.int32], codes: NDArray[np.int32], starts: Integers, numbers: NDArray[np.int32],
    frame: Frame,
) -> tuple[NDArray[np.int32], Floats, NDArray[np.uint8]]:  # fmt: skip
    """What each touched cell holds: its edges, turned so that the reference point lies to their left.

    An edge that two areas share stands once, with a bit for the slot of each. Cells that cannot be trusted are marked
    ASK in `codes`. Gives the touched cells (m, CELL_LENGTH), the edges, and their bits.
    """
    cells = np.full((len(starts) - 1, CELL_LENGTH), -1, np.int32)
    kept = np.empty((len(numbers), 4))
    bits = np.zeros(len(numbers), np.uint8)
    end = 0
    for number in range(len(codes)):
        place = FIRST_CELL - codes[number]
        if place < 0:
            continue
        x = frame.west + (number % frame.columns + REFERENCE_X) * frame.size
        y = frame.south + (number // frame.columns + REFERENCE_Y) * frame.size
        begin = end
        for index in numbers[starts[place] : starts[place + 1]]:
            slot = _slot(cells[place], areas[index])
            edge = edges[index]
            side = _turn(edge[0], edge[1], edge[2], edge[3], x, y)
            if slot < 0 or side == 0:
                codes[number] = ASK
                continue
            end = _noted(kept, bits, begin, end, edge, side, np.uint8(1 << slot))
        cells[place, BEGIN], cells[place, END], cells[place, INSIDE] = begin, end, 0
    return cells, kept[:end].copy(), bits[:end].copy()


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _noted(kept: Floats, bits: NDArray[np.uint8], begin: int, end: int, edge: Floats, side: int, bit: Any) -> int:
    """Note an edge among those of a cell, or its bit on one that is the same; where the cell's edges end now."""
    ax, ay, bx, by = edge[0], edge[1], edge[2], edge[3]
    if side < 0:
        ax, ay, bx, by = bx, by, ax, ay
    for known in range(begin, end):
        if kept[known, 0] == ax and kept[known, 1] == ay and kept[known, 2] == bx and kept[known, 3] == by:
            bits[known] ^= bit
            return end
    kept[end, 0], kept[end, 1], kept[end, 2], kept[end, 3] = ax, ay, bx, by
    bits[end] = bit
    return end + 1


@numba.njit(nogil=True, cache=True, error_model="numpy")
def crossings(edges: Floats, frame: Frame) -> tuple[NDArray[np.int32], NDArray[np.int32], Floats]:
    """Where edges cross the lines through the rows' reference points: row, number of the edge, and x in cells."""
    total = 0
    for edge in edges:
        first_row, last_row = _rows_of(edge, frame)
        for row in range(first_row, last_row + 1):
            y = frame.south + (row + REFERENCE_Y) * frame.size
            total += (edge[1] > y) != (edge[3] > y)
    rows, numbers, places = np.empty(total, np.int32), np.empty(total, np.int32), np.empty(total)
    at = 0
    for index in range(len(edges)):
        edge = edges[index]
        first_row, last_row = _rows_of(edge, frame)
        for row in range(first_row, last_row + 1):
            y = frame.south + (row + REFERENCE_Y) * frame.size
            if (edge[1] > y) != (edge[3] > y):
                x = edge[0] + (edge[2] - edge[0]) * ((y - edge[1]) / (edge[3] - edge[1]))
                rows[at], numbers[at], places[at] = row, index, (x - frame.west) * frame.inverse
                at += 1
    return rows, numbers, places


@numba.njit(nogil=True, cache=True, error_model="numpy")
def filled(
    codes: NDArray[np.int32], cells: NDArray[np.int32], rows: NDArray[np.int32], areas: NDArray[np.int32],
    places: Floats, tolerance: float, frame: Frame,
) -> None:  # fmt: skip
    """Give every cell whose reference point lies in an area that area: between each pair of its crossings of a row.

    Crossings come ordered by row, area and place. Touched cells get the area's bit; `codes` of all others become their
    area, or ASK where there are several.
    """
    for pair in range(0, len(rows) - 1, 2):
        start = rows[pair] * frame.columns
        for end in (pair, pair + 1):
            # A crossing this near to a reference point may lie on either side of it.
            near = int(np.floor(places[end] - REFERENCE_X + 0.5))
            if 0 <= near < frame.columns and abs(places[end] - REFERENCE_X - near) < tolerance:
                codes[start + near] = ASK
        first = max(0, int(np.ceil(places[pair] - REFERENCE_X)))
        last = min(frame.columns - 1, int(np.floor(places[pair + 1] - REFERENCE_X)))
        for number in range(start + first, start + last + 1):
            if codes[number] == OUTSIDE:
                codes[number] = areas[pair]
            elif codes[number] >= 0:
                codes[number] = ASK
            elif codes[number] <= FIRST_CELL:
                cell = cells[FIRST_CELL - codes[number]]
                slot = _slot(cell, areas[pair])
                if slot < 0:
                    codes[number] = ASK
                else:
                    cell[INSIDE] |= 1 << slot


@numba.njit(nogil=True, cache=True, error_model="numpy")
def look_up(
    x: Floats, y: Floats, frame: Frame, codes: NDArray[np.int32], cells: NDArray[np.int32], edges: Floats,
    bits: NDArray[np.uint8],
) -> tuple[Integers, int]:  # fmt: skip
    """For each point the area that holds it, OUTSIDE, or ASK where an exact test is needed; and how many those are."""
    found = np.empty(len(x), np.int64)
    waiting, near = np.empty(BLOCK, np.int64), np.empty(BLOCK)
    asked = 0
    for start in range(0, len(x), BLOCK):
        end = min(start + BLOCK, len(x))
        many = 0
        for number in range(start, end):
            across = _within(x[number], frame.west, frame.columns, frame)
            up = _within(y[number], frame.south, frame.rows, frame)
            found[number] = codes[up * frame.columns + across]
            waiting[many] = number
            many += found[number] < ASK
        # What the walks need is fetched for all of them before the first: memory answers many at once as soon as one.
        for walk in range(many):
            near[walk] = edges[cells[FIRST_CELL - found[waiting[walk]], BEGIN], 0]
        for number in waiting[:many]:
            across = _within(x[number], frame.west, frame.columns, frame)
            up = _within(y[number], frame.south, frame.rows, frame)
            qx = frame.west + (across + REFERENCE_X) * frame.size
            qy = frame.south + (up + REFERENCE_Y) * frame.size
            found[number] = _walked(x[number], y[number], qx, qy, FIRST_CELL - found[number], cells, edges, bits)
        for number in range(start, end):
            asked += found[number] == ASK
    return found, asked


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _within(value: float, start: float, number: int, frame: Frame) -> int:
    """The column or row of a coordinate; what lies beyond, or is no number, is in the spare one at the end."""
    place = (value - start) * frame.inverse
    place = place if place > 0 else 0.0
    return int(place if place < number - 1 else number - 1.0)


@numba.njit(nogil=True, cache=True, error_model="numpy")
def _walked(
    px: float, py: float, qx: float, qy: float, place: int, cells: NDArray[np.int32], edges: Floats,
    bits: NDArray[np.uint8],
) -> int:  # fmt: skip
    """The area at p: that of the reference point q, changed at each edge that the way from q to p crosses."""
    held = cells[place, INSIDE]
    for number in range(cells[place, BEGIN], cells[place, END]):
        ax, ay, bx, by = edges[number, 0], edges[number, 1], edges[number, 2], edges[number, 3]
        side = _turn(ax, ay, bx, by, px, py)
        if side > 0:
            continue
        one, other = _turn(px, py, qx, qy, ax, ay), _turn(px, py, qx, qy, bx, by)
        if one * other > 0:
            continue
        if side == 0 or one == 0 or other == 0:
            return ASK
        held ^= bits[number]
    if held == 0:
        return OUTSIDE
    for slot in range(SLOTS):
        if held == 1 << slot:
            return int(cells[place, FIRST_SLOT + slot])
    return ASK


def warm() -> None:
    """Compile the kernels, or read them from the cache."""
    frame = Frame(0.0, 0.0, 1.0, 1.0, 2, 2)
    edges = np.array([[0.2, 0.2, 1.5, 0.2], [1.5, 0.2, 0.2, 1.4], [0.2, 1.4, 0.2, 0.2]])
    areas = np.zeros(3, np.int32)
    codes, starts, numbers = touched(edges, frame)
    cells, kept, bits = gathered(edges, areas, codes, starts, numbers, frame)
    rows, crossed, places = crossings(edges, frame)
    filled(codes, cells, rows, areas[crossed], places, 1e-7, frame)
    point = np.array([0.5])
    look_up(point, point, frame, codes, cells, kept, bits)
