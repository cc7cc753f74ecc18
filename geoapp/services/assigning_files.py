"""Files of points of any size: every point gets its township and its street."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pyproj import CRS

from geoapp.analysis.assignment import AreaIndex
from geoapp.analysis.headings import LAT, LON, recognised
from geoapp.analysis.nearest_in_zones import StreetsInZones
from geoapp.domain.errors import BadInput
from geoapp.services.assigning import STREET_REACH_M
from geoapp.services.coordinate_systems import WGS84, crs, crs_of, named, require_same, same
from geoapp.services.in_processes import ordered, processes_or_default, uncollected
from geoapp.storage.points.chunk import Added, BadRow, Chunk, Looked, PointFile
from geoapp.storage.points.opening import Encode, Written, encoder, format_of, keeps_features, open_points, writing
from geoapp.storage.points.shapes import AREAL, LINEAR, Shapes, read_shapes

TOP = 10
# Other processes take two seconds to start, in which one alone reads about as many bytes.
WORTH_PROCESSES = 64 * 1024 * 1024
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class AssignOptions:
    """How the files are meant to be read.

    lon, lat: the columns of the coordinates; area_code, area_name, street_code: the columns of codes and names; all of
    them recognised where they are None. crs: of points that do not say theirs. encoding: of a CSV, where it is not
    recognised. processes: how many work at once, None for one less than there are cores, or 1 for a small file; with 1
    this one does all.
    """

    lon: str | None = None
    lat: str | None = None
    crs: str | None = None
    area_code: str | None = None
    area_name: str | None = None
    street_code: str | None = None
    encoding: str | None = None
    processes: int | None = None


def assign_file(points: Path, areas: Path, target: Path, options: AssignOptions, *, streets: Path | None = None,
                progress: Progress | None = None) -> dict[str, Any]:  # fmt: skip
    """Write the points with `township` and `township_name` of the area that covers each, in the order in which they
    came, and with streets, `street`: the code of the nearest one within STREET_REACH_M; what a machine and a person
    are told.

    All must be in the same CRS; for streets, in degrees. An area on whose border a point lies has it if its code is the
    lowest. Raises BadInput for what cannot be read, a CRS that differs or a point that is no place, InvalidGeometry,
    StorageFull, StorageFailed; then the target stays as it was.
    """
    _require_other(points, areas, streets, target)
    file = open_points(points, partial(_coordinates, points, options), encoding=options.encoding)
    system = crs_of(points, file.crs, options.crs, silent=file.layout is None)
    given = read_shapes(areas, AREAL, partial(_columns, areas, options.area_code, options.area_name))
    require_same(points, system, areas, given.crs, given.shapes)
    lines = None
    if streets is not None:
        lines = read_shapes(streets, LINEAR, partial(_columns, streets, options.street_code, None))
        require_same(points, system, streets, lines.crs, lines.shapes)
        if not system.is_geographic:
            raise BadInput("Streets are found for points in degrees only; {file} is in {crs}.",
                           file=points.name, crs=named(system))  # fmt: skip
    run = _Run(points, file, target, _Given(given, lines, system.is_geographic), system, options)
    return run.all(progress or (lambda done, total: None))


@dataclass(frozen=True, slots=True)
class _Given:
    """What points are assigned to."""

    areas: Shapes
    streets: Shapes | None
    degrees: bool

    def added(self) -> list[Added]:
        """The columns that the points get."""
        areas = self.areas
        columns = [Added("township", "area", areas.codes), Added("township_name", "area", areas.names)]
        # Without streets a column of theirs stays what it is.
        return columns + ([Added("street", "street", self.streets.codes)] if self.streets else [])


@dataclass(frozen=True, slots=True)
class _Answer:
    """A piece done: its part of the target, and what is to be counted. by_area: points by the index of the area."""

    part: Any
    rows: int
    without: int
    by_area: NDArray[np.int64]


class _Worker:
    """What makes a piece of a file of points into a piece of the target; built once in each process."""

    def __init__(self, given: _Given, decode: Callable[[Any], Chunk], encode: Encode) -> None:
        self._index = AreaIndex(given.areas.shapes, codes=given.areas.codes)
        self._areas, self._degrees = len(given.areas.codes), given.degrees
        self._streets = (
            StreetsInZones(given.streets.shapes, max_distance_m=STREET_REACH_M) if given.streets is not None else None
        )
        self._decode, self._encode = decode, encode

    def __call__(self, data: Any) -> _Answer:
        # Hundreds of thousands of features are no rubbish, and looking for some among them takes as long as the rest.
        with uncollected():
            return self._answer(self._decode(data))

    def _answer(self, chunk: Chunk) -> _Answer:
        known = np.isfinite(chunk.x) & np.isfinite(chunk.y)
        if self._degrees:
            _require_degrees(chunk)
        # What is half known has no place either.
        x, y = np.where(known, chunk.x, np.nan), np.where(known, chunk.y, np.nan)
        chunk = replace(chunk, x=x, y=y)
        area = self._index.assign(x, y)
        found = {"area": area}
        if self._streets is not None:
            found["street"] = self._streets.nearest(x, y)
        by_area = np.bincount(area[area >= 0], minlength=self._areas)
        return _Answer(self._encode(chunk, found), len(x), int((~known).sum()), by_area)


def _require_degrees(chunk: Chunk) -> None:
    wrong = np.flatnonzero((np.abs(chunk.x) > 180) | (np.abs(chunk.y) > 90))
    if len(wrong):
        row = int(wrong[0])
        raise BadRow(
            row,
            "{x}, {y} is no place in degrees of longitude and latitude; are they exchanged, or in a CRS to be named by "
            "--crs EPSG:n?",
            x=float(chunk.x[row]),
            y=float(chunk.y[row]),
        )


class _Run:
    """One file on its way into another one."""

    def __init__(
        self, path: Path, file: PointFile, target: Path, given: _Given, crs: CRS, options: AssignOptions
    ) -> None:
        self._path, self._file, self._target, self._given, self._crs = path, file, target, given, crs
        small = options.processes is None and path.stat().st_size < WORTH_PROCESSES
        self._processes = 1 if small else processes_or_default(options.processes)
        self._rows = 0

    def all(self, progress: Progress) -> dict[str, Any]:
        """Everything; what a machine and a person are told."""
        began = time.monotonic()
        whole = self._file.layout is not None or keeps_features(self._file, self._target)
        layout = self._file.layout if whole else self._looked_at(progress)
        other = None if same(self._crs, crs(WGS84, "")) else self._crs.to_wkt()
        written = Written(self._file, layout, self._given.added(), other, self._given.degrees)
        encode = encoder(self._target, written)
        make = partial(_Worker, self._given, self._file.decode(layout), encode)
        counts = np.zeros(len(self._given.areas.codes), np.int64)
        without = self._rows = 0
        with writing(self._target, written, encode) as sink:
            for done, answer in self._each(make):
                sink.write(answer.part)
                counts, without = counts + answer.by_area, without + answer.without
                progress(done, self._file.total)
        return self._told(counts, without, time.monotonic() - began)

    def _looked_at(self, progress: Progress) -> Any:
        """The columns of a file that only all of its features together tell."""
        look, agreed = self._file.look, self._file.agreed
        if look is None or agreed is None:
            raise TypeError("a file tells its columns, or how to look for them")

        def seen() -> Iterator[Looked]:
            for _, answer in self._each(partial(_same_work, look)):
                yield answer

        return agreed(seen())

    def _each(self, make: Callable[[], Callable[[Any], Any]]) -> Iterator[tuple[int, Any]]:
        """What is made of each piece, in their order; raises BadInput for a bad row, by its number in the file."""
        self._rows = 0
        pieces = ((piece.done, piece.data) for piece in self._file.pieces())
        try:
            for done, answer in ordered(make, pieces, processes=self._processes):
                yield done, answer
                self._rows += answer.rows
        except BadRow as bad:
            row = self._file.first_row + self._rows + bad.row
            raise BadInput("{file}, row {row}: " + bad.sentence, file=self._path.name, row=row, **bad.values) from bad

    def _told(self, counts: NDArray[np.int64], without: int, seconds: float) -> dict[str, Any]:
        areas = self._given.areas
        by_code: dict[str, int] = {}
        for code, points in zip(areas.codes, counts.tolist(), strict=True):
            by_code[code] = by_code.get(code, 0) + points
        names = dict(zip(areas.codes, areas.names, strict=True))
        most = sorted(by_code, key=lambda code: (-by_code[code], code))[:TOP]
        top = [{"township": code, "name": names[code], "points": by_code[code]} for code in most if by_code[code]]
        assigned = int(counts.sum())
        outside = self._rows - assigned - without
        return {
            "points": self._rows,
            "assigned": assigned,
            "outside": outside,
            "without_coordinates": without,
            "by_area": top,
            "file": str(self._target),
            "seconds": round(seconds, 1),
            "sentence": self._sentence(assigned, outside, without, top),
        }

    def _sentence(self, assigned: int, outside: int, without: int, top: Sequence[Mapping[str, Any]]) -> str:
        said = [
            f"{self._rows:,} points stand in {self._target}: {assigned:,} in a township, {outside:,} outside of all, "
            f"{without:,} without coordinates."
        ]
        if self._given.areas.crs is None:
            said.append("The areas do not say their CRS; they were taken to be in that of the points.")
        if top:
            most = ", ".join(f"{one['name'] or one['township']} {one['points']:,}" for one in top)
            said.append(f"Most: {most}.")
        return " ".join(said)


def _same_work(look: Callable[[Any], Looked]) -> Callable[[Any], Looked]:
    """Work that needs nothing to be built for it."""

    def looked(data: Any) -> Looked:
        with uncollected():
            return look(data)

    return looked


def _require_other(points: Path, areas: Path, streets: Path | None, target: Path) -> None:
    """The target is no file that is read."""
    format_of(target)
    for path in (points, areas, streets):
        if path is not None and path.exists() and target.exists() and path.samefile(target):
            raise BadInput("{file} is read: write the points to another file.", file=target.name)


def _coordinates(path: Path, options: AssignOptions, headings: Sequence[str]) -> tuple[str, str]:
    """The columns of a file's coordinates; raises BadInput if there are none."""
    meant = {name: heading for heading, name in recognised(headings, "", ()).fields.items()}
    east, north = options.lon or meant.get(LON), options.lat or meant.get(LAT)
    for name in (east, north):
        if name is not None and name not in headings:
            raise _no_column(path, name, headings)
    if east is None or north is None:
        raise BadInput("{file} has no columns of coordinates, such as 经度, 纬度 or lon, lat; name them by --lon and "
                       "--lat. It has {known}.", file=path.name, known=", ".join(headings))  # fmt: skip
    return east, north


def _columns(path: Path, code: str | None, name: str | None, headings: Sequence[str]) -> tuple[str, str | None]:
    """The columns of codes and of names; raises BadInput if there is none of codes."""
    meant = {field: heading for heading, field in recognised(headings, "townships", ()).fields.items()}
    for wanted in (code, name):
        if wanted is not None and wanted not in headings:
            raise _no_column(path, wanted, headings)
    found = code or meant.get("code") or meant.get("id") or meant.get("name")
    if found is None:
        raise BadInput("{file} has no column of codes, such as code, id or 代码; name it by --area-code or "
                       "--street-code. It has {known}.", file=path.name, known=", ".join(headings))  # fmt: skip
    return found, name or meant.get("name")


def _no_column(path: Path, name: str, headings: Sequence[str]) -> BadInput:
    return BadInput("{file} has no column {name!r}; it has {known}.",
                    file=path.name, name=name, known=", ".join(headings))  # fmt: skip
