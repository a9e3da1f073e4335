"""Quiet hours: whether a message may go, and when it goes if not (docs/semantics.md 61 to 63)."""

from __future__ import annotations

import math
from datetime import date, datetime, time, timedelta
from typing import Any

from . import durations
from .model import Contact, World
from .values import share

CHANNELS = {"send_email": "email", "send_sms": "sms"}


def end(world: World, contact: Contact, point: dict[str, Any], now: datetime) -> datetime | None:
    """When the quiet hours are over for this contact; None where there are none at this moment."""
    if point.get("class", "marketing") == "transactional":
        return None
    rule = _rule(world, CHANNELS[point["kind"]], _topic(world, point))
    zone = world.zone_of(contact)
    if rule is None or not _is_quiet(rule, durations.to_local(now, zone)):
        return None
    first = _first_open(rule, now, zone)
    own = timedelta(seconds=math.floor(share(f"{contact.key}|quiet") * rule.get("spread", 1800)))
    return first if _is_quiet(rule, durations.to_local(first + own, zone)) else first + own


def _topic(world: World, point: dict[str, Any]) -> str:
    if "topic" in point:
        return str(point["topic"])
    templates = {
        variant.get("template", point.get("template")) for variant in (point.get("variants") or {"": {}}).values()
    }
    topics = {world.template_topics.get(template, "") for template in templates}
    return topics.pop() if len(topics) == 1 else ""


def _rule(world: World, channel: str, topic: str) -> dict[str, Any] | None:
    """The most exact one."""
    for wanted in ((channel, topic), (channel, ""), ("", topic), ("", "")):
        for rule in world.quiet:
            if (rule.get("channel", ""), rule.get("topic", "")) == wanted:
                return rule
    return None


def _is_quiet(rule: dict[str, Any], local: datetime) -> bool:
    if local.isoweekday() in rule.get("weekdays", ()) or local.date().isoformat() in rule.get("days_off", ()):
        return True
    if not rule.get("begins"):
        return False
    begins, ends, clock = time.fromisoformat(rule["begins"]), time.fromisoformat(rule["ends"]), local.time()
    return begins <= clock < ends if begins < ends else clock >= begins or clock < ends


def _first_open(rule: dict[str, Any], now: datetime, zone: str) -> datetime:
    """Quiet hours end at their end, or at midnight."""
    today = durations.to_local(now, zone).date()
    for number in range(61):
        day: date = today + timedelta(days=number)
        for clock in sorted({"00:00", rule.get("ends") or "00:00"}):
            at = durations.read_moment(f"{day.isoformat()}T{clock}", zone)
            assert at is not None
            if at > now and not _is_quiet(rule, durations.to_local(at, zone)):
                return at
    last = durations.read_moment(f"{(today + timedelta(days=61)).isoformat()}T00:00", zone)
    assert last is not None
    return last
