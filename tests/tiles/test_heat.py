"""The heat surface: as much of it as there are points, near to other kernels, without seams, cut at the border."""

import io
import json
import os
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from KDEpy import FFTKDE
from numpy.typing import NDArray
from PIL import Image

from geoapp.tiles.heat import EARTH_M, Border, HeatSurface, blur, finest_zoom
from geoapp.tiles.heat_picture import palette, picture
from geoapp.tiles.morton import NOWHERE, encode, world

LON, LAT = 116.6, 40.35


def points(number: int, seed: int = 1, spread: float = 0.02) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    chance = np.random.default_rng(seed)
    middles = chance.normal(0, spread, (5, 2))
    lon, lat = (middles[chance.integers(0, 5, number)] + chance.normal(0, spread / 4, (number, 2))).T
    return LON + lon, LAT + lat


def surface(
    lon: NDArray[np.float64], lat: NDArray[np.float64], bandwidth_m: float = 300, **more: object
) -> HeatSurface:
    return HeatSurface(encode(lon, lat), None, bandwidth_m=bandwidth_m, latitude=LAT, **more)  # type: ignore[arg-type]


def middle(zoom: int) -> tuple[int, int]:
    x, y = world(np.array([LON]), np.array([LAT]))
    return int(x[0] * 2**zoom), int(y[0] * 2**zoom)


def cell_km2(zoom: int) -> float:
    return float((EARTH_M * np.cos(np.radians(LAT)) / 2**zoom / 1000) ** 2)


@pytest.mark.parametrize("bandwidth_m", [100, 300, 1_000])
def test_the_surface_adds_up_to_the_number_of_points(bandwidth_m: int) -> None:
    made = surface(*points(5_000), bandwidth_m)
    zoom = finest_zoom(bandwidth_m, LAT)
    column, row = middle(zoom)
    reach = round(16_000 / (EARTH_M * np.cos(np.radians(LAT)) / 2**zoom))
    density = made.grid(zoom, column - reach, row - reach, 2 * reach, 2 * reach)

    assert density.sum() * cell_km2(zoom) == pytest.approx(5_000, rel=0.005)
    assert made.total == 5_000


def test_it_is_the_surface_that_another_library_computes() -> None:
    lon, lat = points(100_000)
    made, zoom = surface(lon, lat), finest_zoom(300, LAT)
    column, row = middle(zoom)
    half = 160
    density = made.grid(zoom, column - half, row - half, 2 * half, 2 * half)
    x, y = world(lon, lat)
    places = np.column_stack([x * 2**zoom - column, y * 2**zoom - row])
    axis = np.arange(-1024, 1024) + 0.5
    grid = np.column_stack([part.ravel() for part in np.meshgrid(axis, axis, indexing="ij")])
    deviation = 300 / (EARTH_M * np.cos(np.radians(LAT)) / 2**zoom)
    other = FFTKDE(kernel="gaussian", bw=deviation).fit(places).evaluate(grid).reshape(2048, 2048).T
    other = other[1024 - half : 1024 + half, 1024 - half : 1024 + half] * len(lon) / cell_km2(zoom)

    assert np.corrcoef(density.ravel(), other.ravel())[0, 1] > 0.999
    assert np.abs(density - other).max() < 0.03 * other.max()


@pytest.mark.parametrize("z", [9, 12, 14, 16, 18, 20])
def test_tiles_meet_without_a_seam(z: int) -> None:
    made = surface(*points(20_000))
    column, row = middle(z)
    here, east, south = made.tile(z, column, row), made.tile(z, column + 1, row), made.tile(z, column, row + 1)
    steepest = max(np.abs(np.diff(here, axis=axis)).max() for axis in (0, 1)) + 1e-3 * here.max() + 1e-6

    assert here.shape == (256, 256)
    assert np.abs(here[:, -1] - east[:, 0]).max() <= 2 * steepest
    assert np.abs(here[-1] - south[0]).max() <= 2 * steepest


