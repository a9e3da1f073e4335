"""What is said before a draft is published: who matches already, who would get nothing, who can move, what happens first."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.contacts.suppressing import mask_suppression, suppress
from safar.journeys import services
from safar.journeys.definition.parse import parse_definition
from safar.journeys.moving import look_at_moves_to
from safar.journeys.publishing.crowd import Crowd, count_crowd
from safar.journeys.publishing.first import First, look_first
from safar.journeys.services import find_journey
from safar.journeys.tests.publishing_story import TAGGED, Story, empty

SEND = {"greet": {"kind": "send_email", "template": "hello"}}
REST = {"rest": {"kind": "delay", "for": "P2D", "next": "greet"}, **SEND}


@pytest.fixture
def story(conn: Any, database_url: str) -> Story:
    """Now is now: what is said before a publishing is said by the database's clock."""
    empty(conn)
    story = Story(conn, database_url, f"shop-{Workspace.objects.count()}")
    story.now = datetime.now(UTC) - timedelta(days=1)
    return story


def drafted(story: Story, starts: dict[str, Any], points: dict[str, Any] | None = None, **settings: Any) -> Any:
    journey = {"journey": "j", "title": {"en": "J"}, "settings": settings, "start": starts, "points": points or SEND}
    services.apply_journey(story.shop, json.dumps(journey))
    found = find_journey(story.shop, "j")
    return found, parse_definition(found.draft, services.catalog_of(story.shop))


def crowd(story: Story, starts: dict[str, Any], points: dict[str, Any] | None = None) -> Crowd:
    journey, definition = drafted(story, starts, points)
    return count_crowd(story.conn, story.shop, journey, definition)


def first(story: Story, starts: dict[str, Any], points: dict[str, Any] | None = None) -> First:
    journey, definition = drafted(story, starts, points)
    return look_first(story.conn, story.shop, journey, definition)


TAG = {**TAGGED, "next": "greet"}
PING = {"kind": "event", "event": "Ping", "next": "greet"}
VIPS = {"kind": "segment_once", "segment": "vips", "next": "greet"}


def people(story: Story) -> None:
    """Sara has agreed; Ali has not; Mina has no address; Omid's address is suppressed. All but Roya are VIPs."""
    for who in ("sara", "ali", "omid", "roya"):
        story.says(who, type="identify", traits={"email": f"{who}@home.example"})
    for who in ("sara", "mina", "omid", "roya"):
        story.says(who, context={"consent": {"email": True}})
    story.vips("sara", "ali", "mina", "omid")
    story.conn.execute(
        "INSERT INTO suppression (workspace_id, channel, address, reason, at) VALUES (%s, 'email', 'omid@home.example', 'complaint', now())",
        (story.shop.pk,),
    )


def test_who_matches_and_who_would_get_nothing(story: Story) -> None:
    people(story)
    found = crowd(story, {"tagged": TAG})
    assert (found.states, found.matching, found.at_once, found.been) == (["tagged"], 4, 0, 0)
    assert (found.known, found.asked, found.lacks[0].could) == (False, 5, 2)
    (lack,) = found.lacks_already
    said = {"could": 1, "no_address": 1, "no_consent": 1, "suppressed": 1}
    assert asdict(lack) == {"channel": "email", "consented": True, "unsubscribed": 0, "paused": 0, "capped": 0, **said}


def test_who_unsubscribed_pauses_or_was_erased_gets_nothing(story: Story) -> None:
    people(story)
    story.says("roya", context={"consent": {"email": False}})
    story.says("sara", context={"preferences": {"pause": True}})
    story.work(minutes=1)
    lack = crowd(story, {"tagged": TAG}).lacks[0]
    assert (lack.could, lack.unsubscribed, lack.no_consent, lack.paused, lack.suppressed) == (0, 1, 1, 1, 1)

    story.says("sara", context={"preferences": {"pause": False}})
    story.work(minutes=1)
    mask_suppression(
        story.conn, workspace_id=story.shop.pk, addresses=[("email", "Omid@home.example")], key="a secret key"
    )
    journey, definition = drafted(story, {"tagged": TAG})
    found = count_crowd(story.conn, story.shop, journey, definition, keys=["a newer key", "a secret key"])
    assert (found.lacks[0].could, found.lacks[0].suppressed) == (1, 1)
    assert count_crowd(story.conn, story.shop, journey, definition, keys=["a newer key"]).lacks[0].suppressed == 0


def test_a_number_on_the_list_is_known_however_it_was_typed(story: Story) -> None:
    story.says("sara", type="identify", traits={"phone": "۰۹۱۲ ۳۴۵ ۶۷۸۹"}, context={"consent": {"sms": True}})
    story.work(minutes=1)
    sms = {"greet": {"kind": "send_sms", "template": "hello"}}
    assert crowd(story, {"pings": PING}, sms).lacks[0].could == 1
    suppress(story.conn, story.shop.pk, [("sms", "+989123456789", "stop_word:3000")])
    lack = crowd(story, {"pings": PING}, sms).lacks[0]
    assert (lack.could, lack.unsubscribed, lack.suppressed) == (0, 1, 0)


