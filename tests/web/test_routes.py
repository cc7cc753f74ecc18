"""The pages of routes over HTTP: stops, form, orders, a plan and its changes, in both languages."""

import re
import time
from datetime import date
from urllib.parse import quote

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.routes import LeftOut, PlannedRoute, RequestedStop, RequestedTeam, RoutePlan, RouteRequest
from geoapp.services.routes.keeping_plans import keep_plan, kept_plan
from geoapp.services.routes.orders import plan_routes
from geoapp.services.routes.planning import Effort
from geoapp.web.routes_form import lunch_of

pytestmark = pytest.mark.alone

DAY = date(2026, 5, 5)
TEAM = {"team-team": "One", "team-start": "图书馆", "team-end": "start", "team-from": "08:30", "team-to": "17:00",
        "team-lunch_from": "12:00", "team-lunch_to": "12:45", "team-townships": "", "team-skills": ""}  # fmt: skip
FORM = TEAM | {"mode": "choose", "date": "2026-05-05", "days": "1", "seconds": "1", "query": "what=problems"}
CHINESE = {"Accept-Language": "zh"}
PATIENCE_S = 120


@pytest.fixture
def plan(district: services.District) -> KeptPlan:
    """Two teams with an hour and a half each and four places, one of them a problem with words that are private."""
    places = {"sites/P1": (0.5, 0.5), "problems/1": (0.5, 0.5), "map/1": (0.52, 0.5), "sites/P2": (0.5, 0.51)}
    stops = [RequestedStop(id=id, lon=lon, lat=lat, service_min=20, value=5, name="<b>P</b>")
             for id, (lon, lat) in places.items()]  # fmt: skip
    teams = [RequestedTeam(id=name, start=(0.5, 0.5), end=(0.5, 0.5), shift=("09:00", "10:30")) for name in "AB"]
    request = RouteRequest(stops=tuple(stops), teams=tuple(teams), dates=(DAY,))
    made = plan_routes(district, request, Effort(iterations=100))
    return keep_plan(district, made, "Tuesday", by="me", selection="township=W")


def latest(district: services.District, plan: KeptPlan) -> KeptPlan:
    return kept_plan(services.at_this_moment(district), plan.id)


def test_the_page_lists_stops_and_offers_teams_in_the_readers_language(client: FlaskClient) -> None:
    page = client.get("/routes").text

    assert '<a href="/sites/P1">Park</a>' in page
    assert 'value="小村"' in page
    assert page.count('name="team-team"') == 2
    chinese = client.get("/routes", headers=CHINESE).text
    assert "排出路线" in chinese
    assert ">Value<" in page
    assert ">价值<" in chinese


def test_the_stops_follow_the_selection_and_the_pages_own_parameters(client: FlaskClient) -> None:
    found = client.get("/routes/stops?what=problems&township=E&hours=no").text
    features = client.get("/routes/stops.geojson?what=problems&township=E").json

    assert re.search(r"<b>2</b>\s*stops", found)
    assert features is not None
    assert {one["id"] for one in features["features"]} == {"problems/3", "problems/4"}
    assert client.get("/routes/stops?points=0.1,0.1;0.2,0.2").text.count("map/") == 0
    assert client.get("/routes/stops.geojson?stops=sites/P2").json["features"][0]["id"] == "sites/P2"  # type: ignore[index]


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("area=1,2;3", "area is not a list of places"),
        ("points=500,0", "points names a place that is none"),
        ("severe=many", "is not a number"),
        ("severe=nan", "is not a number"),
        ("most=5000", "1 to 1,000 stops"),
        ("stops=sites/nobody", "There is no"),
        ("colour=red", "There is no parameter"),
    ],
)
def test_a_link_that_cannot_be_read_is_told_in_a_sentence(client: FlaskClient, query: str, sentence: str) -> None:
    answer = client.get(f"/routes?{query}")

    assert answer.status_code in (400, 404)
    assert sentence in answer.text
    assert "<h1" in answer.text


