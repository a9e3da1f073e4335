"""Templates on their pages: listed, written against a revision, previewed as they go out, tried on oneself."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from django.conf import settings

from safar.accounts.models import AuditEntry, Membership
from safar.channels.senders import Sender, set_sender
from safar.channels.services.own import set_service
from safar.channels.tracking.settings import Tracking
from safar.console.conftest import Browser
from safar.console.database import session
from safar.content.models import Template
from safar.content.services import apply_templates

HELLO = {
    "channel": "email",
    "title": "سلام",
    "languages": {"fa": {"subject": "سلام {{ contact.first_name }}", "html": "<p>خوش آمدید</p>"}},
}


@pytest.fixture
def base(ali: Membership) -> str:
    apply_templates(ali.workspace, {"hello": HELLO})
    return f"/w/{ali.workspace.slug}/messages/"


def ask(client: Any, method: str, address: str, sent: object) -> Any:
    return getattr(client, method)(address, json.dumps(sent), content_type="application/json")


def written(shop: Any, key: str = "hello") -> dict[str, Any]:
    found = Template.objects.get(workspace_id=shop.pk, key=key)
    names = ("title", "sender", "strict", "once_more", "fallbacks", "languages", "document")
    return {name: getattr(found, name) for name in names}


def test_the_list_says_channel_languages_and_journeys(browser: Browser, ali: Membership, base: str) -> None:
    from safar.journeys.drafts import make_journey

    sends = {"kind": "send_email", "template": "hello", "class": "transactional"}
    draft = {"title": "x", "start": {}, "points": {"greet": sends}}
    make_journey(ali.workspace, draft, key="welcome", by="sara")
    page = browser(ali).get(base).content.decode()
    assert f"{base}hello/" in page
    assert "/journeys/welcome/" in page
    assert "Persian" in page
    assert "Delete" not in browser(ali).get(f"{base}hello/").content.decode()  # a journey sends it


def test_what_is_saved_is_kept_compiled_and_noted(browser: Browser, ali: Membership, base: str) -> None:
    client = browser(ali)
    template = written(ali.workspace)
    blocks = [{"kind": "heading", "text": "Hello {{ contact.first_name }}"}, {"kind": "footer", "text": "Bye"}]
    template["document"] = {"en": {"kind": "blocks", "blocks": blocks}}
    template["languages"]["en"] = {"subject": "Hello"}
    answer = ask(client, "put", f"{base}hello/template.json", {"template": template, "revision": 0})
    assert answer.json() == {"revision": 1}
    kept = Template.objects.get(workspace_id=ali.workspace_id, key="hello")
    assert "{{ contact.first_name }}" in kept.languages["en"]["html"]
    assert "{{ unsubscribe_url }}" in kept.languages["en"]["html"]
    assert kept.document["en"]["blocks"] == blocks
    assert AuditEntry.objects.filter(workspace=ali.workspace, action="save_template").count() == 1
    again = ask(client, "put", f"{base}hello/template.json", {"template": template, "revision": 0})
    assert again.status_code == 409
    assert again.json()["revision"] == 1
    same = ask(client, "put", f"{base}hello/template.json", {"template": template, "revision": 1})
    assert same.json() == {"revision": 1}


def test_faults_are_told_with_their_place(browser: Browser, ali: Membership, base: str) -> None:
    template = written(ali.workspace)
    template["document"] = {"fa": {"kind": "blocks", "blocks": [{"kind": "marquee"}]}}
    template["languages"]["en"] = {"subject": "{{ x", "html": "<p>Hi</p>"}
    answer = ask(browser(ali), "put", f"{base}hello/template.json", {"template": template, "revision": 0})
    assert answer.status_code == 422
    assert {one["place"] for one in answer.json()["faults"]} >= {"document.fa.blocks.0"}
    assert written(ali.workspace)["document"] == {}


def test_a_file_applied_goes_before_the_document(ali: Membership, browser: Browser, base: str) -> None:
    template = written(ali.workspace)
    template["document"] = {"fa": {"kind": "blocks", "blocks": [{"kind": "text", "text": "سلام"}]}}
    ask(browser(ali), "put", f"{base}hello/template.json", {"template": template, "revision": 0})
    kept = Template.objects.get(workspace_id=ali.workspace_id, key="hello")
    apply_templates(ali.workspace, {"hello": {**HELLO, "title": "x", "languages": kept.languages}})
    assert written(ali.workspace)["document"]
    apply_templates(ali.workspace, {"hello": HELLO})
    kept.refresh_from_db()
    assert (kept.document, kept.revision) == ({}, 3)


def test_a_preview_is_what_goes_out(browser: Browser, ali: Membership, base: str) -> None:
    template = written(ali.workspace)
    template["languages"]["fa"]["preheader"] = "<b>زود"
    template["languages"]["fa"]["html"] = '<p>{{ contact.nick }}</p><a href="#">x</a>'
    client = browser(ali)
    asked = {"template": template, "language": "fa", "contact": None}
    told = ask(client, "post", f"{base}hello/preview.json", asked).json()
    assert told["subject"] == "سلام"
    assert told["html"]
    said = " ".join(one["message"] for one in told["remarks"])
    assert "contact.nick" in said
    assert "leads nowhere" in said
    frame = client.post(f"{base}hello/preview.html", {"asked": json.dumps(asked)})
    assert 'dir="rtl"' in frame.content.decode()
    assert "&lt;b&gt;زود" in frame.content.decode()
    assert frame.headers["Content-Security-Policy"].endswith("; sandbox")
    assert frame.headers["X-Frame-Options"] == "SAMEORIGIN"
    asked["contact"] = "99999"
    assert ask(client, "post", f"{base}hello/preview.json", asked).status_code == 404


def test_an_sms_is_counted(browser: Browser, ali: Membership, base: str) -> None:
    apply_templates(ali.workspace, {"short": {"channel": "sms", "languages": {"fa": {"text": "سلام"}}}})
    asked = {"template": written(ali.workspace, "short"), "language": "fa", "contact": None}
    asked["template"]["languages"]["fa"]["text"] = "سلام! " * 20
    told = ask(browser(ali), "post", f"{base}short/preview.json", asked).json()
    assert (told["sms"]["alphabet"], told["sms"]["parts"]) == ("ucs2", 2)
    assert "cost" not in told["sms"]  # nobody said what a part costs: not known, and never 0
    with session() as conn:
        set_sender(conn, ali.workspace_id, Sender("sms", part_price=Decimal(1185)))
    told = ask(browser(ali), "post", f"{base}short/preview.json", asked).json()
    assert (told["sms"]["price"], told["sms"]["cost"]) == ("118.5 Tomans", "237 Tomans")
    assert any("لغو" in one["message"] for one in told["remarks"])


@pytest.mark.parametrize(("host", "long"), [("", True), ("https://sfr.ir", False)])
def test_the_links_of_an_sms_are_looked_at(
    browser: Browser, ali: Membership, base: str, monkeypatch: pytest.MonkeyPatch, host: str, long: bool
) -> None:
    monkeypatch.setattr(Tracking, "short_base", lambda *_: f"{host or 'https://links.a-long-name.example'}/")
    apply_templates(ali.workspace, {"short": {"channel": "sms", "languages": {"en": {"text": "x"}}}})
    asked = {"template": written(ali.workspace, "short"), "language": "en", "contact": None}

    def codes(text: str) -> list[bool]:
        asked["template"]["languages"]["en"]["text"] = text
        said = [
            one["message"] for one in ask(browser(ali), "post", f"{base}short/preview.json", asked).json()["remarks"]
        ]
        return [any(words in one for one in said) for words in ("The short link has", "Only the first link")]

    assert codes("Look: https://shop.example/a") == [long, False]
    assert codes("Look: https://shop.example/a https://shop.example/b") == [long, True]
    assert codes("Look in the shop") == [False, False]


PATTERN = {
    "code": "hello",
    "text": "%token عزیز، سلام",
    "variables": {"token": '{{ contact.first_name | default: "دوست" }}'},
}


def test_a_pattern_is_shown_with_the_other_way_and_its_limits(
    browser: Browser, ali: Membership, base: str, conn: Any
) -> None:
    apply_templates(ali.workspace, {"short": {"channel": "sms", "languages": {"fa": {"text": "سلام"}}}})
    client, template = browser(ali), written(ali.workspace, "short")
    template["languages"]["fa"]["pattern"] = PATTERN
    asked = {"template": template, "language": "fa", "contact": None}

    def told(**pattern: Any) -> Any:
        template["languages"]["fa"]["pattern"] = {**PATTERN, **pattern}
        return ask(client, "post", f"{base}short/preview.json", asked).json()

    found = told()
    assert (found["by"], found["text"], found["otherwise"]) == ("pattern", "دوست عزیز، سلام", "سلام\nلغو۱۱")
    assert found["sms"]["letters"] == len("دوست عزیز، سلام")
    assert told(second=True)["by"] == "text"
    with session() as own:
        set_service(
            own,
            workspace_id=ali.workspace_id,
            channel="sms",
            provider="smsir",
            given={"key": "k", "sender": "3000"},
            keys=[settings.SECRET_KEY],
        )
    found = told()
    assert found["by"] == "text"
    assert "hello" in found["why"]
    assert [one["place"] for one in found["faults"]] == ["languages.fa.pattern.code"]
    found = told(code="4004", variables={"token": "x" * 26})
    assert (found["by"], "25" in found["why"]) == ("text", True)
    del template["languages"]["fa"]["text"]
    found = told()
    assert (found["text"], bool(found["fault"])) == ("دوست عزیز، سلام", True)
    refused = ask(client, "post", f"{base}short/test/", {**asked, "phone": "09121234567"})
    assert refused.status_code == 422
    template["languages"]["fa"]["pattern"] = {**PATTERN, "code": "4004"}
    assert ask(client, "post", f"{base}short/test/", {**asked, "phone": "09121234567"}).status_code == 200
    (made,) = conn.execute(
        "SELECT effect -> 'made' FROM outbox WHERE workspace_id = %s", (ali.workspace_id,)
    ).fetchone()
    assert (made["pattern"]["code"], made["text"]) == ("4004", "")


def test_a_new_one_and_its_end(browser: Browser, ali: Membership, base: str) -> None:
    client = browser(ali)
    answer = client.post(f"{base}new/", {"title": "Spring sale", "channel": "email", "key": ""})
    assert answer.headers["location"].endswith("/messages/spring-sale/")
    assert client.post(f"{base}new/", {"title": "x", "channel": "email", "key": "spring-sale"}).status_code == 200
    hidden = client.post(f"{base}new/", {"title": "New", "channel": "sms", "key": ""})
    assert hidden.headers["location"].endswith("/messages/new-message/")
    assert client.post(f"{base}spring-sale/delete/").status_code == 303
    assert not Template.objects.filter(workspace_id=ali.workspace_id, key="spring-sale").exists()


def test_a_test_waits_for_the_gate(browser: Browser, ali: Membership, base: str, conn: Any) -> None:
    asked = {"template": written(ali.workspace), "language": "fa", "contact": None}
    told = ask(browser(ali), "post", f"{base}hello/test/", asked)
    assert told.status_code == 200, told.content
    rows = conn.execute(
        "SELECT kind, channel, effect ->> 'to' FROM outbox WHERE workspace_id = %s", (ali.workspace_id,)
    ).fetchall()
    assert rows == [("test", "email", ali.member.email)]