def test_whom_an_event_brings_cannot_be_known(story: Story) -> None:
    people(story)
    found = crowd(story, {"tagged": TAG, "pings": PING})
    assert (found.matching, found.known, found.asked, found.lacks[0].could) == (4, False, 5, 2)
    only = crowd(story, {"pings": PING})
    assert (only.states, only.matching, only.known) == ([], 0, False)


def test_whom_a_date_could_bring_is_whoever_has_one(story: Story) -> None:
    people(story)
    found = crowd(story, {"dated": {"kind": "date_reached", "trait": "renewal", "next": "greet"}})
    assert (found.known, found.asked) == (False, 5)  # nobody has one
    story.says("sara", type="identify", traits={"renewal": "2050-01-01"})
    story.work(minutes=1)
    found = crowd(story, {"dated": {"kind": "date_reached", "trait": "renewal", "next": "greet"}})
    assert (found.known, found.asked, found.lacks[0].could) == (True, 1, 1)


def test_a_campaign_takes_its_segment_without_being_asked(story: Story) -> None:
    people(story)
    now = crowd(story, {"all": VIPS})
    assert (now.at_once, now.matching, now.asked) == (4, 4, 4)
    later = crowd(story, {"all": {**VIPS, "at": "2100-01-01T08:00"}})
    assert (later.states, later.at_once, later.asked, later.known) == ([], 0, 4, True)


def test_filters_count_and_who_has_been_there_is_told(story: Story) -> None:
    people(story)
    story.publish(TAGGED)
    story.work(minutes=1)
    found = crowd(story, {"tagged": {**TAG, "filter": {"trait": "email", "exists": True}}})
    assert (found.matching, found.been) == (3, 3)


def test_what_is_transactional_asks_for_no_consent(story: Story) -> None:
    people(story)
    found = crowd(story, {"tagged": TAG}, {"greet": {**SEND["greet"], "class": "transactional"}})
    lack = found.lacks_already[0]
    assert (lack.could, lack.no_consent, lack.suppressed) == (2, 0, 1)


def test_without_time_the_figures_are_the_least_that_they_are(story: Story) -> None:
    people(story)
    journey, definition = drafted(story, {"tagged": TAG})
    found = count_crowd(story.conn, story.shop, journey, definition, seconds=0)
    assert (found.whole, found.matching) == (False, 0)


def test_what_happens_first(story: Story) -> None:
    renewal = datetime.now(UTC) + timedelta(days=5)
    story.says("sara", type="identify", traits={"renewal": renewal.isoformat()})
    story.says("ali", type="identify", traits={"renewal": (renewal + timedelta(days=1)).isoformat()})
    story.work(minutes=1)
    starts = {"dated": {"kind": "date_reached", "trait": "renewal", "offset": "-P2D", "next": "greet"}, "pings": PING}
    found = first(story, starts)
    assert [(one.key, one.by_time) for one in found.starts] == [("dated", True), ("pings", False)]
    assert found.starts[0].at is not None
    assert abs(found.starts[0].at - (renewal - timedelta(days=2))) < timedelta(minutes=1)
    assert (found.timer, first(story, {"pings": PING}).starts[0].at) == (None, None)
    nobody = first(story, {"dated": {"kind": "date_reached", "trait": "other", "next": "greet"}})
    assert (nobody.starts[0].by_time, nobody.starts[0].at) == (True, None)


def test_who_could_move_to_a_draft_and_who_would_go_on_at_once(story: Story) -> None:
    from safar.content.services import apply_templates

    letter = {"channel": "email", "languages": {"en": {"subject": "Hello", "html": "<p>Hello</p>"}}}
    apply_templates(story.shop, {"hello": letter})
    drafted(story, {"pings": {**PING, "next": "rest"}}, REST)
    services.publish(story.shop, "j", connection=story.conn, now=lambda: story.now)
    story.says("sara")
    story.says("ali")
    story.work(hours=1)
    shorter = {**REST, "rest": {"kind": "delay", "for": "PT2H", "next": "greet"}}
    journey, definition = drafted(story, {"pings": {**PING, "next": "rest"}}, shorter)
    (older,) = look_at_moves_to(story.shop, "j", definition, connection=story.conn, now=datetime.now(UTC))
    assert (older.number, older.people, older.can, dict(older.at_once)) == (1, 2, 2, {"rest": 2})
    timer = look_first(story.conn, story.shop, journey, definition).timer
    assert timer is not None
    assert timer > datetime.now(UTC)
    _, gone = drafted(story, {"pings": PING})
    (older,) = look_at_moves_to(story.shop, "j", gone, connection=story.conn, now=datetime.now(UTC))
    assert (older.can, dict(older.standing[0].cannot), dict(older.at_once)) == (0, {"no_such_point": 2}, {})