def test_a_point_is_a_hill_of_its_own_width_at_its_own_place() -> None:
    made = surface(np.array([LON]), np.array([LAT]), 300)
    zoom = finest_zoom(300, LAT)
    column, row = middle(zoom)
    density = made.grid(zoom, column - 60, row - 60, 121, 121)
    down, across = np.unravel_index(density.argmax(), density.shape)
    profile = density[60] / density.max()
    cell_m = EARTH_M * np.cos(np.radians(LAT)) / 2**zoom

    assert (int(down), int(across)) == (60, 60)
    # Three running means end a tenth below the tip of a Gaussian; over many points nothing of that is left.
    assert density.max() == pytest.approx(1 / (2 * np.pi * 0.3**2), rel=0.11)
    assert profile[60 + round(300 / cell_m)] == pytest.approx(np.exp(-0.5), abs=0.08)


def test_what_a_border_cuts_off_is_made_up_for() -> None:
    chance = np.random.default_rng(3)
    zoom = finest_zoom(300, LAT)
    column, row = middle(zoom)
    side = 400
    x, y = (np.array([column, row])[:, None] + chance.uniform(0, side, (2, 400_000))) / 2**zoom
    lon, lat = x * 360 - 180, np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * y))))
    border = Border(zoom, column, row, np.ones((side, side), bool))
    cut = surface(lon, lat, border=border).grid(zoom, column - 40, row - 40, side + 80, side + 80)
    plain = surface(lon, lat).grid(zoom, column - 40, row - 40, side + 80, side + 80)
    expected = 400_000 / (side**2 * cell_km2(zoom))

    assert cut[40:-40, 40:-40].mean() == pytest.approx(expected, rel=0.01)
    assert cut[240, 40] == pytest.approx(expected, rel=0.15)
    assert plain[240, 40] == pytest.approx(expected / 2, rel=0.15)
    assert np.abs(cut[:40]).max() == 0


def test_weights_count_and_what_has_no_place_does_not() -> None:
    codes = np.concatenate([encode(np.array([LON, LON]), np.array([LAT, LAT])), [NOWHERE]])
    made = HeatSurface(codes, np.array([1.0, 2.5, 100.0]), bandwidth_m=300, latitude=LAT)

    assert made.total == 3.5


@given(st.floats(0.1, 60))
@settings(deadline=None)
def test_the_running_means_are_as_wide_as_the_kernel(deviation: float) -> None:
    reach, widths = blur(deviation)
    variance = sum((width**2 - 1) / 12 for width in widths)

    assert all(width % 2 for width in widths)
    assert reach == sum(width // 2 for width in widths)
    # Odd widths cannot meet every variance: they come as near as the next odd one.
    assert abs(variance - deviation**2) <= (max(widths) + 2) / 3


def test_colours_stand_for_densities_and_nothing_is_drawn_where_nothing_is() -> None:
    density = np.zeros((256, 256), np.float32)
    density[0, :3] = 10, 20, 99
    image = Image.open(io.BytesIO(picture(density, 20.0, palette()))).convert("RGBA")

    assert image.getpixel((200, 200))[3] == 0
    assert image.getpixel((1, 0)) == image.getpixel((2, 0)) == palette()[255]
    assert image.getpixel((0, 0)) == palette()[127]


CODE = """
import numpy as np
from geoapp.tiles.heat import HeatSurface
from geoapp.tiles.morton import encode, world
lon, lat = np.random.default_rng(1).normal((116.6, 40.35), 0.01, (60, 2)).T
made = HeatSurface(encode(lon, lat), None, bandwidth_m=1000, latitude=40.35)
column, row = (int(axis[0] * 2**17) for axis in world(np.array([116.6]), np.array([40.35])))
print(made.grid(17, column, row, 6, 6).round(3).tolist())
"""


def test_the_kernel_says_the_same_without_its_compiler() -> None:
    told = [
        subprocess.run([sys.executable, "-c", CODE], env=os.environ | how, capture_output=True, text=True, check=True)
        for how in ({"NUMBA_DISABLE_JIT": "1"}, {})
    ]

    assert told[0].stdout == told[1].stdout
    assert np.max(json.loads(told[0].stdout)) > 0
