"""The view of standards along streets: its numbers, its files, and what may be written from it."""

import io
import re
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.services.coverage.line_files import lines_of_instance
from geoapp.services.coverage.line_standards import line_standards
from geoapp.web import create_app
from tests.services.coverage.toy_lines import along, line, road, site, street

TOILETS = "/coverage?view=lines&standard=toilet_500&lang=en"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[services.District]:
    """A street of 2 km that fails from 500 to 1,100 m, and where nobody knows of any notice board."""
    found = along(tmp_path, streets=[street("S1", line(0, 2_000))], sites=[site("T1", 0), site("T2", 1_600)])
    yield found
    found.close()


@pytest.fixture
def client(opened: services.District) -> FlaskClient:
    return create_app(opened).test_client()


def test_the_page_tells_what_fails_by_street_stretch_and_township(client: FlaskClient) -> None:
    page = client.get(TOILETS).text

    assert "0.6 km of 2 km fail" in page
    assert "500 to 1,100 m" in page
    assert "Public toilet within 500 m of every point" in page
    assert re.search(r'href="/streets/S1">Long Street</a>', page)
    assert re.search(r'href="/townships/W">West</a></td><td class="number">0.6 km', page)


def table_of(page: str, id: str) -> str:
    part = page[page.index(f'id="{id}"') :]
    return part[: part.index("</table>")]


def test_the_worst_of_a_street_is_that_of_the_townships_that_are_asked_for(tmp_path: Path) -> None:
    """West of the border at 1,113 m the nearest is 600 m away at most, east of it 1,000 m."""
    found = along(tmp_path, streets=[street("S1", line(0, 2_600))], sites=[site("T1", 400), site("T2", 1_600)],
                  roads=[road(line(0, 2_600))])  # fmt: skip
    reader = create_app(found).test_client()
    everywhere, west = (table_of(reader.get(TOILETS + query).text, "by-street") for query in ("", "&township=W"))
    found.close()

    assert '<td class="number">1,000 m</td>' in everywhere
    assert re.search(r'<td class="number">(59\d|600) m</td>', west)
    assert "1,000 m" not in west


def test_a_few_metres_are_not_rounded_away(tmp_path: Path) -> None:
    found = along(tmp_path, streets=[street("S1", line(0, 1_000))], sites=[site("T1", 0), site("T2", 1_003)],
                  roads=[road(line(0, 1_010))])  # fmt: skip
    page = create_app(found).test_client().get(TOILETS).text
    found.close()

    assert "3 m of 1 km fail" in page


def test_what_nobody_can_tell_of_is_not_said_to_keep_the_standard(tmp_path: Path) -> None:
    far = street("S2", line(0, 400, lat=0.51), name="远街")
    near = street("S1", line(0, 900))
    for number, (streets, told) in enumerate((([near, far], "0 km of 1.3 km fail"), ([far], "0.4 km: nobody can"))):
        found = along(tmp_path / str(number), streets=streets, sites=[site("T1", 450)])
        page = create_app(found).test_client().get(TOILETS).text
        found.close()
        assert told in page
        assert "keep the standard" not in page


def test_where_nothing_wanted_is_known_it_says_so_and_shows_no_failing_street(client: FlaskClient) -> None:
    page = client.get("/coverage?view=lines&standard=notice_300&lang=en").text

    assert "nobody can say which stretches fail" in page
    assert "Failing stretches" not in page
    assert "as trouble spots" not in page


def test_the_map_s_lines_add_up_to_the_street(client: FlaskClient) -> None:
    answer = client.get("/coverage/lines.geojson?standard=toilet_500")
    found = answer.json["features"]
    lengths = {one["properties"]["class"]: 0.0 for one in found}
    for one in found:
        lengths[one["properties"]["class"]] += one["properties"].get("length_m", 0)

    assert lengths == {"failing": pytest.approx(600, abs=0.2), "kept": pytest.approx(1_400, abs=0.2), "wanted": 0}
    assert client.get("/coverage/lines.geojson?standard=toilet_500", headers={"If-None-Match": answer.headers["ETag"]}
                      ).status_code == 304  # fmt: skip


def test_a_township_s_part_is_asked_for_by_its_code(client: FlaskClient) -> None:
    page = client.get(f"{TOILETS}&township=E").text

    assert "Failing stretches" not in page
    assert 'href="/townships/W"' not in page
    assert "All 0.89 km keep the standard" in page
    found = client.get("/coverage/lines.geojson?standard=toilet_500&township=E").json["features"]
    assert "failing" not in {one["properties"]["class"] for one in found}


def test_the_workbook_holds_the_same_numbers(client: FlaskClient) -> None:
    answer = client.get("/coverage/lines.xlsx?standard=toilet_500&lang=en")
    book = openpyxl.load_workbook(io.BytesIO(answer.data))

    assert book.sheetnames[:1] == ["Failing stretches"]
    rows = [*book.worksheets[0].iter_rows(values_only=True)]
    stretch = next(row for row in rows if row[0] and str(row[0]).startswith("LINE-toilet_500-"))
    assert stretch[1] == "Long Street"
    assert [pytest.approx(value, abs=0.2) for value in stretch[2:5]] == [500, 1_100, 600]


