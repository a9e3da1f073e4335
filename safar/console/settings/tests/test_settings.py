"""Settings: what they change, what they refuse, and that it is written down who did it."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest

from safar import console
from safar.accounts.models import ApiKey, AuditEntry, Invitation, Membership, Role
from safar.accounts.scopes import SCOPES
from safar.accounts.services import create_key
from safar.channels.senders import read_senders
from safar.console.conftest import Browser
from safar.console.settings.audit import ACTIONS

SAFAR = Path(console.__file__).parents[1]
PASSWORD = "a long walk to Shiraz"


def at(who: Membership, page: str) -> str:
    return f"/w/{who.workspace.slug}/settings/{page}"


def test_a_workspace_is_changed_and_it_is_written_down(browser: Browser, sara: Membership) -> None:
    given = {
        "name": "فنجان",
        "zone": "Europe/Berlin",
        "language": "en",
        "currency_unit": "IRR",
        "late": "۹۰",
        "week_start": "sun",
    }
    assert browser(sara).post(at(sara, ""), given).status_code == 303
    sara.workspace.refresh_from_db()
    assert (sara.workspace.name, sara.workspace.zone, sara.workspace.late_events) == ("فنجان", "Europe/Berlin", 5400)
    entry = AuditEntry.objects.filter(workspace=sara.workspace).latest("id")
    assert entry.actor == sara.member.email
    assert "changed settings" in browser(sara).get(at(sara, "audit/")).content.decode()


@pytest.mark.parametrize(("language", "said"), [("en", "not the name of a zone"), ("fa", "نام هیچ منطقهٔ زمانی نیست")])
def test_what_is_refused_stands_beside_its_field(browser: Browser, sara: Membership, language: str, said: str) -> None:
    given = {
        "name": "x",
        "zone": "Tehran/Iran",
        "language": "en",
        "currency_unit": "IRT",
        "late": "60",
        "week_start": "sat",
    }
    answer = browser(sara, language=language).post(at(sara, ""), given)
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert 'aria-describedby="id_zone_helptext id_zone_error"' in answer.content.decode()


def test_a_key_is_shown_once_and_revoked(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    page = client.post(at(sara, "keys/"), {"kind": "secret", "label": "server"}).content.decode()
    found = re.search(r"sk_[\w-]{32}", page)
    assert found is not None
    again = client.get(at(sara, "keys/")).content.decode()
    assert found[0] not in again
    assert found[0][:9] in again
    key = ApiKey.objects.get(workspace=sara.workspace)
    client.post(at(sara, f"keys/{key.pk}/revoke/"))
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_a_key_is_limited_to_scopes_and_the_page_says_which(browser: Browser, sara: Membership) -> None:
    client = browser(sara, language="fa")
    page = client.get(at(sara, "keys/")).content.decode()
    assert page.count('name="scopes"') == len(SCOPES)
    given = {"kind": "secret", "label": "reports", "scopes": ["journeys:read", "contacts:read"]}
    page = client.post(at(sara, "keys/"), given).content.decode()
    key = ApiKey.objects.get(workspace=sara.workspace)
    assert key.scopes == ["contacts:read", "journeys:read"]
    assert f"<li>{SCOPES['journeys:read']['fa']}</li>" in page
    assert f"Authorization: Bearer {key.prefix}" in page  # the example has the new key, this once
    assert "/v1/track" not in page  # what it may not do is no example
    assert "Authorization: Bearer sk_…" in client.get(at(sara, "keys/")).content.decode()
    refused = client.post(at(sara, "keys/"), {"kind": "write", "scopes": ["events"]}).content.decode()
    assert "فقط کلید محرمانه محدود می‌شود" in refused
    client.post(at(sara, "keys/"), {"kind": "secret"})
    third = client.post(at(sara, "keys/"), {"kind": "secret"}).content.decode()
    assert "دو کلید محرمانهٔ فعال هست" in third
    assert ApiKey.objects.filter(workspace=sara.workspace).count() == 2


def test_keys_ask_again_who_one_is(browser: Browser, sara: Membership) -> None:
    sara.member.set_password(PASSWORD)
    sara.member.save()
    client = browser(sara)
    answer = client.get(at(sara, "keys/"))
    assert answer.headers["location"].startswith("/account/reauthenticate/?next=")
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    assert client.get(at(sara, "keys/")).status_code == 200


def test_what_one_was_about_to_do_is_done_by_hand_afterwards(browser: Browser, sara: Membership) -> None:
    """Asked again in the middle of a POST: back to the page where it was, nothing done by itself, nothing broken."""
    create_key(workspace=sara.workspace, kind="write")
    key = ApiKey.objects.get(workspace=sara.workspace)
    sara.member.set_password(PASSWORD)
    sara.member.save()
    client, revoke = browser(sara), at(sara, f"keys/{key.pk}/revoke/")
    asked = client.post(revoke).headers["location"]
    answer = client.post(asked, {"password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (302, at(sara, "keys/"))
    key.refresh_from_db()
    assert key.revoked_at is None
    client.post(revoke)
    key.refresh_from_db()
    assert key.revoked_at is not None


def test_inviting_shows_the_address_once(browser: Browser, sara: Membership) -> None:
    page = browser(sara).post(at(sara, "members/"), {"email": "ali@shop.example", "role": "editor"}).content.decode()
    found = re.search(r"/invitation/[\w-]+/", page)
    assert found is not None
    assert browser().get(found[0]).status_code == 200
    invitation = Invitation.objects.get(workspace=sara.workspace)
    browser(sara).post(at(sara, "").replace("settings/", f"settings/invitations/{invitation.pk}/withdraw/"))
    assert browser().get(found[0]).status_code == 410


def test_an_invitation_is_mailed_where_mail_goes_out(
    browser: Browser, sara: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("safar.console.post.can_mail", lambda: True)
    monkeypatch.setattr("safar.console.post.send", lambda *given: sent.append(given))
    browser(sara).post(at(sara, "members/"), {"email": "ali@shop.example", "role": "editor"})
    assert sent[0][0] == "ali@shop.example"
    assert "/invitation/" in sent[0][2]


def test_roles_are_changed_within_reach(browser: Browser, sara: Membership, mina: Membership) -> None:
    client = browser(sara)
    client.post(at(sara, f"members/{mina.pk}/"), {"role": "admin"})
    mina.refresh_from_db()
    assert mina.role == Role.ADMIN
    answer = browser(mina).post(at(sara, f"members/{sara.pk}/remove/"), follow=True)
    assert "above themselves" in answer.content.decode()
    assert (
        'value="owner"' not in browser(mina).get(at(sara, "members/")).content.decode().split('<form class="card"')[1]
    )
    client.post(at(sara, f"members/{sara.pk}/remove/"))
    assert Membership.objects.filter(pk=sara.pk).exists()


def test_sending_is_set_and_stopped(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    given = {
        "send_mode": "team",
        "team_addresses": "sara@shop.example\nali@shop.example",
        "address": "Mug shop <hello@shop.example>",
        "reply_to": "",
        "per_hour": "۱٬۰۰۰",
        "per_day": "",
    }
    assert client.post(at(sara, "senders/"), given).status_code == 303
    sara.workspace.refresh_from_db()
    assert sara.workspace.team_addresses == ["sara@shop.example", "ali@shop.example"]
    kept = read_senders(conn, sara.workspace_id)["email"]
    assert (kept.address, kept.per_hour, kept.per_day) == ("Mug shop <hello@shop.example>", 1000, None)
    page = client.post(at(sara, "senders/"), {**given, "address": "nonsense", "team_addresses": "x"}).content.decode()
    assert "is-invalid" in page
    client.post(at(sara, "senders/stop/"), {"stopped": "yes"})
    assert "Sending is stopped" in client.get(f"/w/{sara.workspace.slug}/").content.decode()


def test_prices_are_typed_and_shown_in_the_unit_and_kept_in_the_currency(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="fa")
    given = {"send_mode": "mailbox", "team_addresses": "", "sms_price": "۱۱۸٫۵", "email_price": ""}
    assert client.post(at(sara, "senders/"), given).status_code == 303
    lines = read_senders(conn, sara.workspace_id)
    assert (lines["sms"].part_price, lines["email"].part_price) == (Decimal(1185), None)  # Rials for tomans
    page = client.get(at(sara, "senders/")).content.decode()
    assert 'value="۱۱۸٫۵"' in page
    assert "تومان" in page
    entry = AuditEntry.objects.filter(workspace=sara.workspace, action="set_sender").get()
    assert (entry.subject, Decimal(entry.details["part_price"])) == ("sender:sms", Decimal(1185))
    refused = client.post(at(sara, "senders/"), {**given, "sms_price": "ارزان"}).content.decode()
    assert "is-invalid" in refused
    assert read_senders(conn, sara.workspace_id)["sms"].part_price == 1185


def test_the_log_has_words_for_all_that_is_written_into_it() -> None:
    """Of a workspace; what belongs to none (links, one's own address) stands on no page."""
    code = "\n".join(path.read_text("utf-8") for path in SAFAR.rglob("*.py") if "tests" not in path.parts)
    written = set(re.findall(r'\brecord\(\s*(?!None\b)[\w.\[\]]+,\s*[\w.]+,\s*"(\w+)"', code))
    assert len(written) > 20
    assert written - set(ACTIONS) == set()


def test_only_a_demo_is_deleted(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    assert client.post(at(sara, "delete/")).status_code == 404
    sara.workspace.demo = True
    sara.workspace.save()
    assert client.get(at(sara, "delete/")).status_code == 200
    assert client.post(at(sara, "delete/")).headers["location"] == "/"
    assert client.get(f"/w/{sara.workspace.slug}/").status_code == 404
    assert AuditEntry.objects.filter(workspace=None, action="remove_workspace").exists()
