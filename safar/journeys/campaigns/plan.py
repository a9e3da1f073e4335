"""What a campaign says, between the few fields of its page and the definition of its journey.

A campaign is a journey with one starting point, "a segment, once". What the page writes is the least of them: everybody goes to one
sending. Whoever wants more draws it on the map; then the plan says what it can, and `plain` that it does not say all.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from safar.journeys.actions.send_email import SendEmail
from safar.journeys.actions.send_sms import SendSms
from safar.journeys.definition.moments import parse_moment
from safar.journeys.drafts import Draft
from safar.journeys.sending import BEST_HOUR, METRICS
from safar.journeys.starting_points.segment_once import SegmentOnce

START, POINT = "people", "message"
VARIANTS = ("a", "b")
# What could not go out by then is not worth it any more; and what a cancelled campaign held back comes to its end.
NOT_AFTER = "P3D"
SENDINGS = {SendEmail.channel: SendEmail.key, SendSms.channel: SendSms.key}
CHANNELS = {kind: channel for channel, kind in SENDINGS.items()}
EASTERNMOST, WESTERNMOST = timedelta(hours=14), timedelta(hours=12)  # of all zones, from UTC


@dataclass(frozen=True)
class Variant:
    """share: in proportion to the others'."""

    template: str
    share: float = 1


@dataclass(frozen=True)
class Plan:
    """at: None as soon as it is sent; local: by the clock of each contact; best_hour: from then on each at the hour at which they open and click.
    variants: one, or two that are compared, by their metric (empty: the goal, else clicks).

    goal: name of the event, within days of getting it; money: property of its amount. control_group: per cent.
    plain: nothing but this stands in the journey.
    """

    title: Mapping[str, str]
    segment: str
    channel: str
    variants: tuple[Variant, ...]
    at: datetime | None = None
    local: bool = False
    best_hour: bool = False
    metric: str = ""
    goal: str = ""
    days: int | None = None
    money: str = ""
    control_group: float = 0
    plain: bool = field(default=True, compare=False)

    @property
    def begins(self) -> datetime | None:
        """When the first may get it."""
        return self.at.replace(tzinfo=UTC) - EASTERNMOST if self.at and self.local else self.at

    @property
    def ends(self) -> datetime | None:
        """When the last has come to it."""
        last = self.at.replace(tzinfo=UTC) + WESTERNMOST if self.at and self.local else self.at
        return last + timedelta(days=1) if last and self.best_hour else last


def write_plan(plan: Plan) -> dict[str, Any]:
    """The journey's draft, without its key."""
    goal: dict[str, Any] = {"event": plan.goal} if plan.goal else {}
    if goal and plan.days is not None:
        goal["within"] = f"P{plan.days}D"
    if goal and plan.money:
        goal["money"] = plan.money
    settings: dict[str, Any] = {"goal": goal} if goal else {}
    if plan.control_group:
        settings["control_group"] = plan.control_group
    start: dict[str, Any] = {"kind": SegmentOnce.key, "segment": plan.segment}
    if plan.at is not None:
        start["at"] = plan.at.isoformat(timespec="seconds" if plan.at.second else "minutes")
    return {
        "title": dict(plan.title),
        **({"settings": settings} if settings else {}),
        "start": {START: {**start, "next": POINT}},
        "points": {POINT: _sending(plan)},
    }


def _sending(plan: Plan) -> dict[str, Any]:
    point: dict[str, Any] = {"kind": SENDINGS.get(plan.channel, SendEmail.key)}
    if len(plan.variants) == 1:
        point["template"] = plan.variants[0].template
    else:
        named = zip(VARIANTS, plan.variants, strict=False)
        point["variants"] = {name: {"template": one.template, "share": one.share} for name, one in named}
        if plan.metric:
            point["metric"] = plan.metric
    if plan.best_hour:
        point["send_at"] = BEST_HOUR
    return {**point, "not_after": NOT_AFTER}


def is_campaign(draft: object) -> bool:
    """Whether it has exactly one starting point, and that one is a segment, once. For drafts with whatever faults."""
    return _start(draft) is not None


def read_plan(draft: Draft, zone: str) -> Plan | None:
    """What a campaign says, as far as a plan can; None where the draft is none. zone: the workspace's."""
    start = _start(draft)
    if start is None:
        return None
    sendings = _sendings(draft)
    first: Mapping[str, Any] = sendings[0] if sendings else {}
    channel = CHANNELS.get(_text(first.get("kind")), SendEmail.channel)
    metric = _text(first.get("metric"))
    settings = _mapping(draft.get("settings"))
    goal = _mapping(settings.get("goal"))
    at, local = _moment(start.get("at"), zone)
    control = settings.get("control_group")
    title = draft.get("title")
    plan = Plan(
        title={"en": title, "fa": title} if isinstance(title, str) else _mapping(title),
        segment=_text(start.get("segment")),
        channel=channel,
        variants=_variants(first) if first else (),
        metric=metric if metric in METRICS else "",
        at=at,
        local=local,
        best_hour=first.get("send_at") == BEST_HOUR,
        goal=_text(goal.get("event")),
        days=_days(goal.get("within")),
        money=_text(goal.get("money")),
        control_group=control if isinstance(control, int | float) else 0,
    )
    said = {key: value for key, value in draft.items() if key not in ("journey", "title")}
    written = {key: value for key, value in write_plan(plan).items() if key != "title"}
    # by their text: an order that differs is the same journey, but 1 and true are not
    same = json.dumps(said, sort_keys=True, default=str) == json.dumps(written, sort_keys=True)
    return replace(plan, plain=same and not local)


def _start(draft: object) -> Mapping[str, Any] | None:
    starts = draft.get("start") if isinstance(draft, Mapping) else None
    if not isinstance(starts, Mapping) or len(starts) != 1:
        return None
    only = next(iter(starts.values()))
    return only if isinstance(only, Mapping) and only.get("kind") == SegmentOnce.key else None


def _sendings(draft: Draft) -> list[Mapping[str, Any]]:
    """The points that send."""
    points = [point for point in _mapping(draft.get("points")).values() if isinstance(point, Mapping)]
    return [point for point in points if _text(point.get("kind")) in CHANNELS]


def _variants(point: Mapping[str, Any]) -> tuple[Variant, ...]:
    ways = [each for each in _mapping(point.get("variants")).values() if isinstance(each, Mapping)]
    found = [Variant(_text(each.get("template", point.get("template"))), _share(each)) for each in ways]
    return tuple(found) or (Variant(_text(point.get("template"))),)


def _share(variant: Mapping[str, Any]) -> float:
    share = variant.get("share", 1)
    return share if isinstance(share, int | float) else 1


def _moment(written: Any, zone: str) -> tuple[datetime | None, bool]:
    found = parse_moment(written) if isinstance(written, str) else None
    if found is None:
        return None, False
    at = datetime.fromisoformat(found.text)
    return (at, True) if found.local else (at.astimezone(ZoneInfo(zone)), False)


def _days(written: Any) -> int | None:
    number = written[1:-1] if isinstance(written, str) and written[:1] == "P" and written[-1:] == "D" else ""
    return int(number) if number.isascii() and number.isdigit() and len(number) < 6 else None


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""
