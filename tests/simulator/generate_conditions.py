"""Random conditions of every kind, valid where they stand."""

from __future__ import annotations

from typing import Any

from .scene import CITIES, MESSAGE_NAMES, SCORES, TEMPLATES, TOPICS, TOTALS, Scene

Condition = dict[str, Any]
PLACES = ("segment", "filter", "point", "exit_when")  # where a condition stands decides what it may say
NUMBER_FACTS = ["orders", "spent", "average_order", "cart_value", "opens", "clicks", "unopened_in_a_row"]
TIME_FACTS = ["last_order", "first_order", "cart_since", "last_seen", "last_open", "last_click"]
TEXT_OPERANDS: dict[str, list[Any]] = {
    "is": ["Tehran", "كرج", "5", 5, True, "abc"],
    "is_not": ["Tehran", "کرج", 5],
    "in": [["Tehran", "Qom"], [5, "كرج"], ["۵"]],
    "contains": ["hr", "ر", "5"],
    "starts_with": ["Te", "ک", "ته"],
    "at_least": [5, "T", "۵", -3],
    "at_most": [7, "Tehran", 0],
    "more_than": [5, "Q", 0],
    "less_than": [10, "b", 5.5],
    "exists": [True, False],
    "matches": ["^T", "ران$", "[۰-۹]+", "(?i)tehran", "كر?ج"],
}


def condition(scene: Scene, place: str, depth: int = 0) -> Condition:
    """A condition for a place; composites get rarer with depth."""
    if depth < 3 and scene.chance(0.3 / (depth + 1)):
        kind = scene.weighted({"all": 2, "any": 3, "not": 3})
        if kind == "not":
            return {"not": condition(scene, place, depth + 1)}
        return {kind: [condition(scene, place, depth + 1) for _ in range(scene.roll(1, 3))]}
    weights: dict[str, float] = {
        "trait": 4,
        "fact": 4,
        "tag": 3,
        "consent": 1,
        "topic": 0.7,
        "event": 5,
        "anniversary": 0.5,
    }
    if any(name in MESSAGE_NAMES for name in scene.names):
        weights["message"] = 1
    if scene.segments:
        weights["segment"] = 1.5
    if scene.journeys:
        weights["journey"] = 1.5
    if place != "segment":
        weights["entry"] = 1.5
    if place == "exit_when":
        weights |= {"event": 9, "tag": 4}
    kind = scene.weighted(weights)
    return {
        "trait": _trait,
        "anniversary": _anniversary,
        "fact": _fact,
        "tag": _tag,
        "consent": _consent,
        "topic": _topic,
        "event": _event,
        "message": _message,
        "segment": _segment,
        "journey": _journey,
        "entry": _entry,
    }[kind](scene, place)


def timed(scene: Scene, place: str) -> Condition:
    """A condition that time alone turns true."""
    quiet = {"not": {"event": scene.pick(scene.names), "within": scene.duration(zero=False)}}
    fact = scene.pick(TIME_FACTS)
    asleep = {"fact": fact if scene.chance(0.5) else "last_seen", "before": scene.duration(zero=False)}
    mixed = {scene.pick(["all", "any"]): [scene.pick([quiet, asleep]), condition(scene, place, 2)]}
    return scene.pick([quiet, asleep, mixed, _anniversary(scene, place)])


def operators(scene: Scene) -> Condition:
    """One operator, sometimes two that must both hold."""
    names = scene.random.sample(list(TEXT_OPERANDS), 2 if scene.chance(0.12) else 1)
    return {name: scene.pick(TEXT_OPERANDS[name]) for name in names}


def number_operators(scene: Scene, bounds: list[float]) -> Condition:
    name = scene.pick(["at_least", "at_most", "more_than", "less_than", "is", "is_not"])
    return {name: scene.pick(bounds)}


def _trait(scene: Scene, place: str) -> Condition:
    trait = scene.pick(["city", "city", "score", "score", "renewal", "timezone"])
    if trait in ("renewal", "timezone"):
        return {"trait": trait, **scene.pick([{"exists": True}, {"starts_with": "202"}, {"starts_with": "Asia"}])}
    return {"trait": trait, **operators(scene)}


