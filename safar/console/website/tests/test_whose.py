"""A browser is not a person: what is filled in is theirs whose address it is, and nobody else's address is written over."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest

from safar.accounts.models import Membership
from safar.console.contacts.tests.people import say
from safar.console.database import session
from safar.console.journeys.tests.road import settle
from safar.console.website.tests.filling import send
from safar.contacts.names import Names
from safar.website.keeping import Kept
from safar.website.whose import whose

MINA, ALI, BEFORE = "mina@people.example", "ali@people.example", "2020-01-01T00:00:00Z"


def people(sara: Membership) -> list[tuple[Any, ...]]:
    """(userId, e-mail, consent, whether the browser is theirs, answers) of everybody who is not merged into another."""
    with session() as conn:
        found = conn.execute(
            """SELECT c.external_id, c.email, n.state, EXISTS (SELECT FROM identity i WHERE i.contact_id = c.id AND i.value = 'a-1'),
                (SELECT count(*) FROM form_answer a WHERE a.contact_id = c.id)
            FROM contact c LEFT JOIN consent n ON n.bucket = c.bucket AND n.contact_id = c.id
            WHERE c.workspace_id = %s AND c.merged_into IS NULL ORDER BY c.external_id NULLS LAST""",
            (sara.workspace_id,),
        ).fetchall()
    return [tuple(row) for row in found]


def known(sara: Membership, user: str, **traits: str) -> None:
    with session() as conn:
        say(conn, sara.workspace, type="identify", userId=user, traits=traits, timestamp=BEFORE)


def browses(sara: Membership, **names: str) -> None:
    with session() as conn:
        say(conn, sara.workspace, anonymousId="a-1", timestamp=BEFORE, **names)


@pytest.mark.parametrize("seen", [True, False])
def test_a_customer_who_was_a_visitor_here_agrees_as_themselves(
    sara: Membership, kept: Kept, clock: list[datetime], seen: bool
) -> None:
    known(sara, "mina", email=MINA)
    if seen:
        browses(sara)
    send(kept, clock, anonymous="a-1")
    settle()
    assert people(sara) == [("mina", MINA, "given", True, 1)]


def test_at_somebody_elses_browser_one_agrees_for_oneself(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    known(sara, "mina", email=MINA)
    known(sara, "ali", email=ALI)
    browses(sara, userId="ali")
    send(kept, clock, anonymous="a-1")
    settle()
    assert [row[:5] for row in people(sara)] == [("ali", ALI, None, True, 0), ("mina", MINA, "given", False, 1)]


def test_an_address_of_nobody_is_not_written_over_that_of_the_browsers_owner(
    sara: Membership, kept: Kept, clock: list[datetime]
) -> None:
    known(sara, "ali", email=ALI)
    browses(sara, userId="ali")
    send(kept, clock, anonymous="a-1")
    settle()
    assert people(sara) == [("ali", ALI, None, True, 0), (None, MINA, "given", False, 1)]


def test_who_had_no_address_yet_gets_one(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    known(sara, "mina", first_name="Mina")
    browses(sara, userId="mina")
    send(kept, clock, anonymous="a-1")
    settle()
    assert [(row[0], row[2], row[4]) for row in people(sara)] == [("mina", "given", 1)]


def test_who_is_known_by_one_of_two_addresses_gets_the_other(sara: Membership) -> None:
    known(sara, "mina", phone="09121234567")
    browses(sara)
    with session() as conn:
        found = whose(conn, sara.workspace_id, {"email": MINA, "phone": "۰۹۱۲۱۲۳۴۵۶۷"}, "a-1")
    both = Names(anonymous="a-1", email=MINA, phone="+989121234567", trusted=False)
    assert found == (Names(phone="+989121234567", previous="a-1", alias=True, trusted=False), both)


def test_two_forms_of_a_visitor_are_one_persons(sara: Membership, kept: Kept, clock: list[datetime]) -> None:
    browses(sara)
    for _ in range(2):
        send(kept, clock, anonymous="a-1")
    settle()
    assert [(row[2], row[3], row[4]) for row in people(sara)] == [("given", True, 2)]
