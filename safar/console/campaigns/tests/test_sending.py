"""Campaigns through the browser's door: refused with clear words, sent, walked, counted, stopped."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import psycopg
import pytest

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.channels.senders import Sender, set_sender
from safar.console.campaigns.tests.road import ASKED, at, later, plan, send, strip
from safar.console.conftest import Browser
from safar.content.models import Template
from safar.journeys.living import read_living
from safar.journeys.models import Journey, Version
from safar.journeys.reckoning.variants import count_variants

pytestmark = pytest.mark.usefixtures("database_url")


def test_from_the_empty_page_to_two_messages(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    client = browser(ali)
    assert "No campaign yet" in client.get(at(filled)).content.decode()
    page = plan(client, filled)
    assert page == at(filled, "yalda/")
    before = client.get(page).content.decode()
    assert "VIPs" in before
    assert "Merry Yalda" in before
    who = client.get(at(filled, "reach/"), {"segment": "vip", "message": "yalda", "whole": "1"}).content.decode()
    assert "sara@x.ir" in who
    assert "mina@x.ir" not in who
    assert "have not agreed to e-mails" in who
    assert "on its way" in send(client, page)
    assert conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s", (filled.pk,)).fetchone() == (0,)
    later(1)
    decided = conn.execute(
        "SELECT c.email FROM outbox o JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id"
        " WHERE o.workspace_id = %s AND o.kind = 'message' ORDER BY 1",
        (filled.pk,),
    ).fetchall()
    assert decided == [("ali@x.ir",), ("sara@x.ir",)]
    after = client.get(page).content.decode()
    assert '<div class="text-secondary">Decided</div><div class="h1 mb-0"><span class="num">2</span>' in after
    assert "2 waiting" in strip(client.get(at(filled)).content.decode())
    assert AuditEntry.objects.filter(workspace=filled, action="send_campaign", actor=ali.member.email).exists()


def test_what_became_of_the_messages(
    filled: Workspace, mina: Membership, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    page = plan(browser(ali), filled)
    send(browser(ali), page)
    later(3)
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point,"
        " point_key, kind, channel, class, state, reason, decided_at) SELECT o.bucket, o.id, o.workspace_id, o.contact_id,"
        " o.journey_id, o.enrollment_id, o.entry_no, o.trail_pos, o.point, effect ->> 'point', o.kind, o.channel, 'marketing',"
        " CASE c.email WHEN 'sara@x.ir' THEN 'accepted' ELSE 'skipped' END, CASE c.email WHEN 'ali@x.ir' THEN 'no_consent' END,"
        " o.decided_at FROM outbox o JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id WHERE o.workspace_id = %s",
        (filled.pk,),
    )
    conn.execute("DELETE FROM outbox WHERE workspace_id = %s", (filled.pk,))
    client = browser(mina)
    said = strip(client.get(at(filled)).content.decode())
    assert "no consent: 1" in said
    assert "no consent" in client.get(page).content.decode()
    people = client.get(f"{page}missed/", {"state": "skipped", "reason": "no_consent"}).content.decode()
    assert "ali@x.ir" in people
    assert "sara@x.ir" not in people
    assert "ali@x.ir" not in client.get(f"{page}missed/", {"state": "failed"}).content.decode()
    assert client.get(f"{page}missed/", {"state": "no"}).status_code == 404
    assert client.get(f"{page}missed/", {"after": "x"}).status_code == 404


def test_two_variants_are_told_apart(
    filled: Workspace, mina: Membership, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    """Sara got a and reached the goal, Ali lacks consent for b. What no source reports is not 0."""
    page = plan(browser(ali), filled, second="warm", share="50", goal="Order Completed", days="7", money="total")
    send(browser(ali), page)
    later(3)
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point,"
        " point_key, kind, channel, class, variant, state, reason, decided_at) SELECT o.bucket, o.id, o.workspace_id, o.contact_id,"
        " o.journey_id, o.enrollment_id, o.entry_no, o.trail_pos, o.point, effect ->> 'point', o.kind, o.channel, 'marketing',"
        " CASE c.email WHEN 'sara@x.ir' THEN 'a' ELSE 'b' END,"
        " CASE c.email WHEN 'sara@x.ir' THEN 'accepted' ELSE 'skipped' END, CASE c.email WHEN 'ali@x.ir' THEN 'no_consent' END,"
        " o.decided_at FROM outbox o JOIN contact c ON c.bucket = o.bucket AND c.id = o.contact_id WHERE o.workspace_id = %s",
        (filled.pk,),
    )
    conn.execute(
        "UPDATE enrollment e SET goal_at = now(), goal_money = 1200000 FROM contact c WHERE c.bucket = e.bucket"
        " AND c.id = e.contact_id AND c.email = 'sara@x.ir' AND e.workspace_id = %s",
        (filled.pk,),
    )
    conn.execute("DELETE FROM outbox WHERE workspace_id = %s", (filled.pk,))
    journey = Journey.objects.get(workspace=filled, key="yalda")
    found = count_variants(conn, journey)["message"]
    assert set(found) == {"a", "b"}
    assert (found["a"].people, found["a"].sent, found["a"].goals, found["a"].money) == (1, 1, 1, 1_200_000)
    assert (found["b"].people, found["b"].sent, found["b"].skipped, found["b"].share("goal")) == (
        1,
        0,
        {"no_consent": 1},
        None,
    )
    said = strip(browser(mina).get(page).content.decode())
    assert "The variants compared" in said
    assert "120,000 Tomans" in said
    assert "Which one is better can be told when at least 30 people have got each." in said
    assert f"/w/{filled.slug}/sent/?journey=yalda&amp;variant=a&amp;state=sent" in said


def test_a_message_that_is_not_tracked_loses_no_comparison(
    filled: Workspace, mina: Membership, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    """Nobody hears who opened the second: that message itself is not watched."""
    page = plan(browser(ali), filled, second="warm", share="50", metric="opened")
    send(browser(ali), page)
    later(3)
    journey = Journey.objects.get(workspace=filled, key="yalda")
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, point_key, kind, channel, class, variant,"
        " state, decided_at, opened_at) SELECT n & 1023, n, %(workspace)s, n, %(journey)s, n, 1, 1, 0, 'message', 'message', 'email', 'marketing',"
        " CASE WHEN n %% 2 = 0 THEN 'a' ELSE 'b' END, 'accepted', now(), CASE WHEN n %% 2 = 0 THEN now() END FROM generate_series(1000000, 1000079) n",
        {"workspace": filled.pk, "journey": journey.pk},
    )

    def on_the_map() -> Any:
        living = read_living(conn, filled, journey, Version.objects.get(journey=journey))
        return living.json["points"]["message"]["variants"]

    client = browser(mina)
    assert "is better by openings" in strip(client.get(page).content.decode())
    assert on_the_map()["name"] == "a"
    Template.objects.filter(workspace_id=filled.pk, key="warm").update(tracking={"opens": False})
    said = strip(client.get(page).content.decode())
    assert "which one is better cannot be told" in said
    assert [one["did"] for one in on_the_map()["lines"]] == [None, None]


def test_an_sms_says_what_it_would_cost(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    asked = {"segment": "vip", "message": "short", "whole": "1"}
    conn.execute("UPDATE contact SET phone = '+98912000000' || id %% 10 WHERE workspace_id = %s", (filled.pk,))
    conn.execute(
        "INSERT INTO consent SELECT bucket, id, 'sms', 'given', now(), '' FROM contact WHERE workspace_id = %s AND email <> 'mina@x.ir'",
        (filled.pk,),
    )
    client = browser(ali)
    assert "the cost is not known" in client.get(at(filled, "reach/"), asked).content.decode()
    set_sender(conn, filled.pk, Sender("sms", part_price=Decimal(1185)))
    said = strip(client.get(at(filled, "reach/"), asked).content.decode())
    assert "1 part of 118.5 Tomans to each" in said
    assert "237 Tomans" in said  # for two people


def test_before_its_time_it_is_cancelled_and_nobody_gets_it(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    client = browser(ali)
    page = plan(client, filled, when="later", day="2031/03/21", clock="8:30")
    send(client, page)
    assert "Planned" in client.get(page).content.decode()
    said = client.post(f"{page}cancel/", follow=True).content.decode()
    assert "Nobody gets it" in said
    assert "Cancelled" in said
    later(3)
    assert conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s", (filled.pk,)).fetchone() == (0,)
    assert "cancelled already" in client.post(f"{page}cancel/", follow=True).content.decode()


def test_once_it_goes_out_it_is_paused_resumed_and_stopped(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    client = browser(ali)
    page = plan(client, filled)
    send(client, page)
    later(3)
    assert "what has not gone out waits" in client.post(f"{page}pause/", follow=True).content.decode()
    assert "goes on" in client.post(f"{page}resume/", follow=True).content.decode()
    assert "stays back" in client.post(f"{page}cancel/", follow=True).content.decode()
    journey = Journey.objects.get(workspace=filled)
    held = conn.execute("SELECT count(*) FROM outbox_hold WHERE journey_id = %s", (journey.pk,)).fetchone()
    assert held == (1,)
    assert "Stopped" in client.get(page).content.decode()


def test_an_empty_segment_gets_nothing(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    page = plan(client, filled, segment="nobody")
    assert "Nobody is in this segment now" in send(client, page)
    assert not Version.objects.filter(journey__workspace=filled).exists()


def test_a_message_that_is_gone_is_not_sent(filled: Workspace, ali: Membership, browser: Browser) -> None:
    from safar.content.models import Template

    client = browser(ali)
    page = plan(client, filled)
    Template.objects.filter(workspace_id=filled.pk, key="yalda").delete()
    assert "This message does not exist." in client.get(page).content.decode()
    assert "The message “yalda” does not exist any more" in send(client, page)
    assert not Version.objects.filter(journey__workspace=filled).exists()


def test_what_was_looked_at_is_what_is_sent_and_only_once(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    page = plan(client, filled)
    form = {**ASKED, "revision": "1", "segment": "nobody"}
    assert client.post(f"{page}edit/", form).status_code == 303
    assert client.post(f"{page}edit/", {**form, "segment": "vip"}).status_code == 422
    assert (
        "Somebody has changed this campaign"
        in client.post(f"{page}send/", {"revision": "1"}, follow=True).content.decode()
    )
    client.post(f"{page}edit/", {**form, "revision": "2", "segment": "vip"})
    assert "on its way" in send(client, page)
    assert "was sent already" in send(client, page)


def test_a_large_sending_asks_again_who_one_is(
    filled: Workspace, ali: Membership, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from safar.console.campaigns import acting

    monkeypatch.setattr(acting, "LARGE", 2)
    ali.member.set_password("pomegranates and melons")
    ali.member.save()
    client = browser(ali)
    page = plan(client, filled)
    answer = client.post(f"{page}send/", {"revision": "1"})
    assert answer.headers["location"].startswith("/account/reauthenticate/?next=")
    assert not Version.objects.filter(journey__workspace=filled).exists()


def test_viewers_see_and_send_nothing(filled: Workspace, ali: Membership, mina: Membership, browser: Browser) -> None:
    page = plan(browser(ali), filled)
    seen = browser(mina).get(page).content.decode()
    assert "send-campaign" not in seen
    assert browser(mina).post(f"{page}send/", {"revision": "1"}).status_code == 403
