"""From where people stand to what goes out: by hours, with what depends on an answer told apart."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest

from safar.journeys.ahead.walking import walk_ahead
from safar.journeys.backtest.run import Setting, read_drafts, workspace_of
from safar.journeys.engine.plan import build_plan
from safar.lib.quiet import Quiet, QuietRule

NOON = datetime(2026, 3, 21, 12, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
QUIET = Quiet((QuietRule("", "", time(22), time(8), spread=0),))

JOURNEY = """
journey: j
start: {s: {kind: event, event: Clicked, next: pause}}
points:
  pause: {kind: delay, for: P1D, next: hello}
  hello: {kind: send_email, template: hello, next: lot}
  lot: {kind: split, shares: {a: 1, b: 3}, paths: {a: text, b: ask}}
  text: {kind: send_sms, template: short}
  ask: {kind: if_else, condition: {tag: vip}, paths: {yes: thanks, no: sorry}}
  thanks: {kind: send_email, template: thanks}
  sorry: {kind: wait, for: {event: Bought}, at_most: PT3H, paths: {timed_out: late, happened: happy}}
  late: {kind: send_email, template: late}
  happy: {kind: send_email, template: happy}
"""

AT_AN_HOUR = """
journey: j
start: {s: {kind: event, event: Clicked, next: hello}}
points: {hello: {kind: send_email, template: hello, send_at: best_hour}}
"""


@pytest.fixture
def walk(conn):
    def ahead(standing=(), coming=(), quiet=Quiet(), until=NOON + 14 * DAY, zone="UTC", journey=JOURNEY):
        definitions, conditions = read_drafts([journey], {})
        setting = Setting(zone, quiet=quiet)
        version = build_plan([workspace_of(definitions, conditions, setting, "")]).versions[1]
        index = {point.key: point.index for point in version.definition.points}
        found = walk_ahead(
            conn,
            version,
            {(index[point], hour): n for point, hour, n in standing},
            {(index[point], hour, depends): n for point, hour, depends, n in coming},
            until,
        )
        return {(one.point, one.hour): (one.sure, one.depends) for one in found}

    return ahead


def test_people_go_on_from_a_delay_by_shares_and_past_an_answer_on_every_way(walk):
    assert walk([("pause", NOON, 8)]) == {
        ("hello", NOON): (8, 0),
        ("text", NOON): (2, 0),
        ("thanks", NOON): (0, 6),
        ("late", NOON + 3 * HOUR): (0, 6),
    }


def test_whoever_comes_in_waits_first(walk):
    found = walk(coming=[("pause", NOON, False, 4)])
    assert found["hello", NOON + DAY] == (4, 0)
    assert walk(coming=[("pause", NOON, True, 4)])["hello", NOON + DAY] == (0, 4)


def test_quiet_hours_move_messages_to_their_end(walk):
    night = NOON + 11 * HOUR
    assert walk([("pause", night, 4)], quiet=QUIET)["hello", NOON + 20 * HOUR] == (4, 0)


def test_who_stands_before_a_message_gets_it_when_they_wake(walk):
    assert walk([("hello", NOON + 20 * HOUR, 4)], quiet=QUIET)["hello", NOON + 20 * HOUR] == (4, 0)


def test_hours_are_those_of_the_wall_clock_where_they_begin_at_half_past(walk):
    """In Tehran, 3:30 ahead of UTC: quiet hours end at 8:00, which is 4:30 by UTC, and no message of theirs stands at 7:30."""
    half = timedelta(minutes=30)
    found = walk([("pause", NOON + 11 * HOUR - half, 4)], coming=[("pause", NOON - half, False, 8)], quiet=QUIET, zone="Asia/Tehran")  # fmt: skip
    assert found["hello", NOON + 16 * HOUR + half] == (4, 0)
    assert found["hello", NOON + DAY - half] == (8, 0)


def test_what_waits_for_an_hour_goes_out_in_the_workspaces(conn, walk):
    conn.execute("DELETE FROM workspace_hour")
    assert walk(coming=[("hello", NOON, False, 4)], journey=AT_AN_HOUR)["hello", NOON] == (4, 0)
    for workspace, hour in ((1, 15), (2, 16)):  # the first is that of `workspace_of`
        conn.execute("INSERT INTO workspace_hour VALUES (%s, %s, %s)", (workspace, hour, NOON))
    assert walk(coming=[("hello", NOON, False, 4)], journey=AT_AN_HOUR)["hello", NOON + 3 * HOUR] == (4, 0)


def test_a_wait_may_end_before_its_time(walk):
    assert walk([("sorry", NOON, 5)]) == {("late", NOON): (0, 5)}


def test_nothing_is_said_of_what_lies_beyond_the_end(walk):
    assert walk(coming=[("pause", NOON, False, 4)], until=NOON + DAY) == {}
