"""The least that demand pays with p sites, and its proof: interchange, prices, branches, and HiGHS for what is left.

p-median and MCLP are one problem here: a demand that is covered pays nothing, one that is not pays its weight.
"""

import heapq
import time
from dataclasses import dataclass, replace
from itertools import count

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array

from geoapp.analysis.siting.answers import Effort
from geoapp.analysis.siting.core_kernel import radius_rows, shortened
from geoapp.analysis.siting.exact import TOLERANCE, Model, solved
from geoapp.analysis.siting.interchange_kernel import Arcs, Columns, columns_of, greedy, interchange
from geoapp.analysis.siting.lagrangian_kernel import FREE, OPEN, SHUT, Prices, ascend

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Status = NDArray[np.int8]
# Steps of prices at the root and in a branch, and the length of their first.
ROOT, BRANCH = (3000, 1.5), (50, 0.07)
# Interchange from what prices recommend.
RECOMMENDED = 30
# Interchange takes this part of its iterations at first, and this many times all of them where the root leaves a gap.
FIRST, DEEPER = 5, 1
# Every so many branches, what their prices recommend is tried.
TRIED = 25
# Whichever of branches and HiGHS comes first may take this part of the time.
SHARE = 0.7
# HiGHS comes first where so few entries of its model are left, and not at all where there are so many.
FEW, MANY = 10_000, 100_000


@dataclass(frozen=True)
class Problem:
    """Arcs, how many of the candidates (m) are to be chosen, 0 < sites < m, and whether all costs are whole."""

    arcs: Arcs
    columns: Columns
    sites: int
    whole: bool

    @property
    def candidates(self) -> int:
        """How many there are."""
        return len(self.columns.start) - 1

    def step(self, value: float) -> float:
        """How much less a better choice costs at least: 1 if costs are whole, otherwise what doubles can tell."""
        return 1.0 if self.whole and value < 1 / TOLERANCE else max(value, 1.0) * TOLERANCE

    def limit(self, value: float) -> float:
        """No better choice costs more than this."""
        return value - self.step(value) * (1 - 1e-3)

    def closed(self, value: float) -> float:
        """The bound when nothing is below the limit."""
        step = self.step(value)
        return value if step == 1.0 else value - step


@dataclass(frozen=True)
class Choice:
    """Chosen candidates, what is paid with them, what is paid at least with any, and how that was found out."""

    chosen: Whole
    value: float
    bound: float = -np.inf
    method: str = "time"


@dataclass(frozen=True)
class Node:
    """A part of all choices: which candidates are decided (m,), prices (n,) to begin with, and the bound they give."""

    status: Status
    price: Floats
    bound: float = -np.inf


