"""Routes on a map picture: a square of one degree with a way from west to east."""

import io
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image

from geoapp.documents.map_frame import Frame
from geoapp.documents.map_picture import Area, MapPicture, Points, map_picture
from geoapp.documents.map_routes import ARROW_EVERY_PX, DISC_PX, Mark, Path, placed_marks
from geoapp.documents.typeface import Typeface

BLUE, RED = "#0072b2", "#d55e00"
EXTENT = (0.0, 0.0, 1.0, 1.0)
FRAME = Frame.of(EXTENT)
WAY = Path(shapely.LineString([(0.1, 0.5), (0.9, 0.5)]), BLUE)
TOY = MapPicture(title="", subtitle="", extent=EXTENT, areas=(Area(shapely.box(0, 0, 1, 1), ""),), lines=(),
                 points=Points.none(), paths=(WAY,))  # fmt: skip


def pixels(picture: MapPicture, typeface: Typeface) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(map_picture(picture, typeface))))


def at(drawn: NDArray[np.uint8], lon: float, lat: float, aside: int = 0) -> str:
    """The colour of a place, or so many pixels above it."""
    (x,), (y,) = FRAME.pixels(np.array([lon]), np.array([lat]))
    return "#{:02x}{:02x}{:02x}".format(*drawn[int(y) - aside, int(x)])


def count(drawn: NDArray[np.uint8], colour: str) -> int:
    return int((drawn == tuple(bytes.fromhex(colour[1:]))).all(axis=2).sum())


def test_a_way_has_its_team_s_colour_from_end_to_end(typeface: Typeface) -> None:
    drawn = pixels(TOY, typeface)

    seen = [at(drawn, lon, 0.5) for lon in np.linspace(0.12, 0.88, 100).tolist()]
    # The rims of its arrows are white.
    assert seen.count(BLUE) > 85
    assert at(drawn, 0.05, 0.5) == at(drawn, 0.95, 0.5) != BLUE


def test_a_way_that_is_no_road_is_dashed(typeface: Typeface) -> None:
    solid, dashed = pixels(TOY, typeface), pixels(replace(TOY, paths=(replace(WAY, dashed=True),)), typeface)

    assert count(dashed, BLUE) == pytest.approx(0.66 * count(solid, BLUE), rel=0.15)


def test_arrows_point_along_the_way(typeface: Typeface) -> None:
    # Their broad ends stick out of the line: behind their middles, seen in the direction of the way.
    assert broad_ends(WAY, typeface) < -2
    assert broad_ends(replace(WAY, shape=WAY.shape.reverse()), typeface) > 2


def broad_ends(way: Path, typeface: Typeface) -> float:
    """How far east of the middle of its arrow what sticks out of the line lies, in pixels."""
    drawn = pixels(replace(TOY, paths=(way,)), typeface)
    (west, east), (y, _) = FRAME.pixels(np.array([0.1, 0.9]), np.array([0.5, 0.5]))
    out = np.flatnonzero((drawn[int(y) - 6] == tuple(bytes.fromhex(BLUE[1:]))).all(axis=1))
    part = (east - west) / max(round((east - west) / ARROW_EVERY_PX), 1)
    return float(np.mean((out - west) % part - part / 2))


def test_a_stop_is_a_disc_with_a_white_number_and_an_end_a_square_without(typeface: Typeface) -> None:
    alone = replace(TOY, paths=())
    stop = pixels(replace(alone, marks=(Mark("8", 0.5, 0.5, RED),)), typeface)
    end = pixels(replace(alone, marks=(Mark("", 0.5, 0.5, RED),)), typeface)

    assert at(stop, 0.5, 0.5, DISC_PX - 3) == RED
    assert 0.5 < count(stop, RED) / (np.pi * DISC_PX**2) < 0.95
    assert at(end, 0.5, 0.5) == "#ffffff"
    assert at(end, 0.5, 0.5, DISC_PX // 2) == RED


places = st.lists(st.tuples(st.floats(0.3, 0.7), st.floats(0.3, 0.7)), min_size=1, max_size=25)


@settings(deadline=None)
@given(places=places)
def test_no_number_hides_another_one_and_none_leaves_the_map(places: list[tuple[float, float]]) -> None:
    marks = placed_marks([Mark(str(number), *place, RED) for number, place in enumerate(places, 1)], FRAME)

    shown = np.array([mark.shown for mark in marks])
    for number, one in enumerate(shown):
        others = np.delete(shown, number, axis=0)
        assert (np.hypot(*(others - one).T) > 1.2 * DISC_PX).all()
    assert (shown > 0).all()
    assert (shown[:, 0] < FRAME.width).all()
    assert (shown[:, 1] < FRAME.height).all()


@given(lon=st.floats(0.1, 0.9), lat=st.floats(0.1, 0.9))
def test_a_stop_that_has_room_stays_where_it_is(lon: float, lat: float) -> None:
    (mark,) = placed_marks([Mark("1", lon, lat, RED)], FRAME)

    assert mark.shown == mark.at
