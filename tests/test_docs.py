"""What the documents point to is there."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from geoapp import services
from geoapp.config import Config
from geoapp.services.routes.reading import read_request
from geoapp.web import create_app

ROOT = Path(__file__).parents[1]
PAGES = [ROOT / "README.md", ROOT / "README.zh-CN.md", *sorted((ROOT / "docs").rglob("*.md"))]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_to_a_file(page: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", page.read_text("utf-8"))

    assert [link for link in links if "://" not in link and not (page.parent / link).exists()] == []


def test_every_guide_stands_in_both_languages() -> None:
    english, chinese = (sorted(path.name for path in (ROOT / "docs/guide" / code).iterdir()) for code in ("en", "zh"))

    assert english == chinese
    assert len(english) >= 8


@pytest.mark.parametrize("code", ["en", "zh"])
def test_the_request_in_the_guide_is_one(code: str) -> None:
    block = re.findall(r"```json\n(.*?)```", (ROOT / f"docs/guide/{code}/routes.md").read_text("utf-8"), re.S)

    assert len(read_request(block[0].encode()).stops) == 2


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """The demo district."""
    config = Config(instance=tmp_path_factory.mktemp("docs") / "demo")
    services.init_demo(config)
    district = services.open_district(config)
    yield create_app(district).test_client()
    district.close()


def test_every_address_in_the_documents_answers(demo: FlaskClient) -> None:
    texts = "\n".join(page.read_text("utf-8") for page in PAGES)
    addresses = sorted(set(re.findall(r"`(?:http://127\.0\.0\.1:8000)?(/[a-z][^`\s<{…]*)`", texts)))
    # Pages that are to come are named in the design only.
    answers = {address: demo.get(address, follow_redirects=True).status_code for address in addresses}

    assert len(answers) >= 30
    assert {address: status for address, status in answers.items() if status != 200} == {}
