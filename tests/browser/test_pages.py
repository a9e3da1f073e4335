"""Every page of the console in a real browser: nothing the policy forbids, nothing from elsewhere, no serious fault of access,
no sideways scrolling on a phone, in the language's direction.

Pages are taken from the walk of tenants, so that a new one comes along by itself.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import PHONE, WIDE, Seen


@pytest.fixture(scope="module")
def side(site: str) -> Any:
    """A Persian workspace with something in every room."""
    from safar.accounts.services import create_workspace
    from safar.console.tests.walking import Side, fills

    workspace = create_workspace(
        slug="fenjan", name="فنجان", zone="Asia/Tehran", calendar="jalali", language="fa", currency="IRR",
        currency_unit="IRT", demo=True,
    )  # fmt: skip
    filled = Side(workspace, "کبوتر")
    for fill in fills():
        fill(filled)
    return filled


@pytest.fixture(scope="module")
def owner(side: Any) -> Any:
    from safar.accounts.members import create_member
    from safar.accounts.models import Membership

    member = create_member(email="sara@shop.example", name="سارا")
    Membership.objects.create(workspace=side.workspace, member=member, role="owner")
    return member


def pages(side: Any) -> dict[str, str]:
    """Name → address of what GET shows as a page."""
    from django.test import Client

    from safar.console.tests.walking import entries

    client = Client(headers={"host": "localhost"})
    from safar.accounts.models import Member

    client.force_login(Member.objects.get(email="sara@shop.example"))
    found = {}
    for name, entry in entries().items():
        address = side.address(name, entry, side.ids)
        answer = client.get(address)
        whole = answer.status_code == 200 and not answer.streaming and b"<html" in answer.content[:2000]
        if whole and "sandbox" not in answer.headers.get("Content-Security-Policy", ""):
            found[name] = address
    assert "home" in found
    return found | {"account": "/account/", "second_step": "/account/second-step/"}


@pytest.mark.skipif(not built(), reason="the assets of the console are not built (make assets)")
@pytest.mark.parametrize(
    ("language", "scheme", "width"),
    # Each language at each width, each width in each light, each light in each language: in four walks, not eight.
    [("en", "light", WIDE), ("en", "dark", PHONE), ("fa", "light", PHONE), ("fa", "dark", WIDE)],
)
def test_pages_in_a_browser(
    opens: Callable[..., Seen], side: Any, owner: Any, language: str, scheme: str, width: int
) -> None:
    seen = opens(owner, language=language, color_scheme=scheme, width=width)
    found: dict[str, list[str]] = {}
    for name, address in pages(side).items():
        page = seen.go(address)
        expect(page.locator("html"), name).to_have_attribute("dir", "rtl" if language == "fa" else "ltr")
        if (over := seen.too_wide()) > 0:
            seen.complaints.append(f"{over} pixels too wide")
        if faults := [*seen.complaints, *serious_faults(page)]:
            found[name] = faults
        seen.complaints.clear()
    assert not found, "\n".join(f"{name}: {faults}" for name, faults in found.items())


@pytest.mark.skipif(not built(), reason="the assets of the console are not built (make assets)")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_door_in_a_browser(opens: Callable[..., Seen], database_url: str, language: str) -> None:
    seen = opens(language=language, width=PHONE)
    found: dict[str, list[str]] = {}
    for address in ("/", "/login/", "/signup/", "/account/password/reset/", "/u/none", "/p/none", "/enter/none/"):
        page = seen.go(address)
        own = (
            "410" if "enter" in address else "404" if address[:3] in ("/u/", "/p/") else "none"
        )  # what the page itself answers
        faults = [said for said in seen.complaints if own not in said] + serious_faults(page)
        if faults or seen.too_wide() > 0:
            found[address] = faults
        seen.complaints.clear()
    assert not found, "\n".join(f"{name}: {faults}" for name, faults in found.items())


@pytest.mark.skipif(not built(), reason="the assets of the console are not built (make assets)")
@pytest.mark.parametrize("language", ["en", "fa"])
def test_the_list_of_settings_opens_within_a_phone(
    opens: Callable[..., Seen], side: Any, owner: Any, language: str
) -> None:
    seen = opens(owner, language=language, width=PHONE)
    page = seen.go(f"/w/{side.workspace.slug}/settings/")
    page.locator("nav.settings-list > button").click()
    items = page.locator("#settings-list.show li")
    expect(items.first).to_be_visible()
    expect(items.first).to_have_css("list-style-type", "none")
    assert seen.too_wide() == 0


def serious_faults(page: Any) -> list[str]:
    """What axe finds, serious or critical: where, and what."""
    from axe_playwright_python.sync_playwright import Axe

    violations = (
        Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}).response["violations"]
    )
    return [
        f"{found['id']}: {node['html'][:160]}"
        for found in violations
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"][:3]
    ]


def test_the_newcomers_first_steps_by_the_link(opens: Callable[..., Seen], side: Any, database_url: str) -> None:
    from safar.accounts.links import create_sign_in_link
    from safar.accounts.members import find_or_make_owner

    seen = opens()
    page = seen.go(f"/enter/{create_sign_in_link(member=find_or_make_owner())}/")
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/w/fenjan/")
    page.get_by_role("link", name="Settings").first.click()
    page.get_by_role("link", name="API keys").click()
    page.get_by_label("What it is for").fill("website")
    page.get_by_role("button", name="Make a key").click()
    page.locator("code", has_text="pk_").first.wait_for()
    page.get_by_role("button", name="فارسی").click()
    page.wait_for_selector("html[lang=fa]")
    expect(page.get_by_role("link", name="خانه")).to_have_count(1)
    page.keyboard.press("Tab")
    expect(page.locator('a[href="#content"]')).to_be_focused()
