"""Random journeys that a strict checker accepts: every point is reached, nothing goes in circles."""

from __future__ import annotations

from typing import Any

from .generate_conditions import condition, event_name, timed, where
from .generate_starts import HEARS, LIVE_KINDS, PAUSES, live, schedule, yearly
from .scene import CITIES, SCORES, TEMPLATES, TOPICS, WEEKDAYS, Scene

Definition = dict[str, Any]
START_KINDS: dict[str, float] = {
    "event": 6,
    "contact_created": 1,
    "signed_up_email": 1,
    "ordered": 2,
    "tag_added": 2,
    "tag_removed": 1,
    "trait_changed": 2,
    "segment_joined": 3,
    "segment_left": 1.5,
    "cart_abandoned": 4,
    "lapsed": 2,
    "date_reached": 2.5,
    "birthday": 2,
    "yearly_date": 1.5,
    "segment_once": 2,
    "schedule": 3,
    "page_viewed": 0.7,
    "from_journey": 2,
    "signed_up_sms": 0.7,
    "unsubscribed": 1.2,
    "topic_joined": 0.8,
    "topic_left": 1,
    "first_order": 1,
    "ordered_product": 1.5,
    "heard": 6,
    "paused": 5,
    "unanswered": 5,
}
OUTSIDE = {"event": 6, "ordered": 2, "trait_changed": 2, "contact_created": 1, "signed_up_email": 1, "page_viewed": 0.4}
SHOP_KINDS = ("ordered", "cart_abandoned", "lapsed", "first_order", "ordered_product")
POINT_KINDS: dict[str, float] = {
    "wait": 6,
    "delay": 3,
    "if_else": 3,
    "branch": 2,
    "split": 1.5,
    "add_tag": 3,
    "remove_tag": 2,
    "update_contact": 2,
    "emit_event": 2.5,
    "send_email": 3,
    "send_sms": 1.5,
    "notify_team": 0.4,
    "call_webhook": 0.4,
    "exit": 1.5,
    "go_to": 1.5,
    "start_journey": 1.5,
    "leave_journey": 1,
    "add_note": 0.6,
    "change_subscription": 1.5,
}


def journey(scene: Scene, key: str) -> Definition:
    if scene.chance(0.04):
        return loop(scene, key)
    found: Definition = {"journey": key, "title": {"en": key, "fa": key}, "serves": "engagement"}
    outside = 0.8 if key == scene.journeys[0] else 0.35  # how likely it begins with what comes from outside
    starts = {
        f"s{number + 1}": _start(scene, first=number == 0, outside=outside)
        for number in range(scene.pick([1, 1, 1, 2, 2, 3]))
    }
    settings = _settings(scene, starts["s1"]["kind"])
    if settings:
        found["settings"] = settings
    points = _points(scene)
    targets = list(points)
    for number, start in enumerate(starts.values()):
        start["next"] = "p1" if number == 0 else scene.pick(targets)
    return {**found, "start": starts, "points": points}


def loop(scene: Scene, key: str) -> Definition:
    """A journey that starts itself again, for ever but for the hops and the number of what one thing may cause."""
    if scene.chance(0.4):
        flap: Definition = {"journey": key, "serves": "engagement", "settings": {"reentry": "always"}}
        flap["start"] = {
            "s1": {"kind": "event", "event": scene.pick(scene.names), "next": "p1"},
            "s2": {"kind": "tag_added", "tag": scene.tags[0], "next": "p2"},
            "s3": {"kind": "tag_removed", "tag": scene.tags[0], "next": "p1"},
        }
        flap["points"] = {
            "p1": {"kind": "add_tag", "tag": scene.tags[0]},
            "p2": {"kind": "remove_tag", "tag": scene.tags[0]},
        }
        return flap
    count = scene.pick([1, 1, 2, 3])
    name = scene.pick(scene.names if count == 1 else scene.names[:2])  # hundreds of orders would only take time
    points: Definition = {}
    for number in range(1, count + 1):
        points[f"p{number}"] = {"kind": "emit_event", "event": name, "properties": {"plan": "ك"}}
        if number < count:
            points[f"p{number}"]["next"] = f"p{number + 1}"
    if scene.chance(0.5):
        points[f"p{count}"]["next"] = "w"
        points["w"] = {"kind": "wait", "for": {"event": name}, "at_most": scene.pick(["PT0S", scene.duration()])}
    start: Definition = {"kind": "event", "event": name, "next": "p1"}
    if count > 1:  # each event makes hundreds; few shall begin it
        start["where"] = {"plan": "ک"}
    return {
        "journey": key,
        "serves": "engagement",
        "settings": {"reentry": "always"},
        "start": {"s1": start},
        "points": points,
    }


