"""What is built here stands on its own elsewhere."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """sdist, and the wheel built from it, in one folder."""
    if not (ROOT / "geoapp/web/static/vendor").is_dir():
        pytest.skip("the assets are not built: run make assets")
    target = tmp_path_factory.mktemp("dist")
    build = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(target)]
    done = subprocess.run([*build, str(ROOT)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return target


@pytest.fixture(scope="module")
def installed(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel unpacked where nothing else of geoapp is."""
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        wheel.extractall(target)
    return target


def test_the_wheel_brings_pages_layers_libraries_and_both_languages(installed: Path) -> None:
    for part in ("layers/townships.geojson", "web/static/vendor/leaflet.js", "translations/zh/LC_MESSAGES/messages.mo"):
        assert (installed / "geoapp" / part).is_file(), part
    assert list((installed / "geoapp/templates").rglob("*.html"))
    assert not (installed / "tests").exists()


def test_the_sdist_brings_all_that_the_wheel_is_made_of(built: Path) -> None:
    assert len(list(built.glob("*.tar.gz"))) == 1


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The demo, served by the installed wheel from an unrelated folder."""
    folder = tmp_path_factory.mktemp("elsewhere")
    place = {"PYTHONPATH": str(installed), "GEOAPP_INSTANCE": str(folder / "district"), "PATH": os.environ["PATH"]}
    geoapp = [sys.executable, "-m", "geoapp"]
    subprocess.run([*geoapp, "init", "--demo"], cwd=folder, env=place, check=True, capture_output=True)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen([*geoapp, "serve", "--port", str(port)], cwd=folder, env=place)
    try:
        yield _when_ready(f"http://127.0.0.1:{port}", server)
    finally:
        server.terminate()
        server.wait(timeout=120)


def _when_ready(address: str, server: subprocess.Popen[bytes]) -> str:
    # In a new environment everything is compiled first, which takes a busy machine minutes.
    for _ in range(1_500):
        assert server.poll() is None, "the server ended"
        try:
            with urllib.request.urlopen(address + "/readyz", timeout=10):
                return address
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server never became ready")


def test_the_installed_wheel_serves_a_page_in_an_unrelated_folder(served: str) -> None:
    with urllib.request.urlopen(served + "/?lang=en", timeout=30) as page:
        text = page.read().decode()

    assert "Huairou" in text
    assert "leaflet" in text


def test_the_installed_wheel_serves_its_own_libraries(served: str) -> None:
    with urllib.request.urlopen(served + "/static/vendor/leaflet.js", timeout=30) as library:
        assert library.status == 200
