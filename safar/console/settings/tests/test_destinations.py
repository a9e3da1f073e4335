"""Where the team hears, on its pages: added, changed, tried, paused, taken away; and nothing secret comes back."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext

from safar.accounts.models import AuditEntry, Membership
from safar.channels.notices.destinations import Destination, list_destinations
from safar.channels.notices.kind import kinds
from safar.channels.sending.dispatch import Dispatcher
from safar.channels.settings import Sending
from safar.channels.tests import messengers
from safar.channels.tests.messengers import CHAT, TOKEN
from safar.channels.tests.sms_server import SmsServer, running_sms
from safar.console.conftest import Browser

COMMON = {"language": "fa", "every_minutes": "5", "per_hour": "6", "hears_journeys": "on"}
GIVEN = {**COMMON, "name": "گروه بله", "token": TOKEN, "chat": CHAT}


def address(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/notices/"


def only(conn: psycopg.Connection[Any], who: Membership) -> Destination:
    (one,) = list_destinations(conn, who.workspace_id)
    return one


@pytest.fixture
def bale(monkeypatch: pytest.MonkeyPatch) -> Any:
    with running_sms(messengers.bot) as one:
        monkeypatch.setattr(type(kinds()["bale"]), "base", one.url)
        monkeypatch.setattr("safar.channels.notices.line.choose_address", lambda host, port: host)
        yield one


def test_one_is_added_changed_paused_and_taken_away(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="en")
    assert "No destination yet" in client.get(address(sara)).content.decode()
    for kind in kinds():
        assert client.get(f"{address(sara)}new/?kind={kind}").status_code == 200
    assert client.get(f"{address(sara)}new/?kind=pigeon").status_code == 404
    assert client.post(f"{address(sara)}new/?kind=bale", GIVEN).status_code == 303
    one = only(conn, sara)
    assert (one.name, one.language, one.hears_journeys, one.hears_warnings) == ("گروه بله", "fa", True, False)
    page = client.get(f"{address(sara)}{one.id}/").content.decode()
    assert TOKEN not in page
    assert CHAT in page
    assert client.post(f"{address(sara)}{one.id}/", {**GIVEN, "token": "", "every_minutes": "9"}).status_code == 303
    assert only(conn, sara).every_minutes == 9
    assert client.post(f"{address(sara)}{one.id}/pause/").status_code == 303
    assert only(conn, sara).paused_at is not None
    assert "paused" in client.get(address(sara)).content.decode()
    client.post(f"{address(sara)}{one.id}/resume/")
    assert only(conn, sara).paused_at is None
    client.post(f"{address(sara)}{one.id}/remove/")
    assert list_destinations(conn, sara.workspace_id) == []
    entries = list(AuditEntry.objects.filter(workspace=sara.workspace, action__contains="destination").order_by("id"))
    assert [entry.action for entry in entries] == [
        f"{what}_destination" for what in ("add", "change", "pause", "resume", "remove")
    ]
    assert TOKEN not in str([entry.details for entry in entries])


def test_what_is_wrong_is_said_beside_its_field(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara, language="en")
    page = client.post(f"{address(sara)}new/?kind=bale", {**GIVEN, "token": "no token", "chat": "x y"}).content.decode()
    assert "is no token of a bot" in page
    assert "is no chat id" in page
    page = client.post(f"{address(sara)}new/?kind=slack", {**GIVEN, "url": "http://169.254.169.254/"}).content.decode()
    assert "is no incoming webhook of Slack" in page
    assert list_destinations(conn, sara.workspace_id) == []


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (None, "It arrived at the service"),
        (messengers.KICKED, "There is no such chat, or we were put out of it"),
        (messengers.FLOOD, "Too many messages in a short time"),
    ],
)
def test_a_test_says_clearly_what_became_of_it(
    browser: Browser,
    sara: Membership,
    conn: psycopg.Connection[Any],
    bale: SmsServer,
    database_url: str,
    answer: Any,
    said: str,
) -> None:
    client = browser(sara, language="en")
    client.post(f"{address(sara)}new/?kind=bale", GIVEN)
    one = only(conn, sara)
    client.post(f"{address(sara)}{one.id}/pause/")
    sent = client.post(f"{address(sara)}{one.id}/test/")
    page = client.get(sent.headers["Location"]).content.decode()
    at = page[page.index("/settings/notices/tests/") :].split('"')[0]
    piece = f"/w/{sara.workspace.slug}{at}"
    assert "under way" in client.get(piece).content.decode()
    bale.says = [answer] if answer else []
    dispatcher = Dispatcher(
        database_url, "test", sending=Sending(settings.SECRET_KEY, public_url="https://safar.example")
    )
    dispatcher.run_once()
    dispatcher.close()
    assert said in client.get(piece).content.decode()


def test_it_asks_a_handful_of_questions(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address(sara)).status_code == 200
    assert len(asked) <= 14
