"""Plans ordered at the desk: real worker processes, two at once, stopped early, refused, and kept in the ledger."""

import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from geoapp import services
from geoapp.domain.errors import Conflict, NotFound
from geoapp.domain.routes import RequestedStop, RequestedTeam, RouteRequest
from geoapp.services.routes.desk import MOST_WAITING, Order, PlanningDesk
from geoapp.services.routes.keeping_plans import kept_plan
from geoapp.services.routes.orders import plan_routes
from geoapp.services.routes.planning import Effort
from tests.conftest import NOW, toy_layers, toy_tables

pytestmark = pytest.mark.alone

PATIENCE_S = 120


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[services.District]:
    """The toy district, for all of these tests: a worker takes some seconds to get ready."""
    opened = services.found(tmp_path_factory.mktemp("desk") / "toy", toy_layers(), toy_tables(), clock=lambda: NOW)
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def desk(town: services.District) -> PlanningDesk:
    """The desk of the town; it closes with it."""
    return PlanningDesk(town)


def request(number: int = 8) -> RouteRequest:
    stops = tuple(RequestedStop(id=f"map/{n}", lon=0.5 + 0.01 * n, lat=0.5, service_min=20, value=n + 1)
                  for n in range(number))  # fmt: skip
    team = RequestedTeam(id="A", start=(0.5, 0.5), end=(0.5, 0.5), shift=("09:00", "11:00"))
    return RouteRequest(stops=stops, teams=(team,), dates=(date(2026, 5, 5),))


def order(effort: Effort, name: str = "One", **more: object) -> Order:
    return Order(name=name, request=request(), effort=effort, by="me", **more)  # type: ignore[arg-type]


def test_an_order_becomes_the_plan_that_the_same_search_makes_here(desk: PlanningDesk, town: services.District) -> None:
    effort = Effort(iterations=300, seed=4)
    done = desk.settled(desk.begin(order(effort, selection="q=park")).id, PATIENCE_S)

    assert (done.state, done.failure) == ("done", None)
    kept = kept_plan(services.at_this_moment(town), str(done.plan_id))
    assert (kept.name, kept.selection, kept.made_by) == ("One", "q=park", "me")
    here = plan_routes(services.at_this_moment(town), request(), effort)
    assert kept.plan.routes == here.routes
    assert kept.plan.check.ok
    assert kept.plan.ledger_seq == 1


def test_two_people_plan_at_once_and_a_third_waits_for_one_of_them(desk: PlanningDesk) -> None:
    first, second = (desk.begin(order(Effort(seconds=60), name)) for name in ("One", "Two"))
    wait_for(desk, first.id)
    wait_for(desk, second.id)
    third = desk.begin(order(Effort(iterations=10), "Three"))

    assert [desk.get(one.id).state for one in (first, second)] == ["searching", "searching"]
    assert (desk.get(third.id).state, desk.ahead(third.id)) == ("waiting", 0)
    desk.stop(first.id)
    assert desk.settled(first.id, PATIENCE_S).state == "done"
    assert desk.settled(third.id, PATIENCE_S).state == "done"
    desk.stop(second.id)
    assert desk.settled(second.id, PATIENCE_S).plan_id


def test_a_search_that_is_stopped_keeps_its_best(desk: PlanningDesk, town: services.District) -> None:
    begun = desk.begin(order(Effort(seconds=300)))
    wait_for(desk, begun.id)
    desk.stop(begun.id)
    done = desk.settled(begun.id, PATIENCE_S)

    plan = kept_plan(services.at_this_moment(town), str(done.plan_id)).plan
    assert sum(len(route.stops) for route in plan.routes) > 0
    assert plan.check.ok


def test_a_fault_of_ours_is_told_as_one_and_the_next_order_is_served(desk: PlanningDesk) -> None:
    far = replace(order(Effort(iterations=10)), verb="nothing")

    failed = desk.settled(desk.begin(far).id, PATIENCE_S)
    assert (failed.state, str(failed.failure)) == ("refused", "Planning failed here; it has been written to the log.")
    assert desk.settled(desk.begin(order(Effort(iterations=10))).id, PATIENCE_S).state == "done"


