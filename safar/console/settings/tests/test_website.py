"""The page of the website: the line to copy, the sites that may send, and what has arrived."""

from __future__ import annotations

from safar.accounts.models import ApiKey, AuditEntry, Membership
from safar.accounts.services import create_key
from safar.console.conftest import Browser
from safar.console.database import session
from safar.events.refusals import RefusalKeeper


def page(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/website/"


def test_the_line_carries_a_key_that_is_made_here(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="en")
    assert "data-key=" not in client.get(page(sara)).content.decode()
    assert client.post(f"{page(sara)}key/").status_code == 303
    key = ApiKey.objects.get(workspace=sara.workspace)
    shown = client.get(page(sara)).content.decode()
    assert key.plain.startswith("pk_")
    assert f"/site/safar.js&quot; data-key=&quot;{key.plain}&quot;&gt;" in shown
    asked = client.get(f"{page(sara)}?consent=on&dnt=on").content.decode()
    assert "data-consent=&quot;required&quot; data-dnt=&quot;respect&quot;" in asked


def test_sites_are_kept_and_a_bad_one_is_refused(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="en")
    create_key(workspace=sara.workspace, kind="write")
    key = ApiKey.objects.get(workspace=sara.workspace)
    assert client.post(page(sara), {"sites": "https://Shop.example/mugs\nlocalhost:3000"}).status_code == 303
    key.refresh_from_db()
    assert key.sites == ["shop.example", "localhost"]
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="set_key_sites").count() == 1
    assert "is not a host such as shop.example" in client.post(page(sara), {"sites": "shop,example"}).content.decode()
    key.refresh_from_db()
    assert key.sites == ["shop.example", "localhost"]


def test_secret_keys_are_never_kept_or_shown(browser: Browser, sara: Membership) -> None:
    plain = create_key(workspace=sara.workspace, kind="secret")
    assert ApiKey.objects.get(workspace=sara.workspace).plain == ""
    assert plain not in browser(sara, language="en").get(page(sara)).content.decode()


def test_what_was_refused_is_told(browser: Browser, sara: Membership) -> None:
    create_key(workspace=sara.workspace, kind="write")
    key = ApiKey.objects.get(workspace=sara.workspace)
    refusals = RefusalKeeper()
    refusals.notice(sara.workspace_id, key=key.prefix, path="/v1/batch", status=403, said="pages of https://a.example")
    with session() as conn:
        refusals.flush(conn)
    said = browser(sara, language="en").get(f"{page(sara)}{key.pk}/check/").content.decode()
    assert "Nothing of the script arrived" in said
    assert "pages of https://a.example" in said
