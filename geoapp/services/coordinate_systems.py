"""Which coordinate reference system a file is in, and whether two are the same."""

from pathlib import Path
from typing import Any

import shapely
from pyproj import CRS
from pyproj.exceptions import CRSError

from geoapp.domain.errors import BadInput

WGS84 = "OGC:CRS84"
# CGCS2000 and WGS 84 differ by centimetres: degrees of the one are degrees of the other.
_DEGREES = {4326, 4490, 4979}


def crs_of(path: Path, said: str | None, given: str | None, *, silent: bool) -> CRS:
    """What a file says, else what is given, else WGS 84; raises BadInput where the first two differ.

    silent: whether WGS 84 is what a file means that says nothing, so that another one may be given.
    """
    wanted = crs(given, "--crs") if given else None
    own = crs(said, path.name) if said else None
    if wanted and own and not (silent and said == WGS84) and not same(wanted, own):
        raise BadInput("{file} says that it is in {own}, not in {wanted}.",
                       file=path.name, own=named(own), wanted=named(wanted))  # fmt: skip
    return wanted or own or crs(WGS84, path.name)


def crs(text: str, file: str) -> CRS:
    """The coordinate reference system of this name or definition; raises BadInput, naming where it came from."""
    try:
        return CRS.from_user_input(text)
    except CRSError as error:
        raise BadInput("{file}: {value!r} is no coordinate reference system that is known here.",
                       file=file, value=text[:80]) from error  # fmt: skip


def require_same(points: Path, system: CRS, path: Path, said: str | None, shapes: Any) -> None:
    """Raise BadInput, naming both, unless what a file says is the CRS of the points; what says nothing is believed to
    be in it, unless its coordinates cannot be."""
    if said is not None:
        other = crs(said, path.name)
        if not same(system, other):
            raise BadInput("{points} is in {one}, {file} in {other}: bring both into the same coordinate system first.",
                           points=points.name, one=named(system), file=path.name, other=named(other))  # fmt: skip
        return
    west, south, east, north = shapely.total_bounds(shapes)
    if system.is_geographic and not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadInput("{file} does not say its coordinate system, and its coordinates are no degrees as those of "
                       "{points} are.", file=path.name, points=points.name)  # fmt: skip


def same(one: CRS, other: CRS) -> bool:
    """Whether coordinates mean the same places, in the order longitude or east first that all files have."""
    if one.equals(other, ignore_axis_order=True):
        return True
    codes = {_code(one), _code(other)}
    return codes <= _DEGREES or (len(codes) == 1 and None not in codes)


def _code(system: CRS) -> int | None:
    """The EPSG number: also of a definition that other programs wrote in their own words."""
    if system.to_authority() == ("OGC", "CRS84"):
        return 4326
    code: int | None = system.to_epsg()
    return code


def named(system: CRS) -> str:
    """Its name and number, for a person."""
    known = system.to_authority()
    return f"{system.name} ({':'.join(known)})" if known else str(system.name)
