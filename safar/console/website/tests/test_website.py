"""Forms: drawn on a page, shown at their own address and to the script, filled in; what came of it is in the inbox, consent with its proof."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import ApiKey, AuditEntry, Membership
from safar.accounts.services import create_key, set_key_sites
from safar.channels.consent.asking import ask_unasked
from safar.console.conftest import Browser
from safar.console.database import session
from safar.console.journeys.tests.road import settle
from safar.console.website.tests.filling import DRAWN, GIVEN, address, inbox, nobody, send, shown
from safar.contacts.privacy import Privacy, set_privacy
from safar.contacts.topics import Topic, save_topic
from safar.website import taking
from safar.website.guards import Rate
from safar.website.keeping import Kept, list_forms


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
    monkeypatch.setattr(taking, "rate", Rate(most=1))
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


def test_words_stand_in_the_language_of_the_page_or_in_a_fixed_one(browser: Browser, sara: Membership, kept: Kept) -> None:  # fmt: skip
    page = nobody().get(f"/f/{kept.token}?lang=en").content.decode()
    assert [word in page for word in ("Mug news", "Cup size", "E-mail", "خبرنامهٔ لیوان")] == [True, True, True, False]
    client = browser(sara, language="en")
    drawn = {
        **DRAWN,
        "language": "fa",
        "email_fa": "نشانی ایمیل شما",
        "own1_name": "since",
        "own1": "must",
        "own1_fa": "",
    }
    assert client.post(address(sara, "news/"), drawn).status_code == 303
    page = nobody().get(f"/f/{kept.token}?lang=en").content.decode()
    assert [word in page for word in ("خبرنامهٔ لیوان", "نشانی ایمیل شما", "اندازهٔ فنجان", "Mug news")] == [True, True, True, False]  # fmt: skip
    again = client.get(address(sara, "news/")).content.decode()
    assert 'value="نشانی ایمیل شما"' in again
    assert 'name="own3_name"' in again  # two lines more than there are
    refused = client.post(address(sara, "news/"), {**DRAWN, "own0_name": "page"})
    assert "is sent with every form" in refused.content.decode()


@pytest.mark.parametrize(("workspace", "own", "state"), [(True, "", "pending"), (True, "no", "given"), (False, "yes", "pending"), (False, "", "given")])  # fmt: skip
def test_a_form_may_confirm_otherwise_than_the_workspace(
    browser: Browser, sara: Membership, kept: Kept, clock: list[datetime], workspace: bool, own: str, state: str
) -> None:
    browser(sara, language="en").post(address(sara, "news/"), {**DRAWN, "double_opt_in": own})
    with session() as conn:
        set_privacy(conn, sara.workspace_id, Privacy(double_opt_in=workspace))
        send(kept, clock)
        assert inbox(sara)[0][3] == {"email": state}
        settle()
        # Asked by the dispatcher's process, whatever the workspace has.
        ask_unasked(conn, clock[0] + timedelta(minutes=1))
        asked = conn.execute(
            "SELECT count(*) FROM confirmation WHERE workspace_id = %s", (sara.workspace_id,)
        ).fetchone()
        assert asked == (int(state == "pending"),)


def test_a_topic_that_is_confirmed_needs_a_form_that_confirms(browser: Browser, sara: Membership, kept: Kept) -> None:
    with session() as conn:
        save_topic(conn, sara.workspace_id, Topic("mugs", {"en": "Mugs"}, double_opt_in=True), fresh=True)
    client = browser(sara, language="en")
    assert "joined by a confirmation only" in client.post(address(sara, "news/"), {**DRAWN, "topic": "mugs"}).content.decode()  # fmt: skip
    assert client.post(address(sara, "news/"), {**DRAWN, "topic": "mugs", "double_opt_in": "yes"}).status_code == 303


def test_code_of_ones_own_sends_what_was_filled_in(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    key = create_key(workspace=sara.workspace, kind="write")
    there, client = f"/site/forms/{key}/news.json", nobody()
    asked = client.options(there)
    assert (asked.status_code, asked["Access-Control-Allow-Headers"]) == (204, "content-type")
    told = client.get(f"{there}?lang=en").json()
    assert (told["title"], [field["label"] for field in told["fields"]]) == ("Mug news", ["E-mail", "First name", "Cup size"])  # fmt: skip
    body = {
        "fields": {"email": "Mina@People.example", "vip": "yes"},
        "consents": ["email", "fax"],
        "language": "en",
        "shown": told["shown"],
    }
    body |= {"anonymousId": "a-1", "page": "https://shop.example/mugs", "utm_source": "insta"}

    def post(**more: Any) -> Any:
        return client.post(there, {**body, **more}, content_type="application/json")

    assert post().json()["said"] == "Please press the button once more."  # nobody reads so quickly
    clock[0] += timedelta(seconds=10)
    wrong = post(fields={"email": "mina"})
    assert (wrong.status_code, wrong.json()["faults"]) == (422, {"email": "is not right"})
    assert client.post(there, "[]\0", content_type="application/json").status_code == 400
    assert post(homepage="https://spam.example").status_code == 200
    assert inbox(sara) == []
    assert post().json() == {"thanks": "Thank you.", "redirect": ""}
    identify, submitted = inbox(sara)
    assert (identify[2], identify[3]) == ({"email": "Mina@People.example", "language": "en"}, {"email": "given"})
    assert submitted[4] == {"page": {"url": "https://shop.example/mugs"}, "campaign": {"source": "insta"}, "locale": "en"}  # fmt: skip
    assert client.get(f"/site/forms/{key}/other.json").status_code == 404
    assert client.get("/site/forms/pk_unknown/news.json").status_code == 404
    assert client.get(f"/site/forms/{create_key(workspace=sara.workspace, kind='secret')}/news.json").status_code == 404


def test_a_pages_own_address_keeps_where_somebody_came_from(sara: Membership, kept: Kept, clock: list[datetime]) -> None:  # fmt: skip
    page = nobody(referer="https://insta.example/mug").get(f"/f/{kept.token}?utm_source=insta&utm_campaign=%22yalda").content.decode()  # fmt: skip
    assert 'name="utm_source" value="insta"' in page
    assert 'name="utm_campaign" value="&quot;yalda"' in page
    send(kept, clock, utm_source="insta", referrer="https://insta.example/mug")
    assert inbox(sara)[1][4] == {"page": {"referrer": "https://insta.example/mug"}, "campaign": {"source": "insta"}, "locale": "fa"}  # fmt: skip


def test_what_a_form_will_look_like_is_drawn_from_what_is_typed(browser: Browser, sara: Membership, kept: Kept) -> None:
    client = browser(sara, language="en")
    typed = {**DRAWN, "title_en": "Half writ</script>ten", "after": "soon", "colour": "green"}

    def ask(**more: str) -> Any:
        return client.post(address(sara, "new/preview/"), {**typed, **more})

    on_site = ask(preview_language="en")
    assert on_site.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "default-src 'none'; script-src 'self'" in on_site.headers["Content-Security-Policy"]
    assert "Half writ\\u003C/script\\u003Eten" in on_site.content.decode()
    page = ask(preview_as="page", preview_language="fa")
    assert "خبرنامهٔ لیوان" in page.content.decode()
    policy = page.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'" in policy
    assert "form-action 'none'" in policy
    with session() as conn:
        assert [one.form.title["en"] for one in list_forms(conn, sara.workspace_id)] == ["Mug news"]