def _settings(scene: Scene, start: str) -> Definition:
    found: Definition = {}
    if scene.chance(0.85):
        found["reentry"] = scene.pick(["never", "always", "always", "always", scene.duration(), scene.duration()])
    if scene.chance(0.2):
        fitting = {"tag_added": ["tag"], "tag_removed": ["tag"], "trait_changed": ["to", "trait"]}
        fitting |= {
            "birthday": ["date", "trait"],
            "yearly_date": ["date", "date", "trait"],
            "segment_once": ["segment"],
            "schedule": ["date", "segment", "occasion"],
        }
        fitting |= {"from_journey": ["order_id", "journey", "plan"]}
        found["one_per"] = scene.pick(fitting.get(start, ["order_id", "order_id", "plan"]))
    if scene.chance(0.55):
        found["goal"] = {"event": scene.pick(scene.names)}
        if scene.chance(0.25):
            found["goal"]["where"] = where(scene, tied=True)
        if scene.chance(0.7):
            found["goal"]["within"] = scene.long_duration()
    if scene.chance(0.4):
        found["exit_when"] = (timed if scene.chance(0.15) else condition)(scene, "exit_when")
    if scene.chance(0.15):
        found["control_group"] = scene.pick([10, 30, 50, 100])
    return found


def _start(scene: Scene, *, first: bool, outside: float) -> Definition:
    weights = OUTSIDE if first and scene.chance(outside) else START_KINDS
    if not scene.segments:
        weights = {kind: weight for kind, weight in weights.items() if not kind.startswith("segment_")}
    if "Order Completed" not in scene.names:
        weights = {kind: weight for kind, weight in weights.items() if kind not in SHOP_KINDS}
    if not set(HEARS).intersection(scene.names):
        weights = {kind: weight for kind, weight in weights.items() if kind != "heard"}
    kind = scene.weighted(weights)
    if kind == "paused":
        kind = scene.pick(
            [kind for kind, names in PAUSES.items() if not set(names).isdisjoint(scene.names)] or ["event"]
        )
    elif kind == "unanswered":
        kind = scene.pick(
            ["email_not_opened", "email_not_clicked", "ignored_last_n"] if "message_sent" in scene.names else ["event"]
        )
    if kind == "heard":
        kind = scene.pick([kind for name in scene.names for kind in HEARS.get(name, ())])
    found: Definition = {"kind": kind}
    if kind in ("tag_added", "tag_removed"):
        found["tag"] = scene.pick(scene.tags)
    elif kind == "trait_changed":
        found["trait"] = scene.pick(["city", "score", "renewal", "timezone"])
        if scene.chance(0.3):
            found["to"] = scene.pick(CITIES[:5] if found["trait"] == "city" else SCORES[:5])
        if scene.chance(0.15):
            found["from"] = scene.pick(CITIES[:5] if found["trait"] == "city" else SCORES[:5])
    elif kind in ("segment_joined", "segment_left"):
        found["segment"] = scene.pick(scene.segments)
    elif kind in ("cart_abandoned", "lapsed"):
        found["after"] = scene.pick([one for one in scene.durations if not one.endswith("S") or one == "PT0S"])
    elif kind == "date_reached":
        found["trait"] = scene.pick(["renewal", "renewal", "birthday"])
        if scene.chance(0.5):
            found["offset"] = scene.signed_duration()
    elif kind in ("birthday", "yearly_date"):
        found |= yearly(scene, kind)
    elif kind == "segment_once":
        at = scene.moment().strftime("%Y-%m-%dT%H:%M")
        found |= {"segment": scene.pick(scene.segments), "at": at + scene.pick(["", "", "Z", "+03:30"])}
    elif kind == "schedule":
        found |= schedule(scene)
    elif kind == "page_viewed":
        choices: list[Definition] = [{}, {"page": "Home"}, {"path": "/c"}, {"where": {"plan": "a"}}]
        found |= scene.pick(choices)
    elif kind == "from_journey" and scene.chance(0.3):
        found["journey"] = scene.pick(scene.journeys)
    elif kind in PAUSES:
        found["after"] = scene.duration()
        if scene.chance(0.2):
            found["where"] = {"plan": "a"}
    elif kind in ("email_not_opened", "email_not_clicked"):
        found["after"] = scene.duration(zero=False)
        if scene.chance(0.3):
            found["template"] = TEMPLATES[0]
    elif kind == "ignored_last_n":
        found |= {"n": scene.pick([1, 2, 2, 3]), "after": scene.duration()}
    elif kind in LIVE_KINDS:
        found |= live(scene, kind)
    elif kind == "event":
        found["event"] = event_name(scene)
        if scene.chance(0.15):
            found["where"] = where(scene, tied=False)
    if scene.chance(0.1):
        found["filter"] = condition(scene, "filter")
    return found


