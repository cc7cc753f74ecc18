"""What OpenStreetMap's tags come to: who may use a road, which way, how fast, and what fits under and through it."""

import pytest

from geoapp.storage.osm_measures import metres, speed_kmh
from geoapp.storage.osm_roads import closed_at_times, road_kind, road_properties

ALL = "car,bus,bicycle,foot"


def said(tags: str) -> dict[str, object]:
    """The record of a road with tags such as "highway=primary oneway=yes"."""
    known = dict(tag.split("=", 1) for tag in tags.split())
    return road_properties(road_kind(known) or "", known)


@pytest.mark.parametrize(
    ("tags", "uses"),
    [
        ("highway=primary", None),
        ("highway=residential", ALL),
        ("highway=service", None),
        # From the widest word to the narrowest.
        ("highway=primary access=no", "none"),
        ("highway=primary access=private", "none"),
        ("highway=primary access=destination", None),
        ("highway=primary access=no motor_vehicle=yes", "car,bus"),
        ("highway=primary motor_vehicle=yes access=no bicycle=yes", "car,bus,bicycle"),
        ("highway=primary motor_vehicle=no", "bicycle,foot"),
        ("highway=primary vehicle=no bicycle=yes", "bicycle,foot"),
        ("highway=primary motorcar=no", "bus,bicycle,foot"),
        ("highway=track motor_vehicle=agricultural;forestry", None),
        ("highway=track motor_vehicle=destination;agricultural", "car,bicycle,foot"),
        ("highway=track access=agricultural", "none"),
        ("highway=track", None),
        ("highway=residential access=delivery", "none"),
        # Nobody becomes fit for a road by a word that is about everybody.
        ("highway=steps access=yes", None),
        ("highway=footway access=designated", None),
        ("highway=service motor_vehicle=yes", None),
        # Coaches: where cars go a bus in service shows that there is room; bus lanes are not for coaches.
        ("highway=service bus=yes", ALL),
        ("highway=service motor_vehicle=no psv=yes", "bicycle,foot"),
        ("highway=service tourist_bus=designated", ALL),
        ("highway=primary coach=no", "car,bicycle,foot"),
        ("highway=primary bicycle=use_sidepath foot=no", "car,bus"),
        ("highway=footway bicycle=dismount", None),
        ("highway=pedestrian bicycle=yes", "bicycle,foot"),
        # Not there yet, or no longer, or only while it freezes.
        ("highway=primary construction=yes", "none"),
        ("highway=primary construction=minor", None),
        ("highway=residential railway=construction construction=tram", ALL),
        ("highway=primary disused=yes", "none"),
        ("highway=unclassified ice_road=yes", "none"),
        ("highway=service service=emergency_access", "none"),
        # Squares are walked round, not driven round.
        ("highway=service area=yes", "bicycle,foot"),
        ("highway=pedestrian area=yes", None),
        # Mountains.
        ("highway=path sac_scale=hiking", None),
        ("highway=path sac_scale=mountain_hiking", "foot"),
        ("highway=path sac_scale=mountain_hiking bicycle=yes", None),
        ("highway=path sac_scale=alpine_hiking", "none"),
        ("highway=track smoothness=impassable", "foot"),
        ("highway=trunk", None),
        ("highway=trunk motorroad=yes", None),
        ("highway=motorway", None),
    ],
)
def test_tags_say_who_may_use_a_road(tags: str, uses: str | None) -> None:
    assert said(tags).get("uses") == uses


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ("highway=motorway", "highway"),
        ("highway=motorway_link", "highway"),
        ("highway=trunk", "main"),
        ("highway=trunk motorroad=yes", "highway"),
        ("highway=primary_link", "main"),
        ("highway=road", "country_road"),
        ("highway=construction construction=primary", None),
        ("highway=proposed proposed=primary", None),
        ("highway=raceway", None),
        ("highway=via_ferrata", None),
        ("route=ferry", None),
    ],
)
def test_trunk_roads_are_main_roads_and_what_is_not_there_is_no_road(tags: str, kind: str | None) -> None:
    assert road_kind(dict(tag.split("=") for tag in tags.split())) == kind


