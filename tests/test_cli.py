"""The terminal speaks in sentences, and its exit codes can be relied on."""

import json
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click
import geopandas
import numpy as np
import pytest
from click.testing import CliRunner, Result
from PIL import Image
from pyproj import Transformer

from geoapp.analysis.datum import converted
from geoapp.cli import main


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Run a command on an instance of its own."""
    monkeypatch.setenv("GEOAPP_INSTANCE", str(tmp_path / "district"))

    def invoke(*words: str) -> Result:
        return CliRunner().invoke(main, list(words))

    return invoke


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    for name, command in group.commands.items():
        yield (*path, name), command
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


@pytest.mark.parametrize(
    ("path", "command"), list(commands(main)), ids=lambda value: " ".join(value) if isinstance(value, tuple) else ""
)
def test_every_command_explains_itself_with_an_example(path: tuple[str, ...], command: click.Command) -> None:
    shown = CliRunner().invoke(main, [*path, "--help"])

    assert shown.exit_code == 0
    assert "Example:" in shown.output
    # Each stands on a line of its own, to be copied.
    assert all(line.count("Example:") <= 1 for line in shown.output.splitlines())


def test_help_needs_no_library_of_the_map() -> None:
    code = (
        "import sys; from geoapp.cli import main; main(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    )
    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert not re.findall(r"'(folium|numpy|shapely|flask|numba)'", shown)


def test_wrong_usage_ends_with_two(run) -> None:
    assert run("serve", "--port", "seven").exit_code == 2
    assert run("nothing").exit_code == 2


@pytest.mark.parametrize("words", [("serve",), ("ledger", "verify"), ("backup", "b.tar"), ("demo",)])
def test_without_a_district_every_command_says_what_to_do(run, words: tuple[str, ...]) -> None:
    refused = run(*words)

    assert refused.exit_code == 1
    assert "run `geoapp init --demo` first" in refused.stderr
    assert refused.stderr.count("\n") == 1


def test_a_demo_is_founded_once_verified_backed_up_and_restored(run, tmp_path: Path, monkeypatch) -> None:
    founded = run("init", "--demo", "--json")
    assert founded.exit_code == 0, founded.output
    assert json.loads(founded.stdout)["problems"] == 1_200

    again = run("init", "--demo")
    assert (again.exit_code, "already" in again.stderr) == (1, True)

    assert run("backup", str(tmp_path / "copy.tar")).exit_code == 0
    monkeypatch.setenv("GEOAPP_INSTANCE", str(tmp_path / "second"))
    assert run("restore", str(tmp_path / "copy.tar")).exit_code == 0
    verified = run("ledger", "verify", "--json")
    assert (verified.exit_code, json.loads(verified.stdout)["ok"]) == (0, True)
    more = run("demo", "--problems", "50", "--seed", "3", "--json")
    assert json.loads(more.stdout)["problems"] == 50
    assert run("ledger", "verify").exit_code == 0


def test_two_services_never_share_a_port(run) -> None:
    run("init", "--demo")
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        refused = run("serve", "--port", str(other.getsockname()[1]))

    assert refused.exit_code == 1
    assert "choose another one with --port" in refused.stderr


def test_verify_names_a_flipped_byte(run, tmp_path: Path) -> None:
    run("init", "--demo")
    ledger = tmp_path / "district" / "ledger.sqlite"
    content = bytearray(ledger.read_bytes())
    place = content.rindex("怀柔".encode())
    content[place] ^= 1
    ledger.write_bytes(content)
    refused = run("ledger", "verify")

    assert refused.exit_code == 1
    assert refused.stderr.strip()
    assert "Traceback" not in refused.output


def test_a_layer_is_exported_in_the_format_of_the_file_s_name(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    for ending in ("geojson", "gpkg", "shp.zip", "kml", "csv", "xlsx"):
        done = run("export", "facilities", str(tmp_path / f"out.{ending}"), "--where", "kind=library", "--json")
        assert done.exit_code == 0, done.output
        assert json.loads(done.stdout.splitlines()[-1])["features"] > 0
        assert (tmp_path / f"out.{ending}").stat().st_size > 200

    refused = run("export", "facilities", str(tmp_path / "out.dwg"))
    assert refused.exit_code == 1
    assert "out.dwg does not end like a format that can be written" in refused.stderr
    assert run("export", "facilities", str(tmp_path / "out.csv"), "--where", "status=closed").exit_code == 1


def test_init_wants_one_source(run, tmp_path: Path) -> None:
    assert run("init").exit_code == 2
    broken = tmp_path / "broken.osm.pbf"
    broken.write_bytes(b"not a map")
    refused = run("init", "--osm", str(broken))

    assert refused.exit_code == 1
    assert "broken.osm.pbf cannot be read as OpenStreetMap data" in refused.stderr


def test_a_file_is_imported_with_an_account_of_its_rows(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    file = tmp_path / "ledger.csv"
    rows = "公园,垃圾满溢,龙山街道,2026-05-03\n公园,垃圾,火星街道,2026-05-03\n"
    file.write_text(f"点位,存在问题,镇街,发现时间\n{rows}", encoding="gbk")

    refused = run("import", "problems", str(file))
    assert refused.exit_code == 1
    assert "Row 3, 镇街: '火星街道' is no township of this district." in refused.stderr
    told = run("import", "problems", str(file), "--skip-bad", "--rejects", str(tmp_path / "bad.csv"), "--json")
    facts = json.loads(told.stdout.splitlines()[-1])
    assert (facts["good"], facts["added"], len(facts["rejected"])) == (1, 1, 1)
    assert "火星街道" in (tmp_path / "bad.csv").read_text("utf-8-sig")
    assert json.loads(run("import", "problems", str(file), "--skip-bad", "--json").stdout.splitlines()[-1])["same"] == 1
    assert run("import", "problems", str(file), "--set", "beauty").exit_code == 2


def test_new_boundaries_can_be_tried_before_they_are_taken(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    file = tmp_path / "townships.geojson"
    assert run("export", "townships", str(file)).exit_code == 0
    tried = json.loads(run("import", "townships", str(file), "--dry-run", "--json").stdout.splitlines()[-1])

    assert (tried["added"], tried["removed"], tried["moves"], tried["sequence"]) == ([], [], [], None)


def test_points_from_a_shifted_map_are_told_and_not_moved(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    assert run("export", "sites", str(tmp_path / "sites.geojson")).exit_code == 0
    features = json.loads((tmp_path / "sites.geojson").read_bytes())["features"]
    places = [one["geometry"]["coordinates"] for one in features if one["geometry"]][:200]
    lon, lat = converted(*zip(*places, strict=True), "wgs84", "gcj02")
    rows = "".join(f"点{n},park,{east},{north}\n" for n, (east, north) in enumerate(zip(lon, lat, strict=True)))
    (tmp_path / "picked.csv").write_text(f"名称,类型,经度,纬度\n{rows}", encoding="utf-8")

    told = run("import", "sites", str(tmp_path / "picked.csv"), "--dry-run").output
    assert "These points look like GCJ-02: as they stand, they lie" in told
    assert "bring them in as GCJ-02" in told
    assert (
        "look like" not in run("import", "sites", str(tmp_path / "picked.csv"), "--dry-run", "--datum", "gcj02").output
    )


def test_a_district_is_founded_on_its_boundaries_alone(run, tmp_path: Path) -> None:
    square = {"type": "Polygon", "coordinates": [[[0, 0], [1, 0], [1, 1], [0, 1], [0, 0]]]}
    one = {"type": "Feature", "geometry": square, "properties": {"名称": "西乡", "编码": "W"}}
    file = tmp_path / "townships.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8")

    assert run("init", "--empty", "--boundaries", str(file)).exit_code == 2
    done = run("init", "--empty", "--boundaries", str(file), "--name", "我区", "--timezone", "Asia/Shanghai", "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout.splitlines()[-1])["townships"] == 1
    rows = tmp_path / "sites.csv"
    rows.write_text("名称,类型,经度,纬度\n公园,park,0.5,0.5\n", encoding="utf-8")
    assert json.loads(run("import", "sites", str(rows), "--json").stdout.splitlines()[-1])["added"] == 1


def test_a_bad_boundary_founds_nothing(run, tmp_path: Path) -> None:
    file = tmp_path / "townships.geojson"
    one = {"type": "Feature", "geometry": None, "properties": {"名称": "西乡"}}
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [one]}), encoding="utf-8")
    refused = run("init", "--empty", "--boundaries", str(file), "--name", "我区")

    assert refused.exit_code == 1
    assert "code is missing" in refused.stderr
    assert not (tmp_path / "district" / "ledger.sqlite").exists()


def test_heat_and_hot_spots_are_written_for_other_programs(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    for command, endings in (("heat", ("png", "gpkg")), ("hotspots", ("png", "gpkg", "geojson", "xlsx"))):
        for ending in endings:
            done = run(command, "-o", str(tmp_path / f"{command}.{ending}"), "--where", "category=02", "--json")
            assert done.exit_code == 0, done.output
            told = json.loads(done.stdout.splitlines()[-1])
            assert all(Path(file).stat().st_size for file in told["files"])

    spots = geopandas.read_file(tmp_path / "hotspots.gpkg")
    assert {"gi_star", "p", "q", "class", "count"} <= set(spots.columns)
    assert spots.crs.to_epsg() == 4326
    heat = geopandas.read_file(tmp_path / "heat.gpkg").to_crs(4548)
    reports = json.loads(run("hotspots", "-o", str(tmp_path / "a.geojson"), "--where", "category=02", "--json").stdout)
    counted = spots["count"].sum()
    # The surface adds up to the reports, but for what smoothing at the border cannot make up.
    assert (heat["density_per_km2"] * heat.area / 1e6).sum() == pytest.approx(counted, rel=0.02)
    assert reports["cells"] == len(spots)


def test_a_picture_of_heat_lies_where_its_world_file_says(run, tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    assert run("heat", "-o", str(tmp_path / "heat.png"), "--pixels", "800").exit_code == 0
    across, _, _, down, left, top = map(float, (tmp_path / "heat.pgw").read_text().split())
    rows, columns = np.nonzero(np.asarray(Image.open(tmp_path / "heat.png"))[:, :, 3] > 200)
    to_degrees = Transformer.from_crs(3857, 4326, always_xy=True)
    lon, lat = to_degrees.transform(left + columns.mean() * across, top + rows.mean() * down)

    # The thickest of it is in the town.
    assert (lon, lat) == (pytest.approx(116.63, abs=0.03), pytest.approx(40.32, abs=0.03))
    assert across == pytest.approx(-down, rel=0.02)
    assert "Mercator" in (tmp_path / "heat.prj").read_text()


@pytest.mark.parametrize("words", [("heat", "-o", "a.dwg"), ("heat", "-o", "a.png", "--bandwidth", "7"),
                                   ("heat", "-o", "a.png", "--weight", "x"), ("hotspots", "-o", "a.tif"),
                                   ("hotspots", "-o", "a.gpkg", "--cells", "x"),
                                   ("hotspots", "-o", "a.gpkg", "--where", "colour=red")])  # fmt: skip
def test_heat_that_cannot_be_is_refused_in_a_sentence(run, words: tuple[str, ...], tmp_path: Path) -> None:
    assert run("init", "--demo").exit_code == 0
    refused = run(*words)

    assert refused.exit_code == 1
    assert refused.stderr.strip().endswith(".")
    assert "Traceback" not in refused.output
