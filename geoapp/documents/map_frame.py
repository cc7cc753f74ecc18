"""From degrees to the pixels of a picture: Web Mercator, as on the page."""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

WIDTH_PX = 1_080
LOWEST_PX, TALLEST_PX = 700, 1_500
EQUATOR_M = 40_075_016.686
# Some air around the extent, and an extent of one point is drawn as about 400 m at the equator.
_AIR, _NARROWEST = 1.06, 1e-5

Floats = NDArray[np.float64]
Extent = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Paper:
    """How large a map may be, in pixels: its width, and its least and greatest height."""

    width: int
    lowest: int
    tallest: int


SCREEN = Paper(WIDTH_PX, LOWEST_PX, TALLEST_PX)
# A landscape A3 sheet of 150 dots an inch is 2,480 by 1,754; title, legend and sources take the rest.
A3 = Paper(2_380, 1_180, 1_180)


@dataclass(frozen=True, slots=True)
class Frame:
    """A picture of width by height pixels. left, top: its corner, in widths of the world; scale: pixels a world."""

    left: float
    top: float
    scale: float
    height: int
    width: int = WIDTH_PX

    @classmethod
    def of(cls, extent: Extent, paper: Paper = SCREEN) -> "Frame":
        """The frame in which west, south, east, north in degrees are seen whole."""
        (west, east), (south, north) = mercator(np.array(extent[::2]), np.array(extent[1::2]))
        across, up = max(east - west, _NARROWEST) * _AIR, max(south - north, _NARROWEST) * _AIR
        height = round(min(max(paper.width * up / across, paper.lowest), paper.tallest))
        scale = min(paper.width / across, height / up)
        left, top = (west + east) / 2 - paper.width / 2 / scale, (south + north) / 2 - height / 2 / scale
        return cls(float(left), float(top), float(scale), height, paper.width)

    def pixels(self, lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
        """Where places (n,) in degrees lie: right of and below the upper left corner."""
        x, y = mercator(lon, lat)
        return (x - self.left) * self.scale, (y - self.top) * self.scale

    def drawn(self, shape: Any, over: int = 1) -> Any:
        """A shape in degrees (or several) as one in pixels, so many times larger."""
        return shapely.transform(shape, lambda places: np.column_stack(self.pixels(*places.T)) * over)

    def metres_a_pixel(self, lat: float) -> float:
        """What a pixel measures in this latitude."""
        return EQUATOR_M / self.scale * math.cos(math.radians(lat))


def parts(shape: Any, kind: str) -> Iterator[Any]:
    """The points, lines or polygons that a shape is made of, in collections too; none that are empty."""
    for part in shapely.get_parts(shape):
        if hasattr(part, "geoms"):
            yield from parts(part, kind)
        elif part.geom_type == kind and not part.is_empty:
            yield part


def mercator(lon: Floats, lat: Floats) -> tuple[Floats, Floats]:
    """0 to 1 from west to east and from north to south (EPSG:3857 as a unit square)."""
    radians = np.radians(np.clip(lat, -85.05, 85.05))
    return (lon + 180) / 360, (1 - np.arcsinh(np.tan(radians)) / np.pi) / 2
