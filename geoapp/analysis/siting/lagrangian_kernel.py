"""The compiled part of bounding from below: what a choice of p sites costs at least.

The rule that each demand is served once is relaxed with a price for each demand; then every candidate can be judged
alone, and the p best make a bound. Prices rise and fall by subgradients (M. Held, P. Wolfe and H. Crowder, "Validation
of subgradient optimization", Mathematical Programming 6, 1974; for the p-median J. Beasley, "A note on solving large
p-median problems", European Journal of Operational Research 21, 1985).
"""

from typing import Any, NamedTuple

import numba
import numpy as np

from geoapp.analysis.siting.interchange_kernel import Arcs, copied, filled

FREE, OPEN, SHUT = 0, 1, 2
# So many steps without a better bound halve the length of steps; below the least length nothing more comes.
PATIENCE, SHORTEST = 30, 1e-3
# How much of the last direction a step keeps.
MOMENTUM = 0.7


class Prices(NamedTuple):
    """The best prices found: (n,) a demand, the bound they give, and what each candidate (m,) is worth at them (<= 0).

    used: (m,) how often each was among the best p lately, 0 to 1.
    """

    price: Any
    bound: float
    worth: Any
    used: Any


@numba.njit(nogil=True, cache=True)
def _judge(arcs: Arcs, price: Any, worth: Any) -> None:
    """What each candidate is worth: the sum of what it costs demand less than its price."""
    for j in range(len(worth)):
        worth[j] = 0.0
    for i in range(len(arcs.base)):
        for k in range(arcs.start[i], arcs.start[i + 1]):
            less = arcs.cost[k] - price[i]
            if less >= 0.0:
                break
            worth[arcs.candidate[k]] += less


@numba.njit(nogil=True, cache=True)
def _smallest(values: Any, number: int, rank: int) -> float:
    """The value of this rank, from 0, among the first `number`, which change places (C. Hoare's selection)."""
    low, high = 0, number - 1
    while low < high:
        pivot = values[(low + high) // 2]
        left, right = low, high
        while left <= right:
            while values[left] < pivot:
                left += 1
            while values[right] > pivot:
                right -= 1
            if left <= right:
                values[left], values[right] = values[right], values[left]
                left, right = left + 1, right - 1
        if rank <= right:
            high = right
        elif rank >= left:
            low = left
        else:
            break
    return float(values[rank])


@numba.njit(nogil=True, cache=True)
def _take(worth: Any, status: Any, count: int, taken: Any) -> float:
    """Mark what is open and the best of what is free, `count` together, the lowest of equals; what they are worth."""
    total = 0.0
    free = np.empty(len(worth), np.float64)
    number: Any = np.int64(0)  # a bare 0 would be compiled for apart
    wanted: Any = count
    for j in range(len(worth)):
        taken[j] = status[j] == OPEN
        if taken[j]:
            total += worth[j]
            wanted -= 1
        elif status[j] == FREE:
            free[number] = worth[j]
            number += 1
    if wanted <= 0 or number == 0:
        return total
    wanted = min(wanted, number)
    limit = _smallest(free, number, wanted - 1)
    for equal in range(2):
        for j in range(len(worth)):
            fits = worth[j] == limit if equal == 1 else worth[j] < limit
            if wanted > 0 and status[j] == FREE and fits:
                taken[j] = True
                total += worth[j]
                wanted -= 1
    return total


@numba.njit(nogil=True, cache=True)
def _turn(arcs: Arcs, price: Any, taken: Any, direction: Any) -> float:
    """The next direction of the prices, and its square: up where nobody serves, down where several do."""
    square = 0.0
    for i in range(len(arcs.base)):
        missing = 1.0
        for k in range(arcs.start[i], arcs.start[i + 1]):
            if arcs.cost[k] >= price[i]:
                break
            if taken[arcs.candidate[k]]:
                missing -= 1.0
        direction[i] = missing + MOMENTUM * direction[i]
        if (price[i] >= arcs.base[i] and direction[i] > 0.0) or (price[i] <= 0.0 and direction[i] < 0.0):
            direction[i] = 0.0
        square += direction[i] * direction[i]
    return square


@numba.njit(nogil=True, cache=True)
def ascend(
    arcs: Arcs, status: Any, count: int, price: Any, upper: float, enough: float, steps: int, length: float
) -> Any:
    """The best bound of so many steps from these prices (n,), which reaches `enough` or stops rising.

    status: (m,) FREE, OPEN or SHUT. count: how many are open in the end. upper: what some known choice costs.
    """
    n, m = len(arcs.base), len(status)
    now = price.copy()
    for i in range(n):
        now[i] = min(price[i], arcs.base[i])
    worth, taken, direction = np.empty(m, np.float64), np.empty(m, np.bool_), filled(n, 0.0)
    best_price, best_worth, used = now.copy(), filled(m, 0.0), filled(m, 0.0)
    best, idle = -np.inf, 0
    for _ in range(steps):
        _judge(arcs, now, worth)
        bound = _take(worth, status, count, taken)
        for i in range(n):
            bound += now[i]
        for j in range(m):
            used[j] += 0.05 * (taken[j] - used[j])
        idle += 1
        if bound > best:
            idle = 0 if bound > best + 1e-5 * (upper - best) else idle
            best = bound
            copied(now, best_price)
            copied(worth, best_worth)
        if idle >= PATIENCE:
            length, idle = length / 2, 0
            copied(best_price, now)
            for i in range(n):
                direction[i] = 0.0
            _judge(arcs, now, worth)
            _take(worth, status, count, taken)
        if best >= enough or length < SHORTEST:
            break
        square = _turn(arcs, now, taken, direction)
        if square == 0.0:
            break
        far = length * max(1.01 * upper - bound, 1e-9) / square
        for i in range(n):
            now[i] = max(0.0, min(arcs.base[i], now[i] + far * direction[i]))
    return Prices(best_price, best, best_worth, used)


def warm() -> None:
    """Compile for the types that are used."""
    arcs = Arcs(np.array([0, 2]), np.array([0, 1], np.int32), np.array([1.0, 2.0]), np.array([3.0]))
    ascend(arcs, np.zeros(2, np.int8), 1, np.array([1.5]), 1.0, 1.0, 2, 1.5)
