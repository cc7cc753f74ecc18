"""Commands that found a district, or fill the demo one."""

from pathlib import Path
from typing import Any

import click

from geoapp.commands.terminal import configured, json_option, progress, say, told


@click.command()
@click.option("--demo", is_flag=True, help="Found the demo district: Huairou, Beijing, with synthetic problems.")
@click.option(
    "--osm",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Found a district from an OpenStreetMap extract (.osm.pbf): townships, streets, roads, sites, facilities.",
)
@click.option("--empty", is_flag=True, help="Found a district with nothing but its townships, from --boundaries.")
@click.option(
    "--boundaries",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="With --empty: a file of townships (GeoJSON, zipped Shapefile, GeoPackage, KML).",
)
@click.option("--crs", metavar="EPSG:n", help="With --empty: the file's coordinate system, where it does not say.")
@click.option("--within", metavar="NAME", help="With --osm: only what lies in the boundary of this name.")
@click.option("--admin-level", type=click.IntRange(2, 12), help="With --osm: the level of boundaries for townships.")
@click.option("--name", help="What the district is called.  [with --osm by default: as its boundary]")
@click.option("--timezone", default="UTC", show_default=True, help="Where its days begin, as Europe/Vaduz.")
@json_option
def init(demo: bool, osm: Path | None, empty: bool, boundaries: Path | None, as_json: bool, **wanted: Any) -> None:
    """Found a district in the instance folder.

    \b
    Example: geoapp init --demo
    Example: geoapp init --osm liechtenstein-latest.osm.pbf --timezone Europe/Vaduz
    Example: geoapp init --empty --boundaries townships.zip --name "My district" --timezone Asia/Shanghai
    """
    if [demo, osm is not None, empty].count(True) != 1 or empty != (boundaries is not None):
        raise click.UsageError("Choose one of --demo, --osm FILE and --empty --boundaries FILE.")
    config = configured()
    from geoapp.services import ImportOptions, WantedExtract, init_boundaries, init_demo, init_osm, warm

    warm(say)
    if boundaries is not None:
        if not wanted["name"]:
            raise click.UsageError("--empty needs --name.")
        options, timezone = ImportOptions(crs=wanted["crs"]), wanted["timezone"]
        told(init_boundaries(config, boundaries, options, name=wanted["name"], timezone=timezone), as_json)
    elif osm is not None:
        extract = WantedExtract(**{key: value for key, value in wanted.items() if key != "crs"})
        told(init_osm(config, osm, extract, progress=progress("Founding the district")), as_json)
    else:
        told(init_demo(config, progress=progress("Founding the demo district")), as_json)


@click.command()
@click.option(
    "--problems", type=click.IntRange(0, 20_000_000), default=1_200, show_default=True, help="How many problems."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same problems.")
@json_option
def demo(problems: int, seed: int, as_json: bool) -> None:
    """Give the demo district any number of synthetic problems, in place of those it has.

    Example: geoapp demo --problems 1000000
    """
    config = configured()
    from geoapp.services import simulate_demo

    told(simulate_demo(config, problems=problems, seed=seed, progress=progress("Simulating")), as_json)
