"""The page When and how often: what it keeps, what it refuses and where, what it says."""

from __future__ import annotations

from datetime import UTC, datetime, time
from decimal import Decimal
from typing import Any

import psycopg
import pytest

from safar.accounts.models import AuditEntry, Membership
from safar.channels.pace.budget import WHOLE, read_budgets
from safar.channels.pace.caps import Cap, read_caps, set_cap
from safar.channels.quiet.rules import read_rules
from safar.console.conftest import Browser
from safar.lib.quiet import SMS_RULE, QuietRule


def at(who: Membership) -> str:
    return f"/w/{who.workspace.slug}/settings/timing/"


QUIET = {
    "what": "quiet",
    "quiet-channel": "email",
    "quiet-topic": "",
    "quiet-begins": "۲۲:۳۰",
    "quiet-ends": "8",
    "quiet-weekdays": ["fri"],
    "quiet-days_off": "۱۴۰۵/۰۱/۱۳\n",
    "quiet-spread": "۴۵",
}


def test_quiet_hours_are_kept_and_said_with_an_example(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client = browser(sara)
    page = client.get(at(sara)).content.decode()
    assert "A message due at 23:40 goes out between 8:00 and 8:30." in page
    assert client.post(at(sara), QUIET).status_code == 303
    day = datetime(2026, 4, 2, tzinfo=UTC).date()
    kept = QuietRule("email", "", time(22, 30), time(8), (5,), (day,), 2700)
    assert read_rules(conn, sara.workspace.pk) == [kept, SMS_RULE]
    assert "between 8:00 and 8:45" in client.get(at(sara)).content.decode()
    assert AuditEntry.objects.filter(workspace=sara.workspace, action="set_quiet").count() == 1
    assert client.post(at(sara), {"what": "drop_quiet", "channel": "email", "topic": ""}).status_code == 303
    assert read_rules(conn, sara.workspace.pk) == [SMS_RULE]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"quiet-begins": "25:00"}, "Write an hour such as 22:00."),
        ({"quiet-ends": ""}, "is missing"),
        ({"quiet-ends": "22:30"}, "another time than the beginning"),
        ({"quiet-days_off": "tomorrow"}, "is no date"),
        ({"quiet-topic": "nowhere"}, "nowhere"),
        ({"quiet-weekdays": ["sat", "sun", "mon", "tue", "wed", "thu", "fri"]}, "one day of the week has to be left"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_nothing_is_kept(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any], wrong: dict[str, Any], said: str
) -> None:
    answer = browser(sara).post(at(sara), {**QUIET, **wrong})
    assert answer.status_code == 200
    assert said in answer.content.decode()
    assert read_rules(conn, sara.workspace.pk) == [SMS_RULE]


def test_a_cap_is_kept_and_taken_away(browser: Browser, sara: Membership, conn: psycopg.Connection[Any]) -> None:
    client = browser(sara, language="fa")
    given = {"what": "cap", "cap-most": "۳", "cap-span": "۷", "cap-unit": "days", "cap-channel": "", "cap-topic": ""}
    assert client.post(at(sara), given).status_code == 303
    assert read_caps(conn, sara.workspace.pk) == [Cap("", "", 168, 3)]
    assert "حداکثر ۳ پیام در ۷ روز" in client.get(at(sara)).content.decode()
    assert client.post(at(sara), {**given, "cap-most": "0"}).status_code == 200
    client.post(at(sara), {"what": "drop_cap", "channel": "", "topic": "", "hours": "x"})
    assert read_caps(conn, sara.workspace.pk) == [Cap("", "", 168, 3)]
    client.post(at(sara), {"what": "drop_cap", "channel": "", "topic": "", "hours": "168"})
    assert read_caps(conn, sara.workspace.pk) == []


def test_a_budget_is_kept_in_the_unit_of_the_workspace(
    browser: Browser, sara: Membership, conn: psycopg.Connection[Any]
) -> None:
    client, workspace = browser(sara), sara.workspace

    def kept() -> list[tuple[int, Decimal]]:
        found = read_budgets(conn, workspace.pk, workspace.zone, datetime.now(UTC))
        return [(one.journey_id, one.amount) for one in found]

    client.post(at(sara), {"what": "budget", "budget-journey": "", "budget-amount": "500"})
    assert kept() == [(WHOLE, Decimal(5000))]  # typed in toman, kept in rial
    assert client.post(at(sara), {"what": "budget", "budget-journey": "99", "budget-amount": "5"}).status_code == 200
    client.post(at(sara), {"what": "budget", "budget-journey": "", "budget-amount": ""})
    assert kept() == []


def test_an_editor_has_no_business_here(browser: Browser, mina: Membership, conn: psycopg.Connection[Any]) -> None:
    set_cap(conn, mina.workspace.pk, Cap("", "", 24, 1))
    assert browser(mina).get(at(mina)).status_code in (403, 404)
