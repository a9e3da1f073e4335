"""What is agreed to by a form: topics are joined when they are confirmed, nobody who had agreed loses anything, and who had left comes back by themselves."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from safar.accounts.models import Membership
from safar.channels.consent.asking import ask_unasked
from safar.console.conftest import Browser
from safar.console.contacts.tests.people import say
from safar.console.database import session
from safar.console.journeys.tests.road import settle
from safar.console.website.tests.filling import DRAWN, address, inbox, send
from safar.contacts.record import records_of
from safar.contacts.suppressing import suppress
from safar.contacts.topics import Topic, save_topic
from safar.website.keeping import Kept

MINA = "mina@people.example"
BUTTON = "دکمهٔ داخل آن را بزنید"


@pytest.fixture
def mugs(browser: Browser, sara: Membership, kept: Kept) -> Topic:
    """The form is about a topic, which is joined at once as yet."""
    topic = Topic("mugs", {"en": "Mugs"})
    with session() as conn:
        save_topic(conn, sara.workspace_id, topic, fresh=True)
    assert browser(sara).post(address(sara, "news/"), {**DRAWN, "topic": "mugs"}).status_code == 303
    return topic


def confirmed(sara: Membership) -> None:
    """From now on the topic is joined by a confirmation: the form is older."""
    with session() as conn:
        save_topic(conn, sara.workspace_id, Topic("mugs", {"en": "Mugs"}, double_opt_in=True), fresh=False)


def asked(sara: Membership) -> list[tuple[Any, ...]]:
    with session() as conn:
        found = conn.execute(
            "SELECT topics, proof ->> 'form', proof ->> 'text' FROM confirmation WHERE workspace_id = %s ORDER BY id",
            (sara.workspace_id,),
        ).fetchall()
    return [tuple(row) for row in found]


def stands(sara: Membership) -> dict[str, str]:
    with session() as conn:
        found = conn.execute(
            "SELECT n.channel, n.state FROM consent n JOIN contact c ON c.bucket = n.bucket AND c.id = n.contact_id WHERE c.workspace_id = %s",
            (sara.workspace_id,),
        ).fetchall()
    return dict(found)


def test_a_topic_is_joined_at_once_where_nobody_wants_it_confirmed(
    sara: Membership, kept: Kept, mugs: Topic, clock: list[datetime]
) -> None:
    assert BUTTON not in send(kept, clock).content.decode()
    assert inbox(sara)[0][3] == {"email": "given", "topic:mugs": "joined"}
    assert asked(sara) == []


def test_a_topic_that_is_confirmed_by_now_is_not_joined_before(
    sara: Membership, kept: Kept, mugs: Topic, clock: list[datetime]
) -> None:
    confirmed(sara)
    assert BUTTON in send(kept, clock).content.decode()
    settle()
    assert stands(sara) == {"email": "pending"}
    with session() as conn:
        ask_unasked(conn, clock[0] + timedelta(minutes=1))
    assert asked(sara) == [(["mugs"], "news", "برایم خبر بفرستید")]


def test_who_has_agreed_before_is_asked_for_the_new_topic_and_loses_nothing(
    sara: Membership, kept: Kept, mugs: Topic, clock: list[datetime]
) -> None:
    confirmed(sara)
    with session() as conn:
        say(conn, sara.workspace, userId="mina", traits={"email": MINA}, context={"consent": {"email": True}})
    assert BUTTON in send(kept, clock).content.decode()
    identify, submitted = inbox(sara)
    assert identify[3] is None
    assert submitted[1]["consents"] == ["email"]
    assert asked(sara) == [(["mugs"], "news", "برایم خبر بفرستید")]
    settle()
    assert stands(sara) == {"email": "given"}
    with session() as conn:
        ask_unasked(conn, clock[0] + timedelta(minutes=1))
    assert len(asked(sara)) == 1


def test_who_has_all_of_it_is_asked_for_nothing(
    sara: Membership, kept: Kept, mugs: Topic, clock: list[datetime]
) -> None:
    confirmed(sara)
    with session() as conn:
        context = {"consent": {"email": True}, "topics": {"mugs": True}}
        say(conn, sara.workspace, userId="mina", traits={"email": MINA}, context=context)
    theirs = send(kept, clock).content
    assert BUTTON in theirs.decode()  # and nobody who types their address hears that they have agreed
    assert theirs == send(kept, clock, email="new@people.example").content
    assert asked(sara) == []


def test_nobody_brings_back_somebody_else_who_had_unsubscribed(
    sara: Membership, kept: Kept, clock: list[datetime]
) -> None:
    """Also where nothing is confirmed. Without being asked they would stand as agreed and get nothing: their address is on the list."""
    with session() as conn:
        left = {"timestamp": "2020-01-01T00:00:00Z", "context": {"consent": {"email": False}}}
        mina = say(conn, sara.workspace, userId="mina", traits={"email": MINA}, **left)
        suppress(conn, sara.workspace_id, [("email", MINA, "unsubscribed")])
    theirs = send(kept, clock).content
    settle()
    assert stands(sara) == {"email": "pending"}
    assert (
        theirs == send(kept, clock, email="new@people.example", consent0="yes").content
    )  # nor hears that they had left
    assert BUTTON not in theirs.decode()
    with session() as conn:
        ask_unasked(conn, clock[0] + timedelta(minutes=1))
        assert records_of(conn, mina)[0].proof["text"] == "برایم خبر بفرستید"
    assert len(asked(sara)) == 1
