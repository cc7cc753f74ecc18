"""One projection is true in one place only; zones are true everywhere, and say what nearest_street says in each."""

import numpy as np
import pytest
import shapely

from geoapp.analysis.nearest import NONE, metric_crs, nearest_street
from geoapp.analysis.nearest_in_zones import StreetsInZones

PLACES = [(116.4, 39.9), (87.6, 43.8), (113.3, 23.1), (-0.1, 51.5), (-58.4, -34.6), (179.99, -17.0), (18.0, 69.6)]


@pytest.mark.parametrize("place", PLACES)
def test_the_answers_are_those_of_nearest_street_in_every_part_of_the_world(place: tuple[float, float]) -> None:
    chance = np.random.default_rng(7)
    lon, lat = (centre + chance.uniform(-0.01, 0.01, 500) for centre in place)
    ends = np.stack([lon[:80], lat[:80], lon[80:160], lat[80:160]], axis=1).reshape(-1, 2, 2)
    streets = shapely.linestrings(ends[np.linalg.norm(ends[:, 0] - ends[:, 1], axis=1) < 0.01])
    known, _ = nearest_street(lon, lat, streets, max_distance_m=200, crs=metric_crs(*place))
    found = StreetsInZones(streets, max_distance_m=200).nearest(lon, lat)

    # The middle of the zone may be another than that of its 18 degrees: what is 200 m far may be 200.1 m far.
    assert (found != known).mean() < 0.01
    assert (found != NONE).mean() > 0.3


def test_a_street_across_the_border_of_two_zones_is_found_from_both_sides() -> None:
    # 117 and 120 degrees are the middles of two zones; their border is 118.5.
    streets = shapely.linestrings([[[118.0, 40.0], [119.0, 40.0]], [[118.4, 40.1], [118.4999, 40.1]]])
    lon = np.array([118.499, 118.501, 118.4995, 118.5001, np.nan, 118.2])
    lat = np.array([40.001, 40.001, 40.1, 40.1, 40.0, 40.5])

    assert StreetsInZones(streets, max_distance_m=200).nearest(lon, lat).tolist() == [0, 0, 1, 1, NONE, NONE]


def test_where_there_are_no_streets_nothing_is_nearest() -> None:
    lon, lat = np.array([10.0, 50.0]), np.array([10.0, 10.0])

    assert StreetsInZones(np.array([], object), max_distance_m=200).nearest(lon, lat).tolist() == [NONE, NONE]
    far = np.array([shapely.LineString([(50.1, 10), (50.2, 10)]), None], object)
    assert StreetsInZones(far, max_distance_m=200).nearest(lon, lat).tolist() == [NONE, NONE]
