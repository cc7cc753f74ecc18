"""A real browser, the demo district on a real server, and nobody else to talk to."""

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, sync_playwright
from werkzeug.serving import make_server

from geoapp import services
from geoapp.config import Config
from geoapp.web import create_app
from tests.benchmarks.serving import in_background

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    # Nobody else can be reached, by name or by number.
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
    # A page counts as being in the background here, and would give way to everything else on the machine.
    "--disable-renderer-backgrounding",
    "--disable-backgrounding-occluded-windows",
]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A browser needs a server and the machine for itself."""
    for item in items:
        if item.path.parent == Path(__file__).parent:
            item.add_marker(pytest.mark.alone)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, as Debian packs it."""
    if CHROMIUM is None:
        pytest.skip("no Chromium on this machine: install Debian's package chromium")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield started
        started.close()


def serving(district: services.District) -> AbstractContextManager[str]:
    """The district on a free port of this machine."""
    return in_background(make_server("127.0.0.1", 0, in_one_piece(create_app(district)), threaded=True))


def in_one_piece(app: Callable[..., Any]) -> Callable[..., Iterable[bytes]]:
    """The same answers as whole bodies, closed before they are sent.

    Werkzeug's server leaves a body open when the browser hangs up while the rest of its request is read, and the
    file behind it would then fail whichever test runs when it is collected.
    """

    def answer(environ: Any, start_response: Any) -> list[bytes]:
        body = app(environ, start_response)
        try:
            return [b"".join(body)]
        finally:
            if hasattr(body, "close"):
                body.close()

    return answer


@contextmanager
def demo_district(folder: Path) -> Iterator[str]:
    """The address of a demo district of one's own."""
    if not (Path(services.__file__).parents[1] / "web/static/vendor").is_dir():
        pytest.skip("the assets are not built: run make assets")
    config = Config(instance=folder)
    services.init_demo(config)
    district = services.open_district(config)
    with serving(district) as address:
        yield address
    district.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the demo district that all tests share: none of them may change it."""
    with demo_district(tmp_path_factory.mktemp("browser") / "demo") as address:
        yield address


@dataclass
class Watched:
    """A page, and everything on it that went wrong."""

    page: Page
    troubles: list[str] = field(default_factory=list)

    def open(self, address: str) -> Page:
        """Go there and wait until the map stands and nothing is under way."""
        self.page.goto(address)
        self.page.wait_for_selector("html[data-ready]")
        self.page.wait_for_load_state("networkidle")
        return self.page


@pytest.fixture(scope="session")
def readers(browser: Browser) -> Callable[..., BrowserContext]:
    """Browsers of people who only read, by width and language: what one page has loaded the next one has at hand."""

    @cache
    def reader(width: int, height: int, locale: str) -> BrowserContext:
        return browser.new_context(viewport={"width": width, "height": height}, locale=locale)

    return reader


@pytest.fixture
def watch(browser: Browser, readers: Callable[..., BrowserContext]) -> Iterator[Callable[..., Watched]]:
    """Open pages of a given width and language; other hosts are out of reach, and every trouble fails the test.

    reads: whether this page leaves nothing behind in its browser, which may then be one that others have used.
    """
    opened: list[tuple[Any, Watched]] = []

    def visit(width: int = 1600, height: int = 1000, locale: str = "en-US", *, reads: bool = False) -> Watched:
        size = {"width": width, "height": height}
        context = readers(**size, locale=locale) if reads else browser.new_context(viewport=size, locale=locale)
        watched = Watched(context.new_page())
        note = watched.troubles.append
        watched.page.on("console", lambda said: note(said.text) if said.type in ("error", "warning") else None)
        watched.page.on("pageerror", lambda error: note(str(error)))
        watched.page.on("request", lambda request: _only_here(request, note))
        watched.page.on("requestfailed", lambda request: _unless_given_up(request, note))
        watched.page.on(
            "response", lambda answer: note(f"{answer.status} {answer.url}") if answer.status >= 400 else None
        )
        opened.append((watched.page if reads else context, watched))
        return watched

    yield visit
    for used, watched in opened:
        used.close()
        assert watched.troubles == []


def _only_here(request: Request, note: Callable[[str], None]) -> None:
    # Told, not held up: each request that had to wait for a word from here would slow down every test.
    if not request.url.startswith(("http://127.0.0.1:", "data:", "blob:")):
        note(f"asked for {request.url}")


def _unless_given_up(request: Request, note: Callable[[str], None]) -> None:
    # The map gives up tiles that are no longer in view.
    if "ERR_ABORTED" not in (request.failure or ""):
        note(f"failed: {request.url} {request.failure}")
