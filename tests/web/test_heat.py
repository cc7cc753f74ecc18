"""The heat map's page and tiles."""

import io
import re

import numpy as np
import pytest
from flask.testing import FlaskClient
from PIL import Image

from geoapp import services
from geoapp.domain.selection import Scope, Selection

TILE = "/tiles/heat/8/128/127.png"


def opacity(client: FlaskClient, address: str) -> np.ndarray:
    answer = client.get(address)
    assert (answer.status_code, answer.mimetype) == (200, "image/png"), answer.text
    return np.asarray(Image.open(io.BytesIO(answer.data)).convert("RGBA"))[:, :, 3]


def test_the_page_says_what_is_on_it_what_is_not_and_on_which_scale(client: FlaskClient) -> None:
    page = client.get("/heat").text

    assert re.search(r'<span id="matched">5</span> reports', page)
    assert "and 1 without a place, which are not on it" in page
    assert "reports per km² and month" in page
    assert "found from May 2, 2026 to May 4, 2026" in page
    assert 'href="/problems?' in page


def test_reports_outside_the_district_are_counted_but_the_surface_is_cut(
    client: FlaskClient, district: services.District
) -> None:
    found = services.heat(district, Selection(), Scope.FULL, services.HeatStyle())
    # The problem at lon 2.5 lies beyond the district's border at lon 2.
    assert (found.shown, found.without_place, found.imprecise) == (5, 1, 0)
    west, east = opacity(client, "/tiles/heat/12/2053/2042.png"), opacity(client, "/tiles/heat/12/2076/2042.png")

    assert west.any()
    assert not east.any()


def test_a_selection_changes_the_picture_and_its_scale(client: FlaskClient) -> None:
    everything = client.get("/heat/table").text
    parking = client.get("/heat/table?category=05").text

    assert '<span id="matched">2</span>' in parking
    assert everything != parking
    assert client.get(TILE).data != client.get(f"{TILE}?category=05").data


def test_only_what_is_known_exactly_or_by_its_site_is_drawn(client: FlaskClient, district: services.District) -> None:
    client.post("/data/unplaced/problems/6", data={"at": "0.25,0.25", "precision": "village", "placed_by": "小村"})
    page = client.get("/heat").text

    assert "1 whose place is only roughly known" in page


@pytest.mark.parametrize(
    "query", ["bandwidth=7", "bandwidth=x", "weight=beauty", "colour=red", "bandwidth=300&bandwidth=500"]
)
def test_what_a_surface_cannot_be_made_by_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{TILE}?{query}").status_code == 400
    if "colour" not in query and query.count("bandwidth") < 2:
        page = client.get(f"/heat?{query}")
        assert (page.status_code, "Everything is shown instead." in page.text) == (400, True)


def test_a_tile_is_asked_for_once(client: FlaskClient) -> None:
    tag = client.get(TILE).headers["ETag"]

    assert client.get(TILE, headers={"If-None-Match": tag}).status_code == 304
    assert client.get("/tiles/heat/30/0/0.png").status_code == 400


@pytest.mark.parametrize("weight", ["count", "severity", "overdue"])
def test_every_weight_has_its_scale(client: FlaskClient, weight: str) -> None:
    page = client.get(f"/heat?weight={weight}&bandwidth=1000")

    assert page.status_code == 200
    assert f'<option value="{weight}" ' in page.text


HEADINGS = "问题编号,镇街,存在问题,类别,发现时间,经度,纬度\n"


def bring(client: FlaskClient, rows: list[str]) -> None:
    text = HEADINGS + "\n".join(rows) + "\n"
    answer = client.post("/data/uploads", data={"layer": "problems", "file": (io.BytesIO(text.encode()), "a.csv")})
    client.post(f"{answer.headers['Location']}/bring")


def test_a_placeholder_is_named_and_left_out_everywhere_with_one_click(client: FlaskClient) -> None:
    heap = [f"H-{n},西乡,某处,暴露垃圾,2026-05-03 {n // 60:02}:{n % 60:02},0.123456,0.654321" for n in range(100)]
    spread = [f"S-{n},西乡,某处,暴露垃圾,2026-05-03 09:00,0.{n + 100},0.{n + 300}" for n in range(200)]
    bring(client, [*heap, *spread])
    page = client.get("/heat?category=02").text
    assert "<b>100</b> on one spot with suspiciously many others" in page
    assert "100 at 0.123456, 0.654321" in page
    (link,) = re.findall(r'href="(/heat\?[^"]*without=%40heaps)"', page)

    without = client.get(link.replace("&amp;", "&")).text
    assert '<span id="matched">202</span>' in without
    assert "suspiciously many" not in without.split('id="table"')[1]
    query = "category=02&without=@heaps"
    assert client.get(f"/api/v1/problems?{query}&limit=1").json["numberMatched"] == 202
    assert 'Problems: <span id="matched">202</span>' in client.get(f"/problems?{query}").text
    assert (
        client.get(f"/problems.csv?{query}").text.count("\n")
        == 203 + client.get("/problems.csv?q=nobody").text.count("\n") - 1
    )


def test_what_is_found_in_the_future_or_said_twice_is_named(client: FlaskClient) -> None:
    bring(client, ["F-1,西乡,某处,暴露垃圾,2026-06-03,0.3,0.3", "D-1,西乡,某处,暴露垃圾,2026-05-01,0.4,0.4",
                   "D-2,西乡,某处,暴露垃圾,2026-05-01,0.4,0.4"])  # fmt: skip
    page = client.get("/heat").text

    # It is nine in the morning of 4 May, and two problems of the toy district were found at noon.
    assert "<b>3</b> found in the future" in page
    assert "<b>1</b> exact repetitions of an earlier one" in page
    assert client.get("/api/v1/problems?without=@future,@duplicates").json["numberMatched"] == 5
    assert client.get("/api/v1/problems?without=@beauty").status_code == 400
