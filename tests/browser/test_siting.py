"""Where next, in a browser: proposals on the map, and what comes apart from the page."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from geoapp.web import coverage_next

VIEW = "/coverage?view=next&kind=library&by=car"


def test_proposals_stand_on_the_map_and_follow_the_form(demo: str, watch: Callable[..., Any]) -> None:
    page = watch().open(demo + VIEW)
    expect(page.locator(".proposal-mark")).to_have_count(3)
    assert not page.locator("[data-among=grid]").is_visible()

    page.fill("[name=p]", "5")
    page.keyboard.press("Tab")
    expect(page.locator(".proposal-mark")).to_have_count(5)
    assert "p=5" in page.url

    page.locator("#gains-1 summary").press("Enter")
    assert page.locator("#gains-1[open]").count() == 1
    page.click("#gains-1 [data-suppose]")
    page.wait_for_selector("#supposed-line")
    assert "pin=" in page.url


def test_a_proposal_that_takes_long_is_put_in_its_place(
    demo: str, watch: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coverage_next, "AT_ONCE", dict.fromkeys(coverage_next.GOALS, 0))
    page = watch(width=360, locale="zh-CN").open(demo + VIEW)
    page.wait_for_selector("#proposal")
    expect(page.locator(".proposal-mark")).to_have_count(3)
    assert page.locator("progress").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == 360
