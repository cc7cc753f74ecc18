"""A day is recorded in a file that no server stands behind, given out, and brought in: each record once."""

import io
import json
import shutil
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

from geoapp import services
from geoapp.cli import main
from geoapp.config import Config
from geoapp.domain.kept_plans import KeptPlan
from geoapp.domain.selection import Scope, Selection
from geoapp.web import create_app
from tests.conftest import toy_layers, toy_tables
from tests.services.routes.toy_day import keep_toy_plan

ROUTE_PACK = Path(services.__file__).parents[1] / "web/static/vendor/route-pack.js"
PHONE = {"width": 360, "height": 740}
SCRIPT = "<script>window.hacked = 1</script>"


@pytest.fixture(scope="module")
def instance(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, KeptPlan, bytes, bytes]:
    """A toy district with a plan for today, closed again, and the plan's pack in English and in Chinese."""
    if not ROUTE_PACK.is_file():
        pytest.skip("the assets are not built: run make assets")
    layers = toy_layers()
    # Problems of a site, one of them with words that want to be a script.
    for problem in layers["problems"][:1]:
        problem["properties"] |= {"site_id": "P1", "description": SCRIPT}
    folder = tmp_path_factory.mktemp("pack") / "toy"
    district = services.at_this_moment(services.found(folder, layers, toy_tables()))
    today = datetime.now(district.zone).date()
    _, kept = keep_toy_plan(district, day=today, name='Day <b>of</b> "quotes" & more')
    client = create_app(district).test_client()
    address = f"/routes/{kept.id}/pack/T1/{today}.html"
    packs = [client.get(f"{address}?lang={language}").data for language in ("en", "zh")]
    district.close()
    return folder, kept, *packs


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Phones without network: whatever is asked of another place than the file itself fails the test."""
    made: list[BrowserContext] = []
    asked: list[str] = []

    def start(**more: Any) -> BrowserContext:
        context = browser.new_context(viewport=PHONE, accept_downloads=True, locale="en-US", **more)
        context.set_offline(True)
        context.on("request", lambda request: asked.append(request.url))
        context.on("weberror", lambda error: asked.append(str(error.error)))
        context.on("console", lambda said: asked.append(said.text) if said.type == "error" else None)
        made.append(context)
        return context

    yield start
    for context in made:
        context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.fixture
def pack(instance: tuple[Path, KeptPlan, bytes, bytes], tmp_path: Path) -> Path:
    """The pack as a file in a folder of its own."""
    (tmp_path / "route-pack.html").write_bytes(instance[2])
    return tmp_path / "route-pack.html"


@pytest.fixture
def copied(instance: tuple[Path, KeptPlan, bytes, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the instance, which the terminal works on."""
    target = tmp_path / "copy"
    shutil.copytree(instance[0], target)
    monkeypatch.setenv("GEOAPP_INSTANCE", str(target))
    return target


def opened(context: BrowserContext, pack: Path) -> Page:
    page = context.new_page()
    page.goto(pack.as_uri())
    page.wait_for_selector("html[data-ready]")
    return page


def photo(width: int = 2_400, height: int = 1_800) -> bytes:
    """As a phone takes it: large, and with what the camera knows beside it."""
    out, told = io.BytesIO(), Image.Exif()
    told[0x010F] = "Secret Camera Maker"
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, "JPEG", exif=told)
    return out.getvalue()


def stop(page: Page, number: int) -> Any:
    return page.locator(f"#stop-{number}")


def do(page: Page, number: int, name: str) -> None:
    stop(page, number).locator(f"[data-do={name}]").click()


def record_problem(page: Page, number: int, words: str, *, photos: int = 0, category: str = "0201") -> None:
    do(page, number, "findings")
    form = stop(page, number).locator("form")
    form.locator("[name=category]").select_option(category)
    form.locator("[name=severity]").select_option("serious")
    form.locator("[name=words]").fill(words)
    if photos:
        files = [{"name": f"{n}.jpg", "mimeType": "image/jpeg", "buffer": photo()} for n in range(photos)]
        form.locator("[name=photo]").set_input_files(files)  # type: ignore[arg-type]
        expect(form.locator("img")).to_have_count(photos)
    form.get_by_role("button", name="Keep").click()
    expect(stop(page, number).locator("form")).to_have_count(0)


def give_out(page: Page, target: Path) -> Path:
    with page.expect_download() as waiting:
        page.locator("#give-out").click()
    waiting.value.save_as(target)
    return target


def import_visits(file: Path) -> tuple[int, ...]:
    """New visits, problems and photos, visits that grew, and what was known."""
    done = CliRunner().invoke(main, ["import", "visits", str(file), "--json"])
    assert done.exit_code == 0, done.output
    told = json.loads(done.output)
    return tuple(told[name] for name in ("visits", "problems", "photos", "changed", "skipped"))


