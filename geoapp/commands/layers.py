"""Commands that bring files into layers, take layers out, and assign the points of a file."""

from pathlib import Path
from typing import Any

import click

from geoapp.commands.terminal import chosen, configured, json_option, progress, told


@click.command(name="import")
@click.argument("layer")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--datum", type=click.Choice(["wgs84", "gcj02", "bd09"]), default="wgs84", show_default=True,
              help="How its coordinates are shifted.")  # fmt: skip
@click.option("--crs", metavar="EPSG:n", help="Its coordinate system, where the file does not say.")
@click.option("--encoding", help="The encoding of its texts, where it is not recognised.")
@click.option("--key", metavar="FIELD,…", help="Fields that tell a feature from the others.")
@click.option("--map", "mapping", metavar="HEADING=FIELD", multiple=True, help="What a heading means.")
@click.option("--set", "fixed", metavar="FIELD=VALUE", multiple=True, help="A value for all rows.")
@click.option("--skip-bad", is_flag=True, help="Bring the good rows although others are bad.")
@click.option("--dry-run", is_flag=True, help="Tell what would happen, and change nothing.")
@click.option("--rejects", type=click.Path(dir_okay=False, path_type=Path), help="Write bad rows here (.csv or .xlsx).")
@json_option
def import_(layer: str, file: Path, key: str | None, mapping: tuple[str, ...], fixed: tuple[str, ...], dry_run: bool,
            rejects: Path | None, as_json: bool, **options: Any) -> None:  # fmt: skip
    """Bring a file into a layer: GeoJSON, Shapefile (.zip), GeoPackage, KML, KMZ, GPX, CSV or Excel.

    All good rows come in as one change, or nothing does. Townships bring new boundaries: every point is assigned again.
    What a team has recorded in its route pack comes into visits, with the problems it found: each record once, however
    often its file comes.

    \b
    Example: geoapp import problems ledger.xlsx --set found_at=2026-05-03 --dry-run
    Example: geoapp import visits results.zip
    Example: geoapp import population grid.csv
    """
    from geoapp.services import ImportOptions, import_into_instance

    wanted = ImportOptions(
        key=tuple(key.split(",")) if key else (), mapping=_pairs(mapping), fixed=_pairs(fixed), **options
    )
    told(import_into_instance(configured(), layer, file, wanted, dry_run=dry_run, rejects=rejects), as_json)


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    for text in texts:
        if "=" not in text:
            raise click.UsageError(f"{text!r} is not NAME=VALUE.")
    parts = (text.partition("=") for text in texts)
    return {name.strip(): value.strip() for name, _, value in parts}


@click.command()
@click.argument("layer")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--where", default="", help="A selection as in a page's link: status=reported&township=110116001")
@json_option
def export(layer: str, file: Path, where: str, as_json: bool) -> None:
    """Write a layer, or a part of it, to a file: .geojson, .gpkg, .shp.zip, .kml, .csv or .xlsx.

    Example: geoapp export problems reported.gpkg --where "status=reported"
    """
    from geoapp.domain.selection import Scope
    from geoapp.services import Wanted, export_instance_layer

    told(export_instance_layer(configured(), Wanted(layer, chosen(where), Scope.FULL), file), as_json)


@click.command()
@click.argument("points", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--areas", required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path),
              help="The townships: any file of areas that import reads, or GeoParquet.")  # fmt: skip
@click.option("--streets", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Lines of streets.")
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="What is written, in the format of its name.")  # fmt: skip
@click.option("--lon", metavar="NAME", help="The column of longitudes, where it is not recognised.")
@click.option("--lat", metavar="NAME", help="The column of latitudes.")
@click.option("--crs", metavar="EPSG:n", help="The points' coordinate system, where the file does not say.")
@click.option("--area-code", metavar="NAME", help="The areas' column of codes, where it is not recognised.")
@click.option("--area-name", metavar="NAME", help="The areas' column of names.")
@click.option("--street-code", metavar="NAME", help="The streets' column that is written.")
@click.option("--encoding", help="The encoding of a CSV, where it is not recognised.")
@click.option("--processes", type=click.IntRange(1, 256), help="How many work at once.  [default: cores less one]")
@json_option
def assign(points: Path, areas: Path, streets: Path | None, target: Path, as_json: bool, **options: Any) -> None:
    """Give every point of a file, of any size, its township and its nearest street within 200 m.

    Reads and writes CSV, GeoParquet, GeoJSON and one feature a line (.csv, .parquet, .geojson, .geojsonl). The columns
    township, township_name and street are added, or replaced; all others stay. Needs no instance.

    Example: geoapp assign points.parquet --areas townships.geojson --streets streets.geojson -o assigned.parquet
    """
    from geoapp.services.assigning_files import AssignOptions, assign_file

    shown = progress("Assigning")
    told(assign_file(points, areas, target, AssignOptions(**options), streets=streets, progress=shown), as_json)
