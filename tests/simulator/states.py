"""Starting points of a live shop that are states: pauses, e-mails without an answer, e-mails ignored in a row (docs/semantics.md 64 to 66)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from . import durations
from .conditions import where_holds
from .model import Contact, Event, Happened, World
from .values import Json, same

Start = dict[str, Any]
Key = tuple[str, str, object]
STEPS = ("Checkout Started", "Checkout Step Viewed", "Checkout Step Completed", "Payment Info Entered")
PAUSES = {  # what begins a pause, what ends it
    "checkout_abandoned": (STEPS, ("Order Completed",)),
    "browse_abandoned": (("Product Viewed",), ("Product Added", "Cart Updated", "Checkout Started", "Order Completed")),
}
ANSWERS = {"email_not_opened": "email_opened", "email_not_clicked": "email_clicked"}


def begun(contact: Contact, point: Start) -> Happened | None:
    """The latest event that begins a pause."""
    begins, _ = PAUSES[point["kind"]]
    found = [
        past
        for past in contact.history
        if past.name in begins and where_holds(point.get("where"), past.properties, past.properties)
    ]
    return max(found, key=lambda past: (past.timestamp, past.seq), default=None)


def pause(contact: Contact, point: Start) -> Happened | None:
    """The same where nothing has ended it."""
    begin = begun(contact, point)
    if begin is None:
        return None
    _, ends = PAUSES[point["kind"]]
    place = (begin.timestamp, begin.seq)
    over = any(past.name in ends and (past.timestamp, past.seq) > place for past in contact.history)
    return None if over else begin


def unanswered(world: World, contact: Contact, point: Start) -> Iterator[tuple[datetime, Happened]]:
    """E-mails that have no answer, each with the moment its time is over; its days are of 24 hours."""
    answered = {past.properties["message_id"] for past in contact.history if _answers(past, point)}
    for past in contact.history:
        number = past.properties.get("message_id")
        if past.name != "message_sent" or not isinstance(number, str) or number in answered:
            continue
        asked = all(
            name not in point or same(past.properties.get(name), point[name]) for name in ("template", "journey")
        )
        if asked and same(past.properties.get("channel"), "email"):
            yield durations.add(past.timestamp, point["after"], "UTC", world.calendar), past


def _answers(past: Happened, point: Start) -> bool:
    return past.name == ANSWERS[point["kind"]] and isinstance(past.properties.get("message_id"), str)


def last_ignored(contact: Contact, point: Start) -> Happened | None:
    """The e-mail that made them so many in a row: the n-th since the latest opening, by sequence."""
    if contact.unopened_in_a_row < point["n"]:
        return None
    opened = max((past.seq for past in contact.history if past.name == "email_opened"), default=0)
    sent = [
        past
        for past in sorted(contact.history, key=lambda past: past.seq)
        if past.name == "message_sent" and past.properties.get("channel") == "email" and past.seq > opened
    ]
    return sent[point["n"] - 1] if len(sent) >= point["n"] else None


def ignored_due(world: World, last: Happened, point: Start) -> datetime:
    return durations.add(last.timestamp, point["after"], "UTC", world.calendar)


def timers(
    world: World, contact: Contact, journey: str, start: str, point: Start
) -> Iterator[tuple[datetime, list[Key], dict[str, Json]]]:
    """What is due by time: the moment, what is matched by it, the entry."""
    kind = point["kind"]
    if kind in PAUSES:
        begin = pause(contact, point)
        key: Key = (journey, start, begin.timestamp if begin else None)
        if begin and key not in contact.done:
            yield world.add(contact, begin.timestamp, point["after"]), [key], begin.properties
    elif kind in ANSWERS:
        open_ = [
            (due, past)
            for due, past in unanswered(world, contact, point)
            if (journey, start, past.seq) not in contact.done
        ]
        first = min((due for due, _ in open_), default=None)
        together = [past for due, past in open_ if due == first]
        if first is not None:
            latest = max(together, key=lambda past: past.seq)
            yield first, [(journey, start, past.seq) for past in together], latest.properties
    elif kind == "ignored_last_n":
        last = last_ignored(contact, point)
        if last and (journey, start, last.seq) not in contact.done:
            entry: dict[str, Json] = {"unopened_in_a_row": contact.unopened_in_a_row}
            yield ignored_due(world, last, point), [(journey, start, last.seq)], entry


def settle(world: World, contact: Contact, event: Event, starts: list[tuple[str, str, Start]]) -> None:
    """What an event makes of them at once: a pause that is over already matches; the others' times that are past start nothing."""
    now = contact.clock
    assert now is not None
    for journey, start, point in starts:
        kind = point["kind"]
        if kind in PAUSES:
            begin = pause(contact, point)
            known = contact.pauses.get((journey, start))
            latest = begun(contact, point)
            contact.pauses[journey, start] = latest.timestamp if latest else None
            key: Key = (journey, start, begin.timestamp if begin else None)
            if begin is None or begin.timestamp == known or key in contact.done:
                continue
            if world.add(contact, begin.timestamp, point["after"]) <= now:
                contact.done.add(key)
                event.cart_due.add((journey, start))
                world.counts["paused already, late" if event.late else "paused already"] += 1
        elif kind in ANSWERS:
            for due, past in unanswered(world, contact, point):
                if due < now:
                    contact.done.add((journey, start, past.seq))
        elif kind == "ignored_last_n":
            last = last_ignored(contact, point)
            if last and contact.pauses.get((journey, start)) != last.seq:
                contact.pauses[journey, start] = last.seq
                if ignored_due(world, last, point) <= now:
                    contact.done.add((journey, start, last.seq))