def _points(scene: Scene) -> Definition:
    """A tree of points grown path by path, then some of its loose ends tied to later points."""
    points: Definition = {}
    loose: list[tuple[str, str]] = []  # point, path
    for number in range(1, scene.pick([1, 2, 3, 4, 4, 5, 5, 6, 7]) + 1):
        key = f"p{number}"
        if number > 1:
            if not loose:
                break
            owner, path = loose.pop(scene.roll(0, len(loose) - 1))
            points[owner]["paths"][path] = key
        points[key], paths = _point(scene, standing=number < 3 and scene.chance(0.6))
        points[key]["paths"] = {}
        loose += [(key, path) for path in paths]
    keys = list(points)
    for owner, path in loose:
        later = keys[keys.index(owner) + 1 :]
        if later and scene.chance(0.4):
            points[owner]["paths"][path] = scene.pick(later)
    for key, point in points.items():
        if point["kind"] == "go_to":  # back to what is passed already, or elsewhere
            point["paths"]["jump"] = scene.pick(keys[: keys.index(key) + 1]) if scene.chance(0.8) else scene.pick(keys)
        if not point["paths"]:
            del point["paths"]
        elif set(point["paths"]) == {"next"} and scene.chance(0.7):
            point["next"] = point.pop("paths")["next"]
    return points


def _point(scene: Scene, *, standing: bool) -> tuple[Definition, list[str]]:
    """A point without its paths, and the paths it may have; early on rather one where people stand."""
    kind = scene.weighted({"wait": 4, "delay": 1} if standing else POINT_KINDS)
    found: Definition = {"kind": kind}
    if kind == "wait":
        at_most = scene.long_duration() if scene.chance(0.7) else scene.duration()
        return {**found, "for": _wait_for(scene), "at_most": at_most}, ["happened", "timed_out"]
    if kind == "if_else":
        return {**found, "condition": condition(scene, "point")}, ["yes", "no"]
    if kind == "branch":
        paths = ["first", "second", "third"][: scene.roll(1, 3)]
        return {**found, "branches": {path: condition(scene, "point") for path in paths}}, [*paths, "else"]
    if kind == "split":
        shares: dict[str, float] = scene.pick(
            [{"a": 50, "b": 50}, {"a": 1, "b": 2, "c": 3}, {"a": 33.5, "b": 66.5}, {"b": 0, "a": 10}]
        )
        return {**found, "shares": dict(shares)}, list(shares)
    if kind == "exit":
        return {**found, **({"reason": "enough"} if scene.chance(0.6) else {})}, []
    if kind == "delay":
        found |= _delay(scene)
    elif kind in ("add_tag", "remove_tag"):
        found["tag"] = scene.pick(scene.tags)
    elif kind == "update_contact":
        traits = scene.random.sample(["city", "score", "renewal", "timezone", "birthday"], scene.pick([1, 1, 2]))
        found["set"] = {trait: scene.trait_value(trait) for trait in traits}
    elif kind == "emit_event":
        found["event"] = scene.pick(scene.names)
        if scene.chance(0.6):
            found["properties"] = {"plan": scene.pick(["a", "b"]), "order_id": scene.pick(["o1", 1]), "total": 70}
    elif kind == "go_to":
        found["times"] = scene.pick([1, 1, 2, 3, 7])
    elif kind == "change_subscription":
        said = [*({"topic": topic, "to": to} for topic in TOPICS for to in ("left", "left", "joined"))]
        found |= scene.pick([*said, {"channel": scene.pick(["email", "sms"]), "to": "withdrawn"}])
    elif kind in ("start_journey", "leave_journey"):
        found["journey"] = scene.pick(scene.journeys)
    elif kind == "add_note":
        found["text"] = scene.pick(["look", "plan {{ entry.plan }}, score {{ contact.score }}", "{{contact.city}}"])
    elif kind == "call_webhook":
        found["url"] = "https://crm.example/leads"
    elif kind == "notify_team":
        found["text"] = "look"
    else:
        found["template"] = scene.pick(TEMPLATES)
        if scene.chance(0.2):
            found["topic"] = scene.pick(TOPICS)
        if scene.chance(0.15):
            found["class"] = "transactional"
    return found, ["next"]


def _wait_for(scene: Scene) -> Definition:
    if scene.chance(0.6):
        found: Definition = {"event": event_name(scene)}
        if scene.chance(0.2):
            found["where"] = where(scene, tied=True)
        return found
    if scene.chance(0.35):
        return timed(scene, "point")
    if scene.chance(0.15):
        return {"any_event": [scene.pick(scene.names), {"event": scene.pick(scene.names), "where": {"plan": "a"}}]}
    return condition(scene, "point")


def _delay(scene: Scene) -> Definition:
    kind = scene.weighted({"for": 4, "time": 2, "weekdays": 1, "both": 1, "trait": 2, "moment": 1})
    days = scene.random.sample(WEEKDAYS, scene.roll(1, 3))
    time = scene.pick(["10:00", "00:00", "02:30", "23:30", "00:30"])
    if kind == "for":
        return {"for": scene.duration()}
    if kind == "trait":
        offset = {"offset": scene.signed_duration()} if scene.chance(0.5) else {}
        return {"until": {"trait": scene.pick(["renewal", "renewal", "city"]), **offset}}
    if kind == "moment":
        return {"until": scene.moment().strftime("%Y-%m-%dT%H:%M")}
    until = {"time": {"time": time}, "weekdays": {"weekdays": days}, "both": {"time": time, "weekdays": days}}
    return {"until": until[kind]}