def record_a_day(page: Page) -> None:
    do(page, 1, "arrived")
    do(page, 1, "clean")
    stop(page, 1).locator("[data-known=put_right]").click()
    record_problem(page, 3, "Overflowing bin", photos=2)
    record_problem(page, 3, f"Dirt {SCRIPT}", category="0202")
    do(page, 4, "not_checked")
    stop(page, 4).locator("[name=reason]").select_option("No access")
    stop(page, 4).locator("[name=words]").fill("gate locked")
    stop(page, 4).locator("form").get_by_role("button", name="Keep").click()
    expect(page.locator(".day-count")).to_have_text("3 of 4")


def test_a_day_is_recorded_without_a_server_and_brought_in_exactly_once(
    phone: Callable[..., BrowserContext], pack: Path, copied: Path, tmp_path: Path
) -> None:
    page = opened(phone(), pack)
    expect(page.locator(".day-count")).to_have_text("0 of 4")
    expect(page.locator("[aria-current=step]")).to_have_attribute("data-number", "1")
    record_a_day(page)

    page.reload()
    page.wait_for_selector("html[data-ready]")
    expect(page.locator(".day-count")).to_have_text("3 of 4")
    expect(page.locator("[aria-current=step]")).to_have_attribute("data-number", "2")
    expect(page.locator("#not-kept")).to_be_hidden()
    expect(stop(page, 3).locator(".day-recorded li")).to_have_count(2)
    expect(stop(page, 3).locator(".day-recorded img")).to_have_count(2)
    expect(stop(page, 1).locator("[data-known=put_right]")).to_have_attribute("aria-pressed", "true")

    first = give_out(page, tmp_path / "first.zip")
    assert import_visits(first) == (3, 2, 2, 0, 0)
    assert import_visits(first) == (0, 0, 0, 0, 5)

    stop(page, 2).locator("[data-known=still_there]").click()
    expect(page.locator(".day-count")).to_have_text("4 of 4")
    expect(page.locator("#give-state")).to_contain_text("more was recorded since: 1")
    second = give_out(page, tmp_path / "second.zip")
    assert import_visits(second) == (1, 0, 0, 0, 5)
    assert import_visits(first) == (0, 0, 0, 0, 5)

    district = services.open_district(Config(instance=copied))
    try:
        now = services.at_this_moment(district)
        visits = {one["stop_id"]: one for one in _rows(now, "visits") if one.get("stop_id")}
        problems = [one for one in _rows(now, "problems") if one.get("visit_id")]
        assert {name: one["outcome"] for name, one in visits.items()} == {
            "sites/P1": "clean", "problems/4": "findings", "sites/P2": "findings", "map/1": "not_checked"}  # fmt: skip
        assert visits["sites/P1"]["put_right"] == ["1"]
        assert visits["map/1"]["note"] == "No access\ngate locked"
        assert sorted(one["description"] for one in problems) == [f"Dirt {SCRIPT}", "Overflowing bin"]
        (pictures,) = [one["photos"] for one in problems if "photos" in one]
        content = district.store.photos.get(pictures[0])
        with Image.open(io.BytesIO(content)) as kept:
            assert (kept.format, kept.size) == ("JPEG", (1_600, 1_200))
    finally:
        district.close()


def _rows(district: services.District, layer: str) -> list[dict[str, Any]]:
    return services.records(district, layer, Selection(), Scope.FULL, limit=1_000).rows


def test_photos_are_made_small_on_the_phone_and_lose_what_the_camera_wrote(
    phone: Callable[..., BrowserContext], pack: Path, tmp_path: Path
) -> None:
    page = opened(phone(), pack)
    record_problem(page, 1, "x", photos=1)

    with zipfile.ZipFile(give_out(page, tmp_path / "r.zip")) as archive:
        content = archive.read("photos/1.jpg")
        records = json.loads(archive.read("results.json"))

    assert b"Secret" not in content
    with Image.open(io.BytesIO(content)) as kept:
        assert kept.size == (1_600, 1_200)
    assert records["visits"][0]["problems"][0]["photos"] == ["photos/1.jpg"]


def test_two_phones_of_one_team_bring_what_each_has_recorded(
    phone: Callable[..., BrowserContext], pack: Path, copied: Path, tmp_path: Path
) -> None:
    for number, one in enumerate((phone(), phone()), start=1):
        page = opened(one, pack)
        expect(page.locator(".day-count")).to_have_text("0 of 4")
        do(page, number, "clean")
        expect(page.locator(".day-count")).to_have_text("1 of 4")
        file = give_out(page, tmp_path / f"{number}.zip")
        assert import_visits(file) == (1, 0, 0, 0, 0)


