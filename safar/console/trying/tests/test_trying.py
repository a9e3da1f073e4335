"""A draft tried on the past: the back-test of the last 90 days in the background, and one contact walked through it."""

from __future__ import annotations

import html
import json
import os
import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import psycopg
import pytest
from django.test import Client

from safar.accounts.models import AuditEntry, Membership, Workspace
from safar.channels.senders import Sender, set_sender
from safar.console.conftest import Browser
from safar.console.trying.tests.history import DRAFT, draw, record_history
from safar.events.jobs.running import run_next
from safar.journeys.backtest import trial
from safar.journeys.models import Journey

pytestmark = pytest.mark.usefixtures("database_url")


@pytest.fixture(autouse=True)
def nothing_left(conn: psycopg.Connection[Any]) -> Iterator[None]:
    yield
    conn.execute("DELETE FROM job")


@pytest.fixture
def history(conn: psycopg.Connection[Any], shop: Workspace) -> Workspace:
    record_history(conn, shop)
    return shop


def at(shop: Workspace, path: str = "") -> str:
    return f"/w/{shop.slug}/journeys/visit/try/{path}"


def words(client: Client, address: str) -> str:
    """What a reader sees of a page, in one line."""
    answer = client.get(address)
    assert answer.status_code == 200
    seen = re.sub(r"<script\b.*?</script>", " ", answer.content.decode(), flags=re.DOTALL)
    text = html.unescape(re.sub(r"<[^>]*>", " ", seen))
    return re.sub(r"\( ", "(", re.sub(r" ([:,.)])", r"\1", re.sub(r"\s+", " ", text)))


def work(conn: psycopg.Connection[Any]) -> bool:
    """What a thread of an engine process does."""
    return run_next(conn, trial.runs(os.environ["SAFAR_DATABASE_URL"]))


def try_it(client: Client, shop: Workspace, conn: psycopg.Connection[Any]) -> str:
    assert client.post(at(shop)).status_code == 303
    assert work(conn)
    return words(client, at(shop))


