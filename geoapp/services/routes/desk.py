"""Where plans are ordered: some are worked on at once, each in a process of its own; the others wait for their turn.

A plan that is found is kept in the ledger, whether anybody still looks at its order or not.
"""

import os
import pickle
import secrets
import subprocess
import sys
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import IO

from geoapp.domain.errors import BadInput, Conflict, GeoappError, NotFound, PlanningFailed
from geoapp.domain.kept_plans import ValueRule, require_name
from geoapp.domain.routes import RoutePlan, RouteRequest
from geoapp.services.district import District, at_this_moment
from geoapp.services.in_processes import processes_or_default
from geoapp.services.routes.keeping_plans import keep_plan
from geoapp.services.routes.orders import as_seen, with_townships
from geoapp.services.routes.planning import Effort, Progress
from geoapp.services.routes.travelling import travel_files
from geoapp.services.routes.worker import STOP, Answer, Refused, Work

# Two people must be able to plan at once, also on a machine of two cores: workers give way to everything else.
AT_ONCE_LEAST = 2
KEPT_ORDERS = 200
# More orders than this do not wait: whoever was last would not see a plan today, and each is a thread and a request.
MOST_WAITING = 20
FAILED = PlanningFailed("Planning failed here; it has been written to the log.").sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A plan on its way.

    id: given by the desk. verb: plan, or month. state: waiting for a worker, searching, done with a plan_id, or refused
    with a failure. progress: the best plan so far.
    """

    name: str
    request: RouteRequest
    effort: Effort
    by: str
    id: str = ""
    verb: str = "plan"
    values: ValueRule = field(default_factory=ValueRule)
    selection: str = ""
    basis: str | None = None
    state: str = "waiting"
    stopping: bool = False
    progress: Progress | None = None
    plan_id: str | None = None
    failure: GeoappError | None = None

    @property
    def busy(self) -> bool:
        """Whether it is still to be waited for."""
        return self.state in ("waiting", "searching")


class PlanningDesk:
    """The orders of one running service."""

    def __init__(self, district: District) -> None:
        self._district = district
        self._orders: OrderedDict[str, Order] = OrderedDict()
        self._changed = threading.Condition()
        self._idle: list[_Planner] = []
        self._working: dict[str, _Planner] = {}
        self._most = max(AT_ONCE_LEAST, processes_or_default(None))
        self._closed = False
        district.jobs.at_close(self.close)

    def warm(self) -> None:
        """Let a worker get ready before the first order comes."""
        with self._changed:
            if not self._idle and not self._working and not self._closed:
                self._idle.append(_Planner())

    def begin(self, order: Order) -> Order:
        """Take an order; its request is checked already.

        Raises BadInput for a name that no plan can have, and Conflict where too many wait already.
        """
        require_name(order.name)
        order = replace(order, id=secrets.token_hex(6))
        with self._changed:
            if sum(one.state == "waiting" for one in self._orders.values()) >= MOST_WAITING:
                raise Conflict("{count} plans wait for their turn already: order yours when some are done.",
                               count=MOST_WAITING)  # fmt: skip
            self._orders[order.id] = order
            while len(self._orders) > KEPT_ORDERS:
                self._forget()
        threading.Thread(target=self._work, args=(order.id,), name=f"plan {order.id}", daemon=True).start()
        return order

    def get(self, id: str) -> Order:
        """An order as it is now; raises NotFound."""
        with self._changed:
            found = self._orders.get(id)
        if found is None:
            raise NotFound("There is no such order any more; look among the plans, or order it again.")
        return found

    def ahead(self, id: str) -> int:
        """How many orders wait before this one."""
        with self._changed:
            waiting = [one.id for one in self._orders.values() if one.state == "waiting"]
        return waiting.index(id) if id in waiting else 0

    def settled(self, id: str, patience_s: float) -> Order:
        """The order when it has an end, or as it is after so long."""
        with self._changed:
            self._changed.wait_for(lambda: not self.get(id).busy, patience_s)
        return self.get(id)

    def stop(self, id: str) -> None:
        """End a search early; its best is kept. An order that waits is taken back."""
        with self._changed:
            order = self.get(id)
            if order.busy:
                self._orders[id] = replace(order, stopping=True)
            planner = self._working.get(id)
            self._changed.notify_all()
        if planner is not None:
            planner.stop(id)

    def close(self) -> None:
        """Let go of all workers; what they were at is lost."""
        with self._changed:
            self._closed = True
            planners = [*self._idle, *self._working.values()]
            self._idle.clear()
            self._changed.notify_all()
        for planner in planners:
            planner.close()

    def _work(self, id: str) -> None:
        if not self._turn(id):
            self._set(id, state="refused", failure=Conflict("The order was taken back before its turn came."))
            return
        try:
            plan_id = self._planned(id)
            self._set(id, state="done", plan_id=plan_id)
        except GeoappError as failure:
            self._set(id, state="refused", failure=failure)
        except Exception as failure:  # whatever it is, whoever waits is told
            threading.excepthook(threading.ExceptHookArgs((type(failure), failure, failure.__traceback__, None)))
            self._set(id, state="refused", failure=PlanningFailed(FAILED))
        finally:
            self._free(id)

    def _turn(self, id: str) -> bool:
        """Give the order a worker, as soon as all earlier ones have theirs; False if nothing is wanted any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self.get(id).stopping or self._may(id))
            if self._closed or self.get(id).stopping:
                return False
            self._working[id] = self._ready()
            if len(self._working) < self._most and not self._idle:
                # Whoever comes next finds a worker that is ready.
                self._idle.append(_Planner())
            self._orders[id] = replace(self._orders[id], state="searching")
            return True

    def _ready(self) -> "_Planner":
        """A worker that waits for an order, or a new one."""
        while self._idle:
            planner = self._idle.pop()
            if planner.alive:
                return planner
            planner.close()
        return _Planner()

    def _may(self, id: str) -> bool:
        return len(self._working) < self._most and self.ahead(id) == 0

    def _planned(self, id: str) -> str:
        """Have the order worked on, and keep the plan; its id."""
        district, order = at_this_moment(self._district), self.get(id)
        request = with_townships(district, order.request)
        saved = travel_files(district, request.profile)
        work = Work(order.verb, request, saved, order.effort)
        # One that died while it waited says nothing at all: then another one is asked.
        answer = self._answer(id, work) or self._answer(id, work)
        if isinstance(answer, Refused):
            raise BadInput(answer.sentence, **answer.values) if answer.sentence else PlanningFailed(FAILED)
        if not isinstance(answer, RoutePlan):
            raise PlanningFailed("The planning process ended before its time; is there too little memory?")
        kept = keep_plan(district, as_seen(district, answer), order.name, by=order.by, values=order.values,
                         selection=order.selection, basis=order.basis)  # fmt: skip
        return kept.id

    def _answer(self, id: str, work: Work) -> Answer | None:
        """The last word of the order's worker, or of a new one if it has ended; None if it says nothing."""
        with self._changed:
            planner = self._working[id]
            if not planner.alive and not self._closed:
                planner.close()
                planner = self._working[id] = self._ready()
        answer: Answer | None = None
        for answer in planner.answers(id, work):
            if isinstance(answer, Progress):
                if self.get(id).stopping:  # perhaps since before the worker had the order
                    planner.stop(id)
                self._set(id, progress=answer)
        return answer

    def _free(self, id: str) -> None:
        with self._changed:
            planner = self._working.pop(id)
            # One warm worker is kept.
            keep = planner.alive and not self._idle and not self._closed
            if keep:
                self._idle.append(planner)
            self._changed.notify_all()
        if not keep:
            planner.close()

    def _set(self, id: str, **changed: object) -> None:
        with self._changed:
            if id in self._orders:
                self._orders[id] = replace(self._orders[id], **changed)  # type: ignore[arg-type]
            self._changed.notify_all()

    def _forget(self) -> None:
        """Forget the oldest order that has an end."""
        oldest = next((one.id for one in self._orders.values() if not one.busy), next(iter(self._orders)))
        self._orders.pop(oldest)


