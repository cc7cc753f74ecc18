"""A network as one profile may use it: arcs with their times, of the part in which all is reached from all."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from geoapp.routing.network import Network
from geoapp.routing.profiles import Profile
from geoapp.routing.roads import Road

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Graph:
    """Arcs of one profile.

    node (j,): number of a junction here, -1 where it is not part of it; lon, lat (n,) of the nodes, in degrees.
    tail, head, time_ms (a,): of the arcs; piece (a,): its piece of the network, forward (a,): along its line.
    there, back (p,): the arc along and against each piece, -1 where there is none. cut_off (p,): pieces that the
    profile may use, but from which one does not get to the others, or not back. usable_km, cut_off_km: length of all
    pieces that it may use, and of those cut off.
    """

    network: Network
    profile: str
    node: Integers
    lon: Floats
    lat: Floats
    tail: Integers
    head: Integers
    time_ms: Integers
    piece: Integers
    forward: NDArray[np.bool_]
    there: Integers
    back: Integers
    cut_off: NDArray[np.bool_]
    usable_km: float
    cut_off_km: float


def graph(network: Network, rules: Sequence[Road], profile: Profile) -> Graph:
    """The arcs of a profile in its largest strongly connected part; rules in the order of the network's numbers."""
    speed = np.array([rule.speed_kmh(profile) for rule in rules], float)[network.rule]
    ways = np.array([rule.ways(profile) for rule in rules], bool).reshape(-1, 2)[network.rule]
    usable = speed > 0
    along, against = (np.flatnonzero(usable & ways[:, side]) for side in (0, 1))
    piece = np.concatenate([along, against])
    forward = np.arange(len(piece)) < len(along)
    tail = np.where(forward, network.tail[piece], network.head[piece])
    head = np.where(forward, network.head[piece], network.tail[piece])
    # Whole milliseconds from the very beginning: all ways to compute with them then give the same.
    time_ms = np.maximum(np.rint(network.length_m[piece] * 3_600 / speed[piece]), 1)
    kept_nodes = _largest(network, tail, head, piece)
    node = np.where(kept_nodes, np.cumsum(kept_nodes) - 1, -1)
    kept = kept_nodes[tail] & kept_nodes[head]
    piece, forward = piece[kept], forward[kept]
    there, back = np.full(len(network.tail), -1), np.full(len(network.tail), -1)
    arcs = np.arange(len(piece))
    there[piece[forward]], back[piece[~forward]] = arcs[forward], arcs[~forward]
    cut_off = usable & (there < 0) & (back < 0)
    km = network.length_m / 1_000
    return Graph(network, profile.name, node, network.lon[kept_nodes], network.lat[kept_nodes],
                 node[tail[kept]], node[head[kept]], time_ms[kept].astype(np.int64), piece, forward, there, back,
                 cut_off, float(km[usable].sum()), float(km[cut_off].sum()))  # fmt: skip


def _largest(network: Network, tail: Integers, head: Integers, piece: Integers) -> NDArray[np.bool_]:
    """Junctions of the part with the longest roads in which one gets from everywhere everywhere."""
    number = len(network.lon)
    if not len(tail):
        return np.zeros(number, bool)
    matrix = csr_array((np.ones(len(tail), np.int8), (tail, head)), shape=(number, number))
    _, part = connected_components(matrix, directed=True, connection="strong")
    within = part[tail] == part[head]
    length = np.bincount(part[tail[within]], network.length_m[piece[within]], minlength=int(part.max()) + 1)
    return np.asarray(part == int(np.argmax(length)))
