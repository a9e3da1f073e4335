"""The page of tracking: kept, refused with its place, said in the audit log; the domain is asked whether it leads here."""

from __future__ import annotations

import pytest

from safar.accounts.models import AuditEntry, Membership
from safar.channels.tracking import checking
from safar.channels.tracking.settings import Tracking, read_tracking
from safar.console.conftest import Browser
from safar.console.database import session
from safar.console.settings import tracking

GIVEN = {
    "opens": "on", "clicks": "on", "host": "https://Links.Shop.example/", "short_host": "", "utm": "on", "sites": "shop.example\nshop.ir",
    "utm_source": "safar", "utm_medium": "{channel}", "utm_campaign": "{journey}",
}  # fmt: skip


def page(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/tracking/"


def kept(who: Membership) -> Tracking:
    with session() as conn:
        return read_tracking(conn, who.workspace_id)


def test_what_is_set_is_kept(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="en")
    answer = client.post(page(sara), GIVEN)
    assert answer.status_code == 303
    assert kept(sara) == Tracking(host="links.shop.example", utm=True, sites=("shop.example", "shop.ir"))
    shown = client.get(page(sara)).content.decode()
    assert "links.shop.example. CNAME" in shown
    assert "reverse_proxy" in shown
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="set_tracking").count() == 1


def test_a_fault_stands_at_its_place(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="en")
    shown = client.post(page(sara), GIVEN | {"host": "127.0.0.1", "utm_campaign": "{contact}"}).content.decode()
    assert "is not a host such as links.shop.example" in shown
    assert "there is no word {contact}" in shown
    assert kept(sara).host != "127.0.0.1"


def test_a_long_domain_is_said_to_be_too_long(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="en")
    client.post(page(sara), GIVEN | {"short_host": "a-very-long-shop.example"})
    assert "Take a shorter one" in client.get(page(sara)).content.decode()
    client.post(page(sara), GIVEN | {"short_host": "shp.ir"})
    assert "Take a shorter one" not in client.get(page(sara)).content.decode()


@pytest.mark.parametrize("found", list(tracking.CHECKED))
def test_the_domain_is_asked(browser: Browser, sara: Membership, monkeypatch: pytest.MonkeyPatch, found: str) -> None:
    client = browser(sara, language="en")
    client.post(page(sara), GIVEN)
    asked: list[str] = []
    monkeypatch.setattr(tracking, "check_host", lambda host, **_: (asked.append(host), found)[1])
    said = client.get(f"{page(sara)}check/?which=host").content.decode()
    assert asked == ["links.shop.example"]
    assert ("alert-success" in said) is (found == checking.REACHED)
    assert client.get(f"{page(sara)}check/?which=slug").status_code == 404
