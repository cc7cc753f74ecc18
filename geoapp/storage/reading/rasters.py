"""A GeoTIFF of people, as WorldPop and GHSL give them: one band, a number of people in each cell."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from geoapp.domain.errors import BadInput
from geoapp.domain.sentences import Sentence
from geoapp.storage.reading.source import Row, Source

# How a TIFF begins, in either order of bytes, large ones too.
TIFF = (b"II*\x00", b"MM\x00*", b"II+\x00", b"MM\x00+")
FIELD = "people"
MOST_CELLS = 20_000_000
_SCALE, _TIE, _KEYS, _NODATA = 33550, 33922, 34735, 42113
_KEY_RASTER, _KEY_DEGREES, _KEY_PROJECTED = 1025, 2048, 3072
_POINTS = 2


@dataclass(frozen=True, slots=True)
class _Raster:
    """people (rows, columns): NaN where there is none. east, north: of the middle of the first cell; step of both."""

    people: NDArray[np.float64]
    east: float
    north: float
    step: tuple[float, float]
    crs: str


def read_raster(path: Path) -> Source:
    """Every cell with people in it as a point; cells without anybody are left out. Raises BadInput."""
    raster = _opened(path)
    inhabited = (raster.people > 0) & np.isfinite(raster.people)
    lines, columns = np.nonzero(inhabited)
    empty = int(inhabited.size - len(lines))

    def rows() -> Iterator[Row]:
        for number, (line, column) in enumerate(zip(lines.tolist(), columns.tolist(), strict=True), start=1):
            place = [raster.east + column * raster.step[0], raster.north - line * raster.step[1]]
            people = round(float(raster.people[line, column]), 3)
            yield Row(number, {FIELD: people}, {"type": "Point", "coordinates": place})

    remarks = (Sentence("Cells in which nobody lives, or of which nothing is known, are left out: {count}.",
                        count=empty),)  # fmt: skip
    return Source("GeoTIFF", (FIELD,), rows, crs=raster.crs, remarks=remarks if empty else ())


def _opened(path: Path) -> _Raster:
    try:
        with Image.open(path, formats=("TIFF",)) as picture:
            size, bands = picture.width * picture.height, len(picture.getbands()) * getattr(picture, "n_frames", 1)
            fits = size <= MOST_CELLS and bands == 1
            people = np.array(picture, np.float64) if fits else np.zeros((0, 0))
            tags = dict(picture.tag_v2)  # type: ignore[attr-defined]
    except Exception as error:  # a file that was damaged on purpose makes readers of pictures stumble in many ways
        raise BadInput("{file} is no GeoTIFF that can be read.", file=path.name) from error
    if bands != 1:
        raise BadInput("{file} has several bands; give one with the number of people alone.", file=path.name)
    if not fits:
        raise BadInput("{file} has {cells} cells; cut it to the district first ({most} are the most).", file=path.name,
                       cells=size, most=MOST_CELLS)  # fmt: skip
    return _placed(path, people, tags)


def _placed(path: Path, people: NDArray[np.float64], tags: Mapping[int, Any]) -> _Raster:
    scale, tie, stored = (_numbers(tags.get(tag)) for tag in (_SCALE, _TIE, _KEYS))
    if len(tie) != 6 or len(scale) < 2 or min(scale[:2]) <= 0 or not stored:
        raise BadInput("{file} does not say where on earth it lies; save it as a GeoTIFF.", file=path.name)
    keys = {key: value for key, place, _, value in zip(*[iter(stored)] * 4, strict=False) if not place}
    code = keys.get(_KEY_PROJECTED) or keys.get(_KEY_DEGREES)
    if not code or code == 32767:  # "defined by its user"
        raise BadInput("{file} does not name its coordinate system by an EPSG code; save it in EPSG:4326.",
                       file=path.name)  # fmt: skip
    nothing = _nothing(path, tags)
    if nothing is not None:
        people[people == nothing] = np.nan
        # A float32 does not hold what nothing is written as to the last digit.
        people[np.isclose(people, nothing, rtol=1e-6)] = np.nan
    column, line, _, east, north, _ = tie
    across, down = scale[:2]
    half = 0.0 if keys.get(_KEY_RASTER) == _POINTS else 0.5
    return _Raster(
        people, east + (half - column) * across, north - (half - line) * down, (across, down), f"EPSG:{code}"
    )


def _nothing(path: Path, tags: Mapping[int, Any]) -> float | None:
    """The number that stands for no number, None where there is none."""
    text = str(tags.get(_NODATA, "")).strip("\x00 ")
    try:
        return float(text) if text else None
    except ValueError:
        raise BadInput("{file} marks empty cells by {value!r}, which is no number; save it with another one.",
                       file=path.name, value=text[:40]) from None  # fmt: skip


def _numbers(value: Any) -> tuple[float, ...]:
    """The numbers of a tag; none where it holds anything else."""
    numbers = value if isinstance(value, tuple) else (value,)
    sound = all(isinstance(one, int | float) and np.isfinite(one) for one in numbers)
    return tuple(numbers) if sound else ()