class _Planner:
    """A worker process as this one sees it."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            [sys.executable, "-c", "from geoapp.services.routes.worker import main; main()"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            env=_environment(),
        )  # fmt: skip
        self._sending = threading.Lock()
        self._at: str | None = None
        self._ended = False

    @property
    def alive(self) -> bool:
        """Whether it can take another order."""
        return not self._ended and self._process.poll() is None

    def answers(self, id: str, work: Work) -> Iterator[Answer]:
        """What the worker says of an order, up to and with the plan or its refusal; nothing more once it has ended."""
        with self._sending:
            self._at = id
            self._send(work)
        while True:
            try:
                answer: Answer = pickle.load(_pipe(self._process.stdout))  # noqa: S301  our own process
            except (EOFError, OSError, ValueError, pickle.UnpicklingError):
                self._ended = True
                return
            yield answer
            if not isinstance(answer, Progress):
                return

    def stop(self, id: str) -> None:
        """End the search of an order early; if it has gone on to another one, nothing happens to that."""
        with self._sending:
            if self._at == id:
                self._send(STOP)

    def close(self) -> None:
        """End the process: it has nothing that needs to be kept."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            try:
                _pipe(pipe).close()
            except OSError:  # what was still to be written to it is of no use any more
                continue

    def _send(self, said: Work | str) -> None:
        try:
            pickle.dump(said, _pipe(self._process.stdin))
            _pipe(self._process.stdin).flush()
        except (OSError, ValueError):
            return  # it has ended: `answers` says so


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("a worker's pipe is not there")
    return pipe


def _environment() -> Mapping[str, str]:
    """Ours; numerical libraries take one core, since several people may plan."""
    return os.environ | dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"), "1")