@pytest.mark.parametrize(
    ("tags", "oneway", "two_way_for"),
    [
        ("highway=primary", None, None),
        ("highway=primary oneway=yes", "forward", None),
        ("highway=primary oneway=-1", "backward", None),
        ("highway=primary oneway=no", None, None),
        ("highway=primary oneway=reversible", None, None),
        ("highway=primary junction=roundabout", "forward", None),
        ("highway=primary junction=circular oneway=no", None, None),
        ("highway=motorway", "forward", None),
        ("highway=motorway_link", "forward", None),
        ("highway=motorway oneway=no", None, None),
        ("highway=residential oneway=yes oneway:bicycle=no", "forward", "bicycle"),
        ("highway=residential oneway=yes cycleway:left=opposite_lane", "forward", "bicycle"),
    ],
)
def test_one_ways_are_said_or_implied(tags: str, oneway: str | None, two_way_for: str | None) -> None:
    assert (said(tags).get("oneway"), said(tags).get("two_way_for")) == (oneway, two_way_for)


@pytest.mark.parametrize(
    ("tags", "level"),
    [
        ("highway=primary bridge=yes", 1),
        ("highway=primary bridge=viaduct layer=2", 2),
        ("highway=primary tunnel=yes", -1),
        ("highway=primary tunnel=yes layer=-3", -3),
        ("highway=primary bridge=no", None),
        ("highway=primary tunnel=avalanche_protector", None),
        ("highway=primary covered=yes", None),
        ("highway=service tunnel=building_passage", None),
        ("highway=primary layer=1", None),
        ("highway=primary bridge=yes layer=high", 1),
    ],
)
def test_bridges_and_tunnels_have_a_level_and_roads_on_the_ground_none(tags: str, level: int | None) -> None:
    assert said(tags).get("level") == level


@pytest.mark.parametrize(
    ("text", "limit"),
    [
        ("50", 50), ("30 mph", 48.3), ("50 km/h", 50), ("50;30", 30), ("walk", 7), ("RU:urban", 50), ("RU:rural", 80),
        ("RU:living_street", 20), ("DE:walk", 7), ("DE:motorway", 120), ("FR:zone30", 30), ("CH:zone:20", 20),
        ("GB-SCT:urban", 50), ("none", None), ("signals", None), ("variable", None), ("0", None), ("", None),
        ("fast", None), ("50;none", 50),
    ],
)  # fmt: skip
def test_speed_limits_are_read_as_people_write_them(text: str, limit: float | None) -> None:
    assert speed_kmh(text) == limit


def test_a_limit_may_stand_in_several_places() -> None:
    assert said("highway=primary maxspeed=60 maxspeed:type=RU:urban")["limit_kmh"] == 60
    assert said("highway=primary maxspeed:type=RO:rural")["limit_kmh"] == 80
    assert said("highway=primary maxspeed:forward=70 maxspeed:backward=50")["limit_kmh"] == 50
    assert "limit_kmh" not in said("highway=primary maxspeed=none")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("3.5", 3.5), ("3.5 m", 3.5), ("3,5m", 3.5), ("12'6\"", 3.81), ("12 ft", 3.66), ("6'", 1.83), ("2 - 3", 2),
        ("2-3", 2), ("2;3.5", 2), ("default", None), ("none", None), ("below_default", None), ("-1", None), ("", None),
        ("0", None), ("narrow", None), ("350 cm", None),
    ],
)  # fmt: skip
def test_heights_and_widths_are_read_as_people_write_them(text: str, found: float | None) -> None:
    assert metres(text) == found


def test_the_widest_vehicle_that_is_let_through_needs_a_wider_road() -> None:
    assert said("highway=primary maxwidth=2.5")["width_m"] == 3.45
    assert said("highway=primary maxwidth=2.6")["width_m"] == 3.55
    assert said("highway=primary width=3 maxwidth=2.6")["width_m"] == 3
    assert said("highway=primary maxheight=default maxheight:physical=3.9")["height_m"] == 3.9


def test_a_pass_that_is_closed_in_winter_counts_as_open_and_is_known() -> None:
    closed = {"highway": "secondary", "access:conditional": "no @ (Nov-May)"}

    assert closed_at_times(closed)
    assert "uses" not in road_properties("main", closed)
    assert not closed_at_times({"highway": "secondary", "access:conditional": "yes @ (Nov-May)"})
