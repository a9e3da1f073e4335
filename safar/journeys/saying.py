"""Conditions in words, for summaries on the map: from the condition as it was written.

The place for exactness is the condition itself; this is one line that a person recognises it by. What is not known here
(a condition kind from outside) is shown as it was written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from safar.journeys.words import choose, digits, listed, quoted, say_duration

FACTS = {
    "orders": ("orders", "تعداد سفارش"),
    "spent": ("money spent", "مجموع خرید"),
    "average_order": ("average order", "میانگین سفارش"),
    "last_order": ("last order", "آخرین سفارش"),
    "first_order": ("first order", "نخستین سفارش"),
    "cart_value": ("cart value", "ارزش سبد خرید"),
    "cart_since": ("cart since", "زمان پرشدن سبد"),
    "last_seen": ("last seen", "آخرین بازدید"),
    "last_open": ("last open", "آخرین بازکردن ایمیل"),
    "last_click": ("last click", "آخرین کلیک"),
    "opens": ("opens", "تعداد بازکردن ایمیل"),
    "clicks": ("clicks", "تعداد کلیک"),
    "unopened_in_a_row": ("unopened in a row", "ایمیل‌های پیاپی بازنشده"),
}
OPERATORS = {
    "is": ("is {}", "برابر {} است"),
    "is_not": ("is not {}", "برابر {} نیست"),
    "in": ("is one of {}", "یکی از {} است"),
    "contains": ("contains {}", "شامل {} است"),
    "starts_with": ("starts with {}", "با {} شروع می‌شود"),
    "at_least": ("is at least {}", "دست‌کم {} است"),
    "at_most": ("is at most {}", "حداکثر {} است"),
    "more_than": ("is more than {}", "بیش از {} است"),
    "less_than": ("is less than {}", "کمتر از {} است"),
    "matches": ("matches {}", "با الگوی {} می‌خواند"),
    "same_as": ("is the same as {}", "همان {} است"),
}
STATES = {
    "given": ("given", "داده‌شده"),
    "pending": ("pending", "در انتظار تأیید"),
    "withdrawn": ("withdrawn", "پس‌گرفته‌شده"),
    "unknown": ("unknown", "نامشخص"),
}
TOPICS = {
    "joined": ("has joined the topic {}", "به موضوع {} پیوسته است"),
    "left": ("has left the topic {}", "موضوع {} را ترک کرده است"),
    "unknown": ("has said nothing of the topic {}", "دربارهٔ موضوع {} چیزی نگفته است"),
}
MESSAGES = {
    "sent": ("was sent", "فرستاده شد"),
    "delivered": ("was delivered", "رسید"),
    "opened": ("was opened", "باز شد"),
    "clicked": ("was clicked", "کلیک شد"),
    "bounced": ("bounced", "برگشت خورد"),
    "failed": ("failed", "ناموفق بود"),
    "skipped": ("was skipped", "فرستاده نشد"),
}
TRIPS = {
    "inside": ("is inside {}", "اکنون در سفر {} است"),
    "finished": ("has finished {}", "سفر {} را تمام کرده است"),
    "never_entered": ("never entered {}", "هرگز وارد سفر {} نشده است"),
}
Said = Callable[[Mapping[str, Any], str], str]


def say_condition(written: Any, language: str) -> str:
    """One line for a condition as written; JSON for what has no words here. Never raises."""
    if isinstance(written, Mapping):
        for name, say in _SAYINGS.items():
            if name in written:
                try:
                    return say(written, language)
                except (AttributeError, KeyError, TypeError, ValueError):  # not what it should be: shown as it is
                    break
    return json.dumps(written, ensure_ascii=False, default=str)


def say_event(written: Any, language: str) -> str:
    """An awaited event, ``{event, where}`` or a bare name: its name, and what it must be like."""
    if isinstance(written, str):
        return written
    where = written.get("where")
    said = str(written["event"])
    return f"{said} ({say_where(where, language)})" if where else said


def say_where(where: Mapping[str, Any], language: str) -> str:
    """What the properties of an event must be: "category is shoes and price is at least 5"."""
    parts = []
    for name, test in where.items():
        operators = test if isinstance(test, Mapping) else {"is": test}
        parts.append(_operators(name, operators, language))
    return listed(parts, language)


def _operators(subject: str, operators: Mapping[str, Any], language: str) -> str:
    said = []
    for name, value in operators.items():
        if name in OPERATORS:
            pattern = choose(language, *OPERATORS[name])
            said.append(pattern.format(_value(name, value, language)))
        elif name == "exists":
            said.append(
                choose(language, "is known", "معلوم است") if value else choose(language, "is not known", "معلوم نیست")
            )
        elif name == "before":
            said.append(
                choose(
                    language,
                    f"is longer ago than {_span(value, language)}",
                    f"پیش از {_span(value, language)} گذشته است",
                )
            )
        elif name == "within":
            said.append(
                choose(language, f"is within {_span(value, language)}", f"در {_span(value, language)} گذشته است")
            )
        elif name == "anniversary_within":
            span = _span(value, language)
            said.append(choose(language, f"has its anniversary within {span}", f"سالگردش تا {span} دیگر است"))
    return f"{subject} {listed(said, language)}"


def _span(value: Any, language: str) -> str:
    return say_duration(str(value), language)


def _value(operator: str, value: Any, language: str) -> str:
    if operator == "in" and isinstance(value, (list, tuple)):
        return listed([quoted(each, language) for each in value], language, last="or")
    return str(value) if operator == "same_as" else quoted(value, language)


def _group(name: str, last: str) -> Said:
    def say(written: Mapping[str, Any], language: str) -> str:
        parts = [say_condition(part, language) for part in written[name]]
        nested = any(isinstance(part, Mapping) and ("all" in part or "any" in part) for part in written[name])
        return listed([f"({part})" for part in parts] if nested else parts, language, last=last)

    return say


def _not(written: Mapping[str, Any], language: str) -> str:
    said = say_condition(written["not"], language)
    return choose(language, f"not ({said})", f"چنین نیست که {said}")


def _trait(written: Mapping[str, Any], language: str) -> str:
    return _operators(written["trait"], written, language)


def _fact(written: Mapping[str, Any], language: str) -> str:
    name = written["fact"]
    return _operators(choose(language, *FACTS.get(name, (name, name))), written, language)


def _entry(written: Mapping[str, Any], language: str) -> str:
    return _operators(
        choose(language, f"the entry's {written['entry']}", f"{written['entry']} ورود"), written, language
    )


def _tag(written: Mapping[str, Any], language: str) -> str:
    tag = quoted(written["tag"], language)
    return choose(language, f"has the tag {tag}", f"برچسب {tag} را دارد")


def _segment(written: Mapping[str, Any], language: str) -> str:
    segment = quoted(written["segment"], language)
    return choose(language, f"is in the segment {segment}", f"در سگمنت {segment} است")


def _consent(written: Mapping[str, Any], language: str) -> str:
    state = choose(language, *STATES[written["is"]])
    channel = {"email": ("e-mail", "ایمیل"), "sms": ("SMS", "پیامک")}.get(written["consent"], (written["consent"],) * 2)
    return choose(language, f"{channel[0]} consent is {state}", f"رضایت {channel[1]} {state} است")


def _topic(written: Mapping[str, Any], language: str) -> str:
    return choose(language, *TOPICS[written["is"]]).format(quoted(written["topic"], language))


def _event(written: Mapping[str, Any], language: str) -> str:
    said = choose(
        language, f"did {say_event(written, language)}", f"رویداد {say_event(written, language)} را داشته است"
    )
    times = written.get("times")
    if isinstance(times, Mapping):
        counted = _operators("", times, language).strip()
        said += choose(language, f", times: {counted}", f"، شمار آن {counted}")
    elif times is not None:
        said += choose(language, f", {digits(times, language)} times", f"، {digits(times, language)} بار")
    if "within" in written:
        span = _span(written["within"], language)
        said += choose(language, f", within {span}", f"، در {span} گذشته")
    if "since" in written:
        since = {"arrival": ("arrival", "رسیدن به این نقطه"), "entry": ("entry", "ورود")}[written["since"]]
        said += choose(language, f", since {since[0]}", f"، از {since[1]}")
    return said


def _message(written: Mapping[str, Any], language: str) -> str:
    message = quoted(written["message"], language)
    return choose(
        language, f"message {message} {MESSAGES[written['was']][0]}", f"پیام {message} {MESSAGES[written['was']][1]}"
    )


def _journey(written: Mapping[str, Any], language: str) -> str:
    return choose(language, *TRIPS[written["is"]]).format(quoted(written["journey"], language))


_SAYINGS: dict[str, Said] = {
    "all": _group("all", "and"),
    "any": _group("any", "or"),
    "not": _not,
    "trait": _trait,
    "fact": _fact,
    "entry": _entry,
    "tag": _tag,
    "segment": _segment,
    "consent": _consent,
    "topic": _topic,
    "event": _event,
    "message": _message,
    "journey": _journey,
}
