"""What generated starting points ask: of yearly days, of schedules, of what a live shop tells."""

from __future__ import annotations

from typing import Any

from .jalali import from_gregorian
from .scene import TEMPLATES, TOPICS, WEEKDAYS, Scene

Definition = dict[str, Any]
HEARS = {  # event → starting points that hear it
    "form_submitted": ["form_submitted"],
    "sms_received": ["sms_keyword"],
    "message_sent": ["message_sent"],
    "email_opened": ["email_opened"],
    "email_clicked": ["email_clicked", "link_clicked"],
    "message_bounced": ["message_bounced"],
    "sms_clicked": ["link_clicked"],
    "link_clicked": ["link_clicked"],
    "Payment Failed": ["payment_failed"],
    "webhook_received": ["webhook_received"],
    "Order Updated": ["order_status", "order_status"],
}
PAUSES = {
    "checkout_abandoned": ["Checkout Started", "Checkout Step Viewed", "Payment Info Entered"],
    "browse_abandoned": ["Product Viewed"],
}
LIVE_KINDS = {kind for kinds in HEARS.values() for kind in kinds}
LIVE_KINDS |= {"unsubscribed", "topic_joined", "topic_left", "ordered_product"}


def yearly(scene: Scene, kind: str) -> Definition:
    """A day near the history, moved by less than a year."""
    found: Definition = {}
    if kind == "yearly_date" and scene.chance(0.6):
        calendar = scene.pick(["gregorian", "jalali"])
        day = scene.moment().date()
        month, number = (day.month, day.day) if calendar == "gregorian" else from_gregorian(day)[1:]
        found |= {"day": scene.pick([f"{month:02}-{number:02}"] * 4 + ["12-30", "02-29"]), "calendar": calendar}
    else:
        if kind == "yearly_date" or scene.chance(0.2):
            found["trait"] = scene.pick(["birthday", "birthday", "renewal"])
        if scene.chance(0.5):
            found["calendar"] = scene.pick(["gregorian", "jalali"])
    if scene.chance(0.3):
        found["offset"] = scene.pick(["-P1D", "-P3D", "P2D", "-PT6H", "PT9H", "-P1M", "P2M"])
    return found


def schedule(scene: Scene) -> Definition:
    """Once, every week or month, or at an occasion, near the history."""
    way = scene.weighted({"at": 1, "every": 3, "day_of_month": 2, "occasion": 2})
    found: Definition = {}
    if way == "at":
        found["at"] = scene.moment().strftime("%Y-%m-%dT%H:%M") + scene.pick(["", "Z", "+03:30"])
    elif way == "every":
        days = scene.random.sample(WEEKDAYS, scene.roll(1, 3))
        time = scene.pick(["10:00", "00:00", "02:30", "23:30"])
        found["every"] = scene.pick([{"time": time}, {"weekdays": days}, {"time": time, "weekdays": days}])
    elif way == "day_of_month":
        found["day_of_month"] = scene.pick([1, 15, 29, 30, 31])
        found |= scene.pick([{}, {"calendar": "jalali"}, {"calendar": "gregorian"}])
    else:
        found["occasion"] = scene.pick(["nowruz", "nowruz", "yalda", "christmas"])
        found |= scene.pick([{}, {"offset": "-P3D"}, {"offset": "P1M"}, {"offset": "-PT6H"}])
    if way in ("day_of_month", "occasion") and scene.chance(0.5):
        found["time"] = scene.pick(["10:00", "02:30", "00:30"])
    if scene.segments and scene.chance(0.5):
        found["segment"] = scene.pick(scene.segments)
    return found


def live(scene: Scene, kind: str) -> Definition:
    """What the starting points of a live shop ask."""
    choices = {
        "form_submitted": [{}, {"form": "f1"}],
        "sms_keyword": [{"keyword": "12"}, {"keyword": "STOP"}, {"keyword": "۱۲", "line": "3000"}],
        "message_sent": [{}, {"template": TEMPLATES[0]}, {"channel": "sms"}],
        "email_opened": [{}, {"template": TEMPLATES[0]}],
        "email_clicked": [{}, {"url": "/sale"}],
        "link_clicked": [{}, {"url": "/SALE"}, {"where": {"plan": "a"}}],
        "message_bounced": [{}, {"channel": "email"}],
        "payment_failed": [{}, {"where": {"plan": "a"}}],
        "webhook_received": [{}, {"hook": "h1"}],
        "order_status": [{"status": "shipped"}, {"status": "paid", "from": "shipped"}, {"status": "PAID"}],
        "unsubscribed": [{}, {}, {"channel": "email"}, {"channel": "sms"}],
        "topic_joined": [{"topic": topic} for topic in TOPICS],
        "topic_left": [{"topic": topic} for topic in TOPICS],
        "ordered_product": [{"product": "17"}, {"category": "shoes"}, {"product": "MUG", "category": "shoes"}],
    }
    return dict(scene.pick(choices[kind]))
