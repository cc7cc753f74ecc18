"""Compiling what is compiled, before anybody waits for it."""

from collections.abc import Callable

from geoapp.analysis import area_grid_kernel, relapse_kernel, segment_grid_kernel
from geoapp.analysis.siting import core_kernel
from geoapp.routing import (
    explaining_kernel,
    nearest_kernel,
    nearest_tree_kernel,
    neighbourhoods_kernel,
    spreading_kernel,
)
from geoapp.tiles import heat_kernel, vector_tile_kernel

KERNELS = {
    "areas": area_grid_kernel.warm,
    "streets": segment_grid_kernel.warm,
    "vector tiles": vector_tile_kernel.warm,
    "relapses": relapse_kernel.warm,
    "heat": heat_kernel.warm,
    "routes": neighbourhoods_kernel.warm,
    "reasons": explaining_kernel.warm,
    "month plans": spreading_kernel.warm,
    "places by roads": nearest_tree_kernel.warm,
    "ways to the nearest": nearest_kernel.warm,
    "siting": core_kernel.warm,
}


def warm(say: Callable[[str], None]) -> None:
    """Compile every kernel, or read it from the cache, saying which."""
    for number, (name, compile_now) in enumerate(KERNELS.items(), start=1):
        say(f"Preparing {name} ({number} of {len(KERNELS)}) …")
        compile_now()