def test_a_backtest_is_started_watched_and_shown(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    draw(history)
    client = browser(ali)
    assert "Try it on the last 90 days" in words(client, at(history))
    assert client.post(at(history)).status_code == 303
    assert AuditEntry.objects.filter(workspace=history, action="backtest_journey").exists()
    assert "Waits for its turn" in words(client, at(history))
    piece = client.get(at(history), headers={"hx-request": "true"})
    assert "Waits for its turn" in piece.content.decode()
    assert "HX-Refresh" not in piece
    assert work(conn)
    assert client.get(at(history), headers={"hx-request": "true"})["HX-Refresh"] == "true"
    page = words(client, at(history))
    assert "Would have entered 2" in page
    assert "Messages that would have gone out 1" in page
    assert "they had been in it, and may not enter again yet 1" in page
    assert "Reached the goal 1" in page
    assert "yes 1 (50%)" in page
    assert "1 left here: done" in page
    assert "no price is set" in page
    set_sender(conn, history.pk, Sender("email", part_price=Decimal(25)))
    page = words(client, at(history))
    assert "Would have cost about 2.5 Tomans" in page
    assert "about 2.5 Tomans" in page.split("1 messages would have gone out")[1]
    assert "events of 3 contacts" in page


def island(client: Client, address: str) -> dict[str, Any] | None:
    """What the map on the page begins with."""
    found = re.search(r'<script id="map-boot"[^>]*>(.*?)</script>', client.get(address).content.decode(), re.DOTALL)
    return json.loads(found[1]) if found else None


def test_the_map_shows_the_figures(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    journey = draw(history)
    client = browser(ali, language="fa")
    assert island(client, at(history)) is None
    client.post(at(history))
    going = island(client, at(history))
    assert going is not None
    assert (going["trial"], going["mayEdit"]) == ({"figures": None}, False)
    assert work(conn)
    Journey.objects.filter(pk=journey.pk).update(draft=journey.draft.replace("newcomer", "new"), revision=2)
    done = island(client, at(history))
    assert done is not None
    assert done["map"]["draft"]["points"]["hello"]["tag"] == "newcomer"  # the draft that was tried
    assert done["map"]["summaries"]["points.hello"]
    points = done["trial"]["figures"]["points"]
    assert (points["buyer"]["entered"], points["buyer"]["paths"]) == (2, {"yes": 1, "no": 1})
    assert (points["thanks"]["would_send"], "would_send" in points["hello"]) == (1, False)
    assert {key: point.get("unknown") for key, point in points.items() if "unknown" in point} == {
        "opened": "reads",
        "end": "after",
    }
    assert done["trial"]["figures"]["by_starting_point"] == {"came": 2}


def test_nothing_is_left_behind_but_the_figures(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    draw(history)
    client = browser(ali)
    try_it(client, history, conn)
    try_it(client, history, conn)
    assert conn.execute("SELECT count(*) FROM job WHERE kind = 'backtest'").fetchone() == (1,)
    assert conn.execute("SELECT count(*) FROM enrollment WHERE workspace_id = %s", (history.pk,)).fetchone() == (0,)
    assert conn.execute("SELECT count(*) FROM outbox WHERE workspace_id = %s", (history.pk,)).fetchone() == (0,)
    schemas = "SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'scratch_backtest%'"
    assert conn.execute(schemas).fetchone() == (0,)


def test_only_one_at_a_time(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    draw(history)
    client = browser(ali)
    client.post(at(history))
    client.post(at(history))
    assert "is under way already" in words(client, at(history))
    assert conn.execute("SELECT count(*) FROM job").fetchone() == (1,)


def test_answers_to_messages_never_sent_are_unknown(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    draw(history)
    page = try_it(browser(ali), history, conn)
    assert page.count("unknown: depends on answers to messages") == 1
    assert page.count("behind an unknown answer") == 1
    assert "time is over unknown · if nobody had answered: 1" in page


def test_a_changed_draft_makes_the_result_stale(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser
) -> None:
    journey = draw(history)
    client = browser(ali)
    assert "has changed since" not in try_it(client, history, conn)
    Journey.objects.filter(pk=journey.pk).update(draft=journey.draft.replace("newcomer", "new"), revision=2)
    assert "The draft has changed since" in words(client, at(history))


def test_a_draft_with_faults_is_not_tried(
    conn: psycopg.Connection[Any], shop: Workspace, ali: Membership, browser: Browser
) -> None:
    draw(shop, DRAFT.replace("kind: exit, reason: done", "kind: nonsense"))
    client = browser(ali)
    assert "The draft has faults" in words(client, at(shop))
    client.post(at(shop))
    assert "Mend them first" in words(client, at(shop))
    assert conn.execute("SELECT count(*) FROM job").fetchone() == (0,)


def test_a_viewer_sees_the_result_and_starts_nothing(
    conn: psycopg.Connection[Any], history: Workspace, ali: Membership, mina: Membership, browser: Browser
) -> None:
    draw(history)
    assert "Nobody has tried it yet" in words(browser(mina), at(history))
    try_it(browser(ali), history, conn)
    assert "Would have entered 2" in words(browser(mina), at(history))
    assert browser(mina).post(at(history)).status_code == 403
    assert browser(mina).get(at(history, "contact/")).status_code == 403


def test_a_contact_step_by_step(history: Workspace, ali: Membership, browser: Browser) -> None:
    draw(history)
    page = words(browser(ali), at(history, "contact/?who=sara@home.example"))
    assert "Would have entered on" in page
    assert "yes because orders is 3 and city is تهران" in page  # the fourth order came later
    assert "otherwise because the entry's people is 2" in page
    page = words(browser(ali), at(history, "contact/?who=ali"))
    assert "no because orders is 0 and city is not known" in page
    assert "left: done · reached the goal on" in page
    assert "they had been in it, and may not enter again yet 1" in page


def test_a_contact_who_would_not_have_entered(history: Workspace, ali: Membership, browser: Browser) -> None:
    draw(history)
    assert "They would not have entered" in words(browser(ali), at(history, "contact/?who=mina"))
    assert "Nobody is found by that" in words(browser(ali), at(history, "contact/?who=kaveh"))
    assert browser(ali).get(at(history, "contact/?contact=77")).status_code == 404
    assert browser(ali).get(at(history, "contact/?contact=x")).status_code == 404


def test_in_persian(conn: psycopg.Connection[Any], history: Workspace, ali: Membership, browser: Browser) -> None:
    draw(history)
    client = browser(ali, language="fa")
    page = try_it(client, history, conn)
    assert "وارد می‌شدند ۲" in page
    assert "بله ۱ (۵۰٪)" in page
    page = words(client, at(history, "contact/?who=sara@home.example"))
    assert "بله چون تعداد سفارش ۳ است و city تهران است" in page
    assert "در غیر این صورت چون مقدار people در ورود ۲ است" in page


def test_a_changed_reading_is_not_told(history: Workspace, ali: Membership, browser: Browser) -> None:
    """What a later point of the same stretch has changed is no reason any more; what is left is the path."""
    text = DRAFT.replace("{all: [{fact: orders, at_least: 3}, {trait: city, is: تهران}]}", "{tag: newcomer}")
    draw(history, text)
    page = words(browser(ali), at(history, "contact/?who=ali"))
    assert "no because" not in page
    assert re.search(r"if has the tag .*? no ", page)