def test_the_workbook_tells_of_how_many_metres_nobody_can_tell(tmp_path: Path) -> None:
    far = street("S2", line(0, 400, lat=0.51), name="远街")
    found = along(tmp_path, streets=[street("S1", line(0, 2_000)), far], sites=[site("T1", 0), site("T2", 1_600)])
    answer = create_app(found).test_client().get("/coverage/lines.xlsx?standard=toilet_500&lang=en")
    found.close()
    book = openpyxl.load_workbook(io.BytesIO(answer.data))
    heading, *rows = book["By township"].iter_rows(values_only=True)
    length_m, failing_m, unknown_m, kept = next(row[1:5] for row in rows if row[0] == "West")

    assert heading[1:5] == ("Length, m", "Failing, m", "Nobody can tell, m", "Share that keeps it")
    assert (length_m - failing_m - unknown_m) / (length_m - unknown_m) == pytest.approx(kept, abs=1e-3)
    assert unknown_m == pytest.approx(400, abs=0.2)


def test_stretches_are_listed_once_and_the_page_tells_how_many(client: FlaskClient) -> None:
    first = client.post("/coverage/lines/spots", data={"standard": "toilet_500"})
    again = client.post("/coverage/lines/spots", data={"standard": "toilet_500"})

    assert first.status_code == again.status_code == 303
    assert first.location.endswith("added=1")
    assert again.location.endswith("added=0")
    page = client.get(f"{first.location}&lang=en").text
    assert "1 trouble spots were added." in page
    assert "All 1 stretches are listed as trouble spots." in page
    assert "Long Street: no public toilet within 500 m on 600 m" in client.get("/sites?role=trouble&lang=en").text


def test_only_geoapp_s_own_pages_write(client: FlaskClient) -> None:
    for address in ("/coverage/lines/spots", "/coverage/lines/standards"):
        refused = client.post(address, data={"standard": "toilet_500"}, headers={"Origin": "http://elsewhere.example"})
        assert refused.status_code == 403


def test_metres_are_changed_and_standards_added_and_removed(client: FlaskClient, opened: services.District) -> None:
    def known() -> dict[str, int]:
        return {code: one.metres for code, one in line_standards(services.at_this_moment(opened)).items()}

    def send(**form: str | list[str]) -> int:
        seq = str(services.at_this_moment(opened).present.seq)
        return client.post("/coverage/lines/standards", data={"seq": seq, **form}).status_code

    assert send(action="change", standard="toilet_500", metres="400") == 303
    assert known()["toilet_500"] == 400
    assert "Public toilet within 400 m" in client.get(TOILETS).text
    added = {"action": "add", "wanted": "sites:park", "metres": "800", "rule": "within", "streets": ["main", "lane"]}
    assert send(**added) == 303
    assert known()["park-within-main-lane"] == 800
    assert send(**added) == 409
    assert send(action="remove", standard="park-within-main-lane") == 303
    assert "park-within-main-lane" not in known()


@pytest.mark.parametrize(
    ("form", "status", "sentence"),
    [
        ({"action": "add", "wanted": "sites:park", "metres": "5", "rule": "within", "streets": "main"}, 400, "metres="),
        ({"action": "add", "wanted": "sites:park", "metres": "x", "rule": "within", "streets": "main"}, 400, "metres="),
        ({"action": "add", "wanted": "sites:park", "metres": "500", "rule": "within"}, 400, "kind of street"),
        ({"action": "add", "wanted": "roads:x", "metres": "500", "rule": "within", "streets": "main"}, 400, "kind of"),
        ({"action": "change", "standard": "none", "metres": "500"}, 404, "no standard along streets"),
        ({"action": "burn", "standard": "toilet_500"}, 400, "action="),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(client: FlaskClient, form: dict[str, str], status: int, sentence: str
                                                 ) -> None:  # fmt: skip
    answer = client.post("/coverage/lines/standards?lang=en", data={"seq": "1", **form})

    assert (answer.status_code, sentence in answer.text) == (status, True)


@pytest.mark.parametrize("wrong", ["standard=none", "added=x", "standard=toilet_500&township=%00"])
def test_a_link_to_what_is_not_there_still_opens_the_page(client: FlaskClient, wrong: str) -> None:
    assert client.get(f"/coverage?view=lines&{wrong}").status_code in (200, 400, 404)


def test_without_any_standard_the_page_offers_to_add_one(client: FlaskClient, opened: services.District) -> None:
    for code in line_standards(opened):
        seq = str(services.at_this_moment(opened).present.seq)
        client.post("/coverage/lines/standards", data={"action": "remove", "standard": code, "seq": seq})
    page = client.get("/coverage?view=lines&lang=en").text

    assert "No standard along streets is known yet." in page
    assert "Add a standard" in page


def test_the_command_line_s_account_is_the_page_s(opened: services.District) -> None:
    opened.close()
    found = lines_of_instance(opened.config, "toilet_500")
    (account,) = found["standards"]

    assert account["failing_m"] == pytest.approx(600, abs=0.2)
    assert [one["street"] for one in account["stretches"]] == ["长街"]
    assert "0.60 of 2.00 km fail, in 1 stretches" in found["sentence"]
