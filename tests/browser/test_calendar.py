"""Days are picked from a calendar in a real browser: Jalali and Gregorian, by mouse and by keyboard, where a page or an island asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

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
    assert calendar.locator("h2").inner_text() == "اسفند ۱۴۰۳"
    assert calendar.locator("th").first.get_attribute("abbr") == "شنبه"
    assert not serious_faults(page)
    calendar.get_by_text("۳۰", exact=True).click()
    calendar.wait_for(state="detached")
    assert page.input_value("#id_day") == "۱۴۰۳/۱۲/۳۰"
    assert page.evaluate("document.activeElement.dataset.picks") == "id_day"  # the focus is back at the button
    assert not seen.complaints


def test_by_keyboard_alone(opens: Callable[..., Seen], shop: Any, sara: Any) -> None:
    seen = opens(sara, language="fa")
    page = form_of(seen, shop, "۱۴۰۳/۱۲/۳۰")
    page.focus(BUTTON)
    page.keyboard.press("Enter")
    page.locator("dialog.calendar[open]").wait_for()
    page.keyboard.press("ArrowLeft")  # right to left: the next day
    assert page.locator("dialog.calendar h2").inner_text() == "فروردین ۱۴۰۴"
    page.keyboard.press("Shift+PageDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.input_value("#id_day") == "۱۴۰۴/۱۲/۲۳"
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    page.locator("dialog.calendar").wait_for(state="detached")
    assert page.input_value("#id_day") == "۱۴۰۴/۱۲/۲۳"
    assert not seen.complaints


def test_gregorian_by_the_workspaces_own_week(opens: Callable[..., Seen], database_url: str, unique: str) -> None:
    from safar.accounts.services import create_workspace

    shop = create_workspace(slug=f"berlin-{unique}", name="Tassen", zone="Europe/Berlin", week_start="sun")
    seen = opens(member(shop, "mina"))
    page = form_of(seen, shop, "2024-02-01")
    page.click(BUTTON)
    calendar = page.locator("dialog.calendar")
    assert calendar.locator("h2").inner_text() == "February 2024"
    assert calendar.locator("th").first.get_attribute("abbr") == "Sunday"
    assert not serious_faults(page)
    calendar.get_by_label("29 February 2024").click()
    assert page.input_value("#id_day") == "2024-02-29"
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
    assert page.input_value("#id_day").startswith("۱")
