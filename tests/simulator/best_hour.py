"""At which hour somebody opens and clicks, and when a message that asks for it goes (docs/semantics.md 69)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from . import durations, quiet
from .model import Contact, World
from .values import share

REACTIONS = ("email_opened", "email_clicked", "sms_clicked")  # by people; what machines do has other names
DAYS, LEAST = timedelta(days=90), 5


def goes_at(world: World, contact: Contact, point: dict[str, Any], now: datetime, *, woken: bool) -> datetime | None:
    """Until when a trip stands that comes to a message; None: it goes on. woken: it has stood there already, and is asked about quiet hours alone."""
    hour = None if woken or point.get("send_at") != "best_hour" else _hour_of(world, contact)
    at = now if hour is None else _first_moment(world, contact, hour, now)
    return quiet.end(world, contact, point, at) or (at if at > now else None)


def best_hour(moments: Iterable[tuple[datetime, str]], now: datetime, least: int = LEAST) -> int | None:
    """Of the 90 days up to now the local hour with the most of them, the earlier of two. moments: (when, zone)."""
    counts = Counter(durations.to_local(at, zone).hour for at, zone in moments if now - DAYS < at <= now)
    if sum(counts.values()) < least:
        return None
    return min(counts, key=lambda hour: (-counts[hour], hour))


def _hour_of(world: World, contact: Contact) -> int | None:
    """What a case gives: an hour of their own to four of five contacts, by lot; else that of the house."""
    if not world.hours:
        return None
    drawn = math.floor(share(f"{contact.key}|{world.hours['salt']}") * 30)
    house: int | None = world.hours["house"]
    return drawn if drawn < 24 else house


def _first_moment(world: World, contact: Contact, hour: int, now: datetime) -> datetime:
    zone = world.zone_of(contact)
    local = durations.to_local(now, zone)
    if local.hour == hour:
        return now
    own = timedelta(seconds=math.floor(share(f"{contact.key}|hour") * 1800))
    for day in (local.date(), local.date() + timedelta(days=1)):
        begins = durations.read_moment(f"{day.isoformat()}T{hour:02}:00", zone)
        if begins is not None and begins > now:
            world.counts["waits for the best hour"] += 1
            return begins + own
    raise AssertionError("an hour begins once a day")