def test_two_tabs_of_one_pack_do_not_undo_each_other(phone: Callable[..., BrowserContext], pack: Path) -> None:
    context = phone()
    one, other = opened(context, pack), opened(context, pack)

    record_problem(one, 1, "first")
    record_problem(other, 1, "second")

    expect(stop(other, 1).locator(".day-recorded li")).to_have_count(2)


def test_what_was_tapped_by_mistake_can_be_taken_back(phone: Callable[..., BrowserContext], pack: Path) -> None:
    page = opened(phone(), pack)
    for name in ("arrived", "clean"):
        do(page, 1, name)
        expect(stop(page, 1).locator(f"[data-do={name}]")).to_have_attribute("aria-pressed", "true")
    do(page, 1, "clean")
    do(page, 1, "arrived")
    expect(stop(page, 1).locator("[data-do=arrived]")).to_have_attribute("aria-pressed", "false")

    record_problem(page, 1, "wrong place")
    expect(stop(page, 1).locator("[data-do=clean]")).to_be_disabled()
    page.on("dialog", lambda dialog: dialog.accept())
    stop(page, 1).get_by_role("button", name="Remove").click()

    expect(page.locator(".day-count")).to_have_text("0 of 4")


def test_a_browser_that_keeps_nothing_says_so_loudly_and_still_gives_out(
    phone: Callable[..., BrowserContext], pack: Path, copied: Path, tmp_path: Path
) -> None:
    context = phone()
    context.add_init_script("Object.defineProperty(window, 'indexedDB', {get() { throw new Error('no origin') }})")
    page = opened(context, pack)
    expect(page.locator("#not-kept")).to_be_visible()
    expect(page.locator("#not-kept")).to_contain_text("NOT KEPT")

    record_a_day(page)

    assert import_visits(give_out(page, tmp_path / "r.zip")) == (3, 2, 2, 0, 0)


def test_a_disk_that_fills_up_on_the_way_loses_nothing_before_the_page_is_closed(
    phone: Callable[..., BrowserContext], pack: Path, copied: Path, tmp_path: Path
) -> None:
    page = opened(phone(), pack)
    do(page, 1, "clean")
    expect(page.locator(".day-count")).to_have_text("1 of 4")
    page.evaluate(
        "() => { IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError'); }; }"
    )

    record_problem(page, 3, "after that", photos=1)

    expect(page.locator("#not-kept")).to_be_visible()
    assert import_visits(give_out(page, tmp_path / "r.zip")) == (2, 1, 1, 0, 0)


def test_words_of_people_are_shown_as_words(phone: Callable[..., BrowserContext], pack: Path) -> None:
    page = opened(phone(), pack)
    record_problem(page, 3, SCRIPT + "<img src=x onerror=alert(1)>")

    expect(stop(page, 1)).to_contain_text(SCRIPT)
    expect(stop(page, 3).locator(".day-recorded")).to_contain_text("<img src=x onerror=alert(1)>")
    expect(page.locator(".day > .day-quiet").first).to_contain_text('Day <b>of</b> "quotes" & more')
    assert page.evaluate("window.hacked") is None


def test_the_pack_may_ask_for_nothing(browser: Browser, pack: Path) -> None:
    """Its own policy forbids every request, whatever a script in it might try, network or not."""
    context = browser.new_context(viewport=PHONE)
    page = opened(context, pack)

    answer = page.evaluate("fetch('http://127.0.0.1:9/').then(() => 'asked', (error) => String(error))")

    assert "Failed to fetch" in answer
    assert "default-src 'none'" in (page.locator("meta[http-equiv]").get_attribute("content") or "")
    assert page.locator("link, script[src], iframe, img[src^=http]").count() == 0
    context.close()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_everything_can_be_tapped_with_a_thumb_on_a_narrow_phone(
    phone: Callable[..., BrowserContext], instance: tuple[Path, KeptPlan, bytes, bytes], tmp_path: Path, language: str
) -> None:
    (tmp_path / "pack.html").write_bytes(instance[2 if language == "en" else 3])
    page = opened(phone(), tmp_path / "pack.html")
    do(page, 3, "findings")

    sizes = page.eval_on_selector_all(
        "button, a, summary, select, textarea, input",
        "all => all.filter(one => one.offsetParent).map(one => one.getBoundingClientRect().height)",
    )

    assert min(sizes) >= 44
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert page.locator("html").get_attribute("lang") == ("en" if language == "en" else "zh-CN")