def test_an_order_is_planned_beside_the_requests_and_becomes_a_plan(
    client: FlaskClient, district: services.District
) -> None:
    answer = client.post("/routes", data=FORM | {"name": "Problems of today"})
    assert answer.status_code == 303, answer.text
    order = answer.headers["Location"]
    until = time.monotonic() + PATIENCE_S
    while (told := client.get(f"{order}.json").json) and not told["plan"] and time.monotonic() < until:
        assert told["state"] in ("waiting", "searching"), told
        time.sleep(0.3)

    assert told is not None
    assert client.get(order).status_code == 303
    page = client.get(told["plan"]).text
    assert "Problems of today" in page
    assert "keeps every rule" in page
    made = kept_plan(services.at_this_moment(district), told["plan"].rsplit("/", 1)[1])
    assert made.selection == "what=problems"
    assert {stop.id for stop in made.plan.request.stops} == {"problems/1", "problems/3", "problems/4", "problems/5"}
    assert client.post(f"{order}/stop").status_code == 303


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"team-start": "Atlantis"}, "There is no place &#39;Atlantis&#39; here"),
        ({"team-from": "17:00", "team-to": "17:00"}, "has no time in it"),
        ({"team-from": "17:00", "team-to": "08:00"}, "ends before it starts"),
        ({"team-townships": "Mars"}, "no township of this district"),
        ({"date": "soon"}, "is not a day"),
        ({"seconds": "9999"}, "A search takes 1 to 600 seconds"),
        ({"days": "99"}, "1 to 31 days"),
        ({"query": "what=problems&township=nowhere"}, "There is nothing to visit"),
        ({"name": "x" * 200}, "a name of 1 to 80 letters"),
    ],
)
def test_a_form_that_cannot_be_planned_comes_back_as_it_was_with_the_reason(
    client: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post("/routes", data=FORM | changed)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert 'name="team-team" value="One"' in answer.text


def test_a_plan_tells_its_days_its_reasons_and_nothing_as_markup(client: FlaskClient, plan: KeptPlan) -> None:
    page = client.get(f"/routes/{plan.id}").text

    assert page.count('class="stop-line"') == 4
    assert "An independent check" in page
    assert "all travel times are estimates" in page
    assert "<b>P</b>" not in page
    assert "行程时间都是按直线" in client.get(f"/routes/{plan.id}", headers=CHINESE).text
    assert client.get("/routes/0123456789ab").status_code == 404


def test_the_map_of_a_plan_is_geojson_with_names(client: FlaskClient, plan: KeptPlan) -> None:
    found = client.get(f"/routes/{plan.id}/features").json
    assert found is not None
    names = {one["properties"].get("stop"): one["properties"]["name"] for one in found["features"]}

    assert names["sites/P1"] == "Park"
    assert names["problems/1"] == "Rubbish"


def test_a_moved_stop_is_answered_with_what_it_costs_and_shown_at_once(
    client: FlaskClient, plan: KeptPlan, district: services.District
) -> None:
    route = next(one for one in plan.plan.routes if one.stops)
    other = "B" if route.team == "A" else "A"
    moved = client.post(f"/routes/{plan.id}/move", data={"stop": route.stops[0].id, "to": f"{DAY} {other}"},
                        headers={"Accept": "application/json"})  # fmt: skip

    assert moved.json is not None
    assert re.match(r"travel [+-]\d+ min\. It (keeps every rule\.|breaks rules: \w)", moved.json["told"])
    assert moved.json["ok"] == latest(district, plan).plan.check.ok
    order = {one.team: [stop.id for stop in one.stops] for one in latest(district, plan).plan.routes}
    assert route.stops[0].id in order[other]
    assert client.get(f"/routes/{plan.id}/account").text.count('<ol class="stops">') == sum(map(bool, order.values()))
    assert client.post(f"/routes/{plan.id}/back").status_code == 303
    assert latest(district, plan).plan == plan.plan


def test_a_change_tells_the_fault_that_it_makes_and_none_that_was_there_before(
    client: FlaskClient, plan: KeptPlan
) -> None:
    def change(address: str, **form: str) -> str:
        answer = client.post(f"/routes/{plan.id}/{address}", data=form, headers={"Accept": "application/json"})
        assert answer.json is not None
        return str(answer.json["told"])

    assert "has to be visited" in change("stop", stop="map/1", must="yes") + change("move", stop="map/1", to="")
    told = change("stop", stop="sites/P1", service_min="300")

    assert "It breaks rules" in told
    assert "has to be visited" not in told
    account = client.get(f"/routes/{plan.id}/account").text
    hours = [int(hour) for hour in re.findall(r'class="hour">(\d+)<', account)]
    assert hours[0] == 9
    assert hours[-1] >= 14
    assert "breaks rules" in client.get(f"/routes/compare?one={plan.id}&other={plan.id}").text


def test_a_stop_is_pinned_left_out_and_put_back(
    client: FlaskClient, plan: KeptPlan, district: services.District
) -> None:
    route = next(one for one in plan.plan.routes if one.stops)
    stop = route.stops[0].id
    client.post(f"/routes/{plan.id}/pin", data={"stop": stop, "to": f"{DAY} {route.team}"})
    assert "pinned" in client.get(f"/routes/{plan.id}").text
    client.post(f"/routes/{plan.id}/pin", data={"stop": stop, "to": ""})
    client.post(f"/routes/{plan.id}/move", data={"stop": stop, "to": ""})

    assert [left.id for left in latest(district, plan).plan.left_out] == [stop]
    assert "Left out, and why" in client.get(f"/routes/{plan.id}").text
    client.post(f"/routes/{plan.id}/move", data={"stop": stop, "to": f"{DAY} {route.team}", "place": "1"})
    assert latest(district, plan).plan.left_out == ()


def test_a_stop_gets_other_minutes(client: FlaskClient, plan: KeptPlan, district: services.District) -> None:
    form = {"stop": "map/1", "service_min": "7", "must": "yes"}
    told = client.post(f"/routes/{plan.id}/stop", data=form, headers={"Accept": "application/json"}).json
    stop = next(one for one in latest(district, plan).plan.request.stops if one.id == "map/1")

    assert told is not None
    assert "keeps every rule" in told["told"]
    assert (stop.service_min, stop.walk_min, stop.must) == (7, 0, True)


def test_a_script_is_told_in_a_sentence_why_a_change_was_refused(client: FlaskClient, plan: KeptPlan) -> None:
    answer = client.post(f"/routes/{plan.id}/stop", data={"stop": "sites/P1", "service_min": "-5"},
                         headers={"Accept": "application/json"})  # fmt: skip

    assert answer.status_code == 400
    assert answer.json is not None
    assert "service_min cannot be -5" in answer.json["error"]


def test_deadlines_before_the_first_day_bind_no_more(client: FlaskClient, district: services.District) -> None:
    query = "what=problems&deadlines=yes"
    assert "deadlines=yes" in client.get(f"/routes/stops?{query}").text
    order = client.post("/routes", data=FORM | {"query": query, "date": "2026-05-08"}).headers["Location"]
    request = client.application.extensions["geoapp-planning"].get(order.rsplit("/", 1)[1]).request

    # Problem 3 is due on the 5th.
    assert [stop.deadline for stop in request.stops if stop.id == "problems/3"] == [None]


def test_a_shift_that_is_over_by_lunch_has_none() -> None:
    given = {"from": "08:30", "to": "12:00", "lunch_from": "12:00", "lunch_to": "12:45"}

    assert lunch_of(given) is None
    assert lunch_of(given | {"to": "14:00"}) == ("12:00", "12:45")


def test_a_tour_is_of_the_first_team_by_coach_to_every_stop_with_a_walk(
    client: FlaskClient, district: services.District
) -> None:
    two = {name: [text, text] for name, text in TEAM.items()} | {"team-team": ["One", "Two"]}
    form = FORM | two | {"mode": "all", "order": "given", "walk_min": "2", "query": "stops=sites/P2,problems/4"}
    answer = client.post("/routes", data=form)
    assert answer.status_code == 303, answer.text
    until = time.monotonic() + PATIENCE_S
    order = answer.headers["Location"]
    while not (told := client.get(f"{order}.json").json or {}).get("plan") and time.monotonic() < until:
        time.sleep(0.3)
    made = kept_plan(services.at_this_moment(district), told["plan"].rsplit("/", 1)[1]).plan

    assert (made.request.profile, made.request.order, len(made.request.teams)) == ("bus", "given", 1)
    assert {stop.walk_min for stop in made.request.stops} == {2}
    assert [len(route.stops) for route in made.routes] == [2]


@pytest.mark.parametrize(
    ("action", "form", "status"),
    [
        ("move", {"stop": "sites/P1", "to": "2026-05-05 Nobody"}, 404),
        ("move", {"stop": "sites/P9", "to": ""}, 404),
        ("move", {"stop": "sites/P1", "to": "soon A"}, 400),
        ("move", {"stop": "sites/P1", "to": "2026-05-05 A", "place": "-1"}, 400),
        ("stop", {"stop": "sites/P1", "service_min": "many"}, 400),
        ("stop", {"stop": "sites/P1", "service_min": "-5"}, 400),
        ("stop", {"stop": "sites/P9", "service_min": "5"}, 404),
        ("name", {"name": ""}, 400),
        ("noon", {"now": "soon"}, 400),
        ("move", {"stop": "sites/P1", "to": "2026-05-05 B", "place": "9" * 5_000}, 400),
        ("replan", {"seconds": "1", "seed": "-1"}, 400),
        ("noon", {"now": "12:00", "day": "soon"}, 400),
        ("replan", {"seconds": "many"}, 400),
    ],
)
def test_a_change_that_cannot_be_is_refused_and_changes_nothing(
    client: FlaskClient, plan: KeptPlan, district: services.District, action: str, form: dict[str, str], status: int
) -> None:
    answer = client.post(f"/routes/{plan.id}/{action}", data=form)

    assert answer.status_code == status
    assert latest(district, plan) == plan


def test_a_plan_that_runs_past_midnight_is_shown_and_printed_and_can_be_put_right(
    client: FlaskClient, plan: KeptPlan
) -> None:
    change = {"stop": "sites/P1", "service_min": "900", "walk_min": "60"}
    assert client.post(f"/routes/{plan.id}/stop", data=change).status_code == 303

    for paper in ("", "/account", "/sheet", "/booklet", "/phone", "/features", ".gpx", ".xlsx", ".geojson",
                  "/programme", "/programme.docx", "/programme?late=15&at=sites/P1", "/scores"):  # fmt: skip
        assert client.get(f"/routes/{plan.id}{paper}").status_code == 200, paper
    endless = client.post(f"/routes/{plan.id}/stop", data=change | {"walk_min": "999999"})
    assert endless.status_code == 400
    assert "more than two days" in endless.text
    assert client.post(f"/routes/{plan.id}/stop", data=change | {"service_min": "20"}).status_code == 303


def test_plans_are_renamed_compared_and_deleted(
    client: FlaskClient, plan: KeptPlan, district: services.District
) -> None:
    other = keep_plan(district, plan.plan, "Copy", by="me", basis=plan.id)
    client.post(f"/routes/{plan.id}/name", data={"name": "<i>New</i>"})
    compared = client.get(f"/routes/compare?one={plan.id}&other={other.id}").text

    assert "&lt;i&gt;New&lt;/i&gt;" in compared
    assert re.search(r"Stops visited</th><td class=\"number\">4</td><td class=\"number\">4</td>", compared)
    assert f"/routes/compare?one={plan.id}" in client.get(f"/routes/{other.id}").text
    assert client.post(f"/routes/{other.id}/delete").headers["Location"] == "/routes"
    assert client.get(f"/routes/{other.id}").status_code == 404


def test_strangers_look_and_change_nothing(client: FlaskClient, plan: KeptPlan, district: services.District) -> None:
    stranger = {"REMOTE_ADDR": "192.168.1.7"}
    for address, form in ((f"/routes/{plan.id}/move", {"stop": "sites/P1", "to": ""}), ("/routes", FORM),
                          (f"/routes/{plan.id}/delete", {})):  # fmt: skip
        assert client.post(address, data=form, environ_base=stranger).status_code == 403
    foreign = client.post(f"/routes/{plan.id}/delete", headers={"Origin": "http://elsewhere.example"})
    assert foreign.status_code == 403
    assert latest(district, plan) == plan


def test_the_rest_of_a_day_is_ordered_from_what_is_done(client: FlaskClient, plan: KeptPlan) -> None:
    done = [stop.id for route in plan.plan.routes for stop in route.stops[:1]]
    answer = client.post(f"/routes/{plan.id}/noon", data={"now": "09:40", "done": done, "seconds": "1"})

    assert answer.status_code == 303
    assert "/routes/orders/" in answer.headers["Location"]
    order = client.get(f"{answer.headers['Location']}.json").json
    assert order is not None
    assert order["state"] in ("waiting", "searching", "done")


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"date": "9999-12-31", "days": "2"}, "no day of the years 1900 to 2199"),
        ({"team-team": "a\nb"}, "no name for a team"),
        ({"team-team": ".."}, "no name for a team"),
        ({"team-team": ["x"] * 51, "team-start": ["nowhere"] * 51}, "more than the 50"),
        ({"query": "area=" + "0.1,0.1;0.9,0.2;" * 600}, "3 to 1,000 corners"),
        ({"seed": "1.5"}, "not a whole number"),
    ],
)
def test_a_form_that_asks_for_too_much_or_for_nothing_that_is_comes_back_with_a_sentence(
    client: FlaskClient, changed: dict[str, str], sentence: str
) -> None:
    answer = client.post("/routes", data=FORM | changed)

    assert answer.status_code == 400
    assert sentence in answer.text
    assert answer.text.count('name="team-team"') <= 50


