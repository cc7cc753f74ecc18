"""Commands of facility coverage."""

import json
from pathlib import Path
from typing import Any

import click

from geoapp.commands.terminal import configured, json_option, told


@click.group()
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
    config = configured()
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
    config = configured()
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
    config = configured()
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

    told(lines_of_instance(configured(), standard), as_json)


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
