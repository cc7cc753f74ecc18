"""Commands of inspection routes, and of the roads that they follow."""

import json
import sys
from pathlib import Path
from typing import Any

import click

from geoapp.commands.terminal import configured, json_option, progress, told


@click.command()
@json_option
def roads(as_json: bool) -> None:
    """Join the district's roads, and tell what can be travelled on by each means.

    Example: geoapp roads
    """
    from geoapp.services.routes.orders import roads_of_instance

    told(roads_of_instance(configured()), as_json)


@click.group()
def routes() -> None:
    """Who goes where, in which order, and what is left out and why.

    Example: geoapp routes plan request.json -o plan.json --seconds 10
    """


@routes.command()
@click.argument("request", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="The plan as JSON.")  # fmt: skip
@click.option("--seconds", type=click.FloatRange(0.05, 3_600), help="How long to search.  [default: 10]")
@click.option("--iterations", type=click.IntRange(0, 100_000_000), help="Search so many times instead: it replays.")
@click.option("--of", type=click.IntRange(1, 100_000_000), help="What the search was laid out for, as its plan says.")
@click.option("--seed", type=click.IntRange(0, 2**31), default=1, show_default=True, help="The same gives the same.")
@click.option("--solver", type=click.Choice(["search", "pyvrp"]), default="search", help="With --iterations: whose.")
@json_option
def plan(request: Path, target: Path, as_json: bool, **effort: Any) -> None:
    """Plan the routes that a request asks for, over the district's roads; without roads, in straight lines × 1.3.

    Example: geoapp routes plan request.json -o plan.json --seconds 30 --seed 7
    """
    if effort["seconds"] is not None and effort["iterations"] is not None:
        raise click.UsageError("Choose one of --seconds and --iterations.")
    config = configured()
    from geoapp.services.routes.orders import plan_file
    from geoapp.services.routes.planning import Effort, Progress

    shown = progress("Searching")

    def tell(best: Progress) -> bool:
        shown(round(100 * best.share), 100)
        return True

    told(plan_file(config, request, target, Effort(**effort), progress=tell), as_json)


@routes.command()
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(plan: Path, as_json: bool) -> None:
    """Hold a plan, also one edited by hand, against its request and the roads; exit 1 if it breaks a rule.

    Example: geoapp routes check plan.json --json
    """
    from geoapp.services.routes.orders import check_file

    said = check_file(configured(), plan)
    if as_json:
        click.echo(json.dumps(said, ensure_ascii=False))
    else:
        click.echo(said["sentence"], err=not said["ok"])
    sys.exit(0 if said["ok"] else 1)


@routes.command("export")
@click.argument("plan")
@click.option("-o", "--output", "target", required=True, type=click.Path(dir_okay=False, path_type=Path),
              help="Ends with .gpx, .geojson, .xlsx or .json.")  # fmt: skip
@json_option
def export_routes(plan: str, target: Path, as_json: bool) -> None:
    """Write a plan for another program: the id of a kept one, or a file that `geoapp routes plan` wrote.

    Example: geoapp routes export plan.json -o plan.gpx
    """
    from geoapp.services.routes.exporting_plans import export_plan

    told(export_plan(configured(), plan, target), as_json)
