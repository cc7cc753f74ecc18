"""A map as a picture, on two square townships that share the meridian lon = 1 and stand on the equator."""

import io
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from PIL import Image
from pyproj import Geod, Transformer

from geoapp.documents import map_labels
from geoapp.documents import map_picture as module
from geoapp.documents.map_frame import EQUATOR_M, Frame, mercator
from geoapp.documents.map_picture import Area, Line, MapPicture, Points, map_picture
from geoapp.documents.map_points import FEW, draw_discs, with_cloud
from geoapp.documents.typeface import Typeface

WEST = Area(shapely.box(0, 0, 1, 1), "西乡", "2,000 人", fill="#aaccee")
EAST = Area(shapely.box(1, 0, 2, 1), "东镇", fill="#eeccaa")
TOY = MapPicture(
    title="玩具区",
    subtitle="全部 · 共 2 条",
    extent=(0, 0, 2, 1),
    areas=(WEST, EAST),
    lines=(Line(shapely.LineString([(0.2, 0.2), (1.8, 0.2)]), "#9c8f78", 4),),
    points=Points.none(),
    legend=(("#c23b3b", "已逾期"), ("#2f7fb5", "办理中")),
    notes=("边界为示意。", "© OpenStreetMap"),
)
BARE = replace(TOY, title="", legend=(), notes=())
RED, BLUE = (0xC2, 0x3B, 0x3B), (0x2F, 0x7F, 0xB5)


def pixels(picture: MapPicture, typeface: Typeface) -> NDArray[np.uint8]:
    return np.asarray(Image.open(io.BytesIO(map_picture(picture, typeface))))


def colour_at(picture: MapPicture, typeface: Typeface, lon: float, lat: float) -> str:
    """The colour of a place on a picture without header."""
    (x,), (y,) = Frame.of(picture.extent).pixels(np.array([lon]), np.array([lat]))
    return "#{:02x}{:02x}{:02x}".format(*pixels(picture, typeface)[int(y), int(x)])


def some(lon: Any, lat: Any, colour: Any = None) -> Points:
    colours = np.zeros(len(lon), np.intp) if colour is None else np.asarray(colour)
    return Points(np.asarray(lon, float), np.asarray(lat, float), colours, ("#c23b3b", "#2f7fb5"))


@settings(deadline=None)
@given(lon=st.floats(-180, 180), lat=st.floats(-85, 85))
def test_the_projection_is_web_mercator(lon: float, lat: float) -> None:
    x, y = mercator(np.array([lon]), np.array([lat]))
    metres = Transformer.from_crs(4326, 3857, always_xy=True).transform(lon, lat)

    assert (x[0] - 0.5) * EQUATOR_M == pytest.approx(metres[0], abs=0.01)
    assert (0.5 - y[0]) * EQUATOR_M == pytest.approx(metres[1], abs=0.01)


@given(west=st.floats(-179, 178), south=st.floats(-80, 79), wide=st.floats(0, 1), high=st.floats(0, 1))
def test_the_whole_extent_is_seen_and_fills_the_picture_one_way(
    west: float, south: float, wide: float, high: float
) -> None:
    frame = Frame.of((west, south, west + wide, south + high))
    x, y = frame.pixels(np.array([west, west + wide]), np.array([south, south + high]))

    assert 700 <= frame.height <= 1_500
    assert 0 <= x[0] <= x[1] <= 1_080
    assert 0 <= y[1] <= y[0] <= frame.height
    if min(wide, high) > 0.01:
        assert x[1] - x[0] > 1_000 or y[0] - y[1] > 0.93 * frame.height


def test_a_pixel_measures_what_the_earth_does() -> None:
    frame = Frame.of((116.2, 40.2, 116.9, 41.1))
    metres = Geod(ellps="WGS84").line_length([116.5, 116.6], [40.65, 40.65])
    x, _ = frame.pixels(np.array([116.5, 116.6]), np.array([40.65, 40.65]))

    # The sphere of Web Mercator differs from the ellipsoid by up to 0.4 %.
    assert frame.metres_a_pixel(40.65) * (x[1] - x[0]) == pytest.approx(metres, rel=0.004)


def test_a_picture_has_a_header_a_map_and_a_footer(typeface: Typeface) -> None:
    whole, bare = pixels(TOY, typeface), pixels(BARE, typeface)

    assert bare.shape == (700, 1_080, 3)
    assert whole.shape[1] == 1_080
    assert whole.shape[0] > 700 + 150
    assert (whole[0] == 255).all()
    assert (whole[-1] == 255).all()