def test_the_page_of_a_plan_of_many_stops_and_days_has_one_list_of_days_for_all(
    client: FlaskClient, district: services.District
) -> None:
    teams = [RequestedTeam(id=f"T{number}", start=(0.5, 0.5)) for number in range(50)]
    stops = [RequestedStop(id=f"map/{number}", lon=0.5, lat=0.5) for number in range(30)]
    days = tuple(date(2026, 5, day) for day in range(1, 32))
    request = RouteRequest(stops=tuple(stops), teams=tuple(teams), dates=days)
    routes = [PlannedRoute(team=team.id, date=day) for day in days for team in teams]
    left = [LeftOut(id=stop.id, reason="", bound="shift") for stop in stops]
    kept = keep_plan(district, RoutePlan(request=request, routes=tuple(routes), left_out=tuple(left)), "Big", by="me")
    page = client.get(f"/routes/{kept.id}/account").text

    assert page.count('<option value="2026-05-31 T49"') == 1
    assert page.count('list="team-days"') == 30
    done = client.post(f"/routes/{kept.id}/move", data={"stop": "map/7", "to": "2026-05-31 T49"})
    assert done.status_code == 303
    assert any(one.id == "map/7" for route in latest(district, kept).plan.routes for one in route.stops)


def test_names_of_teams_may_have_any_letters(client: FlaskClient, district: services.District) -> None:
    team = RequestedTeam(id="Ä & B/一组 <x>", start=(0.5, 0.5), end=(0.5, 0.5))
    stop = RequestedStop(id="map/1", lon=0.52, lat=0.5)
    made = plan_routes(district, RouteRequest(stops=(stop,), teams=(team,), dates=(DAY,)), Effort(iterations=5))
    kept = keep_plan(district, made, "Letters", by="me")
    page = client.get(f"/routes/{kept.id}").text

    assert quote("Ä & B/一组 <x>", safe="/") in page
    assert "<x>" not in page
