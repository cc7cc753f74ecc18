"""Which points to visit: quotas by stratum, and within a stratum by lot, the likelier the more a point weighs.

The lot is drawn after P. Efraimidis and P. Spirakis, "Weighted random sampling with a reservoir", Information
Processing Letters 97(5), 2006: each point gets a number u between 0 and 1, and the largest u^(1/weight) are chosen,
which is drawing one after another without putting back, each time with chances in proportion to the weights. The
numbers come from seed and id alone (permanent random numbers), so a sample does not depend on the order of the points,
and a point more in one stratum changes nothing in another.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from geoapp.domain.errors import BadInput

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


def allotted(total: int, shares: Floats, most: Whole) -> Whole:
    """So many things over groups (g,) in proportion to their shares, no group more than it has: largest remainders.

    What a full group cannot take goes to the others. The sum is `total`, or all there is if that is less; of equal
    remainders the earlier group's is taken. Raises BadInput for shares below 0.
    """
    if (shares < 0).any():
        raise BadInput("Shares must be 0 or more.")
    room = np.where(shares > 0, most, 0)
    given = np.zeros(len(shares), np.int64)
    while (left := min(int(total - given.sum()), int(room.sum()))) > 0:
        wanted = np.where(room > 0, shares, 0.0)
        # What is too much for a group is shared out again among those that have room: each turn fills one at least.
        part = np.minimum(_rounded(left, left * wanted / wanted.sum()), room)
        given, room = given + part, room - part
    return given


def drawn(ids: Sequence[str], weights: Floats, strata: Whole, quotas: Whole, *, seed: int,
          first: NDArray[np.bool_] | None = None) -> NDArray[np.intp]:  # fmt: skip
    """The places of the points that are drawn, in the order of their lots within each stratum.

    weights (n,): above 0. strata (n,): numbers of strata. quotas: how many of each stratum; where there are fewer, all
    are drawn. first (n,): points that come before all others of their stratum. Raises BadInput for a weight of 0.
    """
    if not (weights > 0).all() or not np.isfinite(weights).all():
        raise BadInput("Weights must be numbers above 0.")
    before = np.zeros(len(ids), bool) if first is None else first
    # ln(u) / weight has the order of u^(1/weight), and loses nothing where weights are large.
    keys = np.log(lots(ids, seed)) / weights
    order = np.lexsort((np.array(ids, dtype=str), -keys, ~before, strata)) if len(ids) else np.zeros(0, np.intp)
    ranks = _ranks(strata[order])
    return np.asarray(order[ranks < quotas[strata[order]]], np.intp)


def lots(ids: Sequence[str], seed: int) -> Floats:
    """A number between 0 and 1 for each id, the same for the same seed wherever and whenever it is asked."""
    words = [hashlib.blake2b(f"{seed}\n{id}".encode(), digest_size=8).digest() for id in ids]
    whole = np.array([int.from_bytes(word, "big") >> 11 for word in words], float)
    return np.asarray((whole + 0.5) / 2.0**53)


def _rounded(total: int, exact: Floats) -> Whole:
    """Whole numbers of this sum, each the exact one rounded down or up: up where most is lost by rounding down."""
    down = np.floor(exact).astype(np.int64)
    missing = total - int(down.sum())
    up = np.argsort(-(exact - down), kind="stable")[:missing]
    down[up] += 1
    return down


def _ranks(sorted_strata: Whole) -> Whole:
    """Which one of its stratum each place is, from 0, where strata stand together."""
    starts = np.flatnonzero(np.append(True, np.diff(sorted_strata) != 0))[: len(sorted_strata)]
    sizes = np.diff(np.append(starts, len(sorted_strata)))
    return np.asarray(np.arange(len(sorted_strata)) - np.repeat(starts, sizes), np.int64)