def test_a_worker_that_is_killed_is_told_of_and_another_takes_its_place(desk: PlanningDesk) -> None:
    begun = desk.begin(order(Effort(seconds=300)))
    wait_for(desk, begun.id)
    for process in workers():
        os.kill(process, signal.SIGKILL)
    # A busy machine takes its time to end what is to give way to everything else.
    waited = threading.Event()
    while any("State:\tZ" not in _text(Path(f"/proc/{process}/status")) for process in workers()):
        waited.wait(0.05)

    killed = desk.settled(begun.id, PATIENCE_S)
    assert "ended before its time" in str(killed.failure)
    assert desk.settled(desk.begin(order(Effort(iterations=10))).id, PATIENCE_S).state == "done"


def test_an_order_that_waits_can_be_taken_back(desk: PlanningDesk) -> None:
    running = [desk.begin(order(Effort(seconds=60))) for _ in range(2)]
    for one in running:
        wait_for(desk, one.id)
    waiting = desk.begin(order(Effort(iterations=10)))
    desk.stop(waiting.id)

    taken = desk.settled(waiting.id, PATIENCE_S)
    assert taken.state == "refused"
    assert "taken back" in str(taken.failure)
    for one in running:
        desk.stop(one.id)


def test_only_so_many_orders_wait_and_the_next_one_is_told_so(desk: PlanningDesk) -> None:
    begun = [desk.begin(order(Effort(seconds=60))) for _ in range(2)]
    for one in begun:
        wait_for(desk, one.id)
    begun += [desk.begin(order(Effort(seconds=60))) for _ in range(MOST_WAITING)]

    with pytest.raises(Conflict, match=f"{MOST_WAITING} plans wait"):
        desk.begin(order(Effort(iterations=10)))
    for one in reversed(begun):
        desk.stop(one.id)
        desk.stop(one.id)
    ends = [desk.settled(one.id, PATIENCE_S).state for one in begun]
    assert ends == ["done"] * 2 + ["refused"] * MOST_WAITING
    assert desk.settled(desk.begin(order(Effort(iterations=10))).id, PATIENCE_S).state == "done"


def test_a_search_that_is_stopped_before_its_worker_has_it_ends_too(desk: PlanningDesk) -> None:
    begun = desk.begin(order(Effort(seconds=60)))
    while desk.get(begun.id).state == "waiting":
        pass
    desk.stop(begun.id)

    assert desk.settled(begun.id, 30).state == "done"


def test_an_order_that_nobody_made_is_not_found(desk: PlanningDesk) -> None:
    with pytest.raises(NotFound, match="no such order"):
        desk.get("nothing")


def test_closing_ends_what_is_under_way(town: services.District) -> None:
    desk = PlanningDesk(town)
    desk.warm()
    begun = desk.begin(order(Effort(seconds=300)))
    wait_for(desk, begun.id)
    desk.close()

    assert desk.settled(begun.id, PATIENCE_S).state == "refused"


def workers() -> list[int]:
    """The worker processes that this process has started."""
    if not Path("/proc").is_dir():
        pytest.skip("processes are found by /proc, which this machine has not")
    mine = f"PPid:\t{os.getpid()}\n"
    return [
        int(folder.name) for folder in Path("/proc").glob("[0-9]*")
        if mine in _text(folder / "status") and "routes.worker" in _text(folder / "cmdline")
    ]  # fmt: skip


def _text(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # it has ended meanwhile
        return ""


def wait_for(desk: PlanningDesk, id: str) -> None:
    """Wait until an order has a first plan."""
    looked = threading.Event()
    for _ in range(PATIENCE_S * 10):
        if desk.get(id).progress is not None or not desk.get(id).busy:
            return
        looked.wait(0.1)
