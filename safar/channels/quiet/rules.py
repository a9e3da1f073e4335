"""A workspace's quiet hours: read, checked, changed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from psycopg import Connection

from safar.channels.senders import CHANNELS
from safar.lib.faults import Faults, Refused, said
from safar.lib.quiet import SMS_RULE, Quiet, QuietRule

MOST_RULES = 50
MOST_DAYS = 366
LONGEST_SPREAD = 7200

_COLUMNS = "channel, topic, begins, ends, weekdays, days_off, spread"


def read_rules(conn: Connection[Any], workspace_id: int) -> list[QuietRule]:
    """Those that count, the workspace's own first: with that of SMS, which is there unless the workspace has another."""
    rows = conn.execute(
        f"SELECT {_COLUMNS} FROM quiet_hours WHERE workspace_id = %s ORDER BY channel <> '', topic <> '', channel, topic",
        (workspace_id,),
    ).fetchall()
    return _with_sms([_rule(row) for row in rows])


def read_quiet(conn: Connection[Any], workspace_ids: Sequence[int]) -> dict[int, Quiet]:
    """What the engine has to know of these workspaces."""
    own: dict[int, list[QuietRule]] = {number: [] for number in workspace_ids}
    for number, *row in conn.execute(
        f"SELECT workspace_id, {_COLUMNS} FROM quiet_hours WHERE workspace_id = ANY (%s) ORDER BY 1, 2, 3",
        (list(workspace_ids),),
    ):
        own[number].append(_rule(row))
    topics: dict[int, dict[str, str]] = {number: {} for number in workspace_ids}
    asked = [number for number, rules in own.items() if any(rule.topic for rule in rules)]
    if asked:
        for number, key, topic in conn.execute(
            "SELECT workspace_id, key, topic FROM content_template WHERE workspace_id = ANY (%s) AND topic <> ''",
            (asked,),
        ):
            topics[number][key] = topic
    silent = _blackouts(conn, workspace_ids)
    return {
        number: Quiet(tuple(_with_blackouts(_with_sms(rules), silent.get(number, ()))), topics[number])
        for number, rules in own.items()
    }


def set_rule(conn: Connection[Any], workspace_id: int, rule: QuietRule) -> bool:
    """Keep it in place of the one for the same channel and topic. False where it is that already. Raises Refused with every fault."""
    faults = check_rule(rule)
    rules = read_rules(conn, workspace_id)
    same = next((one for one in rules if (one.channel, one.topic) == (rule.channel, rule.topic)), None)
    if same is None and len(rules) >= MOST_RULES:
        faults.add(said("there may be at most %(most)s rules", most=MOST_RULES))
    if faults:
        raise Refused(faults)
    if same == rule and same is not SMS_RULE:
        return False
    conn.execute(
        f"INSERT INTO quiet_hours (workspace_id, {_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, channel, topic) DO UPDATE SET begins = EXCLUDED.begins, ends = EXCLUDED.ends,"
        " weekdays = EXCLUDED.weekdays, days_off = EXCLUDED.days_off, spread = EXCLUDED.spread",
        (
            workspace_id,
            rule.channel,
            rule.topic,
            rule.begins,
            rule.ends,
            list(rule.weekdays),
            list(rule.days_off),
            rule.spread,
        ),
    )
    return True


def remove_rule(conn: Connection[Any], workspace_id: int, channel: str, topic: str) -> bool:
    """False where there is none. Without one of its own, SMS has the one that every workspace has."""
    gone = conn.execute(
        "DELETE FROM quiet_hours WHERE workspace_id = %s AND channel = %s AND topic = %s RETURNING 1",
        (workspace_id, channel, topic),
    ).fetchone()
    return gone is not None


def check_rule(rule: QuietRule) -> Faults:
    """What is wrong with it, each fault with its place."""
    faults = Faults()
    if rule.channel and rule.channel not in CHANNELS:
        faults.at("channel").add(said("there is no channel %(channel)r", channel=rule.channel))
    if (rule.begins is None) != (rule.ends is None):
        faults.at("ends" if rule.ends is None else "begins").add(said("is missing"))
    elif rule.begins is not None and rule.begins == rule.ends:
        faults.at("ends").add(said("has to be another time than the beginning"))
    if any(not 1 <= day <= 7 for day in rule.weekdays):
        faults.at("weekdays").add(said("there is no such weekday"))
    elif len(set(rule.weekdays)) == 7:
        faults.at("weekdays").add(said("one day of the week has to be left"))
    if len(rule.days_off) > MOST_DAYS:
        faults.at("days_off").add(said("there may be at most %(most)s days", most=MOST_DAYS))
    if not 0 <= rule.spread <= LONGEST_SPREAD:
        faults.at("spread").add(said("has to be between 0 and %(most)s minutes", most=LONGEST_SPREAD // 60))
    return faults


def _with_sms(rules: list[QuietRule]) -> list[QuietRule]:
    said_so = any(rule.channel == "sms" and not rule.topic for rule in rules)
    return rules if said_so else [*rules, SMS_RULE]


def _blackouts(conn: Connection[Any], workspace_ids: Sequence[int]) -> dict[int, tuple[date, ...]]:
    rows = conn.execute(
        "SELECT workspace_id, array_agg(day ORDER BY day) FROM blackout_day WHERE workspace_id = ANY (%s) GROUP BY 1",
        (list(workspace_ids),),
    )
    return {number: tuple(days) for number, days in rows}


def _with_blackouts(rules: list[QuietRule], days: tuple[date, ...]) -> list[QuietRule]:
    """The days of the calendar of occasions on which nothing is advertised are days off of every rule (docs/semantics.md 68)."""
    if not days:
        return rules
    if not any(rule.channel == rule.topic == "" for rule in rules):
        rules = [*rules, QuietRule()]
    return [replace(rule, days_off=tuple(sorted({*rule.days_off, *days}))) for rule in rules]


def _rule(row: Sequence[Any]) -> QuietRule:
    channel, topic, begins, ends, weekdays, days_off, spread = row
    return QuietRule(channel, topic, begins, ends, tuple(weekdays), tuple(days_off), spread)
