"""Shifted Chinese coordinates, there and back."""

import coord_convert.transform as coord_convert
import eviltransform
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp.analysis.datum import DATUMS, converted
from geoapp.domain.errors import BadInput

# Inside China's provinces: well within the rectangle in which the shifts hold.
lons, lats = st.floats(80, 130), st.floats(20, 50)
TIANANMEN = {"wgs84": (116.397428, 39.90923), "gcj02": (116.4036716, 39.9106335), "bd09": (116.4100441, 39.9169729)}


@pytest.mark.parametrize("source", DATUMS)
@pytest.mark.parametrize("target", DATUMS)
def test_tiananmen_stands_where_each_map_shows_it(source: str, target: str) -> None:
    lon, lat = converted(*([part] for part in TIANANMEN[source]), source, target)

    assert (lon[0], lat[0]) == pytest.approx(TIANANMEN[target], abs=2e-6)


@given(lons, lats)
def test_it_agrees_with_eviltransform(lon: float, lat: float) -> None:
    for target, other in (("gcj02", eviltransform.wgs2gcj), ("bd09", eviltransform.wgs2bd)):
        there_lat, there_lon = other(lat, lon)
        found = converted([lon], [lat], "wgs84", target)
        assert (found[0][0], found[1][0]) == pytest.approx((there_lon, there_lat), abs=1e-6)
    # Its inverse is found by halving and may be off by a metre: its own way there judges our way back.
    found = converted([lon], [lat], "gcj02", "wgs84")
    assert eviltransform.wgs2gcj(found[1][0], found[0][0]) == pytest.approx((lat, lon), abs=1e-6)


@given(lons, lats)
def test_it_agrees_with_coord_convert(lon: float, lat: float) -> None:
    for source, target, other in (
        ("wgs84", "gcj02", coord_convert.wgs2gcj),
        ("wgs84", "bd09", coord_convert.wgs2bd),
        ("gcj02", "bd09", coord_convert.gcj2bd),
    ):
        found = converted([lon], [lat], source, target)
        assert (found[0][0], found[1][0]) == pytest.approx(other(lon, lat), abs=1e-6)


@given(st.lists(st.tuples(lons, lats), min_size=1, max_size=20), st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_there_and_back_is_the_same(places: list[tuple[float, float]], source: str, target: str) -> None:
    lon, lat = np.array(places).T
    back = converted(*converted(lon, lat, source, target), target, source)

    assert np.abs(back[0] - lon).max() < 1e-9
    assert np.abs(back[1] - lat).max() < 1e-9


@given(st.floats(-180, 180), st.floats(-85, 85), st.sampled_from(DATUMS), st.sampled_from(DATUMS))
def test_outside_the_rectangle_nothing_is_shifted(lon: float, lat: float, source: str, target: str) -> None:
    if 71 <= lon <= 139 and -1 <= lat <= 57:
        lon -= 180
    found = converted([lon], [lat], source, target)

    assert (found[0][0], found[1][0]) == (lon, lat)


def test_what_has_no_place_has_none_in_any_datum() -> None:
    lon, lat = converted([np.nan, 116.0], [40.0, np.nan], "bd09", "wgs84")

    assert np.isnan(lon[0])
    assert np.isnan(lat[1])


def test_the_shift_is_about_half_a_kilometre() -> None:
    lon, lat = converted([116.6], [40.3], "wgs84", "gcj02")

    assert 0.005 < lon[0] - 116.6 < 0.007
    assert 0.0005 < lat[0] - 40.3 < 0.002


def test_another_datum_is_refused() -> None:
    with pytest.raises(BadInput, match="'tokyo' is not one of wgs84, gcj02, bd09"):
        converted([1.0], [1.0], "tokyo", "wgs84")


def test_nothing_becomes_nothing() -> None:
    assert [len(part) for part in converted([], [], "gcj02", "wgs84")] == [0, 0]
