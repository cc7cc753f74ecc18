"""Problems on a toy plane in northern China: days instead of seconds, metres instead of degrees."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from geoapp.analysis.records import NO_TIME, STATUS_CODE, Period, Problems
from geoapp.analysis.relapse import metres_per_degree
from geoapp.domain.problem import Status

DAY = 86_400
LON, LAT = 116.63, 40.32  # where x_m = y_m = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One problem; times in days, place in metres east and north of (LON, LAT)."""

    status: str
    found: float | None = None
    deadline: float | None = None
    original: float | None = None
    rectified: float | None = None
    closed: float | None = None
    subcategory: int = -1
    site: int = -1
    place: tuple[float, float] | None = None
    from_visit: bool = False
    rework: int = 0


def seconds(days: float | None) -> int:
    return NO_TIME if days is None else round(days * DAY)


def period(first_day: float, end_day: float) -> Period:
    return Period(seconds(first_day), seconds(end_day))


def problems(rows: list[Row]) -> Problems:
    """The rows as columns."""
    east, north = metres_per_degree(np.array([LAT]))[0]
    places = [row.place or (np.nan, np.nan) for row in rows]

    def times(name: str) -> NDArray[np.int64]:
        return np.array([seconds(getattr(row, name)) for row in rows], np.int64)

    def codes(values: list[int]) -> NDArray[np.int32]:
        return np.array(values, np.int32)

    return Problems(
        lon=np.array([LON + x / east for x, _ in places]),
        lat=np.array([LAT + y / north for _, y in places]),
        subcategory=codes([row.subcategory for row in rows]),
        site=codes([row.site for row in rows]),
        status=codes([STATUS_CODE[Status(row.status)] for row in rows]),
        found=times("found"),
        deadline=times("deadline"),
        original_deadline=times("original"),
        rectified=times("rectified"),
        closed=times("closed"),
        from_visit=np.array([row.from_visit for row in rows], bool),
        rework=np.array([row.rework for row in rows], np.int64),
    )


def any_row(**given: Any) -> st.SearchStrategy[Row]:
    """Rows of which every field may be absent and times may contradict each other; few values, so that they meet."""
    day = st.none() | st.integers(0, 12).map(lambda number: number * 5.0)
    few = st.integers(-1, 2)
    step = st.integers(0, 4).map(lambda number: number * 20.0)
    fields: dict[str, Any] = {
        "status": st.sampled_from([status.value for status in Status]),
        "found": day, "deadline": day, "original": day, "rectified": day, "closed": day,
        "subcategory": few, "site": few, "place": st.none() | st.tuples(step, step),
        "from_visit": st.booleans(), "rework": st.integers(0, 2),
    }  # fmt: skip
    return st.builds(Row, **(fields | given))


def any_problems(**given: Any) -> st.SearchStrategy[Problems]:
    return st.lists(any_row(**given), max_size=25).map(problems)
