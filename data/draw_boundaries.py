"""Draws the demo's schematic township boundaries: `python data/draw_boundaries.py` writes data/boundaries.geojson.

There are no public boundaries of these townships. What is known: the outline of the district, 429 named points whose
name states their township, and the published area of 12 of the 16 townships. Every place goes to the township of its
nearest named point, where each township's reach is widened or narrowed until the known areas come out, as far as its
named points and seats stay inside. The result is a sketch: valid, without gap or overlap, and nothing official.
"""

import csv
import json
from pathlib import Path

import numpy as np
import shapely
from pyproj import Transformer
from scipy.spatial import cKDTree

DATA = Path(__file__).parent
GRID_M = 100.0
SMOOTH_M = 220.0
METRIC = "EPSG:4548"


def main() -> None:
    """Draw, check and write."""
    forward = Transformer.from_crs(4326, METRIC, always_xy=True).transform
    back = Transformer.from_crs(METRIC, 4326, always_xy=True).transform
    outline = outline_polygon()
    points, owners = named_points()
    metric_points = np.column_stack(forward(*points.T))
    metric_outline = shapely.transform(outline, lambda c: np.column_stack(forward(*c.T)))
    codes = sorted(set(owners))
    raster = townships_of_raster(metric_outline, metric_points, owners, codes)
    sketch = shapely.transform(raster, lambda c: np.column_stack(back(*c.T)))
    areas = cut_to_outline(sketch, outline)
    report(areas, codes, forward)
    write(areas, codes)


def outline_polygon() -> shapely.Polygon:
    """The district's outline in degrees."""
    with (DATA / "outline.csv").open(encoding="utf-8") as rows:
        return shapely.Polygon([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(rows)])


def named_points() -> tuple[np.ndarray, np.ndarray]:
    """Points (n, 2) in degrees, and the township code that each one's name states."""
    with (DATA / "boundary_points.csv").open(encoding="utf-8") as rows:
        known = [(float(row["lon"]), float(row["lat"]), row["township"]) for row in csv.DictReader(rows)]
    return np.array([row[:2] for row in known]), np.array([row[2] for row in known])


def published_km2() -> dict[str, float]:
    """Published areas, where there are any."""
    with (DATA / "townships.csv").open(encoding="utf-8") as rows:
        return {row["code"]: float(row["area_km2"]) for row in csv.DictReader(rows) if row["area_km2"]}


def townships_of_raster(outline, points, owners, codes) -> np.ndarray:
    """A coverage of raster squares by township, in metres, reaching a little over the outline."""
    west, south, east, north = outline.bounds
    x = np.arange(west - 5 * GRID_M, east + 5 * GRID_M, GRID_M)
    y = np.arange(south - 5 * GRID_M, north + 5 * GRID_M, GRID_M)
    centres = np.stack(np.meshgrid(x, y), -1)
    trees = [cKDTree(points[owners == code]) for code in codes]
    distance = np.stack([tree.query(centres)[0] for tree in trees])
    inside = shapely.contains_xy(outline, centres[..., 0], centres[..., 1])
    own = distance_at_points(points, owners, codes, trees)
    reach = fitted_reach(distance[:, inside], own, codes)
    nearest = np.argmin(distance - reach[:, None, None], axis=0)
    squares = shapely.box(centres[..., 0] - GRID_M / 2, centres[..., 1] - GRID_M / 2,
                          centres[..., 0] + GRID_M / 2, centres[..., 1] + GRID_M / 2)  # fmt: skip
    areas = [shapely.coverage_union_all(squares[nearest == number]) for number in range(len(codes))]
    return shapely.coverage_simplify(np.array(areas), SMOOTH_M)


def distance_at_points(points, owners, codes, trees) -> list[np.ndarray]:
    """For each township, how far its named points are from those of every other one: (townships, its points)."""
    return [np.stack([tree.query(points[owners == code])[0] for tree in trees]) for code in codes]


