"""A heat surface as pictures: densities on one scale, in colours that colour-blind eyes tell apart."""

import io
from collections.abc import Sequence

import numpy as np
from branca.colormap import linear
from numpy.typing import NDArray
from PIL import Image

STEPS = 256
# Opacity of 255: it comes in over the first tenth, so that no edge shows where there is next to nothing.
COMES_IN, FAINT, STRONG = 26, 110, 215


def palette() -> list[tuple[int, int, int, int]]:
    """Red, green, blue and opacity of every step, from nothing to the most (ColorBrewer's YlOrRd)."""
    colours = vars(linear)["YlOrRd_09"].scale(0, STEPS - 1)
    steps = [colours.rgb_bytes_tuple(step) for step in range(STEPS)]
    ramp = np.interp(np.arange(STEPS), [0, COMES_IN, STEPS - 1], [0, FAINT, STRONG]).round().astype(int).tolist()
    return [(*rgb, opacity) for rgb, opacity in zip(steps, ramp, strict=True)]


def coloured(density: NDArray[np.float32], top: float) -> NDArray[np.uint8]:
    """The step of the palette for each density: 0 to `top` over all steps, more than that as the last."""
    if top <= 0:
        return np.zeros(density.shape, np.uint8)
    steps: NDArray[np.uint8] = np.clip(np.ceil(density * ((STEPS - 1) / top) - 0.5), 0, STEPS - 1).astype(np.uint8)
    return steps


def picture(density: NDArray[np.float32], top: float, colours: Sequence[tuple[int, int, int, int]]) -> bytes:
    """A PNG of densities (rows, columns): 0 to `top` over the palette, more than that as the top."""
    image = Image.fromarray(coloured(density, top), "P")
    image.putpalette(bytes(part for colour in colours for part in colour[:3]))
    out = io.BytesIO()
    # The palette and the lightest compression take a sixteenth of the time that colours and the strongest do.
    image.save(out, "PNG", transparency=bytes(colour[3] for colour in colours), compress_level=1)
    return out.getvalue()
