"""Plans as files from a terminal."""

import json
from pathlib import Path

import fiona
import pytest
from click.testing import CliRunner

from geoapp import services
from geoapp.cli import main
from geoapp.config import Config
from geoapp.domain.errors import BadInput, NotFound
from geoapp.services.routes import plan_json
from geoapp.services.routes.exporting_plans import export_plan
from tests.conftest import NOW, toy_layers, toy_tables
from tests.toy_outing import kept_outing


@pytest.fixture
def instance(tmp_path: Path) -> tuple[Config, str, Path]:
    """A toy instance that nobody has opened, a plan's id in it, and the same plan as a file."""
    opened = services.found(tmp_path / "toy", toy_layers(), toy_tables(), clock=lambda: NOW)
    kept = kept_outing(services.at_this_moment(opened))[1]
    opened.close()
    file = tmp_path / "plan.json"
    file.write_bytes(plan_json(kept.plan))
    return Config(instance=tmp_path / "toy"), kept.id, file


def waypoints(file: Path) -> list[str]:
    with fiona.open(file, layer="waypoints") as found:
        return [one.properties["name"] for one in found]


def test_a_kept_plan_and_a_file_with_the_same_plan_become_the_same_stops(
    instance: tuple[Config, str, Path], tmp_path: Path
) -> None:
    config, id, file = instance

    told = [export_plan(config, plan, tmp_path / f"{number}.gpx") for number, plan in enumerate((id, str(file)))]
    assert [one["stops"] for one in told] == [5, 5]
    assert waypoints(tmp_path / "0.gpx") == waypoints(tmp_path / "1.gpx")
    assert waypoints(tmp_path / "0.gpx")[0] == "1. Park"


@pytest.mark.parametrize("ending", ["gpx", "geojson", "xlsx", "json"])
def test_the_ending_names_the_format(
    instance: tuple[Config, str, Path], tmp_path: Path, ending: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    config, id, _ = instance
    monkeypatch.setenv("GEOAPP_INSTANCE", str(config.instance))
    target = tmp_path / f"out.{ending}"

    said = CliRunner().invoke(main, ["routes", "export", id, "-o", str(target), "--json"])
    assert said.exit_code == 0, said.output
    assert json.loads(said.output)["bytes"] == target.stat().st_size > 500


def test_what_cannot_be_written_is_told(instance: tuple[Config, str, Path], tmp_path: Path) -> None:
    config, id, file = instance

    with pytest.raises(BadInput, match=r"out\.kml does not end like a format that can be written"):
        export_plan(config, id, tmp_path / "out.kml")
    with pytest.raises(NotFound, match="There is no plan '000000000000'"):
        export_plan(config, "000000000000", tmp_path / "out.gpx")
    edited = json.loads(file.read_text("utf-8"))
    edited["routes"][0]["stops"][0]["id"] = "sites/nowhere"
    file.write_text(json.dumps(edited), "utf-8")
    with pytest.raises(BadInput, match=r"plan\.json: the routes name sites/nowhere"):
        export_plan(config, str(file), tmp_path / "out.gpx")
    assert not (tmp_path / "out.gpx").exists()
