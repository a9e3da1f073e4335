"""Addresses that are told of events, on their pages: added, changed, refused with the place of the fault, taken away; silent ones called at once."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import partial
from typing import Any

import psycopg
import pytest

from safar.accounts.models import AuditEntry, Membership
from safar.channels.webhooks.deliveries import list_deliveries
from safar.channels.webhooks.subscriptions import MOST, list_subscriptions, save_subscription
from safar.console.conftest import Browser


def home(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/webhooks/"


def test_an_address_is_added_changed_and_taken_away(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client, home_ = browser(sara), home(sara)
    given = {
        "url": " https://crm.example/in ",
        "states": ["clicked"],
        "names": "Order  Completed\n\n Cart *\n",
        "active": "on",
    }
    assert client.post(f"{home_}addresses/new/", given).status_code == 303
    (one,) = list_subscriptions(conn, sara.workspace_id)
    assert (one.url, one.active) == ("https://crm.example/in", True)
    assert one.names == ("Order Completed", "Cart *", "email_clicked", "sms_clicked")
    assert (one.states, one.others) == (("clicked",), ("Order Completed", "Cart *"))
    page = client.get(f"{home_}addresses/{one.id}/").content.decode()
    assert "Order Completed\nCart *" in page

    client.post(f"{home_}addresses/{one.id}/", {"url": "https://crm.example/in", "everything": "on"})
    (one,) = list_subscriptions(conn, sara.workspace_id)
    assert (one.names, one.active) == (("*",), False)
    assert "is not called" in client.get(home_).content.decode()

    assert client.post(f"{home_}addresses/{one.id}/remove/").status_code == 303
    assert client.post(f"{home_}addresses/{one.id}/remove/").status_code == 404
    assert list_subscriptions(conn, sara.workspace_id) == []
    told = AuditEntry.objects.filter(workspace=sara.workspace, action__contains="webhook").order_by("id")
    assert [entry.action for entry in told] == ["set_webhook_address", "set_webhook_address", "drop_webhook_address"]


def test_every_fault_is_told_at_its_field(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara)
    answer = client.post(f"{home(sara)}addresses/new/", {"url": "crm.example", "names": "a*b\nfine"})
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "must be an address such as" in page
    assert "is no name of events" in page
    assert (
        "say at least one event"
        in client.post(f"{home(sara)}addresses/new/", {"url": "https://a.example"}).content.decode()
    )
    for number in range(MOST):
        save_subscription(conn, sara.workspace_id, url=f"https://a{number}.example/", names=["Ping"])
    refused = client.post(f"{home(sara)}addresses/new/", {"url": "https://a.example", "names": "Ping"})
    assert "at most" in refused.content.decode()
    assert len(list_subscriptions(conn, sara.workspace_id)) == MOST


def test_a_silent_address_is_shown_and_called_at_once(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    conn.execute(
        "INSERT INTO webhook_failing (workspace_id, queue, host, failures, since, said) VALUES (%s, 'webhook:ab', 'https://crm.example', 12, now(), 'no')",
        (sara.workspace_id,),
    )
    client = browser(sara)
    assert "has not answered" not in client.get(home(sara)).content.decode(), "its calls do not wait yet"
    conn.execute(
        "INSERT INTO circuit (provider, workspace_id, reason, opened_at, probe_at) VALUES ('webhook:ab', %s, 'silent', now(), now())",
        (sara.workspace_id,),
    )
    assert "has not answered" in client.get(home(sara)).content.decode()
    assert client.post(f"{home(sara)}ask/", {"queue": "webhook:ab"}).status_code == 303
    assert "has not answered" not in client.get(home(sara)).content.decode()
    assert conn.execute("SELECT count(*) FROM circuit WHERE provider = 'webhook:ab'").fetchone() == (0,)


def test_calls_are_sifted_and_paged(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    for number in range(52):
        conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, point_key, kind,"
            " channel, class, address, state, said, decided_at) VALUES (7, %s, %s, 7, 0, %s, 1, 0, 0, 'Ping', 'webhook', 'webhook', 'webhook',"
            " 'https://crm.example/', %s, %s, '2026-03-21 12:00Z'::timestamptz - make_interval(mins => %s))",
            ((99 - number) * 1024 + 7 + sara.workspace_id * 10**9, sara.workspace_id, -number - sara.workspace_id * 10**6,
             "failed" if number == 51 else "accepted", f"call {number}.", number // 4),
        )  # fmt: skip
    client = browser(sara)
    first = client.get(home(sara)).content.decode()
    assert "call 0." in first
    assert "call 51." not in first
    older = first.partition("?after=")[2].partition('"')[0]
    second = client.get(f"{home(sara)}?after={older}").content.decode()
    assert "call 0." not in second
    assert "call 51." in second
    assert sum(page.count(f"call {number}.") for number in range(52) for page in (first, second)) == 52, (
        "also of one moment"
    )
    sifted = client.get(f"{home(sara)}?trouble").content.decode()
    assert "call 51." in sifted
    assert "call 0." not in sifted
    assert client.get(f"{home(sara)}?after=nonsense").status_code == 404


def test_sifting_says_how_far_back_it_looked(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, state in enumerate(("failed", "accepted", "accepted", "accepted")):
        conn.execute(
            "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
            " state, said, decided_at) VALUES (7, %s, %s, 7, 0, %s, 1, 0, 0, 'webhook', 'webhook', 'webhook', %s, 'an old no', '2026-03-21 12:00Z')",
            (
                number * 1024 + 7 + sara.workspace_id * 10**9,
                sara.workspace_id,
                -number - sara.workspace_id * 10**6,
                state,
            ),
        )
    page = list_deliveries(conn, sara.workspace_id, trouble=True, reach=2)
    assert (page.calls, page.looked_to) == ([], datetime(2026, 3, 21, 12, tzinfo=UTC))
    page = list_deliveries(conn, sara.workspace_id, trouble=True, reach=2, after=page.following)
    assert [one.said for one in page.calls] == ["an old no"]
    monkeypatch.setattr("safar.console.settings.webhooks.list_deliveries", partial(list_deliveries, reach=2))
    first = browser(sara).get(f"{home(sara)}?trouble").content.decode()
    assert "None among the newest" in first
    assert "There are older calls." in first