def chosen(arcs: Arcs, candidates: int, sites: int, effort: Effort) -> Choice:
    """The sites with which least is paid, and the proof as far as time allows."""
    ends = time.perf_counter() + effort.seconds
    whole = not (np.mod(arcs.cost, 1).any() or np.mod(arcs.base, 1).any())
    problem = Problem(arcs, columns_of(arcs, candidates), sites, whole)
    order, _ = greedy(arcs, problem.columns, sites)
    if sites in {0, candidates}:
        value = paid(arcs, order, candidates)
        return Choice(order, value, value, "nothing to choose")
    best = Choice(*interchange(arcs, problem.columns, order, effort.iterations // FIRST, effort.seed))
    if best.value <= 0:
        return replace(best, bound=best.value, method="bound")
    root = Node(np.zeros(candidates, np.int8), _first_prices(arcs, best.chosen, candidates))
    best, root, prices = _at_the_root(problem, root, best, effort.seed)
    if prices.bound > problem.limit(best.value):
        return replace(best, bound=problem.closed(best.value), method="bound")
    deeper = interchange(arcs, problem.columns, best.chosen, DEEPER * effort.iterations, effort.seed + 1)
    best = replace(best, chosen=deeper[0], value=deeper[1])
    return _closed_in(problem, root, best, ends)


def _closed_in(problem: Problem, root: Node, best: Choice, ends: float) -> Choice:
    """What the root leaves open, by HiGHS and by branches, whichever suits its size first."""
    made = core(problem, root, problem.limit(best.value))
    if made is None:
        return replace(best, bound=problem.closed(best.value), method="HiGHS")
    entries = made[0].rows.nnz
    ways = [_branched] if entries > MANY else [_by_highs, _branched] if entries <= FEW else [_branched, _by_highs]
    for left, way in zip(range(len(ways), 0, -1), ways, strict=True):
        now = time.perf_counter()
        if best.method == "time" and now < ends:
            best = way(problem, root, best, now + (ends - now) * (SHARE if left > 1 else 1))
    return best


def paid(arcs: Arcs, sites: Whole, candidates: int) -> float:
    """What is paid with these sites."""
    taken = np.zeros(candidates, bool)
    taken[sites] = True
    near = arcs.base.copy()
    # Arcs stand cheapest first, so the last to write is the cheapest.
    places = np.flatnonzero(taken[arcs.candidate])[::-1]
    near[np.searchsorted(arcs.start, places, "right") - 1] = arcs.cost[places]
    return float(near.sum())


def _first_prices(arcs: Arcs, sites: Whole, candidates: int) -> Floats:
    """Halfway between the nearest and the second nearest site."""
    taken = np.zeros(candidates, bool)
    taken[sites] = True
    places = np.flatnonzero(taken[arcs.candidate])
    owners = np.searchsorted(arcs.start, places, "right") - 1
    first = np.searchsorted(owners, np.arange(len(arcs.base)))
    padded = np.append(arcs.cost[places], [0.0, 0.0])
    numbers = np.bincount(owners, minlength=len(arcs.base))
    near = np.where(numbers > 0, padded[first], arcs.base)
    after = np.where(numbers > 1, padded[first + 1], arcs.base)
    return np.asarray((near + after) / 2)


def _at_the_root(problem: Problem, root: Node, best: Choice, seed: int) -> tuple[Choice, Node, Prices]:
    """Prices for the whole, what they recommend tried, and what they decide decided."""
    prices = _priced(problem, root, best, ROOT)
    for _ in range(2):
        if prices.bound > problem.limit(best.value):
            break
        start = np.argsort(-prices.used, kind="stable")[: problem.sites].astype(np.int64)
        tried = Choice(*interchange(problem.arcs, problem.columns, start, RECOMMENDED, seed))
        if tried.value >= best.value:
            break
        best = tried
        prices = _priced(problem, replace(root, price=prices.price), best, ROOT)
    status = decided(problem, root.status, prices, problem.limit(best.value))
    return replace(best, bound=max(0.0, float(prices.bound))), Node(status, prices.price, float(prices.bound)), prices


def _priced(problem: Problem, node: Node, best: Choice, steps: tuple[int, float]) -> Prices:
    limit = problem.limit(best.value)
    arcs = shortened(problem.arcs, node.status, _most(node, limit))
    return Prices(*ascend(arcs, node.status, problem.sites, node.price, best.value, limit, *steps))


def _most(node: Node, limit: float) -> Floats:
    """What each demand pays at most in a choice that costs up to the limit: its price, and what the bound leaves."""
    return np.asarray(limit - node.bound + node.price)


def decided(problem: Problem, status: Status, prices: Prices, limit: float) -> Status:
    """What is free and would cost more than the limit if it were decided the other way, is decided."""
    free = np.flatnonzero(status == FREE)
    wanted = problem.sites - int((status == OPEN).sum())
    result = status.copy()
    if wanted <= 0 or wanted >= len(free):
        result[free] = SHUT if wanted <= 0 else OPEN
        return result
    worth = prices.worth[free]
    last_in, first_out = np.partition(worth, [wanted - 1, wanted])[wanted - 1 : wanted + 1]
    result[free[prices.bound + worth - last_in > limit]] = SHUT
    result[free[prices.bound - worth + first_out > limit]] = OPEN
    return result


def _branched(problem: Problem, root: Node, best: Choice, ends: float) -> Choice:
    """Branch on what is least decided, the most promising part first, until nothing is left or the time is over."""
    order = count()
    waiting = [(root.bound, next(order), root)]
    while waiting:
        bound, _, node = waiting[0]
        if bound > problem.limit(best.value):
            break
        if time.perf_counter() > ends:
            return replace(best, bound=max(best.bound, bound))
        heapq.heappop(waiting)
        prices = _priced(problem, node, best, BRANCH)
        status = decided(problem, node.status, prices, problem.limit(best.value))
        if next(order) % TRIED == 0:
            best = _better(problem, best, _recommended(problem, prices))
        if not (status == FREE).any():
            best = _better(problem, best, np.flatnonzero(status == OPEN))
            continue
        for child in _children(problem, status, prices, problem.limit(best.value)):
            heapq.heappush(waiting, (child.bound, next(order), child))
    return replace(best, bound=problem.closed(best.value), method="branches")


def _recommended(problem: Problem, prices: Prices) -> Whole:
    """The sites that were lately among the best most often, after interchange."""
    start = np.argsort(-prices.used, kind="stable")[: problem.sites].astype(np.int64)
    return np.asarray(interchange(problem.arcs, problem.columns, start, 0, 1)[0])


def _better(problem: Problem, best: Choice, sites: Whole) -> Choice:
    if len(sites) != problem.sites:
        return best
    value = paid(problem.arcs, sites, problem.candidates)
    return replace(best, chosen=sites, value=value) if value < best.value else best


def _children(problem: Problem, status: Status, prices: Prices, limit: float) -> list[Node]:
    """The two parts in which the candidate that is least decided is open, and shut."""
    bound = float(prices.bound)
    if bound > limit:
        return []
    free = np.flatnonzero(status == FREE)
    least_decided = free[np.argmin(np.abs(prices.used[free] - 0.5))]
    children = []
    for way in (OPEN, SHUT):
        child = status.copy()
        child[least_decided] = way
        if (child == OPEN).sum() <= problem.sites <= (child != SHUT).sum():
            children.append(Node(child, prices.price, bound))
    return children


def _by_highs(problem: Problem, root: Node, best: Choice, ends: float) -> Choice:
    """What is left after the root's decisions, by HiGHS."""
    limit = problem.limit(best.value)
    free = np.flatnonzero(root.status == FREE)
    made = core(problem, root, limit)
    if made is None:
        return replace(best, bound=problem.closed(best.value), method="HiGHS")
    model, constant = made
    scale = max(1.0, best.value / 1e6)
    model = replace(model, cost=model.cost / scale)
    answer = solved(model, seconds=max(0.1, ends - time.perf_counter()), below=(limit - constant) / scale)
    bound = max(best.bound, min(answer.bound * scale + constant, limit))
    if answer.x is not None:
        opened = np.concatenate([np.flatnonzero(root.status == OPEN), free[answer.x[: len(free)] > 0.5]])
        best = _better(problem, best, _filled(opened, problem))
    done = answer.done and bound >= min(limit, best.value - 1e-3 * problem.step(best.value))
    if done:
        return replace(best, bound=problem.closed(best.value), method="HiGHS")
    return replace(best, bound=bound)


def _filled(sites: Whole, problem: Problem) -> Whole:
    """As many as are asked for: what does not matter is filled up from the lowest."""
    rest = np.setdiff1d(np.arange(problem.candidates), sites)
    return np.sort(np.concatenate([sites, rest[: problem.sites - len(sites)]]))


def core(problem: Problem, root: Node, limit: float) -> tuple[Model, float] | None:
    """The model of all choices that cost up to the limit, and what is paid in any; None if there is no such choice."""
    free = root.status == FREE
    number = np.cumsum(free) - 1
    rows = radius_rows(problem.arcs, root.status, number, _most(root, limit))
    entries, values, costs, least, constant, possible = rows
    if not possible:
        return None
    width, height = int(free.sum()), len(least)
    places = np.arange(width)
    rows = np.concatenate([entries[:, 0], np.full(width, height)])
    columns = np.concatenate([entries[:, 1], places])
    values = np.concatenate([values, np.full(width, -1.0)])
    wanted = problem.sites - int((root.status == OPEN).sum())
    matrix = csc_array((values, (rows, columns)), shape=(height + 1, width + len(costs)))
    cost = np.concatenate([np.zeros(width), costs])
    return Model(cost, np.ones(len(cost)), matrix, np.append(least, -float(wanted)), width), float(constant)
