"""Planning a campaign: the form, either calendar and digits, clear words for what is wrong, who would get it."""

from __future__ import annotations

import re
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Membership, Workspace
from safar.channels.pace.caps import Cap, set_cap
from safar.console.campaigns.common import _words
from safar.console.campaigns.tests.road import ASKED, at, plan, send, strip
from safar.console.conftest import Browser
from safar.journeys.drafts import read_draft
from safar.journeys.models import Journey

pytestmark = pytest.mark.usefixtures("database_url")


def test_a_time_by_the_workspaces_calendar_in_either_digits(
    filled: Workspace, ali: Membership, browser: Browser
) -> None:
    client = browser(ali, language="fa")
    page = plan(client, filled, when="later", day="۱۴۱۰/۰۱/۰۱", clock="۸:۳۰", title="نوروز")
    assert page == at(filled, "campaign/")
    draft = read_draft(Journey.objects.get(workspace=filled))
    assert draft["start"]["people"]["at"] == "2031-03-21T08:30+03:30"
    assert draft["title"] == {"fa": "نوروز"}
    shown = client.get(page).content.decode()
    assert "۱ فروردین ۱۴۱۰، ۰۸:۳۰" in shown
    form = client.get(f"{page}edit/").content.decode()
    assert 'value="۱۴۱۰/۰۱/۰۱"' in form
    assert 'value="۰۸:۳۰"' in form
    assert "کمپین در راه است" in send(client, page)
    assert "برنامه‌ریزی‌شده" in client.get(at(filled)).content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"when": "later", "day": "1400/01/01", "clock": "8:00"}, "This moment is past"),
        ({"when": "later"}, "Say on which day."),
        ({"when": "later", "day": "1410/01/01", "clock": "25:00"}, "Write a time such as 18:30."),
        ({"second": "short"}, "Both messages have to go by the same channel."),
        ({"second": "yalda"}, "This is the same message."),
        ({"title": " "}, "This field is required."),
        ({"message": "gone"}, "Select a valid choice"),
        ({"days": "3"}, "Say which event."),
        ({"second": "warm", "metric": "goal"}, "Say which event: the messages are to be compared by it."),
    ],
)
def test_the_form_says_what_is_wrong(
    filled: Workspace, ali: Membership, browser: Browser, asked: dict[str, str], said: str
) -> None:
    answer = browser(ali).post(at(filled, "new/"), {**ASKED, **asked})
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Journey.objects.filter(workspace=filled).exists()


def test_how_many_would_get_it_stands_beside_the_form(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    said = strip(client.get(at(filled, "reach/"), {"segment": "vip", "message": "yalda"}).content.decode())
    assert '<dd class="col-4 text-end">2</dd>' in said
    assert '<dd class="col-4 text-end fw-bold">1</dd>' in said
    said = strip(client.get(at(filled, "reach/"), {"segment": "vip", "message": "short"}).content.decode())
    assert "have no phone number" in said
    assert "Choose a message as well" in client.get(at(filled, "reach/"), {"segment": "vip"}).content.decode()


def test_who_has_had_enough_is_counted_beforehand(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    set_cap(conn, filled.pk, Cap("", "", 24, 1))
    client = browser(ali)
    asked = {"segment": "vip", "message": "yalda"}
    assert "as many messages" not in client.get(at(filled, "reach/"), asked).content.decode()
    conn.execute(
        "INSERT INTO message (bucket, id, workspace_id, contact_id, journey_id, enrollment_id, entry_no, trail_pos, point, kind, channel, class,"
        " state, decided_at, sending_at) SELECT bucket, id, workspace_id, id, 1, 1, 1, 1, 1, 'message', 'email', 'marketing', 'accepted', now(), now()"
        " FROM contact WHERE workspace_id = %s AND external_id = 'sara'",
        (filled.pk,),
    )
    said = strip(client.get(at(filled, "reach/"), asked).content.decode())
    assert "have had as many messages as one may get" in said
    assert '<dd class="col-4 text-end fw-bold">0</dd>' in said


def test_a_copy_has_no_moment(filled: Workspace, ali: Membership, browser: Browser) -> None:
    client = browser(ali)
    page = plan(
        client, filled, control_group="10", goal="Order Completed", days="7", money="total", second="warm", share="30"
    )
    send(client, page)
    made = client.post(f"{page}copy/")
    assert made.headers["location"] == at(filled, "yalda-2/edit/")
    draft = read_draft(Journey.objects.get(workspace=filled, key="yalda-2"))
    assert "at" not in draft["start"]["people"]
    assert draft["settings"] == {
        "goal": {"event": "Order Completed", "within": "P7D", "money": "total"},
        "control_group": 10,
    }
    assert draft["points"]["message"]["variants"]["b"] == {"template": "warm", "share": 70}
    assert client.get(at(filled, "yalda-2/edit/")).status_code == 200
    assert client.get(f"{page}edit/").headers["location"] == page


def test_each_at_their_best_hour_and_compared_by_clicks(
    filled: Workspace, ali: Membership, browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    client = browser(ali)
    page = plan(client, filled, second="warm", metric="clicked", best_hour="on")
    point = read_draft(Journey.objects.get(workspace=filled))["points"]["message"]
    assert (point["metric"], point["send_at"]) == ("clicked", "best_hour")
    form = client.get(f"{page}edit/").content.decode()
    assert '<option value="clicked" selected>' in form
    assert re.search(r'<input[^>]*name="best_hour"[^>]*checked', form)
    assert "each within a day, at their best hour" in client.get(page).content.decode()
    send(client, page)
    known = conn.execute("SELECT hour FROM workspace_hour WHERE workspace_id = %s", (filled.pk,)).fetchone()
    assert known == (None,)  # asked for before the first comes to it, and nobody has opened anything yet


def test_how_a_message_begins_is_told_with_its_words_apart() -> None:
    html = "<style>p{color:red}</style><h1>سبدتان هست</h1><p>سلام،</p><table><tr><td>ماگ</td><td>۱۲</td></tr></table>"
    assert _words({"html": html}) == "سبدتان هست سلام، ماگ ۱۲"
