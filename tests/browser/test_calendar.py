"""Days are picked from a calendar in a real browser: Jalali and Gregorian, by mouse and by keyboard, where a page or an island asks."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import PHONE, Seen, member
from tests.browser.test_pages import serious_faults

pytestmark = pytest.mark.skipif(not built(), reason="the assets of the console are not built (make assets)")
BUTTON = "[data-picks=id_day]"


def form_of(seen: Seen, shop: Any, day: str) -> Any:
    page = seen.go(f"/w/{shop.slug}/campaigns/new/")
    page.fill("#id_day", day)
    return page


def test_the_leap_day_of_esfand_is_picked(opens: Callable[..., Seen], shop: Any, sara: Any) -> None:
    seen = opens(sara, language="fa")
    page = form_of(seen, shop, "۱۴۰۳/۱۲/۰۱")
    page.click(BUTTON)
    calendar = page.locator("dialog.calendar")
    expect(calendar.locator("h2")).to_have_text("اسفند ۱۴۰۳")
    expect(calendar.locator("th").first).to_have_attribute("abbr", "شنبه")
    assert not serious_faults(page)
    calendar.get_by_text("۳۰", exact=True).click()
    calendar.wait_for(state="detached")
    expect(page.locator("#id_day")).to_have_value("۱۴۰۳/۱۲/۳۰")
    expect(page.locator(BUTTON)).to_be_focused()
    assert not seen.complaints


def test_by_keyboard_alone(opens: Callable[..., Seen], shop: Any, sara: Any) -> None:
    seen = opens(sara, language="fa")
    page = form_of(seen, shop, "۱۴۰۳/۱۲/۳۰")
    page.focus(BUTTON)
    page.keyboard.press("Enter")
    page.locator("dialog.calendar[open]").wait_for()
    page.keyboard.press("ArrowLeft")  # right to left: the next day
    expect(page.locator("dialog.calendar h2")).to_have_text("فروردین ۱۴۰۴")
    page.keyboard.press("Shift+PageDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    expect(page.locator("#id_day")).to_have_value("۱۴۰۴/۱۲/۲۳")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("dialog.calendar").wait_for(state="detached")
    expect(page.locator("#id_day")).to_have_value("۱۴۰۴/۱۲/۲۳")
    assert not seen.complaints


def test_gregorian_by_the_workspaces_own_week(opens: Callable[..., Seen], database_url: str, unique: str) -> None:
    from safar.accounts.services import create_workspace

    shop = create_workspace(slug=f"berlin-{unique}", name="Tassen", zone="Europe/Berlin", week_start="sun")
    seen = opens(member(shop, "mina"))
    page = form_of(seen, shop, "2024-02-01")
    page.click(BUTTON)
    calendar = page.locator("dialog.calendar")
    expect(calendar.locator("h2")).to_have_text("February 2024")
    expect(calendar.locator("th").first).to_have_attribute("abbr", "Sunday")
    assert not serious_faults(page)
    calendar.get_by_label("29 February 2024").click()
    expect(page.locator("#id_day")).to_have_value("2024-02-29")
    assert not seen.complaints


def test_it_fits_a_phone(opens: Callable[..., Seen], shop: Any, sara: Any) -> None:
    seen = opens(sara, language="fa", width=PHONE)
    page = form_of(seen, shop, "")
    page.click(BUTTON)
    box = page.locator("dialog.calendar").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= PHONE
    assert seen.too_wide() <= 0
    page.click("[data-today]")
    expect(page.locator("#id_day")).to_have_value(re.compile("^۱"))