def test_areas_have_their_colours_and_the_ground_its_own(typeface: Typeface) -> None:
    assert colour_at(BARE, typeface, 0.1, 0.9) == "#aaccee"
    assert colour_at(BARE, typeface, 1.9, 0.9) == "#eeccaa"
    assert colour_at(BARE, typeface, 0.1, 1.05) == module.GROUND
    assert colour_at(replace(BARE, areas=(Area(WEST.shape, ""),)), typeface, 0.1, 0.9) == module.NO_FILL
    assert colour_at(BARE, typeface, 0.5, 0.2) == "#9c8f78"


def test_a_hole_in_an_area_shows_what_lies_under_it(typeface: Typeface) -> None:
    holed = Area(shapely.box(0, 0, 1, 1) - shapely.box(0.7, 0.7, 0.9, 0.9), "", fill="#aaccee")
    picture = replace(BARE, areas=(holed,))

    assert colour_at(picture, typeface, 0.8, 0.8) == module.GROUND
    assert colour_at(picture, typeface, 0.95, 0.8) == "#aaccee"


def border_runs(picture: MapPicture, typeface: Typeface) -> int:
    """Into how many pieces the shared meridian falls, between the road and the upper end."""
    frame = Frame.of(picture.extent)
    (x,), (low,) = frame.pixels(np.array([1.0]), np.array([0.3]))
    _, (high,) = frame.pixels(np.array([1.0]), np.array([0.95]))
    strip = pixels(picture, typeface)[int(high) : int(low), round(x) - 3 : round(x) + 3]
    dark = strip.astype(int).sum(axis=2).min(axis=1) < 400
    return int((dark[1:] & ~dark[:-1]).sum() + dark[0])


def test_a_schematic_border_is_dashed_and_an_official_one_is_not(typeface: Typeface) -> None:
    plain = replace(BARE, areas=(replace(WEST, label=""), replace(EAST, label="")))
    dashed = replace(plain, areas=tuple(replace(area, dashed=True) for area in plain.areas))

    assert border_runs(plain, typeface) == 1
    # Both townships draw this border, and still there are gaps in it: every 15 pixels of about 330.
    assert border_runs(dashed, typeface) == pytest.approx(330 / 15, abs=2)


def test_points_lie_where_they_should_in_their_colours_the_last_one_on_top(typeface: Typeface) -> None:
    picture = replace(BARE, points=some([0.2, 1.8, 1.8], [0.8, 0.8, 0.8], [0, 0, 1]))

    assert colour_at(picture, typeface, 0.2, 0.8) == "#c23b3b"
    assert colour_at(picture, typeface, 1.8, 0.8) == "#2f7fb5"


def test_a_disc_has_a_white_rim() -> None:
    board = Image.new("RGB", (200, 200), "#000000")
    draw_discs(board, np.array([50.0]), np.array([50.0]), np.array([RED], np.uint8), over=2)
    row = np.asarray(board)[100]

    assert (row[100] == RED).all()
    assert (row[100 + 16] == 255).all()
    assert (row[100 + 20] == 0).all()


def test_discs_are_smaller_the_more_there_are() -> None:
    def covered(count: int) -> int:
        board = Image.new("RGB", (100, 100), "#000000")
        centre = np.full(count, 50.0)
        draw_discs(board, centre, centre, np.full((count, 3), 200, np.uint8), over=1)
        return int((np.asarray(board) > 0).any(axis=2).sum())

    assert covered(10) > covered(500) > covered(2_000) > 0


def test_a_cloud_is_denser_where_more_points_are() -> None:
    board = Image.new("RGB", (60, 20), "#ffffff")
    x, y = np.array([10.5] + [40.5] * 10), np.full(11, 10.5)
    made = np.asarray(with_cloud(board, x, y, np.full((11, 3), 0, np.uint8)))

    # One point alone lets 35 % of the ground through, ten at one place nothing.
    assert made[10, 10, 0] == pytest.approx(255 * 0.35, abs=1)
    assert made[10, 40, 0] == 0
    assert made[10, 25, 0] == 255


def test_a_cloud_mixes_the_colours_of_its_points() -> None:
    board = Image.new("RGB", (20, 20), "#ffffff")
    places = np.full(40, 10.5)
    colours = np.array([RED, BLUE] * 20, np.uint8)
    made = np.asarray(with_cloud(board, places, places, colours)).astype(float)

    assert made[10, 10] == pytest.approx((np.array(RED) + np.array(BLUE)) / 2, abs=2)


@settings(deadline=None)
@given(x=st.floats(-50, 150), y=st.floats(-50, 150))
def test_a_point_of_a_cloud_changes_nothing_three_pixels_away(x: float, y: float) -> None:
    board = Image.new("RGB", (100, 100), "#ffffff")
    made = np.asarray(with_cloud(board, np.array([x]), np.array([y]), np.zeros((1, 3), np.uint8)))
    rows, columns = np.nonzero((made < 255).any(axis=2))

    assert (np.abs(rows + 0.5 - y) <= 3).all()
    assert (np.abs(columns + 0.5 - x) <= 3).all()
    assert len(rows) == 0 or min(x, y) >= -3
    if min(x, y) >= 3 and max(x, y) <= 97:
        assert len(rows) == 25


