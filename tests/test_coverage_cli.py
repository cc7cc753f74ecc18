"""geoapp coverage on the terminal: tables, files, the proven gap, and one sentence on bad input."""

import csv
import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from docx import Document
from openpyxl import load_workbook

from geoapp import services
from geoapp.cli import main
from tests.conftest import NOW, ROOT
from tests.services.coverage.toy_inventory import inventory_layers, inventory_tables

FONTS = ROOT / "geoapp/web/static/vendor/fonts"
needs_assets = pytest.mark.skipif(not FONTS.is_dir(), reason="no typeface: run make assets")


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command where the toy district of inventories is the instance."""
    monkeypatch.setenv("GEOAPP_INSTANCE", str(tmp_path / "district"))
    monkeypatch.chdir(tmp_path)
    services.found(tmp_path / "district", inventory_layers(), inventory_tables(), clock=lambda: NOW).close()

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, ["coverage", *words])

    return invoke


def test_a_report_is_a_table_and_one_object(run) -> None:
    table, values = run("report"), run("report", "--json")

    assert table.exit_code == 0
    assert any(line.startswith("Toy District") for line in table.stdout.splitlines())
    assert json.loads(values.stdout)["inventory"]["district"]["kinds"]["library"]["now"] == 1


@needs_assets
def test_a_report_is_written_as_workbook_and_document_in_either_language(run) -> None:
    assert run("report", "-o", "a.xlsx", "-p", "1").stdout == "The report stands in a.xlsx.\n"
    assert run("report", "-o", "b.docx", "--lang", "zh", "--json").exit_code == 0

    assert "Proposals" in load_workbook("a.xlsx").sheetnames
    assert "玩具区" in Document("b.docx").paragraphs[0].text


def test_reach_is_a_table_and_its_places_a_file(run) -> None:
    table = run("reach", "--where", "kind=library&by=car&minutes=30", "--lang", "zh")
    told = run("reach", "-o", "places.csv")
    run("reach", "-o", "places.geojson")

    assert table.exit_code == 0
    assert "西乡" in table.stdout
    places = json.loads(Path("places.geojson").read_bytes())["features"]
    rows = list(csv.reader(Path("places.csv").read_text("utf-8-sig").splitlines()))
    assert f"{len(rows) - 1} places stand in places.csv" in told.stdout
    assert {one["id"] for one in places} <= {row[0] for row in rows}


@pytest.mark.parametrize("goal", ["cover", "shorten", "everyone", "worst"])
def test_sites_come_with_the_proven_gap(run, goal: str) -> None:
    told = run("site", "--goal", goal, "-p", "2", "--candidates", "grid", "--kind", "library", "-o", "sites.geojson")
    values = json.loads(run("site", "--goal", goal, "-p", "2", "--candidates", "grid", "--json").stdout)

    assert told.exit_code == 0
    assert json.loads(Path("sites.geojson").read_bytes())["type"] == "FeatureCollection"
    assert values["proven"] or values["gap"] is not None or values["refusal"]


def test_the_gap_is_printed(run) -> None:
    told = run("site", "--goal", "worst", "-p", "1", "--candidates", "grid", "--kind", "library")

    assert "Proven gap: 0.00%" in told.stdout


def test_lines_are_told(run) -> None:
    assert run("lines").exit_code == 0
    assert "standards" in json.loads(run("lines", "--json").stdout)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("report", "--where", "by=horse"), "by='horse' is not one of"),
        (("report", "-o", "a.pdf"), "does not end like a format"),
        (("reach", "-o", "a.xlsx"), "does not end like a format"),
        (("site", "--where", "colour=red"), "There is no parameter 'colour'"),
        (("lines", "--standard", "none"), "There is no standard along streets"),
    ],
)
def test_what_cannot_be_is_refused_in_one_sentence(run, words: tuple[str, ...], said: str) -> None:
    refused = run(*words)

    assert refused.exit_code == 1
    assert said in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_wrong_usage_is_told_apart(run) -> None:
    assert run("site", "--goal", "joy").exit_code == 2
    assert run("site", "-p", "0").exit_code == 2


@pytest.mark.parametrize("words", [(), ("report",), ("reach",), ("site",), ("lines",)])
def test_help_shows_an_example(words: tuple[str, ...]) -> None:
    told = CliRunner().invoke(main, ["coverage", *words, "--help"])

    assert "Example: geoapp coverage" in told.stdout


def test_without_an_instance_the_way_to_one_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GEOAPP_INSTANCE", str(tmp_path / "none"))
    refused = CliRunner().invoke(main, ["coverage", "report"])

    assert refused.exit_code == 1
    assert "geoapp init --demo" in refused.stderr
