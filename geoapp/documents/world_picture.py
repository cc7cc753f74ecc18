"""Pictures that lie on a map: a PNG with a world file and its coordinate system beside it (EPSG:3857)."""

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from pyproj import CRS

from geoapp.documents.map_frame import EQUATOR_M, Extent, mercator, parts

CRS_OF_PICTURES = "EPSG:3857"
# Half a shade of the map beneath shows through.
OPACITY = 190
Edges = tuple[float, float, float, float]


def write_world_picture(image: Image.Image, edges: Edges, target: Path) -> list[Path]:
    """Write a picture with its world file (.pgw) and coordinate system (.prj); what was written.

    edges: west, north, east and south as parts of the world (Web Mercator as a unit square).
    """
    west, north, east, south = edges
    across, down = (east - west) * EQUATOR_M / image.width, (north - south) * EQUATOR_M / image.height
    # A world file tells the middle of the first pixel.
    left, top = (west - 0.5) * EQUATOR_M + across / 2, (0.5 - north) * EQUATOR_M + down / 2
    world, crs = target.with_suffix(".pgw"), target.with_suffix(".prj")
    written = io.BytesIO()
    image.save(written, "PNG")
    target.write_bytes(written.getvalue())
    world.write_text("".join(f"{value:.10f}\n" for value in (across, 0.0, 0.0, down, left, top)), "ascii")
    crs.write_text(CRS.from_user_input(CRS_OF_PICTURES).to_wkt("WKT1_ESRI"), "ascii")
    return [target, world, crs]


def surface_picture(rgba: NDArray[np.uint8]) -> Image.Image:
    """A surface (rows, columns, 4) as a picture."""
    return Image.fromarray(rgba, "RGBA")


def shapes_picture(shapes: Sequence[tuple[Any, str]], extent: Extent, wide: int) -> tuple[Image.Image, Edges]:
    """Areas and lines in degrees in their colours on nothing, so many pixels wide; and the edges of the picture."""
    (west, east), (north, south) = mercator(np.array(extent[::2]), np.array([extent[3], extent[1]]))
    scale = wide / (east - west)
    high = max(round((south - north) * scale), 1)
    image = Image.new("RGBA", (wide, high))
    canvas = ImageDraw.Draw(image)

    def placed(line: Any) -> list[tuple[float, float]]:
        x, y = mercator(*np.array(line.coords)[:, :2].T)
        return list(zip(((x - west) * scale).tolist(), ((y - north) * scale).tolist(), strict=True))

    for shape, colour in shapes:
        fill = (*bytes.fromhex(colour[1:]), OPACITY)
        for polygon in parts(shape, "Polygon"):
            canvas.polygon(placed(polygon.exterior), fill=fill)
        for line in parts(shape, "LineString"):
            canvas.line(placed(line), fill=fill, width=max(wide // 300, 2))
    return image, (float(west), float(north), float(east), float(north + high / scale))
