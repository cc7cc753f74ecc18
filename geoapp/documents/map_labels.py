"""Names on a map: the largest areas first, and none over another."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import shapely
from PIL import ImageDraw

from geoapp.documents.map_frame import parts
from geoapp.documents.typeface import BOLD, Typeface

NAME_PX, VALUE_PX = 24, 22
INK = "#16242e"
HALO_PX = 3

Box = tuple[float, float, float, float]
Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Label:
    """A text and a second line under it; x, y: the middle of the baseline between the two, in pixels."""

    text: str
    value: str
    x: float
    y: float

    def box(self, typeface: Typeface) -> Box:
        """What it covers, with its rim: left, top, right, bottom in pixels."""
        half = max(typeface.width(self.text, NAME_PX, BOLD), typeface.width(self.value, VALUE_PX)) / 2 + HALO_PX
        return self.x - half, self.y - NAME_PX, self.x + half, self.y + (VALUE_PX + 8 if self.value else 8)


def placed(areas: Iterable[tuple[Any, str, str]], taken: Sequence[Box], size: Size, typeface: Typeface) -> list[Label]:
    """The labels that have room, of areas as (shape in pixels, text, value); a crowded one first loses its value.

    taken: what no label may cover. size: of the map in pixels. Each stands where its area, as far as seen, is widest.
    """
    boxes, made = list(taken), []
    seen = [(_largest_seen(shape, size), text, value) for shape, text, value in areas if text]
    for shape, text, value in sorted(seen, key=lambda one: -float(one[0].area)):
        if not shape.area:
            break
        middle = shapely.get_point(shapely.maximum_inscribed_circle(shape, tolerance=1), 0)
        x, y = middle.x, middle.y + NAME_PX / 3
        for label in (Label(text, value, x, y - (VALUE_PX / 2 if value else 0)), Label(text, "", x, y)):
            box = label.box(typeface)
            if _inside(box, size) and not any(_overlap(box, other) for other in boxes):
                boxes.append(box)
                made.append(label)
                break
    return made


def draw_label(canvas: ImageDraw.ImageDraw, typeface: Typeface, label: Label, above: int) -> None:
    """Draw a label with a white rim, on a map that begins so many pixels down."""
    at = (label.x, label.y + above)
    typeface.draw(canvas, at, label.text, NAME_PX, INK, weight=BOLD, anchor="ms", halo=HALO_PX)
    if label.value:
        below = (at[0], at[1] + VALUE_PX + 2)
        typeface.draw(canvas, below, label.value, VALUE_PX, INK, anchor="ms", halo=HALO_PX)


def _largest_seen(shape: Any, size: Size) -> Any:
    clipped = shapely.clip_by_rect(shape, 0, 0, size[0], size[1])
    return max(parts(clipped, "Polygon"), key=lambda part: float(part.area), default=shapely.Polygon())


def _inside(box: Box, size: Size) -> bool:
    return box[0] > 0 and box[1] > 0 and box[2] < size[0] and box[3] < size[1]


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
