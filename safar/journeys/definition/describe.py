"""A definition in sentences, for reviews, mails and the command line."""

from __future__ import annotations

from safar.journeys.definition.model import Definition, Point, Start
from safar.journeys.saying import say_condition, say_event
from safar.journeys.words import choose, digits, say_duration

DUTY_WORDS = {
    "awareness": ("awareness", "آگاهی"),
    "engagement": ("engagement", "تعامل"),
    "conversion": ("conversion", "تبدیل"),
    "retention": ("retention", "نگهداشت"),
    "loyalty": ("the loyalty programme", "باشگاه وفاداری"),
    "advocacy": ("the advocacy programme", "ترویج"),
}


def describe(definition: Definition, language: str) -> list[str]:
    """Lines that a person reads from top to bottom: title, who comes in, the settings, each point with its ways out."""
    lines = [f"{definition.title[language if language in definition.title else 'en']} ({definition.key})"]
    if definition.serves:
        duty = choose(language, *DUTY_WORDS[definition.serves])
        lines.append(choose(language, f"Serves {duty}.", f"در خدمت {duty}."))
    lines.append("")
    lines += [describe_start(start, language) for start in definition.starts]
    lines += describe_settings(definition, language)
    if definition.points:
        lines.append("")
    lines += [describe_point(point, language) for point in definition.points]
    return lines


def describe_start(start: Start, language: str) -> str:
    """ "Starts with signed_up: signed up for e-mail → greet"."""
    said = start_summary(start, language)
    return choose(language, f"Starts with {start.key}: {said}", f"آغاز با {start.key}: {said}") + _leads(
        start.next, language
    )


def start_summary(start: Start, language: str) -> str:
    """The kind's one line, and the filter."""
    said, written = start.summary(language), start.filter_written
    if written is None:
        return said
    filtered = say_condition(written, language)
    return choose(language, f"{said}, if {filtered}", f"{said}، اگر {filtered}")


def describe_point(point: Point, language: str) -> str:
    """ "greet (Send an e-mail): sends “welcome-1” → bought"; several paths with their names."""
    said = (
        f"{point.key} ({choose(language, point.kind.label['en'], point.kind.label['fa'])}): {point.summary(language)}"
    )
    if list(point.paths) == ["next"]:
        return said + _leads(point.paths["next"], language)
    ways = [f"{path}{_leads(target, language)}" for path, target in point.paths.items()]
    return said + (choose(language, "; ", "؛ ") + choose(language, "; ", "؛ ").join(ways) if ways else "")


def describe_settings(definition: Definition, language: str) -> list[str]:
    """What the settings say, a line each; nothing for what was left out."""
    written = definition.source.get("settings") or {}
    lines = [_reentry(str(written.get("reentry") or "never"), written.get("one_per"), language)]
    if written.get("goal"):
        goal = written["goal"]
        said = say_event(goal, language)
        if goal.get("within"):
            span = say_duration(goal["within"], language)
            said += choose(language, f" within {span} of the entry", f" تا {span} پس از ورود")
        if goal.get("money"):
            said += choose(language, f"; its money: {goal['money']}", f"؛ مبلغ آن: {goal['money']}")
        lines.append(choose(language, f"Goal: {said}.", f"هدف: {said}."))
    if written.get("exit_when"):
        said = say_condition(written["exit_when"], language)
        lines.append(choose(language, f"Leaves when: {said}.", f"خروج هنگامی که: {said}."))
    if written.get("control_group"):
        share = digits(written["control_group"], language)
        lines.append(choose(language, f"Control group: {share} %.", f"گروه کنترل: {share}٪."))
    return lines


def _reentry(reentry: str, one_per: str | None, language: str) -> str:
    if reentry == "never":
        said = choose(language, "Enters once", "هر کس یک بار وارد می‌شود")
    elif reentry == "always":
        said = choose(language, "May enter again at any time", "ورود دوباره همیشه آزاد است")
    else:
        span = say_duration(reentry, language)
        said = choose(
            language, f"May enter again {span} after the last entry", f"ورود دوباره {span} پس از ورود پیشین آزاد است"
        )
    if one_per:
        said += choose(language, f", counted for each {one_per}", f"، برای هر {one_per} جداگانه")
    return f"{said}."


def _leads(target: str | None, language: str) -> str:
    return f" → {target}" if target else choose(language, " → end", " → پایان")
