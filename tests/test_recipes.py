"""What a recipe tells people to run is run here, as it stands there."""

import re
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pytest
import shapely
from distributed import Client, LocalCluster

from geoapp.analysis.assignment import AreaIndex

RECIPE = Path(__file__).parents[1] / "docs" / "recipes" / "partitions.md"


def block(heading: str) -> dict[str, Any]:
    """What the code below a heading defines."""
    part = RECIPE.read_text("utf-8").split(f"## {heading}")[1]
    code = re.search(r"```python\n(.*?)```", part, re.DOTALL)
    assert code is not None
    # Named as in a notebook, so that its functions travel to the workers.
    names: dict[str, Any] = {"__name__": "__main__"}
    exec(compile(code[1], str(RECIPE), "exec"), names)
    return names


@pytest.fixture
def given(tmp_path: Path) -> tuple[gpd.GeoDataFrame, gpd.GeoDataFrame]:
    """Areas that touch each other, and points in three files, some on borders, outside and without a place."""
    chance = np.random.default_rng(11)
    cells = [shapely.box(x, y, x + 1, y + 1) for x in range(4) for y in range(4)]
    codes = [f"{n:02}" for n in chance.permutation(len(cells))]
    areas = gpd.GeoDataFrame({"code": codes}, geometry=cells, crs="OGC:CRS84")
    areas.to_parquet(tmp_path / "areas.parquet")
    places = shapely.points(chance.integers(-2, 19, (3_000, 2)) / 4)
    places[::97] = None
    points = gpd.GeoDataFrame({"id": [f"{n:05}" for n in range(len(places))]}, geometry=places, crs="OGC:CRS84")
    (tmp_path / "points").mkdir()
    for number in range(3):
        points[number::3].to_parquet(tmp_path / "points" / f"{number}.parquet")
    return areas, points


def test_partitions_on_dask_get_the_townships_of_a_single_call(given: Any, tmp_path: Path) -> None:
    areas, points = given
    assign_folder = block("Dask")["assign_folder"]
    how = {"processes": False, "n_workers": 2, "threads_per_worker": 1, "dashboard_address": None}
    # All within this process: not even the loopback is needed.
    with LocalCluster(**how) as cluster, Client(cluster) as client:
        assign_folder(client, tmp_path / "points", tmp_path / "areas.parquet", tmp_path / "assigned")
        built = client.run(lambda dask_worker: id(dask_worker.township_index))
    index = AreaIndex(areas.geometry, codes=areas["code"].tolist())
    codes = np.array([*areas["code"], None], object)
    expected = codes[index.assign(points.geometry.x, points.geometry.y)]
    found = gpd.read_parquet(tmp_path / "assigned").sort_values("id", ignore_index=True)

    assert found["township"].astype(object).where(found["township"].notna(), None).tolist() == expected.tolist()
    assert found["id"].tolist() == points["id"].tolist()
    assert found.geometry.geom_equals(points.geometry).sum() == points.geometry.notna().sum()
    assert len(set(built.values())) == 2