def test_very_many_points_and_points_nowhere_are_drawn(typeface: Typeface) -> None:
    many = FEW + 1
    lon, lat = np.full(many, 0.2), np.full(many, 0.8)
    lon[0] = lat[0] = np.nan
    lon[1] = 170.0

    assert colour_at(replace(BARE, points=some(lon, lat)), typeface, 0.2, 0.8) == "#c23b3b"
    assert colour_at(replace(BARE, points=some(lon[:2], lat[:2])), typeface, 0.2, 0.8) == "#aaccee"


def labels(areas: list[tuple[Any, str, str]], typeface: Typeface) -> list[map_labels.Label]:
    return map_labels.placed(areas, [], (1_080, 700), typeface)


def test_the_larger_area_keeps_its_label_and_a_crowded_one_loses_its_own(typeface: Typeface) -> None:
    small, large = (shapely.box(430, 330, 470, 370), "小", ""), (shapely.box(200, 100, 700, 600), "大镇", "9 人")

    assert [label.text for label in labels([small, large], typeface)] == ["大镇"]
    assert [label.text for label in labels([small], typeface)] == ["小"]


def test_a_label_stands_in_the_part_that_is_seen(typeface: Typeface) -> None:
    (label,) = labels([(shapely.box(-5_000, 100, 300, 600), "西乡", "")], typeface)

    assert 0 < label.x < 300
    assert labels([(shapely.box(-5_000, 100, -10, 600), "西乡", "")], typeface) == []


corner = st.tuples(st.integers(-100, 1_100), st.integers(-100, 700))


@settings(deadline=None)
@given(places=st.lists(st.tuples(corner, st.integers(20, 400), st.integers(20, 400)), max_size=12))
def test_labels_never_lie_over_each_other_nor_over_the_edge(typeface: Typeface, places: Any) -> None:
    areas = [(shapely.box(x, y, x + w, y + h), f"镇{n}", f"{n * 111} 人") for n, ((x, y), w, h) in enumerate(places)]
    boxes = [shapely.box(*label.box(typeface)) for label in labels(areas, typeface)]

    assert all(shapely.box(0, 0, 1_080, 700).contains(box) for box in boxes)
    assert shapely.union_all(boxes).area == pytest.approx(sum(box.area for box in boxes))


def test_what_is_meant_is_marked(typeface: Typeface) -> None:
    point, area = (replace(BARE, highlight=shape) for shape in (shapely.Point(0.2, 0.8), WEST.shape))
    frame = Frame.of(BARE.extent)
    (x,), (y,) = frame.pixels(np.array([0.2]), np.array([0.8]))
    ring = pixels(point, typeface)[int(y), int(x) + module.RING_PX - 2]

    assert "#{:02x}{:02x}{:02x}".format(*ring) == module.BRAND
    assert colour_at(point, typeface, 0.2, 0.8) == "#aaccee"
    assert colour_at(area, typeface, 0.0, 0.6) == module.BRAND


def test_the_scale_bar_is_as_long_as_it_says(typeface: Typeface) -> None:
    row = pixels(replace(BARE, areas=(), lines=()), typeface)[700 - 24].astype(int).sum(axis=1)
    dark = np.flatnonzero(row < 150)
    metres = Frame.of(BARE.extent).metres_a_pixel(0.5) * (dark[-1] - dark[0])

    # Two degrees of the equator are 223 km: a bar of a quarter or less is 50 km long.
    assert metres == pytest.approx(50_000, rel=0.02)


kinds = st.sampled_from([
    shapely.Point(0.5, 0.5), shapely.LineString([(0, 0), (2, 1)]), shapely.box(0.2, 0.2, 0.8, 0.8),
    shapely.MultiPolygon([shapely.box(0, 0, 0.4, 0.4), shapely.box(1, 0, 1.4, 0.4)]), shapely.Polygon(),
    shapely.GeometryCollection([shapely.Point(1, 1), shapely.MultiPolygon([shapely.box(0, 0, 0.4, 0.4)])]),
])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(shapes=st.lists(kinds, max_size=4), mark=st.none() | kinds, wide=st.sampled_from([0.0, 1e-4, 2.0, 90.0]))
def test_any_shape_can_be_drawn(typeface: Typeface, shapes: Any, mark: Any, wide: float) -> None:
    areas = tuple(Area(shape, "名", "1", dashed=bool(number % 2)) for number, shape in enumerate(shapes))
    lines = tuple(Line(shape, "#000000") for shape in shapes)
    picture = replace(BARE, areas=areas, lines=lines, highlight=mark, extent=(0, 0, wide, wide / 3))

    assert pixels(picture, typeface).shape == (700 if wide > 0.01 else 1_080, 1_080, 3)
