"""Points on a picture: few as discs with a white rim, many as a cloud that is denser where more of them are."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw
from scipy.ndimage import correlate1d

from geoapp.documents.map_frame import Floats

# Up to here every point has a disc of its own, whose radius in pixels depends on how many there are.
FEW = 4_000
RADII = ((200, 7.0), (1_000, 5.5), (FEW, 4.0))
RIM = 1.5
# A point of the cloud, across and down; where one lies alone, the ground still shows through its middle.
_SPOT = np.array([0.25, 0.9, 1.0, 0.9, 0.25])
_ALONE = 0.65
_MARGIN = len(_SPOT) // 2


def draw_discs(board: Image.Image, x: Floats, y: Floats, colours: NDArray[np.uint8], *, over: int) -> None:
    """Draw one disc a point (n,) on a board whose pixels are `over` times smaller; the last one lies on top.

    colours: (n, 3). No more than FEW points are meant to come.
    """
    canvas = ImageDraw.Draw(board)
    radius = next((radius for most, radius in RADII if len(x) <= most), RADII[-1][1])
    for right, down, colour in zip((x * over).tolist(), (y * over).tolist(), colours.tolist(), strict=True):
        for half, fill in ((radius + RIM, (255, 255, 255)), (radius, tuple(colour))):
            canvas.ellipse((right - half * over, down - half * over, right + half * over, down + half * over), fill)


def with_cloud(board: Image.Image, x: Floats, y: Floats, colours: NDArray[np.uint8]) -> Image.Image:
    """The board with any number of points (n,), half transparent, each pixel in the mean colour of its points.

    colours: (n, 3). The time depends on the pixels, hardly on the points: they are counted by pixel and the counts
    spread over a spot. What is behind k spots shines through as e^-k does.
    """
    pixels = np.asarray(board, dtype=np.float32)
    height, width = pixels.shape[0] + 2 * _MARGIN, pixels.shape[1] + 2 * _MARGIN
    column, row = np.floor(x).astype(np.int64) + _MARGIN, np.floor(y).astype(np.int64) + _MARGIN
    near = (column >= 0) & (column < width) & (row >= 0) & (row < height)
    place, colours = row[near] * width + column[near], colours[near]
    spots = _spread(np.bincount(place, minlength=height * width), height)
    sums = [_spread(np.bincount(place, weights=part, minlength=height * width), height) for part in colours.T]
    mean = np.stack(sums, axis=-1) / np.maximum(spots, 1e-6)[..., None]
    opaque = 1 - np.exp(np.log(1 - _ALONE) * spots)[..., None]
    return Image.fromarray(np.rint(pixels + (mean - pixels) * opaque).clip(0, 255).astype(np.uint8))


def _spread(counts: NDArray[np.generic], height: int) -> NDArray[np.float32]:
    """Sums by pixel, each spread over a spot; without the margin."""
    sums = counts.reshape(height, -1).astype(np.float32)
    spread = correlate1d(correlate1d(sums, _SPOT, axis=0, mode="constant"), _SPOT, axis=1, mode="constant")
    return np.asarray(spread[_MARGIN:-_MARGIN, _MARGIN:-_MARGIN], dtype=np.float32)
