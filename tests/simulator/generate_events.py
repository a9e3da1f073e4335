"""Random histories: Segment messages of a few people, in the order of their acceptance, with all that goes wrong."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from .durations import show
from .scene import CART_VALUES, LIVE_NAMES, ORDER_IDS, PRODUCTS, TEMPLATES, TOPICS, TOTALS, Scene

Message = dict[str, Any]
CARTS = ["Product Added", "Product Removed", "Cart Viewed", "Cart Updated"]


def history(scene: Scene) -> list[Message]:
    """5 to 60 messages of 1 to 6 people."""
    people = scene.pick([1, 1, 1, 2, 2, 2, 3, 4, 6])
    count = scene.roll(28, 60) if scene.chance(0.85) else scene.roll(5, 20)
    at = scene.begin
    step = scene.span / count
    messages: list[Message] = []
    for number in range(count):
        if number and not scene.chance(0.15):
            at += scene.grid * round(step * scene.random.expovariate(1) / scene.grid)
        if messages and scene.chance(0.04):
            again = {**scene.pick(messages), "receivedAt": show(at)}
            messages.append(again)
            continue
        message = _message(scene, scene.roll(1, people), people)
        message |= {"messageId": f"m{number}", "timestamp": show(_happened(scene, at)), "receivedAt": show(at)}
        if scene.chance(0.01):
            message["timestamp"] = "yesterday"
        if scene.chance(0.01):
            del message["messageId"]
        messages.append(message)
    return messages


def _happened(scene: Scene, received: datetime) -> datetime:
    """Mostly at once; some out of order, some late, some at the very edge, some from a clock that is ahead."""
    return scene.weighted_value(
        [
            (70, received),
            (10, received - timedelta(minutes=scene.roll(1, 59))),
            (3, received - timedelta(hours=1)),
            (2, received - timedelta(hours=1, microseconds=1)),
            (9, received - scene.grid * scene.roll(1, 30)),
            (3, received - scene.span * scene.random.random()),
            (3, received + timedelta(hours=scene.roll(1, 50))),
        ]
    )


def _message(scene: Scene, person: int, people: int) -> Message:
    kind = scene.weighted({"track": 16, "identify": 5, "page": 1, "screen": 0.3, "group": 0.3, "alias": 0.3})
    found: Message = {"type": kind, **_names(scene, person, people)}
    if kind == "track":
        found["event"] = _name(scene)
        found["properties"] = _properties(scene, found["event"], person)
    elif kind == "identify":
        found["traits"] = _traits(scene, person, people)
    elif kind in ("page", "screen"):
        found |= {"name": scene.pick(["Home", "Cart"]), "properties": {"plan": scene.pick(["a", "b"])}}
        if scene.chance(0.5):
            found["properties"]["path"] = scene.pick(["/cart", "/", "/C"])
    elif kind == "group":
        found |= {"groupId": "g1", "traits": {"city": "Qom"}}
    else:
        other = scene.roll(1, people)
        found = {"type": "alias", "userId": f"u{person}", "previousId": scene.pick([f"a{person}", f"u{other}", "x9"])}
    if kind != "alias" and scene.chance(0.2):
        found["context"] = {"consent": _consent(scene)}
    if kind != "alias" and scene.chance(0.12):
        found["context"] = {**found.get("context", {}), "topics": _topics(scene)}
    return found


def _names(scene: Scene, person: int, people: int) -> Message:
    user, anonymous = {"userId": f"u{person}"}, {"anonymousId": f"a{person}"}
    if scene.chance(0.02):
        anonymous = {"anonymousId": f"a{scene.roll(1, people)}"}  # somebody else's device
    return scene.weighted_value([(12, user), (3, anonymous), (2, user | anonymous)])


def _consent(scene: Scene) -> Message:
    state = scene.pick(["given", "given", "pending", "withdrawn", True, False, "maybe"])
    said = {scene.pick(["email", "email", "sms"]): state}
    return {"categoryPreferences": said} if scene.chance(0.2) else said


def _topics(scene: Scene) -> Message:
    said = scene.random.sample(TOPICS, scene.pick([1, 1, 2]))
    return {key: scene.pick(["left", "left", "left", False, "joined", True]) for key in said}


def _traits(scene: Scene, person: int, people: int) -> Message:
    traits = scene.random.sample(
        ["city", "city", "score", "score", "renewal", "renewal", "birthday", "timezone"], scene.roll(1, 3)
    )
    found = {trait: scene.trait_value(trait) for trait in traits}
    if scene.chance(0.15):
        found["email"] = scene.pick(
            [f"p{person}@x.org", f" P{person}@X.org", f"p{scene.roll(1, people)}@x.org", None, 7]
        )
    if scene.chance(0.1):
        found["phone"] = scene.pick([f"0912000000{person}", f"912000000{person}", f"+98912000000{person}", "none"])
    return found


def _name(scene: Scene) -> str:
    name = scene.pick(scene.names)
    if name in ("identify", "page_viewed"):  # those are other types' names, but a track may bear them
        name = scene.pick([name, *scene.names])
    if not set(CARTS).isdisjoint(scene.names) and scene.chance(0.25):
        name = scene.pick(CARTS)
    return name


def _properties(scene: Scene, name: str, person: int) -> Message:
    found: Message = {}
    if name.startswith("Order") or scene.chance(0.6):
        order_ids = [one if scene.chance(0.7) else f"{one}-{person}" for one in ORDER_IDS]
        found["order_id"] = scene.pick([*order_ids[:3], scene.pick(order_ids), scene.pick([None, True, ["o1"], "o1"])])
        if found["order_id"] is None and scene.chance(0.5):
            del found["order_id"]
        if scene.chance(0.9):
            found["total"] = scene.pick(
                TOTALS[:6] if name != "Order Refunded" else [40, 60, "۳۰", 100, "all", 0, 250.5]
            )
    if name in CARTS and scene.chance(0.9):
        found["cart_value"] = scene.pick(CART_VALUES)
    if scene.chance(0.6):
        found["plan"] = scene.pick(["a", "a", "b", "ك", "ک", 1, None])
    if scene.chance(0.05):
        found["total"] = scene.pick(TOTALS)
    if scene.chance(0.08):
        found["currency"] = scene.pick(["IRR", "IRT", "IRHT", "EUR", "EUR"])
    if name == "Order Completed" and scene.chance(0.4):
        found["products"] = scene.pick(PRODUCTS)
    if name == "Order Updated":
        found |= {
            "status": scene.pick(["shipped", "shipped", "Paid", "paid", 5]),
            "order_id": scene.pick(ORDER_IDS[:4]),
        }
    if name in LIVE_NAMES and scene.chance(0.9):
        found |= {
            "form": scene.pick(["f1", "f2"]),
            "keyword": scene.pick(["12", "۱۲", "stop"]),
            "line": scene.pick(["3000", 3000]),
        }
        found |= {"hook": scene.pick(["h1", "h2"]), "url": scene.pick(["https://x.org/Sale?a=1", "/cart", 5])}
    if name.startswith(("message_", "email_")):
        found["url"] = scene.pick(["https://x.org/sale", "https://x.org/cart"])
        found["message_id"] = scene.pick([*("m1", "m2", "m3", "m4", "m5", "m6"), 7])
        found |= {"channel": scene.pick(["email", "email", "sms"]), "template": scene.pick(TEMPLATES)}
        if scene.journeys and scene.chance(0.5):
            found |= {"journey": scene.pick(scene.journeys), "point": "p1", "template": "none"}
    return found
