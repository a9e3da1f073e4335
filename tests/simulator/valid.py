"""What a strict checker would refuse in a case: names that lead nowhere, circles, points that nobody reaches."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from .durations import parse_duration
from .points import shortened
from .run import read_segments

Definition = dict[str, Any]
NEEDS: dict[str, set[str]] = {
    "tag_added": {"tag"},
    "tag_removed": {"tag"},
    "trait_changed": {"trait"},
    "segment_joined": {"segment"},
    "segment_left": {"segment"},
    "cart_abandoned": {"after"},
    "lapsed": {"after"},
    "date_reached": {"trait"},
    "segment_once": {"segment"},
    "sms_keyword": {"keyword"},
    "checkout_abandoned": {"after"},
    "browse_abandoned": {"after"},
    "email_not_opened": {"after"},
    "email_not_clicked": {"after"},
    "ignored_last_n": {"n", "after"},
    "order_status": {"status"},
    "topic_joined": {"topic"},
    "topic_left": {"topic"},
    "event": {"event"},
    "wait": {"for", "at_most"},
    "if_else": {"condition"},
    "branch": {"branches"},
    "split": {"shares"},
    "add_tag": {"tag"},
    "remove_tag": {"tag"},
    "update_contact": {"set"},
    "emit_event": {"event"},
    "send_email": {"template"},
    "send_sms": {"template"},
    "notify_team": {"text"},
    "go_to": {"times"},
    "start_journey": {"journey"},
    "leave_journey": {"journey"},
    "add_note": {"text"},
    "change_subscription": {"to"},
    "call_webhook": {"url"},
}
_STARTS = list(NEEDS).index("wait")
STARTS = {"contact_created", "signed_up_email", "ordered", "page_viewed", "from_journey", "birthday", "yearly_date"}
STARTS |= {
    "signed_up_sms",
    "unsubscribed",
    "form_submitted",
    "message_sent",
    "email_opened",
    "email_clicked",
    "link_clicked",
}
STARTS |= {"message_bounced", "ordered_product", "first_order", "payment_failed", "webhook_received"}
STARTS |= {"schedule"}
STARTS |= set(list(NEEDS)[:_STARTS])
POINTS = {"delay", "exit"} | set(list(NEEDS)[_STARTS:])
DURATIONS = {"within", "before", "after", "offset", "anniversary_within"}


def faults(case: dict[str, Any]) -> list[str]:
    """All faults of a case's journeys and segments."""
    segments = read_segments(case.get("segments") or {})
    keys = [journey["journey"] for journey in case["journeys"]]
    found = [f"{key} stands twice" for key in keys if keys.count(key) > 1]
    for key, condition in segments.items():
        earlier = set(list(segments)[: list(segments).index(key)])
        found += [f"{key}: {fault}" for fault in _names(condition, earlier, keys)]  # so circles cannot be
        found += [f"{key}: reads {word}" for word in ("entry", "since", "same_as") if f"'{word}'" in str(condition)]
    for journey in case["journeys"]:
        found += [f"{journey['journey']}: {fault}" for fault in _journey(journey, set(segments), keys)]
    return found


def _journey(journey: Definition, segments: set[str], keys: list[str]) -> Iterator[str]:
    starts, points = journey["start"], journey["points"]
    yield from _names([starts, points, journey.get("settings")], segments, keys)
    if not 1 <= len(starts) <= 3:
        yield "one to three starting points"
    for name, place in [*starts.items(), *points.items()]:
        kinds = STARTS if name in starts and place is starts[name] else POINTS
        if place["kind"] not in kinds:
            yield f"{name}: no such kind {place['kind']}"
        for need in NEEDS.get(place["kind"], set()) - set(place):
            yield f"{name}: {need} is missing"
        if place["kind"] == "delay" and ("for" in place) == ("until" in place):
            yield f"{name}: for or until"
        if place["kind"] == "delay" and isinstance(place.get("until"), dict) and place["until"].get("weekdays") == []:
            yield f"{name}: no weekdays"
        if not re.fullmatch(r"[a-z][a-z0-9_]*", name):
            yield f"{name}: not snake_case"
        allowed = _paths(place)
        for path, target in shortened(place).items():
            if path not in allowed:
                yield f"{name}: no path {path}"
            if target not in points:
                yield f"{name}: there is no point {target}"
    reached: set[str] = set()
    for start in starts.values():
        if "next" not in start:
            yield "a starting point leads nowhere"
        else:
            yield from _walk(points, start["next"], (), reached)
    for point in points.keys() - reached:
        yield f"{point} is never reached"


def _paths(place: Definition) -> set[str]:
    kind = place["kind"]
    if kind == "wait":
        return {"happened", "timed_out"}
    if kind == "go_to":
        return {"jump", "next"}
    if kind == "if_else":
        return {"yes", "no"}
    if kind == "branch":
        return {*place.get("branches", {}), "else"}
    if kind == "split":
        return set(place.get("shares", {}))
    return set() if kind == "exit" else {"next"}


def _walk(points: Definition, place: str, road: tuple[str, ...], reached: set[str]) -> Iterator[str]:
    if place in road:
        yield f"a circle at {place}"
    elif place in points and place not in reached:
        reached.add(place)
        for target in _onward(points[place]):
            yield from _walk(points, target, (*road, place), reached)
    elif place in points:
        for target in _onward(points[place]):  # reached before: only look for circles
            if target in road:
                yield f"a circle at {target}"


def _onward(place: Definition) -> list[str]:
    """Where it leads, but for the way back of a go_to."""
    return [target for path, target in shortened(place).items() if (place["kind"], path) != ("go_to", "jump")]


def _names(value: Any, segments: set[str], keys: list[str]) -> Iterator[str]:
    """Segments, journeys and durations named anywhere within."""
    if isinstance(value, list):
        for inner in value:
            yield from _names(inner, segments, keys)
    elif isinstance(value, dict):
        if isinstance(value.get("segment"), str) and value["segment"] not in segments:
            yield f"there is no segment {value['segment']}"
        if isinstance(value.get("journey"), str) and value["journey"] not in keys:
            yield f"there is no journey {value['journey']}"
        for word in (DURATIONS | ({"at_most"} if value.get("kind") == "wait" else set())) & set(value):
            try:
                parse_duration(value[word])
            except (ValueError, TypeError):
                yield f"{word}: not a duration: {value[word]!r}"
        if any(word in value for word in ("trait", "fact", "entry")) and "kind" not in value and len(value) < 2:
            yield f"a condition without an operator: {value}"
        for word in ("all", "any"):
            if word in value and not value[word]:
                yield f"{word} of nothing"
        for key, inner in value.items():
            if key == "until" and isinstance(inner, dict):
                inner = {word: one for word, one in inner.items() if word != "trait"}
            if key not in ("properties", "set"):
                yield from _names(inner, segments, keys)
