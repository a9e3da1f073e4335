"""People move to a new version: who can, how they go on, and that the books and the trace say so."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.accounts.services import create_workspace
from safar.events.accept import accept
from safar.events.message import check_message
from safar.journeys import services
from safar.journeys.backtest.trace import read_trace
from safar.journeys.check import check_books
from safar.journeys.engine.load import load_plan
from safar.journeys.engine.loop import Engine
from safar.journeys.models import Journey
from safar.journeys.moving import look_at_moves, move_to_live
from safar.lib.faults import Faults, Refused

BEGIN = datetime.now(UTC).replace(microsecond=0)
WAIT = {
    "kind": "wait",
    "for": {"event": "Bought"},
    "at_most": "P5D",
    "paths": {"happened": "thanks", "timed_out": "late"},
}
FIRST: dict[str, Any] = {
    "journey": "j",
    "title": {"en": "J"},
    "start": {"go": {"kind": "event", "event": "Go", "next": "fork"}},
    "points": {
        "fork": {"kind": "if_else", "condition": {"entry": "slow", "is": True}, "paths": {"yes": "rest", "no": "buys"}},
        "rest": {"kind": "delay", "for": "P2D", "next": "old"},
        "old": {"kind": "add_tag", "tag": "old", "next": "nap"},
        "nap": {"kind": "delay", "for": "P9D"},
        "buys": WAIT,
        "thanks": {"kind": "add_tag", "tag": "thanks"},
        "late": {"kind": "add_tag", "tag": "late"},
    },
}


def second(**points: Any) -> dict[str, Any]:
    return {**FIRST, "points": {**FIRST["points"], **points}}


class Story:
    """One workspace and a clock."""

    def __init__(self, conn: Any, url: str, slug: str) -> None:
        self.conn, self.url, self.now = conn, url, BEGIN
        self.shop = create_workspace(slug=slug, name=slug, zone="UTC", currency="USD")
        self.publish(FIRST)

    def publish(self, journey: dict[str, Any]) -> None:
        services.apply_journey(self.shop, json.dumps(journey))
        services.publish(self.shop, "j", connection=self.conn, now=lambda: self.now)

    def says(self, who: str, event: str, **properties: Any) -> None:
        said = {"type": "track", "userId": who, "event": event, "properties": properties}
        message = check_message(said, Faults(), received=datetime.now(UTC), trusted=True)
        assert message is not None
        accept(self.conn, self.shop.pk, [message], trusted=True)
        self.conn.execute("UPDATE inbox SET received_at = %s, timestamp = %s", (self.now, self.now))
        self.work()

    def work(self, **later: float) -> None:
        self.now += timedelta(**later)
        engine = Engine(self.url, now=lambda: self.now)
        while engine.run_once():
            pass
        engine.close()

    def trips(self) -> dict[str, list[tuple[str, str | None]]]:
        people = dict(self.conn.execute("SELECT id, external_id FROM contact").fetchall())
        found = read_trace(self.conn, load_plan(self.conn, [self.shop.pk]).versions, people.__getitem__)
        return {trip["contact"]: [(p["point"], p["path"]) for p in trip["passages"]] for trip in found}

    def closes(self) -> None:
        report = check_books(self.conn)
        assert report.closed, report.differences


@pytest.fixture
def story(conn: Any, database_url: str) -> Story:
    conn.execute(
        "TRUNCATE inbox, contact, identity, enrollment, enrollment_past, enrollment_entry, timer, passage_count, event"
    )
    conn.execute("UPDATE lane SET clock = '1900-01-01Z'")
    Journey.objects.all().delete()
    return Story(conn, database_url, f"shop-{Workspace.objects.count()}")


def test_they_stand_where_they_stood_and_go_on_by_the_new_map(story: Story) -> None:
    story.says("sara", "Go", slow=True)
    story.says("ali", "Go", slow=False)
    story.work(days=1)
    fresh = {"kind": "add_tag", "tag": "new", "next": "nap"}
    story.publish(second(old=fresh, late={"kind": "add_tag", "tag": "very-late"}))
    (older,) = look_at_moves(story.shop, "j", connection=story.conn)
    assert (older.number, older.people, older.can) == (1, 2, 2)
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now) == 2
    story.closes()
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now) == 0
    story.work(hours=23)
    assert story.trips()["sara"][-1] == ("rest", None)  # its wake-up time stays
    story.work(hours=2)
    assert story.trips()["sara"] == [("fork", "yes"), ("rest", "next"), ("old", "next"), ("nap", None)]
    story.work(days=4)
    assert story.trips()["ali"] == [("fork", "no"), ("buys", "timed_out"), ("late", "next")]
    assert {tag for (tag,) in story.conn.execute("SELECT DISTINCT tag FROM contact_tag")} >= {"new", "very-late"}
    story.closes()
    figures = services.figures(story.conn, story.shop, "j")
    assert (figures.moved_in, figures.points["rest"].paths["next"], figures.points["buys"].paths["timed_out"]) == (
        2,
        1,
        1,
    )


def test_an_event_wakes_who_has_moved(story: Story) -> None:
    story.says("ali", "Go", slow=False)
    story.publish(second(buys={**WAIT, "for": {"event": "Paid"}}))
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now) == 1
    story.says("ali", "Bought")
    assert story.trips()["ali"][-1] == ("buys", None)
    story.says("ali", "Paid")
    assert story.trips()["ali"] == [("fork", "no"), ("buys", "happened"), ("thanks", "next")]
    story.closes()


def test_a_condition_is_read_at_once(story: Story) -> None:
    story.says("ali", "Go", slow=False)
    story.says("ali", "Paid")
    story.publish(second(buys={**WAIT, "for": {"all": [{"event": "Paid", "times": {"at_least": 1}}]}}))
    move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now)
    story.work(seconds=1)
    assert story.trips()["ali"] == [("fork", "no"), ("buys", "happened"), ("thanks", "next")]
    story.closes()


def test_their_waiting_may_be_reckoned_anew(story: Story) -> None:
    story.says("sara", "Go", slow=True)
    story.work(days=1)
    story.publish(second(rest={"kind": "delay", "for": "P6D", "next": "old"}))
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now, anew=True) == 1
    story.work(days=4, hours=23)
    assert story.trips()["sara"][-1] == ("rest", None)
    story.work(hours=2)
    assert story.trips()["sara"][-1] == ("nap", None)
    story.closes()


@pytest.mark.parametrize(
    ("points", "reason"),
    [
        ({"rest": {**WAIT, "paths": {"happened": "old", "timed_out": "old"}}}, "another_kind"),
        ({"old": {"kind": "if_else", "condition": {"tag": "x"}, "paths": {"yes": "fork2"}},
          "fork2": {"kind": "add_tag", "tag": "x", "next": "nap"}}, None),
    ],
)  # fmt: skip
def test_who_cannot_move_stays_and_is_told_why(story: Story, points: dict[str, Any], reason: str | None) -> None:
    story.says("sara", "Go", slow=True)
    story.publish(second(**points))
    ((standing,),) = (older.standing for older in look_at_moves(story.shop, "j", connection=story.conn))
    assert dict(standing.cannot) == ({reason: 1} if reason else {})
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now) == (0 if reason else 1)
    story.closes()


def test_a_point_that_is_gone_and_one_that_was_passed_keep_people_on_their_version(story: Story) -> None:
    story.says("sara", "Go", slow=True)
    story.says("ali", "Go", slow=False)
    points = {key: point for key, point in FIRST["points"].items() if key not in ("rest", "old", "nap")}
    points["fork"] = {"kind": "if_else", "condition": {"entry": "slow", "is": True}, "paths": {"no": "buys"}}
    # the fork stands behind the wait now: who waits there has passed it already
    points["buys"] = {**WAIT, "paths": {"happened": "fork"}}
    points["fork"] = {**points["fork"], "paths": {"yes": "thanks", "no": "late"}}
    story.publish({**FIRST, "start": {"go": {"kind": "event", "event": "Go", "next": "buys"}}, "points": points})
    (older,) = look_at_moves(story.shop, "j", connection=story.conn)
    said = {standing.point: (dict(standing.cannot), standing.passes_again) for standing in older.standing}
    assert said == {"rest": ({"no_such_point": 1}, set()), "buys": ({"would_pass_again": 1}, {"fork"})}
    assert move_to_live(story.shop, "j", connection=story.conn, now=lambda: story.now) == 0


def test_without_a_live_version_there_is_nowhere_to_go(story: Story) -> None:
    services.apply_journey(story.shop, "journey: k\ntitle: {en: K}\nstart: {s: {kind: event, event: X}}\npoints: {}\n")
    with pytest.raises(Refused):
        move_to_live(story.shop, "k", connection=story.conn)
