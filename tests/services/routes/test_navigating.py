"""Links to map apps, at a point whose position in every datum is published."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import eviltransform
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geoapp import services
from geoapp.domain.navigation import LONGEST_NAME, Destination, navigation_links, place_url
from geoapp.domain.routes import PROFILES
from geoapp.services.routes.navigating import destinations
from tests.conftest import NOW, toy_layers, toy_tables

# The reference point of shared data: Tiananmen in WGS 84, GCJ-02 and BD-09.
TIANANMEN = (116.397428, 39.90923)
GCJ02, BD09 = (116.4036716, 39.9106335), (116.4100441, 39.9169729)
METRE_DEG = 1e-5
VADUZ = (9.5209, 47.1410)
KATHMANDU = (85.3240, 27.7172)


def there(district: services.District, place: tuple[float, float], name: str = "天安门") -> Destination:
    return destinations(district, [(name, *place)])[0]


def asked(url: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def links(district: services.District, place: tuple[float, float], profile: str = "car") -> dict[str, str]:
    return {link.app: link.url for link in navigation_links(there(district, place), profile)}


def numbers(text: str) -> tuple[float, ...]:
    return tuple(float(part) for part in text.split(",")[:2])


def test_every_app_gets_the_reference_point_in_the_datum_it_wants(district: services.District) -> None:
    found = links(district, TIANANMEN)

    assert list(found) == ["amap", "baidu", "tencent", "apple", "phone"]
    amap = asked(found["amap"])
    assert numbers(amap["to"]) == pytest.approx(GCJ02, abs=METRE_DEG)
    assert amap["to"].endswith(",天安门")
    assert amap["coordinate"] == "gaode"
    assert amap["mode"] == "car"
    baidu = asked(found["baidu"])
    assert numbers(baidu["location"]) == pytest.approx(BD09[::-1], abs=METRE_DEG)
    assert baidu["coord_type"] == "bd09ll"
    assert numbers(asked(found["tencent"])["tocoord"]) == pytest.approx(GCJ02[::-1], abs=METRE_DEG)
    assert numbers(asked(found["apple"])["daddr"]) == pytest.approx(GCJ02[::-1], abs=METRE_DEG)
    assert found["phone"].startswith("geo:39.909230,116.397428")


def test_the_code_on_paper_opens_the_place_in_amap_by_https(district: services.District) -> None:
    url = urlsplit(place_url(there(district, TIANANMEN)))

    assert (url.scheme, url.hostname, url.path) == ("https", "uri.amap.com", "/marker")
    shown = asked(url.geturl())
    assert numbers(shown["position"]) == pytest.approx(GCJ02, abs=METRE_DEG)
    assert shown["name"] == "天安门"


@given(lon=st.floats(75, 130), lat=st.floats(20, 52))
def test_amap_s_place_is_that_of_another_library(lon: float, lat: float) -> None:
    class InChina:
        zone = "Asia/Shanghai"

    found = there(InChina(), (lon, lat))  # type: ignore[arg-type] - all that is asked of the district is its zone

    other_lat, other_lon = eviltransform.wgs2gcj(lat, lon)
    assert found.gcj02 == pytest.approx((other_lon, other_lat), abs=METRE_DEG)


def test_outside_china_nothing_is_shifted_and_its_apps_are_not_offered(district: services.District) -> None:
    found = links(district, VADUZ)

    assert list(found) == ["google", "osm", "apple", "phone"]
    assert asked(found["google"])["destination"] == "47.141000,9.520900"
    assert asked(found["apple"])["daddr"] == "47.141000,9.520900"
    assert place_url(there(district, VADUZ)).startswith("https://www.openstreetmap.org/?mlat=47.141000&mlon=9.520900")


def test_a_neighbour_within_the_rectangle_of_the_shift_is_not_shifted(tmp_path_factory: pytest.TempPathFactory) -> None:
    tables = toy_tables()
    tables["district"] |= {"timezone": "Asia/Kathmandu"}
    opened = services.found(tmp_path_factory.mktemp("nepal") / "toy", toy_layers(), tables, clock=lambda: NOW)
    district = services.at_this_moment(opened)

    assert there(district, KATHMANDU).gcj02 is None
    opened.close()


@pytest.mark.parametrize("profile", PROFILES)
def test_every_means_of_travel_has_a_word_in_every_app(district: services.District, profile: str) -> None:
    found = links(district, TIANANMEN, profile)

    assert asked(found["amap"])["mode"] in {"car", "ride", "walk"}
    assert asked(found["tencent"])["type"] in {"drive", "bike", "walk"}


@given(name=st.text(max_size=60))
def test_no_name_breaks_an_address(name: str) -> None:
    plain = name.encode("utf-8", "ignore").decode()
    to = Destination(name=plain, wgs84=TIANANMEN, gcj02=GCJ02, bd09=BD09)

    for link in navigation_links(to, "car"):
        assert link.url.isascii()
        assert " " not in link.url
    amap = asked(navigation_links(to, "car")[0].url)
    assert numbers(amap["to"]) == pytest.approx(GCJ02, abs=METRE_DEG)
    assert amap["to"].count(",") == 2
    assert len(amap["to"].split(",")[2]) <= LONGEST_NAME
    assert numbers(asked(place_url(replace(to)))["position"]) == pytest.approx(GCJ02, abs=METRE_DEG)
