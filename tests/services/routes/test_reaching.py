"""What is told of places away from the roads: a town of 500 m, and roads that one cannot get to."""

import pytest

from geoapp.routing.dijkstra import Dijkstra
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from geoapp.routing.snapping import Snapper
from geoapp.routing.travel import RoadTravel, StraightTravel
from geoapp.services.routes.reaching import reach_sentences
from tests.routing.toy_roads import MILLI, graph_of, grid, line


def town() -> RoadTravel:
    """Five by five streets, an island 22 km east of them with a road of its own, and a street one cannot leave."""
    island, trap = (Road("main"), line((200, 0), (202, 0))), (Road("main", oneway="forward"), line((4, 4), (4, 7)))
    found = graph_of(*grid(5), island, trap)
    return RoadTravel(found, Dijkstra(found), Snapper(found))


@pytest.mark.parametrize(
    ("place", "told"),
    [
        ((2, 0.1), None),
        ((2, -2), "From the road 223 m are walked."),
        ((2, -9), "The nearest road by which one gets there and back is 1,002 m away, more than 500 m."),
        ((4.1, 6), "The road 11 m from it is cut off from the others: one does not get there and back. "
                   "From the road 223 m are walked."),
        ((201, 0), "The road 0 m from it is cut off from the others: one does not get there and back. The nearest road "
                   "by which one gets there and back is 21,930 m away, more than 500 m."),
    ],
)  # fmt: skip
def test_places_are_told_how_far_the_roads_are(place: tuple[float, float], told: str | None) -> None:
    sentence = reach_sentences(town(), [(place[0] * MILLI, place[1] * MILLI)])[0]

    assert (sentence and str(sentence)) == told


def test_where_nobody_may_drive_no_road_leads_anywhere() -> None:
    steps = graph_of((Road("steps"), line((0, 0), (1, 0))))
    travel = RoadTravel(steps, Dijkstra(steps), Snapper(steps))

    assert str(reach_sentences(travel, [(0.0, 0.0)])[0]) == "There is no road by which one gets there and back."


def test_straight_lines_reach_everywhere() -> None:
    assert reach_sentences(StraightTravel(PROFILES["car"]), [(0.0, 0.0), (90.0, 0.0)]) == [None, None]
