"""Forms: drawn on a page, shown at their own address and to the script, filled in; what came of it is in the inbox, consent with its proof."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import ApiKey, AuditEntry, Membership
from safar.accounts.services import create_key, set_key_sites
from safar.console.conftest import Browser
from safar.console.database import session
from safar.contacts.privacy import Privacy, set_privacy
from safar.website import page as pages
from safar.website.guards import Rate
from safar.website.keeping import Kept, list_forms

NOW = datetime(2026, 11, 22, 8, tzinfo=UTC)
DRAWN = {
    "key": "news", "live": "on", "kind": "pop_up", "title_fa": "خبرنامهٔ لیوان", "title_en": "Mug news", "email": "must", "phone": "no", "first_name": "may",
    "last_name": "no", "own": "cup_size = Cup size", "email_consent_fa": "برایم خبر بفرستید", "email_consent_en": "Send me news", "days": "7", "place": "centre",
    "after": "1",
}  # fmt: skip
GIVEN = {"email": "Mina@People.example", "first_name": "Mina", "cup_size": "big", "consent0": "yes", "language": "fa"}


@pytest.fixture(autouse=True)
def clock(monkeypatch: pytest.MonkeyPatch) -> list[datetime]:
    """Moved by hand: the form is handed out at NOW and sent ten seconds later."""
    at = [NOW]
    monkeypatch.setattr(pages, "now", lambda: at[0])
    monkeypatch.setattr(pages, "rate", Rate())
    return at


def address(who: Membership, rest: str = "") -> str:
    return f"/w/{who.workspace.slug}/website/{rest}"


@pytest.fixture
def kept(browser: Browser, sara: Membership) -> Kept:
    answer = browser(sara, language="en").post(address(sara, "new/"), DRAWN)
    assert answer.status_code == 303, answer.content.decode()
    with session() as conn:
        (found,) = list_forms(conn, sara.workspace_id)
    return found


def nobody(**headers: str) -> Client:
    """A browser without a session."""
    return Client(headers={"host": "localhost", **headers})


def shown(token: str) -> str:
    found = re.search(r'name="shown" value="([^"]+)"', nobody().get(f"/f/{token}").content.decode())
    assert found is not None
    return found[1]


def inbox(who: Membership) -> list[tuple[Any, ...]]:
    with session() as conn:
        found = conn.execute(
            "SELECT name, properties, traits, consent, context FROM inbox WHERE workspace_id = %s ORDER BY id",
            (who.workspace_id,),
        ).fetchall()
    return [tuple(row) for row in found]


def send(kept: Kept, clock: list[datetime], **more: str) -> Any:
    given = {**GIVEN, "shown": shown(kept.token), **more}
    clock[0] += timedelta(seconds=10)
    return nobody().post(f"/f/{kept.token}", given)


def test_a_form_is_drawn_changed_and_taken_away(browser: Browser, sara: Membership, kept: Kept) -> None:
    client = browser(sara, language="en")
    with CaptureQueriesContext(connection) as asked:
        assert "Mug news" in client.get(address(sara)).content.decode()
    assert len(asked) < 15
    assert f"/f/{kept.token}" in client.get(address(sara, "news/")).content.decode()
    assert "already" in client.post(address(sara, "new/"), DRAWN).content.decode()
    nameless = {**DRAWN, "email": "no", "email_consent_fa": "", "email_consent_en": ""}
    assert "nobody could be recognised" in client.post(address(sara, "news/"), nameless).content.decode()
    assert client.post(address(sara, "news/"), {**DRAWN, "title_en": "News of mugs"}).status_code == 303
    with session() as conn:
        (changed,) = list_forms(conn, sara.workspace_id)
    assert (changed.token, changed.form.title["en"]) == (kept.token, "News of mugs")
    assert client.post(address(sara, "news/delete/")).status_code == 303
    assert nobody().get(f"/f/{kept.token}").status_code == 404
    assert AuditEntry.objects.filter(workspace=sara.workspace, action__in=("save_form", "delete_form")).count() == 3


def test_what_is_filled_in_becomes_a_contact_with_the_proof_of_their_consent(
    sara: Membership, kept: Kept, clock: list[datetime]
) -> None:
    answer = send(kept, clock)
    assert "سپاسگزاریم" in answer.content.decode()
    identify, submitted = inbox(sara)
    assert identify[2] == {"email": "Mina@People.example", "first_name": "Mina", "cup_size": "big", "language": "fa"}
    assert identify[3] == {"email": "given"}
    proof = identify[4]["proof"]
    assert (proof["method"], proof["form"], proof["text"]) == ("form", "news", "برایم خبر بفرستید")
    assert proof["text_version"].startswith("news ")
    assert submitted[:2] == (
        "form_submitted",
        {
            "form": "news",
            "email": "Mina@People.example",
            "first_name": "Mina",
            "cup_size": "big",
            "consents": ["email"],
        },
    )


def test_without_a_tick_nothing_is_agreed_to(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    send(kept, clock, consent0="")
    assert [row[3] for row in inbox(sara)] == [None, None]


def test_where_sign_ups_are_confirmed_the_consent_waits(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    with session() as conn:
        set_privacy(conn, sara.workspace_id, Privacy(double_opt_in=True))
    assert "دکمهٔ داخل آن را بزنید" in send(kept, clock).content.decode()
    assert inbox(sara)[0][3] == {"email": "pending"}


def test_machines_are_kept_out_and_nothing_is_taken(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    client, token = nobody(), kept.token
    given = {**GIVEN, "shown": shown(token)}
    quick = client.post(f"/f/{token}", given)
    assert quick.status_code == 422  # nobody reads so quickly
    assert given["shown"] in quick.content.decode()  # and pressing once more later is not too quick again
    clock[0] += timedelta(seconds=10)
    assert client.post(f"/f/{token}", {**given, "homepage": "https://spam.example"}).status_code == 200
    assert client.post(f"/f/{token}", {**given, "shown": "made up"}).status_code == 422
    assert client.post(f"/f/{token}", {**given, "email": "nobody"}).status_code == 422
    assert inbox(sara) == []


def test_one_address_may_send_so_often(monkeypatch: pytest.MonkeyPatch, sara: Membership, kept: Kept, clock: list[datetime]) -> None:  # fmt: skip
    monkeypatch.setattr(pages, "rate", Rate(most=1))
    assert [send(kept, clock).status_code for _ in range(2)] == [200, 429]
    assert len(inbox(sara)) == 2


def test_the_script_hears_of_forms_and_sends_what_is_filled_in(
    sara: Membership, kept: Kept, clock: list[datetime]
) -> None:
    plain = create_key(workspace=sara.workspace, kind="write")
    set_key_sites(key=ApiKey.objects.get(plain=plain), sites=["shop.example"])
    asked = f"/site/forms/{plain}.json?lang=fa"
    answer = nobody(origin="https://shop.example").get(asked)
    (told,) = answer.json()["forms"]
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert (told["title"], told["dir"], told["fields"][0]["label"]) == ("خبرنامهٔ لیوان", "rtl", "ایمیل")
    assert nobody(origin="https://elsewhere.example").get(asked).status_code == 404
    clock[0] += timedelta(seconds=10)
    client = nobody(accept="application/json")
    refused = client.post(f"/f/{kept.token}", {**GIVEN, "email": "mina", "shown": told["shown"]})
    assert refused.status_code == 422
    assert refused.json()["faults"] == {"email": "درست نیست"}
    sent = client.post(
        f"/f/{kept.token}", {**GIVEN, "shown": told["shown"], "anonymous": "a-1", "page": "https://shop.example/mugs"}
    )
    assert sent.json() == {"thanks": "سپاسگزاریم.", "redirect": ""}
    assert inbox(sara)[1][4]["page"] == {"url": "https://shop.example/mugs"}
