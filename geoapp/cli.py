"""The terminal: commands in, sentences out.

Imports stand inside the functions here, and only here, so that `geoapp --help` answers at once.
"""

import json
import os
import socket
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from geoapp import __version__
from geoapp.config import Config
from geoapp.domain.errors import GeoappError, PortTaken

WSGIApplication = Callable[..., Any]

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON object, for machines.")


class Sentences(click.Group):
    """A group whose commands refuse in one sentence on standard error, with exit code 1."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; what the domain refuses becomes its sentence."""
        try:
            return super().invoke(ctx)
        except GeoappError as refused:
            click.echo(str(refused), err=True)
            sys.exit(1)


@click.group(cls=Sentences, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """Map a district's model sites and trouble spots.

    The instance folder is taken from GEOAPP_INSTANCE (default: instance).

    Example: geoapp init --demo && geoapp serve
    """
    warnings.showwarning = lambda message, *rest, **more: click.echo(str(message), err=True)


@main.command()
@click.option("--host", help="Address to listen on.  [default: 127.0.0.1]")
@click.option("--port", type=click.IntRange(1, 65_535), help="Port to listen on.  [default: 8000]")
@click.option("--tls-cert", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Certificate (PEM).")
@click.option("--tls-key", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="Its private key (PEM).")
def serve(host: str | None, port: int | None, tls_cert: Path | None, tls_key: Path | None) -> None:
    """Serve the district's pages until Ctrl-C.

    Example: geoapp serve --port 8080
    """
    from granian import Granian
    from granian.constants import Interfaces
    from granian.log import LogLevels

    from geoapp.services import require_instance

    if (tls_cert is None) != (tls_key is None):
        raise click.UsageError("--tls-cert and --tls-key belong together.")
    os.environ |= {"GEOAPP_HOST": host} if host else {}
    os.environ |= {"GEOAPP_PORT": str(port)} if port else {}
    # The server's worker reads its settings from the environment too.
    os.environ |= {"GEOAPP_TLS": "yes"} if tls_cert else {}
    config = Config.from_env()
    require_instance(config)
    _require_free(config)
    # One process with several threads: they share the layers in memory, and the ledger lets other processes write.
    Granian(
        "geoapp.cli:application",
        address=config.host,
        port=config.port,
        interface=Interfaces.WSGI,
        factory=True,
        workers=1,
        blocking_threads=SERVING_THREADS,
        websockets=False,
        log_level=LogLevels.error,
        ssl_cert=tls_cert,
        ssl_key=tls_key,
    ).serve()


SERVING_THREADS = 8


def application() -> WSGIApplication:
    """The WSGI application of the configured instance, ready to answer: what the server calls in its worker."""
    from multiprocessing.util import Finalize

    config = _configured()
    from geoapp.services import open_district, warm
    from geoapp.web import create_app

    district = open_district(config, progress=_progress("Reading the ledger"))
    warm(_say)
    app: WSGIApplication = create_app(district)
    # The server ends its workers without running atexit; a clean stop writes the layer files.
    Finalize(None, district.close, exitpriority=10)
    _say(f"geoapp serves {district.describe().name_en} on {config.address} (Ctrl-C stops it)")
    return app


@main.command()
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

    Example: geoapp init --demo
    Example: geoapp init --osm liechtenstein-latest.osm.pbf --timezone Europe/Vaduz
    Example: geoapp init --empty --boundaries townships.zip --name "My district" --timezone Asia/Shanghai
    """
    if [demo, osm is not None, empty].count(True) != 1 or empty != (boundaries is not None):
        raise click.UsageError("Choose one of --demo, --osm FILE and --empty --boundaries FILE.")
    config = _configured()
    from geoapp.services import ImportOptions, WantedExtract, init_boundaries, init_demo, init_osm, warm

    warm(_say)
    if boundaries is not None:
        if not wanted["name"]:
            raise click.UsageError("--empty needs --name.")
        options, timezone = ImportOptions(crs=wanted["crs"]), wanted["timezone"]
        _told(init_boundaries(config, boundaries, options, name=wanted["name"], timezone=timezone), as_json)
    elif osm is not None:
        extract = WantedExtract(**{key: value for key, value in wanted.items() if key != "crs"})
        _told(init_osm(config, osm, extract, progress=_progress("Founding the district")), as_json)
    else:
        _told(init_demo(config, progress=_progress("Founding the demo district")), as_json)


@main.command()
@click.option(
    "--problems", type=click.IntRange(0, 20_000_000), default=1_200, show_default=True, help="How many problems."
)
@click.option("--seed", type=int, default=1, show_default=True, help="The same seed gives the same problems.")
@json_option
def demo(problems: int, seed: int, as_json: bool) -> None:
    """Give the demo district any number of synthetic problems, in place of those it has.

    Example: geoapp demo --problems 1000000
    """
    config = _configured()
    from geoapp.services import simulate_demo

    _told(simulate_demo(config, problems=problems, seed=seed, progress=_progress("Simulating")), as_json)


@main.command(name="import")
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
    """Bring a file into a layer: GeoJSON, Shapefile (.zip), GeoPackage, KML, KMZ, GPX, CSV or XLSX.

    All good rows come in as one change, or nothing does. Townships bring new boundaries: every point is assigned again.
    What a team has recorded in its route pack comes into visits, with the problems it found: each record once, however
    often its file comes.

    Example: geoapp import problems ledger.xlsx --set found_at=2026-05-03 --dry-run
    Example: geoapp import visits results.zip
    """
    from geoapp.services import ImportOptions, import_into_instance

    wanted = ImportOptions(
        key=tuple(key.split(",")) if key else (), mapping=_pairs(mapping), fixed=_pairs(fixed), **options
    )
    _told(import_into_instance(_configured(), layer, file, wanted, dry_run=dry_run, rejects=rejects), as_json)


def _pairs(texts: tuple[str, ...]) -> dict[str, str]:
    for text in texts:
        if "=" not in text:
            raise click.UsageError(f"{text!r} is not NAME=VALUE.")
    parts = (text.partition("=") for text in texts)
    return {name.strip(): value.strip() for name, _, value in parts}


@main.command()
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

    _told(export_instance_layer(_configured(), Wanted(layer, _chosen(where), Scope.FULL), file), as_json)


where_option = click.option("--where", default="", help="A selection as in a page's link: category=02&from=2026-05-01")
weight_option = click.option("--weight", default="count", show_default=True, help="count, severity or overdue.")
pixels_option = click.option(
    "--pixels", type=click.IntRange(100, 8_000), default=2_000, show_default=True, help="Width of a PNG."
)


@main.command()
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
    _told(write_heat(_configured(), _chosen(where), style, target, wide=pixels), as_json)


@main.command()
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
    told = write_hotspots(_configured(), _chosen(where), style, shown, target, colours=CELL_COLOURS, wide=pixels)
    _told(told, as_json)


def _chosen(where: str) -> Any:
    from urllib.parse import parse_qs

    from geoapp.domain.selection import Selection

    return Selection.parse(parse_qs(where, keep_blank_values=True))


@main.command()
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

    shown = _progress("Assigning")
    _told(assign_file(points, areas, target, AssignOptions(**options), streets=streets, progress=shown), as_json)


@main.command()
@json_option
def roads(as_json: bool) -> None:
    """Join the district's roads, and tell what can be travelled on by each means.

    Example: geoapp roads
    """
    from geoapp.services.routes.orders import roads_of_instance

    _told(roads_of_instance(_configured()), as_json)


@main.group()
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
    config = _configured()
    from geoapp.services.routes.orders import plan_file
    from geoapp.services.routes.planning import Effort, Progress

    shown = _progress("Searching")

    def tell(best: Progress) -> bool:
        shown(round(100 * best.share), 100)
        return True

    _told(plan_file(config, request, target, Effort(**effort), progress=tell), as_json)


@routes.command()
@click.argument("plan", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def check(plan: Path, as_json: bool) -> None:
    """Hold a plan, also one edited by hand, against its request and the roads; exit 1 if it breaks a rule.

    Example: geoapp routes check plan.json --json
    """
    from geoapp.services.routes.orders import check_file

    said = check_file(_configured(), plan)
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

    _told(export_plan(_configured(), plan, target), as_json)


@main.group()
def coverage() -> None:
    """Which township has what within reach, what it lacks, and where the next facility helps most.

    Example: geoapp coverage report --where "kind=library&by=foot&minutes=15"
    """


question_option = click.option(
    "--where", default="", help="A question as in a link of /coverage: kind=library&by=foot&minutes=15"
)
lang_option = click.option("--lang", type=click.Choice(["en", "zh"]), default="en", show_default=True, help="Language.")


@coverage.command("report")
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the whole report: .xlsx or .docx with maps.")  # fmt: skip
@question_option
@click.option("-p", "count", type=click.IntRange(1, 20), help="How many proposals the report has.  [default: 3]")
@lang_option
@json_option
def coverage_report(target: Path | None, where: str, count: int | None, lang: str, as_json: bool) -> None:
    """Inventory and reach of every township: a table here, or a report as a workbook or a document.

    Example: geoapp coverage report -o report.docx --lang zh
    """
    config = _configured()
    from geoapp.web.coverage_files import report_of_instance

    wanted = _wanted(where, {"p": str(count or 3)})
    _spoken(report_of_instance(config, wanted, target, lang), as_json)


@coverage.command("reach")
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write every village with its way: .csv or .geojson.")  # fmt: skip
@question_option
@lang_option
@json_option
def coverage_reach(target: Path | None, where: str, lang: str, as_json: bool) -> None:
    """How far people go to the nearest facility, township by township.

    Example: geoapp coverage reach --where "kind=library&by=bicycle&minutes=20" -o places.csv
    """
    config = _configured()
    from geoapp.web.coverage_files import reach_of_instance

    _spoken(reach_of_instance(config, _wanted(where, {}).coverage, target, lang), as_json)


@coverage.command("site")
@click.option("--goal", type=click.Choice(["cover", "shorten", "everyone", "worst"]), default="cover",
              show_default=True, help="Most people near, shortest mean way, nobody far, least longest.")  # fmt: skip
@click.option("-p", "count", type=click.IntRange(1, 20), default=3, show_default=True, help="How many places.")
@click.option("--kind", help="Kinds of facility, by comma.")
@click.option("--candidates", type=click.Choice(["villages", "sites", "grid"]), default="villages", show_default=True,
              help="Where one could stand.")  # fmt: skip
@click.option("--minutes", type=click.IntRange(1, 240), help="What counts as near.")
@question_option
@click.option("-o", "--output", "target", type=click.Path(dir_okay=False, path_type=Path),
              help="Write the places and who gains: .geojson.")  # fmt: skip
@lang_option
@json_option
def coverage_site(
    goal: str, count: int, kind: str | None, candidates: str, minutes: int | None, where: str, target: Path | None,
    lang: str, as_json: bool,
) -> None:  # fmt: skip
    """Where the next facilities help most, and how sure it is that no other choice is better.

    Example: geoapp coverage site --goal cover -p 3 --kind library --minutes 15
    """
    config = _configured()
    from geoapp.web.coverage_files import site_of_instance

    limit = str(minutes) if minutes else None
    given = {"goal": goal, "p": str(count), "among": candidates, "kind": kind, "minutes": limit}
    _spoken(site_of_instance(config, _wanted(where, given), target, lang), as_json)


@coverage.command("lines")
@click.option("--standard", metavar="CODE", help="One standard along streets.  [default: all]")
@json_option
def coverage_lines(standard: str | None, as_json: bool) -> None:
    """Which streets keep the standards along them, and how many metres fail.

    Example: geoapp coverage lines --json
    """
    from geoapp.services.coverage.line_files import lines_of_instance

    _told(lines_of_instance(_configured(), standard), as_json)


def _wanted(where: str, given: dict[str, str | None]) -> Any:
    """A question from a link's parameters and from options, which go before them."""
    from urllib.parse import parse_qs

    from geoapp.domain.siting import SitingQuestion

    chosen = {name: [text] for name, text in given.items() if text}
    return SitingQuestion.parse({**parse_qs(where, keep_blank_values=True), **chosen})


def _spoken(facts: dict[str, Any], as_json: bool) -> None:
    """One JSON object for machines; for people the text."""
    text = facts.pop("text")
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else text)


@main.group()
def ledger() -> None:
    """The ledger: every change that was ever made.

    Example: geoapp ledger verify
    """


@ledger.command()
@json_option
def verify(as_json: bool) -> None:
    """Read everything and compare it with its digests; exit 1 if anything is not as it was written.

    Example: geoapp ledger verify --json
    """
    from geoapp.services import verify_instance

    verdict = verify_instance(Config.from_env())
    if as_json:
        click.echo(json.dumps(verdict, ensure_ascii=False))
    else:
        for fault in verdict["faults"]:
            click.echo(fault["sentence"], err=True)
        click.echo(
            f"{verdict['commits']} commits with {verdict['changes']} changes: "
            + ("clean." if verdict["ok"] else "NOT clean.")
        )
    sys.exit(0 if verdict["ok"] else 1)


@main.command()
@click.argument("archive", type=click.Path(dir_okay=False, path_type=Path))
@json_option
def backup(archive: Path, as_json: bool) -> None:
    """Write ledger, private data and photos into one archive; the service may go on meanwhile.

    Example: geoapp backup /media/usb/geoapp.tar
    """
    from geoapp.services import backup_instance

    _told(backup_instance(Config.from_env(), archive), as_json)


@main.command()
@click.argument("archive", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@json_option
def restore(archive: Path, as_json: bool) -> None:
    """Unpack a backup into the instance folder, which must be empty, after checking all of it.

    Example: GEOAPP_INSTANCE=restored geoapp restore /media/usb/geoapp.tar
    """
    from geoapp.services import restore_instance

    _told(restore_instance(Config.from_env(), archive), as_json)


def _require_free(config: Config) -> None:
    # The server would share its port with another one of its kind, and people would reach now one and now the other.
    with socket.socket(socket.AF_INET6 if ":" in config.host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((config.host, config.port))
        except OSError as error:
            raise PortTaken(
                "{host} port {port} cannot be used ({reason}): choose another one with --port.",
                host=config.host,
                port=config.port,
                reason=error.strerror,
            ) from error


def _configured() -> Config:
    """The configuration, before numba is imported: it reads at import where its compiled kernels are to be kept."""
    config = Config.from_env()
    # In the instance, since the package may lie where nobody can write.
    os.environ.setdefault("NUMBA_CACHE_DIR", str((config.instance / "cache" / "numba").absolute()))
    return config


def _told(facts: dict[str, Any], as_json: bool) -> None:
    click.echo(json.dumps(facts, ensure_ascii=False) if as_json else facts["sentence"])


def _say(sentence: str) -> None:
    click.echo(sentence, err=True)


def _progress(action: str) -> Callable[[int, int], None]:
    """A line on the terminal that counts; silent where nobody watches."""
    shown = sys.stderr.isatty()

    def report(done: int, total: int) -> None:
        if shown:
            click.echo(f"\r{action}: {done:,} of {total:,}" + ("\n" if done >= total else ""), nl=False, err=True)

    return report
