"""Networks and graphs as files in the instance's cache: opened by name, made anew where they are missing or damaged."""

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import numpy as np
from numpy.typing import NDArray

from geoapp.routing.graph import Graph
from geoapp.routing.network import Network
from geoapp.routing.profiles import PROFILES
from geoapp.routing.roads import Road
from geoapp.services.routes.road_layer import DistrictRoads
from geoapp.storage.kept_arrays import forget_older, save_arrays, saved_arrays

Arrays = dict[str, NDArray[Any]]
Order = NDArray[np.uint32]
Made = TypeVar("Made", Network, Graph)

# To be raised with every change in what is computed, or in how it is written.
FORMAT = 1
# The one before may be in use by a plan that is under way.
KEPT = 2
_SEPARATOR = "\0"


def roads_path(folder: Path, seq: int, digest: str) -> Path:
    """Where the network of a layer of this content is kept. digest: of the content, hexadecimal."""
    return folder / f"roads-v{FORMAT}-{seq}-{digest[:16]}.npz"


def travel_path(folder: Path, seq: int, digest: str, profile: str) -> Path:
    """Where its graph for a profile is kept; other speeds make another name."""
    speeds = hashlib.blake2b(f"{digest} {PROFILES[profile]!r}".encode(), digest_size=8).hexdigest()
    return folder / f"travel-v{FORMAT}-{profile}-{seq}-{speeds}.npz"


def save_roads(path: Path, roads: DistrictRoads) -> None:
    """Keep a network with the names and rules of its roads; raises OSError."""
    names = _SEPARATOR.join((name or "").replace(_SEPARATOR, " ") for name in roads.names)
    said = {"names": _bytes(names.encode()), "rules": _bytes(msgspec.json.encode(roads.rules)),
            "roads": np.array(len(roads)), "schematic": np.array(roads.schematic)}  # fmt: skip
    _save(path, _arrays(roads.network) | said, "roads-v*")


def saved_roads(path: Path) -> DistrictRoads | None:
    """The network of a file, None where there is none that is whole."""
    found = _saved(path)
    try:
        if found is None:
            return None
        names = found["names"].tobytes().decode().split(_SEPARATOR) if found["roads"] else []
        rules = msgspec.json.decode(found["rules"].tobytes(), type=list[Road])
        return DistrictRoads(_made(Network, found), rules, [name or None for name in names], bool(found["schematic"]))
    except (KeyError, ValueError, TypeError):  # a file of the right name that was not written here
        return None


def save_travel(path: Path, graph: Graph, order: Order | None) -> None:
    """Keep a graph, and the order of its hierarchy where there is one; raises OSError."""
    order = np.empty(0, np.uint32) if order is None else order
    _save(path, _arrays(graph, "network", "profile") | {"order": order}, f"travel-v*-{graph.profile}-*")


def saved_travel(path: Path, network: Network, profile: str) -> tuple[Graph, Order | None] | None:
    """The graph of a file over its network, with the order; None where there is no file that is whole."""
    found = _saved(path)
    try:
        if found is None:
            return None
        order = found["order"]
        graph = _made(Graph, found, network=network, profile=profile)
        whole = len(graph.there) == len(network.tail) and len(graph.node) == len(network.lon)
        return (graph, order if len(order) else None) if whole and len(order) in (0, len(graph.lon)) else None
    except (KeyError, ValueError, TypeError):
        return None


def _save(path: Path, arrays: Arrays, pattern: str) -> None:
    # The name goes inside, too: a file that somebody has renamed is not what it seems.
    save_arrays(path, arrays | {"made_as": _bytes(path.name.encode())})
    forget_older(path.parent, pattern, keep=KEPT)


def _saved(path: Path) -> Arrays | None:
    found = saved_arrays(path)
    return found if found is not None and found.get("made_as", _bytes(b"")).tobytes() == path.name.encode() else None


def _arrays(made: Network | Graph, *without: str) -> Arrays:
    return {one.name: np.asarray(getattr(made, one.name)) for one in fields(made) if one.name not in without}


def _made(kind: type[Made], found: Arrays, **given: Any) -> Made:
    arrays = {one.name: found[one.name] for one in fields(kind) if one.name not in given}
    values: dict[str, Any] = {name: value if value.ndim else value.item() for name, value in arrays.items()}
    return kind(**given, **values)


def _bytes(text: bytes) -> NDArray[np.uint8]:
    return np.frombuffer(text, np.uint8)
