"""Publishing in a real browser: what changes for whom is read, one press publishes, moves, and lets in those who match already."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import PHONE, WIDE, Seen
from tests.browser.test_map import draft_of, open_map, saved
from tests.browser.test_pages import serious_faults

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
WORDS = {
    "en": {
        "becomes": "becomes “adds the tag “gold””",
        "match": "Also those who match already: 1",
        "came": "1 contact came in",
    },
    "fa": {
        "becomes": "می‌شود «برچسب «gold» را می‌افزاید»",
        "match": "کسانی که از پیش شرایط را دارند هم وارد شوند: ۱",
        "came": "۱ مخاطب",
    },
}


@pytest.mark.parametrize(("language", "scheme"), [("fa", "light"), ("en", "dark")])
def test_one_press_publishes_moves_and_lets_in_those_who_match(
    opens: Callable[..., Seen], shop: Any, sara: Any, conn: psycopg.Connection[Any], language: str, scheme: str
) -> None:
    from safar.console.journeys.tests.road import go_live, happens, settle
    from safar.console.journeys.tests.test_publishing import tag

    tag(conn, shop, "nima", "new-customer")  # before there is a journey
    go_live(conn, shop)
    happens(conn, shop, "kaveh", "Shop Opened")
    words, seen = WORDS[language], opens(sara, language=language, color_scheme=scheme)
    page = open_map(seen, shop)
    page.locator('.point[data-ref="points.thanks"]').click()
    page.locator(".panel-form input").first.fill("gold")
    saved(page)
    page.locator(".toolbar .btn-primary").click()
    dialog = page.locator("dialog.map-dialog")
    dialog.locator(".change-list", has_text=words["becomes"]).wait_for()
    line = dialog.locator("section", has=page.locator("input[name=road]")).locator("tbody tr").first
    expect(line.locator("td.num").first).to_have_text(re.compile(r"^\D*[1۱]\D*$"))
    dialog.locator("label", has_text=words["match"]).locator("input").check()
    dialog.locator("input[name=road]").nth(1).check()
    assert not serious_faults(page)
    dialog.locator(".dialog-buttons .btn-primary").click()
    page.locator("#publishing").wait_for()  # the page has come anew and tells how far it is
    settle()
    page.locator("#publishing", has_text=words["came"]).wait_for()
    assert draft_of(shop)["points"]["thanks"]["tag"] == "gold"
    page.locator('.point[data-ref="points.bought"] .figure-strong', has_text=re.compile("[2۲]")).wait_for()
    for width in (WIDE, PHONE):
        seen.width(width)
        assert seen.too_wide() <= 0
        assert not serious_faults(page)
    assert seen.complaints == []


def test_what_changes_is_drawn_on_the_map(
    opens: Callable[..., Seen], shop: Any, sara: Any, conn: psycopg.Connection[Any]
) -> None:
    import json

    from safar.console.journeys.tests.road import go_live
    from safar.journeys.drafts import save_draft
    from safar.journeys.models import Journey

    go_live(conn, shop)
    journey = Journey.objects.get(workspace=shop, key="welcome")
    draft = json.loads(journey.draft)
    draft["points"].pop("bye")
    draft["points"]["split"]["paths"] = {"a": "thanks"}
    draft["points"]["greet"]["next"] = "rest"
    draft["points"]["rest"] = {"kind": "delay", "for": "P1D", "next": "bought"}
    save_draft(shop, "welcome", draft, revision=journey.revision, by="sara")
    page = open_map(opens(sara), shop)
    page.locator(".toolbar .btn-primary").click()
    dialog = page.locator("dialog.map-dialog")
    expect(dialog.locator(".change-list")).to_contain_text("Added: waits 1 day")
    expect(dialog.locator(".change-list")).to_contain_text("Removed: ")
    dialog.locator("section button", has_text="Show on the map").click()
    page.locator('.point-added[data-ref="points.rest"]').wait_for()
    page.locator('.point-changed[data-ref="points.greet"]').wait_for()
    page.locator(".map-removed .change-removed").wait_for()