def _anniversary(scene: Scene, place: str) -> Condition:
    found = {"trait": "birthday", "anniversary_within": scene.pick(["P0D", "P1D", "P7D", "P1W", "P1M"])}
    if scene.chance(0.7):
        found["calendar"] = scene.pick(["jalali", "gregorian"])
    return found


def _fact(scene: Scene, place: str) -> Condition:
    if scene.chance(0.5):
        fact = scene.pick(NUMBER_FACTS)
        bounds: list[float] = [0, 1, 2, 3] if fact in ("orders", "opens", "clicks") else [0, 50, 100, 150.5, 200]
        return {"fact": fact, **number_operators(scene, bounds)}
    fact = scene.pick(TIME_FACTS)
    if scene.chance(0.15):
        return {"fact": fact, "exists": scene.chance(0.5)}
    return {"fact": fact, scene.pick(["before", "within"]): scene.duration(zero=False)}


def _tag(scene: Scene, place: str) -> Condition:
    return {"tag": scene.pick(scene.tags)}


def _consent(scene: Scene, place: str) -> Condition:
    return {"consent": scene.pick(["email", "email", "sms"]), "is": scene.pick(["given", "withdrawn", "unknown"])}


def _topic(scene: Scene, place: str) -> Condition:
    return {"topic": scene.pick(TOPICS), "is": scene.pick(["joined", "left", "left", "unknown"])}


def _event(scene: Scene, place: str) -> Condition:
    found: Condition = {"event": event_name(scene)}
    if scene.chance(0.35):
        found["times"] = number_operators(scene, [0, 1, 2, 3])
    if scene.chance(0.4):
        found["within"] = scene.duration(zero=False)
    if scene.chance(0.25):
        found["where"] = where(scene, tied=place in ("point", "exit_when"))
    if place == "exit_when" and scene.chance(0.6):
        found = {"event": event_name(scene)}
    if place in ("point", "exit_when") and scene.chance(0.3):
        found["since"] = scene.pick(["entry", "arrival"] if place == "point" else ["entry"])
    return found


def event_name(scene: Scene) -> str:
    if scene.chance(0.05):
        return scene.pick(["tag_added", "trait_changed", "segment_joined"])
    return scene.pick(scene.names)


def where(scene: Scene, *, tied: bool) -> Condition:
    """Conditions on an event's properties; tied ones may compare with the entry."""
    name = scene.weighted({"order_id": 3, "plan": 3, "total": 2})
    if tied and scene.chance(0.4):
        return {name: {"same_as": f"entry.{name}"}}
    if name == "total":
        return {"total": number_operators(scene, [50, 100, 200])}
    value = scene.pick(["o1", "1", 1, "o2"]) if name == "order_id" else scene.pick(["a", "b", "ك"])
    return {name: scene.pick([value, {"is": value}, {"is_not": value}, {"exists": True}, {"in": [value, "a"]}])}


def _message(scene: Scene, place: str) -> Condition:
    return {"message": scene.pick([*TEMPLATES, "p1"]), "was": scene.pick(["sent", "opened", "clicked", "bounced"])}


def _segment(scene: Scene, place: str) -> Condition:
    return {"segment": scene.pick(scene.segments)}


def _journey(scene: Scene, place: str) -> Condition:
    return {"journey": scene.pick(scene.journeys), "is": scene.pick(["inside", "finished", "never_entered"])}


def _entry(scene: Scene, place: str) -> Condition:
    name = scene.weighted({"plan": 3, "total": 3, "order_id": 2, "city": 1, "to": 1, "cart_value": 1})
    if name == "total":
        return {"entry": name, scene.pick(["at_least", "less_than", "is"]): scene.pick(TOTALS[:2])}
    if name == "city":
        return {"entry": name, "is": scene.pick(CITIES[:6])}
    if name == "to":
        return {"entry": name, "is_not": scene.pick(SCORES)}
    return {"entry": name, **scene.pick([{"exists": True}, {"is": "a"}, {"in": ["o1", 1, "a"]}, {"at_least": 50}])}
