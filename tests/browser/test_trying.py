"""A draft tried in a real browser: the button, the progress, and the result that comes by itself."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from safar.console.trying.tests.history import draw, record_history
from safar.events.jobs.running import JobRunner
from safar.journeys.backtest import trial
from tests.browser.conftest import PHONE, WIDE
from tests.browser.test_pages import serious_faults

pytestmark = pytest.mark.skipif(not built(), reason="the assets of the console are not built (make assets)")


@pytest.fixture
def working(database_url: str) -> Iterator[None]:
    """What an engine process does beside moving people."""
    url = os.environ["SAFAR_DATABASE_URL"]
    with JobRunner(url, trial.runs(url)).running():
        yield


@pytest.mark.parametrize(("language", "scheme"), [("fa", "light"), ("en", "light"), ("fa", "dark")])
def test_a_draft_is_tried(
    opens: Callable[..., Any], conn: psycopg.Connection[Any], unique: str, working: None, language: str, scheme: str
) -> None:
    from safar.accounts.members import create_member
    from safar.accounts.models import Membership
    from safar.accounts.services import create_workspace

    shop = create_workspace(slug=f"shop-{unique}", name="لیوان‌فروشی", calendar="jalali", language="fa", currency="IRR")
    ali = create_member(email=f"ali@{shop.slug}.example", name="علی")
    Membership.objects.create(workspace=shop, member=ali, role="editor")
    record_history(conn, shop)
    draw(shop)
    seen = opens(ali, language=language, color_scheme=scheme)
    page = seen.go(f"/w/{shop.slug}/journeys/visit/")
    page.click(f"a[href='/w/{shop.slug}/journeys/visit/try/']")
    page.click("main form button.btn-primary")
    page.wait_for_selector("ol li.card", timeout=30_000)  # nobody has pressed anything
    buyer = page.locator('.safar-trial .point[data-ref="points.buyer"]')
    buyer.wait_for()
    two = {"fa": "۲", "en": "2"}[language]
    expect(buyer.locator(".figure").first).to_contain_text(two)
    expect(page.locator(".safar-trial .path-label").first).to_contain_text({"fa": "۵۰٪", "en": "50%"}[language])
    page.locator(".canvas-zoom button").last.click()  # everything
    page.locator('.point[data-ref="points.opened"] .point-unknown').wait_for()
    expect(page.locator(".path-unknown")).to_have_count(2)
    expect(page.locator(".path-plus")).to_have_count(0)  # looked at, not drawn on
    page.locator('.point[data-ref="points.thanks"]').click()
    expect(page.locator(".panel dd").last).to_contain_text({"fa": "۱", "en": "1"}[language])
    for width in (WIDE, PHONE):
        seen.width(width)
        assert seen.too_wide() <= 0
        assert not serious_faults(page)
    expect(page.locator(".safar-trial")).not_to_be_visible()  # on a phone the list below serves
    page.click(f"a[href='/w/{shop.slug}/journeys/visit/try/contact/']")
    page.fill("#who", "sara@home.example")
    page.keyboard.press("Enter")
    page.wait_for_selector("ol li.list-group-item", timeout=30_000)
    assert seen.too_wide() <= 0
    assert not serious_faults(page)
    assert not seen.complaints