def fitted_reach(distance, own, codes) -> np.ndarray:
    """Metres by which each township's reach is widened, so that published areas come out and no named point changes."""
    published = published_km2()
    target = np.array([published.get(code, np.nan) for code in codes])
    reach = np.zeros(len(codes))
    for _ in range(400):
        sizes = np.bincount(np.argmin(distance - reach[:, None], axis=0), minlength=len(codes)) * (GRID_M / 1000) ** 2
        wanted = np.nan_to_num((target - sizes) / np.sqrt(target), nan=0.0) * 20
        trial = np.clip(reach + np.clip(wanted, -150, 150), -4000, 4000)
        # A township may reach over a neighbour's ground, but not over its named points.
        for number, ways in enumerate(own):
            limit = np.min(ways - 30.0, axis=1, where=ways > 0, initial=np.inf)
            over = (trial - trial[number] > limit) & (np.arange(len(codes)) != number)
            trial[over] = np.minimum(trial[over], np.maximum(trial[number] + limit[over], reach[over]))
        reach = trial
    return reach


def cut_to_outline(sketch, outline) -> list:
    """Areas with exactly the same vertices on both sides of every shared border, together exactly the outline."""
    lines = [shapely.boundary(area) for area in sketch] + [outline.exterior]
    noded = shapely.union_all(lines, grid_size=1e-7)
    faces = [face for face in shapely.get_parts(shapely.polygonize([noded])) if face.area > 1e-10]
    tree = shapely.STRtree(sketch)
    whole = shapely.set_precision(outline, 1e-7)
    owned: dict[int, list] = {}
    for face in faces:
        spot = face.point_on_surface()
        if whole.contains(spot):
            owner = next(iter(sorted(tree.query(spot, predicate="intersects"))))
            owned.setdefault(int(owner), []).append(face)
    areas = {owner: shapely.coverage_union_all(parts) for owner, parts in owned.items()}
    return merged_specks([areas[number] for number in range(len(sketch))])


def merged_specks(areas: list) -> list:
    """Parts without a named reason to be go to the neighbour around them."""
    parts = [(owner, part) for owner, area in enumerate(areas) for part in shapely.get_parts(area)]
    largest = [max(shapely.get_parts(area), key=lambda part: part.area) for area in areas]
    owned = [[part] for part in largest]
    points, owners = named_points()
    codes = sorted(set(owners))
    for owner, part in parts:
        if part is largest[owner] or part.equals(largest[owner]):
            continue
        has_name = shapely.contains_xy(part, *points[owners == codes[owner]].T).any()
        shared = [part.intersection(area).length if number != owner else -1.0 for number, area in enumerate(largest)]
        owned[owner if has_name else int(np.argmax(shared))].append(part)
    return [shapely.coverage_union_all(parts) for parts in owned]


def report(areas, codes, forward) -> None:
    """Print how well the sketch keeps to what is known."""
    published, close = published_km2(), 0
    assert shapely.coverage_is_valid(np.array(areas))
    for code, area in zip(codes, areas, strict=True):
        km2 = shapely.transform(area, lambda c: np.column_stack(forward(*c.T))).area / 1e6
        known = published.get(code)
        close += known is not None and abs(km2 / known - 1) <= 0.1
        print(code, round(km2, 1), known, len(shapely.get_parts(area)), shapely.count_coordinates(area))
    print(f"{close} of {len(published)} known areas are within 10 %")


def write(areas, codes) -> None:
    """One line a township, coordinates to seven places."""
    features = [
        json.dumps({"type": "Feature", "id": code, "geometry": rounded(area), "properties": {}})
        for code, area in zip(codes, areas, strict=True)
    ]
    text = '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"
    (DATA / "boundaries.geojson").write_text(text, encoding="utf-8")


def rounded(area) -> dict:
    """GeoJSON with counter-clockwise outlines (RFC 7946)."""
    shape = shapely.geometry.mapping(shapely.orient_polygons(area))
    return json.loads(json.dumps(shape), parse_float=lambda text: round(float(text), 7))


if __name__ == "__main__":
    main()
