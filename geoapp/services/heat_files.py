"""Heat surfaces and hot spots of an instance as files for other programs."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import shapely

from geoapp.config import Config
from geoapp.documents.world_picture import shapes_picture, surface_picture, write_world_picture
from geoapp.domain.selection import Scope, Selection
from geoapp.services.cell_views import CellView, cell_view
from geoapp.services.district import District, at_this_moment
from geoapp.services.heat_pictures import cells_xlsx, surface_raster
from geoapp.services.heating import HeatStyle, heat, scale_top, surface
from geoapp.services.hotspots import CellMap, CellStyle
from geoapp.services.taking import extent_of
from geoapp.services.writing_files import ending_of, opened, write_file
from geoapp.storage.exporting import write_records

# A GeoPackage has cells about half as wide as the bandwidth: finer ones would only repeat each other.
CELLS_A_BANDWIDTH = 2
WIDEST_PX = 8_000


def write_heat(
    config: Config, selection: Selection, style: HeatStyle, target: Path, *, wide: int = 2_000
) -> dict[str, Any]:
    """Write the surface of a selection: .png with world file (EPSG:3857), or .gpkg of cells with their density.

    wide: about how many pixels the picture has from west to east. Raises NoInstance, BadInput.
    """
    ending = ending_of(target, ("png", "gpkg"))
    with opened(config) as district:
        now = at_this_moment(district)
        found = heat(now, selection, Scope.FULL, style)
        top = scale_top(now, selection, Scope.FULL, style)
        if ending == "png":
            extent = selection.bbox or extent_of(now, selection)
            rgba, edges = surface_raster(now, selection, Scope.FULL, style, extent, top, min(wide, WIDEST_PX))
            files = write_world_picture(surface_picture(rgba), edges, target)
        else:
            types = {"density_per_km2": "float", "density_per_km2_month": "float"}
            write_records("heat", _density(now, selection, style, found.months), types, target)
            files = [target]
    sentence = (
        f"{found.shown:,} reports, smoothed over {style.bandwidth_m} m, stand in {target}; the scale ends at "
        f"{found.top:.3g} per km² and month."
    )
    return {"shown": found.shown, "without_place": found.without_place, "imprecise": found.imprecise,
            "top_per_km2_month": found.top, "files": [str(file) for file in files], "sentence": sentence}  # fmt: skip


def write_hotspots(
    config: Config, selection: Selection, style: CellStyle, shown: str, target: Path, *,
    colours: Mapping[str, str], wide: int = 2_000,
) -> dict[str, Any]:  # fmt: skip
    """Write what a map of cells shows: .gpkg, .geojson, .xlsx, or .png with world file. Raises NoInstance, BadInput."""
    ending = ending_of(target, ("png", "gpkg", "geojson", "xlsx"))
    with opened(config) as district:
        now = at_this_moment(district)
        view = cell_view(now, selection, Scope.FULL, style, shown)
        files = [target]
        if ending == "geojson":
            write_file(target, view.geojson(everything=True, head={"name": shown}))
        elif ending == "xlsx":
            with cells_xlsx(view, title=shown, notes=[], notes_title="About") as file:
                write_file(target, file.read())
        elif ending == "gpkg":
            write_records(shown, _records(view), _types(view), target)
        else:
            drawn = [(shape, colours[name]) for shape, name in zip(view.shapes, view.classes, strict=True) if name]
            picture, edges = shapes_picture(drawn, selection.bbox or extent_of(now, selection), min(wide, WIDEST_PX))
            files = write_world_picture(picture, edges, target)
    return _told(view, shown, files)


def _told(view: CellView, shown: str, files: list[Path]) -> dict[str, Any]:
    numbers = {name: view.classes.count(name) for name in sorted(set(view.classes) - {""})}
    told: dict[str, Any] = {"shown": shown, "cells": len(view.ids), "classes": numbers,
                            "files": [str(file) for file in files]}  # fmt: skip
    named = ", ".join(f"{name} {number}" for name, number in numbers.items()) or "none beyond chance"
    told["sentence"] = f"{len(view.ids):,} cells stand in {files[0]}: {named}."
    if isinstance(view.source, CellMap):
        source = view.source
        told |= {"smallest_p": source.spots.smallest_p, "moran_i": source.moran.value, "moran_p": source.moran.p,
                 "moran_permutations": source.moran.permutations, "not_in_cells": source.no_place}  # fmt: skip
        told["sentence"] += f" All permutations; the smallest p is {source.spots.smallest_p:.2g}."
    return told


def _density(district: District, selection: Selection, style: HeatStyle, months: float) -> Iterator[dict[str, Any]]:
    """Square cells in which there is anything, as features."""
    found = surface(district, selection, Scope.FULL, style)
    zoom = max(found.finest - int(np.log2(8 / CELLS_A_BANDWIDTH)), 0)
    west, south, east, north = extent_of(district, selection)
    count = 2.0**zoom
    left, right = (int((lon + 180) / 360 * count) for lon in (west, east))
    top, bottom = (int((1 - np.arcsinh(np.tan(np.radians(lat))) / np.pi) / 2 * count) for lat in (north, south))
    density = found.grid(zoom, left, top, right - left + 1, bottom - top + 1)
    for row, column in zip(*(axis.tolist() for axis in np.nonzero(density > 0)), strict=True):
        lon = ((left + column + np.array([0, 1])) / count) * 360 - 180
        lat = np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (top + row + np.array([1, 0])) / count))))
        value = float(density[row, column])
        shape = shapely.geometry.mapping(shapely.box(lon[0], lat[0], lon[1], lat[1]))
        named = {"density_per_km2": value, "density_per_km2_month": value / months}
        yield {"id": f"{zoom}/{left + column}/{top + row}", "geometry": shape, "properties": named}


def _records(view: CellView) -> Iterator[dict[str, Any]]:
    texts = shapely.to_geojson(view.shapes)
    for cell, (id, text) in enumerate(zip(view.ids, texts.tolist(), strict=True)):
        yield {"id": id, "geometry": orjson.loads(text), "properties": view.row(cell)}


def _types(view: CellView) -> dict[str, str]:
    texts = {name for name, column in view.columns.items() if column.dtype.kind in "UO"}
    numbers = {name: "str" if name in texts else "float" for name in view.columns}
    return {"class": "str", "uncertain": "bool", **numbers}
