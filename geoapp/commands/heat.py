"""Commands that draw heat maps and hot spots."""

from pathlib import Path

import click

from geoapp.commands.terminal import chosen, configured, json_option, told

where_option = click.option("--where", default="", help="A selection as in a page's link: category=02&from=2026-05-01")
weight_option = click.option("--weight", default="count", show_default=True, help="count, severity or overdue.")
pixels_option = click.option(
    "--pixels", type=click.IntRange(100, 8_000), default=2_000, show_default=True, help="Width of a PNG."
)


@click.command()
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help=".png with a world file (EPSG:3857), or .gpkg of cells with their density.")  # fmt: skip
@where_option
@click.option("--bandwidth", type=int, default=300, show_default=True, help="Smoothed over so many metres.")
@weight_option
@click.option("--top", type=float, help="Where the scale of a PNG ends, per km²; several maps then have one.")
@pixels_option
@json_option
def heat(target: Path, where: str, bandwidth: int, weight: str, top: float | None, pixels: int, as_json: bool) -> None:
    """Write where problems lie thickest, as the page /heat shows it.

    Example: geoapp heat -o heat.png --where "category=02"
    """
    from geoapp.services import HeatStyle, write_heat

    style = HeatStyle(bandwidth, weight, top)
    told(write_heat(configured(), chosen(where), style, target, wide=pixels), as_json)


@click.command()
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help=".gpkg, .geojson or .xlsx of all cells, or .png with a world file (EPSG:3857).")  # fmt: skip
@where_option
@click.option("--cells", default="hexagons", show_default=True, help="hexagons, townships or streets (in pieces).")
@click.option("--width", type=int, help="Width of hexagons in metres.  [default: what suits the district]")
@click.option("--per", help="area, visit, survey_point, street_km or resident.")
@click.option("--shown", default="spots", show_default=True, help="spots, rates, difference, courses or streets.")
@weight_option
@pixels_option
@json_option
def hotspots(
    target: Path, where: str, cells: str, width: int | None, per: str | None, shown: str, weight: str, pixels: int,
    as_json: bool,
) -> None:  # fmt: skip
    """Write where problems lie more closely than chance would put them: Gi*, p, q and what else is known of each cell.

    Example: geoapp hotspots -o spots.gpkg --cells hexagons --per visit
    """
    from geoapp.maps.layers import CELL_COLOURS
    from geoapp.services import CellStyle, write_hotspots

    style = CellStyle(cells, width, per, weight)
    facts = write_hotspots(configured(), chosen(where), style, shown, target, colours=CELL_COLOURS, wide=pixels)
    told(facts, as_json)
